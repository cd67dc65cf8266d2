//! `check` as a practice uses it: in every form, mended, counted, of some rules, dates and payers, again and again.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::command_line::{folder_of, run, run_with_input, soapstone};
use crate::notes::folder;

/// A chart of two payers: an error in May, a misspelled name in June, an older visit without a goal's number.
const CHART: &str = "patient: 40417\nreferral: 2026-05-01 to 2026-06-30, 6 visits, Dr. Ibarra\ndx: M54.2\ngoal 1: read 40 minutes with neck pain 2/10 or less by 2026-07-31\n\nvisit: 2026-05-07\npayer: medicare advantage\nsession: 13:00-13:40\nS: Stiff zanzibar.\nO: Taut.\n97124 cervical 13:35-13:05\n  technique: petrissage\nA: Neck pain 5/10 to 3/10.\nP: 1x/wk for 4 weeks.\nsigned: Q. Quennell, LMT 2026-05-07\n\nvisit: 2026-06-04\npayer: auto\nsession: 13:00-13:40\nS: Stiff.\nO: Taut.\n97124 cervical 13:05-13:35\n  tecnique: petrissage\n  response: turns further\nA: Neck pain 4/10 to 2/10.\nP: 1x/wk for 4 weeks.\nsigned: Q. Quennell, LMT 2026-06-04\n";

/// A note of another payer with nothing to find.
const RIGHT: &str = "patient: 40418\npayer: commercial\nreferral: 2026-05-01 to 2026-06-30, 6 visits, Dr. Ibarra\ndx: M54.2\ngoal 1: read 40 minutes with neck pain 2/10 or less by 2026-07-31\n\nvisit: 2026-05-07\nsession: 13:00-13:40\nS: Stiff.\nO: Taut.\n97124 cervical 13:05-13:35\n  technique: petrissage\nA: Neck pain 5/10 to 3/10.\nP: 1x/wk for 4 weeks.\nsigned: Q. Quennell, LMT 2026-05-07\n";

/// The formats for other programs, which hold none of a note's words.
pub const FOR_PROGRAMS: [&str; 6] = ["concise", "json", "jsonl", "sarif", "github", "junit"];

fn practice() -> TempDir {
    let folder = folder_of(&[("a.soap", CHART), ("b & c.soap", RIGHT)]);
    fs::write(folder.path().join("old.soap"), b"S: x\nO: caf\xe9").unwrap();
    folder
}

/// What `check` prints of the practice, the same on every day and with every version.
fn printed(arguments: &[&str]) -> String {
    let folder = practice();
    let mut command = soapstone(folder.path(), &[&["check", "."], arguments].concat());
    let output = command.env("SOAPSTONE_TODAY", "2026-06-05").output();
    let output = String::from_utf8(output.unwrap().stdout).unwrap();
    output.replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

fn assert_golden(name: &str, printed: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/end_to_end/golden")
        .join(name);
    if std::env::var_os("SOAPSTONE_BLESS").is_some() {
        fs::write(&golden, printed).unwrap();
        return;
    }
    let kept = fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(
        kept.replace("\r\n", "\n"),
        printed,
        "SOAPSTONE_BLESS=1 writes {name} anew"
    );
}

#[test]
fn every_format_is_as_it_was() {
    for format in ["full", "concise", "json", "jsonl", "github", "junit"] {
        let printed = printed(&["--output-format", format]);
        assert_golden(&format!("check.{format}"), &printed);
    }
    let mut sarif = printed(&["--output-format", "sarif"]);
    // A page is changed for other reasons than this form.
    for rule in soapstone::rules::ALL {
        let page = serde_json::to_string(rule.page.trim_end()).unwrap();
        sarif = sarif.replace(&page, &format!("\"the page of {}\"", rule.name));
    }
    assert!(sarif.contains("the page of inverted-range"), "{sarif}");
    assert_golden("check.sarif", &sarif);
    let statistics = ["--statistics", "--hints"];
    assert_golden("check.statistics", &printed(&statistics));
    let json = [&statistics[..], &["--output-format", "json"]].concat();
    assert_golden("check.statistics.json", &printed(&json));
    assert_golden("check.diff", &printed(&["--diff"]));
}

#[test]
fn sarif_is_of_its_schema() {
    let schema = include_str!("schemas/sarif-2.1.0.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("sarif.json", schema).unwrap();
    let schema = compiler.compile("sarif.json", &mut schemas).unwrap();
    let is_of_schema = |text: &str| {
        let log: Value = serde_json::from_str(text).unwrap();
        if let Err(error) = schemas.validate(&log, schema) {
            panic!("{error:#}");
        }
        log
    };
    let form = ["check", "--output-format", "sarif", "--hints"];
    let (exit, out, _) = run(&folder(), &form);
    assert_eq!(exit, 1);
    let log = is_of_schema(&out);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let (_, out, _) = run(&folder(), &["check", "--output-format", "json"]);
    let json: Vec<Value> = serde_json::from_str(&out).unwrap();
    assert_eq!(results.len(), json.len());
    for (result, finding) in results.iter().zip(&json) {
        assert_eq!(result["ruleId"], finding["rule"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region["startLine"], finding["start"]["line"]);
        assert_eq!(region["startColumn"], finding["start"]["column"]);
        assert_eq!(region["endColumn"], finding["end"]["column"]);
    }
    // Each rule is described once.
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let mut named: Vec<&str> = rules.iter().map(|r| r["id"].as_str().unwrap()).collect();
    named.dedup();
    assert_eq!(named.len(), rules.len());
    for result in results {
        assert!(named.contains(&result["ruleId"].as_str().unwrap()));
    }
    // Without findings, and where a note could not be read.
    let dir = folder_of(&[("a.soap", "")]);
    is_of_schema(&run(dir.path(), &form).1);
    fs::write(dir.path().join("b.soap"), b"\xff").unwrap();
    let log = is_of_schema(&run(dir.path(), &form).1);
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let said = &invocation["toolExecutionNotifications"][0]["message"]["text"];
    assert!(said.as_str().unwrap().starts_with("The note b.soap"));
}

#[test]
fn junit_is_xml_and_fails_where_the_check_does() {
    for (level, failures) in [("error", 1), ("never", 0)] {
        let out = printed(&["--output-format", "junit", "--fail-on", level]);
        let xml = roxmltree::Document::parse(&out).unwrap();
        let all = |name: &'static str| xml.descendants().filter(move |n| n.has_tag_name(name));
        assert_eq!(all("failure").count(), failures);
        let counted: usize = all("testsuite")
            .map(|suite| {
                suite
                    .attribute("failures")
                    .unwrap()
                    .parse::<usize>()
                    .unwrap()
            })
            .sum();
        assert_eq!(counted, failures);
        let tests: usize = all("testsuite")
            .map(|suite| suite.attribute("tests").unwrap().parse::<usize>().unwrap())
            .sum();
        assert_eq!(tests, all("testcase").count());
        assert_eq!(all("error").count(), 1, "the note that cannot be read");
        let names: Vec<_> = all("testsuite")
            .filter_map(|s| s.attribute("name"))
            .collect();
        assert!(names.contains(&"b & c.soap"), "{names:?}");
    }
}

#[test]
fn jsonl_is_the_array_line_by_line() {
    let array: Vec<Value> = serde_json::from_str(&printed(&["--output-format", "json"])).unwrap();
    let lines = printed(&["--output-format", "jsonl"]);
    let lines: Vec<Value> = lines
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert!(!array.is_empty());
    assert_eq!(array, lines);
}

#[test]
fn programs_are_shown_none_of_the_words() {
    for format in FOR_PROGRAMS {
        let out = printed(&["--output-format", format, "--hints"]);
        assert!(out.contains("inverted-range"), "{format}: {out}");
        for word in ["zanzibar", "40417", "Ibarra", "Quennell"] {
            assert!(!out.contains(word), "{format}: {out}");
        }
    }
    let out = printed(&["--statistics"]);
    assert!(!out.contains("zanzibar") && !out.contains("40417"), "{out}");
}

/// The rules of what is found, in order.
fn rules(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let form = ["check", "--output-format", "jsonl"];
    let (exit, out, errors) = run(folder, &[&form, arguments].concat());
    assert!(exit < 2, "{errors}");
    let objects = out
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap());
    objects
        .map(|o| o["rule"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn rules_can_be_chosen() {
    let dir = folder_of(&[
        ("a.soap", CHART),
        (
            "soapstone.toml",
            "[require.home-program]\npattern = \"HEP\"\nmessage = \"Say what is done at home.\"\n",
        ),
    ]);
    let all = rules(dir.path(), &[]);
    assert!(all.len() > 3, "{all:?}");
    assert_eq!(
        rules(dir.path(), &["--select", "inverted-range"]),
        ["inverted-range"]
    );
    assert_eq!(
        rules(dir.path(), &["--select", "home-program,misspelt-field"]),
        ["home-program", "home-program", "misspelt-field"]
    );
    let some = rules(dir.path(), &["--ignore", "inverted-range, home-program"]);
    let kept = all
        .iter()
        .filter(|r| *r != "inverted-range" && *r != "home-program");
    assert!(some.iter().eq(kept), "{some:?}");
    let both = ["--select", "inverted-range", "--ignore", "inverted-range"];
    assert!(rules(dir.path(), &both).is_empty());
    let (exit, _, _) = run(
        dir.path(),
        &["check", "--ignore", "inverted-range,home-program"],
    );
    assert_eq!(
        exit,
        i32::from(some.iter().any(|r| r == "missing-session-time"))
    );
    for option in ["--select", "--ignore"] {
        let (exit, out, errors) = run(dir.path(), &["check", option, "missing-gaol"]);
        assert_eq!((exit, out.as_str()), (2, ""));
        assert_eq!(
            errors,
            "There is no rule \"missing-gaol\". Did you mean \"missing-goal\"?\n"
        );
    }
}

#[test]
fn a_hint_that_is_asked_for_by_name_is_shown() {
    let note = "findings/minutes-without-code.soap";
    let (exit, out, _) = run(&folder(), &["check", note, "--select", "uncoded-minutes"]);
    assert_eq!(exit, 0);
    assert!(out.contains("hint[uncoded-minutes]"), "{out}");
}

#[test]
fn visits_can_be_chosen_by_date_and_payer() {
    let own = "[payers.acme]\nlike = \"auto\"\n";
    let dir = folder_of(&[
        ("a.soap", CHART),
        ("b.soap", RIGHT),
        ("soapstone.toml", own),
    ]);
    let has = |arguments: &[&str], rule: &str| {
        let found = rules(dir.path(), arguments);
        found.iter().any(|found| found == rule)
    };
    for (arguments, may, june) in [
        (&[][..], true, true),
        (&["--since", "2026-05-07"], true, true),
        (&["--since", "05/08/2026"], false, true),
        (&["--since", "2026-06-05"], false, false),
        (&["--payer", "auto"], false, true),
        (&["--payer", "medicare-advantage"], true, false),
        // Nobody is like the payer that is like it.
        (&["--payer", "acme"], false, false),
        (&["--payer", "auto", "--since", "2026-06-05"], false, false),
    ] {
        assert_eq!(has(arguments, "inverted-range"), may, "{arguments:?}");
        assert_eq!(has(arguments, "misspelt-field"), june, "{arguments:?}");
    }
    let (_, out, _) = run(dir.path(), &["check", "--since", "2026-06-01"]);
    assert!(
        out.contains("2026-06-04, auto") && !out.contains("2026-05-07"),
        "{out}"
    );
    assert!(
        !out.contains("b.soap"),
        "no visit of it is asked for: {out}"
    );
    assert!(out.contains("Read: 1 visit, 1 block,"), "{out}");

    fs::write(
        dir.path().join("a.soap"),
        CHART.replace("payer: auto", "payer: acme"),
    )
    .unwrap();
    assert!(
        has(&["--payer", "auto"], "misspelt-field"),
        "a payer like it"
    );
    assert!(has(&["--payer", "Acme"], "misspelt-field"));

    let (exit, out, errors) = run(dir.path(), &["check", "--since", "2027-01-01"]);
    assert_eq!((exit, out.as_str()), (0, ""));
    assert_eq!(errors, "No visit that you ask for was found in 2 notes.\n");
    let (exit, _, errors) = run(dir.path(), &["check", "--payer", "medicar"]);
    assert_eq!(exit, 2);
    assert_eq!(
        errors,
        "No payer profile has the name \"medicar\". Did you mean \"medicare\"?\n"
    );
    let (exit, _, errors) = run(dir.path(), &["check", "--since", "soon"]);
    assert_eq!(exit, 2);
    assert!(errors.contains("write the date as 2026-11-20"), "{errors}");
}

#[test]
fn a_visit_without_a_date_may_be_a_new_one() {
    let text = CHART.replace("visit: 2026-05-07", "visit:");
    let dir = folder_of(&[("a.soap", &text)]);
    let found = rules(dir.path(), &["--since", "2027-01-01"]);
    assert!(
        found.iter().any(|rule| rule == "inverted-range"),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|rule| rule == "misspelt-field"),
        "{found:?}"
    );
}

#[test]
fn statistics_are_those_of_the_findings() {
    let form = [
        "check",
        "--statistics",
        "--hints",
        "--output-format",
        "json",
    ];
    let (exit, out, _) = run(&folder(), &form);
    assert_eq!(exit, 1);
    let counts: Value = serde_json::from_str(&out).unwrap();
    let number = |value: &Value| value.as_u64().unwrap();
    let by_rule = counts["rules"].as_array().unwrap();
    let findings: u64 = by_rule.iter().map(|row| number(&row["findings"])).sum();
    assert_eq!(
        usize::try_from(findings).unwrap(),
        rules(&folder(), &[]).len()
    );
    let loudness = ["error", "warning", "info", "hint"];
    let order = by_rule.iter().map(|row| {
        let level = loudness
            .iter()
            .position(|l| row["severity"] == **l)
            .unwrap();
        (level, u64::MAX - number(&row["findings"]))
    });
    assert!(order.is_sorted());
    let by_payer = counts["payers"].as_array().unwrap();
    let levels = ["errors", "warnings", "remarks", "hints"];
    let all = by_payer
        .iter()
        .flat_map(|row| levels.map(|level| number(&row[level])));
    assert_eq!(all.sum::<u64>(), findings);

    for form in ["sarif", "junit", "github", "jsonl"] {
        let (exit, out, errors) = run(
            &folder(),
            &["check", "--statistics", "--output-format", form],
        );
        assert_eq!((exit, out.as_str()), (2, ""));
        assert!(
            errors.starts_with("--statistics are shown to read"),
            "{errors}"
        );
    }
}

#[test]
fn what_has_one_answer_is_mended() {
    let (crlf, mark) = (RIGHT.replace('\n', "\r\n"), "\u{feff}");
    let wrong = |text: &str| {
        let text = text.replace("technique", "tecnique");
        text.replace("visit: 2026-05-07", "visit: 2026/05/07")
    };
    let marked = format!("{mark}{}", wrong(&crlf));
    let dir = folder_of(&[
        ("a.soap", CHART),
        ("b.soap", &marked),
        ("c.soap", RIGHT),
        ("d.soap", "97140 lumbar 20 min x4\n"),
    ]);
    fs::write(dir.path().join("old.soap"), b"S: caf\xe9").unwrap();
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();

    let (exit, out, errors) = run(dir.path(), &["check", "--diff"]);
    assert_eq!(exit, 2, "one note could not be read: {errors}");
    assert!(
        out.contains("-  tecnique: petrissage\n+  technique: petrissage\n"),
        "{out}"
    );
    assert!(
        out.contains("-visit: 2026/05/07\r\n+visit: 2026-05-07\r\n"),
        "{out}"
    );
    assert_eq!(read("a.soap"), CHART, "nothing is written");
    let (exit, out, _) = run(dir.path(), &["check", "--diff", "c.soap", "d.soap"]);
    assert_eq!((exit, out.as_str()), (0, ""));
    let (exit, _, _) = run(dir.path(), &["check", "--diff", "a.soap"]);
    assert_eq!(exit, 1);

    let (exit, out, errors) = run(
        dir.path(),
        &["check", "--fix", "--output-format", "concise"],
    );
    assert_eq!(exit, 2, "{errors}");
    assert!(
        errors.contains("3 findings mended in 2 notes.\n"),
        "{errors}"
    );
    assert!(
        errors.contains("The note old.soap could not be read"),
        "{errors}"
    );
    assert_eq!(read("a.soap"), CHART.replace("tecnique", "technique"));
    assert_eq!(read("b.soap"), format!("{mark}{crlf}"));
    assert_eq!(read("c.soap"), RIGHT);
    assert!(out.contains("a.soap:11:16: error[inverted-range]"), "{out}");
    assert!(
        !out.contains("misspelt-field") && !out.contains("invalid-date"),
        "{out}"
    );
    let (_, _, errors) = run(dir.path(), &["check", "--fix"]);
    assert!(
        !errors.contains("mended"),
        "a second time changes nothing: {errors}"
    );
}

#[test]
fn only_what_is_asked_for_is_mended() {
    let text = CHART.replace("referral:", "referal:");
    for (arguments, mended) in [
        (&["--select", "inverted-range"][..], text.clone()),
        (&["--ignore", "misspelt-field"], text.clone()),
        (&["--since", "2026-07-01"], text.clone()),
        (&["--payer", "medicare-advantage"], CHART.to_owned()),
        (
            &["--since", "2026-06-01"],
            CHART.replace("tecnique", "technique"),
        ),
    ] {
        let dir = folder_of(&[("a.soap", &text)]);
        run(dir.path(), &[&["check", "--fix"], arguments].concat());
        let now = fs::read_to_string(dir.path().join("a.soap")).unwrap();
        assert_eq!(now, mended, "{arguments:?}");
    }
}

#[test]
fn standard_input_is_not_mended_but_shown() {
    let dir = folder_of(&[]);
    let (exit, out, errors) =
        run_with_input(dir.path(), &["check", "--fix", "-"], CHART.as_bytes());
    assert_eq!((exit, out.as_str()), (2, ""));
    assert!(
        errors.contains("--diff shows what would change"),
        "{errors}"
    );
    let (exit, out, _) = run_with_input(dir.path(), &["check", "--diff", "-"], CHART.as_bytes());
    assert_eq!(exit, 1);
    assert!(out.starts_with("--- <stdin>\n+++ <stdin>\n@@"), "{out}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_named_and_links_are_left_alone() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = folder_of(&[
        ("practice/a.soap", CHART),
        ("practice/b.soap", CHART),
        ("elsewhere.soap", CHART),
    ]);
    let at = |name: &str| dir.path().join(name);
    symlink(at("elsewhere.soap"), at("practice/link.soap")).unwrap();
    fs::set_permissions(at("practice/a.soap"), fs::Permissions::from_mode(0o444)).unwrap();
    let (exit, out, errors) = run(
        dir.path(),
        &["check", "--fix", "practice", "--output-format", "sarif"],
    );
    assert_eq!(exit, 2);
    let sentence = "The note practice/a.soap was not changed: it is write-protected.";
    assert!(
        errors.contains(sentence) && out.contains(sentence),
        "{errors}"
    );
    assert!(errors.contains("1 finding mended in 1 note."), "{errors}");
    let read = |name: &str| fs::read_to_string(at(name)).unwrap();
    assert_eq!(read("practice/a.soap"), CHART);
    assert_ne!(read("practice/b.soap"), CHART);
    assert_eq!(read("elsewhere.soap"), CHART, "a link may lead anywhere");
    run(dir.path(), &["check", "--fix", "practice/link.soap"]);
    assert_ne!(read("elsewhere.soap"), CHART, "unless it is named");
    assert!(at("practice/link.soap").is_symlink());
}

/// A program that is still running, with the lines that it says.
struct Running {
    child: Child,
    said: Receiver<String>,
    /// What it said and nobody asked for yet.
    lines: Vec<String>,
}

impl Running {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = soapstone(folder, arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, said) = channel();
        let errors = sender.clone();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let tell = |sender: Sender<String>, lines: Box<dyn BufRead + Send>| {
            std::thread::spawn(move || {
                lines
                    .lines()
                    .map_while(Result::ok)
                    .all(|line| sender.send(line).is_ok())
            })
        };
        tell(sender, Box::new(BufReader::new(out)));
        tell(errors, Box::new(BufReader::new(err)));
        Self {
            child,
            said,
            lines: Vec::new(),
        }
    }

    /// Waits until a line has these words, and takes it.
    fn until(&mut self, words: &str) {
        loop {
            if let Some(at) = self.lines.iter().position(|line| line.contains(words)) {
                self.lines.remove(at);
                return;
            }
            let next = self.said.recv_timeout(Duration::from_secs(30));
            let lines = &self.lines;
            let line = next.unwrap_or_else(|_| panic!("{words}\nnot in\n{lines:#?}"));
            self.lines.push(line);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn notes_are_checked_again_when_they_are_saved() {
    let dir = folder_of(&[("a.soap", CHART), ("deep/b.soap", RIGHT)]);
    let arguments = ["check", "--watch", "--output-format", "concise"];
    let mut running = Running::start(dir.path(), &arguments);
    running.until("a.soap:11:16: error[inverted-range]");
    running.until("Waiting for notes to change");
    fs::write(dir.path().join("notes.txt"), "no note").unwrap();
    // As most editors do it: a new file in the place of the old one.
    let beside = dir.path().join("deep/b.soap~");
    fs::write(&beside, RIGHT.replace("13:05-13:35", "13:35-13:05")).unwrap();
    fs::rename(beside, dir.path().join("deep/b.soap")).unwrap();
    running.until("b.soap:11:16: error[inverted-range]");
    running.until("b.soap again:");
    let others = running.lines.iter().filter(|l| l.contains("a.soap"));
    assert_eq!(others.count(), 0, "{:?}", running.lines);
    // What is new is found, and settings hold for all.
    fs::write(dir.path().join("c.soap"), CHART).unwrap();
    running.until("c.soap:11:16: error[inverted-range]");
    let settings = "[rules]\ninverted-range = \"info\"\n";
    fs::write(dir.path().join("soapstone.toml"), settings).unwrap();
    running.until("3 notes again:");
    running.until("a.soap:11:16: info[inverted-range]");
    running.until("b.soap:11:16: info[inverted-range]");
}

#[test]
fn what_cannot_be_watched_is_said() {
    let dir = practice();
    for (arguments, sentence) in [
        (
            &["check", "--watch", "-"][..],
            "--watch needs notes in files",
        ),
        (
            &["check", "--watch", "--output-format", "sarif"],
            "it needs an output format without an end",
        ),
        (&["check", "--watch", "--fix"], "cannot be used with"),
        (
            &["check", "--watch", "gone/a.soap"],
            "The notes cannot be watched",
        ),
    ] {
        let (exit, _, errors) = run(dir.path(), arguments);
        assert_eq!(exit, 2, "{arguments:?}");
        assert!(errors.contains(sentence), "{arguments:?}: {errors}");
    }
}
