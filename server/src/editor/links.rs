//! Links: the rules that a `waive:` line names, each to its page.

use super::waivers;
use crate::analysis::Analysis;
use crate::policy::Waiver;
use crate::rules::{self, Rule};
use crate::text::Span;

#[derive(Clone, Debug)]
pub struct Link {
    pub span: Span,
    pub rule: &'static Rule,
}

pub fn links(analysis: &Analysis) -> Vec<Link> {
    let mut links = Vec::new();
    for piece in analysis.pieces() {
        for value in waivers(&piece.visit) {
            let waiver = Waiver::read(&piece.text[value.range()], value.start);
            for (name, span) in waiver.rules {
                // A clinic's own rule has no page to go to.
                if let Some(&rule) = rules::ALL.iter().find(|rule| rule.name == name) {
                    links.push(Link {
                        span: span.shifted(piece.start),
                        rule,
                    });
                }
            }
        }
    }
    links.sort_by_key(|link| link.span);
    links
}

#[cfg(test)]
mod tests {
    use super::super::layout::testing::analysis;
    use super::*;

    #[test]
    fn waived_rules_lead_to_their_pages() {
        let text = "waive: missing-goal, no-such-rule because x missing-response\nvisit: 2026-11-02\n97124 25 min\n  waive: missing-response - x\nP: waive missing-goal\n";
        let (document, analysis) = analysis(text);
        let links = links(&analysis);
        let names: Vec<_> = links.iter().map(|l| document.slice(l.span)).collect();
        assert_eq!(names, ["missing-goal", "missing-response"]);
        for (link, name) in links.iter().zip(names) {
            assert_eq!(link.rule.name, name);
        }
    }
}
