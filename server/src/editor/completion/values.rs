//! The values of fields.

use jiff::civil::DateTime;

use super::context::Cursor;
use super::{Insert, ItemKind, Offer, begins_words, diagnoses, modality};
use crate::billing::Counting;
use crate::chart::{FieldKind, Modality};
use crate::policy::{Payer, Waiver};
use crate::reference::techniques;
use crate::rules;
use crate::text::Span;

/// The values of a field, from its first character.
pub fn of<'a>(
    cursor: &Cursor<'a>,
    kind: FieldKind,
    under: Option<&Modality>,
    start: usize,
    now: DateTime,
) -> Offer<'a> {
    match kind {
        FieldKind::Payer => payers(cursor, start),
        FieldKind::Diagnosis => diagnoses::of_field(cursor, start),
        FieldKind::Waive => waivers(cursor, start),
        FieldKind::Session => modality::session(cursor, start, now),
        FieldKind::Time if under.is_some() => modality::times(cursor, start, now),
        FieldKind::Technique => techniques(cursor, under, start),
        FieldKind::Region => {
            let typed = cursor.since(start);
            let from = typed.rfind([',', ';']).map_or(0, |end| end + 1);
            let indent = typed[from..].len() - typed[from..].trim_start().len();
            modality::regions(cursor, start + from + indent)
        }
        FieldKind::Signed => signature(cursor, start, now),
        FieldKind::TimedMinutes => timed_minutes(cursor, start),
        FieldKind::Response => templates(
            cursor,
            start,
            &[("pain ___/10 to ___/10", "pain before and after")],
        ),
        FieldKind::Goal => templates(cursor, start, GOALS),
        FieldKind::Referral => templates(
            cursor,
            start,
            &[
                (
                    "___ to ___, ___ visits, Dr. ___",
                    "first day, last day, visits, by whom",
                ),
                ("___, ___ visits, Dr. ___", "day, visits, by whom"),
            ],
        ),
        FieldKind::PlanOfCare => templates(
            cursor,
            start,
            &[
                (
                    "___ to ___, ___x/week for ___ weeks",
                    "first day, last day, frequency, duration",
                ),
                ("___x/week for ___ weeks", "frequency, duration"),
            ],
        ),
        _ => Offer::at(cursor, start),
    }
}

/// Activity, measure, time frame, and where the patient stands today.
const GOALS: &[(&str, &str)] = &[
    (
        "___ for ___ minutes by ___ (now ___ minutes)",
        "activity, measure, time frame, today",
    ),
    ("sit ___ minutes by ___ (now ___ minutes)", "sitting"),
    ("stand ___ minutes by ___ (now ___ minutes)", "standing"),
    ("walk ___ minutes by ___ (now ___ minutes)", "walking"),
    (
        "sleep ___ hours without waking by ___ (now ___ hours)",
        "sleep",
    ),
    ("drive ___ minutes by ___ (now ___ minutes)", "driving"),
    ("climb ___ stairs by ___ (now ___)", "stairs"),
    ("lift ___ lb to ___ height by ___ (now ___ lb)", "lifting"),
    ("reach overhead ___ times by ___ (now ___)", "reaching"),
    (
        "work at a desk ___ minutes by ___ (now ___ minutes)",
        "desk work",
    ),
    (
        "return to ___ for ___ minutes by ___ (now ___ minutes)",
        "work or sport",
    ),
];

fn templates<'a>(cursor: &Cursor<'a>, start: usize, all: &[(&str, &str)]) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    for (text, detail) in all {
        let typed = offer.typed.trim_end();
        let begins = text
            .get(..typed.len())
            .is_some_and(|t| t.eq_ignore_ascii_case(typed));
        if begins && cursor.at_line_end {
            offer.push(ItemKind::Template, text, detail, Insert::of(*text));
        }
    }
    offer
}

/// What follows `visit:`.
pub fn heading<'a>(cursor: &Cursor<'a>, start: usize, now: DateTime) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let today = now.date().to_string();
    if today.starts_with(offer.typed) && cursor.at_line_end {
        offer.word(ItemKind::Time, &today, "today");
    }
    offer
}

fn payers<'a>(cursor: &Cursor<'a>, start: usize) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let built_in = crate::policy::Policy::default();
    let policy = cursor.analysis.policy();
    // The reader's own first.
    let (own, others): (Vec<&Payer>, Vec<&Payer>) = policy
        .payers
        .iter()
        .partition(|p| built_in.payers.iter().all(|b| b.name != p.name));
    for payer in own.into_iter().chain(others) {
        let names = format!("{} {}", payer.name, payer.aliases.join(" "));
        if payer.name != "default" && begins_words(&names, offer.typed) {
            offer.word(ItemKind::Payer, &payer.name, &facts(payer));
        }
    }
    offer
}

/// What is known of a payer.
fn facts(payer: &Payer) -> String {
    let mut facts = Vec::new();
    if !payer.aliases.is_empty() {
        facts.push(format!("also {}", payer.aliases.join(", ")));
    }
    facts.extend(payer.counting.map(|counting| {
        match counting {
            Counting::Cms => "8-minute rule",
            Counting::Ama => "midpoint of each code",
        }
        .to_owned()
    }));
    facts.extend(payer.ncci.map(|follows| {
        if follows {
            "follows NCCI"
        } else {
            "edits of its own"
        }
        .to_owned()
    }));
    facts.join("; ")
}

/// Rules that could be waived: those that find something where the waiver would hold come first.
fn waivers<'a>(cursor: &Cursor<'a>, start: usize) -> Offer<'a> {
    let whole = cursor.since(start);
    if Waiver::read(whole, 0).has_reason || whole.contains(" because") {
        return Offer::at(cursor, cursor.at);
    }
    let from = whole.rfind([',', ';', ' ', '\t']).map_or(0, |end| end + 1);
    let mut offer = Offer::at(cursor, start + from);
    let analysis = cursor.analysis;
    let chart = analysis
        .preamble()
        .is_some_and(|p| p.start == cursor.piece.start);
    let mut firing: Vec<&'static rules::Rule> = Vec::new();
    let found = if chart {
        let pieces = analysis.pieces();
        pieces
            .flat_map(|p| &p.judgement.findings)
            .map(|f| f.rule)
            .collect()
    } else {
        let visit = Span::new(cursor.piece.start, cursor.piece.end());
        let findings = analysis.findings_in(visit);
        findings.iter().map(|f| f.rule).collect::<Vec<_>>()
    };
    for rule in found {
        if !firing.contains(&rule) {
            firing.push(rule);
        }
    }
    let reason = if cursor.at_line_end {
        " because ___"
    } else {
        ""
    };
    let others = rules::ALL
        .iter()
        .copied()
        .filter(|rule| !firing.contains(rule));
    let fires = firing.len();
    for (index, rule) in firing.iter().copied().chain(others).enumerate() {
        if !offer.fits(rule.name) {
            continue;
        }
        let detail = if index < fires && chart {
            "found in this chart"
        } else if index < fires {
            "found in this visit"
        } else {
            rule.group.name()
        };
        let insert = Insert::of(format!("{}{reason}", rule.name));
        if let Some(item) = offer.push(ItemKind::Rule, rule.name, detail, insert) {
            item.documentation = super::Documentation::Key(format!("rule:{}", rule.name));
        }
    }
    offer
}

/// The techniques that belong to the modality's code.
fn techniques<'a>(cursor: &Cursor<'a>, under: Option<&Modality>, start: usize) -> Offer<'a> {
    let typed = cursor.since(start);
    let from = typed.rfind([',', ';']).map_or(0, |end| end + 1);
    let indent = typed[from..].len() - typed[from..].trim_start().len();
    let mut offer = Offer::at(cursor, start + from + indent);
    offer.searched = true;
    let Some(modality) = under else {
        return offer;
    };
    let code = modality.code.as_str();
    let word = offer.typed.trim();
    let mut known: Vec<&techniques::Technique> = techniques::all()
        .iter()
        .filter(|t| t.specific && t.accepted.contains(&code) && !t.name.contains([',', '(']))
        .collect();
    known.sort_by_key(|t| t.default_code != Some(code));
    if known.iter().any(|t| t.name.eq_ignore_ascii_case(word)) {
        return offer;
    }
    // `MFR` is to find its long name.
    let meant = techniques::find_in(word);
    let said: Vec<&str> = typed[..from].split([',', ';']).map(str::trim).collect();
    for technique in known {
        let by_words = meant.iter().any(|m| m.technique.name == technique.name);
        let again = said.iter().any(|s| s.eq_ignore_ascii_case(technique.name));
        if !again && (by_words || begins_words(technique.name, word)) {
            offer.word(ItemKind::Technique, technique.name, "");
        }
    }
    offer
}

/// Who treats, as the chart names them, and the day.
fn signature<'a>(cursor: &Cursor<'a>, start: usize, now: DateTime) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let named = |text: &str, visit: &crate::chart::Visit| {
        let value = visit.field(FieldKind::Provider)?.value?;
        let name = text[value.range()].trim().to_owned();
        (!name.contains(['\n', '\r'])).then_some(name)
    };
    let case = &cursor.case;
    let name = named(case.text, case.visit)
        .or_else(|| case.preamble.and_then(|(text, visit)| named(text, visit)));
    if let Some(name) = name {
        let signed = format!("{name} {}", now.date());
        if signed.starts_with(offer.typed) {
            offer.word(
                ItemKind::Template,
                &signed,
                "the provider of this chart, today",
            );
        }
    }
    offer
}

/// The sum of the timed blocks.
fn timed_minutes<'a>(cursor: &Cursor<'a>, start: usize) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let claim = &cursor.case.claim;
    let sum = claim.timed_minutes.to_string();
    if claim.timed_minutes > 0 && !claim.incomplete && sum.starts_with(offer.typed) {
        offer.word(
            ItemKind::Time,
            &sum,
            "the minutes of the timed blocks of this visit",
        );
    }
    offer
}
