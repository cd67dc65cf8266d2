//! What is done to a text, worked out before the clock runs: a sentence is typed key by key, and
//! taken out again, so that the text is as it was.

use serde_json::json;

use crate::server::{File, frame};

/// What is typed.
const SENTENCE: &str =
    " Turned over at night without waking, for the first time since the accident in May.";

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
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: before.matches('\n').count(),
            character: before[line_start..].encode_utf16().count(),
        }
    }

    /// The place so many letters further on in its line.
    fn right(self, letters: usize) -> Self {
        Self {
            character: self.character + letters,
            ..self
        }
    }
}

/// One change of a text.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Whether it is a keystroke; else it only tidies up and is not measured.
    pub is_typed: bool,
    start: Place,
    end: Place,
    text: &'static str,
}

impl Edit {
    /// The message of this change, which makes this version.
    pub fn message(&self, file: File, version: i64) -> Vec<u8> {
        let place = |p: Place| json!({"line": p.line, "character": p.character});
        frame(&json!({
            "jsonrpc": "2.0",
            "method": "textDocument/didChange",
            "params": {
                "textDocument": {"uri": file.uri, "version": version},
                "contentChanges": [
                    {"range": {"start": place(self.start), "end": place(self.end)}, "text": self.text},
                ],
            },
        }))
    }
}

/// Keystrokes at a place; the sentence is taken out again whenever it is full, and at the end.
fn typing(at: Place, keys: usize) -> Vec<Edit> {
    let mut edits = Vec::new();
    for key in 0..keys {
        let letter = key % SENTENCE.len();
        let here = at.right(letter);
        edits.push(Edit {
            is_typed: true,
            start: here,
            end: here,
            text: &SENTENCE[letter..=letter],
        });
        if letter + 1 == SENTENCE.len() || key + 1 == keys {
            edits.push(Edit {
                is_typed: false,
                start: at,
                end: here.right(1),
                text: "",
            });
        }
    }
    edits
}

/// Keystrokes in the middle of a text: at the end of the first line that holds `line`, in the middle
/// one of the parts that begin with `heading`.
pub fn in_the_middle(text: &str, heading: &str, line: &str, keys: usize) -> Vec<Edit> {
    let parts = text.matches(heading).count();
    let part = text.match_indices(heading).nth(parts / 2);
    let part = part.map_or(0, |(at, _)| at);
    let line = text[part..].find(line).map_or(part, |at| part + at);
    let end = text[line..].find('\n').map_or(text.len(), |at| line + at);
    typing(Place::of(text, end), keys)
}

/// Keystrokes at the end of the line in the middle of a text.
pub fn at_the_middle_line(text: &str, keys: usize) -> Vec<Edit> {
    let middle = text.floor_char_boundary(text.len() / 2);
    let end = text[middle..]
        .find('\n')
        .map_or(text.len(), |at| middle + at);
    typing(Place::of(text, end), keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::{Care, chart};

    /// Makes a change in a text whose lines end in `\n`.
    fn apply(text: &mut String, edit: &Edit) {
        let offset = |place: Place| {
            let mut lines = text.split_inclusive('\n');
            let start: usize = lines.by_ref().take(place.line).map(str::len).sum();
            let mut units = 0;
            let before = text[start..].chars().take_while(|c| {
                units += c.len_utf16();
                units <= place.character
            });
            start + before.map(char::len_utf8).sum::<usize>()
        };
        let span = offset(edit.start)..offset(edit.end);
        text.replace_range(span, edit.text);
    }

    #[test]
    fn a_sentence_is_typed_in_the_middle_visit_and_leaves_the_chart_as_it_was() {
        let chart = chart(10 << 10, Care::Careful);
        let edits = in_the_middle(&chart, "\nvisit: ", "S: ", 200);
        assert_eq!(edits.iter().filter(|e| e.is_typed).count(), 200);
        let mut text = chart.clone();
        let mut most = String::new();
        for edit in &edits {
            apply(&mut text, edit);
            if text.len() > most.len() {
                most.clone_from(&text);
            }
        }
        assert_eq!(text, chart);
        let at = most.find(SENTENCE).expect("the whole sentence");
        assert!((at * 2).abs_diff(most.len()) < 2500, "{at}");
        assert!(most[..at].ends_with("Looking over the R"));
    }

    #[test]
    fn places_count_in_utf_16() {
        let place = Place {
            line: 1,
            character: 2,
        };
        assert_eq!(Place::of("a\n\u{1F600}é", 6), place);
    }
}
