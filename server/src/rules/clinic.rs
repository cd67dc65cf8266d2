//! The rules of a clinic's own, which `soapstone.toml` describes.

use std::fmt::Write;

use parking_lot::Mutex;

use super::wording::either;
use super::{Check, Draft, Group, Rule, VisitCase, sections};
use crate::chart::SectionKind;
use crate::policy::{ClinicRule, Level, Place, Policy};
use crate::text::Span;

/// The rules of all clinics whose settings were read.
static MADE: Mutex<Made> = Mutex::new(Made {
    rules: Vec::new(),
    most: 4096,
});

/// What stands for a rule that is read when there is no room for it any more.
static ONE_MORE: Rule = Rule {
    name: "require",
    group: Group::Clinic,
    level: Level::Warning,
    source: "Your clinic",
    page: "# require\n\nA rule of the clinic's own.\n\nSo many were read since the program started that this one has no page. Start it again.\n",
    check: Check::Clinic,
};

/// Rules that stay for as long as the program runs, like those that come with Soapstone, so that findings may speak of
/// them as of any other. One that is written differently is another one; no more than `most` are ever made, so that
/// a file which is changed all day long takes no more room than that.
struct Made {
    rules: Vec<&'static Rule>,
    most: usize,
}

impl Made {
    fn rule_of(&mut self, clinic: &ClinicRule) -> &'static Rule {
        let page = page(clinic);
        let mut known = self.rules.iter();
        let same = |rule: &&&Rule| {
            rule.name == clinic.name && rule.level == clinic.level && rule.page == page
        };
        if let Some(rule) = known.find(same) {
            return rule;
        }
        if self.rules.len() >= self.most {
            // As it was written before, if it was: what a finding says comes from the settings in any case.
            let mut newest = self.rules.iter().rev();
            return newest
                .find(|rule| rule.name == clinic.name)
                .unwrap_or(&&ONE_MORE);
        }
        let rule: &'static Rule = Box::leak(Box::new(Rule {
            name: clinic.name.clone().leak(),
            group: Group::Clinic,
            level: clinic.level,
            source: clinic.source.clone().leak(),
            page: page.leak(),
            check: Check::Clinic,
        }));
        self.rules.push(rule);
        rule
    }
}

/// A clinic's rule, as any other.
pub(super) fn rule_of(clinic: &ClinicRule) -> &'static Rule {
    MADE.lock().rule_of(clinic)
}

/// The rules of a policy's clinic.
pub fn of_policy(policy: &Policy) -> impl Iterator<Item = &'static Rule> + '_ {
    policy.clinic_rules.iter().map(rule_of)
}

/// Of the rules of all clinics whose settings were read, the newest of each name.
pub fn all_made() -> Vec<&'static Rule> {
    let mut newest: Vec<&'static Rule> = Vec::new();
    for rule in MADE.lock().rules.iter().rev() {
        if newest.iter().all(|known| known.name != rule.name) {
            newest.push(rule);
        }
    }
    newest.sort_by_key(|rule| rule.name);
    newest
}

fn page(clinic: &ClinicRule) -> String {
    let ClinicRule {
        name,
        message,
        written,
        ..
    } = clinic;
    let (level, source) = (clinic.level.word(), &clinic.source);
    let place = match clinic.place {
        Place::Visit => "the visit".to_owned(),
        Place::Block => "each block".to_owned(),
        Place::Section(kind) => format!("the section {}", sections::heading(kind)),
    };
    let must = if clinic.must_stand {
        "must"
    } else {
        "must not"
    };
    let mut page = format!(
        "# {name}\n\n{message}\n\n**Level:** {level}. **Source:** {source}.\n\nThis rule is the clinic's own; it is in soapstone.toml. In {place} there {must} stand: `{written}`.\n"
    );
    let when = &clinic.when;
    let kinds = when
        .sections
        .iter()
        .map(|kind| sections::heading(*kind).to_owned());
    let professions = when.professions.iter().map(|(written, _)| written.clone());
    for (what, all) in [
        ("with the code", when.codes.clone()),
        ("that this payer pays", when.payers.clone()),
        ("by one with this license", professions.collect()),
        ("with the section", kinds.collect()),
    ] {
        if !all.is_empty() {
            let _ = write!(page, "\nOnly for visits {what}: {}.\n", either(&all));
        }
    }
    let _ = write!(
        page,
        "\n## To silence it\n\n`waive: {name} because ...` in the block, the visit or before the first visit, or in soapstone.toml under [rules]: `{name} = \"off\"`.\n"
    );
    page
}

/// Judges a visit by a clinic's rule.
pub(super) fn check(clinic: &ClinicRule, case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    if !applies(clinic, case) {
        return;
    }
    let is_open = case.last && !case.visit.is_signed();
    let mut judge = |span: Span, missing_at: Span| {
        if !clinic.must_stand {
            let waivers: Vec<Span> = super::waivers::spans(case.visit).collect();
            let matches = clinic.pattern.find_iter(case.str(span));
            let matches = matches.filter(|m| !m.is_empty());
            let places = matches.map(|m| Span::from(m.range()).shifted(span.start));
            let places = places.filter(|place| !waivers.iter().any(|w| w.meets(*place)));
            found.extend(places.map(|place| Draft::new(place, clinic.message.clone())));
        } else if !clinic.pattern.is_match(case.str(span)) && !is_open {
            found.push(Draft::new(missing_at, clinic.message.clone()));
        }
    };
    match clinic.place {
        Place::Visit => judge(Span::new(0, case.visit.text_end), case.anchor()),
        Place::Block => {
            for block in &case.visit.modalities {
                if clinic.when.codes.is_empty() || clinic.when.codes.contains(&block.code) {
                    judge(block.span, block.code_span);
                }
            }
        }
        Place::Section(kind) => {
            let sections = case.visit.sections.iter().filter(|s| s.kind == kind);
            let all: Vec<(Span, Span)> = sections.map(|s| (s.span, s.name)).collect();
            // Of two sections of a kind, one is enough.
            let says = |(span, _): &&(Span, Span)| clinic.pattern.is_match(case.str(*span));
            match (clinic.must_stand, all.iter().find(says).or(all.first())) {
                (true, Some((span, name))) => judge(*span, *name),
                (true, None) => judge(Span::default(), case.anchor()),
                (false, _) => all.iter().for_each(|(span, name)| judge(*span, *name)),
            }
        }
    }
}

fn applies(clinic: &ClinicRule, case: &VisitCase<'_>) -> bool {
    let when = &clinic.when;
    let has_section = |kind: &SectionKind| case.visit.sections.iter().any(|s| s.kind == *kind);
    let is_payer = |name: &String| {
        let found = case.policy.find(name);
        found.is_some_and(|payer| payer.name == case.payer.name)
    };
    case.visit.is_treated()
        && (when.codes.is_empty()
            || case
                .codes()
                .iter()
                .any(|c| when.codes.iter().any(|w| w == c)))
        && (when.payers.is_empty() || when.payers.iter().any(is_payer))
        && (when.professions.is_empty()
            || case
                .credentials()
                .iter()
                .any(|c| when.professions.iter().any(|(_, own)| own == c)))
        && (when.sections.is_empty() || when.sections.iter().any(has_section))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::read_policy;

    #[test]
    fn no_more_rules_are_kept_than_there_is_room_for() {
        let mut made = Made {
            rules: Vec::new(),
            most: 2,
        };
        let mut made_of = |name: &str, message: &str| {
            let text = format!("[require.{name}]\npattern = \"x\"\nmessage = \"{message}\"\n");
            let (policy, problems) = read_policy(&text);
            assert_eq!(problems, []);
            let rule = made.rule_of(&policy.clinic_rules[0]);
            (rule.name, rule.page.contains(message), made.rules.len())
        };
        assert_eq!(made_of("home", "Say it."), ("home", true, 1));
        assert_eq!(made_of("home", "Say it."), ("home", true, 1));
        assert_eq!(made_of("home", "Write it."), ("home", true, 2));
        assert_eq!(made_of("home", "Note it."), ("home", false, 2));
        assert_eq!(made_of("cold", "Ice it."), ("require", false, 2));
    }
}
