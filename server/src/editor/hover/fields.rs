//! Keys of fields, names of sections and names of rules in `waive:` lines.

use std::fmt::Write;

use super::sentence;
use crate::chart::{FieldKind, Modality, SectionKind};
use crate::editor::{line_start, waivers};
use crate::policy::{Waiver, nearest};
use crate::rules::{self, Rule, VisitCase};
use crate::text::Span;

/// The key of a field, also of one below a modality.
pub(super) fn of_key(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    if let Some(field) = case.visit.fields.iter().find(|f| f.key.touches(at)) {
        return Some((field.key, of_kind(field.kind)));
    }
    let modality = case.visit.modalities.iter().find(|m| m.span.touches(at))?;
    detail_key(case, modality, at)
}

/// The name of a section.
pub(super) fn of_section(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let section = case.visit.sections.iter().find(|s| s.name.touches(at))?;
    let text = match section.kind {
        SectionKind::Subjective => {
            "**Subjective**: what the patient says: complaint, pain score, what they cannot do, what changed since the last visit."
        }
        SectionKind::Objective => {
            "**Objective**: what you found and measured: range, tone, tenderness, tests, with numbers that can be measured again."
        }
        SectionKind::Assessment => {
            "**Assessment**: what it means: progress toward each goal, response to treatment, why skilled care is still needed."
        }
        SectionKind::Plan => {
            "**Plan**: what comes next: how often, for how long, what you will do, home program."
        }
        SectionKind::Treatment => {
            "**Treatment**: what was done: code, region, time, technique and response of each block."
        }
    };
    Some((section.name, text.to_owned()))
}

/// The rule whose name in a `waive:` line stands at a place.
pub(super) fn waived_rule(case: &VisitCase<'_>, at: usize) -> Option<&'static Rule> {
    let (_, name, _) = waived(case, at)?;
    rules::find_in(case.policy, &name)
}

/// The waiver at a place, with the name there.
fn waived(case: &VisitCase<'_>, at: usize) -> Option<(Waiver, String, Span)> {
    let value = waivers(case.visit).find(|v| v.touches(at))?;
    let mut waiver = Waiver::read(case.str(value), value.start);
    let here = waiver.rules.iter().position(|(_, span)| span.touches(at))?;
    let (name, span) = waiver.rules.swap_remove(here);
    Some((waiver, name, span))
}

/// The name of a rule in a `waive:` line.
pub(super) fn of_waiver(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let (waiver, name, span) = waived(case, at)?;
    let Some(rule) = rules::find_in(case.policy, &name) else {
        let near = nearest(&name, rules::ALL.iter().map(|r| r.name));
        let near = near.map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"));
        return Some((span, format!("There is no rule with this name.{near}")));
    };
    let summary: Vec<&str> = rule.summary().split_whitespace().collect();
    let mut text = format!("**{}**: {}", rule.name, sentence(&summary.join(" ")));
    if !waiver.has_reason {
        text.push_str("\n\nIt still applies here: a waiver needs its reason after \"because\".");
    }
    let _ = write!(text, "\n\nSource: {}", rule.source);
    Some((span, text))
}

/// The key of a detail line, such as `technique:`.
fn detail_key(case: &VisitCase<'_>, modality: &Modality, at: usize) -> Option<(Span, String)> {
    modality.details.iter().find_map(|detail| {
        let kind = detail.kind?;
        let line_start = line_start(case.text, detail.span.start);
        let line = case.text[line_start..].trim_start_matches([' ', '\t']);
        let start = case.text.len() - line.len();
        let key = Span::new(start, start + line.find(':')? + 1);
        key.touches(at).then(|| (key, of_kind(kind)))
    })
}

pub fn of_kind(kind: FieldKind) -> String {
    let what = match kind {
        FieldKind::Patient => "the patient's identifier. Soapstone never repeats it in a message.",
        FieldKind::Payer => {
            "who pays: a profile's name, such as medicare, commercial, auto or workers-comp, or one of your own in soapstone.toml. It decides how units are counted and which pairs are denied."
        }
        FieldKind::Provider => "the treating clinician, with the credential.",
        FieldKind::Diagnosis => {
            "ICD-10-CM codes, separated by commas or semicolons, with words if you like. In the lines before the first visit they apply to every visit."
        }
        FieldKind::Goal => "what the patient will be able to do, how much, and by when.",
        FieldKind::Limitation => "what the patient cannot do now.",
        FieldKind::Referral => "the order to treat: dates, number of visits, by whom.",
        FieldKind::Authorization => {
            "what the payer authorized: its number, how many visits or units, until when."
        }
        FieldKind::PlanOfCare => "the plan: dates, frequency, duration.",
        FieldKind::Session => {
            "the whole visit's time, as a clock range or in minutes. Every block lies within it."
        }
        FieldKind::TimedMinutes => {
            "the total of the timed blocks' minutes. Soapstone adds them up and compares."
        }
        FieldKind::Technique => "the hands-on work, such as effleurage or joint mobilization.",
        FieldKind::Region => "the part of the body, with its side.",
        FieldKind::Response => {
            "how the patient responded, best with a number from before and after."
        }
        FieldKind::Time => "when, as a clock range, or how many minutes.",
        FieldKind::Note => "anything else worth saying.",
        FieldKind::Signed => "name, credential and date. A signed visit is finished.",
        FieldKind::Addendum => "what is added after the signature, with its date.",
        FieldKind::Waive => {
            "rules not to apply here, then the reason after \"because\". Without a reason it does nothing."
        }
    };
    let text = format!("**{}**: {what}", kind.key());
    match kind.labels() {
        [_, others @ ..] if !others.is_empty() => {
            format!("{text}\n\nAlso written: {}.", others.join(", "))
        }
        _ => text,
    }
}
