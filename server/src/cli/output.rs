//! The forms in which `check` shows findings; each has a file of its own.

use clap::ValueEnum;

use super::notes::Note;
use super::wanted::Wanted;
use super::{concise, full, github, json, jsonl, junit, sarif};
use crate::rules::{Finding, Rule};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Each finding drawn in the note, then the units of each visit
    Full,
    /// One line for each finding, with none of the note's words
    Concise,
    /// For other programs, with none of the note's words
    Json,
    /// The same, one finding a line
    Jsonl,
    /// SARIF 2.1.0, for code scanning and editors; none of the note's words
    Sarif,
    /// Annotations of a GitHub workflow; none of the note's words
    Github,
    /// Test results for build servers; none of the note's words
    Junit,
}

/// What stands around the notes' texts, so that they can be printed as they come.
struct Frame {
    open: &'static str,
    first: &'static str,
    between: &'static str,
    last: &'static str,
}

impl Format {
    /// Whether findings are shown however quiet they are: another program can leave out what it does not want.
    pub(super) fn shows_all(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }

    /// Whether what is printed is one document, which has an end.
    pub(super) fn is_one_document(self) -> bool {
        matches!(self, Self::Json | Self::Sarif | Self::Junit)
    }

    /// What is shown of a note. `fails` says which findings make the check fail.
    pub(super) fn of_note(
        self,
        note: &Note,
        findings: impl Iterator<Item = Finding>,
        wanted: &Wanted,
        fails: impl Fn(&Finding) -> bool,
    ) -> String {
        match self {
            Self::Full => full::render(note, findings, wanted, super::colours()),
            Self::Concise => concise::render(note, findings),
            Self::Json => json::render(note, findings),
            Self::Jsonl => jsonl::render(note, findings),
            Self::Sarif => sarif::render(note, findings),
            Self::Github => github::render(note, findings),
            Self::Junit => junit::render(note, findings, fails),
        }
    }

    /// What is shown behind all notes: of the rules that found something, and of what could not be read.
    fn of_all(self, rules: &[&Rule], troubles: &[String]) -> String {
        match self {
            Self::Full | Self::Concise | Self::Jsonl => String::new(),
            Self::Json => "]\n".to_owned(),
            Self::Sarif => sarif::close(rules, troubles),
            Self::Github => github::unread(troubles),
            Self::Junit => junit::unread(troubles) + junit::CLOSE,
        }
    }

    fn frame(self) -> Frame {
        let list = |open| Frame {
            open,
            first: "\n",
            between: ",\n",
            last: "\n",
        };
        let lines = |open| Frame {
            open,
            first: "",
            between: "",
            last: "",
        };
        match self {
            Self::Json => list("["),
            Self::Sarif => list(sarif::OPEN),
            Self::Junit => lines(junit::OPEN),
            Self::Full | Self::Concise | Self::Jsonl | Self::Github => lines(""),
        }
    }
}

/// What is printed of all notes, piece by piece, so that not all of it is kept.
pub(super) struct Output {
    format: Format,
    opened: bool,
    begun: bool,
}

impl Output {
    pub(super) fn new(format: Format) -> Self {
        Self {
            format,
            opened: false,
            begun: false,
        }
    }

    /// What to print for the next notes.
    pub(super) fn next(&mut self, texts: impl IntoIterator<Item = String>) -> String {
        let frame = self.format.frame();
        let mut out = String::new();
        if !self.opened {
            out.push_str(frame.open);
            self.opened = true;
        }
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            out.push_str(if self.begun {
                frame.between
            } else {
                frame.first
            });
            if out.is_empty() {
                out = text;
            } else {
                out.push_str(&text);
            }
            self.begun = true;
        }
        out
    }

    /// What to print at last.
    pub(super) fn end(mut self, rules: &[&Rule], troubles: &[String]) -> String {
        let mut out = self.next([]);
        if self.begun {
            out.push_str(self.format.frame().last);
        }
        out + &self.format.of_all(rules, troubles)
    }
}
