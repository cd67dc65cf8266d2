use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::ClockRange;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "inverted-range",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("inverted-range"),
    check: Check::Visit(check),
};

/// A block is seldom longer; a correction that makes it so is not offered.
const LONGEST: u32 = 4 * 60;

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let ranges = case.visit.modalities.iter().flat_map(|m| &m.clock);
    for range in ranges.filter(|range| range.minutes().is_none()) {
        let (start, end) = (range.start, range.end);
        let mut draft = Draft::new(
            range.span,
            if start == end {
                "This block ends when it begins, so it has no minutes that a payer could count."
            } else {
                "This block ends before it begins, so it has no minutes that a payer could count."
            },
        );
        let [first, second] = range.ends.map(|end| case.str(end));
        if fits(case, range, end, start) {
            let between = &case.text[range.ends[0].end..range.ends[1].start];
            let swapped = format!("{second}{between}{first}");
            draft = draft.fix(
                format!("Swap the times: {second} to {first}"),
                range.span,
                swapped,
            );
        }
        // `11:30 am-12:15 am`: the end was meant after noon.
        if end < 12 * 60 && fits(case, range, start, end + 12 * 60) {
            let later = format!("{} pm", without_half(second));
            draft = draft.fix(format!("End the block at {later}"), range.ends[1], later);
        }
        found.push(draft);
    }
}

/// The time without its am or pm.
fn without_half(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.' || c == ' ')
}

/// Whether a corrected block would be of a usual length, within the session and beside the other blocks.
fn fits(case: &VisitCase<'_>, range: &ClockRange, start: u32, end: u32) -> bool {
    let session = case.session().and_then(|s| s.clock);
    let within = session.is_none_or(|hours| start >= hours.start && end <= hours.end);
    let mut others = case.visit.modalities.iter().flat_map(|m| &m.clock);
    (start + 1..=start + LONGEST).contains(&end)
        && within
        && others.all(|other| other.span == range.span || other.end <= start || end <= other.start)
}
