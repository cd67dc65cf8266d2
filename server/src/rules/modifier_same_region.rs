//! `modifier-same-region`: see its page in `docs/rules/`.

use super::pairs::{Distinct, Pair, REGION};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::{Level, MassageAndManual};
use crate::reference::ncci::Indicator;

/// The rule.
pub static RULE: Rule = Rule {
    name: "modifier-same-region",
    group: Group::Coding,
    level: Level::Warning,
    source: "CMS MLN1783722, proper use of modifiers 59 and X{EPSU}",
    page: page!("modifier-same-region"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for edit in case.ncci_edits() {
        let massage = (edit.column1, edit.column2) == ("97140", "97124");
        // Where no modifier opens the pair, or none is asked for, the pair's own rule speaks.
        let opens = if massage {
            matches!(
                case.payer.massage_and_manual(),
                None | Some(MassageAndManual::Modifier)
            ) && (case.payer.ncci != Some(false) || case.payer.massage_and_manual.is_some())
        } else {
            edit.indicator == Indicator::WithModifier && case.payer.ncci != Some(false)
        };
        if let Some(pair) = Pair::on(case, edit.column1, edit.column2).filter(|_| opens) {
            found.extend(judge(&pair));
        }
    }
}

fn judge(pair: &Pair<'_>) -> Option<Draft> {
    let modifiers = |modality: &&&crate::chart::Modality| modality.has_modifier(REGION);
    let modality = pair
        .second
        .iter()
        .find(modifiers)
        .or_else(|| pair.first.iter().find(modifiers))?;
    let modifier = modality
        .modifiers
        .iter()
        .find(|m| REGION.contains(&m.code.as_str()))?;
    let (one, two) = (&pair.first[0].code, &pair.second[0].code);
    let message = match pair.distinct() {
        Distinct::ByRegion | Distinct::ByTime => return None,
        Distinct::No(region) => format!(
            "Modifier {} says that {one} and {two} were distinct, but both name the {} region and their times do not set them apart. A payer may take the money back.",
            modifier.code,
            region.name()
        ),
        Distinct::Unstated => format!(
            "Modifier {} says that {one} and {two} were distinct, but the note does not name a region for each. Without it a payer cannot see why.",
            modifier.code
        ),
    };
    let other = if std::ptr::eq(*modality, pair.second[0]) {
        pair.first[0]
    } else {
        pair.second[0]
    };
    Some(Draft::new(modifier.span, message).related(other.code_span, "The other code of the pair"))
}
