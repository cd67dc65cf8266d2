//! Texts to hold a quick reader to a plain one: every line and paragraph of the notes, pages and tables,
//! and lines that are cut, joined and disfigured, always the same ones.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// What people paste, mistype and leave behind.
const ODDITIES: [&str; 82] = [
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\n \n",
    "\r\n",
    "\n  ",
    "\u{a0}",
    "\u{2003}",
    "\u{2009}",
    "\u{85}",
    "\u{b}",
    "-",
    " - ",
    "--",
    "\u{2010}",
    "\u{2011}",
    "–",
    "—",
    "'",
    "’",
    "′",
    "é",
    "ß",
    "ſ",
    "\u{212a}",
    "°",
    "º",
    "®",
    "≈",
    "~",
    "_",
    "__",
    "___",
    "×",
    "x",
    "→",
    "•",
    "\u{1F600}",
    "0",
    "1",
    "10",
    "15",
    "26",
    "42",
    "2026",
    "3/10",
    "/",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ",",
    ";",
    ":",
    "&",
    "+",
    ">",
    "*",
    "#",
    "@",
    "%",
    "s",
    "S",
    "k",
    "K",
    "R ",
    "L",
    "A",
    "not ",
    "to",
    "of",
    "by",
    "pt",
    "min",
    "goal",
    "per week",
    "\0",
];

/// How many texts are made for each reader.
const MADE: usize = 8_000;

/// Numbers that look like chance (xorshift).
pub struct Chance(u64);

impl Chance {
    /// A row of numbers; another one for another seed.
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below the bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }

    /// One of several.
    fn one<'a, T: ?Sized>(&mut self, of: &'a [impl AsRef<T>]) -> &'a T {
        of[self.below(of.len())].as_ref()
    }

    /// An offset of the text between two characters.
    fn place(&mut self, text: &str) -> usize {
        text.floor_char_boundary(self.below(text.len() + 1))
    }

    /// A short part of the text.
    fn part(&mut self, text: &str) -> std::ops::Range<usize> {
        let start = self.place(text);
        let end = (start + self.below(13)).min(text.len());
        start..text.ceil_char_boundary(end)
    }

    /// One of the lines, disfigured.
    pub fn disfigured_line(&mut self, words: &[impl AsRef<str>]) -> String {
        let line = self.one::<str>(lines());
        self.disfigured(line, words)
    }

    /// A text in which something is changed in a few places; `words` are such as the reader looks for.
    pub fn disfigured(&mut self, text: &str, words: &[impl AsRef<str>]) -> String {
        let mut text = text.to_owned();
        for _ in 0..=self.below(6) {
            let at = self.place(&text);
            match self.below(11) {
                0 => {
                    let other = self.one::<str>(lines());
                    let from = self.place(other);
                    text.truncate(at);
                    text += &other[from..];
                }
                1 => text.insert_str(at, self.one::<str>(&ODDITIES)),
                2 => text += self.one::<str>(&ODDITIES),
                3 => {
                    let part = self.part(&text);
                    text.replace_range(part, "");
                }
                4 => {
                    let part = self.part(&text);
                    let other = text[part.clone()].to_uppercase();
                    text.replace_range(part, &other);
                }
                5 => {
                    let part = self.part(&text);
                    let other = text[part.clone()].to_lowercase();
                    text.replace_range(part, &other);
                }
                6 => {
                    if let Some(blank) = text[at..].find([' ', '-']).map(|blank| at + blank) {
                        text.replace_range(blank..=blank, self.one::<str>(&ODDITIES));
                    }
                }
                7 if self.below(3) == 0 => text = text[at..].to_owned(),
                7 if self.below(2) == 0 => text.truncate(at),
                _ if words.is_empty() => {}
                8 => text.insert_str(at, self.one(words)),
                9 => {
                    // Among blanks, as a word stands.
                    let at = text[at..].find(' ').map_or(text.len(), |blank| at + blank);
                    text.insert_str(at, self.one(words));
                    text.insert_str(at, [" ", "\n", "  ", " the ", "-"][self.below(5)]);
                }
                _ => {
                    text += self.one(words);
                    text += ["", " ", " ", "-", "\t"][self.below(5)];
                }
            }
        }
        text
    }
}

/// The lines and paragraphs of all notes, pages and tables.
pub fn lines() -> &'static [String] {
    static LINES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let mut lines: Vec<String> = Vec::new();
        for (folder, ending) in [
            ("../tests/notes", "soap"),
            ("../tests", "tsv"),
            ("../docs", "md"),
            ("data", "tsv"),
        ] {
            for text in contents(folder, ending) {
                lines.extend(text.lines().map(str::to_owned));
                lines.extend(text.split("\n\n").map(str::to_owned));
            }
        }
        lines.retain(|line| line.len() < 2000);
        lines.sort_unstable();
        lines.dedup();
        assert!(lines.len() > 3000, "the notes and pages are there");
        lines
    });
    &LINES
}

/// The files below a folder of the server whose names end so.
pub fn contents(folder: &str, ending: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    files_below(&root.join(folder), ending, &mut paths);
    let read = |path: &PathBuf| std::fs::read_to_string(path).expect("a text");
    paths.iter().map(read).collect()
}

fn files_below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut entries: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            files_below(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
}

/// Gives each line to a reader that looks for such words, and thousands made of them.
pub fn each(words: &[&str], mut look: impl FnMut(&str)) {
    for line in lines() {
        look(line);
    }
    let mut chance = Chance::new(0x2026_1122);
    for _ in 0..MADE {
        let begun = match chance.below(3) {
            0 => "",
            _ => chance.one::<str>(lines()),
        };
        look(&chance.disfigured(begun, words));
    }
}
