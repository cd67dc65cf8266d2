//! Treatment as record systems print it: a name, and its minutes and units on labelled lines below.

use super::layout::code_in;
use crate::chart::time;
use crate::pattern::pattern;
use crate::reference::techniques;

pattern!(
    /// A label of a treatment's time with its value: `Total Time: 16 min`.
    TIME,
    r"(?i)^(?:(?:total|actual)[ ]+)?(?:time(?:[ ]+spent)?|min(?:ute)?s?|duration|length)(?:\(s\))?(?:[ ]*\(min(?:ute)?s?\))?[ ]*[:=][ ]*(?P<value>.+)$"
);
pattern!(
    UNITS,
    r"(?i)^(?:(?:total|billed|billable|timed)[ ]+)?units?(?:\(s\))?(?:[ ]+billed)?[ ]*[:=][ ]*(?P<value>\d{1,2})$"
);
pattern!(
    MODIFIERS,
    r"(?i)^mod(?:ifier)?s?(?:\(s\))?[ ]*[:=][ ]*(?P<value>[A-Z0-9]{2}(?:[ ,/-]+[A-Z0-9]{2})*)$"
);
pattern!(
    CODE,
    r"(?i)^(?:cpt|hcpcs|procedure|billing)?[ ]*(?:codes?)?[ ]*[:=#][ ]*(?P<value>\d{5}|[A-Z]\d{4})$"
);
pattern!(
    START,
    r"(?i)^(?:start|begin|time in|started)(?:[ ]+time)?[ ]*[:=][ ]*(?P<value>.+)$"
);
pattern!(
    STOP,
    r"(?i)^(?:stop|end|time out|ended|stopped)(?:[ ]+time)?[ ]*[:=][ ]*(?P<value>.+)$"
);

/// What the labelled lines below a treatment's name say.
#[derive(Default)]
struct Said {
    time: Option<String>,
    units: Option<String>,
    modifiers: Vec<String>,
    code: Option<String>,
    start: Option<String>,
    stop: Option<String>,
}

impl Said {
    /// Whether a line is one of the labels; it is taken then.
    fn takes(&mut self, line: &str) -> bool {
        /// A label and its value are no longer.
        const LONGEST: usize = 80;
        // Most lines are none, and most notes have none.
        if line.len() > LONGEST || !line.contains([':', '=', '#']) {
            return false;
        }
        let value = |pattern: &regex::Regex| {
            Some(
                pattern
                    .captures(line)?
                    .name("value")?
                    .as_str()
                    .trim()
                    .to_owned(),
            )
        };
        if let Some(found) = value(&CODE) {
            self.code = Some(found);
        } else if let Some(found) = value(&UNITS) {
            self.units = Some(found);
        } else if let Some(found) = value(&MODIFIERS) {
            let codes = found
                .split([' ', ',', '/', '-'])
                .filter(|code| !code.is_empty());
            self.modifiers.extend(codes.map(str::to_ascii_uppercase));
        } else if let Some(found) = value(&START) {
            self.start = Some(found);
        } else if let Some(found) = value(&STOP) {
            self.stop = Some(found);
        } else if let Some(found) = value(&TIME).and_then(|value| written(&value)) {
            self.time = Some(found);
        } else {
            return false;
        }
        true
    }

    fn time(&self) -> Option<String> {
        let range = || Some(format!("{}-{}", self.start.as_ref()?, self.stop.as_ref()?));
        range()
            .filter(|range| !time::clock_ranges(range, 0).is_empty())
            .or_else(|| self.time.clone())
    }
}

/// A time as a block's line has it; a bare figure is minutes.
fn written(value: &str) -> Option<String> {
    let is_bare = value.bytes().all(|b| b.is_ascii_digit());
    if is_bare && value.len() <= 3 {
        return Some(format!("{value} min"));
    }
    let has_time =
        !time::clock_ranges(value, 0).is_empty() || !time::durations(value, 0).is_empty();
    has_time.then(|| value.to_owned())
}

/// The lines, each such treatment in the shape of a block, or of a sentence where it has no code.
pub fn in_lines(lines: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some((said, end)) = labels_below(lines, at) else {
            out.push(lines[at].clone());
            at += 1;
            continue;
        };
        let indent = indentation(&lines[at]);
        let name = lines[at].trim();
        let code = said
            .code
            .clone()
            .or_else(|| code_in(name).map(str::to_owned));
        let words = match &said.code {
            Some(_) => name.to_owned(),
            None => code
                .as_ref()
                .map_or(name.to_owned(), |code| name.replace(code.as_str(), "")),
        };
        let words = words.replace("()", "").replace("[]", "");
        let words = words.trim_matches([' ', '-', '–', ':', ',']);
        let units = said.units.as_ref().map(|units| format!("x{units}"));
        let mut below = Vec::new();
        let modifiers = said.modifiers.iter().flat_map(|code| ["-", code.as_str()]);
        let modifiers: String = modifiers.collect();
        let head = match &code {
            // `97530 GO`: what stands behind a code is the block's.
            Some(code) if name.starts_with(code.as_str()) => {
                format!("{code}{modifiers}{}", &name[code.len()..])
            }
            Some(code) => {
                below.push(words);
                format!("{code}{modifiers}")
            }
            None => format!("{words}:"),
        };
        let parts = [Some(head), said.time(), units];
        out.push(parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
        at = end;
        // What is indented as far as the name goes on with it.
        while code.is_some()
            && indent > 0
            && at < lines.len()
            && !lines[at].trim().is_empty()
            && indentation(&lines[at]) >= indent
            && labels_below(lines, at).is_none()
        {
            below.push(lines[at].trim());
            at += 1;
        }
        below.retain(|words| !words.is_empty());
        if !below.is_empty() {
            out.push(format!("  technique: {}", below.join("; ")));
        }
    }
    out
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The labelled lines that follow a treatment's name directly, and where they end; `None` where they give no time and no
/// units.
fn labels_below(lines: &[String], at: usize) -> Option<(Said, usize)> {
    let name = lines[at].trim();
    let is_name = !name.is_empty()
        && name.split_whitespace().count() <= 8
        && !name.ends_with(['.', ';', ':'])
        // The row of a table is none.
        && !name.contains(['|', '\t'])
        && !name.contains("   ")
        && time::durations(name, 0).is_empty();
    let mut said = Said::default();
    if !is_name || Said::default().takes(name) {
        return None;
    }
    let mut end = at + 1;
    while lines
        .get(end)
        .is_some_and(|line| said.takes(line.trim().trim_start_matches(['-', '•', '*', ' '])))
    {
        end += 1;
    }
    let is_treatment = said.code.is_some()
        || code_in(name).is_some()
        || techniques::find_in(name).iter().any(|found| found.decisive);
    (is_treatment && (said.time().is_some() || said.units.is_some())).then_some((said, end))
}
