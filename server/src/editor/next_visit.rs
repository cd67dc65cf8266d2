//! The next visit: an empty one, or one that begins with what was done the last time.
//!
//! What is carried forward is what the clinician would do again: codes, modifiers, regions,
//! techniques, diagnoses, goals. What only this day can say (times, units, measures, responses, the
//! prose, the signature) is a placeholder. So a note never says what nobody found.

use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::analysis::{Analysis, Piece};
use crate::chart::{Field, FieldKind, Modality, SectionKind, Visit, time};
use crate::rules::{Edit, Fix};
use crate::text::Span;

/// A placeholder to fill, as the format has it; the rule `unfilled-placeholder` names those that are left.
pub const BLANK: &str = "___";

/// What stands before the first visit of a new chart.
const PREAMBLE: &str = "patient: ___
payer: ___
provider: ___
dx: ___
goal 1: able to ___ for ___ minutes by ___ (now ___ minutes)

";

/// A new chart with its first visit, all of it blank.
pub fn new_note(today: Date) -> String {
    format!("{PREAMBLE}{}\n", empty_visit(today).join("\n"))
}

/// With what the new visit begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewVisit {
    /// Its headings alone.
    Empty,
    /// The codes, modifiers, regions and techniques of the last visit.
    CarriedForward,
}

/// Puts a new visit at the end of the document.
///
/// The line of the signature has no placeholder: a visit counts as finished once something stands there.
pub fn next_visit(analysis: &Analysis, kind: NewVisit, today: Date) -> Fix {
    let end = analysis.pieces().last().map_or(0, Piece::end);
    let br = line_break(analysis);
    let visit = lines(analysis, kind, today, end).join(br);
    let another = visit_on(analysis, today).is_some();
    let title = match kind {
        NewVisit::Empty if another => format!("Add another empty visit for {today}"),
        NewVisit::Empty => format!("Add an empty visit for {today}"),
        NewVisit::CarriedForward => {
            let which = if another { "another" } else { "a" };
            format!(
                "Add {which} visit for {today} with the codes of the last visit, its findings blank"
            )
        }
    };
    let text = format!("{}{visit}{br}", gap(analysis, br));
    let span = Span::at(end);
    Fix {
        title: title.into(),
        edits: vec![Edit { span, text }],
        preferred: false,
    }
}

/// The last visit of a day. Two on one day are rare, and are billed together.
pub fn visit_on(analysis: &Analysis, day: Date) -> Option<&Piece> {
    let mut visits = analysis.pieces().rev();
    visits.find(|piece| piece.is_visit() && piece.visit.day() == Some(day))
}

/// The lines of a new visit. Carried forward is the last visit that begins before an offset of the
/// document.
pub fn lines(analysis: &Analysis, kind: NewVisit, today: Date, before: usize) -> Vec<String> {
    let mut pieces = analysis.pieces().rev();
    let last = pieces.find(|p| p.start < before && p.is_visit() && has_text(p));
    match (kind, last) {
        (NewVisit::CarriedForward, Some(last)) => carried(analysis, last, today),
        _ => empty_visit(today),
    }
}

fn has_text(piece: &Piece) -> bool {
    piece.visit.is_treated() || piece.visit.heading.is_some()
}

fn empty_visit(today: Date) -> Vec<String> {
    let visit = format!("visit: {today}");
    let lines = [
        &visit,
        "session: ___",
        "S: ___",
        "O: ___",
        "___ ___ ___ min",
        "A: ___",
        "P: ___",
        "signed:",
    ];
    lines.map(str::to_owned).to_vec()
}

/// The line break of the document, by the last visit that has one.
fn line_break(analysis: &Analysis) -> &'static str {
    let mut pieces = analysis.pieces().rev();
    let piece = pieces.find(|p| p.text.contains(['\n', '\r']));
    piece.map_or("\n", |piece| crate::text::line_break(&piece.text))
}

/// What has to go between the document's end and the new visit for one empty line to stand there.
fn gap(analysis: &Analysis, br: &str) -> String {
    let Some(text) = analysis.pieces().last().map(|p| &*p.text) else {
        return String::new();
    };
    if text.is_empty() {
        return String::new();
    }
    if !text.ends_with(['\n', '\r']) {
        return br.repeat(2);
    }
    // The last line before its break: empty lines that stand there already are enough.
    let breaks = ["\r\n", "\n", "\r"];
    let ended = breaks.iter().find_map(|br| text.strip_suffix(br));
    let line = ended.unwrap_or(text).rsplit(['\n', '\r']).next();
    let line = line.unwrap_or_default();
    let nothing_before = analysis.pieces().len() == 1 && text.trim().is_empty();
    if nothing_before || line.trim().is_empty() {
        return String::new();
    }
    // A carriage return that a line feed follows would be one break with it.
    if text.ends_with('\r') { "\r" } else { br }.to_owned()
}

/// The last visit with what only the new day can say left as placeholders.
fn carried(analysis: &Analysis, piece: &Piece, today: Date) -> Vec<String> {
    let text = &*piece.text;
    let visit = &piece.visit;
    let section = |kind: SectionKind, usual: &str| {
        let found = visit.sections.iter().find(|s| s.kind == kind);
        let name = found.map_or(usual, |s| &text[s.name.range()]);
        format!("{name} {BLANK}")
    };
    let mut lines = vec![format!("visit: {today}"), format!("session: {BLANK}")];
    lines.extend(fields(analysis, piece));
    lines.push(section(SectionKind::Subjective, "S:"));
    lines.push(section(SectionKind::Objective, "O:"));
    lines.push(String::new());
    // Where the treatment has a heading of its own, so it has again.
    let mut sections = visit.sections.iter();
    if let Some(heading) = sections.find(|s| s.kind == SectionKind::Treatment) {
        lines.push(text[heading.name.range()].to_owned());
    }
    for modality in &visit.modalities {
        lines.extend(again(text, modality));
    }
    if visit.is_treated() {
        lines.push(String::new());
    }
    lines.push(section(SectionKind::Assessment, "A:"));
    lines.push(section(SectionKind::Plan, "P:"));
    lines.push("signed:".to_owned());
    lines
}

/// What the visit says of payer, diagnoses and goals beyond what holds for the whole chart.
fn fields(analysis: &Analysis, piece: &Piece) -> Vec<String> {
    let before = analysis.preamble();
    // What stands before the first heading holds for the new visit, too.
    let holds_anyway = before.is_some_and(|p| p.start == piece.start)
        || analysis.pieces().len() == 1 && piece.visit.heading.is_none();
    if holds_anyway {
        return Vec::new();
    }
    let preamble = before.map_or(Vec::new(), |p| kept_fields(&p.visit, &p.text));
    let mut kept = kept_fields(&piece.visit, &piece.text);
    kept.retain(|field| !preamble.contains(field));
    kept
}

fn kept_fields(visit: &Visit, text: &str) -> Vec<String> {
    let fields = visit.field(FieldKind::Payer).into_iter();
    let fields = fields.chain(visit.fields_of(FieldKind::Diagnosis));
    let mut all = Vec::new();
    for field in fields.chain(visit.fields_of(FieldKind::Goal)) {
        if let Some(line) = kept_field(field, text)
            && !all.contains(&line)
        {
            all.push(line);
        }
    }
    all
}

/// What a goal says of today: `(now 30 minutes)`.
static NOW: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)([(\[]\s*(?:now|currently|current|today)\b:?\s*)[^)\]\r\n]*")
        .unwrap_or_else(|error| unreachable!("{error}"))
});

/// A field on one line, its continuation lines joined to it and comments left out.
fn kept_field(field: &Field, text: &str) -> Option<String> {
    let value = &text[field.value?.range()];
    let value: Vec<&str> = value
        .split(['\n', '\r'])
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .collect();
    let mut value = value.join(" ");
    if field.kind == FieldKind::Goal {
        value = NOW.replace_all(&value, "${1}___").into_owned();
    }
    Some(format!("{} {value}", &text[field.key.range()]))
}

/// A modality with its detail lines, to be done again.
fn again(text: &str, modality: &Modality) -> Vec<String> {
    let mut lines = vec![line_again(text, modality)];
    let mut response = modality.is_timed();
    for detail in &modality.details {
        let words = text[detail.span.range()].trim();
        match detail.kind {
            Some(kind @ (FieldKind::Technique | FieldKind::Region)) if !words.is_empty() => {
                lines.push(format!("  {}: {}", kind.key(), without_measures(words)));
            }
            // A pointer to a diagnosis is no finding, and its code no measure.
            Some(FieldKind::Diagnosis) if !words.is_empty() => lines.push(format!("  dx: {words}")),
            Some(FieldKind::Time) => lines.push(format!("  time: {BLANK}")),
            Some(FieldKind::Response) => response = true,
            None => lines.extend(techniques(modality, detail.span, text)),
            _ => {}
        }
    }
    if response {
        lines.push(format!("  response: {BLANK}"));
    }
    lines
}

/// The clauses of a line of prose that name what was done; the others say what came of it.
fn techniques(modality: &Modality, line: Span, text: &str) -> Option<String> {
    let mut kept = Vec::new();
    let mut start = line.start;
    for clause in text[line.range()].split_inclusive(';') {
        let span = Span::new(start, start + clause.len());
        start = span.end;
        let mut named = modality.techniques.iter();
        if named.any(|m| span.start <= m.range.start && m.range.end <= span.end) {
            kept.push(without_measures(clause.trim_end_matches(';').trim()));
        }
    }
    (!kept.is_empty()).then(|| format!("  {}", kept.join("; ")))
}

/// The modality's own line: its times a placeholder where they stood, its claimed units gone.
fn line_again(text: &str, modality: &Modality) -> String {
    let line = modality.line;
    let ranges = modality.clock.iter().map(|r| (r.span, BLANK.to_owned()));
    let durations = modality.durations.iter();
    let durations = durations.map(|d| (d.span, format!("{BLANK} min")));
    let units = modality.claimed.iter().map(|c| (c.span, String::new()));
    let mut measures: Vec<(Span, String)> = ranges.chain(durations).chain(units).collect();
    measures.retain(|(span, _)| modality.modifiers_end <= span.start && span.end <= line.end);
    measures.sort_by_key(|(span, _)| *span);
    // The spelling of hyphens and spaces before the modifiers is the writer's own.
    let mut again = text[modality.code_span.start..modality.modifiers_end].to_owned();
    let mut rest = String::new();
    let (mut at, mut placeholder) = (modality.modifiers_end, false);
    for (span, by) in measures {
        if span.start < at {
            continue;
        }
        rest.push_str(&without_measures(&text[at..span.start]));
        if !by.is_empty() && !placeholder {
            rest.push_str(&by);
            placeholder = true;
        }
        at = span.end;
    }
    rest.push_str(&without_measures(&text[at..line.end.max(at)]));
    let rest = tidy(&rest);
    if !rest.is_empty() {
        let _ = write!(again, " {rest}");
    }
    // A code that no table knows is one by what stands beside it.
    let timed = modality.is_timed() || modality.procedure.is_none();
    if timed && !again.contains(BLANK) && modality.details_of(FieldKind::Time).next().is_none() {
        let _ = write!(again, " {BLANK} min");
    }
    again
}

/// Words without the brackets and commas that stood around what was taken out.
fn tidy(words: &str) -> String {
    let words = words.replace("()", " ").replace("[]", " ");
    let words: Vec<&str> = words.split_whitespace().collect();
    let words = words.join(" ").replace(" ,", ",").replace(" ;", ";");
    let joining = |c: char| matches!(c, '-' | '–' | '‑' | ':' | '/' | ' ');
    words
        .trim_start_matches(joining)
        .trim_end_matches([',', ';', ' '])
        .to_owned()
}

/// Scores, degrees, percentages and grades of strength: what was measured that day.
static MEASURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)
        \b(?:\d{1,2}(?:\.\d)?\s*(?:-|–|to)\s*)?\d{1,2}(?:\.\d)?\s*(?P<of>/\s*10|out\ of\ 10)\b
        | \b\d[+-]?(?P<grade>/5)\b
        | \b(?:\d{1,3}\s*(?:-|–|to)\s*)?\d{1,3}\s*(?P<unit>°|º|degrees?\b|deg\b|%)",
    )
    .unwrap_or_else(|error| unreachable!("{error}"))
});

/// Words with a placeholder for each time and measure.
fn without_measures(words: &str) -> String {
    let mut kept = String::new();
    let mut at = 0;
    let (ranges, durations) = (time::clock_ranges(words, 0), time::durations(words, 0));
    let durations = durations.iter().map(|d| (d.span, " min"));
    let ranges = ranges.iter().map(|r| (r.span, ""));
    let mut measures: Vec<(Span, &str)> = ranges.chain(durations).collect();
    measures.sort_by_key(|(span, _)| *span);
    for (span, unit) in measures {
        if span.start < at {
            continue;
        }
        kept.push_str(&words[at..span.start]);
        kept.push_str(BLANK);
        kept.push_str(unit);
        at = span.end;
    }
    kept.push_str(&words[at..]);
    let placeholder = |found: &regex::Captures<'_>| {
        let unit = ["of", "grade", "unit"]
            .iter()
            .find_map(|name| found.name(name));
        let unit = unit.map_or("", |m| m.as_str());
        let is_word = unit.starts_with(char::is_alphabetic);
        format!("{BLANK}{}{unit}", if is_word { " " } else { "" })
    };
    MEASURE.replace_all(&kept, placeholder).into_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::policy::Policy;
    use crate::text::Document;

    fn analysed(text: &str) -> (Document, Analysis) {
        let document = Document::new(text);
        let policy = Policy::default().on(Date::constant(2026, 11, 22));
        let analysis = Analysis::of(&document, &Arc::new(policy));
        (document, analysis)
    }

    fn with(text: &str, kind: NewVisit) -> String {
        let (mut document, analysis) = analysed(text);
        let fix = next_visit(&analysis, kind, Date::constant(2026, 11, 22));
        for edit in &fix.edits {
            document.replace(edit.span, &edit.text);
        }
        document.text()
    }

    const EMPTY: &str = "visit: 2026-11-22\nsession: ___\nS: ___\nO: ___\n___ ___ ___ min\nA: ___\nP: ___\nsigned:\n";

    #[test]
    fn an_empty_visit_after_one_empty_line() {
        for (text, gap) in [
            ("", ""),
            ("\n", ""),
            ("payer: medicare", "\n\n"),
            ("payer: medicare\n", "\n"),
            ("payer: medicare\n\n", ""),
            ("payer: medicare\n  ", "\n\n"),
            ("P: x 🙂\0", "\n\n"),
        ] {
            assert_eq!(with(text, NewVisit::Empty), format!("{text}{gap}{EMPTY}"));
        }
        for br in ["\r\n", "\r"] {
            let text = format!("visit: 2026-11-20{br}S: x{br}");
            let expected = format!("{text}{br}{}", EMPTY.replace('\n', br));
            assert_eq!(with(&text, NewVisit::Empty), expected);
        }
        let mixed = with("S: x\nO: y\r", NewVisit::Empty);
        assert!(mixed.starts_with("S: x\nO: y\r\rvisit: "), "{mixed:?}");
    }

    #[test]
    fn the_last_visit_carried_forward() {
        let sample = include_str!("../../../tests/notes/format-sample.soap");
        let text = with(sample, NewVisit::CarriedForward);
        let expected = "\nvisit: 2026-11-22\nsession: ___\nS: ___\nO: ___\n\n\
            97124 lumbar ___\n  technique: effleurage, petrissage\n  response: ___\n\
            97140-59 cervical, R shoulder ___\n  joint mobilization C4-C6, gr III\n  response: ___\n\
            97010 lumbar ___ min\n\nA: ___\nP: ___\nsigned:\n";
        assert_eq!(text, format!("{sample}{expected}"));
    }

    #[test]
    fn what_only_that_day_could_say_is_a_placeholder() {
        let text = "payer: medicare\ndx: M54.2\nvisit: 2026-11-01\n97110 5 min\nvisit: 2026-11-20\npayer: premera\n\
            Subjective: worse\ndx: M54.50 low back\n  pain\ngoal 1: sit 60 minutes by 2026-12-15 (now 30 minutes)\n\
            Tx: as planned\n\
            97110 GP lumbar 25 min (10:00-10:25), x2 dx M54.2\n  bridges; SLR 40 to 55 degrees\n  pain 3/10\n  region: L hip\n\
            97124- R neck (15 min)\n  technique: MFR at 7/10 pain, 5 min\n  dx: M54.2\n  note: slept\n  time: 10:25-10:40\n\
            98943\nPlan: go on\nsigned: A. Rivera, LMT 2026-11-20\n";
        let new = with(text, NewVisit::CarriedForward);
        let expected = "visit: 2026-11-22\nsession: ___\npayer: premera\ndx: M54.50 low back pain\n\
            goal 1: sit 60 minutes by 2026-12-15 (now ___)\nSubjective: ___\nO: ___\n\nTx:\n\
            97110 GP lumbar ___ min, dx M54.2\n  bridges; SLR ___ degrees\n  region: L hip\n  response: ___\n\
            97124 R neck (___ min)\n  technique: MFR at ___/10 pain, ___ min\n  dx: M54.2\n  time: ___\n  response: ___\n\
            98943\n\nA: ___\nPlan: ___\nsigned:\n";
        assert_eq!(
            new.strip_prefix(text).unwrap_or(&new).trim_start(),
            expected
        );
    }

    #[test]
    fn what_stands_before_the_first_heading_is_not_repeated() {
        let new = with("dx: M54.2\n97124 neck 25 min\n", NewVisit::CarriedForward);
        let (_, new) = new.split_once("visit:").unwrap();
        assert!(
            new.contains("97124 neck ___ min") && !new.contains("dx"),
            "{new}"
        );
        assert_eq!(
            with("dx: M54.2\n", NewVisit::CarriedForward),
            format!("dx: M54.2\n\n{EMPTY}")
        );
    }

    /// Lines of notes, whole and broken, in any order.
    fn notes() -> impl Strategy<Value = String> {
        let line = prop::sample::select(vec![
            "visit: 2026-11-20",
            "dx: M54.2",
            "  more",
            "97124 lumbar 10:00-10:25 x2",
            "97140-59-GP R neck (15 min)",
            "  technique: MFR",
            "  MFR; pain 5/10 to 3/10",
            "S: a",
            "A:",
            "P: b",
            "Tx:",
            "// no",
            "97010",
            "97199 x2",
            "goal 1: sit (now 5 min)",
            "97110-",
            "G0283 1/2 hour",
            "signed: x",
            "\u{feff}",
            "🙂 \0",
            "",
            "   ",
            "payer:",
            "97112 GP dx M54.2, 8-15 min, ~9 min",
            "98941 cervical; lumbar [ ]",
        ]);
        let br = prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"]);
        prop::collection::vec((line, br), 0..12).prop_map(|lines| {
            lines
                .into_iter()
                .flat_map(|(l, b)| [l, b])
                .collect::<String>()
        })
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_the_codes_come_back(text in notes(), cut in 0_usize..4) {
            let mut text = text;
            for _ in 0..cut {
                text.pop();
            }
            let (_, before) = analysed(&text);
            let last = before.pieces().rev().find(|p| p.is_visit() && has_text(p));
            let codes = |visit: &Visit| -> Vec<(String, Vec<String>)> {
                let modifiers = |m: &Modality| m.modifiers.iter().map(|m| m.code.clone()).collect();
                visit.modalities.iter().map(|m| (m.code.clone(), modifiers(m))).collect()
            };
            for kind in [NewVisit::Empty, NewVisit::CarriedForward] {
                let new = with(&text, kind);
                prop_assert!(new.starts_with(&text));
                let (_, after) = analysed(&new);
                let added = &after.pieces().last().expect("a visit");
                prop_assert!(added.text.starts_with("visit: 2026-11-22"));
                let kept = match (kind, last) {
                    (NewVisit::CarriedForward, Some(last)) => codes(&last.visit),
                    _ => Vec::new(),
                };
                prop_assert_eq!(codes(&added.visit), kept);
                prop_assert_eq!(after.pieces().len(), before.pieces().filter(|p| !p.text.is_empty()).count() + 1);
                prop_assert!(added.visit.modalities.iter().all(|m| m.minutes().stated().is_none() && m.claimed.is_none()));
                prop_assert!(!added.visit.is_signed());
            }
        }
    }
}
