use super::authorizations::{Account, Accounts, Counted, NEW_AUTHORIZATION};
use super::wording::{units, visits};
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "authorization-exceeded",
    group: Group::Plan,
    level: Level::Warning,
    source: "Payers on prior authorization: a service beyond the visits or units authorized is not covered",
    page: page!("authorization-exceeded"),
    check: Check::Chart(check),
};

/// How many visits before its end a new authorization should be asked for.
const IN_TIME: u32 = 2;

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let counted = Accounts::of(case);
    for (place, day) in counted.days.iter().enumerate() {
        let account = &counted.accounts[day.account];
        let message = if day.exceeds_visits || day.exceeds_units {
            exceeded(account, day)
        } else {
            let later = &counted.days[place + 1..];
            let is_newest = later.iter().all(|later| later.account != day.account);
            let ends = |a: &Account<'_>| a.authorization.days.to.and_then(|d| d.day);
            let end = ends(account);
            let renewed = counted.accounts.iter().any(|other| {
                let outlasts = ends(other).is_none_or(|last| end.is_none_or(|own| own <= last));
                let is_other = other.place != account.place;
                is_other
                    && outlasts
                    && other.is_for(case, &case.visits[day.index])
                    && other.has_room()
            });
            match nearly_used(account, day).filter(|_| is_newest && !renewed) {
                Some(message) => message,
                None => continue,
            }
        };
        let line = ChartEdit::LineForChart(NEW_AUTHORIZATION.to_owned());
        let mut draft = ChartDraft::new(day.index, case.date_of(day.index), message)
            .related(account.place, "The authorization")
            .fix("Add the new authorization (blanks to fill)", line);
        let is_certain = account.is_dated() && (day.exceeds_visits || day.exceeds_units);
        draft.level = (!is_certain).then_some(Level::Information);
        found.push(draft);
    }
}

fn exceeded(account: &Account<'_>, day: &Counted) -> String {
    let authorization = account.authorization;
    let remark = if account.is_dated() {
        ""
    } else {
        " The authorization has no first day, so all visits of the chart were counted."
    };
    let what = match (authorization.visits, authorization.units) {
        (Some(allowed), _) if day.exceeds_visits => {
            format!(
                "This is visit {} on an authorization for {allowed}.",
                day.visit
            )
        }
        (_, allowed) => format!(
            "With the {} of this day, {} are used of an authorization for {}.",
            units(day.units),
            units(day.units_until),
            allowed.unwrap_or_default()
        ),
    };
    format!(
        "{what}{remark} A payer denies what goes beyond the authorization until there is a new one."
    )
}

/// What is said of an authorization that two more visits like this day would use up.
fn nearly_used(account: &Account<'_>, day: &Counted) -> Option<String> {
    let few_visits = account.visits_left().filter(|left| *left <= IN_TIME);
    let few_units = account.units_left();
    let few_units = few_units.filter(|left| day.units > 0 && *left <= IN_TIME * day.units);
    let left = match (few_visits, few_units) {
        (Some(left), _) => visits(left),
        (None, Some(left)) => units(left),
        (None, None) => return None,
    };
    let left = if left.starts_with("0 ") {
        "nothing".to_owned()
    } else {
        format!("only {left}")
    };
    Some(format!(
        "After this visit the authorization has {left} left. If treatment goes on, ask the payer for a new one now: it seldom reaches back."
    ))
}
