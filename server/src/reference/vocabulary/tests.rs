use super::super::{abbreviations, activities, regions, techniques};
use super::{Vocabulary, plain};
use crate::trial::{Chance, lines};

/// A vocabulary of a few words, to be looked up by `cargo xtask codegen`'s keys as any other.
fn found<'t>(words: &[&'static str], text: &'t str) -> Vec<&'t str> {
    let plain = plain::Vocabulary::new(words.iter().map(|word| ((*word).to_owned(), ())));
    let found = plain.find(text).into_iter();
    found.map(|(range, ())| &text[range]).collect()
}

fn plain_one(vocabulary: &'static Vocabulary) -> plain::Vocabulary<u16> {
    plain::Vocabulary::new(vocabulary.words().map(|(word, exact, value)| {
        let mark = if exact { "=" } else { "" };
        (format!("{mark}{word}"), value)
    }))
}

const ALL: [(&str, &Vocabulary); 5] = [
    ("abbreviations", &abbreviations::WORDS),
    ("activities", &activities::WORDS),
    ("regions", &regions::WORDS),
    ("sides", &regions::SIDES),
    ("techniques", &techniques::WORDS),
];

/// What is found is what the plain vocabulary finds.
#[test]
fn it_finds_what_the_plain_one_finds() {
    let lines = lines();
    for (name, vocabulary) in ALL {
        let plain = plain_one(vocabulary);
        let words: Vec<String> = vocabulary.words().map(|word| word.0.to_owned()).collect();
        let same = |text: &str| {
            let found: Vec<_> = vocabulary.find(text).collect();
            assert_eq!(found, plain.find(text), "{name}: {text:?}");
            found.len()
        };
        let mut count = 0;
        for text in lines.iter().chain(&words) {
            count += same(text);
        }
        let mut chance = Chance::new(7);
        for _ in 0..6000 {
            count += same(&chance.disfigured_line(&words));
        }
        assert!(count > 1000, "{name}: {count}");
    }
}

#[test]
fn every_word_is_found() {
    for (name, vocabulary) in ALL {
        for (word, _, value) in vocabulary.words() {
            let mut found = vocabulary.find(word);
            assert_eq!(found.next(), Some((0..word.len(), value)), "{name}: {word}");
        }
    }
}

#[test]
fn words_are_whole_and_the_longest_wins() {
    assert_eq!(found(&["hip", "hip flexor"], "Hip flexor"), ["Hip flexor"]);
    // The longer word fails its boundary: the shorter one still counts.
    assert_eq!(found(&["hip", "hip flexor"], "hip flexors"), ["hip"]);
    assert!(found(&["hip"], "hips ship chip hip2").is_empty());
    assert!(found(&["hip"], "éhip").is_empty());
}

#[test]
fn blanks_and_hyphens_are_even() {
    assert_eq!(
        found(&["soft tissue"], "soft-tissue, Soft  \n   tissue"),
        ["soft-tissue", "Soft  \n   tissue"]
    );
    assert!(found(&["soft tissue"], "soft\n\ntissue").is_empty());
    assert!(found(&["soft tissue"], "soft - tissue").is_empty());
    assert_eq!(found(&["st john's"], "St John’s"), ["St John’s"]);
}

#[test]
fn capitals_count_where_asked() {
    assert_eq!(found(&["=US"], "told us US"), ["US"]);
}

#[test]
fn odd_texts_do_no_harm() {
    for text in ["", " ", "-", "é", "\u{a0}\u{a0}", "\0hip\0", "®hip", "a-"] {
        found(&["hip", "a b"], text);
        for (_, vocabulary) in ALL {
            let _ = vocabulary.find(text).count();
        }
    }
}
