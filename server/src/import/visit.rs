//! What the chart read of a visit, put into the usual form: labels, lists, blocks on lines of their own, and the treatment
//! that sentences tell of.

use super::layout::{self, ENTRY};
use super::sentences::paragraphs;
use crate::chart::{Field, FieldKind, SectionKind, Visit};
use crate::pattern::words;
use crate::rules::{Edit, VisitCase};
use crate::text::Span;
use crate::text::bullet::MARKS;

words!(NUMBER_OF_PATIENT, r"(?i)\b(?:mrn|id|number|no|#)\b");

/// What was recognised, or stayed prose, in the order of the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noticed {
    /// Where they stand in the visit.
    at: usize,
    /// The words in the text that was read.
    pub words: String,
    /// What they became, as it stands in the note now.
    pub became: Became,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    Block(String),
    /// A block whose code is to be confirmed.
    Proposal(String),
    Field(String),
    Prose(&'static str),
}

/// The edits that put a visit into the usual form, and what was noticed.
pub fn rewrite(case: &VisitCase<'_>) -> (Vec<Edit>, Vec<Noticed>) {
    let mut rewriter = Rewriter {
        case,
        text: case.text,
        paragraphs: paragraphs(case.text, case.visit),
        visit: case.visit,
        edits: Vec::new(),
        noticed: Vec::new(),
        top: Vec::new(),
    };
    rewriter.sections();
    rewriter.fields();
    rewriter.lists();
    rewriter.blocks();
    rewriter.sentences();
    rewriter.at_top();
    let Rewriter {
        mut edits,
        mut noticed,
        ..
    } = rewriter;
    // Of two edits of the same words the first one made is the one that knows more.
    let mut kept: Vec<Edit> = Vec::new();
    for edit in edits.drain(..) {
        if kept
            .iter()
            .all(|known| edit.span.end <= known.span.start || known.span.end <= edit.span.start)
        {
            kept.push(edit);
        }
    }
    kept.sort_by_key(|edit| (edit.span.start, edit.span.end));
    noticed.sort_by_key(|noticed| noticed.at);
    // Lines that follow each other are parted once.
    for at in 1..kept.len() {
        let (before, here) = kept.split_at_mut(at);
        let (last, next) = (&before[at - 1], &mut here[0]);
        if last.span.end == next.span.start
            && last.text.ends_with('\n')
            && next.text.starts_with('\n')
        {
            next.text.remove(0);
        }
    }
    (kept, noticed)
}

pub(super) struct Rewriter<'a> {
    pub(super) case: &'a VisitCase<'a>,
    pub(super) text: &'a str,
    /// Its prose, each paragraph with the section that it stands in.
    pub(super) paragraphs: Vec<(Span, Option<SectionKind>)>,
    pub(super) visit: &'a Visit,
    pub(super) edits: Vec<Edit>,
    pub(super) noticed: Vec<Noticed>,
    /// Lines to put below the heading: what sentences say that stay as they are.
    pub(super) top: Vec<String>,
}

impl<'a> Rewriter<'a> {
    pub(super) fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// The whole line around an offset, without its break.
    pub(super) fn line(&self, at: usize) -> Span {
        let start = self.text[..at].rfind('\n').map_or(0, |found| found + 1);
        let end = self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |found| at + found);
        Span::new(start, end)
    }

    pub(super) fn replace(&mut self, span: Span, text: impl Into<String>) {
        let text = text.into();
        if self.str(span) != text {
            self.edits.push(Edit::new(span, text));
        }
    }

    pub(super) fn notice(&mut self, span: Span, became: Became) {
        let words = joined(self.str(span));
        let at = span.start;
        self.noticed.push(Noticed { at, words, became });
    }

    /// `II. Objective (O)` is `O:`.
    fn sections(&mut self) {
        for section in &self.visit.sections {
            // Words that say more than the section's name stay.
            if self
                .str(section.name)
                .to_lowercase()
                .contains("treatment plan")
            {
                continue;
            }
            let name = match section.kind {
                SectionKind::Subjective => "S:",
                SectionKind::Objective => "O:",
                SectionKind::Assessment => "A:",
                SectionKind::Plan => "P:",
                SectionKind::Treatment => "Tx:",
            };
            let line = self.line(section.name.start);
            let words = self.visit.prose.iter().map(|prose| prose.span);
            let words = words.filter(|prose| line.start <= prose.start && prose.end <= line.end);
            let first = words
                .filter(|prose| prose.start >= section.name.end)
                .map(|prose| prose.start)
                .min();
            let block = self.visit.modalities.iter().map(|block| block.line.start);
            let block = block
                .filter(|at| (section.name.end..line.end).contains(at))
                .min();
            // A section may begin in the middle of another one's line.
            let start = if self.text[line.start..section.name.start].contains([':', '.'])
                && self
                    .visit
                    .sections
                    .iter()
                    .any(|s| s.name.start < section.name.start && s.name.start >= line.start)
            {
                section.name.start
            } else {
                line.start
            };
            let end = [first, block]
                .into_iter()
                .flatten()
                .min()
                .unwrap_or(line.end);
            let is_middle = start > line.start;
            let space = if end < line.end { " " } else { "" };
            let br = if is_middle { "\n" } else { "" };
            self.replace(Span::new(start, end), format!("{br}{name}{space}"));
        }
    }

    fn fields(&mut self) {
        let patient = self.visit.field(FieldKind::Patient).map(|field| field.span);
        for field in &self.visit.fields {
            // The number beside the name is no other patient, and no name.
            let is_number = || NUMBER_OF_PATIENT.is_match(self.str(field.key));
            if field.kind == FieldKind::Patient && (Some(field.span) != patient || is_number()) {
                continue;
            }
            let Some(value) = field.value else {
                // The label of a list whose entries have labels of their own.
                let mut below = self
                    .visit
                    .fields
                    .iter()
                    .filter(|other| other.span.start >= field.span.end);
                let entry = below.next().filter(|other| other.kind == FieldKind::Goal);
                let between = |other: &Field| {
                    self.text[field.key.end..other.key.start]
                        .trim_matches(|c: char| c.is_whitespace() || MARKS.contains(c))
                        .is_empty()
                };
                if field.kind == FieldKind::Goal && entry.is_some_and(between) {
                    self.remove_line(field.key.start);
                }
                continue;
            };
            let words = joined(&remarks_out(self.str(value)));
            let line = match field.kind {
                FieldKind::Goal => {
                    let own = goal_kind(self.str(field.key));
                    let number: String = self
                        .str(field.key)
                        .chars()
                        .filter(char::is_ascii_digit)
                        .collect();
                    let number = if number.is_empty() {
                        String::new()
                    } else {
                        format!(" {number}")
                    };
                    format!("{own}{number}: {words}")
                }
                FieldKind::Session => Self::session(&words),
                FieldKind::Waive | FieldKind::Note | FieldKind::Addendum => continue,
                // `Referring physician` says who, and `referral` does not.
                FieldKind::Referral => {
                    let label = self.str(field.key).trim_end_matches([':', ' ', '\t']);
                    format!("{label}: {words}")
                }
                kind => format!("{}: {words}", kind.key()),
            };
            let start = self.line(field.key.start).start;
            // A field may stand behind another one on its line.
            let start = if self.text[start..field.key.start].trim().is_empty()
                || ENTRY
                    .replace(&self.text[start..field.key.start], "")
                    .trim()
                    .is_empty()
            {
                start
            } else {
                field.key.start
            };
            let br = if start == field.key.start && !self.text[..start].ends_with('\n') && start > 0
            {
                "\n"
            } else {
                ""
            };
            let rest = &self.text[value.end..];
            let gap = rest.len() - rest.trim_start_matches([' ', '\t', '|', ',', ';']).len();
            let after = if rest[gap..].starts_with('\n') || rest[gap..].is_empty() {
                ""
            } else {
                "\n"
            };
            let end = if after.is_empty() {
                value.end
            } else {
                value.end + gap
            };
            self.notice(
                Span::new(field.key.start, value.end),
                Became::Field(line.clone()),
            );
            self.replace(Span::new(start, end), format!("{br}{line}{after}"));
        }
    }

    fn session(words: &str) -> String {
        if let Some((range, rest)) = layout::session(words) {
            return format!("session: {range} {rest}").trim_end().to_owned();
        }
        // `Total time (min): 50`
        let is_bare = words.chars().all(|c| c.is_ascii_digit() || c == '.');
        let unit = if is_bare { " min" } else { "" };
        format!("session: {words}{unit}")
    }

    /// Diagnoses and goals that stand in lists below their label.
    fn lists(&mut self) {
        let fields: Vec<Span> = self
            .visit
            .fields
            .iter()
            .filter(|f| f.value.is_some())
            .map(|f| f.span)
            .collect();
        let in_field = |at: usize| fields.iter().any(|span| span.start <= at && at < span.end);
        let mut used_labels = Vec::new();
        let label_above = |at: usize, kind: FieldKind| {
            let above = self
                .visit
                .fields
                .iter()
                .filter(|f| f.kind == kind && f.value.is_none() && f.key.start < at);
            above.map(|field| field.key).max()
        };
        let mut edits = Vec::new();
        let mut noticed = Vec::new();
        for goal in &self.visit.goals {
            if in_field(goal.key.start) {
                continue;
            }
            let label = label_above(goal.key.start, FieldKind::Goal);
            used_labels.extend(label);
            let kind = label.map_or("goal", |label| goal_kind(self.str(label)));
            let number = goal
                .number
                .map_or(String::new(), |number| format!(" {number}"));
            let line = format!("{kind}{number}: {}", joined(self.str(goal.span)));
            noticed.push((goal.span, line.clone()));
            let start = self.line(goal.key.start).start;
            edits.push((Span::new(start, goal.span.end), line));
        }
        let mut done = Vec::new();
        for diagnosis in &self.visit.diagnoses {
            let line = self.line(diagnosis.span.start);
            if in_field(diagnosis.span.start) || done.contains(&line) {
                continue;
            }
            done.push(line);
            used_labels.extend(label_above(line.start, FieldKind::Diagnosis));
            let words = self.str(line).trim();
            let words = ENTRY.replace(words, "");
            let field = format!("dx: {words}");
            noticed.push((line, field.clone()));
            edits.push((line, field));
        }
        for (span, line) in edits {
            self.replace(span, line);
        }
        for (span, line) in noticed {
            self.notice(span, Became::Field(line));
        }
        used_labels.dedup();
        for label in used_labels {
            self.remove_line(label.start);
        }
    }

    pub(super) fn remove_line(&mut self, at: usize) {
        let line = self.line(at);
        let end = (line.end + 1).min(self.text.len());
        self.replace(Span::new(line.start, end), "");
    }

    /// Puts what sentences say in fields below the heading.
    fn at_top(&mut self) {
        if self.top.is_empty() {
            return;
        }
        let heading = self.visit.heading.as_ref().map(|heading| heading.span.end);
        let lines = self.top.join("\n");
        match heading {
            Some(end) => self
                .edits
                .push(Edit::new(Span::at(end), format!("\n{lines}"))),
            None => self
                .edits
                .push(Edit::new(Span::at(0), format!("{lines}\n"))),
        }
    }
}

/// `STG`, `LTG` or `goal`, as the label of a goal or of a list of goals has it.
fn goal_kind(label: &str) -> &'static str {
    let label = label.trim_start().to_ascii_lowercase();
    if label.starts_with("stg") || label.contains("short") {
        "STG"
    } else if label.starts_with("ltg") || label.contains("long") {
        "LTG"
    } else {
        "goal"
    }
}

/// The words with one space between them.
pub(super) fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn remarks_out(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join(" ")
}
