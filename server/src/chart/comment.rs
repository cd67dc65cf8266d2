//! Comments: lines that begin with `//` and are no part of the note.

use crate::pattern::pattern;
use crate::text::Span;

// The parser passes over a mark of the byte order.
pattern!(COMMENT, r"(?mR)^(?:\A\x{FEFF})?[ \t]*(?P<words>//.*)");

/// The comments of a text, each from its `//` to the end of its line.
#[derive(Clone, Debug, Default)]
pub struct Comments(Vec<Span>);

impl Comments {
    pub fn of(text: &str) -> Self {
        let found = COMMENT.captures_iter(text);
        let words = found.filter_map(|found| Some(Span::from(found.name("words")?.range())));
        Self(words.collect())
    }

    pub fn hold(&self, offset: usize) -> bool {
        self.0.iter().any(|words| words.range().contains(&offset))
    }

    pub fn spans(&self) -> &[Span] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_lines() {
        for (text, comments) in [
            ("// a\r\nb // c\r  // d\n//", &["// a", "// d", "//"][..]),
            ("\n\t//\u{a0}é \r", &["//\u{a0}é "]),
            ("\u{feff} // a", &["// a"]),
            ("a\n\u{feff}// b", &[]),
            ("/ / a\nhttp://b", &[]),
        ] {
            let found = Comments::of(text);
            let words: Vec<_> = found.spans().iter().map(|s| &text[s.range()]).collect();
            assert_eq!(words, comments, "{text:?}");
            let held = (0..text.len()).filter(|at| found.hold(*at)).count();
            assert_eq!(held, comments.concat().len(), "{text:?}");
        }
    }
}
