//! The figures of a note, and of many together: no words of any of them.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::analysis::Piece;
use crate::chart::FieldKind;
use crate::cli::notes::Note;
use crate::cli::period::Period;
use crate::cli::units;
use crate::editor::claim_form::{ClaimForm, signed_by};
use crate::editor::claim_preview::{course, payer_words};
use crate::editor::standing::{Left, Standing};
use crate::policy::Level;
use crate::rules::Finding;

/// What stands for a clinician where no visit of the day is signed.
const NOT_SIGNED: &str = "not signed";

/// All that is told.
#[derive(Default, Serialize)]
pub(super) struct Report {
    /// The day on which visits and days left were counted.
    pub(super) today: Option<Date>,
    /// By which tables the notes were judged.
    #[serde(skip)]
    pub(super) tables: String,
    pub(super) notes: usize,
    #[serde(flatten)]
    pub(super) all: Group,
    /// The loudest and most frequent first.
    pub(super) rules: Vec<RuleCount>,
    pub(super) payers: Vec<Named>,
    pub(super) clinicians: Vec<Named>,
    pub(super) weeks: Vec<Week>,
    pub(super) goals: Vec<GoalProgress>,
    pub(super) left: Vec<LeftOver>,
    #[serde(skip)]
    sums: Sums,
}

/// The parts of a report while they are added up.
#[derive(Default)]
struct Sums {
    rules: BTreeMap<&'static str, (usize, usize)>,
    payers: BTreeMap<String, Group>,
    clinicians: BTreeMap<String, Group>,
    weeks: BTreeMap<Date, Group>,
}

/// The visits of a payer, a clinician or a week. All visits of a day for one payer are one.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Group {
    pub(super) visits: usize,
    pub(super) units: u32,
    /// Visits with an error, which a payer will deny.
    pub(super) visits_at_risk: usize,
    /// The units of those visits.
    pub(super) units_at_risk: u32,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    /// Visits that say how long the session took, their minutes and their units.
    pub(super) timed_visits: usize,
    pub(super) session_minutes: u32,
    pub(super) session_units: u32,
    /// The units of those visits over their hours.
    pub(super) units_an_hour: Option<f64>,
}

#[derive(Serialize)]
pub(super) struct Named {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) group: Group,
}

/// A week with visits.
#[derive(Serialize)]
pub(super) struct Week {
    pub(super) monday: Date,
    #[serde(flatten)]
    pub(super) group: Group,
}

#[derive(Serialize)]
pub(super) struct RuleCount {
    pub(super) rule: &'static str,
    pub(super) errors: usize,
    pub(super) warnings: usize,
}

/// What the visits found of a goal's measure, from the first to the last.
#[derive(Serialize)]
pub(super) struct GoalProgress {
    pub(super) note: String,
    /// The goal's key, or `pain`.
    pub(super) goal: String,
    pub(super) unit: &'static str,
    pub(super) target: Option<f64>,
    pub(super) first: Value,
    pub(super) last: Value,
    /// How much of the way to the target was made, in percent; below 0 is the other way.
    pub(super) percent: Option<i32>,
    #[serde(skip)]
    pub(super) values: Vec<Value>,
}

#[derive(Clone, Copy, Serialize)]
pub(super) struct Value {
    pub(super) date: Date,
    pub(super) value: f64,
}

/// What is left of a referral, an authorization or a plan of care that holds today.
#[derive(Serialize)]
pub(super) struct LeftOver {
    pub(super) note: String,
    pub(super) of: &'static str,
    pub(super) until: Option<Date>,
    /// Below 0 once it is over.
    pub(super) days_left: Option<i32>,
    /// Below 0 if there were more than it allows.
    pub(super) visits_left: Option<i64>,
    pub(super) units_left: Option<i64>,
}

impl GoalProgress {
    /// "goal 1, minutes".
    pub(super) fn words(&self) -> String {
        format!("{}, {}", self.goal, self.unit)
    }
}

impl Group {
    fn add(&mut self, other: Self) {
        self.visits += other.visits;
        self.units += other.units;
        self.visits_at_risk += other.visits_at_risk;
        self.units_at_risk += other.units_at_risk;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.timed_visits += other.timed_visits;
        self.session_minutes += other.session_minutes;
        self.session_units += other.session_units;
    }

    fn finished(mut self) -> Self {
        let hours = f64::from(self.session_minutes) / 60.0;
        let units = f64::from(self.session_units) / hours;
        self.units_an_hour = (hours > 0.0).then(|| (units * 100.0).round() / 100.0);
        self
    }
}

impl Report {
    /// The figures of a note, for the days that are wanted.
    pub(super) fn of(note: &Note, period: &Period) -> Self {
        let analysis = &note.analysis;
        let mut report = Self {
            today: analysis.policy().today,
            tables: analysis.policy().tables(),
            ..Self::default()
        };
        let mut found = note.findings_by_piece();
        let mut wanted = false;
        for piece in units::days(note).filter(|p| period.holds(p.visit.day())) {
            wanted = true;
            report.count_day(note, piece, &mut found);
        }
        // What was found beside the visits with a claim: before the first of them, and in those without treatment.
        for piece in analysis.pieces() {
            let is_of_day = piece.is_visit() && piece.visit.is_treated();
            let holds = piece
                .visit
                .day()
                .map_or(wanted, |day| period.holds(Some(day)));
            if let Some(found) = found.remove(&piece.start).filter(|_| !is_of_day && holds) {
                let payer = payer_words(&piece.judgement.payer);
                let group = report.of_findings(&found);
                report.count(&payer, None, None, group);
            }
        }
        if wanted || !period.is_limited() {
            report.notes = 1;
            report.goals = goals(note, period);
            report.left = left(note);
        }
        report
    }

    fn count_day(&mut self, note: &Note, piece: &Piece, found: &mut BTreeMap<usize, Vec<Finding>>) {
        let analysis = &note.analysis;
        let form = ClaimForm::of(analysis, piece);
        let units: u32 = form.lines.iter().filter_map(|line| line.units).sum();
        let (mut findings, mut names, mut minutes) = (Vec::new(), Vec::new(), Some(0));
        for piece in analysis.visits_of_day(piece) {
            findings.extend(found.remove(&piece.start).unwrap_or_default());
            let name = signed_by(&piece.text, &piece.visit);
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
            let session = analysis.case(piece).session();
            let session = session.and_then(|session| session.minutes);
            minutes = minutes
                .zip(session)
                .map(|(all, one): (u32, u32)| all.saturating_add(one));
        }
        let mut group = self.of_findings(&findings);
        let is_at_risk = group.errors > 0;
        group.visits = 1;
        group.units = units;
        group.visits_at_risk = usize::from(is_at_risk);
        group.units_at_risk = if is_at_risk { units } else { 0 };
        if let Some(minutes) = minutes.filter(|minutes| *minutes > 0 && !form.incomplete) {
            group.timed_visits = 1;
            group.session_minutes = minutes;
            group.session_units = units;
        }
        let clinician = if names.is_empty() {
            NOT_SIGNED.to_owned()
        } else {
            names.join("; ")
        };
        self.count(&form.payer_group(), Some(&clinician), form.date, group);
    }

    fn count(&mut self, payer: &str, clinician: Option<&str>, day: Option<Date>, group: Group) {
        self.all.add(group);
        let of_payer = self.sums.payers.entry(payer.to_owned()).or_default();
        of_payer.add(group);
        if let Some(name) = clinician {
            let of_clinician = self.sums.clinicians.entry(name.to_owned()).or_default();
            of_clinician.add(group);
        }
        if let Some(monday) = day.and_then(monday_of) {
            self.sums.weeks.entry(monday).or_default().add(group);
        }
    }

    /// Counts findings by their rules, and gives how many there are.
    fn of_findings(&mut self, found: &[Finding]) -> Group {
        let mut group = Group::default();
        for finding in found.iter().filter(|f| f.level >= Level::Warning) {
            let of_rule = self.sums.rules.entry(finding.rule.name).or_default();
            if finding.level == Level::Error {
                group.errors += 1;
                of_rule.0 += 1;
            } else {
                group.warnings += 1;
                of_rule.1 += 1;
            }
        }
        group
    }

    pub(super) fn add(&mut self, other: Self) {
        self.today = self.today.or(other.today);
        if self.tables.is_empty() {
            self.tables = other.tables;
        }
        self.notes += other.notes;
        self.all.add(other.all);
        for (rule, (errors, warnings)) in other.sums.rules {
            let mine = self.sums.rules.entry(rule).or_default();
            mine.0 += errors;
            mine.1 += warnings;
        }
        for (mine, others) in [
            (&mut self.sums.payers, other.sums.payers),
            (&mut self.sums.clinicians, other.sums.clinicians),
        ] {
            for (name, group) in others {
                mine.entry(name).or_default().add(group);
            }
        }
        for (monday, group) in other.sums.weeks {
            self.sums.weeks.entry(monday).or_default().add(group);
        }
        self.goals.extend(other.goals);
        self.left.extend(other.left);
    }

    /// Makes lists of the sums, the heaviest first.
    pub(super) fn finish(&mut self) {
        let named = |sums: BTreeMap<String, Group>| {
            let mut list: Vec<Named> = sums
                .into_iter()
                .map(|(name, group)| Named {
                    name,
                    group: group.finished(),
                })
                .collect();
            list.sort_by_key(|n| std::cmp::Reverse((n.group.units_at_risk, n.group.units)));
            list
        };
        let sums = std::mem::take(&mut self.sums);
        self.all = self.all.finished();
        self.payers = named(sums.payers);
        self.clinicians = named(sums.clinicians);
        let rules = sums.rules.into_iter();
        let rules = rules.map(|(rule, (errors, warnings))| RuleCount {
            rule,
            errors,
            warnings,
        });
        self.rules = rules.collect();
        self.rules
            .sort_by_key(|rule| std::cmp::Reverse((rule.errors, rule.warnings)));
        let weeks = sums.weeks.into_iter();
        self.weeks = weeks
            .map(|(monday, group)| Week {
                monday,
                group: group.finished(),
            })
            .collect();
        self.left
            .sort_by_key(|left| (left.visits_left.unwrap_or(i64::MAX), left.days_left));
    }
}

fn monday_of(day: Date) -> Option<Date> {
    let since = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(since.days()).ok()
}

/// The course of the measures that the chart's goals name, in the days that are wanted.
fn goals(note: &Note, period: &Period) -> Vec<GoalProgress> {
    let course = course(&note.analysis);
    let value = |date: &str, value: f64| {
        let date: Date = date.parse().ok()?;
        let is_in = period.from.is_none_or(|from| from <= date);
        (is_in && period.to.is_none_or(|to| date <= to)).then_some(Value { date, value })
    };
    let pain = course.pain.iter().filter_map(|p| value(&p.date, p.worst));
    let pain = progress(
        note,
        "pain",
        "out of 10",
        course.pain_target,
        pain.collect(),
    );
    let measures = course.measures.iter().filter_map(|m| {
        let values = m.values.iter().filter_map(|v| value(&v.date, v.value));
        progress(note, &m.goal, m.unit, Some(m.target), values.collect())
    });
    pain.into_iter().chain(measures).collect()
}

fn progress(
    note: &Note,
    goal: &str,
    unit: &'static str,
    target: Option<f64>,
    values: Vec<Value>,
) -> Option<GoalProgress> {
    // What one visit found alone is no course.
    let [first, .., last] = values[..] else {
        return None;
    };
    let way = target.map(|target| target - first.value);
    let way = way.filter(|way| way.abs() > f64::EPSILON);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the conversion of a figure ends at the largest"
    )]
    let percent = way.map(|way| ((last.value - first.value) / way * 100.0).round() as i32);
    Some(GoalProgress {
        note: note.path.clone(),
        goal: goal.to_owned(),
        unit,
        target,
        first,
        last,
        percent,
        values,
    })
}

/// What is left of what holds for a chart that is in use.
fn left(note: &Note) -> Vec<LeftOver> {
    let standing = Standing::of(&note.analysis);
    if !standing.is_in_use() {
        return Vec::new();
    }
    let left = note
        .analysis
        .pieces()
        .flat_map(|piece| standing.left_in(piece));
    let left = left.filter(|(_, _, left)| !left.replaced && left.begins_in.is_none());
    let left = left.filter_map(|(kind, _, left)| {
        let of = match kind {
            FieldKind::Authorization => "authorization",
            FieldKind::PlanOfCare => "plan of care",
            _ => "referral",
        };
        let Left {
            until,
            days,
            visits,
            units,
            ..
        } = left;
        let rest = |(used, allowed): (u32, u32)| i64::from(allowed) - i64::from(used);
        let says = days.is_some() || visits.is_some() || units.is_some();
        says.then(|| LeftOver {
            note: note.path.clone(),
            of,
            until,
            days_left: days,
            visits_left: visits.map(rest),
            units_left: units.map(rest),
        })
    });
    left.collect()
}
