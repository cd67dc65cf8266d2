//! JUnit's XML, which every build server shows as tests: a suite for each note, a test for each finding.

use std::fmt::Write;

use super::notes::Note;
use crate::rules::Finding;
use crate::text::Encoding;

/// What stands before the suites.
pub(super) const OPEN: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"soapstone\">\n";
/// What stands behind them.
pub(super) const CLOSE: &str = "</testsuites>\n";

/// The suite of a note. A finding that makes the check fail is a test that failed; any other one passed and
/// says what was found. They hold none of the note's words.
pub(super) fn render(
    note: &Note,
    findings: impl Iterator<Item = Finding>,
    fails: impl Fn(&Finding) -> bool,
) -> String {
    let path = escaped(&note.path);
    // How many there are stands before them.
    let findings: Vec<Finding> = findings.collect();
    let (tests, failures) = (
        findings.len().max(1),
        findings.iter().filter(|f| fails(f)).count(),
    );
    let mut out = format!(
        "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n"
    );
    if findings.is_empty() {
        let _ = writeln!(
            out,
            "    <testcase classname=\"{path}\" name=\"nothing found\"/>"
        );
    }
    for finding in findings {
        let start = note.document.position(finding.span.start, Encoding::Utf32);
        let (line, column) = (start.line + 1, start.character + 1);
        let (rule, message) = (finding.rule.name, escaped(&finding.message));
        let level = finding.level.word();
        let said = format!("{path}:{line}:{column}: {level}[{rule}] {message}");
        let _ = writeln!(
            out,
            "    <testcase classname=\"{path}\" name=\"{rule} at {line}:{column}\">"
        );
        let _ = if fails(&finding) {
            writeln!(
                out,
                "      <failure type=\"{rule}\" message=\"{message}\">{said}</failure>"
            )
        } else {
            writeln!(out, "      <system-out>{said}</system-out>")
        };
        out.push_str("    </testcase>\n");
    }
    out.push_str("  </testsuite>\n");
    out
}

/// A suite of what could not be read, a sentence each.
pub(super) fn unread(troubles: &[String]) -> String {
    if troubles.is_empty() {
        return String::new();
    }
    let count = troubles.len();
    let mut out = format!(
        "  <testsuite name=\"soapstone\" tests=\"{count}\" failures=\"0\" errors=\"{count}\">\n"
    );
    for trouble in troubles {
        let trouble = escaped(trouble);
        let _ = writeln!(
            out,
            "    <testcase classname=\"soapstone\" name=\"a note that could not be read\">\n      <error message=\"{trouble}\"/>\n    </testcase>"
        );
    }
    out.push_str("  </testsuite>\n");
    out
}

/// The words as XML has them. What XML cannot have at all becomes a replacement character.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => {
                let _ = write!(out, "&#{};", u32::from(letter));
            }
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_does_not_take_is_escaped() {
        assert_eq!(escaped("a <b> & \"c\""), "a &lt;b&gt; &amp; &quot;c&quot;");
        assert_eq!(escaped("a\nb\u{1b}é"), "a&#10;b\u{fffd}é");
    }
}
