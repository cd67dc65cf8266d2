//! What a visit says, without the form in which it says it: two texts that say the same are the
//! same note.

use std::fmt::Write;

use super::applied;
use crate::chart::{
    Field, FieldKind, Goal, Modality, Visit, WrittenDate, authorization, date, referral, time,
};
use crate::rules::Edit;
use crate::text::Span;

/// What the visit says, in an order and a form of its own.
pub fn said(text: &str, visit: &Visit) -> String {
    let mut out = String::new();
    if let Some(heading) = &visit.heading {
        let value = heading.value.map_or("", |v| &text[v.range()]);
        let _ = writeln!(out, "visit {:?} {}", visit.day(), with_dates(value));
    }
    for section in &visit.sections {
        let _ = writeln!(out, "section {:?}", section.kind);
    }
    for prose in &visit.prose {
        let words = words(&text[prose.span.range()]);
        let _ = writeln!(out, "prose {:?} {words}", prose.section);
    }
    for field in &visit.fields {
        let value = field.value.map_or(String::new(), |v| value(text, field, v));
        let _ = writeln!(out, "{:?} in {:?}: {value}", field.kind, field.section);
    }
    for field in &visit.unknown_fields {
        let key = words(&text[field.key.range()]);
        let _ = writeln!(out, "unknown {key} {}", field.in_modality);
    }
    for diagnosis in &visit.diagnoses {
        let _ = writeln!(out, "dx {} {:?}", diagnosis.code, diagnosis.kind);
    }
    for goal in &visit.goals {
        write_goal(&mut out, text, goal);
    }
    for modality in &visit.modalities {
        write_modality(&mut out, text, modality);
    }
    let preamble = visit.heading.is_none();
    let authorizations = authorization::authorizations(text, visit);
    for (_, plan) in referral::referrals(text, visit, preamble)
        .chain(referral::plans(text, visit))
        .chain(authorizations.map(|(field, read)| (field, read.days)))
    {
        let day = |d: Option<WrittenDate>| d.and_then(|d| d.day);
        let _ = writeln!(
            out,
            "plan {:?} {:?} {:?} {} {:?} {}",
            day(plan.from),
            day(plan.to),
            plan.visits,
            plan.counts_visits,
            plan.weeks,
            plan.has_placeholder
        );
    }
    out
}

fn write_goal(out: &mut String, text: &str, goal: &Goal) {
    let part = |span: Option<Span>| span.map(|s| with_dates(&text[s.range()]));
    let _ = writeln!(
        out,
        "goal {:?} {:?} {:?} {:?} {:?} {} {:?}",
        goal.number,
        part(goal.activity),
        part(goal.measure),
        part(goal.time_frame),
        goal.due,
        goal.impairment,
        part(goal.by_therapist)
    );
}

fn write_modality(out: &mut String, text: &str, modality: &Modality) {
    let _ = write!(out, "{}", modality.code);
    if modality.proposed.is_some() {
        let _ = write!(out, "?");
    }
    for modifier in &modality.modifiers {
        let _ = write!(out, "-{}", modifier.code);
    }
    for range in &modality.clock {
        let _ = write!(out, " {}-{} {}", range.start, range.end, range.ambiguous);
    }
    for duration in &modality.durations {
        let _ = write!(out, " {}{:?}", duration.minutes, duration.inexact);
    }
    let _ = write!(
        out,
        " {:?} {:?} {} {:?}",
        modality.minutes(),
        modality.figure.map(|figure| figure.minutes),
        modality.time_placeholder,
        modality.claimed.map(|c| c.units)
    );
    for diagnosis in &modality.diagnoses {
        let _ = write!(out, " {} {:?}", diagnosis.code, diagnosis.kind);
    }
    for region in &modality.regions {
        let _ = write!(
            out,
            " {:?} {} {:?} {} {}",
            region.regions, region.one_of, region.side, region.decisive, region.laterally_split
        );
    }
    for technique in &modality.techniques {
        let name = words(&text[technique.range.clone()]);
        let _ = write!(out, " {name} {}", technique.decisive);
    }
    let line = Span::new(
        modality.modifiers_end,
        modality.line.end.max(modality.modifiers_end),
    );
    let _ = writeln!(out, "\n{}", with_clock(&text[line.range()]).to_lowercase());
    for detail in &modality.details {
        let words = with_clock(&text[detail.span.range()]);
        let _ = match detail.kind {
            Some(FieldKind::Diagnosis) => writeln!(out, "dx {}", words.to_lowercase()),
            kind => writeln!(out, "{kind:?} {words}"),
        };
    }
}

fn value(text: &str, field: &Field, span: Span) -> String {
    let value = &text[span.range()];
    match field.kind {
        FieldKind::Session => with_clock(value),
        FieldKind::Diagnosis => words(value).to_lowercase(),
        FieldKind::Goal
        | FieldKind::Referral
        | FieldKind::Authorization
        | FieldKind::PlanOfCare
        | FieldKind::Signed
        | FieldKind::Addendum => with_dates(value),
        _ => words(value),
    }
}

/// The words with one space between them.
fn words(text: &str) -> String {
    let mut words: Vec<&str> = text.split([' ', '\t', '\n', '\r']).collect();
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// The words, each date in one form.
fn with_dates(text: &str) -> String {
    let dates = date::find_in(text, 0).into_iter();
    let named = dates.filter_map(|WrittenDate { span, day }| {
        let text = day?.to_string();
        Some(Edit { span, text })
    });
    words(&applied(text, &named.collect::<Vec<_>>()))
}

/// The words, each clock range in one form.
fn with_clock(text: &str) -> String {
    let ranges = time::clock_ranges(text, 0);
    let named = ranges.iter().map(|r| {
        let [start, end] = r.ends.map(|end| &text[end.range()]);
        let (span, text) = (r.span, format!("{start}-{end}"));
        Edit { span, text }
    });
    words(&applied(text, &named.collect::<Vec<_>>()))
}
