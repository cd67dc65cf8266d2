//! Records on standard input, a line each, and an answer to each, in order.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::command_line::{folder_of, run, run_with_input, soapstone};
use crate::notes::notes_of;

/// A visit without payer and heading: what its row says holds.
const BARE: &str = "patient: 1\nsession: 13:00-13:40\nS: Stiff zanzibar.\nO: Taut.\n97124 cervical 13:35-13:05\n  technique: petrissage\nsigned: A. Rivera, LMT\n";

/// The answers of the program to these lines, and its exit code.
fn answers(folder: &Path, arguments: &[&str], lines: &[Vec<u8>]) -> (i32, Vec<Value>) {
    let input = lines.join(&b'\n');
    let arguments = [arguments, &["--stdin", "jsonl"]].concat();
    let (exit, out, errors) = run_with_input(folder, &arguments, &input);
    assert_eq!(errors, "");
    let answers = out.lines().map(|line| serde_json::from_str(line).unwrap());
    (exit, answers.collect())
}

fn line(record: &Value) -> Vec<u8> {
    record.to_string().into_bytes()
}

/// Every sample note as a record that has its path as its name.
fn samples() -> Vec<(String, String)> {
    let mut notes = Vec::new();
    for name in ["clean", "findings"] {
        for path in notes_of(name) {
            let shown = format!("{name}/{}", path.file_name().unwrap().display());
            notes.push((shown, std::fs::read_to_string(path).unwrap()));
        }
    }
    assert!(notes.len() > 20);
    notes
}

#[test]
fn a_stream_is_told_the_same_as_files() {
    let notes = samples();
    let files: Vec<(&str, &str)> = notes
        .iter()
        .map(|(p, t)| (p.as_str(), t.as_str()))
        .collect();
    let dir = folder_of(&files);
    let lines: Vec<Vec<u8>> = notes
        .iter()
        .map(|(path, text)| line(&json!({"id": path, "text": text, "clinic": 7})))
        .collect();
    let (exit, checked) = answers(dir.path(), &["check"], &lines);
    assert_eq!(exit, 1);
    let (_, out, _) = run(dir.path(), &["check", "--output-format", "json"]);
    let mut of_files: Vec<Value> = serde_json::from_str(&out).unwrap();
    let mut of_stream = Vec::new();
    for answer in &checked {
        for finding in answer["findings"].as_array().unwrap() {
            let mut finding = finding.clone();
            finding["path"] = answer["id"].clone();
            of_stream.push(finding);
        }
    }
    for list in [&mut of_files, &mut of_stream] {
        list.sort_by_key(Value::to_string);
    }
    // An object is equal whatever the order of its keys.
    let keyed = |list: &[Value]| {
        let mut keyed: Vec<String> = list
            .iter()
            .map(|f| format!("{}{}{}{}", f["path"], f["start"], f["rule"], f["fixes"]))
            .collect();
        keyed.sort();
        keyed
    };
    assert!(of_files.len() > 50);
    assert_eq!(keyed(&of_files), keyed(&of_stream));

    let names: Vec<&str> = checked.iter().map(|a| a["id"].as_str().unwrap()).collect();
    let paths: Vec<&str> = notes.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(names, paths, "in order");

    let (exit, claims) = answers(dir.path(), &["claim"], &lines);
    assert_eq!(exit, 0);
    let (_, out, _) = run(dir.path(), &["claim", "--output-format", "json"]);
    let of_files: Vec<Value> = serde_json::from_str(&out).unwrap();
    for claim in claims {
        let same = of_files.iter().find(|c| c["path"] == claim["id"]).unwrap();
        assert_eq!(same["visits"], claim["visits"]);
        assert_eq!(same["patient"], claim["patient"]);
    }
}

#[test]
fn what_is_asked_for_holds_for_a_stream_as_well() {
    let dir = folder_of(&[("soapstone.toml", "[rules]\ninverted-range = \"hint\"\n")]);
    let lines = [line(&json!({"id": 1, "text": BARE, "date": "2026-05-07"}))];
    let found = |arguments: &[&str]| {
        let (exit, answers) = answers(dir.path(), &[&["check"], arguments].concat(), &lines);
        let found = answers[0]["findings"].as_array().unwrap();
        let rules: Vec<String> = found.iter().map(|f| f["rule"].to_string()).collect();
        (exit, rules)
    };
    let (exit, rules) = found(&["--select", "inverted-range"]);
    assert_eq!((exit, rules), (0, vec!["\"inverted-range\"".to_owned()]));
    assert_eq!(
        found(&["--select", "inverted-range", "--fail-on", "hint"]).0,
        1
    );
    assert_eq!(found(&["--since", "2026-06-01"]), (0, Vec::new()));
    let (_, claims) = answers(dir.path(), &["claim", "--from", "2026-05-07"], &lines);
    assert_eq!(claims[0]["visits"].as_array().unwrap().len(), 1);
    for arguments in [
        "check --stdin jsonl --fix",
        "check --stdin jsonl --statistics",
        "check --stdin jsonl --output-format github",
        "check --stdin jsonl a.soap",
        "claim --stdin jsonl --total",
        "claim --stdin jsonl --output-format csv",
        "import --stdin jsonl --report",
        "import --stdin jsonl a.txt",
        "check --stdin jsonl --select no-such-rule",
        "check --stdin csv",
    ] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let (exit, out, errors) = run(dir.path(), &arguments);
        assert_eq!((exit, out.as_str()), (2, ""), "{arguments:?}");
        assert!(!errors.is_empty());
    }
}

#[test]
fn a_row_says_who_pays_and_when_where_the_note_does_not() {
    let dir = folder_of(&[]);
    let own = format!("payer: auto\nvisit: 2026-05-09\n{BARE}");
    let records = [
        json!({"id": "row", "text": BARE, "payer": "Medicare Part B", "date": "05/07/2026"}),
        json!({"id": "note", "text": own, "payer": "Medicare Part B", "date": "2026-05-07"}),
        json!({"id": "unknown", "text": BARE, "payer": "Zanzibar Mutual", "date": null}),
        json!({"id": "none", "text": BARE, "payer": " ", "date": ""}),
    ];
    let lines: Vec<Vec<u8>> = records.iter().map(line).collect();
    let (_, claims) = answers(dir.path(), &["claim"], &lines);
    let said: Vec<(&Value, &Value)> = claims
        .iter()
        .map(|claim| (&claim["visits"][0]["payer"], &claim["visits"][0]["date"]))
        .collect();
    let (day, own_day) = (json!("2026-05-07"), json!("2026-05-09"));
    assert_eq!(
        said,
        [
            (&json!("medicare"), &day),
            (&json!("auto"), &own_day),
            (&json!("default"), &Value::Null),
            (&json!("default"), &Value::Null),
        ]
    );
    // Places are those of the text, and no fix mends what stands in the row.
    let (_, checked) = answers(dir.path(), &["check"], &lines[..1]);
    let found = checked[0]["findings"].as_array().unwrap();
    let of_rule = |rule: &str| found.iter().find(|f| f["rule"] == rule).unwrap();
    assert_eq!(
        of_rule("inverted-range")["start"],
        json!({"line": 5, "column": 16})
    );
    let lines_of_text = u64::try_from(BARE.lines().count()).unwrap() + 1;
    for finding in found {
        assert!(!finding.to_string().contains("zanzibar"), "{finding}");
        let start = &finding["start"];
        let line = start["line"].as_u64().unwrap();
        assert!((1..=lines_of_text).contains(&line), "{finding}");
        assert_ne!(finding["rule"], "missing-date");
        // Every fix of a place in the text says a place in the text.
        for fix in finding["fixes"].as_array().unwrap() {
            for edit in fix["edits"].as_array().unwrap() {
                let line = edit["start"]["line"].as_u64().unwrap();
                assert!((1..=lines_of_text).contains(&line), "{finding}");
            }
        }
    }
}

#[test]
fn a_text_becomes_a_note_with_what_its_row_says() {
    let dir = folder_of(&[]);
    let told =
        "Patient reports neck pain 5/10.\nManual therapy 97140 to cervical spine for 15 minutes.\n";
    let records = [
        json!({"id": 1, "text": told, "payer": "Medicare", "date": "11/20/2026"}),
        json!({"id": 2, "text": format!("Date of service: 11/19/2026\nInsurance: Aetna\n{told}"), "payer": "Medicare", "date": "11/20/2026"}),
        json!({"id": 3, "text": "Patient: A. Zanzibar\nS: x\nPatient: B. Other\nS: y\n"}),
        json!({"id": 4, "text": "%PDF-1.7"}),
    ];
    let lines: Vec<Vec<u8>> = records.iter().map(line).collect();
    let (exit, notes) = answers(dir.path(), &["import"], &lines);
    assert_eq!(exit, 2, "two cannot be imported");
    let text = |at: usize| notes[at]["text"].as_str().unwrap();
    assert!(
        text(0).starts_with("payer: Medicare\n\nvisit: 2026-11-20\n"),
        "{}",
        text(0)
    );
    assert!(text(0).contains("97140"));
    assert_eq!(notes[0]["rows"][0]["kind"], "block");
    assert!(
        notes[0]["summary"]
            .as_str()
            .unwrap()
            .starts_with("1 block recognized")
    );
    assert!(
        text(1).contains("visit: 2026-11-19") && !text(1).contains("2026-11-20"),
        "{}",
        text(1)
    );
    assert!(!text(1).contains("Medicare"), "{}", text(1));
    for at in [2, 3] {
        assert_eq!(notes[at]["id"], records[at]["id"]);
        let error = notes[at]["error"].as_str().unwrap();
        assert!(
            error.starts_with("The text could not be imported: it "),
            "{error}"
        );
        assert!(!error.contains("Zanzibar"));
    }
}

#[test]
fn a_bad_line_is_answered_and_the_next_is_read() {
    let dir = folder_of(&[]);
    let good = |id: u32| line(&json!({"id": id, "text": BARE}));
    let bad: [(&[u8], Value, &str); 9] = [
        (
            b"{\"id\": 1, \"text\": \"zanzibar",
            json!(null),
            "The line is no JSON, as column 27 shows.",
        ),
        (
            b"zanzibar",
            json!(null),
            "The line is no JSON, as column 1 shows.",
        ),
        (
            b"[\"zanzibar\"]",
            json!(null),
            "The line is no JSON object.",
        ),
        (b"{\"id\": \"a\"}", json!("a"), "The line has no \"text\"."),
        (
            b"{\"id\": \"a\", \"text\": null}",
            json!("a"),
            "The line has no \"text\".",
        ),
        (
            b"{\"id\": [2], \"text\": 4}",
            json!([2]),
            "\"text\" is to be a text.",
        ),
        (
            b"{\"id\": 7, \"text\": \"x\", \"date\": \"zanzibar\"}",
            json!(7),
            "The date could not be read; write it as 2026-11-20 or 11/20/2026.",
        ),
        (
            b"{\"id\": 7, \"text\": \"x\", \"payer\": 1}",
            json!(7),
            "\"payer\" is to be a text.",
        ),
        (
            b"{\"id\": 8, \"text\": \"caf\xe9\"}",
            json!(null),
            "The line is not UTF-8 text.",
        ),
    ];
    let mut lines = Vec::new();
    for (at, (bytes, _, _)) in (0..).zip(&bad) {
        lines.extend([good(at), bytes.to_vec(), b" \t".to_vec()]);
    }
    let over = [
        b"{\"text\": \"".to_vec(),
        vec![b'x'; 9 << 20],
        b"\"}".to_vec(),
    ]
    .concat();
    lines.extend([over, good(99)]);
    for command in ["check", "claim", "import"] {
        let (exit, answers) = answers(dir.path(), &[command], &lines);
        assert_eq!(exit, 2);
        assert_eq!(answers.len(), 2 * bad.len() + 2);
        for ((at, pair), (_, id, sentence)) in (0..).zip(answers.chunks(2)).zip(&bad) {
            assert_eq!(
                (&pair[0]["id"], &pair[0]["error"]),
                (&json!(at), &Value::Null)
            );
            let number = 3 * at + 2;
            assert_eq!(
                pair[1],
                json!({"id": id, "line": number, "error": sentence})
            );
        }
        let last = &answers[2 * bad.len()..];
        assert_eq!(last[0]["line"], 28);
        assert_eq!(last[1]["id"], 99);
    }
    let (exit, none) = answers(dir.path(), &["check"], &[b"\n \n".to_vec()]);
    assert_eq!((exit, none.len()), (0, 0));
}

#[test]
fn who_sends_one_line_gets_its_answer_before_the_next() {
    let dir = folder_of(&[]);
    let mut child = soapstone(dir.path(), &["check", "--stdin", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut asking = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for id in 0..3 {
        writeln!(asking, "{}", json!({"id": id, "text": BARE})).unwrap();
        let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert_eq!(answer["id"], id);
    }
    // The last line needs no break.
    write!(asking, "{}", json!({"id": 3, "text": BARE})).unwrap();
    drop(asking);
    assert!(answers.next().unwrap().unwrap().starts_with("{\"id\":3,"));
    assert!(answers.next().is_none());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// What a reader does not take is not read either, and nothing of it is lost; who stops reading ends the program.
#[test]
fn a_slow_reader_is_waited_for_and_one_that_leaves_is_no_trouble() {
    let dir = folder_of(&[]);
    let start = || {
        let mut command = soapstone(dir.path(), &["check", "--stdin", "jsonl"]);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let count = 600;
    let (sent, taken) = std::sync::mpsc::channel();
    let ask_all = move |mut asking: std::process::ChildStdin| {
        for id in 0..count {
            if writeln!(asking, "{}", json!({"id": id, "text": BARE})).is_err() {
                return;
            }
            let _ = sent.send(id);
        }
    };
    let mut child = start();
    let asking = child.stdin.take().unwrap();
    let sending = std::thread::spawn(move || ask_all(asking));
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    answers.read_line(&mut first).unwrap();
    let mut ids = vec![0];
    for line in answers.lines() {
        let answer: Value = serde_json::from_str(&line.unwrap()).unwrap();
        ids.push(answer["id"].as_u64().unwrap());
    }
    assert!(ids.iter().copied().eq(0..count));
    sending.join().unwrap();
    assert_eq!(u64::try_from(taken.iter().count()).unwrap(), count);
    assert_eq!(child.wait().unwrap().code(), Some(1));

    let mut child = start();
    let mut asking = child.stdin.take().unwrap();
    let sending = std::thread::spawn(move || {
        for id in 0.. {
            if writeln!(asking, "{}", json!({"id": id, "text": BARE})).is_err() {
                return id;
            }
        }
        0
    });
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    answers.read_line(&mut first).unwrap();
    drop(answers);
    assert!(
        sending.join().unwrap() > 0,
        "sending ends because the program does"
    );
    let status = child.wait().unwrap();
    assert!(status.code().is_some_and(|code| code < 2), "{status}");
    let mut errors = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    assert_eq!(errors, "");
}

/// However long the stream, no more of it is held than a few batches.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_stream() {
    let dir = folder_of(&[]);
    let most_memory = |megabytes: usize| {
        let mut child = soapstone(dir.path(), &["claim", "--stdin", "jsonl"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut asking = child.stdin.take().unwrap();
        let answers = child.stdout.take().unwrap();
        let sending = std::thread::spawn(move || {
            // Prose is quick to read.
            let prose = format!("S: {}\n", "The neck is stiff in the morning. ".repeat(1900));
            let record = line(&json!({"id": 1, "text": prose}));
            for _ in 0..megabytes * 16 {
                asking.write_all(&[&record[..], b"\n"].concat()).unwrap();
            }
            asking
        });
        let mut answers = BufReader::new(answers).lines();
        let taken = answers.by_ref().take(megabytes * 16).count();
        assert_eq!(taken, megabytes * 16);
        let asking = sending.join().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        drop(asking);
        child.wait().unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.split_whitespace().next());
        peak.unwrap().parse::<usize>().unwrap() / 1024
    };
    let (short, long) = (most_memory(4), most_memory(16));
    assert!(long < short + 16, "{short} MiB, then {long} MiB");
}
