//! `missing-section`: see its page in `docs/rules/`.

use std::collections::BTreeMap;

use super::sections::{SOAP, heading, is_filled, line_start, meant_by, name, other_headings};
use super::wording::list;
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::chart::{FieldKind, SectionKind};
use crate::policy::Level;
use crate::text::Span;

/// The rule.
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
    if missing.is_empty() {
        return;
    }
    let names: Vec<&str> = missing.iter().map(|kind| name(*kind)).collect();
    let (sections, them) = if names.len() == 1 {
        ("section", "it")
    } else {
        ("sections", "them")
    };
    let headings: Vec<&str> = missing.iter().map(|kind| heading(*kind)).collect();
    found.push(
        Draft::new(
            case.anchor(),
            format!(
                "This visit has no {} {sections}. A payer that reviews the note without {them} calls it incomplete and may deny the visit.",
                list(&names)
            ),
        )
        .fix_of(
            format!("Add {} (blanks to fill)", list(&headings)),
            insertions(case, &missing),
        )
        .preferred(),
    );
}

/// The sections that the visit lacks, as far as it is written.
fn missing(case: &VisitCase<'_>) -> Vec<SectionKind> {
    let visit = case.visit;
    if !visit.is_treated() {
        return Vec::new();
    }
    let absent: Vec<SectionKind> = SOAP
        .into_iter()
        .filter(|kind| !visit.sections.iter().any(|s| s.kind == *kind))
        .filter(|kind| {
            let keys = visit.unknown_fields.iter().filter(|f| !f.in_modality);
            !keys
                .into_iter()
                .any(|f| meant_by(case.str(f.key)).contains(kind))
        })
        .collect();
    // Words of another scheme, or headings that only need another form.
    if absent.is_empty() || !other_headings(case).is_empty() {
        return Vec::new();
    }
    if !case.last || visit.is_signed() {
        return absent;
    }
    // Still being typed: only what a later section has passed by is missing.
    let mut passed = Vec::new();
    for (index, kind) in SOAP.into_iter().enumerate() {
        let later = SOAP[index + 1..]
            .iter()
            .any(|k| is_filled(case.text, visit, *k));
        if later && absent.contains(&kind) {
            passed.push(kind);
        }
    }
    passed
}

/// A line for each missing section at its place.
fn insertions(case: &VisitCase<'_>, missing: &[SectionKind]) -> Vec<Edit> {
    let visit = case.visit;
    let first = |kinds: &[SectionKind], from: usize, modalities: bool| {
        let sections = visit
            .sections
            .iter()
            .filter(|s| kinds.contains(&s.kind))
            .map(|s| s.name.start);
        let modalities = visit
            .modalities
            .iter()
            .filter(|_| modalities)
            .map(|m| m.span.start);
        sections.chain(modalities).filter(|at| *at >= from).min()
    };
    let end_of = |kind: SectionKind| {
        let of_kind = visit.sections.iter().filter(|s| s.kind == kind);
        of_kind.map(|s| s.name.end).max().unwrap_or(0)
    };
    let closing = visit
        .fields
        .iter()
        .filter(|f| matches!(f.kind, FieldKind::Signed | FieldKind::Addendum))
        .map(|f| f.key.start)
        .filter(|at| visit.modalities.iter().all(|m| m.span.end <= *at))
        .filter(|at| visit.sections.iter().all(|s| s.name.end <= *at))
        .min();
    let mut places: BTreeMap<Option<usize>, Vec<SectionKind>> = BTreeMap::new();
    for kind in missing {
        use SectionKind::{Assessment, Objective, Plan, Subjective, Treatment};
        let at = match kind {
            Subjective => first(&[Objective, Treatment, Assessment, Plan], 0, true),
            Objective => first(&[Treatment, Assessment, Plan], end_of(Subjective), true),
            Assessment => first(&[Plan], 0, false).or(closing),
            _ => closing,
        };
        let at = at.map(|at| line_start(case.text, at));
        places.entry(at).or_default().push(*kind);
    }
    let br = case.line_break();
    places
        .into_iter()
        .map(|(at, kinds)| {
            let lines: Vec<String> = kinds
                .iter()
                .map(|kind| format!("{} ___", heading(*kind)))
                .collect();
            let lines = lines.join(br);
            match at {
                Some(at) => Edit {
                    span: Span::at(at),
                    text: lines + br,
                },
                None => Edit {
                    span: Span::at(visit.text_end),
                    text: format!("{br}{lines}"),
                },
            }
        })
        .collect()
}
