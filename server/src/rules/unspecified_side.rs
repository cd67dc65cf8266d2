//! `unspecified-side`: see its page in `docs/rules/`.

use super::diagnoses::{self, Note, Standing};
use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::chart::Diagnosis;
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

fn check<'a>(case: &ChartCase<'a>, found: &mut Vec<(usize, Draft)>) {
    let release = case.policy.release();
    let note = |v: &ChartVisit<'a>| Note {
        text: v.text,
        visit: v.visit,
        facts: Some(v.facts),
    };
    if let Some((text, visit)) = case.preamble
        && diagnoses::own(visit).any(|d| leaves_side_open(release, text, d))
    {
        let facts = case.preamble_facts;
        let mut notes = vec![Note { text, visit, facts }];
        notes.extend(
            case.visits
                .iter()
                .filter(|v| !case.is_preamble(v))
                .map(note),
        );
        for diagnosis in diagnoses::own(visit) {
            let draft = judge(release, text, &notes, diagnosis, 0);
            found.extend(draft.map(|draft| (0, draft)));
        }
    }
    for (index, visit) in case.visits.iter().enumerate() {
        let open = || {
            let mut own = diagnoses::own(visit.visit);
            own.any(|d| leaves_side_open(release, visit.text, d))
        };
        if !visit.gist.has_diagnoses
            || case.is_preamble(visit)
            || !visit.facts.leaves_side_open.get(release, open)
        {
            continue;
        }
        for diagnosis in diagnoses::own(visit.visit) {
            if visit.last && diagnoses::at_the_end(visit.text, visit.visit, diagnosis.span) {
                continue;
            }
            let note = [note(visit)];
            let draft = judge(release, visit.text, &note, diagnosis, visit.start);
            found.extend(draft.map(|draft| (index, draft)));
        }
    }
}

/// Whether it is a code that can be billed and that others beside it name the sides of.
pub(super) fn leaves_side_open(release: &Release, text: &str, diagnosis: &Diagnosis) -> bool {
    let standing = diagnoses::standing(release, text, diagnosis);
    matches!(standing, Standing::Billable(entry) if release.side(&entry.code) == Some(Side::Unspecified))
}

fn judge(
    release: &Release,
    text: &str,
    notes: &[Note<'_>],
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
            "{} does not specify the side, but the note names {side}. Payers return codes without a side when the side is known.",
            entry.code
        ),
    );
    let title = format!(
        "Replace {} with {} ({})",
        entry.code, sided.code, sided.title
    );
    Some(draft.fix(title, span, sided.code).preferred())
}
