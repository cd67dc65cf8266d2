use super::day::evaluated_under;
use super::medicare_excluded::exclusion;
use super::modifiers::addition;
use super::wording::list;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{Credential, Modality, credential};
use crate::policy::Level;
use crate::reference::modifiers;
use crate::reference::procedures::Therapy;

/// The rule. Off but for payers whose profiles say that they want the plan named.
pub static RULE: Rule = Rule {
    name: "therapy-modifier",
    group: Group::Coding,
    level: Level::Off,
    source: "CMS Pub. 100-04 ch. 5 §20.1 and its therapy code list; UnitedHealthcare since 2020",
    page: page!("therapy-modifier"),
    check: Check::Visit(check),
};

/// The modifiers that name a plan of care.
pub const PLANS: [&str; 3] = ["GP", "GO", "GN"];

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    found.extend(missing(case));
    let credentials = case.credentials();
    let signed: Vec<Option<&str>> = credentials.iter().map(|c| c.discipline()).collect();
    for modality in &case.visit.modalities {
        found.extend(mistaken(case, modality, &signed));
    }
}

/// The lines that name no plan: those of which it is known that they need one, and those of which it is not.
fn missing(case: &VisitCase<'_>) -> impl Iterator<Item = Draft> {
    let credentials = case.credentials();
    let is_therapist = credentials.iter().any(|c| c.discipline().is_some());
    let is_therapy = |modality: &Modality| {
        modality.procedure.is_some_and(|p| match p.therapy {
            Therapy::Always => p.medicare_status != 'B',
            Therapy::Sometimes | Therapy::Perhaps => {
                !matches!(p.medicare_status, 'B' | 'N') && is_therapist
            }
            Therapy::No => false,
        })
    };
    // An assistant's modifier without its plan is named by `conflicting-modifiers`; a line that says
    // itself that it is not covered, or that is never paid, is left alone.
    let lacks = |modality: &&Modality| {
        is_therapy(modality)
            && modality.is_billed()
            && !modality.has_modifier(&PLANS)
            && !modality.has_modifier(&["CQ", "CO", "GY", "GZ", "GX"])
            && !case.is_being_typed(modality)
            && exclusion(case, modality).is_none()
            // `PG` was meant for one, and `unknown-modifier` says so.
            && modality.modifiers.iter().all(|m| modifiers::find(&m.code).is_some())
            // Medicare pays a chiropractor for no therapy at all.
            && !(case.payer.medicare && is_all(credentials, Credential::Chiropractor))
    };
    let lines = case.visit.modalities.iter().filter(lacks);
    let is_unsure = |m: &&Modality| m.procedure.is_some_and(|p| p.therapy == Therapy::Perhaps);
    let (unsure, sure): (Vec<_>, Vec<_>) = lines.partition(is_unsure);
    let sure = unnamed(case, &sure, |codes, has, _| {
        let rejects = rejects(case);
        format!(
            "{codes} {has} no GP (PT), GO (OT) or GN (speech) to name the plan of care. {rejects} a therapy line without one."
        )
    });
    let unsure = unnamed(case, &unsure, |codes, has, is| {
        let asks = case.payer.called();
        format!(
            "{codes} {has} no GP (PT), GO (OT) or GN (speech) to name the plan of care. {asks} asks for one where a therapist gives a code of CMS' therapy list. Look up whether {codes} {is} on it: Soapstone does not know for certain."
        )
    });
    let is_asked = case.payer.plan_modifier.is_some();
    let unsure = unsure.filter(|_| is_asked);
    let unsure = unsure.map(|draft| draft.level(Level::Information));
    sure.into_iter().chain(unsure)
}

/// A finding about lines that name no plan, with what it says of their codes.
fn unnamed(
    case: &VisitCase<'_>,
    lines: &[&Modality],
    message: impl Fn(&str, &str, &str) -> String,
) -> Option<Draft> {
    let first = lines.first()?;
    let codes = super::unique(lines.iter().map(|line| line.code.as_str()));
    let (has, is) = match codes.len() {
        1 => ("has", "is"),
        _ => ("have", "are"),
    };
    let codes = list(&codes);
    let mut draft = Draft::new(first.code_span, message(&codes, has, is));
    draft.level = case.payer.plan_modifier;
    for line in &lines[1..] {
        draft = draft.related(line.code_span, "Another line without one");
    }
    let plan = plan_of(case);
    let plans: &[&str] = plan.as_ref().map_or(&PLANS[..2], std::slice::from_ref);
    for plan in plans {
        let edits = lines.iter().map(|line| addition(case, line, plan));
        draft = draft.fix_of(format!("Add modifier {plan} to {codes}"), edits);
    }
    Some(draft.preferred())
}

/// A plan that is not that of the evaluation on the line, or of nobody who signed; `signed` has the plans
/// of those who did.
fn mistaken(case: &VisitCase<'_>, modality: &Modality, signed: &[Option<&str>]) -> Option<Draft> {
    let code = &modality.code;
    // Two plans on a line clash with one another.
    let mut written = modality
        .modifiers
        .iter()
        .filter(|m| PLANS.contains(&m.code.as_str()));
    let (Some(named), None) = (written.next(), written.next()) else {
        return None;
    };
    let plan = named.code.as_str();
    let evaluated = evaluated_under(code);
    let (message, level, right) = match evaluated {
        Some(own) if own != plan => {
            let message = format!(
                "{code} is an {} evaluation, and {plan} names the {} plan of care. {} the line.",
                who(own),
                who(plan),
                rejects(case)
            );
            let level = case.payer.plan_modifier.unwrap_or(Level::Warning);
            (message.replace("an PT", "a PT"), level, Some(own))
        }
        _ if fits(signed, plan) || is_named(case, plan) => return None,
        _ => {
            let message = format!(
                "{plan} names the {} plan of care, and nobody who signed or treated is {}. A payer compares the two.",
                who(plan),
                match plan {
                    "GP" => "a physical therapist or an assistant of one",
                    "GO" => "an occupational therapist or an assistant of one",
                    _ => "a speech-language pathologist",
                }
            );
            let right = super::unique(signed.iter().copied().flatten());
            let right = match right[..] {
                [one] if evaluated.is_none() => Some(one),
                _ => None,
            };
            (message, Level::Warning, right)
        }
    };
    let draft = Draft::new(named.span, message).level(level);
    // An assistant's modifier goes with one plan only, and whoever signed must have the new one.
    let is_free = !modality.has_modifier(&["CQ", "CO"]);
    Some(match right.filter(|right| is_free && fits(signed, right)) {
        Some(right) => {
            let title = format!("Change modifier {plan} to {right}");
            draft.fix(title, named.span, right).preferred()
        }
        None => draft,
    })
}

/// Who rejects a line without its right plan, as sure as that is.
fn rejects(case: &VisitCase<'_>) -> String {
    match case.payer.plan_modifier {
        Some(Level::Error) => format!("{} rejects", case.payer.called()),
        Some(_) => format!("{} asks for it and may reject", case.payer.called()),
        None => "A payer that asks for it may reject".to_owned(),
    }
}

/// Whether a plan of care is that of somebody who signed or treated, as far as the note says who did.
pub(super) fn plan_fits(case: &VisitCase<'_>, plan: &str) -> bool {
    let signed: Vec<_> = case.credentials().iter().map(|c| c.discipline()).collect();
    fits(&signed, plan) || is_named(case, plan)
}

/// Whether the visit speaks of a clinician of the plan's discipline, wherever: who treated beside the one who
/// signed.
fn is_named(case: &VisitCase<'_>, plan: &str) -> bool {
    credential::speaks_of(case.text, plan)
}

/// Whether a plan is one of these, or may be: a doctor or a chiropractor may bill under any.
fn fits(signed: &[Option<&str>], plan: &str) -> bool {
    signed.is_empty() || signed.iter().any(|own| own.is_none_or(|own| own == plan))
}

/// Whether these are credentials of one kind only.
fn is_all(credentials: &[Credential], kind: Credential) -> bool {
    !credentials.is_empty() && credentials.iter().all(|c| *c == kind)
}

fn who(plan: &str) -> &'static str {
    match plan {
        "GP" => "PT",
        "GO" => "OT",
        _ => "speech",
    }
}

/// The plan of care, as far as the note says: by the other lines, by an evaluation, by the
/// credential of who treated.
pub fn plan_of(case: &VisitCase<'_>) -> Option<&'static str> {
    let modalities = case.visit.modalities.iter();
    let written = modalities
        .clone()
        .flat_map(|m| PLANS.into_iter().filter(|plan| m.has_modifier(&[plan])));
    let evaluated = modalities.filter_map(|m| evaluated_under(&m.code));
    let credentials = case.credentials().iter();
    let named = credentials.filter_map(|c| c.discipline());
    let said = [written.collect(), evaluated.collect(), named.collect()];
    let said: Vec<&str> = said.into_iter().find(|plans: &Vec<_>| !plans.is_empty())?;
    let [plan] = super::unique(said)[..] else {
        return None;
    };
    Some(plan)
}
