//! `visits-exceeded`: see its page in `docs/rules/`.

use jiff::civil::Date;

use super::letters::{begins_with, has_odd_letters};
use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::chart::Referral;
use crate::pattern::pattern;
use crate::policy::Level;
use crate::text::Span;

/// The rule.
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
    /// The referral's place in the document.
    pub span: Span,
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
    /// Where its heading says so itself, in offsets of the document.
    pub own: Option<Span>,
    /// It is the first to go beyond the referral on its day.
    exceeds: bool,
}

impl Count {
    /// Counts the visits of a chart.
    pub fn of(case: &ChartCase<'_>) -> Self {
        let referrals = case.referrals();
        let unlimited = |day| {
            referrals
                .iter()
                .any(|(_, r)| r.visits.is_none() && r.covers(day) == Some(true))
        };
        let accounts = referrals.iter().filter_map(|(span, referral)| {
            Some(Account {
                span: *span,
                referral: referral.clone(),
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
        if !count.accounts.is_empty() {
            for (index, day, visit) in case.treated_by_day() {
                if visit.is_treatment() {
                    let free = visit.payer.medicare || unlimited(day);
                    count.add(index, day, visit, free);
                }
            }
        }
        count
    }

    fn add(&mut self, index: usize, day: Date, visit: &ChartVisit<'_>, free: bool) {
        let accounts = &mut self.accounts;
        let mut open: Vec<usize> = (0..accounts.len())
            .filter(|at| accounts[*at].referral.covers(day) != Some(false))
            .collect();
        if free {
            for at in open {
                accounts[at].passed_over = true;
            }
            return;
        }
        let own = own_number(visit);
        let (account, exceeds) = if let Some((n, all, _)) = own {
            // The heading's number holds; one out of another total counts something else.
            open.retain(|at| accounts[*at].allowed == all);
            for at in &open {
                accounts[*at].used = n;
                accounts[*at].last = Some(day);
            }
            let Some(first) = open.first() else {
                return;
            };
            (*first, n > all)
        } else if let Some(again) = open.iter().find(|at| accounts[**at].last == Some(day)) {
            (*again, false)
        } else {
            let room = open
                .iter()
                .find(|at| accounts[**at].used < accounts[**at].allowed);
            let Some(chosen) = room.or_else(|| open.first()) else {
                return;
            };
            accounts[*chosen].used += 1;
            accounts[*chosen].last = Some(day);
            (*chosen, room.is_none())
        };
        self.visits.push(Counted {
            index,
            account,
            number: accounts[account].used,
            own: own.map(|(.., span)| span),
            exceeds,
        });
    }

    /// The account of a visit.
    pub fn account_of(&self, visit: &Counted) -> Option<&Account> {
        self.accounts.get(visit.account)
    }
}

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let count = Count::of(case);
    for counted in count.visits.iter().filter(|v| v.exceeds) {
        let (Some(account), Some(visit)) =
            (count.account_of(counted), case.visits.get(counted.index))
        else {
            continue;
        };
        let span = counted.own.unwrap_or_else(|| visit.date_span());
        let (used, allowed) = (counted.number, account.allowed);
        let begun = account.referral.from.is_some() || counted.own.is_some();
        let remark = if begun {
            ""
        } else {
            " The referral has no first day, so all visits of the chart were counted."
        };
        let draft = Draft::new(
            span,
            format!(
                "This is visit {used} on a referral for {allowed}.{remark} A payer denies what goes beyond the referral until there is a new one."
            ),
        )
        .related(account.span, "The referral")
        .fix_of(
            "Add the new referral (blanks to fill)",
            vec![case.line_for_chart("referral: ___ to ___, ___ visits, ___")],
        );
        found.push((
            counted.index,
            if begun {
                draft
            } else {
                draft.level(Level::Information)
            },
        ));
    }
}

fn own_number(visit: &ChartVisit<'_>) -> Option<(u32, u32, Span)> {
    let (n, all, span) = (*visit.facts.own_number.get_or_init(|| read_number(visit)))?;
    Some((n, all, visit.at(span)))
}

fn read_number(visit: &ChartVisit<'_>) -> Option<(u32, u32, Span)> {
    let value = visit.visit.heading.as_ref()?.value?;
    let words = visit.str(value);
    if !may_count(words) {
        return None;
    }
    let counted = COUNT.captures(words)?;
    let number = |one: &str, other: &str| {
        let found = counted.name(one).or_else(|| counted.name(other))?;
        found.as_str().parse().ok()
    };
    let span = Span::from(counted.get(0)?.range()).shifted(value.start);
    Some((number("n", "vn")?, number("all", "vall")?, span))
}

/// Whether a heading holds what both ways to write a count cannot do without: figures after `of`, or
/// a stroke and a word or mark for the visit.
fn may_count(heading: &str) -> bool {
    let bytes = heading.as_bytes();
    let holds = |words: &str| (0..bytes.len()).any(|at| begins_with(&bytes[at..], words));
    let named = || ["visit", "session", "tx", "#"].into_iter().any(holds);
    has_odd_letters(heading) || holds("of") || bytes.contains(&b'/') && named()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::corpus;

    #[test]
    fn a_count_has_what_is_asked_first() {
        let words = [
            "visit", "session", "tx", "#", "4 of 12", "3/10", "of", "out of", "/", "7", "12",
        ];
        corpus::each(&words, |text| {
            assert!(may_count(text) || !COUNT.is_match(text), "{text:?}");
        });
    }
}
