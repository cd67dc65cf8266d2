//! Texts of one kind of thing, over and over, as nobody writes them and a slip of a program does: each of 100 KiB is to be
//! checked, and a key typed into it answered, before anybody has to wait.

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use crate::edits::at_the_middle_line;
use crate::figures::{Short, Table, Times, Verdict};
use crate::server::{CHART, Server};
use crate::{Extent, Failure, TODAY, program};

/// How long a text is, and how long it may take from the start of the program to its end.
const SIZE: usize = 100 << 10;
const LIMIT: Duration = Duration::from_millis(300);

/// How long a key typed into one may take until its diagnostics are there.
const KEY_LIMIT: Duration = Duration::from_millis(100);

/// When a text is given up, so that the shapes behind it are measured too.
const PATIENCE: Duration = Duration::from_secs(20);

/// A shape: what stands before, the thing by its number, what stands behind.
type Shape = (&'static str, fn(usize) -> String, &'static str);

const BLOCK: &str = "\nvisit: 2026-11-02\n97124 lumbar 10:00-10:30\n";
const BEHIND: &str = "\n97124 lumbar 10:00-10:30\n";

fn of(all: &[&str], number: usize) -> String {
    all[number % all.len()].to_owned()
}

fn day(number: usize) -> String {
    let (year, month) = (2000 + number / 336, number / 28 % 12 + 1);
    format!("{year}-{month:02}-{:02}", number % 28 + 1)
}

#[rustfmt::skip]
const SHAPES: &[(&str, Shape)] = &[
    ("unknown diagnoses on a line", ("visit: 2026-11-02\ndx: ", |n| format!("M{}.{}, ", n % 90 + 10, n % 900 + 100), BEHIND)),
    ("unknown diagnoses, a line each", ("visit: 2026-11-02\n", |n| format!("dx: M{}.{}\n", n % 90 + 10, n % 900 + 100), BEHIND)),
    ("unknown diagnoses of a block", ("visit: 2026-11-02\n97124 lumbar 10:00-10:30\n  dx: ", |n| format!("M{}.{}, ", n % 90 + 10, n % 900 + 100), "")),
    ("misshapen diagnoses", ("visit: 2026-11-02\ndx: ", |n| format!("M5.4{}2, ", n % 10), BEHIND)),
    ("categories", ("visit: 2026-11-02\ndx: ", |n| format!("M{}, ", n % 90 + 10), BEHIND)),
    ("codes of ICD-9", ("visit: 2026-11-02\ndx: ", |n| format!("72{}.{}, ", n % 10, n / 10 % 10), BEHIND)),
    ("diagnoses in words", ("", |n| format!("dx: low back pain {n}\n"), BLOCK)),
    ("visits", ("", |n| format!("visit: {}\n97124 lumbar 10:00-10:30\n", day(n)), "")),
    ("visits of one day", ("", |n| format!("visit: 2026-11-02\n97110 hip {}:00-{}:15\n", n % 8 + 8, n % 8 + 8), "")),
    ("visits with nothing in them", ("", |n| format!("visit: {}\n", day(n)), "")),
    ("visits with the same words", ("", |n| format!("visit: {}\nS: a\nO: b\nA: c\nP: d\n97124 lumbar 10:00-10:30\n", day(n)), "")),
    ("plans of care", ("", |n| format!("poc: 2026-01-{:02} to 2026-03-31\n", n % 28 + 1), BLOCK)),
    ("plans of care of visits", ("", |n| format!("visit: {}\npoc: {} to 2026-03-31\n97110 hip 10:00-10:30\n", day(n), day(n)), "")),
    ("referrals", ("", |n| format!("referral: Dr. Lee {}, 12 visits\n", day(n)), BLOCK)),
    ("authorizations", ("", |n| format!("auth: A{n}, 12 visits, 2026-10-01 to 2026-12-31\n"), BLOCK)),
    ("goals", ("", |n| format!("goal {n}: sit {} min by 2026-12-15 (now {} min)\n", n % 60, n % 50), BLOCK)),
    ("waivers", ("", |n| format!("waive: missing-goal because {n}\n"), BLOCK)),
    ("waivers of visits", ("", |n| format!("visit: {}\nwaive: missing-goal because {n}\n97124 hip 10:00-10:30\n", day(n)), "")),
    ("payers", ("", |n| format!("visit: {}\npayer: medicar{n}\n97124 hip 10:00-10:30\n", day(n)), "")),
    ("signatures", ("visit: 2026-11-02\n97124 lumbar 10:00-10:30\n", |n| format!("signed: A. Rivera, LMT {}\n", day(n)), "")),
    ("blocks", ("visit: 2026-11-02\n", |_| "97124 lumbar 10:00-10:30\n".to_owned(), "")),
    ("blocks of several codes", ("visit: 2026-11-02\n", |n| format!("{} {} {} min\n", of(&["97110", "97140", "97112", "97530", "97035"], n), of(&["hip", "knee", "lumbar"], n), n % 50), "")),
    ("blocks of unknown codes", ("visit: 2026-11-02\n", |n| format!("{} lumbar 10 min\n", 90_000 + n % 9_999), "")),
    ("codes on a line", ("visit: 2026-11-02\nTx: ", |n| of(&["97110 10 min; ", "97140 10 min; ", "97112 15 min; "], n), "\n")),
    ("codes that share a time", ("visit: 2026-11-02\n", |n| of(&["97110/", "97140/", "97112/"], n), " lumbar 25 min\n")),
    ("rows of a table", ("visit: 2026-11-02\n| CPT | Mod | Min |\n", |n| format!("| 97110 | GP | {} |\n", n % 30), "")),
    ("clock times", ("visit: 2026-11-02\n97124 lumbar ", |n| format!("{}:{}0-{}:{}5 ", n % 9 + 8, n % 6, n % 9 + 8, n % 6), "\n")),
    ("durations", ("visit: 2026-11-02\n97124 lumbar ", |n| format!("{} min ", n % 60), "\n")),
    ("sessions", ("visit: 2026-11-02\n", |n| format!("session: {}:00-{}:30\n", n % 9 + 8, n % 9 + 8), BEHIND)),
    ("regions", ("visit: 2026-11-02\n97124 ", |n| of(&["lumbar, ", "left cervical, ", "right shoulder, ", "hip, "], n), " 10:00-10:30\n")),
    ("sides in prose", ("dx: M25.511, M25.512\nvisit: 2026-11-02\nO: ", |n| of(&["left knee ", "right knee "], n), "\n97124 left shoulder 10:00-10:30\n")),
    ("modifiers", ("visit: 2026-11-02\n97124", |n| of(&["-GP", "-59", "-KX", "-Q7"], n), " lumbar 10:00-10:30\n")),
    ("sections", ("visit: 2026-11-02\n", |n| of(&["S: pain\n", "O: tight\n", "A: better\n", "P: weekly\n"], n), BEHIND)),
    ("empty sections", ("visit: 2026-11-02\n", |n| of(&["S:\n", "O:\n", "A:\n", "P:\n"], n), BEHIND)),
    ("unknown keys", ("visit: 2026-11-02\n", |n| format!("keyx{n}: value\n"), BEHIND)),
    ("misspelt keys", ("visit: 2026-11-02\n", |_| "sesion: value\n".to_owned(), BEHIND)),
    ("blanks", ("visit: 2026-11-02\nP: ", |_| "___ ".to_owned(), BEHIND)),
    ("blanks that were filled", ("visit: 2026-11-02\nP: ", |n| of(&["___4___ ", "___ "], n), BEHIND)),
    ("wording", ("visit: 2026-11-02\nA: ", |n| of(&["maintenance care ", "tolerated treatment well ", "relaxation massage "], n), BEHIND)),
    ("wording, a line each", ("visit: 2026-11-02\n", |n| of(&["S: maintenance care\n", "A: tolerated treatment well\n", "P: relaxation massage\n"], n), BEHIND)),
    ("telephone numbers", ("visit: 2026-11-02\nS: ", |n| format!("555-{}-{} ", n % 700 + 200, n % 9_000 + 1_000), BEHIND)),
    ("e-mail addresses", ("visit: 2026-11-02\nS: ", |n| format!("a{n}@b.com "), BEHIND)),
    ("streets", ("visit: 2026-11-02\nS: ", |n| format!("{n} Maple Street "), BEHIND)),
    ("births", ("visit: 2026-11-02\nS: ", |_| "born 1/2/1980 ".to_owned(), BEHIND)),
    ("figures", ("visit: 2026-11-02\nO: ", |n| format!("flexion {} deg, ODI {}%, pain {}/10, ", n % 90, n % 50, n % 10), BEHIND)),
    ("dates", ("visit: 2026-11-02\nS: ", |n| format!("11/{:02}/2026 ", n % 28 + 1), BEHIND)),
];

/// A text of a shape, of so many bytes or a little more.
fn text((before, thing, behind): &Shape, length: usize) -> String {
    let mut text = (*before).to_owned();
    let mut number = 0;
    while text.len() < length {
        text.push_str(&thing(number));
        number += 1;
    }
    text.push_str(behind);
    text
}

/// How the program ended, or `None` if it had to be stopped.
fn ended(check: &mut Child, started: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = check.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() > PATIENCE {
            check.kill()?;
            check.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// How long `check` takes for a file.
fn checks(soapstone: &Path, file: &Path, extent: Extent) -> Result<Times, Failure> {
    let mut times = Times::default();
    for _ in 0..extent.pick(1, 1, 3) {
        let mut check = Command::new(soapstone);
        check.args(["check", "--output-format", "concise", "--fail-on", "never"]);
        check.arg(file).env("SOAPSTONE_TODAY", TODAY);
        let started = Instant::now();
        let check = check.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let status = check
            .and_then(|mut check| ended(&mut check, started))
            .map_err(|error| format!("soapstone check: {error}"))?;
        times.push(started.elapsed());
        match status {
            Some(status) if status.success() => {}
            Some(status) => return Err(format!("soapstone check ended with {status}")),
            None => break,
        }
    }
    Ok(times)
}

/// How long a key takes that is typed at the end of the line in the middle of a text.
fn keys(soapstone: &Path, text: &str, extent: Extent) -> Result<Times, Failure> {
    let mut server = Server::start(soapstone, &["lsp"])?;
    server.open(CHART, text)?;
    let mut times = Times::default();
    for (edit, version) in at_the_middle_line(text, extent.pick(1, 5, 20))
        .iter()
        .zip(2..)
    {
        let took = server.send_and_wait(&edit.message(CHART, version), version)?;
        if edit.is_typed {
            times.push(took);
        }
    }
    server.end()?;
    Ok(times)
}

/// Checks a text of each shape and types into it; returns how many took longer than they may.
pub fn run(extent: Extent) -> Result<usize, Failure> {
    let soapstone = program("soapstone")?;
    let file = std::env::temp_dir().join(format!("soapstone-shape-{}.soap", std::process::id()));
    let mut table = Table::new(
        "100 KiB of one kind of thing",
        &["what", "`check`", "a key", "limits", "verdict"],
    );
    // To see that it can be measured, a little of each will do.
    let size = extent.pick(1 << 10, SIZE, SIZE);
    for (name, shape) in SHAPES {
        let text = text(shape, size);
        fs::write(&file, &text).map_err(|e| format!("{}: {e}", file.display()))?;
        let named = |failure| format!("{name}: {failure}");
        let check = checks(&soapstone, &file, extent).map_err(named)?.middle();
        let key = keys(&soapstone, &text, extent).map_err(named)?.middle();
        table.judged(
            &[
                name.to_string(),
                Short(check).to_string(),
                Short(key).to_string(),
            ],
            &Verdict::new(
                check <= LIMIT && key <= KEY_LIMIT,
                &format!("{}, {}", Short(LIMIT), Short(KEY_LIMIT)),
            ),
        );
    }
    let _ = fs::remove_file(&file);
    Ok(table.print(extent))
}
