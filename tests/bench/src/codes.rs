//! Searching the words of all ICD-10-CM codes, as `soapstone codes` does it: with the start of the
//! program, which must cost nothing.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::figures::{Short, Table, Times, Verdict};
use crate::{Extent, Failure, TODAY, program};

/// What people type, from the first letters to whole names.
const SEARCHES: [&str; 12] = [
    "l",
    "sp",
    "low back pain",
    "lbp",
    "neck",
    "sprain shoulder left",
    "knee pain rt",
    "headache tension",
    "fracture femur subsequent",
    "M54",
    "S13.4",
    "xyzzy",
];

/// Searches for each; returns how many rows are over their limits.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    let soapstone = program("soapstone")?;
    let limit = Duration::from_millis(10);
    let mut table = Table::new(
        "Diagnosis codes by words, from the start of the program to its end",
        &["words", "p50", "p95", "limit", "verdict"],
    );
    for words in SEARCHES {
        let mut times = Times::default();
        for _ in 0..extent.pick(1, 10, 50) {
            let started = Instant::now();
            let status = Command::new(&soapstone)
                .args(["codes", words])
                .env("SOAPSTONE_TODAY", TODAY)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .map_err(|error| format!("soapstone codes: {error}"))?;
            times.push(started.elapsed());
            if !matches!(status.code(), Some(0 | 1)) {
                return Err(format!("soapstone codes {words} ended with {status}"));
            }
        }
        let shown = |percent| Short(times.percentile(percent)).to_string();
        table.judged(
            &[format!("`{words}`"), shown(50), shown(95)],
            &Verdict::new(times.middle() <= limit, &Short(limit).to_string()),
        );
    }
    Ok(table.print(extent))
}
