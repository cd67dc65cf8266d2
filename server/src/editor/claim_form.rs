//! A day's claim as a claim form (CMS-1500) has it: what the note says and, where it says nothing, nothing.

use jiff::civil::Date;

use super::claim_preview::{self, Line, PointedDiagnosis};
use super::stated;
use crate::analysis::{Analysis, Piece};
use crate::billing::ClaimLine;
use crate::chart::{FieldKind, Modality, Visit, signature};
use crate::length::Length;
use crate::reference::modifiers::AT_A_DISTANCE;
use crate::rules::VisitCase;

/// What stands for a payer that is not known.
const UNKNOWN_PAYER: &str = "default";

/// The claim of a date and payer.
pub struct ClaimForm {
    pub date: Option<Date>,
    /// As written.
    pub patient: String,
    /// Who pays as written, else the profile that applies.
    pub payer: String,
    /// The name of the payer's profile.
    pub profile: String,
    pub diagnoses: Vec<PointedDiagnosis>,
    /// The lines, those that earn no unit among them.
    pub lines: Vec<FormLine>,
    /// The minutes of a timed code are missing, so that the units of its pool are not known.
    pub incomplete: bool,
}

/// A line of the form.
pub struct FormLine {
    pub code: String,
    /// The code was proposed, and nobody has confirmed it yet.
    pub proposed: bool,
    pub modifiers: Vec<String>,
    pub minutes: Length,
    /// Nothing as long as minutes are missing that could change them.
    pub units: Option<u32>,
    /// The letters of the diagnoses.
    pub pointers: String,
    /// Who signed the visit that the line stands in; several if it stands in several.
    pub provider: String,
    /// A modifier says that it was given by video or by voice.
    pub at_a_distance: bool,
}

impl ClaimForm {
    /// The form of the day that a piece begins.
    pub fn of(analysis: &Analysis, piece: &Piece) -> Self {
        let case = analysis.case(piece);
        let day = analysis.visits_of_day(piece);
        let diagnoses = claim_preview::diagnoses(&case);
        let shown = claim_preview::lines(&case, &diagnoses);
        let incomplete = case.claim.incomplete || shown.iter().any(|line| line.incomplete);
        let lines = case.claim.lines.iter().zip(shown);
        let line = |(line, shown)| form_line(&case, &day, line, shown);
        let one_line = |words: &str| Some(words.split_whitespace().collect::<Vec<_>>().join(" "));
        let profile = &case.payer.name;
        let named = || (profile != UNKNOWN_PAYER).then(|| profile.clone());
        Self {
            date: case.visit.day(),
            patient: stated(&case, FieldKind::Patient, one_line).unwrap_or_default(),
            payer: stated(&case, FieldKind::Payer, one_line)
                .or_else(named)
                .unwrap_or_default(),
            profile: profile.clone(),
            lines: lines.map(line).collect(),
            diagnoses,
            incomplete,
        }
    }

    /// The payer as one of a list: its profile, else the words of the note.
    pub fn payer_group(&self) -> String {
        if self.profile == UNKNOWN_PAYER && !self.payer.is_empty() {
            self.payer.clone()
        } else {
            claim_preview::payer_words(&self.profile)
        }
    }
}

impl FormLine {
    /// The code, with the question mark of one that nobody has confirmed.
    pub fn code_as_written(&self) -> String {
        let mark = if self.proposed { "?" } else { "" };
        format!("{}{mark}", self.code)
    }

    /// The minutes; nothing where the note gives none.
    pub fn minutes_if_any(&self) -> String {
        let given = (self.minutes > 0).then(|| self.minutes.to_string());
        given.unwrap_or_default()
    }
}

fn form_line(case: &VisitCase<'_>, day: &[&Piece], line: &ClaimLine, shown: Line) -> FormLine {
    let is_pooled = |code: &str| case.claim.pooled_codes().any(|c| c.code == code);
    let is_open = shown.incomplete || case.claim.incomplete && is_pooled(&line.code);
    let is_of_line = |m: &Modality| {
        m.code == line.code
            && m.modifiers.len() == line.modifiers.len()
            && m.modifiers.iter().all(|m| line.modifiers.contains(&m.code))
    };
    let mut names: Vec<String> = Vec::new();
    for piece in day {
        let signed = signed_by(&piece.text, &piece.visit);
        if piece.visit.modalities.iter().any(is_of_line) && !names.contains(&signed) {
            names.push(signed);
        }
    }
    names.retain(|name| !name.is_empty());
    let is_far = |m: &String| AT_A_DISTANCE.contains(&m.as_str());
    FormLine {
        code: shown.code,
        proposed: line.proposed,
        units: (!is_open).then_some(shown.units),
        minutes: shown.minutes,
        pointers: shown.pointers.into_iter().collect(),
        provider: names.join("; "),
        at_a_distance: shown.modifiers.iter().any(is_far),
        modifiers: shown.modifiers,
    }
}

/// Who signed a visit, as written, each name once.
pub fn signed_by(text: &str, visit: &Visit) -> String {
    let mut names: Vec<String> = Vec::new();
    let values = visit.fields_of(FieldKind::Signed).filter_map(|f| f.value);
    for name in values.map(|value| signature::name_in(&text[value.range()])) {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("; ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::policy::Policy;
    use crate::text::Document;

    fn form(note: &str) -> ClaimForm {
        let analysis = Analysis::of(&Document::new(note), &Arc::new(Policy::default()));
        let mut treated = analysis.pieces().filter(|p| p.visit.is_treated());
        ClaimForm::of(&analysis, treated.next().expect("a visit"))
    }

    #[test]
    fn units_are_left_open_as_long_as_minutes_that_count_are_missing() {
        let form = form("visit: 2026-11-20\n97110 20 min\n97140\n97161\n");
        let units: Vec<_> = form.lines.iter().map(|line| line.units).collect();
        assert_eq!((form.incomplete, units), (true, vec![None, None, Some(1)]));
    }

    #[test]
    fn two_signatures_of_a_day_are_told_apart_by_what_each_did() {
        let form = form(
            "visit: 2026-11-20\n97110 20 min\nsigned: A. One, PT\n\nvisit: 2026-11-20\n97140 15 min\n97110 10 min\nsigned: B. Two, PT 2026-11-20\n",
        );
        let names: Vec<_> = form
            .lines
            .iter()
            .map(|l| (&*l.code, &*l.provider))
            .collect();
        assert_eq!(
            names,
            [("97110", "A. One, PT; B. Two, PT"), ("97140", "B. Two, PT")]
        );
    }

    #[test]
    fn the_payer_is_the_notes_own_words_and_never_made_up() {
        for (before, payer, group) in [
            ("payer: Medicare Part B\n", "Medicare Part B", "medicare"),
            ("payer: Acme Mutual\n", "Acme Mutual", "Acme Mutual"),
            ("", "", "payer not known"),
        ] {
            let form = form(&format!("{before}visit: 2026-11-20\n97110-95 20 min\n"));
            assert_eq!((&*form.payer, &*form.payer_group()), (payer, group));
            assert!(form.lines[0].at_a_distance && form.lines[0].provider.is_empty());
        }
    }
}
