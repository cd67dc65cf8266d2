//! What is done to a chart, worked out before the clock runs. Each script leaves the chart as it was.

use serde_json::json;

use crate::charts::{Care, visit, visits};
use crate::server::{CHART, frame};

/// A kind of edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A sentence in the Subjective of the chart's middle visit, key by key.
    TypeInTheMiddle,
    /// A new visit at the chart's end, key by key.
    TypeAtTheEnd,
    /// A whole visit into the chart's middle.
    Paste,
    /// Taking that out again.
    Undo,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::TypeInTheMiddle,
        Self::TypeAtTheEnd,
        Self::Paste,
        Self::Undo,
    ];

    /// Whether each edit is a keystroke. A visit that is pasted or taken out is a thousand of them at
    /// once, and to parse it alone takes longer than the limit of one keystroke leaves.
    pub fn is_typed(self) -> bool {
        matches!(self, Self::TypeInTheMiddle | Self::TypeAtTheEnd)
    }

    /// What it is called in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::TypeInTheMiddle => "typing in the middle",
            Self::TypeAtTheEnd => "typing a visit at the end",
            Self::Paste => "pasting a visit",
            Self::Undo => "undoing that",
        }
    }
}

/// A place as the protocol names it, in UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line, from 0.
    pub line: usize,
    /// UTF-16 code units from its start.
    pub character: usize,
}

impl Place {
    /// The place of an offset.
    pub fn of(text: &str, offset: usize) -> Self {
        Self {
            line: 0,
            character: 0,
        }
        .after(&text[..offset])
    }

    /// The place where a text ends that begins here.
    #[must_use]
    pub fn after(self, text: &str) -> Self {
        let line_start = text.rfind('\n').map_or(0, |at| at + 1);
        let lines = text.bytes().filter(|b| *b == b'\n').count();
        let last = text[line_start..].encode_utf16().count();
        Self {
            line: self.line + lines,
            character: if lines == 0 {
                self.character + last
            } else {
                last
            },
        }
    }
}

/// One change of a chart.
#[derive(Clone, Debug)]
pub struct Edit {
    /// What is measured of it; nothing for a change that only tidies up.
    pub kind: Option<Kind>,
    start: Place,
    end: Place,
    text: String,
}

impl Edit {
    /// The message of this change, which makes this version.
    pub fn message(&self, version: i64) -> Vec<u8> {
        let place = |p: Place| json!({"line": p.line, "character": p.character});
        frame(&json!({
            "jsonrpc": "2.0",
            "method": "textDocument/didChange",
            "params": {
                "textDocument": {"uri": CHART, "version": version},
                "contentChanges": [
                    {"range": {"start": place(self.start), "end": place(self.end)}, "text": self.text},
                ],
            },
        }))
    }
}

/// A number of keystrokes somewhere; after each full text it is taken out again.
fn typing(kind: Kind, keys: usize, at: Place, text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut left = keys;
    while left > 0 {
        let mut here = at;
        for key in text.split_inclusive(|_: char| true).take(left) {
            edits.push(Edit {
                kind: Some(kind),
                start: here,
                end: here,
                text: key.to_owned(),
            });
            here = here.after(key);
            left -= 1;
        }
        edits.push(Edit {
            kind: None,
            start: at,
            end: here,
            text: String::new(),
        });
    }
    edits
}

/// Keystrokes in the middle of a chart.
pub fn in_the_middle(chart: &str, keys: usize) -> Vec<Edit> {
    const SENTENCE: &str =
        " Turned over at night without waking, for the first time since the accident in May.";
    let visit = middle(chart);
    let subjective = chart[visit..]
        .find("\nS:")
        .map_or(visit, |at| visit + at + 1);
    let end = chart[subjective..]
        .find('\n')
        .map_or(chart.len(), |at| subjective + at);
    typing(Kind::TypeInTheMiddle, keys, Place::of(chart, end), SENTENCE)
}

/// Keystrokes at the end of a chart.
pub fn at_the_end(chart: &str, keys: usize) -> Vec<Edit> {
    let next = visit(visits(chart), Care::Careful);
    typing(
        Kind::TypeAtTheEnd,
        keys,
        Place::of(chart, chart.len()),
        &next,
    )
}

/// A visit pasted before the middle one and taken out again, so many times.
pub fn paste_and_undo(chart: &str, times: usize) -> Vec<Edit> {
    let start = Place::of(chart, middle(chart));
    let text = visit(visits(chart) / 2 + 7, Care::Careful);
    let end = start.after(&text);
    let paste = Edit {
        kind: Some(Kind::Paste),
        start,
        end: start,
        text,
    };
    let undo = Edit {
        kind: Some(Kind::Undo),
        start,
        end,
        text: String::new(),
    };
    std::iter::repeat_n([paste, undo], times)
        .flatten()
        .collect()
}

/// Where the middle visit begins.
pub fn middle(chart: &str) -> usize {
    const HEADING: &str = "\nvisit: ";
    let mut starts = chart.match_indices(HEADING);
    starts.nth(visits(chart) / 2).map_or(0, |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::chart;
    use soapstone::text::{Document, Encoding, Position, Span};

    fn apply(document: &mut Document, edit: &Edit) {
        let offset = |p: Place| {
            let position = Position {
                line: p.line,
                character: p.character,
            };
            document.offset(position, Encoding::Utf16)
        };
        let span = Span::new(offset(edit.start), offset(edit.end));
        document.replace(span, &edit.text);
    }

    #[test]
    fn each_script_does_what_it_says_and_leaves_the_chart_as_it_was() {
        let text = chart(10 << 10, Care::Careful);
        for (edits, measured, typed) in [
            (in_the_middle(&text, 200), 200, "Turned over at night"),
            (
                at_the_end(&text, 200),
                200,
                "visit: 2020-01-27\nsession: 9:00-9:50\nS: Neck 5/10",
            ),
            (paste_and_undo(&text, 3), 6, "\n\nvisit: "),
        ] {
            let mut document = Document::new(&text);
            assert_eq!(edits.iter().filter(|e| e.kind.is_some()).count(), measured);
            let mut seen = false;
            for edit in &edits {
                apply(&mut document, edit);
                seen |= document.text() != text && document.text().contains(typed);
            }
            assert!(seen, "{typed}");
            assert_eq!(document.text(), text);
        }
    }

    #[test]
    fn places_count_in_utf_16() {
        assert_eq!(
            Place::of("a\n\u{1F600}é", 6),
            Place {
                line: 1,
                character: 2
            }
        );
    }
}
