//! Procedure codes by number, by words and by the letters that clinicians write for them.

use std::fmt::Write as _;

use super::context::Cursor;
use super::{Documentation, Insert, ItemKind, Offer, begins, begins_words};
use crate::editor::clock::written_like_the_note;
use crate::editor::next_visit::BLANK;
use crate::reference::procedures::{self, Attendance, Procedure};

/// What clinicians call a procedure beside its label: abbreviations, names of devices and methods.
/// The procedures used most come first, and so they are offered.
const NAMES: &[&str] = &[
    "97124 massage MT swedish effleurage petrissage",
    "97140 manual therapy MT MFR myofascial STM mobilization joint mobs",
    "97110 therapeutic exercise therex ther ex TE strengthening stretching",
    "97112 neuromuscular reeducation neuro re ed NMR NMRE balance",
    "97530 therapeutic activities activity TA ther act",
    "97010 hot pack cold packs HP CP MHP ice moist heat",
    "97535 self care ADL ADLs home management",
    "97116 gait GT walking",
    "97035 ultrasound US",
    "97014 estim e stim ES IFC TENS interferential unattended",
    "G0283 estim e stim ES IFC TENS interferential unattended medicare",
    "97032 estim e stim ES attended manual NMES",
    "98940 CMT adjustment spinal manipulation",
    "98941 CMT adjustment spinal manipulation",
    "98942 CMT adjustment spinal manipulation",
    "98943 CMT adjustment extremity extraspinal manipulation",
    "97161 physical therapy evaluation PT eval",
    "97162 physical therapy evaluation PT eval",
    "97163 physical therapy evaluation PT eval",
    "97164 physical therapy re-evaluation reeval re eval PT",
    "97165 occupational therapy evaluation OT eval",
    "97166 occupational therapy evaluation OT eval",
    "97167 occupational therapy evaluation OT eval",
    "97168 occupational therapy re-evaluation reeval re eval OT",
    "97012 mechanical traction decompression table",
    "97016 vasopneumatic compression vaso game ready",
    "97033 iontophoresis ionto",
    "97113 aquatic therapy pool",
    "97150 group",
    "97750 physical performance test PPT FCE",
    "97760 orthotic splint training",
    "97542 wheelchair WC",
    "20560 dry needling DN",
    "20561 dry needling DN",
    "97810 acupuncture",
    "97018 paraffin",
    "97026 infrared",
    "97545 work hardening",
    "97546 work hardening",
    "S8948 laser LLLT cold laser",
    "S8950 MLD lymph drainage lymphedema",
];

/// The procedures of the table with these names.
fn usual() -> impl Iterator<Item = (&'static Procedure, &'static str)> {
    let rows = NAMES.iter().filter_map(|row| row.split_once(' '));
    rows.filter_map(|(code, names)| Some((procedures::find(code)?, names)))
}

/// Adds the codes that what was typed begins, by number or, if `by_words`, by any name; if nothing
/// was typed, those of the chart and then the usual ones.
pub fn codes(cursor: &Cursor<'_>, offer: &mut Offer<'_>, by_words: bool) {
    let typed = offer.typed;
    if procedures::find(typed).is_some() {
        return;
    }
    let by_number = typed.len() >= 2 && typed.chars().any(|c| c.is_ascii_digit());
    let unnamed = procedures::all().iter().map(|p| (p, ""));
    // One that comes twice is offered once.
    let all = usual().chain(unnamed);
    let mut found: Vec<&'static Procedure> = Vec::new();
    if typed.is_empty() {
        let here = cursor.piece.start;
        let before = cursor.analysis.pieces().rev().filter(|p| p.start < here);
        let last = before.take(1).flat_map(|p| &p.visit.modalities);
        found.extend(last.filter_map(|m| m.procedure));
        found.extend(usual().take(12).map(|(p, _)| p));
    } else if by_number {
        found.extend(all.map(|(p, _)| p).filter(|p| begins(p.code, typed)));
    } else if by_words && typed.len() >= 2 {
        let abbreviation = |n: &str| n.len() < 5 && n.eq_ignore_ascii_case(typed);
        let exact = usual().filter(|(_, names)| names.split(' ').any(abbreviation));
        found.extend(exact.map(|(p, _)| p));
        // `TE` is one procedure and not the beginning of others.
        if found.is_empty() {
            let words = |(p, names): &(&Procedure, &str)| format!("{} {names}", p.label);
            let fits = all.filter(|named| begins_words(&words(named), typed));
            found.extend(fits.map(|(p, _)| p));
        }
    }
    // What the payer does not take is not hidden, but stands last.
    let accepted = |p: &Procedure| {
        let accepts = cursor.case.payer.accepts.as_ref();
        accepts.is_none_or(|codes| codes.iter().any(|c| c == p.code))
    };
    let (taken, other): (Vec<_>, Vec<_>) = found.into_iter().partition(|p| accepted(p));
    for procedure in taken.into_iter().chain(other) {
        let mut detail = procedure.label.to_owned();
        if !accepted(procedure) {
            detail.push_str(" (not among the codes that this payer takes)");
        }
        let code = procedure.code;
        let block = offer.at_line_end.then(|| block(cursor, procedure));
        let insert = Insert::of(block.as_deref().unwrap_or(code));
        let key = Documentation::Key(format!("code:{code}"));
        offer.push(ItemKind::Procedure, code, &detail, insert, key);
    }
}

/// A modality with placeholders for what its code asks for.
fn block(cursor: &Cursor<'_>, procedure: &Procedure) -> String {
    let mut block = procedure.code.to_owned();
    let supervised = procedure.attendance == Attendance::Supervised;
    if procedure.hands_on || procedure.adjustment || supervised {
        let _ = write!(block, " {BLANK}");
    }
    if procedure.timing.is_timed() {
        if counts_minutes(cursor) {
            let _ = write!(block, " {BLANK} min");
        } else {
            let start = next_start(cursor).map_or(BLANK.to_owned(), |start| start.words);
            let _ = write!(block, " {start}-{BLANK}");
        }
    }
    if procedure.hands_on {
        let _ = write!(block, "\n  technique: {BLANK}");
    }
    if procedure.timing.is_timed() && !procedure.evaluation {
        let _ = write!(block, "\n  response: {BLANK}");
    }
    block
}

/// Whether the visit's times are minutes and no clock times.
fn counts_minutes(cursor: &Cursor<'_>) -> bool {
    let modalities = &cursor.case.visit.modalities;
    modalities.iter().all(|m| m.clock.is_empty())
        && modalities.iter().any(|m| !m.durations.is_empty())
}

/// A time of day, as the note would write it.
pub struct TimeOfDay {
    pub minutes: u32,
    pub words: String,
    /// It is the end of a block, not the beginning of the session.
    pub after_block: bool,
}

/// When the next block begins: at the end of the last one above the line, else with the session.
pub fn next_start(cursor: &Cursor<'_>) -> Option<TimeOfDay> {
    let last = cursor.above().flat_map(|m| &m.clock).max_by_key(|r| r.end);
    let minutes = match last {
        Some(last) => last.end,
        None => cursor.case.session()?.clock?.start,
    };
    Some(TimeOfDay {
        minutes,
        words: written_like_the_note(cursor.analysis, cursor.piece, minutes),
        after_block: last.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_of_a_known_code() {
        assert_eq!(usual().count(), NAMES.len());
    }
}
