//! Makes a sentence that speaks of treatment into a block, or puts the blocks that were read from it on lines of their
//! own. No word is lost: the sentence becomes the block's technique.
//!
//! The code is the clinician's choice: where several codes take the technique, each is an offer of
//! its own, and nothing is offered for what the patient says, for what is planned, declined or done
//! at home. Where the sentence names a code without minutes, or stands under a heading of treatment without them, the block
//! gets a blank for them.

use super::{Action, Asked, Kind};
use crate::analysis::{Analysis, Piece};
use crate::chart::treatment::{self, Time, Told};
use crate::chart::{Minutes, Modality, Prose, SectionKind, Visit, coded_prose, time};
use crate::length::Length;
use crate::pattern::words;
use crate::policy::Level;
use crate::reference::procedures::{self, Procedure};
use crate::reference::techniques::{self, TechniqueMention};
use crate::rules::own_lines;
use crate::rules::wording::list;
use crate::rules::{Edit, VisitCase};
use crate::text::Span;

/// More codes than this are no offer but a list to search.
const MOST_CODES: usize = 3;

words!(
    /// A code that begins a sentence: the line is meant as a block already.
    CODE, r"^(?:\d{5}|[A-Za-z]\d{4})\b");

words!(
    /// What parts the cells of a table.
    CELLS, r"[|\t]| {3}");

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
    let here = |sentence: &Span| sentence.touches(at) && to <= sentence.end;
    let sentences: Vec<Span> = sentences(&case, at).into_iter().filter(here).collect();
    let read = sentences.iter().map(|sentence| offers(&case, *sentence));
    let offers = read.into_iter().find(|offers| !offers.is_empty());
    let mut actions = Vec::new();
    for offer in offers.into_iter().flatten() {
        let mut edit = edit(&case, &offer);
        edit.span = edit.span.shifted(piece.start);
        if holds(asked, piece, &edit, &offer) {
            actions.push(Action {
                title: offer.title,
                kind: Kind::Rewrite,
                edits: vec![edit],
            });
        }
    }
    actions
}

/// What may be made of a sentence.
struct Offer {
    title: String,
    /// What the lines stand for.
    sentence: Span,
    /// The lines of the blocks and of their details.
    lines: Vec<String>,
    /// The blocks that the visit would have more than now, with their minutes; none where blocks only move.
    added: Vec<(&'static str, Option<Length>)>,
    /// How many details it would have more than now.
    details: usize,
}

fn offers(case: &VisitCase<'_>, sentence: Span) -> Vec<Offer> {
    let within = |m: &&Modality| sentence.contains(m.line);
    let blocks: Vec<&Modality> = case.visit.modalities.iter().filter(within).collect();
    if !blocks.is_empty() {
        return own_lines(case, sentence, &blocks).into_iter().collect();
    }
    let named = codes_in(case, sentence);
    if !named.is_empty() {
        return of_named(case, sentence, named).into_iter().collect();
    }
    match treatment::told(case.text, sentence, case.visit.day()) {
        // A line with an estimate would only be found fault with.
        Ok(told) if told.iter().any(|one| !one.time.is_exact) => Vec::new(),
        Ok(told) => match told.as_slice() {
            [one] => of_one(case, sentence, one),
            several => of_several(case, sentence, several).into_iter().collect(),
        },
        Err(None) => without_minutes(case, sentence),
        Err(Some(_)) => Vec::new(),
    }
}

/// The words with one space between them.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Puts the blocks of a sentence on lines of their own, each with its part of the words.
fn own_lines(case: &VisitCase<'_>, sentence: Span, blocks: &[&Modality]) -> Option<Offer> {
    let text = case.str(sentence);
    let moves = |m: &&Modality| {
        !m.has_own_line && !m.shares_time && (m.minutes() != Minutes::Unclear || !m.is_timed())
    };
    if !blocks.iter().all(moves) || CELLS.is_match(text) || coded_prose::is_list(text) {
        return None;
    }
    let ends = blocks[1..].iter().map(|next| next.line.start);
    let ends: Vec<usize> = ends.chain([sentence.end]).collect();
    let (mut lines, mut details, mut start) = (Vec::new(), 0, sentence.start);
    for (block, end) in blocks.iter().zip(ends) {
        if block.code_span.start < start || end < block.code_span.end {
            return None;
        }
        let words = joined(case.str(Span::new(start, end)));
        if block.code_span.start == start {
            lines.push(words);
        } else {
            lines.push(line_of(case, block));
            lines.push(format!("  technique: {words}"));
            details += 1;
        }
        start = end;
    }
    // A block that fills its line already stays as it is.
    let title = match blocks {
        [one] if one.code_span.start == sentence.start && is_line(case, sentence) => return None,
        [_] => "Put this block on a line of its own",
        _ => "Put these blocks on lines of their own",
    };
    Some(Offer {
        title: title.to_owned(),
        sentence,
        lines,
        added: Vec::new(),
        details,
    })
}

/// Whether nothing else stands on the sentence's line.
fn is_line(case: &VisitCase<'_>, sentence: Span) -> bool {
    let before = case.text[..sentence.start].rsplit(['\n', '\r']).next();
    before.is_none_or(|before| before.trim().is_empty())
}

/// What a sentence says of its block, as the block's own line says it.
fn line_of(case: &VisitCase<'_>, block: &Modality) -> String {
    let mut parts = Vec::new();
    if block.clock.is_empty() {
        let minutes = block.minutes().stated();
        parts.extend(minutes.map(|minutes| format!("{minutes} min")));
    }
    parts.extend(block.clock.iter().map(|r| case.str(r.span).to_owned()));
    parts.extend(block.claimed.map(|claimed| format!("x{}", claimed.units)));
    let codes: Vec<&str> = block.diagnoses.iter().map(|d| d.code.as_str()).collect();
    parts.extend((!codes.is_empty()).then(|| format!("dx {}", codes.join("; "))));
    own_lines::line_of(case, block, &parts.join(" "))
}

/// The codes that a sentence names and no block has.
fn codes_in(case: &VisitCase<'_>, sentence: Span) -> Vec<(&'static Procedure, Span)> {
    let unread = case.visit.unread_codes.iter();
    let unread = unread.filter(|u| sentence.contains(u.code));
    let mut named: Vec<(&'static Procedure, Span)> = Vec::new();
    for unread in unread {
        let found = procedures::find(&case.str(unread.code).to_ascii_uppercase());
        let found = found.filter(|p| named.iter().all(|(known, _)| known != p));
        let place = Span::new(
            unread.code.start - sentence.start,
            unread.code.end - sentence.start,
        );
        named.extend(found.map(|procedure| (procedure, place)));
    }
    named
}

/// A sentence that names codes without their minutes: one block for each, with a blank.
fn of_named(
    case: &VisitCase<'_>,
    sentence: Span,
    named: Vec<(&'static Procedure, Span)>,
) -> Option<Offer> {
    let words = case.str(sentence);
    let is_given =
        |place: Span| treatment::is_given(words, place, case.visit.day()) && is_plain(words);
    if named.len() > MOST_CODES || !named.iter().all(|(_, place)| is_given(*place)) {
        return None;
    }
    let codes: Vec<&Procedure> = named.into_iter().map(|(procedure, _)| procedure).collect();
    Some(offer(case, sentence, &codes, None))
}

/// A sentence that tells of one treatment with its time: an offer for each code that may be it.
fn of_one(case: &VisitCase<'_>, sentence: Span, told: &Told) -> Vec<Offer> {
    let mut blocks = case.visit.modalities.iter();
    // The sentence may be about a block of as many minutes.
    let is_counted = blocks.any(|m| m.minutes().stated() == told.time.minutes);
    if is_counted || told.time.minutes.is_none() || !is_plain(case.str(sentence)) {
        return Vec::new();
    }
    let codes = codes(case, &told.techniques);
    if codes.len() > MOST_CODES {
        return Vec::new();
    }
    let offers = codes.into_iter();
    offers
        .map(|code| offer(case, sentence, &[code], Some(&told.time)))
        .collect()
}

/// A sentence that tells of several treatments, each with its time: a block for each, with its likeliest code.
fn of_several(case: &VisitCase<'_>, sentence: Span, told: &[Told]) -> Option<Offer> {
    let mut lines = Vec::new();
    let mut added = Vec::new();
    let mut named = Vec::new();
    for one in told {
        let code = codes(case, &one.techniques).into_iter().next()?;
        let mut blocks = case.visit.modalities.iter();
        if blocks.any(|m| m.minutes().stated() == one.time.minutes) {
            return None;
        }
        lines.push(line(code, case.str(one.about), Some(&one.time)));
        lines.push(format!("  technique: {}", joined(case.str(one.words))));
        added.push((code.code, one.time.minutes));
        let name = format!("{} ({})", code.code, code.label);
        if !named.contains(&name) {
            named.push(name);
        }
    }
    let title = format!("Make these timed blocks of {}", list(&named));
    let details = told.len();
    Some(Offer {
        title,
        sentence,
        lines,
        added,
        details,
    })
}

/// A sentence that names a technique without a time, under a heading of treatment: blocks with a blank for the minutes.
fn without_minutes(case: &VisitCase<'_>, sentence: Span) -> Vec<Offer> {
    let words = case.str(sentence);
    let has_time =
        !time::durations(words, 0).is_empty() || !time::clock_ranges(words, 0).is_empty();
    let mut hands = techniques::find_in(words);
    hands.retain(|m| m.decisive);
    let Some(first) = hands.first() else {
        return Vec::new();
    };
    // Anywhere else it may be a finding, or about any block of its codes.
    let is_block = |m: &Modality| {
        let mut hands = hands.iter();
        hands.any(|hand| hand.technique.accepted.contains(&m.code.as_str()))
    };
    let named = Span::from(first.range.clone());
    if has_time
        || !is_plain(words)
        || !is_of_treatment(case, sentence)
        || case.visit.modalities.iter().any(is_block)
        || !treatment::is_given(words, named, case.visit.day())
    {
        return Vec::new();
    }
    let codes = codes(case, &hands);
    if codes.len() > MOST_CODES {
        return Vec::new();
    }
    let offers = codes.into_iter();
    offers
        .map(|code| offer(case, sentence, &[code], None))
        .collect()
}

/// Whether a sentence is no line that is meant as a block already, and has no blank to fill in.
fn is_plain(words: &str) -> bool {
    !CODE.is_match(words) && !words.contains("__")
}

/// The line of a block for some words, with a blank where nothing gives its minutes.
fn line(procedure: &Procedure, words: &str, time: Option<&Time>) -> String {
    let time = time.map(|time| time.written.clone());
    let blank = procedure.timing.is_timed().then(|| "___ min".to_owned());
    let parts = [
        Some(procedure.code.to_owned()),
        Some(treatment::places(procedure.code, words)).filter(|places| !places.is_empty()),
        time.or(blank),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The offer that makes a sentence blocks of some codes, its words being the technique of the first.
fn offer(
    case: &VisitCase<'_>,
    sentence: Span,
    codes: &[&'static Procedure],
    time: Option<&Time>,
) -> Offer {
    let words = case.str(sentence);
    let mut lines: Vec<String> = codes.iter().map(|code| line(code, words, time)).collect();
    lines.insert(1, format!("  technique: {}", joined(words)));
    let named = codes.iter().map(|p| format!("{} ({})", p.code, p.label));
    let named = list(&named.collect::<Vec<_>>());
    let title = match codes {
        [one] if one.timing.is_timed() => format!("Make this a timed block of {named}"),
        [_] => format!("Make this a block of {named}"),
        _ => format!("Make this blocks of {named}"),
    };
    let minutes = time.and_then(|time| time.minutes);
    let added = codes.iter().map(|p| (p.code, minutes)).collect();
    Offer {
        title,
        sentence,
        lines,
        added,
        details: 1,
    }
}

/// Whether a sentence stands in the section of treatment.
fn is_of_treatment(case: &VisitCase<'_>, sentence: Span) -> bool {
    let mut prose = case.visit.prose.iter();
    prose.any(|p| p.section == Some(SectionKind::Treatment) && p.span.touches(sentence.start))
}

/// The timed codes that take all of the techniques and that the payer takes.
fn codes(case: &VisitCase<'_>, hands: &[TechniqueMention]) -> Vec<&'static Procedure> {
    // `Massage: effleurage` is what the hands did; `massage` by itself will do, too.
    let has_specific = hands.iter().any(|m| m.technique.specific);
    let hands = hands
        .iter()
        .filter(|m| m.technique.specific || !has_specific);
    let hands: Vec<&TechniqueMention> = hands.collect();
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

/// The edit that puts the lines of an offer in the place of its sentence.
fn edit(case: &VisitCase<'_>, offer: &Offer) -> Edit {
    let (text, br, sentence) = (case.text, case.line_break(), offer.sentence);
    let is_space = |c: char| c == ' ' || c == '\t';
    let mut block = offer.lines.join(br);

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

/// Whether the note would have the blocks of the offer and everything else as before.
fn holds(asked: &Asked<'_>, piece: &Piece, edit: &Edit, offer: &Offer) -> bool {
    let mut document = asked.document.clone();
    document.replace(edit.span, &edit.text);
    let after = asked.analysis.updated(&document, asked.analysis.policy());
    let Some(new) = after.piece_at(piece.start) else {
        return false;
    };
    let sizes = |visit: &Visit, blocks: usize, more: usize| {
        let details = visit.modalities.iter().map(|m| m.details.len());
        [
            visit.sections.len(),
            visit.fields.len(),
            visit.diagnoses.len(),
            visit.unknown_fields.len(),
            visit.modalities.len() + blocks,
            details.sum::<usize>() + more,
        ]
    };
    let is_there = |(code, minutes): &(&str, Option<Length>)| {
        let mut blocks = new.visit.modalities.iter();
        blocks.any(|m| {
            let is_new = piece.start + m.span.start >= edit.span.start;
            is_new && m.code == *code && m.minutes().stated() == *minutes
        })
    };
    let lines = |analysis: &Analysis, piece: &Piece| analysis.case(piece).claim.lines.clone();
    let errors = |analysis: &Analysis| {
        let findings = analysis.findings().into_iter();
        // What a treated visit has to say is missing from now on, and what a payer does not pay was done.
        let of_every_block = ["therapy-modifier", "cmt-modifier", "medicare-excluded"];
        let wrong = |name: &str| !name.starts_with("missing-") && !of_every_block.contains(&name);
        findings
            .filter(|f| f.level == Level::Error && wrong(f.rule.name))
            .count()
    };
    after.pieces().len() == asked.analysis.pieces().len()
        && sizes(&piece.visit, offer.added.len(), offer.details) == sizes(&new.visit, 0, 0)
        && offer.added.iter().all(is_there)
        && (!offer.added.is_empty() || lines(&after, new) == lines(asked.analysis, piece))
        && errors(&after) <= errors(asked.analysis)
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
            "O: eff^leurage to lumbar ___ min.",
            "O: eff^leurage to lumbar.",
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
    fn several_treatments_and_clock_times() {
        for (text, expected) in [
            (
                "O: Eff^leurage to lumbar 15 min, cervical 10 min.\n",
                "O:\n97124 lumbar 15 min\n  technique: Effleurage to lumbar 15 min,\n97124 cervical 10 min\n  technique: cervical 10 min.\n",
            ),
            (
                "O: Eff^leurage to lumbar 10:00-10:15.\n",
                "O:\n97124 lumbar 10:00-10:15\n  technique: Effleurage to lumbar 10:00-10:15.\n",
            ),
        ] {
            let (title, after) = first_offer(text).unwrap_or_default();
            assert_eq!(after, expected, "{title}");
        }
    }

    /// The claim of the first visit with a block, as `97140 12`, and whether all of its words stand in another text.
    fn claimed(text: &str) -> Vec<String> {
        let note = Note::new(text);
        let pieces = note.analysis.pieces();
        let lines = pieces.flat_map(|piece| note.analysis.case(piece).claim.lines.clone());
        lines
            .map(|l| format!("{}{} {}", l.code, l.modifiers.concat(), l.minutes))
            .collect()
    }

    /// The title of the first offer, the text that it makes and the claim of it, all errors being known before.
    fn first_offer(text: &str) -> Option<(String, String)> {
        let at = text.find('^').unwrap();
        let text = text.replacen('^', "", 1);
        let note = Note::new(&text);
        let action = timed_block(&note.asked(Span::at(at))).into_iter().next()?;
        let after = applied(&text, &action.edits);
        for word in text.split_whitespace() {
            let count = |text: &str| text.matches(word).count();
            assert!(count(&after) >= count(&text), "{word} of {text} in {after}");
        }
        Some((action.title, after))
    }

    #[test]
    fn blocks_in_sentences_move_to_lines_of_their_own() {
        for (text, expected) in [
            (
                "O: Manual ther^apy (97140): 12 minutes.",
                "O:\n97140 12 min\n  technique: Manual therapy (97140): 12 minutes.",
            ),
            (
                "O: Tight. Bridges, R hip ^and lumbar, 15 min (97110 GP). Softer.\n",
                "O: Tight.\n97110-GP R hip, lumbar 15 min\n  technique: Bridges, R hip and lumbar, 15 min (97110 GP).\nSofter.\n",
            ),
            (
                "O: Ther ex 97110 10:00^-10:25 x2, manual therapy 97140-59 15 min.\n",
                "O:\n97110 10:00-10:25 x2\n  technique: Ther ex 97110 10:00-10:25 x2,\n97140-59 15 min\n  technique: manual therapy 97140-59 15 min.\n",
            ),
            (
                "Tx: 97110-GP lumbar ^25 min; 97140-GP lumbar 15 min",
                "Tx:\n97110-GP lumbar 25 min;\n97140-GP lumbar 15 min",
            ),
            (
                "Massage (97124?): half an ^hour dx M54.50",
                "97124? 30 min dx M54.50\n  technique: Massage (97124?): half an hour dx M54.50",
            ),
            (
                "O: Electrical stimulation ^(G0283), 2 units, neck.",
                "O:\nG0283 neck x2\n  technique: Electrical stimulation (G0283), 2 units, neck.",
            ),
        ] {
            let (title, after) = first_offer(text).unwrap_or_default();
            assert_eq!(after, expected, "{text}");
            assert!(title.ends_with(" own"), "{title}");
            assert_eq!(
                claimed(&after),
                claimed(&text.replacen('^', "", 1)),
                "{text}"
            );
            // A second time there is nothing to move.
            let lines = Note::new(&after);
            for at in 0..after.len() {
                let offers = timed_block(&lines.asked(Span::at(at)));
                assert!(
                    offers.iter().all(|a| !a.edits[0].text.contains("97110-GP")),
                    "{after}"
                );
            }
        }
    }

    #[test]
    fn blocks_that_stay_where_they_are() {
        for text in [
            "Units: 97140^ (2 units, 30 min), 97110 (1 unit, 15 min)",
            "| Code | Min |\n| 97110 ^| 25 |\n",
            "O: Ther ex and neuro re-ed 97110/97112^ 25 min.",
            "O: Ther ex (97110): brid^ges 10 min, bike 8 min.",
            "97110 lumb^ar 25 min\n",
            "S: Manual ther^apy (97140): 12 minutes.",
            "O: Manual ther^apy (97140) declined, 12 minutes.",
        ] {
            assert_eq!(first_offer(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_without_minutes_becomes_a_block() {
        for (text, expected) in [
            (
                "O: Bridges and planks (97110)^, tolerated well. Softer.\n",
                "O:\n97110 ___ min\n  technique: Bridges and planks (97110), tolerated well.\nSofter.\n",
            ),
            (
                "Tx: Bridges, R hip, ^97110 and 97112\n",
                "Tx:\n97110 R hip ___ min\n  technique: Bridges, R hip, 97110 and 97112\n97112 R hip ___ min\n",
            ),
            (
                "O: Hot pack to neck ^(97010).\n",
                "O:\n97010 neck\n  technique: Hot pack to neck (97010).\n",
            ),
            // Under a heading of treatment the technique is enough.
            (
                "Tx: ^Effleurage to lumbar\n",
                "Tx:\n97124 lumbar ___ min\n  technique: Effleurage to lumbar\n",
            ),
        ] {
            let (title, after) = first_offer(text).unwrap_or_default();
            assert_eq!(after, expected, "{title}: {text}");
        }
        for text in [
            "O: No 97110^ today.",
            "O: Plan 97110^ to hip.",
            "O: Taught bridges (97110)^ for home.",
            "Tx: Declined eff^leurage.",
            "Tx: Eff^leurage to lumbar.\n97124 lumbar 20 min\n",
            "A: Bridges (97110)^.",
        ] {
            assert_eq!(first_offer(text), None, "{text}");
        }
    }

    #[test]
    fn minutes_in_words_count() {
        for (text, codes, line) in [
            (
                "O: Today twenty minutes of therapeutic ex^ercise, bridges and planks.",
                &["97110"][..],
                "97110 20 min\n",
            ),
            (
                "O: Half an hour of massage^ to the low back.",
                &["97124", "97140"],
                "97124 low back 30 min\n",
            ),
            (
                "Fifteen minutes of joint mobili^zation, C5-C6.",
                &["97140"],
                "97140 C5-C6 15 min\n",
            ),
        ] {
            let (offered, after) = at_mark(text);
            assert_eq!(offered, codes, "{text}");
            assert!(after.contains(line), "{after}");
            assert_eq!(claimed(&after).len(), 1, "{after}");
        }
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
                "\r\n", "  ", "\u{1F600}", "tight", "Bridges (97110)", " (97140-59): 12 min", " and 97112 x2", "Tx:", "97124 back 10 min", "technique: x", "visit: 2026-01-01", "// c", "Plan: y",
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
