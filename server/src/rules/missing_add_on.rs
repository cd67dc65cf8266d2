use super::wording::{minutes, units};
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::chart::Modality;
use crate::policy::Level;
use crate::reference::procedures::{self, Once, Period, Procedure, Timing};
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "missing-add-on",
    group: Group::Time,
    level: Level::Information,
    source: "CPT code structure: a first period and an add-on code",
    page: page!("missing-add-on"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let code = modality.code.as_str();
        let timing = modality.procedure.map(|p| (p.timing, p.once_a));
        let Some((Timing::First(first), once)) = timing else {
            continue;
        };
        let plan = case.plan(modality);
        let is_last = case
            .last_here(plan, code)
            .is_some_and(|m| std::ptr::eq(m, modality));
        let given = case
            .minutes_of(plan, code)
            .map(crate::length::Length::minutes);
        if once == Once::Month && is_last {
            found.extend(longer(case, modality, first, given));
        }
        let Some((add_on, period)) = add_on_of(code).filter(|_| is_last) else {
            continue;
        };
        let has_add_on = case
            .day_blocks
            .iter()
            .any(|b| b.modality.code == add_on.code);
        let Some(rest) = given.and_then(|given| given.checked_sub(u32::from(first.minutes))) else {
            continue;
        };
        let more = u32::from(period.minutes - period.least());
        let count = (rest + more) / u32::from(period.minutes);
        if has_add_on || count == 0 || case.is_being_typed(modality) {
            continue;
        }
        let message = format!(
            "{code} pays for the first {}; the other {} are {} of {}, which is not on this day.",
            minutes(u32::from(first.minutes)),
            minutes(rest),
            units(count),
            add_on.code
        );
        let draft = Draft::new(modality.code_span, message);
        let title = format!("Write {} for the other {}", add_on.code, minutes(rest));
        found.push(match parted(case, modality, add_on, first, rest) {
            Some(edits) => draft.fix_of(title, edits),
            None => draft,
        });
    }
}

/// Minutes of a month that another first code bills: 20 minutes under the code for 10 to 19.
fn longer(
    case: &VisitCase<'_>,
    modality: &Modality,
    first: Period,
    given: Option<u32>,
) -> Option<Draft> {
    let given = given.filter(|_| !case.is_being_typed(modality))?;
    let mut all = procedures::all().iter();
    let (longer, minutes_of_longer) = all.find_map(|other| match other.timing {
        Timing::First(period) if other.once_a == Once::Month && period.minutes > first.minutes => {
            (u32::from(period.minutes) <= given).then_some((other.code, period.minutes))
        }
        _ => None,
    })?;
    let code = &modality.code;
    let draft = Draft::new(
        modality.code_span,
        format!(
            "{code} is for {} to {}; {} or more are {longer}, and the two are not billed in one month.",
            first.minutes,
            minutes(u32::from(minutes_of_longer) - 1),
            minutes_of_longer
        ),
    );
    let is_there = case.day_blocks.iter().any(|b| b.modality.code == longer);
    Some(if is_there {
        draft
    } else {
        let title = format!("Replace {code} with {longer}");
        draft.fix(title, modality.code_span, longer)
    })
}

/// The add-on code of a first one, with the period that it counts by.
fn add_on_of(code: &str) -> Option<(&'static Procedure, Period)> {
    let mut all = procedures::all().iter();
    all.find_map(|add_on| match add_on.timing {
        Timing::Each(period) if add_on.adds_to.first() == Some(&code) => Some((add_on, period)),
        // The second of two needling codes adds to itself with current and without.
        Timing::Each(period) if add_on.adds_to.contains(&code) && is_next(code, add_on.code) => {
            Some((add_on, period))
        }
        _ => None,
    })
}

/// Whether one code is numbered right behind the other.
fn is_next(code: &str, next: &str) -> bool {
    let number = |code: &str| code.parse::<u32>().ok();
    number(code).map(|code| code + 1) == number(next)
}

/// The edits that part a block of one plain figure of minutes in two; none for any other block.
fn parted(
    case: &VisitCase<'_>,
    modality: &Modality,
    add_on: &Procedure,
    first: Period,
    rest: u32,
) -> Option<Vec<Edit>> {
    let [duration] = modality.durations.as_slice() else {
        return None;
    };
    let is_alone = case.on_day(case.plan(modality), &modality.code).count() == 1;
    let is_plain = modality.clock.is_empty() && modality.claimed.is_none() && is_alone;
    if !is_plain || !modality.has_own_line || modality.is_row {
        return None;
    }
    let words = case.str(duration.span);
    let digits = words
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(words.len());
    let figure = Span::new(duration.span.start, duration.span.start + digits);
    let modifiers = modality.modifiers.iter();
    let modifiers = modifiers.fold(String::new(), |all, m| all + "-" + &m.code);
    let line = format!("{}{}{modifiers} {rest} min", case.line_break(), add_on.code);
    (digits > 0).then(|| {
        vec![
            Edit::new(figure, first.minutes.to_string()),
            Edit::insert(modality.span.end, line),
        ]
    })
}
