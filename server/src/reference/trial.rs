//! Texts to hold a quick reader to a plain one: every line of the notes, pages and tables, and lines that
//! are cut, joined and disfigured, always the same ones.

use std::path::Path;

/// What people paste, mistype and leave behind.
const ODDITIES: [&str; 44] = [
    " ", "  ", "\n", "\n\n", "\n \n", "\t", "\r\n", "\u{a0}", "\u{2003}", "\u{85}", "-", " - ",
    "--", "\u{2010}", "\u{2011}", "–", "’", "'", "é", "ſ", "\u{212a}", "°", "®", "≈", "~", "_",
    "1", "15", "/", "(", ")", ".", ",", ";", ":", "&", "+", ">", "not ", "R ", "L", "s", "k", "\0",
];

/// Numbers that look like chance (xorshift).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below the bound.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }

    fn place(&mut self, text: &str) -> usize {
        let at = self.below(text.len() + 1);
        (0..=at)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0)
    }

    /// One of the lines, disfigured; or the pieces of two.
    pub(super) fn disfigured(&mut self, lines: &[String], words: &[String]) -> String {
        let mut text = lines[self.below(lines.len())].clone();
        for _ in 0..=self.below(6) {
            let at = self.place(&text);
            match self.below(8) {
                0 => {
                    let other = &lines[self.below(lines.len())];
                    let from = self.place(other);
                    text.truncate(at);
                    text += &other[from..];
                }
                1 => text.insert_str(at, ODDITIES[self.below(ODDITIES.len())]),
                2 | 3 => {
                    let word = &words[self.below(words.len())];
                    text.insert_str(at, word);
                }
                4 => {
                    // Among blanks, as a word stands.
                    let at = text[at..].find(' ').map_or(text.len(), |blank| at + blank);
                    let word = &words[self.below(words.len())];
                    text.insert_str(at, word);
                    text.insert_str(at, [" ", "\n", "  ", " the ", "-"][self.below(5)]);
                }
                5 => {
                    let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
                    text.replace_range(at..end, "");
                }
                6 => {
                    let end = (at..=(at + 9).min(text.len())).rev();
                    let end = end.into_iter().find(|end| text.is_char_boundary(*end));
                    let upper = text[at..end.unwrap_or(at)].to_uppercase();
                    text.replace_range(at..end.unwrap_or(at), &upper);
                }
                _ => {
                    if let Some(blank) = text[at..].find([' ', '-']).map(|blank| at + blank) {
                        let oddity = ODDITIES[self.below(ODDITIES.len())];
                        text.replace_range(blank..=blank, oddity);
                    }
                }
            }
        }
        text
    }
}

/// The lines of all notes, pages and tables, and their paragraphs.
pub(super) fn lines() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut lines = Vec::new();
    let mut folders = vec![
        root.join("tests/notes"),
        root.join("docs"),
        root.join("server/data"),
    ];
    while let Some(folder) = folders.pop() {
        let mut paths: Vec<_> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|e| e == "soap" || e == "md" || e == "tsv")
            {
                let text = std::fs::read_to_string(path).expect("a text");
                lines.extend(text.lines().map(str::to_owned));
                lines.extend(text.split("\n\n").map(str::to_owned));
            }
        }
    }
    lines.retain(|line| line.len() < 4000);
    lines.sort();
    lines.dedup();
    lines
}
