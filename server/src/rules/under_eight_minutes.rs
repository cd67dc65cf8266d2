use super::wording::{minutes, units};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::billing::units::LEAST;
use crate::billing::{Counting, Discipline};
use crate::chart::Modality;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "under-eight-minutes",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-04 ch. 5 §20.2",
    page: page!("under-eight-minutes"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    if case.claim.incomplete || case.claim.by_total {
        return;
    }
    for discipline in &case.claim.disciplines {
        of_discipline(case, discipline, found);
    }
}

fn of_discipline(case: &VisitCase<'_>, discipline: &Discipline, found: &mut Vec<Draft>) {
    let (plan, allocations) = (discipline.plan, &discipline.allocations);
    let claimed = case.claimed(plan);
    for code in allocations.codes() {
        // `x0` says that nothing is billed for these minutes, which is right.
        if code.minutes >= LEAST || claimed.get(&code.code) == Some(&0) {
            continue;
        }
        let Some(modality) = case.last_here(plan, &code.code) else {
            continue;
        };
        let (name, only) = (&code.code, minutes(code.minutes));
        let (_, most) = allocations.bounds(name).unwrap_or_default();
        let (whose, total) = (case.whose_minutes(plan), discipline.timed_minutes);
        let several = allocations.codes().len() > 1;
        let cms_earns_more =
            several && case.claim.counting == Counting::Cms && allocations.total() > 0;
        let message = if most > 0 {
            let alone = match case.payer.counting {
                None => " A payer that counts each code by itself pays nothing for it.",
                Some(_) => "",
            };
            format!(
                "{name} has only {only}, but {whose} {total} timed minutes together still earn it a unit.{alone}"
            )
        } else if cms_earns_more {
            format!(
                "{name} has only {only} and earns no unit: {whose} {total} timed minutes make {}, and other codes have more minutes left over. A payer will deny it.",
                units(allocations.total())
            )
        } else {
            format!(
                "{name} has only {only}: a timed code needs at least 8 minutes to earn a unit, so a payer will deny it."
            )
        };
        let mut draft = Draft::new(time_of(modality), message);
        if most > 0 {
            draft = draft.level(Level::Information);
        } else if case.on_day(plan, name).count() == 1 && modality.has_own_line {
            draft = ways_out(case, modality, draft);
        }
        found.push(draft);
    }
}

/// What the minutes of a block by itself may come to: nothing, as they stand; more, which only the clinician can say; or
/// those of the block beside it, where its techniques belong there as well.
fn ways_out(case: &VisitCase<'_>, block: &Modality, mut draft: Draft) -> Draft {
    if let Some(other) = beside(case, block) {
        let title = format!("Count these minutes under {other}");
        draft = draft.fix(title, block.code_span, other);
    }
    let more = match (block.clock.as_slice(), block.durations.as_slice()) {
        ([clock], []) => Some((
            "Change when it ended (a blank to fill)",
            clock.ends[1],
            "___",
        )),
        ([], [minutes]) => Some((
            "Change the minutes (a blank to fill)",
            minutes.span,
            "___ min",
        )),
        _ => None,
    };
    if let Some((title, span, blank)) = more {
        draft = draft.fix(title, span, blank);
    }
    let title = format!("Bill nothing for {} (x0)", block.code);
    match block.claimed {
        Some(claimed) => draft.fix(title, claimed.span, "x0"),
        None => draft.fix(title, Span::at(block.line.end), " x0"),
    }
}

/// The code of another timed block of the visit, if all techniques of this one belong to it, too.
fn beside<'a>(case: &VisitCase<'a>, block: &Modality) -> Option<&'a str> {
    let named: Vec<_> = block.techniques.iter().map(|m| m.technique).collect();
    let belongs = |code: &str| named.iter().all(|t| t.accepted.contains(&code));
    let plain = |m: &Modality| m.modifiers.is_empty() && m.claimed.is_none();
    let mut others = case.visit.modalities.iter();
    let other = others.find(|m| {
        m.code != block.code
            && m.is_pooled()
            && plain(m)
            && case.plan(m) == case.plan(block)
            && belongs(&m.code)
    });
    let is_named = named.iter().any(|technique| technique.specific);
    other
        .filter(|_| is_named && plain(block))
        .map(|m| m.code.as_str())
}

/// Where the block says how long it took.
fn time_of(modality: &Modality) -> Span {
    let clock = modality.clock.last().map(|c| c.span);
    clock
        .or(modality.durations.last().map(|d| d.span))
        .unwrap_or(modality.code_span)
}
