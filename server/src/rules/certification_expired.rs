use super::summary::prose_of;
use super::{ChartCase, ChartDraft, ChartEdit, Check, Group, Rule};
use crate::chart::Visit;
use crate::pattern::{pattern, words};
use crate::policy::Level;

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
    pub(super) AGAIN,
    r"(?im)^.*\b(?:re-?cert\w*|(?:updated|new|revised|renewed)\s+(?:plan of care|poc|cert\w*)|(?:plan of care|poc)\s+(?:was\s+)?(?:updated|revised|renewed|extended))\b.*$"
);
words!(
    PUT_OFF,
    r"(?i)\b(?:due|needs?|needed|pending|await\w*|request\w*|will|before|next|overdue|not yet)\b"
);

/// Whether a visit says that the plan was certified again.
pub(super) fn certifies_again(text: &str, visit: &Visit) -> bool {
    let heading = visit.heading.as_ref().and_then(|h| h.value);
    let heading = heading.map_or("", |value| &text[value.range()]);
    let words = heading.to_owned() + "\n" + &prose_of(text, visit, |_| true);
    AGAIN
        .find_iter(&words)
        .any(|line| !PUT_OFF.is_match(line.as_str()))
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let plans = case.plans();
    let ends = plans
        .iter()
        .filter_map(|(place, plan)| Some((*place, plan.certified_until()?)));
    let Some((place, end)) = ends.max_by_key(|(_, end)| *end) else {
        return;
    };
    if plans.iter().any(|(_, plan)| plan.has_placeholder) {
        return;
    }
    let mut again = false;
    for (index, day) in case.treated_by_day() {
        let visit = &case.visits[index];
        again |= visit.certifies_again;
        let payer = case.payer(visit);
        if again || visit.is_adjustment || !payer.certified_plan || day <= end {
            continue;
        }
        let message = format!(
            "The plan of care was certified until {end} at the latest: for 90 days, or for its own length if that is shorter. {} denies treatment after that day until the plan is certified again.",
            payer.called()
        );
        let line = ChartEdit::LineForChart("certification: ___ to ___".to_owned());
        found.push(
            ChartDraft::new(index, case.date_of(index), message)
                .related(place, "The plan of care")
                .fix("Add the new certification (blanks to fill)", line),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_new_certification() {
        for text in [
            "Plan of care recertified today.",
            "re-cert sent to Dr. Okafor",
            "updated POC",
            "POC was extended",
            "New  certification signed",
        ] {
            assert!(AGAIN.is_match(text), "{text}");
        }
        for text in [
            "certified",
            "plan of care as before",
            "new patient, poc",
            "recently",
        ] {
            assert!(!AGAIN.is_match(text), "{text}");
        }
    }
}
