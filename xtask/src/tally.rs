//! What the suites of `cargo xtask test` say, counted.

use std::fmt;
use std::io::{self, BufRead as _, BufReader};
use std::ops::AddAssign;
use std::process::Command;

use crate::Failure;

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
}

impl Tally {
    /// One check that held.
    pub const ONE: Self = Self {
        passed: 1,
        failed: 0,
        skipped: 0,
    };

    /// A suite that cannot be run here.
    pub const SKIPPED: Self = Self {
        passed: 0,
        failed: 0,
        skipped: 1,
    };

    /// What a line counts: cargo's `test result: ok. 3 passed; 0 failed; 1 ignored; …`, a line of Node's such as
    /// `# pass 3`, or our own suites' `Neovim: 3 passed, 0 failed, 1 skipped`.
    fn of_line(line: &str) -> Option<Self> {
        let mut tally = Self::default();
        if let Some((count, number)) = line
            .strip_prefix(['#', 'ℹ'])
            .and_then(|count| count.trim().split_once(' '))
        {
            *tally.counter(count)? = number.parse().ok()?;
            return Some(tally);
        }
        let counts = match line.strip_prefix("test result: ") {
            Some(result) => result.split_once(". ")?.1,
            None => line.split_once(": ")?.1,
        };
        let mut has_any = false;
        for count in counts.split([',', ';']) {
            if let Some((number, count)) = count.trim().split_once(' ')
                && let Some(counter) = tally.counter(count)
            {
                *counter = number.parse().ok()?;
                has_any = true;
            }
        }
        has_any.then_some(tally)
    }

    fn counter(&mut self, name: &str) -> Option<&mut u32> {
        match name {
            "passed" | "pass" => Some(&mut self.passed),
            "failed" | "fail" => Some(&mut self.failed),
            "skipped" | "ignored" => Some(&mut self.skipped),
            _ => None,
        }
    }

    /// Runs tests, shows what they say while they say it, and counts. Tests that do not end well have failed, even if
    /// none of them says so.
    pub fn of(name: &str, mut command: Command) -> Result<Self, Failure> {
        let wrong = |error: io::Error| format!("{name} cannot be run: {error}");
        let (said, to_us) = io::pipe().map_err(wrong)?;
        let both = (to_us.try_clone().map_err(wrong)?, to_us);
        let child = command.stdout(both.0).stderr(both.1).spawn();
        // What is said ends when nobody is left who may say something.
        drop(command);
        let mut tally = Self::default();
        for line in BufReader::new(said).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{}", line.trim_end());
            tally += Self::of_line(line.trim_end()).unwrap_or_default();
        }
        let status = child.and_then(|mut child| child.wait()).map_err(wrong)?;
        if tally == Self::default() && status.success() {
            return Err(format!("{name} ran no tests"));
        }
        if !status.success() && tally.failed == 0 {
            return Err(format!("{name} did not run to its end: {status}"));
        }
        Ok(tally)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_that_count_are_those_that_end_a_suite() {
        let tally = |passed, failed, skipped| {
            Some(Tally {
                passed,
                failed,
                skipped,
            })
        };
        for (line, counted) in [
            (
                "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 5 filtered out; finished in 0.02s",
                tally(12, 3, 1),
            ),
            ("Neovim: 57 passed, 1 failed", tally(57, 1, 0)),
            ("VS Code: 81 passed, 0 failed, 2 skipped", tally(81, 0, 2)),
            ("# pass 17", tally(17, 0, 0)),
            ("ℹ fail 2", tally(0, 2, 0)),
            ("# tests 19", None),
            ("57 passed, 1 failed", None),
            ("ok: 12 minutes passed, as they should", None),
            ("test billing::passed ... ok", None),
        ] {
            assert_eq!(Tally::of_line(line), counted, "{line}");
        }
    }
}
