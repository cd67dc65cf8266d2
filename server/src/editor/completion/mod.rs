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

pub use template::Insert;

use jiff::civil::DateTime;

use crate::analysis::Analysis;
use crate::chart::FieldKind;
use crate::text::Span;
use context::{Cursor, CursorContext};

/// More than this nobody reads.
const MOST: usize = 50;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A field's name.
    Field,
    /// A section's name.
    Section,
    /// A whole visit.
    Visit,
    /// A procedure code with what belongs to it.
    Procedure,
    /// A modifier.
    Modifier,
    /// A body region.
    Region,
    /// A technique.
    Technique,
    /// A diagnosis code.
    Diagnosis,
    /// A clock time, a date, a number of minutes.
    Time,
    /// A payer's profile.
    Payer,
    /// A rule's name.
    Rule,
    /// A text with placeholders.
    Template,
    /// A phrase of the reader's own.
    Phrase,
}

/// What explains an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Documentation {
    /// Nothing more than its detail.
    None,
    /// What [`documentation::of_key`] says of this.
    Key(String),
    /// This text.
    Text(String),
}

/// Something that could be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What the list shows.
    pub label: String,
    /// What it means, in a few words.
    pub detail: String,
    /// What it is.
    pub kind: ItemKind,
    /// What it replaces, in offsets of the document: what was typed of it, up to the cursor.
    pub span: Span,
    /// By what.
    pub insert: Insert,
    /// What the editor compares with what is typed; it begins with what stands in the span.
    pub filter: String,
    /// Its place in the list.
    pub rank: usize,
    /// What explains it.
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
    /// The day and the time of day.
    pub now: DateTime,
}

/// What could be typed at an offset of the document.
pub fn complete(analysis: &Analysis, offset: usize, ask: Ask) -> List {
    let Some(cursor) = Cursor::at(analysis, offset) else {
        return List::default();
    };
    let place = cursor.place();
    if ask.trigger.is_some_and(|c| !opens_by_itself(&place, c)) {
        return List::default();
    }
    let mut offer = match place {
        CursorContext::Phrase { start } => names::phrases(&cursor, start),
        CursorContext::LineStart { start, under } => {
            names::line_start(&cursor, start, under, ask.now)
        }
        CursorContext::Modifier { of, start } => modality::modifiers(&cursor, of, start),
        CursorContext::Words { of, start } => modality::words(&cursor, of, start, ask.now),
        CursorContext::Pointer { start } => diagnoses::pointer(&cursor, start),
        CursorContext::Value { kind, under, start } => {
            values::of(&cursor, kind, under, start, ask.now)
        }
        CursorContext::Heading { start } => values::heading(&cursor, start, ask.now),
        CursorContext::Nothing => Offer::at(&cursor, cursor.at),
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
    match (typed, place) {
        ('.', CursorContext::Phrase { .. } | CursorContext::Pointer { .. })
        | ('-', CursorContext::Modifier { .. })
        | (':', CursorContext::Heading { .. }) => true,
        ('.', CursorContext::Value { kind, .. }) => *kind == FieldKind::Diagnosis,
        ('-', CursorContext::Value { kind, .. }) => {
            matches!(kind, FieldKind::Waive | FieldKind::Payer)
        }
        (':', CursorContext::Value { kind, .. }) => matches!(
            kind,
            FieldKind::Payer
                | FieldKind::Diagnosis
                | FieldKind::Waive
                | FieldKind::Goal
                | FieldKind::Referral
                | FieldKind::PlanOfCare
        ),
        _ => false,
    }
}

/// A list in the making, about what was typed from one place on.
struct Offer<'a> {
    items: Vec<Item>,
    span: Span,
    /// What was typed.
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

    fn is_there(&self, label: &str) -> bool {
        self.items.iter().any(|item| item.label == label)
    }

    /// Adds an item, unless it is there already or was typed to its end. A text of several lines is
    /// offered at a line's end only.
    fn push(
        &mut self,
        kind: ItemKind,
        label: &str,
        detail: &str,
        insert: Insert,
    ) -> Option<&mut Item> {
        let typed_out = !self.typed.is_empty() && insert.plain.trim_end() == self.typed.trim_end();
        if typed_out || self.is_there(label) || !self.at_line_end && insert.plain.contains('\n') {
            return None;
        }
        let mut insert = insert.with_breaks(self.br);
        if !self.lead.is_empty() {
            insert.plain.insert_str(0, self.lead);
            if let Some(snippet) = &mut insert.snippet {
                snippet.insert_str(0, self.lead);
            }
        }
        let begins = label
            .get(..self.typed.len())
            .is_some_and(|l| l.eq_ignore_ascii_case(self.typed));
        let filter = if begins {
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
            documentation: Documentation::None,
        });
        self.items.last_mut()
    }

    /// Adds an item of one word that stands for itself.
    fn word(&mut self, kind: ItemKind, word: &str, detail: &str) -> Option<&mut Item> {
        self.push(kind, word, detail, Insert::of(word))
    }

    fn explained(&mut self, kind: ItemKind, word: &str, detail: &str, key: String) {
        if let Some(item) = self.word(kind, word, detail) {
            item.documentation = Documentation::Key(key);
        }
    }
}

/// Whether each word of a query begins a word of a text, in any case.
fn begins_words(text: &str, query: &str) -> bool {
    let text = text.to_lowercase();
    let words = |s: &str| -> Vec<String> {
        s.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let known = words(&text);
    words(query)
        .iter()
        .all(|word| known.iter().any(|known| known.starts_with(word.as_str())))
}

#[cfg(test)]
mod tests;
