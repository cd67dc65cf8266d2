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
            let message = match duration.inexact {
                Inexact::No => continue,
                // A remark beside the minutes that count, such as the warm-up's.
                Inexact::Range | Inexact::OfOne if is_exact => continue,
                Inexact::Range => {
                    "This is a range of minutes. Units are counted from exact minutes, and a payer may refuse an estimate."
                }
                Inexact::Roughly => {
                    "This is a rough figure. Units are counted from exact minutes, and a payer may refuse an estimate."
                }
                Inexact::OfOne => {
                    "These are the minutes of one set or one side. Units are counted from the minutes of all of them, so write the total."
                }
            };
            found.push(Draft::new(duration.span, message));
        }
    }
}
