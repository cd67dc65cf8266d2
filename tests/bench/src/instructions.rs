//! How many instructions the engine takes for the sample notes, counted by Valgrind. A count moves
//! by well under a percent from run to run, where a time moves by ten and more, so that two commits
//! can be compared.

use std::path::Path;
use std::process::{Command, Stdio};

use rayon::prelude::*;

use crate::figures::Table;
use crate::{Extent, Failure, program};

/// The steps that `engine` knows, each of them with all before it.
const STEPS: [(&str, &str); 4] = [
    ("parse", "parsing"),
    ("lower", "reading what the tree says"),
    ("judge", "judging"),
    ("edit", "opening each fourth note, 8 keystrokes in it"),
];

/// Counts each step over the notes of a folder, and prints a table.
pub fn run(notes: &Path) -> Result<(), Failure> {
    let engine = program("engine")?;
    let valgrind = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !valgrind.is_ok_and(|status| status.success()) {
        println!("Instructions are counted by valgrind, which is not installed here.");
        return Ok(());
    }
    // Counting takes fifty times as long as running, and is not disturbed by a neighbour.
    let jobs: Vec<(&str, u64)> = std::iter::once(("read", 1))
        .chain(STEPS.iter().flat_map(|(step, _)| [(*step, 1), (*step, 2)]))
        .collect();
    let counts = jobs
        .par_iter()
        .map(|(step, passes)| count(&engine, step, *passes, notes));
    let counts = counts.collect::<Result<Vec<u64>, Failure>>()?;
    let [read, counts @ ..] = &counts[..] else {
        return Err("nothing was counted".to_owned());
    };
    let mut table = Table::new(
        "Instructions for the sample notes",
        &[
            "step",
            "once over the notes",
            "without the step before",
            "set up, once",
        ],
    );
    let mut before = 0;
    for ((step, name), pair) in STEPS.iter().zip(counts.chunks(2)) {
        let [one, two] = pair else { continue };
        let pass = two.saturating_sub(*one);
        let set_up = one.saturating_sub(pass).saturating_sub(*read);
        let own = if *step == "edit" {
            "-".to_owned()
        } else {
            thousands(pass.saturating_sub(before))
        };
        table.row(&[(*name).to_owned(), thousands(pass), own, thousands(set_up)]);
        before = pass;
    }
    let over = table.print(Extent::Full);
    debug_assert_eq!(over, 0, "nothing is promised here");
    Ok(())
}

fn count(engine: &Path, step: &str, passes: u64, notes: &Path) -> Result<u64, Failure> {
    let output = Command::new("valgrind")
        // It counts what callgrind counts, in a fraction of the time.
        .args(["--tool=cachegrind", "--cache-sim=no"])
        .arg("--cachegrind-out-file=/dev/null")
        .arg(engine)
        .args([step, &passes.to_string()])
        .arg(notes)
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let log = String::from_utf8_lossy(&output.stderr);
    collected(&log)
        .filter(|_| output.status.success())
        .ok_or_else(|| format!("valgrind could not count {step}:\n{log}"))
}

/// The number of a line such as `==123== I   refs:      4,567`.
fn collected(log: &str) -> Option<u64> {
    let line = log.lines().rev().find(|l| l.contains(" refs:"))?;
    let (_, number) = line.split_once("refs:")?;
    number.trim().replace(',', "").parse().ok()
}

/// `1234567` as `1,234,567`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_and_shown() {
        let log = "==7== \n==7== I   refs:      4,567,890\n";
        assert_eq!(collected(log).map(thousands).as_deref(), Some("4,567,890"));
        assert_eq!(collected("==7== nothing"), None);
        assert_eq!(thousands(12), "12");
        assert_eq!(thousands(123), "123");
    }
}
