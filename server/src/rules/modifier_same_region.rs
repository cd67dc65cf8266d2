use super::medicare_excluded::exclusion;
use super::pairs::{Distinct, Pair, REGION};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Modality;
use crate::policy::{Level, MassageAndManual};
use crate::reference::ncci::Indicator;

pub static RULE: Rule = Rule {
    name: "modifier-same-region",
    group: Group::Coding,
    level: Level::Warning,
    source: "CMS MLN1783722, proper use of modifiers 59 and X{EPSU}",
    page: page!("modifier-same-region"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let own_edits = case.payer.ncci == Some(false);
    for edit in case.ncci_edits() {
        let massage = edit.is("97140", "97124");
        // Where no modifier opens the pair, or none is asked for, the pair's own rule speaks.
        let opens = match case.payer.massage_and_manual() {
            Some(agreed) if massage => agreed == MassageAndManual::Modifier,
            _ => !own_edits && (massage || edit.indicator == Indicator::WithModifier),
        };
        if let Some(pair) = Pair::on(case, &edit.column1, &edit.column2).filter(|_| opens) {
            // A line that is not covered at all is in no pair.
            let mut lines = pair.first.iter().chain(&pair.second);
            let is_out =
                |m: &&Modality| m.has_modifier(&["GY", "GX"]) || exclusion(case, m).is_some();
            if !lines.any(is_out) {
                found.extend(judge(&pair));
            }
        }
    }
}

fn judge(pair: &Pair<'_>) -> Option<Draft> {
    let (first, second) = (pair.first[0], pair.second[0]);
    let modalities = || pair.second.iter().chain(&pair.first);
    let modality = modalities().find(|m| m.has_modifier(REGION))?;
    let mut modifiers = modality.modifiers.iter();
    let modifier = modifiers.find(|m| REGION.contains(&m.code.as_str()))?;
    let claim = format!(
        "Modifier {} says that {} and {} were distinct, but",
        modifier.code, first.code, second.code
    );
    let message = match pair.distinct() {
        Distinct::ByRegion | Distinct::ByTime | Distinct::NotAsked => return None,
        Distinct::No(region) => {
            let why = if pair.has_adjustment() {
                "beside an adjustment only another region counts, whatever the clock says"
            } else {
                "their times do not set them apart"
            };
            let region = region.name();
            format!(
                "{claim} both name the {region} region, and {why}. A payer may take the money back."
            )
        }
        Distinct::Unstated if pair.has_adjustment() => format!(
            "{claim} the note does not name a region for each. Without it a payer cannot see why."
        ),
        Distinct::Unstated => format!(
            "{claim} the note gives neither a region nor a time of its own for each. Without one of them a payer cannot see why."
        ),
    };
    let other = if std::ptr::eq(*modality, second) {
        first
    } else {
        second
    };
    Some(Draft::new(modifier.span, message).related(other.code_span, "The other code of the pair"))
}
