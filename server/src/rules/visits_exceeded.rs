//! `visits-exceeded`: see its page in `docs/rules/`.

use jiff::civil::Date;

use super::{ChartCase, ChartVisit, Check, Draft, Group, Rule};
use crate::chart::Referral;
use crate::pattern::pattern;
use crate::policy::Level;
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "visits-exceeded",
    group: Group::Plan,
    level: Level::Warning,
    source: "Payers on prescriptions (LifeWise/Premera 8.03.502, WAC 296-23-250)",
    page: page!("visits-exceeded"),
    check: Check::Chart(check),
};

pattern!(
/// `4 of 12` in a heading: the clinician's own count.
    COUNT,
    r"(?i)\b(?:(?:visit|session|tx)\s*#?\s*)?(?P<n>\d{1,3})\s*(?:of|out of)\s*(?P<all>\d{1,3})\b|\b(?:visit|session|tx|#)\s*#?\s*(?P<vn>\d{1,3})\s*/\s*(?P<vall>\d{1,3})\b"
);

/// A referral's account.
struct Account<'a> {
    span: Span,
    referral: &'a Referral,
    allowed: u32,
    used: u32,
    last: Option<Date>,
}

fn check(case: &ChartCase<'_>, found: &mut Vec<(usize, Draft)>) {
    let referrals = case.referrals();
    let mut accounts: Vec<Account<'_>> = referrals
        .iter()
        .filter_map(|(span, referral)| {
            Some(Account {
                span: *span,
                referral,
                allowed: referral.visits?,
                used: 0,
                last: None,
            })
        })
        .collect();
    let unlimited = |day| {
        referrals
            .iter()
            .any(|(_, r)| r.visits.is_none() && r.covers(day) == Some(true))
    };
    for (index, day, visit) in case.treated_by_day() {
        if visit.payer.medicare || !visit.is_treatment() || unlimited(day) {
            continue;
        }
        let mut open: Vec<&mut Account<'_>> = accounts
            .iter_mut()
            .filter(|a| a.referral.covers(day) != Some(false))
            .collect();
        let number = own_number(visit);
        if let Some((n, all, _)) = number {
            // The heading's number holds; one out of another total counts something else.
            open.retain(|a| a.allowed == all);
            for account in &mut open {
                account.used = n;
                account.last = Some(day);
            }
            if n <= all {
                continue;
            }
        } else {
            if open.iter().any(|a| a.last == Some(day)) {
                continue;
            }
            let free = open.iter().position(|a| a.used < a.allowed);
            let Some(account) = open.get_mut(free.unwrap_or_default()) else {
                continue;
            };
            account.used += 1;
            account.last = Some(day);
            if free.is_some() {
                continue;
            }
        }
        let Some(account) = open.first() else {
            continue;
        };
        let span = number.map_or_else(|| visit.date_span(), |(.., span)| span);
        let (used, allowed) = (account.used, account.allowed);
        let begun = account.referral.from.is_some() || number.is_some();
        let counted = if begun {
            ""
        } else {
            " The referral has no first day, so all visits of the chart were counted."
        };
        let draft = Draft::new(
            span,
            format!(
                "This is visit {used} on a referral for {allowed}.{counted} A payer denies what goes beyond the referral until there is a new one."
            ),
        )
        .related(account.span, "The referral")
        .fix_of(
            "Add the new referral (blanks to fill)",
            vec![case.line_for_chart("referral: ___ to ___, ___ visits, ___")],
        );
        found.push((
            index,
            if begun {
                draft
            } else {
                draft.level(Level::Information)
            },
        ));
    }
}

fn own_number(visit: &ChartVisit<'_>) -> Option<(u32, u32, Span)> {
    let value = visit.visit.heading.as_ref()?.value?;
    let counted = COUNT.captures(visit.str(value))?;
    let number = |one: &str, other: &str| {
        let found = counted.name(one).or_else(|| counted.name(other))?;
        found.as_str().parse().ok()
    };
    let span = Span::from(counted.get(0)?.range()).shifted(value.start);
    Some((number("n", "vn")?, number("all", "vall")?, visit.at(span)))
}
