//! What the rules about goals share.

use super::{Draft, Edit, VisitCase};
use crate::chart::{Goal, Modality};
use crate::pattern::words;
use crate::reference::icd10::common::region_of;
use crate::reference::regions::Region;
use crate::text::Span;

/// The visit's own goals that are not still being typed. A goal of the chart is judged where it
/// stands.
pub fn typed<'a>(case: &'a VisitCase<'_>) -> impl Iterator<Item = &'a Goal> {
    let goals = case.visit.goals.iter();
    goals.filter(|goal| !case.is_at_the_end(goal.span))
}

/// Those of them whose parts are worth judging: `goal-is-a-plan` says all that there is to say of
/// the others.
pub fn finished<'a>(case: &'a VisitCase<'_>) -> impl Iterator<Item = &'a Goal> {
    typed(case).filter(|goal| therapist(case, goal).is_none())
}

words!(
/// What therapists do, in a goal that begins with `I` or `we`. A patient's own goal begins so too:
/// `I will sit at my desk 45 minutes`.
    TREATING,
    r"(?i)^\W*(?:\w+\W+)?(?:work on|continue|treat|perform|provide|apply|address|massage|release|mobili[sz]e|stretch|instruct|educate|teach|focus|use|reduce|decrease|progress|see (?:the )?(?:pt|patient|client)|re-?assess|re-?evaluate|monitor)\b"
);

/// The words of a goal that say that the therapist acts, so that it is a plan.
pub fn therapist(case: &VisitCase<'_>, goal: &Goal) -> Option<Span> {
    let span = goal.by_therapist?;
    let words = case.str(span).trim_start().to_ascii_lowercase();
    let spoken = words.starts_with("i ") || words.starts_with("we ");
    let rest = &case.text[span.end..goal.span.end];
    (!spoken || TREATING.is_match(rest)).then_some(span)
}

/// Reports each goal that lacks a part: what that means, what the fix does, and the words it adds.
pub fn report_lacking(
    case: &VisitCase<'_>,
    found: &mut Vec<Draft>,
    lacks: fn(&Goal) -> bool,
    message: &'static str,
    (title, words): (&'static str, &str),
) {
    found.extend(finished(case).filter(|goal| lacks(goal)).map(|goal| {
        Draft::new(goal.span, message)
            .fix_of(title, [with(case, goal, words)])
            .preferred()
    }));
}

/// An edit that adds words to a goal's end, before its full stop.
pub fn with(case: &VisitCase<'_>, goal: &Goal, words: &str) -> Edit {
    let written = case.str(goal.span).trim_end_matches(['.', ' ', '\t']);
    Edit::insert(goal.span.start + written.len(), words)
}

/// Goals with placeholders that fit the diagnosis' region, or the one treated: what each is about, and its words.
pub fn templates(case: &VisitCase<'_>) -> [(&'static str, &'static str); 2] {
    const SIT: &str = "sit at a desk ___ minutes with pain ___/10 or less by ___ (now ___ minutes)";
    const LIFT: &str = "lift ___ lb from the floor with pain ___/10 or less by ___ (now ___ lb)";
    const TURN: &str = "turn head ___ degrees to drive by ___ (now ___ degrees)";
    const SLEEP: &str = "sleep ___ hours without waking from pain by ___ (now ___ hours)";
    const REACH: &str = "reach overhead ___ times with pain ___/10 or less by ___ (now ___ times)";
    const WALK: &str = "walk ___ minutes with pain ___/10 or less by ___ (now ___ minutes)";
    const CLIMB: &str = "climb ___ flights of stairs by ___ (now ___ flights)";
    let of_diagnoses = case.diagnoses().filter_map(|d| region_of(&d.code));
    let treated = case.visit.modalities.iter().map(Modality::region_set);
    match of_diagnoses
        .chain(treated)
        .find_map(|set| set.iter().next())
    {
        Some(Region::Cervical | Region::Head) => [("driving", TURN), ("sleep", SLEEP)],
        Some(Region::Thoracic | Region::RibCage | Region::Abdomen) => {
            [("sitting", SIT), ("sleep", SLEEP)]
        }
        Some(Region::UpperExtremity) => [("reaching", REACH), ("lifting", LIFT)],
        Some(Region::LowerExtremity) => [("walking", WALK), ("stairs", CLIMB)],
        Some(Region::Lumbar | Region::Sacral | Region::Pelvic) => {
            [("sitting", SIT), ("lifting", LIFT)]
        }
        None => [("sitting", SIT), ("walking", WALK)],
    }
}
