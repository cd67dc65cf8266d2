use super::modifiers::removal;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::modifiers::AT_A_DISTANCE;
use crate::reference::procedures::Procedure;

pub static RULE: Rule = Rule {
    name: "telehealth-hands-on",
    group: Group::Coding,
    level: Level::Information,
    source: "CMS, list of telehealth services 2026",
    page: page!("telehealth-hands-on"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let mut modifiers = modality.modifiers.iter();
        let Some(modifier) = modifiers.find(|m| AT_A_DISTANCE.contains(&m.code.as_str())) else {
            continue;
        };
        if !modality.procedure.is_some_and(needs_touch) {
            continue;
        }
        let (code, name) = (&modality.code, &modifier.code);
        let draft = Draft::new(
            modifier.span,
            format!(
                "{code} is done with the hands or with a device on the patient, and modifier {name} says that it was given at a distance. A payer will ask how."
            ),
        );
        let title = format!("Take modifier {name} off");
        found.push(draft.fix_of(title, [removal(case, modifier)]));
    }
}

/// Hands, needles, tape and applied devices need the patient in the room.
fn needs_touch(procedure: &Procedure) -> bool {
    let is_in = |from: &str, to: &str| (from..=to).contains(&procedure.code);
    procedure.hands_on
        || procedure.adjustment
        || is_in("97010", "97039")
        || is_in("97810", "97814")
        || is_in("20560", "20561")
        || is_in("29200", "29590")
}
