use super::medicare_excluded::exclusion;
use super::missing_25::{NOT_COVERED, is_office_visit};
use super::pairs::{OPENING, Pair, add_modifier, can_be_removed, has_modifier, is_set_apart};
use super::wording::list;
use super::{Check, Draft, Group, Rule, VisitCase, unique};
use crate::chart::Modality;
use crate::policy::Level;
use crate::reference::ncci::Indicator;

pub static RULE: Rule = Rule {
    name: "ncci-pair",
    group: Group::Coding,
    level: Level::Warning,
    source: "NCCI procedure-to-procedure edits, practitioner file",
    page: page!("ncci-pair"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let level = match case.payer.ncci {
        Some(false) => return,
        Some(true) => Level::Error,
        None => Level::Warning,
    };
    for edit in case.ncci_edits() {
        // These pairs have rules of their own.
        let office_visit = is_office_visit(&edit.column1) || is_office_visit(&edit.column2);
        if edit.is("97140", "97124") || office_visit && edit.indicator == Indicator::WithModifier {
            continue;
        }
        // A line that asks for the denial has it already.
        let is_asked = |pair: &Pair<'_>| {
            has_modifier(&pair.first, &NOT_COVERED) || has_modifier(&pair.second, &NOT_COVERED)
        };
        if let Some(pair) = Pair::on(case, &edit.column1, &edit.column2).filter(|p| !is_asked(p)) {
            found.extend(judge(case, &pair, edit.indicator).map(|d| d.level(level)));
        }
    }
    if level == Level::Error {
        found.extend(unknown_pairs(case));
    }
}

/// A code of this visit of whose pairs the table knows nothing, beside other codes of the day.
fn unknown_pairs(case: &VisitCase<'_>) -> Option<Draft> {
    let is_unknown = |m: &&Modality| case.policy.edits.is_unlisted(&m.code);
    let line = case.visit.modalities.iter().find(is_unknown)?;
    let others = case.day_blocks.iter().map(|b| b.modality.code.as_str());
    let others = unique(others.filter(|other| *other != line.code));
    let message = format!(
        "Look up whether {} may be billed on one day with {}: Soapstone's table of NCCI pairs (as of {}) does not have {}.",
        line.code,
        list(&others),
        case.policy.edits.quarter.words(),
        line.code
    );
    let draft = Draft::new(line.code_span, message).level(Level::Information);
    (!others.is_empty()).then_some(draft)
}

fn judge(case: &VisitCase<'_>, pair: &Pair<'_>, indicator: Indicator) -> Option<Draft> {
    let (one, two) = (&pair.first[0].code, &pair.second[0].code);
    let as_of = case.policy.edits.quarter.words();
    let follows = match case.payer.ncci {
        None => "a payer that follows NCCI",
        Some(_) => "this payer",
    };
    // A line that is never paid is no part of a pair.
    let mut lines = pair.first.iter().chain(&pair.second);
    if lines.any(|line| exclusion(case, line).is_some()) {
        return None;
    }
    let never = indicator == Indicator::Never;
    if !never && (has_modifier(&pair.first, OPENING) || has_modifier(&pair.second, OPENING)) {
        return None;
    }
    let rest = if never {
        format!("and no modifier bypasses the edit (NCCI indicator 0, as of {as_of}).")
    } else {
        format!("unless a modifier such as 59 says that they were distinct (NCCI, as of {as_of}).")
    };
    let elsewhere = pair.elsewhere();
    let message =
        format!("{one} and {two} on one day{elsewhere}: {follows} pays {one} only, {rest}");
    let mut draft = pair.related(Draft::new(pair.span(), message), "The code that is paid");
    let second = pair.second_here();
    if !never && !second.is_empty() && is_set_apart(case, two) {
        let by_region = pair.has_separate_regions().then_some("XS");
        for modifier in std::iter::once("59").chain(by_region) {
            let edits = second.iter().map(|m| add_modifier(m, modifier));
            draft = draft.fix_of(format!("Add modifier {modifier} to {two}"), edits);
        }
    }
    if can_be_removed(case, second) {
        let edits = second.iter().map(|m| case.without(m));
        draft = draft.fix_of(format!("Take {two} out of the visit"), edits);
    }
    Some(draft)
}
