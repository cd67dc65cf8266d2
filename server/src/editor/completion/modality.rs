//! What goes on a modality's line after the code: modifiers, regions, times, diagnosis pointers.

use jiff::civil::DateTime;

use super::codes::next_start;
use super::context::Cursor;
use super::diagnoses;
use super::regions::{REGIONS, SIDES, unsided};
use super::{Insert, ItemKind, Offer};
use crate::chart::{Modality, time};
use crate::editor::next_visit::BLANK;
use crate::policy::MassageAndManual;
use crate::reference::modifiers::{self, ModifierKind};
use crate::reference::ncci::{self, Indicator};
use crate::reference::procedures::Therapy;
use crate::rules::plan_of;
use crate::text::Span;

/// The modifiers after a code: those that solve what is wrong here, those that fit, the others.
pub fn modifiers<'a>(cursor: &Cursor<'a>, modality: &Modality, start: usize) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let solving = solving(cursor, modality);
    for (code, why) in &solving {
        if let Some(known) = modifiers::find(code) {
            add(
                &mut offer,
                modality,
                known,
                &format!("{}: {why}", known.label),
            );
        }
    }
    let mut rest: Vec<&modifiers::Modifier> = modifiers::all().iter().collect();
    rest.sort_by_key(|m| (!fits(modality, m), order(m.kind)));
    for known in rest {
        if is_possible(modality, known) {
            add(&mut offer, modality, known, known.label);
        }
    }
    offer
}

fn add(offer: &mut Offer<'_>, modality: &Modality, known: &modifiers::Modifier, detail: &str) {
    // What was typed so far is read as a modifier already.
    let there = modality
        .modifiers
        .iter()
        .any(|m| m.code == known.code && m.span.len() != offer.typed.len());
    let fits = offer.fits(known.code) || offer.fits(known.label);
    if !there && fits {
        offer.explained(
            ItemKind::Modifier,
            known.code,
            detail,
            format!("modifier:{}", known.code),
        );
    }
}

/// The modifiers that the visit asks for on this line, with the reason.
fn solving(cursor: &Cursor<'_>, modality: &Modality) -> Vec<(&'static str, String)> {
    let case = &cursor.case;
    let mut found: Vec<(&'static str, String)> = Vec::new();
    // What a finding would put here.
    let here = cursor.piece.start + modality.modifiers_end;
    let line = modality.line.shifted(cursor.piece.start);
    let visit = Span::new(cursor.piece.start, cursor.piece.end());
    for finding in cursor.analysis.findings_in(visit) {
        for fix in &finding.fixes {
            for edit in &fix.edits {
                let code = edit.text.trim_matches(['-', ' ']);
                let put = edit.span == Span::at(here)
                    || edit.span.start >= line.start && edit.span.end <= line.end;
                if put && let Some(known) = modifiers::find(code) {
                    found.push((known.code, format!("{} asks for it", finding.rule.name)));
                }
            }
        }
    }
    let has_distinct = |m: &Modality| m.has_modifier(&["59", "XE", "XP", "XS", "XU"]);
    for other in &case.visit.modalities {
        if other.code == modality.code || has_distinct(other) || case.payer.ncci == Some(false) {
            continue;
        }
        let massage = matches!(
            (&*modality.code, &*other.code),
            ("97124", "97140") | ("97140", "97124")
        );
        let opens = if massage {
            // A modifier helps with a payer that takes one, and may with others.
            !matches!(
                case.payer.massage_and_manual(),
                Some(MassageAndManual::Never | MassageAndManual::One)
            )
        } else {
            ncci::pair(&modality.code, &other.code)
                .is_some_and(|pair| pair.indicator == Indicator::WithModifier)
        };
        if opens {
            let why = format!(
                "only if it was separate from {}, in region or time",
                other.code
            );
            found.push(("59", why.clone()));
            found.push(("XS", why));
        }
    }
    let therapy = modality.procedure.is_some_and(|p| p.therapy != Therapy::No);
    let plans = ["GP", "GO", "GN"];
    if therapy && !modality.has_modifier(&plans) {
        let others = case.visit.modalities.iter().any(|m| m.has_modifier(&plans));
        if (others || case.payer.medicare)
            && let Some(plan) = plan_of(case)
        {
            found.push((plan, "as the rest of the note says".to_owned()));
        }
    }
    found
}

/// Whether a modifier goes with the code at all, by what is known of both.
fn is_possible(modality: &Modality, known: &modifiers::Modifier) -> bool {
    let code = &modality.code;
    let therapy = code.starts_with("97");
    let adjusts = modality.procedure.is_some_and(|p| p.adjustment);
    match known.code {
        "25" => code.starts_with("992"),
        "50" | "51" => !therapy && !adjusts,
        "AT" => adjusts && code != "98943",
        "GP" | "GO" | "GN" | "CQ" | "CO" | "KX" => !adjusts && !code.starts_with("992"),
        _ => true,
    }
}

fn order(kind: ModifierKind) -> usize {
    match kind {
        ModifierKind::Chiropractic => 0,
        ModifierKind::Distinct => 1,
        ModifierKind::Discipline => 2,
        ModifierKind::Assistant => 3,
        ModifierKind::Anatomic => 4,
        ModifierKind::Other => 5,
        ModifierKind::Liability => 6,
    }
}

fn fits(modality: &Modality, known: &modifiers::Modifier) -> bool {
    let therapy = modality.procedure.is_some_and(|p| p.therapy != Therapy::No);
    match known.kind {
        ModifierKind::Distinct | ModifierKind::Chiropractic => true,
        ModifierKind::Discipline | ModifierKind::Assistant => therapy,
        ModifierKind::Liability | ModifierKind::Anatomic => false,
        ModifierKind::Other => matches!(known.code, "25"),
    }
}

/// The words of a modality's line: regions, clock times, a pointer to a diagnosis.
pub fn words<'a>(
    cursor: &Cursor<'a>,
    modality: &Modality,
    start: usize,
    now: DateTime,
) -> Offer<'a> {
    let word = cursor.since(start);
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return times(cursor, start, now);
    }
    if word.is_empty() {
        // Right after a comma a space is missing; after a word it is a space that was typed.
        let mut offer = times(cursor, start, now);
        if modality.diagnoses.is_empty() {
            for code in diagnoses::of_visit(cursor) {
                let title = cursor
                    .case
                    .release()
                    .find(&code)
                    .map_or(String::new(), |e| e.title);
                offer.word(ItemKind::Diagnosis, &format!("dx {code}"), &title);
            }
        }
        let mut regions = regions(cursor, start);
        offer.items.append(&mut regions.items);
        offer.searched = true;
        return offer;
    }
    // `low ba`, `R upper tr`: the longest run of words that begins a region.
    let line = cursor.since(modality.modifiers_end.min(start));
    let from = cursor.at - line.len();
    let run = line
        .rfind([',', ';', '(', ')', '/'])
        .map_or(0, |end| end + 1);
    let mut starts: Vec<usize> = line[run..]
        .char_indices()
        .filter(|(at, c)| {
            !c.is_whitespace()
                && line[..run + at]
                    .chars()
                    .next_back()
                    .is_none_or(|c| c.is_whitespace() || ",;()/".contains(c))
        })
        .map(|(at, _)| from + run + at)
        .collect();
    starts.retain(|at| *at <= start);
    // A word that says all already is the last one's business only where it is alone.
    let mut offers = starts.into_iter().map(|at| (at, regions(cursor, at)));
    let found =
        offers.find(|(at, offer)| !offer.items.is_empty() || is_written_out(cursor.since(*at)));
    found.map_or_else(|| Offer::at(cursor, start), |(_, offer)| offer)
}

/// Whether what was typed is a region with all of its words.
fn is_written_out(typed: &str) -> bool {
    let (_, bare) = unsided(typed.trim_end());
    REGIONS
        .iter()
        .any(|(word, _)| word.eq_ignore_ascii_case(bare))
}

/// The regions that what was typed since an offset begins: those of the chart first.
pub fn regions<'a>(cursor: &Cursor<'a>, start: usize) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    offer.searched = true;
    let (side, bare) = unsided(offer.typed);
    if is_written_out(offer.typed) {
        return offer;
    }
    let begins = |word: &str| begins_with(word, bare);
    if side.is_none() {
        for used in used_regions(cursor) {
            if begins(&used) || bare.is_empty() {
                offer.word(ItemKind::Region, &used, "in this chart");
            }
        }
    }
    for (word, sided) in REGIONS {
        if !begins(word) {
            continue;
        }
        match side {
            Some(side) if *sided => {
                offer.word(ItemKind::Region, &format!("{side} {word}"), "");
            }
            Some(_) => {}
            None => {
                offer.word(ItemKind::Region, word, "");
                if *sided && !bare.is_empty() {
                    for side in SIDES {
                        offer.word(ItemKind::Region, &format!("{side} {word}"), "");
                    }
                }
            }
        }
    }
    offer
}

/// Whether a text or one of its words begins with what was typed.
fn begins_with(text: &str, typed: &str) -> bool {
    let (text, typed) = (text.to_lowercase(), typed.to_lowercase());
    text.starts_with(&typed) || text.split(' ').any(|word| word.starts_with(&typed))
}

/// The regions that modalities of this visit and the one before it name, as written.
fn used_regions(cursor: &Cursor<'_>) -> Vec<String> {
    let here = cursor.piece.start;
    let pieces = cursor.analysis.pieces().rev();
    let mut used: Vec<String> = Vec::new();
    for piece in pieces.skip_while(|p| p.start > here).take(2) {
        for modality in &piece.visit.modalities {
            if piece.start == here && modality.line.start >= cursor.line_start {
                continue;
            }
            for mention in &modality.regions {
                let text = &piece.text;
                // The side stands before the words.
                let before = text[..mention.range.start].trim_end_matches([' ', '\t']);
                let from = before
                    .rfind(|c: char| c.is_whitespace() || ",;(".contains(c))
                    .map_or(0, |at| {
                        at + before[at..].chars().next().map_or(1, char::len_utf8)
                    });
                let sided = unsided(&text[from..mention.range.end]).0.is_some();
                let start = if sided { from } else { mention.range.start };
                let words = text[start..mention.range.end].trim().to_owned();
                if !words.is_empty() && !words.contains(['\n', '\r']) && !used.contains(&words) {
                    used.push(words);
                }
            }
        }
    }
    used
}

/// Clock times for a block: it begins where the last one ended and ends now or with the session.
pub fn times<'a>(cursor: &Cursor<'a>, start: usize, now: DateTime) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let typed = offer.typed;
    let day = cursor.case.visit.day();
    let today = day.is_none_or(|day| day == now.date());
    let minute_now =
        u32::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).unwrap_or_default();
    let first = next_start(cursor);
    let model = first.as_ref().map_or("10:00", |f| &f.model).to_owned();
    // `10:02-`: the beginning was typed.
    let begun = typed.rsplit_once(['-', '–']).map(|(begun, _)| begun.trim());
    let (beginning, minutes) = match (&begun, &first) {
        (Some(begun), _) => {
            let range = format!("{begun}-23:59");
            let read = time::clock_ranges(&range, 0).first().map(|r| r.start);
            ((*begun).to_owned(), read)
        }
        (None, Some(first)) => (first.words.clone(), Some(first.minutes)),
        (None, None) => (String::new(), None),
    };
    let session_end = cursor.case.session().and_then(|s| s.clock).map(|c| c.end);
    let since = match (&begun, &first) {
        (None, Some(first)) if first.after_block => "from the end of the last block",
        (None, Some(_)) => "from the session's beginning",
        _ => "",
    };
    let mut add = |label: String, detail: &str| {
        if label.starts_with(typed) {
            offer.word(ItemKind::Time, &label, detail.trim());
        }
    };
    if let Some(minutes) = minutes {
        if today && minute_now > minutes && minute_now - minutes <= 180 {
            let until = time::clock_like(&model, minute_now);
            add(
                format!("{beginning}-{until}"),
                &format!("{since} until now"),
            );
        }
        if let Some(end) = session_end.filter(|end| *end > minutes) {
            let until = time::clock_like(&model, end);
            add(
                format!("{beginning}-{until}"),
                &format!("{since} to the session's end"),
            );
        }
        add(format!("{beginning}-{BLANK}"), since);
    } else if begun.is_none() && today {
        add(
            format!("{}-{BLANK}", time::clock_like(&model, minute_now)),
            "from now",
        );
    }
    offer
}

/// The time of the whole visit.
pub fn session<'a>(cursor: &Cursor<'a>, start: usize, now: DateTime) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let ranges = cursor.case.visit.modalities.iter().flat_map(|m| &m.clock);
    let first = ranges.clone().min_by_key(|r| r.start);
    let last = ranges.max_by_key(|r| r.end);
    let typed = offer.typed;
    let mut add = |label: String, detail: &str| {
        if label.starts_with(typed) {
            offer.push(ItemKind::Time, &label, detail, Insert::of(&label));
        }
    };
    if let (Some(first), Some(last)) = (first, last) {
        let text = |span: Span| cursor.case.text.get(span.range()).unwrap_or("10:00");
        let from = time::clock_like(text(first.ends[0]), first.start);
        let to = time::clock_like(text(last.ends[1]), last.end);
        add(
            format!("{from}-{to}"),
            "from the first block to the end of the last",
        );
    }
    let today = cursor.case.visit.day().is_none_or(|day| day == now.date());
    if today {
        let now = format!("{}:{:02}", now.hour(), now.minute());
        match typed.rsplit_once('-') {
            Some((begun, _)) => add(format!("{begun}-{now}"), "until now"),
            None => add(format!("{now}-{BLANK}"), "from now"),
        }
    }
    offer
}
