//! What a line can begin with: fields, sections, procedure codes, whole visits, the reader's phrases.

use jiff::civil::DateTime;

use super::codes::codes;
use super::context::Cursor;
use super::{Documentation, Insert, ItemKind, Offer};
use crate::chart::{FieldKind, Modality, SectionKind};
use crate::editor::next_visit::{self, NewVisit};

/// What a line can begin with.
pub fn line_start<'a>(
    cursor: &Cursor<'a>,
    start: usize,
    under: Option<&Modality>,
    now: DateTime,
) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    offer.searched = true;
    if offer.typed.split_whitespace().count() > 3 || offer.typed.is_empty() && !cursor.at_line_end {
        return offer;
    }
    let indented = start > cursor.line_start;
    if let Some(modality) = under {
        details(&mut offer, modality);
        if !offer.typed.is_empty() {
            codes(cursor, &mut offer, false);
        }
        return offer;
    }
    // Here clinicians write sentences: a word is no procedure yet.
    let prose = matches!(
        cursor.section,
        Some(SectionKind::Subjective | SectionKind::Assessment | SectionKind::Plan)
    );
    let preamble = is_preamble(cursor);
    if !indented {
        if !preamble {
            sections(cursor, &mut offer);
        }
        fields(cursor, &mut offer, preamble);
        visits(cursor, &mut offer, now);
        if only_part(cursor) {
            sections(cursor, &mut offer);
        }
    }
    if !preamble || only_part(cursor) {
        codes(cursor, &mut offer, !prose);
    }
    // What is meant as a word of prose begins fields as well: those that begin with it come first.
    let typed = offer.typed.to_lowercase();
    offer
        .items
        .sort_by_key(|item| !item.label.to_lowercase().starts_with(&typed));
    offer
}

/// Whether this is what stands before the first visit.
fn is_preamble(cursor: &Cursor<'_>) -> bool {
    cursor.case.visit.heading.is_none()
}

/// Whether the chart has no visit heading.
fn only_part(cursor: &Cursor<'_>) -> bool {
    cursor.analysis.pieces().len() == 1 && is_preamble(cursor)
}

fn begins(offer: &Offer<'_>, name: &str) -> bool {
    let typed = offer.typed.trim_end_matches(':');
    name.get(..typed.len())
        .is_some_and(|n| n.eq_ignore_ascii_case(typed))
}

fn sections(cursor: &Cursor<'_>, offer: &mut Offer<'_>) {
    for (kind, name, long, detail) in [
        (
            SectionKind::Subjective,
            "S:",
            "Subjective",
            "what the patient says",
        ),
        (SectionKind::Objective, "O:", "Objective", "what was found"),
        (SectionKind::Treatment, "Tx:", "Treatment", "what was done"),
        (SectionKind::Assessment, "A:", "Assessment", "what it means"),
        (SectionKind::Plan, "P:", "Plan", "what comes next"),
    ] {
        let there = cursor.case.visit.sections.iter().any(|s| s.kind == kind);
        if !there && (begins(offer, name) || begins(offer, long)) {
            offer.push(
                ItemKind::Section,
                name,
                detail,
                Insert::of(format!("{name} ")),
            );
        }
    }
}

fn fields(cursor: &Cursor<'_>, offer: &mut Offer<'_>, preamble: bool) {
    use FieldKind as F;
    const BEFORE: &[FieldKind] = &[
        F::Patient,
        F::Payer,
        F::Provider,
        F::Referral,
        F::PlanOfCare,
        F::Diagnosis,
        F::Goal,
        F::Limitation,
        F::Waive,
    ];
    const OF_VISIT: &[FieldKind] = &[
        F::Session,
        F::TimedMinutes,
        F::Diagnosis,
        F::Goal,
        F::Limitation,
        F::Signed,
        F::Addendum,
        F::Waive,
        F::Payer,
        F::Provider,
    ];
    let visit = cursor.case.visit;
    let mut kinds: Vec<FieldKind> = Vec::new();
    if preamble {
        kinds.extend(BEFORE);
    }
    if !preamble || only_part(cursor) {
        kinds.extend(OF_VISIT);
    }
    for kind in kinds {
        let repeats = matches!(kind, F::Diagnosis | F::Goal | F::Waive | F::Addendum);
        if !repeats && visit.field(kind).is_some() || kind == F::Addendum && !visit.is_signed() {
            continue;
        }
        let mut name = kind.key().to_owned();
        if kind == F::Goal {
            let goals = cursor.case.goals().count();
            name = format!("goal {}", goals + 1);
        }
        let others = crate::chart::field::KEYS.iter().find(|(k, _)| *k == kind);
        let known = others.is_some_and(|(_, all)| all.iter().any(|n| begins(offer, n)));
        if known || begins(offer, &name) {
            named(offer, kind, &name);
        }
    }
}

fn named(offer: &mut Offer<'_>, kind: FieldKind, name: &str) {
    let label = format!("{name}:");
    if let Some(item) = offer.push(
        ItemKind::Field,
        &label,
        detail(kind),
        Insert::of(format!("{label} ")),
    ) {
        item.documentation = Documentation::Key(format!("field:{}", kind.key()));
    }
}

fn detail(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Patient => "the patient's identifier",
        FieldKind::Payer => "who pays",
        FieldKind::Provider => "the treating clinician",
        FieldKind::Diagnosis => "ICD-10-CM codes",
        FieldKind::Goal => "activity, measure, time frame",
        FieldKind::Limitation => "what the patient cannot do now",
        FieldKind::Referral => "the order to treat",
        FieldKind::PlanOfCare => "dates, frequency, duration",
        FieldKind::Session => "the whole visit's time",
        FieldKind::TimedMinutes => "the total of the timed blocks",
        FieldKind::Technique => "the hands-on work",
        FieldKind::Region => "the part of the body, with its side",
        FieldKind::Response => "how the patient responded",
        FieldKind::Time => "when, or how many minutes",
        FieldKind::Note => "anything else worth saying",
        FieldKind::Signed => "name, credential, date",
        FieldKind::Addendum => "what is added after the signature",
        FieldKind::Waive => "rules not to apply, and why",
    }
}

/// The fields below a modality.
fn details(offer: &mut Offer<'_>, modality: &Modality) {
    use FieldKind as F;
    for kind in [
        F::Technique,
        F::Region,
        F::Response,
        F::Time,
        F::Diagnosis,
        F::Note,
        F::Waive,
    ] {
        let there = modality.details_of(kind).next().is_some();
        if (!there || kind == F::Note) && begins(offer, kind.key()) {
            named(offer, kind, kind.key());
        }
    }
}

/// A heading and whole visits.
fn visits(cursor: &Cursor<'_>, offer: &mut Offer<'_>, now: DateTime) {
    if !begins(offer, "visit") {
        return;
    }
    let today = now.date();
    let end = cursor.piece.start + cursor.at;
    let lines = |kind| {
        next_visit::lines(cursor.analysis, kind, today, end).join(
            "
",
        )
    };
    let label = format!("visit: {today}");
    offer.push(
        ItemKind::Visit,
        &label,
        "today's heading",
        Insert::of(&label),
    );
    if !cursor.at_line_end {
        return;
    }
    let empty = Insert::of(lines(NewVisit::Empty));
    let carried = Insert::of(lines(NewVisit::CarriedForward));
    let news = carried != empty;
    offer.push(
        ItemKind::Visit,
        "visit, empty",
        "a whole visit with blanks",
        empty,
    );
    if news {
        let detail = "the last visit's codes, regions and techniques; its findings blank";
        offer.push(ItemKind::Visit, "visit, carried forward", detail, carried);
    }
}

/// The reader's phrases, from the dot on.
pub fn phrases<'a>(cursor: &Cursor<'a>, start: usize) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let wanted = offer.typed[1..].to_lowercase();
    for (name, text) in &cursor.analysis.policy().phrases {
        if !name.to_lowercase().starts_with(&wanted) {
            continue;
        }
        let first: String = text
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(60)
            .collect();
        let insert = Insert::phrase(text);
        let shown = insert.plain.clone();
        if let Some(item) = offer.push(ItemKind::Phrase, &format!(".{name}"), &first, insert) {
            item.documentation = Documentation::Text(shown);
        }
    }
    offer
}
