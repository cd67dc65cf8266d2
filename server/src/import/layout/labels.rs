//! One label on a line, with its value beside it.

use super::{OUTLINE, WIDE};
use crate::chart::{FieldKind, date};
use crate::pattern::pattern;
use crate::text::labels;

pattern!(
    /// The day of the visit behind a name, at the head of a page.
    INNER_DAY,
    r"(?i)^(?:[^\s:]+[ ,]+){1,5}?[ |,;–-]*\b(?P<day>(?:DOS|D\.O\.S\.|date of service|service date|visit date)[ :]+[ ]*(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|[A-Z][a-z]{2,8}\.? \d))"
);
pattern!(
    /// A goal at the end of a line that says other things before it.
    INNER_GOAL,
    r"[.;][ \t]+(?P<label>(?:(?i:short|long)[- ]term[ ])?(?:Goal|GOAL|STG|LTG)s?(?:[ ]*#?\d)?:[ \t]+[^:]+$)"
);
pattern!(
    /// The label of a list of goals with the time for them: `Short Term Goals (4 weeks):`.
    GOALS_UNTIL,
    r"(?i)^(?P<label>(?:(?:short|long)[- ]term[ ]+)?goals?|stgs?|ltgs?)[ \t]*(?P<until>\([^)]*\))[ \t]*:?$"
);

/// `Visit Date: 11/20/2026     Payer: Aetna`: each label begins a line of its own.
pub fn apart(line: &str) -> Vec<String> {
    let is_label = |words: &str| {
        let key = words
            .split_once(':')
            .and_then(|(label, _)| labels::key_of(label));
        key.is_some_and(|key| !matches!(key, "session" | "time" | "note"))
    };
    // `Insurer<tab>Blue Shield`: the label is a cell of its own.
    let gap = WIDE.find(line).filter(|gap| gap.start() > 0);
    if let Some((label, value)) = gap.map(|gap| (&line[..gap.start()], &line[gap.end()..]))
        && FieldKind::of_key(label)
            .is_some_and(|kind| !kind.is_detail() || kind == FieldKind::Diagnosis)
        && label.len() > 1
        && !label.trim_end().ends_with(':')
    {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        return vec![format!("{}: {value}", label.trim())];
    }
    // `Date<tab>11/20/2026`
    if let Some((label, value)) = gap.map(|gap| (&line[..gap.start()], &line[gap.end()..]))
        && labels::key_of(label) == Some("visit")
        && date::at_start(value).is_some_and(|found| found.span.end == value.trim_end().len())
    {
        return vec![format!("Date: {value}")];
    }
    // `… improving. Goal: lift 25 lb`
    if let Some(found) = INNER_GOAL
        .captures(line)
        .and_then(|found| found.name("label"))
    {
        let (before, goal) = (line[..found.start()].trim_end(), &line[found.start()..]);
        return [apart(before), vec![goal.to_owned()]].concat();
    }
    let begins = is_label(line);
    let mut starts = vec![0];
    for gap in WIDE.find_iter(line) {
        let cell = &line[gap.end()..];
        // Beside a label that is known, any other words in wide blanks are no part of its value.
        let is_apart = begins && gap.len() > 2 && !line[..gap.start()].ends_with(':');
        if gap.start() > 0 && (is_label(cell) || is_apart) {
            starts.push(gap.end());
        }
    }
    // `N. Example, DOS: 03/11/2026`: the day of the visit within the head of a page.
    if let Some(found) = INNER_DAY.captures(line).and_then(|found| found.name("day"))
        && starts.len() == 1
    {
        let before = line[..found.start()].trim_end_matches([' ', ',', ';', '|', '\t', '-', '–']);
        return vec![before.to_owned(), line[found.start()..].to_owned()];
    }
    if starts.len() == 1 {
        return vec![line.to_owned()];
    }
    let ends = starts[1..].iter().copied().chain([line.len()]);
    let parts = starts.iter().zip(ends);
    let parts = parts.map(|(start, end)| line[*start..end].trim_end_matches([' ', '\t', '|']));
    parts.map(str::to_owned).collect()
}

/// The time for a list of goals stands above the label of the list.
pub fn goals_until(lines: Vec<String>) -> Vec<String> {
    let mut out = Vec::new();
    for line in lines {
        match GOALS_UNTIL.captures(line.trim()) {
            Some(found) => {
                out.push(found["until"].to_owned());
                out.push(format!("{}:", &found["label"]));
            }
            None => out.push(line),
        }
    }
    out
}

/// `INSURANCE` alone on a line, its value on the next: one line. A list of diagnoses or goals follows its label's colon.
pub fn values_beside(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut label: Option<FieldKind> = None;
    for line in lines {
        let words = line.trim();
        if let Some(kind) = label.take()
            && !words.is_empty()
            && !words.contains(':')
            && let Some(last) = out.last_mut()
        {
            *last = format!("{}: {words}", kind.key());
            continue;
        }
        let bare = OUTLINE.replace(words, "");
        let bare = bare.trim_end_matches(':');
        let kind = FieldKind::of_key(bare).filter(|_| bare.len() > 2);
        match kind {
            Some(FieldKind::Diagnosis | FieldKind::Goal) if !words.ends_with(':') => {
                out.push(format!("{bare}:"));
                continue;
            }
            Some(FieldKind::Payer | FieldKind::Referral | FieldKind::Provider) => label = kind,
            _ => {}
        }
        out.push(line);
    }
    out
}
