//! What other programs find here: help, completions, what applies to a note, the pre-commit hooks, the action.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use regex::Regex;
use serde_json::{Value, json};

use crate::command_line::{folder_of, run, run_with_input};

/// An error and nothing else.
const WRONG: &str = "payer: auto\nprovider: Q. Quennell, LMT\ndx: M54.2\ngoal 1: read 40 minutes with neck pain 2/10 or less by 2026-07-31\nwaive: missing-referral because the plan asks for none\n\nvisit: 2026-05-07\nsession: 13:00-13:40\nS: Stiff zanzibar.\nO: Taut.\n97124 cervical 13:35-13:05\n  technique: petrissage\n  response: turns further\nA: Neck pain 5/10 to 3/10.\nP: 1x/wk for 4 weeks.\nsigned: Q. Quennell, LMT 2026-05-07\n";

/// The top of the repository.
fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_help_begins_with_an_example_that_works() {
    let right = WRONG.replace("13:35-13:05", "13:05-13:35");
    let dir = folder_of(&[
        ("visit.soap", &right),
        ("chart.soap", &right),
        ("charts/a.soap", &right),
        ("visit.txt", &right),
    ]);
    let program = soapstone::cli::command();
    let commands = program.get_subcommands().map(clap::Command::get_name);
    let names: Vec<&str> = commands.collect();
    assert!(names.len() > 8, "{names:?}");
    for name in std::iter::once(None).chain(names.into_iter().map(Some)) {
        for help in ["-h", "--help"] {
            let arguments: Vec<&str> = name.into_iter().chain([help]).collect();
            let (exit, out, _) = run(dir.path(), &arguments);
            assert_eq!(exit, 0);
            let example = out
                .lines()
                .next()
                .and_then(|l| l.strip_prefix("Example: soapstone "));
            let example = example.unwrap_or_else(|| panic!("{arguments:?}: {out}"));
            let words: Vec<&str> = example.split(' ').collect();
            if let Some(name) = name {
                assert_eq!(words[0], name);
            }
            // A server waits for its client.
            if name != Some("lsp") {
                let (exit, _, errors) = run(dir.path(), &words);
                assert_eq!(exit, 0, "{example}: {errors}");
            }
        }
    }
}

#[test]
fn shells_complete_commands_and_options() {
    let dir = folder_of(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (exit, out, errors) = run(dir.path(), &["completions", shell]);
        assert_eq!((exit, errors.as_str()), (0, ""));
        for word in ["check", "explain", "output-format", "statistics"] {
            assert!(out.contains(word), "{shell}: {word}");
        }
    }
    let (exit, _, errors) = run(dir.path(), &["completions", "tcsh"]);
    assert_eq!(exit, 2);
    assert!(errors.contains("bash"), "{errors}");
}

#[cfg(unix)]
#[test]
fn bash_completes_a_format() {
    let dir = folder_of(&[]);
    let (_, script, _) = run(dir.path(), &["completions", "bash"]);
    let asking = "\nCOMP_WORDS=(soapstone check --output-format sa); COMP_CWORD=3\n_soapstone soapstone sa --output-format\necho \"${COMPREPLY[@]}\"\n";
    let output = Command::new("bash")
        .args(["-c", &format!("{script}{asking}")])
        .output();
    let output = String::from_utf8(output.unwrap().stdout).unwrap();
    assert_eq!(output, "sarif\n");
}

/// The settings of a clinic that makes use of all that has a place.
const SETTINGS: &str = "payer = \"acme\"\n\n[rules]\nmissing-goal = \"info\"\n\n[require.home-program]\npattern = \"HEP\"\nmessage = \"Say what is done at home.\"\n\n[payers.ours]\nlike = \"medicare\"\ncounting = \"ama\"\n\n[payers.acme]\nlike = \"ours\"\nrules = { visit-order = \"hint\" }\n";

#[test]
fn what_applies_is_told_with_its_place() {
    let nobody = "visit: 2026-05-07\n97124 lumbar 20 min\n\nvisit: 2026-11-08\npayer: auto\n97124 lumbar 20 min\n";
    let dir = folder_of(&[
        ("charts/a.soap", nobody),
        ("charts/b.soap", WRONG),
        ("soapstone.toml", "payer = \"ours\"\n"),
        (
            "charts/soapstone.toml",
            &SETTINGS.replace("like = \"ours\"", "like = \"medicare\""),
        ),
        ("ours.toml", SETTINGS),
    ]);
    let asked = |arguments: &[&str]| -> Value {
        let form = ["config", "--output-format", "json"];
        let (exit, out, errors) = run(dir.path(), &[&form, arguments].concat());
        assert_eq!(exit, 0, "{errors}");
        let mut all: Vec<Value> = serde_json::from_str(&out.replace("\\\\", "/")).unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    };
    let note = asked(&["charts/a.soap", "--config", "ours.toml"]);
    assert_eq!(note["path"], "charts/a.soap");
    assert_eq!(note["settings"], "ours.toml");
    assert_eq!(note["ncci"]["from"], "built in");
    assert_eq!(
        note["icd10"].as_array().unwrap().len(),
        2,
        "that of each day"
    );
    let acme = &note["payers"][0];
    assert_eq!(
        acme["payer"],
        json!({"value": "acme", "from": "ours.toml:1"})
    );
    assert_eq!(acme["visits"], 1);
    // What a payer that it is like says of itself.
    assert_eq!(
        acme["counting"],
        json!({"value": "ama", "from": "ours.toml:12"})
    );
    assert_eq!(
        acme["profession"],
        json!({"value": "therapy", "from": "the payer medicare, built in"})
    );
    let level = |payer: &Value, rule: &str| {
        let rules = payer["rules"].as_array().unwrap().iter();
        let found: Vec<Value> = rules.filter(|r| r["rule"] == rule).cloned().collect();
        assert!(found.len() < 2);
        found.into_iter().next().unwrap_or_default()
    };
    let missing_goal =
        json!({"rule": "missing-goal", "level": "info", "usual": "warning", "from": "ours.toml:4"});
    assert_eq!(level(acme, "missing-goal"), missing_goal);
    assert_eq!(level(acme, "visit-order")["from"], "ours.toml:16");
    assert_eq!(
        level(acme, "cmt-modifier")["from"],
        "the payer medicare, built in"
    );
    assert_eq!(
        level(acme, "home-program"),
        json!({"rule": "home-program", "level": "warning", "usual": null, "from": "ours.toml:6"})
    );
    let auto = &note["payers"][1];
    assert_eq!(
        auto["payer"],
        json!({"value": "auto", "from": "charts/a.soap:5"})
    );
    assert_eq!(level(auto, "missing-goal"), missing_goal);
    assert_eq!(level(auto, "visit-order"), Value::Null);

    // The nearest file holds.
    let note = asked(&["charts/b.soap"]);
    assert_eq!(note["settings"], "charts/soapstone.toml");
    let payer = &note["payers"][0];
    assert_eq!(
        payer["payer"],
        json!({"value": "auto", "from": "charts/b.soap:1"})
    );
    assert_eq!(
        payer["profession"],
        json!({"value": "massage", "from": "charts/b.soap:16"})
    );
    assert_eq!(
        note["waived"],
        json!([{"rule": "missing-referral", "from": "charts/b.soap:5"}])
    );
    let (_, out, _) = run(dir.path(), &["config", "charts/b.soap"]);
    for line in [
        "  Settings: charts/soapstone.toml\n",
        "  Payer of 1 visit: auto [charts/b.soap:1]\n",
        "    Profession: massage [charts/b.soap:16]\n",
        "    missing-goal: info, usually warning [charts/soapstone.toml:4]\n",
        "    home-program: warning, a rule of your own [charts/soapstone.toml:6]\n",
        "  Waived: missing-referral [charts/b.soap:5]\n",
    ] {
        assert!(
            out.replace('\\', "/").contains(line),
            "{line}\nnot in\n{out}"
        );
    }
    assert!(
        !out.contains("zanzibar") && !out.contains("Quennell"),
        "{out}"
    );
}

#[test]
fn without_settings_all_is_built_in() {
    let dir = folder_of(&[]);
    let (exit, out, _) = run_with_input(dir.path(), &["config", "-"], b"97124 lumbar 20 min\n");
    assert_eq!(exit, 0);
    for line in [
        "  Settings: none, so the defaults hold\n",
        "  Payer of 1 visit: default [nothing names one]\n",
        "    Counting: CMS 8-minute rule [assumed, because it is not known how this payer counts]\n",
    ] {
        assert!(out.contains(line), "{line}\nnot in\n{out}");
    }
}

/// The value of a key in each of the entries of a list, in YAML as it is written here.
fn values<'y>(yaml: &'y str, key: &str) -> Vec<&'y str> {
    let lines = yaml.lines().map(|line| line.trim_start_matches(['-', ' ']));
    lines
        .filter_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
        .collect()
}

/// The program's folder is put first on the path, as an installed program would be found.
fn path_with_program() -> std::ffi::OsString {
    let program = Path::new(env!("CARGO_BIN_EXE_soapstone")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(program.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap()
}

fn text(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn the_pre_commit_hooks_run_with_the_files_that_were_changed() {
    let hooks = std::fs::read_to_string(top().join(".pre-commit-hooks.yaml")).unwrap();
    assert_eq!(values(&hooks, "id"), ["soapstone", "soapstone-fmt"]);
    assert_eq!(values(&hooks, "language"), ["system", "system"]);
    for pattern in values(&hooks, "files") {
        let pattern = Regex::new(pattern).unwrap();
        assert!(pattern.is_match("charts/a.soap") && pattern.is_match("B.SOAP"));
        assert!(!pattern.is_match("a.soap.txt") && !pattern.is_match("asoap"));
    }
    let unformed = WRONG.replace("S: Stiff", "s:   Stiff");
    let dir = folder_of(&[
        ("charts/a b.soap", &unformed),
        ("c.soap", WRONG),
        ("other.soap", WRONG),
    ]);
    let run = |entry: &str| {
        let mut words = entry.split(' ');
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(["charts/a b.soap", "c.soap"]);
        command
            .current_dir(dir.path())
            .env("PATH", path_with_program());
        text(
            &command
                .env_remove("SOAPSTONE_OUTPUT_FORMAT")
                .output()
                .unwrap(),
        )
    };
    let entries = values(&hooks, "entry");
    let (exit, out, errors) = run(entries[0]);
    assert_eq!((exit, errors.as_str()), (1, ""));
    assert!(out.contains("c.soap:11:16: error[inverted-range]"), "{out}");
    assert!(
        !out.contains("other.soap") && !out.contains("zanzibar"),
        "{out}"
    );
    // The framework takes it for a failure that a file was changed.
    let (exit, out, errors) = run(entries[1]);
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert!(out.contains("1 note formatted; 1 was already."), "{out}");
    let formed = std::fs::read_to_string(dir.path().join("charts/a b.soap")).unwrap();
    assert_eq!(formed, WRONG);
}

/// The script of a step of the action, and the variables that it is given for the inputs.
fn step(action: &str, name: &str) -> (String, BTreeMap<String, String>) {
    let start = action.find(&format!("- name: {name}\n")).expect("the step");
    let lines: Vec<&str> = action[start..].lines().collect();
    let run = lines
        .iter()
        .position(|line| line.trim() == "run: |")
        .expect("a script");
    let indented = |line: &&&str| line.is_empty() || line.starts_with("        ");
    let script = lines[run + 1..].iter().take_while(indented);
    let script = script.map(|line| format!("{}\n", line.trim_start()));
    let input = Regex::new(r"^ +([A-Z_]+): \$\{\{ inputs\.([a-z-]+) \}\}$").unwrap();
    let inputs = lines[..run].iter().filter_map(|line| {
        let found = input.captures(line)?;
        Some((found[2].to_owned(), found[1].to_owned()))
    });
    (script.collect(), inputs.collect())
}

#[cfg(unix)]
#[test]
fn the_action_checks_with_its_inputs() {
    let action = std::fs::read_to_string(top().join("action.yml")).unwrap();
    let (script, variables) = step(&action, "check");
    // Every input has its variable, and its default is what stands in the file.
    let input = Regex::new(r"(?m)^  ([a-z-]+):\n    description: .+\n    default: (.+)$").unwrap();
    let defaults = input
        .captures_iter(&action)
        .map(|found| (found[1].to_owned(), found[2].trim_matches('"').to_owned()));
    let defaults: BTreeMap<String, String> = defaults.collect();
    assert_eq!(defaults.len(), 7);
    assert!(variables.keys().eq(defaults.keys()), "{variables:?}");

    let older = WRONG.replace("2026-05-07", "2026-04-07");
    let dir = folder_of(&[
        ("march/a b.soap", WRONG),
        ("c.soap", &older),
        ("d.soap", WRONG),
    ]);
    let run = |inputs: &[(&str, &str)]| {
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &script]);
        command
            .current_dir(dir.path())
            .env("PATH", path_with_program());
        for (input, variable) in &variables {
            let given = inputs.iter().find(|(name, _)| name == input);
            let value = given.map_or(defaults[input].as_str(), |(_, value)| value);
            command.env(variable, value);
        }
        text(&command.output().unwrap())
    };
    let (exit, out, errors) = run(&[]);
    assert_eq!((exit, errors.as_str()), (1, ""));
    assert_eq!(
        out.lines()
            .filter(|l| l.starts_with("::error file="))
            .count(),
        3,
        "{out}"
    );
    assert!(
        out.contains("::error file=march/a b.soap,line=11,"),
        "{out}"
    );
    assert!(!out.contains("zanzibar"), "{out}");

    let (_, out, _) = run(&[("paths", "march\nc.soap\n")]);
    assert!(
        out.contains("a b.soap") && out.contains("c.soap") && !out.contains("d.soap"),
        "{out}"
    );
    let (exit, _, _) = run(&[("fail-on", "never")]);
    assert_eq!(exit, 0);
    let (exit, out, _) = run(&[("ignore", "inverted-range")]);
    assert_eq!((exit, out.as_str()), (0, ""));
    let (_, out, _) = run(&[("since", "2026-05-01"), ("payer", "auto")]);
    assert!(out.contains("d.soap") && !out.contains("c.soap"), "{out}");
    let (exit, out, _) = run(&[("payer", "medicare")]);
    assert_eq!((exit, out.as_str()), (0, ""));
    // Nothing in an input is a command.
    let (exit, _, errors) = run(&[("select", "$(touch seen); touch seen")]);
    assert_eq!(exit, 2);
    assert!(errors.contains("There is no rule"), "{errors}");
    assert!(!dir.path().join("seen").exists());

    let (exit, out, errors) = run(&[("sarif-file", "soapstone.sarif")]);
    assert_eq!((exit, errors.as_str()), (1, ""));
    assert!(out.contains("::error file="), "{out}");
    let sarif = std::fs::read_to_string(dir.path().join("soapstone.sarif")).unwrap();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 3);
}
