//! Finding codes by words.

use std::collections::BinaryHeap;
use std::ops::Range;

use super::rows::Reader;
use super::{Entry, Release, common};

/// More words than this say nothing more.
const MOST_WORDS: usize = 32;

/// More words no title can have: the words kept and those that follow are counted in a byte each.
const MOST_TITLE_WORDS: usize = 510;

/// A word of a query.
#[derive(Default)]
struct Wanted {
    /// The beginning of a word, folded.
    beginning: String,
    /// Whole words in its place, folded.
    whole: &'static [&'static str],
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
                    beginning: folded(part).collect(),
                    code: Some(code),
                    ..Self::default()
                });
                continue;
            }
            let written = part.trim_matches(['(', ')', ',', '.', ';']);
            if let Some(whole) = side(&folded(written).collect::<String>(), parts.len() > 1) {
                wanted.push(Self {
                    whole,
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
                    beginning: single.unwrap_or(&word).to_owned(),
                    ..Self::default()
                }
            }));
        }
        wanted.retain(|w| w.code.is_some() || !w.whole.is_empty() || !w.beginning.is_empty());
        wanted.truncate(MOST_WORDS);
        wanted
    }

    /// Whether a run of letters of a title is this word.
    fn fits(&self, run: &str) -> bool {
        if !self.whole.is_empty() {
            return self.whole.iter().any(|word| folded(run).eq(word.chars()));
        }
        let (mut letters, mut beginning) = (folded(run), self.beginning.chars());
        beginning.all(|letter| letters.next() == Some(letter))
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

/// What is known of a word of the release, or of the first words of a title.
#[derive(Clone, Copy, Default)]
struct Mark {
    /// A bit for each word of the query that it is.
    fits: u32,
    length: usize,
}

impl Release {
    /// The first `limit` codes that every word of the query fits: the beginning of a word of the
    /// title, of one of the code's other names or of one of a code above it, or the beginning of
    /// the code. `R`, `rt`, `L`, `lt` and `B/L` are sides. The common diagnoses come first in their
    /// order, then the shorter titles; where the query is the beginning of a code, the codes in theirs.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Entry> {
        let wanted = Wanted::of_query(query);
        if wanted.is_empty() || limit == 0 {
            return Vec::new();
        }
        let all = u32::MAX >> (MOST_WORDS - wanted.len());
        let by_code = wanted.iter().all(|word| word.code.is_some());
        let marks = self.marks(&wanted);
        let mark = |word: &[u8; 2]| {
            let mark = marks.get(usize::from(u16::from_le_bytes(*word)));
            mark.copied().unwrap_or_default()
        };
        // The rows with another name that words of the query fit, sorted by the first of them.
        let mut named = Vec::new();
        let mut terms = Reader(self.part(&self.layout.terms));
        while let Some((rows, words)) = terms.term() {
            let fits = words.iter().fold(0, |fits, word| fits | mark(word).fits);
            if fits != 0 {
                named.push((rows, fits));
            }
        }
        let mut named = named.iter().peekable();
        let codes: Vec<(Range<usize>, u32)> = wanted
            .iter()
            .enumerate()
            .filter_map(|(at, word)| Some((self.beginning(word.code.as_ref()?), 1 << at)))
            .collect();
        let mut here: Vec<(usize, u32)> = Vec::new();
        let ranks = common::ranks().iter();
        let rows = ranks.filter_map(|(&code, &rank)| Some((self.row(code)?.number, rank)));
        let mut ranks = rows.peekable();
        let mut best = BinaryHeap::new();
        let mut titles = Reader(self.part(&self.layout.titles));
        // After so many words of the title: what they are together.
        let mut title = [Mark::default(); MOST_TITLE_WORDS + 1];
        for number in 0..self.len() {
            let Some((kept, words)) = titles.title() else {
                break;
            };
            let mut length = kept.min(MOST_TITLE_WORDS);
            let mut whole = title[length];
            for word in words {
                let word = mark(word);
                whole.fits |= word.fits;
                whole.length += word.length;
                length += 1;
                if let Some(slot) = title.get_mut(length) {
                    *slot = whole;
                }
            }
            here.retain(|name| name.0 > number);
            while let Some((rows, fits)) = named.next_if(|name| name.0.start <= number) {
                here.push((rows.end, *fits));
            }
            let codes = codes.iter().filter(|(rows, _)| rows.contains(&number));
            let fits = codes.fold(whole.fits, |fits, (_, code)| fits | code);
            let fits = fits == all || here.iter().any(|name| fits | name.1 == all);
            if !fits {
                continue;
            }
            while ranks.next_if(|rank| rank.0 < number).is_some() {}
            let rank = ranks.peek().filter(|rank| rank.0 == number);
            let rank = rank.map_or(usize::MAX, |rank| rank.1);
            let key = (rank, if by_code { 0 } else { whole.length }, number);
            if best.len() < limit {
                best.push(key);
            } else if let Some(mut worst) = best.peek_mut()
                && key < *worst
            {
                *worst = key;
            }
        }
        best.into_sorted_vec()
            .into_iter()
            .filter_map(|(_, _, number)| self.numbered(number).map(|row| self.entry(&row)))
            .collect()
    }

    /// What each word of the release is.
    fn marks(&self, wanted: &[Wanted]) -> Vec<Mark> {
        (0..self.word_count())
            .map(|number| {
                let word = self.word(number);
                let mut mark = Mark {
                    fits: 0,
                    length: word.len() + 1,
                };
                for run in runs(word) {
                    for (at, wanted) in wanted.iter().enumerate() {
                        if wanted.fits(run) {
                            mark.fits |= 1 << at;
                        }
                    }
                }
                mark
            })
            .collect()
    }
}
