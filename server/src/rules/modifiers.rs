//! Putting modifiers on a line and taking them off, in the way the line is written.

use super::{Edit, VisitCase};
use crate::chart::{Modality, Modifier};
use crate::text::Span;

/// What stands before a modifier: its hyphen or space.
pub fn separator(case: &VisitCase<'_>, modifier: &Modifier) -> char {
    let mut before = case.text[..modifier.span.start].chars();
    before.next_back().unwrap_or('-')
}

/// Takes a modifier out together with the hyphen or space before it.
pub fn removal(case: &VisitCase<'_>, modifier: &Modifier) -> Edit {
    let before = separator(case, modifier).len_utf8();
    let start = modifier.span.start.saturating_sub(before);
    Edit::new(Span::new(start, modifier.span.end), "")
}

/// Puts a modifier behind the others, with a hyphen, or with a space where they are written so.
pub fn addition(case: &VisitCase<'_>, modality: &Modality, code: &str) -> Edit {
    let last = modality.modifiers.last();
    let before = last.map_or('-', |m| separator(case, m));
    Edit::insert(modality.modifiers_end, format!("{before}{code}"))
}
