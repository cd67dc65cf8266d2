//! How the units of a visit came about, in sentences.

use crate::billing::{Allocations, CodeMinutes, Counting, units_of};
use crate::editor::{counted, listed, sum_in_words};
use crate::reference::procedures::Timing;
use crate::rules::VisitCase;

/// The sentences, in the order in which one would reckon.
pub(super) fn sentences(case: &VisitCase<'_>) -> Vec<String> {
    let claim = &case.claim;
    let codes = claim.allocations.codes();
    let mut all = Vec::new();
    for code in codes {
        all.extend(added(case, &code.code));
    }
    if !codes.is_empty() && !claim.incomplete {
        match claim.counting {
            Counting::Cms => pooled(case, &mut all),
            Counting::Ama => all.extend(codes.iter().map(by_itself)),
        }
    }
    if claim.incomplete {
        let missing: Vec<&str> = codes
            .iter()
            .map(|c| c.code.as_str())
            .filter(|code| case.minutes_of(code).is_none())
            .collect();
        let have = if missing.len() == 1 { "has" } else { "have" };
        all.push(format!(
            "{} {have} a block without minutes, so the units are not final; {} so far.",
            listed(&missing),
            counted(claim.timed_minutes, "timed minute")
        ));
    }
    all.extend(unpooled(case));
    all.extend(otherwise(case));
    all
}

/// "97110 stands in 2 blocks; their minutes are added first: 10 + 13 = 23."
fn added(case: &VisitCase<'_>, code: &str) -> Option<String> {
    let minutes: Vec<u32> = case
        .modalities_of(code)
        .filter_map(|m| m.minutes().stated())
        .collect();
    if minutes.len() < 2 {
        return None;
    }
    let parts: Vec<String> = minutes.iter().map(ToString::to_string).collect();
    let sum: u32 = minutes.iter().sum();
    Some(format!(
        "{code} stands in {} blocks; their minutes are added first: {} = {sum}.",
        minutes.len(),
        parts.join(" + ")
    ))
}

/// The 8-minute rule: the day's total, whole quarters of an hour, then what is left over.
fn pooled(case: &VisitCase<'_>, all: &mut Vec<String>) {
    let allocations = &case.claim.allocations;
    let total = case.claim.timed_minutes;
    let units = allocations.total();
    if allocations.codes().len() > 1 {
        all.push(format!("{}.", sum_in_words(case)));
    }
    if units == 0 {
        all.push(format!(
            "{} make no unit: the first unit begins at 8 minutes.",
            counted(total, "timed minute")
        ));
        return;
    }
    all.push(format!(
        "{} make {} ({} to {} minutes).",
        counted(total, "timed minute"),
        counted(units, "unit"),
        if units == 1 { 8 } else { 15 * units - 7 },
        15 * units + 7
    ));
    if allocations.codes().len() > 1 {
        shared_out(case, allocations, units, all);
    }
}

fn shared_out(case: &VisitCase<'_>, allocations: &Allocations, units: u32, all: &mut Vec<String>) {
    let codes = allocations.codes();
    let whole: Vec<String> = codes
        .iter()
        .filter(|c| c.minutes >= 15)
        .map(|c| format!("{} for {}", c.minutes / 15, c.code))
        .collect();
    if !whole.is_empty() {
        all.push(format!(
            "Full 15-minute units come first: {}.",
            whole.join(", ")
        ));
    }
    let left = units - codes.iter().map(|c| c.minutes / 15).sum::<u32>();
    if left == 0 {
        let over = codes.iter().any(|c| c.minutes % 15 > 0);
        if over {
            all.push("What is left over does not reach another unit.".to_owned());
        }
        return;
    }
    let bounds = |c: &CodeMinutes| allocations.bounds(&c.code).unwrap_or_default();
    let won: Vec<String> = codes
        .iter()
        .filter(|c| bounds(c).0 > c.minutes / 15)
        .map(|c| format!("{} ({} left over)", c.code, c.minutes % 15))
        .collect();
    let tied: Vec<&CodeMinutes> = codes.iter().filter(|c| bounds(c).0 < bounds(c).1).collect();
    let rest = match left {
        1 => "The unit that is left goes".to_owned(),
        _ => format!("The {left} units that are left go"),
    };
    if !won.is_empty() {
        let won: Vec<&str> = won.iter().map(String::as_str).collect();
        // With a tie only some of the units are decided by this.
        let rest = match tied.as_slice() {
            [] => rest,
            _ if won.len() == 1 => "One of the units that are left goes".to_owned(),
            _ => format!("{} of the units that are left go", won.len()),
        };
        all.push(format!(
            "{rest} to the most minutes left over: {}.",
            listed(&won)
        ));
    }
    all.extend(tie(case, &tied));
}

fn tie(case: &VisitCase<'_>, tied: &[&CodeMinutes]) -> Option<String> {
    let first = tied.first()?;
    let names: Vec<&str> = tied.iter().map(|c| c.code.as_str()).collect();
    let with_one_more: Vec<&str> = tied
        .iter()
        .filter(|c| case.claim.units_of(&c.code) > c.minutes / 15)
        .map(|c| c.code.as_str())
        .collect();
    let left = first.minutes % 15;
    let which = match (names.len(), with_one_more.len()) {
        (2, 1) => "the last unit may go to either".to_owned(),
        (_, 1) => "the last unit may go to any of them".to_owned(),
        (_, n) => format!("the last {n} units may go to any {n} of them"),
    };
    let claimed = case.claimed();
    let as_claimed = tied.iter().all(|c| claimed.contains_key(&c.code));
    let reason = if as_claimed {
        ", as the note claims"
    } else if tied.iter().any(|c| c.minutes != first.minutes) {
        ", by more minutes in all"
    } else {
        ", by the order of the note"
    };
    Some(format!(
        "{} tie with {} left over each: {which}, and the choice is yours. Here: {}{reason}.",
        listed(&names),
        counted(left, "minute"),
        listed(&with_one_more)
    ))
}

/// The midpoint rule.
fn by_itself(code: &CodeMinutes) -> String {
    let units = units_of(code.minutes);
    if units == 0 {
        return format!(
            "{}: {} make no unit: the first unit begins at 8 minutes.",
            code.code,
            counted(code.minutes, "minute")
        );
    }
    format!(
        "{}, by itself: {} make {} ({} to {} minutes).",
        code.code,
        counted(code.minutes, "minute"),
        counted(units, "unit"),
        if units == 1 { 8 } else { 15 * units - 7 },
        15 * units + 7
    )
}

/// The codes that are not pooled.
fn unpooled(case: &VisitCase<'_>) -> Vec<String> {
    let (mut untimed, mut all) = (Vec::new(), Vec::new());
    for code in case.codes() {
        let procedure = case.modalities_of(code).next().and_then(|m| m.procedure);
        match procedure.map(|p| p.timing) {
            Some(Timing::Untimed) => untimed.push(code),
            Some(Timing::First { minutes } | Timing::Each { minutes }) => all.push(format!(
                "{code} has its own periods of {minutes} minutes: {}.",
                counted(case.claim.units_of(code), "unit")
            )),
            Some(Timing::Quarter | Timing::Undefined) | None => {}
        }
    }
    match untimed.as_slice() {
        [] => {}
        [one] => all.push(format!("{one} is untimed: one unit, whatever its minutes.")),
        several => all.push(format!(
            "{} are untimed: one unit each, whatever their minutes.",
            listed(several)
        )),
    }
    all
}

/// What the other way of counting would give, where it is not known how the payer counts.
fn otherwise(case: &VisitCase<'_>) -> Option<String> {
    let otherwise = case.claim.otherwise.as_ref()?;
    if case.payer.counting.is_some() || case.claim.incomplete {
        return None;
    }
    let codes = otherwise.codes().iter().zip(otherwise.suggested());
    let shares: Vec<String> = codes
        .filter(|(_, units)| *units > 0)
        .map(|(code, units)| format!("{units} of {}", code.code))
        .collect();
    let shares: Vec<&str> = shares.iter().map(String::as_str).collect();
    let allows = match shares.as_slice() {
        [] => "no unit".to_owned(),
        shares => listed(shares),
    };
    Some(format!(
        "A payer that counts {} allows {allows}.",
        match case.claim.counting {
            Counting::Cms => "each code by itself (AMA midpoint rule)",
            Counting::Ama => "the day's minutes together (CMS 8-minute rule)",
        }
    ))
}
