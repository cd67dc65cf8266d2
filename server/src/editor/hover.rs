//! Hover: what the word under the pointer means for the bill.

use std::fmt::Write;

use super::{rule_of_counting, sum_in_words};
use crate::analysis::{Analysis, Part};
use crate::chart::{FieldKind, Goal, Modality, field, time};
use crate::policy::MassageAndManual;
use crate::reference::ncci::{self, Indicator};
use crate::reference::procedures::{Attendance, Procedure, Timing};
use crate::reference::{limits, modifiers, procedures};
use crate::rules::VisitCase;
use crate::text::Span;

/// An explanation of a span of the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it explains, in offsets of the document.
    pub span: Span,
    /// The explanation, in Markdown.
    pub markdown: String,
}

/// The explanation of what stands at an offset of the document.
pub fn hover(analysis: &Analysis, offset: usize) -> Option<Hover> {
    let part = analysis.part_at(offset)?;
    let case = analysis.case(part);
    let at = offset - part.start;
    let found = of_modality(&case, at)
        .or_else(|| of_goal(&case, at))
        .or_else(|| of_field(&case, at))
        .or_else(|| of_heading(&case, part, at));
    found.map(|(span, markdown)| Hover {
        span: span.shifted(part.start),
        markdown,
    })
}

fn of_modality(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
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
                "{} to {}: **{minutes} minutes**\n\n{}",
                time::clock(range.start),
                time::clock(range.end),
                share(case, modality)
            ),
            None => "This block ends before it begins.".to_owned(),
        };
        return Some((range.span, markdown));
    }
    if let Some(duration) = modality.durations.iter().find(|d| d.span.touches(at)) {
        return Some((
            duration.span,
            format!(
                "**{} minutes**\n\n{}",
                duration.minutes,
                share(case, modality)
            ),
        ));
    }
    detail_key(case, modality, at)
}

/// A modifier: what it says, when to use it, when not to.
pub(super) fn of_modifier(known: &modifiers::Modifier) -> String {
    let mut text = format!("**Modifier {}**: {}\n", known.code, sentence(known.label));
    let _ = write!(text, "\nUse it when: {}", sentence(known.use_when));
    if !known.careful.is_empty() {
        let _ = write!(text, "\n\nCareful: {}", sentence(known.careful));
    }
    text
}

/// The key of a detail line, such as `technique:`.
fn detail_key(case: &VisitCase<'_>, modality: &Modality, at: usize) -> Option<(Span, String)> {
    modality.details.iter().find_map(|detail| {
        let kind = detail.kind?;
        let line_start = case.text[..detail.span.start]
            .rfind(['\n', '\r'])
            .map_or(0, |i| i + 1);
        let lead = case.text[line_start..].len()
            - case.text[line_start..]
                .trim_start_matches([' ', '\t'])
                .len();
        let start = line_start + lead;
        let colon = case.text[start..].find(':')?;
        let key = Span::new(start, start + colon + 1);
        key.touches(at).then(|| (key, of_kind(kind)))
    })
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
pub(super) fn of_procedure(procedure: &Procedure) -> String {
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
        Timing::Undefined => "Unlisted: the note says what was done and how long.".to_owned(),
    };
    let attendance = match procedure.attendance {
        Attendance::OneOnOne => " One-on-one all the time.",
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
        return format!("{code} is untimed: its minutes earn no units.");
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
                Indicator::Never => "no modifier opens it",
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

fn of_goal(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let goal = case
        .visit
        .goals
        .iter()
        .find(|g| g.key.touches(at) || g.span.touches(at))?;
    let span = if goal.key.touches(at) {
        goal.key
    } else {
        goal.span
    };
    Some((span, goal_parts(goal)))
}

fn goal_parts(goal: &Goal) -> String {
    let line = |found: bool, part: &str, what: &str| {
        if found {
            format!("- {part}: found")
        } else {
            format!("- {part}: **missing** ({what})")
        }
    };
    format!(
        "**Goal**: payers look for three parts.\n\n{}\n{}\n{}",
        line(
            goal.activity.is_some(),
            "Activity",
            "what the patient will do, such as sit, drive or dress"
        ),
        line(
            goal.measure.is_some(),
            "Measure",
            "how much, such as minutes, distance or degrees"
        ),
        line(
            goal.time_frame.is_some(),
            "Time frame",
            "by when, such as a date or 4 weeks"
        ),
    )
}

fn of_field(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let field = case.visit.fields.iter().find(|f| f.key.touches(at))?;
    Some((field.key, of_kind(field.kind)))
}

pub(super) fn of_kind(kind: FieldKind) -> String {
    let what = match kind {
        FieldKind::Patient => "the patient's identifier. Soapstone never repeats it in a message.",
        FieldKind::Payer => {
            "who pays: a profile's name, such as medicare, commercial, auto or workers-comp, or one of your own in soapstone.toml. It decides how units are counted and which pairs are denied."
        }
        FieldKind::Provider => "who treats, with the credential.",
        FieldKind::Diagnosis => {
            "ICD-10-CM codes, separated by commas or semicolons, with words if you like. In the lines before the first visit they hold for every visit."
        }
        FieldKind::Goal => "what the patient will be able to do, how much, and by when.",
        FieldKind::Limitation => "what the patient cannot do now.",
        FieldKind::Referral => "the order to treat: dates, number of visits, by whom.",
        FieldKind::PlanOfCare => "the plan: dates, frequency, duration.",
        FieldKind::Session => {
            "the whole visit's time, as a clock range or in minutes. Every block lies within it."
        }
        FieldKind::TimedMinutes => {
            "the total of the timed blocks' minutes. Soapstone adds them up and compares."
        }
        FieldKind::Technique => "what the hands did, such as effleurage or joint mobilization.",
        FieldKind::Region => "the part of the body, with its side.",
        FieldKind::Response => "what came of it, best with a figure from before and after.",
        FieldKind::Time => "when, as a clock range, or how many minutes.",
        FieldKind::Note => "anything else worth saying.",
        FieldKind::Signed => "name, credential and date. A signed visit is finished.",
        FieldKind::Addendum => "what is added after the signature, with its date.",
        FieldKind::Waive => {
            "rules not to apply here, then the reason after \"because\". Without a reason it does nothing."
        }
    };
    let spellings = field::KEYS
        .iter()
        .find(|(k, _)| *k == kind)
        .map_or(&[][..], |(_, s)| *s);
    let others = match spellings {
        [_, others @ ..] if !others.is_empty() => {
            format!("\n\nAlso written: {}.", others.join(", "))
        }
        _ => String::new(),
    };
    format!("**{}**: {what}{others}", kind.key())
}

fn of_heading(case: &VisitCase<'_>, part: &Part, at: usize) -> Option<(Span, String)> {
    let heading = case.visit.heading.as_ref().filter(|h| h.span.touches(at))?;
    if !part.is_visit() || case.claim.allocations.codes().is_empty() {
        return None;
    }
    let markdown = format!(
        "**{} timed minutes, {}**\n\n{}; {}.\n\nPayer profile: {}",
        case.claim.timed_minutes,
        plural(case.claim.timed_units(), "unit"),
        sum_in_words(case),
        rule_of_counting(case),
        case.payer.name
    );
    Some((heading.span, markdown))
}

fn plural(count: u32, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// A phrase of a table as a sentence.
fn sentence(phrase: &str) -> String {
    let mut chars = phrase.chars();
    let first: String = chars
        .next()
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default();
    let end = if phrase.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{end}", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::text::Document;
    use std::sync::Arc;

    /// Hovers at the mark `^`, which is taken out first.
    fn at_mark(text: &str) -> String {
        let offset = text.find('^').unwrap();
        let document = Document::new(&text.replacen('^', "", 1));
        let analysis = Analysis::of(&document, &Arc::new(Policy::default()));
        hover(&analysis, offset).map_or_else(String::new, |h| {
            format!("{}|{}", document.slice(h.span), h.markdown)
        })
    }

    #[test]
    fn a_code() {
        let text = at_mark(
            "payer: medicare\nvisit: 2026-11-20\n97^124 lumbar 10:02-10:27\n97140 cervical 15 min\n",
        );
        assert!(text.starts_with("97124|**97124**: "), "{text}");
        for part in [
            "Timed",
            "25 min 97124 + 15 min 97140 = 40 min",
            "2 of them",
            "97140 on this visit: only 97140 is paid, no modifier opens it",
            "never pays",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn a_modifier_a_time_a_field_and_a_goal() {
        assert!(at_mark("97140-5^9 neck 15 min").starts_with("59|**Modifier 59**"));
        assert!(
            at_mark("97140 neck 10:0^2-10:27")
                .starts_with("10:02-10:27|10:02 to 10:27: **25 minutes**")
        );
        assert!(
            at_mark("97140 neck 15 min\n  tech^nique: x").starts_with("technique:|**technique**")
        );
        assert!(at_mark("pa^yer: medicare").starts_with("payer:|**payer**"));
        assert!(at_mark("goal 1: si^t 60 minutes").contains("Time frame: **missing**"));
        assert!(
            at_mark("visit: 2026-^11-20\n97124 back 25 min").contains("25 timed minutes, 2 units")
        );
        assert_eq!(at_mark("S: no^thing"), "");
    }
}
