use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{DiagnosisKind, Prose, SectionKind, diagnosis};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "missing-diagnosis",
    group: Group::Diagnosis,
    level: Level::Error,
    source: "CMS Pub. 100-02 ch. 15 §220.1.2; every claim line points to a diagnosis",
    page: page!("missing-diagnosis"),
    check: Check::Visit(check),
};

/// No more of the chart's diagnoses than this are offered.
const MOST_OFFERED: usize = 5;

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let visit = case.visit;
    let assessment = |p: &&Prose| p.section == Some(SectionKind::Assessment);
    let mut in_prose = visit
        .prose
        .iter()
        .filter(assessment)
        .flat_map(|p| diagnosis::find_in(case.str(p.span), p.span.start));
    let stated = case.diagnoses().next().is_some()
        || visit.modalities.iter().any(|m| !m.diagnoses.is_empty())
        || in_prose.any(|d| d.kind == DiagnosisKind::Icd10 && case.str(d.span).contains('.'));
    if !visit.is_treated() || stated {
        return;
    }
    let mut draft = Draft::new(
        case.anchor(),
        "This visit has treatment but no diagnosis, and a payer will deny a claim without one. Take it from the referral or the chart.",
    );
    for known in case.chart_diagnoses.iter().take(MOST_OFFERED) {
        let code = known.split(' ').next().unwrap_or_default();
        let title = format!("Add the chart's diagnosis {code}");
        draft = draft.fix_of(title, [case.line_at_top(&format!("dx: {known}"))]);
    }
    let title = "Add a diagnosis line (a blank to fill)";
    let draft = draft.preferred();
    found.push(draft.fix_of(title, [case.line_at_top("dx: ___")]));
}
