use std::iter;

use super::modifiers::removal;
use super::pairs::{DISTINCT, Pair, add_modifier, can_be_removed, has_modifier, is_set_apart};
use super::technique_code_mismatch::all_accept;
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::chart::Modality;
use crate::policy::{Level, MassageAndManual};

pub static RULE: Rule = Rule {
    name: "massage-with-manual-therapy",
    group: Group::Coding,
    level: Level::Error,
    source: "NCCI procedure-to-procedure edits, 97140/97124, indicator 0",
    page: page!("massage-with-manual-therapy"),
    check: Check::Visit(check),
};

const MASSAGE: &str = "97124";
const MANUAL: &str = "97140";

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let Some(pair) = Pair::on(case, MANUAL, MASSAGE) else {
        return;
    };
    let modified = has_modifier(&pair.first, DISTINCT) || has_modifier(&pair.second, DISTINCT);
    let as_of = case.policy.edits.quarter.words();
    let agreed = case.payer.massage_and_manual();
    let own_edits = case.payer.ncci == Some(false);
    let message = match (agreed, modified) {
        (Some(MassageAndManual::Never), _) => format!(
            "This payer never pays massage (97124) with manual therapy (97140) on one day: the NCCI edit has indicator 0, so modifier 59 does not bypass it (as of {as_of}). Only 97140 is paid."
        ),
        (Some(MassageAndManual::One), _) => "This payer takes only one of massage (97124) and manual therapy (97140), whatever the modifier.".to_owned(),
        (Some(MassageAndManual::Modifier), true) => return,
        (None, true) if own_edits || !pair.is_distinct() => return,
        (None, false) if own_edits => "Massage (97124) and manual therapy (97140) on one day: this payer has edits of its own, and many want a modifier such as 59 that says they were distinct.".to_owned(),
        (Some(MassageAndManual::Modifier), false) => "Massage (97124) and manual therapy (97140) on one day: without a modifier that says they were distinct, this payer pays 97140 only.".to_owned(),
        (None, true) => format!(
            "Massage (97124) and manual therapy (97140) on one day: with the modifier some payers pay both, if the regions are separate. Most follow NCCI and pay 97140 only, whatever the modifier (indicator 0, as of {as_of})."
        ),
        (None, false) => format!(
            "Massage (97124) and manual therapy (97140) on one day: most payers follow NCCI and pay 97140 only, whatever the modifier (indicator 0, as of {as_of}). Some pay both with 59 or XS on separate regions."
        ),
    };
    let level = match agreed {
        None if modified || own_edits => Level::Information,
        _ => Level::Error,
    };
    let draft = Draft::new(pair.span(), message).level(level);
    let mut draft = pair.related(draft, "Manual therapy on the same visit");
    let (one, two) = (pair.first_here(), pair.second_here());
    let opens = matches!(agreed, None | Some(MassageAndManual::Modifier));
    if opens && !modified && !two.is_empty() && is_set_apart(case, MASSAGE) {
        let title = "Add modifier 59 to massage (97124): separate region or time";
        let edits = two.iter().map(|m| add_modifier(m, "59"));
        draft = draft.fix_of(title, edits);
    }
    if level == Level::Error && !two.is_empty() {
        // The code follows what was done, and a visit of its own stays one.
        if !one.is_empty() && two.iter().all(|m| all_accept(m, MANUAL)) {
            let edits = two.iter().flat_map(|m| {
                let code = Edit::new(m.code_span, MANUAL);
                iter::once(code).chain(without_needless(case, m, MANUAL))
            });
            let title = "Count these minutes under manual therapy (97140)";
            draft = draft.fix_of(title, edits);
        }
        for (title, code, gone, kept) in [
            ("Keep manual therapy (97140) only", MANUAL, two, one),
            ("Keep massage (97124) only", MASSAGE, one, two),
        ] {
            if can_be_removed(case, gone) {
                let kept = kept.iter().flat_map(|m| without_needless(case, m, code));
                draft = draft.fix_of(title, gone.iter().map(|m| case.without(m)).chain(kept));
            }
        }
    }
    found.push(draft);
}

/// Takes off what says that a line was distinct, unless it is paired with another code of the day than with these two
/// when it stands under the code.
fn without_needless(case: &VisitCase<'_>, modality: &Modality, code: &str) -> Vec<Edit> {
    let mut day = case.day_blocks.iter().map(|b| b.modality.code.as_str());
    let is_paired = day.any(|other| {
        ![MASSAGE, MANUAL].contains(&other) && case.policy.edits.pair(code, other).is_some()
    });
    let distinct = modality.modifiers.iter();
    let distinct = distinct.filter(|m| !is_paired && DISTINCT.contains(&m.code.as_str()));
    distinct.map(|m| removal(case, m)).collect()
}
