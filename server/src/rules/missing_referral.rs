use super::visits_exceeded::NEW_REFERRAL;
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule};
use crate::chart::{FieldKind, Visit};
use crate::pattern::pattern;
use crate::policy::{Level, Requirement};

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
    pub(super) NAMED,
    r"(?i)\b(?:referral|referred by|prescription|(?:per|current|new|valid|signed) (?:rx|script|order)|(?:rx|script|order)s? (?:on file|from|by|dated|renewed|received|valid)|direct access|self[- ]?referred)\b"
);

/// Whether a visit, or what stands before the first one, names a referral; `may` if [`NAMED`] is in its text.
pub(super) fn names_referral(text: &str, visit: &Visit, may: bool) -> bool {
    // A certified plan of care is an order, too. A field without a value is being typed.
    let has_field = visit.fields.iter().any(|f| {
        f.kind == FieldKind::PlanOfCare || f.kind == FieldKind::Referral && f.section.is_none()
    });
    let mut prose = visit.prose.iter();
    has_field || may && prose.any(|p| NAMED.is_match(&text[p.span.range()]))
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    if case.pieces().any(|(_, summary)| summary.names_referral) || !case.referrals().is_empty() {
        return;
    }
    let mut said: Vec<usize> = Vec::new();
    for (index, visit) in case.visits.iter().enumerate() {
        let payer = case.payer(visit);
        if payer.medicare || !visit.is_treatment || said.contains(&visit.payer) {
            continue;
        }
        said.push(visit.payer);
        let line = ChartEdit::LineForChart(NEW_REFERRAL.to_owned());
        let wants = payer.requires(Requirement::Referral);
        let who = if wants || payer.levels.contains_key(RULE.name) {
            format!("{} denies", payer.called())
        } else {
            "Some payers deny".to_owned()
        };
        let message =
            format!("This chart names no referral or prescription. {who} treatment without one.");
        let mut draft = ChartDraft::new(index, case.whole(index), message)
            .fix("Add the referral (blanks to fill)", line);
        draft.level = wants.then_some(Level::Warning);
        found.push(draft.preferred());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_an_order() {
        for text in [
            "Referral on file.",
            "referred by Dr. Okafor",
            "per Rx, weekly",
            "scripts from Dr. Okafor",
            "Direct access",
            "self-referred",
            "Orders received 11/2",
        ] {
            assert!(NAMED.is_match(text), "{text}");
        }
        for text in ["preferred side", "in order to sit", "prescribed", "rx"] {
            assert!(!NAMED.is_match(text), "{text}");
        }
    }
}
