//! The hint after a diagnosis code: its title, where the words beside it do not give it.

use super::Hint;
use crate::analysis::Piece;
use crate::chart::{DiagnosisKind, FieldKind};
use crate::reference::icd10::{Entry, Release, Side};
use crate::text::Span;

/// A longer title is cut.
const LONGEST: usize = 50;

pub(super) fn of_piece(release: &Release, piece: &Piece) -> Vec<Hint> {
    let (text, visit) = (&*piece.text, &piece.visit);
    let fields = visit.fields_of(FieldKind::Diagnosis);
    let values: Vec<_> = fields.filter_map(|f| f.value).collect();
    let mut hints = Vec::new();
    for diagnosis in &visit.diagnoses {
        if diagnosis.kind != DiagnosisKind::Icd10 {
            continue;
        }
        let Some(value) = values.iter().find(|v| v.touches(diagnosis.span.start)) else {
            continue;
        };
        // A category, or a code that goes on (`M54.5.0`), is a finding's to speak of.
        let after = text[diagnosis.span.end..].strip_prefix('.');
        let goes_on =
            after.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        let Some(entry) = release.find(&diagnosis.code).filter(|e| e.billable) else {
            continue;
        };
        let words = beside(text, *value, diagnosis.span);
        if goes_on || gives(release, &entry, &words) {
            continue;
        }
        let label = format!("= {}", short(release, &entry));
        let (code, name, title) = (&entry.code, release.name(), &entry.title);
        let why = format!("{code} in ICD-10-CM, {name}: {title}.");
        hints.push(Hint::new(piece.start + diagnosis.span.end, label, why));
    }
    hints
}

/// The words of the part of the value that a code stands in.
fn beside(text: &str, value: Span, code: Span) -> String {
    let marks = [';', ',', '\n', '\r'];
    let before = &text[value.start.min(code.start)..code.start];
    let before = before.rfind(marks).map_or(before, |at| &before[at + 1..]);
    let after = &text[code.end..value.end.max(code.end)];
    let mut rest = &after[..after.find([';', '\n', '\r']).unwrap_or(after.len())];
    // A comma may part words (`pain in hip, right`) or codes.
    if let Some(at) = rest.find(',')
        && rest[at..].contains(|c: char| c.is_ascii_digit())
    {
        rest = &rest[..at];
    }
    format!("{before} {rest}")
}

/// Whether the words name the diagnosis: one of them is in its title or in another name of it.
fn gives(release: &Release, entry: &Entry, words: &str) -> bool {
    let stated: Vec<String> = long_words(words).collect();
    if stated.is_empty() {
        return false;
    }
    let is_stated = |name: String| stated.iter().any(|word| alike(&name, word));
    let known = |names: &str| long_words(names).any(is_stated);
    known(&entry.title) || release.synonyms(&entry.code).iter().any(|name| known(name))
}

/// `strain` and `strained`, `lumbar` and `lumbago`.
fn alike(one: &str, other: &str) -> bool {
    let letters = one.chars().zip(other.chars());
    let common = letters.take_while(|(a, b)| a == b).count();
    common >= one.len().min(other.len()).min(5)
}

/// The words that say something, in small letters.
fn long_words(text: &str) -> impl Iterator<Item = String> {
    const IDLE: &str =
        "the and for with right left bilateral initial encounter not other unspecified";
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| word.len() >= 3)
        .map(str::to_lowercase)
        .filter(|word| !IDLE.split(' ').any(|idle| idle == word))
}

/// The title without what says nothing here, at most [`LONGEST`] characters, the side and the
/// encounter among them.
fn short(release: &Release, entry: &Entry) -> String {
    let mut title = entry.title.clone();
    let mut encounter = "";
    for (long, brief) in [
        (", initial encounter", " (initial)"),
        (", subsequent encounter", " (subsequent)"),
        (", sequela", " (sequela)"),
    ] {
        if let Some(rest) = title.strip_suffix(long) {
            title.truncate(rest.len());
            encounter = brief;
        }
    }
    for idle in [
        ", not elsewhere classified",
        ", not specified as traumatic",
        " without mention of complication",
    ] {
        title = title.replace(idle, "");
    }
    if title.chars().count() + encounter.len() > LONGEST {
        let kept = title.strip_suffix(" region").map_or(title.len(), str::len);
        title.truncate(kept);
    }
    if title.chars().count() + encounter.len() > LONGEST {
        title = cut(&title, LONGEST - encounter.len());
        let side = match release.side(&entry.code) {
            Some(Side::Left) => "left",
            Some(Side::Right) => "right",
            Some(Side::Both) => "bilateral",
            Some(Side::Unspecified) | None => "",
        };
        if !title.contains(side) {
            let tail = format!("…, {side}");
            let room = LONGEST - encounter.len() - tail.chars().count();
            title = head(&title, room).trim_end_matches('…').to_owned() + &tail;
        }
    }
    title + encounter
}

/// The beginning of a title, which names the condition, and its end, which names the place, if
/// what is left out between them is no `without`.
fn cut(title: &str, most: usize) -> String {
    let last = title.char_indices().rev().take(most * 2 / 5);
    let end = last.filter(|(_, c)| *c == ' ').last();
    let end = end.map_or("", |(at, _)| &title[at..]);
    let start = head(title, most.saturating_sub(end.chars().count() + 1));
    let between = &title[start.len()..title.len() - end.len()];
    let mut negations = ["without", "not ", "non", "no "].iter();
    if negations.any(|no| between.contains(no)) || end.is_empty() {
        return format!("{}…", head(title, most - 1));
    }
    format!("{start}…{end}")
}

fn head(title: &str, most: usize) -> &str {
    let first = title.char_indices().take(most + 1);
    let end = first.filter(|(_, c)| *c == ' ').last();
    let end = end.map_or(0, |(at, _)| at);
    let trim = |text: &'_ str| text.trim_end_matches([' ', ',', ';', '(']).len();
    let mut kept = trim(&title[..end]);
    for joint in [" or", " of", " and"] {
        if title[..kept].ends_with(joint) {
            kept = trim(&title[..kept - joint.len()]);
        }
    }
    &title[..kept]
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;
    use super::*;

    #[test]
    fn a_code_without_words_gets_its_title() {
        for (line, hinted) in [
            ("dx: M54.2", "dx: M54.2<= Cervicalgia>"),
            (
                "dx: M54.50 low back pain; M54.2",
                "dx: M54.50 low back pain; M54.2<= Cervicalgia>",
            ),
            ("dx: neck pain (M54.2)", "dx: neck pain (M54.2)"),
            ("dx: M54.2 s/p MVA", "dx: M54.2<= Cervicalgia> s/p MVA"),
            ("dx: 1) M54.2 neck", "dx: 1) M54.2 neck"),
            ("dx: M54.5", "dx: M54.5"),
            ("dx: M54.2.9", "dx: M54.2.9"),
            ("dx: M99.99Z, 724.2, ___", "dx: M99.99Z, 724.2, ___"),
            ("S: M54.2", "S: M54.2"),
        ] {
            assert_eq!(shown(line, "diagnoses"), hinted);
        }
    }

    #[test]
    fn long_titles_are_cut_and_keep_their_side() {
        let release = Release::built_in();
        for (code, expected) in [
            (
                "S13.4XXA",
                "Sprain of ligaments of cervical spine (initial)",
            ),
            (
                "M75.101",
                "Unspecified rotator cuff tear… of right shoulder",
            ),
            ("M99.01", "Segmental and somatic dysfunction of cervical"),
            ("M47.812", "Spondylosis without myelopathy… cervical"),
            (
                "M48.061",
                "Spinal stenosis, lumbar region without neurogenic…",
            ),
            ("I69.354", "Hemiplegia and hemiparesis… non-dominant…, left"),
            ("S39.012D", "Strain of muscle… of lower back (subsequent)"),
        ] {
            let entry = release.find(code).expect("in the release");
            assert_eq!(short(release, &entry), expected);
        }
        for common in crate::reference::icd10::common::all() {
            let entry = release.find(common.code).expect("in the release");
            let short = short(release, &entry);
            assert!(short.chars().count() <= LONGEST, "{short}");
            let side = ["right", "left"]
                .into_iter()
                .find(|s| entry.title.contains(s));
            assert!(
                side.is_none_or(|s| short.contains(s)),
                "{}: {short}",
                entry.title
            );
        }
    }
}
