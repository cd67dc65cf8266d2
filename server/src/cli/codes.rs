//! `soapstone codes`.

use std::fmt::Write;
use std::path::Path;

use clap::Args;

use super::config::Policies;
use super::{Exit, complain};
use crate::reference::lookup::{self, Found};

/// Look up procedure and diagnosis codes by number or by words
///
/// Descriptions of procedures are in Soapstone's own words. Diagnoses are those of ICD-10-CM, by
/// the release that the nearest soapstone.toml names, or the one built in.
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone codes low back pain left")]
pub(super) struct Codes {
    /// A code, the beginning of one, or words such as: low back pain left
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,

    /// The most diagnosis codes to list
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
}

/// What ends the line of a code that no claim can carry.
const CATEGORY: &str = " (a category; bill a more specific code below it)\n";

impl Codes {
    /// Prints the codes that fit.
    pub(super) fn run(&self) -> Result<Exit, String> {
        let mut policies = Policies::new(None)?;
        let policy = policies.of(Path::new(""));
        for trouble in policies.problems.iter().chain(&policies.unreadable) {
            complain(trouble);
        }
        let query = self.words.join(" ");
        let query = query.trim();
        if query.is_empty() {
            return Err("Say which code or words to look up.".to_owned());
        }
        let release = policy.release();
        let found = lookup::find(query, self.limit.saturating_add(1), release);
        let mut out = procedures_of(&found);
        if let Some(modifier) = found.modifier {
            heading(&mut out, "Modifiers");
            let _ = writeln!(out, "  {}  {}", modifier.code, modifier.label);
        }
        if !found.diagnoses.is_empty() {
            let title = format!("Diagnosis codes (ICD-10-CM, {})", release.name());
            heading(&mut out, &title);
            let shown = &found.diagnoses[..found.diagnoses.len().min(self.limit)];
            let width = shown.iter().map(|e| e.code.len()).max().unwrap_or(0);
            for entry in shown {
                let _ = write!(out, "  {:width$}  {}", entry.code, entry.title);
                out.push_str(if entry.billable { "\n" } else { CATEGORY });
            }
            if found.diagnoses.len() > self.limit {
                out.push_str("  More match; add a word, or ask for more with --limit.\n");
            }
        }
        if out.is_empty() {
            let sentence = format!("No code matches \"{query}\". Try fewer or other words.");
            complain(&sentence);
            return Ok(Exit::Found);
        }
        Ok(super::print(&out))
    }
}

fn heading(out: &mut String, title: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(out, "{title}");
}

/// The procedures, and the codes that are no longer in use.
fn procedures_of(found: &Found) -> String {
    let mut out = String::new();
    if !found.procedures.is_empty() {
        heading(&mut out, "Procedure codes (described in our own words)");
    }
    for procedure in &found.procedures {
        let (code, label) = (procedure.code, procedure.label);
        let _ = writeln!(out, "  {code}  {label}; {}", lookup::timing(procedure));
    }
    if let [only] = found.procedures[..] {
        for line in [only.belongs, only.payer_note] {
            if !line.is_empty() {
                let _ = writeln!(out, "         {line}");
            }
        }
    }
    if found.retired.is_empty() {
        return out;
    }
    heading(&mut out, "Codes that are no longer in use");
    for code in &found.retired {
        let _ = writeln!(out, "  {}  {}", code.code, lookup::fate(code));
    }
    out
}
