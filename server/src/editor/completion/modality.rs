//! What goes on a modality's line after the code: modifiers, regions, times, diagnosis pointers.

use jiff::civil::DateTime;

use super::codes::next_start;
use super::context::Cursor;
use super::diagnoses;
use super::regions::{self, SIDES, unsided};
use super::{Documentation, Insert, ItemKind, Offer};
use crate::chart::{Modality, time};
use crate::editor::clock::written_like_the_note;
use crate::editor::minute_of_day;
use crate::editor::next_visit::BLANK;
use crate::policy::MassageAndManual;
use crate::reference::modifiers::{self, Modifier, ModifierKind};
use crate::reference::ncci::Indicator;
use crate::reference::procedures::Therapy;
use crate::rules::plan_of;
use crate::text::Span;

/// The modifiers after a code: those that solve what is wrong here, those that fit, the others.
pub fn modifiers<'a>(cursor: &Cursor<'a>, modality: &Modality, start: usize) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    for (known, why) in solving(cursor, modality) {
        let detail = format!("{}: {why}", known.label);
        add(&mut offer, modality, known, &detail);
    }
    let mut rest: Vec<&Modifier> = modifiers::all().iter().collect();
    rest.sort_by_key(|m| (!fits(modality, m), m.kind));
    for known in rest {
        if is_possible(modality, known) {
            add(&mut offer, modality, known, known.label);
        }
    }
    offer
}

fn add(offer: &mut Offer<'_>, modality: &Modality, known: &Modifier, detail: &str) {
    // What was typed so far is read as a modifier already.
    let code = known.code;
    let mut modifiers = modality.modifiers.iter();
    let there = modifiers.any(|m| m.code == code && m.span.len() != offer.typed.len());
    if !there && (offer.fits(code) || offer.fits(known.label)) {
        let key = Documentation::Key(format!("modifier:{code}"));
        offer.push(ItemKind::Modifier, code, detail, Insert::of(code), key);
    }
}

/// The modifiers that the visit asks for on this line, with the reason.
fn solving(cursor: &Cursor<'_>, modality: &Modality) -> Vec<(&'static Modifier, String)> {
    let case = &cursor.case;
    let mut found: Vec<(&str, String)> = Vec::new();
    // What a finding would put here.
    let here = cursor.piece.start + modality.modifiers_end;
    let line = modality.line.shifted(cursor.piece.start);
    let visit = Span::new(cursor.piece.start, cursor.piece.end());
    let findings = cursor.analysis.findings_in(visit);
    for finding in &findings {
        for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            let within = edit.span.start >= line.start && edit.span.end <= line.end;
            if within || edit.span == Span::at(here) {
                let code = edit.text.trim_matches(['-', ' ']);
                found.push((code, format!("{} asks for it", finding.rule.name)));
            }
        }
    }
    let has_distinct = |m: &Modality| m.has_modifier(&["59", "XE", "XP", "XS", "XU"]);
    for other in &case.visit.modalities {
        if other.code == modality.code || has_distinct(other) || case.payer.ncci == Some(false) {
            continue;
        }
        let opens = match (&*modality.code, &*other.code) {
            // A modifier helps with a payer that takes one, and may with others.
            ("97124", "97140") | ("97140", "97124") => case
                .payer
                .massage_and_manual()
                .is_none_or(|policy| policy == MassageAndManual::Modifier),
            (one, other) => cursor
                .case
                .policy
                .edits
                .pair(one, other)
                .is_some_and(|pair| pair.indicator == Indicator::WithModifier),
        };
        if opens {
            let other = &other.code;
            let why = format!("only if it was separate from {other}, in region or time");
            found.extend(["59", "XS"].map(|code| (code, why.clone())));
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
    let found = found.into_iter();
    found
        .filter_map(|(code, why)| Some((modifiers::find(code)?, why)))
        .collect()
}

/// Whether a modifier goes with the code at all, by what is known of both.
fn is_possible(modality: &Modality, known: &Modifier) -> bool {
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

fn fits(modality: &Modality, known: &Modifier) -> bool {
    let therapy = modality.procedure.is_some_and(|p| p.therapy != Therapy::No);
    match known.kind {
        ModifierKind::Distinct | ModifierKind::Chiropractic => true,
        ModifierKind::Discipline | ModifierKind::Assistant => therapy,
        ModifierKind::Liability | ModifierKind::Anatomic => false,
        ModifierKind::Other => known.code == "25",
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
                let entry = cursor.case.release().find(&code);
                let title = entry.map_or(String::new(), |e| e.title);
                offer.word(ItemKind::Diagnosis, &format!("dx {code}"), &title);
            }
        }
        offer.items.extend(regions(cursor, start).items);
        offer.searched = true;
        return offer;
    }
    // `low ba`, `R upper tr`: the longest run of words that begins a region.
    let line = cursor.since(modality.modifiers_end.min(start));
    let run = line.rsplit([',', ';', '(', ')', '/']).next();
    let run = run.unwrap_or_default().trim_start();
    let spaces = run.match_indices(char::is_whitespace);
    let words = spaces.map(|(at, space)| run[at + space.len()..].len());
    let starts = [run.len()].into_iter().chain(words);
    // A word that says all already is the last one's business only where it is alone.
    let mut offers = starts
        .map(|length| cursor.at - length)
        .filter(|at| *at <= start && !cursor.since(*at).starts_with(char::is_whitespace))
        .map(|at| regions(cursor, at));
    let found = offers.find(|offer| !offer.items.is_empty() || is_written_out(offer.typed));
    found.unwrap_or_else(|| Offer::at(cursor, start))
}

/// Whether what was typed is a region with all of its words.
fn is_written_out(typed: &str) -> bool {
    let (_, bare) = unsided(typed.trim_end());
    regions::regions().any(|(word, _)| word.eq_ignore_ascii_case(bare))
}

/// The regions that what was typed since an offset begins: those of the chart first.
pub fn regions<'a>(cursor: &Cursor<'a>, start: usize) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    offer.searched = true;
    let (side, bare) = unsided(offer.typed);
    if is_written_out(offer.typed) {
        return offer;
    }
    // Whether the text or one of its words begins with what was typed.
    let typed = bare.to_lowercase();
    let begins = |text: &str| {
        let text = text.to_lowercase();
        text.starts_with(&typed) || text.split(' ').any(|word| word.starts_with(&typed))
    };
    if side.is_none() {
        for used in used_regions(cursor).iter().filter(|used| begins(used)) {
            offer.word(ItemKind::Region, used, "in this chart");
        }
    }
    for (word, sided) in regions::regions().filter(|(word, _)| begins(word)) {
        if side.is_none() {
            offer.word(ItemKind::Region, word, "");
        }
        let wanted = |s: &&&str| side.map_or(!bare.is_empty(), |side| side == **s);
        for side in SIDES.iter().filter(wanted).filter(|_| sided) {
            offer.word(ItemKind::Region, &format!("{side} {word}"), "");
        }
    }
    offer
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
                let (text, range) = (&piece.text, &mention.range);
                // The side stands before the words.
                let before = text[..range.start].trim_end_matches([' ', '\t']);
                let mut words = before.rsplit(|c: char| c.is_whitespace() || ",;(".contains(c));
                let from = before.len() - words.next().map_or(0, str::len);
                let sided = unsided(&text[from..range.end]).0.is_some();
                let start = if sided { from } else { range.start };
                let words = text[start..range.end].trim().to_owned();
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
    let minute_now = minute_of_day(now);
    let first = next_start(cursor);
    // `10:02-`: the beginning was typed.
    let begun = typed.rsplit_once(['-', '–']).map(|(begun, _)| begun.trim());
    let (beginning, minutes, since) = match (begun, &first) {
        (Some(begun), _) => {
            let range = time::clock_ranges(&format!("{begun}-23:59"), 0);
            (begun, range.first().map(|r| r.start), "")
        }
        (None, Some(first)) => {
            let since = if first.after_block {
                "from the end of the last block"
            } else {
                "from the session's beginning"
            };
            (&*first.words, Some(first.minutes), since)
        }
        (None, None) => ("", None, ""),
    };
    let session_end = cursor.case.session().and_then(|s| s.clock).map(|c| c.end);
    let mut add = |from: &str, to: &str, detail: &str| add_range(&mut offer, from, to, detail);
    let written = |minutes| written_like_the_note(cursor.analysis, cursor.piece, minutes);
    if let Some(minutes) = minutes {
        if today && minute_now > minutes && minute_now - minutes <= 180 {
            let until_now = format!("{since} until now");
            add(beginning, &written(minute_now), &until_now);
        }
        if let Some(end) = session_end.filter(|end| *end > minutes) {
            let to_end = format!("{since} to the session's end");
            add(beginning, &written(end), &to_end);
        }
        add(beginning, BLANK, since);
    } else if begun.is_none() && today {
        add(&written(minute_now), BLANK, "from now");
    }
    offer
}

fn add_range(offer: &mut Offer<'_>, from: &str, to: &str, detail: &str) {
    let label = format!("{from}-{to}");
    if label.starts_with(offer.typed) {
        offer.word(ItemKind::Time, &label, detail.trim());
    }
}

/// The time of the whole visit.
pub fn session<'a>(cursor: &Cursor<'a>, start: usize, now: DateTime) -> Offer<'a> {
    let mut offer = Offer::at(cursor, start);
    let ranges = cursor.case.visit.modalities.iter().flat_map(|m| &m.clock);
    let first = ranges.clone().min_by_key(|r| r.start);
    let last = ranges.max_by_key(|r| r.end);
    let typed = offer.typed;
    let mut add = |from: &str, to: &str, detail: &str| add_range(&mut offer, from, to, detail);
    if let (Some(first), Some(last)) = (first, last) {
        let written = |minutes| written_like_the_note(cursor.analysis, cursor.piece, minutes);
        let (from, to) = (written(first.start), written(last.end));
        add(&from, &to, "from the first block to the end of the last");
    }
    if cursor.case.visit.day().is_none_or(|day| day == now.date()) {
        let now = written_like_the_note(cursor.analysis, cursor.piece, minute_of_day(now));
        match typed.rsplit_once('-') {
            Some((begun, _)) => add(begun, &now, "until now"),
            None => add(&now, BLANK, "from now"),
        }
    }
    offer
}
