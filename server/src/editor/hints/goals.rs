//! The hint after a goal with a date: the days left.

use super::Hint;
use crate::analysis::Piece;
use crate::editor::days;
use crate::editor::standing::Standing;

pub(super) fn of_piece(standing: &Standing<'_>, piece: &Piece) -> Vec<Hint> {
    let goals = piece.visit.goals.iter();
    if !standing.is_in_use() {
        return Vec::new();
    }
    goals
        .filter_map(|goal| {
            let (due, left) = standing.days_of_goal(piece, goal)?;
            let label = match left {
                0 => "= due today".to_owned(),
                1.. => format!("= {} left", days(left)),
                _ => format!("= {} overdue", days(left)),
            };
            let why = format!("Counted from today to {due}.");
            Some(Hint::new(piece.start + goal.span.end, label, why))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;

    fn after_goal(goal: &str, rest: &str) -> String {
        let text = format!("goal 1: {goal}\n\nvisit: 2026-11-20\n{rest}\n");
        let shown = shown(&text, "goals");
        let line = shown.lines().next().unwrap_or_default();
        line.strip_prefix("goal 1: ")
            .and_then(|line| line.strip_prefix(goal))
            .unwrap_or_else(|| panic!("{shown}"))
            .to_owned()
    }

    #[test]
    fn days_left_and_overdue() {
        for (date, hint) in [
            ("2026-12-15", "<= 23 days left>"),
            ("2026-11-23", "<= 1 day left>"),
            ("2026-11-22", "<= due today>"),
            ("2026-11-20", "<= 2 days overdue>"),
            ("2026-02-30", ""),
        ] {
            let goal = format!("sit 60 minutes by {date}");
            assert_eq!(after_goal(&goal, ""), hint, "{date}");
        }
        assert_eq!(after_goal("sit 60 minutes in 4 weeks", ""), "");
        assert_eq!(after_goal("sit 60 minutes (injury of 2026-01-05)", ""), "");
    }

    #[test]
    fn a_goal_that_is_done_with_has_no_days() {
        let goal = "sit 60 minutes by 2026-12-15";
        for (rest, open) in [
            ("A: Goal 1 met.", false),
            ("A: All goals met today.", false),
            ("A: Goals 1 and 2 achieved.", false),
            ("A: Goal 2 met; goal 1 continues.", true),
            ("A: Goal 1 not met yet.", true),
            ("A: Goal 1 partially met.", true),
            ("A: LTG 1 continues", true),
            ("P: Continue until goal 1 is met.", true),
        ] {
            assert_eq!(!after_goal(goal, rest).is_empty(), open, "{rest}");
        }
        assert_eq!(after_goal(&format!("{goal} - met"), ""), "");
    }

    #[test]
    fn only_what_is_still_worked_on() {
        let old = "goal 1: sit 60 minutes by 2026-12-15\nvisit: 2026-08-01\n97124 neck 15 min\n";
        assert_eq!(shown(old, "goals"), old, "no visit since summer");
        let two = "visit: 2026-11-01\nA: x\ngoal 1: sit 60 minutes by 2026-12-15\nvisit: 2026-11-20\nA: x\ngoal 1: sit 70 minutes by 2026-12-20\n";
        let found = shown(two, "goals");
        assert_eq!(found.matches('<').count(), 1, "{found}");
        assert!(found.contains("12-20<= 28 days left>"), "{found}");
    }
}
