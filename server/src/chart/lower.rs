//! From the syntax tree to the chart.

use std::ops::Range;

use tree_sitter::{Node, TreeCursor};

use super::block_line::{self, BlockLine};
use super::field::{FieldKind, UnknownField};
use super::goal::Goal;
use super::{
    ClockRange, Detail, Diagnosis, Duration, Field, Heading, Minutes, Modality, Prose, Section,
    SectionKind, Visit, date, diagnosis, time,
};
use crate::length::Length;
use crate::reference::{procedures, regions, retired, techniques};
use crate::syntax::{Syntax, for_each_child, trimmed};
use crate::text::Span;

pub fn lower(text: &str, syntax: &Syntax) -> Visit {
    let mut reader = Reader {
        text,
        visit: Visit {
            len: text.len(),
            text_end: text.trim_end().len(),
            ..Visit::default()
        },
    };
    if let Some(root) = syntax.root() {
        reader.items(&mut root.walk(), None);
    }
    reader.align_times();
    reader.visit
}

struct Reader<'a> {
    text: &'a str,
    visit: Visit,
}

impl<'a> Reader<'a> {
    fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// The items of the node that a cursor stands on.
    fn items(&mut self, cursor: &mut TreeCursor<'_>, section: Option<SectionKind>) {
        for_each_child(cursor, |cursor, node| match node.kind() {
            "visit" => self.items(cursor, None),
            "visit_heading" => self.heading(cursor),
            "section" => self.section(cursor, node),
            "field" => self.field(cursor, node, section),
            "modality" => self.modality(cursor, node, section),
            "text" => self.prose(trimmed(node, self.text), section),
            _ => {}
        });
    }

    fn prose(&mut self, span: Span, section: Option<SectionKind>) {
        self.visit.prose.push(Prose { section, span });
    }

    fn heading(&mut self, cursor: &mut TreeCursor<'_>) {
        let (key, value) = key_and_value(self.text, cursor);
        let date = value.and_then(|v| date::find_in(self.str(v), v.start).into_iter().next());
        self.visit.heading = Some(Heading {
            span: Span::new(key.start, value.map_or(key.end, |v| v.end)),
            key,
            value,
            // `visit: 4 of 12, last seen 2026-01-02` has no date of its own.
            date: date.filter(|d| value.is_some_and(|v| v.start == d.span.start)),
        });
    }

    /// A section begins with its heading, whose first letter says which one it is.
    fn section(&mut self, cursor: &mut TreeCursor<'_>, node: Node<'_>) {
        if !cursor.goto_first_child() {
            return;
        }
        let (name, words) = key_and_value(self.text, cursor);
        cursor.goto_parent();
        let kind = match self.str(name).as_bytes().first() {
            Some(b's' | b'S') => SectionKind::Subjective,
            Some(b'o' | b'O') => SectionKind::Objective,
            Some(b'a' | b'A') => SectionKind::Assessment,
            Some(b'p' | b'P') => SectionKind::Plan,
            _ => SectionKind::Treatment,
        };
        self.visit.sections.push(Section {
            kind,
            name,
            span: Span::from(node.byte_range()),
        });
        if let Some(words) = words {
            self.prose(words, Some(kind));
        }
        self.items(cursor, Some(kind));
    }

    fn field(&mut self, cursor: &mut TreeCursor<'_>, node: Node<'_>, section: Option<SectionKind>) {
        let (key, value) = key_and_value(self.text, cursor);
        let Some(kind) = FieldKind::of_key(self.str(key)) else {
            // An unknown key makes prose.
            self.visit.unknown_fields.push(UnknownField {
                key,
                in_modality: false,
            });
            self.prose(
                Span::new(key.start, value.map_or(key.end, |v| v.end)),
                section,
            );
            return;
        };
        match (kind, value) {
            (FieldKind::Diagnosis, Some(value)) => {
                let found = diagnosis::find_in(self.str(value), value.start);
                self.visit.diagnoses.extend(found);
            }
            (FieldKind::Goal, Some(value)) => {
                let goal = Goal::read(key, self.str(key), value, self.str(value));
                self.visit.goals.push(goal);
            }
            _ => {}
        }
        self.visit.fields.push(Field {
            kind,
            key,
            value,
            section,
            span: Span::from(node.byte_range()),
        });
    }

    fn modality(
        &mut self,
        cursor: &mut TreeCursor<'_>,
        node: Node<'_>,
        section: Option<SectionKind>,
    ) {
        let start = node.start_byte();
        let mut code_span = Span::at(start);
        let mut below = Below::default();
        let mut details = Vec::new();
        let mut span_end = start;
        for_each_child(cursor, |cursor, child| {
            let span = trimmed(child, self.text);
            match child.kind() {
                "procedure_code" => code_span = span,
                "text" => details.push(Detail { kind: None, span }),
                "field" => details.push(self.detail_field(cursor, &mut below)),
                _ => return,
            }
            // A field's node ends after its line break; the block ends with its last character.
            span_end = span_end.max(span.start + self.str(span).trim_end().len());
        });
        let code = self.str(code_span).to_ascii_uppercase();
        let line_start = code_span.start;
        let line = &self.text[line_start..line_end(self.text, code_span.end)];
        let line = Span::new(line_start, line_start + line.trim_end().len());
        let mut said = block_line::read(self.text, code_span, line);
        below.add_to(&mut said);
        let mut modality = Modality {
            span: Span::new(line_start, span_end.max(line.end)),
            line,
            code_span,
            procedure: procedures::find(&code),
            retired: retired::find(&code),
            code,
            modifiers: said.modifiers,
            modifiers_end: said.modifiers_end,
            clock: said.clock,
            durations: said.durations,
            ambiguous_minutes: said.ambiguous,
            time_placeholder: said.time_placeholder,
            claimed: said.claimed,
            diagnoses: said.diagnoses,
            regions: Vec::new(),
            techniques: Vec::new(),
            details,
        };
        if !self.is_meant_as_code(&modality) {
            self.prose(modality.line, section);
            for detail in &modality.details {
                self.prose(detail.span, section);
            }
            return;
        }
        self.read_vocabulary(&mut modality);
        self.visit.modalities.push(modality);
    }

    /// `10000 steps a day` begins with five digits and is no procedure: a code that no table knows
    /// needs something beside it that only a billed line has.
    fn is_meant_as_code(&self, modality: &Modality) -> bool {
        modality.procedure.is_some()
            || modality.retired.is_some()
            || retired::is_functional_reporting(&modality.code)
            || !modality.modifiers.is_empty()
            || modality.minutes() != Minutes::Unstated
            || modality.claimed.is_some()
            || (modality.code.starts_with("97")
                && self.str(modality.line).len() == modality.code.len())
    }

    fn detail_field(&mut self, cursor: &mut TreeCursor<'_>, below: &mut Below) -> Detail {
        let (key, value) = key_and_value(self.text, cursor);
        let kind = FieldKind::of_key(self.str(key));
        let span = match (kind, value) {
            (Some(_), Some(value)) => value,
            (Some(_), None) => Span::at(key.end),
            (None, value) => {
                self.visit.unknown_fields.push(UnknownField {
                    key,
                    in_modality: true,
                });
                Span::new(key.start, value.map_or(key.end, |v| v.end))
            }
        };
        match kind {
            Some(FieldKind::Time) => {
                let text = self.str(span);
                below.clock.extend(time::clock_ranges(text, span.start));
                below.durations.extend(time::durations(text, span.start));
            }
            Some(FieldKind::Diagnosis) => {
                let codes = diagnosis::find_in(self.str(span), span.start);
                below.pointers.extend(codes);
            }
            _ => {}
        }
        Detail { kind, span }
    }

    /// Finds the regions and techniques: on the line, in the fields made for them, and in prose.
    fn read_vocabulary(&self, modality: &mut Modality) {
        let line_end = modality.line.end.max(modality.modifiers_end);
        let line = Detail {
            kind: None,
            span: Span::new(modality.modifiers_end, line_end),
        };
        for Detail { kind, span } in std::iter::once(&line).chain(&modality.details) {
            let text = self.str(*span);
            let moved = |range: &Range<usize>| range.start + span.start..range.end + span.start;
            if matches!(
                kind,
                None | Some(FieldKind::Region | FieldKind::Technique | FieldKind::Note)
            ) {
                let found = techniques::find_in(text).into_iter().map(|mut found| {
                    found.range = moved(&found.range);
                    found
                });
                modality.techniques.extend(found);
            }
            if matches!(kind, None | Some(FieldKind::Region)) {
                let found = regions::find_in(text).into_iter().map(|mut found| {
                    found.range = moved(&found.range);
                    found
                });
                modality.regions.extend(found);
            }
        }
    }

    /// Reads `1:00` beside a session of `12:30-1:45` as the afternoon.
    fn align_times(&mut self) {
        let session = self.visit.field(FieldKind::Session).and_then(|f| f.value);
        let session =
            session.and_then(|v| time::clock_ranges(self.str(v), v.start).first().copied());
        let mut ranges = self.visit.modalities.iter().flat_map(|m| &m.clock);
        let first = ranges.clone().next().copied();
        let certain = ranges.find(|r| !r.ambiguous).copied();
        let Some(ClockRange {
            start: reference, ..
        }) = session.or(certain).or(first)
        else {
            return;
        };
        let modalities = self.visit.modalities.iter_mut();
        let mut ranges: Vec<&mut ClockRange> = modalities.flat_map(|m| &mut m.clock).collect();
        for range in &mut ranges {
            range.align(reference);
        }
        // Where a visit passes midnight, what is in the morning comes after it.
        let passes_midnight = |range: &ClockRange| range.end > time::DAY;
        if session.as_ref().is_some_and(passes_midnight)
            || ranges.iter().any(|r| passes_midnight(r))
        {
            for range in ranges {
                range.after_midnight();
            }
        }
    }
}

/// The key of the heading or field that a cursor stands on, with its colon, and what follows it from the
/// first character to the last, over all lines that are no comments.
fn key_and_value(text: &str, cursor: &mut TreeCursor<'_>) -> (Span, Option<Span>) {
    let mut key = Span::at(cursor.node().start_byte());
    let mut value: Option<Span> = None;
    for_each_child(cursor, |_, child| {
        let span = trimmed(child, text);
        match child.kind() {
            "key" | "section_name" | "visit_key" => key = span,
            "value" | "continuation" | "text" | "date" => {
                value = Some(value.map_or(span, |v| Span::new(v.start, span.end)));
            }
            _ => {}
        }
    });
    (key, value)
}

/// What the fields below a modality's line say of its time and its diagnoses.
#[derive(Default)]
struct Below {
    clock: Vec<ClockRange>,
    durations: Vec<Duration>,
    pointers: Vec<Diagnosis>,
}

impl Below {
    fn add_to(self, line: &mut BlockLine) {
        let has_time = !self.clock.is_empty() || !self.durations.is_empty();
        line.clock.extend(self.clock);
        line.diagnoses.extend(self.pointers);
        if line.gives_way && has_time {
            line.durations = self.durations;
            line.ambiguous = false;
            return;
        }
        let sum = |durations: &[Duration]| durations.iter().map(|d| d.minutes).sum::<Length>();
        let again = sum(&line.durations) == sum(&self.durations);
        if !self.durations.is_empty() && !again {
            line.ambiguous = !line.durations.is_empty() && line.clock.is_empty();
            line.durations.extend(self.durations);
        }
    }
}

fn line_end(text: &str, from: usize) -> usize {
    let length = text[from..].find(['\n', '\r']);
    length.map_or(text.len(), |length| from + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_below_an_empty_field_is_not_its_value() {
        for text in [
            "dx:\n// M54.50 comes later\n",
            "dx: \r\n  // M54.50\r\n\r\nS: a\r\n",
        ] {
            let visit = lower(text, &Syntax::of(text));
            assert!(visit.diagnoses.is_empty(), "{text:?}");
            assert_eq!(visit.fields[0].value, None, "{text:?}");
        }
        let text = "dx:\n  // which?\n  M54.50\n";
        let visit = lower(text, &Syntax::of(text));
        assert_eq!(visit.diagnoses.len(), 1);
        assert_eq!(&text[visit.fields[0].value.unwrap().range()], "M54.50");
    }

    #[test]
    fn keys_and_values_without_the_spaces_around_them() {
        let text = "visit:\t2026-11-20  4 of 12 \r\n\u{20}dx: M54.50 \r\n  // why\r\n  low back: R  \r\nOther:  x \rS:  a: b \n97124 neck\n  region:\u{20}\n  time: 25 min\t";
        let visit = lower(text, &Syntax::of(text));
        let heading = visit.heading.unwrap();
        let words = |span: Span| &text[span.range()];
        assert_eq!(words(heading.key), "visit:");
        assert_eq!(heading.value.map(words), Some("2026-11-20  4 of 12"));
        let prose: Vec<_> = visit.prose.iter().map(|p| words(p.span)).collect();
        assert_eq!(prose, ["Other:  x", "a: b"]);
        let field = &visit.fields[0];
        assert_eq!(words(field.key), "dx:");
        assert_eq!(
            field.value.map(words),
            Some("M54.50 \r\n  // why\r\n  low back: R")
        );
        assert_eq!(words(visit.sections[0].name), "S:");
        let details = &visit.modalities[0].details;
        let details: Vec<_> = details.iter().map(|d| words(d.span)).collect();
        assert_eq!(details, ["", "25 min"]);
    }
}
