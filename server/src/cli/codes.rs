//! `soapstone codes`.

use std::fmt::Write;
use std::path::Path;

use clap::Args;

use super::config::Policies;
use super::{Exit, complain};
use crate::reference::procedures::{Attendance, Procedure, Timing};
use crate::reference::{modifiers, procedures, retired, techniques};

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
        let mut out = procedures_of(query);
        let modifier = modifier_of(query);
        let release = policy.release();
        // The figures of a modifier are found in many titles that it has nothing to do with.
        let found = if modifier.is_empty() {
            release.search(query, self.limit.saturating_add(1))
        } else {
            Vec::new()
        };
        out.push_str(&modifier);
        if !found.is_empty() {
            let title = format!("Diagnosis codes (ICD-10-CM, {})", release.name());
            heading(&mut out, &title);
            let shown = &found[..found.len().min(self.limit)];
            let width = shown.iter().map(|e| e.code.len()).max().unwrap_or(0);
            for entry in shown {
                let _ = write!(out, "  {:width$}  {}", entry.code, entry.title);
                out.push_str(if entry.billable { "\n" } else { CATEGORY });
            }
            if found.len() > self.limit {
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

/// The procedures whose code, words or techniques fit, and the codes that are no longer in use.
fn procedures_of(query: &str) -> String {
    let lower = query.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let mut named = techniques::find_in(query);
    named.retain(|m| m.decisive && m.range.len() == query.len());
    let is_named = |code| named.iter().any(|m| m.technique.accepted.contains(&code));
    let mut out = String::new();
    let mut fitting: Vec<&Procedure> = procedures::all().iter().collect();
    fitting.retain(|p| is_named(p.code) || begins(p.code, &lower) || fits(p.label, &words));
    if !fitting.is_empty() {
        heading(&mut out, "Procedure codes (described in our own words)");
    }
    for procedure in &fitting {
        let (code, label) = (procedure.code, procedure.label);
        let _ = writeln!(out, "  {code}  {label}; {}", timing(procedure));
    }
    if let [only] = fitting[..] {
        for line in [only.belongs, only.payer_note] {
            if !line.is_empty() {
                let _ = writeln!(out, "         {line}");
            }
        }
    }
    let mut old = String::new();
    for code in retired::all() {
        if !begins(code.code, &lower) && !fits(code.was, &words) {
            continue;
        }
        if old.is_empty() {
            heading(&mut old, "Codes that are no longer in use");
        }
        let now = match &*code.successors {
            [] => String::new(),
            successors => format!("; see {}", successors.join(", ")),
        };
        let (code, was, since) = (code.code, code.was, code.since_year);
        let _ = writeln!(old, "  {code}  {was}; not valid since {since}{now}");
    }
    if !out.is_empty() && !old.is_empty() {
        out.push('\n');
    }
    out + &old
}

fn modifier_of(query: &str) -> String {
    let mut out = String::new();
    if let Some(modifier) = modifiers::find(query.trim_start_matches('-')) {
        heading(&mut out, "Modifiers");
        let _ = writeln!(out, "  {}  {}", modifier.code, modifier.label);
    }
    out
}

/// Whether the query is the beginning of a code, of three characters or more.
fn begins(code: &str, lower: &str) -> bool {
    lower.len() >= 3 && code.to_ascii_lowercase().starts_with(lower)
}

/// Whether each word begins a word of the text.
fn fits(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().all(|wanted| {
        let mut parts = text.split(|c: char| !c.is_alphanumeric());
        parts.any(|part| part.starts_with(wanted))
    })
}

fn timing(procedure: &Procedure) -> String {
    let timing = match procedure.timing {
        Timing::Quarter => "timed, 15-minute units".to_owned(),
        Timing::First(period) => format!("timed, the first {} minutes", period.minutes),
        Timing::Each(period) => format!("timed, each {} minutes", period.minutes),
        Timing::Untimed => "untimed, one unit".to_owned(),
        Timing::Counted => "untimed, one unit for each part".to_owned(),
        Timing::Undefined => "unlisted".to_owned(),
    };
    let attendance = match procedure.attendance {
        Attendance::OneOnOne => ", one-on-one",
        Attendance::Supervised => ", supervised",
        Attendance::Group => ", several patients at once",
        Attendance::None => "",
    };
    format!("{timing}{attendance}")
}
