use super::goals::templates;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "missing-goal",
    group: Group::Documentation,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.1.2; Palmetto GBA, writing therapy goals",
    page: page!("missing-goal"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    if !case.visit.is_treated() || case.goals().next().is_some() {
        return;
    }
    let mut draft = Draft::new(
        case.anchor(),
        "This visit has treatment but no functional goal. Payers pay for progress toward something the patient will be able to do, and deny care without it.",
    );
    for (activity, goal) in templates(case) {
        let title = format!("Add a goal about {activity} (blanks to fill)");
        draft = draft.fix_of(title, [case.line_at_top(&format!("goal 1: {goal}"))]);
    }
    found.push(draft);
}
