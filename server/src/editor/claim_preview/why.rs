//! How the units of a visit came about, in sentences.

use std::fmt::Display;

use crate::billing::{CodeMinutes, Counting, Discipline, units_of};
use crate::editor::{counted, other_counting, sum_of};
use crate::length::Length;
use crate::reference::procedures::{Period, Timing};
use crate::rules::wording::list;
use crate::rules::{VisitCase, unique};

/// The sentences, in the order in which one would reckon.
pub(super) fn sentences(case: &VisitCase<'_>) -> Vec<String> {
    let claim = &case.claim;
    let mut all = Vec::new();
    all.extend(case.of_several_visits().map(|visits| {
        format!(
            "The {visits} visits of this day are one claim, and their minutes are counted together."
        )
    }));
    let disciplines = claim.disciplines.as_slice();
    if disciplines.len() > 1 {
        all.push("Each plan of care is counted by itself.".to_owned());
    }
    if claim.by_total {
        all.push(made(
            claim.timed_minutes,
            "timed minute",
            claim.timed_units(),
        ));
        all.push(
            "The note gives no minutes for each code, so the units stand as it claims them, up to that."
                .to_owned(),
        );
        all.extend(unpooled(case));
        return all;
    }
    for discipline in disciplines {
        let codes = discipline.allocations.codes().iter();
        all.extend(codes.filter_map(|c| added(case, discipline.plan, &c.code)));
    }
    if claim.incomplete {
        let is_missing = |d: &Discipline, code: &str| case.minutes_of(d.plan, code).is_none();
        let missing = disciplines.iter().flat_map(|d| {
            let codes = d.allocations.codes().iter().map(|c| c.code.as_str());
            codes.filter(move |code| is_missing(d, code))
        });
        let missing: Vec<&str> = missing.collect();
        let have = if missing.len() == 1 { "has" } else { "have" };
        all.push(format!(
            "{} {have} a block without minutes, so the units are not final; {} so far.",
            list(&missing),
            counted(claim.timed_minutes, "timed minute")
        ));
    } else {
        for discipline in disciplines {
            match (discipline.plan, disciplines.len()) {
                (_, 1) => {}
                (Some(plan), _) => all.push(format!("{plan}:")),
                (None, _) => all.push("Without a plan of care:".to_owned()),
            }
            match claim.counting {
                Counting::Cms => pooled(case, discipline, &mut all),
                Counting::Ama => all.extend(discipline.allocations.codes().iter().map(by_itself)),
            }
        }
    }
    all.extend(unpooled(case));
    all.extend(otherwise(case));
    all
}

/// "97110 stands in 2 blocks; their minutes are added first: 10 + 13 = 23."
fn added(case: &VisitCase<'_>, plan: Option<&'static str>, code: &str) -> Option<String> {
    let blocks = case.on_day(plan, code).map(|b| b.modality);
    let minutes: Vec<Length> = blocks.filter_map(|m| m.minutes().stated()).collect();
    let parts: Vec<String> = minutes.iter().map(ToString::to_string).collect();
    let (count, parts, sum) = (
        parts.len(),
        parts.join(" + "),
        minutes.into_iter().sum::<Length>(),
    );
    (count > 1).then(|| {
        format!("{code} stands in {count} blocks; their minutes are added first: {parts} = {sum}.")
    })
}

/// "23 timed minutes make 2 units (23 to 37 minutes)."
fn made(minutes: impl Display + PartialEq<u32> + Copy, noun: &str, units: u32) -> String {
    let minutes = counted(minutes, noun);
    if units == 0 {
        return format!("{minutes} make no unit: the first unit begins at 8 minutes.");
    }
    let from = if units == 1 { 8 } else { 15 * units - 7 };
    let (units, to) = (counted(units, "unit"), 15 * units + 7);
    format!("{minutes} make {units} ({from} to {to} minutes).")
}

/// The 8-minute rule: the day's total, whole quarters of an hour, then what is left over.
fn pooled(case: &VisitCase<'_>, discipline: &Discipline, all: &mut Vec<String>) {
    let allocations = &discipline.allocations;
    let units = allocations.total();
    let several = allocations.codes().len() > 1;
    if several {
        all.push(format!("{}.", sum_of(discipline)));
    }
    all.push(made(discipline.timed_minutes, "timed minute", units));
    if several && units > 0 {
        shared_out(case, discipline, units, all);
    }
}

fn shared_out(case: &VisitCase<'_>, discipline: &Discipline, units: u32, all: &mut Vec<String>) {
    let allocations = &discipline.allocations;
    let codes = allocations.codes();
    let whole = codes.iter().filter(|c| c.full_units() > 0);
    let whole = whole.map(|c| format!("{} for {}", c.full_units(), c.code));
    let whole = whole.collect::<Vec<_>>().join(", ");
    if !whole.is_empty() {
        all.push(format!("Full 15-minute units come first: {whole}."));
    }
    let left = units - codes.iter().map(CodeMinutes::full_units).sum::<u32>();
    if left == 0 {
        if codes.iter().any(|c| c.left_over() != 0) {
            all.push("What is left over does not reach another unit.".to_owned());
        }
        return;
    }
    let bounds = |c: &CodeMinutes| allocations.bounds(&c.code).unwrap_or_default();
    let won = codes.iter().filter(|c| bounds(c).0 > c.full_units());
    let won = won.map(|c| format!("{} ({} left over)", c.code, c.left_over()));
    let won: Vec<String> = won.collect();
    let tied: Vec<&CodeMinutes> = codes.iter().filter(|c| bounds(c).0 < bounds(c).1).collect();
    if !won.is_empty() {
        // With a tie only some of the units are decided by this.
        let rest = match (tied.len(), won.len(), left) {
            (0, _, 1) => "The unit that is left goes".to_owned(),
            (0, ..) => format!("The {left} units that are left go"),
            (_, 1, _) => "One of the units that are left goes".to_owned(),
            (_, some, _) => format!("{some} of the units that are left go"),
        };
        let won = list(&won);
        all.push(format!("{rest} to the most minutes left over: {won}."));
    }
    all.extend(tie(case, discipline.plan, &tied));
}

fn tie(case: &VisitCase<'_>, plan: Option<&'static str>, tied: &[&CodeMinutes]) -> Option<String> {
    let first = tied.first()?;
    let names: Vec<&str> = tied.iter().map(|c| c.code.as_str()).collect();
    let more = tied
        .iter()
        .filter(|c| case.claim.units_under(plan, &c.code) > c.full_units());
    let with_one_more: Vec<&str> = more.map(|c| c.code.as_str()).collect();
    let which = match (names.len(), with_one_more.len()) {
        (2, 1) => "the last unit may go to either".to_owned(),
        (_, 1) => "the last unit may go to any of them".to_owned(),
        (_, n) => format!("the last {n} units may go to any {n} of them"),
    };
    let claimed = case.claimed(plan);
    let reason = if tied.iter().all(|c| claimed.contains_key(&c.code)) {
        ", as the note claims"
    } else if tied.iter().any(|c| c.minutes != first.minutes) {
        ", by more minutes in all"
    } else {
        ", by the order of the note"
    };
    Some(format!(
        "{} tie with {} left over each: {which}, and the choice is yours. Here: {}{reason}.",
        list(&names),
        counted(first.left_over(), "minute"),
        list(&with_one_more)
    ))
}

/// The midpoint rule.
fn by_itself(code: &CodeMinutes) -> String {
    let units = units_of(code.minutes.minutes());
    let by_itself = if units == 0 { "" } else { ", by itself" };
    format!(
        "{}{by_itself}: {}",
        code.code,
        made(code.minutes, "minute", units)
    )
}

/// The codes that are not pooled.
fn unpooled(case: &VisitCase<'_>) -> Vec<String> {
    let (mut untimed, mut all) = (Vec::new(), Vec::new());
    let blocks = || case.day_blocks.iter().map(|b| b.modality);
    for code in unique(blocks().map(|m| m.code.as_str())) {
        let procedure = blocks().find(|m| m.code == code).and_then(|m| m.procedure);
        match procedure.map(|p| p.timing) {
            Some(Timing::Untimed) => untimed.push(code),
            Some(Timing::First(Period { minutes, .. }) | Timing::Each(Period { minutes, .. })) => {
                all.push(format!(
                    "{code} has its own periods of {minutes} minutes: {}.",
                    counted(case.claim.units_of(code), "unit")
                ));
            }
            Some(Timing::Counted) => all.push(format!(
                "{code} counts the parts that were done: {}.",
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
            list(several)
        )),
    }
    all
}

/// What the other way of counting would give, where it is not known how the payer counts.
fn otherwise(case: &VisitCase<'_>) -> Option<String> {
    let [discipline] = case.claim.disciplines.as_slice() else {
        return None;
    };
    let otherwise = discipline.otherwise.as_ref()?;
    if case.payer.counting.is_some() || case.claim.incomplete {
        return None;
    }
    let codes = otherwise.codes().iter().zip(otherwise.suggested());
    let shares = codes.filter(|(_, units)| *units > 0);
    let shares = shares.map(|(code, units)| format!("{units} of {}", code.code));
    let allows = match shares.collect::<Vec<_>>().as_slice() {
        [] => "no unit".to_owned(),
        shares => list(shares),
    };
    let how = other_counting(case.claim.counting);
    Some(format!("A payer that counts {how} allows {allows}."))
}
