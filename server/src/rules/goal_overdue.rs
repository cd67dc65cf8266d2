//! `goal-overdue`: see its page in `docs/rules/`.

use jiff::civil::Date;

use super::signs::GOAL;
use super::{ChartCase, ChartVisit, Check, Draft, Facts, Group, Rule};
use crate::chart::{Goal, Visit, date};
use crate::pattern::letters::{begins_with, ends_with, has_odd_letters, is_edge, words};
use crate::pattern::pattern;
use crate::policy::Level;
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "goal-overdue",
    group: Group::Documentation,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.1.2 and §220.3.D",
    page: page!("goal-overdue"),
    check: Check::Chart(check),
};

#[cfg(test)]
pattern!(
/// The word before a goal's date that makes it the day by which; other dates say since when.
    BY,
    r"(?i)\b(?:by|before|until|till|due|target(?: date)?|no later than)[ \t:(]*(?:the )?(?:end of )?$"
);

pattern!(
/// What says that somebody looked at the goal again.
    SEEN_TO,
    r"(?i)\b(?:goals?|stgs?|ltgs?)\b.*\b(?:met|unmet|achieved|reached|attained|accomplished|completed?|extend\w*|revis\w*|updat\w*|modif\w*|discontinued|dropped|replaced|new|overdue|ongoing|continue[sd]?)\b|\b(?:met|achieved|reached|attained|extend\w*|revis\w*|updat\w*)\b.*\b(?:goals?|stgs?|ltgs?)\b"
);

pattern!(
    DONE,
    r"(?i)\b(?:goal met|met on|met \d|met$|\(met|- met|achieved|attained|discontinued|d/c'd|revised|extended)"
);

/// The day by which a goal was to be reached, and where it stands; `None` of one that its own words
/// say is done with.
pub fn due(text: &str, goal: &Goal) -> Option<(Date, Span)> {
    let words = &text[goal.span.range()];
    if is_done(words.trim_end_matches(['.', ')', ' '])) {
        return None;
    }
    date::find_in(words, goal.span.start)
        .into_iter()
        .filter(|d| ends_with_by(&text[goal.span.start..d.span.start]))
        .find_map(|d| Some((d.day?, d.span)))
}

/// What [`due`] finds of each goal of a visit, or of what stands before the first one.
fn dues<'f>(text: &str, visit: &Visit, facts: &'f Facts) -> &'f [Option<(Date, Span)>] {
    let goals = visit.goals.iter();
    let read = || goals.map(|goal| due(text, goal)).collect();
    facts.dues.get_or_init(read)
}

/// Whether the words before a date say that it is the day by which.
fn ends_with_by(words: &str) -> bool {
    const BY: [&str; 8] = [
        "by",
        "before",
        "until",
        "till",
        "due",
        "target",
        "target date",
        "no later than",
    ];
    let without = |mut words: &[u8], last: &str| {
        if ends_with(words, last) {
            words = &words[..words.len() - last.len()];
        }
        words.len()
    };
    let words = words.as_bytes();
    let end_of = without(words, "end of ");
    [words.len(), end_of].into_iter().any(|end| {
        let the = without(&words[..end], "the ");
        [end, the].into_iter().any(|end| {
            let marks = words[..end].iter().rev();
            let marks = marks.take_while(|b| matches!(b, b' ' | b'\t' | b':' | b'('));
            let words = &words[..end - marks.count()];
            BY.iter()
                .any(|by| ends_with(words, by) && is_edge(words, words.len() - by.len()))
        })
    })
}

/// Whether the words of a goal say that it is done with.
fn is_done(words: &str) -> bool {
    const SAID: [&str; 10] = [
        "goal met",
        "met on",
        "(met",
        "- met",
        "achieved",
        "attained",
        "discontinued",
        "d/c'd",
        "revised",
        "extended",
    ];
    if has_odd_letters(words) {
        return DONE.is_match(words);
    }
    let bytes = words.as_bytes();
    (0..bytes.len()).any(|at| {
        let here = &bytes[at..];
        let met = || begins_with(here, "met") && matches!(&here[3..], [] | [b' ', b'0'..=b'9', ..]);
        let may_begin = matches!(
            here[0] | 0x20,
            b'g' | b'm' | b'(' | b'-' | b'a' | b'd' | b'r' | b'e'
        );
        may_begin
            && is_edge(bytes, at)
            && (SAID.iter().any(|done| begins_with(here, done)) || met())
    })
}

/// Whether a visit says what became of the goals.
pub fn speaks_of_goals(text: &str, visit: &Visit) -> bool {
    visit
        .prose
        .iter()
        .any(|line| tells_of_goal(&text[line.span.range()]))
}

pub(super) fn says_what_became(visit: &ChartVisit<'_>) -> bool {
    let find_out = || {
        let signs = visit.facts.signs(visit.text);
        let Some((first, last)) = signs.goals().filter(|_| signs.has(GOAL)) else {
            return false;
        };
        let mut lines = visit.visit.prose.iter().map(|line| line.span);
        lines.any(|line| {
            line.start <= last && first < line.end && tells_of_goal(&visit.text[line.range()])
        })
    };
    *visit.facts.speaks_of_goals.get_or_init(find_out)
}

/// Whether no line of prose changed that names a goal, so that two visits with as many lines say the
/// same of goals.
pub(super) fn same_words_of_goals(old: &ChartVisit<'_>, new: &ChartVisit<'_>) -> bool {
    let (before, after) = (&old.visit.prose, &new.visit.prose);
    before.len() == after.len()
        && before.iter().zip(after).all(|(one, other)| {
            let (one, other) = (old.str(one.span), new.str(other.span));
            one == other || !may_name_goal(one) && !may_name_goal(other)
        })
}

/// Whether a word for a goal may be in a line: `goal`, `stg`, `ltg`.
fn may_name_goal(line: &str) -> bool {
    let bytes = line.as_bytes();
    let is = |at: usize, letter: u8| bytes.get(at).is_some_and(|b| b | 0x20 == letter);
    let named = |(at, byte): (usize, &u8)| {
        byte | 0x20 == b'g' && (is(at + 1, b'o') || at > 0 && is(at - 1, b't'))
    };
    bytes.iter().enumerate().any(named) || has_odd_letters(line)
}

/// Whether words tell what became of a goal: a word for a goal, and in the same line after it one that
/// tells; or, of the clearest of these, before it.
fn tells_of_goal(words: &str) -> bool {
    if has_odd_letters(words) {
        return SEEN_TO.is_match(words);
    }
    words.split('\n').any(line_tells_of_goal)
}

fn line_tells_of_goal(line: &str) -> bool {
    const AFTER: [&str; 17] = [
        "met",
        "unmet",
        "achieved",
        "reached",
        "attained",
        "accomplished",
        "complete",
        "completed",
        "discontinued",
        "dropped",
        "replaced",
        "new",
        "overdue",
        "ongoing",
        "continue",
        "continues",
        "continued",
    ];
    const EITHER: [&str; 4] = ["met", "achieved", "reached", "attained"];
    const BEGUN: [&str; 3] = ["extend", "revis", "updat"];
    let (mut goal, mut told) = (false, false);
    words(line).any(|(_, word)| {
        let is = |other: &&str| word.eq_ignore_ascii_case(other);
        let begins = |start: &str| begins_with(word.as_bytes(), start);
        match word.as_bytes()[0] | 0x20 {
            b'g' | b's' | b'l' => {
                let is_goal = ["goal", "goals", "stg", "stgs", "ltg", "ltgs"]
                    .iter()
                    .any(is);
                goal |= is_goal;
                is_goal && told
            }
            b'm' | b'u' | b'a' | b'r' | b'c' | b'e' | b'd' | b'n' | b'o' => {
                let begun = BEGUN.into_iter().any(begins);
                told |= begun || EITHER.iter().any(is);
                goal && (begun || begins("modif") || AFTER.iter().any(is))
            }
            _ => false,
        }
    })
}

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    for (index, visit) in case.visits.iter().enumerate() {
        let Some(day) = visit.gist.day.filter(|_| visit.gist.has_goals) else {
            continue;
        };
        let dues = dues(visit.text, visit.visit, visit.facts).iter().flatten();
        for (_, span) in dues.filter(|(due, _)| *due < day) {
            if !says_what_became(visit) {
                found.push((index, draft(visit.at(*span))));
            }
        }
    }
    let Some(((text, preamble), facts)) = case.preamble.zip(case.preamble_facts) else {
        return;
    };
    if case.visits.first().is_some_and(|v| v.start == 0) {
        // Something was done there, so that it is a visit itself, of no known day.
        return;
    }
    for (goal, due) in preamble.goals.iter().zip(dues(text, preamble, facts)) {
        let Some((due, span)) = *due else {
            continue;
        };
        // Said once, of the first visit after the day, unless a visit has taken the goal up again.
        for (index, visit) in case.visits.iter().enumerate() {
            let restated = |g: &Goal| g.number == goal.number || goal.number.is_none();
            let goes_on = visit.gist.has_goals && visit.visit.goals.iter().any(restated);
            if goes_on || says_what_became(visit) {
                break;
            }
            if visit.gist.day.is_some_and(|day| due < day) {
                let draft = draft(span).related(visit.anchor(), "The first visit after that date");
                found.push((index, draft));
                break;
            }
        }
    }
}

fn draft(span: Span) -> Draft {
    Draft::new(
        span,
        "The date of this goal had passed by the day of the visit. Payers expect such a goal to be marked as met, or to get a new date with the reason.",
    )
    .fix("Set a new date (a blank to fill)", span, "___")
    .preferred()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::signs::Signs;
    use crate::trial;

    const WORDS: [&str; 36] = [
        "goal",
        "goals",
        "STG",
        "ltgs",
        "goal 1",
        "met",
        "met on",
        "met 3",
        "(met",
        "- met",
        "unmet",
        "achieved",
        "reached",
        "attained",
        "extended",
        "revise",
        "updating",
        "modified",
        "dropped",
        "new",
        "continues",
        "completed",
        "ongoing",
        "d/c'd",
        "discontinued",
        "by",
        "before",
        "until",
        "till",
        "due",
        "target",
        "target date",
        "no later than",
        "the",
        "end of",
        "goal met",
    ];

    #[test]
    fn what_became_of_goals_is_read_as_by_the_pattern() {
        trial::each(&WORDS, |text| {
            let told = SEEN_TO.is_match(text);
            assert_eq!(tells_of_goal(text), told, "{text:?}");
            assert!(!told || may_name_goal(text), "{text:?}");
            let signs = Signs::of(text);
            assert!(
                !told || signs.has(GOAL) && signs.goals().is_some(),
                "{text:?}"
            );
        });
    }

    #[test]
    fn the_day_and_the_end_of_a_goal_are_read_as_by_the_patterns() {
        trial::each(&WORDS, |text| {
            assert_eq!(is_done(text), DONE.is_match(text), "{text:?}");
            assert_eq!(ends_with_by(text), BY.is_match(text), "{text:?}");
            let half = text.char_indices().nth(text.chars().count() / 2);
            let half = &text[..half.map_or(0, |(at, _)| at)];
            assert_eq!(ends_with_by(half), BY.is_match(half), "{half:?}");
        });
    }
}
