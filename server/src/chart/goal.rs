//! Goals, and which of the parts of a good goal each one has.

use jiff::civil::Date;

use super::date;
use crate::pattern::{pattern, words};
use crate::reference::activities;
use crate::text::Span;

/// A goal: activity, measure and time frame are what payers look for (domain: Palmetto GBA,
/// "Writing Therapy Goals").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Its key, such as `goal 1`, relative to the visit.
    pub key: Span,
    pub number: Option<u32>,
    /// Its text, from the first line to the last.
    pub span: Span,
    pub activity: Option<Span>,
    pub measure: Option<Span>,
    pub time_frame: Option<Span>,
    /// The date by which, if the time frame is one.
    pub due: Option<Date>,
    /// Its verb and object are an impairment's: less pain, more range, more strength.
    pub impairment: bool,
    /// Who acts is the therapist, so that it is a plan.
    pub by_therapist: Option<Span>,
}

// `___` is a placeholder that a template left: it stands where the figure will.
pattern!(
    MEASURE,
    r"(?ix)
    (?:\d+(?:\.\d+)?|_{2,}) [\ \t]* (?:-|–)? [\ \t]*
      (?: (?:min(?:ute)?s?|h(?:ou)?rs?|hrs?|sec(?:ond)?s?|s|ft|feet|foot|m|met(?:er|re)s?|miles?|blocks?|steps?|stairs?|flights?
        |lbs?|pounds?|kgs?|reps?|repetitions?|x|times|trials?|nights?|mornings?|deg(?:ree)?s?|cm|in(?:ch(?:es)?)?|percent|points?|pages?|loads?|bags?|laps?|errors?|falls?|cues?)\b
        | [°%'] )
    | (?:\d+|_{2,}) [\ \t]* (?:/|of|out\ of) [\ \t]* \d+
    | [<>≤≥]=? [\ \t]* \d+
    | \bwithout\ (?:\w+\ ){0,2}? (?:pain|waking|stopping|rest(?:ing)?|assist\w*|help|numbness|tingling|cue\w*|difficulty|compensation|loss|limping|device|rail|reacher|cane|walker|crutch\w*|brace|splint|pillows?|heat|heating|reminder\w*|support|headache|dizziness|symptoms?|spasm|guarding|interruption|breaks?|limitation|increase|falling|spilling|dropping)
    | \bw/o\ \w+ | \b(?:pain|symptom|headache)[- ]free\b | \bno\ (?:pain|rest|waking|difficulty|assist\w*|help|breaks?|falls?|numbness|tingling|loss|increase)\b
    | \bset[-\ ]?up\b | \b(?:verbal|tactile|visual)\ cues?\b
    | \b(?:mod(?:ified)?\.?\ (?:i|ind(?:ep\w*)?)|sba|cga|(?:min|mod|max)(?:imal|erate|imum)?\ (?:a|assist\w*)|independent(?:ly)?|supervision|stand[- ]?by)\b
    | \b(?:odi|ndi|lefs|quickdash|dash|psfs|foto|tug|berg|6mwt|rmdq|hit-6|spadi|fim|copm|vas|nprs)\b [^\d_\r\n]{0,20} (?:\d|_{2,})
    | \d+
    | \b(?:once|twice|all\ night|full\ (?:night|shift|day|workday|duty)|half\ (?:an\ )?hour|an\ hour|one\ hour|two\ hours|(?:one|two|three|four|five|six|seven|eight|ten|twelve)\ (?:minutes|hours|blocks|flights?|steps|nights|times|miles?))\b"
);
pattern!(
    TIME_FRAME,
    r"(?ix)
    \b(?:in|within|by|over|after|x|for|next)\ +(?:the\ next\ +)?(?:\d+|_{2,}|one|two|three|four|five|six|eight|ten|twelve)\ *(?:(?:-|–|to)\ *\d+\ *)?(?:more\ +)?(?:visits?|sessions?|tx|treatments?|days?|wks?|weeks?|mos?|months?)\b
    | \bby\ +(?:week|wk|visit|session|month)\ +(?:\d+|_{2,})
    | \bby\ +\d{1,2}/\d{1,2}(?:/\d{2,4})?\b
    | \bby\ +(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\ +\d{1,2}
    | \bby\ +(?:the\ )?(?:discharge|d/c|end\ of\ (?:care|plan|month|the\ month)|next\ (?:visit|re-?eval\w*))
    | \bby\ +_{2,}
    | \bby\ +(?:the\ +)?(?:end|mid|middle|early|late|year|start|beginning|next|thanksgiving|christmas|easter|spring|summer|autumn|winter|new\ year|recheck|re-?eval\w*|discharge)\b
    | \bby\ +\d{1,2}(?:st|nd|rd|th)?\ +(?:of\ +)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*
    | \bby\ +(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b
    | \b(?:by|at|on)\ +(?:the\ +)?(?:\d+(?:st|nd|rd|th)|next|re-?check)\ *(?:visit|session|re-?check|re-?eval\w*)?
    | \bin\ +\d+/(?:52|12|7)\b
    | [,;(]\ *(?:\d+|_{2,})\ *(?:(?:-|–|to)\ *\d+\ *)?(?:visits?|sessions?|wks?|weeks?|mos?|months?|days?)\b\ *[.)]?\ *(?:$|\()
    | \(\ *(?:\d+)\ *(?:(?:-|–|to)\ *\d+\ *)?(?:visits?|sessions?|wks?|weeks?|mos?|months?|days?)\ *\)"
);
// No list holds every activity, but the verbs of a goal that is none are few.
words!(
    IMPAIRMENT,
    r"(?ix)^\s*
    (?:(?:the\ +)?(?:pt|patient|client|he|she|they)\b[.']?\ *)?
    (?:(?:will|to|shall|should|wants\ to|would\ like\ to|be\ able\ to|able\ to)\ +)*
    (?:
      (?:have|demonstrate|show|report|achieve|experience|be|feel|get|become|regain|restore|attain|reach|return\ to|gain)\b
        [^,;]{0,40}? \b(?:pain|tension|spasms?|stress|swelling|edema|inflammation|rom|arom|prom|range|motion|flexibility|strength|stronger|circulation|posture|mobility|relax\w*|better|improve\w*|improvement|function|plof|prior\ level|quality\ of\ life|tone|tightness|stiffness|healthy|normal|well)\b
      | (?:decrease|reduce|lessen|lower|eliminate|resolve|relieve|ease|alleviate|minimi[sz]e|increase|improve|maximi[sz]e|normali[sz]e|restore|promote|maintain|strengthen|loosen|relax|release|heal|manage|control)\w*\b
      | (?:no|less|more|better|full|decreased|increased|improved|reduced|normal)\ +\w+
      | (?:neck|back|shoulder|hip|knee|low\ back|lumbar|cervical|cervicogenic|headache|r|l|right|left|overall)?\ *(?:pain|rom|arom|strength|headaches?|flexibility|tension|spasm|swelling|mobility|posture)\b
    )"
);
pattern!(ACTIVITY_BLANK, r"(?i)\b(?:can|to|able to)\s+_{2,}");
pattern!(
    THERAPIST,
    r"(?i)^\s*(?:the\s+)?(?:therapist|lmt|pt and ot|massage therapist|provider|clinician|practitioner|chiropractor|doctor|i|we)\s+(?:will|to|am|are|shall|'ll)\b"
);

impl Goal {
    /// Reads a goal from its text; `span` is where that text stands.
    pub fn read(key: Span, key_text: &str, span: Span, text: &str) -> Self {
        let number = key_text
            .trim_end_matches(':')
            .rsplit(|c: char| !c.is_ascii_digit())
            .next()
            .and_then(|digits| digits.parse().ok());
        let at = |range: std::ops::Range<usize>| Span::from(range).shifted(span.start);
        let dates = date::find_in(text, span.start);
        let written = TIME_FRAME.find(text).map(|m| at(m.range()));
        let time_frame = dates.first().map(|d| d.span).or(written);
        let placeholder = || ACTIVITY_BLANK.find(text).map(|m| m.range());
        let activity = activities::functional_activity(text)
            .or_else(placeholder)
            .map(at);
        // The time frame's own figure is no measure: look for one that does not stand in it.
        let measure = MEASURE.find_iter(text).map(|m| at(m.range())).find(|m| {
            let in_frame = written.is_some_and(|f| f.meets(*m) && m.start >= f.start);
            let in_date = dates
                .iter()
                .any(|d| d.span.start < m.end && m.start < d.span.end);
            !in_frame && !in_date
        });
        Self {
            key,
            number,
            span,
            activity,
            measure,
            time_frame,
            due: dates.iter().find_map(|d| d.day),
            impairment: IMPAIRMENT.is_match(text),
            by_therapist: THERAPIST.find(text).map(|m| at(m.range())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (bool, bool, bool) {
        let goal = Goal::read(
            Span::new(0, 6),
            "goal 1:",
            Span::new(8, 8 + text.len()),
            text,
        );
        (
            goal.activity.is_some(),
            goal.measure.is_some(),
            goal.time_frame.is_some(),
        )
    }

    /// The verdicts of the sources, sentence by sentence.
    #[test]
    fn verdicts() {
        for good in [
            "sit at desk 60 minutes with pain 3/10 or less by 2026-12-15 (now 30 minutes)",
            "Pt will be able to sit at desk 45 min (from 15 min) with pain <= 2/10 within 4 weeks",
            "Client will turn head to check blind spot while driving w/o stopping d/t pain in 6 visits",
            "Pt will sleep 6 hours without waking from neck pain, currently 3 hours, by 4/30/2026",
            "Increase cervical rotation to 70° so that pt can back out of driveway, 4 wks",
            "sit ___ minutes at a desk with pain ___/10 or less by ___ (now ___ minutes)",
        ] {
            assert_eq!(parts(good), (true, true, true), "{good}");
        }
        assert_eq!(parts("Patient will get stronger"), (false, false, false));
        assert_eq!(
            parts("Decrease pain to 2/10 in 4 weeks"),
            (false, true, true)
        );
        assert_eq!(
            parts("return to gardening by 2026-12-01"),
            (true, false, true)
        );
        assert_eq!(parts("walk 2 blocks without stopping"), (true, true, false));
        assert!(
            Goal::read(
                Span::at(0),
                "goal:",
                Span::at(0),
                "Therapist will perform STM to decrease tone"
            )
            .by_therapist
            .is_some()
        );
    }
}
