use super::goals::templates;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Goal;
use crate::pattern::pattern;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "missing-goal",
    group: Group::Documentation,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.1.2; Palmetto GBA, writing therapy goals",
    page: page!("missing-goal"),
    check: Check::Visit(check),
};

pattern!(
    /// `Still needs the rail. Goal: climb 12 steps without it by 12/31/2026`
    AMONG_WORDS,
    r"(?i)(?:^|[.;!?)]\s+)(?:(?:short|long)[- ]term\s+|functional\s+|(?:patient|pt|client)\s+)?(?:goals?|[sl]tgs?)(?:\s?#?\d)?:\s*(?P<goal>\S[^\n]*)"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    if !case.visit.is_treated() || case.goals().next().is_some() || is_among_words(case) {
        return;
    }
    let mut draft = Draft::new(
        case.anchor(),
        "This visit has treatment but no functional goal. Payers pay for progress toward something the patient will be able to do, and deny care without it.",
    );
    for (activity, goal) in templates(case) {
        let title = format!("Add a goal about {activity} (blanks to fill)");
        draft = draft.fix_of(title, [case.line_at_top(&format!("goal 1: {goal}"))]);
    }
    found.push(draft);
}

/// Whether the prose has a goal that says two of what the patient will do, how much, and by when. It is judged no further.
fn is_among_words(case: &VisitCase<'_>) -> bool {
    case.visit.prose.iter().any(|prose| {
        let words = AMONG_WORDS.captures(case.str(prose.span));
        let goal = words.and_then(|found| found.name("goal"));
        goal.is_some_and(|goal| {
            let span = Span::from(goal.range()).shifted(prose.span.start);
            let goal = Goal::read(Span::at(span.start), "", span, goal.as_str());
            let parts = [goal.activity, goal.measure, goal.time_frame];
            parts.iter().flatten().count() >= 2
        })
    })
}
