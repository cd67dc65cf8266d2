//! The claim of a visit as plain text: to read, and to paste.

use std::fmt::Write as _;

use super::course::{Pain, Value};
use super::{Block, ClaimPreview, Course, Line, PointedDiagnosis};
use crate::chart::time;
use crate::editor::{counted, with_modifiers};

/// No line is longer, so that the text fits into a float beside a note.
const WIDTH: usize = 80;

/// What stands above the columns of what is copied.
const HEADINGS: &str = "Date\tPatient\tCode\tModifiers\tUnits\tPointers\tDiagnoses";

/// The claim lines to paste: below the headings a line for each, with its day and patient, so that those of several
/// claims can go into one sheet. Letters, modifiers and diagnoses stand in one cell each, without commas. Lines that earn
/// no unit are left out: they are not billed. There is nothing to paste while the minutes of a timed code are missing,
/// since its units and perhaps those of other codes would be too few.
pub(super) fn copy<P>(preview: &ClaimPreview<P>) -> String {
    let billed: Vec<&Line> = preview.lines.iter().filter(|l| l.units > 0).collect();
    if preview.incomplete || billed.is_empty() {
        return String::new();
    }
    let mut out = format!("{HEADINGS}\n");
    let date = preview.date.as_deref().unwrap_or_default();
    let patient = preview.patient.as_deref().unwrap_or_default();
    for line in billed {
        let pointers: String = line.pointers.iter().collect();
        let pointed = preview.diagnoses.iter();
        let pointed = pointed.filter(|d| d.letter.is_some_and(|l| line.pointers.contains(&l)));
        let diagnoses: Vec<&str> = pointed.map(|d| &*d.code).collect();
        let cells = [
            date,
            patient,
            &line.code,
            &line.modifiers.join(" "),
            &line.units.to_string(),
            &pointers,
            &diagnoses.join(" "),
        ];
        let _ = writeln!(out, "{}", cells.join("\t"));
    }
    out
}

/// All of it to read.
pub(super) fn text<P>(preview: &ClaimPreview<P>) -> String {
    let mut page = Page::default();
    page.head(preview);
    if preview.blocks.is_empty() {
        page.heading("No timed or billed block was read in this visit.");
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
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in words.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[derive(Default)]
struct Page(String);

impl Page {
    /// A paragraph after an empty line.
    fn heading(&mut self, words: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
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

    fn head<P>(&mut self, preview: &ClaimPreview<P>) {
        let date = preview.date.as_deref().unwrap_or("No date");
        let date = match preview.visits {
            1 => date.to_owned(),
            visits => format!("{date}, {visits} visits"),
        };
        let minutes = counted(preview.timed_minutes, "timed minute");
        let units = counted(preview.timed_units, "unit");
        let sum = match (preview.timed_minutes, preview.incomplete) {
            (0, false) => "no timed minutes".to_owned(),
            (0, true) => "no timed minutes yet".to_owned(),
            (_, false) => format!("{minutes}, {units}"),
            (_, true) => format!("{minutes}, {units} so far"),
        };
        self.wrapped("", &format!("{date}, {}: {sum}", preview.payer_words));
        if preview.timed_minutes > 0 {
            self.wrapped("", &format!("Counted {}.", preview.counting_words));
        }
        for (name, words) in [
            ("Provider", &preview.provider),
            ("Referral", &preview.referral),
            ("Authorization", &preview.authorization),
        ] {
            if let Some(words) = words {
                self.wrapped("", &format!("{name}: {words}"));
            }
        }
        if let Some(session) = preview.session {
            let clock = (session.start.zip(session.end))
                .map(|(start, end)| format!("{} to {}", time::clock(start), time::clock(end)));
            let minutes = session.minutes.map(|m| counted(m, "minute"));
            let parts: Vec<String> = clock.into_iter().chain(minutes).collect();
            if !parts.is_empty() {
                self.wrapped("", &format!("Session: {}", parts.join(", ")));
            }
        }
    }

    fn blocks<P>(&mut self, blocks: &[Block<P>]) {
        self.heading("Blocks");
        let row = |block: &Block<P>| {
            let clock = block.clock.iter();
            let clock = clock.map(|c| format!("{}-{}", time::clock(c.start), time::clock(c.end)));
            let minutes = match block.minutes {
                Some(minutes) => format!("{minutes:>3} min"),
                None if block.timed => "  ? min".to_owned(),
                None => String::new(),
            };
            let label = block.label.unwrap_or("not a code that Soapstone knows");
            let code = with_modifiers(&block.code, &block.modifiers);
            let clock = clock.collect::<Vec<_>>().join(" ");
            vec![code, minutes, clock, label.to_owned()]
        };
        self.table(&blocks.iter().map(row).collect::<Vec<_>>());
    }

    fn lines<P>(&mut self, preview: &ClaimPreview<P>) {
        self.heading("Claim lines");
        let row = |line: &Line| {
            let units = match line.units {
                _ if line.incomplete => "minutes missing".to_owned(),
                0 => "no unit, not billed".to_owned(),
                units => counted(units, "unit"),
            };
            let code = with_modifiers(&line.code, &line.modifiers);
            vec![code, format!("{units:>7}"), line.pointers.iter().collect()]
        };
        self.table(&preview.lines.iter().map(row).collect::<Vec<_>>());
        if let Some(allowed) = &preview.allowed {
            self.wrapped("  ", &format!("Medicare allows about {allowed}."));
        }
        if preview.diagnoses.is_empty() {
            return;
        }
        self.heading("Diagnoses");
        let row = |d: &PointedDiagnosis| {
            let letter = d.letter.unwrap_or('-').to_string();
            vec![letter, d.code.clone(), d.title.clone().unwrap_or_default()]
        };
        self.table(&preview.diagnoses.iter().map(row).collect::<Vec<_>>());
        if preview.diagnoses.iter().any(|d| d.letter.is_none()) {
            self.wrapped(
                "  ",
                "A claim form holds 12 diagnoses; the others have no letter.",
            );
        }
    }

    fn open<P>(&mut self, preview: &ClaimPreview<P>) {
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
        let pain = |Pain { date, worst, least }: &Pain| {
            if (worst - least).abs() < f64::EPSILON {
                format!("{worst}/10 on {date}")
            } else {
                format!("{least} to {worst}/10 on {date}")
            }
        };
        let pain = last(&course.pain).iter().map(pain);
        let pain = pain.collect::<Vec<_>>().join(", ");
        if !pain.is_empty() {
            let goal = course.pain_target.map(|t| format!("; goal {t}/10"));
            self.wrapped("  ", &format!("pain: {pain}{}", goal.unwrap_or_default()));
        }
        for measure in course.measures.iter().filter(|m| !m.values.is_empty()) {
            let values = last(&measure.values).iter();
            let values = values.map(|Value { date, value }| format!("{value} on {date}"));
            let values = values.collect::<Vec<_>>().join(", ");
            let (activity, unit, goal) = (&measure.activity, &measure.unit, measure.target);
            self.wrapped("  ", &format!("{activity}, {unit}: {values}; goal {goal}"));
        }
    }
}
