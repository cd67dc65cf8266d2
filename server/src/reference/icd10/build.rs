//! Makes the bytes of a release from its tables. The only place that writes them.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::rows::{BLOCK, Code, MAGIC};

/// A table that cannot be read, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableError {
    /// Which table: `codes`, `excludes1` or `synonyms`.
    pub table: &'static str,
    /// The line, from 1; 0 when it is the table as a whole.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.table, self.message),
            line => write!(f, "{}, line {line}: {}", self.table, self.message),
        }
    }
}

impl std::error::Error for TableError {}

/// What the tables say about a code.
struct Row {
    billable: bool,
    title: String,
    terms: Vec<String>,
    exclusions: Vec<Exclusion>,
}

#[derive(PartialEq)]
struct Exclusion {
    /// First and last code of each range; the same code twice for a single one.
    targets: Vec<(Code, Code)>,
    note: String,
}

type Rows = BTreeMap<Code, Row>;

/// The bytes of a release; see [`Release::from_tables`](super::Release::from_tables).
pub fn build(
    codes: &str,
    excludes1: Option<&str>,
    synonyms: Option<&str>,
    name: &str,
) -> Result<Vec<u8>, TableError> {
    let mut rows = Rows::new();
    each("codes", codes, |[code, billable, title]| {
        let code = known_shape(code)?;
        let billable = match billable {
            "0" => false,
            "1" => true,
            _ => return Err(format!("`{billable}` is neither 0 nor 1")),
        };
        let title = plain(title);
        if title.is_empty() {
            return Err("no title".to_owned());
        }
        if let Some(before) = rows.get(&code) {
            // A block of one category is listed under both its names.
            let same = before.title == title && before.billable == billable;
            let differs = || format!("{} stands twice, and differs", code.dotted());
            return same.then_some(()).ok_or_else(differs);
        }
        let row = Row {
            billable,
            title,
            terms: Vec::new(),
            exclusions: Vec::new(),
        };
        rows.insert(code, row);
        Ok(())
    })?;
    let whole = |message: &str| TableError {
        table: "codes",
        line: 0,
        message: message.to_owned(),
    };
    if rows.is_empty() {
        return Err(whole("no codes"));
    }
    let excludes1 = excludes1.unwrap_or("");
    each("excludes1", excludes1, |[code, excluded, note]| {
        let targets = targets(excluded)?;
        let row = known(&mut rows, code)?;
        let note = plain(note);
        let exclusion = Exclusion { targets, note };
        if !row.exclusions.contains(&exclusion) {
            row.exclusions.push(exclusion);
        }
        Ok(())
    })?;
    each("synonyms", synonyms.unwrap_or(""), |[code, term]| {
        add_term(known(&mut rows, code)?, plain(term));
        Ok(())
    })?;
    let terms = include_str!("../../../data/plain-terms.tsv");
    each("plain terms", terms, |[code, terms]| {
        // A later release may have done away with the code.
        if let Ok(row) = known(&mut rows, code) {
            for term in terms.split(',') {
                add_term(row, plain(term));
            }
        }
        Ok(())
    })?;
    write(&rows, name).ok_or_else(|| whole("more than the format can hold"))
}

fn add_term(row: &mut Row, term: String) {
    if !term.is_empty() && !row.terms.contains(&term) {
        row.terms.push(term);
    }
}

/// Calls `take` with the cells of each row; the last cell is all the rest of the line.
fn each<const N: usize>(
    table: &'static str,
    text: &str,
    mut take: impl FnMut([&str; N]) -> Result<(), String>,
) -> Result<(), TableError> {
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}');
        if line.starts_with('#') || line.starts_with("code\t") || line.trim().is_empty() {
            continue;
        }
        let cells: Vec<&str> = line.splitn(N, '\t').map(str::trim).collect();
        <[&str; N]>::try_from(cells)
            .map_err(|cells| format!("{N} cells expected, found {}", cells.len()))
            .and_then(&mut take)
            .map_err(|message| TableError {
                table,
                line: index + 1,
                message,
            })?;
    }
    Ok(())
}

/// The text with single spaces. A tab after a slash is a line break of the official file.
fn plain(text: &str) -> String {
    let text = text.replace("/\t", "/");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn known_shape(code: &str) -> Result<Code, String> {
    Code::parse(code).ok_or_else(|| format!("`{code}` is not a code"))
}

fn known<'a>(rows: &'a mut Rows, code: &str) -> Result<&'a mut Row, String> {
    rows.get_mut(&known_shape(code)?)
        .ok_or_else(|| format!("{code} is not in the table of codes"))
}

/// Reads `A05.-`, `A04.0-A04.4`, `M50-M54`, `M51.1-`, several of them between spaces or commas.
fn targets(excluded: &str) -> Result<Vec<(Code, Code)>, String> {
    let mut targets = Vec::new();
    for target in excluded.split([' ', ',']).filter(|t| !t.is_empty()) {
        let ends = target
            .split('-')
            .map(|end| end.trim_end_matches('.'))
            .filter(|end| !end.is_empty())
            .map(known_shape)
            .collect::<Result<Vec<_>, _>>()?;
        match ends[..] {
            [code] => targets.push((code, code)),
            // `I69.01-I69.11-` are two codes with their comma left out: a range counts in its
            // last character, or in its category.
            [first, last]
                if first.bytes().get(3..) == last.bytes().get(3..) && first.len() > 3
                    || first.len() > 4
                        && first.len() == last.len()
                        && first.bytes().last() == last.bytes().last() =>
            {
                targets.extend([(first, first), (last, last)]);
            }
            [first, last] if first < last => targets.push((first, last)),
            _ => return Err(format!("`{target}` is not a code or a range of codes")),
        }
    }
    if targets.is_empty() {
        return Err("no excluded code".to_owned());
    }
    Ok(targets)
}

/// Numbers for the words, the commonest first.
fn number_words(rows: &Rows) -> (Vec<&str>, HashMap<&str, usize>) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for row in rows.values() {
        for text in std::iter::once(&row.title).chain(&row.terms) {
            for word in text.split(' ') {
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let words: Vec<&str> = counts.into_iter().map(|(word, _)| word).collect();
    let numbers = words.iter().copied().zip(0..).collect();
    (words, numbers)
}

/// The bytes, as `Layout` and `Cursor` read them; none if something is too long for its place.
fn write(rows: &Rows, name: &str) -> Option<Vec<u8>> {
    let (words, numbers) = number_words(rows);
    let mut ends = Vec::new();
    let mut text = Vec::new();
    for word in &words {
        text.extend_from_slice(word.as_bytes());
        number(&mut ends, text.len())?;
    }
    let numbered = |text: &str| -> Option<Vec<u16>> {
        text.split(' ')
            .map(|word| u16::try_from(*numbers.get(word)?).ok())
            .collect()
    };
    let codes: Vec<Code> = rows.keys().copied().collect();
    let mut index = Vec::new();
    let mut bytes = Vec::new();
    let mut titles = Vec::new();
    let mut terms = Vec::new();
    let mut before: (&[u8], Vec<u16>) = (&[], Vec::new());
    for (at, (code, row)) in rows.iter().enumerate() {
        if at % BLOCK == 0 {
            before = (&[], Vec::new());
            index.extend(code.0);
            number(&mut index, bytes.len())?;
            number(&mut index, titles.len())?;
        }
        let shared = common(before.0, code.bytes());
        let head = shared
            | (code.len() - shared) << 3
            | usize::from(row.billable) << 6
            | usize::from(!row.exclusions.is_empty()) << 7;
        bytes.push(u8::try_from(head).ok()?);
        bytes.extend_from_slice(&code.bytes()[shared..]);
        if !row.exclusions.is_empty() {
            let notes = notes(&row.exclusions)?;
            varint(&mut bytes, notes.len())?;
            bytes.extend(notes);
        }
        let title = numbered(&row.title)?;
        let kept = common(&before.1, &title);
        titles.push(u8::try_from(kept).ok()?);
        titles.push(u8::try_from(title.len() - kept).ok()?);
        titles.extend(title[kept..].iter().flat_map(|word| word.to_le_bytes()));
        let below = codes[at..].partition_point(|below| below.is_under(*code));
        for term in &row.terms {
            let term = numbered(term)?;
            number(&mut terms, at)?;
            number(&mut terms, at + below)?;
            terms.extend(u16::try_from(term.len()).ok()?.to_le_bytes());
            terms.extend(term.into_iter().flat_map(u16::to_le_bytes));
        }
        before = (code.bytes(), title);
    }
    let mut data = MAGIC.to_vec();
    let parts = [
        name.as_bytes(),
        &ends,
        &text,
        &index,
        &bytes,
        &titles,
        &terms,
    ];
    for part in parts {
        number(&mut data, part.len())?;
    }
    number(&mut data, rows.len())?;
    for part in parts {
        data.extend_from_slice(part);
    }
    Some(data)
}

/// The Excludes1 notes of a row.
fn notes(exclusions: &[Exclusion]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    varint(&mut bytes, exclusions.len())?;
    for exclusion in exclusions {
        varint(&mut bytes, exclusion.targets.len())?;
        for (first, last) in &exclusion.targets {
            for code in [first, last] {
                varint(&mut bytes, code.len())?;
                bytes.extend_from_slice(code.bytes());
            }
        }
        varint(&mut bytes, exclusion.note.len())?;
        bytes.extend_from_slice(exclusion.note.as_bytes());
    }
    Some(bytes)
}

/// How many items the two begin with in common.
fn common<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

fn number(bytes: &mut Vec<u8>, value: usize) -> Option<()> {
    bytes.extend(u32::try_from(value).ok()?.to_le_bytes());
    Some(())
}

fn varint(bytes: &mut Vec<u8>, value: usize) -> Option<()> {
    let mut value = u32::try_from(value).ok()?;
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7f).ok()? | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).ok()?);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets_of(text: &str) -> Vec<String> {
        let targets = targets(text).expect("a list of codes");
        targets
            .iter()
            .map(|(first, last)| format!("{}..{}", first.dotted(), last.dotted()))
            .collect()
    }

    #[test]
    fn ranges_in_every_spelling() {
        assert_eq!(targets_of("A05.-"), ["A05..A05"]);
        assert_eq!(targets_of("M51.1-"), ["M51.1..M51.1"]);
        assert_eq!(targets_of("A04.0-A04.4"), ["A04.0..A04.4"]);
        assert_eq!(targets_of("M50-M54"), ["M50..M54"]);
        assert_eq!(targets_of("I70.2--I70.7-"), ["I70.2..I70.7"]);
        assert_eq!(targets_of("D50-D64.3"), ["D50..D64.3"]);
        assert_eq!(
            targets_of("I69.01-I69.11- S22.0-, A30"),
            [
                "I69.01..I69.01",
                "I69.11..I69.11",
                "S22.0..S22.0",
                "A30..A30"
            ]
        );
        for text in ["", "-", "M54-M50", "M50-M51-M54", "see above", "M5"] {
            assert!(targets(text).is_err(), "{text}");
        }
    }

    #[test]
    fn errors_name_the_line() {
        let codes = "code\tbillable\tdescription\nM54\t0\tDorsalgia\nM54.2\t1\tCervicalgia\n";
        let error = |codes: &str, excludes1: &str, synonyms: &str| {
            build(codes, Some(excludes1), Some(synonyms), "test")
                .expect_err("cannot be read")
                .to_string()
        };
        assert!(build(codes, None, None, "test").is_ok());
        for (codes, excludes1, synonyms, message) in [
            ("", "", "", "codes: no codes"),
            (
                "M54.2\t1",
                "",
                "",
                "codes, line 1: 3 cells expected, found 2",
            ),
            (
                "M54\tyes\tx",
                "",
                "",
                "codes, line 1: `yes` is neither 0 nor 1",
            ),
            (
                "# x\n\nM5\t1\tx",
                "",
                "",
                "codes, line 3: `M5` is not a code",
            ),
            ("M54\t1\t", "", "", "codes, line 1: no title"),
            (
                "M54\t1\tx\nM54\t1\ty",
                "",
                "",
                "codes, line 2: M54 stands twice, and differs",
            ),
            (
                codes,
                "M54\tnone\tx",
                "",
                "excludes1, line 1: `none` is not a code",
            ),
            (
                codes,
                "M55\tM54\tx",
                "",
                "excludes1, line 1: M55 is not in the table of codes",
            ),
            (
                codes,
                "",
                "code\tterm\nM54.3\tx",
                "synonyms, line 2: M54.3 is not in the table of codes",
            ),
        ] {
            assert_eq!(error(codes, excludes1, synonyms), message);
        }
    }
}
