use super::modifiers::removal;
use super::pairs::{DISTINCT, REGION};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Modality;
use crate::policy::Level;
use crate::reference::ncci::Edits;

pub static RULE: Rule = Rule {
    name: "needless-modifier",
    group: Group::Coding,
    level: Level::Information,
    source: "NCCI procedure-to-procedure edits, practitioner file; CMS MLN1783722",
    page: page!("needless-modifier"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let modifiers = modality.modifiers.iter();
        let mut distinct = modifiers.filter(|m| DISTINCT.contains(&m.code.as_str()));
        // XE and XP speak of another visit or another clinician, whose codes stand elsewhere; XU and
        // two at once are judged like 59.
        let (Some(modifier), None) = (distinct.next(), distinct.next()) else {
            continue;
        };
        let judged = REGION.contains(&modifier.code.as_str()) || modifier.code == "XU";
        if !judged || !is_needless(case, modality) || case.is_being_typed(modality) {
            continue;
        }
        let message = format!(
            "No other code on this day forms a pair with {} (NCCI, as of {}), so modifier {} has no effect here. A payer may look more closely at a line with a modifier that it does not need.",
            modality.code,
            case.policy.edits.quarter.words(),
            modifier.code
        );
        let title = format!("Take modifier {} off", modifier.code);
        let draft = Draft::new(modifier.span, message);
        let draft = draft.fix_of(title, [removal(case, modifier)]);
        found.push(draft.preferred());
    }
}

/// Whether a modifier of distinct services would say nothing on the line: its payer follows NCCI, which pairs its
/// code with none of the day.
pub(super) fn is_needless(case: &VisitCase<'_>, modality: &Modality) -> bool {
    let edits = &case.policy.edits;
    let mut codes = case.day_blocks.iter().map(|b| b.modality.code.as_str());
    // Any other payer may want the modifier where NCCI does not.
    case.payer.ncci == Some(true)
        && case
            .visit
            .modalities
            .iter()
            .all(|m| is_in_the_edits(edits, m))
        && !codes.any(|other| edits.pair(&modality.code, other).is_some())
}

/// Whether the table of edits would hold the code's pairs, if it had any.
fn is_in_the_edits(edits: &Edits, modality: &Modality) -> bool {
    edits.pairs_of(&modality.code).next().is_some()
        || modality
            .procedure
            .is_some_and(|p| matches!(p.medicare_status, 'B' | 'I' | 'N'))
}
