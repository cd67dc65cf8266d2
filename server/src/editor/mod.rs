//! What an editor shows: a place in, an answer out. Knows no protocol.

pub mod actions;
pub mod blanks;
pub mod claim_form;
pub mod claim_preview;
mod clock;
pub mod completion;
pub mod folding;
pub mod format;
pub mod hints;
pub mod hover;
pub mod index;
mod layout;
pub mod lenses;
pub mod links;
pub mod names;
pub mod next_visit;
pub mod selection;
pub mod standing;
pub mod status;
pub mod symbols;
pub mod tokens;

use std::fmt::Display;

use jiff::civil::DateTime;

use crate::billing::{Counting, Discipline};
use crate::chart::{FieldKind, Visit};
use crate::rules::VisitCase;
use crate::text::Span;

/// The values of the `waive` fields of a visit and of its modalities.
fn waivers(visit: &Visit) -> impl Iterator<Item = Span> {
    let fields = visit.fields_of(FieldKind::Waive).filter_map(|f| f.value);
    let details = visit
        .modalities
        .iter()
        .flat_map(|m| m.details_of(FieldKind::Waive));
    fields.chain(details.map(|d| d.span))
}

/// What is read from the value of a field of the visit, else from that of the lines before the first.
fn stated<T>(case: &VisitCase<'_>, kind: FieldKind, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    stated_by((case.text, case.visit), case.preamble, kind, read)
}

/// The same of a visit and the lines before the first, each with its text.
fn stated_by<T>(
    visit: (&str, &Visit),
    preamble: Option<(&str, &Visit)>,
    kind: FieldKind,
    read: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let of = |(text, visit): (&str, &Visit)| read(&text[visit.field(kind)?.value?.range()]);
    of(visit).or_else(|| of(preamble?))
}

/// The span around an offset of the characters that belong together; empty if there are none.
fn around(text: &str, at: usize, belongs: impl Fn(char) -> bool) -> Span {
    let start = text[..at].trim_end_matches(&belongs).len();
    let end = text.len() - text[at..].trim_start_matches(&belongs).len();
    Span::new(start, end)
}

/// A time of day in minutes after midnight.
fn minute_of_day(time: DateTime) -> u32 {
    u32::from(time.hour().unsigned_abs()) * 60 + u32::from(time.minute().unsigned_abs())
}

/// Where the line of an offset begins.
fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |i| i + 1)
}

/// `1 unit`, `2 units`.
pub(crate) fn counted(number: impl Display + PartialEq<u32> + Copy, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// A number of days, before or after today: `1 day`, `12 days`.
fn days(count: i32) -> String {
    counted(count.unsigned_abs(), "day")
}

/// A code with its modifiers: `97140-59`.
pub fn with_modifiers<'a>(code: &str, modifiers: impl IntoIterator<Item = &'a String>) -> String {
    let modifiers = modifiers.into_iter();
    modifiers.fold(code.to_owned(), |words, modifier| words + "-" + modifier)
}

/// How the units of a visit were counted, in words.
fn rule_of_counting(case: &VisitCase<'_>) -> &'static str {
    match (case.claim.counting, case.payer.counting) {
        (Counting::Cms, Some(_)) => "by the CMS 8-minute rule, all timed minutes together",
        (Counting::Cms, None) => {
            "by the CMS 8-minute rule, all timed minutes together; how this payer counts is not known"
        }
        (Counting::Ama, _) => "by the midpoint rule, each code by itself",
    }
}

/// How a payer counts that does not count this way.
pub fn other_counting(counting: Counting) -> &'static str {
    match counting {
        Counting::Cms => "each code by itself (AMA midpoint rule)",
        Counting::Ama => "the day's minutes together (CMS 8-minute rule)",
    }
}

/// `25 + 15 = 40`, from the pooled codes of a day, each discipline by itself.
fn sum_in_words(case: &VisitCase<'_>) -> String {
    let claim = &case.claim;
    if claim.by_total {
        return format!("{} timed min in one figure", claim.timed_minutes);
    }
    match claim.disciplines.as_slice() {
        [] => "no timed minutes".to_owned(),
        [one] => sum_of(one),
        several => {
            let sums = several.iter().map(|discipline| {
                let plan = discipline.plan.unwrap_or("No plan");
                let units = counted(discipline.allocations.total(), "unit");
                format!("{plan}: {}, {units}", sum_of(discipline))
            });
            sums.collect::<Vec<_>>().join("; ")
        }
    }
}

fn sum_of(discipline: &Discipline) -> String {
    let codes = discipline.allocations.codes().iter();
    let parts = codes.map(|c| format!("{} min {}", c.minutes, c.code));
    let parts: Vec<String> = parts.collect();
    match parts.as_slice() {
        [one] => one.clone(),
        _ => format!("{} = {} min", parts.join(" + "), discipline.timed_minutes),
    }
}

/// " of the day, 2 visits", where a day has several.
fn of_day(case: &VisitCase<'_>) -> String {
    let visits = case.of_several_visits();
    visits.map_or_else(String::new, |visits| {
        format!(" of the day, {visits} visits")
    })
}
