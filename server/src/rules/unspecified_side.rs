use super::anchor::Anchor;
use super::chart_draft::ChartPlace;
use super::diagnoses::{self, SideMention, with_open_side};
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::icd10::{Release, Side};

pub static RULE: Rule = Rule {
    name: "unspecified-side",
    group: Group::Diagnosis,
    level: Level::Warning,
    source: "ICD-10-CM guidelines I.B.13, laterality",
    page: page!("unspecified-side"),
    check: Check::Chart(check),
};

/// A diagnosis that can be billed and leaves the side open.
#[derive(Debug, PartialEq, Eq)]
pub struct OpenSide {
    /// The code, with its dot.
    code: String,
    place: Anchor,
    /// It may still be being typed.
    is_being_typed: bool,
}

/// The visit's own diagnoses that leave the side open.
pub(super) fn open_sides(case: &VisitCase<'_>) -> Vec<OpenSide> {
    let own = diagnoses::own(case.visit);
    let open = own.filter_map(|diagnosis| {
        let entry = with_open_side(case.release(), case.text, diagnosis)?;
        Some(OpenSide {
            code: entry.code,
            place: Anchor::of(case.visit, diagnosis.span),
            is_being_typed: diagnoses::is_being_typed(case, diagnosis.span),
        })
    });
    open.collect()
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let release = case.policy.release();
    if let Some(before) = case.preamble {
        // What every visit says of the side counts for a diagnosis of the whole chart.
        let sides: Vec<SideMention> = case
            .pieces()
            .flat_map(|(_, summary)| summary.sides.iter().copied())
            .collect();
        for open in &before.open_sides {
            let place = ChartCase::place_before(open.place);
            found.extend(draft(release, &sides, open, 0, place));
        }
    }
    let is_visit = case.preamble_is_visit();
    let visits = case.visits.iter().enumerate().skip(usize::from(is_visit));
    for (index, visit) in visits {
        for open in visit.open_sides.iter().filter(|open| !open.is_being_typed) {
            let place = case.place(index, open.place);
            found.extend(draft(release, &visit.sides, open, index, place));
        }
    }
}

fn draft(
    release: &Release,
    sides: &[SideMention],
    open: &OpenSide,
    visit: usize,
    place: ChartPlace,
) -> Option<ChartDraft> {
    let code = &open.code;
    let (side, better) = diagnoses::open_side(release, sides, code)?;
    let side = match side {
        Side::Left => "the left side",
        Side::Right => "the right side",
        _ => "both sides",
    };
    let message = format!(
        "{code} does not specify the side, but the note names {side}. Payers return codes without a side when the side is known."
    );
    let title = format!("Replace {code} with {} ({})", better.code, better.title);
    let edit = ChartEdit::Replace(place, better.code);
    Some(
        ChartDraft::new(visit, place, message)
            .fix(title, edit)
            .preferred(),
    )
}
