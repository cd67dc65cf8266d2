//! Looking up diagnosis codes and searching their words, over all of ICD-10-CM.

use std::hint::black_box;
use std::time::{Duration, Instant};

use soapstone::reference::icd10::Release;

use crate::figures::{Short, Table, Times, Verdict};
use crate::{Extent, Failure};

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

/// Measures both; returns how many rows are over their limits.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    let started = Instant::now();
    let release = Release::built_in();
    black_box(release.find("M54.50"));
    let first = started.elapsed();

    let codes: Vec<String> = (b'A'..=b'Z')
        .flat_map(|letter| (0..100).map(move |number| format!("{}{number:02}", char::from(letter))))
        .flat_map(|category| release.billable_under(&category, usize::MAX))
        .map(|entry| entry.code)
        .step_by(extent.pick(1_000, 20, 5))
        .collect();
    if codes.is_empty() {
        return Err("the program has no diagnosis codes".to_owned());
    }
    let found = || {
        timed(|| {
            codes
                .iter()
                .map(|code| release.find(code))
                .collect::<Vec<_>>()
        })
    };
    // One look-up is too short for the clock, so that the middle is that of averages.
    let count = u32::try_from(codes.len()).unwrap_or(u32::MAX);
    let look_ups: Times = (0..extent.pick(1, 5, 20))
        .map(|_| found() / count)
        .collect();

    let mut table = Table::new(
        "Diagnosis codes",
        &["what", "p50", "p95", "limit", "verdict"],
    );
    let cells = |name: String, times: &Times| {
        let shown = |percent| Short(times.percentile(percent)).to_string();
        [name, shown(50), shown(95)]
    };
    let judge = |times: &Times, limit: Duration| {
        let shown = Short(limit).to_string();
        Verdict::at_most(times.middle().as_secs_f64(), limit.as_secs_f64(), &shown)
    };
    let first: Times = [first].into_iter().collect();
    table.judged(
        &cells("the very first look-up".to_owned(), &first),
        &Verdict::none(),
    );
    let name = format!("looking up a code ({count} codes)");
    table.judged(
        &cells(name, &look_ups),
        &judge(&look_ups, Duration::from_micros(10)),
    );
    for words in SEARCHES {
        let times: Times = (0..extent.pick(1, 10, 50))
            .map(|_| timed(|| release.search(words, 20)))
            .collect();
        table.judged(
            &cells(format!("searching `{words}`"), &times),
            &judge(&times, Duration::from_millis(5)),
        );
    }
    Ok(table.print(extent))
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    black_box(work());
    started.elapsed()
}
