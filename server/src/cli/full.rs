//! Each finding drawn in the note, then the units of each visit.

use std::fmt::Write;

use annotate_snippets::{Annotation, AnnotationKind, Group, Renderer, Snippet};

use super::notes::Note;
use super::units;
use super::wanted::Wanted;
use crate::policy::Level;
use crate::rules::Finding;
use crate::text::{Encoding, Position, Span};

/// A note's findings, and the units of its days that are wanted.
pub(super) fn render(note: &Note, findings: &[Finding], wanted: &Wanted, colours: bool) -> String {
    let (renderer, bold, usual) = if colours {
        (Renderer::styled(), "\u{1b}[1m", "\u{1b}[0m")
    } else {
        (Renderer::plain(), "", "")
    };
    let mut out = String::new();
    for finding in findings {
        out.push_str(&renderer.render(&[drawn(note, finding, colours)]));
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
    let mut title = level.primary_title(finding.message.as_str());
    title = title.id(finding.rule.name);
    if let Some(url) = finding.rule.url().filter(|_| colours) {
        title = title.id_url(url);
    }
    let source = annotate_snippets::Level::NOTE.with_name("source");
    let fix = annotate_snippets::Level::HELP.with_name("you could");
    let fixes = finding.fixes.iter();
    let fixes = fixes.map(|f| fix.clone().message(in_sentence(&f.title)));
    let group = title.element(snippet(note, finding));
    group
        .element(source.message(finding.rule.source))
        .elements(fixes)
}

/// The lines that the finding speaks of, and no others.
fn snippet<'a>(note: &'a Note, finding: &'a Finding) -> Snippet<'a, Annotation<'a>> {
    let spans = || std::iter::once(finding.span).chain(finding.related.iter().map(|r| r.span));
    let first = spans().map(|s| s.start).min().unwrap_or(0);
    let last = spans().map(|s| s.end).max().unwrap_or(0);
    let line = |offset: usize| note.document.position(offset, Encoding::Utf32).line;
    let at = |line: usize, character: usize| {
        let position = Position { line, character };
        note.document.offset(position, Encoding::Utf32)
    };
    let (first, last) = (line(first), line(last));
    let (start, end) = (at(first, 0), at(last, usize::MAX));
    let within = |span: Span| span.start - start..span.end - start;
    // A lone carriage return ends a line here, but not where the lines are drawn.
    let source = note
        .document
        .slice(Span::new(start, end))
        .replace("\r\n", " \n")
        .replace('\r', "\n");
    Snippet::source(source)
        .line_start(first + 1)
        .path(note.path.as_str())
        .annotation(AnnotationKind::Primary.span(within(finding.span)))
        .annotations(finding.related.iter().map(|related| {
            AnnotationKind::Context
                .span(within(related.span))
                .label(related.message.as_str())
        }))
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
