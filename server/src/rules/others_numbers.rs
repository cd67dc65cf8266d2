//! What makes a number or an address another one than the patient's: what `patient-identifier` leaves alone.

use std::ops::Range;

use super::sections::{line_at, line_start};
use crate::pattern::pattern;

// Numbers and addresses of others than the patient.
pattern!(
    pub(super) OTHERS,
    r"(?i)\b(?:clinic|office|fax|faxed|(?-i:D[Rr]\.? [A-Z][A-Za-z]+)|doctor|physician|pcp|surgeon|provider|pharmacy|adjuster|attorney|lawyer|insurer|insurance|payer|carrier|claims?|employer|hospital|facility|imaging|referr(?:al|ed|ing)|gym|web ?site|therapist|lmt|front desk)\b"
);
// Where something happened is no address of the patient's.
pattern!(
    PLACE,
    r"(?i)\b(?:mvc|mva|accident|collision|crash|rear[- ]?ended|t-?boned|hit|fell|struck|injured|tripped)\b"
);
// What makes a number in the shape of a telephone number another one.
pattern!(
    REFERENCE,
    r"(?i)(?:claim|auth\w*|policy|case|ref\w*|npi|tax|ein|order|invoice|account|acct|id|lot|serial|model|member|group|file|license|lic)\.?(?: ?(?:number|no\.?|#))?[ \t:#]*$"
);

/// Whether the line says that it is about somebody else than the patient.
pub(super) fn is_others(text: &str, at: usize) -> bool {
    OTHERS.is_match(line_at(text, at))
}

/// Whether an address may be where the patient lives.
pub(super) fn is_home(text: &str, at: usize) -> bool {
    !is_others(text, at) && !PLACE.is_match(line_at(text, at))
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

pub(super) fn is_reference(text: &str, at: usize) -> bool {
    REFERENCE.is_match(before_in_line(text, at))
}
