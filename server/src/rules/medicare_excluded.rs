use super::cmt_regions::SPINAL;
use super::diagnoses;
use super::missing_25::NOT_COVERED;
use super::modifiers::addition;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{Credential, Modality};
use crate::policy::Level;
use crate::reference::icd10::common::region_of;
use crate::reference::regions::{Region, RegionSet};
use crate::reference::wording::Profession;

/// The rule. It speaks only of Medicare.
pub static RULE: Rule = Rule {
    name: "medicare-excluded",
    group: Group::Coding,
    level: Level::Error,
    source: "42 CFR 410.21(b); CMS Pub. 100-02 ch. 15 §230 and §240; NCD 30.3.3",
    page: page!("medicare-excluded"),
    check: Check::Visit(check),
};

/// An adjustment outside the spine.
const EXTREMITY: &str = "98943";

/// Dry needling and acupuncture.
const NEEDLES: [&str; 6] = ["20560", "20561", "97810", "97811", "97813", "97814"];

/// Why Medicare does not pay for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// An adjustment outside the spine, whoever gives it.
    Extremity,
    /// Anything of a chiropractor's but an adjustment of the spine.
    Chiropractor,
    MassageTherapist,
    /// Needles for something else than chronic pain of the low back.
    Needles,
    /// Needles in hands that Medicare does not pay for them.
    NeedlesByTherapist,
}

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        if case.is_being_typed(modality) || is_said(modality) || !modality.is_billed() {
            continue;
        }
        let code = &modality.code;
        if let Some(exclusion) = exclusion(case, modality) {
            let draft = Draft::new(modality.code_span, message(exclusion, code));
            // With a modifier that expects payment, or a denial of another kind, GY would clash.
            let clashes = modality.has_modifier(&["AT", "GA", "GZ", "KX"]);
            found.push(if clashes {
                draft
            } else {
                let title = format!("Add modifier GY to {code}: Medicare does not cover it");
                draft.fix_of(title, [addition(case, modality, "GY")])
            });
        } else if case.payer.medicare && NEEDLES.contains(&code.as_str()) {
            let message = format!(
                "Medicare pays {code} only for chronic low back pain: 12 visits in 90 days, and 8 more where the patient improves, 20 in a year at most."
            );
            found.push(Draft::new(modality.code_span, message).level(Level::Information));
        }
    }
}

/// Whether the line itself says that Medicare does not cover it.
pub fn is_said(modality: &Modality) -> bool {
    modality.has_modifier(&NOT_COVERED)
}

/// Why this note's payer does not pay for the line, if it is Medicare and that is so.
pub fn exclusion(case: &VisitCase<'_>, modality: &Modality) -> Option<Exclusion> {
    if !case.payer.medicare || modality.procedure.is_none() {
        return None;
    }
    let code = modality.code.as_str();
    let credentials = case.credentials();
    let are = |kinds: &[Credential]| {
        !credentials.is_empty() && credentials.iter().all(|c| kinds.contains(c))
    };
    let is_chiropractor = are(&[Credential::Chiropractor])
        || credentials.is_empty() && case.payer.profession == Profession::Chiropractic;
    let is_spinal = SPINAL.iter().any(|(spinal, ..)| *spinal == code);
    if code == EXTREMITY {
        Some(Exclusion::Extremity)
    } else if is_chiropractor {
        (!is_spinal).then_some(Exclusion::Chiropractor)
    } else if are(&[Credential::Massage]) {
        Some(Exclusion::MassageTherapist)
    } else if !NEEDLES.contains(&code) {
        None
    } else if is_for_another_region(case, modality) {
        Some(Exclusion::Needles)
    } else {
        let therapists = [
            Credential::PhysicalTherapist,
            Credential::PhysicalTherapistAssistant,
            Credential::OccupationalTherapist,
            Credential::OccupationalTherapistAssistant,
        ];
        are(&therapists).then_some(Exclusion::NeedlesByTherapist)
    }
}

/// Whether the note has diagnoses with codes for the line, and none of them is one of the low back.
fn is_for_another_region(case: &VisitCase<'_>, modality: &Modality) -> bool {
    let shared = diagnoses::all(case).map(|(_, diagnosis, _)| diagnosis);
    let of_line: Vec<_> = modality.diagnoses.iter().collect();
    let meant = if of_line.is_empty() {
        shared.collect()
    } else {
        of_line
    };
    let mut coded = meant.iter().filter(|d| !d.code.is_empty()).peekable();
    let low_back: RegionSet = [Region::Lumbar, Region::Sacral].into_iter().collect();
    let is_of_low_back =
        |code: &str| region_of(code).is_some_and(|regions| regions.intersects(low_back));
    coded.peek().is_some() && !coded.any(|d| is_of_low_back(&d.code))
}

fn message(exclusion: Exclusion, code: &str) -> String {
    let say = "GY on the line says so, and asks for the denial that another insurer or the patient may need.";
    match exclusion {
        Exclusion::Extremity => {
            format!("Medicare does not cover {code}, an adjustment outside the spine. {say}")
        }
        Exclusion::Chiropractor => format!(
            "Medicare pays a chiropractor for 98940, 98941 and 98942 alone and never for {code}. {say}"
        ),
        Exclusion::MassageTherapist => format!(
            "Medicare pays no massage therapist, whatever the code: not for {code} under this credential. {say}"
        ),
        Exclusion::Needles => format!(
            "Medicare covers needling ({code}) for chronic low back pain alone, and no diagnosis here is one of the low back. {say}"
        ),
        Exclusion::NeedlesByTherapist => format!(
            "Medicare pays {code} to a physician, or under a physician's supervision, and not to a physical or occupational therapist. {say}"
        ),
    }
}
