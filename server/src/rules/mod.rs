//! The rules: one file each, one page each in `docs/rules/`, and this registry.

mod case;
mod claimed;
mod draft;
mod goals;
mod pairs;
mod wording;

pub use case::{VisitCase, blocks};
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
    /// Blanks that a template left, and the note's own form.
    Chart,
}

impl Group {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Coding => "coding",
            Self::Diagnosis => "diagnosis",
            Self::Documentation => "documentation",
            Self::Chart => "chart",
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
    /// Judges one visit.
    pub check: fn(&VisitCase<'_>, &mut Vec<Draft>),
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
    conflicting_modifiers,
    retired_code,
    unknown_code,
    missing_diagnosis,
    missing_goal,
    goal_not_functional,
    goal_not_measurable,
    goal_without_date,
    missing_technique,
    missing_region,
    unfilled_placeholder,
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|r| r.name == name)
}

/// The waivers that hold in a visit: the chart's and the visit's for all of it, a modality's for the
/// modality.
fn waivers(case: &VisitCase<'_>) -> Vec<(Option<Span>, Waiver)> {
    let fields = |text: &str, visit: &Visit| -> Vec<(Option<Span>, Waiver)> {
        visit
            .fields_of(FieldKind::Waive)
            .filter_map(|f| f.value)
            .map(|v| (None, Waiver::read(&text[v.range()], v.start)))
            .collect()
    };
    let mut waivers = fields(case.text, case.visit);
    if let Some((text, visit)) = case.preamble {
        waivers.extend(fields(text, visit));
    }
    for modality in &case.visit.modalities {
        let details = modality.details_of(FieldKind::Waive);
        waivers.extend(details.map(|d| {
            (
                Some(modality.span),
                Waiver::read(case.str(d.span), d.span.start),
            )
        }));
    }
    waivers
}

/// Judges one visit by every rule that is not off.
pub fn judge(case: &VisitCase<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut drafts = Vec::new();
    for rule in ALL {
        if case.policy.rules.get(rule.name) == Some(&Level::Off) {
            continue;
        }
        (rule.check)(case, &mut drafts);
        for draft in drafts.drain(..) {
            let level = case
                .policy
                .level(rule.name, rule.level, case.payer, draft.level);
            if level > Level::Off {
                findings.push(draft.finding(rule, level));
            }
        }
    }
    let waivers = waivers(case);
    findings.retain(|finding| {
        !waivers.iter().any(|(span, waiver)| {
            span.is_none_or(|s| s.meets(finding.span)) && waiver.waives(finding.rule.name)
        })
    });
    findings.sort_by_key(|f| (f.span, std::cmp::Reverse(f.level), f.rule.name));
    findings
}
