//! The rules of a clinic's own, and the example of `docs/settings.md`.

use std::sync::Arc;

use crate::analysis::Analysis;
use crate::policy::Policy;
use crate::text::Document;

const DOCS: &str = include_str!("../../../docs/settings.md");

/// The text of the first fenced block of a kind that holds some words.
fn example(kind: &str, words: &str) -> &'static str {
    let blocks = DOCS.split("```").skip(1).step_by(2);
    let mut blocks = blocks.filter_map(|block| block.strip_prefix(kind));
    blocks
        .find(|block| block.contains(words))
        .expect("an example")
}

fn policy(settings: &str) -> Arc<Policy> {
    let (policy, problems) = super::read_policy(settings);
    assert_eq!(problems, [], "{settings}");
    Arc::new(policy)
}

/// `line level rule` of the findings of rules of the clinic's own, and of waivers.
fn found(policy: &Arc<Policy>, note: &str) -> Vec<String> {
    let analysis = Analysis::of(&Document::new(note), policy);
    let findings = analysis.findings().into_iter();
    let own =
        findings.filter(|f| f.rule.group == super::Group::Clinic || f.rule.name.contains("waiver"));
    own.map(|f| {
        let line = note[..f.span.start].matches('\n').count() + 1;
        format!("{line} {} {}", f.level.word(), f.rule.name)
    })
    .collect()
}

#[test]
fn the_example_of_the_settings() {
    let policy = policy(example("toml\n", "[require."));
    let note = example("soap\n", "cupping");
    assert_eq!(
        found(&policy, note),
        ["4 warning cupping-marks", "5 info home-program"]
    );
    let names_it = note.replace("Weekly", "Home  Exercise daily. Weekly");
    assert_eq!(found(&policy, &names_it), ["4 warning cupping-marks"]);
    // Another payer, another profession.
    let other = note.replace("auto", "medicare").replace("PT", "OT");
    assert_eq!(found(&policy, &other), [""; 0]);
    let unsigned = note.replace("signed", "note");
    assert!(!found(&policy, &unsigned).contains(&"5 info home-program".to_owned()));
}

#[test]
fn they_are_waived_and_switched_off() {
    let settings = example("toml\n", "[require.");
    let note = example("soap\n", "cupping");
    let waived = note.replace(
        "97140 R",
        "waive: home-program, cupping-marks because no cupping was billed\n97140 R",
    );
    assert_eq!(found(&policy(settings), &waived), [""; 0]);
    let unused = waived.replace("cupping\nP", "mobilization\nP");
    assert_eq!(found(&policy(settings), &unused), ["3 info unused-waiver"]);
    let off = format!("[rules]\nhome-program = \"off\"\ncupping-marks = \"error\"\n{settings}");
    assert_eq!(found(&policy(&off), note), ["4 error cupping-marks"]);
    // Elsewhere there are no such rules.
    assert_eq!(
        found(&policy(""), &waived),
        ["3 info unused-waiver", "3 info unused-waiver"]
    );
}

#[test]
fn each_place() {
    let note = "visit: 2026-11-20\nS: Sore.\n97124 neck 15 min\n97140 neck 15 min, gentle\nP: Ice.\nsigned: A. Rivera, LMT\n";
    for (keys, lines) in [
        ("words = [\"sore\", \"stiff\"]", &[][..]),
        ("words = [\"sor\"]", &["1"]),
        ("pattern = \"sor\"", &[]),
        ("words = \"gentle\"\nwhere = \"block\"", &["3"]),
        (
            "words = \"gentle\"\nwhere = \"block\"\nwhen = { codes = [\"97140\"] }",
            &[],
        ),
        ("words = \"ice\"\nwhere = \"S\"", &["2"]),
        ("words = \"ice\"\nwhere = \"O\"", &["1"]),
        (
            "words = \"ice\"\nwhere = \"O\"\nwhen = { sections = [\"O\"] }",
            &[],
        ),
        (
            "words = \"ice\"\nwhere = \"plan\"\nmust = \"not-stand\"",
            &["5"],
        ),
        ("pattern = \"neck\"\nmust = \"not-stand\"", &["3", "4"]),
        ("pattern = \"^s:\"\nmust = \"not-stand\"", &["2"]),
    ] {
        let rule = format!("[require.mine]\n{keys}\nmessage = \"No.\"\n");
        let found = found(&policy(&rule), note);
        let expected: Vec<_> = lines.iter().map(|l| format!("{l} warning mine")).collect();
        assert_eq!(found, expected, "{keys}");
    }
}

#[test]
fn what_cannot_be_understood_is_named_with_its_line() {
    for (keys, line, said) in [
        ("words = \"x\"", 2, "needs a \"message\""),
        ("message = \"x\"", 2, "either a \"pattern\""),
        ("message = \"x\"\npattern = \"(\"", 4, "cannot be read"),
        ("message = \"x\"\npattern = \"x*\"", 4, "nothing at all"),
        ("message = \"x\"\npattern = '\\w{900}{900}'", 4, "too long"),
        ("message = \"x\"\nwords = 1", 4, "lists of texts"),
        (
            "message = \"x\"\nwords = \"x\"\nmust = \"be\"",
            5,
            "\"not-stand\"",
        ),
        (
            "message = \"x\"\nwords = \"x\"\nwhere = \"Z\"",
            5,
            "a section",
        ),
        (
            "message = \"x\"\nwords = \"x\"\nlevel = \"loud\"",
            5,
            "\"level\"",
        ),
        (
            "message = \"x\"\nwords = \"x\"\nwhen = { code = [\"x\"] }",
            5,
            "no \"code\"",
        ),
        (
            "message = \"x\"\nwords = \"x\"\nwhen = { payers = [\"x y z\"] }",
            2,
            "No payer",
        ),
        (
            "mesage = \"x\"\nwords = \"x\"",
            2,
            "Did you mean \"message\"",
        ),
    ] {
        let (policy, problems) =
            super::read_policy(&format!("payer = \"auto\"\n[require.mine]\n{keys}\n"));
        assert_eq!(problems.len(), 1, "{keys}: {problems:?}");
        assert_eq!(problems[0].line, Some(line), "{problems:?}");
        assert!(problems[0].message.contains(said), "{problems:?}");
        assert_eq!(policy.payer.as_deref(), Some("auto"));
    }
    for name in ["missing-goal", "Mine", "and"] {
        let (policy, problems) = super::read_policy(&format!(
            "[require.{name}]\nwords = \"x\"\nmessage = \"x\"\n"
        ));
        assert_eq!(
            (policy.clinic_rules.len(), problems.len()),
            (0, 1),
            "{name}"
        );
    }
}

#[test]
fn a_costly_pattern_is_searched_in_time() {
    // The largest that is taken, over a visit of 200 KB that it nearly matches everywhere.
    let settings = "[require.mine]\nmust = \"not-stand\"\npattern = '(a|aa|aaa){1,40}(a?){40}b'\nmessage = \"x\"\n";
    let note = format!(
        "visit: 2026-11-20\n97124 neck 15 min\nS: {}\n",
        "a".repeat(200_000)
    );
    let began = std::time::Instant::now();
    assert_eq!(found(&policy(settings), &note), [""; 0]);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}
