//! Comments: lines that begin with `//` and are no part of the note.

use crate::text::Span;

/// The comment lines of a text.
#[derive(Clone, Debug, Default)]
pub struct Comments(Vec<Span>);

impl Comments {
    /// Finds them.
    pub fn of(text: &str) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive(['\n', '\r']) {
            if line.trim_start_matches([' ', '\t']).starts_with("//") {
                lines.push(Span::new(start, start + line.len()));
            }
            start += line.len();
        }
        Self(lines)
    }

    /// Whether an offset stands in a comment.
    pub fn hold(&self, offset: usize) -> bool {
        let after = self.0.partition_point(|line| line.start <= offset);
        let line = after.checked_sub(1).and_then(|at| self.0.get(at));
        line.is_some_and(|line| offset < line.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_lines() {
        let text = "// a\r\nb // c\r  // d\n//";
        let comments = Comments::of(text);
        let held: String = text
            .char_indices()
            .filter(|(at, _)| comments.hold(*at))
            .map(|(_, c)| c)
            .collect();
        assert_eq!(held, "// a\r  // d\n//");
    }
}
