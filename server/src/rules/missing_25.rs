use super::modifiers::addition;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Credential;
use crate::policy::Level;
use crate::reference::ncci::Indicator;

pub static RULE: Rule = Rule {
    name: "missing-25",
    group: Group::Coding,
    level: Level::Warning,
    source: "NCCI policy manual, ch. 1 D and ch. 11; 98940 with 99213, indicator 1",
    page: page!("missing-25"),
    check: Check::Visit(check),
};

/// Says of a line that no payment is expected for it.
pub const NOT_COVERED: [&str; 2] = ["GY", "GX"];

/// Whether a code is an office visit that 25 sets apart from what else was done.
pub fn is_office_visit(code: &str) -> bool {
    ("99202"..="99215").contains(&code)
}

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let level = match case.payer.ncci {
        Some(true) => Level::Error,
        Some(false) | None => Level::Warning,
    };
    // Medicare pays a chiropractor for no office visit, with the modifier or without.
    if case.payer.medicare && case.credentials().contains(&Credential::Chiropractor) {
        return;
    }
    for visit in &case.visit.modalities {
        let is_said = visit.has_modifier(&["25"]) || visit.has_modifier(&NOT_COVERED);
        let is_said = is_said || !visit.is_billed();
        if !is_office_visit(&visit.code) || is_said || case.is_being_typed(visit) {
            continue;
        }
        let asks = |other: &str| {
            let edit = case.policy.edits.pair(&visit.code, other);
            edit.is_some_and(|edit| edit.indicator == Indicator::WithModifier)
                || ("98940"..="98943").contains(&other)
        };
        let mut others = case.day_blocks.iter().map(|b| b.modality);
        let Some(other) =
            others.find(|m| asks(&m.code) && m.is_billed() && !m.has_modifier(&NOT_COVERED))
        else {
            continue;
        };
        let code = &visit.code;
        let message = format!(
            "{code} is an office visit on the day of {}, and the line has no modifier 25. Without it a payer counts the visit into {} and pays nothing for it. Modifier 25 is right only if the note shows a separate evaluation.",
            other.code, other.code
        );
        let draft = Draft::new(visit.code_span, message).level(level);
        let title = format!("Add modifier 25 to {code}: a separate evaluation");
        found.push(draft.fix_of(title, [addition(case, visit, "25")]));
    }
}
