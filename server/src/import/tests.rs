//! What holds of every text: what came out of an import is left alone by the next one, and no word is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::*;
use crate::rules;

/// The notes that the import is tried with: its own samples, those of the rules, those in the format.
static SAMPLES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    let folders = ["end_to_end/imports", "notes/clean", "notes/findings"];
    let mut all = Vec::new();
    for folder in folders {
        let files = fs::read_dir(root.join(folder)).unwrap();
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let bytes = fs::read(&path).unwrap();
            let text = documents::text(&bytes).unwrap();
            all.push((path.display().to_string(), text));
        }
    }
    let pages = rules::ALL
        .iter()
        .filter_map(|rule| rule.page.split("```soap\n").nth(1));
    let notes = pages.filter_map(|page| page.split("```").next());
    all.extend(notes.map(|note| ("a rule's page".to_owned(), note.to_owned())));
    assert!(all.len() > 100);
    all
});

fn imported(text: &str) -> String {
    import(text, &Arc::new(Policy::default())).text
}

/// The text without the days of its visits, so that it is no note in the format at first sight.
fn undated(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("visit:"));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn what_was_imported_is_left_alone() {
    for (name, text) in SAMPLES.iter() {
        let once = imported(text);
        assert_eq!(imported(&once), once, "{name}");
        let once = imported(&undated(&once));
        assert_eq!(imported(&once), once, "{name}, undated");
    }
}

/// Words that the format says in its own way: labels, headings, numbers.
static OWN_WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let labels = include_str!("../../data/labels.tsv").to_lowercase();
    let others = "subjective objective assessment findings procedures procedure performed provided rendered given today page unit units \
        minute minutes min mins hour half quarter modifier modifiers code codes cpt hcpcs description activity start stop end from time \
        service electronically electronic digitally signed treatment treatments intervention interventions day the and for date \
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october \
        november december jan feb mar apr jun jul aug sep oct nov dec five ten eight seven nine twelve fifteen twenty thirty forty fifty \
        three term short long area region mod iii evaluation";
    let words = labels.split(|c: char| !c.is_alphanumeric());
    words
        .chain(others.split_whitespace())
        .map(str::to_owned)
        .collect()
});

/// How often each word stands in a text.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut words = BTreeMap::new();
    let all = text
        .split(|c: char| !c.is_alphabetic())
        .map(str::to_lowercase);
    for word in all.filter(|word| word.len() > 2 && !OWN_WORDS.contains(word)) {
        *words.entry(word).or_default() += 1;
    }
    words
}

/// The words of a text that its import lacks.
fn lost(text: &str) -> Vec<String> {
    let out = words(&imported(text));
    // What stands at the head of each page stands once.
    let has_pages = text.to_lowercase().contains("page");
    let kept = |word: &str, count: usize| {
        let found = out.get(word).copied().unwrap_or_default();
        found >= if has_pages { 1 } else { count }
    };
    let all = words(text).into_iter();
    all.filter(|(word, count)| !kept(word, *count))
        .map(|(word, _)| word)
        .collect()
}

#[test]
fn no_word_of_a_sample_is_lost() {
    for (name, text) in SAMPLES.iter() {
        assert_eq!(lost(text), [""; 0], "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Lines of all samples, in any order.
    #[test]
    fn no_word_of_spliced_lines_is_lost(
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1usize..4), 1..10)
    ) {
        let mut text = String::new();
        for (sample, line, count) in places {
            let (_, sample) = sample.get(&SAMPLES);
            let lines: Vec<&str> = sample.lines().collect();
            let start = if lines.is_empty() { 0 } else { line.index(lines.len()) };
            for line in lines.iter().skip(start).take(count) {
                text.push_str(line);
                text.push('\n');
            }
        }
        prop_assert_eq!(lost(&text), [""; 0], "{}", text);
    }
}
