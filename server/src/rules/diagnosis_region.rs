//! `diagnosis-region`: see its page in `docs/rules/`.

use super::diagnoses;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Diagnosis;
use crate::policy::Level;
use crate::reference::icd10::common::region_of;
use crate::reference::regions::{Region, RegionSet};
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "diagnosis-region",
    group: Group::Diagnosis,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.2; payers compare diagnosis and region",
    page: page!("diagnosis-region"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let shared: Vec<&Diagnosis> = diagnoses::all(case).map(|(_, d, _)| d).collect();
    let mut covered = RegionSet::default();
    for modality in &case.visit.modalities {
        if modality.procedure.is_none_or(|p| !p.hands_on) || case.is_being_typed(modality) {
            continue;
        }
        let meant: Vec<&Diagnosis> = if modality.diagnoses.is_empty() {
            shared.clone()
        } else {
            modality.diagnoses.iter().collect()
        };
        let regions: Option<RegionSet> = meant.iter().try_fold(RegionSet::default(), |all, d| {
            Some(all.union(region_of(&d.code)?))
        });
        let Some(near) = regions.filter(|r| !r.is_empty()).map(with_neighbours) else {
            continue;
        };
        if modality.regions.iter().any(|m| !m.decisive) {
            continue;
        }
        for mention in &modality.regions {
            if mention.regions.intersects(near) || mention.regions.intersects(covered) {
                continue;
            }
            covered = covered.union(mention.regions);
            let names: Vec<&str> = mention.regions.iter().map(Region::name).collect();
            found.push(Draft::new(
                Span::from(mention.range.clone()),
                format!(
                    "No diagnosis on this visit relates to the {} region. A payer may deny treatment of a region that no diagnosis explains.",
                    super::wording::either(&names)
                ),
            ));
        }
    }
}

/// What a complaint of a region may reasonably be treated at.
fn with_neighbours(regions: RegionSet) -> RegionSet {
    use Region::{
        Abdomen, Cervical, Head, LowerExtremity, Lumbar, Pelvic, RibCage, Sacral, Thoracic,
        UpperExtremity,
    };
    const NEIGHBOURS: [(Region, Region); 15] = [
        (Head, Cervical),
        (Cervical, Thoracic),
        (Cervical, UpperExtremity),
        (Thoracic, UpperExtremity),
        (Thoracic, RibCage),
        (Thoracic, Lumbar),
        (UpperExtremity, RibCage),
        (Lumbar, Sacral),
        (Lumbar, Pelvic),
        (Lumbar, Abdomen),
        (Lumbar, LowerExtremity),
        (Sacral, Pelvic),
        (Sacral, LowerExtremity),
        (Pelvic, LowerExtremity),
        (Pelvic, Abdomen),
    ];
    let mut near = regions;
    for (a, b) in NEIGHBOURS {
        if regions.contains(a) {
            near.insert(b);
        }
        if regions.contains(b) {
            near.insert(a);
        }
    }
    near
}
