//! A page of its own: everything is in it, and whatever a note says is text on it and nothing else.

pub(super) mod plot;

use std::fmt::Write as _;

use jiff::civil::Date;

/// How every page looks, on a screen and on paper.
const STYLE: &str = include_str!("html/page.css");

/// Words as text of a page or as a value in quotes.
pub(super) fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // No page may hold one.
            c if c.is_control() && !matches!(c, '\n' | '\t' | '\r') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A whole page. It may load nothing; `scripts` are ours and whole, and without them it may run none.
pub(super) fn page(title: &str, body: &str, style: &str, scripts: &str) -> String {
    let may_run = if scripts.is_empty() {
        ""
    } else {
        " script-src 'unsafe-inline';"
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';{may_run}\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <title>{}</title>\n<style>\n{STYLE}{style}</style>\n</head>\n<body>\n<main>\n{body}</main>\n{scripts}</body>\n</html>\n",
        text(title)
    )
}

/// By whom, when and by what a page was made.
pub(super) fn footer(today: Option<Date>, tables: &str, remark: &str) -> String {
    format!(
        "<footer>Made by Soapstone {} on {}, by the {}.{remark}</footer>\n",
        env!("CARGO_PKG_VERSION"),
        today.map(day_words).unwrap_or_default(),
        text(tables)
    )
}

/// A cell of a table.
pub(super) enum Cell {
    Words(String),
    /// It stands at the right.
    Figure(String),
    /// A figure, and beside it a bar as long as its part of the whole.
    Bar(usize, usize),
}

/// A table whose first column names the rows. The words of its cells are text.
pub(super) fn table(caption: &str, heads: &[&str], rows: &[Vec<Cell>]) -> String {
    let mut out = format!("<table>\n<caption>{}</caption>\n<thead><tr>", text(caption));
    let first = rows.first();
    for (index, head) in heads.iter().enumerate() {
        let look = match first.and_then(|row| row.get(index)) {
            Some(Cell::Words(_)) | None => "",
            Some(Cell::Figure(_)) => " class=\"figure\"",
            Some(Cell::Bar(..)) => " colspan=\"2\"",
        };
        let _ = write!(out, "<th scope=\"col\"{look}>{}</th>", text(head));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (index, cell) in row.iter().enumerate() {
            let _ = match cell {
                Cell::Words(words) if index == 0 => {
                    write!(out, "<th scope=\"row\">{}</th>", text(words))
                }
                Cell::Words(words) => write!(out, "<td>{}</td>", text(words)),
                Cell::Figure(figure) => write!(out, "<td class=\"figure\">{}</td>", text(figure)),
                Cell::Bar(part, whole) => {
                    let percent = part * 100 / (*whole).max(1);
                    write!(
                        out,
                        "<td class=\"figure beside\">{part}</td><td class=\"track\"><span class=\"bar\" style=\"width: {percent}%\"></span></td>"
                    )
                }
            };
        }
        out.push_str("</tr>\n");
    }
    out + "</tbody>\n</table>\n"
}

/// "Nov 20, 2026".
pub(super) fn day_words(day: Date) -> String {
    day.strftime("%b %-d, %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_note_says_is_markup() {
        assert_eq!(
            text("<b a=\"1\" c='2'>&\u{b}\n"),
            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\u{fffd}\n"
        );
    }
}
