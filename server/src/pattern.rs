//! Regular expressions that are compiled at their first use, with classes of ASCII.
//!
//! `\d`, `\w`, `\s` and `\b` over all of Unicode take milliseconds to compile, which an editor would
//! wait for when its first note is opened, and a `\b` of that kind makes the search itself slow in
//! every text with an accent or a dash. Notes are written in English; the blanks that are pasted into
//! them count as blanks.

use regex::Regex;

/// A pattern that is compiled at its first use: `pattern!(NAME, r"...")`, or
/// `pattern!(#[doc...] pub NAME, ...)`.
macro_rules! pattern {
    ($(#[$doc:meta])* $name:ident, $text:expr $(,)?) => {
        $(#[$doc])*
        static $name: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| $crate::pattern::compile($text));
    };
}

pub(crate) use pattern;

/// What `\s` stands for: the blanks of ASCII and those that word processors leave behind.
const BLANKS: &str = r"\t\n\v\f\r\x20\x{A0}\x{2000}-\x{200A}\x{202F}";
const WORD: &str = "0-9A-Za-z_";

/// Compiles a pattern of this program, its classes taken as those of ASCII.
pub fn compile(pattern: &str) -> Regex {
    Regex::new(&of_ascii(pattern)).unwrap_or_else(|error| unreachable!("{error}"))
}

/// The pattern with its classes written out.
pub fn of_ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            '\\' => {
                let Some(escaped) = chars.next() else { break };
                let class = |negated: bool, members: &str| match (in_class, negated) {
                    (true, false) => members.to_owned(),
                    (false, false) => format!("[{members}]"),
                    (_, true) => format!("[^{members}]"),
                };
                match escaped {
                    'd' => out += &class(false, "0-9"),
                    'w' => out += &class(false, WORD),
                    's' => out += &class(false, BLANKS),
                    'W' => out += &class(true, WORD),
                    'S' => out += &class(true, BLANKS),
                    'b' if chars.peek() == Some(&'{') => {
                        let kind: String = chars.by_ref().take_while(|c| *c != '}').collect();
                        out.extend([r"(?-u:\b", &kind, "})"]);
                    }
                    'b' => out += r"(?-u:\b)",
                    other => out.extend(['\\', other]),
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_written_out() {
        assert_eq!(
            of_ascii(r"\d{2}[\d.]\bx\[[^\w]"),
            r"[0-9]{2}[0-9.](?-u:\b)x\[[^0-9A-Za-z_]"
        );
        assert_eq!(of_ascii(r"\b{start-half}a"), r"(?-u:\b{start-half})a");
    }

    #[test]
    fn pasted_blanks_are_blanks() {
        assert!(compile(r"^a\sb$").is_match("a\u{a0}b"));
        assert!(compile(r"^\S+\W\d$").is_match("é-3"));
        assert!(compile(r"\bmet\b").is_match("Ziel – met (é)"));
    }
}
