//! Treatment that a sentence tells of without a code: `I spent half an hour on deep tissue massage`. The code is proposed, the
//! one that the words and the profession support; what is planned, declined, done at home or on another day is none.

use crate::chart::{ClockRange, Credential, Duration, Inexact, passing, time};
use crate::pattern::pattern;
use crate::reference::procedures::{self, Attendance, Procedure};
use crate::reference::regions::{self, Region, RegionSet};
use crate::reference::techniques::{self, Technique, TechniqueMention};
use crate::rules::adjustment_of;
use crate::text::Span;

/// What a sentence tells of one treatment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The words, from its first to the last before the next treatment.
    pub words: Span,
    pub code: &'static str,
    /// The regions, as the block's line gives them.
    pub places: String,
    /// Its time as the block's line gives it, `30 min` or `10:00-10:25`; empty for an adjustment.
    pub time: String,
}

/// Why a sentence with a time or a technique stays prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It comes another day, or came.
    NotToday,
    /// It was declined, or not done.
    NotDone,
    /// The patient did it, or is to do it at home.
    AtHome,
    /// Nothing says which time is whose.
    Unclear,
    /// It stands in a section that does not say what was done.
    OtherSection,
    /// No technique is named that belongs to one code.
    NoCode,
}

impl Why {
    /// The reason as a reader sees it.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotToday => "planned, or of another day",
            Self::NotDone => "declined, or not done",
            Self::AtHome => "done at home or by the patient",
            Self::Unclear => "it is not clear which minutes are whose",
            Self::OtherSection => "not in a part of the note that says what was done",
            Self::NoCode => "no technique that belongs to one code",
        }
    }
}

pattern!(
    NOT_TODAY,
    r"(?ix)\b(?:
        will|would|shall|should|could|may|might|plan(?:s|ned|ning)?|next|upcoming|schedul\w*|recommend\w*|suggest\w*|consider\w*|advis\w*|to\ be|to\ do
        |if|whether|needs?|goals?|previous\w*|prior|last|ago|yesterday|usually|typical\w*|every|each|tomorrow|future|ever
        |in\ (?:the\ past|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|back\ in|earlier|formerly|originally|at\ (?:the\ )?(?:first|initial|last|previous)\b|first\ visit
        |(?:visits?|weeks?|days?|months?)\ before|since|as\ of|this\ am|had\ been|another\ (?:therapist|clinic|provider|place)
        |orders?|ordered|prescri\w*|referr\w*|authori[sz]\w*|approved|covers?|booked|offer\w*|wish\w*|hop(?:es?|ed|ing)|request\w*|wants?|intend\w*|return|frequency|allow\w*|anticipat\w*|expect\w*|target|stg|ltg|going\ forward|moving\ forward|used\ to|gonna|let\ us|initial\ visit|eval\ day|copied|increased\ from|decreased\ from|chiropractor
        )\b
        | \bon\ (?:mon|tues|wednes|thurs|fri|satur|sun)day\b | \bon\ the\ \w+(?:st|nd|rd|th)\b | \bon\ \d{1,2}/\d | ^\W*\d{1,2}/\d{1,2}\b | ^\W*(?:mon|tues|wednes|thurs|fri|satur|sun)day\b
        | \b\d\ ?x\ ?/ | \b(?:x|in)\ ?\d+\ ?(?:wks?|weeks?|visits|months?)\b | \bable\ to\b
        | ^(?:\W*(?:and|then|we|i)\ )?\W*(?:add|resume|begin|start|progress|continue|try|trial|initiate|introduce|stop|hold|held|give|once|missed|unbilled|about\ to|when)\b | ['’]ll\b | \blet['’]s\b | \bon\ (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\ \d | ^\W*(?:her|his|their|another)\ [A-Z]"
);
pattern!(
    NOT_DONE,
    r"(?ix)\b(?:not|nor|never|unable|declin\w*|refus\w*|defer\w*|omit\w*|skip\w*|cancel\w*|avoid\w*|withheld|held\ (?:off|today)|stopped|contraindicat\w*
        |instead|left\ (?:out|off)|no|none|discontinu\w*|d/c|ran\ out|attempt\w*|intended|too\ (?:\w+)\ (?:for|to)|(?:non-?)?complian\w*|\d+\ of\ \d+\ min\w*)\b | n['’]t\b"
);
pattern!(
    /// What says behind a treatment, wherever in its sentence, that it was not given now.
    TAKEN_BACK,
    r"(?ix)\b(?:none|n/a|no[- ]?show|on\ hold|planned|tomorrow|unsuccessful\w*|broken|abort\w*|terminat\w*|dc['’]d|tbd|prn|as\ able|bid|tid|qid|homework|spouse|husband|wife|x\ \d+\ days|not\ (?:done|given|performed|tolerated)|next\ (?:visit|time|session|week)|at\ home|\d\ ?x\ ?/\ ?w(?:ee)?k)\b | ❌ | ✗ | ~~"
);
pattern!(
    AT_HOME,
    r"(?ix)\b(?:home|homework|hep|at\ work|own|daily|weekly|nightly|nights?|tonight|evenings?|mornings?|bedtime|twice|times\ (?:a|per|each)|per\ (?:day|week)|(?:a|the)\ (?:day|week)
        |taught|teach|educated|instruct\w*|independent(?:ly)?|self[- ](?:massage|stretch\w*|mobili\w*|release|myofascial)|e-?mail\w*|video|handout|brochure|sheet
        |(?:husband|wife|spouse|partner|friend|mother|father|daughter|son|caregiver)
        |by\ (?:him|her|them)sel(?:f|ves)|(?:by|on)\ (?:his|her|their)\ own|tolerance
        |reports?|reported|states?|stated|says|said|tells|told|asked|elsewhere
        |(?:he|she|they|patient|pt|client)\ (?:can\ )?(?:sits?|sat|stood|stands?|walks|drives|drove|sleeps?|slept|lies))\b
        | ^\W*(?:sits?|sat|sitting|stood|stands?|standing|walks|drives|drove|sleeps?|slept|lies)\b
        | /\ ?(?:day|d|wk|week)\b"
);
pattern!(
    /// Minutes of something else than of the treatment: `rest 10 minutes after massage`.
    OTHER_TIME,
    r"(?i)\b(?:rest(?:ed|s|ing)?|wait(?:ed|ing)?|arriv\w*|late|shorten\w*|limited to|lasted|lasting|returned|chart review|documentation|travel\w*|commut\w*|increments?)\b"
);
pattern!(BETWEEN, r"(?i)\b(?:before|after|prior to|between|until)\b");
pattern!(
    /// Where the words about a treatment end and those about its effect begin.
    AFTER,
    r"[,;:.(–—]|\s-\s|\b(?i:with|when|while|then|after|and|but|because|since|as|to|which|who)\b"
);
pattern!(
    OF,
    r"(?i)^\W*(?:minutes?\W*)?(?:(?:block|bout|set|session|round|period|stretch)s?\s+)?(?:(?:was|were)\s+(?:spent|given)\s+)?(?:of|on|doing)\b\W*(?:[\w'’-]+\W+){0,3}?$|^\s+(?:[\w'’-]+\s+){0,2}$"
);
pattern!(
    /// What parts two treatments in one sentence.
    JOINT,
    r"(?i)(?:[,;.]?\s*(?:(?:and|then|next|finally|followed by|after (?:it|that|this|which)|before (?:that|this)|plus|also|with|as well as|(?:finished|ended|closed|began|started|went on)(?: up)? with|an?|another|about|the last)\b,?\s*)+|[,;+]\s*)$"
);
pattern!(
    /// An adjustment that was given; `before the adjustment` speaks of something else.
    ADJUSTED,
    r"(?i)\b(?:adjusted|manipulated|adjustments?|manipulations?)\b"
);
pattern!(
    ASIDE,
    r"(?i)\b(?:before|after|since|prior to|until|following)\s+(?:the|his|her|their|my|each|today's)\s+(?:adjust|manipul)"
);
pattern!(
    LEVEL,
    r"(?i)\b(?P<region>[ctls])[ -]?(?:\d{1,2}\b|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)"
);

/// What a sentence of a note tells of treatments without a code; an error is why it stays prose though it speaks of
/// minutes or techniques, `None` in it if it speaks of none.
pub fn told(
    text: &str,
    sentence: Span,
    credentials: &[Credential],
) -> Result<Vec<Told>, Option<Why>> {
    // A line break within a sentence is a blank.
    let words = &text[sentence.range()].replace('\n', " ");
    let times = spans_of_times(words);
    let mut techniques = techniques::find_in(words);
    techniques.retain(|found| found.decisive);
    if times.is_empty() {
        return Err(techniques
            .first()
            .filter(|_| NOT_DONE.is_match(words))
            .map(|_| Why::NotDone));
    }
    if techniques.is_empty() {
        return Err(None);
    }
    if passing::is_in_passing(words) && NOT_DONE.is_match(words) {
        return Err(Some(Why::NotDone));
    }
    let clauses = clauses(words, &times, &techniques).ok_or(Some(Why::Unclear))?;
    let mut all = Vec::new();
    for (clause, time) in clauses {
        let within = |found: &&TechniqueMention| {
            clause.start <= found.range.start && found.range.end <= clause.end
        };
        let found: Vec<&TechniqueMention> = techniques.iter().filter(within).collect();
        let technique = nearest(words, time.span, &found).ok_or(Some(Why::Unclear))?;
        let until = technique.range.end.max(time.span.end);
        let rest = &words[until..clause.end];
        let end = until + AFTER.find(rest).map_or(rest.len(), |found| found.start());
        let about = &words[clause.start..end];
        let whole = &words[clause.range()];
        if TAKEN_BACK.is_match(whole) {
            return Err(Some(Why::NotDone));
        }
        // `rest 10 minutes before massage`
        let between = words
            .get(time.span.end..technique.range.start)
            .unwrap_or_default();
        if OTHER_TIME.is_match(about) || BETWEEN.is_match(between) {
            return Err(Some(Why::Unclear));
        }
        for (pattern, why) in [
            (&NOT_DONE, Why::NotDone),
            (&NOT_TODAY, Why::NotToday),
            (&AT_HOME, Why::AtHome),
        ] {
            if pattern.is_match(about) {
                return Err(Some(why));
            }
        }
        if passing::is_in_passing(&words[clause.range()]) {
            return Err(Some(Why::NotToday));
        }
        let code = code(technique.technique, credentials).ok_or(Some(Why::NoCode))?;
        all.push(Told {
            words: clause.shifted(sentence.start),
            code: code.code,
            places: places(code.code, &words[clause.range()]),
            time: time.written,
        });
    }
    Ok(all)
}

/// A time in a sentence, as it is and as a block's line gives it.
#[derive(Clone, Debug)]
struct Time {
    span: Span,
    written: String,
}

/// The times in a sentence, as a block's line gives them.
pub fn times(words: &str) -> Vec<String> {
    let words = words.replace('\n', " ");
    spans_of_times(&words)
        .into_iter()
        .map(|time| time.written)
        .collect()
}

fn spans_of_times(words: &str) -> Vec<Time> {
    let mut clock = time::clock_ranges(words, 0);
    // `503-555-0142` is a telephone number.
    clock.retain(|range| {
        words[range.span.range()].contains(':') || words[range.span.range()].contains(['m', 'M'])
    });
    let of_clock = |range: &ClockRange| Time {
        span: range.span,
        written: words[range.span.range()].to_owned(),
    };
    let mut times: Vec<Time> = clock.iter().map(of_clock).collect();
    if times.is_empty() {
        pattern!(ASSISTED, r"^[ ]*(?:A\b|assist)");
        pattern!(GOES_ON, r"(?i)(?:\bhundred(?: and)?[ ]*|\d,|-|\bto[ ])$");
        let exact = |time: &Duration| {
            let span = time.span;
            let is_feet = words[span.range()].ends_with(['\'', '’', '′']) && time.minutes > 60;
            time.inexact == Inexact::No
                && time.minutes > 0
                && !is_feet
                // `min A`: minimal assistance.
                && !ASSISTED.is_match(&words[span.end..])
                && !GOES_ON.is_match(&words[..span.start])
        };
        let durations = time::durations(words, 0);
        times.extend(
            durations
                .iter()
                .filter(|time| exact(time))
                .map(|time| Time {
                    span: time.span,
                    written: format!("{} min", time.minutes),
                }),
        );
    }
    times
}

/// The words about each time: divided behind the times where techniques stand before them, else before the times.
fn clauses(
    words: &str,
    times: &[Time],
    techniques: &[TechniqueMention],
) -> Option<Vec<(Span, Time)>> {
    let first = times.first()?;
    let behind = techniques.first()?.range.start < first.span.start;
    let mut starts = vec![0];
    for pair in times.windows(2) {
        let (time, next) = (&pair[0], &pair[1]);
        let between = &words[time.span.end..next.span.start];
        let start = if behind {
            // `massage (25 min), stretching (10 min)`
            let cut = between.find([',', ';', '.']).map(|at| at + 1);
            let and = between.find(" and ");
            time.span.end + [cut, and].into_iter().flatten().min()?
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
    let is_of = |t: &&&TechniqueMention| OF.is_match(&words[time.end..t.range.start]);
    let before = found.iter().find(|t| t.range.end <= time.start);
    behind.filter(is_of).or(before).or(behind).copied()
}

/// The code that a technique belongs to, if the profession may bill it, else another one that payers accept for it.
fn code(technique: &Technique, credentials: &[Credential]) -> Option<&'static Procedure> {
    let usual = technique.default_code?;
    let is_massage = credentials.contains(&Credential::Massage)
        && !credentials.iter().any(|c| {
            matches!(
                c,
                Credential::PhysicalTherapist
                    | Credential::OccupationalTherapist
                    | Credential::Chiropractor
            )
        });
    let of_massage = |code: &&'static str| matches!(*code, "97124" | "97140" | "97010");
    let mut codes = [usual]
        .into_iter()
        .chain(technique.accepted.iter().copied());
    let code = if is_massage {
        codes.find(of_massage)
    } else {
        codes.next()
    };
    procedures::find(code?)
}

/// The adjustment of the spine that the sentences of a visit tell of: the first of them, with the code for all regions that
/// they name.
pub fn adjustment(text: &str, sentences: &[Span]) -> Option<Told> {
    let mut regions = RegionSet::default();
    let mut first = None;
    for sentence in sentences {
        let words = &text[sentence.range()];
        let Some(found) = ADJUSTED.find(words) else {
            continue;
        };
        let named = levels(words);
        if named.is_empty()
            || ASIDE.is_match(words)
            || NOT_DONE.is_match(&words[..found.end()])
            || NOT_TODAY.is_match(words)
            || passing::is_in_passing(words)
        {
            continue;
        }
        regions = regions.union(named);
        first = first.or(Some(*sentence));
    }
    Some(Told {
        words: first?,
        code: adjustment_of(regions.len())?,
        places: regions
            .iter()
            .map(Region::name)
            .collect::<Vec<_>>()
            .join(", "),
        time: String::new(),
    })
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

/// The spinal regions that words name, by levels in figures or in words, or by name.
fn levels(words: &str) -> RegionSet {
    let spelled = LEVEL.captures_iter(words).filter_map(|found| {
        let region = found.name("region")?.as_str().to_ascii_uppercase();
        Some(regions::find_in(&format!("{region}3")).first()?.regions)
    });
    let named = regions::find_in(words)
        .into_iter()
        .filter(|r| r.decisive && !r.one_of)
        .map(|r| r.regions);
    let all = spelled
        .chain(named)
        .fold(RegionSet::default(), RegionSet::union);
    all.iter().filter(|region| region.is_spinal()).collect()
}
