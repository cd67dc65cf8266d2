//! `no-progress`: see its page in `docs/rules/`.

use std::sync::Arc;

use super::{ChartCase, ChartVisit, Check, Draft, Facts, Group, Rule};
use crate::chart::measures::{self, Key, Measures};
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "no-progress",
    group: Group::Plan,
    level: Level::Information,
    source: "WAC 296-23-250; LifeWise/Premera 8.03.502; eviCore massage guideline 2020",
    page: page!("no-progress"),
    check: Check::Chart(check),
};

const WINDOW: usize = 4;

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let visits = case.treated_by_day();
    let facts: Vec<&Facts> = visits.iter().map(|(.., v)| v.facts).collect();
    let stuck = |end: usize| {
        end + 1 >= WINDOW && {
            let row = end + 1 - WINDOW..=end;
            facts[end].is_stuck(&facts[row.clone()], || {
                let row: Vec<_> = visits[row].iter().map(|(.., v)| measures_of(v)).collect();
                is_stuck(&row)
            })
        }
    };
    let stuck: Vec<bool> = (0..visits.len()).map(stuck).collect();
    for (end, (index, _, visit)) in visits.iter().enumerate() {
        // Of a row of visits without progress the last one is told.
        let goes_on = stuck.get(end + 1) == Some(&true);
        if visit.is_open() || !stuck[end] || goes_on {
            continue;
        }
        let first = visits[end + 1 - WINDOW].2;
        found.push((
            *index,
            Draft::new(
                visit.date_span(),
                "The pain score and the measures have not improved over four visits. Payers end coverage where they see no progress; say what did change, or how the plan will.",
            )
            .related(first.date_span(), "The first of the four visits"),
        ));
    }
}

pub(super) fn measures_of<'v>(visit: &ChartVisit<'v>) -> &'v Measures {
    let read = || Arc::new(measures::of_visit(visit.text, visit.visit));
    visit.facts.measures.get_or_init(read)
}

/// Whether some measure is in every visit and none got better from one visit to a later one.
fn is_stuck(visits: &[&Measures]) -> bool {
    let Some((first, rest)) = visits.split_first() else {
        return false;
    };
    // Nothing can be better than no pain; and a figure that is not understood tells nothing.
    let comparable = first.iter().any(|(key, value)| {
        let counts = match key {
            Key::WorstPain => *value > 0,
            Key::Degrees(_) | Key::Minutes(_) => true,
            Key::LeastPain | Key::Other(_) => false,
        };
        counts && rest.iter().all(|later| later.contains_key(key))
    });
    let better = visits.iter().enumerate().any(|(at, before)| {
        visits[at + 1..].iter().any(|now| {
            before.iter().any(|(key, value)| {
                now.get(key)
                    .is_some_and(|now| measures::is_better(key, *value, *now))
            })
        })
    });
    comparable && !better
}
