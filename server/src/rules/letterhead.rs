//! The clinic's own head: what stands before the first field, heading or date of a note. Record systems print
//! it on each page, so that its lines may come again.

use super::VisitCase;
use super::sections::lines;
use crate::chart::{Visit, date};
use crate::pattern::words;

/// No head is longer: more lines without a field are a text.
const MOST_LINES: usize = 12;

/// A line of more words is a sentence.
const MOST_WORDS: usize = 14;

words!(
    /// What a line says that is about the patient, or to somebody.
    OF_THE_PATIENT,
    r"(?i)\b(?:patient|pt|client|home|cell|mobile|he|she|his|her|lives?|lived|moved|calls?|reach|contact|emergency|spouse|wife|husband|ssn|born|dob)\b"
);

/// The lines of the letterhead without the spaces around them, in order.
pub(super) fn letterhead<'a>(case: &VisitCase<'a>) -> Vec<&'a str> {
    let (text, visit) = case.preamble.unwrap_or((case.text, case.visit));
    let is_followed = case.preamble.is_some() || !case.last;
    let Some(end) = first_of_note(text, visit, is_followed) else {
        return Vec::new();
    };
    let head = lines(&text[..end]).map(|(_, line)| line.trim());
    let head: Vec<&str> = head.filter(|line| !line.is_empty()).collect();
    let is_short = |line: &&str| line.split_whitespace().count() <= MOST_WORDS;
    if head.len() > MOST_LINES || !head.iter().all(is_short) {
        return Vec::new();
    }
    let own = head
        .into_iter()
        .filter(|line| !OF_THE_PATIENT.is_match(line));
    own.collect()
}

/// Where the note itself begins: its first heading, section, field, block, or date; `None` if nothing but a
/// date tells a head from a text.
fn first_of_note(text: &str, visit: &Visit, is_followed: bool) -> Option<usize> {
    let heading = visit.heading.iter().map(|h| h.span.start);
    let sections = visit.sections.iter().map(|s| s.span.start);
    let fields = visit.fields.iter().map(|f| f.span.start);
    let blocks = visit.modalities.iter().map(|m| m.line.start);
    let dated = lines(text)
        .find(|(_, line)| !date::find_in(line, 0).is_empty())
        .map(|(at, _)| at);
    let read = heading.chain(sections).chain(fields).chain(blocks).min();
    let read = read.or_else(|| is_followed.then_some(text.len()))?;
    Some(dated.map_or(read, |dated| dated.min(read)))
}
