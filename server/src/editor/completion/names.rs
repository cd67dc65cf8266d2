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
    if let Some(modality) = under {
        details(&mut offer, modality);
        if !offer.typed.is_empty() {
            codes(cursor, &mut offer, false);
        }
        return offer;
    }
    // Here clinicians write sentences: a word is no procedure yet.
    let prose = cursor
        .section
        .is_some_and(|section| !section.is_of_treatment());
    let preamble = is_preamble(cursor);
    if start == cursor.line_start {
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
    let begins = |label: &str| label.to_lowercase().starts_with(&typed);
    offer.items.sort_by_key(|item| !begins(&item.label));
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
    super::begins(name, offer.typed.trim_end_matches(':'))
}

fn sections(cursor: &Cursor<'_>, offer: &mut Offer<'_>) {
    use SectionKind as S;
    for (kind, name, long, detail) in [
        (S::Subjective, "S:", "Subjective", "what the patient says"),
        (S::Objective, "O:", "Objective", "what was found"),
        (S::Treatment, "Tx:", "Treatment", "what was done"),
        (S::Assessment, "A:", "Assessment", "what it means"),
        (S::Plan, "P:", "Plan", "what comes next"),
    ] {
        let there = cursor.case.visit.sections.iter().any(|s| s.kind == kind);
        if !there && (begins(offer, name) || begins(offer, long)) {
            let insert = Insert::of(format!("{name} "));
            offer.push(ItemKind::Section, name, detail, insert, Documentation::None);
        }
    }
}

fn fields(cursor: &Cursor<'_>, offer: &mut Offer<'_>, preamble: bool) {
    use FieldKind as F;
    const BEFORE: &[F] = &[
        F::Patient,
        F::Payer,
        F::Provider,
        F::Referral,
        F::Authorization,
        F::PlanOfCare,
        F::Diagnosis,
        F::Goal,
        F::Limitation,
        F::Waive,
    ];
    const OF_VISIT: &[F] = &[
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
    let before = if preamble { BEFORE } else { &[] };
    let whole = !preamble || only_part(cursor);
    let of_visit = if whole { OF_VISIT } else { &[] };
    for kind in before.iter().chain(of_visit).copied() {
        let repeats = matches!(kind, F::Diagnosis | F::Goal | F::Waive | F::Addendum);
        if !repeats && visit.field(kind).is_some() || kind == F::Addendum && !visit.is_signed() {
            continue;
        }
        let name = match kind {
            F::Goal => format!("goal {}", cursor.case.goals().count() + 1),
            _ => kind.key().to_owned(),
        };
        if kind.labels().iter().take(USUAL).any(|n| begins(offer, n)) || begins(offer, &name) {
            named(offer, kind, &name);
        }
    }
}

/// How many names of a field bring it up while one is typed: the rarer ones begin like half the words of a note.
const USUAL: usize = 6;

fn named(offer: &mut Offer<'_>, kind: FieldKind, name: &str) {
    let label = format!("{name}:");
    let insert = Insert::of(format!("{label} "));
    let key = Documentation::Key(format!("field:{}", kind.key()));
    offer.push(ItemKind::Field, &label, detail(kind), insert, key);
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
        FieldKind::Authorization => "visits or units, until when",
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
    let kinds = [F::Technique, F::Region, F::Response, F::Time, F::Diagnosis];
    for kind in kinds.into_iter().chain([F::Note, F::Waive]) {
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
    let (kind, none) = (ItemKind::Visit, Documentation::None);
    let today = now.date();
    offer.word(kind, &format!("visit: {today}"), "today's heading");
    if !cursor.at_line_end {
        return;
    }
    let end = cursor.piece.start + cursor.at;
    let whole = |kind| Insert::of(next_visit::lines(cursor.analysis, kind, today, end).join("\n"));
    let (empty, carried) = (whole(NewVisit::Empty), whole(NewVisit::CarriedForward));
    let detail = "a whole visit with blanks";
    offer.push(kind, "visit, empty", detail, empty.clone(), none.clone());
    if carried != empty {
        let detail = "the last visit's codes, regions and techniques; its findings blank";
        offer.push(kind, "visit, carried forward", detail, carried, none);
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
        let first = text.lines().next().unwrap_or_default();
        let first: String = first.chars().take(60).collect();
        let (label, insert) = (format!(".{name}"), Insert::phrase(text));
        let shown = Documentation::Text(insert.plain.clone());
        offer.push(ItemKind::Phrase, &label, &first, insert, shown);
    }
    offer
}
