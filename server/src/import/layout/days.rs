//! The day of each visit, above its title.

use std::collections::HashSet;

use jiff::civil::Date;

use super::ENTRY;
use crate::chart::date;
use crate::pattern::{pattern, words};
use crate::text::headings;
use crate::text::labels;

words!(
    /// What a line that gives the day of a visit says beside it: `Daily note 3 -`, `Massage note for`.
    TITLE,
    r"(?i)^(?:[\w'’&/().#-]+[ ,:–—-]+){0,5}?(?:note|visit|session|treatment|encounter|evaluation|eval|appointment|record|report|summary|seen)\b(?:[ ]*\#?\d{1,3})?(?:[ ]*(?:of|for|on|from|dated?|[-–—:|,]))*[ ]*$"
);
words!(
    /// Where in a sentence the day of the visit stands: `seen on November 12, 2026`.
    SEEN,
    r"(?i)\b(?:note|visit|session|treatment|encounter|evaluation|evaluated|appointment|seen|treated|came in|presents?|massage|therapy|adjustment)\b(?:[^.;]|\b[a-z]\.)*?\b(?:on|for|of|from|dated)?[ ,]*$"
);
words!(
    /// Another day than that of the visit.
    OTHER_DAY,
    r"(?i)\b(?:last|next|previous|prior|since|until|through|referr\w*|prescri\w*|injur\w*|accident|surgery|order(?:ed)?|onset|birth|dob|born|due|scheduled|return|re-?eval\w*|plan dated|by|expires?|effective|authori[sz]\w*)\b"
);
words!(
    /// Any other date than of a visit's parts at the head of a note: `INTAKE DATE`.
    OF_DATE,
    r"(?i)^(?:[a-z]+[ ]+){0,2}date[: \t]*$"
);
pattern!(
    WEEKDAY,
    r"(?i)\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]*[ ]*$"
);

/// Each visit begins with `visit:` and its day, above its title.
pub fn on_top(lines: Vec<String>) -> Vec<String> {
    words!(
        OF_WHOM,
        r"(?i)^(?:client|patient|pt|name)\b|\bvisit[ ]*#?[ ]*\d{1,3}\b"
    );
    let mut lines = lines;
    let mut is_first = true;
    let marks = ['=', '*', '#', '_', '-', '–', '—', ' '];
    for line in &mut lines {
        let words = line.trim_matches(marks);
        let begins = std::mem::replace(&mut is_first, words.is_empty());
        let Some(found) = date::at_start(words) else {
            // `Visit #3 (11/20/2026)`
            if let Some(day) = day_of_title(words) {
                *line = format!("visit: {day}\n{line}");
            }
            continue;
        };
        let rest = words[found.span.end..].trim_start_matches([',', '.', ':', ' ', '-', '–', '—']);
        let is_alone = rest.is_empty() || TITLE.is_match(rest) && rest.split(' ').count() <= 5;
        if let Some(day) = found.day.filter(|_| is_alone) {
            let heading = format!("visit: {day} {rest}");
            heading.trim_end().clone_into(line);
        } else if let Some(day) = found.day
            && begins
            && OF_WHOM.is_match(rest)
        {
            // `11/04/26 Client: N. Example`
            *line = format!("visit: {day}\n{rest}");
        }
    }
    let text = lines.join("\n");
    let starts = headings::visits(&text);
    if starts.is_empty() {
        return day_in_words(lines);
    }
    let mut out: Vec<String> = Vec::new();
    let mut open = None;
    let mut offset = 0;
    for line in text.split('\n') {
        let begins = starts.binary_search(&offset).is_ok();
        offset += line.len() + 1;
        let words = line.trim();
        let label = words.find([':', ' ', '\t']).and_then(|_| {
            // `DOS: 10-22-26`: figures that are a day only behind a label.
            let found = date::find_in(words, 0).into_iter().next().or_else(|| {
                let at = words.find(':')? + 1;
                let value = &words[at..];
                let start = at + value.len() - value.trim_start().len();
                let mut found = date::at_start(&words[start..])?;
                found.span = found.span.shifted(start);
                Some(found)
            })?;
            let key = WEEKDAY.replace(&words[..found.span.start], "");
            let key = key.trim_end_matches([' ', ':', '\t']);
            labels::is_of_day(ENTRY.replace(key, "").trim()).then_some(found)
        });
        match label.and_then(|found| Some((found, found.day?))) {
            Some((found, day)) if begins => {
                let rest = words[found.span.end..].trim_start_matches([',', ' ', '\t']);
                out.push(format!("visit: {day} {rest}").trim_end().to_owned());
                open = Some(day);
                above_title(&mut out);
            }
            // The day once more, at the head of a page.
            Some((found, day)) if open == Some(day) && found.span.end == words.len() => {}
            _ => out.push(line.to_owned()),
        }
    }
    out
}

/// The day of a title that ends with it, such as `Visit 3 - 11/20/2026`.
fn day_of_title(line: &str) -> Option<Date> {
    words!(
        BEGINS,
        r"(?i)\b(?:note|visit|session|treatment|encounter|record)\b"
    );
    let found = date::find_in(line, 0).into_iter().next()?;
    let before = WEEKDAY.replace(&line[..found.span.start], "");
    let before = before.trim_end_matches(['(', '[', ' ']);
    if labels::key_of(before).is_some() {
        return None;
    }
    let after = line[found.span.end..].trim_matches([')', ']', '.', ' ']);
    let is_title = TITLE.is_match(before) && BEGINS.is_match(before) && !OTHER_DAY.is_match(before);
    found.day.filter(|_| is_title && after.is_empty())
}

/// Moves the last line, which begins a visit, above the title that stands over it in the visit before.
fn above_title(lines: &mut [String]) {
    let last = lines.len() - 1;
    let is_title = |line: &String| {
        let words = line.trim();
        !words.is_empty()
            && !words.contains(':')
            && !words.ends_with(['.', ';', '!', '?'])
            && words.split_whitespace().count() <= 8
    };
    let titles = lines[..last]
        .iter()
        .rev()
        .take_while(|line| is_title(line))
        .count();
    let start = last - titles;
    let above = lines[..start].last();
    let stands_alone =
        above.is_some_and(|line| line.trim().is_empty() || line.starts_with("signed:"));
    if titles <= 2 && stands_alone {
        lines[start..].rotate_right(1);
    }
}

/// Where no label gives the day, the first line of a paragraph may say it: `Massage note for October 9th, 2026`.
fn day_in_words(lines: Vec<String>) -> Vec<String> {
    /// What stands so far before a date does not speak of it.
    const FAR: usize = 80;
    let mut out: Vec<String> = Vec::new();
    let mut days = HashSet::new();
    let mut begins = true;
    for line in lines {
        let found = date::find_in(&line, 0).into_iter().find(|found| {
            let before = &WEEKDAY.replace(&line[..found.span.start], "");
            let is_last = line[found.span.end..].trim_end_matches('.').is_empty();
            // `Massage, N. Example. 14 September 2026.`: the note's first line ends with it.
            let ends_first = is_last && out.iter().all(String::is_empty) && before.ends_with(". ");
            let near = before.ceil_char_boundary(before.len().saturating_sub(FAR));
            let says_day = SEEN.is_match(&before[near..]) || TITLE.is_match(before);
            (says_day || OF_DATE.is_match(before) || ends_first) && !OTHER_DAY.is_match(before)
        });
        if let Some(day) = found.and_then(|found| found.day)
            && begins
            && days.insert(day)
        {
            out.push(format!("visit: {day}"));
        }
        begins = line.trim().is_empty() || line.starts_with("signed:") || out.is_empty();
        out.push(line);
    }
    out
}

/// Each further visit stands below an empty line.
pub fn visits_apart(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut has_visit = false;
    for line in lines {
        let begins = line.starts_with("visit:");
        if begins && has_visit && out.last().is_some_and(|line| !line.trim().is_empty()) {
            out.push(String::new());
        }
        has_visit |= begins;
        out.push(line);
    }
    out
}
