//! Referrals, authorizations and plans of care: dates, days left, visits and units used.

use super::{counted, days};
use crate::analysis::{Analysis, Piece};
use crate::chart::{Authorization, FieldKind, Referral, authorization, referral};
use crate::editor::standing::{Left, Standing};
use crate::text::Span;

/// The value of a `referral:`, `authorization:` or `plan of care:` line.
pub(super) fn of_field(analysis: &Analysis, piece: &Piece, at: usize) -> Option<(Span, String)> {
    let (text, visit) = (&*piece.text, &piece.visit);
    let kinds = [
        FieldKind::Referral,
        FieldKind::Authorization,
        FieldKind::PlanOfCare,
    ];
    let fields = visit.fields.iter().filter(|f| kinds.contains(&f.kind));
    let mut values = fields.filter_map(|f| Some((f.kind, f.value?)));
    let (kind, value) = values.find(|(_, value)| value.touches(at))?;
    let standing = Standing::of(analysis);
    let place = value.shifted(piece.start);
    if kind == FieldKind::PlanOfCare {
        let (_, read) = referral::plans(text, visit).find(|(_, r)| r.span == value)?;
        let left = standing.left_of_plan(place)?;
        return Some((value, plan(&standing, &read, left)));
    }
    if kind == FieldKind::Authorization {
        let mut all = authorization::authorizations(text, visit);
        let (_, read) = all.find(|(_, read)| read.days.span == value)?;
        let left = standing.left_of_authorization(place).unwrap_or_default();
        return Some((value, of_authorization(&read, left)));
    }
    let before = piece.start == 0 && visit.heading.is_none();
    let (_, read) = referral::referrals(text, visit, before).find(|(_, r)| r.span == value)?;
    let left = standing.left_of_referral(place)?;
    Some((value, of_referral(&standing, &read, left)))
}

fn of_referral(standing: &Standing<'_>, read: &Referral, left: Left) -> String {
    // Where the number comes from, if it is not written.
    let reckoned = match read.visits {
        Some(_) if !read.counts_visits => " (visits a week, times the weeks)",
        _ => "",
    };
    let visits = |allowed| counted(allowed, "visit");
    let number = match (left.visits, read.visits) {
        (Some((used, allowed)), _) => {
            let last = match allowed.checked_sub(used) {
                Some(rest) => format!("{rest} left"),
                None => format!("{} more than it allows", used - allowed),
            };
            let visits = visits(allowed);
            format!("{visits}: {used} used, {last}, by the visits in this chart{reckoned}")
        }
        (None, Some(allowed)) => {
            let why = if standing.is_medicare() {
                "Medicare goes by the plan of care instead"
            } else {
                "how many are used is not certain, since not every visit counts toward it"
            };
            format!("{}{reckoned}; {why}", visits(allowed))
        }
        (None, None) => "Number of visits: not given".to_owned(),
    };
    finish("Referral", read, left, &[dates(read, left), number])
}

fn of_authorization(read: &Authorization, left: Left) -> String {
    let line = |used: Option<(u32, u32)>, allowed: Option<u32>, noun| match (used, allowed) {
        (Some((used, allowed)), _) => {
            let rest = match allowed.checked_sub(used) {
                Some(rest) => format!("{rest} left"),
                None => format!("{} more than it allows", used - allowed),
            };
            Some(format!(
                "{}: {used} used, {rest}, by the visits in this chart",
                counted(allowed, noun)
            ))
        }
        (None, Some(allowed)) => Some(format!(
            "{}; how many are used is not certain",
            counted(allowed, noun)
        )),
        (None, None) => None,
    };
    let mut lines = vec![dates(&read.days, left)];
    lines.extend(line(left.visits, read.visits, "visit"));
    lines.extend(line(left.units, read.units, "unit"));
    if !read.codes.is_empty() {
        lines.push(format!("Only for {}", read.codes.join(", ")));
    }
    finish("Authorization", &read.days, left, &lines)
}

fn plan(standing: &Standing<'_>, read: &Referral, left: Left) -> String {
    let mut lines = vec![dates(read, left)];
    if let Some(who) = standing.certified_by() {
        lines.push(match left.until {
            Some(until) => format!(
                "{who}: certified until {until}, for 90 days or its own length if that is shorter"
            ),
            None => format!("{who} certifies for 90 days at most; the first day is not given"),
        });
    }
    finish("Plan of care", read, left, &lines)
}

fn finish(what: &str, read: &Referral, left: Left, lines: &[String]) -> String {
    let mut text = format!("**{what}**\n\n- {}", lines.join("\n- "));
    if read.has_placeholder {
        text.push_str("\n\nA blank has not been filled in.");
    } else if left.replaced {
        text.push_str("\n\nA newer one has replaced it.");
    }
    text
}

fn dates(read: &Referral, left: Left) -> String {
    let from = read.from.and_then(|d| d.day);
    let to = read.to.and_then(|d| d.day);
    let dates = match (from, to) {
        (Some(from), Some(to)) => format!("From {from} to {to}"),
        (Some(from), None) => format!("From {from}; the last day is not given"),
        (None, Some(to)) => format!("Until {to}; the first day is not given"),
        (None, None) => return "First and last day: not given".to_owned(),
    };
    let rest = left.days.filter(|_| to.is_some() && left.until == to);
    match (left.begins_in, rest) {
        (Some(begins), _) => format!("{dates}: begins in {}", days(begins)),
        (None, Some(0)) => format!("{dates}: last day today"),
        (None, Some(rest @ 1..)) => format!("{dates}: {} left", days(rest)),
        (None, Some(over)) => format!("{dates}: expired {} ago", days(over)),
        (None, None) => dates,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::at_mark;

    const VISIT: &str = "visit: 2026-11-20\n97124 neck 15 min\n";

    #[test]
    fn a_referral() {
        for (line, expected) in [
            (
                "2026-10-01 to 2026-12-31, 12^ visits, Dr. Okafor",
                "- From 2026-10-01 to 2026-12-31: 39 days left\n- 12 visits: 1 used, 11 left, by the visits in this chart",
            ),
            (
                "Rx 10/1/26, 2x/^wk x 6 wks",
                "- From 2026-10-01; the last day is not given\n- 12 visits: 1 used, 11 left, by the visits in this chart (visits a week, times the weeks)",
            ),
            (
                "Dr. Ok^afor",
                "- First and last day: not given\n- Number of visits: not given",
            ),
            (
                "2026-10-01 to 2026-11-^01",
                "- From 2026-10-01 to 2026-11-01: expired 21 days ago\n- Number of visits: not given",
            ),
        ] {
            let text = at_mark(&format!("referral: {line}\n{VISIT}"));
            assert!(
                text.ends_with(&format!("|**Referral**\n\n{expected}")),
                "{text}"
            );
        }
        assert!(at_mark(&format!("referral: 2026-10-01 to _^__\n{VISIT}")).contains("blank"));
    }

    #[test]
    fn an_authorization() {
        for (line, expected) in [
            (
                "A1234, 12^ visits or 24 units, 2026-10-01 to 2026-12-31",
                "- From 2026-10-01 to 2026-12-31: 39 days left\n- 12 visits: 1 used, 11 left, by the visits in this chart\n- 24 units: 1 used, 23 left, by the visits in this chart",
            ),
            (
                "24 un^its of 97140",
                "- First and last day: not given\n- 24 units: 0 used, 24 left, by the visits in this chart\n- Only for 97140",
            ),
            (
                "requested 12^ visits",
                "- First and last day: not given\n- 12 visits; how many are used is not certain",
            ),
        ] {
            let text = at_mark(&format!("auth: {line}\n{VISIT}"));
            let end = format!("|**Authorization**\n\n{expected}");
            assert!(text.ends_with(&end), "{text}");
        }
    }

    #[test]
    fn a_plan_of_care() {
        let text = at_mark(&format!(
            "payer: medicare\nplan of care: 2026-10-01, 2x/^week\n{VISIT}"
        ));
        assert!(text.contains("certified until 2026-12-30"), "{text}");
        let text = at_mark(&format!(
            "payer: medicare\nreferral: 2026-10-01, 12 vis^its\n{VISIT}"
        ));
        assert!(text.contains("Medicare goes by the plan of care"), "{text}");
    }
}
