use super::{Check, Draft, Edit, Group, Rule, VisitCase, own_lines};
use crate::chart::{Inexact, time};
use crate::policy::Level;
use crate::reference::procedures;

pub static RULE: Rule = Rule {
    name: "unread-code",
    group: Group::Coding,
    level: Level::Warning,
    source: "The format: a block begins with its code, or gives its minutes or units beside it",
    page: page!("unread-code"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for unread in &case.visit.unread_codes {
        // A line that ends the note without a line break may still be being typed.
        if case.is_at_the_end(unread.words) && !case.text[unread.line_end..].contains(['\n', '\r'])
        {
            continue;
        }
        let code = case.str(unread.code).to_ascii_uppercase();
        let is_timed = procedures::find(&code).is_none_or(|p| p.timing.is_timed());
        let with = if is_timed { " with its minutes" } else { "" };
        let message = format!(
            "{code} is named here but was not counted as treatment. If it was done at this visit, put it on a line of its own{with}."
        );
        // What the words say of the time goes along.
        let times = time::durations(case.str(unread.words), unread.words.start);
        let time = match times.as_slice() {
            [one] if one.inexact == Inexact::No => format!(" {} min", one.minutes),
            _ if is_timed => " ___".to_owned(),
            _ => String::new(),
        };
        let br = case.line_break();
        let mut line = format!("{br}{code}{time}");
        // What is indented below would become the block's.
        if own_lines::is_indented(&case.text[unread.line_end..]) {
            line.push_str(br);
        }
        found.push(Draft::new(unread.code, message).fix_of(
            format!("Make it a block: {code}{time}"),
            [Edit::insert(unread.line_end, line)],
        ));
    }
}
