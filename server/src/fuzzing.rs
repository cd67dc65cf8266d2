//! Doors for `fuzz/`, which tries the program with what nobody writes: what it needs of the program's inside, a function
//! each, and nothing that anyone else does.

use std::io::{Read, Write};
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::chart::{date, time};
use crate::editor::format::{applied, format_document};
use crate::import::{documents, import};
use crate::policy::Policy;
use crate::text::{Document, Span};

/// All that is known of a document, as text: two analyses that know the same say the same.
pub fn known(analysis: &Analysis) -> Vec<String> {
    let of_pieces = analysis.pieces().map(|piece| format!("{piece:?}"));
    let findings = analysis.findings().into_iter();
    let of_findings = findings.map(|finding| format!("{finding:?}"));
    let of_chart = std::iter::once(format!("{:?}", analysis.chart_case()));
    of_pieces.chain(of_findings).chain(of_chart).collect()
}

/// A note in its usual form.
pub fn formatted(text: &str) -> String {
    applied(text, &format_document(&Document::new(text)))
}

/// The characters of a text but spaces, with dates and clock ranges in one form, without hyphens and case: what
/// formatting keeps.
pub fn visible_characters(text: &str) -> String {
    let ranges = time::clock_ranges(text, 0).into_iter();
    let ranges = ranges.map(|r| (r.span, r.ends.map(|e| &text[e.range()]).join("")));
    let dates = date::find_in(text, 0).into_iter();
    let dates = dates.filter_map(|d| Some((d.span, d.day?.to_string())));
    let mut named: Vec<(Span, String)> = ranges.chain(dates).collect();
    named.sort();
    let mut out = String::new();
    let mut at = 0;
    for (span, new) in named {
        if span.start >= at {
            out.push_str(&text[at..span.start]);
            out.push_str(&new);
            at = span.end;
        }
    }
    out.push_str(&text[at..]);
    out.retain(|c| !" \t\r\n-–‑".contains(c));
    out.to_ascii_lowercase()
}

/// The text of a file of any kind, and the note that it becomes, if there is text in it.
pub fn imported(bytes: &[u8]) -> Option<(String, String)> {
    let text = documents::text(bytes).ok()?;
    let note = import(&text, &Arc::new(Policy::default())).text;
    Some((text, note))
}

/// What the framework of the language server is handed where a client sends these bytes, so many at once.
pub fn handed_on(bytes: &[u8], at_once: usize) -> Vec<u8> {
    crate::lsp::handed_on(bytes, at_once)
}

/// Answers a stream of records with what is found in each, as `check --stdin jsonl` does.
pub fn answered(input: impl Read + Send + 'static, output: &mut impl Write) {
    crate::cli::answered_by_default(input, output);
}
