//! "Stamp the time": the clock as it stands now, as the start of a block or a session, or as the end
//! of one that was begun.
//!
//! It is offered only on a line that waits for a time, and only in a visit of today: a note that is
//! written up later has times of its own.

use jiff::civil::DateTime;

use super::{Action, Asked, Kind};
use crate::chart::{FieldKind, Modality, Visit, time};
use crate::editor::clock::written_like_the_note;
use crate::editor::{line_start, minute_of_day};
use crate::pattern::pattern;
use crate::rules::Edit;
use crate::text::Span;

/// A block that lasts longer than this was begun on another day, or its end was forgotten.
const LONGEST: u32 = 6 * 60;

// `10:02-`, `10:02 to`, `1002-`, `10:02-___`, `10:02`: a start that no end follows.
pattern!(
    OPEN,
    r"(?ix) (?P<start> \b\d{1,2}:\d{2}(?:[\ \t]*[ap]\.?m\b\.?)? | \b\d{4}(?:[\ \t]*[-–—]) )
        (?P<dash> [\ \t]*(?: [-–—] | (?:to|until)\b ) )?
        (?: (?P<gap>[\ \t]*) (?P<blank>_{2,}) )?"
);
pattern!(BLANK, r"_{2,}(?:[ \t]*(?:[-–—]|to)[ \t]*_{2,})?");

/// The offer at the cursor.
pub(super) fn actions(asked: &Asked<'_>) -> Vec<Action> {
    offer(asked).into_iter().collect()
}

fn offer(asked: &Asked<'_>) -> Option<Action> {
    let piece = asked.analysis.piece_at(asked.span.start)?;
    let (text, visit) = (&*piece.text, &piece.visit);
    let another_day = visit.day().is_some_and(|day| day != asked.now.date());
    if another_day || !piece.is_visit() {
        return None;
    }
    let target = target(text, visit, asked.span.start - piece.start)?;
    let start = written_like_the_note(asked.analysis, piece, minute_of_day(asked.now));
    let (title, span, text) = stamp(text, target, &start, asked.now)?;
    let span = span.shifted(piece.start);
    Some(Action {
        title,
        kind: Kind::Add,
        edits: vec![Edit { span, text }],
    })
}

/// The words in which the time of the line at an offset stands or would stand.
fn target(text: &str, visit: &Visit, at: usize) -> Option<Span> {
    let to_line_end = |start: usize| {
        let length = text[start..].find(['\n', '\r']);
        Span::new(start, length.map_or(text.len(), |length| start + length))
    };
    if let Some(field) = visit.field(FieldKind::Session) {
        let value = to_line_end(field.key.end);
        if Span::new(field.key.start, value.end).touches(at) {
            return Some(value);
        }
    }
    let lines = |m: &Modality| Span::new(m.span.start, to_line_end(m.span.end).end);
    // A block in a sentence has no place for a stamp.
    let mut own = visit.modalities.iter().filter(|m| m.has_own_line);
    let modality = own.find(|m| lines(m).touches(at))?;
    let line = to_line_end(modality.line.start);
    let Some(detail) = modality.details_of(FieldKind::Time).last() else {
        let words = Span::new(modality.modifiers_end, line.end);
        return line.touches(at).then_some(words);
    };
    // Where the block's times stand below its line, so does this one.
    let value = to_line_end(detail.span.start);
    let here = Span::new(line_start(text, value.start), value.end).touches(at) || line.touches(at);
    let without_times_on_line = time::clock_ranges(&text[line.range()], 0).is_empty();
    (here && without_times_on_line).then_some(value)
}

/// The title, and what is written where.
type Stamp = (String, Span, String);

fn stamp(text: &str, target: Span, start: &str, now: DateTime) -> Option<Stamp> {
    let minutes = minute_of_day(now);
    let words = &text[target.range()];
    let ranges = time::clock_ranges(words, 0);
    let open = OPEN.captures_iter(words).filter_map(|found| {
        let whole = Span::from(found.get(0)?.range());
        let goes_on = words[whole.end..].trim_start_matches([' ', '\t']);
        let is_range = ranges.iter().any(|r| r.span.meets(whole));
        let is_open = !goes_on.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '/'));
        (is_open && !is_range).then_some(found)
    });
    if let Some(found) = open.last() {
        return end(words, target.start, &found, minutes);
    }
    if !ranges.is_empty() || !time::durations(words, 0).is_empty() {
        return None;
    }
    let title = format!("Stamp the time: start {start}");
    if let Some(placeholder) = BLANK.find_iter(words).last() {
        let span = Span::from(placeholder.range()).shifted(target.start);
        return Some((title, span, format!("{start}-")));
    }
    // Spaces at the end of the line are no part of what is written.
    let span = Span::new(target.start + words.trim_end().len(), target.end);
    Some((title, span, format!(" {start}-")))
}

/// The end of a block whose start stands there.
fn end(words: &str, offset: usize, found: &regex::Captures<'_>, now: u32) -> Option<Stamp> {
    let start = found.name("start")?;
    let military = start.as_str().ends_with(['-', '–', '—']);
    let model = start.as_str().trim_end_matches(['-', '–', '—', ' ', '\t']);
    let dash = found.name("dash").map(|m| m.as_str());
    // `1:05` is ended by `1:30` at half past one, `13:05` by `13:30`.
    let ends = [time::clock_like(model, now), time::twelve_hours(now)];
    let (written, lasted) = ends.into_iter().find_map(|end| {
        let range = time::clock_ranges(&format!("{model}-{end}"), 0);
        let lasted = range.first()?.minutes()?;
        (lasted <= LONGEST).then_some((end, lasted))
    })?;
    let title = format!("Stamp the time: end {written} ({lasted} min)");
    if let Some(placeholder) = found.name("blank") {
        let span = Span::from(placeholder.range()).shifted(offset);
        return (dash.is_some() || military).then_some((title, span, written));
    }
    let at = found.name("dash").map_or(start.end(), |m| m.end());
    let before = match dash {
        _ if military => "",
        None => "-",
        Some("-" | "–" | "—") => "",
        Some(_) => " ",
    };
    let after = match words[at..].chars().next() {
        Some(c) if !c.is_whitespace() => " ",
        _ => "",
    };
    let text = format!("{before}{written}{after}");
    Some((title, Span::at(offset + at), text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::policy::Policy;
    use crate::text::Document;
    use proptest::prelude::*;
    use std::sync::Arc;

    /// The text after the stamp at the mark `^` (taken out first), or why nothing was offered.
    fn stamped(text: &str, now: &str) -> String {
        let at = text.find('^').unwrap();
        let mut document = Document::new(&text.replacen('^', "", 1));
        let found = actions_at(&document, at, now);
        let Some(action) = found.into_iter().next() else {
            return "nothing".to_owned();
        };
        assert_eq!(action.edits.len(), 1);
        document.replace(action.edits[0].span, &action.edits[0].text);
        document.text()
    }

    fn actions_at(document: &Document, at: usize, now: &str) -> Vec<Action> {
        let analysis = Analysis::of(document, &Arc::new(Policy::default()));
        actions(&Asked {
            document,
            analysis: &analysis,
            span: Span::at(at),
            now: format!("2026-11-20T{now}").parse().unwrap(),
            unbidden: false,
        })
    }

    #[test]
    fn a_start_and_then_its_end() {
        for (before, now, after) in [
            ("97124 lumbar^", "10:02", "97124 lumbar 10:02-"),
            ("97124 lumbar  ^", "09:02", "97124 lumbar 9:02-"),
            (
                "97124-59^\n  technique: x",
                "10:02",
                "97124-59 10:02-\n  technique: x",
            ),
            ("97124 lumbar ___^", "10:02", "97124 lumbar 10:02-"),
            ("97124 ___ ___-___^", "10:02", "97124 ___ 10:02-"),
            ("97124 lumbar 10:02-^", "10:27", "97124 lumbar 10:02-10:27"),
            (
                "97124 lumbar 10:02-^ x2",
                "10:27",
                "97124 lumbar 10:02-10:27 x2",
            ),
            ("97^124 10:02- lumbar", "10:27", "97124 10:02-10:27 lumbar"),
            ("97124 10:02 - ^", "10:27", "97124 10:02 - 10:27 "),
            ("97124 10:02 to^", "10:27", "97124 10:02 to 10:27"),
            ("97124 lumbar 10:02^", "10:27", "97124 lumbar 10:02-10:27"),
            ("97124 lumbar 1002-^", "10:27", "97124 lumbar 1002-1027"),
            (
                "97124 lumbar 10:02-___^",
                "10:27",
                "97124 lumbar 10:02-10:27",
            ),
            (
                "97124 10:02-10:12, 10:20-^",
                "10:27",
                "97124 10:02-10:12, 10:20-10:27",
            ),
            ("97124 1:05-^", "13:30", "97124 1:05-1:30"),
            ("97124 13:05-^", "13:30", "97124 13:05-13:30"),
            ("97124 1:05 pm-^", "13:30", "97124 1:05 pm-1:30 pm"),
            ("97124 12:50-^", "13:15", "97124 12:50-13:15"),
            ("session:^", "10:00", "session: 10:00-"),
            ("session: ___^", "10:00", "session: 10:00-"),
            (
                "session: 10:00-^\r\nS: x",
                "10:50",
                "session: 10:00-10:50\r\nS: x",
            ),
            ("97124 x\n  time:^", "10:02", "97124 x\n  time: 10:02-"),
            (
                "97124 x\n  time: 10:02-^",
                "10:27",
                "97124 x\n  time: 10:02-10:27",
            ),
            (
                "97124^ x\n  time: 10:02-",
                "10:27",
                "97124 x\n  time: 10:02-10:27",
            ),
        ] {
            assert_eq!(stamped(before, now), after, "{before}");
        }
    }

    #[test]
    fn as_the_visit_writes_its_times() {
        for (session, written) in [
            ("1:00-1:50", "1:22-"),
            ("13:00-13:50", "13:22-"),
            ("1300-1350", "1322-"),
            ("1:00-1:50 pm", "1:22 pm-"),
        ] {
            let text = format!("session: {session}\n97124 lumbar^\n");
            let after = format!("session: {session}\n97124 lumbar {written}\n");
            assert_eq!(stamped(&text, "13:22"), after);
        }
    }

    #[test]
    fn nothing_where_no_time_is_waited_for() {
        for text in [
            "97124 lumbar 10:02-10:27^",
            "97124 lumbar 25 min^",
            "session: 50 min^",
            "session: 10:00-10:50^",
            "S: since 10:02-^",
            "visit: 2026-11-19\n97124 lumbar^",
            "97124 lumbar 10:40-^",
            "97124 lumbar 1:05-^",
            "97124 x\n  techn^ique: y",
            "payer: x^\nvisit: 2026-11-20\n97124",
            "^",
        ] {
            assert_eq!(stamped(text, "10:30"), "nothing", "{text}");
        }
    }

    #[test]
    fn the_title_says_what_is_written() {
        let document = Document::new("97124 10:02-");
        let found = actions_at(&document, 12, "10:27");
        assert_eq!(found[0].title, "Stamp the time: end 10:27 (25 min)");
    }

    proptest! {
        /// Only an insertion, or a placeholder that gives way; and a stamped line keeps its times.
        #[test]
        fn no_word_is_lost(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "97124", " lumbar", "session:", "  time:", "\n", "\r", " 10:02", "-", "10:2", " to",
                "___", "é", "\u{1F600}", " 25 min", " 1002-", "\0", "\u{feff}", " pm", "visit: 2026-11-20\n",
            ]), 0..9),
            at in 0usize..60,
        ) {
            let text = pieces.concat();
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) { at -= 1; }
            let document = Document::new(&text);
            for action in actions_at(&document, at, "10:30") {
                for edit in &action.edits {
                    let gone = document.slice(edit.span);
                    prop_assert!(gone.chars().all(|c| matches!(c, '_' | '-' | ' ' | 't' | 'o' | '\t')), "{gone:?}");
                    prop_assert!(edit.text.contains("10:30") || edit.text.contains("1030"));
                }
            }
        }
    }
}
