//! `unspecified-side`: see its page in `docs/rules/`.

use super::diagnoses::{self, Standing};
use super::{ChartCase, Check, Draft, Group, Rule};
use crate::chart::{Diagnosis, Visit};
use crate::policy::Level;
use crate::reference::icd10::{Release, Side};

/// The rule.
pub static RULE: Rule = Rule {
    name: "unspecified-side",
    group: Group::Diagnosis,
    level: Level::Warning,
    source: "ICD-10-CM guidelines I.B.13, laterality",
    page: page!("unspecified-side"),
    check: Check::Chart(check),
};

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let visits: Vec<(&str, &Visit)> = case.visits.iter().map(|v| (v.text, v.visit)).collect();
    if let Some((text, preamble)) = case.preamble {
        let mut notes = vec![(text, preamble)];
        notes.extend(visits.iter().filter(|(_, v)| !std::ptr::eq(*v, preamble)));
        for diagnosis in diagnoses::own(preamble) {
            found.extend(
                judge(case.policy.release(), text, &notes, diagnosis, 0).map(|draft| (0, draft)),
            );
        }
    }
    for (index, visit) in case.visits.iter().enumerate() {
        if case
            .preamble
            .is_some_and(|(_, p)| std::ptr::eq(p, visit.visit))
        {
            continue;
        }
        for diagnosis in diagnoses::own(visit.visit) {
            if visit.last && diagnoses::at_the_end(visit.text, visit.visit, diagnosis.span) {
                continue;
            }
            let note = [visits[index]];
            let draft = judge(
                case.policy.release(),
                visit.text,
                &note,
                diagnosis,
                visit.start,
            );
            found.extend(draft.map(|draft| (index, draft)));
        }
    }
}

fn judge(
    release: &Release,
    text: &str,
    notes: &[(&str, &Visit)],
    diagnosis: &Diagnosis,
    start: usize,
) -> Option<Draft> {
    let Standing::Billable(entry) = diagnoses::standing(release, text, diagnosis) else {
        return None;
    };
    let (side, sided) = diagnoses::open_side(release, notes, &entry.code)?;
    let side = match side {
        Side::Left => "the left side",
        Side::Right => "the right side",
        _ => "both sides",
    };
    let span = diagnosis.span.shifted(start);
    let draft = Draft::new(
        span,
        format!(
            "{} leaves the side open, but the note names {side}. Payers return codes without a side where the side is known.",
            entry.code
        ),
    );
    let title = format!("Replace {} by {} ({})", entry.code, sided.code, sided.title);
    Some(draft.fix(title, span, sided.code).preferred())
}
