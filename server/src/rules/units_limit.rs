use super::wording::units;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::limits;

pub static RULE: Rule = Rule {
    name: "units-limit",
    group: Group::Time,
    level: Level::Warning,
    source: "CMS Medically Unlikely Edits, practitioner file",
    page: page!("units-limit"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let claimed = case.claimed();
    for code in case.claim.allocations.codes() {
        let Some(limit) = limits::find(&code.code) else {
            continue;
        };
        let most = u32::from(limit.practitioner);
        let earned = case.claim.units_of(&code.code);
        let billed = claimed
            .get(&code.code)
            .copied()
            .unwrap_or(earned)
            .min(earned);
        // A limit of 0 means that the code is never paid, which is not about its minutes.
        if most == 0 || billed <= most {
            continue;
        }
        let Some(modality) = case.modalities_of(&code.code).last() else {
            continue;
        };
        found.push(Draft::new(
            modality.code_span,
            format!(
                "{} comes to {}, more than the {most} that Medicare expects on one day (as of {}). The units above it are denied unless the record shows why they were needed.",
                code.code,
                units(billed),
                limits::AS_OF
            ),
        ));
    }
}
