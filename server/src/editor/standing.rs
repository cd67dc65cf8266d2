//! How a chart stands today: visits used, days left, goals still open.

use crate::analysis::{Analysis, Piece};
use crate::chart::{FieldKind, Goal, Referral, authorization, referral};
use crate::pattern::{pattern, words};
use crate::rules::authorizations::Accounts;
use crate::rules::goal_overdue::due;
use crate::rules::visits_exceeded::{Account, Count};
use crate::rules::{self, ChartCase, PieceNow, VisitSummary};
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
words!(
    STILL_OPEN,
    r"(?i)\b(?:not|un|partially|partly|nearly|almost|until|when|if|once|yet|be|toward|towards)\b"
);
pattern!(NUMBER, r"\d+");
words!(
    /// A line of a referral that keeps the account itself.
    KEPT, r"(?i)\b(?:used|left|remain\w*|to go|so far)\b");

/// A chart with today's date.
pub struct Standing<'a> {
    analysis: &'a Analysis,
    chart: ChartCase<'a>,
    today: Option<Date>,
    count: Count,
}

/// Which visit of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitNumber {
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
    pub until: Option<Date>,
    /// Days from today to the last one; below 0 once it is over.
    pub days: Option<i32>,
    /// Days from today to the first one, if that is still to come.
    pub begins_in: Option<i32>,
    /// Visits used, of how many.
    pub visits: Option<(u32, u32)>,
    /// Units used, of how many.
    pub units: Option<(u32, u32)>,
    /// Another one has taken its place.
    pub replaced: bool,
}

impl<'a> Standing<'a> {
    pub fn of(analysis: &'a Analysis) -> Self {
        let chart = analysis.chart_case();
        Self {
            analysis,
            today: chart.policy.today,
            count: Count::of(&chart),
            chart,
        }
    }

    fn days_to(&self, day: Date) -> Option<i32> {
        Some(self.today?.until(day).ok()?.get_days())
    }

    /// The newest visit, by its index: the one of the last day, else the last of the document.
    fn newest(&self) -> Option<usize> {
        let visits = self.chart.visits;
        // Of visits without a day, and of several on one day, the last.
        (0..visits.len()).max_by_key(|index| visits[*index].day)
    }

    fn newest_visit(&self) -> Option<&'a VisitSummary> {
        Some(&*self.chart.visits[self.newest()?])
    }

    /// A visit as it stands in the document, by its index.
    fn visit_now(&self, index: usize) -> PieceNow<'a> {
        self.analysis.piece_now(index + self.chart.first_piece())
    }

    /// Where a place of the chart is, in offsets of the document.
    fn span(&self, place: rules::ChartPlace) -> Span {
        self.analysis.piece_now(place.piece).span(place.anchor)
    }

    /// Whether the patient still comes: the newest visit is not long ago, or there is none.
    pub fn is_in_use(&self) -> bool {
        let (Some(today), Some(newest)) = (self.today, self.newest_visit()) else {
            return self.today.is_some();
        };
        let rest = |day: Date| day.checked_add(AT_REST_AFTER_DAYS.days());
        newest
            .day
            .is_none_or(|day| rest(day).is_ok_and(|rest| today <= rest))
    }

    pub fn number_of(&self, start: usize) -> Option<VisitNumber> {
        let mut visits = 0..self.chart.visits.len();
        let index = visits.find(|index| self.visit_now(*index).start == start)?;
        if self.count.accounts.is_empty() {
            return self.number_in_chart(index);
        }
        let counted = self.count.visits.iter().find(|v| v.index == index)?;
        let account = self.count.account_of(counted)?;
        Some(VisitNumber {
            number: counted.number,
            of: Some(account.allowed),
            own: counted.own.is_some(),
            from_the_first: account.referral.from.is_none(),
        })
    }

    /// The number among the days of treatment that the chart holds, if it holds several.
    fn number_in_chart(&self, index: usize) -> Option<VisitNumber> {
        let (mut number, mut last, mut own) = (0, None, None);
        for (at, day) in &self.chart.treated_by_day() {
            number += u32::from(last.replace(*day) != Some(*day));
            if *at == index {
                own = Some(number);
            }
        }
        Some(VisitNumber {
            number: own.filter(|_| number > 1)?,
            of: None,
            own: false,
            from_the_first: false,
        })
    }

    /// What is left of each referral, plan of care and authorization of a piece, with its place in the document.
    pub fn left_in(&self, piece: &Piece) -> Vec<(FieldKind, Span, Left)> {
        let (text, visit) = (&*piece.text, &piece.visit);
        let before = piece.start == 0 && visit.heading.is_none();
        let referrals =
            referral::referrals(text, visit, before).map(|(field, read)| (field.kind, read));
        let plans = referral::plans(text, visit).map(|(field, read)| (field.kind, read));
        let authorizations = authorization::authorizations(text, visit);
        let authorizations = authorizations.map(|(field, read)| (field.kind, read.days));
        referrals
            .chain(plans)
            .chain(authorizations)
            .filter(|(_, read)| !read.has_placeholder && !KEPT.is_match(&text[read.span.range()]))
            .filter_map(|(kind, read)| {
                let place = read.span.shifted(piece.start);
                let left = match kind {
                    FieldKind::PlanOfCare => self.left_of_plan(place)?,
                    FieldKind::Authorization => self.left_of_authorization(place)?,
                    _ => self.left_of_referral(place)?,
                };
                Some((kind, place, left))
            })
            .collect()
    }

    pub fn left_of_referral(&self, place: Span) -> Option<Left> {
        let all = &self.chart.referrals();
        let (at, referral) = *all.iter().find(|(at, _)| self.span(*at) == place)?;
        let account = self.count.accounts.iter().find(|a| a.place == at);
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
            units: None,
            replaced: self.is_replaced(all, at, referral),
        })
    }

    /// What is left of the authorization at a place of the document.
    pub fn left_of_authorization(&self, place: Span) -> Option<Left> {
        let counted = Accounts::of(&self.chart);
        let mut accounts = counted.accounts.iter();
        let account = accounts.find(|account| self.span(account.place) == place)?;
        let authorization = account.authorization;
        let days = &authorization.days;
        let until = days.to.and_then(|d| d.day);
        let is_counted = authorization.is_limited() && !account.passed_over;
        let of = |used: u32, all: Option<u32>| Some((used, all.filter(|_| is_counted)?));
        let all = counted.accounts.iter();
        let all: Vec<_> = all.map(|a| (a.place, &a.authorization.days)).collect();
        Some(Left {
            until,
            days: until.and_then(|day| self.days_to(day)),
            begins_in: self.begins_in(days),
            visits: of(account.visits, authorization.visits),
            units: of(account.units, authorization.units),
            replaced: self.is_replaced(&all, account.place, days),
        })
    }

    /// Whether some visit is paid by one who goes by referrals: Medicare goes by the plan of care.
    fn goes_by_referrals(&self) -> bool {
        let visits = self.chart.visits;
        visits.is_empty() || visits.iter().any(|v| !self.chart.payer(v).medicare)
    }

    fn begins_in(&self, referral: &Referral) -> Option<i32> {
        let from = referral.from.and_then(|d| d.day)?;
        self.days_to(from).filter(|days| *days > 0)
    }

    /// Whether the day is outside and another one covers it, or a later one has begun.
    fn is_replaced(
        &self,
        all: &[(rules::ChartPlace, &Referral)],
        place: rules::ChartPlace,
        one: &Referral,
    ) -> bool {
        let Some(today) = self.today else {
            return false;
        };
        let begin = |r: &Referral| r.from.and_then(|d| d.day);
        let outside = one.covers(today) == Some(false);
        all.iter().any(|(at, other)| {
            let begins = begin(one).zip(begin(other));
            let later = begins.is_some_and(|(one, other)| one < other);
            *at != place && other.covers(today) == Some(true) && (outside || later)
        })
    }

    /// What is left of the plan of care at a place of the document. Medicare's lasts 90 days, or its
    /// own length if that is shorter.
    pub fn left_of_plan(&self, place: Span) -> Option<Left> {
        let all = &self.chart.plans();
        let (at, plan) = *all.iter().find(|(at, _)| self.span(*at) == place)?;
        let until = match plan.to.and_then(|d| d.day) {
            _ if self.certified_by().is_some() => plan.certified_until(),
            own => own,
        };
        Some(Left {
            until,
            days: until.and_then(|day| self.days_to(day)),
            begins_in: self.begins_in(plan),
            visits: None,
            units: None,
            replaced: self.is_replaced(all, at, plan)
                || self.chart.visits.iter().any(|v| v.certifies_again),
        })
    }

    pub fn is_medicare(&self) -> bool {
        let newest = self.newest_visit();
        newest.is_some_and(|visit| self.chart.payer(visit).medicare)
    }

    /// Who wants the plan of care of the newest visit certified, if its payer does.
    pub fn certified_by(&self) -> Option<&str> {
        let payer = match self.newest_visit() {
            Some(visit) => self.chart.payer(visit),
            None => self.chart.policy.payer(None),
        };
        payer.certified_plan.then(|| payer.called())
    }

    /// Days left for a goal that is still open; below 0 if it is overdue. Only goals before the first
    /// visit and those of the newest one: the others were for their own day.
    pub fn days_of_goal(&self, piece: &Piece, goal: &Goal) -> Option<(Date, i32)> {
        let text = &*piece.text;
        let (due, _) = due(text, goal)?;
        let days = self.days_to(due)?;
        let newest = self.newest().map(|index| self.visit_now(index).start);
        let is_newest = newest.is_none_or(|start| start == piece.start);
        let is_before = piece.visit.heading.is_none() && piece.start == 0;
        if !is_newest && !is_before {
            return None;
        }
        let key = &text[goal.key.range()];
        // The visits that may have taken the goal up since it was set.
        let visits = self.chart.visits.iter().enumerate();
        let visits = visits.map(|(index, visit)| (self.visit_now(index), visit));
        let mut since = visits.filter(|(now, _)| is_before || now.start == piece.start);
        let taken_up = since.any(|(now, visit)| {
            let restated =
                goal.number.is_none() || visit.goals.iter().any(|g| g.number == goal.number);
            let elsewhere = now.start != piece.start;
            let afterwards = visit.day.is_none_or(|day| due < day);
            (elsewhere && !visit.goals.is_empty() && restated)
                || (days < 0 && afterwards && visit.speaks_of_goals)
                || closes(now, goal, key)
        });
        (!taken_up).then_some((due, days))
    }
}

fn closes(now: PieceNow<'_>, goal: &Goal, key: &str) -> bool {
    let clauses = now.visit.prose.iter().flat_map(|line| {
        let words = &now.text[line.span.range()];
        words.split(['.', ';', '\n', '\r'])
    });
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
            let unnumbered = numbers.peek().is_none();
            let is_own = |own| numbers.any(|n| n.as_str().parse() == Ok(own));
            let named = unnumbered || goal.number.is_none_or(is_own);
            same_kind && named && !STILL_OPEN.is_match(&clause[..whole.end()])
        })
    })
}
