//! A table as text: the first column at the left, figures at the right.

/// The rows below their heads, with the columns in line.
pub(super) fn render(heads: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widest = cells.map(|cell| cell.chars().count()).max().unwrap_or(0);
        widest.max(heads[column].chars().count())
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::from(" ");
        for (index, (cell, width)) in cells.zip(&widths).enumerate() {
            line += &match index {
                0 => format!(" {cell:width$}"),
                _ => format!("  {cell:>width$}"),
            };
        }
        line.truncate(line.trim_end().len());
        line + "\n"
    };
    let rows = rows
        .iter()
        .map(|row| line(&mut row.iter().map(String::as_str)));
    line(&mut heads.iter().copied()) + &rows.collect::<String>()
}
