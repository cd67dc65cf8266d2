//! Goals: which of the parts that payers look for were found.

use super::days;
use crate::analysis::{Analysis, Piece};
use crate::chart::Goal;
use crate::editor::standing::Standing;
use crate::pattern::pattern;
use crate::text::Span;

pattern!(
    /// Where the patient is now.
    NOW,
    r"(?i)\b(?:now|currently|current(?:\s+level)?|baseline|at present)\b[\s:=]*([^,;()\r\n]{0,40}[\d_][^,;()\r\n]{0,20})"
);

/// A goal, by its key or its text.
pub(super) fn of_goal(analysis: &Analysis, piece: &Piece, at: usize) -> Option<(Span, String)> {
    let goals = piece.visit.goals.iter();
    let mut places = goals.flat_map(|g| [(g.key, g), (g.span, g)]);
    let (span, goal) = places.find(|(span, _)| span.touches(at))?;
    Some((span, pieces(analysis, piece, goal)))
}

fn pieces(analysis: &Analysis, piece: &Piece, goal: &Goal) -> String {
    let text = &*piece.text;
    let words = |span: Span| one_line(&text[span.range()]);
    let line = |what: &str, found: Option<String>, missing: &str| match found {
        Some(found) => format!("- {what}: {found}"),
        None => format!("- {what}: **missing** ({missing})"),
    };
    let measure = goal.measure.map(|measure| {
        let now = NOW.captures(&text[goal.span.range()]);
        let now = now.and_then(|found| found.get(1));
        let place = |m: &regex::Match<'_>| Span::from(m.range()).shifted(goal.span.start);
        // Else the figure that was found is itself where the patient is now.
        match now.filter(|now| !place(now).meets(measure)) {
            Some(now) => format!("{}, now {}", words(measure), one_line(now.as_str())),
            None => words(measure),
        }
    });
    let (activity, time_frame) = (goal.activity.map(words), goal.time_frame.map(words));
    let for_activity = "what the patient will do, such as sit, drive or dress";
    let for_measure = "how much, such as minutes, distance or degrees";
    let for_time = "by when, such as a date or 4 weeks";
    let mut lines = vec![
        line("Activity", activity, for_activity),
        line("Measure", measure, for_measure),
        line("Time frame", time_frame, for_time),
    ];
    if goal.by_therapist.is_some() {
        let therapist = "It says what the therapist will do; a goal says what the patient will do.";
        lines.push(format!("- {therapist}"));
    }
    let head = match Standing::of(analysis).days_of_goal(piece, goal) {
        Some((_, 0)) => "**Goal**, due today.",
        Some((_, left @ 1..)) => &format!("**Goal**, {} left.", days(left)),
        Some((_, left)) => &format!("**Goal**, {} overdue.", days(left)),
        None => "**Goal**.",
    };
    let lines = lines.join("\n");
    format!("{head} Payers look for three parts:\n\n{lines}")
}

/// Words of the note between marks, on one line and without what Markdown would take for its own.
fn one_line(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    super::literal(&words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::super::tests::at_mark;

    #[test]
    fn what_was_found_and_what_is_missing() {
        assert_eq!(
            at_mark(
                "goal^ 1: sit at desk 60 minutes with pain 3/10 or less by 2026-12-15 (now 30 minutes)\n"
            ),
            "goal 1:|**Goal**, 23 days left. Payers look for three parts:\n\n\
             - Activity: sit\n- Measure: 60 minutes, now 30 minutes\n- Time frame: 2026-12-15"
        );
        let text = at_mark("goal 1: less p^ain by 2026-11-02\n");
        assert!(text.contains("**Goal**, 20 days overdue."), "{text}");
        assert!(text.contains("Activity: **missing**"), "{text}");
        assert!(text.contains("Measure: **missing**"), "{text}");
        let text = at_mark("goal 1: Therapist will mas^sage\n");
        assert!(text.contains("what the therapist will do"), "{text}");
    }

    #[test]
    fn the_figure_of_now_is_not_said_twice() {
        let text = at_mark("goal: drive, n^ow 10 minutes\n");
        assert!(text.contains("- Measure: 10 minutes\n"), "{text}");
    }
}
