use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::time::{clock, clock_beside};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "outside-session",
    group: Group::Time,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("outside-session"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let hours = case.session().and_then(|session| session.clock);
    let Some(hours) = hours.filter(|hours| hours.minutes().is_some()) else {
        return;
    };
    let modalities = case.visit.modalities.iter();
    let blocks: Vec<_> = modalities
        .flat_map(|m| m.clock.iter().map(move |r| (m, r)))
        .filter(|(_, r)| r.minutes().is_some())
        .collect();
    let first = blocks
        .iter()
        .fold(hours.start, |at, (_, r)| at.min(r.start));
    let last = blocks.iter().fold(hours.end, |at, (_, r)| at.max(r.end));
    for (modality, range) in blocks {
        if range.start >= hours.start && range.end <= hours.end {
            continue;
        }
        let message = format!(
            "This block of {} lies outside the session of {} to {}. A payer that compares the two will ask which is right.",
            modality.code,
            clock(hours.start),
            clock(hours.end)
        );
        let mut draft = Draft::new(range.span, message).related(hours.span, "The session");
        if last - first <= 8 * 60 {
            let end = (case.str(hours.ends[1]), hours.end);
            let written = |time| clock_beside(end, time);
            let widened = format!("{}-{}", written(first), written(last));
            let title = format!("Extend the session to {widened}");
            draft = draft.fix(title, hours.span, widened);
        }
        found.push(draft);
    }
}
