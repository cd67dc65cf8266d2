//! Puts what a line or sentence says of its codes on lines of their own, for the fixes of rules.

use super::{Edit, VisitCase};
use crate::chart::Modality;
use crate::reference::regions;
use crate::text::Span;

/// The line of a block with its modifiers and regions and the time that is given for it.
pub fn line_of(case: &VisitCase<'_>, block: &Modality, time: &str) -> String {
    let mark = block.proposed.map_or("", |mark| case.str(mark));
    let modifiers = block.modifiers.iter().map(|m| format!("-{}", m.code));
    let mut line = format!("{}{mark}{}", block.code, modifiers.collect::<String>());
    let places = regions::written(case.str(block.line));
    for part in [places.as_str(), time] {
        if !part.is_empty() {
            line.push(' ');
            line.push_str(part);
        }
    }
    line
}

/// An edit that puts lines in the place of words, which stay as the note of the last one; `None` where what follows on
/// the line could be read as something else without them.
pub fn instead_of(case: &VisitCase<'_>, words: Span, lines: &[String]) -> Option<Edit> {
    let br = case.line_break();
    let is_space = |c: char| c == ' ' || c == '\t';
    let rest = &case.text[words.end..];
    let marks = rest.trim_start_matches(['.', ',', ';']);
    let said = Span::new(words.start, case.text.len() - marks.len());
    let words: Vec<&str> = case.str(said).split_whitespace().collect();
    let mut text = format!("{}{br}  note: {}", lines.join(br), words.join(" "));
    let above = case.text[..said.start].trim_end_matches(is_space);
    let mut start = said.start;
    if !above.is_empty() && !above.ends_with(['\n', '\r', '\u{feff}']) {
        start = above.len();
        text.insert_str(0, br);
    }
    let rest = marks.trim_start_matches(is_space);
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    if line.contains(':') {
        return None;
    }
    if !line.is_empty() || is_indented(&rest[line.len()..]) {
        text.push_str(br);
    }
    Some(Edit::new(
        Span::new(start, case.text.len() - rest.len()),
        text,
    ))
}

/// Whether the line after a break is indented, so that it would belong to a block above it.
pub fn is_indented(rest: &str) -> bool {
    let line = rest
        .strip_prefix("\r\n")
        .or_else(|| rest.strip_prefix(['\n', '\r']));
    let line = line.unwrap_or_default();
    let words = line.trim_start_matches([' ', '\t']);
    words.len() < line.len() && !words.starts_with(['\n', '\r']) && !words.is_empty()
}
