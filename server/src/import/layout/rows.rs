//! Tables of treatment without codes: each row becomes a line that tells its treatment and its time.

use crate::pattern::pattern;

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
pattern!(CODE, r"(?i)\b(?:codes?|cpt|hcpcs)\b");
pattern!(FIGURE, r"(?i)^\d{1,3}(?: ?(?:min(?:ute)?s?|m|'))?\.?$");
pattern!(CLOCK, r"(?i)^\d{1,2}:\d{2}(?: ?[ap]\.?m\.?)?$");

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
        (has_time && columns.count > 1 && !CODE.is_match(head)).then_some(columns)
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
        let told = columns.as_ref().and_then(|columns| columns.line(&line));
        let goes_on = is_rule || told.is_some() || cells(&line).len() > 1;
        if !goes_on {
            columns = None;
        }
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
