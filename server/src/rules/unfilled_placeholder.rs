use std::ops::Range;

use super::sections::line_at;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::pattern::pattern;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "unfilled-placeholder",
    group: Group::Documentation,
    level: Level::Warning,
    source: "A blank in a signed note is an incomplete note",
    page: page!("unfilled-placeholder"),
    check: Check::Visit(check),
};

pattern!(
/// The placeholders that Soapstone's own templates, record systems and text expanders leave.
    BLANK,
    r"_{3,}|\*{3}|\{[^{}\r\n]{0,40}\}|\[(?:\.{2,}|…|_+)\]"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for placeholder in BLANK.find_iter(case.text) {
        let line = line_at(case.text, placeholder.start());
        let comment = line.trim_start().starts_with("//");
        let ruler = !line.chars().any(char::is_alphanumeric);
        if !comment && !ruler && !is_emphasis(case.text, placeholder.range()) {
            found.push(Draft::new(
                Span::from(placeholder.range()),
                "This blank has not been filled in. A payer treats a note with blanks as incomplete.",
            ));
        }
    }
}

/// Whether these are the stars of `***Latex allergy***`: a placeholder of stars stands by itself.
fn is_emphasis(text: &str, placeholder: Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '*';
    let before = text[..placeholder.start]
        .chars()
        .next_back()
        .is_some_and(joins);
    let after = text[placeholder.end..].chars().next().is_some_and(joins);
    text[placeholder].starts_with('*') && (before || after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders() {
        for (text, placeholders) in [
            ("pain ___/10 by _____", vec!["___", "_____"]),
            ("BP ***/***", vec!["***", "***"]),
            ("*****", vec!["***"]),
            ("seen by {provider name}", vec!["{provider name}"]),
            ("{} {{x}}", vec!["{}", "{x}"]),
            (
                "[..] [....] […] [_] [__]",
                vec!["[..]", "[....]", "[…]", "[_]", "[__]"],
            ),
            ("__ ** [.] [x] [] [ ] {a\nb} [_", vec![]),
            (
                "{a sentence of more than forty characters in braces}",
                vec![],
            ),
        ] {
            let found: Vec<_> = BLANK.find_iter(text).map(|m| m.as_str()).collect();
            assert_eq!(found, placeholders, "{text}");
        }
    }
}
