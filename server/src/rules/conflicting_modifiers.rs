//! `conflicting-modifiers`: see its page in `docs/rules/`.

use super::modifiers::{removal, separator};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Modality;
use crate::policy::Level;
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "conflicting-modifiers",
    group: Group::Coding,
    level: Level::Error,
    source: "CMS MLN1783722; CMS Pub. 100-04 ch. 5 §20.1 and ch. 12; NCCI policy manual",
    page: page!("conflicting-modifiers"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        clashes(case, modality, found);
    }
}

const CLASHES: &[(&[&str], &[&str], &str)] = &[
    (
        &["59"],
        &["XE", "XP", "XS", "XU"],
        "says the same as 59 more exactly, and a payer takes only one of them on a line",
    ),
    (
        &["AT"],
        &["GA", "GX", "GY", "GZ"],
        "says that coverage is not expected, while AT says that it is active treatment, and Medicare rejects the line",
    ),
    (
        &["GP"],
        &["GO", "GN"],
        "names a different plan of care than GP, and a payer rejects a line with both",
    ),
    (
        &["GO"],
        &["GN"],
        "names a different plan of care than GO, and a payer rejects a line with both",
    ),
];

fn clashes(case: &VisitCase<'_>, modality: &Modality, found: &mut Vec<Draft>) {
    let of = |codes: &[&str]| {
        modality
            .modifiers
            .iter()
            .find(|m| codes.contains(&m.code.as_str()))
    };
    for (one, other, why) in CLASHES {
        if let (Some(one), Some(other)) = (of(one), of(other)) {
            found.push(
                Draft::new(other.span, format!("Modifier {} {why}.", other.code))
                    .related(one.span, format!("Modifier {} on the same line", one.code))
                    .fix_of(
                        format!("Take modifier {} off", other.code),
                        vec![removal(case, other)],
                    )
                    .fix_of(
                        format!("Take modifier {} off", one.code),
                        vec![removal(case, one)],
                    ),
            );
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
        if let Some(modifier) = of(&[code]).filter(|_| therapy) {
            found.push(
                Draft::new(
                    modifier.span,
                    format!("Modifier {code} {why}, and a payer rejects the line."),
                )
                .fix_of(
                    format!("Take modifier {code} off"),
                    vec![removal(case, modifier)],
                )
                .preferred(),
            );
        }
    }
    for (assistant, plan, who) in [("CQ", "GP", "PT"), ("CO", "GO", "OT")] {
        if let Some(modifier) = of(&[assistant]).filter(|_| of(&[plan]).is_none()) {
            found.push(
                Draft::new(
                    modifier.span,
                    format!("Modifier {assistant} (an assistant's work) goes with {plan}, the {who} plan of care, and Medicare rejects it alone."),
                )
                .fix(
                    format!("Add modifier {plan}"),
                    Span::at(modifier.span.start),
                    format!("{plan}{}", separator(case, modifier)),
                )
                .fix_of(format!("Take modifier {assistant} off"), vec![removal(case, modifier)]),
            );
        }
    }
}
