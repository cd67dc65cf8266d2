//! What came out of an import is left alone by the next one. That no word is lost is tried in `fuzz/`.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

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
