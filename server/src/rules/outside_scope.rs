use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Credential;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "outside-scope",
    group: Group::Coding,
    level: Level::Hint,
    source: "State practice acts and payers' lists of who may bill a code",
    page: page!("outside-scope"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let Some(procedure) = modality.procedure else {
            continue;
        };
        let what = match procedure.code {
            "20560" | "20561" => "dry needling",
            "97750" => "performance tests",
            _ if procedure.evaluation => "evaluations",
            _ if procedure.adjustment => "adjustments",
            _ => continue,
        };
        // Whoever holds another licence beside may well bill these.
        if case.credentials() != [Credential::Massage] {
            return;
        }
        let message = format!(
            "The credential here is a massage therapist's, and {} is one of the codes for {what}, which lie outside that license in most states. A payer denies what the license does not cover.",
            procedure.code
        );
        found.push(Draft::new(modality.code_span, message));
    }
}
