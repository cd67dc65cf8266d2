//! What the words around a procedure code say of its block: modifiers, time, claimed units, diagnoses.
//!
//! They are read from the text alone, so that a block is read alike wherever it stands: on a line of
//! its own, in a sentence or in a table.

use std::ops::Range;

use regex::Captures;

use super::figures::{self, Counted};
use super::{ClockRange, Diagnosis, Duration, Inexact, Modifier, UnitClaim, diagnosis, time};
use crate::length::Length;
use crate::pattern::{pattern, words};
use crate::reference::{modifiers, procedures, regions, techniques};
use crate::text::Span;

/// What a line says of the block whose code stands on it.
#[derive(Clone, Debug, Default)]
pub struct BlockLine {
    pub modifiers: Vec<Modifier>,
    /// Where a further modifier would go: right after the code and its modifiers.
    pub modifiers_end: usize,
    pub clock: Vec<ClockRange>,
    /// The durations that are the block's or could be.
    pub durations: Vec<Duration>,
    /// Several durations could be the block's, and nothing says which.
    pub ambiguous: bool,
    /// The durations count only where no `time:` field below the line gives others: they are
    /// ambiguous, or the words beside the one there is speak of something else.
    pub gives_way: bool,
    /// A placeholder for a time that was not filled yet.
    pub time_placeholder: bool,
    /// There is no time, but a figure that may be the minutes, though no word says so: `97110: 25`, `97110 150'`.
    pub figure: Option<Duration>,
    pub claimed: Option<UnitClaim>,
    pub diagnoses: Vec<Diagnosis>,
}

/// Reads the line, or the part of it, that speaks of the block whose five-character code stands at
/// `code`. Spans are those of the text.
pub fn read(text: &str, code: Span, line: Span) -> BlockLine {
    let mut reader = Reader::new(text, code, line);
    let (mut modifiers, mut modifiers_end) = joined_modifiers(text, code, line.end);
    // `Manual therapy (97140) GP 59`
    if modifiers.is_empty() && text[code.end..line.end].starts_with([')', ']']) {
        let bracketed = Span::new(code.start, code.end + 1);
        let (behind, end) = joined_modifiers(text, bracketed, line.end);
        if !behind.is_empty() {
            (modifiers, modifiers_end) = (behind, end);
        }
    }
    if let Some(end) = end_without_figure(text, code, line.end, &modifiers, modifiers_end) {
        modifiers.pop();
        modifiers_end = end;
    }
    reader.take(Span::new(code.start, modifiers_end));
    // `97110:25 min`: the mark joins the figure to the code and is no part of it.
    if text[modifiers_end..line.end].starts_with([':', '/', '-']) {
        reader.take(Span::new(modifiers_end, modifiers_end + 1));
    }
    // `Mod 1: GP Mod 2: 59`
    let mut labelled = reader.labelled_modifiers();
    while !labelled.is_empty() {
        modifiers.append(&mut labelled);
        labelled = reader.labelled_modifiers();
        labelled.retain(|named| modifiers.iter().all(|known| known.code != named.code));
    }
    let diagnoses = reader.diagnoses();
    let clock = time::clock_ranges(&reader.rest, line.start);
    for range in &clock {
        reader.take(range.span);
    }
    let given = reader.durations(modifiers_end);
    let (durations, ambiguous, gives_way) = own_durations(given, !clock.is_empty());
    let times = clock
        .iter()
        .map(|r| r.span)
        .chain(durations.iter().map(|d| d.span));
    let mut ends: Vec<usize> = times.map(|span| span.end).chain([modifiers_end]).collect();
    ends.sort_unstable();
    let claimed = reader.claimed_units(&ends);
    let mut said = BlockLine {
        modifiers,
        modifiers_end,
        clock,
        durations,
        ambiguous,
        gives_way,
        time_placeholder: TIME_BLANK.is_match(&reader.rest),
        figure: None,
        claimed,
        diagnoses,
    };
    if said.clock.is_empty() && said.durations.is_empty() && is_timed(text, code) {
        said.figure = reader.may_be_feet;
        reader.add_figures(&mut said);
    }
    said
}

fn is_timed(text: &str, code: Span) -> bool {
    let procedure = procedures::find(&text[code.range()].to_ascii_uppercase());
    procedure.is_some_and(|procedure| procedure.timing.is_timed())
}

/// The question mark directly behind a code that was proposed and is not confirmed yet.
pub fn proposal(text: &str, code: Span) -> Option<Span> {
    let mark = Span::new(code.end, code.end + PROPOSAL.len());
    text[code.end..].starts_with(PROPOSAL).then_some(mark)
}

const PROPOSAL: &str = "?";

/// What stands in the place of a character that was read.
const READ: &str = "|";

struct Reader<'a> {
    text: &'a str,
    code: Span,
    line: Span,
    /// The line, with [`READ`] for each byte of what was read.
    rest: String,
    /// `150'` where nothing says whether it is a distance or a time.
    may_be_feet: Option<Duration>,
}

// ---- modifiers

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

words!(
/// What makes the figure before it one of time or number.
    COUNTED,
    r"(?ix)^[\ \t]*-?(?:
        ['’′%°] | (?: m | min | mins | minutes? | h | hrs? | hours? | u | units? | deg | degrees? | reps?
        | repetitions? | sets? | s | secs? | seconds? | lbs? | pounds? | kg | ft | feet | steps? | days?
        | wks? | weeks? | visits? | times ) \b )"
);

/// The modifiers that follow the code and where they end.
fn joined_modifiers(text: &str, code: Span, line_end: usize) -> (Vec<Modifier>, usize) {
    let mut found: Vec<Modifier> = Vec::new();
    let code_end = proposal(text, code).map_or(code.end, |mark| mark.end.min(line_end));
    let mut end = code_end;
    loop {
        let rest = &text[end..line_end];
        let joined = touching(rest)
            .filter(|_| end == code_end)
            .or_else(|| behind_a_mark(rest))
            .or_else(|| apart(rest, !found.is_empty()))
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
    if is_time || is_figure && is_counted(text, after, false) {
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
fn is_counted(figure: &str, after: &str, behind_label: bool) -> bool {
    words!(UNITS, r"(?i)^[ \t]*units?(?:\(s\))?[ \t]*[:=]?[ \t]*\d");
    words!(
        MINUTES,
        r"(?i)^[ \t]*min(?:ute)?s?(?:\(s\))?[ \t]*[:=]?[ \t]*\d"
    );
    words!(MARKED, r"^[^\d]*[:=]");
    let is_label = UNITS.is_match(after)
        || MINUTES.is_match(after) && (behind_label || figure == "59" && MARKED.is_match(after));
    let labels_next = is_label && modifiers::find(figure).is_some();
    COUNTED.is_match(after) && !labels_next
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
        let others = figures::lone(behind, |behind| COUNTED.is_match(behind)).len();
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
fn apart(rest: &str, follows_modifier: bool) -> Option<Joined> {
    let found = APART.captures(rest)?;
    let (mark, word) = (found.name("mark")?, found.name("word")?);
    let is_figure = word.as_str().bytes().all(|b| b.is_ascii_digit());
    // `97110, 25` and `97110: 25` are rather minutes.
    let is_set_off = !mark.as_str().trim().is_empty();
    let could_be_minutes = is_set_off && !follows_modifier;
    let after = &rest[word.end()..];
    let is_counted = || is_counted(word.as_str(), after, false) || after.starts_with(['/', '.']);
    let is_modifier = !mark.is_empty()
        && modifiers::find(word.as_str()).is_some()
        && !is_side(word.as_str())
        && !(is_figure && (could_be_minutes || is_counted()));
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

// ---- the line

pattern!(
    POINTER,
    r"(?ix)\b dx (?: :[\ \t]* | [\ \t]+ )
      (?P<codes> [A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?\b
        (?: [\ \t]*[,;/&][\ \t]*[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?\b )* )"
);

// `Minutes: 15`, `Time: 7.5`, `Min 15`
pattern!(
    LABELLED_MINUTES,
    r"(?ix)\b (?: (?:total[\ \t]+)? (?:minutes?|mins?|time) (?:\(s\))? [\ \t]*(?P<colon>[:=])[\ \t]* | (?:minutes|mins?)[\ \t]+ )
      (?P<minutes> \d{1,3}(?:\.\d+)? )"
);
// What may follow a figure that no colon leads, so that `min 1 person` is no time, and what a figure of
// minutes never goes on with.
words!(
    AFTER_MINUTES,
    r"(?i)^[ \t]*(?:[,;|)\]]|units?\b|mod\b|modifier|dx\b|$)"
);
words!(GOES_ON, r"^(?:\d|[:/–-][ \t]*\d|[ \t]*[%°])");
// `Time: 10:00-10:25`, `Minutes: 15 min`, where the value was read already.
pattern!(
    LABEL,
    r"(?i)\b(?:total[ \t]+)?(?:minutes?|mins?|time)[ \t]*[:=][ \t]*(?P<value>\|)"
);

// `10 m` is a distance.
words!(DISTANCE, r"(?i)\d[ \t]+m\.?$");
// `150'` may be one, too.
pattern!(FEET, r"^(?P<feet>\d+)[ \t]*['’′]$");
words!(
    WALKING,
    r"(?i)\b(?:gait|walk\w*|amb|ambulat\w*|hall\w*|w/c|wheelchair|propel\w*|distance)\b"
);
words!(OTHER_UNIT, r"(?i)\d[ \t]*(?:min|mins|minutes?)\b");
// `goal: 20 min`: what the patient shall be able to do is no time of treatment.
words!(GOAL_BEFORE, r"(?i)\bgoal[ \t:=-]*(?:of|is)?[ \t]*$");
// `EA 15 MIN`, `(15 min increments)`: what the code means is no time of treatment.
words!(INCREMENT_BEFORE, r"(?i)\b(?:ea\.?|each|per)[ \t]*$");
words!(
    INCREMENT_BEHIND,
    r"(?i)^[ \t-]*(?:increments?|intervals?|(?:timed[ \t]+)?units?[ \t]*(?:[,;.)\]]|$))"
);
/// The minutes that codes are counted in.
const INCREMENTS: [u32; 2] = [15, 30];
// `1 min x 3`: a figure of less than a unit that is repeated.
words!(REPEATED, r"(?i)^[ \t]*[x×][ \t]?\d");

words!(
/// The words that make a time beside the block's own something else.
    ASIDE,
    r"(?ix)\b(?:
        rest(?:s|ed|ing)? | breaks? | set(?:ting)?[-\ ]?up | before | prior | after | until | every | wait(?:ed|ing)?
        | toleran(?:ce|t) | tolerat(?:es|ed|ing) | sat | stood | walked | slept | ran | drove
        | hep | home | daily | bid | tid | (?:a|per|each)[\ ](?:day|week|wk) | documentation | charting
        | holds | holding | held )\b
      | / [\ ]? (?:day|d|week|wk)\b | \b hold [\ ]*(?:[|x×]|$) | \| [\ ]* hold\b [\ ]*$"
);
// What the time of the whole block leads: `23 min: leg press, bike 8 min`, `- 23 min - leg press, bike 8 min`.
words!(LIST_BEHIND, r"^[ \t]*[)\]]?[ \t]*:");
pattern!(
    /// An entry of such a list with its time behind it; a side has a time of its own, and so has what stands behind its time.
    ENTRY_BEFORE,
    r"(?:[,;:]|[ \t][-–—][ \t])(?P<entry>[^,;:]*[A-Za-z]{3}[^,;:]*)$"
);
words!(
    SIDE,
    r"(?i)\b(?:r|l|b|rt|lt|right|left|bilat\w*|both|sides?)\b"
);
words!(DASH_BEHIND, r"^[ \t]*(?:[–—]|--?[ \t])");
words!(CLOSING, r"(?:--|[–—=]|[ \t]-)[ \t]*$");
words!(
/// What directly follows the minutes of a pause; `20 min. Rest` begins anew.
    PAUSE_BEHIND,
    r"^[ \t]*(?:-|of[ \t]+)?(?:session|SESSION|visit|VISIT|appointment|rest|REST|break|BREAK|set-?[ ]?up|SET-?[ ]?UP)\b"
);
words!(
/// Treatment that is billed by a code of its own, or another code.
    OTHER_TREATMENT,
    r"(?ix)\b(?: (?:moist[\ ])?heat | hot[\ ]?packs? | cold[\ ]?packs? | ice | icing | cryo(?:therapy)? | mhp | paraffin
        | e-?stim | ifc | tens | \d{5} )\b"
);

// Marks that part phrases.
pattern!(PHRASE_END, r"[,;()\[\]]|[.!?](?:[ \t]|$)");

// `x2`, `2 units`, `2u`, `Units: 2`
pattern!(
    UNITS,
    r"(?ix)(?:^|[^0-9A-Z.\-–/])
      (?P<claim> (?:[x×][\ \t]?)?(?P<units>\d{1,2})[\ \t]*(?:u|units?)\b
      | \bunits?(?:\(s\))?[\ \t]*[:=][\ \t]*(?P<labelled>\d{1,2})\b )"
);
pattern!(
    TIMES,
    r"(?ix)(?:^|[\ \t,;(\[|]) (?P<claim> [x×][\ \t]?(?P<units>\d{1,2}) ) (?:[\ \t,;)\]|]|\.$|$)"
);
// What may stand between the code or the time and the units that are claimed for it.
words!(ONLY_MARKS, r"^[ \t,;()\[\]|]*$");
words!(END, r"^[ \t,;)\].|]*$");
pattern!(
/// Words that say no more than the code, or join what is said.
    NAMES,
    r"(?ix)\b(?: therapeutic[\ ]exercises? | ther[\ -]?ex | therex | neuro(?:muscular)?[\ ]re-?ed(?:ucation)?
        | manual[\ ]therapy | therapeutic[\ ]massage | massage(?:[\ ]therapy)? | therapeutic[\ ]activit(?:y|ies)
        | gait[\ ]training | left | right | bilateral(?:ly)? | bilat | bil | b/?l | both | sides? | [lrb] | and | to | of | for
        | start | begin | from | in | time | at | cpt | code )\b"
);

// `___`: the time comes later.
words!(TIME_BLANK, "__");

/// What a duration on the line is by what stands around it, the likeliest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// A label leads it: `Minutes: 15`.
    Labelled,
    /// Nothing speaks against its being the block's.
    Plain,
    /// Its phrase speaks of treatment under another code: `moist heat 10 min`.
    OtherTreatment,
    /// Its phrase speaks of something else: `(sat 10 min before pain)`.
    Aside,
}

/// A duration on the line with what decides whether it is the block's.
struct Given {
    duration: Duration,
    standing: Standing,
    /// Its words name treatment of another code, and not in brackets.
    of_other: bool,
    /// A plus stands between it and the one before.
    added: bool,
    role: Role,
}

/// What a duration is on a line that lists what was done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The whole, before the list: `23': bike 3', steps`.
    Leads,
    /// The whole, behind a dash at the end: `bike 3', steps 6' -- 23'`.
    Closes,
    /// The time of an entry: `, bike 3'`.
    Entry,
    Other,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, code: Span, line: Span) -> Self {
        Self {
            text,
            code,
            line,
            rest: text[line.range()].to_owned(),
            may_be_feet: None,
        }
    }

    /// Marks a part of the line as read.
    fn take(&mut self, span: Span) {
        let within = self.within(span);
        self.rest.replace_range(within, &READ.repeat(span.len()));
    }

    /// The span as a range of the line.
    fn within(&self, span: Span) -> Range<usize> {
        span.start - self.line.start..span.end - self.line.start
    }

    /// The range of the line as a span.
    fn span(&self, range: Range<usize>) -> Span {
        Span::from(range).shifted(self.line.start)
    }

    /// `Mod: GP, 59`
    fn labelled_modifiers(&mut self) -> Vec<Modifier> {
        let is_known = |found: &Captures<'_>| {
            let first = found
                .name("words")
                .and_then(|words| words.as_str().get(..2));
            first.is_some_and(|first| modifiers::find(first).is_some())
        };
        let labelled = LABELLED.captures(&self.rest);
        let found = labelled.or_else(|| NAMED.captures(&self.rest).filter(is_known));
        let Some(found) = found else {
            return Vec::new();
        };
        let (Some(whole), Some(words)) = (found.get(0), found.name("words")) else {
            return Vec::new();
        };
        let (start, mut end) = (whole.start(), words.start());
        let mut all = Vec::new();
        for pair in TWO.find_iter(words.as_str()) {
            let range = pair.start() + words.start()..pair.end() + words.start();
            let is_figure = pair.as_str().bytes().all(|b| b.is_ascii_digit());
            let is_known = modifiers::find(pair.as_str()).is_some();
            if is_figure && is_counted(pair.as_str(), &self.rest[range.end..], true)
                || !all.is_empty() && !is_known
            {
                break;
            }
            end = range.end;
            all.push(Modifier {
                code: pair.as_str().to_ascii_uppercase(),
                span: self.span(range),
            });
        }
        self.take(self.span(start..end));
        all
    }

    fn diagnoses(&mut self) -> Vec<Diagnosis> {
        let mut diagnoses = Vec::new();
        let mut read = Vec::new();
        for found in POINTER.captures_iter(&self.rest) {
            if let (Some(whole), Some(codes)) = (found.get(0), found.name("codes")) {
                let start = self.line.start + codes.start();
                diagnoses.extend(diagnosis::find_in(codes.as_str(), start));
                read.push(self.span(whole.range()));
            }
        }
        for span in read {
            self.take(span);
        }
        diagnoses
    }

    /// Every duration on the line.
    fn durations(&mut self, modifiers_end: usize) -> Vec<Given> {
        let mut all = time::durations(&self.rest, self.line.start);
        all.retain(|duration| !self.is_of_units(duration.span));
        self.may_be_feet = all
            .iter()
            .copied()
            .find(|d| self.is_in_feet(d.span).is_none());
        let (mut all, others): (Vec<Duration>, Vec<Duration>) = all.into_iter().partition(|d| {
            let (words, before) = (
                self.str(d.span),
                &self.rest[..d.span.start - self.line.start],
            );
            let behind = &self.rest[d.span.end - self.line.start..];
            let is_increment = INCREMENTS.iter().any(|minutes| d.minutes == *minutes)
                && (INCREMENT_BEFORE.is_match(before) || INCREMENT_BEHIND.is_match(behind));
            !DISTANCE.is_match(words)
                && self.is_in_feet(d.span) == Some(false)
                && !GOAL_BEFORE.is_match(before)
                && !is_increment
        });
        for duration in all.iter().chain(&others) {
            self.take(duration.span);
        }
        let labelled = self.labelled_minutes();
        let labels: Vec<usize> = LABEL
            .captures_iter(&self.rest)
            .filter_map(|found| Some(self.line.start + found.name("value")?.start()))
            .collect();
        all.extend(&labelled);
        all.sort_by_key(|d| d.span);
        let spans: Vec<Span> = all.iter().map(|d| d.span).collect();
        let given = all.iter().enumerate().map(|(at, &duration)| {
            let before = at.checked_sub(1).and_then(|before| spans.get(before));
            let words =
                self.words_about(duration.span, before.copied(), spans.get(at + 1).copied());
            let direct = self.is_direct(duration.span, before.copied(), modifiers_end);
            let behind = &self.rest[duration.span.end - self.line.start..];
            let leading = &self.rest[..duration.span.start - self.line.start];
            let repeated = duration.minutes < 8 && REPEATED.is_match(behind);
            // The modalities are codes of their own.
            let is_modality = self.str(self.code).starts_with("970");
            let standing = if labels.binary_search(&duration.span.start).is_ok()
                || labelled
                    .binary_search_by_key(&duration.span, |d| d.span)
                    .is_ok()
            {
                Standing::Labelled
            } else if repeated || PAUSE_BEHIND.is_match(behind) || !direct && ASIDE.is_match(words)
            {
                Standing::Aside
            } else if !direct && !is_modality && OTHER_TREATMENT.is_match(words) {
                Standing::OtherTreatment
            } else {
                Standing::Plain
            };
            let after_dash = CLOSING.is_match(leading);
            let role = match () {
                () if direct
                    && (LIST_BEHIND.is_match(behind)
                        || after_dash && DASH_BEHIND.is_match(behind)) =>
                {
                    Role::Leads
                }
                // `97110 25 min + 97140 15 min = 40 min`: of several codes.
                () if after_dash
                    && END.is_match(behind)
                    && (at > 1 || !leading.trim_end().ends_with('=')) =>
                {
                    Role::Closes
                }
                () if ENTRY_BEFORE
                    .captures(&leading[before.map_or(0, |before| self.within(*before).end)..])
                    .is_some_and(|found| !SIDE.is_match(&found["entry"])) =>
                {
                    Role::Entry
                }
                () => Role::Other,
            };
            let in_brackets = leading.matches('(').count() > leading.matches(')').count();
            Given {
                duration,
                standing,
                role,
                of_other: !direct
                    && !in_brackets
                    && names_other_treatment(words, self.str(self.code)),
                added: before.is_some_and(|before| {
                    let between = self.within(Span::new(before.end, duration.span.start));
                    // `15 min + ther ex 20 min` is of two.
                    self.rest[between.clone()].contains('+')
                        && !names_other_treatment(&self.rest[between], self.str(self.code))
                }),
            }
        });
        given.collect()
    }

    fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// Whether the figure of a duration counts units, and its `min` leads the minutes: `Qty 2 Min 30`, `97140 x2 min 30`, but not
    /// `plank x 2 min 30 sec`.
    fn is_of_units(&self, span: Span) -> bool {
        words!(UNITS, r"(?i)\b(?:qty|quantity|units?)[ \t]*[:=#]?[ \t]*$");
        words!(MINUTES, r"^[ \t]*[:=]?[ \t]*\d{1,3}\b");
        words!(ONLY_MINUTES, r"^[ \t]*[:=]?[ \t]*\d{1,3}[ \t]*(?:$|[,;|)])");
        let before = &self.rest[..span.start - self.line.start];
        let behind = &self.rest[span.end - self.line.start..];
        let after_code = self.str(Span::new(self.code.end.min(span.start), span.start));
        let is_times = self.str(span).starts_with(['x', 'X']) && after_code.trim().is_empty();
        UNITS.is_match(before) && MINUTES.is_match(behind)
            || is_times && ONLY_MINUTES.is_match(behind)
    }

    /// Whether `150'`, `40' x 3` is how far somebody walked, where that is clear.
    fn is_in_feet(&self, span: Span) -> Option<bool> {
        /// Walking and wheelchair training, whose words need not say so.
        const MOVING: [&str; 2] = ["97116", "97542"];
        let words = self.str(span);
        let Some(figure) = FEET.captures(words).and_then(|found| found.name("feet")) else {
            return Some(false);
        };
        let feet: u32 = figure.as_str().parse().unwrap_or(0);
        let code = self.str(self.code).to_ascii_uppercase();
        let is_hands_on = procedures::find(&code).is_some_and(|procedure| procedure.hands_on);
        let moves = MOVING.contains(&code.as_str());
        let walks = WALKING.is_match(&self.rest);
        let has_other = OTHER_UNIT.is_match(&self.rest);
        let behind = &self.rest[span.end - self.line.start..];
        if walks {
            Some(feet >= 60 || has_other || REPEATED.is_match(behind))
        } else if feet >= 100 && (has_other || moves) {
            Some(true)
        } else if feet >= 100 && !is_hands_on || feet >= 60 && moves {
            None
        } else {
            Some(false)
        }
    }

    /// `Minutes: 15`
    fn labelled_minutes(&mut self) -> Vec<Duration> {
        let mut labelled = Vec::new();
        let mut read = Vec::new();
        for found in LABELLED_MINUTES.captures_iter(&self.rest) {
            if let (Some(whole), Some(figure)) = (found.get(0), found.name("minutes"))
                && let Some(minutes) = time::tenths(figure.as_str())
                && let after = &self.rest[figure.end()..]
                && !GOES_ON.is_match(after)
                && (found.name("colon").is_some() || AFTER_MINUTES.is_match(after))
            {
                labelled.push(Duration {
                    span: self.span(figure.range()),
                    minutes,
                    inexact: Inexact::No,
                });
                read.push(self.span(whole.start()..figure.end()));
            }
        }
        for span in read {
            self.take(span);
        }
        labelled
    }

    /// What figures say that no word counts, where there is no time.
    fn add_figures(&self, said: &mut BlockLine) {
        /// Less may as well be units.
        const LEAST: u32 = 8;
        const MOST: u32 = 240;
        let from = said.modifiers_end.max(self.code.end);
        let behind = &self.rest[from - self.line.start..];
        let lone = figures::lone(behind, |behind| COUNTED.is_match(behind));
        let Some((first, figure)) = lone.first() else {
            return;
        };
        let minutes = |figure: &figures::Figure| Duration {
            span: figure.minutes.span.shifted(from),
            ..figure.minutes
        };
        let counted = figures::counted(self.text, self.code);
        for ((range, figure), counted) in lone.iter().zip(&counted) {
            match counted {
                Counted::Minutes if figure.minutes.minutes <= MOST => {
                    said.durations.push(minutes(figure));
                }
                Counted::Units if !figure.is_time && said.claimed.is_none() => {
                    let units = behind[range.clone()].parse().ok();
                    said.claimed = units.map(|units| UnitClaim {
                        span: Span::from(range.clone()).shifted(from),
                        units,
                    });
                }
                _ => {}
            }
        }
        let rest = behind[first.end..].replace(|c: char| c.is_ascii_digit(), " ");
        if !counted.is_empty()
            || !is_bare(&behind[..first.start])
            || !is_bare(&rest)
            || rest.starts_with(['/', '.'])
        {
            return;
        }
        if figure.is_time && figure.minutes.minutes < 60 {
            said.durations.push(minutes(figure));
        } else if !figure.is_time
            && figure.minutes.minutes >= LEAST
            && figure.minutes.minutes <= MOST
        {
            said.figure = Some(minutes(figure));
        }
    }

    /// The words of the phrase around a duration, up to the durations beside it.
    fn words_about(&self, duration: Span, before: Option<Span>, after: Option<Span>) -> &str {
        let line = self.str(self.line);
        let here = self.within(duration);
        let start = before.map_or(0, |before| self.within(before).end);
        let end = after.map_or(line.len(), |after| self.within(after).start);
        let (leading, trailing) = (&line[start..here.start], &line[here.end..end]);
        let mark_before = PHRASE_END.find_iter(leading).last();
        let mark_behind = PHRASE_END.find(trailing);
        let start = start + mark_before.map_or(0, |mark| mark.end());
        let end = here.end + mark_behind.map_or(trailing.len(), |mark| mark.start());
        &self.rest[start..end]
    }

    /// Whether nothing but the code, its modifiers and regions stands before it.
    fn is_direct(&self, duration: Span, before: Option<Span>, modifiers_end: usize) -> bool {
        duration.start >= modifiers_end
            && before.is_none_or(|before| before.end <= self.code.start)
            && is_bare(&self.rest[self.within(Span::new(modifiers_end, duration.start))])
    }

    /// The first claim of units behind the code, else before it: `ther ex (2 units), 97140 (1 unit)`. `x3` is one only
    /// directly behind the code or the time, whose `ends` are given, or at the end of a line that says no more than
    /// these and regions.
    fn claimed_units(&mut self, ends: &[usize]) -> Option<UnitClaim> {
        let mut claims = Vec::new();
        for found in UNITS.captures_iter(&self.rest) {
            let units = found.name("units").or(found.name("labelled"));
            claims.extend(found.name("claim").zip(units));
        }
        let mut at = 0;
        while let Some(found) = TIMES.captures_at(&self.rest, at) {
            let (Some(claim), Some(units)) = (found.name("claim"), found.name("units")) else {
                break;
            };
            at = claim.end();
            let after = &self.rest[claim.end()..];
            let before = ends.partition_point(|end| end - self.line.start <= claim.start());
            let behind = before.checked_sub(1).is_some_and(|last| {
                ONLY_MARKS.is_match(&self.rest[ends[last] - self.line.start..claim.start()])
            });
            let closes = END.is_match(after) && is_bare(&self.rest[..claim.start()]);
            if !COUNTED.is_match(after) && (behind || closes) {
                claims.push((claim, units));
            }
        }
        let code = self.code.start - self.line.start;
        let claims = claims.into_iter();
        let (claim, units) =
            claims.min_by_key(|(claim, _)| (claim.start() < code, claim.start()))?;
        let claimed = UnitClaim {
            span: self.span(claim.range()),
            units: units.as_str().parse().ok()?,
        };
        self.take(claimed.span);
        Some(claimed)
    }
}

/// Whether a part of the line names regions at most.
pub fn is_bare(part: &str) -> bool {
    let mut rest = part.to_owned();
    for region in regions::find_in(part) {
        let length = region.range.len();
        rest.replace_range(region.range, &" ".repeat(length));
    }
    !NAMES.replace_all(&rest, "").contains(char::is_alphanumeric)
}

/// One block, one time: the durations that are its own or could be, whether they are several that
/// nothing tells apart, and whether they give way to those of a `time:` field.
fn own_durations(mut all: Vec<Given>, has_clock: bool) -> (Vec<Duration>, bool, bool) {
    // Beside another time a duration that speaks of something else is set aside; alone it is the
    // block's, whatever its words.
    let likeliest = all.iter().map(|d| d.standing).min();
    let likeliest = likeliest.unwrap_or(Standing::Plain);
    let speaks_of_other = likeliest > Standing::Plain;
    all.retain(|d| d.standing == likeliest && !(has_clock && speaks_of_other));
    let exact = || all.iter().filter(|d| d.duration.inexact.is_of_all());
    let sum: Length = exact().map(|d| d.duration.minutes).sum();
    // `25 min (bridges 10 min, bike 15 min)`: the whole and its parts, but not `15 min, ther ex 20 min, stretching 5 min`.
    let whole = exact().find(|d| d.duration.minutes + d.duration.minutes == sum);
    let are_its_parts = exact().count() > 2 && exact().all(|d| !d.of_other);
    if let Some(whole) = whole.filter(|_| are_its_parts) {
        return (vec![whole.duration], false, false);
    }
    // `23 min: leg press, bike 8 min`: what leads a list is the whole.
    let are_entries = exact().skip(1).all(|d| d.role == Role::Entry);
    let in_front = exact()
        .next()
        .filter(|first| first.role == Role::Leads && are_entries);
    if let Some(whole) =
        in_front.filter(|whole| whole.duration.minutes + whole.duration.minutes >= sum)
    {
        return (vec![whole.duration], false, false);
    }
    // `bike 3 min, steps 6 min -- 23 min`: what closes the line is the whole.
    let at_the_end = exact().next_back().filter(|last| last.role == Role::Closes);
    if let Some(whole) =
        at_the_end.filter(|whole| whole.duration.minutes + whole.duration.minutes >= sum)
    {
        return (vec![whole.duration], false, false);
    }
    let ambiguous = !has_clock && exact().skip(1).any(|d| !d.added);
    let durations: Vec<Duration> = all.iter().map(|d| d.duration).collect();
    (durations, ambiguous, ambiguous || speaks_of_other)
}

/// Whether words name treatment that another code than this one is for.
fn names_other_treatment(words: &str, code: &str) -> bool {
    let named = techniques::find_in(words);
    let mut known = named.iter().filter(|found| found.decisive);
    known.any(|found| {
        let accepted = &found.technique.accepted;
        !accepted.is_empty() && !accepted.contains(&code)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    pattern!(CODE, r"9[78]\d{3}");

    fn line(text: &str) -> BlockLine {
        let code = Span::from(CODE.find(text).unwrap().range());
        read(text, code, Span::new(0, text.len()))
    }

    /// Modifiers, clock ranges, durations (with a question mark if ambiguous), claim and diagnoses.
    fn said(text: &str) -> String {
        let line = line(text);
        let modifiers = line.modifiers.iter().map(|m| {
            assert!(text[m.span.range()].eq_ignore_ascii_case(&m.code), "{text}");
            m.code.clone()
        });
        let clock = line
            .clock
            .iter()
            .map(|r| format!("{}-{}", time::clock(r.start), time::clock(r.end)));
        let durations = line.durations.iter().map(|d| match d.inexact {
            Inexact::No => format!("{} min", d.minutes),
            inexact => format!("{} min {inexact:?}", d.minutes),
        });
        let durations = durations.collect::<Vec<_>>().join(" + ");
        let durations = match (durations.is_empty(), line.ambiguous) {
            (true, _) => None,
            (false, true) => Some(format!("{durations}?")),
            (false, false) => Some(durations),
        };
        let claimed = line.claimed.map(|c| format!("x{}", c.units));
        let figure = line.figure.map(|d| format!("{} of what", d.minutes));
        let blank = line.time_placeholder.then(|| "___".to_owned());
        let diagnoses = line.diagnoses.iter().map(|d| d.code.clone());
        let parts = modifiers
            .chain(clock)
            .chain(durations)
            .chain(claimed)
            .chain(figure)
            .chain(blank)
            .chain(diagnoses);
        parts.collect::<Vec<_>>().join(", ")
    }

    fn all_say(rows: &[(&str, &str)]) {
        for (text, expected) in rows {
            assert_eq!(said(text), *expected, "{text}");
        }
    }

    #[test]
    fn modifiers_however_joined() {
        all_say(&[
            ("97110-GP", "GP"),
            ("97110-GP-59", "GP, 59"),
            // A code that was proposed.
            ("97110? lumbar 25 min", "25 min"),
            ("97110?-GP 25 min", "GP, 25 min"),
            ("97110? 59 25 min", "59, 25 min"),
            ("97110?GP", "GP"),
            ("97110?:25 min", "25 min"),
            ("97110?x2 25 min", "25 min, x2"),
            ("97110 ? 25 min", "25 min"),
            ("97110–59 lumbar", "59"),
            ("97110:GP:59 lumbar 25 min", "GP, 59, 25 min"),
            ("97110GP", "GP"),
            ("97110GPCQ 15 min", "GP, CQ, 15 min"),
            ("97110gp lumbar", "GP"),
            ("97110/GP", "GP"),
            ("97110_GP", "GP"),
            ("97110 mod GP", "GP"),
            ("97110 modifiers GP, 59", "GP, 59"),
            ("97110 mod A", ""),
            ("97110/GP/59", "GP, 59"),
            ("97110 GP, 59 lumbar", "GP, 59"),
            ("97110 GP 59", "GP, 59"),
            ("97110, GP, lumbar, 25 min", "GP, 25 min"),
            ("97110: GP, 25 min", "GP, 25 min"),
            ("97110 - GP, 25 min", "GP, 25 min"),
            ("97110 (GP) lumbar", "GP"),
            ("97110 [GP, 59]-CQ", "GP, 59, CQ"),
            ("97110-GP,CQ", "GP, CQ"),
            ("97110-GP CQ lumbar", "GP, CQ"),
            ("97140 59", "59"),
            ("97140 59 10:00-10:25", "59, 10:00-10:25"),
            ("97140 59 hip 15 min", "59, 15 min"),
            ("97140-LT shoulder", "LT"),
            ("97110 Mod: GP Minutes: 15", "GP, 15 min"),
            ("97110 Modifiers: GP, 59", "GP, 59"),
            ("97110 lumbar, modifier(s): GP/CQ, 25 min", "GP, CQ, 25 min"),
            ("97110 Mod: GP 25 min", "GP, 25 min"),
            // Wrong ones are modifiers all the same: a rule speaks of them.
            ("97140-5 lumbar 15 min", "5, 15 min"),
            ("97140-PG lumbar", "PG"),
            ("97140-59GP lumbar", "59GP"),
            // Words, sides, regions and figures are none.
            ("97124-low back", ""),
            ("97124-R shoulder", ""),
            ("97124-LS", ""),
            ("97124-C4-C6", ""),
            ("97124-to neck", ""),
            ("97110-exercise", ""),
            ("97110-3x10", ""),
            ("97110 - Ther ex", ""),
            ("97110-97112", ""),
            ("97110/97112", ""),
            ("97140 LT shoulder", ""),
            ("97140 (R)", ""),
            ("97140 (LT) shoulder", ""),
            ("97110, 25, 2", "25 of what"),
            ("97110 52 steps", ""),
            ("97110 at home", ""),
            ("97140-10:02-10:27", "10:02-10:27"),
            ("97140-59-10:02-10:27", "59, 10:02-10:27"),
        ]);
    }

    #[test]
    fn where_a_further_modifier_goes() {
        for (text, before) in [
            ("97110 lumbar", "97110"),
            ("97110:GP:59 lumbar", "97110:GP:59"),
            ("97110 (GP) lumbar", "97110 (GP)"),
            ("97110 GP, 59 lumbar", "97110 GP, 59"),
            ("97124-low back", "97124"),
            ("97110 Mod: GP", "97110"),
            (
                "Manual therapy (97140): 12 minutes",
                "Manual therapy (97140",
            ),
        ] {
            assert_eq!(&text[..line(text).modifiers_end], before);
        }
    }

    #[test]
    fn times_in_every_spelling() {
        all_say(&[
            ("97110 lumbar 25 min", "25 min"),
            ("97110: 25 min", "25 min"),
            ("97110:25 min", "25 min"),
            ("97140-25 min", "25 min"),
            ("97140-25'", "25 min"),
            ("97140/25 minutes", "25 min"),
            ("97140-GP-25 min", "GP, 25 min"),
            ("97110 GP, 59 min", "GP, 59 min"),
            ("97110 25", "25 of what"),
            ("97124 50", "50 of what"),
            ("97110-25", "25"),
            ("98941 25", "25"),
            ("97110 50 25 min", "50, 25 min"),
            ("97140 59", "59"),
            ("97140 59 15", "59, 15 of what"),
            ("97110-GP 25 2", "GP, 25 of what"),
            ("97110 lumbar - 25", "25 of what"),
            ("97110 25 bridges", ""),
            ("97110 squats 25", ""),
            ("97110 (4)", ""),
            ("97110 25 (3 x 10)", ""),
            ("97014 15", ""),
            ("97110 0:25", "25 min"),
            ("97110 - :25", "25 min"),
            ("97110:25", "25 of what"),
            ("97110 1:05", ""),
            ("97110 2u/25m", "25 min, x2"),
            ("Minutes: 97110-25", "25 min"),
            ("Minutes: 97140-59 25", "59, 25 min"),
            ("Minutes: 97110 bridges 25", "25 min"),
            ("Units/min: 97110 - 2/25", "25 min, x2"),
            ("Units: 97110 (2)", "x2"),
            // Feet.
            ("97116 gait 150'", ""),
            ("97116 gait 150' with walker 12'", "12 min"),
            ("97116 walked 40' x 3, 15 min", "15 min"),
            ("97116 ramp 12'", "12 min"),
            ("97116 120'", ""),
            ("97116 80'", "80 of what"),
            ("97124 120'", "120 min"),
            ("97140 back 100'", "100 min"),
            ("97530 carried a box 150'", "150 of what"),
            ("97530 carried a box 150', 12'", "12 min"),
            ("97530 carried a box 150', 12 min", "12 min"),
            ("97110 90'", "90 min"),
            ("97110 7.5 min", "7.5 min"),
            ("97110 half an hour", "30 min"),
            ("97110 an hour and a half", "90 min"),
            ("97110 lumbar twenty-three minutes", "23 min"),
            ("97110 about 15 min", "15 min Roughly"),
            ("97110 8-15 min", "8 min Range"),
            ("97110 x 25 min", "25 min"),
            ("97110 lumbar 10 m gait", ""),
            ("97110 lumbar 25m", "25 min"),
            ("97110 1 h 3 sets", "60 min"),
            ("97110 start 10:00 stop 10:25", "10:00-10:25"),
            ("97110 10-10:25", "10:00-10:25"),
            ("97110 10:00a-10:25a", "10:00-10:25"),
            ("97110 in 10:00 out 10:25 (25 min)", "10:00-10:25, 25 min"),
            ("97110 10:02-10:12, 10:30-10:45", "10:02-10:12, 10:30-10:45"),
            ("97110 Minutes: 15", "15 min"),
            ("97110 Min 15", "15 min"),
            ("97110 Min 15 Units 1", "15 min"),
            ("97110 Time: 15", "15 min"),
            ("97110 Time: 15 min", "15 min"),
            ("97110 Time: 10:00-10:25", "10:00-10:25"),
            ("CPT Code: 97140 Minutes: 15 Units: 1", "15 min, x1"),
            ("97110 lumbar min assist 1 person", ""),
            ("97110 min 1 person assist", ""),
            ("97110 ___ min", "___"),
            ("97110 1/2 hour", "30 min"),
            ("97110 1 1/2 hours", "90 min"),
            ("97110 several minutes", ""),
            ("97110, a few minutes", ""),
            ("97110 20 steps, minutes below", ""),
            ("97110 23 min: leg press, bike 8 min", "23 min"),
            (
                "97140 15 min: cervical, 10 min: thoracic",
                "15 min + 10 min?",
            ),
            ("97140 15 min: R side, L side 10 min", "15 min + 10 min?"),
            ("97110 seat 7 x 10 min", "10 min"),
            ("97110 10 min per leg, 3 x 10", "10 min OfOne"),
            ("97110 15 min per hip protocol", "15 min"),
            ("97140/15 min/shoulder", "15 min"),
            ("97110 bike 3 x 5 min", "5 min OfOne"),
            ("97110 Minutes:", ""),
            ("97110 THER EX EA 15 MIN, Qty 2, 25 min", "25 min"),
            ("97110 Exercise (15 min increments) 30 min", "30 min"),
            ("97110 Exercise, each 15 minutes", ""),
            ("97110 15-minute units, 25 min", "25 min"),
            ("97110 15 min Units: 1", "15 min, x1"),
            ("97110 15 min, 1 unit", "15 min, x1"),
            ("97110 goal 20 min, 15 min", "15 min"),
            ("97110 goal: 20 minutes tolerance", ""),
        ]);
    }

    #[test]
    fn the_time_of_one_of_two_sides() {
        all_say(&[
            ("97110 left and right, each 10 min", "10 min OfOne"),
            ("97110 R and L knee 8 min each", "8 min OfOne"),
            ("97110 bilateral hips 8 min ea.", "8 min OfOne"),
            ("97110 both hands, 8 min each with cues", "8 min"),
            ("97110 knee 8 min each", "8 min"),
            ("97110 each set slow, R and L knee 8 min", "8 min"),
        ]);
    }

    #[test]
    fn words_before_the_code() {
        all_say(&[
            ("Exercise 30 minutes (97110 x2)", "30 min, x2"),
            ("Manual therapy (97140): 12 minutes.", "12 min"),
            ("Manual therapy (97140-59), 12 minutes", "59, 12 min"),
            ("Ther ex x 25 min - 97110", "25 min"),
            ("Ther ex 25 min - 97110-GP", "GP, 25 min"),
            ("25 minutes of therapeutic exercise (97110)", "25 min"),
            ("10:00-10:25 97110", "10:00-10:25"),
            ("Bridges 10 min, bike 8 min (97110)", "10 min + 8 min?"),
            ("Ther ex 20 min (97110), rest 5 min", "20 min"),
        ]);
    }

    #[test]
    fn one_block_has_one_time() {
        all_say(&[
            ("97110 lumbar 20 min (sat 10 min before pain)", "20 min"),
            ("97110 (sat 10 min before pain) 20 min", "20 min"),
            ("97110 lumbar 15 min, moist heat 10 min", "15 min"),
            ("97110 lumbar, therex 15 min, hot pack 10 min", "15 min"),
            ("97110 lumbar, 20 minutes of therex, 5 min rest", "20 min"),
            ("97110 20 min with 5 min rest", "20 min"),
            ("97110 5 min rest, 20 min therex", "20 min"),
            ("97110 20 min. Rest 5 min.", "20 min"),
            ("97110 20 min, set-up 5 min", "20 min"),
            ("97110 20 min after 5 min of warm-up", "20 min"),
            ("97530 lifting 15 min, standing tolerance 10 min", "15 min"),
            ("97110 20 min, HEP 5 min", "20 min"),
            ("97110 20 min, stretch 5 min 3 times a day", "20 min"),
            ("97110 20 min, walks 10 min daily", "20 min"),
            ("97110 25 min, 97140 15 min", "25 min"),
            ("97110 plank 1 min x 3, 15 min", "15 min"),
            ("97110 hamstring stretch 30 sec x 3, 15 min", "15 min"),
            // Beside a clock range, too.
            ("97110 10:00-10:25 (sat 10 min before pain)", "10:00-10:25"),
            ("97110 10:00-10:25, bridges 10 min", "10:00-10:25, 10 min"),
            // Alone it is the block's, whatever the words.
            ("97535 HEP instruction 15 min", "15 min"),
            ("97110 (bridges, 25 min)", "25 min"),
            ("97530 sitting tolerance 15 min", "15 min"),
            ("97010 moist heat 10 min", "10 min"),
            (
                "97035 ultrasound 8 min, moist heat 10 min",
                "8 min + 10 min?",
            ),
            // Two that could be.
            ("97110 bridges 10 min, bike 8 min", "10 min + 8 min?"),
            ("97110 25 min (bike 10 min)", "25 min + 10 min?"),
            ("97110 bridges 10 min and bike 8 min", "10 min + 8 min?"),
            ("97124 lumbar 10 min, cervical 15 min", "10 min + 15 min?"),
            // Unless they are added up, or one is the whole.
            ("97110 bridges 10 min + bike 8 min", "10 min + 8 min"),
            ("97110 18 min (bridges 10 min, bike 8 min)", "18 min"),
            ("97140 x2 min 30", "30 min, x2"),
            ("97140 Qty 2 Min: 30 neck", "30 min"),
            ("97140-59 Units: 2 Min: 30", "59, 30 min, x2"),
            ("97140-59 Minutes: 30 Units: 2", "59, 30 min, x2"),
            ("97140 GP 59 Units 1 Minutes 15", "GP, 59, 15 min"),
            ("97140 Mod: 59 Min: 30 Units: 2", "59, 30 min, x2"),
            ("97140 Modifier: 76 Minutes: 15", "76, 15 min"),
            ("97140 Mods 59 Min 30", "59, 30 min"),
            ("97140.59.GP x2 (30 min)", "59, GP, 30 min, x2"),
            (
                "97140 Modifier 1: GP Modifier 2: 59 Min: 30",
                "GP, 59, 30 min",
            ),
            (
                "97140 Mod1: 59 Mod2: GP Units: 2 Minutes: 30",
                "59, GP, 30 min, x2",
            ),
            ("97140 Mod 1 GP Mod 2 59 30 min", "GP, 59, 30 min"),
            ("97140 Mod: GP, Mod: 59, 30 min", "GP, 59, 30 min"),
            ("97110 22 min: 3 x 10 bridges", "22 min"),
            ("97110-59 min", "59 min"),
            ("97110 x 2 min 30 sec", "2 min"),
            // That it adds up may be by chance.
            (
                "97140 15 min, ther ex 20 min, stretching 5 min",
                "15 min + 20 min + 5 min?",
            ),
            (
                "20 min therex, 5 min stretching, 97140 15 min",
                "20 min + 5 min + 15 min?",
            ),
            (
                "97530 30 min (gait training 10 min, transfers 20 min)",
                "30 min",
            ),
            ("97110 bridges 3', bike 6', rows 3x10 -- 23'", "23 min"),
            ("97110 bridges 3 min, bike 6 min - 23 min", "23 min"),
            ("97110 bridges 3 min, bike 6 min = 23 min", "23 min"),
            ("97140 15 min = 40 min", "15 min + 40 min?"),
            (
                "97110 bridges 13 min, bike 6 min - 8 min",
                "13 min + 6 min + 8 min?",
            ),
            ("60-minute session: massage 97124 (50 min)", "50 min"),
            ("97124 60 min session", "60 min"),
            ("97110 bridges 10 min, bike 8 min, 18 min", "18 min"),
            ("97110 Minutes: 15, bike 8 min", "15 min"),
            ("97110 20 min, after 5-10 min on the bike", "20 min"),
            ("97110 20 min, 5-10 min bike", "20 min + 5 min Range"),
        ]);
    }

    #[test]
    fn what_claims_units() {
        all_say(&[
            ("97124x2 lower back 30 min", "30 min, x2"),
            ("97124 x2", "x2"),
            ("97124 x 2 lumbar", "x2"),
            ("97124 (x2)", "x2"),
            ("97124-59 x2", "59, x2"),
            ("97110 lumbar 25 min x2", "25 min, x2"),
            ("97110 lumbar 25 min, x2", "25 min, x2"),
            ("97110 lumbar (25 min) x2 bridges", "25 min, x2"),
            ("97110 lumbar 10:00-10:25 x2.", "10:00-10:25, x2"),
            ("97110 lumbar, R knee x2", "x2"),
            (
                "97110 L shoulder and neck 25 min dx M54.2 x2",
                "25 min, x2, M54.2",
            ),
            ("97110 Therapeutic exercises x2", "x2"),
            ("97110 25 min x2, 3 sets of 10", "25 min, x2"),
            ("97124 2 units", "x2"),
            ("97124 2u 30 min", "30 min, x2"),
            ("97124 (2 units, 30 min)", "30 min, x2"),
            ("97124 lumbar, bridges, 2 units", "x2"),
            ("97124 Units: 2", "x2"),
            ("97140-2 units", "x2"),
            ("97124 x0", "x0"),
            ("ther ex (2 units), 97140 (1 unit)", "x1"),
            ("2 units of 97140", "x2"),
            // Repetitions, holds, weights and other figures claim nothing.
            ("97112 balance 15 min, SLS x3", "15 min"),
            ("97110 hamstring stretch 30 sec x 3, 15 min", "15 min"),
            ("97110 stretch 30 sec x3", ""),
            ("97110 curls 10 lb x 3", ""),
            ("97110 3 x 10", ""),
            ("97110 3 sets x10", ""),
            ("97110 bridges x10", ""),
            ("97110 x10 reps", ""),
            ("97110 x 3 sets", ""),
            ("97110 25 min x 3 days", "25 min"),
            ("97110 25 min, 5 min rest x 3", "25 min"),
            ("97110 x 6-8", ""),
            ("97110 x 100", ""),
            ("97110 x2.5", ""),
            ("97110 1-2 units", ""),
            ("97110 100 units", ""),
        ]);
    }

    #[test]
    fn diagnoses_that_a_block_points_to() {
        all_say(&[
            ("97110 25 min dx M54.2", "25 min, M54.2"),
            ("97110 Dx: M54.2, M54.50 25 min", "25 min, M54.2, M54.50"),
            ("97110 dx:M54.2;M54.6", "M54.2, M54.6"),
            ("97110 dxM54", ""),
        ]);
    }

    #[test]
    fn a_part_of_a_line_is_read_by_itself() {
        let text = "O: 97140 15 min; 97110 (GP) 25 min x2; rest 5 min";
        let code = text.find("97110").unwrap();
        let part = Span::new(code - 1, text.rfind(';').unwrap());
        let read = read(text, Span::new(code, code + 5), part);
        assert_eq!(read.modifiers[0].code, "GP");
        assert_eq!(&text[read.durations[0].span.range()], "25 min");
        assert_eq!(&text[read.claimed.unwrap().span.range()], "x2");
    }
}
