use super::{ChartCase, ChartDraft, Check, Group, Rule};
use crate::chart::measures::{self, Key, Measures};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "no-progress",
    group: Group::Plan,
    level: Level::Information,
    source: "WAC 296-23-250; LifeWise/Premera 8.03.502; eviCore massage guideline 2020",
    page: page!("no-progress"),
    check: Check::Chart(check),
};

/// How many visits in a row have to show no progress.
const ROW: usize = 4;

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let visits = case.treated_by_day();
    let measures = visits.iter().map(|(at, _)| &case.visits[*at].measures);
    let measures: Vec<_> = measures.collect();
    let stuck: Vec<bool> = measures.windows(ROW).map(is_stuck).collect();
    for (at, row) in visits.windows(ROW).enumerate() {
        let (first, last) = (row[0].0, row[ROW - 1].0);
        // The finding stands at the last one of all visits in a row without progress.
        let goes_on = stuck.get(at + 1) == Some(&true);
        if case.visits[last].is_open || !stuck[at] || goes_on {
            continue;
        }
        let draft = ChartDraft::new(
            last,
            case.date_of(last),
            "The pain score and the measures have not improved over four visits. Payers end coverage where they see no progress; say what did change, or how the plan will change.",
        );
        found.push(draft.related(case.date_of(first), "The first of the four visits"));
    }
}

/// Whether some measure is in each of a row of visits and none got better from one visit to a later one.
fn is_stuck(visits: &[&Measures]) -> bool {
    // Nothing can be better than no pain; and a figure that is not understood says nothing.
    let comparable = visits[0].iter().any(|(key, value)| {
        let counts = match key {
            Key::WorstPain => *value > 0,
            Key::Degrees(_) | Key::Minutes(_) => true,
            Key::LeastPain | Key::Other(_) => false,
        };
        counts && visits.iter().all(|visit| visit.contains_key(key))
    });
    let better = visits.iter().enumerate().any(|(at, before)| {
        visits[at + 1..].iter().any(|now| {
            before.iter().any(|(key, value)| {
                let now = now.get(key);
                now.is_some_and(|now| measures::is_better(key, *value, *now))
            })
        })
    });
    comparable && !better
}
