//! Formatting: the note's structure in its usual form. Spaces, the case of keys and codes, dates
//! and clock ranges change; a word or a number of prose never does.
//!
//! What is found line by line is not trusted: the visit is read again with its edits, and if it
//! said anything else than before, only spaces are changed, or nothing.

mod lines;
mod said;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::line_start;
use crate::analysis::Analysis;
use crate::chart::{Visit, lower};
use crate::rules::Edit;
use crate::syntax::Syntax;
use crate::text::{Document, Span};
use lines::{Change, Kind, Lines};

/// What an editor wishes that we would do by ourselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// Spaces at the ends of lines go.
    pub trims_spaces: bool,
    /// The note ends with a line break.
    pub ends_with_break: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            trims_spaces: true,
            ends_with_break: true,
        }
    }
}

/// The edits that put an open note into its usual form, sorted and apart from each other; only
/// those of the lines that meet one of `within`, if it is given.
pub fn format(analysis: &Analysis, within: Option<&[Span]>, wishes: Wishes) -> Vec<Edit> {
    let pieces = analysis.pieces();
    let pieces: Vec<_> = pieces.map(|p| (p.start, &*p.text, &*p.visit)).collect();
    of_pieces(&pieces, within, wishes)
}

/// The edits that put a whole note into its usual form, for where it is not judged.
pub fn format_document(document: &Document) -> Vec<Edit> {
    let pieces = document.pieces().iter();
    let read: Vec<_> = pieces.map(|piece| (piece, read(&piece.text))).collect();
    let pieces = read.iter().map(|(p, visit)| (p.start, &*p.text, visit));
    of_pieces(&pieces.collect::<Vec<_>>(), None, Wishes::default())
}

/// The edits after Enter was pressed and the caret stands at `offset`: the line that was ended
/// gets its usual form, and the line below a modality its indentation.
pub fn after_enter(analysis: &Analysis, offset: usize) -> Vec<Edit> {
    let Some(below) = analysis.piece_at(offset) else {
        return Vec::new();
    };
    let text = &below.text;
    let at = text.floor_char_boundary(offset - below.start);
    let line_start = below.start + line_start(text, at);
    let before = line_start.checked_sub(1);
    let Some(piece) = before.and_then(|before| analysis.piece_at(before)) else {
        return Vec::new();
    };
    let (text, visit) = (&*piece.text, &piece.visit);
    let lines = Lines::of(text, visit);
    let mut changes = lines.after_enter(line_start - piece.start);
    trusted(text, visit, &mut changes);
    edits(text, piece.start, changes)
}

/// The text after its edits, which are sorted and apart from each other.
pub fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.start]);
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(&text[at..]);
    out
}

fn read(text: &Arc<str>) -> Visit {
    lower(text, &Syntax::of(text))
}

/// The line break of the note's first line, which is that of the others but for pasted text.
fn prevailing<'a>(mut texts: impl Iterator<Item = &'a str>) -> &'static str {
    match texts.find_map(|text| Some(&text[text.find(['\n', '\r'])?..])) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// The edits of the visits and of what stands before the first one, each with its place.
fn of_pieces(
    pieces: &[(usize, &str, &Visit)],
    within: Option<&[Span]>,
    wishes: Wishes,
) -> Vec<Edit> {
    let line_break = prevailing(pieces.iter().map(|(_, text, _)| *text));
    let mut all = Vec::new();
    for (index, &(start, text, visit)) in pieces.iter().enumerate() {
        let near = |span: &Span| span.start <= start + text.len() && start <= span.end;
        if within.is_some_and(|spans| !spans.iter().any(near)) {
            continue;
        }
        let (first, last) = (index == 0, index + 1 == pieces.len());
        let mut changes = Lines::of(text, visit).changes(first, last);
        if last && wishes.ends_with_break {
            changes.extend(lines::final_break(text, line_break));
        }
        if !wishes.trims_spaces {
            changes.retain(|c| c.kind != Kind::Trailing);
        }
        if let Some(spans) = within {
            let meets = |line: Span| spans.iter().any(|span| meets(*span, line));
            changes.retain(|change| meets(change.line.shifted(start)));
        }
        trusted(text, visit, &mut changes);
        all.extend(edits(text, start, changes));
    }
    all
}

/// Whether a selection has something of a line; one that ends right before the line has not.
fn meets(span: Span, line: Span) -> bool {
    let reaches = if span.is_empty() {
        line.start <= span.start
    } else {
        line.start < span.end
    };
    reaches && span.start < line.end.max(line.start + 1)
}

/// Takes back what would make the visit say something else.
fn trusted(text: &str, visit: &Visit, changes: &mut Vec<Change>) {
    if changes.is_empty() || says_the_same(text, visit, changes) {
        return;
    }
    changes.retain(|c| c.kind != Kind::Words);
    if !says_the_same(text, visit, changes) {
        changes.clear();
    }
}

fn says_the_same(text: &str, visit: &Visit, changes: &[Change]) -> bool {
    let after: Arc<str> = applied(text, &edits(text, 0, changes.to_vec())).into();
    said::said(text, visit) == said::said(&after, &read(&after))
}

/// The changes as edits: in order, those that touch made one, each no larger than what it changes.
fn edits(text: &str, start: usize, mut changes: Vec<Change>) -> Vec<Edit> {
    changes.sort_by_key(|c| c.span);
    let mut edits: Vec<Edit> = Vec::with_capacity(changes.len());
    for change in changes {
        match edits.last_mut() {
            Some(last) if last.span.end > change.span.start => {}
            Some(last) if last.span.end == change.span.start => {
                last.span.end = change.span.end;
                last.text.push_str(&change.text);
            }
            _ => {
                let Change { span, text, .. } = change;
                edits.push(Edit { span, text });
            }
        }
    }
    edits.retain_mut(|edit| {
        shorten(text, edit);
        // A lone carriage return and a newline that come together would be one line break.
        let joins = edit.text.is_empty()
            && text[..edit.span.start].ends_with('\r')
            && text[edit.span.end..].starts_with('\n');
        !(joins || edit.span.is_empty() && edit.text.is_empty())
    });
    for edit in &mut edits {
        edit.span = edit.span.shifted(start);
    }
    edits
}

/// Leaves out what an edit would put back as it was, at both of its ends.
fn shorten(text: &str, edit: &mut Edit) {
    let common = |a: Option<char>, b: Option<char>| a.filter(|c| Some(*c) == b);
    while let Some(c) = common(
        text[edit.span.range()].chars().next(),
        edit.text.chars().next(),
    ) {
        edit.span.start += c.len_utf8();
        edit.text.remove(0);
    }
    while let Some(c) = common(
        text[edit.span.range()].chars().next_back(),
        edit.text.chars().next_back(),
    ) {
        edit.span.end -= c.len_utf8();
        edit.text.pop();
    }
}
