//! Completion: what could be typed here, offered and never put in unasked.
//!
//! - A list that opens by itself after `:` or `-` holds nothing that was done or signed: no
//!   technique, no region, no time, no signature. The key that ends a line also takes the first
//!   entry of an open list, and no one is to sign or bill by pressing it. After a space no list opens.
//! - What was typed to its end is not offered again, for the same reason.
//! - A diagnosis is found by what the clinician types. Where nothing is typed, the chart's own
//!   codes are offered and no other.
//! - What is not known is a placeholder.

mod codes;
mod context;
mod diagnoses;
pub mod documentation;
mod modality;
mod names;
mod regions;
mod template;
mod values;

pub use template::{Insert, placeholders, tab_stops};
pub use values::known_of;

use jiff::civil::DateTime;

use crate::analysis::Analysis;
use crate::chart::FieldKind;
use crate::text::Span;
use context::{Cursor, CursorContext};

/// More than this nobody reads.
const MOST: usize = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    Field,
    Section,
    /// A whole visit.
    Visit,
    /// A procedure code with what belongs to it.
    Procedure,
    Modifier,
    Region,
    Technique,
    Diagnosis,
    /// A clock time, a date, a number of minutes.
    Time,
    Payer,
    Rule,
    /// A text with placeholders.
    Template,
    /// A phrase of the reader's own.
    Phrase,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Documentation {
    None,
    /// What [`documentation::of_key`] says of this.
    Key(String),
    Text(String),
}

/// Something that could be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub label: String,
    pub detail: String,
    pub kind: ItemKind,
    /// What it replaces, in offsets of the document: what was typed of it, up to the cursor.
    pub span: Span,
    pub insert: Insert,
    /// What the editor compares with what is typed; it begins with what stands in the span.
    pub filter: String,
    /// Its place in the list.
    pub rank: usize,
    pub documentation: Documentation,
}

/// What could be typed at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The likeliest first.
    pub items: Vec<Item>,
    /// Whether other items may fit when more is typed.
    pub incomplete: bool,
}

/// How it was asked.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// The character after which the list opens by itself, if it does.
    pub trigger: Option<char>,
    pub now: DateTime,
}

/// What could be typed at an offset of the document.
pub fn complete(analysis: &Analysis, offset: usize, ask: Ask) -> List {
    let Some(cursor) = &Cursor::at(analysis, offset) else {
        return List::default();
    };
    let (place, now) = (cursor.place(), ask.now);
    if ask.trigger.is_some_and(|c| !opens_by_itself(&place, c)) {
        return List::default();
    }
    let mut offer = match place {
        CursorContext::Phrase { start } => names::phrases(cursor, start),
        CursorContext::LineStart { start, under } => names::line_start(cursor, start, under, now),
        CursorContext::Modifier { of, start } => modality::modifiers(cursor, of, start),
        CursorContext::Words { of, start } => modality::words(cursor, of, start, now),
        CursorContext::Pointer { start } => diagnoses::pointer(cursor, start),
        CursorContext::Value { kind, under, start } => values::of(cursor, kind, under, start, now),
        CursorContext::Heading { start } => values::heading(cursor, start, now),
        CursorContext::Nothing => Offer::at(cursor, cursor.at),
    };
    offer.items.truncate(MOST);
    for (rank, item) in offer.items.iter_mut().enumerate() {
        item.rank = rank;
    }
    List {
        items: offer.items,
        incomplete: offer.searched,
    }
}

/// Whether a list may open at a place because this character was typed.
fn opens_by_itself(place: &CursorContext<'_>, typed: char) -> bool {
    use FieldKind as F;
    let opening = match place {
        CursorContext::Phrase { .. } | CursorContext::Pointer { .. } => ".",
        CursorContext::Modifier { .. } => "-",
        CursorContext::Heading { .. } => ":",
        CursorContext::Value { kind, .. } => match kind {
            F::Diagnosis => ".:",
            F::Waive | F::Payer => "-:",
            F::Goal | F::Referral | F::Authorization | F::PlanOfCare => ":",
            _ => "",
        },
        _ => "",
    };
    opening.contains(typed)
}

/// A list in the making, about what was typed from one place on.
struct Offer<'a> {
    items: Vec<Item>,
    span: Span,
    typed: &'a str,
    /// What goes between a key and its value, where the space is still missing.
    lead: &'static str,
    br: &'static str,
    at_line_end: bool,
    searched: bool,
}

impl<'a> Offer<'a> {
    /// A list about what was typed since an offset of the visit.
    fn at(cursor: &Cursor<'a>, start: usize) -> Self {
        let typed = cursor.since(start);
        let closed = cursor.since(cursor.line_start).ends_with(':');
        Self {
            items: Vec::new(),
            span: cursor.span(start),
            typed,
            lead: if closed && typed.is_empty() { " " } else { "" },
            br: cursor.case.line_break(),
            at_line_end: cursor.at_line_end,
            // With something typed the list is cut to it.
            searched: !typed.is_empty(),
        }
    }

    /// Whether what was typed begins a word of this text; any text if nothing was typed.
    fn fits(&self, text: &str) -> bool {
        begins_words(text, self.typed)
    }

    /// Adds an item, unless it is there already or was typed to its end. A text of several lines is
    /// offered at a line's end only.
    fn push(
        &mut self,
        kind: ItemKind,
        label: &str,
        detail: &str,
        insert: Insert,
        documentation: Documentation,
    ) {
        let typed_out = !self.typed.is_empty() && insert.plain.trim_end() == self.typed.trim_end();
        let there = self.items.iter().any(|item| item.label == label);
        if typed_out || there || !self.at_line_end && insert.plain.contains('\n') {
            return;
        }
        // In a snippet the editor sees to the line breaks.
        let insert = Insert {
            plain: format!("{}{}", self.lead, insert.plain).replace('\n', self.br),
            snippet: insert.snippet.map(|s| format!("{}{s}", self.lead)),
        };
        let filter = if begins(label, self.typed) {
            label.to_owned()
        } else {
            format!("{} {label}", self.typed)
        };
        self.items.push(Item {
            label: label.to_owned(),
            detail: detail.to_owned(),
            kind,
            span: self.span,
            insert,
            filter,
            rank: 0,
            documentation,
        });
    }

    /// Adds an item whose label is what is typed, without an explanation.
    fn word(&mut self, kind: ItemKind, word: &str, detail: &str) {
        self.push(kind, word, detail, Insert::of(word), Documentation::None);
    }
}

/// Whether a text begins with what was typed, in any case.
fn begins(text: &str, typed: &str) -> bool {
    let start = text.get(..typed.len());
    start.is_some_and(|s| s.eq_ignore_ascii_case(typed))
}

/// Whether each word of a query begins a word of a text, in any case.
fn begins_words(text: &str, query: &str) -> bool {
    fn words(text: &str) -> impl Iterator<Item = &str> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty())
    }
    let (text, query) = (text.to_lowercase(), query.to_lowercase());
    words(&query).all(|word| words(&text).any(|known| known.starts_with(word)))
}

#[cfg(test)]
mod tests;
