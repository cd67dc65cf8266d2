//! `unfilled-placeholder`: see its page in `docs/rules/`.

use std::ops::Range;

use super::signs::BLANK as MARKS;
use super::{Check, Draft, Group, Rule, VisitCase};
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

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    if !case.signs().has(MARKS) {
        return;
    }
    let mut start = 0;
    for line in case.text.split_inclusive(['\n', '\r']) {
        if !line.bytes().any(|b| matches!(b, b'_' | b'*' | b'{' | b'[')) {
            start += line.len();
            continue;
        }
        let ruler = !line.chars().any(char::is_alphanumeric);
        if !line.trim_start().starts_with("//") && !ruler {
            let blanks = blanks(line).filter(|blank| !is_emphasis(line, blank.clone()));
            found.extend(blanks.map(|blank| {
                Draft::new(
                    Span::from(blank).shifted(start),
                    "This blank has not been filled in. A payer treats a note with blanks as incomplete.",
                )
            }));
        }
        start += line.len();
    }
}

/// The blanks of a line as Soapstone's own templates, record systems and text expanders leave them:
/// `___`, `***`, `{...}`, `[..]`, `[…]`, `[_]`.
fn blanks(line: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut starts = line[at..].char_indices();
        let found = starts.find_map(|(start, _)| {
            let length = blank(&line[at + start..])?;
            Some(at + start..at + start + length)
        })?;
        at = found.end;
        Some(found)
    })
}

/// The length of the blank that a text begins with.
fn blank(text: &str) -> Option<usize> {
    const LONGEST: usize = 40;
    let run = |rest: &str, mark: char| rest.len() - rest.trim_start_matches(mark).len();
    match text.as_bytes().first()? {
        b'_' => Some(run(text, '_')).filter(|length| *length >= 3),
        b'*' => text.starts_with("***").then_some(3),
        b'{' => {
            let inside = text[1..].find(['{', '}', '\r', '\n'])?;
            let named = text[1 + inside..].starts_with('}');
            (named && text[1..=inside].chars().count() <= LONGEST).then_some(inside + 2)
        }
        b'[' => {
            let rest = &text[1..];
            let inside = match rest.chars().next()? {
                '.' => Some(run(rest, '.')).filter(|length| *length >= 2)?,
                '_' => run(rest, '_'),
                '…' => '…'.len_utf8(),
                _ => return None,
            };
            rest[inside..].starts_with(']').then_some(inside + 2)
        }
        _ => None,
    }
}

/// Whether these are the stars of `***Latex allergy***`: a blank of stars stands by itself.
fn is_emphasis(line: &str, blank: Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '*';
    let before = line[..blank.start].chars().next_back().is_some_and(joins);
    let after = line[blank.end..].chars().next().is_some_and(joins);
    line[blank].starts_with('*') && (before || after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::pattern;
    use crate::trial;

    pattern!(
        BLANK,
        r"_{3,}|\*{3}|\{[^{}\r\n]{0,40}\}|\[(?:\.{2,}|…|_+)\]"
    );

    #[test]
    fn blanks_are_those_of_the_pattern() {
        let words = [
            "_", "__", "___", "*", "**", "***", "{", "}", "[", "]", "..", "...", "…", "[_]", "{x}",
        ];
        trial::each(&words, |text| {
            let found: Vec<_> = blanks(text).collect();
            let right: Vec<_> = BLANK.find_iter(text).map(|m| m.range()).collect();
            assert_eq!(found, right, "{text:?}");
        });
    }
}
