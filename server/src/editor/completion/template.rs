//! Texts with placeholders, as plain text and as an editor's snippet.

use std::fmt::Write as _;

use crate::pattern::pattern;

/// What is put into the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insert {
    /// With its placeholders as `___`, which the format knows.
    pub plain: String,
    /// With its placeholders as tab stops; `None` where there are no placeholders.
    pub snippet: Option<String>,
}

impl Insert {
    /// A text in which `___` is a placeholder.
    pub fn of(text: impl Into<String>) -> Self {
        let plain = text.into();
        let snippet = snippet(&plain, false);
        Self { plain, snippet }
    }

    /// A reader's phrase, in which `$1` is a placeholder as well, and `$0` the place to go on.
    pub fn phrase(text: &str) -> Self {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        Self {
            plain: without_stops(&text),
            snippet: snippet(&text, true),
        }
    }
}

/// The pieces of a template.
enum Element<'a> {
    Text(&'a str),
    Placeholder,
    Stop(u32),
}

// `$25` is money.
pattern!(MARK, r"_{3,}|\$(?P<number>[0-9]+)");

fn pieces(text: &str, stops: bool) -> Vec<Element<'_>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for found in MARK.captures_iter(text) {
        let Some(mark) = found.get(0) else { continue };
        let piece = match found.name("number").map(|n| n.as_str()) {
            None => Element::Placeholder,
            Some(number) if stops && number.len() == 1 => {
                Element::Stop(number.parse().unwrap_or_default())
            }
            Some(_) => continue,
        };
        pieces.push(Element::Text(&text[start..mark.start()]));
        pieces.push(piece);
        start = mark.end();
    }
    pieces.push(Element::Text(&text[start..]));
    pieces
}

fn without_stops(text: &str) -> String {
    let mut plain = String::new();
    for piece in pieces(text, true) {
        match piece {
            Element::Text(text) => plain.push_str(text),
            Element::Stop(0) => {}
            Element::Placeholder | Element::Stop(_) => plain.push_str("___"),
        }
    }
    plain
}

fn snippet(text: &str, stops: bool) -> Option<String> {
    let pieces = pieces(text, stops);
    let [Element::Text(_), _, ..] = pieces.as_slice() else {
        return None;
    };
    let numbers = pieces.iter().filter_map(|piece| match piece {
        Element::Stop(number) => Some(*number),
        _ => None,
    });
    let last = numbers.clone().any(|number| number == 0);
    // Placeholders come after the stops that the reader numbered.
    let mut next = numbers.max().unwrap_or(0);
    let mut snippet = String::new();
    for piece in pieces {
        match piece {
            Element::Stop(0) => snippet.push_str("$0"),
            Element::Stop(stop) => {
                let _ = write!(snippet, "${{{stop}:___}}");
            }
            other => write_piece(&mut snippet, &other, &mut next),
        }
    }
    if !last {
        snippet.push_str("$0");
    }
    Some(snippet)
}

/// Writes a text, or a placeholder as the next tab stop.
fn write_piece(snippet: &mut String, piece: &Element<'_>, next: &mut u32) {
    let Element::Text(text) = piece else {
        *next += 1;
        let _ = write!(snippet, "${{{next}:___}}");
        return;
    };
    for c in text.chars() {
        if matches!(c, '$' | '\\' | '}') {
            snippet.push('\\');
        }
        snippet.push(c);
    }
}

/// A text with its placeholders as tab stops, one of several that are put in at once: they go on from `stop`. Nothing where
/// there is no placeholder.
pub fn tab_stops(text: &str, stop: &mut u32) -> Option<String> {
    let pieces = pieces(text, false);
    if pieces.len() < 2 {
        return None;
    }
    let mut snippet = String::new();
    for piece in &pieces {
        write_piece(&mut snippet, piece, stop);
    }
    Some(snippet)
}

/// How many placeholders a text has.
pub fn placeholders(text: &str) -> usize {
    pieces(text, false).len() / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_tab_stops() {
        let insert = Insert::of("97124 ___\n  cost $5 {x}\n  response: ____");
        assert_eq!(insert.plain, "97124 ___\n  cost $5 {x}\n  response: ____");
        assert_eq!(
            insert.snippet.as_deref(),
            Some("97124 ${1:___}\n  cost \\$5 {x\\}\n  response: ${2:___}$0")
        );
        assert_eq!(Insert::of("a\\b __").snippet, None);
    }

    #[test]
    fn texts_that_are_put_in_at_once_count_their_stops_together() {
        let mut stop = 0;
        let first = tab_stops("to ___, ___ of $5", &mut stop);
        assert_eq!(first.as_deref(), Some("to ${1:___}, ${2:___} of \\$5"));
        assert_eq!(tab_stops("nothing", &mut stop), None);
        assert_eq!(tab_stops("____", &mut stop).as_deref(), Some("${3:___}"));
        assert_eq!(placeholders("to ___, ____ of $1"), 2);
    }

    #[test]
    fn a_phrase_has_stops_of_its_own() {
        let phrase = Insert::phrase("pain $1/10, was $2 ___$0.\r\n$25 \\ 🙂");
        assert_eq!(phrase.plain, "pain ___/10, was ___ ___.\n$25 \\ 🙂");
        assert_eq!(
            phrase.snippet.as_deref(),
            Some("pain ${1:___}/10, was ${2:___} ${3:___}$0.\n\\$25 \\\\ 🙂")
        );
        assert_eq!(Insert::phrase("as before").snippet, None);
    }
}
