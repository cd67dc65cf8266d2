//! The activities of daily life that make a goal functional.
//!
//! Source: the project's domain notes, section 7.5, see `data/activities.tsv`.

use std::ops::Range;
use std::sync::LazyLock;

use super::table;
use super::vocabulary::{Even, Vocabulary};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Functional,
    Impairment,
    /// A phrase that looks like an activity and is none.
    Neither,
}

static WORDS: LazyLock<Vocabulary<Kind>> = LazyLock::new(|| {
    let rows = table::read(
        include_str!("../../data/activities.tsv"),
        "kind words",
        |[kind, words]| {
            let kind = match kind {
                "functional" => Kind::Functional,
                "impairment" => Kind::Impairment,
                "neither" => Kind::Neither,
                _ => return None,
            };
            Some((kind, table::words(words)?))
        },
    );
    let rows = rows.into_iter();
    Vocabulary::new(rows.flat_map(|(kind, words)| words.into_iter().map(move |word| (word, kind))))
});

/// Where a text first names an activity of daily life, work or sport, in any of its forms.
pub fn functional_activity(text: &str) -> Option<Range<usize>> {
    let mut found = WORDS.find(&Even::of(text)).into_iter();
    let functional = found.find(|(_, kind)| *kind == Kind::Functional);
    functional.map(|(range, _)| range)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a text speaks of pain, motion, strength and the like and of no activity.
    fn impairment_only(text: &str) -> bool {
        let found = WORDS.find(&Even::of(text));
        let any = |kind| found.iter().any(|(_, of)| *of == kind);
        any(Kind::Impairment) && !any(Kind::Functional)
    }

    #[test]
    fn activities_in_their_forms() {
        for (text, word) in [
            ("Pt will be able to sit at desk 45 min", "sit"),
            ("sitting tolerance 40 minutes", "sitting"),
            ("sat through a film", "sat"),
            ("Client will turn head to check blind spot", "turn head"),
            ("sleep 6 hours without waking", "sleep"),
            (
                "Increase rotation to 70° so that pt can back out of driveway",
                "back out of driveway",
            ),
            ("carrying groceries", "carrying"),
            ("puts on shoes", "puts on shoes"),
            ("return to full duty", "return to full duty"),
            ("hold baby 10 minutes", "hold baby"),
            ("resume yoga", "yoga"),
            ("drove 30 min", "drove"),
            ("look over her shoulder", "look over her shoulder"),
            ("independent with ADLs", "ADLs"),
            ("get out of bed", "get out of bed"),
        ] {
            assert_eq!(
                functional_activity(text).map(|range| &text[range]),
                Some(word),
                "{text}"
            );
        }
    }

    #[test]
    fn not_functional() {
        for text in [
            "Decrease pain to 0. Improve function to normal.",
            "Increase cervical ROM to 70 degrees",
            "Reduce tension and trigger points",
            "return to prior level of function",
            "improve quality of life",
            "get stronger",
            "reach goal of less pain",
            "Improve posture; home exercise program",
            "improve side bending ROM",
            "work on pain",
        ] {
            assert_eq!(functional_activity(text), None, "{text}");
            assert!(impairment_only(text), "{text}");
        }
        for text in [
            "",
            "will show improvement",
            "type of insurance",
            "long-standing",
            "walker",
        ] {
            assert_eq!(functional_activity(text), None, "{text}");
            assert!(!impairment_only(text), "{text}");
        }
        assert!(!impairment_only("sit 30 minutes with less pain"));
    }
}
