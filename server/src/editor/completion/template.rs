//! Texts with placeholders, as plain text and as an editor's snippet.

use std::fmt::Write as _;

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

    /// The same with another line break in the plain text; in a snippet the editor sees to it.
    #[must_use]
    pub fn with_breaks(mut self, br: &str) -> Self {
        if br != "\n" {
            self.plain = self.plain.replace('\n', br);
        }
        self
    }
}

/// The pieces of a template.
enum Element<'a> {
    Text(&'a str),
    Placeholder,
    Stop(u32),
}

fn pieces(text: &str, stops: bool) -> Vec<Element<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let run = |wanted: fn(&u8) -> bool| bytes[at..].iter().take_while(|b| wanted(b)).count();
        let (length, piece) = match bytes[at] {
            b'_' if run(|b| *b == b'_') >= 3 => (run(|b| *b == b'_'), Element::Placeholder),
            b'$' if stops => {
                let digits = bytes[at + 1..]
                    .iter()
                    .take_while(|b| b.is_ascii_digit())
                    .count();
                // `$25` is money.
                match text[at + 1..at + 1 + digits].parse() {
                    Ok(stop) if digits == 1 => (2, Element::Stop(stop)),
                    _ => {
                        at += 1;
                        continue;
                    }
                }
            }
            _ => {
                at += 1;
                continue;
            }
        };
        if start < at {
            pieces.push(Element::Text(&text[start..at]));
        }
        pieces.push(piece);
        at += length;
        start = at;
    }
    if start < text.len() {
        pieces.push(Element::Text(&text[start..]));
    }
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
    // Placeholders come after the stops that the reader numbered.
    let mut next = pieces
        .iter()
        .filter_map(|p| match p {
            Element::Stop(stop) => Some(*stop),
            _ => None,
        })
        .max()
        .unwrap_or(0);
    let (mut any, mut last) = (false, false);
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
                any = true;
                let _ = write!(snippet, "${{{next}:___}}");
            }
            Element::Stop(0) => {
                (any, last) = (true, true);
                snippet.push_str("$0");
            }
            Element::Stop(stop) => {
                any = true;
                let _ = write!(snippet, "${{{stop}:___}}");
            }
        }
    }
    if any && !last {
        snippet.push_str("$0");
    }
    any.then_some(snippet)
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
        assert_eq!(insert.with_breaks("\r\n").plain.matches("\r\n").count(), 2);
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
