//! `unfilled-placeholder`: see its page in `docs/rules/`.

use std::ops::Range;

use super::{Check, Draft, Group, Rule, VisitCase};
use crate::pattern::pattern;
use crate::policy::Level;
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "unfilled-placeholder",
    group: Group::Documentation,
    level: Level::Warning,
    source: "A blank in a signed note is an incomplete note",
    page: page!("unfilled-placeholder"),
    check: Check::Visit(check),
};

pattern!(
/// Blanks as Soapstone's own templates, record systems and text expanders leave them.
    BLANK,
    r"_{3,}|\*{3}|\{[^{}\r\n]{0,40}\}|\[(?:\.{2,}|…|_+)\]"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let mut start = 0;
    for line in case.text.split_inclusive(['\n', '\r']) {
        // Every blank has one of these.
        let marked = line.bytes().any(|b| matches!(b, b'_' | b'*' | b'{' | b'['));
        if !marked {
            start += line.len();
            continue;
        }
        let ruler = !line.chars().any(char::is_alphanumeric);
        if !line.trim_start().starts_with("//") && !ruler {
            let blanks = BLANK
                .find_iter(line)
                .filter(|blank| !is_emphasis(line, blank.range()));
            found.extend(blanks.map(|blank| {
                Draft::new(
                    Span::from(blank.range()).shifted(start),
                    "This blank is still to be filled. A payer takes a note with blanks for an incomplete one.",
                )
            }));
        }
        start += line.len();
    }
}

/// Whether these are the stars of `***Latex allergy***`: a blank of stars stands by itself.
fn is_emphasis(line: &str, blank: Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '*';
    let before = line[..blank.start].chars().next_back().is_some_and(joins);
    let after = line[blank.end..].chars().next().is_some_and(joins);
    line[blank].starts_with('*') && (before || after)
}
