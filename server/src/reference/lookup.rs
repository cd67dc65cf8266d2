//! Looking up codes by their beginning or by words.

use super::icd10::{Entry, Release};
use super::modifiers::{self, Modifier};
use super::procedures::{self, Attendance, Procedure, Timing};
use super::retired::{self, Retired};
use super::techniques;

/// The codes that fit.
pub struct Found {
    /// Those whose code, words or techniques fit.
    pub procedures: Vec<&'static Procedure>,
    /// Those that are no longer in use.
    pub retired: Vec<&'static Retired>,
    /// The modifier of that name.
    pub modifier: Option<&'static Modifier>,
    /// The diagnoses, the likeliest first.
    pub diagnoses: Vec<Entry>,
}

/// Looks up a code, the beginning of one, or words; at most so many diagnoses.
pub fn find(query: &str, most: usize, release: &Release) -> Found {
    let lower = query.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let mut named = techniques::find_in(query);
    named.retain(|m| m.decisive && m.range.len() == query.len());
    let is_named = |code| named.iter().any(|m| m.technique.accepted.contains(&code));
    let mut procedures: Vec<&Procedure> = procedures::all().iter().collect();
    procedures.retain(|p| is_named(p.code) || begins(p.code, &lower) || fits(p.label, &words));
    let retired = retired::all().iter();
    let retired = retired.filter(|code| begins(code.code, &lower) || fits(code.was, &words));
    let modifier = modifiers::find(query.trim_start_matches('-'));
    Found {
        procedures,
        retired: retired.collect(),
        // The figures of a modifier are found in many titles that it has nothing to do with.
        diagnoses: match modifier {
            Some(_) => Vec::new(),
            None => release.search(query, most),
        },
        modifier,
    }
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

/// How a procedure is counted, and who has to be there.
pub fn timing(procedure: &Procedure) -> String {
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

/// What a code was that is no longer in use, and what came in its place.
pub fn fate(code: &Retired) -> String {
    let now = match &*code.successors {
        [] => String::new(),
        successors => format!("; see {}", successors.join(", ")),
    };
    format!("{}; not valid since {}{now}", code.was, code.since_year)
}
