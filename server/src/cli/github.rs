//! The workflow commands that GitHub shows as annotations of the lines that are changed.

use std::fmt::Write;

use super::notes::Note;
use crate::policy::Level;
use crate::rules::Finding;
use crate::text::Encoding;

/// A command for each finding of a note. They hold none of the note's words.
pub(super) fn render(note: &Note, findings: impl Iterator<Item = Finding>) -> String {
    let mut out = String::new();
    for finding in findings {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Information | Level::Hint | Level::Off => "notice",
        };
        let at = |offset| note.document.position(offset, Encoding::Utf32);
        let [start, end] = [finding.span.start, finding.span.end].map(at);
        let path = property(&note.path.replace('\\', "/"));
        let place = format!(
            "line={},endLine={},col={},endColumn={}",
            start.line + 1,
            end.line + 1,
            start.character + 1,
            end.character + 1
        );
        let (rule, message) = (property(finding.rule.name), data(&finding.message));
        let _ = writeln!(
            out,
            "::{command} file={path},{place},title={rule}::{message}"
        );
    }
    out
}

/// What could not be read, a sentence each.
pub(super) fn unread(troubles: &[String]) -> String {
    let mut out = String::new();
    for trouble in troubles {
        let _ = writeln!(out, "::error::{}", data(trouble));
    }
    out
}

/// A message as a command takes it, on one line.
fn data(words: &str) -> String {
    words
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property's value: it ends at a comma, and the properties at a colon.
fn property(words: &str) -> String {
    data(words).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100 %,\r\nsee: x"), "100 %25,%0D%0Asee: x");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
