//! What the rules about several visits ask of each visit first.
//!
//! They go over all visits of a chart whenever one of them sees a change. What most of them ask is kept
//! in a few bytes, so that the visits themselves, which lie all over the memory, need not be looked at.

use jiff::civil::Date;

use super::diagnoses;
use crate::chart::{FieldKind, Modality, Visit};

/// The gist of a visit, or of what stands before the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each answers a question of its own"
)]
pub(super) struct Gist {
    /// The day of its heading.
    pub day: Option<Date>,
    /// Something was done.
    pub is_treated: bool,
    /// Something was done that is more than an evaluation.
    pub is_treatment: bool,
    /// A therapist's evaluation was done.
    pub is_evaluated: bool,
    /// It is signed.
    pub is_signed: bool,
    /// It has a heading.
    pub has_heading: bool,
    /// It has goals.
    pub has_goals: bool,
    /// It has fields for a referral or a plan of care.
    pub has_orders: bool,
    /// It has diagnoses of its own.
    pub has_diagnoses: bool,
    /// It has waivers.
    pub has_waivers: bool,
}

impl Gist {
    pub(super) fn of(visit: &Visit) -> Self {
        let modalities = &visit.modalities;
        let orders = |kind| matches!(kind, FieldKind::Referral | FieldKind::PlanOfCare);
        let waives = |m: &Modality| m.details_of(FieldKind::Waive).next().is_some();
        Self {
            day: visit.day(),
            is_treated: visit.is_treated(),
            is_treatment: modalities
                .iter()
                .any(|m| m.procedure.is_none_or(|p| !p.evaluation)),
            is_evaluated: modalities
                .iter()
                .any(|m| m.procedure.is_some_and(|p| p.evaluation) && m.code.starts_with("97")),
            is_signed: visit.is_signed(),
            has_heading: visit.heading.is_some(),
            has_goals: !visit.goals.is_empty(),
            has_orders: visit.fields.iter().any(|field| orders(field.kind)),
            has_diagnoses: diagnoses::own(visit).next().is_some(),
            has_waivers: visit.field(FieldKind::Waive).is_some() || modalities.iter().any(waives),
        }
    }
}
