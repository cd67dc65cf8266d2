//! The hint after a visit's heading: which visit it is.

use super::Hint;
use crate::analysis::Piece;
use crate::editor::standing::Standing;
use crate::pattern::words;

words!(
    /// A heading that counts the visits itself, in whatever way.
    COUNTED,
    r"(?i)\b(?:visit|session|treatment|tx|no\.?|appt|appointment)\s*#?\s*\d|#\s*\d|\d\s*(?:of|/|out of)\s*\d+\s*(?:visits|$)|\b\d+(?:st|nd|rd|th)\s+(?:visit|session|treatment|tx)"
);

pub(super) fn of_heading(standing: &Standing<'_>, piece: &Piece) -> Option<Hint> {
    let heading = piece.visit.heading.as_ref()?;
    let date = heading.date?;
    let number = standing.number_of(piece.start)?;
    let words = &piece.text[date.span.end.min(heading.span.end)..heading.span.end];
    if number.own || COUNTED.is_match(words) {
        return None;
    }
    let of = match number.of {
        Some(all) => format!("of {all}"),
        None => "in this chart".to_owned(),
    };
    let why = match number.of {
        Some(_) if number.from_the_first => {
            "The referral has no first day, so all visits of this chart were counted."
        }
        Some(_) => "Counted from the referral's first day, by the visits in this chart.",
        None => "Days of treatment in this chart, counted from its first.",
    };
    let label = format!("= visit {} {of}", number.number);
    Some(Hint::new(piece.start + heading.span.end, label, why))
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;

    const REFERRAL: &str = "referral: 2026-10-01 to 2026-12-31, 2 visits\n";

    fn headings(text: &str) -> Vec<String> {
        let shown = shown(text, "visits");
        let lines = shown.lines().filter(|l| l.starts_with("visit"));
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn visits_of_a_referral() {
        let day = |d: u32| format!("visit: 2026-11-{d:02}\n97124 neck 15 min\n");
        let text = format!("{REFERRAL}{}{}{}", day(10), day(3), day(17));
        assert_eq!(
            headings(&text),
            [
                "visit: 2026-11-10<= visit 2 of 2>",
                "visit: 2026-11-03<= visit 1 of 2>",
                "visit: 2026-11-17<= visit 3 of 2>",
            ]
        );
    }

    #[test]
    fn a_heading_that_counts_is_left_alone_and_believed() {
        assert_eq!(
            headings(
                "referral: 2026-10-01 to 2026-12-31, 12 visits\nvisit: 2026-11-03, 4 of 12\n97124 neck 15 min\nvisit: 2026-11-10\n97124 neck 15 min\nvisit: 2026-11-17 visit #6\n97124 neck 15 min\n"
            ),
            [
                "visit: 2026-11-03, 4 of 12",
                "visit: 2026-11-10<= visit 5 of 12>",
                "visit: 2026-11-17 visit #6",
            ]
        );
    }

    #[test]
    fn visits_of_the_chart() {
        let text = "visit: 2026-11-03\n97124 neck 15 min\nvisit: 2026-11-10\n97124 neck 15 min\n";
        assert_eq!(
            headings(text),
            [
                "visit: 2026-11-03<= visit 1 in this chart>",
                "visit: 2026-11-10<= visit 2 in this chart>",
            ]
        );
        // One visit, a day without treatment, no date: nothing to count.
        assert_eq!(
            headings("visit: 2026-11-03\n97124 neck 15 min\nvisit: 2026-11-10\nno show\n"),
            ["visit: 2026-11-03", "visit: 2026-11-10"]
        );
    }

    #[test]
    fn medicare_does_not_count_on_referrals() {
        let text = format!("payer: medicare\n{REFERRAL}visit: 2026-11-03\n97124 neck 15 min\n");
        assert_eq!(headings(&text), ["visit: 2026-11-03"]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
        /// A visit beyond its referral by the hint is one by the rule, and the other way round.
        #[test]
        fn the_rule_and_the_hint_count_alike(
            days in proptest::collection::btree_set(1u32..28, 1..9),
            allowed in proptest::collection::vec((1u32..5, 1u32..28), 1..3),
            own in proptest::option::of((0usize..9, 1u32..7)),
        ) {
            let mut text = String::new();
            for (visits, last) in &allowed {
                let dates = format!("2026-10-01 to 2026-11-{last:02}");
                text.extend(["referral: ", &dates, &format!(", {visits} visits\n")]);
            }
            for (index, day) in days.iter().enumerate() {
                let number = own.filter(|(at, _)| *at == index);
                let number = number.map_or_else(String::new, |(_, n)| format!(", {n} of {}", allowed[0].0));
                let heading = format!("visit: 2026-11-{day:02}{number}\n");
                text.extend([&heading, "97124 neck 15 min\n"]);
            }
            let document = crate::text::Document::new(&text);
            let policy = std::sync::Arc::new(crate::policy::Policy::default());
            let analysis = crate::analysis::Analysis::of(&document, &policy);
            let standing = super::Standing::of(&analysis);
            let beyond: Vec<usize> = analysis
                .pieces()
                .map(|piece| piece.start)
                .filter(|at| standing.number_of(*at).is_some_and(|n| n.of.is_some_and(|of| n.number > of)))
                .collect();
            let found: Vec<usize> = analysis
                .findings()
                .iter()
                .filter(|f| f.rule.name == "visits-exceeded")
                .filter_map(|f| analysis.piece_at(f.span.start).map(|piece| piece.start))
                .collect();
            proptest::prop_assert_eq!(beyond, found, "{}", text);
        }
    }
}
