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
            Element::Text(text) => {
                for c in text.chars() {
                    if matches!(c, '$' | '\\' | '}') {
                        snippet.push('\\');
                    }
                    snippet.push(c);
                }
            }
            Element::Placeholder => {
                next += 1;
                let _ = write!(snippet, "${{{next}:___}}");
            }
            Element::Stop(0) => snippet.push_str("$0"),
            Element::Stop(stop) => {
                let _ = write!(snippet, "${{{stop}:___}}");
            }
        }
    }
    if !last {
        snippet.push_str("$0");
    }
    Some(snippet)
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
