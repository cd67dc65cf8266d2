use super::claimed::{Slip, draft, slips, too_few_of_the_total};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "units-underclaimed",
    group: Group::Time,
    level: Level::Information,
    source: "CMS Pub. 100-04 ch. 5 §20.2",
    page: page!("units-underclaimed"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for slip in slips(case).into_iter().filter(|s: &Slip| !s.is_too_many()) {
        found.push(draft(case, &slip));
    }
    found.extend(too_few_of_the_total(case));
}
