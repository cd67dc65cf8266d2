use super::diagnoses;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Diagnosis;
use crate::policy::Level;
use crate::reference::icd10::common::region_of;
use crate::reference::regions::{Region, RegionSet};
use crate::text::Span;

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
        let own: Vec<&Diagnosis> = modality.diagnoses.iter().collect();
        let meant = if own.is_empty() { &shared } else { &own };
        let regions = meant.iter().try_fold(RegionSet::default(), |all, d| {
            Some(all.union(region_of(&d.code)?))
        });
        let Some(regions) = regions.filter(|r| !r.is_empty()) else {
            continue;
        };
        if modality.regions.iter().any(|m| !m.decisive) {
            continue;
        }
        let near = with_neighbours(regions);
        for mention in &modality.regions {
            if mention.regions.intersects(near) || mention.regions.intersects(covered) {
                continue;
            }
            covered = covered.union(mention.regions);
            let names: Vec<&str> = mention.regions.iter().map(Region::name).collect();
            let message = format!(
                "No diagnosis on this visit relates to the {} region. A payer may deny treatment of a region that no diagnosis explains.",
                super::wording::either(&names)
            );
            found.push(Draft::new(Span::from(mention.range.clone()), message));
        }
    }
}

/// What a complaint of a region may reasonably be treated at.
fn with_neighbours(regions: RegionSet) -> RegionSet {
    use Region::{
        Abdomen, Cervical, Head, LowerExtremity, Lumbar, Pelvic, RibCage, Sacral, Thoracic,
        UpperExtremity,
    };
    const NEIGHBOURS: [(Region, &[Region]); 7] = [
        (Head, &[Cervical]),
        (Cervical, &[Thoracic, UpperExtremity]),
        (Thoracic, &[UpperExtremity, RibCage, Lumbar]),
        (UpperExtremity, &[RibCage]),
        (Lumbar, &[Sacral, Pelvic, Abdomen, LowerExtremity]),
        (Sacral, &[Pelvic, LowerExtremity]),
        (Pelvic, &[LowerExtremity, Abdomen]),
    ];
    let mut near = regions;
    for (one, others) in NEIGHBOURS {
        for other in others {
            if regions.contains(one) {
                near.insert(*other);
            }
            if regions.contains(*other) {
                near.insert(one);
            }
        }
    }
    near
}
