//! Where a text speaks of a numbered goal: `goal 1`, `STG #2`, `goals 1 and 2`.

use super::comment::Comments;
use crate::pattern::{pattern, words};
use crate::text::Span;

/// The numberings that a chart keeps side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GoalSeries {
    Plain,
    /// `STG 1`, `short term goal 1`.
    ShortTerm,
    /// `LTG 1`, `long-term goal 1`.
    LongTerm,
}

impl GoalSeries {
    /// The usual word before the number.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "goal",
            Self::ShortTerm => "STG",
            Self::LongTerm => "LTG",
        }
    }
}

/// A place that speaks of a goal by its number, be it the goal's own key or words about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoalMention {
    pub series: GoalSeries,
    pub number: u32,
    /// The digits, with the words before them if they stand on the same line and belong to this
    /// number alone.
    pub span: Span,
    pub digits: Span,
    /// It is an end of `goals 1-3`, which speaks of the goals between as well.
    pub in_range: bool,
}

// The words may be the last of a line, and the number the first of the line that goes on with it.
pattern!(
    WORDS,
    r"(?xi)
        \b (?: (?P<short>s\.?t\.?g\.?(?P<s1>s)? | short[-\ ]term[\ \t]+goal(?P<s2>s)?)
             | (?P<long> l\.?t\.?g\.?(?P<s3>s)? | long[-\ ]term[\ \t]+goal(?P<s4>s)?)
             | goal(?P<s5>s)? )
        (?: [\ \t]*(?:\r\n|\r|\n)[\ \t]+ | [\ \t]* )
        (?: \#[\ \t]* | (?:nos?\.|number)[\ \t]* )?
        [0-9]"
);

words!(
    /// What makes a figure a measure and no goal's number: `goal 60 minutes`.
    UNIT,
    r"(?xi)^
        (?: [%°'’′\#²\$]
          | [./:,][0-9] | ['’]?[\p{L}_]
          | [\ \t-]* (?: min(?:ute)?s? | h | hrs? | hours? | s | secs? | seconds? | days? | wks? | weeks? | mos? | months? | yrs? | years?
             | visits? | sessions? | tx | treatments? | x | times | reps? | repetitions? | sets? | trials?
             | lbs? | pounds? | kgs? | ft | feet | foot | m | cm | inch(?:es)? | met(?:er|re)s? | miles? | blocks? | steps? | stairs? | flights?
             | nights? | deg(?:ree)?s? | points? | percent | % | ° | out\ of | /[\ \t]*[0-9]+ )
            (?:[^\p{L}]|$)
        )"
);

pattern!(
    NEXT,
    r"(?xi)^
        (?: (?P<and>[\ \t]*(?:,[\ \t]*(?:and|or|&)?|and\b|or\b|&|\+))
          | (?P<slash>/)
          | (?P<to>[-–]|[\ \t]+(?:to|through|thru)\b|[\ \t]+[-–]) )
        (?: [\ \t]*(?:\r\n|\r|\n)[\ \t]+ | [\ \t]* ) \#?
        (?P<digits>[0-9]{1,3})"
);

/// The mentions of a text in order; `offset` is added to the spans. Comments are passed over.
pub fn goals_in(text: &str, offset: usize) -> Vec<GoalMention> {
    let comments = Comments::of(text);
    let mut found = Vec::new();
    let mut done = 0;
    for captures in WORDS.captures_iter(text) {
        let Some(words) = captures.get(0) else {
            continue;
        };
        if words.start() < done || comments.hold(words.start()) {
            continue;
        }
        let series = if captures.name("short").is_some() {
            GoalSeries::ShortTerm
        } else if captures.name("long").is_some() {
            GoalSeries::LongTerm
        } else {
            GoalSeries::Plain
        };
        let plural = (1..=5).any(|n| captures.name(&format!("s{n}")).is_some());
        let first = words.end() - 1;
        let end = digits_end(text, first);
        let list = numbers(text, Span::new(first, end), plural);
        for (index, (digits, in_range)) in list.iter().enumerate() {
            let Ok(number) = text[digits.range()].parse() else {
                continue;
            };
            let with_words = Span::new(words.start(), digits.end);
            let alone = index == 0 && !text[with_words.range()].contains(['\n', '\r']);
            let span = if alone { with_words } else { *digits };
            found.push(GoalMention {
                series,
                number,
                span: span.shifted(offset),
                digits: digits.shifted(offset),
                in_range: *in_range,
            });
            done = digits.end;
        }
    }
    found
}

/// The numbers of a list that begins with this one, and whether each is an end of a range.
fn numbers(text: &str, first: Span, plural: bool) -> Vec<(Span, bool)> {
    let mut list: Vec<(Span, bool)> = Vec::new();
    let mut digits = first;
    loop {
        let rest = &text[digits.end..];
        let next = NEXT.captures(rest).and_then(|captures| {
            let found = captures.name("digits")?;
            let (start, end) = (digits.end + found.start(), digits.end + found.end());
            let slash = captures.name("slash").is_some();
            let to = captures.name("to").map(|m| m.as_str());
            let number = digits_end(text, start) == end
                && !is_measure(text, end)
                // `goal 1, 4 of 10 stairs`
                && !text[end..].trim_start().starts_with("of ");
            Some((Span::new(start, end), slash, to.map(str::to_owned), number))
        });
        let mut goes_on = None;
        match next {
            Some((span, slash, to, true)) if !slash || plural => {
                goes_on = Some((span, to.is_some()));
            }
            // `goal 3-4 hours`, `goal 3 to 4 hours`: the first figure is no number either.
            Some((_, _, Some(to), false)) if !to.ends_with(['-', '–']) || !to.starts_with(' ') => {
                return list;
            }
            _ => {}
        }
        if digits.len() > 3 || (goes_on.is_none() && is_measure(text, digits.end)) {
            return list;
        }
        let in_range = matches!(goes_on, Some((_, true)));
        match list.last_mut() {
            Some((before, range)) if *before == digits => *range |= in_range,
            _ => list.push((digits, in_range)),
        }
        match goes_on {
            Some((span, range)) => {
                list.push((span, range));
                digits = span;
            }
            None => return list,
        }
    }
}

fn digits_end(text: &str, start: usize) -> usize {
    let rest = text[start..].trim_start_matches(|c: char| c.is_ascii_digit());
    text.len() - rest.len()
}

fn is_measure(text: &str, end: usize) -> bool {
    UNIT.is_match(&text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<String> {
        goals_in(text, 0)
            .into_iter()
            .map(|m| {
                assert_eq!(text[m.digits.range()].parse(), Ok(m.number));
                let range = if m.in_range { "~" } else { "" };
                format!("{} {}{range}", m.series.word(), m.number)
            })
            .collect()
    }

    #[test]
    fn one_goal() {
        for text in [
            "goal 1: sit",
            "Goal 1 met",
            "toward goal #1.",
            "goal 1",
            "goal no. 1",
            "(goal 1)",
            "functional goal 1:",
            "Goal 1 in progress",
            "goal 1 - 40 minutes now",
            "toward goal\n   1; sitting",
            "goal 1, 40 minutes now",
            "goal 1, 4 of 10 stairs",
            "goal 1 and 40% better",
            "goal 1, 5/10 pain",
            "goal 1, 2026-11-02",
            "goal 1 2 weeks ago",
            "goal 1.",
        ] {
            assert_eq!(found(text), ["goal 1"], "{text}");
        }
        assert_eq!(found("STG 2 met 8/31 (1 flight)"), ["STG 2"]);
        assert_eq!(found("stg2: x"), ["STG 2"]);
        assert_eq!(found("short-term goal 2"), ["STG 2"]);
        assert_eq!(found("Long term goal #3"), ["LTG 3"]);
        assert_eq!(found("L.T.G. 1"), ["LTG 1"]);
    }

    #[test]
    fn several_goals() {
        assert_eq!(found("goals 1 and 2 met"), ["goal 1", "goal 2"]);
        assert_eq!(
            found("goals 1, 2, & 3; STG 4"),
            ["goal 1", "goal 2", "goal 3", "STG 4"]
        );
        assert_eq!(
            found("goals 1, 2 and\n   3"),
            ["goal 1", "goal 2", "goal 3"]
        );
        assert_eq!(found("goals 1/2 met"), ["goal 1", "goal 2"]);
        assert_eq!(found("LTGs 1-3 ongoing"), ["LTG 1~", "LTG 3~"]);
        assert_eq!(found("goals 1 to 3"), ["goal 1~", "goal 3~"]);
        assert_eq!(found("STG 1 and LTG 2"), ["STG 1", "LTG 2"]);
    }

    #[test]
    fn figures_that_are_no_numbers() {
        for text in [
            "goal 60 minutes",
            "goal: 1 flight",
            "goal 3/10 pain",
            "goal 3-4 hours",
            "goal 3 to 4 hours",
            "goal 10:30",
            "goal 1.5 miles",
            "goal 2x/week",
            "goal 70°",
            "goal 5 lbs",
            "goal 50%",
            "goals 2 visits",
            "goal 1200",
            "goalie 1",
            "// goal 1",
            "goal\n97124",
            "goal\n1 met",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_words_belong_to_the_first_number() {
        let text = "see goals 1 and 2";
        let spans: Vec<_> = goals_in(text, 0)
            .iter()
            .map(|m| &text[m.span.range()])
            .collect();
        assert_eq!(spans, ["goals 1", "2"]);
        let text = "see goal\n  1";
        assert_eq!(&text[goals_in(text, 0)[0].span.range()], "1");
    }

    proptest! {
        #[test]
        fn mentions_never_overlap(pieces in prop::collection::vec(
            prop::sample::select(vec!["goal", "goals", "STG", " ", "1", "23", "-", "and", ",", "\n  ", "\r", "/", "to", "é", "min", ".", "#"]), 0..20,
        )) {
            let text = pieces.concat();
            let found = goals_in(&text, 0);
            prop_assert!(found.windows(2).all(|w| w[0].span.end <= w[1].span.start), "{found:?}");
            for mention in found {
                prop_assert_eq!(text[mention.digits.range()].parse(), Ok(mention.number));
                prop_assert!(text.is_char_boundary(mention.span.start));
                prop_assert_eq!(mention.span.end, mention.digits.end);
            }
        }
    }
}
