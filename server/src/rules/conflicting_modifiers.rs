use super::modifiers::{removal, separator};
use super::needless_modifier::is_needless;
use super::therapy_modifier::{PLANS, plan_fits};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Modifier;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "conflicting-modifiers",
    group: Group::Coding,
    level: Level::Error,
    source: "CMS MLN1783722; CMS Pub. 100-04 ch. 5 §20.1 and ch. 12; NCCI policy manual",
    page: page!("conflicting-modifiers"),
    check: Check::Visit(check),
};

const CLASHES: &[(&str, &[&str], &str)] = &[
    (
        "59",
        &["XE", "XP", "XS", "XU"],
        "says the same as 59 more exactly, and a payer takes only one of them on a line",
    ),
    (
        "AT",
        &["GA", "GX", "GY", "GZ"],
        "says that coverage is not expected, while AT says that it is active treatment, and the line is rejected",
    ),
    (
        "GA",
        &["GZ"],
        "says that the patient signed no notice, while GA says that a signed one is on file, and the line is rejected",
    ),
    (
        "GA",
        &["GY"],
        "says that the service is never covered, while GA is for one that is denied in this case, and the line is rejected",
    ),
    (
        "GX",
        &["GA", "GZ"],
        "is for a service that may be covered, while GX is for one that never is, and the line is rejected",
    ),
    (
        "GP",
        &["GO", "GN"],
        "names a different plan of care than GP, and a payer rejects a line with both",
    ),
    (
        "GO",
        &["GN"],
        "names a different plan of care than GO, and a payer rejects a line with both",
    ),
];

/// An assistant's modifier, the plan of care that it goes with, and whose that is.
const ASSISTANTS: [(&str, &str, &str); 2] = [("CQ", "GP", "PT"), ("CO", "GO", "OT")];

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let of = |code: &str| modality.modifiers.iter().find(|m| m.code == code);
        let take_off = |draft: Draft, modifier: &Modifier| {
            let title = format!("Take modifier {} off", modifier.code);
            draft.fix_of(title, [removal(case, modifier)])
        };
        for (one, others, why) in CLASHES {
            let is_other = |m: &&Modifier| others.contains(&m.code.as_str());
            let other = modality.modifiers.iter().find(is_other);
            if let (Some(one), Some(other)) = (of(one), other) {
                let draft = Draft::new(other.span, format!("Modifier {} {why}.", other.code))
                    .related(one.span, format!("Modifier {} on the same line", one.code));
                // Of two plans of care one is left, which has to be that of somebody here.
                let mut draft = draft;
                if one.code == "59" && is_needless(case, modality) {
                    let both = [one, other].map(|m| removal(case, m));
                    let title = format!("Take modifiers 59 and {} off", other.code);
                    found.push(draft.fix_of(title, both));
                    continue;
                }
                for (off, left) in [(other, one), (one, other)] {
                    if !PLANS.contains(&left.code.as_str()) || plan_fits(case, &left.code) {
                        draft = take_off(draft, off);
                    }
                }
                found.push(draft);
            }
        }
        let therapy = modality.code.starts_with("97");
        for (code, why) in [
            ("25", "belongs on an office visit, not on a therapy code"),
            (
                "50",
                "does not apply: therapy codes are not billed as bilateral",
            ),
        ] {
            if let Some(modifier) = of(code).filter(|_| therapy) {
                let message = format!("Modifier {code} {why}, and a payer rejects the line.");
                found.push(take_off(Draft::new(modifier.span, message), modifier).preferred());
            }
        }
        if let Some(modifier) = of("AT").filter(|_| modality.code == "98943") {
            let message =
                "Modifier AT is for adjustments of the spine, and 98943 is outside of it.";
            found.push(take_off(Draft::new(modifier.span, message), modifier).preferred());
        }
        for (assistant, plan, who) in ASSISTANTS {
            if let Some(modifier) = of(assistant).filter(|_| of(plan).is_none()) {
                let rejects = if case.payer.medicare {
                    "Medicare rejects it alone"
                } else {
                    "a payer that asks for one asks for both"
                };
                let message = format!(
                    "Modifier {assistant} (an assistant's work) goes with {plan}, the {who} plan of care; {rejects}."
                );
                let mut draft = Draft::new(modifier.span, message);
                let other = modality
                    .modifiers
                    .iter()
                    .find(|m| PLANS.contains(&m.code.as_str()));
                if let Some(other) = other {
                    // One of the two is a slip, and either way the other one has to be that of somebody here.
                    if plan_fits(case, plan) {
                        let title = format!("Change modifier {} to {plan}", other.code);
                        draft = draft.fix(title, other.span, plan);
                    }
                    let fitting = ASSISTANTS.iter().find(|(_, of, _)| *of == other.code);
                    if let Some((fitting, _, _)) = fitting.filter(|_| plan_fits(case, &other.code))
                    {
                        let title = format!("Change modifier {assistant} to {fitting}");
                        draft = draft.fix(title, modifier.span, *fitting);
                    }
                } else if plan_fits(case, plan) {
                    let added = format!("{plan}{}", separator(case, modifier));
                    let at = Span::at(modifier.span.start);
                    draft = draft.fix(format!("Add modifier {plan}"), at, added);
                }
                let level = (!case.payer.medicare).then_some(Level::Information);
                found.push(take_off(
                    level.into_iter().fold(draft, Draft::level),
                    modifier,
                ));
            }
        }
    }
}
