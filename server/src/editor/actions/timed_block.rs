//! Makes a sentence that speaks of treatment and its minutes into a block of the code that it belongs
//! to.
//!
//! The code is the clinician's choice: where several codes take the technique, each is an offer of
//! its own, and nothing is offered for what the patient says, for what is planned, declined or done
//! at home, or where the sentence does not name one exact number of minutes.

use super::{Action, Asked, Kind};
use crate::analysis::Piece;
use crate::chart::{Inexact, Prose, SectionKind, Visit, time};
use crate::length::Length;
use crate::pattern::pattern;
use crate::reference::procedures::{self, Procedure};
use crate::reference::regions::{self, Side};
use crate::reference::techniques::{self, TechniqueMention};
use crate::rules::{Edit, VisitCase};
use crate::text::Span;

/// More codes than this are no offer but a list to search.
const MOST_CODES: usize = 3;

pattern!(
    /// Words beside which a sentence does not speak of treatment that was given here and now.
    NOT_GIVEN,
    r"(?ix)\b(?:
        will|would|shall|should|could|may|might|can|plan\w*|next|upcoming|schedul\w*|recommend\w*|suggest\w*|consider\w*|advis\w*|
        continue|cont|resume|add|to\ be|if|goal|
        not|never|unable|declin\w*|refus\w*|defer\w*|held|omit\w*|skip\w*|cancel\w*|avoid\w*|withheld|stopped|contraindicat\w*|instead|
        home|hep|self|own|daily|weekly|taught|teach|instruct\w*|educat\w*|demonstrat\w*|husband|wife|spouse|partner|friend|family|caregiver|mother|father|
        report\w*|stat(?:es|ed)|sa(?:ys|id)|tells|told|had|asks|asked|wants|request\w*|elsewhere|spa|
        previous\w*|prior|last|ago|yesterday|since|ever|usually|every|each|per|twice|
        sits?|sitting|stands?|standing|walks?|walking|driv\w+|sleep\w*|tolerance
        )\b | n['’]t\b | /\ ?(?:day|d|wk|week)\b"
);

pattern!(
    /// `no massage`; after what was done it speaks of its effect: `15 min, no adverse reaction`.
    NONE, r"(?i)\b(?:no|none|without|w/o)\b");

pattern!(
    /// A code that begins a sentence: the line is meant as a block already.
    CODE, r"^(?:\d{5}|[A-Za-z]\d{4})\b");

/// The offers for the sentence at the place.
pub fn timed_block(asked: &Asked<'_>) -> Vec<Action> {
    let Some(piece) = asked.analysis.piece_at(asked.span.start) else {
        return Vec::new();
    };
    if !piece.is_visit() && piece.visit.heading.is_none() && asked.analysis.pieces().len() > 1 {
        return Vec::new();
    }
    let case = asked.analysis.case(piece);
    let (at, to) = (asked.span.start - piece.start, asked.span.end - piece.start);
    let mut sentences = sentences(&case, at).into_iter();
    let found = sentences.find_map(|sentence| {
        let here = sentence.touches(at) && to <= sentence.end;
        let treatment = here.then(|| Treatment::read(&case, sentence))?;
        Some((sentence, treatment?))
    });
    let Some((sentence, treatment)) = found else {
        return Vec::new();
    };
    let mut actions = Vec::new();
    for Procedure { code, label, .. } in &treatment.codes {
        let mut edit = edit(&case, sentence, &treatment, code);
        edit.span = edit.span.shifted(piece.start);
        if holds(asked, piece, &edit, code, treatment.minutes) {
            actions.push(Action {
                title: format!("Make this a timed block of {code} ({label})"),
                kind: Kind::Rewrite,
                edits: vec![edit],
            });
        }
    }
    actions
}

/// What a sentence speaks of.
struct Treatment {
    minutes: Length,
    /// The codes that take all of its techniques, the likeliest first.
    codes: Vec<&'static Procedure>,
    /// Its regions with their sides, as a block's line has them.
    regions: String,
}

impl Treatment {
    fn read(case: &VisitCase<'_>, sentence: Span) -> Option<Self> {
        let text = case.str(sentence);
        let times = time::durations(text, 0);
        let [time] = times.as_slice() else {
            return None;
        };
        let exact = time.inexact == Inexact::No && time.minutes > 0;
        let plain = time::clock_ranges(text, 0).is_empty() && !text.contains("__");
        if !exact || !plain || CODE.is_match(text) || NOT_GIVEN.is_match(text) {
            return None;
        }
        let mut hands = techniques::find_in(text);
        hands.retain(|m| m.decisive && m.technique.specific);
        let done = hands.last()?.range.end.max(time.span.end);
        if NONE.is_match(&text[..done]) {
            return None;
        }
        let mut blocks = case.visit.modalities.iter();
        if blocks.any(|m| m.minutes().stated() == Some(time.minutes)) {
            // The sentence may be about that block.
            return None;
        }
        let codes = codes(case, &hands);
        (1..=MOST_CODES).contains(&codes.len()).then(|| Self {
            minutes: time.minutes,
            codes,
            regions: places(text),
        })
    }
}

/// The timed codes that take all of the techniques and that the payer takes.
fn codes(case: &VisitCase<'_>, hands: &[TechniqueMention]) -> Vec<&'static Procedure> {
    // Where not even one code is clear, none is offered.
    if hands.iter().any(|m| m.technique.default_code.is_none()) {
        return Vec::new();
    }
    let Some((first, others)) = hands.split_first() else {
        return Vec::new();
    };
    let accepted = first.technique.accepted.iter().copied();
    let accepts = case.payer.accepts.as_ref();
    let mut found: Vec<&'static Procedure> = Vec::new();
    for code in first.technique.default_code.into_iter().chain(accepted) {
        let for_all = others.iter().all(|m| m.technique.accepted.contains(&code));
        let paid = accepts.is_none_or(|codes| codes.iter().any(|c| c == code));
        let known = procedures::find(code).filter(|p| p.timing.is_timed() && !found.contains(p));
        found.extend(known.filter(|_| for_all && paid));
    }
    found
}

/// The regions of a sentence, each once: `lumbar, R shoulder`.
fn places(text: &str) -> String {
    let mut places: Vec<String> = Vec::new();
    for region in regions::find_in(text).into_iter().filter(|r| r.decisive) {
        let words: Vec<&str> = text[region.range].split_whitespace().collect();
        let side = match region.side {
            Side::Left => "L ",
            Side::Right => "R ",
            Side::Both => "bilateral ",
            Side::Unstated => "",
        };
        let place = format!("{side}{}", words.join(" "));
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places.join(", ")
}

/// The sentences of the prose around a place of the visit, where treatment may be described.
fn sentences(case: &VisitCase<'_>, at: usize) -> Vec<Span> {
    use SectionKind as S;
    let lines = &case.visit.prose;
    let of_treatment = |section| matches!(section, None | Some(S::Objective | S::Treatment));
    let here = |p: &Prose| p.span.touches(at) && of_treatment(p.section);
    let Some(here) = lines.iter().position(here) else {
        return Vec::new();
    };
    let goes_on = |index: usize| wraps(case, lines.get(index), lines.get(index + 1));
    let first = (0..here).rev().find(|i| !goes_on(*i)).map_or(0, |i| i + 1);
    let last = (here..lines.len()).find(|i| !goes_on(*i)).unwrap_or(here);
    let whole = Span::new(lines[first].span.start, lines[last].span.end);
    let text = case.str(whole);
    let mut sentences = Vec::new();
    let mut start = 0;
    for (end, mark) in text.match_indices(['.', '!', '?', ';']) {
        let after = &text[end + mark.len()..];
        let next = after.trim_start();
        // `15 min. of`, `1.5`: a sentence goes on in small letters and without a space.
        let ends = next.is_empty()
            || (after.len() > next.len() && (mark == ";" || !next.starts_with(char::is_lowercase)));
        if ends {
            sentences.push(Span::new(start, end + mark.len()).shifted(whole.start));
            start = text.len() - next.len();
        }
    }
    if start < text.len() {
        sentences.push(Span::new(start, text.len()).shifted(whole.start));
    }
    sentences
}

/// Whether a line of prose goes on in the next one.
fn wraps(case: &VisitCase<'_>, line: Option<&Prose>, next: Option<&Prose>) -> bool {
    let (Some(line), Some(next)) = (line, next) else {
        return false;
    };
    let gap = &case.text[line.span.end..next.span.start.max(line.span.end)];
    let breaks = gap.replace("\r\n", "\n").matches(['\n', '\r']).count();
    gap.trim().is_empty()
        && breaks == 1
        && line.section == next.section
        && !case.str(line.span).ends_with(['.', '!', '?', ';', ':'])
        && case.str(next.span).starts_with(char::is_lowercase)
}

/// The edit that puts a block in the place of a sentence, which becomes the block's technique.
fn edit(case: &VisitCase<'_>, sentence: Span, treatment: &Treatment, code: &str) -> Edit {
    let (text, br) = (case.text, case.line_break());
    let is_space = |c: char| c == ' ' || c == '\t';
    let words: Vec<&str> = case.str(sentence).split_whitespace().collect();
    let (minutes, regions, words) = (treatment.minutes, &treatment.regions, words.join(" "));
    let gap = if regions.is_empty() { "" } else { " " };
    let mut block = format!("{code} {regions}{gap}{minutes} min{br}  technique: {words}");

    let above = text[..sentence.start].trim_end_matches(is_space);
    let before = above.rsplit(['\n', '\r']).next().unwrap_or_default();
    let mut start = above.len();
    // The mark that some programs put before a text.
    if before == "\u{feff}" {
        start = sentence.start;
    } else if !before.is_empty() {
        block.insert_str(0, br);
    }
    let rest = &text[sentence.end..];
    let visible = rest.trim_start_matches(is_space);
    let end = text.len() - visible.len();
    if visible.starts_with(['\n', '\r']) || visible.is_empty() {
        // An indented line below would belong to the block.
        let next = visible.strip_prefix("\r\n").or_else(|| visible.get(1..));
        let below = next.unwrap_or_default();
        let words = below.trim_start_matches(is_space);
        if words.len() < below.len() && !words.starts_with(['\n', '\r']) {
            block.push_str(br);
        }
    } else {
        block.push_str(br);
    }
    let (span, text) = (Span::new(start, end), block);
    Edit { span, text }
}

/// Whether the note would have one block more and everything else as before.
fn holds(asked: &Asked<'_>, piece: &Piece, edit: &Edit, code: &str, minutes: Length) -> bool {
    let mut document = asked.document.clone();
    document.replace(edit.span, &edit.text);
    let after = asked.analysis.updated(&document, asked.analysis.policy());
    let Some(new) = after.piece_at(piece.start) else {
        return false;
    };
    let sizes = |visit: &Visit, blocks: usize| {
        let details = visit.modalities.iter().map(|m| m.details.len());
        [
            visit.sections.len(),
            visit.fields.len(),
            visit.diagnoses.len(),
            visit.unknown_fields.len(),
            visit.modalities.len() + blocks,
            details.sum::<usize>() + blocks,
        ]
    };
    let mut blocks = new.visit.modalities.iter();
    after.pieces().len() == asked.analysis.pieces().len()
        && sizes(&piece.visit, 1) == sizes(&new.visit, 0)
        && blocks.any(|m| {
            let is_new = piece.start + m.span.start >= edit.span.start;
            is_new && m.code == code && m.minutes().stated() == Some(minutes)
        })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Note, applied};
    use super::*;
    use crate::policy::Policy;
    use proptest::prelude::*;

    /// The titles' codes, and what the first offer makes of the text, at the mark `^`.
    fn at_mark(text: &str) -> (Vec<String>, String) {
        let at = text.find('^').unwrap();
        let text = text.replacen('^', "", 1);
        let note = Note::new(&text);
        let actions = timed_block(&note.asked(Span::at(at)));
        let codes = actions
            .iter()
            .map(|a| a.title.split_whitespace().nth(6).unwrap().to_owned())
            .collect();
        let after = actions.first().map(|a| applied(&text, &a.edits));
        (codes, after.unwrap_or_default())
    }

    fn offered(text: &str) -> Vec<String> {
        at_mark(text).0
    }

    #[test]
    fn a_sentence_becomes_a_block() {
        assert_eq!(
            at_mark("visit: 2026-11-20\nO: Hypertonic. Per^formed 15 min of effleurage to lumbar paraspinals. Softer after.\nP: x\n"),
            (
                vec!["97124".to_owned()],
                "visit: 2026-11-20\nO: Hypertonic.\n97124 lumbar paraspinals 15 min\n  technique: Performed 15 min of effleurage to lumbar paraspinals.\nSofter after.\nP: x\n".to_owned()
            )
        );
        assert_eq!(
            at_mark("visit: 2026-11-20\r\nO: tight\r\n  ^Joint mobilization right shoulder\r\n  for 15 minutes\r\n").1,
            "visit: 2026-11-20\r\nO: tight\r\n97140 R shoulder 15 min\r\n  technique: Joint mobilization right shoulder for 15 minutes\r\n"
        );
        assert_eq!(
            at_mark("O: ^Effleurage 10 min lumbar\n   Guarding remains.\n").1,
            "O:\n97124 lumbar 10 min\n  technique: Effleurage 10 min lumbar\n\n   Guarding remains.\n"
        );
        assert_eq!(
            at_mark("Tx: 15 min. of eff^leurage to lumbar; 10 min joint mobilization cervical").1,
            "Tx:\n97124 lumbar 15 min\n  technique: 15 min. of effleurage to lumbar;\n10 min joint mobilization cervical"
        );
    }

    #[test]
    fn several_codes_are_several_offers() {
        assert_eq!(
            offered("O: deep tissue massage lumbar ^15 min"),
            ["97124", "97140"]
        );
        assert_eq!(
            offered("O: effleurage and myofascial release lumbar ^15 min"),
            ["97124"]
        );
        // No code takes both, none is clear, and none is timed.
        assert_eq!(
            offered("O: effleurage and joint mobilization lumbar ^15 min"),
            [""; 0]
        );
        assert_eq!(offered("O: reiki to back ^15 min"), [""; 0]);
        assert_eq!(offered("O: moist heat lumbar ^15 min"), [""; 0]);
    }

    #[test]
    fn only_what_was_given_here_and_now() {
        for text in [
            "S: 15 min of eff^leurage to lumbar helped.",
            "A: 15 min of eff^leurage to lumbar.",
            "P: 15 min of eff^leurage to lumbar.",
            "O: Will do 15 min of eff^leurage to lumbar.",
            "O: Pt declined 15 min of eff^leurage to lumbar.",
            "O: No eff^leurage to lumbar, 15 min of talk.",
            "O: 15 min eff^leurage to lumbar not done.",
            "O: Didn't get 15 min of eff^leurage to lumbar.",
            "O: Home exercise: squ^ats 15 min, lumbar.",
            "O: Taught 15 min of self stret^ching of lumbar.",
            "O: Patient reports 15 min of eff^leurage to lumbar by a friend.",
            "O: eff^leurage to lumbar ~15 min.",
            "O: eff^leurage to lumbar 10-15 min.",
            "O: eff^leurage to lumbar 15 min, cervical 10 min.",
            "O: eff^leurage to lumbar ___ min.",
            "O: eff^leurage to lumbar 10:00-10:15.",
            "O: eff^leurage to lumbar.",
            "O: mass^age to lumbar 15 min.",
            "O: 15 min ^of tightness in lumbar.",
            // A block counts these minutes already.
            "O: eff^leurage to lumbar 15 min.\n97124 lumbar 15 min\n",
            // The rest of the line would become a section.
            "O: eff^leurage to lumbar 15 min. Plan: rest.",
            // What stands before the first visit is no visit.
            "15 min eff^leurage to lumbar\nvisit: 2026-11-20\n97124 lumbar 10 min\n",
            "^",
        ] {
            assert_eq!(offered(text), [""; 0], "{text}");
        }
        assert_eq!(
            offered("O: 15 min eff^leurage to lumbar, no adverse reaction."),
            ["97124"]
        );
        assert_eq!(offered("eff^leurage to lumbar 15 min"), ["97124"]);
    }

    #[test]
    fn what_the_payer_does_not_take_is_not_offered() {
        let text = "payer: only-massage\nvisit: 2026-11-20\nO: deep tissue massage lumbar 15 min\n";
        let (policy, problems) = crate::rules::read_policy(
            "[payers.only-massage]\nlike = \"commercial\"\naccepts = [\"97124\"]\n",
        );
        assert_eq!(problems, []);
        let note = Note::by(text, policy);
        let at = text.find("deep").unwrap();
        assert_eq!(timed_block(&note.asked(Span::at(at))).len(), 1);
        let any = Note::by(text, Policy::default());
        assert_eq!(timed_block(&any.asked(Span::at(at))).len(), 2);
    }

    proptest! {
        /// The words of the note stay, in their order, whatever stands around them.
        #[test]
        fn no_word_is_lost(pieces in prop::collection::vec(
            prop::sample::select(vec![
                "O:", "Tx: ", "S: ", " Effleurage to lumbar 15 min", "deep tissue 20 min R hip", ". ", "; ", "\n",
                "\r\n", "  ", "\u{1F600}", "tight", "97124 back 10 min", "technique: x", "visit: 2026-01-01", "// c", "Plan: y",
                "dx: M54.2",
            ]),
            0..20,
        ), at in 0usize..200) {
            let text = pieces.concat();
            let note = Note::new(&text);
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) { at -= 1; }
            for action in timed_block(&note.asked(Span::at(at))) {
                let after = applied(&text, &action.edits);
                let mut visible = after.chars();
                let mut all = text.chars().filter(|c| !c.is_whitespace());
                prop_assert!(all.all(|c| visible.any(|i| i == c)), "{text:?} in {after:?}");
            }
        }
    }
}
