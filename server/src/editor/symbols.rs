//! The outline of a chart, and the search for visits and diagnoses over charts.

use std::collections::BTreeSet;

use super::index::Entry;
use super::layout::{Block, BlockKind, blocks};
use super::{counted, hints, stated, with_modifiers};
use crate::analysis::{Analysis, Piece};
use crate::chart::{FieldKind, Modality, SectionKind, WrittenDate};
use crate::reference::procedures;
use crate::rules::VisitCase;
use crate::text::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    Visit,
    Section,
    Modality,
    Goal,
    Diagnosis,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub kind: SymbolKind,
    pub name: String,
    /// A word more, shown beside the name.
    pub detail: Option<String>,
    /// All of it, in offsets of the document.
    pub span: Span,
    /// What to put the cursor on.
    pub place: Span,
    pub inside: Vec<Symbol>,
}

/// The outline of a chart: its goals and diagnoses, its visits with what was done in each.
pub fn of_document(analysis: &Analysis) -> Vec<Symbol> {
    let symbols = analysis.pieces().flat_map(|piece| {
        let case = analysis.case(piece);
        let blocks = blocks(piece).into_iter();
        blocks.map(move |b| symbol(&case, &b))
    });
    symbols.collect()
}

/// The visits and diagnoses of a chart, in order. A visit's name has its codes, so that a client
/// that looks for the query in the names again finds it there. A diagnosis is reported once for a chart,
/// where it stands first.
pub fn of_chart(analysis: &Analysis) -> Vec<Entry> {
    let mut known = BTreeSet::new();
    let mut entries = Vec::new();
    for piece in analysis.pieces() {
        let case = analysis.case(piece);
        let mut waiting: Vec<_> = blocks(piece).into_iter().rev().collect();
        while let Some(block) = waiting.pop() {
            match block.kind {
                BlockKind::Visit(heading) => {
                    let mut symbol = shallow(&case, &block);
                    let codes = codes(&case);
                    if !codes.is_empty() {
                        symbol.name = format!("{}: {}", symbol.name, codes.join(", "));
                    }
                    let written = heading.map_or("visit", |h| case.str(h.span));
                    entries.push(entry(symbol, &[written, &labels(&case)]));
                }
                BlockKind::Diagnosis(diagnosis) if known.insert(diagnosis.code.clone()) => {
                    let mut symbol = shallow(&case, &block);
                    let undotted = diagnosis.code.replace('.', "");
                    let title = title(&case, &diagnosis.code).unwrap_or_default();
                    let words = symbol.detail.take().unwrap_or_default();
                    if !words.is_empty() {
                        symbol.name = format!("{} {words}", symbol.name);
                    }
                    entries.push(entry(symbol, &[&undotted, &title]));
                }
                _ => {}
            }
            waiting.extend(block.inside.into_iter().rev());
        }
    }
    entries
}

fn entry(symbol: Symbol, others: &[&str]) -> Entry {
    Entry {
        // A word that is looked for has no line break in it, so that it lies in one of the texts.
        words: format!("{}\n{}", symbol.name, others.join("\n")).to_lowercase(),
        kind: symbol.kind,
        name: symbol.name,
        span: symbol.span,
    }
}

fn symbol(case: &VisitCase<'_>, block: &Block<'_>) -> Symbol {
    Symbol {
        inside: block.inside.iter().map(|b| symbol(case, b)).collect(),
        ..shallow(case, block)
    }
}

/// `25 min, 2 units`: the outline stands apart from the line, so that what the line says is not too
/// much here, as it is for a hint.
fn minutes_and_units(case: &VisitCase<'_>, modality: &Modality) -> Option<String> {
    let hint = hints::units::block(case, modality).map(plain);
    let minutes = modality.minutes().stated().filter(|_| modality.is_timed());
    match (minutes, hint) {
        (Some(minutes), Some(hint)) if !hint.contains(" min") => {
            Some(format!("{minutes} min, {hint}"))
        }
        (Some(minutes), None) => Some(match modality.claimed {
            Some(claimed) => format!("{minutes} min, {}", counted(claimed.units, "unit")),
            None => format!("{minutes} min"),
        }),
        (_, hint) => hint,
    }
}

/// A block as a symbol, without what stands inside.
fn shallow(case: &VisitCase<'_>, block: &Block<'_>) -> Symbol {
    let (kind, name, detail) = match block.kind {
        BlockKind::Visit(_) => {
            let total = hints::units::total(case).filter(|_| case.visit.is_treated());
            (SymbolKind::Visit, visit_name(case), total.map(plain))
        }
        BlockKind::Section(section) => {
            let name = match section.kind {
                SectionKind::Subjective => "Subjective",
                SectionKind::Objective => "Objective",
                SectionKind::Assessment => "Assessment",
                SectionKind::Plan => "Plan",
                SectionKind::Treatment => "Treatment",
            };
            (SymbolKind::Section, name.to_owned(), None)
        }
        BlockKind::Modality(modality) => {
            let code = code_with_modifiers(modality);
            let name = label(modality).map_or(code.clone(), |label| format!("{code} {label}"));
            let detail = minutes_and_units(case, modality);
            (SymbolKind::Modality, name, detail)
        }
        BlockKind::Goal(goal) => {
            let key = case.str(goal.key).trim().trim_end_matches(':').trim_end();
            (SymbolKind::Goal, key.to_owned(), brief(case.str(goal.span)))
        }
        BlockKind::Diagnosis(diagnosis) => {
            let beside = super::layout::words_beside(case.text, case.visit, diagnosis);
            let words = case.str(beside);
            let words = words.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
            let words = brief(words).or_else(|| title(case, &diagnosis.code));
            (SymbolKind::Diagnosis, diagnosis.code.clone(), words)
        }
    };
    Symbol {
        kind,
        name,
        detail,
        span: block.span,
        place: block.name,
        inside: Vec::new(),
    }
}

/// A visit's date and payer, as far as they are given.
pub(super) fn visit_name(case: &VisitCase<'_>) -> String {
    let heading = case.visit.heading.as_ref();
    let date = heading.and_then(|heading| match heading.date {
        Some(WrittenDate { day: Some(day), .. }) => Some(day.to_string()),
        Some(date) => Some(case.str(date.span).to_owned()),
        None => heading.value.and_then(|v| brief(case.str(v))),
    });
    let date = date.unwrap_or_else(|| "Visit".to_owned());
    match stated(case, FieldKind::Payer, brief) {
        Some(payer) => format!("{date}, {payer}"),
        None => date,
    }
}

/// The name of the piece that holds an offset, for a sentence.
pub(super) fn place_name(analysis: &Analysis, piece: &Piece) -> String {
    let case = analysis.case(piece);
    match case.visit.heading.as_ref().and_then(|h| h.date) {
        Some(date) => format!("the visit of {}", case.str(date.span)),
        None if case.visit.heading.is_some() => "a visit without a date".to_owned(),
        None => "the lines before the first visit".to_owned(),
    }
}

fn code_with_modifiers(modality: &Modality) -> String {
    with_modifiers(&modality.code, modality.modifiers.iter().map(|m| &m.code))
}

/// The codes of a visit, each once, in order.
fn codes(case: &VisitCase<'_>) -> Vec<String> {
    let mut known = BTreeSet::new();
    let codes = case.visit.modalities.iter().map(code_with_modifiers);
    codes.filter(|code| known.insert(code.clone())).collect()
}

fn labels(case: &VisitCase<'_>) -> String {
    let labels = case.visit.modalities.iter().filter_map(label);
    labels.collect::<Vec<_>>().join("\n")
}

fn label(modality: &Modality) -> Option<&'static str> {
    let known = procedures::find(&modality.code).map(|p| p.label);
    known.or_else(|| modality.retired.map(|old| old.was))
}

fn title(case: &VisitCase<'_>, code: &str) -> Option<String> {
    case.release().find(code).map(|entry| entry.title)
}

/// A hint's label as a plain remark.
fn plain((label, _): (String, String)) -> String {
    label.trim_start_matches("= ").to_owned()
}

/// A text on one line, and not too much of it.
fn brief(text: &str) -> Option<String> {
    const MOST: usize = 60;
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(MOST - 1)
        && line.chars().count() > MOST
    {
        line.truncate(line[..end].trim_end().len());
        line.push('…');
    }
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::super::index::Query;
    use super::super::layout::testing::{analysis, notes};
    use super::*;
    use proptest::prelude::*;

    const CHART: &str = "patient: 10234\npayer: regence\ndx: M54.50 low back pain, left, M54.2\ngoal 1: sit at desk 60 minutes by 2026-12-15\n\nvisit: 2026-11-02\nS: Sore.\n\nO: Tight.\n97124 lumbar 10:02-10:27\n  technique: effleurage\n97140-59 cervical 10:27-10:42\nA: Better toward goal 1.\ngoal 2: drive 60 minutes\nP: Weekly.\n\nvisit: 11/9/2026\npayer: medicare\nTx: as last time\n97110 15 min\n";

    fn outline(text: &str) -> Vec<String> {
        fn lines(symbols: &[Symbol], depth: usize, out: &mut Vec<String>) {
            for symbol in symbols {
                let detail = symbol.detail.as_deref().unwrap_or("-");
                out.push(format!("{}{} | {detail}", "  ".repeat(depth), symbol.name));
                lines(&symbol.inside, depth + 1, out);
            }
        }
        let mut out = Vec::new();
        lines(&of_document(&analysis(text).1), 0, &mut out);
        out
    }

    fn search(text: &str, query: &str) -> Vec<String> {
        let (_, analysis) = analysis(text);
        let query = Query::of(query);
        let found = of_chart(&analysis).into_iter();
        let found = found.filter(|entry| query.fits(&entry.words));
        found.map(|entry| entry.name).collect()
    }

    #[test]
    fn the_outline_of_a_chart() {
        assert_eq!(
            outline(CHART),
            [
                "M54.50 | low back pain, left",
                "M54.2 | Cervicalgia",
                "goal 1 | sit at desk 60 minutes by 2026-12-15",
                "2026-11-02, regence | 40 timed min, 3 units",
                "  Subjective | -",
                "  Objective | -",
                "  97124 massage | 25 min, 2 units",
                "  97140-59 hands-on manual therapy | 15 min, 1 unit",
                "  Assessment | -",
                "    goal 2 | drive 60 minutes",
                "  Plan | -",
                "2026-11-09, medicare | 15 timed min, 1 unit",
                "  Treatment | -",
                "    97110 exercise for strength, endurance, motion or flexibility | 15 min, 1 unit",
            ]
        );
    }

    #[test]
    fn a_note_without_a_heading_is_a_visit() {
        assert_eq!(
            outline("dx: M54.2\nS: Sore.\n97124 25 min\n"),
            [
                "M54.2 | Cervicalgia",
                "Visit | 25 timed min, 2 units",
                "  Subjective | -",
                "  97124 massage | 25 min, 2 units",
            ]
        );
        assert_eq!(outline(""), [""; 0]);
        assert_eq!(outline("visit:"), ["Visit | -"]);
        assert_eq!(outline("visit: 4 of 12"), ["4 of 12 | -"]);
    }

    #[test]
    fn blocks_in_sentences_and_tables() {
        // Of two codes that share a line the second stands inside the first.
        assert_eq!(
            outline(
                "visit: 2026-11-02\nO: Manual therapy (97140-GP): 12 minutes. Gait 8 min (97116).\n| CPT | Min |\n| 97530 | 25 |\n97110/97112 25 min\nP: Weekly.\n"
            ),
            [
                "2026-11-02 | 45 timed min so far",
                "  Objective | -",
                "  97140-GP hands-on manual therapy | 12 min",
                "  97116 gait and stair training | 8 min",
                "  97530 practice of functional tasks | 25 min",
                "  97110 exercise for strength, endurance, motion or flexibility | -",
                "    97112 retraining of movement, balance, coordination and posture | -",
                "  Plan | -",
            ]
        );
    }

    #[test]
    fn the_search_finds_visits_and_diagnoses() {
        let first = "2026-11-02, regence: 97124, 97140-59";
        let second = "2026-11-09, medicare: 97110";
        let (back, neck) = ("M54.50 low back pain, left", "M54.2 Cervicalgia");
        assert_eq!(search(CHART, ""), [back, neck, first, second]);
        assert_eq!(search(CHART, "2026-11"), [first, second]);
        assert_eq!(search(CHART, "11/9"), [second]);
        assert_eq!(search(CHART, "REGENCE 97140"), [first]);
        assert_eq!(search(CHART, "massage"), [first]);
        assert_eq!(search(CHART, "m542"), [neck]);
        assert_eq!(search(CHART, "back pain"), [back]);
        assert_eq!(search(CHART, "10234"), [""; 0], "the patient is no symbol");
        let again = format!("{CHART}dx: M54.50\n");
        assert_eq!(search(&again, "m54.50"), [back], "once for the chart");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn symbols_have_names_and_lie_inside_each_other(text in notes()) {
            fn check(symbols: &[Symbol], within: Span) -> Result<(), TestCaseError> {
                let mut before = within.start;
                for symbol in symbols {
                    prop_assert!(!symbol.name.trim().is_empty());
                    prop_assert!(!symbol.name.contains(['\n', '\r']));
                    prop_assert!(before <= symbol.span.start && symbol.span.end <= within.end);
                    prop_assert!(symbol.span.start <= symbol.place.start);
                    prop_assert!(symbol.place.end <= symbol.span.end);
                    check(&symbol.inside, symbol.span)?;
                    before = symbol.span.end;
                }
                Ok(())
            }
            let (document, analysis) = analysis(&text);
            check(&of_document(&analysis), Span::new(0, document.len()))?;
        }
    }
}
