use super::wording::minutes;
use super::{Check, Day, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, Modality, Section, SectionKind, Visit};
use crate::length::Length;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "timed-minutes-mismatch",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("timed-minutes-mismatch"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let Some((span, stated)) = stated_minutes(case.text, case.visit) else {
        return;
    };
    let modalities = case.visit.modalities.iter();
    let timed: Vec<_> = modalities.filter(|m| m.is_timed()).collect();
    let minutes_of = timed.iter().map(|m| m.minutes().stated());
    let Some(sum) = minutes_of.sum::<Option<Length>>().map(Length::minutes) else {
        return;
    };
    // Codes with periods of their own are timed as well, but not everybody adds them here. The figure may be
    // that of the whole day, or of one discipline.
    let claim = &case.claim;
    let of_discipline = || claim.disciplines.iter().any(|d| d.timed_minutes == stated);
    if timed.is_empty() || stated == sum || stated == claim.timed_minutes || of_discipline() {
        return;
    }
    // The blocks that make up the rest may still be coming.
    if sum < stated && is_unfinished(case) {
        return;
    }
    let message = format!(
        "The note says {} of timed codes, but the timed blocks add up to {sum}. A payer may compare this figure with the units billed.",
        minutes(stated)
    );
    let title = format!("Write {sum}, the sum of the blocks");
    let draft = Draft::new(span, message).fix(title, span, sum.to_string());
    found.push(draft.preferred());
}

/// The timed minutes as a visit states them in one figure, and where.
fn stated_minutes(text: &str, visit: &Visit) -> Option<(Span, u32)> {
    let value = visit.field(FieldKind::TimedMinutes)?.value?;
    let (figure, stated) = figure(&text[value.range()])?;
    Some((figure.shifted(value.start), stated))
}

/// The timed minutes of a day as its visits with pooled codes state them, each in one figure.
pub(super) fn stated_total((text, visit): (&str, &Visit), day: &Day) -> Option<u32> {
    let others = day.before.iter().chain(&day.after);
    let others = others.map(|other| (&*other.text, &*other.visit));
    let pooled = |(_, visit): &(&str, &Visit)| visit.modalities.iter().any(Modality::is_pooled);
    let visits = others.chain([(text, visit)]).filter(pooled);
    let stated = visits.map(|(text, visit)| Some(stated_minutes(text, visit)?.1));
    stated.sum::<Option<u32>>().filter(|total| *total > 0)
}

/// The first figure of a text, and where it stands.
fn figure(text: &str) -> Option<(Span, u32)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = text[start..].trim_start_matches(|c: char| c.is_ascii_digit());
    let span = Span::new(start, text.len() - rest.len());
    Some((span, text[span.range()].parse().ok()?))
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
