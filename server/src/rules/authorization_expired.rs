use super::authorizations::{Accounts, NEW_AUTHORIZATION};
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "authorization-expired",
    group: Group::Plan,
    level: Level::Warning,
    source: "Payers on prior authorization: a service outside the dates authorized is not covered",
    page: page!("authorization-expired"),
    check: Check::Chart(check),
};

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let accounts = Accounts::of(case).accounts;
    for (index, day) in case.treated_by_day() {
        let visit = &case.visits[index];
        // An evaluation is often done to ask for the next authorization.
        if !visit.is_treatment || accounts.iter().any(|a| a.may_hold(case, visit, day)) {
            continue;
        }
        // What comes before the first authorization may have needed none.
        let has_ended = |end: Option<jiff::civil::Date>| end.is_some_and(|end| end < day);
        let over: Vec<_> = accounts
            .iter()
            .filter(|a| a.is_for(case, visit) && a.has_begun(day))
            .filter(|a| has_ended(a.authorization.days.to.and_then(|d| d.day)))
            .collect();
        let Some(newest) = over
            .iter()
            .filter_map(|a| a.authorization.days.to?.day)
            .max()
        else {
            continue;
        };
        let message = format!(
            "The authorization ended on {newest}, before this visit. A payer denies treatment after its last day; if there is a new one, add a line for it."
        );
        let line = ChartEdit::LineForChart(NEW_AUTHORIZATION.to_owned());
        let mut draft = ChartDraft::new(index, case.date_of(index), message)
            .fix("Add the new authorization (blanks to fill)", line);
        for account in over {
            draft = draft.related(account.place, "An authorization with its dates");
        }
        found.push(draft);
    }
}
