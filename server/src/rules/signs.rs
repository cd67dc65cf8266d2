//! What one look at each letter of a text tells of the words in it.
//!
//! Most rules look for words that few notes hold, with patterns that take long to build and to search.
//! Each first asks here for what its pattern cannot do without. A sign that is missing proves that the
//! pattern finds nothing; one that is there proves nothing.

use std::ops::Range;

use crate::pattern::letters::{ODD_LETTERS, begins_with};
use crate::text::Difference;

/// What a byte may be of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Figure,
    /// The break of a line.
    Break,
    /// A mark of which blanks to fill are made.
    Blank,
    At,
    /// The first byte of [`ODD_LETTERS`].
    Odd,
    Other,
}

static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [Class::Other; 256];
    let mut byte = 0u8;
    loop {
        classes[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Figure,
            b'\n' | b'\r' => Class::Break,
            b'_' | b'*' | b'{' | b'[' => Class::Blank,
            b'@' => Class::At,
            0xC5 | 0xE2 => Class::Odd,
            _ => Class::Other,
        };
        if byte == u8::MAX {
            return classes;
        }
        byte += 1;
    }
}

/// The signs of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signs {
    bits: u32,
    /// Where the first and the last word for a goal begin.
    goals: Option<(usize, usize)>,
}

/// An `@` between letters or figures, as in an e-mail address.
pub(super) const AT: u32 = 1;
/// `birth`, `born`, `dob`, `d.o.b.`.
pub(super) const BIRTH: u32 = 1 << 1;
/// What leads to a social security number.
pub(super) const SSN_WORD: u32 = 1 << 2;
/// Three, two and four figures.
pub(super) const SSN_NUMBER: u32 = 1 << 3;
/// What leads to a telephone number.
pub(super) const PHONE_WORD: u32 = 1 << 4;
/// Three and four figures.
pub(super) const PHONE_NUMBER: u32 = 1 << 5;
/// Three and four figures after an area code.
pub(super) const AREA_NUMBER: u32 = 1 << 6;
/// `Street`, `Rd` and the like, as an address writes them.
pub(super) const STREET: u32 = 1 << 7;
/// `P. O. Box 12`.
pub(super) const BOX: u32 = 1 << 8;
/// Underlines, stars, braces or brackets, of which blanks to fill are made.
pub(super) const BLANK: u32 = 1 << 9;
/// Words that say that there is an order somewhere.
pub(super) const REFERRAL: u32 = 1 << 10;
/// A word for a goal.
pub(super) const GOAL: u32 = 1 << 11;
/// `recertified`, `re-cert`.
pub(super) const RECERTIFIED: u32 = 1 << 12;
/// A plan of care or a certification.
pub(super) const PLAN_OF_CARE: u32 = 1 << 13;
/// `updated`, `new` and the like.
pub(super) const RENEWED: u32 = 1 << 14;
/// Words for a progress report.
pub(super) const REPORT: u32 = 1 << 15;

/// The words, by their first four letters (all of them, of a shorter word), and what each may be a
/// sign of; [`confirmed`] looks at the rest of it.
const WORDS: &[(&str, u32)] = &[
    ("birt", BIRTH),
    ("born", BIRTH),
    ("dob", BIRTH),
    ("d", BIRTH | REPORT),
    ("ssn", SSN_WORD),
    ("ssnn", SSN_WORD),
    ("ss", SSN_WORD),
    ("soc", SSN_WORD),
    ("soci", SSN_WORD),
    ("phon", PHONE_WORD),
    ("tele", PHONE_WORD),
    ("tel", PHONE_WORD),
    ("cell", PHONE_WORD),
    ("mobi", PHONE_WORD),
    ("ph", PHONE_WORD),
    ("cont", PHONE_WORD),
    ("stre", STREET),
    ("st", STREET),
    ("aven", STREET),
    ("ave", STREET),
    ("road", STREET),
    ("rd", STREET),
    ("boul", STREET),
    ("blvd", STREET),
    ("lane", STREET),
    ("ln", STREET),
    ("driv", STREET),
    ("dr", STREET),
    ("cour", STREET),
    ("ct", STREET),
    ("plac", STREET),
    ("pl", STREET),
    ("way", STREET),
    ("terr", STREET),
    ("circ", STREET),
    ("cir", STREET),
    ("high", STREET),
    ("hwy", STREET),
    ("park", STREET),
    ("pkwy", STREET),
    ("box", BOX),
    ("refe", REFERRAL),
    ("self", REFERRAL),
    ("pres", REFERRAL),
    ("rx", REFERRAL),
    ("rxs", REFERRAL),
    ("scri", REFERRAL),
    ("orde", REFERRAL),
    ("dire", REFERRAL),
    ("goal", GOAL),
    ("stg", GOAL),
    ("stgs", GOAL),
    ("ltg", GOAL),
    ("ltgs", GOAL),
    ("rece", RECERTIFIED),
    ("re", RECERTIFIED | REPORT),
    ("cert", PLAN_OF_CARE),
    ("poc", PLAN_OF_CARE),
    ("care", PLAN_OF_CARE),
    ("upda", RENEWED),
    ("new", RENEWED),
    ("revi", RENEWED),
    ("rene", RENEWED),
    ("exte", RENEWED),
    ("prog", REPORT),
    ("reev", REPORT),
    ("reas", REPORT),
    ("reex", REPORT),
    ("disc", REPORT),
];

/// The words that a street's name ends with, in their capitals.
const STREETS: &[&str] = &[
    "Street",
    "STREET",
    "St",
    "Avenue",
    "AVENUE",
    "Ave",
    "AVE",
    "Road",
    "ROAD",
    "Rd",
    "RD",
    "Boulevard",
    "Blvd",
    "BLVD",
    "Lane",
    "LANE",
    "Ln",
    "LN",
    "Drive",
    "DRIVE",
    "Dr",
    "Court",
    "Ct",
    "Place",
    "Pl",
    "Way",
    "Terrace",
    "Circle",
    "Cir",
    "Highway",
    "Hwy",
    "Parkway",
    "Pkwy",
];

/// For each first letter, counted from 1, the second letters that [`WORDS`] have after it, a bit each;
/// the lowest one of a word of one letter. Most words are told apart by these.
static SECOND: [u32; 32] = second_letters();

const fn second_letters() -> [u32; 32] {
    let mut second = [0; 32];
    let mut index = 0;
    while index < WORDS.len() {
        let word = WORDS[index].0.as_bytes();
        let letter = if word.len() > 1 { word[1] & 31 } else { 0 };
        second[(word[0] & 31) as usize] |= 1 << letter;
        index += 1;
    }
    second
}

/// Whether one of the words may have these letters.
fn may_begin(word: &[u8]) -> bool {
    let letter = |at: usize| word.get(at).map_or(0, |letter| letter & 31);
    SECOND[usize::from(letter(0))] >> letter(1) & 1 == 1
}

/// Places of the table; a power of two, more than twice as many as there are words.
const PLACES: usize = 256;

/// [`WORDS`] by a number made of their letters: each stands at its place, or at the next one free.
static TABLE: [(u32, u32); PLACES] = table();

const fn table() -> [(u32, u32); PLACES] {
    let mut table = [(0, 0); PLACES];
    let mut index = 0;
    while index < WORDS.len() {
        let (word, bits) = WORDS[index];
        let letters = word.as_bytes();
        let mut key = 0;
        let mut at = 0;
        while at < letters.len() {
            key = key << 8 | letters[at] as u32;
            at += 1;
        }
        let mut place = place_of(key);
        while table[place].0 != 0 {
            place = (place + 1) % PLACES;
        }
        table[place] = (key, bits);
        index += 1;
    }
    table
}

const fn place_of(key: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> 24) as usize % PLACES
}

/// What a word with these first letters may be a sign of.
fn look_up(key: u32) -> u32 {
    let mut place = place_of(key);
    loop {
        let (known, bits) = TABLE[place];
        if known == key {
            return bits;
        }
        if known == 0 {
            return 0;
        }
        place = (place + 1) % PLACES;
    }
}

impl Signs {
    /// Whether they are those of another text and perhaps more.
    #[cfg(test)]
    pub(super) fn include(self, other: Self) -> bool {
        other.bits & !self.bits == 0
    }

    /// Reads a text once.
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut signs = Self {
            bits: 0,
            goals: None,
        };
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            let class = CLASSES[usize::from(bytes[at])];
            match class {
                Class::Other | Class::Break => at += 1,
                Class::Letter | Class::Figure => {
                    at += 1;
                    while at < bytes.len() && CLASSES[usize::from(bytes[at])] == class {
                        at += 1;
                    }
                    if class == Class::Figure {
                        if at - start >= 4 {
                            signs.bits |= of_number(&bytes[..at]);
                        }
                    } else if may_begin(&bytes[start..at]) {
                        let bits = look_up(key_of(&bytes[start..at]));
                        if bits != 0 {
                            signs.add(confirmed(bits, bytes, start, at), start);
                        }
                    }
                }
                Class::Blank => {
                    at += 1;
                    signs.bits |= BLANK;
                }
                Class::At => {
                    at += 1;
                    if may_be_address(&bytes[..start], &bytes[at..]) {
                        signs.bits |= AT;
                    }
                }
                Class::Odd => {
                    at += 1;
                    if text[start..].starts_with(ODD_LETTERS) {
                        signs.bits = u32::MAX;
                        signs.goals = Some((0, text.len()));
                    }
                }
            }
        }
        signs
    }

    /// The signs of a text that was made of `old`, which had these, by a change. They are read from the
    /// lines that are new; what stood in the other ones is taken for granted, so that there may be
    /// signs of what is gone.
    pub(super) fn after(self, old: &str, new: &str, lines: &Range<usize>) -> Self {
        let fresh = Self::of(&new[lines.clone()]);
        let old_end = old.len() - (new.len() - lines.end);
        // Where a word stands now that is not in the new lines.
        let moved = |at: usize| match at {
            _ if at < lines.start => Some(at),
            _ if at >= old_end => Some(at - old_end + lines.end),
            _ => None,
        };
        let known = self.goals.map(|(first, last)| {
            let first = moved(first).unwrap_or(lines.start);
            (first, moved(last).unwrap_or(lines.end))
        });
        let read = fresh
            .goals
            .map(|(first, last)| (first + lines.start, last + lines.start));
        let goals = match (known, read) {
            (Some(known), Some(read)) => Some((known.0.min(read.0), known.1.max(read.1))),
            (known, read) => known.or(read),
        };
        let bits = self.bits | fresh.bits;
        // Odd letters may stand anywhere.
        let goals = if bits == u32::MAX {
            Some((0, new.len()))
        } else {
            goals
        };
        Self { bits, goals }
    }

    fn add(&mut self, bits: u32, at: usize) {
        self.bits |= bits;
        if bits & GOAL != 0 && self.bits != u32::MAX {
            self.goals = Some((self.goals.map_or(at, |(first, _)| first), at));
        }
    }

    /// Whether one of these is there.
    pub(super) fn has(self, bits: u32) -> bool {
        self.bits & bits != 0
    }

    /// From the first word for a goal to the last one's beginning.
    pub(super) fn goals(self) -> Option<(usize, usize)> {
        self.goals
    }
}

/// The lines of a text that a change lies in.
pub(super) fn new_lines(new: &str, change: &Difference) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &new.as_bytes()[..change.new.start]);
    let end = memchr::memchr(b'\n', &new.as_bytes()[change.new.end..]);
    start.map_or(0, |at| at + 1)..end.map_or(new.len(), |length| change.new.end + length)
}

/// The first four letters of a word, or all that it has, in small letters.
fn key_of(word: &[u8]) -> u32 {
    let small = |letter: u8| u32::from(letter | 0x20);
    match *word {
        [a, b, c, d, ..] => u32::from_be_bytes([a, b, c, d]) | 0x2020_2020,
        [a, b, c] => small(a) << 16 | small(b) << 8 | small(c),
        [a, b] => small(a) << 8 | small(b),
        [a] => small(a),
        [] => 0,
    }
}

/// Whether an `@` stands between what an e-mail address may have before and after it.
fn may_be_address(before: &[u8], after: &[u8]) -> bool {
    let name = before.last().is_some_and(|b| {
        b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-')
    });
    name && after.first().is_some_and(u8::is_ascii_alphanumeric)
}

/// Which of these the word from `start` to `end` may really be a sign of.
fn confirmed(bits: u32, text: &[u8], start: usize, end: usize) -> u32 {
    let word = &text[start..end];
    let is = |other: &str| word.eq_ignore_ascii_case(other.as_bytes());
    let begins = |other: &str| begins_with(word, other);
    let (rest, before) = (&text[end..], &text[..start]);
    let follows = |other: &str| begins_with(rest, other);
    let mut left = bits;
    let mut only_if = |sign: u32, holds: bool| {
        if !holds {
            left &= !sign;
        }
    };
    match bits {
        STREET => {
            let written = STREETS.iter().any(|street| street.as_bytes() == word);
            only_if(STREET, written && before.last() == Some(&b' '));
        }
        BOX => {
            let office = matches!(before, [.., b'o' | b'O' | b'.', b' ']);
            let numbered = matches!(rest, [b' ', b'0'..=b'9', ..]);
            only_if(BOX, is("box") && office && numbered);
        }
        REFERRAL => only_if(REFERRAL, may_be_order(text, start, end)),
        RECERTIFIED => only_if(RECERTIFIED, begins("recert")),
        REPORT => {
            let again = ["reeval", "reassess", "reexam", "discharg"];
            let report = begins("progress") && names_report(&text[start + "progress".len()..]);
            only_if(REPORT, report || again.into_iter().any(begins));
        }
        _ => {
            if is("d") {
                only_if(BIRTH, follows(".o.b"));
                only_if(REPORT, follows("/c"));
            } else if is("re") {
                only_if(RECERTIFIED, follows("-cert"));
                let again = ["-eval", "-assess", "-exam"];
                only_if(REPORT, again.into_iter().any(follows));
            }
        }
    }
    left
}

/// Whether what follows `progress` in its line may make it a report; a line may go on where the next one
/// of the prose begins.
fn names_report(rest: &[u8]) -> bool {
    let name = rest.iter().position(|b| !matches!(b, b' ' | b'-'));
    let name = &rest[name.unwrap_or(rest.len())..];
    let names = ["report", "note", "summary", "update", "eval"];
    let blank = |b: &u8| matches!(b, b' ' | b'\t' | 0x0b | 0x0c) || !b.is_ascii();
    let mark = rest.iter().find(|b| !blank(b));
    names.into_iter().any(|word| begins_with(name, word))
        || mark.is_none_or(|b| matches!(b, b':' | b'\n' | b'\r'))
}

/// Whether a word for an order stands beside one that makes it the patient's.
fn may_be_order(text: &[u8], start: usize, end: usize) -> bool {
    let word = &text[start..end];
    let is = |other: &str| word.eq_ignore_ascii_case(other.as_bytes());
    let (before, rest) = (&text[..start], &text[end..]);
    let follows = |other: &str| begins_with(rest, other);
    let after = |other: &str| {
        let from = start.checked_sub(other.len());
        from.is_some_and(|from| before[from..].eq_ignore_ascii_case(other.as_bytes()))
    };
    if is("referred") {
        return follows(" by") || ["self-", "self "].into_iter().any(after);
    }
    if ["rx", "rxs", "script", "scripts", "order", "orders"]
        .into_iter()
        .any(is)
    {
        let which = ["per ", "current ", "new ", "valid ", "signed "];
        let what = [
            " on file",
            " from",
            " by",
            " dated",
            " renewed",
            " received",
            " valid",
        ];
        return which.into_iter().any(after) || what.into_iter().any(follows);
    }
    is("referral") || is("prescription") || is("selfreferred") || is("direct") && follows(" access")
}

/// What the figures that a text ends with may be.
fn of_number(text: &[u8]) -> u32 {
    /// What stands before so many figures, if it ends with them.
    fn without(text: &[u8], figures: usize) -> Option<&[u8]> {
        let (rest, last) = text.split_at_checked(text.len().checked_sub(figures)?)?;
        last.iter().all(u8::is_ascii_digit).then_some(rest)
    }
    let skip = |text: &[u8], marks: &[u8]| {
        let marked = text.last().is_some_and(|b| marks.contains(b));
        text.len() - usize::from(marked)
    };
    let mut bits = 0;
    let Some(before) = without(text, 4) else {
        return bits;
    };
    let parts = without(&before[..skip(before, b"- ")], 2);
    if parts.is_some_and(|rest| without(&rest[..skip(rest, b"- ")], 3).is_some()) {
        bits |= SSN_NUMBER;
    }
    if let Some(rest) = without(&before[..skip(before, b"-. ")], 3) {
        bits |= PHONE_NUMBER;
        if matches!(rest, [.., b'-' | b'.' | b')'] | [.., b')', b' ']) {
            bits |= AREA_NUMBER;
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;

    #[test]
    fn a_change_hides_no_sign() {
        let words = [
            "goal", "progress", "report", ":", "rx", "per", "re", "cert", "\n", "ltg", "new", "___",
        ];
        let (mut text, mut signs) = (String::new(), Signs::of(""));
        let mut steps = 0;
        trial::each(&words, |line| {
            steps += 1;
            // A line goes in somewhere, and another one or a part of it out.
            let at = text.floor_char_boundary(steps * 7919 % (text.len() + 1));
            let end = text.ceil_char_boundary(text.len().min(at + steps * 31 % 90));
            let mut new = text.clone();
            match steps % 3 {
                0 => new.replace_range(at..end, ""),
                1 => new.insert_str(at, line),
                _ => new.insert_str(at, &format!("{line}\n")),
            }
            if new.len() > 3000 {
                new.truncate(new.floor_char_boundary(500));
            }
            signs = signs.after(
                &text,
                &new,
                &new_lines(&new, &Difference::between(&text, &new)),
            );
            let right = Signs::of(&new);
            assert!(signs.include(right), "{text:?} {new:?}");
            if let Some((first, last)) = right.goals() {
                let known = signs.goals();
                assert!(
                    known.is_some_and(|known| known.0 <= first && last <= known.1),
                    "{new:?}"
                );
            }
            // Signs of what is gone do not gather.
            if steps % 50 == 0 {
                signs = right;
            }
            text = new;
        });
    }
}
