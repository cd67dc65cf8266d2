//! Texts by which readers are held to the patterns that they stand in for: every line of the sample
//! notes and of the pages, and thousands made of them by cutting, joining and changing.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const MADE: usize = 8_000;

/// What goes into texts beside the words of a pattern.
const ODD: [&str; 36] = [
    " ", "  ", "\t", "\n", "\r\n", "\u{a0}", "\u{2003}", "\u{b}", "é", "ß", "ſ", "\u{212a}", "–",
    "—", "•", "’", "°", "→", "0", "1", "42", "2026", "(", ")", "-", "/", ":", ".", ",", "#", "_",
    "*", "@", "x", "to", "A",
];

static LINES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut lines = BTreeSet::new();
    for folder in ["tests", "docs"] {
        read(&Path::new(ROOT).join(folder), &mut lines);
    }
    assert!(lines.len() > 3000, "the notes and pages are there");
    lines.into_iter().collect()
});

fn read(folder: &Path, lines: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let is = |ending: &str| path.extension().is_some_and(|e| e == ending);
        if path.is_dir() {
            if !path.ends_with("node_modules") && !path.ends_with("target") {
                read(&path, lines);
            }
        } else if is("md") || is("soap") || is("txt") || is("tsv") {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            lines.extend(
                text.split('\n')
                    .filter(|l| l.len() < 400)
                    .map(str::to_owned),
            );
        }
    }
}

/// Always the same numbers, which look like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % most.max(1)
    }

    /// An offset of the text between two characters.
    fn cut(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

/// Gives each text to `look`. `words` are such as the pattern is made of.
pub(super) fn each(words: &[&str], mut look: impl FnMut(&str)) {
    for line in &*LINES {
        look(line);
    }
    let mut dice = Dice(0x2026_1122);
    for _ in 0..MADE {
        look(&made(words, &mut dice));
    }
}

fn made(words: &[&str], dice: &mut Dice) -> String {
    let mut text = match dice.below(3) {
        0 => String::new(),
        _ => LINES[dice.below(LINES.len())].clone(),
    };
    for _ in 0..=dice.below(8) {
        let at = dice.cut(&text);
        match dice.below(8) {
            0 => {
                let end = dice.cut(&text);
                text.replace_range(at.min(end)..at.max(end), "");
            }
            1 => {
                let other = &LINES[dice.below(LINES.len())];
                let from = dice.cut(other);
                text.truncate(at);
                text.push_str(&other[from..]);
            }
            2 => text.insert_str(at, ODD[dice.below(ODD.len())]),
            3 => text.push_str(ODD[dice.below(ODD.len())]),
            4 => {
                let end = dice.cut(&text);
                let part = at.min(end)..at.max(end);
                let other = if dice.below(2) == 0 {
                    text[part.clone()].to_uppercase()
                } else {
                    text[part.clone()].to_lowercase()
                };
                text.replace_range(part, &other);
            }
            5 if !words.is_empty() => text.insert_str(at, words[dice.below(words.len())]),
            _ if !words.is_empty() => {
                text.push_str(words[dice.below(words.len())]);
                text.push_str(["", " ", " ", "-", "\t"][dice.below(5)]);
            }
            _ => {}
        }
    }
    text
}
