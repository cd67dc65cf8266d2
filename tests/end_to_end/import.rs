//! Other people's notes become the format: every layout as it was looked at, no word lost, and what is no text named.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use tempfile::TempDir;

fn texts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/end_to_end/imports")
}

/// The program in a folder: its exit code, what it printed and what it complained of.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_soapstone"))
        .args(arguments)
        .current_dir(folder)
        .env("SOAPSTONE_TODAY", "2026-11-22")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let words = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        words(output.stdout),
        words(output.stderr),
    )
}

fn imported(path: &Path) -> String {
    let (code, note, complaint) = run(path.parent().unwrap(), &["import", path.to_str().unwrap()]);
    assert_eq!(code, 0, "{}: {complaint}", path.display());
    note
}

/// The texts, each with the note that it becomes.
fn samples() -> Vec<PathBuf> {
    let files = fs::read_dir(texts())
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|e| e != "soap"))
        .collect();
    files.sort();
    assert!(files.len() > 20);
    files
}

#[test]
fn every_layout_becomes_the_note_that_was_looked_at() {
    for text in samples() {
        let note = imported(&text);
        let golden = text.with_extension("soap");
        if env::var_os("SOAPSTONE_BLESS").is_some() {
            fs::write(&golden, &note).unwrap();
            continue;
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(
            note,
            expected,
            "{}: SOAPSTONE_BLESS=1 writes it anew",
            golden.display()
        );
    }
}

#[test]
fn a_note_in_the_format_stays_as_it_is() {
    for text in samples() {
        let golden = text.with_extension("soap");
        assert_eq!(
            imported(&golden),
            fs::read_to_string(&golden).unwrap(),
            "{}",
            golden.display()
        );
    }
}

/// The words of a text, but for its labels, numbers and dates, which a note may say in words of its own.
fn words(text: &str) -> Vec<String> {
    let labels = include_str!("../../server/data/labels.tsv").to_lowercase();
    let labels: BTreeSet<&str> = labels.split(|c: char| !c.is_alphanumeric()).collect();
    let others = [
        "subjective",
        "objective",
        "assessment",
        "findings",
        "procedures",
        "performed",
        "today",
        "page",
        "unit",
        "units",
        "minute",
        "minutes",
        "modifier",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "activity",
        "description",
        "procedure",
        "start",
        "stop",
        "term",
        "short",
        "long",
        "electronically",
        "provided",
        "given",
        "code",
        "codes",
    ];
    let all = text
        .split(|c: char| !c.is_alphabetic())
        .map(str::to_lowercase);
    all.filter(|word| {
        word.len() > 3 && !labels.contains(word.as_str()) && !others.contains(&word.as_str())
    })
    .collect()
}

#[test]
fn no_word_is_lost() {
    for text in samples() {
        let Ok(original) = fs::read_to_string(&text) else {
            continue;
        };
        if text.extension().is_some_and(|e| e != "txt") {
            continue;
        }
        let note: BTreeSet<String> = words(&imported(&text)).into_iter().collect();
        let numbers = [
            "fifteen", "twenty", "thirty", "twelve", "eight", "half", "hour", "quarter", "five",
            "seven", "three",
        ];
        for word in words(&original) {
            assert!(
                note.contains(&word) || numbers.contains(&word.as_str()),
                "{word} of {}",
                text.display()
            );
        }
    }
}

#[test]
fn notes_are_written_where_asked_and_never_over_others() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    fs::write(
        at.join("a.txt"),
        "Date: 11/20/2026\nManual therapy (97140): 12 minutes.\n",
    )
    .unwrap();
    fs::write(
        at.join("b.txt"),
        b"Pain 15\xb0 \x96 massage to the neck, 20 minutes.\nSigned T. Sample, LMT\n",
    )
    .unwrap();
    fs::write(at.join("c.pdf"), "%PDF-1.4\n").unwrap();
    let (code, printed, complaint) = run(at, &["import", ".", "--output-dir", "notes"]);
    assert_eq!(code, 2);
    assert_eq!(printed.replace('\\', "/"), "notes/a.soap\nnotes/b.soap\n");
    assert!(
        complaint.contains("c.pdf could not be imported: it is a PDF document"),
        "{complaint}"
    );
    let note = fs::read_to_string(at.join("notes/b.soap")).unwrap();
    assert!(
        note.contains("15° – massage") && note.contains("97124? neck 20 min"),
        "{note}"
    );
    // A second time nothing is touched, unless it is asked for.
    fs::write(at.join("notes/a.soap"), "mine\n").unwrap();
    let (code, _, complaint) = run(at, &["import", "a.txt", "--output-dir", "notes"]);
    assert_eq!(code, 2);
    assert!(complaint.contains("is there already"), "{complaint}");
    assert_eq!(
        fs::read_to_string(at.join("notes/a.soap")).unwrap(),
        "mine\n"
    );
    let (code, ..) = run(at, &["import", "a.txt", "--output-dir", "notes", "--force"]);
    assert_eq!(code, 0);
    assert!(
        fs::read_to_string(at.join("notes/a.soap"))
            .unwrap()
            .contains("97140 12 min")
    );
    let (code, printed, _) = run(at, &["import", "a.txt", "--output-dir"]);
    assert_eq!((code, printed.as_str()), (0, "a.soap\n"));
}

#[test]
fn whose_text_it_is_must_be_clear() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    let two = "Patient: N. Example\nDate: 11/20/2026\nMassage 30 min.\n\nPatient: M. Example\nDate: 11/20/2026\nMassage 45 min.\n";
    fs::write(at.join("two.txt"), two).unwrap();
    let (code, note, complaint) = run(at, &["import", "two.txt"]);
    assert_eq!((code, note.as_str()), (2, ""));
    assert!(complaint.contains("more than one patient"), "{complaint}");
    // The head of each page says it again.
    fs::write(at.join("one.txt"), two.replace("M. Example", "N. Example")).unwrap();
    assert_eq!(run(at, &["import", "one.txt"]).0, 0);
    // Two texts would make one note.
    fs::create_dir(at.join("in")).unwrap();
    fs::write(at.join("in/a.txt"), "Massage 30 min.\n").unwrap();
    fs::write(at.join("in/a.text"), "Massage 40 min.\n").unwrap();
    let (code, _, complaint) = run(at, &["import", "in", "--output-dir", "out", "--force"]);
    assert_eq!(code, 2);
    assert!(complaint.contains("another text made"), "{complaint}");
    // The texts of two patients have the same name in folders of their own.
    for patient in ["doe", "roe"] {
        fs::create_dir_all(at.join("all").join(patient)).unwrap();
        fs::write(
            at.join("all").join(patient).join("1.txt"),
            "Massage 30 min.\n",
        )
        .unwrap();
    }
    let (code, printed, _) = run(at, &["import", "all", "--output-dir", "notes"]);
    let printed = printed.replace('\\', "/");
    assert_eq!(
        (code, &*printed),
        (0, "notes/doe/1.soap\nnotes/roe/1.soap\n")
    );
}

#[test]
fn what_was_not_done_is_no_block() {
    let folder = TempDir::new().unwrap();
    for (text, blocks) in [
        ("97140 15 min not performed", 0),
        ("97140 15 min, patient declined.", 0),
        ("[ ] 97140 Manual therapy - 15 min", 0),
        ("Manual therapy 15 min aborted.", 0),
        ("Homework: self massage 10 minutes with a ball.", 0),
        ("Rest 10 minutes after massage.", 0),
        ("Gait training 150' with RW, min A.", 0),
        ("Massage 30 min. Call 503-555-0142 for an appointment.", 1),
        ("Without further complaint, massage 30 min to the neck.", 1),
    ] {
        let text = format!("Date: 11/20/2026\nO: Tight.\n{text}\n");
        fs::write(folder.path().join("a.txt"), &text).unwrap();
        run(
            folder.path(),
            &["import", "a.txt", "--output-dir", "--force"],
        );
        let (_, claim, _) = run(
            folder.path(),
            &["claim", "a.soap", "--output-format", "json"],
        );
        assert_eq!(claim.matches("\"code\"").count(), blocks, "{text}{claim}");
    }
}

#[test]
fn the_report_says_what_was_made_of_what() {
    let folder = TempDir::new().unwrap();
    let text = "Date: 11/20/2026\nO: Tight. I did twenty minutes of massage to the neck. Last week she had ten minutes of ultrasound.\n\
        Manual therapy (97140): 12 minutes.\n";
    fs::write(folder.path().join("a.txt"), text).unwrap();
    let (code, note, report) = run(folder.path(), &["import", "a.txt", "--report"]);
    assert_eq!(code, 0);
    assert!(note.starts_with("visit: 2026-11-20\n"), "{note}");
    let rows: Vec<Vec<&str>> = report
        .lines()
        .map(|row| {
            row.split("  ")
                .map(str::trim)
                .filter(|c| !c.is_empty())
                .collect()
        })
        .collect();
    assert_eq!(
        rows,
        [
            vec!["a.txt"],
            vec![
                "proposed",
                "97124? neck 20 min",
                "I did twenty minutes of massage to the neck."
            ],
            vec![
                "prose",
                "planned, or of another day",
                "Last week she had ten minutes of ultrasound."
            ],
            vec![
                "block",
                "97140 12 min",
                "Manual therapy (97140): 12 minutes."
            ],
            vec![
                "1 block recognized, 1 code proposed to confirm, 1 sentence about treatment left as prose."
            ],
        ]
    );
}

/// The walk of `docs/practice.md`, command by command.
#[test]
fn the_walk_of_a_practice() {
    let page = include_str!("../../docs/practice.md");
    let folder = TempDir::new().unwrap();
    let exported = folder.path().join("exported");
    fs::create_dir(&exported).unwrap();
    for name in [
        "01-ot-thumb-dictation",
        "05-lmt-mva-three-visits",
        "15-dc-tab-table-two-visits",
        "28-pt-clock-per-treatment",
        "31-dc-pi-several-per-line",
        "40-dc-template-charge-key",
    ] {
        let file = format!("{name}.txt");
        fs::copy(texts().join(&file), exported.join(&file)).unwrap();
    }
    let commands = page
        .lines()
        .filter_map(|line| line.strip_prefix("$ soapstone "));
    let mut printed = Vec::new();
    for command in commands {
        let (code, out, complaint) = run(folder.path(), &command.split(' ').collect::<Vec<_>>());
        assert!(code < 2 && !out.is_empty(), "{command}: {complaint}");
        printed.push(out);
    }
    let [notes, statistics, concise, total, table, practice] = printed.as_slice() else {
        panic!("the page has {} commands", printed.len());
    };
    assert_eq!(notes.lines().count(), 6);
    for (out, words) in [
        (statistics, "unconfirmed-code"),
        (concise, "warning["),
        (total, "97124"),
        (table, "24D"),
        (practice, "units an hour"),
    ] {
        assert!(out.contains(words), "{words}: {out}");
    }
}
