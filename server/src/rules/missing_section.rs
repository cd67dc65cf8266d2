use std::collections::BTreeMap;

use super::sections::{SOAP, heading, is_filled, line_start, meant_by, name, other_headings};
use super::wording::list;
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::chart::{FieldKind, SectionKind};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "missing-section",
    group: Group::Documentation,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E; private payers and workers' compensation",
    page: page!("missing-section"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let missing = missing(case);
    let names: Vec<&str> = missing.iter().map(|kind| name(*kind)).collect();
    let (sections, them) = match names.len() {
        0 => return,
        1 => ("section", "it"),
        _ => ("sections", "them"),
    };
    let message = format!(
        "This visit has no {} {sections}. A payer that reviews the note without {them} calls it incomplete and may deny the visit.",
        list(&names)
    );
    let headings: Vec<&str> = missing.iter().map(|kind| heading(*kind)).collect();
    let title = format!("Add {} (blanks to fill)", list(&headings));
    let draft = Draft::new(case.anchor(), message).fix_of(title, insertions(case, &missing));
    found.push(draft.preferred());
}

/// The sections that the visit lacks, as far as it is written.
fn missing(case: &VisitCase<'_>) -> Vec<SectionKind> {
    let visit = case.visit;
    // Words of another scheme, or headings that only need another form.
    if !visit.is_treated() || !other_headings(case).is_empty() {
        return Vec::new();
    }
    let keys = || visit.unknown_fields.iter().filter(|f| !f.in_modality);
    let is_absent = |kind: SectionKind| {
        visit.sections.iter().all(|s| s.kind != kind)
            && !keys().any(|f| meant_by(case.str(f.key)).contains(&kind))
    };
    // Still being typed: only what a later section has passed by is missing.
    let typing = case.last && !visit.is_signed();
    let is_passed = |at: usize| {
        let mut later = SOAP[at + 1..].iter();
        later.any(|kind| is_filled(case.text, visit, *kind))
    };
    let soap = SOAP.into_iter().enumerate();
    soap.filter(|(at, kind)| is_absent(*kind) && (!typing || is_passed(*at)))
        .map(|(_, kind)| kind)
        .collect()
}

/// A line for each missing section at its place.
fn insertions(case: &VisitCase<'_>, missing: &[SectionKind]) -> Vec<Edit> {
    use SectionKind::{Assessment, Objective, Plan, Subjective, Treatment};
    let visit = case.visit;
    let sections = |kinds: &'static [SectionKind]| {
        let sections = visit.sections.iter();
        sections.filter(|s| kinds.contains(&s.kind)).map(|s| s.name)
    };
    let first = |kinds: &'static [SectionKind], from: usize| {
        let modalities = visit.modalities.iter().map(|m| m.span.start);
        let starts = sections(kinds).map(|name| name.start).chain(modalities);
        starts.filter(|at| *at >= from).min()
    };
    let after_subjective = || {
        let ends = sections(&[Subjective]).map(|name| name.end);
        ends.max().unwrap_or(0)
    };
    let closing = visit
        .fields
        .iter()
        .filter(|f| matches!(f.kind, FieldKind::Signed | FieldKind::Addendum))
        .map(|f| f.key.start)
        .filter(|at| visit.modalities.iter().all(|m| m.span.end <= *at))
        .filter(|at| visit.sections.iter().all(|s| s.name.end <= *at))
        .min();
    let mut places: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
    for kind in missing {
        let at = match kind {
            Subjective => first(&[Objective, Treatment, Assessment, Plan], 0),
            Objective => first(&[Treatment, Assessment, Plan], after_subjective()),
            Assessment => sections(&[Plan]).map(|name| name.start).min().or(closing),
            _ => closing,
        };
        let at = at.map(|at| line_start(case.text, at));
        let line = format!("{} ___", heading(*kind));
        places.entry(at).or_default().push(line);
    }
    let br = case.line_break();
    let edits = places.into_iter().map(|(at, lines)| {
        let lines = lines.join(br);
        let text = match at {
            Some(_) => lines + br,
            None => format!("{br}{lines}"),
        };
        Edit::insert(at.unwrap_or(visit.text_end), text)
    });
    edits.collect()
}
