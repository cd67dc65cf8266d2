//! Finding codes by words.

use std::collections::BinaryHeap;

use super::rows::{Code, Cursor};
use super::{Entry, Release, common};

/// More words than this say nothing more.
const MOST_WORDS: usize = 32;

/// A word of a query.
#[derive(Default)]
struct Wanted {
    /// Beginnings of words, folded.
    beginnings: Vec<String>,
    /// Whole words, folded.
    whole: Vec<&'static str>,
    /// The beginning of a code, undotted.
    code: Option<String>,
}

impl Wanted {
    /// The words of a query. `R` and `rt` are sides when another word says of what.
    fn of_query(query: &str) -> Vec<Self> {
        let parts: Vec<&str> = query.split_whitespace().collect();
        let mut wanted = Vec::new();
        for part in &parts {
            if let Some(code) = code_beginning(part) {
                wanted.push(Self {
                    beginnings: vec![folded(part).collect()],
                    code: Some(code),
                    ..Self::default()
                });
                continue;
            }
            let written = part.trim_matches(['(', ')', ',', '.', ';']);
            if let Some(whole) = side(&folded(written).collect::<String>(), parts.len() > 1) {
                wanted.push(Self {
                    whole: whole.to_vec(),
                    ..Self::default()
                });
                continue;
            }
            wanted.extend(runs(part).map(|run| {
                let word: String = folded(run).collect();
                // `knees` is to find `knee`.
                let single = word
                    .strip_suffix('s')
                    .filter(|single| single.len() > 2 && !single.ends_with('s'));
                Self {
                    beginnings: vec![single.unwrap_or(&word).to_owned()],
                    ..Self::default()
                }
            }));
        }
        wanted.retain(|word| word.code.is_some() || !word.is_empty());
        wanted.truncate(MOST_WORDS);
        wanted
    }

    fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.beginnings.iter().all(String::is_empty)
    }

    /// Whether a run of letters of a title is this word.
    fn fits(&self, run: &str) -> bool {
        self.beginnings.iter().any(|word| {
            let mut letters = folded(run);
            word.chars().all(|letter| letters.next() == Some(letter))
        }) || self.whole.iter().any(|word| folded(run).eq(word.chars()))
    }
}

/// The words a title has for the side; single letters only beside another word.
fn side(word: &str, beside_another: bool) -> Option<&'static [&'static str]> {
    Some(match word {
        "r" | "rt" if beside_another => &["right"],
        "l" | "lt" if beside_another => &["left"],
        "b" | "bl" | "b/l" if beside_another => &["bilateral", "both"],
        "right" => &["right"],
        "left" => &["left"],
        "both" => &["bilateral", "both"],
        _ => return None,
    })
}

/// `M54`, `m54.`, `M545`: a letter, then characters of a code with a digit among them.
fn code_beginning(word: &str) -> Option<String> {
    let mut code = String::new();
    for (at, letter) in word.chars().enumerate() {
        match letter {
            '.' if at == 3 => {}
            _ if letter.is_ascii_alphanumeric() => code.push(letter.to_ascii_uppercase()),
            _ => return None,
        }
    }
    let shape = (2..=7).contains(&code.len())
        && code.starts_with(|first: char| first.is_ascii_uppercase())
        && code[1..3.min(code.len())].contains(|c: char| c.is_ascii_digit());
    shape.then_some(code)
}

/// The runs of letters and digits; an apostrophe ends none.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && !is_apostrophe(c))
        .filter(|run| !run.is_empty())
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Small letters without accents and apostrophes.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|&c| !is_apostrophe(c))
        .map(|c| match c {
            'à' | 'á' | 'â' | 'ä' | 'å' => 'a',
            'ç' => 'c',
            'è' | 'é' | 'ê' | 'ë' => 'e',
            'í' | 'î' | 'ï' => 'i',
            'ñ' => 'n',
            'ó' | 'ô' | 'ö' => 'o',
            'ú' | 'ü' => 'u',
            _ => c.to_ascii_lowercase(),
        })
}

/// What the words found so far of a row and of the rows above it say.
struct Scan<'a> {
    wanted: &'a [Wanted],
    all: u32,
    /// For every word of the release, the query's words that it is.
    marks: Vec<u32>,
    /// What the first words of the title have marked, one for each.
    marked: Vec<u32>,
    /// What the terms of the codes above have marked.
    above: Vec<(Code, u32)>,
}

fn mark_of(marks: &[u32], word: u32) -> u32 {
    let mark = usize::try_from(word).ok().and_then(|word| marks.get(word));
    mark.copied().unwrap_or(0)
}

impl Scan<'_> {
    fn fits(&mut self, row: &Cursor<'_>) -> bool {
        self.marked.truncate(row.kept);
        let mut title = self.marked.last().copied().unwrap_or(0);
        for &word in &row.words[row.kept..] {
            title |= mark_of(&self.marks, word);
            self.marked.push(title);
        }
        while self
            .above
            .last()
            .is_some_and(|above| !row.code.is_under(above.0))
        {
            self.above.pop();
        }
        if row.has_extras() {
            let marks = &self.marks;
            row.fold_terms(
                |marked, word| marked | mark_of(marks, word),
                |marked| {
                    if marked != 0 {
                        self.above.push((row.code, marked));
                    }
                },
            );
        }
        for (at, wanted) in self.wanted.iter().enumerate() {
            if let Some(code) = &wanted.code
                && row.code.bytes().starts_with(code.as_bytes())
            {
                title |= 1 << at;
            }
        }
        title == self.all || self.above.iter().any(|above| title | above.1 == self.all)
    }
}

impl Release {
    /// The first `limit` codes that every word of the query fits: the beginning of a word of the
    /// title, of one of the code's other names or of one of a code above it, or the beginning of
    /// the code. `R`, `rt`, `L`, `lt` and `B/L` are sides. The common diagnoses come first in their
    /// order, then the shorter titles; where the query is the beginning of a code, the codes in theirs.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Entry> {
        let wanted = Wanted::of_query(query);
        let Some(mut row) = self.rows().filter(|_| !wanted.is_empty() && limit > 0) else {
            return Vec::new();
        };
        let by_code = wanted.iter().all(|word| word.code.is_some());
        let mut scan = Scan {
            wanted: &wanted,
            all: u32::MAX >> (MOST_WORDS - wanted.len()),
            marks: self.marks(&wanted),
            marked: Vec::new(),
            above: Vec::new(),
        };
        let mut ranks = common::ranks().iter().peekable();
        let mut best = BinaryHeap::new();
        loop {
            if scan.fits(&row) {
                while ranks.next_if(|rank| rank.0 < row.code).is_some() {}
                let rank = ranks.peek().filter(|rank| rank.0 == row.code);
                let rank = rank.map_or(usize::MAX, |rank| rank.1);
                let length = if by_code { 0 } else { self.length(&row.words) };
                let key = (rank, length, row.code);
                if best.len() < limit || best.peek().is_some_and(|worst| key < *worst) {
                    best.push(key);
                    if best.len() > limit {
                        best.pop();
                    }
                }
            }
            if !row.advance() {
                break;
            }
        }
        best.into_sorted_vec()
            .into_iter()
            .filter_map(|(_, _, code)| self.row(code).map(|row| self.entry(&row)))
            .collect()
    }

    /// For every word of the release, a bit for each word of the query that it is.
    fn marks(&self, wanted: &[Wanted]) -> Vec<u32> {
        let words = self.all_words();
        (0..self.word_count())
            .map(|number| {
                let mut mark = 0;
                for run in runs(words.get(self.place(number)).unwrap_or_default()) {
                    for (at, wanted) in wanted.iter().enumerate() {
                        if wanted.fits(run) {
                            mark |= 1 << at;
                        }
                    }
                }
                mark
            })
            .collect()
    }

    fn length(&self, words: &[u32]) -> usize {
        words
            .iter()
            .filter_map(|&word| usize::try_from(word).ok())
            .map(|word| self.place(word).len() + 1)
            .sum()
    }
}
