//! The values of fields.

use jiff::civil::DateTime;

use super::context::Cursor;
use super::{Documentation, Insert, ItemKind, Offer, begins, begins_words, diagnoses, modality};
use crate::billing::Counting;
use crate::chart::{FieldKind, Modality};
use crate::editor::stated;
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
        FieldKind::Region => modality::regions(cursor, cursor.last_of_list(start)),
        FieldKind::Signed => signature(cursor, start, now),
        FieldKind::TimedMinutes => timed_minutes(cursor, start),
        FieldKind::Response => templates(cursor, start, RESPONSES),
        FieldKind::Goal => templates(cursor, start, GOALS),
        FieldKind::Referral => templates(cursor, start, REFERRALS),
        FieldKind::Authorization => templates(cursor, start, AUTHORIZATIONS),
        FieldKind::PlanOfCare => templates(cursor, start, PLANS_OF_CARE),
        _ => Offer::at(cursor, start),
    }
}

/// Texts with placeholders, each after what it holds.
type Templates = &'static [&'static str];

const RESPONSES: Templates = &["pain before and after: pain ___/10 to ___/10"];

const REFERRALS: Templates = &[
    "first day, last day, visits, by whom: ___ to ___, ___ visits, Dr. ___",
    "day, visits, by whom: ___, ___ visits, Dr. ___",
];

const AUTHORIZATIONS: Templates = &[
    "number, visits, units, first day, last day: ___, ___ visits or ___ units, ___ to ___",
    "number, visits, first day, last day: ___, ___ visits, ___ to ___",
];

const PLANS_OF_CARE: Templates = &[
    "first day, last day, frequency, duration: ___ to ___, ___x/week for ___ weeks",
    "frequency, duration: ___x/week for ___ weeks",
];

const GOALS: Templates = &[
    "activity, measure, time frame, today: ___ for ___ minutes by ___ (now ___ minutes)",
    "sitting: sit ___ minutes by ___ (now ___ minutes)",
    "standing: stand ___ minutes by ___ (now ___ minutes)",
    "walking: walk ___ minutes by ___ (now ___ minutes)",
    "sleep: sleep ___ hours without waking by ___ (now ___ hours)",
    "driving: drive ___ minutes by ___ (now ___ minutes)",
    "stairs: climb ___ stairs by ___ (now ___)",
    "lifting: lift ___ lb to ___ height by ___ (now ___ lb)",
    "reaching: reach overhead ___ times by ___ (now ___)",
    "desk work: work at a desk ___ minutes by ___ (now ___ minutes)",
    "work or sport: return to ___ for ___ minutes by ___ (now ___ minutes)",
];

fn templates<'a>(cursor: &Cursor<'a>, start: usize, all: Templates) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    for (detail, text) in all.iter().filter_map(|row| row.split_once(": ")) {
        if begins(text, offer.typed.trim_end()) && cursor.at_line_end {
            offer.word(ItemKind::Template, text, detail);
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
    let is_own = |p: &&Payer| built_in.payers.iter().all(|b| b.name != p.name);
    let known = policy.payers.iter().filter(|p| p.name != "default");
    let mut fitting: Vec<(bool, Fit, &Payer)> = known
        .filter_map(|p| Some((!is_own(&p), fit(p, offer.typed)?, p)))
        .collect();
    fitting.sort_by_key(|(built_in, fit, _)| (*built_in, *fit));
    for (.., payer) in fitting {
        let title = Some(&payer.title).filter(|title| **title != payer.name);
        let mut detail = vec![title.cloned().unwrap_or_default(), known_of(payer)];
        detail.retain(|part| !part.is_empty());
        offer.word(ItemKind::Payer, &payer.name, &detail.join("; "));
    }
    offer
}

/// How a payer fits what was typed, the best first: `aet` is Aetna before Medicaid, which is also called `aetna better health`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Called,
    NameBegins,
    TitleBegins,
    WordsOfTitle,
    WordsOfAnyName,
}

fn fit(payer: &Payer, typed: &str) -> Option<Fit> {
    let called = |name: &String| !typed.is_empty() && name.eq_ignore_ascii_case(typed.trim_end());
    let other_names = payer.aliases.join(" ");
    let fits = [
        (Fit::Called, payer.aliases.iter().any(called)),
        (Fit::NameBegins, begins(&payer.name, typed)),
        (Fit::TitleBegins, begins(&payer.title, typed)),
        (
            Fit::WordsOfTitle,
            begins_words(&format!("{} {}", payer.name, payer.title), typed),
        ),
        (
            Fit::WordsOfAnyName,
            begins_words(
                &format!("{} {} {other_names}", payer.name, payer.title),
                typed,
            ),
        ),
    ];
    let best = fits.into_iter().find(|(_, it_does)| *it_does);
    best.map(|(fit, _)| fit)
}

/// What is known of a payer, in words.
pub fn known_of(payer: &Payer) -> String {
    let mut facts = Vec::new();
    if !payer.aliases.is_empty() {
        facts.push(format!("also {}", payer.aliases.join(", ")));
    }
    let counting = payer.counting.map(|counting| match counting {
        Counting::Cms => "8-minute rule",
        Counting::Ama => "midpoint of each code",
    });
    let follows = |ncci| {
        if ncci {
            "follows NCCI"
        } else {
            "edits of its own"
        }
    };
    let edits = payer.ncci.map(follows);
    facts.extend(counting.into_iter().chain(edits).map(str::to_owned));
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
    let (analysis, piece) = (cursor.analysis, cursor.piece);
    let chart = analysis.preamble().is_some_and(|p| p.start == piece.start);
    let (found, of_whom): (Vec<_>, _) = if chart {
        let found = analysis.pieces().flat_map(|p| &p.judgement.findings);
        (found.map(|f| f.rule).collect(), "found in this chart")
    } else {
        let found = analysis.findings_in(Span::new(piece.start, piece.end()));
        let rules = found.iter().map(|f| f.rule).collect();
        (rules, "found in this visit")
    };
    let because = " because ___";
    let reason = if cursor.at_line_end { because } else { "" };
    // A rule that comes twice is offered once, as what it was first.
    let found = found.into_iter().map(|rule| (rule, of_whom));
    let own = rules::clinic::of_policy(analysis.policy());
    let all = rules::ALL.iter().copied().chain(own);
    let all = all.map(|rule| (rule, rule.group.name()));
    for (rule, detail) in found.chain(all) {
        let name = rule.name;
        if offer.fits(name) {
            let insert = Insert::of(format!("{name}{reason}"));
            let key = Documentation::Key(format!("rule:{name}"));
            offer.push(ItemKind::Rule, name, detail, insert, key);
        }
    }
    offer
}

/// The techniques that belong to the modality's code.
fn techniques<'a>(cursor: &Cursor<'a>, under: Option<&Modality>, start: usize) -> Offer<'a> {
    let mut offer = Offer::at(cursor, cursor.last_of_list(start));
    offer.searched = true;
    let Some(modality) = under else {
        return offer;
    };
    let code = modality.code.as_str();
    let word = offer.typed.trim();
    let mut known: Vec<&techniques::Technique> = techniques::all().iter().collect();
    known.retain(|t| t.specific && t.accepted.contains(&code) && !t.name.contains([',', '(']));
    known.sort_by_key(|t| t.default_code != Some(code));
    if known.iter().any(|t| t.name.eq_ignore_ascii_case(word)) {
        return offer;
    }
    // `MFR` is to find its long name.
    let meant = techniques::find_in(word);
    for name in known.iter().map(|t| t.name) {
        let by_words = meant.iter().any(|m| m.technique.name == name);
        // What is typed now is not among them, as was seen above.
        let mut said = cursor.since(start).split([',', ';']);
        let again = said.any(|s| s.trim().eq_ignore_ascii_case(name));
        if !again && (by_words || begins_words(name, word)) {
            offer.word(ItemKind::Technique, name, "");
        }
    }
    offer
}

/// Who treats, as the chart names them, and the day.
fn signature<'a>(cursor: &Cursor<'a>, start: usize, now: DateTime) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let name = |value: &str| {
        let name = value.trim();
        (!name.contains(['\n', '\r'])).then(|| name.to_owned())
    };
    if let Some(name) = stated(&cursor.case, FieldKind::Provider, name) {
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
