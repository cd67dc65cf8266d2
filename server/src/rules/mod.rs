//! The rules: one file each, one page each in `docs/rules/`, and this registry.

mod case;
mod chart_case;
mod claimed;
#[cfg(test)]
mod coding_tests;
mod draft;
mod goals;
#[cfg(test)]
mod pages;
mod modifiers;
mod pairs;
mod wording;

pub use case::{VisitCase, blocks};
pub use chart_case::{ChartCase, ChartVisit};
pub use draft::{Draft, Edit, Finding, Fix, Related};

use crate::chart::{FieldKind, Visit};
use crate::policy::{Level, Waiver};
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
    /// The waivers themselves, which [`judge`] looks after.
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

macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// Every rule, in the order of the groups.
        pub static ALL: &[&Rule] = &[$(&$module::RULE),*];
    };
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

rules! {
    under_eight_minutes,
    missing_minutes,
    minutes_mismatch,
    inverted_range,
    overlapping_times,
    outside_session,
    session_too_short,
    timed_minutes_mismatch,
    units_overclaimed,
    units_underclaimed,
    inexact_minutes,
    units_limit,
    uncoded_minutes,
    massage_with_manual_therapy,
    ncci_pair,
    modifier_same_region,
    needless_modifier,
    conflicting_modifiers,
    unknown_modifier,
    unknown_code,
    retired_code,
    bundled_code,
    payer_code,
    technique_code_mismatch,
    duplicate_code,
    therapy_modifier,
    cmt_modifier,
    cmt_regions,
    outside_scope,
    missing_diagnosis,
    missing_goal,
    goal_not_functional,
    goal_not_measurable,
    goal_without_date,
    missing_technique,
    missing_region,
    missing_session_time,
    missing_clock_times,
    unfilled_placeholder,
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

/// Whether a finding is waived.
fn is_waived(waivers: &[ScopedWaiver], rule: &str, span: Span) -> bool {
    waivers
        .iter()
        .any(|(scope, waiver)| scope.is_none_or(|s| s.meets(span)) && waiver.waives(rule))
}

/// Judges one visit by every rule that is not off.
pub fn judge(case: &VisitCase<'_>) -> Vec<Finding> {
    let mut waivers = waivers_of(case.text, case.visit);
    if let Some((text, visit)) = case.preamble {
        waivers.extend(
            waivers_of(text, visit)
                .into_iter()
                .filter(|(scope, _)| scope.is_none()),
        );
    }
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
        for draft in drafts.drain(..) {
            let level = case
                .policy
                .level(rule.name, rule.level, case.payer, draft.level);
            let finding = draft.finding(rule, level);
            if level > Level::Off && !is_waived(&waivers, rule.name, finding.span) {
                findings.push(finding);
            }
        }
    }
    findings.sort_by_key(|f| (f.span, std::cmp::Reverse(f.level), f.rule.name));
    findings
}

/// Judges the visits of a chart together, by every rule that is not off. Spans are offsets of the
/// document.
pub fn judge_chart(case: &ChartCase<'_>) -> Vec<Finding> {
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
            let Some(visit) = case.visits.get(index) else {
                continue;
            };
            let level = case
                .policy
                .level(rule.name, rule.level, visit.payer, draft.level);
            let finding = draft.finding(rule, level);
            if level == Level::Off || case.is_waived(visit, rule.name, finding.span) {
                continue;
            }
            findings.push(finding);
        }
    }
    findings.sort_by_key(|f| (f.span, std::cmp::Reverse(f.level), f.rule.name));
    findings
}
