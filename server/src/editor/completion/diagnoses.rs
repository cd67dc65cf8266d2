//! Diagnosis codes: the chart's own, and those that the clinician looks for by code or by words.

use super::context::Cursor;
use super::{Documentation, Insert, ItemKind, Offer, begins_words};
use crate::chart::DiagnosisKind;
use crate::reference::icd10::{Entry, Release, common};

/// So many codes of a category are offered in its place.
const MOST_OF_CATEGORY: usize = 12;
/// So many codes are looked at.
const MOST_FOUND: usize = 40;
/// With so many codes whose own words fit, those of which only the category's fit are not offered.
const ENOUGH: usize = 12;

/// The codes of a `dx:` field.
pub fn of_field<'a>(cursor: &Cursor<'a>, start: usize) -> Offer<'a> {
    let mut offer = Offer::at(cursor, cursor.last_of_list(start));
    // A code with words after it is written out.
    let first = offer.typed.split_whitespace().next().unwrap_or_default();
    let entry = cursor.case.release().find(first);
    if !entry.is_some_and(|e| e.billable) || offer.typed.trim_end().len() <= first.len() {
        offer_codes(cursor, &mut offer);
    }
    offer
}

/// The codes that a modality points to: above all those of the visit.
pub fn pointer<'a>(cursor: &Cursor<'a>, start: usize) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let before = cursor.before.to_ascii_uppercase();
    for code in of_visit(cursor) {
        if !before.contains(&code) {
            own(cursor, &mut offer, &code);
        }
    }
    offer_codes(cursor, &mut offer);
    offer
}

/// The codes that hold for the visit.
pub fn of_visit(cursor: &Cursor<'_>) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for diagnosis in cursor.case.diagnoses() {
        if diagnosis.kind == DiagnosisKind::Icd10 && !codes.contains(&diagnosis.code) {
            codes.push(diagnosis.code.clone());
        }
    }
    codes
}

/// The codes that hold for the visit, but the one that is being typed.
fn others_of_visit(cursor: &Cursor<'_>) -> Vec<String> {
    let own = cursor.case.visit.diagnoses.iter();
    let others = own.filter(|d| d.span.end != cursor.at);
    let before = cursor.case.preamble.into_iter();
    let before = before.flat_map(|(_, visit)| &visit.diagnoses);
    others.chain(before).map(|d| d.code.clone()).collect()
}

fn offer_codes(cursor: &Cursor<'_>, offer: &mut Offer<'_>) {
    let there = others_of_visit(cursor);
    let typed = cursor.case.visit.diagnoses.iter();
    let typed = typed.rev().find(|d| d.span.end == cursor.at);
    let typed = typed.map_or("", |d| &d.code);
    for diagnosis in cursor.case.chart_diagnoses {
        let code = diagnosis.split(' ').next().unwrap_or_default();
        // What is being typed is read as a code of the chart, too.
        if code != typed && !there.iter().any(|c| c == code) {
            own(cursor, offer, code);
        }
    }
    let release = cursor.case.release();
    let typed = offer.typed.trim();
    // What is typed next may find something.
    offer.searched = true;
    let finished = release.find(typed).is_some_and(|entry| entry.billable);
    if finished || typed.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
        return;
    }
    let mut found = search(release, typed);
    found.retain(|e| !there.contains(&e.code));
    let (billable, categories): (Vec<_>, Vec<_>) = found.into_iter().partition(|e| e.billable);
    // A word of a category is a word of all its codes, and not what was meant by most of them.
    let by_code = typed.contains(|c: char| c.is_ascii_digit());
    let is_near =
        |e: &Entry| by_code || common::find(&e.code).is_some() || begins_words(&e.title, typed);
    let (near, far): (Vec<_>, Vec<_>) = billable.into_iter().partition(is_near);
    for entry in &near {
        add(offer, entry, "");
    }
    for category in &categories {
        if offer.items.len() >= ENOUGH {
            return;
        }
        for entry in release.billable_under(&category.code, MOST_OF_CATEGORY) {
            if !there.contains(&entry.code) {
                add(offer, &entry, "");
            }
        }
    }
    for entry in &far {
        if offer.items.len() < ENOUGH {
            add(offer, entry, "");
        }
    }
}

/// The codes that fit. A letter that ends the query is a side, or a word that is being typed: `low b` finds `Low back pain`.
fn search(release: &Release, typed: &str) -> Vec<Entry> {
    let by_side = release.search(typed, MOST_FOUND);
    let begun = typed.rsplit_once(' ').filter(|(_, last)| {
        let mut letters = last.chars();
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
    });
    let Some((before, _)) = begun else {
        return by_side;
    };
    let mut found = release.search(before, MOST_FOUND);
    found.retain(|entry| begins_words(&entry.title, typed));
    for entry in by_side {
        if found.iter().all(|known| known.code != entry.code) {
            found.push(entry);
        }
    }
    found
}

/// A code that the chart holds, if it fits what was typed by its number or its words.
fn own(cursor: &Cursor<'_>, offer: &mut Offer<'_>, code: &str) {
    let entry = cursor.case.release().find(code).unwrap_or_else(|| Entry {
        code: code.to_owned(),
        title: String::new(),
        billable: true,
    });
    // The dot may be left out.
    let plain = |s: &str| s.replace('.', "").to_ascii_uppercase();
    let by_code = plain(code).starts_with(&plain(offer.typed.trim()));
    if by_code || offer.fits(&entry.title) {
        add(offer, &entry, "in this chart");
    }
}

fn add(offer: &mut Offer<'_>, entry: &Entry, remark: &str) {
    let code = &entry.code;
    let mut detail = vec![entry.title.as_str(), remark];
    detail.retain(|part| !part.is_empty());
    if !entry.billable {
        detail.push("not billable: needs more characters");
    }
    let documentation = match common::weakness(code) {
        Some(_) => Documentation::Key(format!("diagnosis:{code}")),
        None => Documentation::None,
    };
    let (kind, detail) = (ItemKind::Diagnosis, detail.join(" · "));
    offer.push(kind, code, &detail, Insert::of(code), documentation);
    // Whoever types on looks for a word of the title as well, and an editor may not ask again.
    if let Some(item) = offer.items.last_mut().filter(|item| item.label == *code) {
        item.filter = format!("{} {}", item.filter, entry.title);
    }
}
