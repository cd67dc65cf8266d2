//! Tables of what was done: a head that names its columns, and a row for each code.

use super::block_line::{self, BlockLine};
use super::{ClockRange, Duration, Inexact, Modifier, UnitClaim, figures, time};
use crate::pattern::{pattern, words};
use crate::reference::procedures;
use crate::text::Span;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Code,
    Minutes,
    Start,
    Stop,
    Units,
    Modifiers,
    Other,
}

/// The head of a table.
#[derive(Clone, Debug)]
pub struct Head {
    columns: Vec<Column>,
    /// Where each column's name begins and ends, in characters of the line.
    places: Vec<(usize, usize)>,
    by_commas: bool,
}

words!(
    CODE_COLUMN,
    r"(?i)^(?:(?:un-?)?timed[ ]+|billing[ ]+|service[ ]+)?(?:cpt|hcpcs|codes?|procedures?)(?:[ /®]*(?:codes?|hcpcs))?$"
);
words!(
    MINUTES_COLUMN,
    r"(?i)^(?:(?:total|timed|tx|treatment)[ ]+)?(?:min|mins|minutes|time|duration)\.?(?:[ ]*\(.*\))?$"
);
words!(
    START_COLUMN,
    r"(?i)^(?:time[ ]+(?:in|started)|in|(?:start|begin)(?:[ ]+time)?)$"
);
words!(
    STOP_COLUMN,
    r"(?i)^(?:time[ ]+(?:out|stopped|ended)|out|(?:stop|end)(?:[ ]+time)?)$"
);
words!(UNITS_COLUMN, r"(?i)^(?:billed[ ]+)?units?(?:\(s\))?$");
words!(
    MODIFIERS_COLUMN,
    r"(?i)^(?:(?:1st|2nd|3rd|4th)[ ]+)?(?:mod(?:ifier)?(?:s|\(s\))?\.?(?:[ ]*[#-]?[ ]*[1-4A-D])?|m[1-4])$"
);
// Columns are parted by bars, by tabs or by wide blanks, or by commas if none of these is there.
pattern!(WIDE, r"\t+|[ ]{2,}");
words!(RULED, r"^[\s|:+=-]+$");
pattern!(CODE, r"(?i)\b(?:\d{5}|[A-Z]\d{4})\b");
words!(
    /// What a column, of a state or of minutes, says of a procedure that was not done at this visit.
    NOT_DONE,
    r"(?i)^(?:not (?:done|performed|given|provided|completed|billed)|planned|scheduled|deferred|declined|refused|withheld|held|on hold|cancell?ed|omitted|skipped)\.?$"
);
words!(DASH, r"(?i)^(?:[-–—]+|n/?a)$");
pattern!(FIGURE, r"^\d{1,3}(?:\.\d+)?");
words!(OF_CLOCK, r"^\d{0,2}:\d\d$");
words!(BLANK, r"^_{2,}$");
pattern!(MODIFIERS, r"\b(?:[A-Za-z0-9]{2}){1,4}\b");

impl Head {
    /// The head that a line is, if it names a column of codes and one of minutes, of times or of units.
    pub fn of(line: &str) -> Option<Self> {
        let whole = Span::new(0, line.len());
        let by_commas = !line.contains('|') && !WIDE.is_match(line.trim());
        let cells = cells(line, whole, by_commas);
        let names_codes = |cell: &Span| CODE_COLUMN.is_match(&line[cell.range()]);
        // A line of prose is a single one, or no part of it is the name of a column.
        if cells.len() < 2 || !cells.iter().any(names_codes) {
            return None;
        }
        let columns = cells.iter().map(|cell| {
            let name = &line[cell.range()];
            match name {
                _ if CODE_COLUMN.is_match(name) => Column::Code,
                _ if MINUTES_COLUMN.is_match(name) => Column::Minutes,
                _ if START_COLUMN.is_match(name) => Column::Start,
                _ if STOP_COLUMN.is_match(name) => Column::Stop,
                _ if UNITS_COLUMN.is_match(name) => Column::Units,
                _ if MODIFIERS_COLUMN.is_match(name) => Column::Modifiers,
                _ => Column::Other,
            }
        });
        let columns: Vec<Column> = columns.collect();
        let has = |column: Column| columns.contains(&column);
        let has_times = has(Column::Start) && has(Column::Stop);
        let is_head = has(Column::Minutes) || has_times || has(Column::Units);
        let place = |at: usize| line[..at].chars().count();
        let of_cell = |cell: &Span| (place(cell.start), place(cell.end));
        let places = cells.iter().map(of_cell).collect();
        is_head.then_some(Self {
            columns,
            places,
            by_commas,
        })
    }

    /// Whether it has a column for minutes or times.
    pub fn has_times(&self) -> bool {
        let times = [Column::Minutes, Column::Start, Column::Stop];
        self.columns.iter().any(|column| times.contains(column))
    }

    /// Whether a line below is a row of the table, or one of its rules.
    pub fn has_row(&self, line: &str) -> bool {
        RULED.is_match(line) || cells(line, Span::new(0, line.len()), self.by_commas).len() > 1
    }

    /// The code and the block of a row; `None` for a rule and for a row without a code that we know.
    pub fn row(&self, text: &str, line: Span) -> Option<(Span, BlockLine)> {
        // Where single tabs part as many cells as the head has, two of them stand around an empty one.
        let words = &text[line.range()];
        let by_tabs = words.contains('\t')
            && words.trim_end_matches(' ').split('\t').count() == self.columns.len();
        if by_tabs && !words.contains('|') {
            let mut at = line.start;
            let tabbed = words.split('\t').map(|cell| {
                let start = at + cell.len() - cell.trim_start().len();
                at += cell.len() + 1;
                Span::new(start, start + cell.trim().len())
            });
            return self.block(text, &tabbed.collect::<Vec<_>>());
        }
        let cells = self
            .aligned(text, line)
            .unwrap_or_else(|| cells(text, line, self.by_commas));
        self.block(text, &cells)
    }

    /// The cells of a row that blanks alone part, each below its column's name, so that an empty one is known; `None`
    /// where they do not stand in columns.
    fn aligned(&self, text: &str, line: Span) -> Option<Vec<Span>> {
        let words = &text[line.range()];
        if self.by_commas || words.contains(['|', '\t']) {
            return None;
        }
        let mut columns: Vec<Option<Span>> = vec![None; self.places.len()];
        for cell in cells(text, line, false) {
            let place = |at: usize| text[line.start..at].chars().count();
            // What is too long for its column runs up to the next one.
            let inner = self.places.iter().filter_map(|(start, _)| {
                let at = line.start + words.char_indices().nth(*start)?.0;
                let stands = cell.start < at && at < cell.end && text[..at].ends_with(' ');
                stands.then_some(at)
            });
            let starts: Vec<usize> = [cell.start].into_iter().chain(inner).collect();
            let ends = starts[1..].iter().copied().chain([cell.end]);
            for (start, end) in starts.iter().copied().zip(ends) {
                let end = start + text[start..end].trim_end().len();
                let (from, to) = (place(start), place(end));
                let below = |(left, right): &(usize, usize)| {
                    from.abs_diff(*left) <= 1
                        || to.abs_diff(*right) <= 1
                        || *left <= from && to <= *right
                };
                let column = self.places.iter().position(below)?;
                if columns[column].replace(Span::new(start, end)).is_some() {
                    return None;
                }
            }
        }
        let empty = Span::at(line.end);
        Some(
            columns
                .into_iter()
                .map(|cell| cell.unwrap_or(empty))
                .collect(),
        )
    }

    fn block(&self, text: &str, cells: &[Span]) -> Option<(Span, BlockLine)> {
        let of = |column: Column| {
            let at = self.columns.iter().position(|known| *known == column)?;
            cells.get(at).copied()
        };
        // `Procedure` may stand above the names and `Code` above the codes.
        let columns = self.columns.iter().zip(cells);
        let mut columns = columns.filter(|(column, _)| **column == Column::Code);
        let (cell, code) = columns.find_map(|(_, cell)| {
            let code = CODE.find(&text[cell.range()])?;
            procedures::find(&code.as_str().to_ascii_uppercase())?;
            Some((*cell, code))
        })?;
        let code = Span::from(code.range()).shifted(cell.start);
        let mut said = block_line::read(text, code, cell);
        let columns = self.columns.iter().zip(cells);
        for (_, cell) in columns.filter(|(column, _)| **column == Column::Modifiers) {
            said.modifiers.extend(modifiers(text, *cell));
        }
        if let Some(cell) = of(Column::Minutes) {
            let words = &text[cell.range()];
            said.clock = time::clock_ranges(words, cell.start);
            said.durations = time::durations(words, cell.start);
            if said.clock.is_empty() && said.durations.is_empty() {
                said.durations.extend(bare_minutes(words, cell.start));
            }
        }
        let blanks = [Column::Minutes, Column::Units].into_iter().filter_map(of);
        said.time_placeholder |= blanks
            .into_iter()
            .any(|cell| BLANK.is_match(&text[cell.range()]));
        if let (Some(start), Some(stop)) = (of(Column::Start), of(Column::Stop)) {
            said.clock.extend(range(text, start, stop));
        }
        if let Some(cell) = of(Column::Units)
            && let Some(figure) = FIGURE.find(&text[cell.range()])
        {
            let units = figure.as_str().parse().ok();
            said.claimed = units.map(|units| UnitClaim {
                span: Span::from(figure.range()).shifted(cell.start),
                units,
            });
        }
        // `97012 | -- | 0`
        let is_none = said.claimed.as_ref().is_some_and(|claim| claim.units == 0);
        let dash = of(Column::Minutes).filter(|cell| is_none && DASH.is_match(&text[cell.range()]));
        let not_done = cells
            .iter()
            .copied()
            .find(|cell| NOT_DONE.is_match(&text[cell.range()]));
        if let Some(cell) = not_done.or(dash) {
            // It took no time, whatever was planned for it.
            said.clock.clear();
            said.claimed = None;
            said.durations = vec![Duration {
                span: cell,
                minutes: 0.into(),
                inexact: Inexact::No,
            }];
        }
        Some((code, said))
    }
}

/// The modifiers of a cell in a column of them: `GP 59`, `GP59`.
fn modifiers(text: &str, cell: Span) -> impl Iterator<Item = Modifier> {
    let words = MODIFIERS.find_iter(&text[cell.range()]);
    let are_known = |words: &str| words.len() == 2 || block_line::are_modifiers(words);
    let words = words.filter(move |words| are_known(words.as_str()));
    words.flat_map(move |words| {
        let pairs = words.as_str().len() / 2;
        (0..pairs).map(move |pair| {
            let start = cell.start + words.start() + 2 * pair;
            let span = Span::new(start, start + 2);
            Modifier {
                span,
                code: text[span.range()].to_ascii_uppercase(),
            }
        })
    })
}

/// The minutes of a cell in a column of minutes, where no word says so: `25`, `0:25`.
fn bare_minutes(words: &str, start: usize) -> Option<Duration> {
    if OF_CLOCK.is_match(words) {
        let time = figures::lone(words, |_| false).into_iter().next();
        let minutes = time.map(|(_, figure)| figure.minutes);
        // `1:00` may as well be a time of the day.
        let of_less_than_an_hour = minutes.filter(|time| time.minutes < 60);
        return of_less_than_an_hour.map(|time| Duration {
            span: time.span.shifted(start),
            ..time
        });
    }
    let figure = FIGURE.find(words)?;
    Some(Duration {
        span: Span::from(figure.range()).shifted(start),
        minutes: time::tenths(figure.as_str())?,
        inexact: Inexact::No,
    })
}

/// The range of times that two cells give.
fn range(text: &str, start: Span, stop: Span) -> Option<ClockRange> {
    let first = &text[start.range()];
    let words = format!("{first}-{}", &text[stop.range()]);
    let found = time::clock_ranges(&words, 0).into_iter().next()?;
    let [from, to] = found.ends;
    let behind = first.len() + 1;
    // A range within the first cell alone is none of both.
    let to = Span::new(to.start.checked_sub(behind)?, to.end - behind).shifted(stop.start);
    let from = from.shifted(start.start);
    Some(ClockRange {
        span: Span::new(from.start.min(to.start), from.end.max(to.end)),
        ends: [from, to],
        ..found
    })
}

/// The cells of a row, without the blanks around their words. An empty cell counts only between bars or tabs.
fn cells(text: &str, line: Span, by_commas: bool) -> Vec<Span> {
    let words = &text[line.range()];
    let mut cells = Vec::new();
    let mut push = |start: usize, end: usize| {
        let cell = words[start..end].trim();
        let at = start + words[start..end].len() - words[start..end].trim_start().len();
        cells.push(Span::new(at, at + cell.len()).shifted(line.start));
    };
    let mut start = 0;
    if words.contains('|') {
        let inner = words.trim_start_matches('|').len();
        start = words.len() - inner;
        // Without a bar before the first cell, one at the end parts an empty cell off.
        let end = if start > 0 {
            words.trim_end().trim_end_matches('|').len().max(start)
        } else {
            words.len()
        };
        for (at, _) in words[start..end].match_indices('|') {
            let at = at + words.len() - inner;
            push(start, at);
            start = at + 1;
        }
        push(start, end);
    } else if by_commas {
        // `97110,"GP,KX",25`
        let mut is_quoted = false;
        for (at, mark) in words.match_indices([',', '"']) {
            is_quoted ^= mark == "\"";
            if mark == "," && !is_quoted {
                push(start, at);
                start = at + 1;
            }
        }
        push(start, words.len());
    } else {
        for gap in WIDE.find_iter(words) {
            push(start, gap.start());
            start = gap.end();
        }
        push(start, words.len());
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code, its modifiers, minutes and units of a row.
    fn row(head: &str, row: &str) -> String {
        let head = Head::of(head).expect("a head");
        let Some((code, said)) = head.row(row, Span::new(0, row.len())) else {
            return "none".to_owned();
        };
        let modifiers: Vec<_> = said.modifiers.iter().map(|m| m.code.as_str()).collect();
        let minutes: Vec<_> = said
            .durations
            .iter()
            .map(|d| d.minutes.to_string())
            .collect();
        let units = said.claimed.map_or(0, |claim| claim.units);
        format!("{} {modifiers:?} {minutes:?} {units}", &row[code.range()])
    }

    #[test]
    fn a_state_and_two_columns_of_procedures() {
        let head = "Procedure\tCode\tMin\tStatus";
        assert_eq!(
            row(head, "Manual therapy\t97140\t15\tDone"),
            "97140 [] [\"15\"] 0"
        );
        assert_eq!(
            row(head, "Manual therapy\t97140\t15\tNot done"),
            "97140 [] [\"0\"] 0"
        );
    }

    /// A cell may begin and end anywhere within its column.
    #[test]
    fn cells_within_their_columns() {
        assert_eq!(
            row("Code     Minutes     Units", "97110      25          2"),
            r#"97110 [] ["25"] 2"#
        );
        assert_eq!(
            row("Code     Minutes     Units", "97110                  2"),
            "97110 [] [] 2"
        );
    }

    #[test]
    fn rows_by_bars_tabs_and_wide_blanks() {
        assert_eq!(
            row("| CPT | Min | Units |", "| 97110 | 25 | 2 |"),
            r#"97110 [] ["25"] 2"#
        );
        assert_eq!(
            row(
                "|Code|Description|Mod|Minutes|",
                "|97140|Joint mobilization, 3 x 10 min|GP 59|15 min|"
            ),
            r#"97140 ["GP", "59"] ["15"] 0"#
        );
        assert_eq!(
            row("Code\tActivity\tMinutes\tUnits", "97530\tlacing\t20\t1"),
            r#"97530 [] ["20"] 1"#
        );
        assert_eq!(
            row("CPT code   Time (min)   Units", "97112-GP   7.5   0"),
            r#"97112 ["GP"] ["7.5"] 0"#
        );
        assert_eq!(
            row("Code, Mod, Minutes", "97116, GP, 12"),
            r#"97116 ["GP"] ["12"] 0"#
        );
        assert_eq!(
            row("CPT | Mod 1 | Modifier 2 | Min", "97140 | GP | 59 | 0:25"),
            r#"97140 ["GP", "59"] ["25"] 0"#
        );
        assert_eq!(
            row("CPT | M1 | M2 | Time", "97140 | GP | | 1:00"),
            r#"97140 ["GP"] [] 0"#
        );
        assert_eq!(
            row("CPT,Modifiers,Minutes", "97110,\"GP,KX\",25"),
            r#"97110 ["GP", "KX"] ["25"] 0"#
        );
        assert_eq!(
            row(
                "CPT | 1st Mod | 2nd Mod | Duration",
                "97140 | GP59 | KX | 25"
            ),
            r#"97140 ["GP", "59", "KX"] ["25"] 0"#
        );
        // Two tabs stand around an empty cell.
        assert_eq!(
            row("Code\tMod\tMin\tUnits", "97530\t\t20\t1"),
            r#"97530 [] ["20"] 1"#
        );
        assert_eq!(row("| CPT | Min |", "|---|---|"), "none");
        assert_eq!(row("| CPT | Min |", "| Total | 40 |"), "none");
        for prose in [
            "Code 97110 took 25 minutes",
            "| Movement | Left | Right |",
            "Time  Units",
            "CPT codes, time and units were entered.",
            "Start, stop",
        ] {
            assert!(Head::of(prose).is_none(), "{prose}");
        }
    }

    #[test]
    fn times_in_two_columns() {
        for (head, row, expected) in [
            ("Code\tStart\tStop", "97116\t9:05\t9:17", Some(12)),
            (
                "| CPT | Time in | Time out |",
                "| 97116 | 1:50 pm | 2:10 pm |",
                Some(20),
            ),
            ("Code, End, Begin", "97116, 9:17, 9:05", Some(12)),
            ("Code\tStart\tStop", "97116\t9:05\t", None),
            ("Code\tStart\tStop", "97116\t9:05-9:17\tstanding", None),
        ] {
            let head = Head::of(head).expect("a head");
            let (_, said) = head.row(row, Span::new(0, row.len())).expect("a row");
            let minutes = said.clock.first().and_then(ClockRange::minutes);
            assert_eq!(minutes, expected, "{row}");
            for range in &said.clock {
                assert!(range.ends.iter().all(|end| row[end.range()].contains(':')));
            }
        }
    }
}
