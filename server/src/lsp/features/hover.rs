//! `textDocument/hover`, in Markdown or without its marks.

use std::fmt::Write as _;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::links::page;
use crate::editor::hover::{self, Hover};
use crate::lsp::backend::Backend;
use crate::lsp::position::{offset, range};
use crate::lsp::state::Snapshot;

pub async fn hover(backend: &Backend, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
    let place = params.text_document_position_params;
    let answer = backend.answer(&place.text_document.uri, move |note, analysis| {
        let offset = offset(&note.document, place.position, note.abilities);
        hover::hover(analysis, offset).map(|h| converted(note, h))
    });
    Ok(answer.await?.flatten())
}

fn converted(note: &Snapshot, hover: Hover) -> lsp::Hover {
    let mut markdown = hover.markdown;
    if let Some(page) = hover.rule.and_then(|rule| page(rule, note.abilities)) {
        let _ = write!(markdown, "\n\n[More on this rule]({page})");
    }
    lsp::Hover {
        contents: markup(markdown, note.abilities.hover_markdown).into(),
        range: Some(range(&note.document, hover.span, note.abilities)),
    }
}

/// Markdown for a client that shows it, else its plain text.
pub(super) fn markup(markdown: String, shows_markdown: bool) -> lsp::MarkupContent {
    let (kind, value) = if shows_markdown {
        (lsp::MarkupKind::Markdown, markdown)
    } else {
        (lsp::MarkupKind::PlainText, plain(&markdown))
    };
    lsp::MarkupContent { kind, value }
}

/// Markdown without its simple marks: headings, rules, emphasis, code, links.
fn plain(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| {
        let fence = line.starts_with("```");
        let rule = line.len() >= 3 && line.bytes().all(|b| b == b'-');
        !fence && !rule
    });
    let lines = lines.map(|line| {
        let heading = line.trim_start_matches('#');
        let line = if heading.len() < line.len() && heading.starts_with(' ') {
            &heading[1..]
        } else {
            line
        };
        let line = match line.strip_prefix('*').and_then(|l| l.strip_suffix('*')) {
            Some(inner) if !inner.starts_with('*') => inner,
            _ => line,
        };
        unescaped(&unlinked(&without_marks(line)))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Without `**` and backticks, but those that stand for themselves.
fn without_marks(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push(c);
                out.extend(chars.next());
            }
            '`' => {}
            '*' if chars.next_if_eq(&'*').is_some() => {}
            _ => out.push(c),
        }
    }
    out
}

/// `\*` as `*`.
fn unescaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => {}
            _ => {
                out.push(c);
                continue;
            }
        }
        out.extend(chars.next());
    }
    out
}

/// `[text](address)` as `text (address)`.
fn unlinked(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, text, address, after)) = link(rest) {
        out.extend([before, text, " (", address, ")"]);
        rest = after;
    }
    out + rest
}

fn link(line: &str) -> Option<(&str, &str, &str, &str)> {
    let middle = line.find("](")?;
    let open = line[..middle].rfind('[')?;
    let close = middle + line[middle..].find(')')?;
    let (text, address) = (&line[open + 1..middle], &line[middle + 2..close]);
    Some((&line[..open], text, address, &line[close + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_marks() {
        let markdown = "## Title\n\n**97124** `massage`\n---\nsee [a](b) and [c](d).";
        assert_eq!(
            plain(markdown),
            "Title\n\n97124 massage\nsee a (b) and c (d)."
        );
        assert_eq!(plain("a [b] c](d"), "a [b] c](d");
        assert_eq!(plain("#3 of 4"), "#3 of 4");
        assert_eq!(plain("*a note*\n**a** b **c**"), "a note\na b c");
        assert_eq!(plain("**a\\*\\*b** \\\\ c\\d"), "a**b \\ c\\d");
    }
}
