//! `visits-exceeded`: see its page in `docs/rules/`.

use std::ops::Range;

use jiff::civil::Date;

use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::chart::Referral;
use crate::pattern::letters::{begins_with, blanks, has_odd_letters, is_edge};
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
            for (index, day) in case.treated_by_day().iter().copied() {
                let visit = &case.visits[index];
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
    let (number, all, place) = counted(words)?;
    let number_of = |part: Range<usize>| words[part].parse().ok();
    let span = Span::from(place).shifted(value.start);
    Some((number_of(number)?, number_of(all)?, span))
}

/// Places in a heading: the number, out of how many, and all that says so.
type Places = (Range<usize>, Range<usize>, Range<usize>);

/// What [`COUNT`] finds in a heading.
fn counted(heading: &str) -> Option<Places> {
    if has_odd_letters(heading) {
        let found = COUNT.captures(heading)?;
        let part = |one: &str, other: &str| found.name(one).or_else(|| found.name(other));
        let (number, all) = (part("n", "vn")?, part("all", "vall")?);
        return Some((number.range(), all.range(), found.get(0)?.range()));
    }
    let bytes = heading.as_bytes();
    let mut starts = (0..bytes.len()).filter(|at| bytes[*at].is_ascii() && is_edge(bytes, *at));
    starts.find_map(|start| counted_from(heading, start))
}

/// The count that begins at an offset.
fn counted_from(heading: &str, start: usize) -> Option<Places> {
    let skip = |at: usize| at + blanks(&heading[at..]);
    let any = |at: usize, words: &[&str]| {
        let rest = &heading.as_bytes()[at..];
        let word = words.iter().find(|word| begins_with(rest, word))?;
        Some(at + word.len())
    };
    // Up to three figures.
    let figures = |at: usize| {
        let rest = heading.as_bytes()[at..].iter();
        let length = rest.take_while(|b| b.is_ascii_digit()).count();
        (1..=3).contains(&length).then_some(at..at + length)
    };
    // The figures after what stands between the two.
    let all = |number: &Range<usize>, between: &[&str]| {
        let all = figures(skip(any(skip(number.end), between)?))?;
        is_edge(heading.as_bytes(), all.end).then_some(all)
    };
    let named = any(start, &["visit", "session", "tx"]);
    let after = |at: usize| {
        let at = skip(at);
        skip(any(at, &["#"]).unwrap_or(at))
    };
    if let Some(number) = figures(named.map_or(start, after))
        && let Some(all) = all(&number, &["out of", "of"])
    {
        let place = start..all.end;
        return Some((number, all, place));
    }
    let number = figures(after(named.or_else(|| any(start, &["#"]))?))?;
    let all = all(&number, &["/"])?;
    let place = start..all.end;
    Some((number, all, place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;

    #[test]
    fn counts_are_read_as_by_the_pattern() {
        let words = [
            "visit", "session", "tx", "#", "4 of 12", "3/10", "of", "out of", "/", "7", "12",
            "123", "1234", "visit #3", "(visit", "tx 3 /",
        ];
        trial::each(&words, |text| {
            let right = COUNT.captures(text).map(|found| {
                let part = |one: &str, other: &str| found.name(one).or_else(|| found.name(other));
                let range = |one: &str, other: &str| part(one, other).map_or(0..0, |m| m.range());
                let whole = found.get(0).map_or(0..0, |m| m.range());
                (range("n", "vn"), range("all", "vall"), whole)
            });
            assert_eq!(counted(text), right, "{text:?}");
        });
    }
}
