//! `bundled-code`: see its page in `docs/rules/`.

use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "bundled-code",
    group: Group::Coding,
    level: Level::Information,
    source: "CMS physician fee schedule, status B; NCCI policy manual",
    page: page!("bundled-code"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let modalities = &case.visit.modalities;
    let Some(bundled) = modalities
        .iter()
        .find(|m| m.procedure.is_some_and(|p| p.medicare_status == 'B'))
    else {
        return;
    };
    let paid = modalities
        .iter()
        .find(|m| m.procedure.is_some_and(|p| p.medicare_status != 'B'));
    // A payer that names the code among those it takes pays for it.
    let taken = case
        .payer
        .accepts
        .as_ref()
        .is_some_and(|codes| codes.contains(&bundled.code));
    let Some(paid) = paid.filter(|_| !taken && !case.is_being_typed(bundled)) else {
        return;
    };
    let code = &bundled.code;
    let label = bundled.procedure.map_or("", |p| p.label);
    let message = if case.payer.medicare {
        format!(
            "Medicare counts {code} ({label}) as part of the other services of the day and does not pay it on its own. It may stay in the note."
        )
    } else {
        format!(
            "Medicare and many other payers count {code} ({label}) as part of the other services of the day and pay nothing for it. It may stay in the note."
        )
    };
    found.push(
        Draft::new(bundled.code_span, message).related(paid.code_span, "The service that is paid"),
    );
}
