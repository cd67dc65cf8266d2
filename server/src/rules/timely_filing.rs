use super::{ChartCase, ChartDraft, Check, Group, Rule};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "timely-filing",
    group: Group::Plan,
    level: Level::Information,
    source: "42 CFR 424.44 for Medicare; the payers' own limits, see docs/payers.md",
    page: page!("timely-filing"),
    check: Check::Chart(check),
};

/// Says once for each payer which visits are too old to be filed, at the newest of them.
fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let Some(today) = case.policy.today else {
        return;
    };
    let mut said: Vec<usize> = Vec::new();
    let visits = case.treated_by_day();
    for (at, (index, day)) in visits.iter().enumerate().rev() {
        let visit = &case.visits[*index];
        let payer = case.payer(visit);
        let Some(limit) = payer.timely_filing else {
            continue;
        };
        let Some(last) = limit.last_day(*day).filter(|last| *last < today) else {
            continue;
        };
        if said.contains(&visit.payer) {
            continue;
        }
        said.push(visit.payer);
        let mut before = visits[..at].iter();
        let older = before.any(|(index, _)| case.visits[*index].payer == visit.payer);
        let what = if older {
            "claims of this visit and of those before it have"
        } else {
            "claim of this visit has"
        };
        let message = format!(
            "{} takes a claim within {} of the visit, which for this one was until {last}. Where the {what} not been sent, it is too late.",
            payer.called(),
            limit.in_words()
        );
        found.push(ChartDraft::new(*index, case.date_of(*index), message));
    }
}
