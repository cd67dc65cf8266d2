use jiff::ToSpan;

use super::{ChartCase, ChartDraft, Check, Group, Rule};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "outdated-tables",
    group: Group::Chart,
    level: Level::Hint,
    source: "CMS, NCCI edits and medically unlikely edits, each for a quarter",
    page: page!("outdated-tables"),
    check: Check::Chart(check),
};

/// So many days a table serves beyond its last one.
const GRACE: i64 = 183;

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let tables = [
        ("NCCI edits", case.policy.edits.quarter),
        ("unit limits", case.policy.limits.quarter),
    ];
    let visits = case.visits.iter().enumerate();
    let newer = visits.filter_map(|(index, visit)| {
        let day = visit.day?;
        let old = tables.iter().filter(|(_, quarter)| {
            let until = quarter.last.checked_add(GRACE.days());
            until.is_ok_and(|until| day > until)
        });
        let old: Vec<String> = old
            .map(|(name, quarter)| format!("the {name} of {}", quarter.words()))
            .collect();
        (!old.is_empty()).then_some((index, visit, old))
    });
    // Once a chart.
    let mut newer = newer;
    let Some((index, visit, old)) = newer.next() else {
        return;
    };
    let message = format!(
        "This visit is judged by {}, which are more than half a year older. Rules may have changed since; a newer version of Soapstone or newer files in soapstone.toml have them.",
        super::wording::list(&old)
    );
    found.push(ChartDraft::new(
        index,
        case.place(index, visit.date),
        message,
    ));
}
