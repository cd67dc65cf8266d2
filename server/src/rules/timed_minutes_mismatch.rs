//! `timed-minutes-mismatch`: see its page in `docs/rules/`.

use super::wording::minutes;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, Section, SectionKind};
use crate::length::Length;
use crate::policy::Level;
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "timed-minutes-mismatch",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("timed-minutes-mismatch"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let Some(value) = case
        .visit
        .field(FieldKind::TimedMinutes)
        .and_then(|f| f.value)
    else {
        return;
    };
    let text = case.str(value);
    let Some(at) = text.find(|c: char| c.is_ascii_digit()) else {
        return;
    };
    let digits = text[at..]
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len() - at);
    let Ok(stated) = text[at..at + digits].parse::<u32>() else {
        return;
    };
    let timed: Vec<_> = case
        .visit
        .modalities
        .iter()
        .filter(|m| m.is_timed())
        .collect();
    let Some(sum) = timed
        .iter()
        .map(|m| m.minutes().stated())
        .sum::<Option<Length>>()
        .map(Length::minutes)
    else {
        return;
    };
    // Codes with periods of their own are timed as well, but not everybody adds them here.
    if timed.is_empty() || stated == sum || stated == case.claim.timed_minutes {
        return;
    }
    // The blocks that make up the rest may still be coming.
    if sum < stated && is_unfinished(case) {
        return;
    }
    found.push(
        Draft::new(
            Span::new(value.start + at, value.start + at + digits),
            format!(
                "The note says {} of timed codes, but the timed blocks add up to {sum}. Medicare compares this figure with the units billed.",
                minutes(stated)
            ),
        )
        .fix(
            format!("Write {sum}, the sum of the blocks"),
            Span::new(value.start + at, value.start + at + digits),
            sum.to_string(),
        )
        .preferred(),
    );
}

/// Whether the visit is the document's last and not signed, and neither its assessment nor its plan
/// follows the blocks.
fn is_unfinished(case: &VisitCase<'_>) -> bool {
    let blocks_end = case.visit.modalities.last().map_or(0, |m| m.span.end);
    let closes = |s: &Section| {
        matches!(s.kind, SectionKind::Assessment | SectionKind::Plan) && s.name.start >= blocks_end
    };
    case.last && !case.visit.is_signed() && !case.visit.sections.iter().any(closes)
}
