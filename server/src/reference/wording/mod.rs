//! Wording that draws denials, and wording that says nothing.
//!
//! Source: the project's domain notes, section 7.6, see `data/wording.tsv`. This knows words only;
//! which section they stand in, and whether a measured change stands beside them, the reader looks up.

mod pattern;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::OnceLock;

use self::pattern::{Pattern, can_begin, char_at, small};
use super::vocabulary::stands_alone;

/// Why a phrase is trouble.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DenialKind {
    /// Reads as care that is not medically necessary.
    Necessity,
    /// Says the same on every visit.
    Rote,
    /// Names no technique, tissue or parameter.
    Vague,
    /// Gives no exact minutes.
    Inexact,
}

/// How strongly to say it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// Off unless asked for.
    Hint,
    /// To be known.
    Information,
    /// To be changed.
    Warning,
}

/// Who writes the note.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profession {
    /// Physical or occupational therapy.
    Therapy,
    /// Chiropractic.
    Chiropractic,
    /// Massage therapy for a private payer.
    Massage,
}

/// A kind of wording that payers object to.
#[derive(Clone, Debug)]
pub struct DenialPhrase {
    /// Its name.
    pub name: &'static str,
    /// Why it is trouble.
    pub kind: DenialKind,
    /// Harmless when a measured change, or a parameter, stands beside it.
    pub alone: bool,
    /// Concerns the Subjective section (all others concern Assessment, Plan and treatment lines).
    pub subjective: bool,
    /// How strongly to say it to physical and occupational therapists.
    pub therapy: Weight,
    /// How strongly to say it to chiropractors.
    pub chiropractic: Weight,
    /// How strongly to say it to massage therapists.
    pub massage: Weight,
    /// What a payer makes of it and what to write instead.
    pub reason: &'static str,
    /// Its words, as a regular expression without regard to case.
    pub pattern: &'static str,
    /// `not a ...` before it clears it.
    negatable: bool,
    /// The letters, up to four, that it can begin with: what `GATES` is made of.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the tests hold the gates to the patterns")
    )]
    begins: &'static str,
    /// `pattern`, read where a note first has a word that it begins with.
    finder: OnceLock<Option<Pattern>>,
    spared: &'static str,
    /// `spared`, read when the phrase first occurs.
    spared_finder: OnceLock<Option<Pattern>>,
}

impl DenialPhrase {
    fn finder(&self) -> Option<&Pattern> {
        let read = || Pattern::read(self.pattern, true);
        self.finder.get_or_init(read).as_ref()
    }

    /// Finds the company in which it is harmless; `None` where there is none.
    fn spared(&self) -> Option<&Pattern> {
        let read = || Pattern::read(self.spared, false).filter(|_| !self.spared.is_empty());
        self.spared_finder.get_or_init(read).as_ref()
    }

    /// How strongly to say it to a profession.
    pub fn weight(&self, profession: Profession) -> Weight {
        match profession {
            Profession::Therapy => self.therapy,
            Profession::Chiropractic => self.chiropractic,
            Profession::Massage => self.massage,
        }
    }
}

/// Such wording in a text.
#[derive(Clone, Debug)]
pub struct DenialMention {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// Which.
    pub phrase: &'static DenialPhrase,
}

// The phrases, and by which letters they begin: for each key the set of phrases, by their places.
include!("../tables/wording.rs");

/// All phrases, in the order of the table.
pub fn all() -> &'static [DenialPhrase] {
    &PHRASES
}

/// The phrases in a text, in order; those in harmless company (`not a maintenance visit`,
/// `relaxation of the upper trapezius`, `wellness coach`) are left out.
pub fn find_in(text: &str) -> Vec<DenialMention> {
    let mut found: Vec<DenialMention> = Vec::new();
    // For each phrase where it can begin again, and its harmless company once it was looked for.
    let mut free_from = [0; PHRASES.len()];
    let mut spared: [Option<Vec<Range<usize>>>; PHRASES.len()] = [const { None }; PHRASES.len()];
    let mut at = 0;
    while let Some((start, key)) = next_beginning(text, &mut at) {
        let Ok(gate) = GATES.binary_search_by_key(&key, |gate| gate.0) else {
            continue;
        };
        for (index, phrase) in PHRASES.iter().enumerate() {
            if GATES[gate].1 & 1 << index == 0 || start < free_from[index] {
                continue;
            }
            let end = phrase
                .finder()
                .and_then(|finder| finder.end_at(text, start));
            let Some(end) = end.filter(|end| *end > start) else {
                continue;
            };
            free_from[index] = end;
            if !stands_alone(text, start..end) || phrase.negatable && is_negated(text, start) {
                continue;
            }
            let spared = spared[index].get_or_insert_with(|| {
                let spared = phrase.spared();
                spared.map_or_else(Vec::new, |spared| spared.find_all(text))
            });
            if !spared
                .iter()
                .any(|safe| safe.start < end && start < safe.end)
            {
                found.push(DenialMention {
                    range: start..end,
                    phrase,
                });
            }
        }
    }
    found.sort_by_key(|mention| (mention.range.start, mention.range.end));
    found
}

/// The next place from `at` on where a phrase can begin, and the key of what stands there: up to four
/// letters, or a figure, or the first byte of a mark. `at` becomes the place behind.
fn next_beginning(text: &str, at: &mut usize) -> Option<(usize, u32)> {
    let bytes = text.as_bytes();
    loop {
        let start = *at;
        let byte = *bytes.get(start)?;
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            let in_word = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
            *at += bytes[start..].iter().take_while(in_word).count();
            if byte.is_ascii_digit() {
                return Some((start, u32::from(b'0')));
            }
            return Some((start, letters(text, start)));
        }
        let found = char_at(text, start)?;
        *at += found.len_utf8();
        match found {
            // The last two count as letters, though a word can begin beside them as beside any mark.
            '~' | '≈' | '\u{17f}' | '\u{212a}' => {}
            _ => continue,
        }
        if can_begin(text, start) {
            let letters = letters(text, start);
            return Some((
                start,
                if letters == 0 {
                    u32::from(byte)
                } else {
                    letters
                },
            ));
        }
    }
}

/// The first four letters, in small letters, of a word.
fn letters(text: &str, start: usize) -> u32 {
    let mut key = 0;
    let mut at = start;
    for place in 0..4 {
        let Some(letter) = char_at(text, at).filter(|c| small(*c).is_ascii_alphabetic()) else {
            break;
        };
        key |= u32::from(small(letter)) << (8 * place);
        at += letter.len_utf8();
    }
    key
}

/// Whether one of the three words before `at`, in the same clause, is a negation.
fn is_negated(text: &str, at: usize) -> bool {
    let clause = text[..at]
        .rfind(['.', ',', ';', ':', '\n'])
        .map_or(&text[..at], |stop| &text[stop + 1..at]);
    let before: Vec<&str> = clause
        .rsplit(|found: char| !(found.is_alphanumeric() || matches!(found, '\'' | '’')))
        .filter(|word| !word.is_empty())
        .take(3)
        .collect();
    before.iter().any(|word| {
        let word = word.to_ascii_lowercase();
        matches!(
            word.as_str(),
            "not" | "no" | "non" | "never" | "without" | "neither" | "nor"
        ) || word.ends_with("n't")
            || word.ends_with("n’t")
    }) || before
        .windows(2)
        .any(|pair| pair[0].eq_ignore_ascii_case("than") && pair[1].eq_ignore_ascii_case("rather"))
}
