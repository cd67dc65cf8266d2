//! Modifiers, wherever they stand on the line of their code.

use std::ops::Range;

use super::{is_bare, is_counted, is_timed, is_timed_code, proposal};
use crate::chart::figures::{self, Counted};
use crate::chart::{Modifier, time};
use crate::pattern::{pattern, words};
use crate::reference::techniques::Technique;
use crate::reference::{modifiers, procedures, regions, techniques};
use crate::text::Span;

// `97110-GP`, `97110:GP`, `97110/GP`, `97110_GP`, `97110.GP`
pattern!(
    JOINED,
    r"^(?:(?P<mark>[-‑–:/_])(?:(?P<times>[A-Z0-9]{2})[x×]\d{1,2}\b|(?P<word>[A-Za-z0-9]+))|\.(?P<modifier>59|G[NOP]|KX|C[OQ]|X[EPSU])\b)"
);
// `97110 GP`, `97110, GP`, `97110: GP`, `97110 - GP`
pattern!(
    APART,
    r"^(?P<mark>[ \t]*[,:-]?[ \t]*(?:(?P<and>and|with)[ \t]+-?)?)(?P<word>[A-Z0-9]{2})(?:\b|[x×]\d{1,2}\b)"
);
// `97110 (GP)`, `97110 [GP, 59]`
pattern!(
    BRACKETED,
    r"^[ \t]*[(\[][ \t]*(?P<words>[A-Z0-9]{2}(?:[ \t]*[ \t,/:-][ \t]*[A-Z0-9]{2})*)[ \t]*[)\]]"
);
pattern!(
    LABELLED,
    r"(?ix)\b mod(?:ifier)? (?:s|\(s\)|[\ ]?[1-4])? [\ \t]*[:=][\ \t]*
      (?P<words> [A-Z0-9]{2}\b (?: (?:[\ \t]*[,/:-][\ \t]*|[\ \t]+) (?:and[\ \t]+)? (?-i:[A-Z0-9]{2})\b )* )"
);
// `mod GP`, `modifiers GP, 59`: without a mark only modifiers that are known.
pattern!(
    NAMED,
    r"(?ix)\b mod(?:ifier)? (?:s|[\ ]?[1-4])? (?:[\ \t]+-?|[.\#-][\ \t]*)?
      (?P<words> (?-i:[A-Z0-9]{2})\b (?: (?:[\ \t]*[,/:-][\ \t]*|[\ \t]+) (?:and[\ \t]+)? (?-i:[A-Z0-9]{2})\b )* )"
);
pattern!(TWO, r"[A-Za-z0-9]{2}");

/// The modifiers that follow the code and where they end.
pub fn behind_code(text: &str, code: Span, line_end: usize) -> (Vec<Modifier>, usize) {
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
    // `97110GPx2`
    words!(TIMES, r"^x\d{1,2}(?:[^0-9A-Za-z]|$)");
    let is_end = |(at, c): &(usize, char)| {
        !c.is_ascii_alphanumeric() || *c == 'x' && TIMES.is_match(&rest[*at..])
    };
    let length = rest
        .char_indices()
        .find(is_end)
        .map_or(rest.len(), |(at, _)| at);
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
    // `97140-59x3`, but not `97110-25x3`
    if let Some(word) = found.name("times") {
        let is_figure = word.as_str().bytes().all(|b| b.is_ascii_digit());
        let is_known = modifiers::find(word.as_str()).is_some();
        let is_modifier = is_known && (!is_figure || word.as_str() == "59");
        return is_modifier.then(|| (vec![word.range()], word.end()));
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
pub fn are_modifiers(word: &str) -> bool {
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
    // `97110 GP and KX`, but not `97140 and 59 reps`.
    if found.name("and").is_some() && !follows_modifier {
        return None;
    }
    // `97140 GP LT 15 min`, but not `97140 GP LT shoulder`
    words!(ENDS_SIDE, r"^[ \t]*(?:\d|$|[,;|])");
    // `GP 25-30 min`, `GP 25 SLR`
    words!(GOES_ON_AS_NUMBER, r"^(?:[/.]|-\d)");
    words!(BEFORE_WORD, r"^[ \t]+[A-Za-z]{2}");
    let is_number = || {
        is_number(word.as_str(), after, false)
            || GOES_ON_AS_NUMBER.is_match(after)
            || word.as_str() == "25" && is_timed_code(code) && BEFORE_WORD.is_match(after)
    };
    // `SQUATS AT HOME`, `CO-treat`, `GO/NO GO`, `GP?`, `GP Dr. Sample`
    words!(IS_PART, r"^(?:-[ ]?[A-Za-z]{3}|-T[Xx]\b|/NO\b|\?)");
    let is_word = word.as_str() == "AT" && !code.starts_with("9894") && BEFORE_WORD.is_match(after)
        || IS_PART.is_match(after)
        || word.as_str() == "GP" && REFERRER.is_match(after);
    let is_modifier = !mark.is_empty()
        && modifiers::find(word.as_str()).is_some()
        && (!is_side(word.as_str()) || follows_modifier && ENDS_SIDE.is_match(after))
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

words!(
    DENIED_BEFORE,
    r"(?i)\b(?:no|not|without|w/o|removed?)[ \t]*$"
);
words!(NAMED_BEHIND, r"(?i)^[ \t]+(?:modifiers?|mods?)\b");

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
    words!(DENIED_BEHIND, r"(?i)^[ \t]*(?:is |was )?(?:not|n/a)\b");
    if DENIED_BEFORE.is_match(&rest[..whole.start()])
        || DENIED_BEHIND.is_match(&rest[whole.end()..])
    {
        return Some((whole.range(), Vec::new()));
    }
    pattern!(WORD, r"\b[A-Za-z0-9]{2}\b");
    let mut all: Vec<Range<usize>> = Vec::new();
    for pair in WORD.find_iter(words.as_str()) {
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

/// The modifiers that stand alone before the code of a line: `GP 97110`, `GP 59 97140`.
pub(super) fn before_code(before: &str) -> Vec<Range<usize>> {
    pattern!(
        ALONE,
        r"^[ \t•*-]*(?P<words>G[NOP](?:[ \t,/-]+(?:59|KX|C[OQ]))*)[ \t,:-]*$"
    );
    let found = ALONE.captures(before);
    let Some(words) = found.and_then(|found| found.name("words")) else {
        return Vec::new();
    };
    let pairs = TWO.find_iter(words.as_str());
    pairs
        .map(|pair| words.start() + pair.start()..words.start() + pair.end())
        .collect()
}

// Modifiers in capitals, or in small letters what is no word: `GP`, `GP 59`, `GP59`, `gp`.
pattern!(
    LOOSE,
    r"\b(?:(?:59|G[ANOPXYZ]|KX|C[OQ]|X[EPSU]|AT)+|25|gp|gn|kx|cq)(?:(?:[ \t]*[,;/:&+|–-][ \t]*|[ \t]+(?:and[ \t]+)?)(?:59|G[ANOPXYZ]|KX|C[OQ]|X[EPSU]|AT))*\b"
);
// What may end them: the line, a mark, `modifier`, units.
words!(
    ENDED,
    r"(?ix)^(?: [\ \t]*(?: $ | \.[\ \t]*$ | [|,;)\]] | \.[\ \t] | [–—:/-]+[\ \t]*(?:\||$) | [:–—-]+[\ \t]+[a-z]
        | [\ \t]+[*/] | [&+][\ \t]*$ | [}\x22]
        | [x×][\ \t]?\d{1,2}\b ) | [\ \t]+[–—-]?[\ \t]*\d{1,2}[\ \t]*(?:$|\$|(?:u|units?)\b) | [\ \t]+\$ | [\ \t]+(?:modifiers?|mods?|m[1-4])\b )"
);
words!(TIME_NEXT, r"^[ \t]*[–—:/-]*[ \t]*\|");
// What may stand before them but what was read: units, `w/`, `M:`.
words!(
    LED,
    r"(?i)(?:\d[ \t]?(?:u|units?)|\b[x×][ \t]?\d{1,2}|(?-i:\bw)/?[ \t]*-?|\bwith[ \t]+-|\b1:1|\b(?:each|ea|pta|cota)|\b(?:m[1-4]?|mods?|modifiers?)[ \t]*:?|\bappend(?:ed)?)$"
);
// Words after which `GP` is a physician, `GO` an order, a figure a time or a number, and any of them is not on the claim.
words!(
    LEADING_WORD,
    r"(?ix)(?:\b(?: a | the | his | her | their | my | our | own | new | group | payor | by | from | to | with | for | of | in | at | on | and | or | per | via | cc
        | sees? | saw | seen | notified | faxed | rang | wrote | told | back | urgent | emailed | texted | informed | source | never | minus | sans | non | below | near | about | have | should | call(?:ed)? | contact(?:ed)? | phoned? | tel | advised? | ask(?:ed)? | refer(?:red|ral)? | ref | rx | pcp | md | dr
        | family | ortho | meds | therapist | provider | prov | clinician | signed | sig | init | initials | time | start | begin | hr | no | not | without | removed? | needs? | add | missing | if )\.? | \b[fdw]/[ucow] | [’']s | [>?] )$"
);
// What follows a physician.
words!(
    PHYSICIAN,
    r"(?i)^[ \t]*[:=–-]?[ \t]*(?:(?:is[ \t]+)?dr\b|md\b|refer|ref\.?[ \t]*(?:[a-z,;)]|$)|order|appt|aware|inform|notif|letter|said|says|advis|request|wants?\b|wishes|will\b|review|[^|\d]{0,25}\b(?:informed|aware|notified|updated|told)\b)"
);
words!(
    REFERRER,
    r"(?i)^[ \t]*[:=–-]?[ \t]*(?:(?:is[ \t]+)?dr\b|refer|ref\.?[ \t]*(?:[a-z,;)]|$)|order)"
);
// What takes them back: `KX not needed`, `CQ: none`, `59 denied`, `GP or GO?`.
words!(
    TAKEN_BACK,
    r"(?i)^[ \t]*[:,=]?[ \t]*(?:not\b|n/a\b|no\b|none\b|n[ \t]*(?:[.,;]|$)|denied|removed|was\b|if\b|does\b|doesn|threshold|next\b|or\b|\?)"
);
// What follows modifiers that stand before the words for what was done: `30 min, GP tolerated well`.
words!(
    LETTERS_BEFORE,
    r"(?i)^(?:tolerated|by\b|dx\b|pos\b|visit\b|auth\b|pta\b|cota\b|[a-z]\d[0-9a-z]|\$|\d|[a-z]+\.?[ \t]*[#:]?[ \t]*\d+[ \t]*$)"
);
pattern!(
    SIDE_FIRST,
    r"(?i)^(?:r|l|rt|lt|right|left|bilat\w*)\.?[ \t]+"
);
words!(FIGURE_BEFORE, r"(?i)^(?:due|because|separate|distinct)\b");

/// The modifiers that stand elsewhere on the line, behind the time or the words that say what was done: `30 min GP`,
/// `Manual therapy 59 30 min`. `rest` is the line with marks in place of what was read, `from` where the code and its
/// own modifiers end.
pub(super) fn loose(rest: &str, from: usize, code: &str, has_time: bool) -> Vec<Range<usize>> {
    /// As many modifiers as a claim line has room for.
    const MOST_OF_LINE: usize = 4;
    let code = code.to_ascii_uppercase();
    let procedure = procedures::find(&code);
    let line = Line {
        code: &code,
        is_timed: procedure.is_some_and(|procedure| procedure.timing.is_timed()),
        is_hands_on: procedure.is_some_and(|procedure| procedure.hands_on),
        is_adjustment: code.starts_with("9894"),
        is_visit: code.starts_with("992"),
        has_time,
    };
    let mut all = Vec::new();
    let mut after_last = from;
    for found in LOOSE.find_iter(&rest[from..]) {
        let (words, start) = (found.as_str(), from + found.start());
        // Behind others they follow what was read: `(GP) (CQ)`.
        let before = &rest[after_last..start];
        let bills = |words: &str| line.bills(before, words, &rest[start + words.len()..]);
        let pairs = TWO.find_iter(words);
        let pairs = pairs.filter(|pair| modifiers::find(pair.as_str()).is_some());
        let pairs: Vec<Range<usize>> = pairs.map(|pair| pair.range()).collect();
        // `GP 59, KX not needed`, `GP CO-treat`: without the last of them.
        let mut billed = (1..=pairs.len()).rev().take(MOST_OF_LINE);
        if let Some(count) = billed.find(|count| bills(&words[..pairs[count - 1].end])) {
            after_last = start + pairs[count - 1].end;
            let billed = pairs[..count].iter();
            all.extend(billed.map(|pair| start + pair.start..start + pair.end));
        }
    }
    all
}

/// What decides whether words of a line are modifiers.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is told of a procedure by itself"
)]
struct Line<'a> {
    code: &'a str,
    is_timed: bool,
    is_hands_on: bool,
    is_adjustment: bool,
    is_visit: bool,
    has_time: bool,
}

/// What stands before words that may be modifiers.
enum Before<'a> {
    /// The code, the time or another modifier, with marks between at most, or what leads modifiers: `w/`, `2 units`.
    Read,
    /// Words.
    Phrase(&'a str),
}

impl Line<'_> {
    /// Whether what stands around words leaves no doubt that they are modifiers.
    fn bills(&self, before: &str, words: &str, behind: &str) -> bool {
        let is_figure = words.bytes().all(|b| !b.is_ascii_alphabetic());
        let could_be = match words {
            _ if words.starts_with("25") => self.is_visit,
            _ if words.contains("AT") => self.is_adjustment,
            _ if is_figure => self.has_time || !self.is_timed,
            _ => true,
        };
        let is_number = words.ends_with("59") && (is_counted(behind) || behind.starts_with('"'));
        let is_physician = words.starts_with("GP") && PHYSICIAN.is_match(behind);
        let plans = ["GP", "GO", "GN"]
            .iter()
            .filter(|plan| words.contains(**plan));
        let is_taken_back = TAKEN_BACK.is_match(behind) || plans.count() > 1;
        if !could_be || is_number || is_physician || is_taken_back {
            return false;
        }
        let before = before.trim_end();
        match what_leads(before, is_figure, behind) {
            Before::Read => ENDED.is_match(behind) || self.leads_words(before, words, behind),
            Before::Phrase(phrase) if LEADING_WORD.is_match(phrase) => false,
            Before::Phrase(phrase) => {
                let is_label = before.ends_with([':', '/']);
                self.follows(phrase, is_label, words, behind)
            }
        }
    }

    /// Whether modifiers directly behind the code or the time stand before the words for what was done.
    fn leads_words(&self, before: &str, words: &str, behind: &str) -> bool {
        let is_figure = words.bytes().all(|b| !b.is_ascii_alphabetic());
        words!(UNITS, r"(?i)\d[ \t]?(?:u|units?)$");
        let is_behind_units = UNITS.is_match(before);
        let is_next = is_behind_units || before.is_empty() || before.ends_with(['|', '(', ')']);
        // `30 min GP tolerated well`: a sentence about a physician would begin behind a mark.
        let are_no_words = ["GP", "GN", "KX", "CQ"].contains(&&words[..2])
            && (is_behind_units || before.ends_with('|'))
            && behind.starts_with(' ');
        is_next && (are_no_words || self.describes(behind, is_figure))
    }

    /// Whether modifiers follow the words for what was done, or words that leave no doubt.
    fn follows(&self, phrase: &str, is_label: bool, words: &str, behind: &str) -> bool {
        let is_figure = words.bytes().all(|b| !b.is_ascii_alphabetic());
        let (ended, time_next) = (ENDED.is_match(behind), TIME_NEXT.is_match(behind));
        // `knee 59` may be degrees, and `band XS` a size.
        let may_be_number = is_figure && self.is_timed && !self.is_hands_on;
        let fits = |technique: &Technique| {
            !words.starts_with("XS") && (!is_figure || technique.accepted.contains(&self.code))
        };
        let says_no_more = !is_label
            && !may_be_number
            && (is_bare(phrase) || is_bare(&without_techniques(phrase, fits)));
        let is_small = words.starts_with(|c: char| c.is_ascii_lowercase());
        // `GO` is a word in capitals, too.
        let is_no_word = ["GP", "GN", "KX", "CQ"].contains(&&words[..2]);
        let is_no_last_word = is_no_word || words.starts_with("GO");
        says_no_more && (time_next || ended && !is_small)
            || is_no_word && ended && self.has_time && !is_label
            || is_no_last_word && (time_next || ended && !self.is_timed)
            || ended && self.is_adjustment && words.starts_with("AT")
            || ended && self.is_visit && words == "25"
    }

    /// Whether the words behind modifiers begin with what was done, or where, or say why.
    fn describes(&self, behind: &str, is_figure: bool) -> bool {
        const LONGEST: usize = 80;
        let near = &behind[..behind.floor_char_boundary(LONGEST)];
        let near = near.trim_start_matches([' ', '\t', '(']);
        if (if is_figure {
            &FIGURE_BEFORE
        } else {
            &LETTERS_BEFORE
        })
        .is_match(near)
        {
            return true;
        }
        let near = near.strip_prefix("to ").unwrap_or(near);
        let side = SIDE_FIRST.find(near).map_or(0, |side| side.end());
        let near = &near[side..];
        let names_region = regions::find_in(near)
            .first()
            .is_some_and(|r| r.range.start == 0);
        let names_technique = || {
            let first = techniques::find_in(near).into_iter().next();
            first.is_some_and(|technique| technique.range.start == 0)
        };
        names_region || (!is_figure || self.is_hands_on) && names_technique()
    }
}

/// What the words before modifiers are; `behind` may name them: `59 modifier`.
fn what_leads<'a>(before: &'a str, is_figure: bool, behind: &str) -> Before<'a> {
    let marks = |c: char| " \t,;.()[]–—-|".contains(c) || !is_figure && "&#+*:/^~{}\"".contains(c);
    let marked = before.trim_end_matches(marks);
    let is_read =
        matches!(marked.trim_start(), "" | "and" | "with") || before[marked.len()..].contains('|');
    let is_named = NAMED_BEHIND.is_match(behind) && !DENIED_BEFORE.is_match(before);
    if is_read || is_named || LED.is_match(before) || LED.is_match(marked) {
        Before::Read
    } else {
        Before::Phrase(last_phrase(marked))
    }
}

/// What stands behind the last mark, as far as it stands near.
fn last_phrase(words: &str) -> &str {
    const LONGEST: usize = 120;
    let near = &words[words.floor_char_boundary(words.len().saturating_sub(LONGEST))..];
    let start = near.rfind(|c: char| ",;|()[]&#+*".contains(c));
    start.map_or(near, |start| &near[start + 1..])
}

/// A phrase without the techniques that it names and that fit.
pub fn without_techniques(phrase: &str, fits: impl Fn(&Technique) -> bool) -> String {
    let mut rest = phrase.to_owned();
    let named = techniques::find_in(phrase).into_iter();
    for named in named.filter(|named| fits(named.technique)) {
        let length = named.range.len();
        rest.replace_range(named.range, &" ".repeat(length));
    }
    rest
}
