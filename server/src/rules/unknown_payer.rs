use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::FieldKind;
use crate::policy::{Level, Named, Payer, Policy};

pub static RULE: Rule = Rule {
    name: "unknown-payer",
    group: Group::Chart,
    level: Level::Information,
    source: "docs/payers.md",
    page: page!("unknown-payer"),
    check: Check::Visit(check),
};

/// Words for payers that have no profile, or for none, which a slip of the pen makes of others. What a note
/// calls them is right.
const OTHERS: &[&str] = &[
    "medical", "medigap", "champva", "premier", "primary", "primera",
];

/// In a shorter name two letters are too many for a slip.
const LONG: usize = 9;

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let Some(value) = case.visit.field(FieldKind::Payer).and_then(|f| f.value) else {
        return;
    };
    let named = case.str(value).trim();
    let typed = case.last && value.end >= case.visit.text_end;
    if typed || named.contains("__") || case.policy.named(named) != Named::Unknown {
        return;
    }
    let draft = Draft::new(
        value,
        "No payer profile has this name, so the note is checked as for an unknown payer. A [payers] table in soapstone.toml can say how this one counts and what it asks for.",
    );
    found.push(match slip_of(named, case.policy) {
        Some(near) => draft.fix(format!("Change it to {near}"), value, near),
        None => draft,
    });
}

/// The known name that was mistyped. Where another payer's name is about as near, nobody knows which of them
/// was meant: `medicade` is one letter away from Medicare, and means Medicaid.
fn slip_of<'p>(named: &str, policy: &'p Policy) -> Option<&'p str> {
    let written = named.to_lowercase();
    let length = written.chars().count();
    if length <= 4 || OTHERS.contains(&&*written) {
        return None;
    }
    let most = if length < LONG { 1 } else { 2 };
    // A name that is longer or shorter by more letters is farther than any that matters.
    let may_be_near = |name: &&String| name.chars().count().abs_diff(length) <= most + 1;
    let nearest_of = |payer: &'p Payer| {
        let distances = payer.names().filter(may_be_near).map(|name| {
            let distance = strsim::osa_distance(&written, &name.to_lowercase());
            (distance, &**name)
        });
        distances.min()
    };
    let known = policy.payers.iter().filter(|p| !p.stands_for_any);
    let mut near: Vec<(usize, &str)> = known.filter_map(nearest_of).collect();
    near.sort_unstable();
    let (distance, name) = *near.first()?;
    let is_only = near.get(1).is_none_or(|(next, _)| *next > distance + 1);
    (distance <= most && is_only).then_some(name)
}
