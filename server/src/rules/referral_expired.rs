use super::visits_exceeded::NEW_REFERRAL;
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "referral-expired",
    group: Group::Plan,
    level: Level::Warning,
    source: "Payers on prescriptions (LifeWise/Premera 8.03.502, WAC 296-23-250, Hawaii no-fault)",
    page: page!("referral-expired"),
    check: Check::Chart(check),
};

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let referrals = case.referrals();
    for (index, day) in case.treated_by_day() {
        let visit = &case.visits[index];
        // Medicare goes by the certified plan, and an evaluation may come before the order.
        if case.payer(visit).medicare || !visit.is_treatment {
            continue;
        }
        let (mut dated, mut covered) = (Vec::new(), false);
        for (place, referral) in &referrals {
            if let Some(covers) = referral.covers(day) {
                dated.push((*place, referral));
                covered |= covers;
            }
        }
        if dated.is_empty() || covered {
            continue;
        }
        let starts = dated.iter().filter_map(|(_, r)| r.from?.day);
        let message = if starts.min().is_some_and(|first| day < first) {
            "This visit is before the referral begins. A payer that asks for a referral denies treatment outside its dates; if an earlier referral covered the visit, give it a line of its own."
        } else {
            "This visit is not within the dates of a referral in this chart. A payer that asks for a referral denies treatment after its last day; if it was renewed, add a line for the new one."
        };
        let line = ChartEdit::LineForChart(NEW_REFERRAL.to_owned());
        let mut draft = ChartDraft::new(index, case.date_of(index), message)
            .fix("Add the other referral (blanks to fill)", line);
        for (place, ..) in dated {
            draft = draft.related(place, "A referral with its dates");
        }
        found.push(draft);
    }
}
