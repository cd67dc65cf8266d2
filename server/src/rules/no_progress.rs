//! `no-progress`: see its page in `docs/rules/`.

use std::sync::Arc;

use super::facts::ROW;
use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::chart::measures::{self, Key, Measures, Pain};
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

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let visits = case.treated_by_day();
    let visit_of = |(index, _): &(usize, _)| &case.visits[*index];
    let mut ids = [0; ROW];
    let mut stuck = Vec::with_capacity(visits.len());
    stuck.extend(visits.iter().enumerate().map(|(end, last)| {
        let facts = visit_of(last).facts;
        ids.rotate_left(1);
        ids[ROW - 1] = facts.id;
        end + 1 >= ROW
            && facts.is_stuck(ids, || {
                let row = visits[end + 1 - ROW..=end].iter().map(visit_of);
                // Most patients hurt less, and then nothing else has to be read.
                let pain: Vec<_> = row.clone().map(pain_of).collect();
                !is_less(&pain) && is_stuck(&row.map(measures_of).collect::<Vec<_>>())
            })
    }));
    for (end, (index, _)) in visits.iter().enumerate() {
        let visit = &case.visits[*index];
        // Of a row of visits without progress the last one is told.
        let goes_on = stuck.get(end + 1) == Some(&true);
        if visit.is_open() || !stuck[end] || goes_on {
            continue;
        }
        let first = visit_of(&visits[end + 1 - ROW]);
        found.push((
            *index,
            Draft::new(
                visit.date_span(),
                "The pain score and the measures have not improved over four visits. Payers end coverage where they see no progress; say what did change, or how the plan will change.",
            )
            .related(first.date_span(), "The first of the four visits"),
        ));
    }
}

pub(super) fn measures_of<'v>(visit: &ChartVisit<'v>) -> &'v Measures {
    let read = || {
        Arc::new(measures::of_visit_with(
            visit.text,
            visit.visit,
            pain_of(visit),
        ))
    };
    visit.facts.measures.get_or_init(read)
}

fn pain_of(visit: &ChartVisit<'_>) -> Option<Pain> {
    let read = || measures::pain_of_visit(visit.text, visit.visit);
    *visit.facts.pain.get_or_init(read)
}

/// Whether there was less pain at a later visit than at an earlier one.
fn is_less(pain: &[Option<Pain>]) -> bool {
    pain.iter().enumerate().any(|(at, before)| {
        let later = pain[at + 1..].iter().flatten();
        before.is_some_and(|before| {
            let less = |now: &Pain| {
                let worst = measures::is_better(&Key::WorstPain, before.worst, now.worst);
                worst || measures::is_better(&Key::LeastPain, before.least, now.least)
            };
            later.into_iter().any(less)
        })
    })
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
