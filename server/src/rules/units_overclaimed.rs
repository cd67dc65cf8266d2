use super::claimed::{Slip, draft, slips};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "units-overclaimed",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-04 ch. 5 §20.2",
    page: page!("units-overclaimed"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for slip in slips(case).into_iter().filter(Slip::is_too_many) {
        found.push(draft(case, &slip));
    }
}
