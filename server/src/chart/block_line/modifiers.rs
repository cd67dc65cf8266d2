//! Modifiers, wherever they stand on the line of their code.

use std::ops::Range;

use super::is_counted;
use super::{is_bare, is_timed, proposal};
use crate::chart::figures::{self, Counted};
use crate::chart::{Modifier, time};
use crate::pattern::{pattern, words};
use crate::reference::{modifiers, regions, techniques};
use crate::text::Span;

// `97110-GP`, `97110:GP`, `97110/GP`, `97110_GP`, `97110.GP`
pattern!(
    JOINED,
    r"^(?:(?P<mark>[-‑–:/_])(?P<word>[A-Za-z0-9]+)|\.(?P<modifier>59|G[NOP]|KX|C[OQ]|X[EPSU])\b)"
);
// `97110 GP`, `97110, GP`, `97110: GP`, `97110 - GP`
pattern!(
    APART,
    r"^(?P<mark>[ \t]*[,:-]?[ \t]*)(?P<word>[A-Z0-9]{2})\b"
);
// `97110 (GP)`, `97110 [GP, 59]`
pattern!(
    BRACKETED,
    r"^[ \t]*[(\[][ \t]*(?P<words>[A-Z0-9]{2}(?:[ \t]*[ \t,/:-][ \t]*[A-Z0-9]{2})*)[ \t]*[)\]]"
);
pattern!(
    LABELLED,
    r"(?ix)\b mod(?:ifier)? (?:s|\(s\)|[\ ]?[1-4])? [\ \t]*[:=][\ \t]*
      (?P<words> [A-Z0-9]{2}\b (?: (?:[\ \t]*[,/:-][\ \t]*|[\ \t]+) (?-i:[A-Z0-9]{2})\b )* )"
);
// `mod GP`, `modifiers GP, 59`: without a mark only modifiers that are known.
pattern!(
    NAMED,
    r"(?ix)\b mod(?:ifier)? (?:s|[\ ]?[1-4])? [\ \t]+
      (?P<words> (?-i:[A-Z0-9]{2})\b (?: (?:[\ \t]*[,/:-][\ \t]*|[\ \t]+) (?-i:[A-Z0-9]{2})\b )* )"
);
pattern!(TWO, r"[A-Za-z0-9]{2}");

/// The modifiers that follow the code and where they end.
pub(super) fn behind_code(text: &str, code: Span, line_end: usize) -> (Vec<Modifier>, usize) {
    let (mut found, mut end) = joined(text, code, line_end);
    // `Manual therapy (97140) GP 59`
    if found.is_empty() && text[code.end..line_end].starts_with([')', ']']) {
        let bracketed = Span::new(code.start, code.end + 1);
        let (behind, end_behind) = joined(text, bracketed, line_end);
        if !behind.is_empty() {
            (found, end) = (behind, end_behind);
        }
    }
    if let Some(end_before) = end_without_figure(text, code, line_end, &found, end) {
        found.pop();
        end = end_before;
    }
    (found, end)
}

fn joined(text: &str, code: Span, line_end: usize) -> (Vec<Modifier>, usize) {
    let mut found: Vec<Modifier> = Vec::new();
    let code_end = proposal(text, code).map_or(code.end, |mark| mark.end.min(line_end));
    let mut end = code_end;
    loop {
        let rest = &text[end..line_end];
        let joined = touching(rest)
            .filter(|_| end == code_end)
            .or_else(|| behind_a_mark(rest))
            .or_else(|| apart(rest, &text[code.range()], !found.is_empty()))
            .or_else(|| in_brackets(rest));
        let Some((words, length)) = joined else {
            return (found, end);
        };
        let modifier = |word: Range<usize>| Modifier {
            code: rest[word.clone()].to_ascii_uppercase(),
            span: Span::from(word).shifted(end),
        };
        found.extend(words.into_iter().map(modifier));
        end += length;
    }
}

/// The places of modifiers and the length of all that was read for them.
type Joined = (Vec<Range<usize>>, usize);

/// `97110GP`, `97110GPCQ`
fn touching(rest: &str) -> Option<Joined> {
    let length = rest
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(rest.len());
    let word = &rest[..length];
    let pairs: Vec<_> = TWO.find_iter(word).map(|pair| pair.range()).collect();
    (word.starts_with(|c: char| c.is_ascii_alphabetic()) && are_modifiers(word))
        .then_some((pairs, length))
}

/// `-59`, `:GP`, `/GP`
fn behind_a_mark(rest: &str) -> Option<Joined> {
    let found = JOINED.captures(rest)?;
    if let Some(modifier) = found.name("modifier") {
        return Some((vec![modifier.range()], modifier.end()));
    }
    let (mark, word) = (found.name("mark")?, found.name("word")?);
    let (after, text) = (&rest[word.end()..], word.as_str());
    let is_time = begins_with_time(&rest[mark.end()..]);
    let is_figure = text.bytes().all(|b| b.is_ascii_digit());
    if is_time || is_figure && is_number(text, after, false) {
        return None;
    }
    let is_hyphen = !matches!(mark.as_str(), ":" | "/");
    let is_modifier = if is_hyphen {
        is_modifier_behind_hyphen(text)
    } else {
        text.len() == 2 && modifiers::find(text).is_some()
    };
    is_modifier.then(|| (vec![word.range()], word.end()))
}

/// Whether the words behind a figure say what it counts, and are no label of the next: `59 min`, but not `59 Min: 30`,
/// `59 Units 2` and behind `Mod:` also not `76 Min: 15`.
fn is_number(figure: &str, after: &str, behind_label: bool) -> bool {
    words!(UNITS, r"(?i)^[ \t]*units?(?:\(s\))?[ \t]*(?:[:=]|\d)");
    words!(
        MINUTES,
        r"(?i)^[ \t]*min(?:ute)?s?(?:\(s\))?[ \t]*[:=]?[ \t]*\d"
    );
    words!(MARKED, r"^[^\d]*[:=]");
    let is_label = UNITS.is_match(after)
        || MINUTES.is_match(after) && (behind_label || figure == "59" && MARKED.is_match(after));
    let labels_next = is_label && modifiers::find(figure).is_some();
    is_counted(after) && !labels_next
}

/// The modifiers that no code takes which is billed by time.
const NEVER_TIMED: [&str; 3] = ["25", "50", "51"];

/// Where the modifiers end if the last of them is a figure that is rather the minutes of a line without a time:
/// `97110 25`, `97124 50`, and below `Minutes` also `97110-23`.
fn end_without_figure(
    text: &str,
    code: Span,
    line_end: usize,
    modifiers: &[Modifier],
    end: usize,
) -> Option<usize> {
    let (last, others) = modifiers.split_last()?;
    let behind = &text[end..line_end];
    if !last.code.bytes().all(|b| b.is_ascii_digit())
        || !is_timed(text, code)
        || !time::durations(behind, end).is_empty()
        || !time::clock_ranges(behind, end).is_empty()
    {
        return None;
    }
    let is_apart = text[..last.span.start].ends_with([' ', '\t', '(', '[', ':']);
    let counted = figures::counted(text, code);
    let is_minutes = if counted.contains(&Counted::Minutes) {
        // `97140-59 15`
        let others = figures::lone(behind, is_counted).len();
        others < counted.len() && (is_apart || last.code != "59")
    } else {
        counted.is_empty() && is_apart && NEVER_TIMED.contains(&last.code.as_str())
    };
    is_minutes.then(|| others.last().map_or(code.end, |modifier| modifier.span.end))
}

/// Whether a clock range begins there.
fn begins_with_time(rest: &str) -> bool {
    /// The characters of a long range: `10:00 a.m., and time out at: 10:25 a.m.`
    const LONG: usize = 48;
    let end = rest
        .char_indices()
        .nth(LONG)
        .map_or(rest.len(), |(at, _)| at);
    let found = time::clock_ranges(&rest[..end], 0);
    found.first().is_some_and(|range| range.span.start == 0)
}

/// Behind a hyphen any two characters are meant as a modifier, right or wrong, but not a word, a side,
/// a region or a figure: `97124-low back`, `97124-R shoulder`, `97140-C4`, `97110-3x10`.
fn is_modifier_behind_hyphen(word: &str) -> bool {
    let is_figure = word.bytes().all(|b| b.is_ascii_digit());
    match word.len() {
        // The first letter of a modifier that is no side (`R`) and no part of the spine (`C`, `T`, `L`).
        1 => is_figure || matches!(word, "G" | "K" | "X"),
        2 if modifiers::find(word).is_some() || is_figure => true,
        2 => {
            let is_small = word.bytes().all(|b| b.is_ascii_lowercase());
            regions::find_in(word).is_empty() && (!is_small || modifiers::nearest(word).is_some())
        }
        // `59X`, `GPP`, `599`: a character too many.
        3 => !is_figure && has_one_too_many(word) || is_figure && word.starts_with("59"),
        // `59GP`: two that are run together.
        4 => are_modifiers(word) && !word.bytes().any(|b| b.is_ascii_lowercase()),
        _ => false,
    }
}

/// Whether a word of three characters is a modifier with a figure or its own last letter behind it, and no length of
/// time (`25M`).
fn has_one_too_many(word: &str) -> bool {
    let Some((modifier, last)) = word.split_at_checked(2) else {
        return false;
    };
    let is_odd = modifier.ends_with(last)
        || modifier.bytes().any(|b| b.is_ascii_digit()) != last.bytes().any(|b| b.is_ascii_digit());
    let is_minutes = last == "M" && modifier.bytes().all(|b| b.is_ascii_digit());
    modifiers::find(modifier).is_some()
        && is_odd
        && !is_minutes
        && !word.bytes().any(|b| b.is_ascii_lowercase())
}

/// Whether each two characters of the word are a modifier.
fn are_modifiers(word: &str) -> bool {
    let mut pairs = TWO.find_iter(word);
    !word.is_empty()
        && word.len().is_multiple_of(2)
        && pairs.all(|pair| modifiers::find(pair.as_str()).is_some())
}

/// ` 59`, ` GP`, `, GP`, `: GP`, as record systems print them.
fn apart(rest: &str, code: &str, follows_modifier: bool) -> Option<Joined> {
    let found = APART.captures(rest)?;
    let (mark, word) = (found.name("mark")?, found.name("word")?);
    let is_figure = word.as_str().bytes().all(|b| b.is_ascii_digit());
    let after = &rest[word.end()..];
    // `97110, 25` and `97110: 25` are rather minutes, but not `97140 - 59 - 30 min`.
    words!(
        LESS_TIME,
        r"^[ \t]*[–,;/-][ \t]*(?:[1-4]?\d|5[0-8])[ \t]?(?:m\b|min|')"
    );
    let is_set_off = !mark.as_str().trim().is_empty();
    let is_59 = word.as_str() == "59" && LESS_TIME.is_match(after);
    let could_be_minutes = is_set_off && !follows_modifier && !is_59;
    let is_number = || is_number(word.as_str(), after, false) || after.starts_with(['/', '.']);
    // `SQUATS AT HOME`
    words!(GOES_ON, r"^[ \t]+[A-Za-z]{2}");
    let is_word = word.as_str() == "AT" && !code.starts_with("9894") && GOES_ON.is_match(after);
    let is_modifier = !mark.is_empty()
        && modifiers::find(word.as_str()).is_some()
        && !is_side(word.as_str())
        && !is_word
        && !(is_figure && (could_be_minutes || is_number()));
    // `GP, 10-10:25`
    let is_time = || begins_with_time(&rest[word.start()..]);
    (is_modifier && !(is_figure && is_time())).then(|| (vec![word.range()], word.end()))
}

/// ` (GP)`, ` [GP, 59]`
fn in_brackets(rest: &str) -> Option<Joined> {
    let found = BRACKETED.captures(rest)?;
    let words = found.name("words")?;
    let pairs: Vec<_> = TWO.find_iter(words.as_str()).collect();
    let known = pairs
        .iter()
        .all(|pair| modifiers::find(pair.as_str()).is_some() && !is_side(pair.as_str()));
    // `(25)` is rather minutes.
    let named = words.as_str() == "59" || words.as_str().bytes().any(|b| b.is_ascii_alphabetic());
    let at = |pair: &regex::Match<'_>| pair.start() + words.start()..pair.end() + words.start();
    (known && named).then(|| {
        (
            pairs.iter().map(at).collect(),
            found.get(0).map_or(0, |all| all.end()),
        )
    })
}

/// `LT shoulder`: apart from the code it is a side.
fn is_side(word: &str) -> bool {
    matches!(word, "RT" | "LT")
}

// ---- apart from the code

/// The first modifiers of a line that a label leads, `Mod: GP, 59`: all that was read, and each of them.
pub(super) fn labelled(rest: &str) -> Option<(Range<usize>, Vec<Range<usize>>)> {
    let is_known = |words: &str| {
        let first = words.get(..2);
        first.is_some_and(|first| modifiers::find(first).is_some())
    };
    let labelled = LABELLED.captures(rest);
    let found = labelled.or_else(|| {
        NAMED
            .captures(rest)
            .filter(|found| is_known(&found["words"]))
    })?;
    let (whole, words) = (found.get(0)?, found.name("words")?);
    let mut all: Vec<Range<usize>> = Vec::new();
    for pair in TWO.find_iter(words.as_str()) {
        let range = pair.start() + words.start()..pair.end() + words.start();
        let is_figure = pair.as_str().bytes().all(|b| b.is_ascii_digit());
        let is_number = is_figure && is_number(pair.as_str(), &rest[range.end..], true);
        if is_number || !all.is_empty() && !is_known(pair.as_str()) {
            break;
        }
        all.push(range);
    }
    let end = all.last().map_or(words.start(), |last| last.end);
    Some((whole.start()..end, all))
}

// Modifiers in capitals, or in small letters what is no word: `GP`, `GP 59`, `GP59`, `gp`.
pattern!(
    LOOSE,
    r"\b(?:(?:59|G[NOP]|KX|C[OQ]|X[EPSU]|AT)+|gp|gn|kx|cq)(?:(?:[ \t]*[,;/:&+|–-][ \t]*|[ \t]+)(?:59|G[NOP]|KX|C[OQ]|X[EPSU]|AT))*\b"
);
// What may follow them: the end, what was read already, a mark, `modifier`, units.
words!(
    BEHIND_LOOSE,
    r"(?i)^(?:[ \t]+modifiers?)?[ \t]*(?:$|\.?$|[|,;)\]&#+*]|\.[ \t]|[–:/-][ \t|]|[x×][ \t]?\d{1,2}\b|\d{1,2}[ \t]?(?:u|units?)\b)"
);
// What may stand before them but what was read: units, `w/`, `M:`.
words!(
    BEFORE_LOOSE,
    r"(?i)(?:\d[ \t]?(?:u|units?)|\b[x×][ \t]?\d{1,2}|\bw/|\b(?:m|mods?|modifiers?)[ \t]*:?|\b(?:regions?|areas?))$"
);
// Words after which `GP` is a physician, `GO` an order and a figure a time or a number.
words!(
    LEADING_WORD,
    r"(?i)\b(?:a|the|his|her|their|my|our|by|from|to|with|for|of|in|at|on|and|or|per|via|cc|see|sees|saw|seen|call|called|contact|contacted|time|start|begin)$"
);

/// The modifiers that stand elsewhere on the line, behind the time or the words that say what was done: `30 min GP`,
/// `Manual therapy 59 30 min`. `rest` is the line behind `from` with marks in place of what was read.
pub(super) fn loose(rest: &str, from: usize, code: &str, has_time: bool) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    for found in LOOSE.find_iter(&rest[from..]) {
        let words = found.as_str();
        let before = &rest[from..from + found.start()];
        let is_adjustment = code.starts_with("9894");
        if BEHIND_LOOSE.is_match(&rest[from + found.end()..])
            && (is_adjustment || !words.contains("AT"))
            && may_lead(before, words, has_time)
        {
            let pairs = TWO.find_iter(words);
            all.extend(pairs.map(|pair| {
                let start = from + found.start();
                start + pair.start()..start + pair.end()
            }));
        }
    }
    all
}

/// Whether the words before them leave no doubt that these are modifiers.
fn may_lead(before: &str, words: &str, has_time: bool) -> bool {
    /// How much of the words before them is looked at, in bytes.
    const LONGEST_PHRASE: usize = 120;
    /// No words in capitals either.
    const NO_WORDS: [&str; 4] = ["GP", "GN", "KX", "CQ"];
    let is_figure = words.bytes().all(|b| !b.is_ascii_alphabetic());
    if is_figure && !has_time {
        return false;
    }
    let words_before = before.trim_end();
    let marked = words_before.trim_end_matches(|c: char| " \t,;()[]&#+*–-:/".contains(c));
    if marked.is_empty() || marked.ends_with('|') || BEFORE_LOOSE.is_match(words_before) {
        return true;
    }
    let near = &marked[marked.floor_char_boundary(marked.len().saturating_sub(LONGEST_PHRASE))..];
    let start = near.rfind(|c: char| ",;|()[]&#+*".contains(c));
    let phrase = start.map_or(near, |start| &near[start + 1..]);
    if words.starts_with(|c: char| c.is_ascii_lowercase()) || LEADING_WORD.is_match(phrase) {
        return false;
    }
    let is_label = words_before.ends_with([':', '/']);
    let says_no_more = || is_bare(&without_techniques(phrase)) && !is_label;
    says_no_more() || has_time && NO_WORDS.iter().any(|word| words.starts_with(word))
}

/// A phrase without the techniques that it names.
fn without_techniques(phrase: &str) -> String {
    let mut rest = phrase.to_owned();
    for named in techniques::find_in(phrase) {
        let length = named.range.len();
        rest.replace_range(named.range, &" ".repeat(length));
    }
    rest
}
