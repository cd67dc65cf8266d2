//! How a chart stands today: visits used, days left, goals still open.

use crate::analysis::{Analysis, Part};
use crate::chart::{Goal, Referral};
use crate::pattern::pattern;
use crate::rules::certification_expired::certifies_again;
use crate::rules::goal_overdue::{due, speaks_of_goals};
use crate::rules::visits_exceeded::{Account, Count};
use crate::rules::{ChartCase, ChartVisit};
use crate::text::Span;
use jiff::ToSpan;
use jiff::civil::Date;

/// A chart without a visit for so long is at rest: counting its days would be of no use.
const AT_REST_AFTER_DAYS: i64 = 45;

pattern!(
    /// What says of a goal that it is done with.
    CLOSED,
    r"(?i)\b(goals?|stgs?|ltgs?)\b.*?\b(?:met|achieved|reached|attained|accomplished|discontinued|dropped|replaced|revised|extended)\b"
);
pattern!(
    STILL_OPEN,
    r"(?i)\b(?:not|un|partially|partly|nearly|almost|until|when|if|once|yet|be|toward|towards)\b"
);
pattern!(NUMBER, r"\d+");

/// A chart with today's date.
pub struct Standing<'a> {
    chart: ChartCase<'a>,
    today: Option<Date>,
    count: Count,
}

/// Which visit of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number.
    pub number: u32,
    /// How many the referral allows; `None` for a number that is the chart's own.
    pub of: Option<u32>,
    /// The heading says it itself.
    pub own: bool,
    /// The referral has no first day, so that all visits of the chart were counted.
    pub from_the_first: bool,
}

/// What is left of a referral or a plan of care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Left {
    /// The last day.
    pub until: Option<Date>,
    /// Days from today to the last one; below 0 once it is over.
    pub days: Option<i32>,
    /// Days from today to the first one, if that is still to come.
    pub begins_in: Option<i32>,
    /// Visits used, of how many.
    pub visits: Option<(u32, u32)>,
    /// Another one has taken its place.
    pub replaced: bool,
}

impl<'a> Standing<'a> {
    /// The standing of a chart.
    pub fn of(analysis: &'a Analysis) -> Self {
        let chart = analysis.chart_case();
        let today = chart.policy.today;
        let count = Count::of(&chart);
        Self {
            chart,
            today,
            count,
        }
    }

    /// Days from today to another day.
    fn days_to(&self, day: Date) -> Option<i32> {
        Some(self.today?.until(day).ok()?.get_days())
    }

    /// The newest visit: the one of the last day, else the last of the document.
    fn newest(&self) -> Option<&ChartVisit<'a>> {
        let dated = self.chart.visits.iter().filter(|v| v.visit.day().is_some());
        dated
            .max_by_key(|v| v.visit.day())
            .or_else(|| self.chart.visits.last())
    }

    /// Whether the patient still comes: the newest visit is not long ago, or there is none.
    pub fn is_in_use(&self) -> bool {
        let (Some(today), Some(newest)) = (self.today, self.newest()) else {
            return self.today.is_some();
        };
        newest.visit.day().is_none_or(|day| {
            day.checked_add(AT_REST_AFTER_DAYS.days())
                .is_ok_and(|rest| today <= rest)
        })
    }

    /// Which visit it is that begins at this offset of the document.
    pub fn number_of(&self, start: usize) -> Option<Place> {
        let index = self.chart.visits.iter().position(|v| v.start == start)?;
        if self.count.accounts.is_empty() {
            return self.number_in_chart(index);
        }
        let counted = self.count.visits.iter().find(|v| v.index == index)?;
        let account = self.count.account_of(counted)?;
        Some(Place {
            number: counted.number,
            of: Some(account.allowed),
            own: counted.own.is_some(),
            from_the_first: account.referral.from.is_none(),
        })
    }

    /// The number among the days of treatment that the chart holds, if it holds several.
    fn number_in_chart(&self, index: usize) -> Option<Place> {
        let treated = self.chart.treated_by_day();
        let (mut number, mut last, mut own) = (0, None, None);
        for (at, day) in treated {
            if last != Some(*day) {
                number += 1;
                last = Some(*day);
            }
            if *at == index {
                own = Some(number);
            }
        }
        Some(Place {
            number: own.filter(|_| number > 1)?,
            of: None,
            own: false,
            from_the_first: false,
        })
    }

    /// What is left of the referral at a place of the document.
    pub fn left_of_referral(&self, place: Span) -> Option<Left> {
        let all = self.chart.referrals();
        let (_, referral) = all.iter().find(|(span, _)| *span == place)?;
        let account = self.count.accounts.iter().find(|a| a.span == place);
        let until = referral.to.and_then(|d| d.day);
        let used = |account: &Account| {
            let trusted = !account.passed_over && self.goes_by_referrals();
            trusted.then_some((account.used, account.allowed))
        };
        Some(Left {
            until,
            days: until.and_then(|day| self.days_to(day)),
            begins_in: self.begins_in(referral),
            visits: account.and_then(used),
            replaced: self.is_replaced(all, place, referral),
        })
    }

    /// Whether some visit is paid by one who goes by referrals: Medicare goes by the plan of care.
    fn goes_by_referrals(&self) -> bool {
        let mut visits = self.chart.visits.iter().peekable();
        visits.peek().is_none() || visits.any(|v| !v.payer.medicare)
    }

    fn begins_in(&self, referral: &Referral) -> Option<i32> {
        let from = referral.from.and_then(|d| d.day)?;
        self.days_to(from).filter(|days| *days > 0)
    }

    /// Whether the day is outside and another one covers it, or a later one has begun.
    fn is_replaced(&self, all: &[(Span, Referral)], place: Span, one: &Referral) -> bool {
        let Some(today) = self.today else {
            return false;
        };
        let begin = |r: &Referral| r.from.and_then(|d| d.day);
        all.iter().any(|(span, other)| {
            let later = begin(other)
                .zip(begin(one))
                .is_some_and(|(other, one)| one < other);
            let outside = one.covers(today) == Some(false);
            *span != place && other.covers(today) == Some(true) && (outside || later)
        })
    }

    /// What is left of the plan of care at a place of the document. Medicare's lasts 90 days, or its
    /// own length if that is shorter.
    pub fn left_of_plan(&self, place: Span) -> Option<Left> {
        let all = self.chart.plans();
        let (_, plan) = all.iter().find(|(span, _)| *span == place)?;
        let until = match plan.to.and_then(|d| d.day) {
            _ if self.certified_by().is_some() => plan.certified_until(),
            own => own,
        };
        Some(Left {
            until,
            days: until.and_then(|day| self.days_to(day)),
            begins_in: self.begins_in(plan),
            visits: None,
            replaced: self.is_replaced(all, place, plan)
                || self.chart.visits.iter().any(certifies_again),
        })
    }

    /// Whether Medicare pays for the newest visit.
    pub fn is_medicare(&self) -> bool {
        self.newest().is_some_and(|v| v.payer.medicare)
    }

    /// Who wants the plan of care of the newest visit certified, if its payer does.
    pub fn certified_by(&self) -> Option<&str> {
        let payer = match self.newest() {
            Some(visit) => visit.payer,
            None => self.chart.policy.payer(None),
        };
        payer.certified_plan.then(|| payer.called())
    }

    /// Days left for a goal that is still open; below 0 if it is overdue. Only goals before the first
    /// visit and those of the newest one: the others were for their own day.
    pub fn days_of_goal(&self, part: Part<'_>, goal: &Goal) -> Option<(Date, i32)> {
        let text = &*part.reading.text;
        let (due, _) = due(text, goal)?;
        let days = self.days_to(due)?;
        let is_newest = self.newest().is_none_or(|v| v.start == part.start);
        let is_before = part.reading.visit.heading.is_none() && part.start == 0;
        if !is_newest && !is_before {
            return None;
        }
        let key = &text[goal.key.range()];
        // The visits that may have taken the goal up since it was set.
        let mut since = self
            .chart
            .visits
            .iter()
            .filter(|v| is_before || v.start == part.start);
        let taken_up = since.any(|visit| {
            let restated = |g: &Goal| g.number == goal.number || goal.number.is_none();
            let elsewhere = visit.start != part.start;
            let afterwards = visit.visit.day().is_none_or(|day| due < day);
            (elsewhere && visit.visit.goals.iter().any(restated))
                || (days < 0 && afterwards && speaks_of_goals(visit.text, visit.visit))
                || closes(visit, goal, key)
        });
        (!taken_up).then_some((due, days))
    }
}

/// Whether a visit says that the goal is done with.
fn closes(visit: &ChartVisit<'_>, goal: &Goal, key: &str) -> bool {
    // Most visits say nothing of the kind, and one look at the whole text is quick.
    if !CLOSED.is_match(visit.text) {
        return false;
    }
    let clauses = visit
        .visit
        .prose
        .iter()
        .flat_map(|line| visit.str(line.span).split(['.', ';', '\n', '\r']));
    clauses.into_iter().any(|clause| {
        CLOSED.captures_iter(clause).any(|found| {
            let (Some(whole), Some(kind)) = (found.get(0), found.get(1)) else {
                return false;
            };
            let initial = |word: &str| word.chars().next().map(|c| c.to_ascii_lowercase());
            let same_kind = initial(kind.as_str()) == Some('g')
                || initial(key) == Some('g')
                || initial(kind.as_str()) == initial(key);
            let mut numbers = NUMBER.find_iter(whole.as_str()).peekable();
            let named = numbers.peek().is_none()
                || goal
                    .number
                    .is_none_or(|own| numbers.any(|n| n.as_str().parse() == Ok(own)));
            same_kind && named && !STILL_OPEN.is_match(&clause[..whole.end()])
        })
    })
}
