//! Tables of treatment without codes: each row becomes a line that tells its treatment and its time.

use crate::pattern::{pattern, words};

pattern!(CELLS, r"[ ]*\|[ ]*|\t+|[ ]{2,}");
pattern!(
    NAME,
    r"(?i)^(?:skilled )?(?:interventions?|treatments?|procedures?|activit(?:y|ies)|services?|modalit(?:y|ies)|technique)s?$"
);
pattern!(
    MINUTES,
    r"(?i)^(?:total )?(?:min(?:ute)?s?|time|duration)\.?(?: \(?min(?:ute)?s?\.?\)?)?$"
);
pattern!(START, r"(?i)^(?:start|begin|from|time in|in)(?: time)?$");
pattern!(STOP, r"(?i)^(?:stop|end|to|time out|out)(?: time)?$");
words!(
    /// Tables with codes are the chart's to read, and those with dates are logs.
    OTHER_TABLE,
    r"(?i)\b(?:codes?|cpt|hcpcs|dates?)\b"
);
words!(FIGURE, r"(?i)^\d{1,3}(?: ?(?:min(?:ute)?s?|m|'))?\.?$");
words!(CLOCK, r"(?i)^\d{1,2}:\d{2}(?: ?[ap]\.?m\.?)?$");

/// Which columns of a table say what was done and how long it took.
struct Columns {
    count: usize,
    name: usize,
    minutes: Option<usize>,
    clock: Option<(usize, usize)>,
}

impl Columns {
    /// Those of a table's head, if it has no codes.
    fn of(head: &str) -> Option<Self> {
        let cells = cells(head);
        let place = |name: &regex::Regex| cells.iter().position(|cell| name.is_match(cell));
        let columns = Self {
            count: cells.len(),
            name: place(&NAME)?,
            minutes: place(&MINUTES),
            clock: place(&START).zip(place(&STOP)),
        };
        let has_time = columns.minutes.is_some() || columns.clock.is_some();
        (has_time && columns.count > 1 && !OTHER_TABLE.is_match(head)).then_some(columns)
    }

    /// Whether a line is no row: another table begins, or prose goes on.
    fn end_at(&self, line: &str) -> bool {
        let cells = cells(line);
        let times = [self.minutes, self.clock.map(|(start, _)| start)];
        let mut times = times.into_iter().flatten().filter_map(|at| cells.get(at));
        cells.len() < 2
            || times.any(|cell| {
                cell.contains(char::is_alphabetic)
                    && !FIGURE.is_match(cell)
                    && !CLOCK.is_match(cell)
            })
    }

    /// A row as a line that tells its treatment, unless it gives no time.
    fn line(&self, row: &str) -> Option<String> {
        let cells = cells(row);
        if cells.len() > self.count || cells.len() <= self.name {
            return None;
        }
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        let minutes = self.minutes.map(|at| (vec![at], cell(at)));
        let minutes = minutes.filter(|(_, said)| FIGURE.is_match(said) && !said.starts_with('0'));
        let (taken, time) = if let Some((taken, said)) = minutes {
            let figure = said.trim_end_matches(|c: char| !c.is_ascii_digit());
            (taken, format!("{figure} min"))
        } else {
            let (start, stop) = self.clock?;
            let is_clock = CLOCK.is_match(cell(start)) && CLOCK.is_match(cell(stop));
            is_clock.then(|| (vec![start, stop], format!("{}-{}", cell(start), cell(stop))))?
        };
        let name = cell(self.name);
        if name.to_lowercase().starts_with("total") {
            return None;
        }
        let others = cells.iter().enumerate();
        let others =
            others.filter(|(at, cell)| *at != self.name && !taken.contains(at) && !cell.is_empty());
        let line = format!("{name} {time}");
        Some(others.fold(line, |line, (_, cell)| format!("{line}, {cell}")))
    }
}

fn cells(line: &str) -> Vec<&str> {
    let line = line.trim().trim_matches('|').trim();
    CELLS.split(line).map(str::trim).collect()
}

/// Whether a line names the columns of such a table.
pub fn is_head(line: &str) -> bool {
    Columns::of(line).is_some()
}

/// The lines, with the rows of such tables as sentences.
pub fn told(lines: Vec<String>) -> Vec<String> {
    let mut columns: Option<Columns> = None;
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        if let Some(found) = Columns::of(&line) {
            columns = Some(found);
            out.push(line);
            continue;
        }
        let is_rule = !line.trim().is_empty() && line.chars().all(|c| " \t|:+=-".contains(c));
        if !is_rule
            && columns
                .as_ref()
                .is_some_and(|columns| columns.end_at(&line))
        {
            columns = None;
        }
        let told = columns.as_ref().and_then(|columns| columns.line(&line));
        out.push(told.unwrap_or(line));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn rows_tell_what_was_done_and_how_long() {
        let read = |text: &str| told(text.lines().map(str::to_owned).collect()).join("\n");
        for (table, lines) in [
            (
                "| Intervention | Minutes |\n|---|---|\n| Therapeutic exercise | 18 |\n| Gait training | 0 |",
                "| Intervention | Minutes |\n|---|---|\nTherapeutic exercise 18 min\n| Gait training | 0 |",
            ),
            (
                "Treatment\tMin\tNotes\nManual therapy\t14\tL hip\nTotal\t14\t",
                "Treatment\tMin\tNotes\nManual therapy 14 min, L hip\nTotal\t14\t",
            ),
            (
                "Procedure          Start   Stop\nManual therapy     1:10    1:28",
                "Procedure          Start   Stop\nManual therapy 1:10-1:28",
            ),
            // Another table is none of it.
            (
                "Intervention   Minutes\nExercise   18\nExercise   Reps\nStretching   10",
                "Intervention   Minutes\nExercise 18 min\nExercise   Reps\nStretching   10",
            ),
            // Tables with codes are the chart's to read.
            (
                "CPT code  Procedure  Minutes\n97110  Exercise  18",
                "CPT code  Procedure  Minutes\n97110  Exercise  18",
            ),
        ] {
            assert_eq!(read(table), lines);
        }
    }
}
