use super::cmt_regions::{SPINAL, certain};
use super::diagnoses;
use super::medicare_excluded::is_said;
use super::wording::list;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{Diagnosis, Modality};
use crate::policy::Level;
use crate::reference::regions::{Region, RegionSet};

/// The rule. It speaks only of Medicare.
pub static RULE: Rule = Rule {
    name: "missing-subluxation",
    group: Group::Diagnosis,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §240.1.2 and §240.1.3",
    page: page!("missing-subluxation"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    if !case.payer.medicare {
        return;
    }
    for modality in &case.visit.modalities {
        let is_spinal = SPINAL.iter().any(|(code, ..)| *code == modality.code);
        // A line that is not to be paid needs no reason to be.
        let is_unpaid = is_said(modality) || modality.has_modifier(&["GA", "GZ"]);
        if is_spinal && !is_unpaid && !case.is_being_typed(modality) {
            found.extend(judge(case, modality));
        }
    }
}

fn judge(case: &VisitCase<'_>, modality: &Modality) -> Option<Draft> {
    let own: Vec<&Diagnosis> = modality.diagnoses.iter().collect();
    let meant = if own.is_empty() {
        diagnoses::all(case)
            .map(|(_, diagnosis, _)| diagnosis)
            .collect()
    } else {
        own
    };
    let codes: Vec<&str> = meant
        .iter()
        .map(|d| d.code.as_str())
        .filter(|code| !code.is_empty())
        .collect();
    // Without any code `missing-diagnosis` speaks.
    if codes.is_empty() {
        return None;
    }
    let code = &modality.code;
    let mut levels = RegionSet::default();
    for regions in codes.iter().filter_map(|code| level_of(code)) {
        levels = levels.union(regions.iter().copied().collect());
    }
    let adjusted = certain(modality);
    if levels.intersects(adjusted) || adjusted.is_empty() && !levels.is_empty() {
        return None;
    }
    let message = if levels.is_empty() {
        format!(
            "No diagnosis here is a segmental dysfunction (M99.01 to M99.05) or a subluxation (M99.11 to M99.15). Medicare pays {code} only for one, at the level that was adjusted, and denies it with a diagnosis of pain alone."
        )
    } else {
        let regions: Vec<&str> = adjusted.iter().map(Region::name).collect();
        format!(
            "The segmental dysfunction or subluxation that is diagnosed here is of another region than was adjusted ({}). Medicare pays {code} only for one at the level that was adjusted.",
            list(&regions)
        )
    };
    Some(Draft::new(modality.code_span, message))
}

/// The regions of the spine that a code for segmental dysfunction (M99.0-) or subluxation (M99.1-) means. The
/// head's is that of its joint with the neck, and sacrum and pelvis meet in one joint.
fn level_of(code: &str) -> Option<&'static [Region]> {
    let code = code.replace('.', "");
    let site = code.strip_prefix("M990").or(code.strip_prefix("M991"))?;
    Some(match site {
        "0" | "1" => &[Region::Cervical],
        "2" => &[Region::Thoracic],
        "3" => &[Region::Lumbar],
        "4" | "5" => &[Region::Sacral, Region::Pelvic],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_codes() {
        assert_eq!(level_of("M99.03"), Some(&[Region::Lumbar][..]));
        assert_eq!(level_of("M99.10"), Some(&[Region::Cervical][..]));
        for other in ["M99.23", "M99.06", "M54.50", "M99", ""] {
            assert_eq!(level_of(other), None, "{other}");
        }
    }
}
