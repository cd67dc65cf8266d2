//! The visits and units of a chart, counted on its authorizations.

use jiff::civil::Date;

use super::chart_draft::ChartPlace;
use super::summary::VisitSummary;
use super::{ChartCase, unique};
use crate::chart::Authorization;

/// The line of an authorization, with blanks.
pub(super) const NEW_AUTHORIZATION: &str =
    "authorization: ___, ___ visits or ___ units, ___ to ___";

/// An authorization, with the payer whose it is.
#[derive(Debug)]
pub struct Account<'a> {
    /// Its place.
    pub place: ChartPlace,
    /// What it says.
    pub authorization: &'a Authorization,
    /// How many visits were used.
    pub visits: u32,
    /// How many units were used.
    pub units: u32,
    /// Some visit within its days is not counted, because another authorization without a limit holds for it.
    pub passed_over: bool,
    payer: Payer<'a>,
    /// The day of the visit that it stands in: it holds from then on.
    since: Option<Date>,
}

/// Who pays: the profile, by its index, and the words of the note where the profile is that of nobody known.
type Payer<'a> = (usize, Option<&'a str>);

fn payer<'a>(case: &ChartCase<'a>, visit: &'a VisitSummary) -> Payer<'a> {
    let before = || case.preamble?.names_payer.as_deref();
    let words = visit.names_payer.as_deref().or_else(before);
    (
        visit.payer,
        words.filter(|_| case.payer(visit).stands_for_any),
    )
}

/// A day that counts on an authorization.
#[derive(Debug)]
pub struct Counted {
    /// The visit, by its index.
    pub index: usize,
    /// The account, by its index.
    pub account: usize,
    /// Which visit of the authorization it is.
    pub visit: u32,
    /// The units of the day that count.
    pub units: u32,
    /// The units used up to it.
    pub units_until: u32,
    /// It goes beyond the visits.
    pub exceeds_visits: bool,
    /// It goes beyond the units.
    pub exceeds_units: bool,
}

/// The authorizations of a chart, and the days that count on them.
#[derive(Debug, Default)]
pub struct Accounts<'a> {
    /// Every authorization whose payer is known.
    pub accounts: Vec<Account<'a>>,
    /// The days, in order.
    pub days: Vec<Counted>,
}

impl Account<'_> {
    /// Whether it may hold for a visit of a day.
    pub fn may_hold(&self, case: &ChartCase<'_>, visit: &VisitSummary, day: Date) -> bool {
        self.is_for(case, visit)
            && self.has_begun(day)
            && self.authorization.covers(day) != Some(false)
    }

    /// Whether it is for what was done in a visit, whatever the day.
    pub fn is_for(&self, case: &ChartCase<'_>, visit: &VisitSummary) -> bool {
        let mut codes = visit.units.iter().map(|(code, _)| code);
        let names_codes = !self.authorization.codes.is_empty();
        self.payer == payer(case, visit)
            && (!names_codes || codes.any(|c| self.authorization.takes(c)))
    }

    /// Whether its note was written by this day.
    pub fn has_begun(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day)
    }

    /// Whether it is known from when on it counts.
    pub fn is_dated(&self) -> bool {
        self.since.is_some() || self.authorization.days.from.is_some()
    }

    /// How many visits are left; none if it does not limit them.
    pub fn visits_left(&self) -> Option<u32> {
        Some(self.authorization.visits?.saturating_sub(self.visits))
    }

    /// How many units are left; none if it does not limit them.
    pub fn units_left(&self) -> Option<u32> {
        Some(self.authorization.units?.saturating_sub(self.units))
    }

    /// Whether anything is left of it.
    pub fn has_room(&self) -> bool {
        self.visits_left() != Some(0) && self.units_left() != Some(0)
    }

    fn has_room_for(&self, units: u32) -> bool {
        let fits = self.units_left().is_none_or(|left| units <= left);
        fits && self.visits_left().is_none_or(|left| left > 0)
    }

    fn units_of(&self, visit: &VisitSummary) -> u32 {
        let units = visit.units.iter();
        let own = units.filter(|(code, _)| self.authorization.takes(code));
        own.map(|(_, units)| units).sum()
    }
}

impl<'a> Accounts<'a> {
    /// Counts the days of a chart.
    pub fn of(case: &ChartCase<'a>) -> Self {
        let mut all = Self {
            accounts: accounts(case),
            days: Vec::new(),
        };
        if all.accounts.is_empty() {
            return all;
        }
        let mut last = Vec::new();
        for (index, day) in case.treated_by_day() {
            let visit = &case.visits[index];
            // Several visits of a day for one payer are one, and each knows the units of all.
            let of_day = (day, payer(case, visit));
            if visit.is_treatment && !last.contains(&of_day) {
                last.push(of_day);
                all.count(case, index, day);
            }
        }
        all
    }

    fn count(&mut self, case: &ChartCase<'_>, index: usize, day: Date) {
        let visit = &case.visits[index];
        let accounts = &mut self.accounts;
        let mut open: Vec<usize> = (0..accounts.len())
            .filter(|at| accounts[*at].may_hold(case, visit, day))
            .collect();
        if open
            .iter()
            .any(|at| !accounts[*at].authorization.is_limited())
        {
            for at in open {
                accounts[at].passed_over = true;
            }
            return;
        }
        let has_room = |at: &usize| accounts[*at].has_room_for(accounts[*at].units_of(visit));
        // What does not fit whole may be shared among several; none of them is exceeded as long as it fits.
        open.sort_by_key(|at| !has_room(at));
        let Some(&chosen) = open.first() else {
            return;
        };
        let others = open[1..].iter().map(|at| &accounts[*at]);
        let room_elsewhere = others.clone().map(|account| match account.visits_left() {
            Some(0) => 0,
            _ => account.units_left().unwrap_or(u32::MAX),
        });
        let room_elsewhere = room_elsewhere.fold(0, u32::saturating_add);
        let account = &mut accounts[chosen];
        let units = account.units_of(visit);
        account.units += units;
        account.visits += 1;
        // The number in a heading holds: earlier visits may be kept elsewhere.
        let own = visit.own_number.map(|own| (own.number, own.all));
        if let (Some((number, all)), Some(allowed)) = (own, account.authorization.visits)
            && all == allowed
        {
            account.visits = number;
        }
        let beyond = |limit: Option<u32>, used: u32| used.saturating_sub(limit.unwrap_or(u32::MAX));
        let units_beyond = beyond(account.authorization.units, account.units);
        self.days.push(Counted {
            index,
            account: chosen,
            visit: account.visits,
            units,
            units_until: account.units,
            exceeds_visits: beyond(account.authorization.visits, account.visits) > 0,
            exceeds_units: units_beyond > room_elsewhere,
        });
    }
}

fn accounts<'a>(case: &ChartCase<'a>) -> Vec<Account<'a>> {
    let treated = case.visits.iter().filter(|v| v.is_treated);
    let only_payer = match unique(treated.map(|v| payer(case, v)))[..] {
        [only] => Some(only),
        _ => None,
    };
    let mut accounts = Vec::new();
    for (piece, summary) in case.pieces() {
        let is_before = piece == 0 && case.preamble.is_some();
        // What stands before the visits and names no payer is for all of them, if they have but one.
        let payer = if summary.names_payer.is_some() || !is_before {
            Some(payer(case, summary))
        } else {
            only_payer
        };
        let since = summary.day.filter(|_| !is_before);
        let all = summary.authorizations.iter();
        accounts.extend(all.filter_map(|(anchor, authorization)| {
            Some(Account {
                place: ChartPlace::new(piece, *anchor),
                authorization,
                visits: 0,
                units: 0,
                passed_over: false,
                payer: payer?,
                since,
            })
        }));
    }
    accounts
}
