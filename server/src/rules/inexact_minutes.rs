use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Inexact;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "inexact-minutes",
    group: Group::Time,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("inexact-minutes"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let is_exact = modality.durations.iter().any(|d| d.inexact == Inexact::No);
        for duration in &modality.durations {
            let what = match duration.inexact {
                Inexact::No => continue,
                // A remark beside the minutes that count, such as the warm-up's.
                Inexact::Range if is_exact => continue,
                Inexact::Range => "a range of minutes",
                Inexact::Roughly => "a rough figure",
            };
            let message = format!(
                "This is {what}. Units are counted from exact minutes, and a payer may refuse an estimate."
            );
            found.push(Draft::new(duration.span, message));
        }
    }
}
