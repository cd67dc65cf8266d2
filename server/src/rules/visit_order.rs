//! `visit-order`: see its page in `docs/rules/`.

use super::{ChartCase, Check, Draft, Group, Rule};
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "visit-order",
    group: Group::Chart,
    level: Level::Warning,
    source: "The order of a chart tells a reviewer the order of care",
    page: page!("visit-order"),
    check: Check::Chart(check),
};

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let mut dated = Vec::with_capacity(case.visits.len());
    let visits = case.visits.iter().enumerate();
    dated.extend(visits.filter_map(|(index, v)| Some((index, v, v.gist.day?))));
    // Some charts begin with the newest visit throughout.
    let newest_first = dated.len() > 2 && dated.windows(2).all(|pair| pair[0].2 >= pair[1].2);
    if newest_first {
        return;
    }
    for pair in dated.windows(2) {
        let [(_, before, earlier), (index, visit, day)] = pair else {
            continue;
        };
        if day < earlier {
            found.push((
                *index,
                Draft::new(
                    visit.date_span(),
                    "This visit is dated before the one above it. One of the two dates may be mistyped, and a payer denies a visit billed on the wrong day.",
                )
                .related(before.date_span(), "The visit above"),
            ));
        }
    }
}
