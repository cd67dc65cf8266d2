//! `massage-with-manual-therapy`: see its page in `docs/rules/`.

use super::pairs::{DISTINCT, Pair, add_modifier, can_be_removed, has_modifier, is_set_apart};
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::policy::{Level, MassageAndManual};
use crate::reference::ncci;

/// The rule.
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
    let as_of = ncci::AS_OF;
    let at = pair.second[0].code_span;
    let (level, message, opens) = match (case.payer.massage_and_manual(), modified) {
        (Some(MassageAndManual::Never), _) => (
            Level::Error,
            format!(
                "This payer never pays massage (97124) with manual therapy (97140) on one day: the NCCI edit has indicator 0, so modifier 59 does not bypass it (as of {as_of}). Only 97140 is paid."
            ),
            false,
        ),
        (Some(MassageAndManual::One), _) => (
            Level::Error,
            "This payer takes only one of massage (97124) and manual therapy (97140), whatever the modifier.".to_owned(),
            false,
        ),
        (Some(MassageAndManual::Modifier), true) => return,
        (None, true) if case.payer.ncci == Some(false) || !pair.is_distinct() => return,
        (None, true) => (
            Level::Information,
            format!(
                "Massage (97124) with manual therapy (97140): the modifier is there, but a payer that follows NCCI denies 97124 anyway, because the edit has indicator 0 (as of {as_of})."
            ),
            false,
        ),
        (None, false) if case.payer.ncci == Some(false) => (
            Level::Information,
            "Massage (97124) and manual therapy (97140) on one day: this payer has edits of its own, and many want a modifier such as 59 that says they were distinct.".to_owned(),
            true,
        ),
        (_, false) => (
            Level::Error,
            "Massage (97124) and manual therapy (97140) on one day: without a modifier that says they were distinct, a payer will pay 97140 only.".to_owned(),
            true,
        ),
    };
    let mut draft = Draft::new(at, message)
        .level(level)
        .related(pair.first[0].code_span, "Manual therapy on the same visit");
    if opens && is_set_apart(case, MASSAGE) {
        let edits = pair.second.iter().map(|m| add_modifier(m, "59")).collect();
        draft = draft.fix_of(
            "Add modifier 59 to massage (97124): separate region or time",
            edits,
        );
    }
    if level == Level::Error {
        let edits = pair.second.iter().map(|m| Edit {
            span: m.code_span,
            text: MANUAL.to_owned(),
        });
        draft = draft.fix_of(
            "Count these minutes under manual therapy (97140)",
            edits.collect(),
        );
        for (title, modalities) in [
            ("Keep manual therapy (97140) only", &pair.second),
            ("Keep massage (97124) only", &pair.first),
        ] {
            if can_be_removed(case, modalities) {
                draft = draft.fix_of(title, modalities.iter().map(|m| case.without(m)).collect());
            }
        }
    }
    found.push(draft);
}
