use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::chart::{FieldKind, SectionKind, Visit, coded_prose, time};
use crate::length::Length;
use crate::pattern::{pattern, words};
use crate::policy::Level;
use crate::reference::procedures::{Once, Procedure, Therapy};
use crate::text::Span;

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
    r"(?i)\b(?:total(?:\s+(?:treatment|tx|session|visit|therapy|massage|appointment|contact|intervention|face[ -]to[ -]face))?(?:\s+(?:time|minutes|mins?|duration))?|ttt|(?:treatment|tx|session|visit|appointment|appt)(?:\s+(?:time|length|duration|ran|was|lasted|of|from))?|duration|start(?:ed)?(?:\s+time)?|time\s+in|began)\b\W{0,4}(?:is\s|was\s|from\s|at\s)?\s*~?(?P<time>\d)"
);

words!(
/// `60 min session`, `a 50-minute massage`; `In: 10:00 Out: 10:53`.
    TRAIL,
    r"(?i)\bin\b\W{0,3}\d{1,2}:?\d{2}(?:\s*[ap]\.?m\.?)?\W{1,4}(?:time\s+)?out\b\W{0,3}\d|\b\d+\s*-?\s*(?:minutes?|mins?|m|hours?|hrs?|hr)\b\.?\s+(?:of\s+)?(?:\w+\s+){0,2}?(?:session|massage|treatment|tx|visit|appointment|appt|total)\b"
);

words!(
/// `10:05`, `1005`.
    CLOCK,
    r"^\s*(?:\d{1,2}:\d{2}|\d{3,4}\b)"
);

/// What stands behind such words, up to the end of its line, as far as a time can go.
fn led_to(text: &str) -> Option<&str> {
    /// `10:00 AM – 10:53 AM`.
    const LONGEST: usize = 21;
    let start = LEAD.captures(text)?.name("time")?.start();
    let time = &text[start..coded_prose::line_end(text, start)];
    Some(&time[..time.floor_char_boundary(LONGEST)])
}

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let visit = case.visit;
    // Medicare's total is about therapy in a session; an adjustment or an office visit has none, and what is
    // counted by the month, such as remote monitoring, is added up from many days without one.
    let therapy = |p: &Procedure| {
        p.once_a == Once::Day && (p.timing.is_timed() || p.therapy == Therapy::Always)
    };
    let mut modalities = visit.modalities.iter();
    let Some(first) = modalities.find(|m| m.procedure.is_some_and(therapy)) else {
        return;
    };
    let last = visit.modalities.last();
    let field = visit.field(FieldKind::Session);
    let states = |visit: &Visit| {
        let field = visit.field(FieldKind::Session);
        field.is_some_and(|f| f.value.is_some())
    };
    if last.is_some_and(|m| case.is_being_typed(m))
        || states(visit)
        || case.preamble.is_some_and(|(_, preamble)| states(preamble))
        || said_otherwise(case)
    {
        return;
    }
    let span = match (field, &visit.heading) {
        (Some(field), _) => field.key,
        (None, Some(heading)) => heading.span,
        (None, None) => first.code_span,
    };
    let total = total_of_blocks(case);
    let title = match &total {
        Some(total) => format!("Add the session's time: {total}, from the blocks"),
        None => "Add the session's time (a blank to fill)".to_owned(),
    };
    let words = total.as_deref().unwrap_or("___");
    let edit = match field {
        Some(field) => Edit::insert(field.key.end, format!(" {words}")),
        None => case.line_at_top(&format!("session: {words}")),
    };
    let draft = Draft::new(
        span,
        "The note does not say how long the whole session took. A payer compares the total treatment time with the minutes that are billed.",
    );
    found.push(draft.fix_of(title, [edit]).preferred());
}

/// Whether the heading or the prose gives the time of the whole visit.
fn said_otherwise(case: &VisitCase<'_>) -> bool {
    let has_time = |text: &str| {
        !time::durations(text, 0).is_empty() || !time::clock_ranges(text, 0).is_empty()
    };
    let heading = case.visit.heading.as_ref().and_then(|h| {
        let start = h.date.map_or(h.key.end, |date| date.span.end);
        Some(Span::new(start, h.value?.end.max(start)))
    });
    if heading.is_some_and(|span| has_time(case.str(span))) {
        return true;
    }
    let leads = |text: &str| {
        led_to(text).is_some_and(|time| {
            let counted = time.trim_end().bytes().all(|b| b.is_ascii_digit());
            counted || has_time(time) || CLOCK.is_match(time)
        })
    };
    // `Total timed minutes: 41; total treatment minutes: 56`
    let fields = case.visit.fields.iter();
    let mut totals = fields.filter(|f| f.kind == FieldKind::TimedMinutes);
    totals.any(|f| f.value.is_some_and(|value| leads(case.str(value))))
        || case.visit.prose.iter().any(|prose| {
            let text = case.str(prose.span);
            let reported = prose.section != Some(SectionKind::Subjective);
            let done = reported && prose.section != Some(SectionKind::Plan);
            reported && leads(text) || done && TRAIL.is_match(text)
        })
}

/// The time of all blocks: from the first to the last, or the sum of their minutes; `None` where a
/// block does not give its time.
fn total_of_blocks(case: &VisitCase<'_>) -> Option<String> {
    let modalities = &case.visit.modalities;
    let all = modalities.iter().map(|m| (m, m.minutes().stated()));
    let timed: Vec<_> = all
        .filter(|(m, stated)| stated.is_some() || m.is_timed())
        .collect();
    let stated = timed.iter().map(|(_, stated)| *stated);
    let sum = stated.sum::<Option<Length>>()?.minutes();
    if timed.iter().all(|(m, _)| !m.clock.is_empty()) {
        let ranges = || modalities.iter().flat_map(|m| &m.clock);
        let start = ranges().map(|r| r.start).min()?;
        let last = ranges().max_by_key(|r| r.end)?;
        let (end, written) = (last.end, (case.str(last.ends[1]), last.end));
        // Ranges that overlap or lie far apart need another look first.
        let length = end.checked_sub(start)?;
        let plain = length >= sum && length <= 4 * 60;
        return plain.then(|| {
            let written = |time| time::clock_beside(written, time);
            format!("{}-{}", written(start), written(end))
        });
    }
    (timed.len() == modalities.len() && sum > 0).then(|| format!("{sum} min"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::text::Document;

    #[test]
    fn blocks_that_end_before_they_begin_make_no_session() {
        for block in [
            "97124 lumbar 11:00 pm-10:00 pm",
            "97124 lumbar 11:00 pm-10:00 pm 25 min",
            "97124 lumbar 25 min\n  time: 11:00 pm-10:00 pm",
            "97124 lumbar 25 min\n98941 11:00 pm-10:00 pm",
        ] {
            let note = format!("visit: 2026-11-02\n{block}\nA: better\n");
            let analysis = Analysis::of(&Document::new(&note), &std::sync::Arc::default());
            let found = analysis.findings();
            let session = found.iter().find(|f| f.rule.name == RULE.name);
            let fixes = &session.expect("a finding").fixes;
            assert!(!fixes[0].title.contains("10:00"), "{fixes:?}");
        }
    }

    #[test]
    fn what_leads_to_the_length_of_a_visit() {
        for (text, time) in [
            ("Total treatment time: 53 min.", "53 min."),
            ("TTT 53", "53"),
            ("total face-to-face time was 45 minutes", "45 minutes"),
            ("Tx ran ~50 min", "50 min"),
            ("session of 1 hour", "1 hour"),
            ("appt 10:00-10:50", "10:00-10:50"),
            ("Duration - 40", "40"),
            ("started at 10:05", "10:05"),
            ("Start time is 1005", "1005"),
            ("time in: 10:00, time out 10:53", "10:00, time out 10:53"),
            ("began 9:30", "9:30"),
        ] {
            assert_eq!(led_to(text), Some(time));
        }
        for other in [
            "Sits 20 minutes",
            "Total timed minutes: 40",
            "total",
            "subtotal 40",
            "restarted 2 weeks ago",
            "treatment plan 2x/week",
            "sessions 4 of 12",
        ] {
            assert!(!LEAD.is_match(other), "{other}");
        }
    }

    #[test]
    fn lengths_of_a_visit() {
        for words in [
            "60 min session, prone",
            "a 50-minute massage",
            "1 hr. of deep tissue massage",
            "90 - min full body treatment",
            "53 minutes total",
            "60m tx",
        ] {
            assert!(TRAIL.is_match(words), "{words}");
        }
        for other in [
            "sits 20 minutes",
            "20 min of walking before the session",
            "60 mints session",
            "a60 min session",
            "session",
        ] {
            assert!(!TRAIL.is_match(other), "{other}");
        }
    }

    #[test]
    fn times_of_day() {
        for time in ["10:05", " 9:30 am", "1005", "930 to 1030", "10:053"] {
            assert!(CLOCK.is_match(time), "{time}");
        }
        for other in ["10", "10:5", "10053", "at 10:05", "100min"] {
            assert!(!CLOCK.is_match(other), "{other}");
        }
    }
}
