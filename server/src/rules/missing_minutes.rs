use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Minutes;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "missing-minutes",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("missing-minutes"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // Medicare asks for the total of timed minutes, not for those of each code.
    if case.claim.by_total {
        return;
    }
    for modality in &case.visit.modalities {
        if !modality.is_timed()
            || modality.minutes() != Minutes::Unstated
            || case.is_being_typed(modality)
        {
            continue;
        }
        let code = &modality.code;
        let end = Span::at(modality.line.end);
        let message = format!(
            "{code} is billed by time, and this block does not say how long it took. Without minutes a payer counts no units."
        );
        let minutes = format!("Add the minutes of {code} (a blank to fill)");
        let clock = format!("Add the clock times of {code} (blanks to fill)");
        let draft = Draft::new(modality.code_span, message).fix(minutes, end, " ___ min");
        found.push(draft.fix(clock, end, " ___-___"));
    }
}
