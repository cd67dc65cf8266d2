//! `waive:` lines: which rules not to apply, and why.

use crate::text::Span;

/// A `waive:` line. Without a reason it waives nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    pub rules: Vec<(String, Span)>,
    /// Whether a reason is given, after `because` or a dash. A placeholder (`because ___`) is one, which
    /// `unfilled-placeholder` asks to fill.
    pub has_reason: bool,
}

impl Waiver {
    /// Reads the value of a `waive` field; `offset` is added to the spans.
    pub fn read(text: &str, offset: usize) -> Self {
        let lower = text.to_ascii_lowercase();
        let marks = [" because", " - ", " – ", " — ", "\nbecause"].iter();
        let cuts = marks.filter_map(|mark| lower.find(mark).map(|at| (at, at + mark.len())));
        let cut = cuts.min();
        let (names, reason) = cut.map_or((text, ""), |(at, end)| (&text[..at], &text[end..]));
        let mut rules = Vec::new();
        let mut start = 0;
        for part in names.split_inclusive([',', ';', ' ', '\t', '\n', '\r']) {
            let name = part.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            if !name.is_empty() && name != "and" {
                let at = offset + start + part.find(name).unwrap_or(0);
                let place = Span::new(at, at + name.len());
                rules.push((name.to_ascii_lowercase(), place));
            }
            start += part.len();
        }
        Self {
            rules,
            has_reason: reason.contains("___") || reason.chars().any(char::is_alphanumeric),
        }
    }

    pub fn waives(&self, rule: &str) -> bool {
        self.has_reason && self.rules.iter().any(|(name, _)| name == rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_reason() {
        let waiver = Waiver::read(
            "units-limit, missing-goal because the referral asks for it",
            10,
        );
        assert_eq!(
            waiver.rules,
            [
                ("units-limit".to_owned(), Span::new(10, 21)),
                ("missing-goal".to_owned(), Span::new(23, 35))
            ]
        );
        assert!(waiver.waives("missing-goal"));
        assert!(Waiver::read("units-limit - approved", 0).waives("units-limit"));
        assert!(
            !Waiver::read("units-limit", 0).waives("units-limit"),
            "a reason is required"
        );
        assert!(Waiver::read("units-limit because ___", 0).waives("units-limit"));
        assert!(!Waiver::read("units-limit because", 0).waives("units-limit"));
    }
}
