//! `no-progress`: see its page in `docs/rules/`.

use super::{ChartCase, Check, Draft, Group, Rule};
use crate::chart::SectionKind;
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
    let measures: Vec<Measures> = visits
        .iter()
        .map(|(.., v)| {
            let of = |kind| v.prose(|s| s == Some(kind));
            measures::read(
                &of(SectionKind::Subjective),
                &of(SectionKind::Objective),
                &of(SectionKind::Assessment),
            )
        })
        .collect();
    let stuck = |end: usize| end + 1 >= WINDOW && is_stuck(&measures[end + 1 - WINDOW..=end]);
    for (end, (index, _, visit)) in visits.iter().enumerate() {
        // Of a row of visits without progress the last one is told.
        let goes_on = end + 1 < visits.len() && stuck(end + 1);
        if visit.is_open() || !stuck(end) || goes_on {
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

/// Whether some measure is in every visit and none got better from one visit to a later one.
fn is_stuck(visits: &[Measures]) -> bool {
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
