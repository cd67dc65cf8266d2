use super::{ChartCase, ChartDraft, Check, Group, Rule};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "visit-order",
    group: Group::Chart,
    level: Level::Warning,
    source: "The order of a chart tells a reviewer the order of care",
    page: page!("visit-order"),
    check: Check::Chart(check),
};

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let visits = case.visits.iter().enumerate();
    let dated: Vec<_> = visits
        .filter_map(|(index, v)| Some((index, v.day?)))
        .collect();
    // Some charts begin with the newest visit throughout.
    let newest_first = dated.len() > 2 && dated.windows(2).all(|pair| pair[0].1 >= pair[1].1);
    if newest_first {
        return;
    }
    for pair in dated.windows(2) {
        let [(before, earlier), (index, day)] = pair else {
            continue;
        };
        if day < earlier {
            let draft = ChartDraft::new(
                *index,
                case.date_of(*index),
                "This visit is dated before the one above it. One of the two dates may be mistyped, and a payer denies a visit billed on the wrong day.",
            );
            found.push(draft.related(case.date_of(*before), "The visit above"));
        }
    }
}
