//! Diagnosis codes.

use std::fmt::Write;

use super::{counted, sentence};
use crate::chart::Diagnosis;
use crate::policy::Level;
use crate::reference::icd10::common::weakness;
use crate::reference::icd10::{Entry, Release, Side, icd9};
use crate::rules::VisitCase;
use crate::rules::diagnoses::{self, Standing};
use crate::text::Span;

/// No more children of a category than this are listed.
const CHILDREN: usize = 8;
/// No more other names than this.
const NAMES: usize = 5;
/// No more Excludes1 notes than this.
const NOTES: usize = 6;
/// A word of prose longer than this is no code.
const LONGEST: usize = 8;

/// A code of a `dx` line, or one that a modality points to.
pub(super) fn of_diagnosis(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let diagnosis = diagnoses::own(case.visit).find(|d| d.span.touches(at))?;
    let release = case.release();
    let text = match diagnoses::standing(release, case.text, diagnosis) {
        Standing::Billable(entry) | Standing::Category(entry) => of_entry(case, &entry),
        Standing::Unknown | Standing::Shapeless => of_unknown(release, diagnosis),
        Standing::Icd9 => of_icd9(release, diagnosis),
        Standing::Procedure => format!(
            "**{}** has the shape of a hospital procedure code (ICD-10-PCS), not of a diagnosis.",
            diagnosis.code
        ),
        Standing::None => return None,
    };
    Some((diagnoses::written(case.text, diagnosis), text))
}

/// A code in prose: with its dot, and only one that there is.
pub(super) fn of_prose(case: &VisitCase<'_>, at: usize) -> Option<(Span, String)> {
    let prose = super::words::open_words(case, at)?;
    let no_code = |c: char| !c.is_ascii_alphanumeric() && c != '.';
    let before = case.text[prose.start..at].rsplit(no_code).next()?;
    let after = case.text[at..prose.end].split(no_code).next()?;
    let start = at - before.len();
    let word = case.text[start..at + after.len()].trim_end_matches('.');
    let span = Span::new(start, start + word.len());
    if word.len() > LONGEST || word.find('.') != Some(3) || !span.touches(at) {
        return None;
    }
    let entry = case.release().find(word)?;
    Some((span, of_entry(case, &entry)))
}

fn of_entry(case: &VisitCase<'_>, entry: &Entry) -> String {
    let release = case.release();
    let code = &entry.code;
    let mut text = format!("**{code}**: {}\n\n", sentence(&entry.title));
    if entry.billable {
        text.push_str("It can be billed.");
    } else {
        category(&mut text, release, code);
    }
    if let Some(side) = side(release, code) {
        let _ = write!(text, " {side}");
    }
    if let Some(weakness) = weakness(code) {
        let _ = write!(text, " {}", weakness.reason());
    }
    let names = release.synonyms(code);
    if !names.is_empty() {
        let shown: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
        let _ = write!(text, "\n\nAlso called: {}", sentence(&shown.join("; ")));
    }
    let clashes = clashes(case, code);
    if !clashes.is_empty() {
        let _ = write!(text, "\n\n{}", clashes.join(" "));
    }
    let notes = release.exclusions(code);
    if !notes.is_empty() {
        let _ = write!(text, "\n\nNot together with (Excludes1):\n");
        for exclusion in notes.iter().take(NOTES) {
            let _ = write!(text, "\n- {}", exclusion.note.trim_end_matches('.'));
        }
        if notes.len() > NOTES {
            let _ = write!(text, "\n- and {} more", notes.len() - NOTES);
        }
    }
    let _ = write!(text, "\n\n*{}*", source(release));
    text
}

/// `ICD-10-CM April 2026`, as the release calls itself.
fn source(release: &Release) -> String {
    format!("ICD-10-CM {}", release.name())
}

fn category(text: &mut String, release: &Release, code: &str) {
    match icd9::once_billable(code) {
        Some(year) => {
            let split = "it was split into more specific codes.";
            let _ = write!(text, "**Not billable** since {year}-10-01: {split}");
        }
        None => text.push_str("**Not billable**: a category of more specific codes."),
    }
    let children = release.children(code);
    for child in children.iter().take(CHILDREN) {
        let _ = write!(text, "\n- {} {}", child.code, child.title);
    }
    if children.len() > CHILDREN {
        let _ = write!(text, "\n- and {} more", children.len() - CHILDREN);
    }
    if !children.is_empty() {
        text.push_str("\n\n");
    }
}

fn side(release: &Release, code: &str) -> Option<String> {
    let of = |side| release.sided(code, side).map(|entry| entry.code);
    Some(
        match (release.side(code)?, of(Side::Right), of(Side::Left)) {
            (Side::Right, _, Some(left)) => format!("Right side; {left} is the left."),
            (Side::Right, _, None) => "Right side.".to_owned(),
            (Side::Left, Some(right), _) => format!("Left side; {right} is the right."),
            (Side::Left, None, _) => "Left side.".to_owned(),
            (Side::Both, ..) => "Both sides.".to_owned(),
            (Side::Unspecified, right, left) => {
                let (right, left) = right.zip(left)?;
                format!("It does not specify the side: {right} is the right, {left} the left.")
            }
        },
    )
}

/// What stands beside it in this visit and may not.
fn clashes(case: &VisitCase<'_>, code: &str) -> Vec<String> {
    let release = case.release();
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for (_, other, _) in diagnoses::all(case) {
        let other = other.code.as_str();
        if other.is_empty() || other == code || seen.contains(&other) {
            continue;
        }
        seen.push(other);
        let why = match diagnoses::clash(release, code, other) {
            Some(Level::Information) => {
                "ICD-10-CM bars the two unless they are separate conditions"
            }
            Some(_) => "an Excludes1 note keeps the two apart",
            None => continue,
        };
        found.push(format!("**{other} is here too**: {why}."));
    }
    found
}

fn of_unknown(release: &Release, diagnosis: &Diagnosis) -> String {
    let (code, source) = (&diagnosis.code, source(release));
    let mut text = format!("**{code}** is not in {source}; newer codes are not known here.");
    if let Some(near) = release.nearest(code) {
        let _ = write!(text, "\n\nNearest: **{}** {}.", near.code, near.title);
    }
    text
}

fn of_icd9(release: &Release, diagnosis: &Diagnosis) -> String {
    let code = &diagnosis.code;
    let mut text = format!("**{code}** is an ICD-9 code, not valid since 2015-10-01.");
    let successors = icd9::successors(code).unwrap_or_default();
    if !successors.is_empty() {
        let codes = counted(u32::try_from(successors.len()).unwrap_or(0), "code");
        let _ = write!(text, "\n\n{codes} in its place:");
        for code in successors.iter().take(CHILDREN) {
            let title = release.find(code).map_or_else(String::new, |e| e.title);
            let _ = write!(text, "\n- {code} {title}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::at_mark;

    fn has(text: &str, parts: &[&str]) {
        let hover = at_mark(text);
        for part in parts {
            assert!(hover.contains(part), "{part}: {hover}");
        }
    }

    #[test]
    fn a_code_and_what_collides_with_it() {
        has(
            "dx: M54.5^0 low back pain; M54.41",
            &[
                "M54.50|**M54.50**: Low back pain, unspecified.",
                "It can be billed.",
                "Lumbago NOS",
                "**M54.41 is here too**: an Excludes1 note",
                "lumbago with sciatica (M54.4-)",
                "*ICD-10-CM FY2027 (in force since October 2026)*",
            ],
        );
        has("dx: M25.5^11", &["Right side; M25.512 is the left."]);
        has(
            "dx: M25.5^19",
            &["does not specify the side: M25.511 is the right"],
        );
        assert!(!at_mark("dx: M54.5^0; M25.511").contains("is here too"));
        has(
            "dx: M54.2\nvisit: 2026-11-20\n97140 neck 15 min dx M54^.2",
            &["M54.2|**M54.2**: Cervicalgia."],
        );
    }

    #[test]
    fn a_category_and_what_is_no_code() {
        has(
            "dx: M54.^5 back",
            &[
                "M54.5|",
                "**Not billable** since 2021-10-01",
                "- M54.50 Low back",
            ],
        );
        has("dx: M5^4", &["**Not billable**: a category", "- and "]);
        has(
            "dx: M54.^22",
            &[
                "is not in ICD-10-CM FY2027 (in force since October 2026)",
                "Nearest: **M54.2** Cervicalgia.",
            ],
        );
        has("dx: 72^4.2", &["ICD-9", "- M54.50 Low back pain"]);
        assert_eq!(at_mark("dx: _^__"), "");
    }

    #[test]
    fn a_code_in_prose_has_its_dot() {
        has(
            "S: x\nA: M54.5^0 improving, see M54.2.\n",
            &["M54.50|**M54.50**"],
        );
        has("A: see M54.^2.\n", &["M54.2|**M54.2**"]);
        for none in [
            "A: T^12 stiff",
            "A: L4.^5 x",
            "A: a b^.c",
            "A: M54.9^99 x",
            "A: é^é",
        ] {
            assert!(!at_mark(none).contains("ICD-10-CM"), "{none}");
        }
    }
}
