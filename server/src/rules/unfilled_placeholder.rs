//! `unfilled-placeholder`: see its page in `docs/rules/`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "unfilled-placeholder",
    group: Group::Chart,
    level: Level::Warning,
    source: "A blank in a signed note is an incomplete note",
    page: page!("unfilled-placeholder"),
    check: Check::Visit(check),
};

/// Blanks as Soapstone's own templates, record systems and text expanders leave them.
static BLANK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"_{3,}|\*{3}|\{[^{}\r\n]{0,40}\}|\[(?:\.{2,}|…|_+)\]").unwrap_or_else(|error| unreachable!("{error}"))
});

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let mut start = 0;
    for line in case.text.split_inclusive(['\n', '\r']) {
        let ruler = !line.chars().any(char::is_alphanumeric);
        if !line.trim_start().starts_with("//") && !ruler {
            found.extend(BLANK.find_iter(line).map(|blank| {
                Draft::new(
                    Span::from(blank.range()).shifted(start),
                    "This blank is still to be filled. A payer takes a note with blanks for an incomplete one.",
                )
            }));
        }
        start += line.len();
    }
}
