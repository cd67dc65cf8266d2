//! The abbreviations of notes that name neither a technique nor a region.
//!
//! Source: the project's domain notes, section 10.1, see `data/abbreviations.tsv`.

use std::ops::Range;
use std::sync::LazyLock;

use super::table;
use super::vocabulary::{Even, Vocabulary};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Abbreviation {
    /// What it means, the usual meaning first; several where it is not clear by itself.
    pub meanings: Vec<&'static str>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mention {
    pub range: Range<usize>,
    pub abbreviation: &'static Abbreviation,
}

/// The abbreviations, each with the words for it.
static TABLE: LazyLock<Vec<(Vec<String>, Abbreviation)>> = LazyLock::new(|| {
    table::read(
        include_str!("../../data/abbreviations.tsv"),
        "words meanings",
        |[words, meanings]| {
            let words = table::words(words).filter(|words| !words.is_empty())?;
            let meanings: Vec<&str> = meanings.split(" | ").map(str::trim).collect();
            let whole = meanings.iter().all(|meaning| !meaning.is_empty());
            whole.then_some((words, Abbreviation { meanings }))
        },
    )
});

static WORDS: LazyLock<Vocabulary<&Abbreviation>> = LazyLock::new(|| {
    let rows = TABLE.iter();
    Vocabulary::new(rows.flat_map(|(words, meant)| words.iter().map(move |w| (w.clone(), meant))))
});

/// The abbreviations in a text, in order: whole words only, in the capitals that the table asks for.
pub fn find_in(text: &str) -> Vec<Mention> {
    let found = WORDS.find(&Even::of(text)).into_iter();
    let mention = |(range, abbreviation)| Mention {
        range,
        abbreviation,
    };
    found.map(mention).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, &str)> {
        let mentions = find_in(text).into_iter();
        mentions
            .map(|m| (&text[m.range], m.abbreviation.meanings[0]))
            .collect()
    }

    #[test]
    fn each_word_stands_once() {
        let mut seen = std::collections::HashSet::new();
        for (word, exact) in WORDS.words() {
            assert!(seen.insert((word, exact)), "{word}");
            assert!(!exact || !seen.contains(&(word, false)), "{word}");
        }
    }

    #[test]
    fn capitals_decide_where_they_must() {
        assert_eq!(
            found("Pt c/o LBP, R > L, saw PT w/o relief"),
            [
                ("Pt", "patient"),
                ("c/o", "complains of"),
                ("LBP", "low back pain"),
                ("R > L", "right more than left"),
                ("PT", "physical therapy"),
                ("w/o", "without"),
            ]
        );
        assert_eq!(found("apart from cats, at us dash tug add inn sl"), []);
        assert_eq!(
            found("ROM w/pain, wROM, romp"),
            [("ROM", "range of motion"), ("w/", "with")]
        );
    }
}
