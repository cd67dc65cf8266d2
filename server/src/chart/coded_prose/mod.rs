//! Blocks whose code does not open the line: in sentences, in tables, several on a line, and the lines of units that say
//! what other blocks lack. What names a code and is none of these is kept as not read, so that it can be named.

mod charges;
mod codes;
mod sentence;
#[cfg(test)]
mod tests;

use std::cell::LazyCell;
use std::collections::HashSet;

use memchr::memchr2;

use charges::paragraphs;
pub use charges::{is_label_of_choices, is_label_of_list, is_list};
use codes::{CODE, codes};
use sentence::{DONE, Found, Sentence};
pub use sentence::{further, together};

use super::block_line::{self, BlockLine, add_modifiers_below};
use super::field::FieldKind;
use super::line_below::{self, Said};
use super::table::Head;
use super::{Field, Visit, date, passing};
use crate::pattern::{pattern, words};
use crate::text::Span;

/// A code that we know in prose that is no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadCode {
    pub code: Span,
    /// The words that speak of it.
    pub words: Span,
    /// Where a line for it can be put: the end of the last line of these words.
    pub line_end: usize,
}

// A sentence may end here, if what follows begins another.
pattern!(STOP, r"[.!?][)”]?\s+|;");
// `97124? 30 min`: the mark of a code that was proposed ends no sentence.
pattern!(PROPOSED, r"(?i)\b(?:\d{5}|[A-Z]\d{4})\?\s+\d");
words!(BLANK, "_{2,}");
// `Total time: 12 minutes.`
words!(
    ONLY_TIME,
    r"(?i)^(?:(?:total|timed|time|duration|minutes?|min|for|x)[ \t:=]*)*[~0-9][^a-z]*(?:[ap]\.?m?\.?[^a-z]*)*(?:(?:minutes?|mins?|hours?|hrs?|total)[ \t.]*)*$"
);

/// Reads the prose of a visit.
pub fn read(text: &str, visit: &mut Visit) {
    said_below(text, visit);
    let mut found = Found::default();
    let mut unread = std::mem::take(&mut visit.unread_codes);
    for paragraph in paragraphs(text, visit) {
        // Most name no code, and there is nothing to read.
        if !CODE.is_match(&text[paragraph.span.range()]) {
            continue;
        }
        let first_of_paragraph = found.blocks.len();
        let mut before: Option<Span> = None;
        for sentence in with_times(text, &sentences(text, paragraph.span)) {
            let reader = Sentence {
                text,
                section: paragraph.section,
                span: sentence,
            };
            let known = found.blocks.len();
            reader.read(visit, &mut found, &mut unread);
            // `Adjusted C5 and L4. 98940-AT`: what was done stands before its code.
            if let [block] = &mut found.blocks[known..]
                && let Some(before) = before
                && !text[block.line.range()].contains(char::is_whitespace)
                && !text[before.end..sentence.start].contains(['\n', '\r'])
                && codes(text, before).is_empty()
            {
                block.read_vocabulary(text, None, before);
            }
            before = Some(sentence);
            // `Manual therapy (97140) 15 min. Posterior glides, gr III.`: the block goes on.
            if let Some(block) = found.blocks[first_of_paragraph..].last_mut()
                && block.line.end < sentence.start
            {
                let is_placed = !block.regions.is_empty();
                block.read_vocabulary(text, is_placed.then_some(FieldKind::Technique), sentence);
            }
        }
    }
    ask_beside(text, visit, &mut unread);
    visit.modalities.extend(found.blocks);
    visit
        .modalities
        .sort_by_key(|modality| modality.code_span.start);
    // Where nothing else was done, it may be what the plan names.
    if visit.modalities.is_empty() {
        unread.extend(found.in_plan);
    }
    let billed: HashSet<&str> = visit.modalities.iter().map(|m| m.code.as_str()).collect();
    let mut named = HashSet::new();
    unread.retain(|unread: &UnreadCode| {
        let code = text[unread.code.range()].to_ascii_uppercase();
        !billed.contains(code.as_str()) && named.insert(unread.code)
    });
    visit.unread_codes = unread;
}

/// Asks for the codes with a time of their own that the words below a block or an addendum name.
fn ask_beside(text: &str, visit: &Visit, unread: &mut Vec<UnreadCode>) {
    let details = visit.modalities.iter().flat_map(|block| {
        let spans = block.details.iter().map(|detail| detail.span);
        spans.map(|span| (span, block.span.end))
    });
    let addenda = visit.fields_of(FieldKind::Addendum).filter_map(|f| f.value);
    let addenda = addenda.map(|value| {
        // The day before it is that of the writing.
        let words = &text[value.range()];
        let dated = date::at_start(words).map_or(0, |date| date.span.end);
        (Span::new(value.start + dated, value.end), value.end)
    });
    for (words, end) in details.chain(addenda) {
        if !CODE.is_match(&text[words.range()]) {
            continue;
        }
        let known = unread.len();
        let section = None;
        for span in sentences(text, words) {
            Sentence {
                text,
                section,
                span,
            }
            .ask(visit, unread);
        }
        // A block amid the words of another would take those that follow.
        let line_end = line_end(text, end);
        for own in &mut unread[known..] {
            own.line_end = line_end;
        }
    }
}

/// The sentences, those joined of which the later ones only say on the same line how long it took:
/// `Gait training (97116). 12 minutes.`
fn with_times(text: &str, sentences: &[Span]) -> Vec<Span> {
    let coded: Vec<Vec<Span>> = sentences.iter().map(|s| codes(text, *s)).collect();
    let mut all: Vec<Span> = Vec::new();
    let mut next = 0;
    while let Some(&sentence) = sentences.get(next) {
        let own = &coded[next];
        next += 1;
        let mut whole = sentence;
        let goes_on = |at: usize| {
            let later = sentences.get(at);
            later.is_some_and(|later| {
                coded[at].is_empty() && !text[sentence.end..later.start].contains(['\n', '\r'])
            })
        };
        if let [code] = own[..]
            && goes_on(next)
            && !has_time(&block_line::read(text, code, sentence))
        {
            let later = sentences[next..]
                .iter()
                .enumerate()
                .take_while(|(at, later)| {
                    goes_on(next + at) && !passing::is_in_passing(&text[later.range()])
                });
            let time = later.into_iter().find(|(_, next)| {
                let said = block_line::read(text, code, Span::new(sentence.start, next.end));
                let before = text[..next.start].trim_end();
                let words = &text[next.range()];
                has_time(&said)
                    && !said.gives_way
                    && (before.ends_with(';') || ONLY_TIME.is_match(words))
            });
            if let Some((at, last)) = time {
                whole.end = last.end;
                next += at + 1;
            }
        }
        all.push(whole);
    }
    all
}

fn has_time(said: &BlockLine) -> bool {
    !said.clock.is_empty() || !said.durations.is_empty()
}

/// What stands alone on the lines below a block is the block's, at any indentation: its modifiers and, where it has no time,
/// its time and its units.
fn said_below(text: &str, visit: &mut Visit) {
    let fields = visit.fields_of(FieldKind::Time);
    let fields = fields.map(|f| Span::new(f.key.start, f.value.map_or(f.key.end, |v| v.end)));
    let lines = visit.prose.iter().map(|prose| prose.span).chain(fields);
    let mut lines: Vec<Span> = lines.chain(durations(text, visit)).collect();
    lines.sort_unstable();
    let mut told = HashSet::new();
    for block in &mut visit.modalities {
        let has_own_time = !block.says_no_time();
        // A name of the treatment may stand between.
        let behind = Span::new(block.modifiers_end, block.line.end.max(block.modifiers_end));
        let is_lone = block_line::is_bare(&text[behind.range()]);
        let mut names = Vec::new();
        let mut end = block.line.end;
        let first = lines.partition_point(|line| line.start < end);
        for line in &lines[first..] {
            if !is_next_line(text, end, line.start) {
                break;
            }
            end = line.end;
            let words = &text[line.range()];
            match line_below::read(text, *line) {
                Some(Said::Modifiers(found)) => {
                    add_modifiers_below(&block.code, &mut block.modifiers, found);
                    continue;
                }
                // Behind the time they may be those of the day.
                Some(Said::Units(_)) if !block.says_no_time() => continue,
                _ if !block.says_no_time() => {}
                Some(Said::Clock(range)) => {
                    block.clock.push(range);
                    continue;
                }
                Some(Said::Duration(duration)) => {
                    block.durations.push(duration);
                    told.insert(line.start);
                    continue;
                }
                Some(Said::Units(claim)) => {
                    block.claimed = block.claimed.or(Some(claim));
                    continue;
                }
                None if is_lone && !line_below::has_time(words) && !CODE.is_match(words) => {
                    names.push(*line);
                    continue;
                }
                None => {}
            }
            break;
        }
        if !has_own_time && !block.says_no_time() {
            for name in names {
                block.read_vocabulary(text, None, name);
            }
        }
    }
    // The time of the only block may be that of the session as well.
    if visit.modalities.len() > 1 {
        let is_told = |f: &Field| f.kind == FieldKind::Session && told.contains(&f.key.start);
        visit.fields.retain(|field| !is_told(field));
    }
}

/// The lines `Duration: 25 min` of a visit that say how long a block took: each block has its own, or there is one block,
/// or something else says how long the session was. A single one below several blocks is the session's.
fn durations(text: &str, visit: &Visit) -> Vec<Span> {
    let sessions = visit.fields_of(FieldKind::Session);
    let is_bare = |f: &&Field| {
        let key = text[f.key.range()].trim_end_matches([':', ' ', '\t']);
        key.eq_ignore_ascii_case("duration")
    };
    let (bare, others): (Vec<&Field>, Vec<&Field>) = sessions.partition(is_bare);
    if bare.len() < 2 && others.is_empty() && visit.modalities.len() > 1 {
        return Vec::new();
    }
    let line = |f: &Field| Span::new(f.key.start, f.value.map_or(f.key.end, |value| value.end));
    bare.into_iter().map(line).collect()
}

fn is_next_line(text: &str, end: usize, start: usize) -> bool {
    let between = text.get(end..start).unwrap_or("x");
    between.trim_matches([' ', '\t']).len() <= 2
        && between.trim().is_empty()
        && between.matches('\n').count() <= 1
        && between.matches('\r').count() <= 1
}

/// The end of the line that an offset stands in, before its break.
pub fn line_end(text: &str, from: usize) -> usize {
    memchr2(b'\n', b'\r', &text.as_bytes()[from..]).map_or(text.len(), |length| from + length)
}

/// Whether a line ends amid a sentence: `to be billed with`.
pub fn dangles(line: &str) -> bool {
    words!(
        DANGLES,
        r"(?i)\b(?:of|the|and|or|nor|not|with|to|for|in|by|a|an|from|than|as|is|was|that)$"
    );
    DANGLES.is_match(line)
}

/// Whether the words of a plan say that treatment was given all the same.
pub fn says_done(words: &str) -> bool {
    DONE.is_match(words)
}

/// Whether words name a procedure that we know.
pub fn names_code(text: &str, words: Span) -> bool {
    CODE.is_match(&text[words.range()]) && !codes(text, words).is_empty()
}

/// Whether a line offers a procedure with a blank that nobody filled.
pub fn is_unfilled(text: &str, line: Span) -> bool {
    BLANK.is_match(&text[line.range()]) && names_code(text, line)
}

/// Whether a line names the columns of a table of treatment.
pub fn is_table_head(line: &str) -> bool {
    Head::of(line).is_some()
}

/// Whether sentences begin in small letters, as on a telephone: `rom flex 98. did ther ex x15 min. hep reviewed.`
fn is_in_small_letters(words: &str) -> bool {
    let (mut small, mut capital) = (0, 0);
    for stop in STOP.find_iter(words).filter(|stop| stop.as_str() != ";") {
        let mut letters = words[stop.end()..].chars().map(char::is_lowercase);
        match (letters.next(), letters.next()) {
            (Some(true), _) => small += 1,
            // `KS PTA` is how it is written everywhere.
            (Some(false), Some(true)) => capital += 1,
            _ => {}
        }
    }
    small > 1 && capital == 0
}

/// Whether the dot behind these words, before a small letter, ends a sentence and is no part of a short form: `ther. ex`, `15 min. of`.
fn ends_a_sentence(words: &str, next: &str) -> bool {
    words!(
        SHORT,
        r"(?i)\b(?:[a-z]{1,2}|abd|add|ant|approx|bil|bilat|cerv|deg|dist|est|etc|excl?|exer|exs|ext|flex|hrs?|incl|inf|int|lat|lbs?|lumb|man|manip|max|med|mobs?|mod|neuro|post|prox|reps?|resp|rot|secs?|shld|str|sup|ther|thor|trng|tx)$"
    );
    words!(MINUTES, r"(?i)mins?$");
    words!(
        OF_MINUTES,
        r"^(?:of|on|to|for|with|per|each|and|x|at|in|total)\b"
    );
    if MINUTES.is_match(words) {
        return !OF_MINUTES.is_match(next);
    }
    let word = words.rsplit(' ').next().unwrap_or(words);
    let is_name = word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase());
    is_name || !SHORT.is_match(word)
}

/// The sentences of a paragraph, which also end at semicolons.
pub fn sentences(text: &str, paragraph: Span) -> Vec<Span> {
    let words = &text[paragraph.range()];
    let mut all = Vec::new();
    let mut start = 0;
    let mut push = |start: usize, end: usize| {
        let sentence = words[start..end].trim();
        let at = start + words[start..end].len() - words[start..end].trim_start().len();
        if !sentence.is_empty() {
            all.push(Span::new(at, at + sentence.len()).shifted(paragraph.start));
        }
    };
    let proposed = PROPOSED.find_iter(words).map(|found| found.start() + 5);
    let proposed: Vec<usize> = proposed.collect();
    // Asked at the first stop before a small letter: most texts have none.
    let in_small_letters = LazyCell::new(|| is_in_small_letters(words));
    // How many brackets are open, and up to where they were counted.
    let (mut depth, mut counted) = (0_usize, 0);
    for stop in STOP.find_iter(words) {
        for mark in words[counted..stop.end()].bytes() {
            match mark {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        counted = stop.end();
        let begins = words[stop.end()..].chars().next();
        // The dots between a name and its figure end nothing: `Gait training ...... 12 min`.
        let is_leader = words[..stop.start()].ends_with("..");
        // `massage (97124) by T. Sample, LMT`
        words!(INITIAL, r"\b(?:by|with|from|and) [A-Z]$");
        let near = words.floor_char_boundary(stop.start().saturating_sub("from A".len() + 1));
        if stop.as_str().starts_with('.') && INITIAL.is_match(&words[near..stop.start()]) {
            continue;
        }
        if proposed.contains(&stop.start())
            || is_leader && begins.is_some_and(|c| c.is_ascii_digit())
        {
            continue;
        }
        let is_end = stop.as_str() == ";"
            || begins.is_some_and(|c| !c.is_lowercase())
            || *in_small_letters && ends_a_sentence(&words[..stop.start()], &words[stop.end()..]);
        // `(2 units; 30 min)` is not over.
        if is_end && depth == 0 {
            push(start, stop.end());
            start = stop.end();
        }
    }
    push(start, words.len());
    all
}
