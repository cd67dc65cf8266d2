use jiff::civil::Date;

use super::chart_draft::ChartPlace;
use super::summary::{GoalSummary, VisitSummary};
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule};
use crate::chart::{Goal, Visit, date};
use crate::pattern::{pattern, words};
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "goal-overdue",
    group: Group::Documentation,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.1.2 and §220.3.D",
    page: page!("goal-overdue"),
    check: Check::Chart(check),
};

words!(
/// The word before a goal's date that makes it the day by which; other dates say since when.
    BY,
    r"(?i)\b(?:by|before|until|till|due|target(?: date)?|no later than)[ \t:(]*(?:the )?(?:end of )?$"
);

pattern!(
/// What says that somebody looked at the goal again.
    pub(super) SEEN_TO,
    r"(?i)\b(?:goals?|stgs?|ltgs?)\b.*\b(?:met|unmet|achieved|reached|attained|accomplished|completed?|extend\w*|revis\w*|updat\w*|modif\w*|discontinued|dropped|replaced|new|overdue|ongoing|continue[sd]?)\b|\b(?:met|achieved|reached|attained|extend\w*|revis\w*|updat\w*)\b.*\b(?:goals?|stgs?|ltgs?)\b"
);

words!(
    DONE,
    r"(?i)\b(?:goal met|met on|met \d|met$|\(met|- met|achieved|attained|discontinued|d/c'd|revised|extended)"
);

/// The day by which a goal was to be reached, and where it stands; `None` of one that its own words
/// say is done with.
pub fn due(text: &str, goal: &Goal) -> Option<(Date, Span)> {
    let words = &text[goal.span.range()];
    if DONE.is_match(words.trim_end_matches(['.', ')', ' '])) {
        return None;
    }
    date::find_in(words, goal.span.start)
        .into_iter()
        .filter(|d| BY.is_match(&text[goal.span.start..d.span.start]))
        .find_map(|d| Some((d.day?, d.span)))
}

/// Whether a visit says what became of the goals.
pub(super) fn speaks_of_goals(text: &str, visit: &Visit) -> bool {
    let mut prose = visit.prose.iter();
    prose.any(|line| SEEN_TO.is_match(&text[line.span.range()]))
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    for (index, visit) in case.visits.iter().enumerate() {
        let Some(day) = visit.day.filter(|_| !visit.speaks_of_goals) else {
            continue;
        };
        let dues = visit.goals.iter().filter_map(|goal| goal.due);
        for (_, anchor) in dues.filter(|(due, _)| *due < day) {
            found.push(draft(index, case.place(index, anchor)));
        }
    }
    // Where something was done before the first heading, that is a visit itself, of no known day.
    let before = case.preamble.filter(|_| !case.preamble_is_visit());
    for goal in before.into_iter().flat_map(|summary| &summary.goals) {
        found.extend(overdue_in_chart(case, goal));
    }
}

/// A goal of the whole chart, said once, of the first visit after its day, unless a visit has taken the
/// goal up again.
fn overdue_in_chart(case: &ChartCase<'_>, goal: &GoalSummary) -> Option<ChartDraft> {
    let (due, anchor) = goal.due?;
    let restated = |g: &GoalSummary| g.number == goal.number || goal.number.is_none();
    let goes_on = |visit: &VisitSummary| visit.speaks_of_goals || visit.goals.iter().any(restated);
    let visits = case.visits.iter().enumerate();
    let mut since = visits.take_while(|(_, visit)| !goes_on(visit));
    let (index, _) = since.find(|(_, visit)| visit.day.is_some_and(|day| due < day))?;
    let draft = draft(index, ChartCase::place_before(anchor));
    Some(draft.related(case.whole(index), "The first visit after that date"))
}

fn draft(visit: usize, place: ChartPlace) -> ChartDraft {
    ChartDraft::new(
        visit,
        place,
        "The date of this goal had passed by the day of the visit. Payers expect such a goal to be marked as met, or to get a new date with the reason.",
    )
    .fix("Set a new date (a blank to fill)", ChartEdit::Replace(place, "___".to_owned()))
    .preferred()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_goals() {
        for text in [
            "Goal 1 met.",
            "STGs unmet, extended",
            "met all goals",
            "LTG 2: continue",
            "Goals revised today",
            "updating the stg",
            "modified goal: modified",
        ] {
            assert!(SEEN_TO.is_match(text), "{text}");
        }
        for text in [
            "Improving toward goal 1",
            "met with family",
            "goalkeeper dropped",
        ] {
            assert!(!SEEN_TO.is_match(text), "{text}");
        }
    }

    #[test]
    fn words_for_a_day_by_which_and_for_the_end_of_a_goal() {
        for text in [
            "sit 60 minutes by ",
            "target date: ",
            "due the end of ",
            "No later than the ",
        ] {
            assert!(BY.is_match(text), "{text}");
        }
        for text in ["since ", "standby ", "by now, "] {
            assert!(!BY.is_match(text), "{text}");
        }
        for text in [
            "goal met",
            "Met on 11/2",
            "sit 60 minutes (met",
            "walk - met",
            "d/c'd",
            "stairs met",
        ] {
            assert!(DONE.is_match(text), "{text}");
        }
        for text in ["met needs", "unmet", "sit 60 minutes"] {
            assert!(!DONE.is_match(text), "{text}");
        }
    }
}
