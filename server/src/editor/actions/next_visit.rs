//! "Start the next visit": empty, or with what was done the last time.

use super::{Action, Asked, Kind};
use crate::editor::next_visit::{NewVisit, next_visit};
use crate::rules::Fix;

/// The two ways, for whoever asks what can be done while the cursor stands in the last visit. An
/// editor that asks by itself does not hear of them: they hold on every line, and its light bulb would
/// never go out.
pub(super) fn actions(asked: &Asked<'_>) -> Vec<Action> {
    let Some(piece) = asked.analysis.piece_at(asked.span.start) else {
        return Vec::new();
    };
    let last = asked.analysis.pieces().last();
    let in_last = last.is_some_and(|last| last.start == piece.start);
    if asked.unbidden || !in_last || !piece.is_visit() || !piece.visit.is_treated() {
        return Vec::new();
    }
    let action = |new| {
        let Fix { title, edits, .. } = next_visit(asked.analysis, new, asked.now.date());
        let kind = Kind::Add;
        let title = title.into_owned();
        Action { title, kind, edits }
    };
    vec![action(NewVisit::CarriedForward), action(NewVisit::Empty)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::policy::Policy;
    use crate::text::{Document, Span};
    use std::sync::Arc;

    fn at_mark(text: &str, unbidden: bool) -> Vec<Action> {
        let at = text.find('^').unwrap();
        let document = Document::new(&text.replacen('^', "", 1));
        let analysis = Analysis::of(&document, &Arc::new(Policy::default()));
        actions(&Asked {
            document: &document,
            analysis: &analysis,
            span: Span::at(at),
            now: "2026-11-27T10:00".parse().unwrap(),
            unbidden,
        })
    }

    #[test]
    fn in_the_last_visit_for_who_asks() {
        let text = "visit: 2026-11-20\n97124 lumbar 25 min\n^P: weekly\n";
        let found = at_mark(text, false);
        assert_eq!(found.len(), 2);
        for action in &found {
            assert!(action.edits[0].text.contains("visit: 2026-11-27"));
            let at_end = Span::at(text.len() - 1);
            assert_eq!(action.edits[0].span, at_end);
        }
        assert!(found[0].edits[0].text.contains("97124 lumbar"));
        assert!(!found[1].edits[0].text.contains("97124"));
        assert_eq!(at_mark(text, true), []);
    }

    #[test]
    fn not_elsewhere() {
        for text in [
            "^",
            "pay^er: x\nvisit: 2026-11-20\n97124 25 min\n",
            "visit: 2026-11-13\n97124^ 25 min\nvisit: 2026-11-20\n97124 25 min\n",
            "visit: 2026-11-20\nS: cancelled^\n",
        ] {
            assert_eq!(at_mark(text, false), [], "{text}");
        }
    }
}
