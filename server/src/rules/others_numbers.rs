//! What makes a number or an address another one than the patient's: what `patient-identifier` leaves alone.

use std::cell::Cell;
use std::ops::Range;

use super::sections::{line_at, line_start};
use crate::pattern::{Pattern, pattern, words};

// Numbers and addresses of others than the patient.
pattern!(
    OTHERS,
    r"(?i)\b(?:clinic|office|fax|faxed|(?-i:D[Rr]\.? [A-Z][A-Za-z]+)|doctor|physician|pcp|surgeon|provider|pharmacy|adjuster|attorney|lawyer|insurer|insurance|payer|carrier|claims?|employer|hospital|facility|imaging|referr(?:al|ed|ing)|gym|web ?site|therapist|lmt|front desk)\b"
);
// Where something happened is no address of the patient's.
pattern!(
    PLACE,
    r"(?i)\b(?:mvc|mva|accident|collision|crash|rear[- ]?ended|t-?boned|hit|fell|struck|injured|tripped)\b"
);
// What makes a number in the shape of a telephone number another one.
words!(
    REFERENCE,
    r"(?i)(?:claim|auth\w*|policy|case|ref\w*|npi|tax|ein|order|invoice|account|acct|id|lot|serial|model|member|group|file|license|lic)\.?(?: ?(?:number|no\.?|#))?[ \t:#]*$"
);

// Somebody else's birth: of a child after whose birth the patient is treated.
pattern!(
    CHILD,
    r"(?i)\b(?:baby|infant|newborn|child|son|daughter|twins?|grand\w+|delivery|delivered|she was|he was)\b"
);

/// No word and mark before a number reaches back further.
const MOST_BEFORE: usize = 120;

/// A text in whose lines numbers are found one after the other: what a line says is looked for once, for it may be a long one
/// with thousands of them.
pub(super) struct Lines<'t> {
    pub text: &'t str,
    known: Cell<Known>,
}

/// The line that was asked about last.
#[derive(Clone, Copy, Default)]
struct Known {
    start: usize,
    end: usize,
    /// Where the first of each kind of words in it ends.
    others: Option<usize>,
    place: Option<usize>,
    child: Option<usize>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        let known = Cell::default();
        Self { text, known }
    }

    fn line(&self, at: usize) -> Known {
        let known = self.known.get();
        if (known.start..known.end).contains(&at) {
            return known;
        }
        let start = line_start(self.text, at);
        let line = line_at(self.text, start);
        let first = |pattern: &Pattern| Some(start + pattern.find(line)?.end());
        let known = Known {
            start,
            end: start + line.len(),
            others: first(&OTHERS),
            place: first(&PLACE),
            child: first(&CHILD),
        };
        self.known.set(known);
        known
    }

    /// Whether the line says that it is about somebody else than the patient.
    pub fn is_others(&self, at: usize) -> bool {
        self.line(at).others.is_some()
    }

    /// Whether the line says so before this.
    pub fn is_others_until(&self, at: usize) -> bool {
        self.line(at).others.is_some_and(|end| end <= at)
    }

    /// Whether an address may be where the patient lives.
    pub fn is_home(&self, at: usize) -> bool {
        !self.is_others(at) && self.line(at).place.is_none()
    }

    /// Whether the line speaks of a child before this.
    pub fn is_childs(&self, at: usize) -> bool {
        self.line(at).child.is_some_and(|end| end <= at)
    }

    /// Whether what stands before a number makes it one of something else.
    pub fn is_reference(&self, at: usize) -> bool {
        let start = line_start(self.text, at).max(at.saturating_sub(MOST_BEFORE));
        REFERENCE.is_match(&self.text[self.text.floor_char_boundary(start)..at])
    }
}

/// What stands before an offset in its line.
pub(super) fn before_in_line(text: &str, at: usize) -> &str {
    &text[line_start(text, at)..at]
}

/// Whether no letter, figure or mark of a longer number touches it.
pub(super) fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '_' | '#');
    let before = text[..range.start].chars().next_back();
    let mut rest = text[range.end..].chars();
    let (after, next) = (rest.next(), rest.next());
    let decimal = after == Some('.') && next.is_some_and(|c| c.is_ascii_digit());
    !before.is_some_and(|c| joins(c) || c == '.') && !after.is_some_and(joins) && !decimal
}
