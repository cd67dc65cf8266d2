//! The claim of a visit as plain text: to read, and to paste.

use std::fmt::Write as _;

use super::{Block, ClaimPreview, Course, Line, code_words};
use crate::chart::time;
use crate::editor::counted;
use crate::text::Span;

/// No line is longer, so that the text fits into a float beside a note.
const WIDTH: usize = 80;

/// The claim lines to paste: a line for each, its code, modifiers, units and diagnosis letters parted
/// by tabs, as the columns of a claim form or a table take them; below an empty line each letter with
/// its code. Letters and modifiers stand in one cell each, without commas, as the form has them. Lines
/// that earn no unit are left out: they are not billed. There is nothing to paste while the minutes of a
/// timed code are missing, since its units and perhaps those of other codes would be too few.
pub(super) fn copy(preview: &ClaimPreview<Span>) -> String {
    let mut out = String::new();
    if preview.incomplete {
        return out;
    }
    for line in preview.lines.iter().filter(|l| l.units > 0) {
        let pointers: String = line.pointers.iter().collect();
        let _ = writeln!(
            out,
            "{}\t{}\t{}\t{pointers}",
            line.code,
            line.modifiers.join(" "),
            line.units
        );
    }
    let lettered: Vec<_> = preview
        .diagnoses
        .iter()
        .filter_map(|d| Some((d.letter?, &d.code)))
        .collect();
    if !out.is_empty() && !lettered.is_empty() {
        out.push('\n');
        for (letter, code) in lettered {
            let _ = writeln!(out, "{letter}\t{code}");
        }
    }
    out
}

/// All of it to read.
pub(super) fn text(preview: &ClaimPreview<Span>) -> String {
    let mut page = Page::default();
    page.head(preview);
    if preview.blocks.is_empty() {
        page.gap();
        page.wrapped("", "No procedure code in this visit yet.");
    } else {
        page.blocks(&preview.blocks);
        page.heading("How the units add up");
        for sentence in &preview.why {
            page.wrapped("  ", sentence);
        }
        page.lines(preview);
    }
    page.open(preview);
    page.course(&preview.course);
    page.0
}

/// Words on lines of at most so many characters; a word that is longer has a line to itself.
fn folded(words: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let line = lines.last().map_or(0, |l| l.chars().count());
        match lines.last_mut() {
            Some(last) if line == 0 => last.push_str(word),
            Some(last) if line + 1 + word.chars().count() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn gap(&mut self) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
    }

    fn heading(&mut self, words: &str) {
        self.gap();
        self.wrapped("", words);
    }

    /// A paragraph whose lines are indented, and all but the first by two more.
    fn wrapped(&mut self, indent: &str, words: &str) {
        for (index, line) in folded(words, WIDTH - indent.len() - 2).iter().enumerate() {
            let more = if index == 0 { "" } else { "  " };
            self.0.push_str(format!("{indent}{more}{line}").trim_end());
            self.0.push('\n');
        }
    }

    /// Rows of cells with their columns in line; a last cell that is too long goes on below itself.
    fn table(&mut self, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|c| c.chars().count()).max().unwrap_or(0)
        };
        // A column that is empty everywhere is left out.
        let used: Vec<usize> = (0..columns).filter(|c| width(*c) > 0).collect();
        let Some((last, fixed)) = used.split_last() else {
            return;
        };
        for row in rows {
            let mut lead = String::new();
            for column in fixed {
                let cell = row.get(*column).map_or("", String::as_str);
                let _ = write!(lead, "  {cell:width$}", width = width(*column));
            }
            lead.push_str("  ");
            let cell = row.get(*last).map_or("", String::as_str);
            if lead.chars().count() > WIDTH / 2 {
                self.wrapped("  ", &format!("{lead}{cell}"));
                continue;
            }
            let margin = " ".repeat(lead.chars().count());
            for (index, line) in folded(cell, WIDTH - margin.len()).iter().enumerate() {
                let before = if index == 0 { &lead } else { &margin };
                self.0.push_str(format!("{before}{line}").trim_end());
                self.0.push('\n');
            }
        }
    }

    fn head(&mut self, preview: &ClaimPreview<Span>) {
        let date = preview.date.as_deref().unwrap_or("No date");
        let so_far = if preview.incomplete { " so far" } else { "" };
        let sum = if preview.timed_minutes == 0 {
            format!(
                "no timed minutes{}",
                if preview.incomplete { " yet" } else { "" }
            )
        } else {
            format!(
                "{}, {}{so_far}",
                counted(preview.timed_minutes, "timed minute"),
                counted(preview.timed_units, "unit")
            )
        };
        self.wrapped("", &format!("{date}, {}: {sum}", preview.payer_words));
        if preview.timed_minutes > 0 {
            self.wrapped("", &format!("Counted {}.", preview.counting_words));
        }
        let session = preview.session.and_then(|session| {
            let minutes = session.minutes.map(|m| counted(m, "minute"));
            let clock = session
                .start
                .zip(session.end)
                .map(|(start, end)| format!("{} to {}", time::clock(start), time::clock(end)));
            match (clock, minutes) {
                (Some(clock), Some(minutes)) => Some(format!("{clock}, {minutes}")),
                (clock, minutes) => clock.or(minutes),
            }
        });
        if let Some(session) = session {
            self.wrapped("", &format!("Session: {session}"));
        }
    }

    fn blocks(&mut self, blocks: &[Block<Span>]) {
        self.heading("Blocks");
        let row = |block: &Block<Span>| {
            let clock: Vec<String> = block
                .clock
                .iter()
                .map(|c| format!("{}-{}", time::clock(c.start), time::clock(c.end)))
                .collect();
            let minutes = match block.minutes {
                Some(minutes) => format!("{minutes:>3} min"),
                None if block.timed => "  ? min".to_owned(),
                None => String::new(),
            };
            let label = block.label.unwrap_or("not a code that Soapstone knows");
            vec![
                code_words(&block.code, &block.modifiers),
                minutes,
                clock.join(" "),
                label.to_owned(),
            ]
        };
        self.table(&blocks.iter().map(row).collect::<Vec<_>>());
    }

    fn lines(&mut self, preview: &ClaimPreview<Span>) {
        self.heading("Claim lines");
        let row = |line: &Line| {
            let units = match line.units {
                _ if line.incomplete => "minutes missing".to_owned(),
                0 => "no unit, not billed".to_owned(),
                units => counted(units, "unit"),
            };
            let pointers: String = line.pointers.iter().collect();
            vec![
                code_words(&line.code, &line.modifiers),
                format!("{units:>7}"),
                pointers,
            ]
        };
        self.table(&preview.lines.iter().map(row).collect::<Vec<_>>());
        if preview.diagnoses.is_empty() {
            return;
        }
        self.heading("Diagnoses");
        let mut rows = Vec::new();
        for diagnosis in &preview.diagnoses {
            let letter = diagnosis.letter.unwrap_or('-');
            let title = diagnosis.title.as_deref().unwrap_or("");
            rows.push(vec![
                letter.to_string(),
                diagnosis.code.clone(),
                title.to_owned(),
            ]);
        }
        self.table(&rows);
        if preview.diagnoses.iter().any(|d| d.letter.is_none()) {
            self.wrapped(
                "  ",
                "A claim form holds 12 diagnoses; the others have no letter.",
            );
        }
    }

    fn open(&mut self, preview: &ClaimPreview<Span>) {
        if preview.open.is_empty() {
            return;
        }
        self.heading("Still open");
        for open in &preview.open {
            self.wrapped("  ", &format!("{}: {}", open.level, open.message));
        }
    }

    fn course(&mut self, course: &Course) {
        /// The last visits are those that matter; the data has all of them.
        const SHOWN: usize = 6;
        fn last<T>(all: &[T]) -> &[T] {
            &all[all.len().saturating_sub(SHOWN)..]
        }
        if course.pain.is_empty() && course.measures.iter().all(|m| m.values.is_empty()) {
            return;
        }
        self.heading("Course");
        let pain: Vec<String> = last(&course.pain)
            .iter()
            .map(|pain| {
                if (pain.worst - pain.least).abs() < f64::EPSILON {
                    format!("{}/10 on {}", pain.worst, pain.date)
                } else {
                    format!("{} to {}/10 on {}", pain.least, pain.worst, pain.date)
                }
            })
            .collect();
        if !pain.is_empty() {
            let target = course.pain_target;
            let target = target.map_or_else(String::new, |t| format!("; goal {t}/10"));
            self.wrapped("  ", &format!("pain: {}{target}", pain.join(", ")));
        }
        for measure in course.measures.iter().filter(|m| !m.values.is_empty()) {
            let values: Vec<String> = last(&measure.values)
                .iter()
                .map(|value| format!("{} on {}", value.value, value.date))
                .collect();
            self.wrapped(
                "  ",
                &format!(
                    "{}, {}: {}; goal {}",
                    measure.activity,
                    measure.unit,
                    values.join(", "),
                    measure.target
                ),
            );
        }
    }
}
