//! The units of each visit: minutes, the rule they were counted by, claim lines, ties.

use std::fmt::Write;

use super::counted;
use super::notes::Note;
use crate::analysis::Piece;
use crate::billing::fees::estimate;
use crate::billing::{Allocations, Claim, ClaimLine, Counting};
use crate::editor::claim_preview::payer_words;
use crate::editor::{other_counting, with_modifiers};
use crate::reference::fees::year;
use crate::reference::procedures;
use crate::rules::wording::list;

/// The visits of a note in which something was done.
pub(super) fn visits(note: &Note) -> impl Iterator<Item = &Piece> {
    let pieces = note.analysis.pieces();
    pieces.filter(|p| p.is_visit() && p.visit.is_treated())
}

/// The first visits of the note's days: what is billed on one date to one payer is one claim.
pub(super) fn days(note: &Note) -> impl Iterator<Item = &Piece> {
    visits(note).filter(|piece| piece.begins_day())
}

/// A block for each of the days, if wanted with what Medicare allows for it.
pub(super) fn of_days<'a>(
    note: &Note,
    days: impl Iterator<Item = &'a Piece>,
    with_fees: bool,
) -> String {
    let mut out = String::new();
    for piece in days {
        day(&mut out, note, piece);
        if with_fees {
            let _ = writeln!(out, "    {}", fees(note, piece));
        }
    }
    out
}

/// "2026-11-20, medicare: 40 timed min = 3 units (CMS 8-minute rule)".
pub(super) fn headline(note: &Note, piece: &Piece) -> String {
    let day = piece.visit.day().map(|day| day.to_string());
    let day = day.as_deref().unwrap_or("No date");
    let payer = payer_words(&piece.judgement.payer);
    let visits = match note.analysis.visits_of_day(piece).len() {
        1 => String::new(),
        visits => format!(" ({visits} visits)"),
    };
    format!("{day}{visits}, {payer}: {}", sum(&piece.judgement.claim))
}

fn day(out: &mut String, note: &Note, piece: &Piece) {
    let judgement = &piece.judgement;
    let claim = &judgement.claim;
    let _ = writeln!(out, "  {}", headline(note, piece));
    if claim.disciplines.len() > 1 {
        for discipline in &claim.disciplines {
            let plan = discipline.plan.unwrap_or("No plan of care named");
            let (minutes, units) = (
                discipline.timed_minutes,
                units(discipline.allocations.total()),
            );
            let _ = writeln!(out, "    {plan}: {minutes} timed min = {units}");
        }
    }
    let named: Vec<String> = claim.lines.iter().map(code).collect();
    let width = named.iter().map(String::len).max().unwrap_or(0);
    let lines = claim.lines.iter();
    let minutes: Vec<String> = lines.map(|line| minutes(line, claim.by_total)).collect();
    let most = minutes.iter().map(String::len).max().unwrap_or(0);
    for ((line, name), minutes) in claim.lines.iter().zip(&named).zip(&minutes) {
        let units = units(line.units);
        let _ = writeln!(out, "    {name:width$}  {minutes:>most$}  {units}");
    }
    if claim.incomplete {
        out.push_str(
            "    The minutes of a timed code are missing, so these units are only a beginning.\n",
        );
    }
    for tie in claim.disciplines.iter().filter_map(|d| tie(&d.allocations)) {
        let _ = writeln!(out, "    {tie}");
    }
    let payer = note.analysis.policy().find(&judgement.payer);
    let counting_known = payer.is_some_and(|p| p.counting.is_some());
    let otherwise = claim
        .disciplines
        .iter()
        .filter_map(|d| d.otherwise.as_ref());
    for otherwise in otherwise.filter(|_| !counting_known) {
        let how = other_counting(claim.counting);
        let shares = shares(otherwise, &otherwise.suggested());
        let _ = writeln!(out, "    A payer that counts {how} allows {shares}.");
    }
}

/// What Medicare allows for each line of a day, in cents; none where the fee table is not of its year, or the
/// units are only a beginning.
pub(super) fn allowed(note: &Note, piece: &Piece) -> Option<Vec<Option<u64>>> {
    let claim = &piece.judgement.claim;
    let is_of_year = piece.visit.day().is_some_and(|day| day.year() == year());
    let fees = &note.analysis.policy().fees;
    (is_of_year && !claim.incomplete).then(|| estimate(&claim.lines, |code| fees.price(code)))
}

/// "Medicare allows about $54.12 (estimate, national, 2026)."
fn fees(note: &Note, piece: &Piece) -> String {
    let claim = &piece.judgement.claim;
    let Some(amounts) = allowed(note, piece) else {
        return if claim.incomplete {
            "No estimate of what Medicare allows while minutes are missing.".to_owned()
        } else {
            format!(
                "No estimate of what Medicare allows: the fees are those of {}.",
                year()
            )
        };
    };
    let all: u64 = amounts.iter().flatten().sum();
    let lines = claim.lines.iter().zip(&amounts);
    let unpriced = lines.filter(|(line, amount)| amount.is_none() && line.units > 0);
    let unpriced: Vec<String> = unpriced.map(|(line, _)| code(line)).collect();
    let without = if unpriced.is_empty() {
        String::new()
    } else {
        format!(", without {}", list(&unpriced))
    };
    let remark = note.analysis.policy().fees.remark();
    let (dollars, cents) = (all / 100, all % 100);
    format!("Medicare allows about ${dollars}.{cents:02}{without} ({remark}).")
}

/// "40 timed min = 3 units (CMS 8-minute rule)".
fn sum(claim: &Claim) -> String {
    if claim.timed_minutes == 0 {
        let yet = if claim.incomplete { " yet" } else { "" };
        return format!("no timed minutes{yet}");
    }
    let (minutes, units) = (claim.timed_minutes, units(claim.timed_units()));
    let rule = match claim.counting {
        Counting::Cms => "CMS 8-minute rule",
        Counting::Ama => "AMA midpoint rule, each code by itself",
    };
    format!("{minutes} timed min = {units} ({rule})")
}

/// "25 min"; an untimed code need not say any.
fn minutes(line: &ClaimLine, by_total: bool) -> String {
    let timed = procedures::find(&line.code).is_some_and(|p| p.timing.is_timed());
    match line.minutes {
        none if none == 0 && by_total => String::new(),
        none if none == 0 && timed => "? min".to_owned(),
        none if none == 0 => String::new(),
        minutes => format!("{minutes} min"),
    }
}

/// "97124-59".
fn code(line: &ClaimLine) -> String {
    with_modifiers(&line.code, &line.modifiers)
}

/// What a tie leaves to the clinician.
fn tie(allocations: &Allocations) -> Option<String> {
    if !allocations.is_tie() {
        return None;
    }
    let codes = allocations.codes().iter().map(|c| c.code.as_str());
    let bounds = codes.filter_map(|code| Some((code, allocations.bounds(code)?)));
    let tied = bounds.clone().filter(|(_, (least, most))| least < most);
    let tied: Vec<&str> = tied.map(|(code, _)| code).collect();
    let least: u32 = bounds.map(|(_, (least, _))| least).sum();
    let (left, all) = (allocations.total().saturating_sub(least), list(&tied));
    Some(match (tied.as_slice(), left) {
        ([one, other], 1) => format!("{one} and {other} tie: the last unit may go to either."),
        (_, 1) => format!("{all} tie: the last unit may go to any one of them."),
        _ => format!("{all} tie: the last {left} units may go to any {left} of them."),
    })
}

/// "97112 x2, 97110 x1".
fn shares(allocations: &Allocations, units: &[u32]) -> String {
    let codes = allocations.codes().iter().zip(units);
    let shares: Vec<String> = codes
        .filter(|(_, units)| **units > 0)
        .map(|(code, units)| format!("{} x{units}", code.code))
        .collect();
    if shares.is_empty() {
        "none".to_owned()
    } else {
        shares.join(", ")
    }
}

fn units(number: u32) -> String {
    counted(usize::try_from(number).unwrap_or(usize::MAX), "unit")
}
