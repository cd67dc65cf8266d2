//! What a line should look like, by what stands on it.

use crate::chart::{
    ClockRange, Detail, Diagnosis, Field, FieldKind, Heading, Modality, Section, Visit,
};
use crate::chart::{DiagnosisKind, WrittenDate};
use crate::chart::{authorization, date, referral, time};
use crate::text::{Span, line_end};

/// Detail lines stand this far right of their modality.
const DETAIL: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Spaces at a line's end.
    Trailing,
    /// Empty lines, indentation, the note's last line break.
    Layout,
    /// Keys, codes, dates, clock ranges, the spaces between them.
    Words,
}

/// A change to a line. Spans are relative to the visit.
#[derive(Clone, Debug)]
pub struct Change {
    /// The line with its break.
    pub line: Span,
    pub span: Span,
    pub text: String,
    pub kind: Kind,
}

#[derive(Clone, Copy)]
enum Role<'a> {
    Prose,
    Comment,
    Heading(&'a Heading),
    Section(&'a Section),
    Field(&'a Field),
    Modality(&'a Modality),
    Detail(&'a Modality),
}

struct Line<'a> {
    /// The line with its break.
    span: Span,
    /// From its first character to its last.
    trimmed: Span,
    /// Where its break begins.
    content_end: usize,
    role: Role<'a>,
}

impl Line<'_> {
    fn is_empty(&self) -> bool {
        self.trimmed.is_empty()
    }
}

pub struct Lines<'a> {
    text: &'a str,
    visit: &'a Visit,
    all: Vec<Line<'a>>,
}

impl<'a> Lines<'a> {
    pub fn of(text: &'a str, visit: &'a Visit) -> Self {
        let mut lines = Self {
            text,
            visit,
            all: divided(text),
        };
        for modality in visit.modalities.iter().filter(|m| m.has_own_line) {
            let from = lines.index(modality.line.start);
            let to = lines.index(modality.span.end.max(modality.line.end));
            for index in from..=to.min(lines.all.len().saturating_sub(1)) {
                lines.assign(index, Role::Detail(modality));
            }
            lines.assign(from, Role::Modality(modality));
        }
        for field in &visit.fields {
            lines.assign(lines.index(field.key.start), Role::Field(field));
        }
        for section in &visit.sections {
            lines.assign(lines.index(section.name.start), Role::Section(section));
        }
        if let Some(heading) = &visit.heading {
            lines.assign(lines.index(heading.key.start), Role::Heading(heading));
        }
        lines
    }

    fn assign(&mut self, index: usize, role: Role<'a>) {
        if let Some(line) = self.all.get_mut(index)
            && !matches!(line.role, Role::Comment)
        {
            line.role = role;
        }
    }

    /// The line that an offset lies in.
    fn index(&self, offset: usize) -> usize {
        let after = self.all.partition_point(|l| l.span.start <= offset);
        after.saturating_sub(1)
    }

    fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// Every change: `first` and `last` say whether the note begins and ends here.
    pub fn changes(&self, first: bool, last: bool) -> Vec<Change> {
        let mut found = self.collector();
        let trimmed = |line: &Line<'_>| !line.is_empty();
        let begin = self.all.iter().position(trimmed).unwrap_or(self.all.len());
        let end = self.all.iter().rposition(trimmed).map_or(0, |i| i + 1);
        for (index, line) in self.all.iter().enumerate() {
            if !line.is_empty() {
                continue;
            }
            let after_another = index > 0 && self.all[index - 1].is_empty();
            let at_the_edge = (first && index < begin) || (last && index >= end);
            if after_another || at_the_edge {
                found.replace(line.span, "", Kind::Layout);
            } else {
                found.trim(line);
            }
        }
        self.each_line(0..self.all.len(), &mut found);
        self.everywhere(&mut found);
        found.changes
    }

    /// What Enter brings about when the line at `new_line` was begun by it.
    pub fn after_enter(&self, new_line: usize) -> Vec<Change> {
        let Some(ended) = new_line.checked_sub(1).map(|before| self.index(before)) else {
            return Vec::new();
        };
        let mut found = self.collector();
        let line = &self.all[ended];
        if line.is_empty() {
            found.trim(line);
        }
        self.each_line(0..ended + 1, &mut found);
        self.everywhere(&mut found);
        found.changes.retain(|c| c.line == line.span);
        let indentation = match line.role {
            Role::Modality(modality) | Role::Detail(modality) => Some(self.detail_indent(modality)),
            _ if line.is_empty() => Some(0),
            _ => None,
        };
        let below = self.all.get(ended + 1).filter(|b| b.is_empty());
        // The note's last line has no break and no entry of its own if it is empty.
        let spaces = below.map_or(Span::at(self.text.len()), |b| {
            Span::new(b.span.start, b.content_end)
        });
        let is_below = below.is_some() || ended + 1 == self.all.len();
        if let Some(width) = indentation.filter(|_| is_below) {
            found.changes.push(Change {
                line: spaces,
                span: spaces,
                text: " ".repeat(width),
                kind: Kind::Layout,
            });
        }
        found.changes
    }

    fn collector(&self) -> ChangeCollector<'_, 'a> {
        ChangeCollector {
            lines: self,
            changes: Vec::new(),
        }
    }

    fn each_line(&self, range: std::ops::Range<usize>, found: &mut ChangeCollector<'_, 'a>) {
        let shouted = self.shouts();
        // The indentation of the field that the lines of prose below a modality belong to.
        let mut above: Option<usize> = None;
        for line in &self.all[range] {
            if line.is_empty() || matches!(line.role, Role::Comment) {
                continue;
            }
            found.trim(line);
            let indentation = Span::new(line.span.start, line.trimmed.start);
            let width = width(self.str(indentation));
            let mut indent = width;
            match line.role {
                Role::Prose | Role::Comment => {}
                Role::Heading(heading) => {
                    indent = 0;
                    let capitals = self.str(heading.key).eq_ignore_ascii_case("dos:");
                    found.key(heading.key, |word| cased(word, capitals));
                    found.gap(line, heading.key.end);
                    if let Some((written, value)) = heading.date.zip(heading.value) {
                        // A heading without a date takes that of a line below.
                        let rest = self.text.get(written.span.end..value.end).unwrap_or("-");
                        if rest.is_empty() || rest.starts_with([' ', '\t', ',', ';', '(']) {
                            found.date(written);
                        }
                    }
                }
                Role::Section(section) => {
                    indent = 0;
                    let name = self.str(section.name);
                    let letters = name.trim_end_matches(':').trim_end();
                    // Bullets, brackets and further words are the writer's own.
                    if name.ends_with(':') && letters.bytes().all(|b| b.is_ascii_alphabetic()) {
                        found.key(section.name, |word| match word {
                            letter if letter.len() == 1 => letter.to_ascii_uppercase(),
                            word if shouted => word.to_ascii_uppercase(),
                            word => capitalised(word),
                        });
                        found.gap(line, section.name.end);
                    }
                }
                Role::Field(field) => {
                    if is_structure(field) {
                        indent = 0;
                        found.key(field.key, key_word);
                        found.gap(line, field.key.end);
                    }
                }
                Role::Modality(modality) => {
                    above = None;
                    self.modality_line(line, modality, found);
                }
                Role::Detail(modality) => {
                    let base = self.detail_indent(modality);
                    if let Some(key) = self.detail_key(line, modality) {
                        found.key(key, key_word);
                        found.gap(line, key.end);
                        above = Some(width);
                        indent = base;
                    } else {
                        let from = *above.get_or_insert(width);
                        indent = base + width.saturating_sub(from);
                    }
                }
            }
            if self.str(indentation).len() != indent || self.str(indentation).contains('\t') {
                found.replace(indentation, &" ".repeat(indent), Kind::Layout);
            }
        }
    }

    /// Whether the long names of the sections stand in capitals.
    fn shouts(&self) -> bool {
        let long = self.visit.sections.iter().filter(|s| s.name.len() > 2);
        let (loud, calm): (Vec<_>, Vec<_>) = long
            .map(|s| self.str(s.name))
            .partition(|name| *name == name.to_ascii_uppercase());
        loud.len() > calm.len()
    }

    fn detail_indent(&self, modality: &Modality) -> usize {
        let line = &self.all[self.index(modality.line.start)];
        width(self.str(Span::new(line.span.start, line.trimmed.start))) + DETAIL
    }

    /// The known key that a detail line begins with.
    fn detail_key(&self, line: &Line<'_>, modality: &Modality) -> Option<Span> {
        let colon = self.str(line.trimmed).find(':')?;
        let key = Span::new(line.trimmed.start, line.trimmed.start + colon + 1);
        FieldKind::of_key(self.str(key))?;
        let known = |d: &Detail| {
            d.kind.is_some() && key.end <= d.span.start && d.span.start <= line.trimmed.end
        };
        modality.details.iter().any(known).then_some(key)
    }

    fn modality_line(
        &self,
        line: &Line<'_>,
        modality: &Modality,
        found: &mut ChangeCollector<'_, 'a>,
    ) {
        found.cased(modality.code_span, &modality.code);
        if modality.is_row {
            return;
        }
        let mark = modality.proposed.unwrap_or(modality.code_span);
        let mut end = mark.end;
        for modifier in &modality.modifiers {
            // Those behind a mark, in brackets, behind a label or on another line stay where they are.
            let gap = self.text.get(end..modifier.span.start).unwrap_or("()");
            if !gap.chars().all(|c| "-‑– \t".contains(c)) {
                break;
            }
            found.replace(Span::new(end, modifier.span.start), "-", Kind::Words);
            found.cased(modifier.span, &modifier.code);
            end = modifier.span.end;
        }
        let in_a_clock_range = |at: usize| {
            let mut ranges = modality.clock.iter();
            ranges.any(|r| r.ends[0].end <= at && at < r.ends[1].start)
        };
        let mut at = end;
        while let Some(space) = self.text[at..line.trimmed.end].find([' ', '\t']) {
            let start = at + space;
            at = start + leading(&self.text[start..line.trimmed.end]);
            // `x  2` is no claim and `x 2` is one: what stands beside such a sign stays apart.
            let sign = |c: Option<char>| c.is_some_and(|c| "xX×@~≈".contains(c));
            let beside_a_sign = sign(self.text[..start].chars().next_back())
                || sign(self.text[at..].chars().next());
            if !beside_a_sign && !in_a_clock_range(start) {
                found.replace(Span::new(start, at), " ", Kind::Words);
            }
        }
    }

    /// Clock ranges, diagnosis codes and dates, wherever they have a place of their own.
    fn everywhere(&self, found: &mut ChangeCollector<'_, 'a>) {
        let visit = self.visit;
        // A sentence is the writer's own.
        for modality in visit.modalities.iter().filter(|m| m.has_own_line) {
            let is_below = |range: &ClockRange| {
                modality.span.start <= range.span.start && range.span.end <= modality.span.end
            };
            // Others were given in a sentence elsewhere.
            let clock = modality.clock.iter().copied().filter(is_below);
            found.clock(&clock.collect::<Vec<_>>());
            found.diagnoses(&modality.diagnoses);
        }
        found.diagnoses(&visit.diagnoses);
        for goal in &visit.goals {
            let dates = date::find_in(self.str(goal.span), goal.span.start);
            let due = dates.into_iter().find(|d| d.day.is_some());
            let is_by = |d: &WrittenDate| {
                let before = self.text[goal.span.start..d.span.start].trim_end();
                let word = before.rsplit([' ', '\t', '\n', '\r', ',', ';', '(']).next();
                word.is_some_and(|w| w.trim_end_matches(':').eq_ignore_ascii_case("by"))
            };
            if let Some(written) = due.filter(is_by) {
                found.date(written);
            }
        }
        let preamble = visit.heading.is_none();
        let referrals = referral::referrals(self.text, visit, preamble);
        let authorizations = authorization::authorizations(self.text, visit);
        for (_, referral) in referrals
            .chain(referral::plans(self.text, visit))
            .chain(authorizations.map(|(field, read)| (field, read.days)))
        {
            for written in [referral.from, referral.to].into_iter().flatten() {
                found.date(written);
            }
        }
        for field in &visit.fields {
            let Some(value) = field.value else { continue };
            let text = self.str(value);
            match field.kind {
                FieldKind::Session => found.clock(&time::clock_ranges(text, value.start)),
                FieldKind::Signed => {
                    // Of two dates one may be the other's: which one is signed for is not certain.
                    if let [written] = date::find_in(text, value.start)[..] {
                        found.date(written);
                    }
                }
                FieldKind::Addendum => {
                    let first = date::find_in(text, value.start).into_iter().next();
                    if let Some(written) = first.filter(|d| d.span.start == value.start) {
                        found.date(written);
                    }
                }
                _ => {}
            }
        }
    }
}

struct ChangeCollector<'l, 'a> {
    lines: &'l Lines<'a>,
    changes: Vec<Change>,
}

impl ChangeCollector<'_, '_> {
    fn replace(&mut self, span: Span, text: &str, kind: Kind) {
        let Some(line) = self.lines.all.get(self.lines.index(span.start)) else {
            return;
        };
        let over_the_end = span.end > line.span.end;
        if over_the_end || matches!(line.role, Role::Comment) || self.lines.str(span) == text {
            return;
        }
        self.changes.push(Change {
            line: line.span,
            span,
            text: text.to_owned(),
            kind,
        });
    }

    fn trim(&mut self, line: &Line<'_>) {
        let trailing = Span::new(line.trimmed.end, line.content_end);
        self.replace(trailing, "", Kind::Trailing);
    }

    /// The same letters in another case, one change for each stretch that differs.
    fn cased(&mut self, span: Span, text: &str) {
        let old = self.lines.str(span);
        if old.len() != text.len() || !old.eq_ignore_ascii_case(text) {
            return;
        }
        let differs: Vec<bool> = old.bytes().zip(text.bytes()).map(|(a, b)| a != b).collect();
        let mut at = 0;
        for stretch in differs.chunk_by(|a, b| a == b) {
            let end = at + stretch.len();
            if stretch[0] {
                let place = Span::new(span.start + at, span.start + end);
                self.replace(place, &text[at..end], Kind::Words);
            }
            at = end;
        }
    }

    /// A key with its colon: one space between its words, each in the case that it should have.
    fn key(&mut self, span: Span, case: impl Fn(&str) -> String) {
        let key = self.lines.str(span);
        let mut at = 0;
        for stretch in key.as_bytes().chunk_by(|a, b| is_space(*a) == is_space(*b)) {
            let place = Span::new(span.start + at, span.start + at + stretch.len());
            at += stretch.len();
            if is_space(stretch[0]) {
                self.replace(place, " ", Kind::Words);
            } else {
                let word = self.lines.str(place).trim_end_matches(':');
                let place = Span::new(place.start, place.start + word.len());
                self.cased(place, &case(word));
            }
        }
    }

    /// One space between a key and what follows it on the line.
    fn gap(&mut self, line: &Line<'_>, key_end: usize) {
        let rest = &self.lines.text[key_end..line.trimmed.end.max(key_end)];
        if !rest.is_empty() {
            self.replace(
                Span::new(key_end, key_end + leading(rest)),
                " ",
                Kind::Words,
            );
        }
    }

    fn date(&mut self, written: WrittenDate) {
        if let Some(day) = written.day
            && let words = self.lines.str(written.span)
            && !words.contains(['\n', '\r'])
        {
            // A weekday before it is a word of the writer's.
            let start = written.span.start + date::weekday_len(words);
            let span = Span::new(start, written.span.end);
            self.replace(span, &day.to_string(), Kind::Words);
        }
    }

    fn clock(&mut self, ranges: &[ClockRange]) {
        for range in ranges {
            let between = Span::new(range.ends[0].end, range.ends[1].start);
            // `start 10:00 stop 10:25`: without its second word the first says something else.
            let word = self.lines.str(between).trim();
            let is_to = word.eq_ignore_ascii_case("to") || word.eq_ignore_ascii_case("until");
            let is_word = word.contains(|c: char| c.is_ascii_alphabetic());
            // `from 10:00 to 10:25`: the two words belong together.
            let before = self.lines.text[..range.ends[0].start].trim_end();
            let from = before.len().checked_sub(4).and_then(|at| before.get(at..));
            let is_from = from.is_some_and(|word| word.eq_ignore_ascii_case("from"));
            if is_word && (!is_to || is_from) {
                continue;
            }
            // `6:50 am-7:20 am` would read as if `am-7:20` belonged together.
            let spaced = self.lines.str(range.ends[0]).contains([' ', '\t']);
            self.replace(between, if spaced { " - " } else { "-" }, Kind::Words);
        }
    }

    /// A code without its dot could be another word.
    fn diagnoses(&mut self, diagnoses: &[Diagnosis]) {
        for diagnosis in diagnoses {
            let written = self.lines.str(diagnosis.span);
            if diagnosis.kind == DiagnosisKind::Icd10 && written.contains('.') {
                self.cased(diagnosis.span, &written.to_ascii_uppercase());
            }
        }
    }
}

/// The change that ends the note's last line.
pub fn final_break(text: &str, line_break: &str) -> Option<Change> {
    let last = divided(text).pop().filter(|l| !l.is_empty())?;
    (last.content_end == last.span.end).then(|| Change {
        line: last.span,
        span: Span::at(text.len()),
        text: line_break.to_owned(),
        kind: Kind::Layout,
    })
}

/// The lines of a text; they end at `\n`, `\r\n` and `\r`.
fn divided<'a>(text: &str) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = line_end(text, start);
        let content = text[start..end].trim_end_matches(['\n', '\r']);
        let text_end = start + content.trim_end_matches([' ', '\t']).len();
        let trimmed = Span::new(text_end.min(start + leading(content)), text_end);
        lines.push(Line {
            span: Span::new(start, end),
            trimmed,
            content_end: start + content.len(),
            role: if text[trimmed.range()].starts_with("//") {
                Role::Comment
            } else {
                Role::Prose
            },
        });
        start = end;
    }
    lines
}

/// Whether a field's key is a form's and not the first word of a sentence: `Note: arrived late`,
/// and in a section `Client: "it burns"`.
fn is_structure(field: &Field) -> bool {
    use FieldKind as F;
    const SENTENCES: [F; 5] = [F::Technique, F::Region, F::Response, F::Time, F::Note];
    const OUTSIDE_SECTIONS: [F; 7] = [
        F::Patient,
        F::Payer,
        F::Provider,
        F::Limitation,
        F::Referral,
        F::Authorization,
        F::PlanOfCare,
    ];
    let said = field.section.is_some() && OUTSIDE_SECTIONS.contains(&field.kind);
    !said && !SENTENCES.contains(&field.kind)
}

/// A word of a key in small letters, unless it is an abbreviation in capitals.
fn key_word(word: &str) -> String {
    const ABBREVIATIONS: [&str; 8] = ["STG", "LTG", "ICD", "ICD-10", "ICD10", "POC", "MRN", "TTM"];
    cased(word, ABBREVIATIONS.contains(&word))
}

fn cased(word: &str, capitals: bool) -> String {
    if capitals {
        word.to_ascii_uppercase()
    } else {
        word.to_ascii_lowercase()
    }
}

/// `subjective` as `Subjective`.
fn capitalised(word: &str) -> String {
    let mut word = word.to_ascii_lowercase();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

/// How many bytes of spaces a text begins with.
fn leading(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// How far an indentation reaches; a tab is as wide as a detail's.
fn width(indentation: &str) -> usize {
    let tabs = indentation.bytes().filter(|b| *b == b'\t').count();
    indentation.len() + tabs * (DETAIL - 1)
}
