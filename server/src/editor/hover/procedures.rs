//! Procedure codes, modifiers and times: what they mean, how they count, what they earn here.

use std::fmt::Write;

use super::{plural, sentence};
use crate::chart::{Inexact, Modality, time};
use crate::editor::{rule_of_counting, sum_in_words};
use crate::policy::MassageAndManual;
use crate::reference::ncci::{self, Indicator};
use crate::reference::procedures::{Attendance, Procedure, Timing};
use crate::reference::{limits, modifiers, procedures};
use crate::rules::VisitCase;
use crate::text::Span;

/// What stands on a modality's line: its code, modifiers and times.
pub(super) fn of_modality(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let modality = case.visit.modalities.iter().find(|m| m.span.touches(at))?;
    if modality.code_span.touches(at) {
        return Some((modality.code_span, of_code(case, modality)));
    }
    if let Some(modifier) = modality.modifiers.iter().find(|m| m.span.touches(at)) {
        let markdown = match modifiers::find(&modifier.code) {
            Some(known) => of_modifier(known),
            None => format!(
                "**{}** is not a modifier that Soapstone knows.",
                modifier.code
            ),
        };
        return Some((modifier.span, markdown));
    }
    if let Some(range) = modality.clock.iter().find(|r| r.span.touches(at)) {
        let markdown = match range.minutes() {
            Some(minutes) => format!(
                "{} to {}: **{}**\n\n{}",
                time::clock(range.start),
                time::clock(range.end),
                plural(minutes, "minute"),
                share(case, modality)
            ),
            None => "This block ends before it begins.".to_owned(),
        };
        return Some((range.span, markdown));
    }
    if let Some(duration) = modality.durations.iter().find(|d| d.span.touches(at)) {
        let minutes = plural(duration.minutes, "minute");
        let markdown = match duration.inexact {
            Inexact::No => format!("**{minutes}**\n\n{}", share(case, modality)),
            Inexact::Roughly => format!(
                "**About {minutes}**: payers ask for the exact minutes.\n\n{}",
                share(case, modality)
            ),
            Inexact::Range => "A range of minutes cannot be billed.".to_owned(),
        };
        return Some((duration.span, markdown));
    }
    None
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
        let mut text = format!(
            "**{code}**: {}, not valid since {}.",
            old.was, old.since_year
        );
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
    if let Some(limit) = limits::find(code).filter(|l| l.practitioner > 0) {
        let _ = write!(
            text,
            "\n\nMedicare expects at most {} a day (as of {}).",
            plural(u32::from(limit.practitioner), "unit"),
            limits::AS_OF
        );
    }
    let _ = write!(text, "\n\n{}", pairs(case, code));
    let _ = write!(text, "{}", policy(case, code));
    text.push_str("\n\n*In Soapstone's own words; not the text of CPT.*");
    text
}

/// A procedure by itself: what it means and how it counts.
pub fn of_procedure(procedure: &Procedure) -> String {
    let mut text = format!("**{}**: {}\n", procedure.code, sentence(procedure.label));
    let timing = match procedure.timing {
        Timing::Quarter => {
            "Timed: 15-minute units, pooled with the day's other timed codes.".to_owned()
        }
        Timing::First { minutes } => format!("Timed: one unit for the first {minutes} minutes."),
        Timing::Each { minutes } => {
            format!("Timed: one unit for each {minutes} minutes, not pooled.")
        }
        Timing::Untimed => "Untimed: one unit a day, whatever the minutes.".to_owned(),
        Timing::Undefined => {
            "Unlisted: the note must say what was done and for how long.".to_owned()
        }
    };
    let attendance = match procedure.attendance {
        Attendance::OneOnOne => " One-on-one the whole time.",
        Attendance::Supervised => " Supervised only.",
        Attendance::Group => " Two or more patients together.",
        Attendance::None => "",
    };
    let _ = write!(text, "\n{timing}{attendance}");
    if !procedure.belongs.is_empty() {
        let _ = write!(text, "\n\n{}", sentence(procedure.belongs));
    }
    if !procedure.payer_note.is_empty() {
        let _ = write!(text, "\n\n{}", sentence(procedure.payer_note));
    }
    text
}

/// What a block earns in this visit.
fn share(case: &VisitCase<'_>, modality: &Modality) -> String {
    let claim = &case.claim;
    let Some(minutes) = modality.minutes().stated() else {
        return "the note does not say how long it took.".to_owned();
    };
    let code = &modality.code;
    if !modality.is_timed() {
        return format!("{code} is untimed: one unit a day, whatever its minutes.");
    }
    if !modality.is_pooled() {
        return format!("{minutes} min, {}.", plural(claim.units_of(code), "unit"));
    }
    if claim.incomplete {
        return format!("{minutes} min; another timed block has no minutes yet.");
    }
    let several = case.modalities_of(code).count() > 1;
    let whose = if several {
        format!("all blocks of {code} together")
    } else {
        "this block".to_owned()
    };
    let mut text = format!(
        "{}; {} {}. {} of them for {whose}.",
        sum_in_words(case),
        plural(claim.timed_units(), "unit"),
        rule_of_counting(case),
        claim.units_of(code)
    );
    if let Some((least, most)) = claim
        .allocations
        .bounds(code)
        .filter(|(least, most)| least != most)
    {
        let _ = write!(
            text,
            " Codes tie for the last unit: {least} or {most} is right."
        );
    }
    text
}

/// The codes that the NCCI edits keep apart from this one; those on the visit first.
fn pairs(case: &VisitCase<'_>, code: &str) -> String {
    let on_the_visit = case.codes();
    let (mut here, mut never, mut modifier) = (Vec::new(), Vec::new(), Vec::new());
    for pair in ncci::pairs_of(code) {
        let (other, paid) = if pair.column1.eq_ignore_ascii_case(code) {
            (pair.column2, code)
        } else {
            (pair.column1, pair.column1)
        };
        if on_the_visit.contains(&other) {
            let opens = match pair.indicator {
                Indicator::Never => "no modifier bypasses the edit",
                Indicator::WithModifier => "unless a modifier says they were distinct",
            };
            here.push(format!(
                "{other} on this visit: only {paid} is paid, {opens}"
            ));
        }
        match pair.indicator {
            Indicator::Never => never.push(other),
            Indicator::WithModifier => modifier.push(other),
        }
    }
    if never.is_empty() && modifier.is_empty() {
        return format!(
            "NCCI has no pair with this code in its field (as of {}).",
            ncci::AS_OF
        );
    }
    let mut text = String::new();
    for sentence in here {
        let _ = write!(text, "**{sentence}.** ");
    }
    if !never.is_empty() {
        let _ = write!(text, "Never on one day with {}. ", never.join(", "));
    }
    if !modifier.is_empty() {
        let _ = write!(text, "Only with a modifier: {}. ", modifier.join(", "));
    }
    let _ = write!(text, "(NCCI, as of {})", ncci::AS_OF);
    text
}

/// What is known of the payer that bears on a code.
fn policy(case: &VisitCase<'_>, code: &str) -> String {
    let payer = case.payer;
    let mut facts = Vec::new();
    match payer.ncci {
        Some(true) => facts.push("follows the NCCI edits".to_owned()),
        Some(false) => facts.push("has edits of its own instead of NCCI's".to_owned()),
        None => {}
    }
    if matches!(code, "97124" | "97140") {
        facts.extend(payer.massage_and_manual().map(|policy| {
            match policy {
                MassageAndManual::Modifier => {
                    "pays massage and manual therapy together with a modifier"
                }
                MassageAndManual::Never => "never pays massage and manual therapy on one day",
                MassageAndManual::One => "takes only one of massage and manual therapy",
            }
            .to_owned()
        }));
    }
    if let Some(codes) = &payer.accepts {
        let accepted = codes.iter().any(|c| c == code);
        facts.push(
            if accepted {
                "takes this code"
            } else {
                "does not list this code"
            }
            .to_owned(),
        );
    }
    if facts.is_empty() {
        return String::new();
    }
    format!(
        "\n\nPayer profile \"{}\": {}.",
        payer.name,
        facts.join("; ")
    )
}
