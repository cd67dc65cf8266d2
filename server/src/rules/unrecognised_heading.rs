use super::sections::{OtherHeading, heading, other_headings};
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "unrecognised-heading",
    group: Group::Chart,
    level: Level::Hint,
    source: "The format: a section begins at S:, O:, A: or P:",
    page: page!("unrecognised-heading"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let headings = other_headings(case);
    for other in headings {
        let right = heading(other.kind);
        let mut draft = Draft::new(
            other.span,
            format!(
                "This heading is read as plain text, so the note seems to lack the section. Write {right} at the start of the line."
            ),
        )
        .fix_of(format!("Change it to {right}"), [rewrite(case, other)]);
        draft = if headings.len() > 1 {
            draft.fix_of(
                "Change all headings of this visit",
                headings.iter().map(|other| rewrite(case, other)),
            )
        } else {
            draft.preferred()
        };
        found.push(draft);
    }
}

fn rewrite(case: &VisitCase<'_>, other: &OtherHeading) -> Edit {
    let next = case.text[other.span.end..].chars().next();
    let is_apart = next.is_none_or(char::is_whitespace);
    let blank = if is_apart { "" } else { " " };
    Edit::new(other.span, format!("{}{blank}", heading(other.kind)))
}
