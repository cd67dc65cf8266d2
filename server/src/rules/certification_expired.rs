//! `certification-expired`: see its page in `docs/rules/`.

use super::signs::{PLAN_OF_CARE, RECERTIFIED, RENEWED};
use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::pattern::pattern;
use crate::policy::Level;

/// The rule.
pub static RULE: Rule = Rule {
    name: "certification-expired",
    group: Group::Plan,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.1.2, §220.1.3",
    page: page!("certification-expired"),
    check: Check::Chart(check),
};

pattern!(
/// Words that say that the plan was certified again, on a line that does not put it off.
    AGAIN,
    r"(?im)^.*\b(?:re-?cert\w*|(?:updated|new|revised|renewed)\s+(?:plan of care|poc|cert\w*)|(?:plan of care|poc)\s+(?:was\s+)?(?:updated|revised|renewed|extended))\b.*$"
);
pattern!(
    PUT_OFF,
    r"(?i)\b(?:due|needs?|needed|pending|await\w*|request\w*|will|before|next|overdue|not yet)\b"
);

/// Whether a visit says that the plan was certified again.
pub fn certifies_again(visit: &ChartVisit<'_>) -> bool {
    *visit
        .facts
        .certifies_again
        .get_or_init(|| says_certified_again(visit))
}

fn says_certified_again(visit: &ChartVisit<'_>) -> bool {
    let signs = visit.facts.signs(visit.text);
    let may = signs.has(RECERTIFIED) || signs.has(PLAN_OF_CARE) && signs.has(RENEWED);
    if !may {
        return false;
    }
    let heading = visit.visit.heading.as_ref().and_then(|h| h.value);
    let words = heading.map_or("", |v| visit.str(v)).to_owned() + "\n" + &visit.prose(|_| true);
    AGAIN
        .find_iter(&words)
        .any(|line| !PUT_OFF.is_match(line.as_str()))
}

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let plans = case.plans();
    let dated = plans
        .iter()
        .any(|(_, plan)| plan.certified_until().is_some());
    if !dated || plans.iter().any(|(_, plan)| plan.blank) {
        return;
    }
    let mut again = false;
    for (index, day) in case.treated_by_day().iter().copied() {
        let visit = &case.visits[index];
        again |= certifies_again(visit);
        let adjustments_only = visit
            .visit
            .modalities
            .iter()
            .all(|m| m.procedure.is_some_and(|p| p.adjustment || p.evaluation));
        if again || adjustments_only || !visit.payer.certified_plan {
            continue;
        }
        let ends: Vec<_> = plans
            .iter()
            .filter_map(|(span, plan)| Some((*span, plan.certified_until()?)))
            .collect();
        let Some((span, end)) = ends.iter().max_by_key(|(_, end)| *end) else {
            continue;
        };
        if day <= *end {
            continue;
        }
        found.push((
            index,
            Draft::new(
                visit.date_span(),
                format!(
                    "The plan of care was certified until {end} at the latest: for 90 days, or for its own length if that is shorter. {} denies treatment after that day until the plan is certified again.",
                    visit.payer.called()
                ),
            )
            .related(*span, "The plan of care")
            .fix_of(
                "Add the new certification (blanks to fill)",
                vec![case.line_for_chart("certification: ___ to ___")],
            ),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::signs::Signs;
    use crate::trial;

    #[test]
    fn a_new_certification_has_its_sign() {
        let words = [
            "recert",
            "recertified",
            "re-cert",
            "re",
            "cert",
            "certification",
            "updated",
            "new",
            "revised",
            "renewed",
            "plan of care",
            "poc",
            "was",
            "extended",
            "plan",
        ];
        trial::each(&words, |text| {
            let signs = Signs::of(text);
            let may = signs.has(RECERTIFIED) || signs.has(PLAN_OF_CARE) && signs.has(RENEWED);
            assert!(!AGAIN.is_match(text) || may, "{text:?}");
        });
    }
}
