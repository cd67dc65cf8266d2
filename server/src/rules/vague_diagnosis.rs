use super::anchor::Anchor;
use super::diagnoses::{self, Standing};
use super::{ChartCase, ChartDraft, Check, Group, Rule, VisitCase};
use crate::chart::DiagnosisKind;
use crate::policy::Level;
use crate::reference::icd10::common::{Weakness, weakness};

pub static RULE: Rule = Rule {
    name: "vague-diagnosis",
    group: Group::Diagnosis,
    level: Level::Information,
    source: "Payers' medical-necessity policies for massage and therapy",
    page: page!("vague-diagnosis"),
    check: Check::Chart(check),
};

/// How the diagnoses of a visit, or of what stands before the first one, stand by themselves.
#[derive(Debug, PartialEq, Eq)]
pub enum Strength {
    /// There are none.
    None,
    /// One of them is not weak, or there are several.
    Strong,
    /// The only one is weak.
    Weak(WeakDiagnosis),
}

/// A diagnosis that is weak where it stands alone.
#[derive(Debug, PartialEq, Eq)]
pub struct WeakDiagnosis {
    code: String,
    why: Weakness,
    place: Anchor,
    /// It may still be being typed.
    is_being_typed: bool,
}

/// How the visit's own diagnoses stand by themselves.
pub(super) fn strength(case: &VisitCase<'_>) -> Strength {
    let mut strength = Strength::None;
    let mut codes: Vec<&str> = Vec::new();
    for diagnosis in diagnoses::own(case.visit).filter(|d| d.kind != DiagnosisKind::Words) {
        let standing = diagnoses::standing(case.release(), case.text, diagnosis);
        let billable = matches!(standing, Standing::Billable(_));
        let Some(why) = weakness(&diagnosis.code).filter(|_| billable) else {
            return Strength::Strong;
        };
        // What stands beside another diagnosis does not stand alone.
        codes.push(&diagnosis.code);
        if codes.iter().any(|code| *code != diagnosis.code) {
            return Strength::Strong;
        }
        if strength == Strength::None {
            strength = Strength::Weak(WeakDiagnosis {
                code: diagnosis.code.clone(),
                why,
                place: Anchor::of(case.visit, diagnosis.span),
                is_being_typed: diagnoses::is_being_typed(case, diagnosis.span),
            });
        }
    }
    strength
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let before = match case.preamble.map(|summary| &summary.strength) {
        Some(Strength::Strong) => return,
        Some(Strength::Weak(diagnosis)) => Some(diagnosis),
        Some(Strength::None) | None => None,
    };
    let mut said = false;
    for (index, visit) in case.visits.iter().enumerate() {
        let own = match &visit.strength {
            _ if !visit.is_treated => continue,
            Strength::Strong => continue,
            Strength::Weak(diagnosis) => Some(diagnosis),
            Strength::None => None,
        };
        let (diagnosis, place) = match (before, own) {
            (Some(_), _) if said => continue,
            (Some(before), _) => (before, ChartCase::place_before(before.place)),
            (None, Some(own)) if !own.is_being_typed => (own, case.place(index, own.place)),
            (None, _) => continue,
        };
        said = true;
        let message = format!(
            "{} stands alone. {} Add what else the referral or the chart says.",
            diagnosis.code,
            diagnosis.why.reason()
        );
        found.push(ChartDraft::new(index, place, message));
    }
}
