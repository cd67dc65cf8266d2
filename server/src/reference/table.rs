//! Reads the tables under `server/data`: `#` lines, a header row, rows of tab-separated cells.

/// What reading a table gave: its items, and a sentence for each row that is not one.
pub(super) struct Table<T> {
    pub items: Vec<T>,
    /// Read by the tests alone: a row that does not parse is left out at run time.
    #[cfg_attr(not(test), allow(dead_code))]
    pub faults: Vec<String>,
}

/// Reads a table whose header holds exactly `columns`.
pub(super) fn read<const N: usize, T>(
    text: &'static str,
    columns: [&str; N],
    parse: impl Fn([&'static str; N]) -> Option<T>,
) -> Table<T> {
    let mut table = Table {
        items: Vec::new(),
        faults: Vec::new(),
    };
    let mut header_seen = false;
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let cells: Vec<&'static str> = line.split('\t').map(str::trim).collect();
        let Ok(cells) = <[&'static str; N]>::try_from(cells) else {
            table
                .faults
                .push(format!("line {}: not {N} cells", index + 1));
            continue;
        };
        if !header_seen {
            header_seen = true;
            if cells != columns {
                table
                    .faults
                    .push(format!("line {}: not the header {columns:?}", index + 1));
            }
            continue;
        }
        match parse(cells) {
            Some(item) => table.items.push(item),
            None => table
                .faults
                .push(format!("line {}: cannot be read: {line}", index + 1)),
        }
    }
    table
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
    if cell.is_empty() {
        return Some(Vec::new());
    }
    cell.split(',')
        .map(|code| is_code(code).then_some(code))
        .collect()
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

    #[test]
    fn comments_and_the_header_are_skipped_and_bad_rows_named() {
        let table = read(
            "# source\na\tb\n1\t2\nonly one\nx\ty\n\n",
            ["a", "b"],
            |[a, b]| Some((a.parse::<u8>().ok()?, b.parse::<u8>().ok()?)),
        );
        assert_eq!(table.items, [(1, 2)]);
        assert_eq!(
            table.faults,
            ["line 4: not 2 cells", "line 5: cannot be read: x\ty"]
        );
    }

    #[test]
    fn a_wrong_header_is_a_fault() {
        assert_eq!(read("a\tc\n", ["a", "b"], |_| Some(())).faults.len(), 1);
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
        assert!(is_code("97140") && is_code("G0283"));
        assert!(!is_code("9714") && !is_code("g0283") && !is_code("971400") && !is_code("9714é"));
    }

    /// Every table says where it comes from and as of when.
    #[test]
    fn every_table_names_its_source_and_date() {
        for (name, text) in [
            ("activities", include_str!("../../data/activities.tsv")),
            (
                "common-diagnoses",
                include_str!("../../data/common-diagnoses.tsv"),
            ),
            (
                "icd9-successors",
                include_str!("../../data/icd9-successors.tsv"),
            ),
            ("limits", include_str!("../../data/mue-2024q3.tsv")),
            ("modifiers", include_str!("../../data/modifiers.tsv")),
            ("ncci", include_str!("../../data/ncci-ptp-2024q3.tsv")),
            (
                "once-billable",
                include_str!("../../data/once-billable.tsv"),
            ),
            ("plain-terms", include_str!("../../data/plain-terms.tsv")),
            ("procedures", include_str!("../../data/procedures.tsv")),
            ("regions", include_str!("../../data/regions.tsv")),
            ("retired", include_str!("../../data/retired.tsv")),
            ("techniques", include_str!("../../data/techniques.tsv")),
            ("wording", include_str!("../../data/wording.tsv")),
        ] {
            let comments: Vec<&str> = text
                .lines()
                .take_while(|line| line.starts_with("# "))
                .collect();
            assert!(
                comments.iter().any(|line| line.starts_with("# Source: ")),
                "{name}"
            );
            assert!(
                comments.iter().any(|line| line.starts_with("# As of: ")),
                "{name}"
            );
        }
    }
}
