//! `goal-overdue`: see its page in `docs/rules/`.

use jiff::civil::Date;

use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::chart::{Goal, Visit, date};
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
    if DONE.is_match(words.trim_end_matches(['.', ')', ' '])) {
        return None;
    }
    date::find_in(words, goal.span.start)
        .into_iter()
        .filter(|d| BY.is_match(&text[goal.span.start..d.span.start]))
        .find_map(|d| Some((d.day?, d.span)))
}

/// Whether a visit says what became of the goals.
pub fn speaks_of_goals(text: &str, visit: &Visit) -> bool {
    visit
        .prose
        .iter()
        .any(|line| SEEN_TO.is_match(&text[line.span.range()]))
}

pub(super) fn says_what_became(visit: &ChartVisit<'_>) -> bool {
    *visit
        .facts
        .speaks_of_goals
        .get_or_init(|| speaks_of_goals(visit.text, visit.visit))
}

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    for (index, visit) in case.visits.iter().enumerate() {
        let Some(day) = visit.visit.day() else {
            continue;
        };
        for goal in &visit.visit.goals {
            if let Some((_, span)) = due(visit.text, goal).filter(|(due, _)| *due < day)
                && !says_what_became(visit)
            {
                found.push((index, draft(visit.at(span))));
            }
        }
    }
    let Some((text, preamble)) = case.preamble else {
        return;
    };
    if case.visits.first().is_some_and(|v| v.start == 0) {
        // Something was done there, so that it is a visit itself, of no known day.
        return;
    }
    for goal in &preamble.goals {
        let Some((due, span)) = due(text, goal) else {
            continue;
        };
        // Said once, of the first visit after the day, unless a visit has taken the goal up again.
        for (index, visit) in case.visits.iter().enumerate() {
            let restated = |g: &Goal| g.number == goal.number || goal.number.is_none();
            if visit.visit.goals.iter().any(restated) || says_what_became(visit) {
                break;
            }
            if visit.visit.day().is_some_and(|day| due < day) {
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
        "The date of this goal had passed by the day of the visit. Payers expect such a goal to be called met, or to get a new date and the reason for it.",
    )
    .fix("Set a new date (a blank to fill)", span, "___")
    .preferred()
}
