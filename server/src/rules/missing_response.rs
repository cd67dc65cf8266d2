//! `missing-response`: see its page in `docs/rules/`.

use std::ops::Range;

use super::sections::is_filled;
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::chart::{FieldKind, Modality, SectionKind};
use crate::pattern::letters::{
    begins_with, blank, blanks, ends_with, has_odd_letters, is_edge, is_word, words,
};
use crate::pattern::pattern;
use crate::policy::{Level, Requirement};
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "missing-response",
    group: Group::Documentation,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E; COMAR 10.65.06.01; 269 CMR 5.03",
    page: page!("missing-response"),
    check: Check::Visit(check),
};

pattern!(
/// Words and figures that tell what came of the treatment. What stands after `to` is what it was
/// for.
    RESPONSE,
    r"(?ix)
        \b(?:respon[ds]\w* | tol(?:erat\w*)?\.? | post[-\ ]?(?:tx|treatment|session|massage)
          | after\ (?:the\ )?(?:tx|treatment|session|massage|visit|work)
          | reli(?:ef|eved) | decreas\w* | reduc\w* | increas\w* | improv\w* | progress\w* | gain(?:ed|s)? | less | fewer | up | down | higher | lower | longer | farther | further | lessened
          | soft(?:er|en\w*) | eased? | loos(?:er|en\w*) | better | worse\w* | restored | gone | resolved | returned | met
          | no\ change | unchanged | same | (?:up|down)\ from | was\ \d | now\ \d | than\b | able\ to )
        | [↑↓→] | -> | =>
        | \d[^\s.;]*\s*(?:\w+\s+)?to\s+\d"
);

pattern!(
/// `10 to 12 reps` is what was done.
    DOSE,
    r"(?i)^[\d.]*\s*(?:reps?|sets?|min|mins|minutes|sec|seconds|x|lbs?|times)\b"
);

pattern!(
/// A figure in the assessment is a finding of this day, but for a goal's number.
    FIGURE,
    r"(?i)(?:^|(?P<goal>\b(?:goals?|stg|ltg|visit) ?#? ?)|[^\w])\d"
);

/// Whether a figure stands in a text, by [`FIGURE`].
fn has_figure(text: &str) -> bool {
    const GOALS: [&str; 5] = ["goal", "goals", "stg", "ltg", "visit"];
    const MARKS: [&str; 7] = ["", " ", "#", " #", "# ", " # ", "  "];
    if has_odd_letters(text) {
        let mut figures = FIGURE.captures_iter(text);
        return figures.any(|hit| hit.name("goal").is_none());
    }
    let bytes = text.as_bytes();
    let of_goal = |before: &[u8]| {
        MARKS.iter().any(|marks| {
            let words = before.strip_suffix(marks.as_bytes()).unwrap_or(b"");
            let ends =
                |goal: &str| ends_with(words, goal) && is_edge(words, words.len() - goal.len());
            GOALS.into_iter().any(ends)
        })
    };
    bytes.iter().enumerate().any(|(at, byte)| {
        byte.is_ascii_digit() && (at == 0 || !is_word(bytes[at - 1]) && !of_goal(&bytes[..at]))
    })
}

fn tells_response(text: &str) -> bool {
    if has_odd_letters(text) {
        let mut hits = RESPONSE.find_iter(text).map(|hit| hit.range());
        return hits.any(|hit| tells(text, hit));
    }
    responses(text).any(|hit| tells(text, hit))
}

/// Whether such words or figures tell what came of the treatment.
fn tells(text: &str, hit: Range<usize>) -> bool {
    if text[hit.start..].starts_with(|c: char| c.is_ascii_digit()) {
        return !is_dose(&text[hit.end..]);
    }
    let before = text[..hit.start].trim_end().as_bytes();
    let purpose = ends_with(before, " to") || before.eq_ignore_ascii_case(b"to");
    !purpose
}

/// Whether the rest of a figure and the word after it tell what was done: `10 to 12 reps`.
fn is_dose(rest: &str) -> bool {
    const DOSES: [&str; 13] = [
        "rep", "reps", "set", "sets", "min", "mins", "minutes", "sec", "seconds", "x", "lb", "lbs",
        "times",
    ];
    if has_odd_letters(rest) {
        return DOSE.is_match(rest);
    }
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = &rest[blanks(rest)..];
    let dose = words(rest).next().filter(|(start, _)| *start == 0);
    dose.is_some_and(|(_, word)| DOSES.iter().any(|dose| word.eq_ignore_ascii_case(dose)))
}

/// What [`RESPONSE`] finds in a text, read by hand: these are words of every note.
fn responses(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            let end = match bytes[at] {
                b'0'..=b'9' => change(text, at),
                b'a'..=b'z' | b'A'..=b'Z' if at == 0 || !is_word(bytes[at - 1]) => {
                    response(text, at)
                }
                b'-' | b'=' => (bytes.get(at + 1) == Some(&b'>')).then_some(at + 2),
                0xE2 => text[at..]
                    .starts_with(['↑', '↓', '→'])
                    .then_some(at + '→'.len_utf8()),
                _ => None,
            };
            at = end.unwrap_or(at + 1);
            if end.is_some() {
                return Some(start..at);
            }
        }
        None
    })
}

/// Where a change in figures that begins at an offset ends: `\d[^\s.;]*\s*(?:\w+\s+)?to\s+\d`.
fn change(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut run = start + 1;
    while let Some(byte) = bytes.get(run) {
        if matches!(byte, b'.' | b';') || text.is_char_boundary(run) && blank(&text[run..]) > 0 {
            break;
        }
        run += 1;
    }
    // `to` and a figure, from here on.
    let to = |at: usize| {
        let rest = text
            .get(at..)
            .filter(|rest| begins_with(rest.as_bytes(), "to"))?;
        let gap = blanks(&rest[2..]);
        let figure = at + 2 + gap;
        (gap > 0 && bytes.get(figure).is_some_and(u8::is_ascii_digit)).then_some(figure + 1)
    };
    let next = run + blanks(&text[run..]);
    let after_a_word = || {
        let (_, word) = words(&text[next..])
            .next()
            .filter(|(start, _)| *start == 0)?;
        let end = next + word.len();
        let gap = blanks(&text[end..]);
        to(end + gap).filter(|_| gap > 0)
    };
    let at_its_end = || to(run.checked_sub(2).filter(|at| *at > start)?);
    after_a_word().or_else(|| to(next)).or_else(at_its_end)
}

/// Where the words for a response that begin at an offset end.
fn response(text: &str, start: usize) -> Option<usize> {
    /// What is found by its beginning alone.
    const BEGUN: [&str; 28] = [
        "relief",
        "relieved",
        "gained",
        "gains",
        "gain",
        "less",
        "fewer",
        "up",
        "down",
        "higher",
        "lower",
        "longer",
        "farther",
        "further",
        "softer",
        "eased",
        "ease",
        "looser",
        "better",
        "restored",
        "gone",
        "resolved",
        "returned",
        "met",
        "no change",
        "unchanged",
        "same",
        "able to",
    ];
    /// What the rest of the word belongs to.
    const WHOLE: [&str; 10] = [
        "respond", "respons", "decreas", "reduc", "increas", "improv", "progress", "soften",
        "loosen", "worse",
    ];
    const TREATMENTS: [&str; 6] = ["tx", "treatment", "session", "massage", "visit", "work"];
    let bytes = text.as_bytes();
    // Where one of these ends that begins at an offset.
    let any = |at: usize, others: &[&str]| {
        let rest = bytes.get(at..)?;
        let found = others.iter().find(|other| begins_with(rest, other))?;
        Some(at + found.len())
    };
    let word_end = |at: usize| {
        let rest = bytes[at..].iter().position(|b| !is_word(*b));
        rest.map_or(bytes.len(), |length| at + length)
    };
    match bytes[start] | 0x20 {
        b't' => {
            if let Some(end) = any(start, &["tolerat", "tol"]) {
                let long = end - start > "tol".len();
                let end = if long { word_end(end) } else { end };
                return Some(end + usize::from(bytes.get(end) == Some(&b'.')));
            }
            any(start, &["than"]).filter(|end| is_edge(bytes, *end))
        }
        b'p' if begins_with(&bytes[start..], "post") => {
            let end = start + "post".len();
            let marked = matches!(bytes.get(end), Some(b' ' | b'-'));
            any(end + usize::from(marked), &TREATMENTS[..4])
        }
        b'a' if begins_with(&bytes[start..], "after ") => {
            let next = start + "after ".len();
            any(any(next, &["the "]).unwrap_or(next), &TREATMENTS)
        }
        b'w' | b'n'
            if begins_with(&bytes[start..], "was ") || begins_with(&bytes[start..], "now ") =>
        {
            let next = start + "was ".len();
            let figure = bytes.get(next).is_some_and(u8::is_ascii_digit);
            figure.then_some(next + 1)
        }
        _ => any(start, &BEGUN).or_else(|| any(start, &WHOLE).map(word_end)),
    }
}

/// A treatment that something is expected of: no evaluation, no cold pack.
fn is_treatment(modality: &Modality) -> bool {
    modality.is_timed() || modality.procedure.is_some_and(|p| p.hands_on)
}

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let visit = case.visit;
    let mut treatments = visit.modalities.iter().filter(|m| is_treatment(m));
    let Some(modality) = treatments.next() else {
        return;
    };
    let in_a_field = visit
        .fields_of(FieldKind::Response)
        .filter_map(|f| f.value)
        .any(|v| !v.is_empty());
    let details = || visit.modalities.iter().flat_map(|m| &m.details);
    let in_a_detail = details().any(|d| d.kind == Some(FieldKind::Response) && !d.span.is_empty());
    if in_a_field || in_a_detail {
        return;
    }
    let still_typed =
        case.last && !visit.is_signed() && !is_filled(case.text, visit, SectionKind::Plan);
    if still_typed {
        return;
    }
    let told = details().any(|d| {
        matches!(d.kind, None | Some(FieldKind::Note)) && tells_response(case.str(d.span))
    });
    let told_after = || {
        visit.prose.iter().any(|line| {
            let read = match line.section {
                Some(SectionKind::Assessment) if has_figure(case.str(line.span)) => return true,
                Some(SectionKind::Assessment) => true,
                Some(SectionKind::Subjective | SectionKind::Plan) => false,
                _ => line.span.start > modality.span.start,
            };
            read && tells_response(case.str(line.span))
        })
    };
    if told || told_after() {
        return;
    }
    let mut empty = visit
        .modalities
        .iter()
        .flat_map(|m| m.details_of(FieldKind::Response));
    let edit = match empty.next() {
        Some(empty) => Edit {
            span: Span::at(empty.span.end),
            text: " ___".to_owned(),
        },
        None => Edit {
            span: Span::at(modality.span.end),
            text: format!("{}  response: ___", case.line_break()),
        },
    };
    let draft = Draft::new(
        modality.code_span,
        "Nothing in this visit says how the patient responded to the treatment. Many payers ask for it and read a measured change as proof that the care works.",
    )
    .fix_of("Add the response (a blank to fill)", vec![edit])
    .preferred();
    found.push(if case.payer.requires(Requirement::Response) {
        draft.level(Level::Warning)
    } else {
        draft
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;

    const WORDS: [&str; 65] = [
        "response",
        "responded",
        "tol",
        "tol.",
        "tolerated",
        "tolerated.x",
        "post-tx",
        "post",
        "posttx",
        "after",
        "after the",
        "session",
        "treatment",
        "massage",
        "visit",
        "work",
        "relief",
        "decreased",
        "reduced",
        "increase",
        "improving",
        "progress",
        "gain",
        "gained",
        "less",
        "up",
        "down",
        "lower",
        "softer",
        "upper",
        "lesson",
        "method",
        "softened",
        "eased",
        "looser",
        "better",
        "worse",
        "resolved",
        "met",
        "no",
        "change",
        "same",
        "up from",
        "was",
        "now",
        "was 5",
        "now 3",
        "than",
        "able",
        "to",
        "5 to",
        "10",
        "50 better to",
        "°",
        "reps",
        "sets",
        "x",
        "lbs",
        "goal 1",
        "goals #",
        "stg #2",
        "ltg",
        "visit 3",
        "->",
        "=>",
    ];

    #[test]
    fn responses_and_figures_are_read_as_by_the_patterns() {
        trial::each(&WORDS, |text| {
            assert_eq!(is_dose(text), DOSE.is_match(text), "{text:?}");
            let figure = FIGURE
                .captures_iter(text)
                .any(|hit| hit.name("goal").is_none());
            assert_eq!(has_figure(text), figure, "{text:?}");
            if has_odd_letters(text) {
                return;
            }
            let found: Vec<_> = responses(text).collect();
            let right: Vec<_> = RESPONSE.find_iter(text).map(|m| m.range()).collect();
            assert_eq!(found, right, "{text:?}");
        });
    }
}
