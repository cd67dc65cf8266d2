use super::wording::minutes;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Modality;
use crate::length::Length;
use crate::policy::Level;
use crate::reference::limits;

pub static RULE: Rule = Rule {
    name: "duplicate-code",
    group: Group::Coding,
    level: Level::Information,
    source: "CMS Pub. 100-04 ch. 5 §20.2",
    page: page!("duplicate-code"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for code in case.codes() {
        let mut lines: Vec<Vec<&Modality>> = Vec::new();
        for modality in case.modalities_of(code).filter(|m| m.procedure.is_some()) {
            // Lines that differ in their modifiers are lines of their own on the claim, too.
            let own = modifiers(modality);
            match lines.iter_mut().find(|line| modifiers(line[0]) == own) {
                Some(line) => line.push(modality),
                None => lines.push(vec![modality]),
            }
        }
        found.extend(lines.iter().filter_map(|line| judge(code, line)));
    }
}

fn modifiers(modality: &Modality) -> Vec<&str> {
    let mut codes: Vec<&str> = modality.modifiers.iter().map(|m| m.code.as_str()).collect();
    codes.sort_unstable();
    codes
}

fn judge(code: &str, line: &[&Modality]) -> Option<Draft> {
    let [first, second, ..] = line else {
        return None;
    };
    let count = line.len();
    let message = if first.is_timed() {
        let total: Option<Length> = line.iter().map(|m| m.minutes().stated()).sum();
        let together = total.map_or_else(String::new, |total| format!(" with {}", minutes(total)));
        format!(
            "{code} is on {count} lines here. The claim shows them as one line{together}; a payer denies a second one as a duplicate."
        )
    } else {
        // Some untimed codes count limbs or sections.
        limits::find(code).filter(|limit| limit.practitioner <= 1)?;
        format!(
            "{code} is on {count} lines here. It is billed once a day, however many regions and minutes; a payer denies a second line as a duplicate."
        )
    };
    let draft = Draft::new(second.code_span, message);
    Some(draft.related(first.code_span, "The first line of this code"))
}
