//! What is named in several places of a chart: numbered goals, diagnoses and procedure codes. Where
//! each is named, and how goals and diagnoses are named anew.

use std::collections::BTreeSet;

use regex::Regex;

use super::around;
use super::symbols::place_name;
use crate::analysis::{Analysis, Piece};
use crate::chart::comment::Comments;
use crate::chart::mention::goals_in;
use crate::chart::{Diagnosis, DiagnosisKind, FieldKind, GoalMention, GoalSeries, diagnosis};
use crate::pattern::{compile, words};
use crate::rules::Edit;
use crate::text::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoalName {
    pub series: GoalSeries,
    pub number: u32,
}

impl GoalName {
    fn of(mention: &GoalMention) -> Self {
        Self {
            series: mention.series,
            number: mention.number,
        }
    }

    /// `goal 1`, `STG 2`.
    fn words(self) -> String {
        format!("{} {}", self.series.word(), self.number)
    }
}

/// What a place names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A numbered goal that the chart has.
    Goal(GoalName),
    /// A diagnosis code, with its dot.
    Diagnosis(String),
    Procedure(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAtCursor {
    pub name: Name,
    /// In offsets of the document.
    pub span: Span,
    /// What a new name would take the place of: of `goal 1` the number.
    pub renamed: Span,
}

/// A place where a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The name, in offsets of the document.
    pub span: Span,
    /// What a new name would take the place of.
    pub renamed: Span,
    /// Whether the chart says here what the name stands for: a goal's key, an entry of `dx`, a block
    /// of a procedure.
    pub defines: bool,
}

impl Occurrence {
    /// A name that a new one would take the place of as a whole.
    fn whole(span: Span, defines: bool) -> Self {
        let renamed = span;
        Self {
            span,
            renamed,
            defines,
        }
    }
}

/// What an offset of the document names.
pub fn at(analysis: &Analysis, offset: usize) -> Option<NameAtCursor> {
    let piece = analysis.piece_at(offset)?;
    let (text, visit) = (&*piece.text, &piece.visit);
    let at = offset - piece.start;
    let found = |name, span: Span, renamed: Span| {
        Some(NameAtCursor {
            name,
            span: span.shifted(piece.start),
            renamed: renamed.shifted(piece.start),
        })
    };
    if let Some(modality) = visit.modalities.iter().find(|m| m.code_span.touches(at)) {
        let span = modality.code_span;
        return found(Name::Procedure(modality.code.clone()), span, span);
    }
    if let Some(entry) = entries(piece).find(|d| d.span.touches(at)) {
        return found(Name::Diagnosis(entry.code.clone()), entry.span, entry.span);
    }
    if let Some(span) = dotted_code(text, at).filter(|s| !Comments::of(text).hold(s.start)) {
        let code = text[span.range()].to_ascii_uppercase();
        let known = |piece: &Piece| entries(piece).any(|d| d.code == code);
        if analysis.pieces().any(known) {
            return found(Name::Diagnosis(code), span, span);
        }
    }
    let mention = goals_in(text, 0).into_iter().find(|m| m.span.touches(at))?;
    let goal = meant(&goals(analysis), GoalName::of(&mention))?;
    found(Name::Goal(goal), mention.span, mention.digits)
}

/// Every place of a name, in order.
pub fn places(analysis: &Analysis, name: &Name) -> Vec<Occurrence> {
    let pieces = analysis.pieces();
    match name {
        Name::Procedure(code) => pieces
            .flat_map(|piece| {
                let blocks = piece.visit.modalities.iter();
                let blocks = blocks.filter(|m| m.code == *code);
                blocks.map(|m| Occurrence::whole(m.code_span.shifted(piece.start), true))
            })
            .collect(),
        Name::Diagnosis(code) => {
            // Exactly as it is written with its dot: `M542` in prose may be anything.
            let pattern = format!("(?i){}", regex::escape(code));
            let pattern = code.contains('.').then(|| compile(&pattern));
            pieces
                .flat_map(|piece| diagnosis_places(piece, code, pattern.as_ref()))
                .collect()
        }
        Name::Goal(goal) => {
            let goals = goals(analysis);
            pieces
                .flat_map(mentions)
                .filter(|(mention, _)| meant(&goals, GoalName::of(mention)) == Some(*goal))
                .map(|(mention, defines)| Occurrence {
                    span: mention.span,
                    renamed: mention.digits,
                    defines,
                })
                .collect()
        }
    }
}

/// Where a chart says what a name stands for: the goal's own line, the first entry of a diagnosis.
/// A procedure code has no such place in a chart.
pub fn definition(analysis: &Analysis, name: &Name) -> Option<Span> {
    if matches!(name, Name::Procedure(_)) {
        return None;
    }
    let mut places = places(analysis, name).into_iter();
    places.find(|p| p.defines).map(|p| p.span)
}

fn diagnosis_places(piece: &Piece, code: &str, pattern: Option<&Regex>) -> Vec<Occurrence> {
    let text = &*piece.text;
    let same = |d: &&Diagnosis| d.code == code;
    let listed = listed(piece).filter(same).map(|d| (d.span, true));
    let pointers = pointers(piece).filter(same).map(|d| (d.span, false));
    let mut spans: Vec<(Span, bool)> = listed.chain(pointers).collect();
    let known: BTreeSet<usize> = spans.iter().map(|(span, _)| span.start).collect();
    let comments = Comments::of(text);
    for found in pattern.into_iter().flat_map(|p| p.find_iter(text)) {
        let span = Span::from(found.range());
        let whole = dotted_code(text, span.start) == Some(span);
        if whole && !known.contains(&span.start) && !comments.hold(span.start) {
            spans.push((span, false));
        }
    }
    spans.sort_unstable();
    let spans = spans.into_iter();
    spans
        .map(|(span, defines)| Occurrence::whole(span.shifted(piece.start), defines))
        .collect()
}

/// The diagnosis codes of a piece's `dx` fields and of its modalities.
fn entries(piece: &Piece) -> impl Iterator<Item = &Diagnosis> {
    listed(piece).chain(pointers(piece))
}

fn listed(piece: &Piece) -> impl Iterator<Item = &Diagnosis> {
    let visit = &piece.visit;
    visit.diagnoses.iter().filter(move |d| is_code(piece, d))
}

fn pointers(piece: &Piece) -> impl Iterator<Item = &Diagnosis> {
    let modalities = piece.visit.modalities.iter();
    let pointers = modalities.flat_map(|m| &m.diagnoses);
    pointers.filter(move |d| is_code(piece, d))
}

/// `M54.5.0` is no code, and `M54.5` is not what was meant.
fn is_code(piece: &Piece, diagnosis: &Diagnosis) -> bool {
    let mut after = piece.text[diagnosis.span.end..].chars();
    let longer = after.next() == Some('.') && after.next().is_some_and(char::is_alphanumeric);
    diagnosis.kind == DiagnosisKind::Icd10 && !longer
}

words!(DOTTED, r"^[A-Za-z]\d[0-9A-Za-z]\.[0-9A-Za-z]{1,4}$");

/// The span of the code with a dot at an offset, such as `M54.50`, if there is one.
fn dotted_code(text: &str, at: usize) -> Option<Span> {
    let span = around(text, at, |c| {
        c.is_alphanumeric() || matches!(c, '.' | '_' | '-')
    });
    // A full stop after the code is the sentence's.
    let code = text[span.range()].trim_end_matches(['.', '-']);
    let span = Span::new(span.start, span.start + code.len());
    (DOTTED.is_match(code) && span.touches(at)).then_some(span)
}

fn goals(analysis: &Analysis) -> BTreeSet<GoalName> {
    let pieces = analysis.pieces();
    let keys = pieces.flat_map(|piece| {
        let fields = piece.visit.fields_of(FieldKind::Goal);
        fields.flat_map(|f| goals_in(&piece.text[f.key.range()], 0))
    });
    keys.map(|mention| GoalName::of(&mention)).collect()
}

/// The goal that words mean: the one they name, or, of a chart that numbers its short- or its
/// long-term goals only, `goal 1` means that one.
fn meant(goals: &BTreeSet<GoalName>, name: GoalName) -> Option<GoalName> {
    if goals.contains(&name) {
        return Some(name);
    }
    if name.series != GoalSeries::Plain {
        return None;
    }
    let mut others = goals.iter().filter(|g| g.number == name.number);
    let other = others.next().copied();
    other.filter(|_| others.next().is_none())
}

/// The mentions of goals in a piece, in offsets of the document, and whether each is a goal's key.
fn mentions(piece: &Piece) -> Vec<(GoalMention, bool)> {
    let visit = &piece.visit;
    let in_key = |mention: GoalMention| {
        let at = mention.digits.start - piece.start;
        let mut goals = visit.fields_of(FieldKind::Goal);
        (mention, goals.any(|f| f.key.range().contains(&at)))
    };
    let mentions = goals_in(&piece.text, piece.start).into_iter();
    mentions.map(in_key).collect()
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renaming {
    /// Those that may be made at once; spans are offsets of the document.
    pub edits: Vec<Edit>,
    /// Those in visits that are signed. Who signs answers for every word: they are to be looked at
    /// one by one where the editor can show them.
    pub signed: Vec<Edit>,
}

const NOTHING_TO_RENAME: &str = "Only a numbered goal, such as goal 1, or a diagnosis code can be renamed. Put the cursor on one of them.";
const PROCEDURE: &str = "A procedure code says what was done in one visit. Change it there; it is not renamed across the chart.";

/// What can be renamed at an offset, or why nothing can: its place and what stands there now.
pub fn prepare_rename(analysis: &Analysis, offset: usize) -> Result<(Span, String), String> {
    let found = at(analysis, offset).ok_or(NOTHING_TO_RENAME)?;
    let word = match found.name {
        Name::Procedure(_) => return Err(PROCEDURE.to_owned()),
        Name::Diagnosis(code) => code,
        Name::Goal(goal) => goal.number.to_string(),
    };
    Ok((found.renamed, word))
}

/// The edits that give a new name to what stands at an offset, or why that cannot be.
pub fn rename(analysis: &Analysis, offset: usize, to: &str) -> Result<Renaming, String> {
    let found = at(analysis, offset).ok_or(NOTHING_TO_RENAME)?;
    let (same, text) = match &found.name {
        Name::Procedure(_) => return Err(PROCEDURE.to_owned()),
        Name::Diagnosis(code) => {
            let new = diagnosis_code(to)?;
            beside_each_other(analysis, code, &new)?;
            (new == *code, new)
        }
        Name::Goal(goal) => {
            let new = GoalName {
                number: goal_number(to, goal.series)?,
                series: goal.series,
            };
            stays_clear(analysis, *goal, new)?;
            (new == *goal, new.number.to_string())
        }
    };
    let mut renaming = Renaming::default();
    if same {
        return Ok(renaming);
    }
    for place in places(analysis, &found.name) {
        let (span, text) = (place.renamed, text.clone());
        let piece = analysis.piece_at(span.start);
        if piece.is_some_and(|piece| piece.visit.is_signed()) {
            renaming.signed.push(Edit { span, text });
        } else {
            renaming.edits.push(Edit { span, text });
        }
    }
    Ok(renaming)
}

fn diagnosis_code(text: &str) -> Result<String, String> {
    let text = text.trim();
    if let [one] = diagnosis::find_in(text, 0).as_slice()
        && one.kind == DiagnosisKind::Icd10
        && one.span == Span::new(0, text.len())
        // `M54.` begins like a code; the shape is checked with its dot.
        && (one.code.len() == 3 || DOTTED.is_match(&one.code))
    {
        return Ok(one.code.clone());
    }
    Err("This is not the form of an ICD-10-CM code: a letter, a digit, one more letter or digit, and up to four more after a dot, such as M54.50.".to_owned())
}

/// One list of diagnoses must not come to name the new one twice.
fn beside_each_other(analysis: &Analysis, old: &str, new: &str) -> Result<(), String> {
    if old == new {
        return Ok(());
    }
    for piece in analysis.pieces() {
        let visit = &piece.visit;
        let lists =
            std::iter::once(&visit.diagnoses).chain(visit.modalities.iter().map(|m| &m.diagnoses));
        for list in lists {
            let has = |code: &str| list.iter().any(|d| d.code == code);
            if has(old) && has(new) {
                let place = place_name(analysis, piece);
                return Err(format!(
                    "{new} is already listed beside {old} in {place}. Take one of them out there instead."
                ));
            }
        }
    }
    Ok(())
}

/// A number, perhaps with the word before it that it has already.
fn goal_number(text: &str, series: GoalSeries) -> Result<u32, String> {
    let text = text.trim();
    let digits = match goals_in(text, 0).as_slice() {
        [one] if one.series == series && one.span == Span::new(0, text.len()) => {
            &text[one.digits.range()]
        }
        _ => text.strip_prefix('#').unwrap_or(text),
    };
    let plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let number = digits.parse().ok().filter(|n| plain && *n > 0);
    number.ok_or_else(|| "A goal can only be renamed to another number, from 1 to 999.".to_owned())
}

/// No words may come to mean another goal than they do now.
fn stays_clear(analysis: &Analysis, old: GoalName, new: GoalName) -> Result<(), String> {
    if old == new {
        return Ok(());
    }
    let before = goals(analysis);
    let words = new.words();
    let used = format!("This chart mentions {words} already. Choose a number that is not used.");
    if before.contains(&new) {
        return Err(used);
    }
    let mut after = before.clone();
    after.remove(&old);
    after.insert(new);
    for piece in analysis.pieces() {
        for (mention, _) in mentions(piece) {
            let name = GoalName::of(&mention);
            let meant_before = meant(&before, name);
            let renamed = meant_before == Some(old);
            if renamed && mention.in_range {
                return Err(format!(
                    "In {} the note gives a range of goals, as in “goals 1-3”. Write the numbers out there first.",
                    place_name(analysis, piece)
                ));
            }
            let number = if renamed { new.number } else { name.number };
            let wanted = if renamed { Some(new) } else { meant_before };
            if meant(&after, GoalName { number, ..name }) != wanted {
                return Err(used);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::layout::testing::{analysis, notes};
    use super::*;
    use proptest::prelude::*;

    const CHART: &str = "dx: M54.50 low back pain; M54.2\ngoal 1: sit 60 minutes by May\nSTG 1: walk\n\nvisit: 2026-11-02\n97124 lumbar 10:02-10:27 dx M54.50\n  dx: m542\nA: Better toward goal 1 and STG 1, m54.50 less. // M54.50\n// M54.50, goal 1\nP: Goals 1 and 2.\n97124 15 min\nsigned: A. Rivera, LMT 2026-11-02\n\nvisit: 2026-11-09\nA: STG 1 met; M54.501 and xM54.50 are none.\n";

    /// What stands at the places of what the mark `^` names, with a star where it is defined.
    fn named(text: &str) -> Vec<String> {
        let offset = text.find('^').unwrap();
        let (document, analysis) = analysis(&text.replacen('^', "", 1));
        let Some(found) = at(&analysis, offset) else {
            return Vec::new();
        };
        assert!(found.span.touches(offset));
        let places = places(&analysis, &found.name).into_iter();
        places
            .map(|p| {
                let star = if p.defines { "*" } else { "" };
                format!("{}{star}", document.slice(p.span))
            })
            .collect()
    }

    fn marked(from: &str, to: &str) -> String {
        assert!(CHART.contains(from), "{from}");
        CHART.replacen(from, to, 1)
    }

    /// The text after a renaming, signed visits too.
    fn renamed(text: &str, to: &str) -> Result<String, String> {
        let offset = text.find('^').unwrap();
        let text = text.replacen('^', "", 1);
        let (mut document, analysis) = analysis(&text);
        let Renaming { mut edits, signed } = rename(&analysis, offset, to)?;
        edits.extend(signed);
        edits.sort_by_key(|e| e.span);
        assert!(edits.windows(2).all(|w| w[0].span.end <= w[1].span.start));
        for edit in edits.iter().rev() {
            document.replace(edit.span, &edit.text);
        }
        Ok(document.text())
    }

    #[test]
    fn goals_over_the_visits() {
        let goal = ["goal 1*", "goal 1", "Goals 1"];
        assert_eq!(named(&marked("goal 1:", "go^al 1:")), goal);
        assert_eq!(named(&marked("toward goal 1", "toward goal 1^")), goal);
        assert_eq!(named(&marked("Goals 1", "Goals^ 1")), goal);
        let short = ["STG 1*", "STG 1", "STG 1"];
        assert_eq!(named(&marked("STG 1 met", "STG^ 1 met")), short);
        assert_eq!(named(&marked("and 2", "and ^2")), [""; 0], "no goal 2");
        assert_eq!(named("goal: x\nA: goal^ 1"), [""; 0]);
        // A chart that numbers nothing else.
        assert_eq!(named("STG 1: x\nA: go^al 1 met"), ["STG 1*", "goal 1"]);
        assert_eq!(named("STG 1: x\nLTG 1: y\nA: go^al 1 met"), [""; 0]);
        assert_eq!(named("goal 2^:"), ["goal 2*"]);
    }

    #[test]
    fn diagnoses_and_codes_over_the_visits() {
        let back = ["M54.50*", "M54.50", "m54.50", "M54.50"];
        assert_eq!(named(&marked("M54.50 low", "M5^4.50 low")), back);
        assert_eq!(named(&marked("dx M54.50", "dx ^M54.50")), back);
        assert_eq!(named(&marked("m54.50 less", "m54.50^ less")), back);
        assert_eq!(named(&marked("m542", "m^542")), ["M54.2*", "m542"]);
        assert_eq!(named(&marked("M54.501 and", "M54.5^01 and")), [""; 0]);
        let massage = ["97124*", "97124*"];
        assert_eq!(named(&marked("97124 15", "97^124 15")), massage);
        assert_eq!(named("A: 97^124 is prose"), [""; 0]);
        assert_eq!(named("A: S1^3.4 is not in the chart"), [""; 0]);
    }

    #[test]
    fn a_definition_is_the_first_that_says_so() {
        let defined = |text: &str| {
            let offset = text.find('^').unwrap();
            let (document, analysis) = analysis(&text.replacen('^', "", 1));
            let found = at(&analysis, offset).unwrap();
            definition(&analysis, &found.name).map(|s| (s.start, document.slice(s)))
        };
        let goal = CHART.find("goal 1").unwrap();
        assert_eq!(
            defined(&marked("Goals 1", "Goals 1^")),
            Some((goal, "goal 1".to_owned()))
        );
        assert_eq!(
            defined(&marked("m542", "m54^2")),
            Some((CHART.find("M54.2").unwrap(), "M54.2".to_owned()))
        );
        assert_eq!(defined(&marked("97124 15", "97124^ 15")), None);
    }

    #[test]
    fn a_goal_gets_another_number() {
        let after = renamed(&marked("goal 1:", "goal 1^:"), "3").unwrap();
        for piece in [
            "goal 3: sit",
            "toward goal 3 and STG 1",
            "Goals 3 and 2",
            "// M54.50, goal 1",
        ] {
            assert!(after.contains(piece), "{piece}: {after}");
        }
        assert_eq!(
            renamed("^STG 1: x\nA: goal 1 met", "STG 4").unwrap(),
            "STG 4: x\nA: goal 4 met"
        );
        assert_eq!(renamed("^goal 1: x", " #7 ").unwrap(), "goal 7: x");
        assert_eq!(renamed("^goal 1: x", "1").unwrap(), "goal 1: x");
        for (text, to, why) in [
            ("goal ^1: x\ngoal 2: y", "2", "mentions goal 2 already"),
            ("goal ^1: x\nA: goal 2 met", "2", "mentions goal 2 already"),
            (
                "STG ^1: x\ngoal 2: x\nA: goal 1 met",
                "2",
                "mentions STG 2 already",
            ),
            (
                "goal ^1: x\ngoal 2: y\nA: goals 1-2 met",
                "3",
                "a range of goals",
            ),
            ("goal ^1: x", "two", "another number"),
            ("goal ^1: x", "STG 2", "another number"),
            ("goal ^1: x", "0", "another number"),
            ("goal ^1: x", "1000", "another number"),
            ("goal ^1: x", "", "another number"),
        ] {
            let refused = renamed(text, to).unwrap_err();
            assert!(refused.contains(why), "{text}, {to}: {refused}");
        }
    }

    #[test]
    fn a_diagnosis_gets_another_code() {
        let after = renamed(&marked("M54.50 low", "M54^.50 low"), "m5459").unwrap();
        for piece in [
            "dx: M54.59 low back pain; M54.2",
            "dx M54.59\n",
            "point",
            "M54.59 less. // M54.59",
            "// M54.50, goal 1",
            "M54.501 and xM54.50",
        ] {
            let piece = piece.replace("point", "m542");
            assert!(after.contains(&piece), "{piece}: {after}");
        }
        assert_eq!(renamed("dx: ^M54.2", "R51").unwrap(), "dx: R51");
        for to in [
            "neck pain",
            "",
            "M54.",
            "M54.2 neck",
            "724.2",
            "M54.50000",
            "T1",
            "M54.2; M54.50",
            "___",
            "MX4.2",
        ] {
            let refused = renamed("dx: ^M54.50", to).unwrap_err();
            assert!(refused.contains("such as M54.50"), "{to}: {refused}");
        }
        let refused = renamed(&marked("M54.2", "^M54.2"), "M54.50").unwrap_err();
        assert!(
            refused.contains("beside M54.2 in the lines before the first visit"),
            "{refused}"
        );
    }

    #[test]
    fn signed_visits_are_kept_apart() {
        let offset = CHART.find("goal 1").unwrap();
        let (_, analysis) = analysis(CHART);
        let renaming = rename(&analysis, offset, "9").unwrap();
        assert_eq!((renaming.edits.len(), renaming.signed.len()), (1, 2));
    }

    #[test]
    fn other_words_keep_their_names() {
        for (text, why) in [
            ("97^124 15 min", "procedure code"),
            ("S: so^re", "Only a numbered goal"),
            ("goal: si^t", "Only a numbered goal"),
            ("^", "Only a numbered goal"),
        ] {
            let offset = text.find('^').unwrap();
            let (_, analysis) = analysis(&text.replacen('^', "", 1));
            let refused = prepare_rename(&analysis, offset).unwrap_err();
            assert!(refused.contains(why), "{refused}");
            assert_eq!(rename(&analysis, offset, "2"), Err(refused));
        }
        let (_, analysis) = analysis("STG #12: x");
        assert_eq!(
            prepare_rename(&analysis, 1),
            Ok((Span::new(5, 7), "12".to_owned()))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Each place of a name names the same, whichever of them is asked.
        #[test]
        fn places_agree(text in notes(), offset in 0usize..300) {
            let (_, analysis) = analysis(&text);
            let mut offset = offset.min(text.len());
            while !text.is_char_boundary(offset) { offset -= 1; }
            if let Some(found) = at(&analysis, offset) {
                let all = places(&analysis, &found.name);
                prop_assert!(all.iter().any(|p| p.span == found.span), "{found:?} {all:?}");
                for place in all {
                    let there = at(&analysis, place.span.end).map(|f| f.name);
                    prop_assert_eq!(there, Some(found.name.clone()));
                }
            }
        }
    }
}
