use super::anchor::Anchor;
use super::{ChartCase, ChartDraft, ChartEdit, ChartPlace, Check, Group, Rule, VisitCase};
use crate::billing::fees::estimate;
use crate::policy::Level;
use crate::reference::fees::{KX_THRESHOLD, REVIEW_THRESHOLD, year};

pub static RULE: Rule = Rule {
    name: "threshold",
    group: Group::Coding,
    level: Level::Warning,
    source: "CMS, therapy thresholds 2026 (change request 14252)",
    page: page!("threshold"),
    check: Check::Chart(check),
};

/// What Medicare allows for a visit's day, by an estimate, of one of the two groups of disciplines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// In cents; on the first visit of a day for all of it.
    cents: u64,
    /// The lines of the visit that have no KX: where it would go.
    without_kx: Vec<Anchor>,
}

/// The disciplines that share a threshold, by the modifiers of their plans of care, as a message names them.
const GROUPS: [(&[&str], &str); 2] = [(&["GP", "GN"], "PT and speech therapy"), (&["GO"], "OT")];

/// What is allowed for a visit in each of the groups; nothing unless the reader asks for dollars and Medicare pays.
pub(super) fn allowed(case: &VisitCase<'_>) -> [Allowed; 2] {
    let fees = &case.policy.fees;
    let is_of_year = case.visit.day().is_some_and(|day| day.year() == year());
    if !fees.show || !case.payer.medicare || !is_of_year || case.claim.incomplete {
        return Default::default();
    }
    let amounts = estimate(&case.claim.lines, |code| fees.medicares(code));
    GROUPS.map(|(plans, _)| {
        let is_of_group = |plan: Option<&str>| plan.is_some_and(|plan| plans.contains(&plan));
        let lines = case.claim.lines.iter().zip(&amounts);
        let own = lines.filter(|(line, _)| is_of_group(line.plan));
        let of_day: u64 = own.filter_map(|(_, cents)| *cents).sum();
        let blocks = case
            .day_blocks
            .iter()
            .filter(|b| b.is_here && is_of_group(b.plan));
        let without = blocks.filter(|b| !b.modality.has_modifier(&["KX", "GY", "GX", "GZ", "GA"]));
        Allowed {
            cents: if case.day.before.is_empty() {
                of_day
            } else {
                0
            },
            without_kx: without
                .map(|b| Anchor::of(case.visit, crate::text::Span::at(b.modality.modifiers_end)))
                .collect(),
        }
    })
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let mut order: Vec<usize> = (0..case.visits.len()).collect();
    order.sort_by_key(|index| case.visits[*index].day);
    for (group, (_, name)) in GROUPS.iter().enumerate() {
        let (mut sum, mut is_near_said) = (0, false);
        for index in &order {
            let visit = &case.visits[*index];
            let allowed = &visit.allowed[group];
            sum += allowed.cents;
            if sum > KX_THRESHOLD {
                is_near_said = true;
                if !allowed.without_kx.is_empty() {
                    found.push(past(case, *index, (allowed, sum), name));
                }
            } else if !is_near_said
                && sum * 10 >= KX_THRESHOLD * 9
                && !allowed.without_kx.is_empty()
            {
                is_near_said = true;
                let message = format!(
                    "With this visit about {} of {name} are allowed this year (estimate, {}). From {} on each line needs KX.",
                    dollars(sum),
                    year(),
                    dollars(KX_THRESHOLD)
                );
                let draft = ChartDraft::new(*index, case.date_of(*index), message);
                found.push(draft.level(Level::Information));
            }
        }
    }
}

fn past(
    case: &ChartCase<'_>,
    index: usize,
    (allowed, sum): (&Allowed, u64),
    name: &str,
) -> ChartDraft {
    let message = format!(
        "With this visit about {} of {name} are allowed this year (estimate, {}), more than {}. Medicare denies lines above it without KX, which says that the care is still necessary; from {} on it may ask for the record.",
        dollars(sum),
        year(),
        dollars(KX_THRESHOLD),
        dollars(REVIEW_THRESHOLD)
    );
    let edits = allowed.without_kx.iter().map(|anchor| {
        let place = ChartPlace::new(index + case.first_piece(), *anchor);
        ChartEdit::Replace(place, "-KX".to_owned())
    });
    let draft = ChartDraft::new(index, case.date_of(index), message);
    draft.fix_of("Add modifier KX: still medically necessary", edits)
}

/// `$2,480`.
fn dollars(cents: u64) -> String {
    let whole = cents / 100;
    match (whole / 1000, whole % 1000) {
        (0, rest) => format!("${rest}"),
        (thousands, rest) => format!("${thousands},{rest:03}"),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::Arc;

    use super::*;
    use crate::analysis::Analysis;
    use crate::rules::read_policy;
    use crate::text::Document;

    /// The findings of a chart with so many visits of an hour of exercise.
    fn found(visits: u32, toml: &str, modifiers: &str) -> Vec<(Level, String)> {
        let mut text = "payer: medicare\nprovider: J. Chen, PT\ndx: M54.16\n".to_owned();
        for visit in 0..visits {
            let (month, day) = (1 + visit / 20, 1 + visit % 20);
            let _ = write!(
                text,
                "\nvisit: 2026-{month:02}-{day:02}\n97110-GP{modifiers} 60 min\n"
            );
        }
        let (policy, problems) = read_policy(toml);
        assert_eq!(problems, []);
        let findings = Analysis::of(&Document::new(&text), &Arc::new(policy)).findings();
        let of_rule = findings.into_iter().filter(|f| f.rule.name == RULE.name);
        of_rule.map(|f| (f.level, f.message.into_owned())).collect()
    }

    #[test]
    fn the_years_sum_is_held_against_the_threshold() {
        let show = "[fees]\nshow = true\n";
        assert_eq!(found(40, "", ""), []);
        assert_eq!(found(5, show, ""), []);
        let levels =
            |visits| -> Vec<Level> { found(visits, show, "").into_iter().map(|f| f.0).collect() };
        let all = levels(40);
        assert_eq!(all[0], Level::Information);
        assert!(all.len() > 1 && all[1..].iter().all(|level| *level == Level::Warning));
        assert_eq!(found(40, show, "-KX"), []);
    }

    #[test]
    fn amounts_in_words() {
        assert_eq!([dollars(248_000), dollars(99_900)], ["$2,480", "$999"]);
    }
}
