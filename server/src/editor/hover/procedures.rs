//! Procedure codes, modifiers and times: what they mean, how they count, what they earn here.

use std::fmt::Write;

use super::{counted, sentence};
use crate::chart::{Inexact, Modality, time};
use crate::editor::{rule_of_counting, sum_in_words};
use crate::policy::MassageAndManual;
use crate::reference::ncci::Indicator;
use crate::reference::procedures::{Attendance, Once, Period, Procedure, Timing};
use crate::reference::{modifiers, procedures};
use crate::rules::VisitCase;
use crate::rules::wording::either;
use crate::text::Span;

/// What stands on a modality's line: its code, modifiers and times.
pub(super) fn of_modality(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let modality = case.visit.modalities.iter().find(|m| m.span.touches(at))?;
    if modality.code_span.touches(at) {
        return Some((modality.code_span, of_code(case, modality)));
    }
    if let Some(modifier) = modality.modifiers.iter().find(|m| m.span.touches(at)) {
        let code = &modifier.code;
        let unknown = || format!("**{code}** is not a modifier that Soapstone knows.");
        let markdown = modifiers::find(code).map_or_else(unknown, of_modifier);
        return Some((modifier.span, markdown));
    }
    let share = share(case, modality);
    if let Some(range) = modality.clock.iter().find(|r| r.span.touches(at)) {
        let Some(minutes) = range.minutes() else {
            return Some((range.span, "This block ends before it begins.".to_owned()));
        };
        let (start, end) = (time::clock(range.start), time::clock(range.end));
        let minutes = counted(minutes, "minute");
        let markdown = format!("{start} to {end}: **{minutes}**\n\n{share}");
        return Some((range.span, markdown));
    }
    let duration = modality.durations.iter().find(|d| d.span.touches(at))?;
    let minutes = counted(duration.minutes, "minute");
    let markdown = match duration.inexact {
        Inexact::No => format!("**{minutes}**\n\n{share}"),
        Inexact::Roughly => {
            format!("**About {minutes}**: payers ask for the exact minutes.\n\n{share}")
        }
        Inexact::Range => "A range of minutes cannot be billed.".to_owned(),
        Inexact::OfOne => {
            format!(
                "**{minutes}** for one set or one side: units are counted from the minutes of all of them."
            )
        }
    };
    Some((duration.span, markdown))
}

/// A modifier: what it says, when to use it, when not to.
pub fn of_modifier(known: &modifiers::Modifier) -> String {
    let mut text = format!("**Modifier {}**: {}\n", known.code, sentence(known.label));
    let _ = write!(text, "\nUse it when: {}", sentence(known.use_when));
    if !known.careful.is_empty() {
        let _ = write!(text, "\n\nCareful: {}", sentence(known.careful));
    }
    text
}

/// A procedure code: what it means, how it counts, what it excludes, what it earns here.
fn of_code(case: &VisitCase<'_>, modality: &Modality) -> String {
    let code = &modality.code;
    if let Some(old) = modality.retired {
        let (was, since) = (&old.was, &old.since_year);
        let mut text = format!("**{code}**: {was}, not valid since {since}.");
        for successor in &old.successors {
            let label = procedures::find(successor).map_or("", |p| p.label);
            let _ = write!(text, "\n\nNow: **{successor}** {label}.");
        }
        if !old.note.is_empty() {
            let _ = write!(text, "\n\n{}", old.note);
        }
        return text;
    }
    let Some(procedure) = modality.procedure else {
        return format!("**{code}** is not among the codes that Soapstone knows.");
    };
    let mut text = of_procedure(procedure);
    if procedure.timing.is_timed() {
        let _ = write!(text, "\n\n**Here**: {}", share(case, modality));
    }
    if let Some(limit) = case.policy.limits.find(code).filter(|l| l.practitioner > 0) {
        let units = counted(u32::from(limit.practitioner), "unit");
        let _ = write!(text, "\n\nMedicare expects at most {units} a day");
        let _ = write!(text, " (as of {}).", case.policy.limits.quarter.words());
    }
    let _ = write!(text, "\n\n{}{}", pairs(case, code), policy(case, code));
    text + "\n\n*In Soapstone's own words; not the text of CPT.*"
}

/// A procedure by itself: what it means and how it counts.
pub fn of_procedure(procedure: &Procedure) -> String {
    let mut text = format!("**{}**: {}\n", procedure.code, sentence(procedure.label));
    let timing = match procedure.timing {
        Timing::Quarter => "Timed: 15-minute units, pooled with the day's other timed codes.",
        Timing::First(period) => &format!(
            "Timed: one unit for the first {} minutes, {}.",
            period.minutes,
            at_least(period)
        ),
        Timing::Each(period) => &format!(
            "Timed: one unit for each {} minutes, {}, not pooled.",
            period.minutes,
            at_least(period)
        ),
        Timing::Untimed => "Untimed: one unit a day, whatever the minutes.",
        Timing::Counted => "Untimed: one unit for each part that was done, whatever the minutes.",
        Timing::Undefined => "Unlisted: the note must say what was done and for how long.",
    };
    let attendance = match procedure.attendance {
        Attendance::OneOnOne => " One-on-one the whole time.",
        Attendance::Supervised => " Supervised only.",
        Attendance::Group => " Two or more patients together.",
        Attendance::None => "",
    };
    let _ = write!(text, "\n{timing}{attendance}");
    if !procedure.adds_to.is_empty() {
        let first = either(&procedure.adds_to);
        let _ = write!(text, " Only beside {first}.");
    }
    match procedure.once_a {
        Once::Day => {}
        Once::Month => text.push_str(" Once a month."),
        Once::ThirtyDays => text.push_str(" Once in 30 days."),
    }
    for phrase in [procedure.belongs, procedure.payer_note] {
        if !phrase.is_empty() {
            let _ = write!(text, "\n\n{}", sentence(phrase));
        }
    }
    text
}

/// "from 16 minutes on".
fn at_least(period: Period) -> String {
    format!("from {} minutes on", period.least())
}

/// What a block earns in this visit.
fn share(case: &VisitCase<'_>, modality: &Modality) -> String {
    let claim = &case.claim;
    let Some(minutes) = modality.minutes().stated() else {
        return "the note does not say how long it took.".to_owned();
    };
    let code = &modality.code;
    if modality.is_counted() {
        return format!("{code} is untimed: one unit for each part that was done.");
    }
    if !modality.is_timed() {
        return format!("{code} is untimed: one unit a day, whatever its minutes.");
    }
    let plan = case.plan(modality);
    let own = claim.units_under(plan, code);
    if !modality.is_pooled() {
        return format!("{minutes} min, {}.", counted(own, "unit"));
    }
    if claim.incomplete {
        return format!("{minutes} min; another timed block has no minutes yet.");
    }
    let whose = match case.on_day(plan, code).count() {
        1 => "this block",
        _ => &format!("all blocks of {code} together"),
    };
    let (sum, rule) = (sum_in_words(case), rule_of_counting(case));
    let all = counted(claim.timed_units(), "unit");
    let text = format!("{sum}; {all} {rule}. {own} of them for {whose}.");
    match claim.bounds(plan, code) {
        Some((least, most)) if least != most => {
            format!("{text} Codes tie for the last unit: {least} or {most} is right.")
        }
        _ => text,
    }
}

/// The codes that the NCCI edits keep apart from this one; those on the visit first.
fn pairs(case: &VisitCase<'_>, code: &str) -> String {
    let on_the_visit = case.codes();
    let as_of = case.policy.edits.quarter.words();
    let (mut text, mut never, mut modifier) = (String::new(), Vec::new(), Vec::new());
    for pair in case.policy.edits.pairs_of(code) {
        let (other, paid) = if pair.column1.eq_ignore_ascii_case(code) {
            (pair.column2.as_str(), code)
        } else {
            (pair.column1.as_str(), pair.column1.as_str())
        };
        let (others, opens) = match pair.indicator {
            Indicator::Never => (&mut never, "no modifier bypasses the edit"),
            Indicator::WithModifier => (&mut modifier, "unless a modifier says they were distinct"),
        };
        others.push(other);
        if on_the_visit.contains(&other) {
            let _ = write!(text, "**{other} on this visit: only {paid} is paid");
            let _ = write!(text, ", {opens}.** ");
        }
    }
    if case.policy.edits.is_unlisted(code) {
        return format!(
            "Which codes NCCI pairs with this one is not in Soapstone's table (as of {as_of}); look it up."
        );
    }
    if never.is_empty() && modifier.is_empty() {
        return format!("NCCI has no pair with this code in its field (as of {as_of}).");
    }
    if !never.is_empty() {
        let _ = write!(text, "Never on one day with {}. ", never.join(", "));
    }
    if !modifier.is_empty() {
        let _ = write!(text, "Only with a modifier: {}. ", modifier.join(", "));
    }
    text + &format!("(NCCI, as of {as_of})")
}

/// What is known of the payer that bears on a code.
fn policy(case: &VisitCase<'_>, code: &str) -> String {
    let payer = case.payer;
    let mut facts = Vec::new();
    match payer.ncci {
        Some(true) => facts.push("follows the NCCI edits"),
        Some(false) => facts.push("has edits of its own instead of NCCI's"),
        None => {}
    }
    if matches!(code, "97124" | "97140") {
        facts.extend(payer.massage_and_manual().map(|policy| match policy {
            MassageAndManual::Modifier => {
                "pays massage and manual therapy together with a modifier"
            }
            MassageAndManual::Never => "never pays massage and manual therapy on one day",
            MassageAndManual::One => "takes only one of massage and manual therapy",
        }));
    }
    match &payer.accepts {
        Some(codes) if codes.iter().any(|c| c == code) => facts.push("takes this code"),
        Some(_) => facts.push("does not list this code"),
        None => {}
    }
    if facts.is_empty() {
        return String::new();
    }
    let (name, facts) = (&payer.name, facts.join("; "));
    format!("\n\nPayer profile \"{name}\": {facts}.")
}
