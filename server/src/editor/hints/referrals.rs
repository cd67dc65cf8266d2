//! The hint after a referral, an authorization or a plan of care: days left, visits and units used.

use super::Hint;
use crate::analysis::Piece;
use crate::chart::{FieldKind, Visit};
use crate::editor::days;
use crate::editor::standing::{Left, Standing};
use crate::text::Span;

pub(super) fn has_some(visit: &Visit) -> bool {
    let kinds = [
        FieldKind::Referral,
        FieldKind::Authorization,
        FieldKind::PlanOfCare,
    ];
    visit.fields.iter().any(|f| kinds.contains(&f.kind))
}

pub(super) fn of_piece(standing: &Standing<'_>, piece: &Piece) -> Vec<Hint> {
    if !standing.is_in_use() {
        return Vec::new();
    }
    let left = standing.left_in(piece).into_iter();
    left.filter_map(|(_, place, left)| hint(place, left))
        .collect()
}

fn hint(place: Span, left: Left) -> Option<Hint> {
    if left.replaced {
        return None;
    }
    let mut said = Vec::new();
    let mut why = String::new();
    match (left.begins_in, left.days) {
        (Some(begins), _) => said.push(format!("begins in {}", days(begins))),
        (None, Some(over @ ..=-1)) => said.push(format!("expired {} ago", days(over))),
        (None, Some(0)) => said.push("last day today".to_owned()),
        (None, Some(more)) => said.push(format!("{} left", days(more))),
        (None, None) => {}
    }
    if let Some(until) = left.until.filter(|_| !said.is_empty()) {
        why = format!("The last day is {until}.");
    }
    if let Some((used, allowed)) = left.visits {
        said.push(format!("{used} of {allowed} visits used"));
        why.push_str(if why.is_empty() { "" } else { " " });
        why += "The visits in this chart were counted, by their own numbers where they have them.";
    }
    if let Some((used, allowed)) = left.units {
        said.push(format!("{used} of {allowed} units used"));
        why.push_str(if why.is_empty() { "" } else { " " });
        why += "The units are those of the claims of this chart, without evaluations.";
    }
    let label = format!("= {}", said.join(", "));
    (!said.is_empty()).then(|| Hint::new(place.end, label, why))
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;

    fn after(line: &str, rest: &str) -> String {
        let shown = shown(&format!("{line}\n{rest}"), "referrals");
        let first = shown.lines().next().unwrap_or_default();
        let after = first.strip_prefix(line);
        after.unwrap_or_else(|| panic!("{shown}")).to_owned()
    }

    const VISITS: &str =
        "visit: 2026-11-13\n97124 neck 15 min\nvisit: 2026-11-20\n97124 neck 15 min\n";

    #[test]
    fn days_and_visits() {
        for (referral, hint) in [
            (
                "2026-10-01 to 2026-12-31, 12 visits",
                "<= 39 days left, 2 of 12 visits used>",
            ),
            ("12 visits, Dr. Okafor", "<= 2 of 12 visits used>"),
            ("2026-10-01 to 2026-11-22", "<= last day today>"),
            (
                "2026-10-01 to 2026-11-20, 1 visit",
                "<= expired 2 days ago, 2 of 1 visits used>",
            ),
            ("2026-12-01 to 2026-12-31", "<= begins in 9 days>"),
            ("Dr. Okafor", ""),
            ("2026-10-01 to ___, 12 visits", ""),
            ("2026-10-01 to 2026-12-31, 12 visits, 10 left", ""),
        ] {
            let line = format!("referral: {referral}");
            assert_eq!(after(&line, VISITS), hint, "{referral}");
        }
    }

    #[test]
    fn units_of_an_authorization() {
        for (authorization, hint) in [
            (
                "A1234, 12 visits or 24 units, 2026-10-01 to 2026-12-31",
                "<= 39 days left, 2 of 12 visits used, 2 of 24 units used>",
            ),
            ("24 units of 97140", "<= 0 of 24 units used>"),
            ("A1234, exp. 11/20/26", "<= expired 2 days ago>"),
            ("requested 12 visits", ""),
            ("A1234, 12 visits, 10 left", ""),
            ("A1234", ""),
        ] {
            let line = format!("auth: {authorization}");
            assert_eq!(after(&line, VISITS), hint, "{authorization}");
        }
        let other = format!(
            "payer: regence\n{}",
            VISITS.replacen('\n', "\npayer: cash\n", 1)
        );
        assert_eq!(after("auth: 12 visits", &other), "<= 1 of 12 visits used>");
    }

    #[test]
    fn an_old_referral_is_not_counted_once_there_is_a_new_one() {
        let new = format!("referral: 2026-11-01 to 2026-12-31, 6 visits\n{VISITS}");
        assert_eq!(
            after("referral: 2026-08-01 to 2026-10-31, 6 visits", &new),
            ""
        );
    }

    #[test]
    fn medicare_goes_by_the_plan() {
        let rest = format!("payer: medicare\n{VISITS}");
        assert_eq!(
            after("referral: 2026-10-01 to 2026-12-31, 12 visits", &rest),
            "<= 39 days left>"
        );
        assert_eq!(
            after("plan of care: 2026-10-01 to 2027-03-01, 2x/week", &rest),
            "<= 38 days left>"
        );
        assert_eq!(
            after("plan of care: 2026-10-01 to 2027-03-01, 2x/week", VISITS),
            "<= 99 days left>"
        );
        assert_eq!(after("plan of care: 2026-10-01, 2x/week", VISITS), "");
        let again = format!("{rest}A: Plan of care recertified today.\n");
        assert_eq!(after("plan of care: 2026-10-01, 2x/week", &again), "");
    }

    #[test]
    fn a_chart_at_rest_is_left_alone() {
        let rest = "visit: 2026-08-13\n97124 neck 15 min\n";
        assert_eq!(after("referral: 2026-08-01 to 2026-12-31", rest), "");
    }
}
