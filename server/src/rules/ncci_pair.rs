//! `ncci-pair`: see its page in `docs/rules/`.

use super::pairs::{OPENING, Pair, add_modifier, can_be_removed, has_modifier, is_set_apart};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::policy::Level;
use crate::reference::ncci::{self, Indicator};

/// The rule.
pub static RULE: Rule = Rule {
    name: "ncci-pair",
    group: Group::Coding,
    level: Level::Warning,
    source: "NCCI procedure-to-procedure edits, practitioner file",
    page: page!("ncci-pair"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    if case.payer.ncci == Some(false) {
        return;
    }
    let level = if case.payer.ncci == Some(true) {
        Level::Error
    } else {
        Level::Warning
    };
    for edit in case.ncci_edits() {
        // This pair has a rule of its own.
        if (edit.column1, edit.column2) == ("97140", "97124") {
            continue;
        }
        if let Some(pair) = Pair::on(case, edit.column1, edit.column2) {
            found.extend(judge(case, &pair, edit.indicator).map(|d| d.level(level)));
        }
    }
}

fn judge(case: &VisitCase<'_>, pair: &Pair<'_>, indicator: Indicator) -> Option<Draft> {
    let (one, two) = (&pair.first[0].code, &pair.second[0].code);
    let as_of = ncci::AS_OF;
    let follows = if case.payer.ncci.is_none() {
        "a payer that follows NCCI"
    } else {
        "this payer"
    };
    let never = indicator == Indicator::Never;
    if !never && (has_modifier(&pair.first, OPENING) || has_modifier(&pair.second, OPENING)) {
        return None;
    }
    let message = if never {
        format!(
            "{one} and {two} on one day: {follows} pays {one} only, and no modifier bypasses the edit (NCCI indicator 0, as of {as_of})."
        )
    } else {
        format!(
            "{one} and {two} on one day: {follows} pays {one} only, unless a modifier such as 59 says that they were distinct (NCCI, as of {as_of})."
        )
    };
    let mut draft = Draft::new(pair.second[0].code_span, message)
        .related(pair.first[0].code_span, "The code that is paid");
    if !never && is_set_apart(case, two) {
        for modifier in if pair.has_separate_regions() {
            &["59", "XS"][..]
        } else {
            &["59"]
        } {
            let edits = pair
                .second
                .iter()
                .map(|m| add_modifier(m, modifier))
                .collect();
            draft = draft.fix_of(format!("Add modifier {modifier} to {two}"), edits);
        }
    }
    if can_be_removed(case, &pair.second) {
        let edits = pair.second.iter().map(|m| case.without(m)).collect();
        draft = draft.fix_of(format!("Take {two} out of the visit"), edits);
    }
    Some(draft)
}
