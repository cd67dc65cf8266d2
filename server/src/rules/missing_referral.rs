//! `missing-referral`: see its page in `docs/rules/`.

use super::signs::REFERRAL;
use super::{ChartCase, Check, Draft, Facts, Group, Rule};
use crate::chart::{FieldKind, Visit};
use crate::pattern::pattern;
use crate::policy::{Level, Requirement};

/// The rule.
pub static RULE: Rule = Rule {
    name: "missing-referral",
    group: Group::Plan,
    level: Level::Information,
    source: "Payers on prescriptions (LifeWise/Premera 8.03.502, WAC 296-23-250); some no longer ask for one",
    page: page!("missing-referral"),
    check: Check::Chart(check),
};

pattern!(
/// Words that say that there is an order somewhere.
    NAMED,
    r"(?i)\b(?:referral|referred by|prescription|(?:per|current|new|valid|signed) (?:rx|script|order)|(?:rx|script|order)s? (?:on file|from|by|dated|renewed|received|valid)|direct access|self[- ]?referred)\b"
);

/// Whether a visit, or what stands before the first one, names a referral.
pub(super) fn names_referral(text: &str, visit: &Visit, facts: &Facts) -> bool {
    let known = &facts.names_referral;
    *known.get_or_init(|| find_referral(text, visit, facts))
}

fn find_referral(text: &str, visit: &Visit, facts: &Facts) -> bool {
    // A certified plan of care is an order, too. A field without a value is being typed.
    let has_field = visit.fields.iter().any(|f| {
        f.kind == FieldKind::PlanOfCare || f.kind == FieldKind::Referral && f.section.is_none()
    });
    let in_words = || {
        let mut prose = visit.prose.iter();
        prose.any(|p| NAMED.is_match(&text[p.span.range()]))
    };
    has_field || facts.signs(text).has(REFERRAL) && in_words()
}

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let before = case.preamble.zip(case.preamble_facts);
    let parts = before
        .map(|((text, visit), facts)| (text, visit, facts))
        .into_iter()
        .chain(case.visits.iter().map(|v| (v.text, v.visit, v.facts)));
    for (text, visit, facts) in parts {
        if names_referral(text, visit, facts) {
            return;
        }
    }
    if !case.referrals().is_empty() {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for (index, visit) in case.visits.iter().enumerate() {
        if visit.payer.medicare
            || !visit.is_treatment()
            || told.contains(&visit.payer.name.as_str())
        {
            continue;
        }
        told.push(&visit.payer.name);
        let draft = Draft::new(
                visit.anchor(),
                "This chart names no referral or prescription. Auto and workers' compensation insurers, and some health plans, deny treatment without one.",
            )
            .fix_of(
                "Add the referral (blanks to fill)",
                vec![case.line_for_chart("referral: ___ to ___, ___ visits, ___")],
            )
            .preferred();
        let required = visit.payer.requires(Requirement::Referral);
        found.push((
            index,
            if required {
                draft.level(Level::Warning)
            } else {
                draft
            },
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::signs::Signs;
    use crate::trial;

    #[test]
    fn an_order_has_its_sign() {
        let words = [
            "referral",
            "referred",
            "by",
            "prescription",
            "per",
            "current",
            "new",
            "rx",
            "script",
            "orders",
            "on file",
            "from",
            "dated",
            "direct",
            "access",
            "self",
            "selfreferred",
            "valid",
        ];
        trial::each(&words, |text| {
            assert!(
                !NAMED.is_match(text) || Signs::of(text).has(REFERRAL),
                "{text:?}"
            );
        });
    }
}
