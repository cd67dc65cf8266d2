//! A table as text: words at the left, figures at the right.

/// The rows below their heads, with the columns in line; so many of the first columns are words.
pub(super) fn render(words: usize, heads: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widest = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
        widest.max(heads[column].chars().count())
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::from(" ");
        for (index, (cell, width)) in cells.zip(&widths).enumerate() {
            line.push_str(if index == 0 { " " } else { "  " });
            let blanks = " ".repeat(width.saturating_sub(cell.chars().count()));
            let parts = if index < words {
                [cell, &blanks]
            } else {
                [&blanks, cell]
            };
            line.extend(parts);
        }
        line.truncate(line.trim_end().len());
        line + "\n"
    };
    let rows = rows
        .iter()
        .map(|row| line(&mut row.iter().map(String::as_str)));
    line(&mut heads.iter().copied()) + &rows.collect::<String>()
}
