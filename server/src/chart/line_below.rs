//! A line below a block that says one thing of it: `25 min`, `Minutes: 25`, `Units: 2`, `Mod: GP`.

use super::{ClockRange, Duration, Inexact, Modifier, UnitClaim, time};
use crate::pattern::{pattern, words};
use crate::reference::modifiers;
use crate::text::Span;

/// What such a line says.
#[derive(Clone, Debug)]
pub enum Said {
    Clock(ClockRange),
    Duration(Duration),
    Units(UnitClaim),
    Modifiers(Vec<Modifier>),
}

pattern!(
    LABEL,
    r"(?i)^(?:(?:(?:total|treatment)[ \t]+)?(?:minutes?|mins?|time|duration)(?:[ \t]*\([a-z.]+\))?[ \t]*[:=]|total[ \t]*[:=]|(?:minutes|mins?)[ \t])"
);
words!(FIGURE, r"^\d{1,3}(?:\.\d)?$");
pattern!(
    UNITS,
    r"(?i)^(?:(?:billed[ \t]+)?units?(?:[ \t]+billed)?[ \t]*[:=][ \t]*(?P<units>\d{1,2})|(?P<counted>\d{1,2})[ \t]*units?)$"
);

// Without a label only what is in capitals and no figure: `GP`, `GP 59`.
pattern!(
    MODIFIERS,
    r"^(?:(?i:mod(?:ifier)?(?:s|\(s\)|[ ]?[1-4])?)[ \t]*[:=#]?[ \t]*|(?P<bare>))(?P<words>[A-Z0-9]{2}(?:[ \t]*[,/:;&-]?[ \t]*[A-Z0-9]{2})*)$"
);
pattern!(MODIFIER, "[A-Z0-9]{2}");

/// What a line says alone; `None` where it says anything else or more.
pub fn read(text: &str, line: Span) -> Option<Said> {
    let words = text[line.range()].trim_end_matches([' ', '\t', '.']);
    if let Some(found) = UNITS.captures(words) {
        let units = found.name("units").or(found.name("counted"))?;
        return Some(Said::Units(UnitClaim {
            span: Span::from(units.range()).shifted(line.start),
            units: units.as_str().parse().ok()?,
        }));
    }
    if let Some(found) = modifiers_of(words, line.start) {
        return Some(Said::Modifiers(found));
    }
    let label = LABEL.find(words).map_or(0, |found| found.end());
    let value = words[label..].trim_start();
    let start = line.start + words.len() - value.len();
    let all = Span::new(start, start + value.len());
    let is_alone = |span: Span| span.start == all.start && span.end >= all.end;
    let value_to_end = &text[start..line.end];
    if let [one] = time::clock_ranges(value_to_end, start)[..] {
        return is_alone(one.span).then_some(Said::Clock(one));
    }
    if let [one] = time::durations(value_to_end, start)[..] {
        return is_alone(one.span).then_some(Said::Duration(one));
    }
    if label == 0 || !FIGURE.is_match(value) {
        return None;
    }
    Some(Said::Duration(Duration {
        span: all,
        minutes: time::tenths(value)?,
        inexact: Inexact::No,
    }))
}

fn modifiers_of(words: &str, start: usize) -> Option<Vec<Modifier>> {
    let found = MODIFIERS.captures(words)?;
    let all = found.name("words")?;
    let is_bare = found.name("bare").is_some();
    if is_bare && !["GP", "GO", "GN"].contains(&all.as_str().get(..2)?) {
        return None;
    }
    let pairs = MODIFIER.find_iter(all.as_str());
    let named = pairs.map(|pair| {
        modifiers::find(pair.as_str()).map(|modifier| Modifier {
            code: modifier.code.to_owned(),
            span: Span::from(pair.range()).shifted(start + all.start()),
        })
    });
    named.collect()
}

/// Whether a line speaks of time at all.
pub fn has_time(words: &str) -> bool {
    !time::clock_ranges(words, 0).is_empty() || !time::durations(words, 0).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_says_alone() {
        for (line, expected) in [
            ("25 min", "25 min"),
            ("x 25 minutes.", "25 min"),
            ("Total: 25 min", "25 min"),
            ("Minutes 25", "25 min"),
            ("Minutes: 25", "25 min"),
            ("Time (min): 7.5", "7.5 min"),
            ("Duration: 25 min", "25 min"),
            ("a quarter hour", "15 min"),
            ("10:00-10:25", "25 clock"),
            ("Time: 10:00 am - 10:25 am", "25 clock"),
            ("Units: 2", "2 units"),
            ("2 units", "2 units"),
            ("Mod: GP", "GP"),
            ("Modifier 1: 59", "59"),
            ("Mods: GP, 59", "GP 59"),
            ("GP 59", "GP 59"),
            ("Mod: PT", "-"),
            ("59", "-"),
            ("AT", "-"),
            ("PT", "-"),
            ("bike 25 min", "-"),
            ("25 min on the bike", "-"),
            ("25", "-"),
            ("Minutes: many", "-"),
            ("SLR, bridges", "-"),
        ] {
            let text = format!("  {line}\n");
            let said = match read(&text, Span::new(2, 2 + line.len())) {
                Some(Said::Clock(range)) => format!("{} clock", range.minutes().unwrap_or(0)),
                Some(Said::Duration(duration)) => {
                    assert!(line.contains(&text[duration.span.range()]));
                    format!("{} min", duration.minutes)
                }
                Some(Said::Units(claim)) => format!("{} units", &text[claim.span.range()]),
                Some(Said::Modifiers(all)) => {
                    let all = all.iter().map(|m| &text[m.span.range()]);
                    all.collect::<Vec<_>>().join(" ")
                }
                None => "-".to_owned(),
            };
            assert_eq!(said, expected, "{line}");
        }
    }
}
