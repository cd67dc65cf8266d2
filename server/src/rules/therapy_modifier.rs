use super::modifiers::addition;
use super::wording::list;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{Credential, Modality};
use crate::policy::Level;
use crate::reference::modifiers;
use crate::reference::procedures::Therapy;

/// The rule. Off but for Medicare's profile.
pub static RULE: Rule = Rule {
    name: "therapy-modifier",
    group: Group::Coding,
    level: Level::Off,
    source: "CMS Pub. 100-04 ch. 5 §20.1",
    page: page!("therapy-modifier"),
    check: Check::Visit(check),
};

pub const PLANS: [&str; 3] = ["GP", "GO", "GN"];

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // An assistant's modifier without its plan is named by `conflicting-modifiers`; a line that says
    // itself that it is not covered, or that is never paid by itself, is left alone.
    let lacks = |modality: &&Modality| {
        modality
            .procedure
            .is_some_and(|p| p.therapy == Therapy::Always && p.medicare_status != 'B')
            && !modality.has_modifier(&PLANS)
            && !modality.has_modifier(&["CQ", "CO", "GY", "GZ", "GX"])
            && !case.is_being_typed(modality)
            // `PG` was meant for one, and `unknown-modifier` says so.
            && modality.modifiers.iter().all(|m| modifiers::find(&m.code).is_some())
    };
    let lines: Vec<&Modality> = case.visit.modalities.iter().filter(lacks).collect();
    let Some(first) = lines.first() else { return };
    // Medicare pays a chiropractor for no therapy at all.
    let credentials = case.credentials();
    if !credentials.is_empty() && credentials.iter().all(|c| *c == Credential::Chiropractor) {
        return;
    }
    let codes = super::unique(lines.iter().map(|line| line.code.as_str()));
    let verb = if codes.len() == 1 { "has" } else { "have" };
    let mut draft = Draft::new(
        first.code_span,
        format!(
            "{} {verb} no GP (PT), GO (OT) or GN (speech) to name the plan of care. Medicare rejects a therapy line without one.",
            list(&codes)
        ),
    );
    for line in &lines[1..] {
        draft = draft.related(line.code_span, "Another line without one");
    }
    let plan = plan_of(case);
    let plans: &[&str] = plan.as_ref().map_or(&PLANS[..2], std::slice::from_ref);
    for plan in plans {
        let edits = lines.iter().map(|line| addition(case, line, plan));
        draft = draft.fix_of(format!("Add modifier {plan} to {}", list(&codes)), edits);
    }
    found.push(draft.preferred());
}

/// The plan of care, as far as the note says: by the other lines, by an evaluation, by the
/// credential of who treated.
pub fn plan_of(case: &VisitCase<'_>) -> Option<&'static str> {
    let modalities = case.visit.modalities.iter();
    let written = modalities
        .clone()
        .flat_map(|m| PLANS.into_iter().filter(|plan| m.has_modifier(&[plan])));
    let evaluated = modalities.filter_map(|m| match m.code.as_str() {
        "97161" | "97162" | "97163" | "97164" => Some("GP"),
        "97165" | "97166" | "97167" | "97168" => Some("GO"),
        _ => None,
    });
    let credentials = case.credentials().into_iter();
    let named = credentials.filter_map(Credential::discipline);
    let said = [written.collect(), evaluated.collect(), named.collect()];
    let said: Vec<&str> = said.into_iter().find(|plans: &Vec<_>| !plans.is_empty())?;
    let [plan] = super::unique(said)[..] else {
        return None;
    };
    Some(plan)
}
