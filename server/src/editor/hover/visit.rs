//! The whole visit: its heading and its session time.

use std::fmt::Write;

use super::counted;
use crate::analysis::{Analysis, Piece};
use crate::billing::Counting;
use crate::chart::time;
use crate::editor::standing::Standing;
use crate::editor::{of_day, rule_of_counting, sum_in_words};
use crate::length::Length;
use crate::reference::procedures;
use crate::rules::VisitCase;
use crate::text::Span;

/// The heading of a visit.
pub(super) fn of_heading(
    analysis: &Analysis,
    piece: &Piece,
    case: &VisitCase<'_>,
    at: usize,
) -> Option<(Span, String)> {
    let heading = case.visit.heading.as_ref().filter(|h| h.span.touches(at))?;
    if !case.visit.is_treated() {
        return None;
    }
    let mut text = units(case);
    let visit = Standing::of(analysis).number_of(piece.start);
    if let Some((number, all)) = visit.and_then(|v| Some((v.number, v.of?))) {
        let _ = write!(text, "\n\nVisit {number} of {all} on the referral.");
    }
    let payer = super::literal(&case.payer.name);
    let _ = write!(text, "\n\nPayer profile: {payer}");
    Some((heading.span, text))
}

/// The value of a `session:` line.
pub(super) fn of_session(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let session = case.session().filter(|s| s.value.touches(at))?;
    let Some(minutes) = session.minutes else {
        let text = "This session has no time that can be counted.".to_owned();
        return Some((session.value, text));
    };
    let mut text = format!("**{} of session**", counted(minutes, "minute"));
    if let Some(range) = session.clock {
        let (start, end) = (time::clock(range.start), time::clock(range.end));
        text = format!("{start} to {end}: {text}");
    }
    if case.visit.is_treated() {
        text.push_str(&in_blocks(case, minutes));
        let _ = write!(text, "\n\n{}", units(case));
    }
    Some((session.value, text))
}

/// How much of the session is in blocks; nothing where no block says its time.
fn in_blocks(case: &VisitCase<'_>, session: u32) -> String {
    let blocks = case.visit.modalities.iter();
    let stated = blocks.filter_map(|m| m.minutes().stated());
    let blocks = stated.sum::<Length>().minutes();
    if blocks == 0 {
        return String::new();
    }
    let mut modalities = case.visit.modalities.iter();
    let open = modalities.any(|m| m.minutes().stated().is_none());
    let head = format!("\n\nThe blocks take {}", counted(blocks, "minute"));
    match session.checked_sub(blocks) {
        None => {
            let over = counted(blocks - session, "minute");
            format!("{head}, {over} more than the session.")
        }
        Some(_) if open => format!("{head} so far; not every block gives its time."),
        Some(0) => format!("{head}: all of it."),
        Some(1) => format!("{head}; 1 minute is in no block."),
        Some(rest) => format!("{head}; {rest} minutes are in no block."),
    }
}

/// The whole sum: minutes, units, and how they are shared out.
fn units(case: &VisitCase<'_>) -> String {
    let claim = &case.claim;
    let codes: Vec<_> = claim.pooled_codes().collect();
    let mut text = if claim.incomplete {
        let minutes = counted(claim.timed_minutes, "minute");
        format!("**{minutes} timed so far**: a timed block has no minutes yet.")
    } else if codes.is_empty() {
        "**No timed minutes**".to_owned()
    } else {
        let (minutes, units) = (claim.timed_minutes, counted(claim.timed_units(), "unit"));
        let (sum, rule) = (sum_in_words(case), rule_of_counting(case));
        let day = of_day(case);
        format!("**{minutes} timed minutes, {units}{day}**\n\n{sum}; {rule}.")
    };
    let mut lines = Vec::new();
    let pooled = claim.disciplines.iter().filter(|_| !claim.incomplete);
    let pooled = pooled.flat_map(|d| d.allocations.codes().iter().map(move |code| (d, code)));
    for (discipline, code) in pooled {
        let units = claim.units_under(discipline.plan, &code.code);
        if claim.by_total {
            lines.push(format!("- {}: {}", code.code, counted(units, "unit")));
            continue;
        }
        let sharing = match (code.full_units(), code.left_over()) {
            (0, _) => format!("{} min", code.minutes),
            (full, none) if none == 0 => format!("{full} × 15 min"),
            (full, rest) => format!("{full} × 15 min and {rest} left over"),
        };
        let units = match discipline.allocations.bounds(&code.code) {
            Some((least, most)) if least != most => format!("{least} or {most} units (a tie)"),
            _ => counted(units, "unit"),
        };
        lines.push(format!("- {}: {sharing}, {units}", code.code));
    }
    let pooled = |code: &str| codes.iter().any(|c| c.code == code);
    for line in claim.lines.iter().filter(|l| !pooled(&l.code)) {
        let how = match procedures::find(&line.code).map(|p| p.timing.is_timed()) {
            Some(true) if !claim.incomplete => "not pooled",
            Some(false) => "untimed",
            _ => continue,
        };
        let units = counted(line.units, "unit");
        lines.push(format!("- {}: {how}, {units}", line.code));
    }
    if !lines.is_empty() {
        let _ = write!(text, "\n\n{}", lines.join("\n"));
    }
    if !claim.incomplete
        && case.payer.counting.is_none()
        && let [discipline] = claim.disciplines.as_slice()
        && let Some(other) = &discipline.otherwise
    {
        let how = match claim.counting {
            Counting::Cms => "each code by itself",
            Counting::Ama => "all timed minutes together",
        };
        let shares = other.codes().iter().zip(other.suggested());
        let shares = shares.map(|(code, units)| format!("{units} for {}", code.code));
        let shares = shares.collect::<Vec<_>>().join(", ");
        let _ = write!(text, "\n\nA payer that counts {how} allows {shares}.");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::at_mark;

    const BLOCKS: &str =
        "97124 lumbar 10:02-10:27\n97140-59 neck 10:27-10:42\n97010 lumbar 8 min\n";

    #[test]
    fn a_heading_says_the_whole_sum() {
        assert_eq!(
            at_mark(&format!("payer: medicare\nvisit: 2026-^11-20\n{BLOCKS}")),
            "visit: 2026-11-20|**40 timed minutes, 3 units**\n\n\
             25 min 97124 + 15 min 97140 = 40 min; by the CMS 8-minute rule, all timed minutes together.\n\n\
             - 97124: 1 × 15 min and 10 left over, 2 units\n- 97140: 1 × 15 min, 1 unit\n- 97010: untimed, 1 unit\n\n\
             Payer profile: medicare"
        );
        let counted = at_mark(&format!(
            "referral: 2026-10-01, 6 visits\nvisit: 2026^-11-20\n{BLOCKS}"
        ));
        assert!(
            counted.contains("Visit 1 of 6 on the referral."),
            "{counted}"
        );
        assert_eq!(at_mark("visit: 2026-^11-20\nno show\n"), "");
    }

    #[test]
    fn a_session_and_what_is_in_no_block() {
        let hover =
            |session: &str| at_mark(&format!("visit: 2026-11-20\nsession: {session}\n{BLOCKS}"));
        let text = hover("10:00-10:^50");
        assert!(text.starts_with("10:00-10:50|10:00 to 10:50: **50 minutes of session**\n\nThe blocks take 48 minutes; 2 minutes are in no block."), "{text}");
        assert!(text.contains("3 units"), "{text}");
        assert!(hover("4^0 min").contains("8 minutes more than the session"));
        assert!(hover("la^ter").contains("no time that can be counted"));
    }

    #[test]
    fn a_tie_and_another_way_of_counting_are_said() {
        let text = at_mark("visit: 2026-^11-20\n97112 20 min\n97110 20 min\n");
        assert!(
            text.contains("97112: 1 × 15 min and 5 left over, 1 or 2 units (a tie)"),
            "{text}"
        );
        assert!(
            text.contains("counts each code by itself allows 1 for 97112, 1 for 97110"),
            "{text}"
        );
    }
}
