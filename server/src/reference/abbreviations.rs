//! The abbreviations of notes that name neither a technique nor a region.
//!
//! Source: the project's domain notes, section 10.1, see `data/abbreviations.tsv`.

use std::ops::Range;
use std::sync::LazyLock;

use super::table::{self, Table};
use super::vocabulary::Vocabulary;

/// An abbreviation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Abbreviation {
    /// What it means, the usual meaning first; several where it is not clear by itself.
    pub meanings: Vec<&'static str>,
}

/// An abbreviation in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mention {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// Which.
    pub abbreviation: &'static Abbreviation,
}

struct Loaded {
    all: Vec<Abbreviation>,
    vocabulary: Vocabulary<usize>,
    #[cfg_attr(not(test), allow(dead_code))]
    faults: Vec<String>,
}

static LOADED: LazyLock<Loaded> = LazyLock::new(|| {
    let Table { items, faults } = table::read(
        include_str!("../../data/abbreviations.tsv"),
        ["words", "meanings"],
        |[words, meanings]| {
            let words = table::words(words).filter(|words| !words.is_empty())?;
            let meanings: Vec<&str> = meanings.split(" | ").map(str::trim).collect();
            let whole = meanings.iter().all(|meaning| !meaning.is_empty());
            whole.then_some((words, Abbreviation { meanings }))
        },
    );
    let mut all = Vec::new();
    let mut words = Vec::new();
    for (index, (own, abbreviation)) in items.into_iter().enumerate() {
        words.extend(own.into_iter().map(|word| (word, index)));
        all.push(abbreviation);
    }
    Loaded {
        all,
        vocabulary: Vocabulary::new(words),
        faults,
    }
});

/// The abbreviations in a text, in order: whole words only, in the capitals that the table asks for.
pub fn find_in(text: &str) -> Vec<Mention> {
    let loaded = &*LOADED;
    let found = loaded.vocabulary.find(text).into_iter();
    found
        .filter_map(|(range, index)| {
            Some(Mention {
                range,
                abbreviation: loaded.all.get(index)?,
            })
        })
        .collect()
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
    fn every_row_loads() {
        assert_eq!(LOADED.faults, Vec::<String>::new());
    }

    #[test]
    fn each_word_stands_once() {
        let text = include_str!("../../data/abbreviations.tsv");
        let mut seen = std::collections::HashSet::new();
        for line in text.lines().filter(|l| !l.starts_with('#')).skip(1) {
            for word in table::words(line.split('\t').next().unwrap()).unwrap() {
                let word = if word.starts_with('=') {
                    word
                } else {
                    word.to_lowercase()
                };
                assert!(seen.insert(word.clone()), "{word}");
                let plain = format!("={word}");
                assert!(!seen.contains(&plain), "{word}");
            }
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
