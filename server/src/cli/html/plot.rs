//! Plots that are pictures and no program: lines over days, and bars along a day's clock.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::{day_words, text};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 150.0;
/// The room for the figures of the scale, at the left, and of the last date, at the right.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 10.0;
/// The room for the dates.
const BOTTOM: f64 = 22.0;

/// What was found on some days.
pub(in crate::cli) struct Line {
    /// The values, by day. There is one at least.
    pub(in crate::cli) values: Vec<(Date, f64)>,
    pub(in crate::cli) is_dashed: bool,
}

/// Lines over days, with the value that is aimed at.
pub(in crate::cli) struct Plot {
    pub(in crate::cli) title: String,
    /// The plot in a sentence, for those who do not see it.
    pub(in crate::cli) words: String,
    pub(in crate::cli) lines: Vec<Line>,
    pub(in crate::cli) target: Option<f64>,
    /// The end of the scale, where it is given.
    pub(in crate::cli) most: Option<f64>,
}

impl Plot {
    /// The plot as a figure of a page.
    pub(in crate::cli) fn figure(&self) -> String {
        let all = self.lines.iter().flat_map(|line| &line.values);
        let days = || all.clone().map(|(day, _)| *day);
        let (Some(first), Some(last)) = (days().min(), days().max()) else {
            return String::new();
        };
        let largest = all
            .clone()
            .map(|(_, value)| *value)
            .chain(self.target)
            .fold(1.0, f64::max);
        let step = step(self.most.unwrap_or(largest));
        let top = self.most.unwrap_or((largest / step).ceil() * step);
        let span = days_between(first, last).max(1.0);
        let x = |day: Date| {
            if first == last {
                f64::midpoint(LEFT, WIDTH - RIGHT)
            } else {
                LEFT + days_between(first, day) / span * (WIDTH - LEFT - RIGHT)
            }
        };
        let y = |value: f64| HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
        let mut svg = String::new();
        let mut mark = 0.0;
        while mark <= top + step / 2.0 {
            let at = y(mark);
            let _ = write!(
                svg,
                "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#e3e8e8\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 6.0,
                at + 4.0,
                rounded(mark)
            );
            mark += step;
        }
        if let Some(target) = self.target {
            let at = y(target);
            let _ = write!(
                svg,
                "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#b35c00\" stroke-width=\"1.5\" stroke-dasharray=\"8 4\"/>",
                WIDTH - RIGHT
            );
        }
        for line in &self.lines {
            let points = line.values.iter();
            let points: Vec<(f64, f64)> = points.map(|(day, v)| (x(*day), y(*v))).collect();
            let path: Vec<String> = points
                .iter()
                .map(|(x, y)| format!("{x:.1},{y:.1}"))
                .collect();
            let dash = if line.is_dashed {
                " stroke-dasharray=\"3 3\""
            } else {
                ""
            };
            let _ = write!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"#1d6f6a\" stroke-width=\"2\"{dash}/>",
                path.join(" ")
            );
            for (x, y) in points {
                let _ = write!(
                    svg,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"#1d6f6a\"/>"
                );
            }
        }
        dates(&mut svg, first, last, x);
        format!(
            "<figure><figcaption>{}</figcaption>{}</figure>\n",
            text(&self.title),
            picture(&self.words, HEIGHT, &svg)
        )
    }
}

/// A picture that is read out as a sentence.
fn picture(words: &str, height: f64, inside: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">{inside}</svg>",
        text(words)
    )
}

/// The first and the last date below.
fn dates(svg: &mut String, first: Date, last: Date, x: impl Fn(Date) -> f64) {
    let at = HEIGHT - 5.0;
    if first == last {
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{at}\" text-anchor=\"middle\">{}</text>",
            x(first),
            day_words(first)
        );
        return;
    }
    for (day, anchor) in [(first, "start"), (last, "end")] {
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{at}\" text-anchor=\"{anchor}\">{}</text>",
            x(day),
            day_words(day)
        );
    }
}

/// How far apart the marks of a scale are, so that there are three to six of them.
fn step(largest: f64) -> f64 {
    let power = 10_f64.powf((largest / 4.0).log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|step| step * power);
    let fits = steps.into_iter().find(|step| largest / step <= 5.0);
    fits.unwrap_or(power * 10.0)
}

/// A figure without needless places.
fn rounded(value: f64) -> String {
    let tenths = format!("{value:.1}");
    tenths.trim_end_matches(".0").to_owned()
}

fn days_between(first: Date, last: Date) -> f64 {
    first
        .until(last)
        .map_or(0.0, |span| f64::from(span.get_days()))
}

/// A stretch of a visit; start and end in minutes after midnight.
pub(in crate::cli) struct Stretch {
    pub(in crate::cli) start: u32,
    pub(in crate::cli) end: u32,
    pub(in crate::cli) name: String,
    /// Its time earns units.
    pub(in crate::cli) is_timed: bool,
}

/// A visit's blocks along the clock, the session around them.
pub(in crate::cli) fn clock(
    session: Option<(u32, u32)>,
    stretches: &[Stretch],
    in_words: impl Fn(u32) -> String,
) -> String {
    const ROW: f64 = 22.0;
    /// The room for the names of the blocks.
    const NAMES: f64 = 150.0;
    let ends = stretches.iter().map(|s| (s.start, s.end)).chain(session);
    let (Some(first), Some(last)) = (
        ends.clone().map(|(start, _)| start).min(),
        ends.map(|(_, end)| end).max(),
    ) else {
        return String::new();
    };
    let span = f64::from(last.saturating_sub(first).max(1));
    let x = |at: u32| NAMES + f64::from(at.saturating_sub(first)) / span * (WIDTH - NAMES - RIGHT);
    let mut svg = String::new();
    let mut y = 4.0;
    let mut bar = |start: u32, end: u32, name: &str, look: &str| {
        let _ = write!(
            svg,
            "<text x=\"0\" y=\"{:.1}\">{}</text>\
             <rect x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"14\" {look}/>",
            y + 11.0,
            text(name),
            x(start),
            (x(end) - x(start)).max(2.0)
        );
        y += ROW;
    };
    if let Some((start, end)) = session {
        bar(start, end, "session", "fill=\"#e3e8e8\"");
    }
    for stretch in stretches {
        let look = if stretch.is_timed {
            "fill=\"#1d6f6a\""
        } else {
            "fill=\"#fff\" stroke=\"#1d6f6a\" stroke-dasharray=\"3 2\""
        };
        bar(stretch.start, stretch.end, &stretch.name, look);
    }
    let at = y + 10.0;
    for (minute, anchor) in [(first, "start"), (last, "end")] {
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{at:.1}\" text-anchor=\"{anchor}\">{}</text>",
            x(minute),
            in_words(minute)
        );
    }
    let said: Vec<String> = stretches
        .iter()
        .map(|s| {
            format!(
                "{} from {} to {}",
                s.name,
                in_words(s.start),
                in_words(s.end)
            )
        })
        .collect();
    let words = said.join(", ");
    format!(
        "<figure><figcaption>The visit by the clock</figcaption>{}</figure>\n",
        picture(&words, y + 16.0, &svg)
    )
}

/// A day of a chart: its date, units, and whether a payer would deny something of it.
pub(in crate::cli) struct Visit {
    pub(in crate::cli) day: Date,
    /// None while they are open.
    pub(in crate::cli) units: Option<u32>,
    pub(in crate::cli) is_at_risk: bool,
}

/// The days of a chart as bars, as high as their units.
pub(in crate::cli) fn visits(visits: &[Visit]) -> String {
    let days = || visits.iter().map(|visit| visit.day);
    let (Some(first), Some(last)) = (days().min(), days().max()) else {
        return String::new();
    };
    let most = visits
        .iter()
        .filter_map(|v| v.units)
        .max()
        .unwrap_or(1)
        .max(1);
    let span = days_between(first, last).max(1.0);
    let x = |day: Date| {
        let room = WIDTH - LEFT - RIGHT - 10.0;
        LEFT + 5.0 + days_between(first, day) / span * room
    };
    let foot = HEIGHT - BOTTOM;
    let mut svg = format!(
        "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{foot}\" y2=\"{foot}\" stroke=\"#8a9596\"/>",
        WIDTH - RIGHT
    );
    for visit in visits {
        let height =
            f64::from(visit.units.unwrap_or_default()) / f64::from(most) * (foot - TOP - 16.0);
        let colour = if visit.is_at_risk {
            "#b3261e"
        } else {
            "#1d6f6a"
        };
        let _ = write!(
            svg,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"8\" height=\"{:.1}\" fill=\"{colour}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x(visit.day) - 4.0,
            foot - height.max(2.0),
            height.max(2.0),
            x(visit.day),
            foot - height.max(2.0) - 4.0,
            visit
                .units
                .map_or("open".to_owned(), |units| units.to_string())
        );
    }
    dates(&mut svg, first, last, x);
    let count = visits.len();
    let words = format!(
        "{count} visits from {} to {}",
        day_words(first),
        day_words(last)
    );
    format!(
        "<figure><figcaption>Units of each visit; red where a payer would deny something</figcaption>{}</figure>\n",
        picture(&words, HEIGHT, &svg)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_few_marks_at_plain_figures() {
        for (largest, expected) in [
            (10.0, 2.0),
            (60.0, 20.0),
            (1.0, 0.2),
            (7.0, 2.0),
            (120.0, 25.0),
        ] {
            assert!((step(largest) - expected).abs() < 1e-9, "{largest}");
            let marks = largest / step(largest);
            assert!((2.0..=5.0).contains(&marks), "{largest}");
        }
    }
}
