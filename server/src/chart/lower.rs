//! From the syntax tree to the chart.

use std::ops::Range;

use tree_sitter::{Node, TreeCursor};

use super::field::{FieldKind, UnknownField};
use super::goal::Goal;
use super::{
    ClockRange, Detail, Diagnosis, Duration, Field, Heading, Minutes, Modality, Modifier, Prose,
    Section, SectionKind, UnitClaim, Visit, date, diagnosis, time,
};
use crate::pattern::pattern;
use crate::reference::{modifiers, procedures, regions, retired, techniques};
use crate::syntax::{Syntax, for_each_child, trimmed};
use crate::text::Span;

// `1/2 hour`, `fifteen minutes`: a time is given, if not in figures that can be billed by.
pattern!(TIME_BLANK, r"(?i)__|^(?:hour|minute)");

// `3 sets x10`: the figure counts repetitions, not units.
pattern!(REPETITIONS, r"(?i)rep|sets|set ");

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
        let mut line_end_of_nodes = start;
        let mut code_span = Span::at(start);
        let mut words = Vec::new();
        let mut modality_modifiers = Vec::new();
        let mut facts = LineFacts::default();
        let mut claimed = None;
        let mut details = Vec::new();
        let mut modifiers_end = start;
        let mut span_end = start;
        for_each_child(cursor, |cursor, child| {
            let span = trimmed(child, self.text);
            let words_of = self.str(span);
            let mut on_the_line = true;
            match child.kind() {
                "procedure_code" => {
                    code_span = span;
                    modifiers_end = span.end;
                }
                "modifier" => {
                    modality_modifiers.push(Modifier {
                        span,
                        code: words_of.to_ascii_uppercase(),
                    });
                    modifiers_end = span.end;
                }
                "clock_range" => facts.clock.extend(time::clock_ranges(words_of, span.start)),
                "duration" => {
                    let found = time::durations(words_of, span.start);
                    facts.durations.extend(found);
                }
                "unit_claim" => claimed = claimed.or(units(words_of, span)),
                "diagnosis_pointer" => {
                    let codes = diagnosis::find_in(&words_of[2..], span.start + 2);
                    facts.pointers.extend(codes);
                }
                "word" => words.push(span),
                "text" => {
                    details.push(Detail { kind: None, span });
                    on_the_line = false;
                }
                "field" => {
                    details.push(self.detail_field(cursor, &mut facts));
                    on_the_line = false;
                }
                _ => return,
            }
            // A field's node ends after its line break; the block ends with its last character.
            span_end = span_end.max(span.start + words_of.trim_end().len());
            if on_the_line {
                line_end_of_nodes = line_end_of_nodes.max(span.end);
            }
        });
        let code = self.str(code_span).to_ascii_uppercase();
        let line_start = code_span.start;
        // Marks such as `)` are not nodes: the line goes to its last character.
        let tail = &self.text[line_end_of_nodes..line_end(self.text, line_end_of_nodes)];
        let line = Span::new(line_start, line_end_of_nodes + tail.trim_end().len());
        mark_rough(self.text, line, &mut facts.durations);
        self.spaced_modifiers(&words, &mut modifiers_end, &mut modality_modifiers);
        let time_placeholder = words.iter().any(|w| TIME_BLANK.is_match(self.str(*w)));
        let mut modality = Modality {
            span: Span::new(line_start, span_end.max(line.end)),
            line,
            code_span,
            procedure: procedures::find(&code),
            retired: retired::find(&code),
            code,
            modifiers: modality_modifiers,
            modifiers_end,
            clock: facts.clock,
            durations: facts.durations,
            time_placeholder,
            claimed: claimed.filter(|_| !REPETITIONS.is_match(self.str(line))),
            diagnoses: facts.pointers,
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

    /// ` 59` and ` GP` straight after the code, as record systems print them.
    fn spaced_modifiers(
        &self,
        words: &[Span],
        modifiers_end: &mut usize,
        found: &mut Vec<Modifier>,
    ) {
        for span in words {
            let gap = &self.text[*modifiers_end..span.start];
            let word = self.str(*span);
            let spaced = word.len() == 2
                && gap.bytes().all(|b| b == b' ' || b == b'\t')
                && !matches!(word, "RT" | "LT")
                && !word.bytes().any(|b| b.is_ascii_lowercase())
                && modifiers::find(word).is_some();
            if !spaced {
                break;
            }
            found.push(Modifier {
                span: *span,
                code: word.to_ascii_uppercase(),
            });
            *modifiers_end = span.end;
        }
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

    fn detail_field(&mut self, cursor: &mut TreeCursor<'_>, facts: &mut LineFacts) -> Detail {
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
                facts.clock.extend(time::clock_ranges(text, span.start));
                facts.durations.extend(time::durations(text, span.start));
            }
            Some(FieldKind::Diagnosis) => {
                let codes = diagnosis::find_in(self.str(span), span.start);
                facts.pointers.extend(codes);
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
        for modality in &mut self.visit.modalities {
            for range in &mut modality.clock {
                range.align(reference);
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

/// What a modality's line, and the fields below it, say of its time and its diagnoses.
#[derive(Default)]
struct LineFacts {
    clock: Vec<ClockRange>,
    durations: Vec<Duration>,
    pointers: Vec<Diagnosis>,
}

fn line_end(text: &str, from: usize) -> usize {
    let length = text[from..].find(['\n', '\r']);
    length.map_or(text.len(), |length| from + length)
}

fn units(text: &str, span: Span) -> Option<UnitClaim> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok().map(|units| UnitClaim { span, units })
}

/// `about 15 min` on a modality's line: the word before the figure is not part of its node.
fn mark_rough(text: &str, line: Span, durations: &mut [Duration]) {
    for duration in durations {
        if duration.span.start < line.start || duration.span.end > line.end {
            continue;
        }
        let before = &text[line.start..duration.span.start];
        if duration.inexact == super::Inexact::No
            && let Some(word) = time::roughly_before(before)
        {
            duration.inexact = super::Inexact::Roughly;
            duration.span.start = line.start + word;
        }
    }
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
