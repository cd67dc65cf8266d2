//! Times, their middle and their worst, and how they are shown.

use std::fmt::{self, Write as _};
use std::time::Duration;

use crate::Extent;

/// Many times of the same thing.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Adds one.
    pub fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time that so many percent of all were not above; zero if there are none.
    pub fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    }

    /// The middle one.
    pub fn middle(&self) -> Duration {
        self.percentile(50)
    }

    /// How many times as long as the others these take, by the middle ones.
    pub fn ratio(&self, others: &Self) -> f64 {
        self.middle().as_secs_f64() / others.middle().as_secs_f64()
    }

    /// How many times as long as the others these take, where each was measured beside its other: the
    /// middle of the ratios. A machine whose speed drifts changes both of a pair.
    pub fn ratio_in_pairs(&self, others: &Self) -> f64 {
        let pairs = self.0.iter().zip(&others.0);
        let ratio = |(one, other): (&Duration, &Duration)| one.as_secs_f64() / other.as_secs_f64();
        let mut ratios: Vec<f64> = pairs.map(ratio).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

impl FromIterator<Duration> for Times {
    fn from_iter<I: IntoIterator<Item = Duration>>(times: I) -> Self {
        Self(times.into_iter().collect())
    }
}

/// A duration with three figures and a fitting unit.
pub struct Short(pub Duration);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs_f64();
        let (number, unit) = match seconds {
            s if s < 1e-6 => (s * 1e9, "ns"),
            s if s < 1e-3 => (s * 1e6, "µs"),
            s if s < 1.0 => (s * 1e3, "ms"),
            s => (s, "s"),
        };
        let places = match number {
            n if n < 10.0 => 2,
            n if n < 100.0 => 1,
            _ => 0,
        };
        write!(f, "{number:.places$} {unit}")
    }
}

/// Bytes in millions.
pub fn megabytes(bytes: u64) -> String {
    let tenths = (bytes + 50_000) / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// What was promised of a figure, and whether it holds.
#[derive(Clone, Debug)]
pub struct Verdict {
    holds: bool,
    shown: String,
}

impl Verdict {
    /// What was promised, in words, and whether it holds.
    pub fn new(holds: bool, promise: &str) -> Self {
        let word = if holds { "PASS" } else { "over" };
        Self {
            holds,
            shown: format!("{promise} | {word}"),
        }
    }

    /// Nothing was promised.
    pub fn none() -> Self {
        Self {
            holds: true,
            shown: "- | -".to_owned(),
        }
    }
}

/// A Markdown table whose rows may end with a limit and a verdict.
#[derive(Debug, Default)]
pub struct Table {
    text: String,
    over: usize,
}

impl Table {
    /// A table with a title above it and these columns.
    pub fn new(title: &str, columns: &[&str]) -> Self {
        let mut text = format!("\n## {title}\n\n| {} |\n|", columns.join(" | "));
        for _ in columns {
            text += " --- |";
        }
        text.push('\n');
        Self { text, over: 0 }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[String]) {
        let _ = writeln!(self.text, "| {} |", cells.join(" | "));
    }

    /// Adds a row whose last two columns are the limit and the verdict.
    pub fn judged(&mut self, cells: &[String], verdict: &Verdict) {
        self.over += usize::from(!verdict.holds);
        let _ = writeln!(self.text, "| {} | {} |", cells.join(" | "), verdict.shown);
    }

    /// Prints the table; returns how many rows are over their limits. Of a smoke test only the
    /// title is shown: its figures mean nothing.
    #[must_use]
    pub fn print(self, extent: Extent) -> usize {
        if extent == Extent::Smoke {
            let title = self.text.lines().find_map(|line| line.strip_prefix("## "));
            println!("measured: {}", title.unwrap_or_default());
            return 0;
        }
        print!("{}", self.text);
        self.over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(numbers: &[u64]) -> Times {
        numbers.iter().map(|n| Duration::from_micros(*n)).collect()
    }

    #[test]
    fn percentiles_are_times_that_were_taken() {
        let hundred = times(&(1..=100).rev().collect::<Vec<_>>());
        assert_eq!(hundred.middle(), Duration::from_micros(50));
        assert_eq!(hundred.percentile(95), Duration::from_micros(95));
        assert_eq!(hundred.percentile(99), Duration::from_micros(99));
        assert_eq!(times(&[7]).percentile(99), Duration::from_micros(7));
        assert_eq!(times(&[]).middle(), Duration::ZERO);
        assert!((times(&[30]).ratio(&times(&[20])) - 1.5).abs() < 1e-9);
    }

    #[test]
    fn pairs_are_compared_one_by_one() {
        let (ours, others) = (times(&[10, 200, 30]), times(&[5, 100, 10]));
        assert!((ours.ratio_in_pairs(&others) - 2.0).abs() < 1e-9);
        assert!((ours.ratio(&others) - 3.0).abs() < 1e-9);
    }

    #[test]
    fn durations_are_short() {
        let shown = |nanos| Short(Duration::from_nanos(nanos)).to_string();
        assert_eq!(shown(0), "0.00 ns");
        assert_eq!(shown(1_234), "1.23 µs");
        assert_eq!(shown(45_670), "45.7 µs");
        assert_eq!(shown(1_234_567_890), "1.23 s");
        assert_eq!(megabytes(12_345_678), "12.3 MB");
    }

    #[test]
    fn a_row_over_its_limit_is_counted() {
        let mut table = Table::new("t", &["what", "limit", "verdict"]);
        table.judged(&["a".to_owned()], &Verdict::new(true, "2"));
        table.judged(&["b".to_owned()], &Verdict::new(false, "2"));
        table.judged(&["c".to_owned()], &Verdict::none());
        assert!(table.text.contains("| b | 2 | over |"), "{}", table.text);
        assert_eq!(table.over, 1);
    }
}
