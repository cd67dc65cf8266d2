//! What begins a line: the entries of a list, codes and what is indented below them.

use super::WIDE;
use crate::chart::time;
use crate::pattern::{pattern, words};
use crate::reference::procedures;
use crate::text::bullet::BULLET;

words!(
    UNFINISHED,
    r"(?i)(?:\b(?:of|the|and|or|with|to|for|in|by|a|an|from|add|bill|billed|code|codes|use|than|as|is|was)|,)$"
);

/// `P - 98940 L5` above another line of a code: the label stands above the list.
pub fn codes_below_labels(lines: &[String]) -> Vec<String> {
    pattern!(
        LETTER,
        r"(?i)^[ \t]*(?:[soap]|tx|plan|procedures?)[ \t]*[-–—:][ \t]*"
    );
    let mut out = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let label = LETTER.find(line);
        let label = label.filter(|label| code_at_start(&line[label.end()..]).is_some());
        let next = lines.get(at + 1).map(|next| next.trim_start());
        match label {
            Some(label) if next.is_some_and(|next| code_at_start(next).is_some()) => {
                let name = label
                    .as_str()
                    .trim_end_matches([' ', '\t', '-', '–', '—', ':']);
                out.push(format!("{name}:"));
                out.push(line[label.end()..].to_owned());
            }
            _ => out.push(line.clone()),
        }
    }
    out
}

/// `1. Massage 30 min 2. Ultrasound 8 min`, `[x] Massage 30 min [ ] Heat 10 min`: each entry begins a line of its own.
pub fn apart(line: &str) -> Vec<String> {
    pattern!(
        BOX,
        r"(?:^|[ \t])(?P<mark>\[[ xX✓✔_]?\]|\([ xX]\)|[☐☑☒])[ \t]*\S"
    );
    pattern!(
        NUMBER,
        r"(?:^|[ \t])(?P<mark>(?P<number>\d{1,2})[.)])[ \t]+\S"
    );
    words!(
        /// What says before a list that its entries were given.
        GIVEN,
        r"(?i)(?:^(?:o|obj|objective|tx|rx|treatments?|interventions?|procedures?)\W*$|\b(?:today|provided|performed|given|done|received|completed|included|following|treatments?|interventions?)\W*$)"
    );
    let starts = |pattern: &regex::Regex| -> Vec<usize> {
        let found = pattern.captures_iter(line);
        found
            .filter_map(|found| Some(found.name("mark")?.start()))
            .collect()
    };
    let numbers = NUMBER
        .captures_iter(line)
        .map(|found| found["number"].parse::<usize>().ok());
    let is_counted = numbers
        .zip(1..)
        .all(|(number, place)| number == Some(place));
    let starts = match (starts(&BOX), starts(&NUMBER)) {
        (boxes, _) if boxes.len() > 1 => boxes,
        (_, numbers) if numbers.len() > 1 && is_counted => numbers,
        _ => return vec![line.to_owned()],
    };
    let ends = starts[1..].iter().copied().chain([line.len()]);
    let entries: Vec<&str> = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| line[*start..end].trim_end())
        .collect();
    // Only what was done: a list of findings stays as it is.
    let is_treatment =
        |entry: &&str| code_in(entry).is_some() || !time::durations(entry, 0).is_empty();
    if !entries.iter().all(is_treatment) {
        return vec![line.to_owned()];
    }
    let before = line[..starts[0]].trim_end();
    // A list of what is planned, or of goals, stays with its label.
    if !before.is_empty() && !GIVEN.is_match(before) {
        return vec![line.to_owned()];
    }
    let before = Some(before).filter(|before| !before.is_empty());
    before
        .into_iter()
        .chain(entries)
        .map(str::to_owned)
        .collect()
}

/// Lines begin in the first column, but for those below a code, which speak of it.
pub fn in_first_column(lines: Vec<String>) -> Vec<String> {
    let mut below_code = false;
    let mut levelled: Vec<String> = Vec::new();
    for line in lines {
        let words = line.trim_start();
        let is_indented = words.len() < line.len();
        let has_code = code_at_start(words).is_some();
        match levelled.last_mut() {
            _ if words.is_empty() => {
                below_code = false;
                levelled.push(String::new());
            }
            _ if is_indented && below_code => levelled.push(line),
            // A sentence that goes on with a code is no line of that code.
            Some(last)
                if has_code
                    && last.len() > 40
                    && !WIDE.is_match(last)
                    && UNFINISHED.is_match(last) =>
            {
                last.push(' ');
                last.push_str(words);
            }
            _ => {
                below_code = has_code;
                levelled.push(words.to_owned());
            }
        }
    }
    levelled
}

/// The code with which a line begins, behind a bullet or a label.
pub fn code_at_start(line: &str) -> Option<&str> {
    pattern!(
        CODE_LINE,
        &format!(
            r"(?i)^(?:{BULLET}[ \t]+)?(?:(?:cpt|hcpcs|code)(?:[ ]*code)?[ \t:#]*)?(?P<code>\d{{5}}|[A-Z]\d{{4}})(?:[^\w.]|$)"
        )
    );
    let found = CODE_LINE.captures(line)?;
    found.name("code").map(|code| code.as_str())
}

/// A code that a procedure has, anywhere in a line.
pub fn code_in(line: &str) -> Option<&str> {
    pattern!(CODE, r"(?i)\b(?:\d{5}|[A-Z]\d{4})\b");
    let mut found = CODE.find_iter(line).map(|code| code.as_str());
    found.find(|code| procedures::find(&code.to_ascii_uppercase()).is_some())
}
