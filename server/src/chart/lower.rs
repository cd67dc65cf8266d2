//! From the syntax tree to the chart.

use std::sync::LazyLock;

use tree_sitter::{Node, TreeCursor};

use super::block_line::{self, BlockLine, add_modifiers_below};
use super::coded_prose::{self, UnreadCode};
use super::field::{FieldKind, UnknownField};
use super::goal::Goal;
use super::line_below::{self, Said};
use super::{
    ClockRange, Detail, Diagnosis, DiagnosisKind, Duration, Field, Heading, Minutes, Modality,
    Prose, Section, SectionKind, Visit, WrittenDate, date, diagnosis, passing, time,
    treatment_label,
};
use crate::length::Length;
use crate::pattern::{Kinds, pattern, words};
use crate::reference::{code_shapes, retired, techniques};
use crate::syntax::{Syntax, for_each_child, start_with_indentation};
use crate::text::bullet::{BULLET, MARKS};
use crate::text::{Span, headings, labels};

/// Characters of a procedure code.
const CODE_LENGTH: usize = 5;
/// Of so many codes that share what a line says, each has the words of the whole line. Nobody treats by more of them, and
/// thousands would look through all of it thousands of times.
const MOST_OF_LINE: usize = 40;

/// The name of a section in its heading, which may have a number, a letter or marks around it.
static SECTION_NAME: LazyLock<Kinds<SectionKind>> = LazyLock::new(|| {
    let names = [
        (SectionKind::Plan, r"treatment plan|plan|p\b"),
        (
            SectionKind::Treatment,
            r"treatment|tx|interventions|procedures",
        ),
        (SectionKind::Subjective, r"subjective|s\b"),
        (SectionKind::Objective, r"objective|o\b"),
        (SectionKind::Assessment, r"assessment|a\b"),
    ];
    Kinds::new(names.map(|(kind, names)| (kind, format!("(?i){names}"))))
});
pattern!(
    /// The next section on the line of another: in capitals, after the end of a sentence or behind a time. `P: 72` is a
    /// pulse.
    NEXT_SECTION,
    r"[.!?)\]][ \t]+(?P<name>(?:SUBJECTIVE|OBJECTIVE|ASSESSMENT|PLAN|TREATMENT|INTERVENTIONS)(?: FINDINGS| PLAN)?:)|(?:[.!?)\]]|\d[ \t]*min(?:ute)?s?)[ \t]+(?P<letter>[OAP]:)[ \t]+(?:[^\d\s]|\d{5}\b)"
);
pattern!(ENTRY, &format!(r"^{BULLET}[ \t]+"));
pattern!(
    OUTLINE,
    &format!(r"^(?:[{MARKS}#]+|[A-Z0-9IVX]{{1,4}}[.)])[ \t]+")
);
pattern!(
    /// A signature as record systems print it, without a colon.
    SIGNATURE,
    r"(?i)^(?:(?:electronically|digitally)[ \t]+signed(?:[ \t]+by)?|e-signed(?:[ \t]+by)?|authenticated[ \t]+by|(?:signed|completed)[ \t]+by|signed,)[ \t]+"
);
pattern!(
    /// `dx M54.50`: the label needs no colon where a code follows.
    DIAGNOSIS_LINE,
    r"^(?P<label>(?i:dx(?:[ ]\d)?|icd-?10(?:-?cm)?(?:[ ]codes?)?|diagnosis|codes?)[ \t]*:?)[ \t]+[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b"
);
// The sentence of such a line goes on below.
words!(
    UNFINISHED,
    r"(?i)(?:\b(?:add|bill|billed|code|codes|use)|,)$"
);
words!(PRIMARY, r"(?i)^primary[ \t]*:");
words!(SECONDARY, r"(?i)\b(?:secondary|2nd)[ \t]*:");
words!(
    UNITS_LEFT,
    r"(?i)\bunits?\s+(?:left|remaining|used)\b|^\W*x ?\d+,? (?:visits? )?(?:approved|authori[sz]ed|requested|pending)\b"
);

pub fn lower(text: &str, syntax: &Syntax) -> Visit {
    let mut reader = Reader {
        text,
        section: None,
        listing: None,
        is_key: false,
        visit: Visit {
            len: text.len(),
            text_end: text.trim_end().len(),
            ..Visit::default()
        },
    };
    if let Some(root) = syntax.root() {
        reader.items(&mut root.walk());
    }
    coded_prose::read(text, &mut reader.visit);
    reader.align_times();
    // Of thousands of visits with a block each the room for three more would be most of the memory.
    reader.visit.modalities.shrink_to_fit();
    reader.visit
}

struct Reader<'a> {
    text: &'a str,
    visit: Visit,
    /// The section that is open.
    section: Option<SectionKind>,
    /// Diagnoses or goals are listed below their label.
    listing: Option<FieldKind>,
    /// A list of codes to choose from is being printed, a key and no treatment.
    is_key: bool,
}

impl<'a> Reader<'a> {
    fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// The items of the node that a cursor stands on.
    fn items(&mut self, cursor: &mut TreeCursor<'_>) {
        for_each_child(cursor, |cursor, node| {
            let kind = node.kind();
            if kind != "text" && kind != "comment" {
                self.listing = None;
            }
            self.is_key &= matches!(kind, "modality" | "text");
            match kind {
                "visit" => self.items(cursor),
                "visit_heading" => self.heading(cursor, node),
                "section" => self.section(cursor, node),
                "field" => self.field(cursor, node),
                "modality" => self.modality(cursor, node),
                "text" => self.line(Span::from(node.byte_range())),
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
        let bullet = ENTRY.find(words);
        let entry = bullet.map_or(0, |found| found.len());
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
            Some(FieldKind::Goal) if bullet.is_some() && self.goes_on_listing(words) => {
                let key = Span::new(span.start, entry.start);
                let bullet = self.str(key).trim_end();
                let number = bullet.trim_end_matches(|c: char| !c.is_ascii_digit());
                let goal = Goal::read(key, number, entry, self.str(entry));
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
        } else if let Some(label) = DIAGNOSIS_LINE.captures(words).and_then(|f| f.name("label")) {
            let key_len = label.as_str().trim_end().len();
            let value = words[key_len..].trim_start();
            let value = Span::new(span.end - value.len(), span.end);
            let key = Span::new(span.start, span.start + key_len);
            self.known_field(FieldKind::Diagnosis, key, Some(value), span);
        } else {
            self.listing = None;
            self.treatment_below(span);
            let is_choice = self.is_key && coded_prose::is_unfilled(self.text, span);
            self.is_key = is_choice || coded_prose::is_label_of_choices(words);
            if !is_choice {
                self.prose(span);
            }
        }
    }

    /// Below `Tx Performed:` treatment is told, whichever section is open, and below `Charges` what it was billed as.
    fn treatment_below(&mut self, line: Span) {
        let words = self.str(line);
        if treatment_label::end_of_label(words).is_some()
            || self.is_opinion() && coded_prose::is_label_of_list(words)
        {
            self.section = Some(SectionKind::Treatment);
        }
    }

    /// Whether a line is of the list of goals above it: one that has numbers has them throughout.
    fn goes_on_listing(&self, words: &str) -> bool {
        let is_numbered = words.starts_with(|c: char| c.is_ascii_digit());
        let last = self.visit.goals.last();
        last.is_none_or(|goal| {
            goal.number.is_none()
                || goal.key.is_empty()
                || is_numbered
                || !self.str(goal.key).starts_with(|c: char| c.is_ascii_digit())
        })
    }

    /// Whether the line that begins at an offset goes on with the sentence of the line before.
    fn goes_on(&self, start: usize) -> bool {
        let before = self.visit.prose.last().map(|prose| prose.span);
        before.is_some_and(|before| {
            self.is_next(start)
                && (coded_prose::dangles(self.str(before)) || UNFINISHED.is_match(self.str(before)))
                && !coded_prose::is_label_of_list(self.str(before))
        })
    }

    /// Whether the line that begins at an offset follows the last line of prose.
    fn is_next(&self, start: usize) -> bool {
        let before = self.visit.prose.last().map(|prose| prose.span);
        before.is_some_and(|before| {
            let between = &self.text[before.end.min(start)..start];
            between.trim().is_empty() && between.lines().count() <= 2
        })
    }

    /// Whether the code that begins a line was put there by the end of the line before, with whose sentence it goes on.
    fn is_wrapped(&self, start: usize) -> bool {
        words!(
            WRAPPED,
            r"(?i)\b(?:get|gets|got|denied|both|includes?|authorizes?|covers?|recommends?)$"
        );
        let before = self.visit.prose.last().map(|prose| prose.span);
        before.is_some_and(|before| {
            let words = self.str(before);
            let dangles = coded_prose::dangles(words) || WRAPPED.is_match(words);
            let goes_on = dangles && !coded_prose::is_label_of_list(words);
            self.is_next(start) && (goes_on || self.is_opinion() && words.ends_with(','))
        })
    }

    /// Whether the section that is open says what the patient or the clinician thinks, and not what was done.
    fn is_opinion(&self) -> bool {
        self.section
            .is_some_and(|section| !section.is_of_treatment())
    }

    /// Keeps a code with its time to be asked for, whose line goes on with a sentence of what the patient or the clinician
    /// thinks, unless that speaks of it in passing.
    fn ask_for(&mut self, modality: &Modality) {
        let start = self
            .visit
            .prose
            .last()
            .map_or(modality.line.start, |prose| prose.span.start);
        let is_asked = self.is_opinion()
            && modality.procedure.is_some()
            && !modality.says_no_time()
            && !passing::is_in_passing(&self.text[start..modality.line.end]);
        if is_asked {
            self.visit.unread_codes.push(UnreadCode {
                code: modality.code_span,
                words: modality.line,
                line_end: coded_prose::line_end(self.text, modality.line.end),
            });
        }
    }

    /// The heading of the visit; any other one is the head of a page, or the date of the signature above it.
    fn heading(&mut self, cursor: &mut TreeCursor<'_>, node: Node<'_>) {
        let (key, value) = key_and_values(self.text, cursor).remove(0);
        let line = Span::new(key.start, value.map_or(key.end, |v| v.end));
        // `visit: 4 of 12, last seen 2026-01-02` has no date of its own; that of `Visit 3 (11/20/2026)` stands in its key.
        let dated = own_date(self.text, cursor, key);
        let dated = dated.or(value).unwrap_or(Span::at(key.end));
        // A blank that does not break lines is none that the grammar passes over.
        let words = self.str(dated).trim_start();
        let date = date::at_start(words).map(|date| (date, dated.end - words.len()));
        let date = date.or_else(|| {
            let words = self.str(key);
            let mut ends = words.match_indices([' ', '\t', '(', '-', '–', '—', '=']);
            ends.find_map(|(at, mark)| {
                let rest = words[at + mark.len()..].trim_start();
                let start = key.end - rest.len();
                Some((date::at_start(rest)?, start))
            })
        });
        let date = date.map(|(date, start)| WrittenDate {
            span: date.span.shifted(start),
            day: date.day,
        });
        // The day of an evaluation gives way to that of the visit.
        let of_evaluation = headings::is_of_evaluation(self.str(key));
        let is_empty = self.visit.sections.is_empty() && self.visit.modalities.is_empty();
        let gives_way = self.visit.heading.as_ref().is_some_and(|heading| {
            is_empty
                && date.is_some()
                && !of_evaluation
                && headings::is_of_evaluation(self.str(heading.key))
        });
        if let Some(heading) = self.visit.heading.as_mut().filter(|_| !gives_way) {
            if !of_evaluation {
                heading.date = heading.date.or(date);
            }
            if let Some(signed) = self.visit.fields.last_mut()
                && signed.kind == FieldKind::Signed
                && signed.span.end == start_with_indentation(node, self.text)
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
        let mut start = start_with_indentation(node, self.text);
        let mut name = name;
        let mut words = words;
        while let Some(all) = words {
            let Some(next) = NEXT_SECTION
                .captures(self.str(all))
                .and_then(|found| found.name("name").or(found.name("letter")))
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
        let named = SECTION_NAME.find_iter(self.str(name)).next();
        let kind = named.map_or(SectionKind::Treatment, |(kind, _)| kind);
        self.section = Some(kind);
        self.visit.sections.push(Section { kind, name, span });
        // `(S) Subjective: sore`: the name behind the letter is no word of the section.
        let words = words.and_then(|words| {
            let text = self.str(words);
            let found = SECTION_NAME
                .at_start(text)
                .filter(|(named, found)| *named == kind && found.len() > 1);
            let rest = found.map(|(_, found)| text[found.end..].trim_start());
            let is_name = |rest: &&str| rest.is_empty() || rest.starts_with(':');
            let Some(rest) = rest.filter(is_name) else {
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
        let mut start = start_with_indentation(node, self.text);
        for ((key, value), end) in fields.into_iter().zip(ends) {
            let span = Span::new(start, end);
            start = end;
            // `● STG 1: …`: a bullet is no part of the label.
            let bullet = ENTRY.find(self.str(key)).map_or(0, |found| found.end());
            let key = Span::new(key.start + bullet, key.end);
            let kind = FieldKind::of_key(self.str(key));
            if let Some(kind) = kind.or_else(|| self.first_payer(key, value)) {
                self.known_field(kind, key, value, span);
            } else {
                let words = Span::new(key.start, value.map_or(key.end, |v| v.end));
                // `Codes: M54.50`
                if DIAGNOSIS_LINE.is_match(self.str(words)) {
                    self.known_field(FieldKind::Diagnosis, key, value, span);
                    continue;
                }
                self.is_key = coded_prose::is_label_of_choices(self.str(words));
                self.treatment_below(words);
                // An unknown key makes prose.
                self.visit.unknown_fields.push(UnknownField {
                    key,
                    in_modality: false,
                });
                self.prose(Span::new(key.start, value.map_or(key.end, |v| v.end)));
            }
        }
    }

    /// `Primary: Aetna` below an empty `Insurance:`, or before `Secondary:` on the same line at the head of a note.
    fn first_payer(&self, key: Span, value: Option<Span>) -> Option<FieldKind> {
        let words = self.str(value?);
        let last = self.visit.fields.last();
        let above = self.visit.prose.last().map(|prose| prose.span);
        let is_below_label = above.is_some_and(|above| {
            FieldKind::of_key(self.str(above)) == Some(FieldKind::Payer)
                && self.text[above.end..key.start].trim().is_empty()
        });
        let is_listed =
            is_below_label || last.is_some_and(|f| f.kind == FieldKind::Payer && f.value.is_none());
        let is_at_head = self.section.is_none()
            && last.is_none_or(|f| f.kind != FieldKind::Diagnosis)
            && SECONDARY.is_match(words);
        let is_first = PRIMARY.is_match(self.str(key)) && (is_listed || is_at_head);
        let codes = diagnosis::find_in(words, 0);
        let has_code = codes.iter().any(|d| d.kind == DiagnosisKind::Icd10);
        (is_first && !has_code).then_some(FieldKind::Payer)
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
                    self.visit.unknown_fields.push(UnknownField {
                        key,
                        in_modality: false,
                    });
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
            // `Session: Pt took part in sensory activities for 20 min.`
            (FieldKind::Session, Some(value))
                if name.trim_end_matches([':', ' ', '\t']) == "session"
                    && tells_of_session(self.str(value)) =>
            {
                self.section = Some(SectionKind::Treatment);
                self.prose(Span::new(key.start, value.end));
                return;
            }
            // `Time: 97110 25, 97140 15`
            (FieldKind::Time | FieldKind::TimedMinutes | FieldKind::Session, Some(value))
                if coded_prose::names_code(self.text, value)
                    && time::clock_ranges(self.str(value), 0).is_empty() =>
            {
                self.prose(Span::new(key.start, value.end));
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
        let mut code_span = Span::at(start);
        let mut below = Below::default();
        let mut details = Vec::new();
        let mut span_end = start;
        let mut others = Vec::new();
        for_each_child(cursor, |cursor, child| {
            let span = Span::from(child.byte_range());
            match child.kind() {
                // A bullet and a label may stand before it.
                "procedure_code" => code_span = Span::new(span.end - CODE_LENGTH, span.end),
                "text" => details.push(Detail { kind: None, span }),
                "field" => {
                    let (key, value) = key_and_values(self.text, cursor).remove(0);
                    let kind = FieldKind::of_key(self.str(key));
                    if let Some(kind) = kind.filter(|kind| !kind.is_detail()) {
                        // An editor that indents below a block goes on doing so: this is none of its details.
                        let start = start_with_indentation(child, self.text);
                        others.push((kind, key, value, Span::new(start, span.end)));
                        return;
                    }
                    details.push(self.detail_field(kind, key, value, &mut below));
                }
                _ => return,
            }
            // A field's node ends after its line break; the block ends with its last character.
            span_end = span_end.max(span.start + self.str(span).trim_end().len());
        });
        let line = &self.text[code_span.start..coded_prose::line_end(self.text, code_span.end)];
        let line = Span::new(code_span.start, code_span.start + line.trim_end().len());
        let others_on_line = coded_prose::together(self.text, code_span, line.end);
        let last = others_on_line.last().copied().unwrap_or(code_span);
        let whole_line = line;
        let further = coded_prose::further(self.text, code_span, line);
        let line = further.start.map_or(line, |start| {
            let own = self.str(Span::new(line.start, start));
            let own = own.trim_end_matches([' ', '\t', ',', ';', '/', '|', '+']);
            Span::new(line.start, line.start + own.len())
        });
        let mut said = block_line::read(self.text, last, line);
        below.add_to(&mut said);
        self.add_alone(self.str(last), &details, &mut said);
        let shared =
            !others_on_line.is_empty() && (!said.clock.is_empty() || !said.durations.is_empty());
        let mut modality = Modality::new(self.text, code_span, line, said.clone());
        modality.has_own_line = true;
        modality.span.end = span_end.max(whole_line.end);
        let goes_on = details.is_empty() && self.is_wrapped(code_span.start);
        if !goes_on && !further.is_doubtful && self.is_meant_as_code(&modality) {
            // What shares its line shares none of its details.
            let own_line = (!others_on_line.is_empty()).then(|| modality.clone());
            if let Some(shared) = &own_line {
                modality = shared.of_code(self.text, code_span);
            }
            for detail in &details {
                modality.read_vocabulary(self.text, detail.kind, detail.span);
            }
            modality.details = details;
            let are_many = others_on_line.len() > MOST_OF_LINE;
            for (code, own_line) in others_on_line.into_iter().zip(own_line.iter().cycle()) {
                let mut other = own_line.of_code(self.text, code);
                other.line.start = code.start;
                if are_many {
                    other.line.end = code.end;
                }
                (other.span, other.has_own_line) = (other.line, false);
                if shared {
                    other.share_time();
                }
                self.visit.modalities.push(other);
            }
            if shared {
                modality.share_time();
            }
            self.visit.modalities.push(modality);
            self.visit.modalities.extend(further.blocks);
            self.visit.unread_codes.extend(further.unread);
        } else {
            if goes_on {
                self.ask_for(&modality);
            }
            // What is offered in a list of codes and was not filled says nothing of this visit.
            let is_choice = self.is_key
                && (coded_prose::is_unfilled(self.text, whole_line)
                    || modality.says_no_time()
                        && modality.claimed.is_none()
                        && modality.modifiers.is_empty());
            if is_choice {
                self.visit.choices.push(whole_line);
            } else {
                self.prose(whole_line);
            }
            for detail in details {
                self.prose(detail.span);
            }
        }
        for (kind, key, value, span) in others {
            self.known_field(kind, key, value, span);
        }
    }

    /// Adds what lines below say alone of a block: `Mod: GP` and, where it gives no time, `25 min`.
    fn add_alone(&self, code: &str, details: &[Detail], said: &mut BlockLine) {
        let is_timed =
            !said.clock.is_empty() || !said.durations.is_empty() || said.time_placeholder;
        for detail in details.iter().filter(|d| d.kind.is_none()) {
            match line_below::read(self.text, detail.span) {
                Some(Said::Modifiers(found)) => {
                    add_modifiers_below(code, &mut said.modifiers, found);
                }
                _ if is_timed => {}
                Some(Said::Clock(range)) => said.clock.push(range),
                Some(Said::Duration(duration)) => said.durations.push(duration),
                Some(Said::Units(claim)) => said.claimed = said.claimed.or(Some(claim)),
                None => {}
            }
        }
        said.ambiguous |= said.durations.len() > 1 && !is_timed;
    }

    /// `10000 steps a day` begins with five digits and is no procedure: a code that no table knows
    /// needs something beside it that only a billed line has.
    fn is_meant_as_code(&self, modality: &Modality) -> bool {
        let behind = Span::new(modality.code_span.end, modality.line.end);
        if passing::is_rule(self.str(behind)) {
            return false;
        }
        if passing::takes_back(self.str(behind)) {
            return false;
        }
        let is_blank = self.is_key && modality.time_placeholder;
        if (modality.says_no_time() || is_blank)
            && modality.modifiers.is_empty()
            && (modality.claimed.is_none() || UNITS_LEFT.is_match(self.str(behind)))
            && (self.is_key
                || code_shapes::is_count(self.str(behind))
                || passing::is_in_passing_behind(self.str(behind))
                || self.goes_on(modality.code_span.start))
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
        below: &mut Below,
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

    /// Reads `1:00` beside a session of `12:30-1:45` as the afternoon.
    fn align_times(&mut self) {
        let session = self.visit.field(FieldKind::Session).and_then(|f| f.value);
        let clock = session.map(|value| time::clock_ranges(self.str(value), value.start));
        self.visit.session_clock = clock.unwrap_or_default();
        let session = self.visit.session_clock.first().copied();
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
/// first character to the last, over all lines that are no comments. A known key among the lines below begins a field of
/// its own, so that there may be several.
fn key_and_values(text: &str, cursor: &mut TreeCursor<'_>) -> Vec<(Span, Option<Span>)> {
    let mut found = vec![(Span::at(cursor.node().start_byte()), None::<Span>)];
    for_each_child(cursor, |_, child| {
        let span = Span::from(child.byte_range());
        let Some((key, value)) = found.last_mut() else {
            return;
        };
        let mut add = |words: Span| {
            *value = Some(value.map_or(words, |v| Span::new(v.start, words.end)));
        };
        match child.kind() {
            "key" | "section_name" | "visit_key" => *key = span,
            ":" => key.end = span.end,
            "continuation" => match field_of_its_own(&text[span.range()]) {
                Some((key_len, rest)) => {
                    let value = (rest < span.len()).then(|| Span::new(span.start + rest, span.end));
                    found.push((Span::new(span.start, span.start + key_len), value));
                }
                None => add(span),
            },
            "value" | "text" | "date" => add(span),
            _ => {}
        }
    });
    found
}

/// The date that makes a heading of a label that is none without: it is a date whatever touches it, as in
/// `Date: 2026-11-20T09:00`. Behind `visit:` that may be a slip.
fn own_date(text: &str, cursor: &mut TreeCursor<'_>, key: Span) -> Option<Span> {
    let label = text[key.range()].trim_start_matches(|c: char| !c.is_alphabetic());
    let label = label.trim_end_matches([':', '*', '_', ' ', '\t']);
    let mut found = None;
    for_each_child(cursor, |_, child| {
        if child.kind() == "date" {
            found = Some(Span::from(child.byte_range()));
        }
    });
    found.filter(|_| labels::key_of(label) != Some("visit"))
}

/// Whether a line below a field is one with a key of its own: how long that is, and where its value begins. What holds
/// below a block only goes on with the field.
fn field_of_its_own(words: &str) -> Option<(usize, usize)> {
    let key = &words[..=words.find(':')?];
    let rest = &words[key.len()..];
    let value = rest.trim_start_matches([' ', '\t']);
    let is_key = value.is_empty() || value.len() < rest.len();
    let kind = FieldKind::of_key(key).filter(|_| is_key)?;
    (kind == FieldKind::Diagnosis || !kind.is_detail())
        .then_some((key.len(), words.len() - value.len()))
}

/// Whether what stands behind `session:` tells of treatment, and does not begin with how long it took.
fn tells_of_session(value: &str) -> bool {
    /// So many words may stand before the time: `lasted a total of 45 min`.
    const MOST_BEFORE: usize = 4;
    words!(
        DID,
        r"(?i)\b(?:participat\w+|complet\w+|perform\w+|did|receiv\w+|took|was|were|spent|work\w+|gave|given|done|engag\w+|tolerat\w+|includ\w+|began|started)\b"
    );
    let names_technique = |words: &str| {
        let named = techniques::find_in(words);
        named.iter().any(|technique| technique.decisive)
    };
    let durations = time::durations(value, 0).into_iter().map(|d| d.span);
    let clock = time::clock_ranges(value, 0).into_iter().map(|c| c.span);
    let mut starts: Vec<usize> = durations.chain(clock).map(|span| span.start).collect();
    starts.sort_unstable();
    let before = &value[..starts.first().copied().unwrap_or(value.len())];
    before.split_whitespace().count() > MOST_BEFORE
        // `Individual session with a focus on gait training, 45 min` is one time, and the session's.
        && (starts.len() > 1 || DID.is_match(before) || names_technique(&value[before.len()..]))
        && names_technique(value)
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
    fn a_label_that_tells_of_treatment_is_no_field_and_no_opinion() {
        let sections = |text: &str| -> Vec<(bool, String)> {
            let visit = lower(text, &Syntax::of(text));
            let prose = visit.prose.iter().map(|prose| {
                let is_of_treatment = prose.section.is_none_or(SectionKind::is_of_treatment);
                (is_of_treatment, text[prose.span.range()].to_owned())
            });
            prose.collect()
        };
        let told = |words: &str| (true, words.to_owned());
        let said = |words: &str| (false, words.to_owned());
        assert_eq!(
            sections("S: Sore.\nO/Tx: Gait 10 min\nStairs 5 min\nA: Better.\n"),
            [
                said("Sore."),
                told("O/Tx: Gait 10 min"),
                told("Stairs 5 min"),
                said("Better.")
            ]
        );
        assert_eq!(
            sections(
                "S: Sore.\nSession: Gait training in the hall was done for 20 min.\nStairs.\n"
            ),
            [
                said("Sore."),
                told("Session: Gait training in the hall was done for 20 min."),
                told("Stairs.")
            ]
        );
        for field in [
            "Session: 45 min of gait training",
            "Session: lasted 45 min",
            "Session: individual session with a focus on gait training, 45 min",
        ] {
            let visit = lower(field, &Syntax::of(field));
            assert_eq!(visit.fields.len(), 1, "{field}");
        }
    }

    #[test]
    fn the_day_of_a_visit_stands_in_or_behind_its_heading() {
        for heading in [
            "visit: 2026-11-20, 4 of 12",
            "Visit Date: Nov 20, 2026",
            "Date: 11/20/2026",
            "Date 11/20/2026",
            "Visit Date 11/20/2026",
            "Date of Service Friday, 11/20/2026",
            "DOS 11-20-26",
        ] {
            let text = format!("{heading}\nS: sore\n");
            let visit = lower(&text, &Syntax::of(&text));
            assert_eq!(
                visit.day(),
                jiff::civil::Date::new(2026, 11, 20).ok(),
                "{heading}"
            );
        }
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

    #[test]
    fn the_payer_that_pays_first() {
        for (head, payer) in [
            (
                "Insurance: Aetna; secondary: Medicare",
                Some("Aetna; secondary: Medicare"),
            ),
            (
                "Insurance: Aetna\nSecondary insurance: Medicare",
                Some("Aetna"),
            ),
            (
                "Secondary insurance: Medicare\nPrimary insurance: Aetna",
                Some("Aetna"),
            ),
            (
                "Insurance:\nPrimary: Aetna\nSecondary: Medicare",
                Some("Aetna"),
            ),
            (
                "Primary: Aetna / Secondary: Medicare",
                Some("Aetna / Secondary: Medicare"),
            ),
            ("Insurance\nPrimary: Aetna\nSecondary: none", Some("Aetna")),
            ("Insurance (primary): Aetna", Some("Aetna")),
            ("Secondary insurance: Medicare", None),
            (
                "Provider: A. Rivera\nPrimary: Aetna / Secondary: Medicare",
                Some("Aetna / Secondary: Medicare"),
            ),
            ("dx: back pain\nPrimary: back / Secondary: hip", None),
            ("dx: M54.50\nPrimary: M54.50 / Secondary: M25.551", None),
            ("Primary: back pain", None),
        ] {
            let text = format!("visit: 2026-11-20\n{head}\nS: sore\n");
            let visit = lower(&text, &Syntax::of(&text));
            let values = visit.fields_of(FieldKind::Payer).filter_map(|f| f.value);
            let values: Vec<_> = values.map(|value| &text[value.range()]).collect();
            assert_eq!(values, Vec::from_iter(payer), "{head}");
        }
    }

    #[test]
    fn what_is_listed_below_a_label() {
        for (text, diagnoses, goals) in [
            ("Diagnosis\nM54.50\nM54.2\n", 2, 0),
            ("Goals\n- Sit 30 min\n- Lift 20 lb\n", 0, 2),
            ("Goals: Sit 30 min\n- Lift 20 lb\n", 0, 2),
            ("Goal 1: Sit 30 min\n- Ice at home\n", 0, 1),
            // Goals that have numbers have them throughout.
            ("Goals:\n1. Sit 30 min\n2. Kneel\n- Ice at home\n", 0, 2),
        ] {
            let visit = lower(text, &Syntax::of(text));
            let found = (visit.diagnoses.len(), visit.goals.len());
            assert_eq!(found, (diagnoses, goals), "{text}");
        }
    }

    #[test]
    fn sections_on_one_line() {
        for (text, words) in [
            (
                "S: Sore. O: Tight. A: Better. P: Weekly.\n",
                &["Sore.", "Tight.", "Better.", "Weekly."][..],
            ),
            ("(S) Subjective: sore\n", &["sore"]),
            ("S: Sore. O: 97140 15 min\n", &["Sore.", "97140 15 min"]),
            ("S: Sore. P: 72, BP 120/80\n", &["Sore. P: 72, BP 120/80"]),
            // A letter alone is no name behind another.
            ("A: a\n", &["a"]),
        ] {
            let visit = lower(text, &Syntax::of(text));
            let prose = visit.prose.iter().map(|p| &text[p.span.range()]);
            assert_eq!(prose.collect::<Vec<_>>(), words, "{text}");
            assert_eq!(visit.sections.len(), words.len(), "{text}");
        }
    }

    #[test]
    fn fields_over_several_lines() {
        for (text, expected) in [
            (
                "Time in: 10:00\nTime out: 10:50\n",
                &[("Time in:", "10:00\nTime out: 10:50")][..],
            ),
            (
                "Start time: 10:00\nEnd time: 10:50\n",
                &[("Start time:", "10:00\nEnd time: 10:50")],
            ),
            // What holds below a block only goes on with the field, but a diagnosis is a field of its own.
            (
                "Provider: A. Rivera\n  Insurance: Aetna\n  region: neck\n  dx: M54.2\n  Referral:\n",
                &[
                    ("Provider:", "A. Rivera"),
                    ("Insurance:", "Aetna\n  region: neck"),
                    ("dx:", "M54.2"),
                    ("Referral:", ""),
                ],
            ),
        ] {
            let visit = lower(text, &Syntax::of(text));
            let fields = visit.fields.iter().map(|field| {
                let value = field.value.map_or("", |value| &text[value.range()]);
                (&text[field.key.range()], value)
            });
            assert_eq!(fields.collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn figures_that_are_codes_of_no_table() {
        for (text, codes) in [
            ("97999\n", &["97999"][..]),
            ("95999 x2\n", &["95999"]),
            ("95999 15 min\n", &["95999"]),
            ("95999\n", &[]),
            ("97999 steps a day\n", &[]),
        ] {
            let visit = lower(text, &Syntax::of(text));
            let blocks = visit.modalities.iter().map(|block| block.code.as_str());
            assert_eq!(blocks.collect::<Vec<_>>(), codes, "{text}");
        }
    }

    #[test]
    fn codes_that_were_proposed() {
        for (text, expected) in [
            (
                "97124? lumbar 30 min\n97110 lumbar 10 min\n",
                "97124? 30, 97110 10",
            ),
            ("- 97124?-59 lumbar 30 min\n", "97124? 30"),
            (
                "Tx: 97140? 15 min; 97112? balance 10 min\n",
                "97140? 15, 97112? 10",
            ),
            (
                "O: Bridges (97110?): 12 minutes. 97140 15 min.\n",
                "97110? 12, 97140 15",
            ),
            ("97110?/97112 lumbar\n", "97110? -, 97112 -"),
            // A question is none.
            (
                "97110 ? lumbar 25 min\nO: Better? 97140 15 min\n",
                "97110 25, 97140 15",
            ),
        ] {
            let visit = lower(text, &Syntax::of(text));
            let blocks = visit.modalities.iter().map(|block| {
                let mark = block.proposed.map_or("", |mark| &text[mark.range()]);
                let minutes = block.minutes().stated();
                let minutes = minutes.map_or("-".to_owned(), |minutes| minutes.to_string());
                format!("{}{mark} {minutes}", block.code)
            });
            assert_eq!(blocks.collect::<Vec<_>>().join(", "), expected, "{text}");
        }
    }
}
