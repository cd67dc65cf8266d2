//! Treatment that a sentence tells of without a code: `I spent half an hour on deep tissue massage`. Which code it may be
//! billed with is no question here; whether it was given at this visit is ([`given`]).

mod given;
#[cfg(test)]
mod tests;
mod times;

use std::ops::Range;

use jiff::civil::Date;

pub use given::Why;
pub use times::{Time, times};

use crate::chart::time;
use crate::length::Length;
use crate::pattern::{pattern, words};
use crate::reference::procedures::{self, Attendance};
use crate::reference::regions;
use crate::reference::techniques::{self, Certainty, TechniqueMention};
use crate::text::Span;

/// What a sentence tells of one treatment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The words, from its first to the last before the next treatment.
    pub words: Span,
    /// Those of them that speak of nothing else.
    pub about: Span,
    /// What its time belongs to.
    pub technique: TechniqueMention,
    /// Every technique that its words name and decide, that one among them.
    pub techniques: Vec<TechniqueMention>,
    pub time: Time,
}

words!(
    OF,
    r"(?i)^\W*(?:minutes?\W*)?(?:(?:block|bout|set|session|round|period|stretch)s?\s+)?(?:(?:was|were)\s+(?:spent|given|used)\s+)?(?:of|on|doing|for)\b\W*(?:[\w'’-]+\W+){0,3}?$|^\s+(?:[\w'’-]+\s+){0,2}$"
);
pattern!(
    /// What parts two treatments in one sentence.
    JOINT,
    r"(?i)(?:[,;.]?\s*(?:(?:and|then|next|finally|followed by|after (?:it|that|this|which)|before (?:that|this)|plus|also|with|as well as|(?:finished|ended|closed|began|started|went on)(?: up)? with|(?:[A-Z]\.? ?[A-Z][\w'’-]+|[A-Z][\w'’-]+ [A-Z][\w'’-]+),? (?:LMT|PTA?|DPT|OTR?(?:/L)?|COTA(?:/L)?|DC|ATC|CMT|RMT),? (?:then )?(?:did|gave|performed|provided)|an?|another|about|the (?:last|first|next|other|final|remaining|rest of the))\b,?\s*)+|[,;+]\s*)$"
);
words!(
    /// What stands between the names of treatments that are given one time together.
    TOGETHER,
    r"(?i)^\s*(?:,|/|\+|&|and|with|plus|,\s*and)\s*$"
);

/// What a sentence of a note tells of treatments without a code; an error is why it stays prose though it speaks of
/// minutes or techniques, `None` in it if it speaks of none. `today` is the day of the visit.
///
/// # Errors
///
/// Why the sentence tells of no treatment that was given.
pub fn told(text: &str, sentence: Span, today: Option<Date>) -> Result<Vec<Told>, Option<Why>> {
    // A line break within a sentence is a blank.
    let words = &text[sentence.range()].replace(['\n', '\r'], " ");
    let all = techniques::find_in(words);
    let mut named: Vec<&TechniqueMention> = all.iter().filter(|found| found.decisive).collect();
    if named.is_empty() {
        named = all.iter().filter(|found| is_short(words, found)).collect();
    }
    let Some(first) = named.first() else {
        return Err(None);
    };
    let times = times::find_in(words);
    // What stands behind the last time speaks of the treatment before it.
    let judged = |last: Option<Span>| {
        let own = Span::from(first.range.clone());
        let last = last.unwrap_or(own);
        let core = Span::new(own.start.min(last.start), own.end.max(last.end));
        given::judge(words, core, today)
    };
    if times.is_empty() {
        // `15-20 min`, `2 x 15 min`
        let durations = time::durations(words, 0);
        // Of treatment that nobody timed only a refusal is worth a word.
        if durations.is_empty() && !given::may_be_declined(words) {
            return Err(None);
        }
        let is_of_effect = durations.first().is_some_and(|duration| {
            let between = words.get(first.range.end..duration.span.start);
            let lead = &words[..first.range.start];
            between.is_some_and(|between| given::are_of_effect(lead, between))
        });
        let why = match judged(durations.last().map(|duration| duration.span)) {
            Err(Why::NotDone) => Some(Why::NotDone),
            Ok(()) if is_of_effect => Some(Why::OfOther),
            Ok(()) if !durations.is_empty() => Some(Why::Unclear),
            _ => None,
        };
        return Err(why);
    }
    let last_time = times.last().map(|time| time.span);
    let unclear = || judged(last_time).err().unwrap_or(Why::Unclear);
    let times = without_parts(words, times, first);
    let mut told: Vec<Told> = Vec::new();
    let clauses = clauses(words, &times, &named).ok_or_else(|| Some(unclear()))?;
    let last = clauses.len() - 1;
    for (at, (clause, time)) in clauses.into_iter().enumerate() {
        // `…, will add ultrasound 8 min next time`: of the treatment before it this says nothing.
        if at == last
            && let Some(before) = told.last_mut()
            && given::is_to_come(&words[clause.range()])
        {
            before.words.end = sentence.start + clause.end;
            break;
        }
        let found = in_clause(&all, words, clause, &time);
        let technique = nearest(words, time.span, &found)
            .cloned()
            .or_else(|| carried_on(words, clause, &time, told.last()));
        let Some(technique) = technique else {
            // An entry of a list that is not known leaves the others as they are.
            if is_entry(words, clause, &time) {
                continue;
            }
            // What is short for other things too speaks of none here.
            return Err(first.decisive.then(unclear));
        };
        let core = core(clause, &technique, &time);
        if are_apart(words, clause, &time, &technique) {
            return Err(Some(Why::OfOther));
        }
        if share_one_time(words, &time, &found) {
            return Err(Some(unclear()));
        }
        let within = Span::new(core.start - clause.start, core.end - clause.start);
        given::judge(&words[clause.range()], within, today).map_err(Some)?;
        let techniques = if found.is_empty() {
            vec![technique.clone()]
        } else {
            found.into_iter().cloned().collect()
        };
        told.push(Told {
            words: clause.shifted(sentence.start),
            about: clause.shifted(sentence.start),
            technique,
            techniques,
            time,
        });
    }
    if told.is_empty() {
        return Err(first.decisive.then(unclear));
    }
    Ok(told)
}

/// Whether a clause is no more than the name of something and its time: `TrP R SCM 10 min`.
fn is_entry(words: &str, clause: Span, time: &Time) -> bool {
    /// A name has no more words.
    const MOST_WORDS: usize = 9;
    words!(
        SENTENCE,
        r"(?i)\b(?:i|we|pt|patient|client|he|she|they|after|before|until|since|later|every|when|while|because|within|from|was|were|is|had|has|felt|reports?|reported|returned|drove|walked|walks|slept|sat|stood|rest\w*|pain|relie\w+|daily|home|hep)\b"
    );
    let name = [
        &words[clause.start..time.span.start.max(clause.start)],
        &words[time.span.end.min(clause.end)..clause.end],
    ];
    let count = |part: &str| {
        let words = part.split_whitespace();
        words
            .filter(|word| word.contains(char::is_alphanumeric))
            .count()
    };
    let [before, behind] = name.map(count);
    (before == 0 || behind == 0)
        && (1..=MOST_WORDS).contains(&(before + behind))
        && !name.iter().any(|part| SENTENCE.is_match(part))
}

/// The times without those of the parts of one treatment: `ther ex (25 min): bike 6 min, leg press`.
fn without_parts(words: &str, mut times: Vec<Time>, first: &TechniqueMention) -> Vec<Time> {
    let Some((head, parts)) = times.split_first().filter(|(_, parts)| !parts.is_empty()) else {
        return times;
    };
    let is_head = first.range.end <= head.span.start
        && words[head.span.end..]
            .trim_start_matches([')', ']', ' '])
            .starts_with(':');
    let sum: Option<Length> = parts.iter().map(|part| part.minutes).sum();
    let named = techniques::find_in(&words[head.span.end..]);
    let is_of_head = |other: &TechniqueMention| {
        let code = first.technique.default_code;
        code.is_some_and(|code| other.technique.accepted.contains(&code))
    };
    if is_head && sum <= head.minutes && named.iter().filter(|t| t.decisive).all(is_of_head) {
        times.truncate(1);
    }
    // `ther ex 20 min (incl. 5 min bike), gait 10 min`
    let mut whole: Vec<Time> = Vec::new();
    for time in times {
        let is_part = whole.last().is_some_and(|before| {
            first.range.end <= before.span.start
                && is_in_bracket(&words[before.span.end..time.span.start])
        });
        if !is_part {
            whole.push(time);
        }
    }
    whole
}

/// The first of some marks that stands in no bracket.
fn outside_brackets(words: &str, marks: &[char]) -> Option<usize> {
    let mut depth = 0_i32;
    let mut letters = words.char_indices();
    let found = letters.find(|(_, letter)| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth <= 0 && marks.contains(letter)
    });
    found.map(|(at, _)| at)
}

/// Whether words end within a bracket that they open.
fn is_in_bracket(words: &str) -> bool {
    let open = words.rfind('(');
    open.is_some_and(|open| !words[open..].contains(')'))
}

/// Whether words that name treatment, with a time or not, say that it was given at this visit.
pub fn is_given(words: &str, named: Span, today: Option<Date>) -> bool {
    given::judge(words, named, today).is_ok()
}

/// The regions that words name, for a code that is given at a place: by hand, or by a device or a pack laid on.
pub fn places(code: &str, words: &str) -> String {
    let at_a_place = procedures::find(code).is_some_and(|p| {
        // CPT's modalities, agents that are applied at a place, are 97010 to 97039.
        p.hands_on
            || p.adjustment
            || p.attendance == Attendance::Supervised
            || ("97010"..="97039").contains(&p.code)
    });
    if at_a_place {
        return regions::written(words);
    }
    // An exercise is for a place if its side is said: `R shoulder`.
    let all = regions::written(words);
    let sided = all.split(", ").filter(|place| {
        ["L ", "R ", "bilateral "]
            .iter()
            .any(|side| place.starts_with(side))
    });
    sided.collect::<Vec<_>>().join(", ")
}

/// Whether a time is none of the technique beside it.
fn are_apart(words: &str, clause: Span, time: &Time, technique: &TechniqueMention) -> bool {
    words!(
        NO_OTHER,
        r"(?i)^\W*(?:(?:i|we|pt|patient|client|she|he|they|then|next|and|also|today|the|a|an|in|for|of|total|all|about|session|treatment|visit|time|was|were|is|had|spent|gave|given|did|done|received|got|provided|performed|took|lasted|were|used|worked)\b\W*)*$"
    );
    if let Some(between) = words.get(technique.range.end..time.span.start) {
        let lead = words.get(clause.start..technique.range.start);
        return given::are_of_effect(lead.unwrap_or_default(), between);
    }
    let between = words
        .get(time.span.end..technique.range.start)
        .unwrap_or_default();
    // `Walking program 15 min, stretching after`: the time is of what stands before it.
    let is_of_other = between.trim_start().starts_with(',')
        && !NO_OTHER.is_match(&words[clause.start..time.span.start]);
    given::are_apart(between) || is_of_other
}

/// From the first word of a technique or its time to the last.
fn core(clause: Span, technique: &TechniqueMention, time: &Time) -> Span {
    if technique.range.start < clause.start || clause.end < technique.range.end {
        return time.span;
    }
    Span::new(
        technique.range.start.min(time.span.start),
        technique.range.end.max(time.span.end),
    )
}

/// The techniques of a clause. What decides nothing by itself does where nothing else stands beside the time: `gait 10 min`.
fn in_clause<'t>(
    all: &'t [TechniqueMention],
    words: &str,
    clause: Span,
    time: &Time,
) -> Vec<&'t TechniqueMention> {
    let within = all
        .iter()
        .filter(|found| clause.start <= found.range.start && found.range.end <= clause.end);
    let (decisive, others): (Vec<_>, Vec<_>) = within.partition(|found| found.decisive);
    if !decisive.is_empty() {
        return decisive;
    }
    pattern!(
        JOINED,
        r"(?i)\b(?:and|then|also|plus|finally|with|was|were|done|given|of|to|on|the|r|l|rt|lt|right|left|both|bilateral|x)\b"
    );
    // Two letters are short for too many things, unless all agree on their code.
    let is_alone = |found: &&&TechniqueMention| {
        let around = [
            clause.start..found.range.start.min(time.span.start),
            found.range.end.max(time.span.end)..clause.end,
            found.range.end.min(time.span.end)..found.range.start.max(time.span.start),
        ];
        let mut around = around.into_iter().filter_map(|range| words.get(range));
        is_label(words, clause, found, time)
            || (found.range.len() > 2 || is_short(words, found))
                && around.all(|rest| {
                    let rest = without(rest, &places_in(rest));
                    let rest = JOINED.replace_all(&rest, "");
                    !rest.contains(char::is_alphanumeric)
                })
    };
    others.iter().filter(is_alone).copied().collect()
}

/// Whether a short name labels what follows it and its time: `US x 8' L QL 1.0 MHz`, `GT: 10 min stairs`.
fn is_label(words: &str, clause: Span, found: &TechniqueMention, time: &Time) -> bool {
    words!(NO_WORD, r"(?i)^[\s:.–—-]*(?:x[ ]?|for )?$");
    let lead = words.get(clause.start..found.range.start);
    let between = words.get(found.range.end..time.span.start);
    is_short(words, found)
        && lead.is_some_and(|lead| !lead.contains(char::is_alphanumeric))
        && between.is_some_and(|between| NO_WORD.is_match(between))
}

/// Words without some of their parts.
fn without(words: &str, parts: &[Range<usize>]) -> String {
    let is_left = |at: usize| !parts.iter().any(|part| part.contains(&at));
    let letters = words.char_indices().filter(|(at, _)| is_left(*at));
    letters.map(|(_, letter)| letter).collect()
}

/// Where words name places.
fn places_in(words: &str) -> Vec<Range<usize>> {
    let places = regions::find_in(words).into_iter();
    places.map(|place| place.range).collect()
}

/// Whether a technique is named by letters that all agree on: `TE`, `TA`.
fn is_short(words: &str, found: &TechniqueMention) -> bool {
    found.technique.certainty == Certainty::Agreed
        && words[found.range.clone()]
            .chars()
            .all(|letter| letter.is_ascii_uppercase())
}

/// The technique of the treatment before, where a clause only says at which other place: `massage 20 min lumbar, 10 min hips`.
fn carried_on(
    words: &str,
    clause: Span,
    time: &Time,
    before: Option<&Told>,
) -> Option<TechniqueMention> {
    pattern!(
        FILLERS,
        r"(?i)\b(?:and|then|the|to|for|on|of|l|r|left|right|both|bilateral|prone|supine|side-?lying|seated|sitting|min(?:ute)?s?)\b"
    );
    let mut known = places_in(&words[clause.range()]);
    // `MT` is more often manual therapy than a place.
    known.retain(|place| place.len() > 2);
    let names_place = !known.is_empty();
    known.push(time.span.start - clause.start..time.span.end - clause.start);
    let rest = without(&words[clause.range()], &known);
    let rest = FILLERS.replace_all(&rest, "");
    let says_no_more = names_place && !rest.contains(char::is_alphanumeric);
    before
        .filter(|_| says_no_more)
        .map(|told| told.technique.clone())
}

/// Whether several treatments of different codes are given one time: `massage and ultrasound, 45 min`.
fn share_one_time(words: &str, time: &Time, found: &[&TechniqueMention]) -> bool {
    let mut shared: Option<Vec<&str>> = None;
    let mut last: Option<&TechniqueMention> = None;
    for one in found.iter().take_while(|t| t.range.end <= time.span.start) {
        let joined = last.is_some_and(|last| {
            words
                .get(last.range.end..one.range.start)
                .is_some_and(|between| TOGETHER.is_match(between))
        });
        let own = one.technique.accepted.clone();
        shared = Some(match shared.filter(|_| joined) {
            Some(before) => before.into_iter().filter(|c| own.contains(c)).collect(),
            None => own,
        });
        last = Some(one);
    }
    let direct = last.and_then(|last| words.get(last.range.end..time.span.start));
    let direct = direct.is_some_and(|between| !between.contains([';', '.', '(', ':']));
    found.len() > 1 && direct && shared.is_some_and(|codes| codes.is_empty())
}

/// The words about each time: divided behind the times where techniques stand before them, else before the times.
fn clauses(
    words: &str,
    times: &[Time],
    techniques: &[&TechniqueMention],
) -> Option<Vec<(Span, Time)>> {
    let first = times.first()?;
    let behind = techniques.first()?.range.start < first.span.start;
    let mut starts = vec![0];
    for pair in times.windows(2) {
        let (time, next) = (&pair[0], &pair[1]);
        let between = &words[time.span.end..next.span.start];
        let start = if behind {
            // `massage (25 min), stretching (10 min)`
            let cut = outside_brackets(between, &[',', ';', '.']).map(|at| at + 1);
            let joined = [" and ", " then ", " followed by ", " plus ", " + "];
            let joined = joined.iter().filter_map(|word| between.find(word));
            time.span.end + cut.into_iter().chain(joined).min()?
        } else {
            let joint = JOINT.find(between)?;
            time.span.end + joint.start()
        };
        starts.push(start);
    }
    let ends = starts[1..].iter().copied().chain([words.len()]);
    let clauses = starts.iter().zip(ends).zip(times);
    Some(
        clauses
            .map(|((start, end), time)| (Span::new(*start, end), time.clone()))
            .collect(),
    )
}

/// The technique that a time belongs to: the one that the time is `of`, else the first before it, else the first behind it.
fn nearest<'t>(
    words: &str,
    time: Span,
    found: &[&'t TechniqueMention],
) -> Option<&'t TechniqueMention> {
    let behind = found.iter().find(|t| t.range.start >= time.end);
    let is_of = |t: &&&TechniqueMention| {
        let between = &words[time.end..t.range.start];
        // `manual therapy 12 min before stretching`
        OF.is_match(between) && !given::are_apart(between)
    };
    let before = found.iter().find(|t| t.range.end <= time.start);
    behind.filter(is_of).or(before).or(behind).copied()
}
