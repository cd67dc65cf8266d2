use super::sections::{name, near_section};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::FieldKind;
use crate::chart::field::normal;
use crate::pattern::words;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "misspelt-field",
    group: Group::Chart,
    level: Level::Hint,
    source: "The format: an unknown key is prose",
    page: page!("misspelt-field"),
    check: Check::Visit(check),
};

words!(
/// Words that stand before a colon in good notes and are near a key by chance.
    GOOD,
    r"(?x)^(?:
        reason | religion | noted | notes | provided | insured | pager | prayer | paper
        | waiver | description | created\ by | therapies | diagnostic | imitation | litigation
        | junction | functional | times | timer | timed | older | border | signs | patience
        | responds | clinic | legion | lesion | lesions | player | layer | mission | rotation
        | regional | technical | certified | referred | prescribed | diagnosed | ordered)$"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for field in &case.visit.unknown_fields {
        let written = case.str(field.key);
        let numbered = written.trim_end_matches(':').trim_end();
        let bare = numbered.trim_end_matches(|c: char| c.is_ascii_digit() || c == '#' || c == ' ');
        let span = Span::new(field.key.start, field.key.start + bare.len());
        let has_number = bare.len() < numbered.len();
        let section = near_section(bare).filter(|_| !has_number && !field.in_modality);
        let (known, what) = match (section, near(&normal(bare), has_number)) {
            (Some(kind), _) => (name(kind), "section"),
            (None, Some(known)) => (known, "field"),
            (None, None) => continue,
        };
        let right = in_case_of(bare, known);
        let message = format!(
            "This line is read as plain text, because no {what} has this name. Did you mean \"{known}\"?"
        );
        let title = format!("Change it to \"{right}\"");
        found.push(
            Draft::new(span, message)
                .fix(title, span, right)
                .preferred(),
        );
    }
}

/// The known key that is meant, if it is all but certain.
fn near(key: &str, has_number: bool) -> Option<&'static str> {
    if GOOD.is_match(key) || key.len() < 4 {
        return None;
    }
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let mut near = Vec::new();
    let kinds = FieldKind::all().filter(|kind| !has_number || *kind == FieldKind::Goal);
    for (kind, known) in kinds.flat_map(|kind| kind.labels().iter().map(move |l| (kind, *l))) {
        // Short words are near each other by chance: only swapped letters count there.
        let most = match known.len() {
            0..4 => 0,
            4 => usize::from(key.len() == 4 && letters(known) == letters(key)),
            5..=7 => 1,
            _ => 2,
        };
        if known.len().abs_diff(key.len()) > most {
            continue;
        }
        let distance = strsim::osa_distance(key, known);
        if (1..=most).contains(&distance) {
            near.push((distance, kind, known));
        }
    }
    let (least, kind, known) = *near.iter().min_by_key(|(distance, ..)| *distance)?;
    let mut nearest = near.iter().filter(|(distance, ..)| *distance == least);
    nearest.all(|(_, other, _)| *other == kind).then_some(known)
}

/// The known word in the case of the written one.
fn in_case_of(written: &str, known: &str) -> String {
    let mut letters = written.chars().filter(|c| c.is_alphabetic());
    let capital = letters.next().is_some_and(char::is_uppercase);
    if capital && letters.all(char::is_uppercase) {
        known.to_uppercase()
    } else if capital {
        let (first, rest) = known.split_at(1);
        first.to_uppercase() + rest
    } else {
        known.to_lowercase()
    }
}
