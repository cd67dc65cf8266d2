//! The program as a clinic's scripts see it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::notes::{folder, notes_of};
use crate::practice::FOR_PROGRAMS;

/// The program, run in a folder, with nothing of the developer's surroundings.
pub fn soapstone(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soapstone"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("SOAPSTONE_OUTPUT_FORMAT")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("NO_COLOR")
        .stdin(Stdio::null());
    command
}

pub fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    ended(&soapstone(folder, arguments).output().unwrap())
}

fn ended(output: &Output) -> (i32, String, String) {
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout.clone()).unwrap(),
        String::from_utf8(output.stderr.clone()).unwrap(),
    )
}

pub fn run_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = soapstone(folder, arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    ended(&child.wait_with_output().unwrap())
}

/// A folder with these files in it.
pub fn folder_of(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

fn json(text: &str) -> Vec<Value> {
    match serde_json::from_str(text).unwrap() {
        Value::Array(items) => items,
        other => panic!("an array: {other}"),
    }
}

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().unwrap();
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// Massage with a code, an impossible time and a diagnosis: one error, `inverted-range`.
const WRONG: &str = "patient: 1\nreferral: 2026-05-01 to 2026-06-30, 6 visits, Dr. Okafor\ndx: M54.2\ngoal 1: read 40 minutes with neck pain 2/10 or less in 4 weeks\n\nvisit: 2026-05-07\nsession: 13:00-13:40\nS: Stiff.\nO: Taut.\n97124 cervical 13:35-13:05\n  technique: petrissage\nA: Neck pain 5/10 to 3/10.\nP: 1x/wk for 4 weeks.\nsigned: A. Rivera, LMT 2026-05-07\n";
const RIGHT: &str = "patient: 1\nreferral: 2026-05-01 to 2026-06-30, 6 visits, Dr. Okafor\ndx: M54.2\ngoal 1: read 40 minutes with neck pain 2/10 or less in 4 weeks\n\nvisit: 2026-05-07\nsession: 13:00-13:40\nS: Stiff.\nO: Taut.\n97124 cervical 13:05-13:35\n  technique: petrissage\nA: Neck pain 5/10 to 3/10.\nP: 1x/wk for 4 weeks.\nsigned: A. Rivera, LMT 2026-05-07\n";

#[test]
fn exit_codes_follow_what_was_found() {
    for (arguments, code) in [
        (&["check", "clean"][..], 0),
        (&["check", "findings"], 1),
        (&["check", "findings", "--fail-on", "never"], 0),
        (
            &["check", "findings/weak-goals.soap", "--fail-on", "error"],
            0,
        ),
        (&["check", "findings/too-few-units.soap"], 0),
        (
            &["check", "findings/too-few-units.soap", "--fail-on", "info"],
            1,
        ),
        (&["check", "findings/minutes-without-code.soap"], 0),
        (
            &[
                "check",
                "findings/minutes-without-code.soap",
                "--fail-on",
                "hint",
            ],
            1,
        ),
        (&["check", "--fail-on", "loud"], 2),
        (&["check", "--config", "nowhere.toml", "clean"], 2),
        (&["chekc"], 2),
        (&[], 2),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let (exit, _, errors) = run(&folder(), arguments);
        assert_eq!(exit, code, "{arguments:?}: {errors}");
    }
}

#[test]
fn the_full_output_draws_the_finding_and_counts_the_units() {
    let dir = folder_of(&[("a.soap", WRONG), ("b.soap", RIGHT)]);
    let (exit, out, errors) = run(dir.path(), &["check"]);
    assert_eq!((exit, errors.as_str()), (1, ""));
    for expected in [
        "error[inverted-range]: This block ends before it begins",
        "--> a.soap:10:16\n",
        "10 | 97124 cervical 13:35-13:05\n",
        "= source: CMS",
        "= you could: swap the times: 13:05 to 13:35\n",
        "b.soap\n  2026-05-07, payer not known: 30 timed min = 2 units (CMS 8-minute rule)\n    97124  30 min  2 units\n",
        "\n1 error in 2 notes.\nRead: 2 visits, ",
    ] {
        assert!(out.contains(expected), "{expected}\nnot in\n{out}");
    }
    assert!(!out.contains('\u{1b}'), "no colours where no terminal is");
}

#[test]
fn a_tie_is_said() {
    let (_, out, _) = run(&folder(), &["check", "clean/pt-medicare-tie.soap"]);
    assert!(
        out.contains("97112 and 97110 tie: the last unit may go to either."),
        "{out}"
    );
    assert!(out.contains("medicare: 40 timed min = 3 units"), "{out}");
}

#[test]
fn lines_and_columns_are_right_whatever_the_line_ends() {
    for ending in ["\n", "\r\n", "\r"] {
        let text = format!("\u{feff}{}", WRONG.replace("Stiff.", "Stiff é \u{1F600}."));
        let dir = folder_of(&[("a.soap", &text.replace('\n', ending))]);
        let (_, out, _) = run(dir.path(), &["check"]);
        assert!(out.contains("--> a.soap:10:16\n"), "{ending:?}: {out}");
        assert!(out.contains("10 | 97124 cervical 13:35-13:05\n"), "{out}");
        let (_, out, _) = run(dir.path(), &["check", "--output-format", "concise"]);
        assert!(
            out.starts_with("a.soap:10:16: error[inverted-range] This"),
            "{out}"
        );
    }
    // Columns count characters, not bytes and not UTF-16 units.
    let dir = folder_of(&[(
        "a.soap",
        &WRONG.replace("97124 cervical ", "97124 cervical \u{1F600}é "),
    )]);
    let (_, out, _) = run(dir.path(), &["check", "--output-format", "json"]);
    let found = json(&out);
    let found = found
        .iter()
        .find(|f| f["rule"] == "inverted-range")
        .unwrap();
    assert_eq!(
        found["start"],
        serde_json::json!({"line": 10, "column": 19})
    );
    assert_eq!(found["end"], serde_json::json!({"line": 10, "column": 30}));
}

#[test]
fn json_keeps_its_contract() {
    let (exit, out, _) = run(&folder(), &["check", "--output-format", "json"]);
    assert_eq!(exit, 1);
    let found = json(&out);
    assert!(found.len() > 50);
    let place = |value: &Value| {
        assert_eq!(keys(value), ["column", "line"]);
        let number = |key: &str| value[key].as_u64().filter(|n| *n > 0).unwrap();
        (number("line"), number("column"))
    };
    let (mut fixes, mut related) = (0, 0);
    for finding in &found {
        assert_eq!(
            keys(finding),
            [
                "end", "fixes", "message", "path", "related", "rule", "severity", "source",
                "start", "url"
            ]
        );
        assert!(folder().join(finding["path"].as_str().unwrap()).is_file());
        let rule = soapstone::rules::find(finding["rule"].as_str().unwrap()).unwrap();
        assert_eq!(finding["source"], rule.source);
        assert_eq!(finding["url"], json!(rule.url()));
        let severity = finding["severity"].as_str().unwrap();
        assert!(["error", "warning", "info", "hint"].contains(&severity));
        assert!(finding["message"].as_str().unwrap().ends_with(['.', '?']));
        assert!(place(&finding["start"]) <= place(&finding["end"]));
        for fix in finding["fixes"].as_array().unwrap() {
            fixes += 1;
            assert_eq!(keys(fix), ["edits", "title"]);
            assert!(!fix["title"].as_str().unwrap().is_empty());
            for edit in fix["edits"].as_array().unwrap() {
                assert_eq!(keys(edit), ["end", "start", "text"]);
                assert!(place(&edit["start"]) <= place(&edit["end"]));
                assert!(edit["text"].is_string());
            }
        }
        for other in finding["related"].as_array().unwrap() {
            related += 1;
            assert_eq!(keys(other), ["end", "message", "start"]);
            assert!(place(&other["start"]) <= place(&other["end"]));
        }
    }
    assert!(fixes > 20 && related > 10, "{fixes} {related}");
    let hints = found.iter().filter(|f| f["severity"] == "hint").count();
    assert!(hints > 0, "hints are in the JSON");

    let right = format!("referral: Dr. Okafor\n{RIGHT}");
    let dir = folder_of(&[("right.soap", &right)]);
    let (exit, out, _) = run(dir.path(), &["check", "--output-format", "json"]);
    assert_eq!((exit, json(&out).len()), (0, 0));
}

#[test]
fn the_environment_may_choose_the_form() {
    let dir = folder_of(&[("a.soap", WRONG)]);
    let mut command = soapstone(dir.path(), &["check"]);
    let output = command.env("SOAPSTONE_OUTPUT_FORMAT", "concise").output();
    let (_, out, _) = ended(&output.unwrap());
    assert_eq!(out.lines().count(), 1, "{out}");
}

#[test]
fn hints_are_shown_when_asked_for() {
    let note = "findings/minutes-without-code.soap";
    let (_, out, _) = run(&folder(), &["check", note]);
    assert!(
        !out.contains("hint[") && out.contains("--hints shows 1 hint more."),
        "{out}"
    );
    let (_, out, _) = run(&folder(), &["check", "--hints", note]);
    assert!(
        out.contains("hint[uncoded-minutes]") && out.contains("1 hint in 1 note."),
        "{out}"
    );
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_checked() {
    let dir = folder_of(&[("a.soap", WRONG), ("c.soap", RIGHT)]);
    std::fs::write(dir.path().join("b.soap"), b"S: caf\xe9 latte").unwrap();
    for format in ["full"].into_iter().chain(FOR_PROGRAMS) {
        let (exit, out, errors) = run(
            dir.path(),
            &["check", ".", "gone.soap", "--output-format", format],
        );
        assert_eq!(exit, 2);
        assert_eq!(
            errors,
            "The note b.soap could not be read: it is not saved as UTF-8 text, as line 1 shows; save it as UTF-8 and check it again.\nThe note gone.soap could not be read: there is no such file or folder.\n"
        );
        assert!(out.contains("inverted-range"), "{out}");
        assert!(!errors.contains("latte"));
    }
    let (_, out, _) = run(dir.path(), &["check"]);
    assert!(
        out.contains("1 error in 2 notes. 1 note could not be checked.\n"),
        "{out}"
    );
}

#[test]
fn an_empty_file_and_an_empty_folder_are_fine() {
    let dir = folder_of(&[
        ("empty.soap", ""),
        ("blank.soap", "\n\n"),
        ("none/readme.md", "x"),
    ]);
    let (exit, out, errors) = run(dir.path(), &["check"]);
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert_eq!(
        out,
        "blank.soap\n  No timed or billed block was read in this note.\n\nempty.soap\n  No timed or billed block was read in this note.\n\nNo timed or billed block was read in 2 notes.\nRead: no visits, no blocks, no timed minutes, no units, no diagnoses, no goals.\n"
    );
    let (exit, out, errors) = run(dir.path(), &["check", "none", "--output-format", "json"]);
    // Nobody is to take it for praise that nothing was found where nothing was looked at.
    assert_eq!((exit, out.as_str()), (2, "[]\n"));
    assert!(errors.contains("There are no notes here"), "{errors}");
}

#[test]
fn the_check_ends_with_what_was_read() {
    let dir = folder_of(&[
        (
            "a.soap",
            "dx: M54.50\ngoal 1: sit 60 minutes at the desk by 2026-12-15\n\nvisit: 2026-05-07\nS: Sore.\nP: Weekly.\n",
        ),
        ("b.soap", RIGHT),
    ]);
    let (exit, out, _) = run(dir.path(), &["check", "a.soap"]);
    assert_eq!(exit, 0, "{out}");
    assert_eq!(
        out,
        "a.soap\n  No timed or billed block was read in this note.\n\nRead: 1 visit, no blocks, no timed minutes, no units, 1 diagnosis, 1 goal.\n"
    );
    let (_, out, _) = run(dir.path(), &["check", "b.soap"]);
    assert!(!out.contains("No timed or billed"), "{out}");
    let expected = "Nothing found in 1 note.\nRead: 1 visit, 1 block, 30 timed minutes, 2 units, 1 diagnosis, 1 goal.\n";
    assert!(out.ends_with(expected), "{out}");
    let (_, out, _) = run(dir.path(), &["check"]);
    let expected = "Nothing found in 1 note. No timed or billed block was read in 1 note.\nRead: 2 visits, 1 block, 30 timed minutes, 2 units, 2 diagnoses, 2 goals.\n";
    assert!(out.ends_with(expected), "{out}");
}

#[test]
fn folders_are_walked_and_named_files_always_read() {
    let dir = folder_of(&[
        ("b/2.soap", RIGHT),
        ("b/1.SOAP", RIGHT),
        ("a.soap", RIGHT),
        ("note.txt", RIGHT),
        (".hidden/x.soap", RIGHT),
        (".gitignore", "*.soap\n"),
    ]);
    let paths = |arguments: &[&str]| -> Vec<String> {
        let (_, out, _) = run(dir.path(), arguments);
        let charts = json(&out);
        let path = |c: &Value| c["path"].as_str().unwrap().replace('\\', "/");
        charts.iter().map(path).collect()
    };
    let form = ["claim", "--output-format", "json"];
    assert_eq!(paths(&form), ["a.soap", "b/1.SOAP", "b/2.soap"]);
    let named = [&form[..], &["b", "note.txt", ".hidden/x.soap", "b/2.soap"]].concat();
    assert_eq!(
        paths(&named),
        [".hidden/x.soap", "b/1.SOAP", "b/2.soap", "note.txt"]
    );
}

#[test]
fn a_note_may_come_from_standard_input() {
    let dir = folder_of(&[(
        "clinic/soapstone.toml",
        "[rules]\ninverted-range = \"off\"\n",
    )]);
    let arguments = ["check", "-", "--output-format", "concise"];
    let (exit, out, _) = run_with_input(dir.path(), &arguments, WRONG.as_bytes());
    assert_eq!(exit, 1);
    assert!(
        out.starts_with("<stdin>:10:16: error[inverted-range]"),
        "{out}"
    );
    let named = [&arguments[..], &["--stdin-filename", "x.soap"]].concat();
    let (_, out, _) = run_with_input(dir.path(), &named, WRONG.as_bytes());
    assert!(out.starts_with("x.soap:10:16:"), "{out}");
    let named = [&arguments[..], &["--stdin-filename", "clinic/x.soap"]].concat();
    let (exit, out, _) = run_with_input(dir.path(), &named, WRONG.as_bytes());
    assert_eq!(
        (exit, out.as_str()),
        (0, ""),
        "the settings of the named folder hold"
    );
    let (exit, _, errors) = run_with_input(dir.path(), &arguments, b"\xff\xfe");
    assert_eq!(exit, 2);
    assert!(
        errors.starts_with("The note <stdin> could not be read"),
        "{errors}"
    );
}

#[test]
fn the_nearest_settings_hold_and_their_slips_are_named_once() {
    let slip = "payer = \"medicare\"\n[rules]\ninverted-rage = \"off\"\n";
    let dir = folder_of(&[
        ("soapstone.toml", slip),
        ("a.soap", WRONG),
        ("deep/er/b.soap", WRONG),
        (
            "auto/soapstone.toml",
            "payer = \"auto\"\n[rules]\ninverted-range = \"off\"\n",
        ),
        ("auto/c.soap", WRONG),
    ]);
    let (exit, out, errors) = run(dir.path(), &["check", "--output-format", "concise"]);
    assert_eq!(exit, 1, "a slip in the settings stops nothing");
    assert_eq!(
        errors,
        "soapstone.toml:3: There is no rule \"inverted-rage\". Did you mean \"inverted-range\"?\n"
    );
    let paths: Vec<String> = out
        .lines()
        .filter(|l| l.contains("[inverted-range]"))
        .filter_map(|l| l.split(':').next())
        .map(|p| p.replace('\\', "/"))
        .collect();
    assert_eq!(paths, ["a.soap", "deep/er/b.soap"]);

    let (_, out, _) = run(dir.path(), &["claim", "--output-format", "json"]);
    let payers: Vec<Value> = json(&out)
        .iter()
        .map(|c| c["visits"][0]["payer"].clone())
        .collect();
    assert_eq!(payers, ["medicare", "auto", "medicare"]);

    let (exit, out, errors) = run(
        dir.path(),
        &[
            "check",
            "--config",
            "auto/soapstone.toml",
            "--output-format",
            "concise",
        ],
    );
    assert_eq!((exit, out.as_str(), errors.as_str()), (0, "", ""));
}

#[test]
fn many_notes_come_out_in_the_same_order_every_time() {
    let names: Vec<String> = (0..200).map(|n| format!("n{n:03}.soap")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), WRONG)).collect();
    let dir = folder_of(&files);
    for format in ["full"].into_iter().chain(FOR_PROGRAMS) {
        let first = run(dir.path(), &["check", "--output-format", format]);
        let again = run(dir.path(), &["check", "--output-format", format]);
        assert!(first == again);
        if format == "concise" {
            let lines = first.1.lines().map(|l| l.split(':').next().unwrap());
            assert!(lines.eq(names.iter().map(String::as_str)));
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let names: Vec<String> = (0..300).map(|n| format!("n{n:03}.soap")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), WRONG)).collect();
    let dir = folder_of(&files);
    let mut command = soapstone(dir.path(), &["check"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let (exit, _, errors) = ended(&child.wait_with_output().unwrap());
    assert_eq!((exit, errors.as_str()), (1, ""));
}

#[test]
fn claims_are_those_of_the_examples() {
    let (exit, out, _) = run(
        &folder(),
        &[
            "claim",
            "findings/too-many-units.soap",
            "--output-format",
            "json",
        ],
    );
    assert_eq!(exit, 0, "a claim is no judgement");
    let charts = json(&out);
    assert_eq!(
        charts[0]["visits"][0],
        serde_json::json!({
            "date": "2026-05-14", "payer": "default", "counting": "cms",
            "timed_minutes": 47, "timed_units": 3, "total_minutes": 47,
            "allocations": [{"97112": 2, "97110": 1}],
            "disciplines": [{
                "plan": "GP", "timed_minutes": 47, "timed_units": 3,
                "allocations": [{"97112": 2, "97110": 1}],
            }],
            "lines": [
                {"code": "97112", "modifiers": [], "minutes": 24, "units": 2, "diagnoses": ["R26.81"]},
                {"code": "97110", "modifiers": [], "minutes": 23, "units": 1, "diagnoses": ["R26.81"]},
            ],
        })
    );
    let (_, out, _) = run(
        &folder(),
        &[
            "claim",
            "clean/pt-medicare-tie.soap",
            "--output-format",
            "json",
        ],
    );
    let tie = &json(&out)[0]["visits"][0];
    assert_eq!(
        tie["allocations"],
        serde_json::json!([{"97112": 2, "97110": 1}, {"97112": 1, "97110": 2}])
    );
    assert_eq!(tie["lines"][0]["modifiers"], serde_json::json!(["GP"]));
}

/// One entry for a day and payer: two visits, of which each is another discipline's.
#[test]
fn a_claim_is_that_of_a_day() {
    let note = "clean/medicare-pt-and-ot-one-day.soap";
    let (exit, out, _) = run(&folder(), &["claim", note, "--output-format", "json"]);
    assert_eq!(exit, 0);
    let charts = json(&out);
    let days = charts[0]["visits"].as_array().unwrap();
    assert_eq!(days.len(), 1);
    let day = &days[0];
    assert_eq!(day["timed_units"], 5);
    assert_eq!(
        day["allocations"],
        serde_json::json!([{"97116": 2, "97112": 1, "97535": 2}])
    );
    let disciplines = day["disciplines"].as_array().unwrap();
    let each = disciplines.iter().map(|d| {
        let figure = |key: &str| d[key].as_u64().unwrap();
        (
            d["plan"].as_str().unwrap(),
            figure("timed_minutes"),
            figure("timed_units"),
        )
    });
    assert_eq!(each.collect::<Vec<_>>(), [("GP", 38, 3), ("GO", 23, 2)]);
    let (_, out, _) = run(&folder(), &["claim", note]);
    assert!(
        out.contains("2026-11-18 (2 visits), medicare: 61 timed min = 5 units"),
        "{out}"
    );
    assert!(out.contains("GO: 23 timed min = 2 units"), "{out}");
}

#[test]
fn claims_keep_their_contract() {
    let (exit, out, _) = run(&folder(), &["claim", "--output-format", "json"]);
    assert_eq!(exit, 0);
    let charts = json(&out);
    assert_eq!(
        charts.len(),
        notes_of("clean").len() + notes_of("findings").len() + 1
    );
    let mut visits = 0;
    for chart in &charts {
        assert_eq!(keys(chart), ["path", "patient", "visits"]);
        assert!(chart["patient"].is_string() || chart["patient"].is_null());
        for visit in chart["visits"].as_array().unwrap() {
            visits += 1;
            assert_eq!(
                keys(visit),
                [
                    "allocations",
                    "counting",
                    "date",
                    "disciplines",
                    "lines",
                    "payer",
                    "timed_minutes",
                    "timed_units",
                    "total_minutes"
                ]
            );
            let counting = visit["counting"].as_str().unwrap();
            assert!(["cms", "ama"].contains(&counting));
            for allocation in visit["allocations"].as_array().unwrap() {
                let units: u64 = allocation
                    .as_object()
                    .unwrap()
                    .values()
                    .map(|u| u.as_u64().unwrap())
                    .sum();
                assert_eq!(Some(units), visit["timed_units"].as_u64());
            }
            for line in visit["lines"].as_array().unwrap() {
                assert_eq!(
                    keys(line),
                    ["code", "diagnoses", "minutes", "modifiers", "units"]
                );
            }
        }
    }
    assert!(visits > 60, "{visits}");
}

#[test]
fn every_rule_is_explained() {
    let (exit, list, _) = run(&folder(), &["explain", "--all"]);
    assert_eq!(exit, 0);
    for rule in soapstone::rules::ALL {
        assert!(list.contains(&format!("  {} ", rule.name)), "{}", rule.name);
        let (exit, page, errors) = run(&folder(), &["explain", rule.name]);
        assert_eq!((exit, errors.as_str()), (0, ""));
        assert_eq!(page.trim_end(), rule.page.trim_end());
    }
    let (exit, out, errors) = run(&folder(), &["explain", "missing-gaol"]);
    assert_eq!((exit, out.as_str()), (2, ""));
    assert_eq!(
        errors,
        "There is no rule \"missing-gaol\". Did you mean \"missing-goal\"?\n"
    );
    let (exit, _, errors) = run(&folder(), &["explain", "nonsense"]);
    assert_eq!(exit, 2);
    assert!(errors.contains("explain --all"), "{errors}");
}

#[test]
fn only_the_full_output_shows_the_words_of_a_note() {
    let secret = WRONG
        .replace("Stiff", "Zanzibar")
        .replace("patient: 1", "patient: 77331");
    let dir = folder_of(&[("a.soap", &secret)]);
    for format in FOR_PROGRAMS {
        let (_, out, _) = run(dir.path(), &["check", "--output-format", format]);
        assert!(!out.contains("Zanzibar") && !out.contains("77331"), "{out}");
    }
}

/// It is never the same day in these two places.
#[test]
fn today_is_that_of_the_time_zone() {
    if !Path::new("/usr/share/zoneinfo/Etc").exists() {
        println!("skipped: this machine has no table of time zones");
        return;
    }
    let folder = folder_of(&[]);
    let heading = |zone: &str| {
        let mut command = soapstone(folder.path(), &["new"]);
        command.env_remove("SOAPSTONE_NOW").env("TZ", zone);
        let (_, note, _) = ended(&command.output().unwrap());
        let heading = note.lines().find(|line| line.starts_with("visit: "));
        heading.unwrap_or_else(|| panic!("{note}")).to_owned()
    };
    assert_ne!(heading("Pacific/Kiritimati"), heading("Etc/GMT+12"));
}
