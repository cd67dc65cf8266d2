//! `cloned-note`: see its page in `docs/rules/`.

use super::sections::words;
use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::chart::SectionKind;
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "cloned-note",
    group: Group::Documentation,
    level: Level::Warning,
    source: "APTA, documentation that payers complain of; OIG on cloned notes",
    page: page!("cloned-note"),
    check: Check::Chart(check),
};

/// Whether subjective, objective and assessment of two visits say the same, and each says something.
pub(super) fn is_clone(one: &ChartVisit<'_>, other: &ChartVisit<'_>) -> bool {
    let kinds = [
        SectionKind::Subjective,
        SectionKind::Objective,
        SectionKind::Assessment,
    ];
    // Most visits begin in different ways.
    if opening(one) != opening(other) {
        return false;
    }
    let same = |kind: &SectionKind| {
        let mut one = words(one.text, one.visit, *kind);
        let mut other = words(other.text, other.visit, *kind);
        loop {
            match (one.next(), other.next()) {
                (Some(word), Some(twin)) if is_same_word(word, twin) => {}
                (None, None) => break true,
                _ => break false,
            }
        }
    };
    let says_something = |kind: &SectionKind| {
        let mut words = words(one.text, one.visit, *kind);
        words.any(|word| word.contains(char::is_alphanumeric))
    };
    kinds.iter().all(same) && kinds.iter().all(says_something)
}

/// A number made of the first words of the subjective section, the same for the same words.
fn opening(visit: &ChartVisit<'_>) -> u64 {
    const WORDS: usize = 8;
    let read = || {
        let mut number = 0xCBF2_9CE4_8422_2325_u64;
        let mut add = |byte: u8| {
            number = (number ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        };
        for word in words(visit.text, visit.visit, SectionKind::Subjective).take(WORDS) {
            if word.is_ascii() {
                word.bytes().for_each(|byte| add(byte.to_ascii_lowercase()));
            } else {
                word.to_lowercase().bytes().for_each(&mut add);
            }
            add(b' ');
        }
        number
    };
    *visit.facts.opening.get_or_init(read)
}

fn is_same_word(one: &str, other: &str) -> bool {
    one == other
        || if one.is_ascii() && other.is_ascii() {
            one.eq_ignore_ascii_case(other)
        } else {
            one.to_lowercase() == other.to_lowercase()
        }
}

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    for (index, pair) in case.visits.windows(2).enumerate() {
        let [before, visit] = pair else { continue };
        // A copy is a usual way to begin a note; and two notes of one day are another matter.
        let same_day = before.gist.day.is_some() && before.gist.day == visit.gist.day;
        if visit.is_open() || same_day {
            continue;
        }
        let subjective = |s: &&crate::chart::Section| s.kind == SectionKind::Subjective;
        if let Some(section) = visit
            .visit
            .sections
            .iter()
            .find(subjective)
            .filter(|_| is_clone(visit, before))
        {
            found.push((
                index + 1,
                Draft::new(
                    visit.at(section.name),
                    "Subjective, Objective and Assessment repeat the previous visit word for word. Payers call this a cloned note and deny it, because it does not show what happened on this day.",
                )
                .related(before.anchor(), "The visit with the same words"),
            ));
        }
    }
}
