//! Puts the visits of a chart in the order of their dates.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::{Action, Asked, Kind};
use crate::analysis::Piece;
use crate::rules::Edit;
use crate::text::Span;

/// For a menu of what can be done here.
pub fn rewrite(asked: &Asked<'_>) -> Vec<Action> {
    actions(asked, Kind::Rewrite)
}

/// For an editor's command, and on saving if the clinician has set it so.
pub fn organize(asked: &Asked<'_>) -> Vec<Action> {
    actions(asked, Kind::Organize)
}

fn actions(asked: &Asked<'_>, kind: Kind) -> Vec<Action> {
    if asked.unbidden {
        return Vec::new();
    }
    let pieces: Vec<&Piece> = asked.analysis.pieces().collect();
    let Some((edit, newest_first)) = sorted(&pieces) else {
        return Vec::new();
    };
    let how = if newest_first { ", newest first" } else { "" };
    vec![Action {
        title: format!("Put the visits in order by date{how}"),
        kind,
        edits: vec![edit],
    }]
}

/// The edit that puts the visits in order, and whether the newest comes first; nothing if they are in
/// order as the rule `visit-order` sees it.
///
/// A visit moves with all of its words. The empty lines between visits stay where they are, and so
/// does the end of the note, so that no two visits run together and none are parted by more than
/// before. A visit whose date cannot be read stays behind the one that it follows.
fn sorted(pieces: &[&Piece]) -> Option<(Edit, bool)> {
    let first = pieces.iter().position(|p| p.visit.heading.is_some())?;
    let visits = &pieces[first..];
    let days: Vec<Date> = visits.iter().filter_map(|p| p.visit.day()).collect();
    let steps = || days.windows(2);
    let rising = steps().filter(|pair| pair[0] < pair[1]).count();
    let falling = steps().filter(|pair| pair[0] > pair[1]).count();
    // Two visits make no direction.
    let newest_first = days.len() > 2 && falling > rising;
    if falling == 0 || (newest_first && rising == 0) {
        return None;
    }
    let mut day = None;
    let mut order: Vec<(Option<Date>, &Piece)> = Vec::new();
    for visit in visits {
        day = visit.visit.day().or(day);
        order.push((day, visit));
    }
    // The sort is stable, and what stands before the first day stays there.
    if newest_first {
        order.sort_by_key(|(day, _)| (day.is_some(), Reverse(*day)));
    } else {
        order.sort_by_key(|(day, _)| *day);
    }
    let moves = |(old, (_, new)): (&&Piece, &(Option<Date>, &Piece))| old.start != new.start;
    let from = visits.iter().zip(&order).position(moves)?;
    let to = visits.iter().zip(&order).rposition(moves)?;
    let mut text = String::new();
    for ((_, new), old) in order[from..=to].iter().zip(&visits[from..=to]) {
        text.push_str(words(new).0);
        text.push_str(words(old).1);
    }
    let span = Span::new(visits[from].start, visits[to].end());
    Some((Edit { span, text }, newest_first))
}

/// A visit up to its last character, and the spaces and line breaks behind it.
fn words(piece: &Piece) -> (&str, &str) {
    let text = &piece.text;
    text.split_at(text.trim_end_matches([' ', '\t', '\r', '\n']).len())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Note, applied};
    use super::*;
    use proptest::prelude::*;

    fn ordered(text: &str) -> Option<String> {
        let note = Note::new(text);
        let actions = organize(&note.asked(Span::at(0)));
        actions.first().map(|action| applied(text, &action.edits))
    }

    #[test]
    fn visits_move_with_their_words() {
        assert_eq!(
            ordered("payer: x\n\nvisit: 2026-01-03\nS: c\n\nvisit: 2026-01-01\nS: a\n  more\n\n\nvisit: 2026-01-02\nS: b"),
            Some("payer: x\n\nvisit: 2026-01-01\nS: a\n  more\n\nvisit: 2026-01-02\nS: b\n\n\nvisit: 2026-01-03\nS: c".to_owned())
        );
        assert_eq!(
            ordered("visit: 2026-01-02\r\nS: b\r\nvisit: 2026-01-01\r\nS: a"),
            Some("visit: 2026-01-01\r\nS: a\r\nvisit: 2026-01-02\r\nS: b".to_owned())
        );
    }

    #[test]
    fn visits_of_one_day_keep_their_order_and_undated_ones_their_neighbour() {
        assert_eq!(
            ordered("visit: 2026-01-02\nS: b\nvisit: ___\nS: of b\nvisit: 2026-01-01\nS: first\nvisit: 1/1/26\nS: second\nvisit: 2026-01-03\n"),
            Some("visit: 2026-01-01\nS: first\nvisit: 1/1/26\nS: second\nvisit: 2026-01-02\nS: b\nvisit: ___\nS: of b\nvisit: 2026-01-03\n".to_owned())
        );
        assert_eq!(
            ordered("visit: soon\nvisit: 2026-01-02\nvisit: 2026-01-01\n"),
            Some("visit: soon\nvisit: 2026-01-01\nvisit: 2026-01-02\n".to_owned())
        );
    }

    #[test]
    fn a_chart_that_begins_with_the_newest_stays_so() {
        assert_eq!(
            ordered("visit: 2026-01-09\nvisit: 2026-01-05\nvisit: 2026-01-07\nvisit: 2026-01-01\n"),
            Some(
                "visit: 2026-01-09\nvisit: 2026-01-07\nvisit: 2026-01-05\nvisit: 2026-01-01\n"
                    .to_owned()
            )
        );
        let newest_first = "visit: 2026-01-03\nvisit: 2026-01-02\nvisit: 2026-01-01\n";
        assert_eq!(ordered(newest_first), None);
    }

    #[test]
    fn what_is_in_order_is_left_alone() {
        for text in [
            "",
            "S: x\n",
            "visit: 2026-01-01\n",
            "visit: x\nvisit: y\n",
            "visit: 2026-01-01\nvisit: 2026-01-01\nvisit: 2026-01-02\n",
        ] {
            assert_eq!(ordered(text), None, "{text}");
        }
    }

    fn charts() -> impl Strategy<Value = String> {
        let visit = (
            prop::sample::select(vec![
                "2026-01-01",
                "1/2/26",
                "2026-01-03",
                "2026-01-04",
                "2026-02-30",
                "soon",
                "",
            ]),
            prop::sample::select(vec![
                "",
                "\nS: \u{1F600}",
                "\r\n97124 back 10 min\r\n  technique: x",
                "\rP: y",
            ]),
            prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n", " \r\n \n"]),
        );
        (
            prop::collection::vec(visit, 0..7),
            any::<bool>(),
            any::<bool>(),
        )
            .prop_map(|(visits, preamble, cut)| {
                let mut text = if preamble {
                    "payer: x\n".to_owned()
                } else {
                    String::new()
                };
                for (day, words, end) in visits {
                    text.extend(["visit: ", day, words, end]);
                }
                if cut {
                    text.trim_end().to_owned()
                } else {
                    text
                }
            })
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_the_order_is_right(text in charts()) {
            let Some(after) = ordered(&text) else { return Ok(()) };
            let (old, new) = (Note::new(&text), Note::new(&after));
            prop_assert_eq!(text.len(), after.len());
            let bodies = |note: &Note| {
                let mut all: Vec<String> = note.analysis.pieces().map(|p| words(p).0.to_owned()).collect();
                all.sort_unstable();
                all
            };
            prop_assert_eq!(bodies(&old), bodies(&new));
            prop_assert_eq!(ordered(&after), None, "once is enough");
            let rules: Vec<_> = new.analysis.findings().iter().map(|f| f.rule.name).collect();
            prop_assert!(!rules.contains(&"visit-order"), "{}", after);
        }

        #[test]
        fn what_the_rule_finds_can_be_put_in_order(text in charts()) {
            let note = Note::new(&text);
            let found = note.analysis.findings().iter().any(|f| f.rule.name == "visit-order");
            prop_assert_eq!(ordered(&text).is_some(), found, "{}", text);
        }
    }
}
