//! The lines of other people's notes, each made one that the chart reads. Only what a line's shape says is used here.

mod days;
mod entries;
mod labels;
mod names;
mod pages;
pub(super) mod rows;

pub use entries::{code_at_start, code_in};
pub use names::{part, session};

use super::{grid, log};
use crate::pattern::pattern;
use crate::text::bullet::{BULLET, MARKS};

pattern!(WIDE, r"\t+|[ ]{2,}|[ ]+\|[ ]+");
pattern!(pub(super) ENTRY, &format!(r"^{BULLET}[ \t]+"));
pattern!(
    OUTLINE,
    &format!(r"^(?:[{MARKS}#]+|[A-Z0-9IVX]{{1,4}}[.)])[ \t]+")
);

/// The number with which an entry of a list begins, with the blank behind it; other marks say nothing.
pub fn number_of_entry(words: &str) -> &str {
    let entry = ENTRY.find(words).map_or("", |entry| entry.as_str());
    if entry.starts_with(|c: char| c.is_ascii_digit()) {
        entry
    } else {
        ""
    }
}

/// The lines as the chart reads them.
pub fn tidy(text: &str) -> Vec<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{c}'], "\n");
    // `> `: quoted in an electronic mail.
    let lines = text
        .lines()
        .map(|line| line.trim_start_matches("> ").trim_end().to_owned());
    let lines = pages::heads_once(lines.collect());
    let lines = log::in_visits(lines);
    let lines: Vec<String> = lines.iter().flat_map(|line| entries::apart(line)).collect();
    let lines = entries::codes_below_labels(&lines);
    let lines = rows::told(grid::in_lines(&lines));
    let lines = entries::in_first_column(lines);
    let lines = lines.iter().flat_map(|line| labels::apart(line)).collect();
    let lines = labels::goals_until(lines);
    let lines = labels::values_beside(lines);
    let lines = lines.iter().map(|line| names::usual(line)).collect();
    let lines = days::on_top(lines);
    days::visits_apart(lines)
}
