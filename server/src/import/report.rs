//! What is said of an import, in the terminal and in editors alike.

use serde::Serialize;

use super::{Became, Imported, Untouched};
use crate::editor::counted;

/// One thing that was recognised or stayed prose.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Row<'a> {
    /// `block`, `proposed`, `field` or `prose`.
    pub kind: &'static str,
    /// What it became; of prose, why it stayed so.
    pub what: &'a str,
    /// The words in the text that was read.
    pub words: &'a str,
}

impl Imported {
    /// What was recognised, in the order of the text.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.noticed.iter().map(|noticed| {
            let (kind, what) = match &noticed.became {
                Became::Block(line) => ("block", line.as_str()),
                Became::Proposal(line) => ("proposed", line.as_str()),
                Became::Field(line) => ("field", line.as_str()),
                Became::Prose(why) => ("prose", *why),
            };
            let words = noticed.words.as_str();
            Row { kind, what, words }
        })
    }

    /// How much was recognised, in a sentence.
    pub fn summary(&self) -> String {
        match self.untouched {
            Some(Untouched::IsNote) => return "This is a note already.".to_owned(),
            Some(Untouched::SeveralPatients) => {
                let sentence = "This text names more than one patient; put the text of each into a file of its own.";
                return sentence.to_owned();
            }
            None => {}
        }
        let count = |kind| -> u32 { self.rows().map(|row| u32::from(row.kind == kind)).sum() };
        let parts = [
            (count("block"), "block", "recognized"),
            (count("proposed"), "code", "proposed to confirm"),
            (count("prose"), "sentence", "about treatment left as prose"),
        ];
        let parts = parts.iter().filter(|part| part.0 > 0);
        let parts: Vec<String> = parts
            .map(|(number, thing, what)| format!("{} {what}", counted(*number, thing)))
            .collect();
        if parts.is_empty() {
            return "No treatment was recognized.".to_owned();
        }
        format!("{}.", parts.join(", "))
    }
}
