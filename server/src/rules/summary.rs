//! What the rules across visits may know of one visit.
//!
//! A [`VisitSummary`] is made of each visit once, with its judgement. It holds no text and no offset that
//! moves with the text: places are [`Anchor`]s. Equal summaries mean equal findings, so an edit that changes
//! none re-runs no rule across visits. A rule that wants to know more adds a field here.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::VisitCase;
use super::anchor::Anchor;
use super::certification_expired::{self, certifies_again};
use super::cloned_note::{self, Fingerprint};
use super::diagnoses::{SideMention, own, with_open_side};
use super::duplicate_visit::Billed;
use super::goal_overdue::{self, due, speaks_of_goals};
use super::missing_plan_of_care::{self, chiropractors_plan, names_plan, needs_plan};
use super::missing_referral::{self, names_referral};
use super::plan_without_frequency::{PlannedFrequency, planned_frequency};
use super::progress_report_due::{self, is_report};
use super::rtm_month::{MonthlyBlock, monthly};
use super::threshold::{Allowed, allowed};
use super::unspecified_side::{OpenSide, open_sides};
use super::vague_diagnosis::{Strength, strength};
use super::visits_exceeded::{OwnNumber, own_number};
use super::waivers::{Waived, WaiverSummary, summarize};
use crate::chart::measures::{self, Measures};
use crate::chart::{
    Authorization, FieldKind, Referral, SectionKind, Visit, authorization, referral,
};
use crate::pattern::Set;
use crate::reference::procedures;
use crate::text::Span;

/// A visit, or what stands before the first visit heading, as the rules across visits see it.
#[derive(Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each answers a question of its own"
)]
pub struct VisitSummary {
    /// The heading, else the first modality's code: what a finding about the whole visit points at.
    pub whole: Anchor,
    /// The date in the heading if it has one, else the whole visit.
    pub date: Anchor,
    /// The day of the visit.
    pub day: Option<Date>,
    /// It has a heading.
    pub has_heading: bool,
    /// It is the last thing in the document, so that its end may still be being typed.
    pub is_last: bool,
    /// It is the last thing in the document and not signed: still being written.
    pub is_open: bool,
    /// Who pays for it: the index of the profile in the policy.
    pub payer: usize,
    /// Something was done.
    pub is_treated: bool,
    /// Something was done that is more than an evaluation.
    pub is_treatment: bool,
    /// Nothing was done but adjustments and evaluations.
    pub is_adjustment: bool,
    /// It has a section for the plan.
    pub has_plan: bool,
    /// Its codes that are billed once in a month or in 30 days.
    pub monthly: Vec<MonthlyBlock>,
    /// What Medicare allows for it, in each group of disciplines.
    pub allowed: [Allowed; 2],
    /// What it is billed as, to recognize a visit entered twice.
    pub billed: Billed,
    /// Its own words, to recognize a copy.
    pub fingerprint: Option<Fingerprint>,
    /// It names a referral, or has a field for one or for a plan of care.
    pub names_referral: bool,
    /// Something was done that needs a plan of care where the payer wants one.
    pub needs_plan: bool,
    /// It names a plan of care.
    pub names_plan: bool,
    /// Its plan of care that a chiropractor certified.
    pub chiropractors_plan: Option<Anchor>,
    /// What its fields say of referrals, each read from the start of its value.
    pub referrals: Vec<(Anchor, Referral)>,
    /// What its fields say of plans of care, each read from the start of its value.
    pub plans: Vec<(Anchor, Referral)>,
    /// What its fields say of authorizations, each read from the start of its value.
    pub authorizations: Vec<(Anchor, Authorization)>,
    /// Who pays, where it says so itself, in small letters.
    pub names_payer: Option<String>,
    /// The units of each code on its day, but for evaluations.
    pub units: Vec<(String, u32)>,
    /// How often the patient is to come.
    pub frequency: PlannedFrequency,
    /// Its own number in its heading, out of how many.
    pub own_number: Option<OwnNumber>,
    /// It says that the plan of care was certified again.
    pub certifies_again: bool,
    /// It is, or holds, a progress report.
    pub is_report: bool,
    /// It says what became of the goals.
    pub speaks_of_goals: bool,
    /// Its goals.
    pub goals: Vec<GoalSummary>,
    /// Pain, degrees, minutes and other figures in its prose.
    pub measures: Measures,
    /// Its own diagnoses that leave the side open.
    pub open_sides: Vec<OpenSide>,
    /// The sides that it names, where a diagnosis of its own or of the chart leaves the side open.
    pub sides: Vec<SideMention>,
    /// What is weak about its own diagnoses.
    pub strength: Strength,
    /// Its waivers.
    pub waivers: Vec<WaiverSummary>,
    /// The names in its waivers, and in the chart's, that were of use in judging it.
    pub waived: Waived,
}

/// A goal as the rules across visits see it.
#[derive(Debug, PartialEq, Eq)]
pub struct GoalSummary {
    /// Its number.
    pub number: Option<u32>,
    /// The day by which it is to be reached, and where that stands; none if it is done with.
    pub due: Option<(Date, Anchor)>,
}

/// Words for a referral, a new certification, a progress report, what became of goals, and a plan of care. Most visits hold
/// none of them, which one search tells.
static WORDS: LazyLock<Set> = LazyLock::new(|| {
    let patterns = [
        &missing_referral::NAMED,
        &certification_expired::AGAIN,
        &progress_report_due::REPORT,
        &goal_overdue::SEEN_TO,
        &missing_plan_of_care::NAMED,
    ];
    Set::new(patterns.map(|pattern| pattern.as_str()))
});

impl VisitSummary {
    /// The summary of a visit that was judged, with the names in waivers that were of use in it.
    pub fn of(case: &VisitCase<'_>, waived: Waived) -> Self {
        let (text, visit) = (case.text, case.visit);
        let words = WORDS.held(text);
        let words = |number| words.contains(&number);
        let modalities = &visit.modalities;
        let is_open_side = |(text, visit): (&str, &Visit)| {
            own(visit).any(|diagnosis| with_open_side(case.release(), text, diagnosis).is_some())
        };
        let names_sides = is_open_side((text, visit)) || case.preamble.is_some_and(is_open_side);
        Self {
            whole: Anchor::of_whole(visit),
            date: Anchor::of_date(visit),
            day: visit.day(),
            has_heading: visit.heading.is_some(),
            is_last: case.last,
            is_open: case.last && !visit.is_signed(),
            payer: case.payer_index(),
            is_treated: visit.is_treated(),
            is_treatment: modalities
                .iter()
                .any(|m| m.procedure.is_none_or(|p| !p.evaluation)),
            is_adjustment: modalities
                .iter()
                .all(|m| m.procedure.is_some_and(|p| p.adjustment || p.evaluation)),
            has_plan: visit.sections.iter().any(|s| s.kind == SectionKind::Plan),
            monthly: monthly(case),
            allowed: allowed(case),
            billed: Billed::of(case),
            fingerprint: cloned_note::fingerprint(text, visit),
            names_referral: names_referral(text, visit, words(0)),
            needs_plan: needs_plan(case),
            names_plan: names_plan(visit, words(4)),
            chiropractors_plan: chiropractors_plan(text, visit).map(|span| Anchor::of(visit, span)),
            referrals: orders(case, FieldKind::Referral),
            plans: orders(case, FieldKind::PlanOfCare),
            authorizations: authorizations(text, visit),
            names_payer: visit.field(FieldKind::Payer).and_then(|field| {
                let words = case.str(field.value?).split_whitespace();
                Some(words.collect::<Vec<_>>().join(" ").to_lowercase())
            }),
            units: units(case),
            frequency: planned_frequency(text, visit),
            own_number: own_number(text, visit),
            certifies_again: words(1) && certifies_again(text, visit),
            is_report: is_report(text, visit, words(2)),
            speaks_of_goals: words(3) && speaks_of_goals(text, visit),
            goals: goals(text, visit),
            measures: measures::of_visit(text, visit),
            open_sides: open_sides(case),
            sides: if names_sides {
                SideMention::all_in(text, visit)
            } else {
                Vec::new()
            },
            strength: strength(case),
            waivers: summarize(text, visit),
            waived,
        }
    }
}

/// The fields of a kind that are orders, with their places and what they say.
fn orders(case: &VisitCase<'_>, kind: FieldKind) -> Vec<(Anchor, Referral)> {
    let (text, visit) = (case.text, case.visit);
    let spans: Vec<Span> = if kind == FieldKind::Referral {
        let fields = referral::referrals(text, visit, false);
        fields.map(|(_, read)| read.span).collect()
    } else {
        let fields = referral::plans(text, visit);
        fields.map(|(_, read)| read.span).collect()
    };
    let read = |span: Span| (Anchor::of(visit, span), Referral::read(case.str(span), 0));
    spans.into_iter().map(read).collect()
}

/// The authorizations of a visit, with their places and what they say.
fn authorizations(text: &str, visit: &Visit) -> Vec<(Anchor, Authorization)> {
    let found = authorization::authorizations(text, visit).map(|(field, read)| {
        let (key, place) = (&text[field.key.range()], read.days.span);
        let read = Authorization::read(key, &text[place.range()], 0);
        (Anchor::of(visit, place), read)
    });
    found.collect()
}

/// The units that the day claims of each code. An evaluation seldom counts toward an authorization, and what is
/// part of other services is not paid.
fn units(case: &VisitCase<'_>) -> Vec<(String, u32)> {
    let counts = |code: &str| {
        procedures::find(code).is_none_or(|p| !p.evaluation && p.medicare_status != 'B')
    };
    let lines = case.claim.lines.iter();
    let lines = lines.filter(|line| line.units > 0 && counts(&line.code));
    lines.map(|line| (line.code.clone(), line.units)).collect()
}

fn goals(text: &str, visit: &Visit) -> Vec<GoalSummary> {
    let goals = visit.goals.iter().map(|goal| GoalSummary {
        number: goal.number,
        due: due(text, goal).map(|(day, span)| (day, Anchor::of(visit, span))),
    });
    goals.collect()
}

/// The prose of the sections that `chosen` picks, line by line.
pub(super) fn prose_of(
    text: &str,
    visit: &Visit,
    chosen: impl Fn(Option<SectionKind>) -> bool,
) -> String {
    let lines = visit.prose.iter().filter(|prose| chosen(prose.section));
    lines
        .flat_map(|line| [&text[line.span.range()], "\n"])
        .collect()
}
