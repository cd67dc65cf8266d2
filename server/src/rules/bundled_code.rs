use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::procedures::Procedure;

pub static RULE: Rule = Rule {
    name: "bundled-code",
    group: Group::Coding,
    level: Level::Information,
    source: "CMS physician fee schedule, status B; NCCI policy manual",
    page: page!("bundled-code"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let first = |bundled: bool| {
        let is_it = |p: &Procedure| (p.medicare_status == 'B') == bundled;
        let mut modalities = case.visit.modalities.iter();
        modalities.find(|m| m.procedure.is_some_and(is_it))
    };
    let (Some(bundled), Some(paid)) = (first(true), first(false)) else {
        return;
    };
    let code = &bundled.code;
    // A payer that names the code among those it takes pays for it.
    let taken = case
        .payer
        .accepts
        .as_ref()
        .is_some_and(|codes| codes.contains(code));
    if taken || case.is_being_typed(bundled) {
        return;
    }
    let label = bundled.procedure.map_or("", |p| p.label);
    let (count, do_not_pay) = if case.payer.medicare {
        ("Medicare counts", "does not pay it on its own")
    } else {
        ("Many payers count", "pay nothing for it")
    };
    let message = format!(
        "{count} {code} ({label}) as part of the other services of the day and {do_not_pay}. It may stay in the note."
    );
    found.push(
        Draft::new(bundled.code_span, message).related(paid.code_span, "The service that is paid"),
    );
}
