//! The hints with the minutes and units that a block and a visit come to.

use super::Hint;
use crate::analysis::{Analysis, Piece};
use crate::billing::units_of;
use crate::chart::Modality;
use crate::editor::{counted, rule_of_counting, sum_in_words};
use crate::rules::VisitCase;

pub(super) fn of_visit(analysis: &Analysis, piece: &Piece) -> Vec<Hint> {
    let case = analysis.case(piece);
    let hint = |end, (label, why): (String, String)| Hint::new(piece.start + end, label, why);
    let heading = case
        .visit
        .heading
        .iter()
        .filter(|_| case.visit.is_treated());
    let totals = heading.filter_map(|h| Some(hint(h.span.end, total(&case)?)));
    let modalities = case.visit.modalities.iter();
    let blocks = modalities.filter_map(|m| {
        // A block in a sentence ends before the period.
        let period = case.text[m.line.end..].starts_with('.');
        Some(hint(m.line.end + usize::from(period), block(&case, m)?))
    });
    totals.chain(blocks).collect()
}

/// The hint after a visit's heading: its timed minutes and units.
pub(in crate::editor) fn total(case: &VisitCase<'_>) -> Option<(String, String)> {
    let claim = &case.claim;
    if claim.disciplines.is_empty() {
        return None;
    }
    let (minutes, sum) = (claim.timed_minutes, sum_in_words(case));
    if claim.incomplete {
        let tooltip = format!("{sum} so far; a timed block has no minutes yet.");
        return Some((format!("= {minutes} timed min so far"), tooltip));
    }
    let (units, rule) = (counted(claim.timed_units(), "unit"), rule_of_counting(case));
    let tooltip = format!("{sum}; {units} {rule}.");
    let day = match case.of_several_visits() {
        Some(visits) => format!(" (the day, {visits} visits)"),
        None => String::new(),
    };
    Some((format!("= {minutes} timed min, {units}{day}"), tooltip))
}

/// The hint after a modality's line: its minutes and the units of its code.
pub(in crate::editor) fn block(
    case: &VisitCase<'_>,
    modality: &Modality,
) -> Option<(String, String)> {
    let claim = &case.claim;
    if !modality.is_timed() {
        modality.procedure?;
        if modality.is_counted() || modality.claimed.is_some_and(|c| c.units == 1) {
            return None;
        }
        let code = &modality.code;
        let tooltip = format!("{code} is billed once a day, whatever its minutes.");
        return Some(("= 1 unit, untimed".to_owned(), tooltip));
    }
    let minutes = modality.minutes().stated()?;
    let code = &modality.code;
    let plan = case.plan(modality);
    let blocks: Vec<&Modality> = case.on_day(plan, code).map(|b| b.modality).collect();
    let said = says_minutes(modality);
    let minutes_only = |why: &str| (!said).then(|| (format!("= {minutes} min"), why.to_owned()));
    let together = case.minutes_of(plan, code);
    let (Some(together), false) = (together, modality.is_pooled() && claim.incomplete) else {
        return minutes_only("Another timed block has no minutes yet, so the units are not final.");
    };
    // The units belong to the code: its last block says them for all of them.
    let is_this = |block: &&Modality| std::ptr::eq(*block, modality);
    if !blocks.last().is_some_and(is_this) {
        let why = format!("The units are shown after the last block of {code}.");
        return minutes_only(&why);
    }
    let units = claim.units_under(plan, code);
    let (remark, why) = match claim.bounds(plan, code) {
        Some((least, most)) if least != most => (
            " (tie)",
            format!(
                " Codes tie for the last unit: {least} or {most} is right here, and the choice is yours."
            ),
        ),
        _ if modality.is_pooled() && units != units_of(together.minutes()) => (
            " (pooled)",
            format!(
                " By itself {code} would come to {}; the units of the day are shared out by left-over minutes.",
                counted(units_of(together.minutes()), "unit")
            ),
        ),
        _ => ("", String::new()),
    };
    let tooltip = if modality.is_pooled() {
        let (sum, rule) = (sum_in_words(case), rule_of_counting(case));
        let all = counted(claim.timed_units(), "unit");
        format!("{sum}; {all} {rule}.{why}")
    } else {
        format!("{code} has its own time periods and is not pooled with other codes.")
    };
    let several = blocks.len() > 1;
    let minutes = match (said, several) {
        (false, false) => format!("{minutes} min, "),
        (false, true) => format!("{minutes} min of {together} min {code}, "),
        (true, false) if modality.claimed.is_some_and(|c| c.units == units) => return None,
        (true, false) => String::new(),
        (true, true) => format!("{together} min {code} in all, "),
    };
    let units = counted(units, "unit");
    Some((format!("= {minutes}{units}{remark}"), tooltip))
}

/// Whether the line itself says the minutes, in one plain figure.
fn says_minutes(modality: &Modality) -> bool {
    let on_the_line =
        |d: &crate::chart::Duration| d.inexact.is_of_all() && modality.line.touches(d.span.start);
    modality.clock.is_empty() && matches!(modality.durations.as_slice(), [one] if on_the_line(one))
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;

    /// The hints alone, in order.
    fn labels(text: &str) -> Vec<String> {
        let shown = shown(text, "units");
        let pieces = shown.split('<').skip(1);
        pieces
            .filter_map(|piece| piece.split('>').next().map(str::to_owned))
            .collect()
    }

    #[test]
    fn a_visit_and_its_blocks() {
        assert_eq!(
            labels(
                "visit: 2026-11-20\n97124 lumbar 10:02-10:27\n97140-59 cervical 10:27-10:42\n97010 lumbar 8 min\n"
            ),
            [
                "= 40 timed min, 3 units",
                "= 25 min, 2 units",
                "= 15 min, 1 unit",
                "= 1 unit, untimed"
            ]
        );
    }

    #[test]
    fn blocks_in_sentences_and_tables() {
        assert_eq!(
            shown(
                "visit: 2026-11-20\nO: Manual therapy (97140) 10:02-10:14, then rest.\n| CPT | Min |\n| 97110 | 25 |\nP: weekly\n",
                "units"
            ),
            "visit: 2026-11-20<= 37 timed min, 2 units>\nO: Manual therapy (97140) 10:02-10:14, then rest.<= 12 min, 1 unit>\n| CPT | Min |\n| 97110 | 25 |<= 1 unit (pooled)>\nP: weekly\n"
        );
    }

    #[test]
    fn pooled_and_tied_units_are_said_as_such() {
        assert_eq!(
            labels("97110 33 min\n97140 lumbar 7 min\n"),
            ["= 2 units", "= 1 unit (pooled)"]
        );
        assert_eq!(
            labels("97112 20 min\n97110 20 min\n"),
            ["= 2 units (tie)", "= 1 unit (tie)"]
        );
    }

    #[test]
    fn blocks_of_one_code_are_one_service() {
        assert_eq!(
            labels("97110 10:00-10:10\n97110 10:20-10:33\n"),
            ["= 10 min", "= 13 min of 23 min 97110, 2 units"]
        );
        assert_eq!(
            labels("97110 10 min\n97110 13 min\n"),
            ["= 23 min 97110 in all, 2 units"]
        );
    }

    #[test]
    fn what_is_not_known_yet_is_not_counted() {
        assert_eq!(
            labels("visit: 2026-11-20\n97110 10:00-10:10\n97112\nP: x\n"),
            ["= 10 timed min so far", "= 10 min"]
        );
    }

    #[test]
    fn what_the_line_says_is_not_repeated() {
        assert_eq!(labels("97110 25 min x2\n97010 lumbar 8 min x1\n"), [""; 0]);
        assert_eq!(labels("97110 25 min x3\n"), ["= 2 units"]);
        assert_eq!(labels("97110 10:00-10:25 x2\n"), ["= 25 min, 2 units"]);
    }
}
