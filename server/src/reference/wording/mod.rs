//! Wording that draws denials, and wording that says nothing.
//!
//! Source: the project's domain notes, section 7.6, see `data/wording.tsv`. This knows words only;
//! which section they stand in, and whether a measured change stands beside them, the reader looks up.

mod pattern;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::OnceLock;

use self::pattern::{Pattern, WaysBack, can_begin, char_at, small};
use super::vocabulary::stands_alone;
use crate::pattern::letters::is_word_before;

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
    find_those(text, &Phrases::of(|_| true))
}

/// Some of the phrases.
#[derive(Clone, Copy, Debug)]
pub struct Phrases {
    /// As bits by their places.
    bits: u32,
    /// For each first letter, counted from 1, the second letters that one of them has after it, a bit
    /// each; the lowest one where no letter follows. Most words are told apart by these.
    second: [u32; 32],
    /// The bytes that one of them may begin with.
    first: [bool; 256],
}

impl Phrases {
    /// Those that are wanted.
    pub fn of(wanted: impl Fn(&DenialPhrase) -> bool) -> Self {
        let numbered = PHRASES.iter().enumerate();
        let bits = numbered.fold(0, |all, (index, phrase)| {
            all | u32::from(wanted(phrase)) << index
        });
        let mut second = [0; 32];
        let mut first = [false; 256];
        // Beyond ASCII there are letters that count as some of it.
        for byte in (0xC0..=0xFF).chain([b'~']) {
            first[usize::from(byte)] = true;
        }
        for (key, _) in GATES.iter().filter(|(_, phrases)| phrases & bits != 0) {
            let [begins, next, ..] = key.to_le_bytes();
            if begins.is_ascii_alphabetic() {
                second[usize::from(begins & 31)] |= 1_u32 << (next & 31);
                first[usize::from(begins.to_ascii_lowercase())] = true;
                first[usize::from(begins.to_ascii_uppercase())] = true;
            } else if begins.is_ascii_digit() {
                first[usize::from(b'0')..=usize::from(b'9')].fill(true);
            }
        }
        Self {
            bits,
            second,
            first,
        }
    }

    /// Whether one of them may begin with the word that these bytes begin with.
    fn may_begin(&self, bytes: &[u8]) -> bool {
        let Some(first) = bytes.first().filter(|first| first.is_ascii_alphabetic()) else {
            return bytes.first() != Some(&b'_');
        };
        let next = bytes.get(1).copied().unwrap_or_default();
        let letter = if next.is_ascii_alphabetic() {
            next & 31
        } else {
            0
        };
        // One of the odd letters may follow.
        !next.is_ascii() || self.second[usize::from(first & 31)] >> letter & 1 == 1
    }
}

/// The same of some phrases only: the others are not looked for.
pub fn find_those(text: &str, wanted: &Phrases) -> Vec<DenialMention> {
    let mut search = None;
    let mut at = 0;
    while let Some((start, key)) = next_beginning(text, wanted, &mut at) {
        let mut phrases = beginning_with(key) & wanted.bits;
        while phrases != 0 {
            let search = search.get_or_insert_with(|| Search::new(text));
            search.look_for(phrases.trailing_zeros() as usize, start);
            phrases &= phrases - 1;
        }
    }
    let mut found = search.map_or_else(Vec::new, |search| search.found);
    found.sort_by_key(|mention| (mention.range.start, mention.range.end));
    found
}

/// What is known of the phrases in a text so far.
struct Search<'t> {
    text: &'t str,
    /// For each phrase where it can begin again.
    free_from: [usize; PHRASES.len()],
    /// For each phrase its harmless company, once that was looked for.
    spared: [Option<Vec<Range<usize>>>; PHRASES.len()],
    ways_back: WaysBack,
    found: Vec<DenialMention>,
}

impl<'t> Search<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            free_from: [0; PHRASES.len()],
            spared: [const { None }; PHRASES.len()],
            ways_back: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Adds the phrase of this place in the table if it begins here.
    fn look_for(&mut self, index: usize, start: usize) {
        let (text, phrase) = (self.text, &PHRASES[index]);
        if start < self.free_from[index] {
            return;
        }
        let finder = phrase.finder();
        let end = finder.and_then(|finder| finder.end_at(text, start, &mut self.ways_back));
        let Some(end) = end.filter(|end| *end > start) else {
            return;
        };
        self.free_from[index] = end;
        if !stands_alone(text, start..end) || phrase.negatable && is_negated(text, start) {
            return;
        }
        let spared = self.spared[index].get_or_insert_with(|| {
            let spared = phrase.spared();
            spared.map_or_else(Vec::new, |spared| spared.find_all(text))
        });
        if !spared
            .iter()
            .any(|safe| safe.start < end && start < safe.end)
        {
            self.found.push(DenialMention {
                range: start..end,
                phrase,
            });
        }
    }
}

/// The phrases that can begin with this key, as bits.
fn beginning_with(key: u32) -> u32 {
    let mut slot = slot(key);
    while SLOTS[slot] != 0 {
        let (known, phrases) = GATES[usize::from(SLOTS[slot]) - 1];
        if known == key {
            return phrases;
        }
        slot = (slot + 1) % SLOTS.len();
    }
    0
}

/// The place of each gate, and one more, in the slot of its key or the next free one; zero for none.
static SLOTS: [u8; 256] = {
    let mut slots = [0; 256];
    let mut gate = 0_u8;
    while (gate as usize) < GATES.len() {
        let mut slot = slot(GATES[gate as usize].0);
        while slots[slot] != 0 {
            slot = (slot + 1) % slots.len();
        }
        gate += 1;
        slots[slot] = gate;
    }
    slots
};

const fn slot(key: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> 24) as usize
}

/// The next place from `at` on where one of the phrases can begin, and the key of what stands there: up
/// to four letters, or a figure, or the first byte of a mark. `at` becomes the place behind.
fn next_beginning(text: &str, wanted: &Phrases, at: &mut usize) -> Option<(usize, u32)> {
    let bytes = text.as_bytes();
    let mut start = *at;
    loop {
        let mut rest = bytes.get(start..)?.iter();
        start += rest.position(|byte| wanted.first[usize::from(*byte)])?;
        match KINDS[usize::from(bytes[start])] {
            // Within a word nothing begins.
            Kind::Word if is_word_before(bytes, start) => start += 1,
            Kind::Word => {
                let mut end = start + 1;
                while end < bytes.len() && KINDS[usize::from(bytes[end])] == Kind::Word {
                    end += 1;
                }
                if !wanted.may_begin(&bytes[start..]) {
                    start = end;
                    continue;
                }
                *at = end;
                let key = match &bytes[start..end] {
                    [b'0'..=b'9', ..] => u32::from(b'0'),
                    [a, b, c, d, ..] if [a, b, c, d].iter().all(|b| b.is_ascii_alphabetic()) => {
                        u32::from_le_bytes([*a, *b, *c, *d]) | 0x2020_2020
                    }
                    // A shorter word, behind which no odd letter goes on.
                    word if word.iter().all(u8::is_ascii_alphabetic)
                        && bytes.get(end).is_none_or(u8::is_ascii) =>
                    {
                        let letters = word.iter().rev();
                        letters.fold(0, |key, letter| key << 8 | u32::from(letter | 0x20))
                    }
                    _ => letters(text, start),
                };
                return Some((start, key));
            }
            Kind::Mark => start += 1,
            Kind::Other => {
                let found = char_at(text, start)?;
                // The last two count as letters, though a word can begin beside them as beside any mark.
                let begins = matches!(found, '~' | '≈' | '\u{17f}' | '\u{212a}');
                let place = start;
                start += found.len_utf8();
                if begins && can_begin(text, place) {
                    *at = start;
                    let key = match letters(text, place) {
                        0 => u32::from(bytes[place]),
                        letters => letters,
                    };
                    return Some((place, key));
                }
            }
        }
    }
}

/// What a byte is to a phrase.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Of a word: a letter, a digit or `_`.
    Word,
    /// Nothing that a phrase begins with.
    Mark,
    /// Perhaps a mark that a phrase begins with.
    Other,
}

static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => Kind::Word,
            b'~' => Kind::Other,
            _ => Kind::Mark,
        };
        byte += 1;
    }
    kinds
};

/// The first four letters, in small letters, of a word.
fn letters(text: &str, start: usize) -> u32 {
    let mut key = 0;
    let mut at = start;
    let mut place = 0;
    while let (0..4, Some(letter)) = (place, char_at(text, at).map(small)) {
        if !letter.is_ascii_alphabetic() {
            break;
        }
        key |= u32::from(letter) << (8 * place);
        at += char_at(text, at).map_or(1, char::len_utf8);
        place += 1;
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
