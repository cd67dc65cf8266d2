//! `vague-diagnosis`: see its page in `docs/rules/`.

use super::diagnoses::{self, Standing};
use super::facts::Strength;
use super::{ChartCase, Check, Draft, Group, Rule};
use crate::chart::{Diagnosis, DiagnosisKind, Visit};
use crate::policy::Level;
use crate::reference::icd10::Release;
use crate::reference::icd10::common::{Weakness, weakness};

/// The rule.
pub static RULE: Rule = Rule {
    name: "vague-diagnosis",
    group: Group::Diagnosis,
    level: Level::Information,
    source: "Payers' medical-necessity policies for massage and therapy",
    page: page!("vague-diagnosis"),
    check: Check::Chart(check),
};

/// The first diagnosis of a note with what is weak about it, if each is; `Err` if one is not.
fn weak<'a>(
    release: &Release,
    text: &str,
    visit: &'a Visit,
) -> Result<Option<(&'a Diagnosis, Weakness)>, ()> {
    let mut first = None;
    for diagnosis in diagnoses::own(visit).filter(|d| d.kind != DiagnosisKind::Words) {
        let billable = matches!(
            diagnoses::standing(release, text, diagnosis),
            Standing::Billable(_)
        );
        let why = weakness(&diagnosis.code).filter(|_| billable).ok_or(())?;
        first = first.or(Some((diagnosis, why)));
    }
    Ok(first)
}

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let release = case.policy.release();
    let before = match case
        .preamble
        .map(|(text, visit)| weak(release, text, visit))
    {
        Some(Err(())) => return,
        Some(Ok(before)) => before,
        None => None,
    };
    let mut told = false;
    for (index, visit) in case.visits.iter().enumerate() {
        if !visit.gist.is_treated {
            continue;
        }
        let strength = || match weak(release, visit.text, visit.visit) {
            Err(()) => Strength::Strong,
            Ok(None) => Strength::None,
            Ok(Some(_)) => Strength::Weak,
        };
        let own = match visit.facts.weakness.get(release, strength) {
            Strength::Strong => continue,
            Strength::None => None,
            Strength::Weak => weak(release, visit.text, visit.visit).unwrap_or(None),
        };
        let (diagnosis, why, start) = match (before, own) {
            (Some(_), _) if told => continue,
            (Some((diagnosis, why)), _) => (diagnosis, why, 0),
            (None, Some((diagnosis, why))) => {
                if visit.last && diagnoses::at_the_end(visit.text, visit.visit, diagnosis.span) {
                    continue;
                }
                (diagnosis, why, visit.start)
            }
            (None, None) => continue,
        };
        told = true;
        found.push((
            index,
            Draft::new(
                diagnosis.span.shifted(start),
                format!(
                    "{} is the only diagnosis. {} Add what else the referral or the chart says.",
                    diagnosis.code,
                    why.reason()
                ),
            ),
        ));
    }
}
