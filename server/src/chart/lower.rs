//! From the syntax tree to the chart.

use std::ops::Range;

use tree_sitter::{Node, TreeCursor};

use super::field::{FieldKind, UnknownField};
use super::goal::Goal;
use super::{
    ClockRange, Detail, Diagnosis, DiagnosisKind, Duration, Field, Heading, Minutes, Modality,
    Modifier, Prose, Section, SectionKind, UnitClaim, Visit, WrittenDate, date, diagnosis, time,
};
use crate::pattern::pattern;
use crate::reference::{code_shapes, modifiers, procedures, regions, retired, techniques};
use crate::syntax::{Syntax, for_each_child, trimmed};
use crate::text::Span;

// `1/2 hour`, `fifteen minutes`: a time is given, if not in figures that can be billed by.
pattern!(TIME_BLANK, r"(?i)__|^(?:hour|minute)");

/// Characters of a procedure code.
const CODE_LENGTH: usize = 5;

// `3 sets x10`: the figure counts repetitions, not units.
pattern!(REPETITIONS, r"(?i)rep|sets|set ");

pattern!(
    /// The name of a section in its heading, which may have a number, a letter or marks around it.
    SECTION_NAME,
    r"(?i)(?P<plan>treatment plan|plan)|(?P<treatment>treatment|tx|interventions|procedures)|(?P<soa>subjective|objective|assessment)|(?P<letter>[soap])\b"
);
pattern!(
    /// The next section on the line of another: in capitals, after the end of a sentence.
    NEXT_SECTION,
    r"[.!?)\]][ \t]+(?P<name>(?:SUBJECTIVE|OBJECTIVE|ASSESSMENT|PLAN|TREATMENT|INTERVENTIONS)(?: FINDINGS| PLAN)?:)"
);
pattern!(BULLET, r"^(?:[-•*●▪◦‣·–—]|(?P<number>\d{1,2})[.)])[ \t]+");
pattern!(OUTLINE, r"^(?:[-•*●▪◦‣·–—#]+|[A-Z0-9IVX]{1,4}[.)])[ \t]+");
pattern!(
    /// A signature as record systems print it, without a colon.
    SIGNATURE,
    r"(?i)^(?:(?:electronically|digitally)[ \t]+signed(?:[ \t]+by)?|e-signed(?:[ \t]+by)?|authenticated[ \t]+by|(?:signed|completed)[ \t]+by|signed,)[ \t]+"
);
pattern!(
    /// `dx M54.50`: the label needs no colon where a code follows.
    DIAGNOSIS_LINE,
    r"^(?i:dx|icd-?10|diagnosis)[ \t]+[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b"
);
pattern!(
    /// What a line says that speaks of a code in passing: it was denied, comes next time, or was not done.
    PASSING,
    r"(?ix)^[\s,.:;-]* (?:was|were|is|are|has|have|had|will|would|may|might|can|could|should|must|vs\.?|versus|denied|paid|rejected)\b
      | \b(?: denied | denials? | rejected | last\ (?:month|visit|week|time|year|session) | next\ (?:month|visit|week|time|year|session)
          | not\ (?:billed|done|performed|provided|given|indicated|tolerated|used) | instead\ of | discuss\w* | declin\w* | refus\w* | deferred
          | held\ (?:off|today|due) | no\ longer | may\ (?:add|start) | plan\ to )\b"
);

pub fn lower(text: &str, syntax: &Syntax) -> Visit {
    let mut reader = Reader {
        text,
        section: None,
        listing: None,
        visit: Visit {
            len: text.len(),
            text_end: text.trim_end().len(),
            ..Visit::default()
        },
    };
    if let Some(root) = syntax.root() {
        reader.items(&mut root.walk());
    }
    reader.align_times();
    reader.visit
}

struct Reader<'a> {
    text: &'a str,
    visit: Visit,
    /// The section that is open.
    section: Option<SectionKind>,
    /// Diagnoses or goals are listed below their label.
    listing: Option<FieldKind>,
}

impl<'a> Reader<'a> {
    fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// The items of the node that a cursor stands on.
    fn items(&mut self, cursor: &mut TreeCursor<'_>) {
        for_each_child(cursor, |cursor, node| {
            if node.kind() != "text" && node.kind() != "comment" {
                self.listing = None;
            }
            match node.kind() {
                "visit" => self.items(cursor),
                "visit_heading" => self.heading(cursor, node),
                "section" => self.section(cursor, node),
                "field" => self.field(cursor, node),
                "modality" => self.modality(cursor, node),
                "text" => self.line(trimmed(node, self.text)),
                _ => {}
            }
        });
    }

    fn prose(&mut self, span: Span) {
        let section = self.section;
        self.visit.prose.push(Prose { section, span });
    }

    /// A line that has no shape of its own: an entry of a list, a label without its colon, a signature, or prose.
    fn line(&mut self, span: Span) {
        let words = self.str(span);
        let bullet = BULLET.captures(words);
        let entry = bullet.as_ref().map_or(0, |found| found[0].len());
        let entry = Span::new(span.start + entry, span.end);
        match self.listing {
            Some(FieldKind::Diagnosis) => {
                let found = diagnosis::find_in(self.str(entry), entry.start);
                if found
                    .first()
                    .is_some_and(|d| d.kind == DiagnosisKind::Icd10 && d.span.start == entry.start)
                {
                    self.visit.diagnoses.extend(found);
                    return;
                }
            }
            Some(FieldKind::Goal) if bullet.is_some() => {
                let key = Span::new(span.start, entry.start);
                let number = bullet.and_then(|found| found.name("number").map(|n| n.as_str()));
                let goal = Goal::read(key, number.unwrap_or(""), entry, self.str(entry));
                self.visit.goals.push(goal);
                return;
            }
            _ => {}
        }
        let label = OUTLINE
            .find(words)
            .map_or(words, |found| &words[found.end()..]);
        let listed = FieldKind::of_key(label)
            .filter(|kind| matches!(kind, FieldKind::Diagnosis | FieldKind::Goal));
        if let Some(kind) = listed.filter(|_| label.len() > 2) {
            self.listing = Some(kind);
        } else if let Some(found) = SIGNATURE
            .find(words)
            .filter(|found| found.end() < words.len())
        {
            let key = Span::new(span.start, span.start + found.as_str().trim_end().len());
            let value = Span::new(span.start + found.end(), span.end);
            self.known_field(FieldKind::Signed, key, Some(value), span);
        } else if DIAGNOSIS_LINE.is_match(words) {
            let key_len = words.find([' ', '\t']).unwrap_or(0);
            let value = words[key_len..].trim_start();
            let value = Span::new(span.end - value.len(), span.end);
            let key = Span::new(span.start, span.start + key_len);
            self.known_field(FieldKind::Diagnosis, key, Some(value), span);
        } else {
            self.listing = None;
            self.prose(span);
        }
    }

    /// The heading of the visit; any other one is the head of a page, or the date of the signature above it.
    fn heading(&mut self, cursor: &mut TreeCursor<'_>, node: Node<'_>) {
        let (key, value) = key_and_values(self.text, cursor).remove(0);
        let line = Span::new(key.start, value.map_or(key.end, |v| v.end));
        // `visit: 4 of 12, last seen 2026-01-02` has no date of its own; that of `Date: 11/20/2026` stands in its key.
        let dated = value.unwrap_or(Span::new(key.end, key.end));
        let date = date::at_start(self.str(dated)).map(|date| (date, dated.start));
        let date = date.or_else(|| {
            let words = self.str(key);
            let at = words.find([':', ' ', '\t'])?;
            let blanks = words[at..].len() - words[at..].trim_start_matches([':', ' ', '\t']).len();
            Some((
                date::at_start(&words[at + blanks..])?,
                key.start + at + blanks,
            ))
        });
        let date = date.map(|(date, start)| WrittenDate {
            span: date.span.shifted(start),
            day: date.day,
        });
        if let Some(heading) = &mut self.visit.heading {
            heading.date = heading.date.or(date);
            if let Some(signed) = self.visit.fields.last_mut()
                && signed.kind == FieldKind::Signed
                && signed.span.end == node.start_byte()
                && let Some(value) = &mut signed.value
            {
                value.end = line.end;
            }
            return;
        }
        let (key, value) = match date {
            // The key is `Date:` alone.
            Some(date) if key.touches(date.span.start) && key.end >= date.span.end => {
                let end = self
                    .str(Span::new(key.start, date.span.start))
                    .trim_end()
                    .len();
                (
                    Span::new(key.start, key.start + end),
                    Some(Span::new(date.span.start, line.end)),
                )
            }
            _ => (key, value),
        };
        self.visit.heading = Some(Heading {
            span: line,
            key,
            value,
            date,
        });
    }

    /// A section begins with its heading. Others may stand on the heading's line.
    fn section(&mut self, cursor: &mut TreeCursor<'_>, node: Node<'_>) {
        if !cursor.goto_first_child() {
            return;
        }
        let (name, words) = key_and_values(self.text, cursor).remove(0);
        cursor.goto_parent();
        let mut start = node.start_byte();
        let mut name = name;
        let mut words = words;
        while let Some(all) = words {
            let Some(next) = NEXT_SECTION
                .captures(self.str(all))
                .and_then(|found| found.name("name"))
            else {
                break;
            };
            let next = Span::from(next.range()).shifted(all.start);
            let own = self.str(Span::new(all.start, next.start)).trim_end();
            self.begin_section(
                name,
                Span::new(start, next.start),
                Some(Span::new(all.start, all.start + own.len())),
            );
            let rest = self.str(Span::new(next.end, all.end)).trim_start();
            words = (!rest.is_empty()).then(|| Span::new(all.end - rest.len(), all.end));
            (name, start) = (next, next.start);
        }
        self.begin_section(name, Span::new(start, node.end_byte()), words);
        self.items(cursor);
    }

    fn begin_section(&mut self, name: Span, span: Span, words: Option<Span>) {
        let kind_of = |words: &str| {
            let found = SECTION_NAME.captures(words)?;
            let first = found.get(0)?.as_str().bytes().next()?;
            Some(
                match (first.to_ascii_lowercase(), found.name("treatment")) {
                    (_, Some(_)) => SectionKind::Treatment,
                    (b's', _) => SectionKind::Subjective,
                    (b'o', _) => SectionKind::Objective,
                    (b'a', _) => SectionKind::Assessment,
                    _ => SectionKind::Plan,
                },
            )
        };
        let kind = kind_of(self.str(name)).unwrap_or(SectionKind::Treatment);
        self.section = Some(kind);
        self.visit.sections.push(Section { kind, name, span });
        // `(S) Subjective: sore`: the name behind the letter is no word of the section.
        let words = words.and_then(|words| {
            let text = self.str(words);
            let found = SECTION_NAME
                .find(text)
                .filter(|found| found.start() == 0 && found.len() > 1);
            let rest = found.map(|found| text[found.end()..].trim_start());
            let is_name = |rest: &&str| rest.is_empty() || rest.starts_with(':');
            let Some(rest) = rest.filter(is_name).filter(|_| kind_of(text) == Some(kind)) else {
                return Some(words);
            };
            let rest = rest.trim_start_matches([':', ' ', '\t']);
            (!rest.is_empty()).then(|| Span::new(words.end - rest.len(), words.end))
        });
        if let Some(words) = words {
            self.prose(words);
        }
    }

    fn field(&mut self, cursor: &mut TreeCursor<'_>, node: Node<'_>) {
        let fields = key_and_values(self.text, cursor);
        let ends = fields[1..].iter().map(|(key, _)| key.start);
        let ends: Vec<usize> = ends.chain([node.end_byte()]).collect();
        let mut start = node.start_byte();
        for ((key, value), end) in fields.into_iter().zip(ends) {
            let span = Span::new(start, end);
            start = end;
            if let Some(kind) = FieldKind::of_key(self.str(key)) {
                self.known_field(kind, key, value, span);
            } else {
                // An unknown key makes prose.
                self.visit.unknown_fields.push(UnknownField {
                    key,
                    in_modality: false,
                });
                self.prose(Span::new(key.start, value.map_or(key.end, |v| v.end)));
            }
        }
    }

    fn known_field(&mut self, kind: FieldKind, key: Span, value: Option<Span>, span: Span) {
        let name = self.str(key).to_ascii_lowercase();
        match (kind, value) {
            (FieldKind::Diagnosis, Some(value)) => {
                let found = diagnosis::find_in(self.str(value), value.start);
                // An impression without a code is the assessment.
                if name.starts_with("impression")
                    && found.iter().all(|d| d.kind != DiagnosisKind::Icd10)
                {
                    self.visit.prose.push(Prose {
                        section: Some(SectionKind::Assessment),
                        span: Span::new(key.start, value.end),
                    });
                    return;
                }
                self.visit.diagnoses.extend(found);
            }
            (FieldKind::Goal, Some(value)) => {
                let goal = Goal::read(key, self.str(key), value, self.str(value));
                self.visit.goals.push(goal);
            }
            (FieldKind::Diagnosis | FieldKind::Goal, None) => self.listing = Some(kind),
            // What was done is read wherever it stands.
            (FieldKind::Technique, Some(value)) => self.prose(value),
            (FieldKind::Session, Some(value)) if name.contains("out") || name.contains("end") => {
                // `Time in: 10:00`, and on the next line `Time out: 10:50`.
                if let Some(before) = self.visit.fields.last_mut()
                    && before.kind == kind
                    && before.span.end == span.start
                    && let Some(all) = &mut before.value
                {
                    all.end = value.end;
                    before.span.end = span.end;
                    return;
                }
            }
            _ => {}
        }
        if name.starts_with("goals") && kind == FieldKind::Goal {
            self.listing = Some(kind);
        }
        self.visit.fields.push(Field {
            kind,
            key,
            value,
            section: self.section,
            span,
        });
    }

    fn modality(&mut self, cursor: &mut TreeCursor<'_>, node: Node<'_>) {
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
        let mut others = Vec::new();
        for_each_child(cursor, |cursor, child| {
            let span = trimmed(child, self.text);
            let words_of = self.str(span);
            let mut on_the_line = true;
            match child.kind() {
                "procedure_code" => {
                    // A bullet and a label may stand before it.
                    code_span = Span::new(span.end - CODE_LENGTH, span.end);
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
                    let (key, value) = key_and_values(self.text, cursor).remove(0);
                    let kind = FieldKind::of_key(self.str(key));
                    on_the_line = false;
                    if let Some(kind) = kind.filter(|kind| !kind.is_detail()) {
                        // An editor that indents below a block goes on doing so: this is none of its details.
                        others.push((kind, key, value, Span::from(child.byte_range())));
                        return;
                    }
                    details.push(self.detail_field(kind, key, value, &mut facts));
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
        if self.is_meant_as_code(&modality) {
            self.read_vocabulary(&mut modality);
            self.visit.modalities.push(modality);
        } else {
            self.prose(modality.line);
            for detail in &modality.details {
                self.prose(detail.span);
            }
        }
        for (kind, key, value, span) in others {
            self.known_field(kind, key, value, span);
        }
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
        let behind = Span::new(modality.code_span.end, modality.line.end);
        if modality.minutes() == Minutes::Unstated
            && modality.modifiers.is_empty()
            && PASSING.is_match(self.str(behind))
        {
            return false;
        }
        let is_other_number =
            || code_shapes::is_count(self.str(behind)) || code_shapes::is_diagnosis(&modality.code);
        if modality.procedure.is_none() && is_other_number() {
            return false;
        }
        modality.procedure.is_some()
            || modality.retired.is_some()
            || retired::is_functional_reporting(&modality.code)
            || !modality.modifiers.is_empty()
            || modality.minutes() != Minutes::Unstated
            || modality.claimed.is_some()
            || (modality.code.starts_with("97")
                && self.str(modality.line).len() == modality.code.len())
    }

    fn detail_field(
        &mut self,
        kind: Option<FieldKind>,
        key: Span,
        value: Option<Span>,
        facts: &mut LineFacts,
    ) -> Detail {
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
/// first character to the last, over all lines that are no comments. A known key among the lines below begins a field of
/// its own, so that there may be several.
fn key_and_values(text: &str, cursor: &mut TreeCursor<'_>) -> Vec<(Span, Option<Span>)> {
    let mut found = vec![(Span::at(cursor.node().start_byte()), None::<Span>)];
    for_each_child(cursor, |_, child| {
        let span = trimmed(child, text);
        let words = &text[span.range()];
        let is_key = || {
            words.ends_with(':') && FieldKind::of_key(words).is_some_and(|kind| !kind.is_detail())
        };
        let Some((key, value)) = found.last_mut() else {
            return;
        };
        match child.kind() {
            "key" | "section_name" | "visit_key" => *key = span,
            "continuation" if is_key() => found.push((span, None)),
            "value" | "continuation" | "text" | "date" => {
                *value = Some(value.map_or(span, |v| Span::new(v.start, span.end)));
            }
            _ => {}
        }
    });
    found
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
