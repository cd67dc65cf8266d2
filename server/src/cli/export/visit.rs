//! A visit on the page: its words, its time, its claim lines and what was found.

use std::cmp::Reverse;

use super::super::html::plot::{Stretch, clock};
use super::super::html::{Cell, day_words, table, text};
use super::super::notes::Note;
use super::super::units;
use crate::analysis::Piece;
use crate::chart::comment::Comments;
use crate::chart::{FieldKind, Section, time};
use crate::editor::claim_form::{ClaimForm, FormLine};
use crate::editor::with_modifiers;
use crate::policy::Level;
use crate::reference::procedures;
use crate::rules::{Finding, sections};
use crate::text::Span;

pub(super) fn section(note: &Note, piece: &Piece, found: &[Finding]) -> String {
    let title = match piece.visit.day() {
        Some(day) => format!("Visit of {}", day_words(day)),
        None => "Visit without a date".to_owned(),
    };
    let mut out = format!("<section class=\"visit\">\n<h2>{title}</h2>\n");
    out += &words(piece);
    out += &by_the_clock(note, piece);
    out += &claim(note, piece);
    out += &findings(found);
    out + "</section>\n"
}

/// The words of a piece: each section below its heading, what stands outside of them as it is.
pub(super) fn words(piece: &Piece) -> String {
    let (note, comments) = (&*piece.text, Comments::of(&piece.text));
    let has_rows = piece.visit.modalities.iter().any(|m| m.is_row);
    let class = if has_rows { "words columns" } else { "words" };
    let paragraph = |start, end| {
        let words = without_comments(note, Span::new(start, end), &comments);
        if words.is_empty() {
            return words;
        }
        format!("<p class=\"{class}\">{}</p>\n", text(&words))
    };
    let sections = piece.visit.sections.iter();
    let sections = sections.map(|s| (s.name, heading(note, s)));
    // A signature is no part of the plan that it stands below.
    let signed = piece.visit.fields_of(FieldKind::Signed);
    let signed = signed.map(|field| (Span::at(field.span.start), String::new()));
    let mut parts: Vec<(Span, String)> = sections.chain(signed).collect();
    parts.sort_by_key(|(place, _)| place.start);
    let (mut out, mut done) = (String::new(), 0);
    for (place, heading) in parts {
        if place.start >= done {
            out += &paragraph(done, place.start);
            out += &heading;
            done = place.end;
        }
    }
    out + &paragraph(done, note.len())
}

/// "Subjective" for `S:`, else what stands there without the marks around it.
fn heading(note: &str, section: &Section) -> String {
    let marks = |c: char| matches!(c, '#' | '*' | '_' | ':') || c.is_whitespace();
    let written = note[section.name.range()].trim_matches(marks);
    let full = sections::name(section.kind);
    let shown = if written.chars().count() > 2 {
        written
    } else {
        full
    };
    format!("<h4>{}</h4>\n", text(shown))
}

/// The words of a span without comments, which are no part of the note, and without the marks before a heading.
fn without_comments(note: &str, span: Span, comments: &Comments) -> String {
    let mut words = String::new();
    let mut from = span.start;
    for comment in comments.spans().iter().filter(|c| c.meets(span)) {
        words += &note[from..comment.start.max(from)];
        from = comment.end.min(span.end);
    }
    words += &note[from..span.end];
    let marks = |c: char| matches!(c, '#' | '*' | '_' | '-' | ' ' | '\t' | '\n' | '\r');
    let last_line = words.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    if words[last_line..].chars().all(marks) {
        words.truncate(last_line);
    }
    // What follows its heading on the same line begins with a blank that is none of the words'.
    let is_behind = span.start > 0 && !note[..span.start].ends_with(['\n', '\r']);
    let words = if is_behind {
        words.trim_start_matches([' ', '\t'])
    } else {
        &words
    };
    let words = words.trim_end().trim_start_matches(['\n', '\r']);
    words.to_owned()
}

/// The blocks that have clock times, within the session.
fn by_the_clock(note: &Note, piece: &Piece) -> String {
    let session = note.analysis.case(piece).session();
    let session = session.and_then(|session| session.clock);
    let mut stretches = Vec::new();
    for modality in &piece.visit.modalities {
        let codes = modality.modifiers.iter().map(|m| &m.code);
        let name = with_modifiers(&modality.code, codes);
        // What lasts over midnight has no place on the clock of a day.
        let clock = modality
            .clock
            .iter()
            .filter(|range| range.start < range.end);
        stretches.extend(clock.map(|range| Stretch {
            start: range.start,
            end: range.end,
            name: name.clone(),
            is_timed: modality.is_timed(),
        }));
    }
    if stretches.is_empty() {
        return String::new();
    }
    let session = session.filter(|range| range.start < range.end);
    clock(session.map(|s| (s.start, s.end)), &stretches, time::clock)
}

/// The claim lines of the day that the visit begins.
fn claim(note: &Note, piece: &Piece) -> String {
    if !piece.visit.is_treated() {
        return String::new();
    }
    let mut out = "<h3>Claim lines</h3>\n".to_owned();
    if !piece.begins_day() {
        return out + "<p>With the first visit of this day.</p>\n";
    }
    let form = ClaimForm::of(&note.analysis, piece);
    let row = |line: &FormLine| {
        let doubt = if line.proposed {
            " (not confirmed)"
        } else {
            ""
        };
        let label = procedures::find(&line.code).map_or("", |p| p.label);
        let units = line
            .units
            .map_or("open".to_owned(), |units| units.to_string());
        vec![
            Cell::Words(line.code_as_written() + doubt),
            Cell::Words(line.modifiers.join(" ")),
            Cell::Words(label.to_owned()),
            Cell::Words(line.pointers.clone()),
            Cell::Figure(line.minutes_if_any()),
            Cell::Figure(units),
        ]
    };
    let rows: Vec<_> = form.lines.iter().map(row).collect();
    let heads = [
        "code",
        "modifiers",
        "what it is",
        "diagnoses",
        "minutes",
        "units",
    ];
    out += &table(&units::headline(note, piece), &heads, &rows);
    let diagnoses = form.diagnoses.iter().map(|d| {
        let letter = d.letter.map_or("none".to_owned(), String::from);
        let title = d.title.clone().unwrap_or_default();
        let cells = [letter, d.code.clone(), title];
        cells.into_iter().map(Cell::Words).collect()
    });
    let diagnoses: Vec<Vec<Cell>> = diagnoses.collect();
    if !diagnoses.is_empty() {
        out += &table(
            "Diagnoses of the claim",
            &["letter", "code", "title"],
            &diagnoses,
        );
    }
    out
}

/// What was found, the loudest first, without hints, which are for those who write.
pub(super) fn findings(found: &[Finding]) -> String {
    let shown = found.iter().filter(|f| f.level >= Level::Information);
    let mut found: Vec<&Finding> = shown.collect();
    found.sort_by_key(|f| Reverse(f.level));
    let items: Vec<String> = found
        .into_iter()
        .map(|finding| {
            let level = match finding.level {
                Level::Information => "remark",
                level => level.word(),
            };
            format!(
                "<li class=\"{level}\"><b>{level}:</b> {} <span class=\"source\">{} · {}</span></li>\n",
                text(&finding.message),
                text(finding.rule.name),
                text(finding.rule.source)
            )
        })
        .collect();
    if items.is_empty() {
        return String::new();
    }
    format!(
        "<h3>Findings</h3>\n<ul class=\"findings\">\n{}</ul>\n",
        items.concat()
    )
}
