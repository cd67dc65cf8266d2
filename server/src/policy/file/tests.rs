use super::*;
use crate::billing::Counting;
use crate::policy::{MassageAndManual, ProgressReport, Requirement};
use crate::reference::wording::Profession;

const RULES: &[&str] = &["missing-goal", "missing-diagnosis"];

fn understood(text: &str) -> (Policy, Vec<Problem>) {
    read(text, RULES)
}

#[test]
fn phrases_with_and_without_their_dot() {
    let (policy, problems) =
        understood("[phrases]\nlbp = \"Low back pain $1\"\n\".home\" = \"\"\"\na\nb\"\"\"\n");
    assert_eq!(problems, []);
    let phrases: Vec<(&str, &str)> = policy
        .phrases
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    assert_eq!(phrases, [("home", "a\nb"), ("lbp", "Low back pain $1")]);
    let settings = serde_json::json!({"phrases": {".x": "y"}});
    let (policy, problems) = read_json(&settings, RULES);
    assert_eq!((problems, &*policy.phrases["x"]), (Vec::new(), "y"));
}

#[test]
fn fees_and_factors() {
    let (policy, problems) = understood(
        "[fees]\ngpci = { work = 1, pe = 1.1, mp = 0.9 }\n[fees.codes]\n97110 = 35.5\ng0283 = 12\n",
    );
    assert_eq!(problems, []);
    assert_eq!(policy.fees.locality, Some([1.0, 1.1, 0.9]));
    let codes: Vec<_> = policy.fees.codes.iter().map(|(c, f)| (&**c, *f)).collect();
    assert_eq!(codes, [("97110", 35.5), ("G0283", 12.0)]);
    for text in [
        "gpci = { work = 1 }",
        "codes = { 97110 = -1 }",
        "codes = 1",
        "x = 1",
    ] {
        let (_, problems) = understood(&format!("[fees]\n{text}\n"));
        assert_eq!(
            (problems.len(), problems[0].line),
            (1, Some(2)),
            "{problems:?}"
        );
    }
}

#[test]
fn phrases_that_cannot_be_typed() {
    for (text, line, said) in [
        ("phrases = 1", 1, "one text for each name"),
        ("[phrases]\na = 1\nb = \"x\"", 2, "a text in quotes"),
        (
            "[phrases]\nb = \"x\"\n\"low back\" = \"x\"",
            3,
            "after a dot",
        ),
        ("[phrases]\nb = \"x\"\na = \" \"", 3, "is empty"),
    ] {
        let (policy, problems) = understood(text);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].line, Some(line), "{problems:?}");
        assert!(problems[0].message.contains(said), "{problems:?}");
        assert_eq!(policy.phrases.contains_key("b"), line > 1, "{text}");
    }
}

#[test]
fn a_whole_file() {
    let (policy, problems) = understood(
        "payer = \"regence\"\n[rules]\nmissing-goal = \"off\"\n[payers.regence]\nlike = \"commercial\"\ncounting = \"ama\"\nncci = false\nmassage-and-manual = \"modifier\"\naccepts = [\"97124\"]\nrequires = [\"referral\", \"clock-times\"]\n",
    );
    assert_eq!(problems, []);
    let payer = policy.payer(None);
    assert_eq!(payer.name, "regence");
    assert_eq!(payer.counting(), Counting::Ama);
    assert_eq!(payer.massage_and_manual(), Some(MassageAndManual::Modifier));
    assert!(payer.requires(Requirement::ClockTimes));
    assert_eq!(policy.rules["missing-goal"], Level::Off);
}

#[test]
fn what_a_payer_asks_for_can_be_written() {
    let (policy, problems) = understood(
        "[payers.fund]\ntitle = \"Our fund\"\nmedicare = false\ncertified-plan = true\nprogress-report = { visits = 8, months = 2 }\nprofession = \"therapy\"\npolicy-of = \"The fund\"\nany-payer = false\nsource = \"a letter\"\ndate = \"2026-05-04\"\n",
    );
    assert_eq!(problems, []);
    let fund = policy.find("fund").unwrap();
    assert_eq!((&*fund.title, fund.called()), ("Our fund", "The fund"));
    assert_eq!(fund.profession, Profession::Therapy);
    assert!(fund.certified_plan && !fund.medicare && !fund.stands_for_any);
    let report = ProgressReport {
        visits: 8,
        months: Some(2),
    };
    assert_eq!(fund.progress_report, Some(report));
    // Numbers of an editor's settings are numbers of a file.
    let settings =
        serde_json::json!({"payers": {"fund": {"progress-report": {"visits": 8, "months": 2}}}});
    let (policy, problems) = read_json(&settings, RULES);
    assert_eq!(problems, []);
    assert_eq!(policy.find("fund").unwrap().progress_report, Some(report));
}

#[test]
fn what_a_key_of_a_payer_does_not_take() {
    for (line, said) in [
        ("title = 1", "a text in quotes"),
        ("aliases = \"x\"", "a list of words in quotes"),
        ("medicare = \"yes\"", "true or false"),
        ("profession = \"nurse\"", "\"massage\", \"therapy\" or"),
        ("progress-report = 6", "the number of \"visits\""),
        (
            "progress-report = { months = 1 }",
            "the number of \"visits\"",
        ),
        (
            "progress-report = { visits = 0 }",
            "the number of \"visits\"",
        ),
        (
            "progress-report = { visits = 6, months = 0 }",
            "of \"months\"",
        ),
        (
            "progress-report = { visits = 6, days = 30 }",
            "of \"months\"",
        ),
        ("plan-modifier = \"loud\"", "\"none\", \"warning\" or"),
        ("timely-filing = 90", "how many \"days\" or"),
        ("timely-filing = { days = 0 }", "how many \"days\" or"),
        ("timely-filing = { weeks = 3 }", "how many \"days\" or"),
        (
            "timely-filing = { days = 1, months = 1 }",
            "how many \"days\" or",
        ),
        ("date = 2026-05-04", "a text in quotes"),
        ("like = \"nobody\"", "must name a payer profile"),
        ("certified-plans = true", "Did you mean \"certified-plan\"?"),
    ] {
        let (policy, problems) = understood(&format!("[payers.a]\n{line}\nncci = true\n"));
        assert_eq!(problems.len(), 1, "{line}: {problems:?}");
        assert_eq!(problems[0].line, Some(2), "{line}");
        assert!(problems[0].message.contains(said), "{problems:?}");
        let right = Payer {
            ncci: Some(true),
            ..Payer::unknown("a")
        };
        assert_eq!(policy.find("a"), Some(&right), "{line}");
    }
}

#[test]
fn another_name_of_a_profile_becomes_a_payer_of_its_own() {
    let (policy, problems) = understood("[payers.lifewise]\nexcludes = [\"g0283\"]\n");
    assert_eq!(problems, []);
    let own = policy.find("LifeWise").expect("the payer");
    assert_eq!((&*own.name, own.excludes.len()), ("lifewise", 1));
    // It does what the profile does, which has that name no longer.
    assert!(own.requires(Requirement::Referral));
    let premera = policy.find("premera").expect("the profile");
    assert_eq!(premera.excludes, [""; 0]);
    let (policy, _) = understood("[payers.own]\naliases = [\"aetna health\", \"Blue Cross\"]\n");
    assert_eq!(policy.payer(Some("Blue Cross of Ohio")).name, "own");
    let names = |name: &str| policy.find(name).map(|payer| &*payer.name);
    assert_eq!(names("anthem"), Some("bcbs"));
}

#[test]
fn slips_are_named_with_their_line_and_the_rest_holds() {
    let (policy, problems) = understood(
        "payr = \"x\"\n[rules]\nmissing-gaol = \"off\"\nmissing-goal = \"loud\"\nmissing-diagnosis = \"hint\"\n[payers.a]\ncounting = \"cm\"\n",
    );
    let lines: Vec<_> = problems.iter().map(|p| p.line).collect();
    assert_eq!(lines, [Some(1), Some(3), Some(4), Some(7)]);
    assert!(
        problems[0].message.contains("\"payer\"?") || problems[0].message.contains("\"payers\""),
        "{problems:?}"
    );
    assert!(
        problems[1]
            .message
            .contains("Did you mean \"missing-goal\"?")
    );
    assert_eq!(policy.rules["missing-diagnosis"], Level::Hint);
}

#[test]
fn a_file_that_is_no_toml_names_its_line() {
    let (_, problems) = understood("payer = \"x\"\n= 3\n");
    assert_eq!(problems[0].line, Some(2));
}

#[test]
fn hints_can_be_switched_off_one_by_one() {
    let (policy, problems) = understood("[hints]\nunits = false\nvisits = true\n");
    assert_eq!(problems, []);
    assert!(!policy.hints.units && policy.hints.visits && policy.hints.goals);
    let (policy, problems) = understood("[hints]\nunit = false\ngoals = \"off\"\n");
    assert_eq!(policy.hints, Hints::default());
    let messages: Vec<_> = problems.iter().map(|p| (p.line, &*p.message)).collect();
    assert_eq!(
        messages,
        [
            (
                Some(2),
                "Soapstone has no setting \"unit\". Did you mean \"units\"?"
            ),
            (
                Some(3),
                "\"goals\" of \"hints\" must be true to show these hints or false to hide them."
            )
        ]
    );
    let settings = serde_json::json!({"hints": {"diagnoses": false, "goals": null}});
    let (policy, problems) = read_json(&settings, RULES);
    assert_eq!(problems, []);
    assert!(!policy.hints.diagnoses && policy.hints.goals);
    assert_eq!(understood("hints = false\n").1.len(), 1);
}

#[test]
fn settings_of_an_editor_mean_the_same() {
    let settings =
        serde_json::json!({"payer": "medicare", "rules": {"missing-goal": "off"}, "payers": null});
    let (policy, problems) = read_json(&settings, RULES);
    assert_eq!(problems, []);
    assert_eq!(policy.payer.as_deref(), Some("medicare"));
    assert_eq!(policy.rules["missing-goal"], Level::Off);
}
