//! What the words around a procedure code say of its block: modifiers, time, claimed units, diagnoses.
//!
//! They are read from the text alone, so that a block is read alike wherever it stands: on a line of
//! its own, in a sentence or in a table.

use std::ops::Range;

use super::figures::{self, Counted};
use super::{ClockRange, Diagnosis, Duration, Inexact, Modifier, UnitClaim, diagnosis, time};
use crate::length::Length;
use crate::pattern::{pattern, words};
use crate::reference::{procedures, regions, techniques};
use crate::text::Span;

mod modifiers;
mod numbers;
mod units;

pub use self::modifiers::{are_modifiers, behind_code, without_techniques};

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
    let (mut modifiers, modifiers_end) = behind_code(text, code, line.end);
    reader.take(Span::new(code.start, modifiers_end));
    // `97110:25 min`: the mark joins the figure to the code and is no part of it.
    if text[modifiers_end..line.end].starts_with([':', '/', '-']) {
        reader.take(Span::new(modifiers_end, modifiers_end + 1));
    }
    if modifiers.is_empty() {
        modifiers = reader.modifiers_before_code();
    }
    // `Mod 1: GP Mod 2: 59`
    let mut labelled = reader.labelled_modifiers();
    while !labelled.is_empty() {
        modifiers.append(&mut labelled);
        labelled = reader.labelled_modifiers();
        labelled.retain(|named| modifiers.iter().all(|known| known.code != named.code));
    }
    let diagnoses = reader.diagnoses();
    reader.pass_over_numbers();
    let clock = reader.clock();
    let given = reader.durations(modifiers_end);
    let (durations, ambiguous, gives_way) = own_durations(given, !clock.is_empty());
    let has_time = !clock.is_empty() || !durations.is_empty();
    add_modifiers(
        &mut modifiers,
        reader.loose_modifiers(modifiers_end, has_time),
    );
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

/// Adds the modifiers of a line below to those of the block of a code, but for those that only other codes take.
pub fn add_modifiers_below(code: &str, modifiers: &mut Vec<Modifier>, below: Vec<Modifier>) {
    let fits = |modifier: &Modifier| match modifier.code.as_str() {
        "AT" => code.starts_with("9894"),
        "25" => !is_timed_code(code) && !code.starts_with("9894"),
        _ => true,
    };
    add_modifiers(modifiers, below.into_iter().filter(fits).collect());
}

/// Adds further modifiers, each once.
fn add_modifiers(modifiers: &mut Vec<Modifier>, further: Vec<Modifier>) {
    for modifier in further {
        if modifiers.iter().all(|known| known.code != modifier.code) {
            modifiers.push(modifier);
        }
    }
}

fn is_timed(text: &str, code: Span) -> bool {
    is_timed_code(&text[code.range()])
}

fn is_timed_code(code: &str) -> bool {
    let procedure = procedures::find(&code.to_ascii_uppercase());
    procedure.is_some_and(|procedure| procedure.timing.is_timed())
}

/// The question mark directly behind a code that was proposed and is not confirmed yet.
pub fn proposal(text: &str, code: Span) -> Option<Span> {
    let mark = Span::new(code.end, code.end + PROPOSAL.len());
    text[code.end..].starts_with(PROPOSAL).then_some(mark)
}

const PROPOSAL: &str = "?";

/// Whether the words behind a figure make it one of time or number.
fn is_counted(behind: &str) -> bool {
    words!(
        COUNTED,
        r"(?ix)^[\ \t]*-?(?:
            ['’′%°] | (?: m | min | mins | minutes? | h | hrs? | hours? | u | units? | deg | degrees? | reps?
            | repetitions? | sets? | s | secs? | seconds? | lbs? | pounds? | kg | ft | feet | steps? | days?
            | wks? | weeks? | yrs? | years? | y/?o | visits? | times ) \b | \# )"
    );
    COUNTED.is_match(behind)
}

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

pattern!(
    POINTER,
    r"(?ix)\b dx (?: :[\ \t]* | [\ \t]+ )
      (?P<codes> [A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?\b
        (?: [\ \t]*[,;/&][\ \t]*[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?\b )* )"
);

// `Minutes: 15`, `Time: 7.5`, `Min 15`, `Minutes (15)`, `Duration: 15`
pattern!(
    LABELLED_MINUTES,
    r"(?ix)\b (?: (?:total[\ \t]+)? (?:minutes?|mins?|time(?:[\ ]spent)?) (?:\(s\))? [\ \t]*(?P<colon>[:=])[\ \t]*
        | (?:minutes?|mins?)[\ \t]*(?P<bracket>\() | (?P<duration>duration)[\ \t]*[:=]?[\ \t]* | (?:minutes|mins?)(?:\.[\ \t]*|[\ \t]+) )
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
words!(
    GOAL_BEFORE,
    r"(?i)\bgoal(?:[ \t:=-]*(?:of|is)?[ \t]*|:[^,;.|]{0,30})$"
);
// `HEP 30 min daily`, `arrived 10 min late`, `was 45 min last visit`: no time of this treatment either.
words!(
    OTHER_TIME,
    r"(?i)^[ \t]*(?:late\b|last (?:visit|session|time|week)\b)"
);
words!(
    DAILY,
    r"(?i)^[ \t]*(?:daily|nightly|a day|per day|/[ ]?day)\b"
);
words!(
    AT_HOME_BEFORE,
    r"(?i)\b(?:hep|home\w*|walks)\b[^,;.|]{0,20}$"
);
// `EA 15 MIN`, `(15 min increments)`: what the code means is no time of treatment.
words!(
    INCREMENT_BEFORE,
    r"(?i)(?:\b(?:ea\.?|each|per)|\bunit[ \t]*=)[ \t]*$"
);
words!(
    INCREMENT_BEHIND,
    r"(?i)^[ \t-]*(?:increments?|intervals?|(?:timed[ \t]+)?units?[ \t]*(?:[,;.)\]]|$))"
);
// `2 units (15 min each)`
words!(
    EACH_BEHIND,
    r"(?i)^[ \t]*(?:ea\b|each\b|/[ \t]?u(?:nit)?\b|per[ \t]+unit\b|a[ \t]+unit\b)"
);
words!(
    UNITS_BEFORE,
    r"(?i)(?:\b[x×][ \t]?\d{1,2}|\d[ \t]*(?:u|units?))[ \t]*[(@,]*[ \t]*$"
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
words!(END, r"^[ \t,;)\].|]*$");
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
        let Some((whole, words)) = modifiers::labelled(&self.rest) else {
            return Vec::new();
        };
        let all = words.into_iter().map(|word| self.modifier(word)).collect();
        self.take(self.span(whole));
        all
    }

    /// `GP 97110 30 min`
    fn modifiers_before_code(&mut self) -> Vec<Modifier> {
        let before = &self.rest[..self.code.start - self.line.start];
        if before.trim().is_empty() {
            return Vec::new();
        }
        let words = modifiers::before_code(before);
        words.into_iter().map(|word| self.modifier(word)).collect()
    }

    /// `30 min GP`, `Manual therapy 59 30 min`
    fn loose_modifiers(&mut self, modifiers_end: usize, has_time: bool) -> Vec<Modifier> {
        let from = modifiers_end - self.line.start;
        if !self.rest[from..].contains(char::is_alphanumeric) {
            return Vec::new();
        }
        let code = self.str(self.code);
        // The stop of `30 min.` ends a sentence.
        let mut rest = self.rest.clone();
        for (at, _) in self.str(self.line).match_indices(". ") {
            if rest[at..].starts_with(READ) {
                rest.replace_range(at..=at, ".");
            }
        }
        let words = modifiers::loose(&rest, from, code, has_time);
        let all: Vec<Modifier> = words.into_iter().map(|word| self.modifier(word)).collect();
        for modifier in &all {
            self.take(modifier.span);
        }
        all
    }

    fn modifier(&self, word: Range<usize>) -> Modifier {
        let span = self.span(word);
        Modifier {
            code: self.str(span).to_ascii_uppercase(),
            span,
        }
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

    /// The clock times that are the block's: `session 10:00-10:45` beside minutes is none of them, and the next appointment never.
    fn clock(&mut self) -> Vec<ClockRange> {
        words!(
            OF_SESSION,
            r"(?i)\b(?:session|visit|seen|appt\.?|appointment|gym open|clinic open)[ \t]*(?:time|from|was)?[ \t]*[:=]?[ \t]*$"
        );
        words!(
            NEXT,
            r"(?i)\bnext[ \t]+(?:appt\.?|appointment|visit|session)\b[^,;.|]{0,25}$"
        );
        let mut clock = time::clock_ranges(&self.rest, self.line.start);
        if clock.is_empty() {
            return clock;
        }
        let has_minutes = !time::durations(&self.rest, self.line.start).is_empty();
        for range in &clock {
            self.take(range.span);
        }
        clock.retain(|range| {
            let before = &self.rest[..range.span.start - self.line.start];
            !(NEXT.is_match(before) || has_minutes && OF_SESSION.is_match(before))
        });
        clock
    }

    /// Every duration on the line.
    fn durations(&mut self, modifiers_end: usize) -> Vec<Given> {
        let mut all = time::durations(&self.rest, self.line.start);
        all.retain(|duration| !self.is_of_units(duration.span));
        self.may_be_feet = all
            .iter()
            .copied()
            .find(|d| self.is_in_feet(d.span).is_none());
        let (mut all, others): (Vec<Duration>, Vec<Duration>) =
            all.into_iter().partition(|d| self.may_be_treatment(d));
        for duration in all.iter().chain(&others) {
            self.take(duration.span);
        }
        let labelled = self.labelled_minutes(all.is_empty());
        let labels: Vec<usize> = LABEL
            .captures_iter(&self.rest)
            .filter_map(|found| Some(self.line.start + found.name("value")?.start()))
            .collect();
        all.extend(&labelled);
        all.sort_by_key(|d| d.span);
        let spans: Vec<Span> = all.iter().map(|d| d.span).collect();
        let (mut counted, mut open) = (0, 0);
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
            // Of a long line with many times each part is counted once.
            for mark in &self.rest.as_bytes()[counted..leading.len()] {
                open += i32::from(*mark == b'(') - i32::from(*mark == b')');
            }
            counted = leading.len();
            let in_brackets = open > 0;
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

    /// Whether a duration is no distance, no goal, no increment of a unit and none of homework or of another visit.
    fn may_be_treatment(&self, duration: &Duration) -> bool {
        let words = self.str(duration.span);
        let before = &self.rest[..duration.span.start - self.line.start];
        let behind = &self.rest[duration.span.end - self.line.start..];
        let is_each = EACH_BEHIND.is_match(behind) && UNITS_BEFORE.is_match(before);
        let is_increment = INCREMENTS
            .iter()
            .any(|minutes| duration.minutes == *minutes)
            && (INCREMENT_BEFORE.is_match(before) || INCREMENT_BEHIND.is_match(behind) || is_each);
        let is_homework = DAILY.is_match(behind) && AT_HOME_BEFORE.is_match(before);
        let is_other = is_homework || GOAL_BEFORE.is_match(before) || OTHER_TIME.is_match(behind);
        let is_distance = DISTANCE.is_match(words) || self.is_in_feet(duration.span) != Some(false);
        !(is_distance || is_other || is_increment)
    }

    fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// Whether the figure of a duration counts units, and its `min` leads the minutes: `Qty 2 Min 30`, `97140 x2 min 30`,
    /// `Units: 2 Min:`, but not `plank x 2 min 30 sec`.
    fn is_of_units(&self, span: Span) -> bool {
        words!(
            UNITS,
            r"(?i)(?:^|[^\d \t])[ \t]*\b(?:qty|quantity|units?(?:\(s\))?)[ \t]*[:=#(]?[ \t]*$"
        );
        words!(
            MINUTES,
            r"^(?:\(s\))?[ \t]*(?:[:=(]?[ \t]*\d{1,3}\b|[:=][ \t]*(?:_|[,;|]|$))"
        );
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
    fn labelled_minutes(&mut self, are_only: bool) -> Vec<Duration> {
        words!(REPETITIONS, r"(?i)\b(?:sets?|reps?|holds?|freq\w*)\b");
        // `hold duration: 30`, `pulse duration: 250`
        words!(OF_BLOCK, r"(?:^|[\d|,;.–—-])[ \t]*$");
        let mut labelled = Vec::new();
        let mut read = Vec::new();
        for found in LABELLED_MINUTES.captures_iter(&self.rest) {
            if let (Some(whole), Some(figure)) = (found.get(0), found.name("minutes"))
                && let Some(minutes) = time::tenths(figure.as_str())
                && let after = &self.rest[figure.end()..]
                && !GOES_ON.is_match(after)
                && (found.name("duration").is_none()
                    || are_only
                        && minutes >= 8
                        && OF_BLOCK.is_match(&self.rest[..whole.start()])
                        && !REPETITIONS.is_match(&self.rest))
                && match found.name("bracket") {
                    Some(_) => after.starts_with(')'),
                    None => found.name("colon").is_some() || AFTER_MINUTES.is_match(after),
                }
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
        let lone = figures::lone(behind, is_counted);
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
mod tests;
