//! Reads the tables under `server/data`: `#` lines, a header row, rows of tab-separated cells.

/// What `make` makes of each row of a table whose header holds exactly `columns`, here between spaces.
///
/// The tables are part of the program, so a row that cannot be read is a mistake in it. It stops the
/// program where the table is first used, which the tests of every table do.
pub(super) fn read<const N: usize, T>(
    text: &'static str,
    columns: &str,
    make: impl Fn([&'static str; N]) -> Option<T>,
) -> Vec<T> {
    let mut rows = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.starts_with('#') && !line.trim().is_empty())
        .map(|(line, number)| {
            let cells: Vec<&'static str> = line.split('\t').map(str::trim).collect();
            (<[&'static str; N]>::try_from(cells).ok(), number, line)
        });
    let header = rows.next().and_then(|(cells, ..)| cells);
    let header = header.is_some_and(|cells| cells.join(" ") == columns);
    assert!(header, "the header is not {columns}");
    rows.map(|(cells, number, line)| {
        let item = cells.and_then(&make);
        item.unwrap_or_else(|| panic!("line {number} cannot be read: {line}"))
    })
    .collect()
}

/// The rows of a table that somebody else published, each with its line from 1: cells parted by tabs or, where a line
/// has none, by commas, which mean nothing inside of quotes. Empty lines and `#` lines are left out.
pub fn published(text: &str) -> impl Iterator<Item = (usize, Vec<String>)> {
    let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
    let rows = lines.filter(|(line, _)| !line.starts_with('#') && !line.trim().is_empty());
    rows.map(|(line, number)| {
        if line.contains('\t') {
            let cells = line.split('\t');
            return (
                number,
                cells
                    .map(|cell| cell.trim().trim_matches('"').to_owned())
                    .collect(),
            );
        }
        let mut cells = vec![String::new()];
        let mut is_quoted = false;
        for c in line.chars() {
            match c {
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => cells.push(String::new()),
                _ => cells.last_mut().into_iter().for_each(|cell| cell.push(c)),
            }
        }
        let trimmed = cells.iter().map(|cell| cell.trim().to_owned());
        (number, trimmed.collect())
    })
}

/// `yes` and `no`.
pub(super) fn flag(cell: &str) -> Option<bool> {
    match cell {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// A five-character procedure code: five digits, or a capital and four digits.
pub(super) fn is_code(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    bytes.len() == 5
        && (bytes[0].is_ascii_digit() || bytes[0].is_ascii_uppercase())
        && bytes[1..].iter().all(u8::is_ascii_digit)
}

/// A comma-separated list of codes, possibly empty.
pub(super) fn codes(cell: &'static str) -> Option<Vec<&'static str>> {
    let codes = cell.split(',').filter(|_| !cell.is_empty());
    codes.map(|code| is_code(code).then_some(code)).collect()
}

/// The words of a comma-separated cell, with `a{b|c}` written out; `None` when braces do not match.
pub(super) fn words(cell: &str) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for word in cell.split(',').filter(|word| !word.is_empty()) {
        if word.trim() != word {
            return None;
        }
        expand(word, &mut all)?;
    }
    Some(all)
}

fn expand(word: &str, all: &mut Vec<String>) -> Option<()> {
    let Some(open) = word.find('{') else {
        if word.contains('}') {
            return None;
        }
        all.push(word.to_owned());
        return Some(());
    };
    let close = open + word[open..].find('}')?;
    for choice in word[open + 1..close].split('|') {
        if choice.contains('{') {
            return None;
        }
        let written = format!("{}{choice}{}", &word[..open], &word[close + 1..]);
        expand(&written, all)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &'static str) -> Vec<(u8, u8)> {
        read(text, "a b", |[a, b]| {
            Some((a.parse().ok()?, b.parse().ok()?))
        })
    }

    #[test]
    fn comments_and_the_header_are_skipped() {
        assert_eq!(
            numbers("# source\na\tb\n1\t2\n\n3\t4\r\n"),
            [(1, 2), (3, 4)]
        );
    }

    #[test]
    #[should_panic(expected = "line 3 cannot be read: x\ty")]
    fn a_row_of_other_things_is_named() {
        numbers("# source\na\tb\nx\ty\n");
    }

    #[test]
    #[should_panic(expected = "line 2 cannot be read: only one")]
    fn a_row_of_fewer_cells_is_named() {
        numbers("a\tb\nonly one\n");
    }

    #[test]
    #[should_panic(expected = "the header is not")]
    fn another_header_is_no_header() {
        numbers("a\tc\n1\t2\n");
    }

    #[test]
    fn braces_are_written_out() {
        assert_eq!(
            words("knead{|ing},x").as_deref(),
            Some(&["knead".to_owned(), "kneading".to_owned(), "x".to_owned()][..])
        );
        assert_eq!(words("a{b|c} {d|e}").map(|all| all.len()), Some(4));
        assert_eq!(words("a{b"), None);
        assert_eq!(words("a}b"), None);
        assert_eq!(words("a, b"), None);
        assert_eq!(words(""), Some(Vec::new()));
    }

    #[test]
    fn codes_have_their_shape() {
        assert_eq!(codes("97140,G0283"), Some(vec!["97140", "G0283"]));
        assert_eq!(codes(""), Some(Vec::new()));
        for wrong in ["9714", "g0283", "971400", "9714é", "97140,", "97140 ,97124"] {
            assert_eq!(codes(wrong), None, "{wrong}");
        }
    }
}
