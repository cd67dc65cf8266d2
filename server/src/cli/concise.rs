//! One line for each finding: `path:line:col: level[rule] message`.

use std::fmt::Write;

use super::notes::Note;
use crate::rules::Finding;
use crate::text::Encoding;

/// The lines of a note. They hold none of the note's words.
pub(super) fn render(note: &Note, findings: impl Iterator<Item = Finding>) -> String {
    let mut out = String::new();
    for finding in findings {
        let position = note.document.position(finding.span.start, Encoding::Utf32);
        let (line, column) = (position.line + 1, position.character + 1);
        let (level, rule, message) = (finding.level.word(), finding.rule.name, &finding.message);
        let _ = writeln!(
            out,
            "{}:{line}:{column}: {level}[{rule}] {message}",
            note.path
        );
    }
    out
}
