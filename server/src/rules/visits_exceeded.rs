use jiff::civil::Date;

use super::anchor::Anchor;
use super::chart_draft::ChartPlace;
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule};
use crate::chart::{Referral, Visit};
use crate::pattern::pattern;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "visits-exceeded",
    group: Group::Plan,
    level: Level::Warning,
    source: "Payers on prescriptions (LifeWise/Premera 8.03.502, WAC 296-23-250)",
    page: page!("visits-exceeded"),
    check: Check::Chart(check),
};

pattern!(
/// `4 of 12` in a heading: the clinician's own count.
    COUNT,
    r"(?i)\b(?:(?:visit|session|tx)\s*#?\s*)?(?P<n>\d{1,3})\s*(?:of|out of)\s*(?P<all>\d{1,3})\b|\b(?:visit|session|tx|#)\s*#?\s*(?P<vn>\d{1,3})\s*/\s*(?P<vall>\d{1,3})\b"
);

/// The line of a referral, with blanks.
pub(super) const NEW_REFERRAL: &str = "referral: ___ to ___, ___ visits, ___";

/// A visit's own number in its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnNumber {
    /// Which visit it is.
    pub(super) number: u32,
    /// Out of how many.
    pub(super) all: u32,
    /// Where it says so.
    place: Anchor,
}

/// The visits of a chart, counted on its referrals.
#[derive(Debug, Default)]
pub struct Count {
    /// The referrals that allow a number of visits.
    pub accounts: Vec<Account>,
    /// The visits that count on one of them, by day.
    pub visits: Vec<Counted>,
}

/// A referral's account.
#[derive(Debug)]
pub struct Account {
    /// The referral's place.
    pub place: ChartPlace,
    /// What it says.
    pub referral: Referral,
    /// How many visits it allows.
    pub allowed: u32,
    /// How many were used, by the visits' own numbers where they have some.
    pub used: u32,
    /// Some visit within its dates is not counted: its payer does not go by referrals, or another
    /// referral covers it without a number.
    pub passed_over: bool,
    last: Option<Date>,
}

/// A visit that counts on a referral.
#[derive(Debug)]
pub struct Counted {
    /// Its index among the visits of the chart.
    pub index: usize,
    /// The account's index.
    pub account: usize,
    /// Which visit of the referral it is.
    pub number: u32,
    /// Where its heading says so itself.
    pub own: Option<ChartPlace>,
    /// It is the first to go beyond the referral on its day.
    exceeds: bool,
}

impl Count {
    /// Counts the visits of a chart.
    pub fn of(case: &ChartCase<'_>) -> Self {
        let referrals = case.referrals();
        let unlimited = |day| {
            let mut referrals = referrals.iter();
            referrals.any(|(_, r)| r.visits.is_none() && r.covers(day) == Some(true))
        };
        let accounts = referrals.iter().filter_map(|(place, referral)| {
            Some(Account {
                place: *place,
                referral: (*referral).clone(),
                allowed: referral.visits?,
                used: 0,
                passed_over: false,
                last: None,
            })
        });
        let mut count = Self {
            accounts: accounts.collect(),
            visits: Vec::new(),
        };
        for (index, day) in case.treated_by_day() {
            let visit = &case.visits[index];
            if visit.is_treatment {
                let free = case.payer(visit).medicare || unlimited(day);
                let own = visit.own_number;
                if let Some((account, exceeds)) = count.use_one(day, own, free) {
                    count.visits.push(Counted {
                        index,
                        account,
                        number: count.accounts[account].used,
                        own: own.map(|own| case.place(index, own.place)),
                        exceeds,
                    });
                }
            }
        }
        count
    }

    /// Counts a visit of a day on an account, which it gives, and whether it goes beyond the referral.
    fn use_one(&mut self, day: Date, own: Option<OwnNumber>, free: bool) -> Option<(usize, bool)> {
        let accounts = &mut self.accounts;
        let mut open: Vec<usize> = (0..accounts.len())
            .filter(|at| accounts[*at].referral.covers(day) != Some(false))
            .collect();
        if free {
            for at in open {
                accounts[at].passed_over = true;
            }
            return None;
        }
        if let Some(OwnNumber { number, all, .. }) = own {
            // The heading's number holds; one out of another total counts something else.
            open.retain(|at| accounts[*at].allowed == all);
            for at in &open {
                accounts[*at].used = number;
                accounts[*at].last = Some(day);
            }
            return Some((*open.first()?, number > all));
        }
        if let Some(again) = open.iter().find(|at| accounts[**at].last == Some(day)) {
            return Some((*again, false));
        }
        let has_room = |at: &&usize| accounts[**at].used < accounts[**at].allowed;
        let room = open.iter().find(has_room);
        let chosen = *room.or_else(|| open.first())?;
        let exceeds = room.is_none();
        accounts[chosen].used += 1;
        accounts[chosen].last = Some(day);
        Some((chosen, exceeds))
    }

    /// The account of a visit.
    pub fn account_of(&self, visit: &Counted) -> Option<&Account> {
        self.accounts.get(visit.account)
    }
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let count = Count::of(case);
    for counted in count.visits.iter().filter(|v| v.exceeds) {
        let Some(account) = count.account_of(counted) else {
            continue;
        };
        let place = counted.own.unwrap_or_else(|| case.date_of(counted.index));
        let (used, allowed) = (counted.number, account.allowed);
        let begun = account.referral.from.is_some() || counted.own.is_some();
        let remark = if begun {
            ""
        } else {
            " The referral has no first day, so all visits of the chart were counted."
        };
        let message = format!(
            "This is visit {used} on a referral for {allowed}.{remark} A payer denies what goes beyond the referral until there is a new one."
        );
        let line = ChartEdit::LineForChart(NEW_REFERRAL.to_owned());
        let mut draft = ChartDraft::new(counted.index, place, message)
            .related(account.place, "The referral")
            .fix("Add the new referral (blanks to fill)", line);
        draft.level = (!begun).then_some(Level::Information);
        found.push(draft);
    }
}

/// What a visit's heading says of its own number.
pub(super) fn own_number(text: &str, visit: &Visit) -> Option<OwnNumber> {
    let value = visit.heading.as_ref()?.value?;
    let found = COUNT.captures(&text[value.range()])?;
    let figure = |one: &str, other: &str| found.name(one).or_else(|| found.name(other));
    let place = Span::from(found.get(0)?.range()).shifted(value.start);
    Some(OwnNumber {
        number: figure("n", "vn")?.as_str().parse().ok()?,
        all: figure("all", "vall")?.as_str().parse().ok()?,
        place: Anchor::of(visit, place),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_headings() {
        for (heading, count) in [
            ("2026-11-03, 4 of 12", Some(("4", "12"))),
            ("visit #3 out of 10", Some(("3", "10"))),
            ("(visit 7/12)", Some(("7", "12"))),
            ("visit # 12 / 123", Some(("12", "123"))),
            ("tx 3 / 6", Some(("3", "6"))),
            ("3/10", None),
            ("1234 of 12", None),
            ("visit 7", None),
        ] {
            let found = COUNT.captures(heading);
            let figures = found.as_ref().and_then(|found| {
                let figure = |one, other| found.name(one).or_else(|| found.name(other));
                Some((figure("n", "vn")?.as_str(), figure("all", "vall")?.as_str()))
            });
            assert_eq!(figures, count, "{heading}");
        }
    }
}
