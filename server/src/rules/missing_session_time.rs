//! `missing-session-time`: see its page in `docs/rules/`.

use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, SectionKind, time};
use crate::pattern::letters::{blanks, has_odd_letters, is_edge, words};
use crate::pattern::pattern;
use crate::policy::Level;
use crate::reference::procedures::Therapy;
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "missing-session-time",
    group: Group::Documentation,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E; WAC 246-830-565",
    page: page!("missing-session-time"),
    check: Check::Visit(check),
};

pattern!(
/// `Total treatment time: 53 min`, `TTT 53`, `Start 10:00`: what leads to the whole visit's time.
    LEAD,
    r"(?i)\b(?:total(?:\s+(?:treatment|tx|session|visit|therapy|massage|appointment|contact|intervention|face[ -]to[ -]face))?(?:\s+(?:time|minutes|mins?|duration))?|ttt|(?:treatment|tx|session|visit|appointment|appt)(?:\s+(?:time|length|duration|ran|was|lasted|of|from))?|duration|start(?:ed)?(?:\s+time)?|time\s+in|began)\b\W{0,4}(?:is\s|was\s|from\s|at\s)?\s*~?(?P<time>\d[^\n]{0,20})"
);

pattern!(
/// `60 min session`, `a 50-minute massage`.
    TRAIL,
    r"(?i)\b\d+\s*-?\s*(?:minutes?|mins?|m|hours?|hrs?|hr)\b\.?\s+(?:of\s+)?(?:\w+\s+){0,2}?(?:session|massage|treatment|tx|visit|appointment|appt|total)\b"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // Medicare's total is about therapy; an adjustment or an office visit has none.
    let therapy = |p: &&crate::reference::procedures::Procedure| {
        p.timing.is_timed() || p.therapy == Therapy::Always
    };
    let Some(first) = case
        .visit
        .modalities
        .iter()
        .find(|m| m.procedure.as_ref().is_some_and(therapy))
    else {
        return;
    };
    let typing = case
        .visit
        .modalities
        .last()
        .is_some_and(|m| case.is_being_typed(m));
    let field = case.visit.field(FieldKind::Session);
    let said = field.is_some_and(|f| f.value.is_some())
        || case.preamble.is_some_and(|(_, visit)| {
            visit
                .field(FieldKind::Session)
                .is_some_and(|f| f.value.is_some())
        })
        || said_otherwise(case);
    if typing || said {
        return;
    }
    let total = total_of_blocks(case);
    let span = match (field, &case.visit.heading) {
        (Some(field), _) => field.key,
        (None, Some(heading)) => heading.span,
        (None, None) => first.code_span,
    };
    let title = match &total {
        Some(total) => format!("Add the session's time: {total}, from the blocks"),
        None => "Add the session's time (a blank to fill)".to_owned(),
    };
    let words = total.as_deref().unwrap_or("___");
    let edit = match field {
        Some(field) => super::Edit {
            span: Span::at(field.key.end),
            text: format!(" {words}"),
        },
        None => case.line_at_top(&format!("session: {words}")),
    };
    found.push(
        Draft::new(
            span,
            "The note does not say how long the whole session took. A payer compares the total treatment time with the minutes that are billed.",
        )
        .fix_of(title, vec![edit])
        .preferred(),
    );
}

/// Whether the heading or the prose tells the time of the whole visit.
fn said_otherwise(case: &VisitCase<'_>) -> bool {
    let is_time = |text: &str| {
        !time::durations(text, 0).is_empty()
            || !time::clock_ranges(text, 0).is_empty()
            || has_clock(text)
    };
    let heading = case.visit.heading.as_ref().and_then(|h| {
        let start = h.date.map_or(h.key.end, |date| date.span.end);
        Some(Span::new(start, h.value?.end.max(start)))
    });
    let in_heading = heading.map_or("", |span| case.str(span));
    if !time::durations(in_heading, 0).is_empty() || !time::clock_ranges(in_heading, 0).is_empty() {
        return true;
    }
    case.visit.prose.iter().any(|prose| {
        let text = case.str(prose.span);
        let told = prose.section != Some(SectionKind::Subjective);
        let done = told && prose.section != Some(SectionKind::Plan);
        let lead = || {
            LEAD.captures(text).is_some_and(|found| {
                let counted = found["time"].trim_end().bytes().all(|b| b.is_ascii_digit());
                counted || is_time(&found["time"])
            })
        };
        told && may_lead(text) && lead() || done && trails(text)
    })
}

/// Whether a text holds a word that [`LEAD`] begins with, and a figure behind it with nothing but such
/// words between.
fn may_lead(text: &str) -> bool {
    const FIRST: [&str; 13] = [
        "total",
        "ttt",
        "treatment",
        "tx",
        "session",
        "visit",
        "appointment",
        "appt",
        "duration",
        "start",
        "started",
        "time",
        "began",
    ];
    const BETWEEN: [&str; 19] = [
        "therapy",
        "massage",
        "contact",
        "intervention",
        "face",
        "to",
        "minutes",
        "minute",
        "mins",
        "min",
        "length",
        "ran",
        "was",
        "lasted",
        "of",
        "from",
        "in",
        "is",
        "at",
    ];
    let mut led = false;
    has_odd_letters(text)
        || words(text).any(|(_, word)| {
            let is = |other: &&str| word.eq_ignore_ascii_case(other);
            let figure = led && word.starts_with(|c: char| c.is_ascii_digit());
            led = FIRST.iter().any(is) || led && BETWEEN.iter().any(is);
            figure
        })
}

/// Whether a text tells the length of the visit, by [`TRAIL`]: a figure, a word for its unit, and one for
/// the visit among the next three words.
fn trails(text: &str) -> bool {
    const UNITS: [&str; 9] = [
        "minute", "minutes", "min", "mins", "m", "hour", "hours", "hr", "hrs",
    ];
    const VISITS: [&str; 8] = [
        "session",
        "massage",
        "treatment",
        "tx",
        "visit",
        "appointment",
        "appt",
        "total",
    ];
    if has_odd_letters(text) {
        return TRAIL.is_match(text);
    }
    let after = |at: usize| {
        let mut rest = &text[at..];
        rest = &rest[blanks(rest)..];
        rest = rest.strip_prefix('-').unwrap_or(rest);
        rest = &rest[blanks(rest)..];
        let unit = first(rest);
        if !UNITS.iter().any(|u| unit.eq_ignore_ascii_case(u)) {
            return false;
        }
        rest = &rest[unit.len()..];
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let mut left = 3;
        let mut begun = false;
        loop {
            let gap = blanks(rest);
            let word = first(&rest[gap..]);
            if gap == 0 || word.is_empty() || left == 0 {
                return false;
            }
            if VISITS.iter().any(|visit| word.eq_ignore_ascii_case(visit)) {
                return true;
            }
            // `of` goes before the two words that may stand between.
            left -= usize::from(begun || !word.eq_ignore_ascii_case("of"));
            begun = true;
            rest = &rest[gap + word.len()..];
        }
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + start;
        let length = bytes[start..].iter().position(|b| !b.is_ascii_digit());
        at = length.map_or(bytes.len(), |length| start + length);
        // What is glued to the figure is its unit or nothing.
        if is_edge(bytes, start) && after(at) {
            return true;
        }
    }
    false
}

/// The word that a text begins with; nothing if it begins with something else.
fn first(text: &str) -> &str {
    let first = words(text).next();
    first.map_or("", |(start, word)| if start == 0 { word } else { "" })
}

/// `10:05`, `1005`.
fn has_clock(text: &str) -> bool {
    let text = &text.as_bytes()[blanks(text)..];
    let figures = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.iter().take_while(|b| b.is_ascii_digit()).count()
    };
    let hour = figures(0);
    let with_minutes =
        (1..=2).contains(&hour) && text.get(hour) == Some(&b':') && figures(hour + 1) >= 2;
    with_minutes || (3..=4).contains(&hour) && is_edge(text, hour)
}

/// The time of all blocks: from the first to the last, or the sum of their minutes; `None` where a
/// block does not tell its time.
fn total_of_blocks(case: &VisitCase<'_>) -> Option<String> {
    let modalities = &case.visit.modalities;
    let timed = |m: &&crate::chart::Modality| m.minutes().stated().is_some() || m.is_timed();
    let sum: u32 = modalities
        .iter()
        .filter(timed)
        .map(|m| m.minutes().stated())
        .sum::<Option<u32>>()?;
    let clocked = modalities.iter().filter(timed).all(|m| !m.clock.is_empty());
    if clocked {
        let ranges: Vec<_> = modalities.iter().flat_map(|m| &m.clock).collect();
        let start = ranges.iter().map(|r| r.start).min()?;
        let end = ranges.iter().map(|r| r.end).max()?;
        // Ranges that overlap or lie far apart need another look first.
        let plain = end - start >= sum && end - start <= 4 * 60;
        return plain.then(|| format!("{}-{}", time::clock(start), time::clock(end)));
    }
    let whole = modalities.iter().all(|m| m.minutes().stated().is_some());
    (whole && sum > 0).then(|| format!("{sum} min"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;

    pattern!(CLOCK, r"^\s*(?:\d{1,2}:\d{2}|\d{3,4}\b)");

    #[test]
    fn the_length_of_a_visit_is_read_as_by_the_patterns() {
        let words = [
            "total",
            "treatment time",
            "tx",
            "session",
            "visit",
            "massage",
            "TTT",
            "duration",
            "started",
            "start time",
            "time in",
            "began",
            "was",
            "at",
            "from",
            "~",
            "53",
            "60",
            "min",
            "minutes",
            "hour",
            "hrs.",
            "m",
            "of",
            "a",
            "face-to-face",
            "10:05",
            "1005",
            "appt",
            "lasted",
            "50-minute",
            "- min",
        ];
        trial::each(&words, |text| {
            assert!(may_lead(text) || !LEAD.is_match(text), "{text:?}");
            assert_eq!(has_clock(text), CLOCK.is_match(text), "{text:?}");
            assert_eq!(trails(text), TRAIL.is_match(text), "{text:?}");
        });
    }
}
