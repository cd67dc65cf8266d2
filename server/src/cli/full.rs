//! Each finding drawn in the note, then the units of each visit.

use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Element, Group, Origin, Renderer, Snippet};

use super::notes::Note;
use super::units;
use super::wanted::Wanted;
use crate::policy::Level;
use crate::rules::Finding;
use crate::text::{Encoding, Position, Span};

/// A note's findings, and the units of its days that are wanted.
pub(super) fn render(
    note: &Note,
    findings: impl Iterator<Item = Finding>,
    wanted: &Wanted,
    colours: bool,
) -> String {
    let (renderer, bold, usual) = if colours {
        (Renderer::styled(), "\u{1b}[1m", "\u{1b}[0m")
    } else {
        (Renderer::plain(), "", "")
    };
    let mut out = String::new();
    for finding in findings {
        out.push_str(&renderer.render(&[drawn(note, &finding, colours)]));
        out.push_str("\n\n");
    }
    let days = units::days(note).filter(|piece| wanted.visit(note, piece));
    let mut blocks = units::of_days(note, days, false);
    if blocks.is_empty() {
        blocks.push_str("  No timed or billed block was read in this note.\n");
    }
    let _ = write!(out, "{bold}{}{usual}\n{blocks}\n", note.path);
    out
}

fn drawn<'a>(note: &'a Note, finding: &'a Finding, colours: bool) -> Group<'a> {
    let level = match finding.level {
        Level::Error => annotate_snippets::Level::ERROR,
        Level::Warning => annotate_snippets::Level::WARNING,
        Level::Information => annotate_snippets::Level::INFO,
        Level::Hint | Level::Off => annotate_snippets::Level::HELP.with_name("hint"),
    };
    let mut title = level.primary_title(&*finding.message);
    title = title.id(finding.rule.name);
    if let Some(url) = finding.rule.url().filter(|_| colours) {
        title = title.id_url(url);
    }
    let source = annotate_snippets::Level::NOTE.with_name("source");
    let fix = annotate_snippets::Level::HELP.with_name("you could");
    let fixes = finding.fixes.iter();
    let fixes = fixes.map(|f| fix.clone().message(in_sentence(&f.title)));
    let group = title.elements(places(note, finding));
    group
        .element(source.message(finding.rule.source))
        .elements(fixes)
}

/// Of the note no more than this is drawn for a finding in one piece: each may be related to the first line of the note, or stand
/// in one that fills it.
const LONGEST: usize = 4096;
/// Where more would be drawn, so much of a line is shown around a place, and so many other places.
const AROUND: usize = 80;
const MOST_RELATED: usize = 8;

/// The places that the finding speaks of: the lines from the first to the last or, if these are too much, each place by itself.
fn places<'a>(note: &'a Note, finding: &'a Finding) -> Vec<Element<'a>> {
    let spans = || std::iter::once(finding.span).chain(finding.related.iter().map(|r| r.span));
    let first = spans().map(|s| s.start).min().unwrap_or(0);
    let last = spans().map(|s| s.end).max().unwrap_or(0);
    let line = |offset: usize| note.document.position(offset, Encoding::Utf32).line;
    let at = |line: usize, character: usize| {
        let position = Position { line, character };
        note.document.offset(position, Encoding::Utf32)
    };
    let (first, last) = (line(first), line(last));
    let whole = Span::new(at(first, 0), at(last, usize::MAX));
    if whole.len() > LONGEST {
        let related = finding.related.iter().take(MOST_RELATED);
        let related = related.map(|r| (r.span, Some(&*r.message)));
        let places = std::iter::once((finding.span, None)).chain(related);
        return places
            .flat_map(|(span, label)| place(note, span, label))
            .collect();
    }
    let within = |span: Span| span.start - whole.start..span.end - whole.start;
    let snippet = Snippet::source(drawable(note, whole))
        .line_start(first + 1)
        .path(note.path.as_str())
        .annotation(AnnotationKind::Primary.span(within(finding.span)))
        .annotations(finding.related.iter().map(|related| {
            AnnotationKind::Context
                .span(within(related.span))
                .label(&*related.message)
        }));
    vec![snippet.into()]
}

/// A place by itself, with as much of its line as stands near.
fn place<'a>(note: &'a Note, span: Span, label: Option<&'a str>) -> [Element<'a>; 2] {
    let position = note.document.position(span.start, Encoding::Utf32);
    let on_line = |character: usize| {
        let position = Position {
            character,
            ..position
        };
        note.document.offset(position, Encoding::Utf32)
    };
    let start = on_line(position.character.saturating_sub(AROUND));
    let end = on_line(position.character + 2 * AROUND);
    let length = span.end.min(end).saturating_sub(span.start);
    let shown = span.start - start..span.start - start + length;
    let annotation = match label {
        Some(label) => AnnotationKind::Context.span(shown).label(label),
        None => AnnotationKind::Primary.span(shown),
    };
    let origin = Origin::path(note.path.as_str())
        .line(position.line + 1)
        .char_column(position.character + 1);
    let snippet = Snippet::source(drawable(note, Span::new(start, end)))
        .line_start(position.line + 1)
        .annotation(annotation);
    [origin.into(), snippet.into()]
}

/// The words of a span. A lone carriage return ends a line here, but not where the lines are drawn.
fn drawable(note: &Note, span: Span) -> String {
    let words = note.document.slice(span);
    words.replace("\r\n", " \n").replace('\r', "\n")
}

/// "Claim 1 unit" as the end of a sentence: "claim 1 unit".
fn in_sentence(title: &str) -> String {
    let mut chars = title.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => title.to_owned(),
    }
}
