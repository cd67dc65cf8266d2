//! The rules: one file each, one page each in `docs/rules/`, and this registry.

mod anchor;
mod assistants;
pub mod authorizations;
mod case;
mod chart_case;
mod chart_draft;
mod claimed;
pub mod clinic;
#[cfg(test)]
mod clinic_tests;
#[cfg(test)]
mod coding_tests;
mod day;
pub mod diagnoses;
#[cfg(test)]
mod diagnosis_tests;
mod draft;
#[cfg(test)]
mod form_tests;
mod goals;
mod letterhead;
mod modifiers;
mod others_numbers;
pub mod own_lines;
#[cfg(test)]
mod pages;
mod pairs;
mod patient_pays;
#[cfg(test)]
mod payer_tests;
pub mod phrases;
#[cfg(test)]
mod plan_tests;
pub mod sections;
pub mod silence;
mod summary;
mod unlisted_techniques;
mod waivers;
pub mod wording;

pub use case::{VisitCase, payer_of};
pub use chart_case::{ChartCase, Summaries};
pub use chart_draft::{ChartEdit, ChartFinding, ChartPlace, PieceNow};
pub use cmt_regions::adjustment_of;
pub use day::{Day, DayVisit, MOST_OF_A_DAY};
pub use draft::{ChartDraft, Draft, DraftOf, Edit, Finding, Fix, Related, Words};
pub use summary::VisitSummary;
pub use therapy_modifier::plan_of;
pub use unfilled_placeholder::blanks;
pub use waivers::{Waived, waived_rules};

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::hash::Hash;

use crate::policy::{Level, Policy, Problem};
use patient_pays::without_payers;
use waivers::is_waived;

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
    /// The note's own form: dates, headings, placeholders, waivers.
    Chart,
    /// What should not stand in a note.
    Privacy,
    /// A clinic's own.
    Clinic,
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
            Self::Clinic => "clinic",
        }
    }
}

/// A rule.
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
    /// The visits of a chart together, by their summaries.
    Chart(fn(&ChartCase<'_>, &mut Vec<ChartDraft>)),
    /// The waivers themselves, which [`judge_chart`] looks after when all else is judged.
    Waivers,
    /// One visit by itself, by what a clinic's settings say.
    Clinic,
}

impl fmt::Debug for Rule {
    /// Its name: the page would bury what it stands among.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
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

    /// The address of its page, in a release that was built with the address of all of them. A clinic's own rule has no
    /// page there.
    pub fn url(&self) -> Option<String> {
        let home = option_env!("SOAPSTONE_RULES_URL")?;
        (self.group != Group::Clinic).then(|| format!("{home}/{}", self.name))
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

/// Declares the file of each rule and lists its `RULE`.
macro_rules! rules {
    ($($rule:ident,)*) => {
        $(pub(crate) mod $rule;)*

        /// Every rule, in the order of the groups.
        pub static ALL: &[&Rule] = &[$(&$rule::RULE),*];
    };
}

rules! {
    under_eight_minutes,
    under_first_unit,
    missing_add_on,
    missing_minutes,
    ambiguous_minutes,
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
    too_many_modifiers,
    telehealth_hands_on,
    missing_25,
    unknown_code,
    unread_code,
    unconfirmed_code,
    retired_code,
    bundled_code,
    payer_code,
    medicare_excluded,
    technique_code_mismatch,
    duplicate_code,
    add_on_alone,
    rtm_month,
    threshold,
    therapy_modifier,
    assistant_modifier,
    cmt_modifier,
    cmt_regions,
    outside_scope,
    missing_diagnosis,
    malformed_diagnosis,
    unknown_diagnosis,
    unbillable_diagnosis,
    external_cause_first,
    too_many_diagnoses,
    excluded_diagnoses,
    side_mismatch,
    unspecified_side,
    diagnosis_region,
    missing_subluxation,
    vague_diagnosis,
    missing_goal,
    goal_not_functional,
    goal_not_measurable,
    goal_without_date,
    goal_is_a_plan,
    goal_overdue,
    missing_region,
    missing_technique,
    missing_response,
    missing_section,
    empty_section,
    missing_signature,
    missing_credential,
    student_signature,
    early_signature,
    missing_session_time,
    missing_clock_times,
    denial_wording,
    rote_wording,
    cloned_note,
    unfilled_placeholder,
    referral_expired,
    visits_exceeded,
    authorization_exceeded,
    authorization_expired,
    missing_referral,
    missing_plan_of_care,
    timely_filing,
    certification_expired,
    progress_report_due,
    plan_without_frequency,
    no_progress,
    missing_date,
    invalid_date,
    visit_order,
    duplicate_visit,
    future_visit,
    outdated_tables,
    misspelt_field,
    unrecognised_heading,
    duplicate_section,
    waiver_without_reason,
    unused_waiver,
    unknown_payer,
    patient_identifier,
}

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

/// The rule of that name, of those that come with Soapstone or, if none has it, of all clinics whose settings were
/// read.
pub fn find(name: &str) -> Option<&'static Rule> {
    let all = ALL.iter().copied().chain(clinic::all_made());
    all.into_iter().find(|rule| rule.name == name)
}

/// The rule of that name in a note that is judged by a policy.
pub fn find_in(policy: &Policy, name: &str) -> Option<&'static Rule> {
    let mut all = ALL.iter().copied().chain(clinic::of_policy(policy));
    all.find(|rule| rule.name == name)
}

/// Judges one visit by every rule that is not off. Also says which waivers were of use.
pub fn judge(case: &VisitCase<'_>) -> (Vec<Finding>, Waived) {
    let here = waivers::waivers_of(case.text, case.visit);
    let chart = waivers::chart_waivers(case.preamble);
    let mut waived = Waived::default();
    let of_sentences = case.visit.modalities.iter().filter(|m| !m.has_own_line);
    let ends = of_sentences.map(|m| m.span.end).collect();
    let mut findings = Vec::new();
    let mut drafts = Vec::new();
    let built_in = ALL.iter().map(|rule| (*rule, None));
    let own = case.policy.clinic_rules.iter();
    let own = own.map(|own| (clinic::rule_of(own), Some(own)));
    for (rule, own) in built_in.chain(own) {
        if is_off(case.policy, rule) {
            continue;
        }
        match (rule.check, own) {
            (Check::Visit(check), _) => check(case, &mut drafts),
            (Check::Clinic, Some(own)) => clinic::check(own, case, &mut drafts),
            _ => continue,
        }
        for mut draft in drafts.drain(..) {
            draft
                .fixes
                .retain(|fix| !breaks_a_sentence(&ends, &fix.edits));
            let level = case
                .policy
                .level(rule.name, rule.level, case.payer, draft.level);
            if case.payer.patient_pays {
                match without_payers(&draft.message) {
                    Some(message) => draft.message = message.into(),
                    None => continue,
                }
            }
            let finding = draft.finding((rule, level), |span| *span, Edit::clone);
            let by_visit = is_waived(&here, rule.name, finding.span, &mut waived.here);
            let by_chart = is_waived(&chart, rule.name, finding.span, &mut waived.chart);
            if level > Level::Off && !by_visit && !by_chart {
                findings.push(finding);
            }
        }
    }
    findings.sort_by_key(|f| (f.span, std::cmp::Reverse(f.level), f.rule.name));
    findings.shrink_to_fit();
    (findings, waived)
}

/// Judges the visits of a chart together, and last the waivers, by every rule that is not off.
pub fn judge_chart(case: &ChartCase<'_>) -> Vec<ChartFinding> {
    let mut used = BTreeSet::new();
    for (piece, summary) in case.pieces() {
        used.extend(summary.waived.here.iter().map(|number| (piece, *number)));
        used.extend(summary.waived.chart.iter().map(|number| (0, *number)));
    }
    let mut findings = Vec::new();
    let mut drafts = Vec::new();
    let on = ALL.iter().filter(|rule| !is_off(case.policy, rule));
    let mut rules: Vec<_> = on.collect();
    // A waiver is of use only if one of the other rules would have spoken.
    rules.sort_by_key(|rule| matches!(rule.check, Check::Waivers));
    for rule in rules {
        match rule.check {
            Check::Visit(_) | Check::Clinic => {}
            Check::Chart(check) => check(case, &mut drafts),
            Check::Waivers => drafts = unused_waiver::drafts(case, &used),
        }
        for draft in drafts.drain(..) {
            findings.extend(settle(case, rule, draft, &mut used));
        }
    }
    findings
}

/// Whether an edit would put a line of its own into the middle of a sentence; `ends` are those of the blocks that were
/// read from sentences.
fn breaks_a_sentence(ends: &HashSet<usize>, edits: &[Edit]) -> bool {
    let begins_a_line = |edit: &Edit| edit.text.starts_with(['\n', '\r']);
    edits
        .iter()
        .any(|edit| edit.span.is_empty() && begins_a_line(edit) && ends.contains(&edit.span.end))
}

/// The items, each once, where it stands first.
pub fn unique<T: Clone + Eq + Hash>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    let items = items.into_iter();
    items.filter(|item| seen.insert(item.clone())).collect()
}

fn is_off(policy: &Policy, rule: &Rule) -> bool {
    policy.rules.get(rule.name) == Some(&Level::Off)
}

/// A draft with its level; `None` if it is off or waived. The names that waived it go to `used`: their
/// pieces, and their numbers there.
fn settle(
    case: &ChartCase<'_>,
    rule: &'static Rule,
    mut draft: ChartDraft,
    used: &mut BTreeSet<(usize, usize)>,
) -> Option<ChartFinding> {
    let visit = case.visits.get(draft.visit.unwrap_or_default())?;
    let payer = case.payer(visit);
    let level = case.policy.level(rule.name, rule.level, payer, draft.level);
    if payer.patient_pays {
        draft.message = without_payers(&draft.message)?.into();
    }
    let before = case.preamble.map(|summary| (0, summary, None));
    let here = draft.visit.map(|index| {
        let piece = index + case.first_piece();
        let block = draft.place.anchor.modality();
        let block = block.filter(|_| draft.place.piece == piece);
        (piece, &**visit, block)
    });
    let mut waived = false;
    for (piece, summary, block) in before.into_iter().chain(here) {
        let waivers = summary.waivers.iter();
        for waiver in waivers.filter(|w| w.scope.is_none() || w.scope == block) {
            for number in waiver.waives(rule.name) {
                used.insert((piece, number));
                waived = true;
            }
        }
    }
    (level > Level::Off && !waived).then_some(ChartFinding { rule, level, draft })
}
