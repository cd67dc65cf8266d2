//! The rules: one file each, one page each in `docs/rules/`, and this registry.

mod case;
mod chart_case;
mod claimed;
#[cfg(test)]
mod coding_tests;
pub mod diagnoses;
#[cfg(test)]
mod diagnosis_tests;
mod draft;
mod facts;
#[cfg(test)]
mod form_tests;
mod gist;
mod goals;
mod modifiers;
#[cfg(test)]
mod pages;
mod pairs;
mod phrases;
#[cfg(test)]
mod plan_tests;
mod sections;
mod signs;
pub mod silence;
mod unlisted_techniques;
mod unseen;
pub mod wording;

pub use case::{Counted, VisitCase, blocks};
pub use chart_case::{ChartCase, ChartVisit, Waived};
pub use draft::{Draft, Edit, Finding, Fix, Related};
pub use facts::Facts;
pub use therapy_modifier::plan_of;
pub use unseen::{is_unseen, leaves_side_open};

use std::collections::BTreeSet;

use crate::chart::{FieldKind, Visit};
use crate::policy::{Level, Policy, Problem, Waiver};
use crate::text::Span;

/// What a group of rules looks after; the groups of `docs/rules/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Minutes and units.
    Time,
    /// Codes, pairs and modifiers.
    Coding,
    /// Diagnosis codes.
    Diagnosis,
    /// What a note has to say.
    Documentation,
    /// Referral, certification, progress from visit to visit.
    Plan,
    /// The note's own form: dates, headings, blanks, waivers.
    Chart,
    /// What should not stand in a note.
    Privacy,
}

impl Group {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Coding => "coding",
            Self::Diagnosis => "diagnosis",
            Self::Documentation => "documentation",
            Self::Plan => "plan",
            Self::Chart => "chart",
            Self::Privacy => "privacy",
        }
    }
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, which the clinician sees.
    pub name: &'static str,
    /// Its group.
    pub group: Group,
    /// How loud it is for a payer that nothing is known of.
    pub level: Level,
    /// Who says so.
    pub source: &'static str,
    /// Its page, in Markdown.
    pub page: &'static str,
    /// What it judges.
    pub check: Check,
}

/// What a rule judges.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// One visit by itself; spans are relative to the visit.
    Visit(fn(&VisitCase<'_>, &mut Vec<Draft>)),
    /// The visits of a chart together. Each draft comes with the index of the visit it is about, and
    /// its spans are offsets of the document.
    Chart(fn(&ChartCase<'_>, &mut Vec<(usize, Draft)>)),
    /// The waivers themselves, which [`judge_chart`] looks after when all else is judged.
    Waivers,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

impl Rule {
    /// The first sentence of its page.
    pub fn summary(&self) -> &'static str {
        self.page.split("\n\n").nth(1).unwrap_or_default().trim()
    }

    /// The address of its page. The pages' home is fixed when a release is built; until then it
    /// is a reserved name that leads nowhere.
    pub fn url(&self) -> String {
        let home = option_env!("SOAPSTONE_RULES_URL").unwrap_or("https://soapstone.example/rules");
        format!("{home}/{}", self.name)
    }
}

/// A rule's page, embedded.
macro_rules! page {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../docs/rules/",
            $name,
            ".md"
        ))
    };
}

mod bundled_code;
pub mod certification_expired;
mod cloned_note;
mod cmt_modifier;
mod cmt_regions;
mod conflicting_modifiers;
mod denial_wording;
mod diagnosis_region;
mod duplicate_code;
mod duplicate_section;
mod duplicate_visit;
mod empty_section;
mod excluded_diagnoses;
mod future_visit;
mod goal_is_a_plan;
mod goal_not_functional;
mod goal_not_measurable;
pub mod goal_overdue;
mod goal_without_date;
mod inexact_minutes;
mod invalid_date;
mod inverted_range;
mod malformed_diagnosis;
mod massage_with_manual_therapy;
mod minutes_mismatch;
mod missing_clock_times;
mod missing_diagnosis;
mod missing_goal;
mod missing_minutes;
mod missing_referral;
mod missing_region;
mod missing_response;
mod missing_section;
mod missing_session_time;
mod missing_signature;
mod missing_technique;
mod misspelt_field;
mod modifier_same_region;
mod ncci_pair;
mod needless_modifier;
mod no_progress;
mod outside_scope;
mod outside_session;
mod overlapping_times;
mod patient_identifier;
mod payer_code;
mod plan_without_frequency;
mod progress_report_due;
mod referral_expired;
mod retired_code;
mod rote_wording;
mod session_too_short;
mod side_mismatch;
mod technique_code_mismatch;
mod therapy_modifier;
mod timed_minutes_mismatch;
mod unbillable_diagnosis;
mod uncoded_minutes;
mod under_eight_minutes;
mod unfilled_placeholder;
mod units_limit;
mod units_overclaimed;
mod units_underclaimed;
mod unknown_code;
mod unknown_diagnosis;
mod unknown_modifier;
mod unknown_payer;
mod unrecognised_heading;
mod unspecified_side;
mod unused_waiver;
mod vague_diagnosis;
mod visit_order;
pub mod visits_exceeded;
mod waiver_without_reason;

/// Every rule, in the order of the groups.
pub static ALL: &[&Rule] = &[
    &under_eight_minutes::RULE,
    &missing_minutes::RULE,
    &minutes_mismatch::RULE,
    &inverted_range::RULE,
    &overlapping_times::RULE,
    &outside_session::RULE,
    &session_too_short::RULE,
    &timed_minutes_mismatch::RULE,
    &units_overclaimed::RULE,
    &units_underclaimed::RULE,
    &inexact_minutes::RULE,
    &units_limit::RULE,
    &uncoded_minutes::RULE,
    &massage_with_manual_therapy::RULE,
    &ncci_pair::RULE,
    &modifier_same_region::RULE,
    &needless_modifier::RULE,
    &conflicting_modifiers::RULE,
    &unknown_modifier::RULE,
    &unknown_code::RULE,
    &retired_code::RULE,
    &bundled_code::RULE,
    &payer_code::RULE,
    &technique_code_mismatch::RULE,
    &duplicate_code::RULE,
    &therapy_modifier::RULE,
    &cmt_modifier::RULE,
    &cmt_regions::RULE,
    &outside_scope::RULE,
    &missing_diagnosis::RULE,
    &malformed_diagnosis::RULE,
    &unknown_diagnosis::RULE,
    &unbillable_diagnosis::RULE,
    &excluded_diagnoses::RULE,
    &side_mismatch::RULE,
    &unspecified_side::RULE,
    &diagnosis_region::RULE,
    &vague_diagnosis::RULE,
    &missing_goal::RULE,
    &goal_not_functional::RULE,
    &goal_not_measurable::RULE,
    &goal_without_date::RULE,
    &goal_is_a_plan::RULE,
    &goal_overdue::RULE,
    &missing_region::RULE,
    &missing_technique::RULE,
    &missing_response::RULE,
    &missing_section::RULE,
    &empty_section::RULE,
    &missing_signature::RULE,
    &missing_session_time::RULE,
    &missing_clock_times::RULE,
    &denial_wording::RULE,
    &rote_wording::RULE,
    &cloned_note::RULE,
    &unfilled_placeholder::RULE,
    &referral_expired::RULE,
    &visits_exceeded::RULE,
    &missing_referral::RULE,
    &certification_expired::RULE,
    &progress_report_due::RULE,
    &plan_without_frequency::RULE,
    &no_progress::RULE,
    &invalid_date::RULE,
    &visit_order::RULE,
    &duplicate_visit::RULE,
    &future_visit::RULE,
    &misspelt_field::RULE,
    &unrecognised_heading::RULE,
    &duplicate_section::RULE,
    &waiver_without_reason::RULE,
    &unused_waiver::RULE,
    &unknown_payer::RULE,
    &patient_identifier::RULE,
];

/// Reads `soapstone.toml`; see [`Policy::read`].
pub fn read_policy(text: &str) -> (Policy, Vec<Problem>) {
    Policy::read(text, &names())
}

/// Reads an editor's settings; see [`Policy::read_json`].
pub fn read_settings(settings: &serde_json::Value) -> (Policy, Vec<Problem>) {
    Policy::read_json(settings, &names())
}

fn names() -> Vec<&'static str> {
    ALL.iter().map(|rule| rule.name).collect()
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|r| r.name == name)
}

/// A waiver with the part of its visit that it holds for; `None` is all of it.
type ScopedWaiver = (Option<Span>, Waiver);

/// The waivers of a visit itself: of the whole visit, and of a modality for that modality.
fn waivers_of(text: &str, visit: &Visit) -> Vec<ScopedWaiver> {
    let whole = visit
        .fields_of(FieldKind::Waive)
        .filter_map(|f| f.value)
        .map(|v| (None, v));
    let blocks = visit.modalities.iter().flat_map(|m| {
        m.details_of(FieldKind::Waive)
            .map(move |d| (Some(m.span), d.span))
    });
    whole
        .chain(blocks)
        .map(|(scope, value)| (scope, Waiver::read(&text[value.range()], value.start)))
        .collect()
}

/// The waivers that hold for the whole chart, of what stands before the first visit heading.
fn chart_waivers(preamble: Option<(&str, &Visit)>) -> Vec<ScopedWaiver> {
    let all = preamble.map(|(text, visit)| waivers_of(text, visit));
    let mut whole = all.unwrap_or_default();
    whole.retain(|(scope, _)| scope.is_none());
    whole
}

/// Whether a finding is waived; the places of the rule's name that waived it go to `used`.
fn is_waived(waivers: &[ScopedWaiver], rule: &str, span: Span, used: &mut BTreeSet<Span>) -> bool {
    let mut waived = false;
    for (scope, waiver) in waivers {
        if waiver.waives(rule) && scope.is_none_or(|s| s.meets(span)) {
            let names = waiver.rules.iter().filter(|(name, _)| name == rule);
            used.extend(names.map(|(_, place)| *place));
            waived = true;
        }
    }
    waived
}

/// Judges one visit by every rule that is not off. Also says which waivers were of use.
pub fn judge(case: &VisitCase<'_>) -> (Vec<Finding>, Waived) {
    let here = waivers_of(case.text, case.visit);
    let chart = chart_waivers(case.preamble);
    let mut waived = Waived::default();
    let mut findings = Vec::new();
    let mut drafts = Vec::new();
    for rule in ALL {
        let Check::Visit(check) = rule.check else {
            continue;
        };
        if case.policy.rules.get(rule.name) == Some(&Level::Off) {
            continue;
        }
        check(case, &mut drafts);
        // Mostly there is none.
        if drafts.is_empty() {
            continue;
        }
        for draft in drafts.drain(..) {
            let level = case
                .policy
                .level(rule.name, rule.level, case.payer, draft.level);
            let finding = draft.finding(rule, level);
            let by_visit = is_waived(&here, rule.name, finding.span, &mut waived.here);
            let by_chart = is_waived(&chart, rule.name, finding.span, &mut waived.chart);
            if level > Level::Off && !by_visit && !by_chart {
                findings.push(finding);
            }
        }
    }
    findings.sort_by_key(|f| (f.span, std::cmp::Reverse(f.level), f.rule.name));
    (findings, waived)
}

/// Judges the visits of a chart together, and last the waivers, by every rule that is not off.
/// Spans are offsets of the document.
pub fn judge_chart(case: &ChartCase<'_>) -> Vec<Finding> {
    let mut used = case.used();
    let mut findings = Vec::new();
    let mut drafts = Vec::new();
    for rule in ALL {
        let Check::Chart(check) = rule.check else {
            continue;
        };
        if case.policy.rules.get(rule.name) == Some(&Level::Off) {
            continue;
        }
        check(case, &mut drafts);
        for (index, draft) in drafts.drain(..) {
            findings.extend(settle(case, rule, Some(index), draft, &mut used));
        }
    }
    // A waiver is of use only if one of the rules before would have spoken.
    for rule in ALL {
        if !matches!(rule.check, Check::Waivers)
            || case.policy.rules.get(rule.name) == Some(&Level::Off)
        {
            continue;
        }
        for (index, draft) in unused_waiver::drafts(case, &used) {
            findings.extend(settle(case, rule, index, draft, &mut used.clone()));
        }
    }
    findings.sort_by_key(|f| (f.span, std::cmp::Reverse(f.level), f.rule.name));
    findings
}

/// A draft about a visit, or about what stands before the first one, with its level; `None` if it is
/// off or waived.
fn settle(
    case: &ChartCase<'_>,
    rule: &'static Rule,
    index: Option<usize>,
    draft: Draft,
    used: &mut BTreeSet<Span>,
) -> Option<Finding> {
    let visit = case.visits.get(index.unwrap_or_default())?;
    let level = case
        .policy
        .level(rule.name, rule.level, visit.payer, draft.level);
    let finding = draft.finding(rule, level);
    let waived = case.is_waived(index.map(|_| visit), rule.name, finding.span, used);
    (level > Level::Off && !waived).then_some(finding)
}
