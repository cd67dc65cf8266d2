//! The rules of a chart's course and of its waivers at their boundaries.

use std::fmt::Write;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::policy::{Level, Policy};
use crate::text::{Document, Span};

fn policy() -> Policy {
    Policy {
        today: "2026-11-22".parse().ok(),
        ..Policy::default()
    }
}

fn analysis(text: &str) -> Analysis {
    Analysis::of(&Document::new(text), &Arc::new(policy()))
}

/// `line N: level` of each finding of a rule.
fn found(rule: &str, text: &str) -> Vec<String> {
    let analysis = analysis(text);
    let of_rule = analysis
        .findings()
        .into_iter()
        .filter(|f| f.rule.name == rule);
    of_rule
        .map(|f| {
            let line = text[..f.span.start].matches('\n').count() + 1;
            format!("{line} {}", f.level.word())
        })
        .collect()
}

#[track_caller]
fn silent(rule: &str, text: &str) {
    assert_eq!(found(rule, text), Vec::<String>::new(), "{text}");
}

/// Each fix makes its finding vanish, and nothing loud appears but placeholders.
#[track_caller]
fn fixed(rule: &str, text: &str) {
    let before = analysis(text);
    let loud = |a: &Analysis| {
        let all = a.findings();
        all.iter()
            .filter(|f| f.level >= Level::Warning && f.rule.name != "unfilled-placeholder")
            .count()
    };
    for finding in before.findings() {
        if finding.rule.name != rule {
            continue;
        }
        assert!(!finding.fixes.is_empty());
        for fix in &finding.fixes {
            let mut edited = text.to_owned();
            for edit in fix.edits.iter().rev() {
                edited.replace_range(edit.span.range(), &edit.text);
            }
            assert_eq!(
                found(rule, &edited).len() + 1,
                found(rule, text).len(),
                "{edited}"
            );
            assert!(loud(&analysis(&edited)) <= loud(&before), "{edited}");
        }
    }
}

fn visits(days: &[&str]) -> String {
    let mut text = String::new();
    for day in days {
        let _ = write!(
            text,
            "visit: {day}\n97124 lumbar 10:00-10:30\nP: weekly\nsigned: A. Rivera, LMT\n\n"
        );
    }
    text
}

fn chart(preamble: &str, days: &[&str]) -> String {
    format!("{preamble}\n\n{}", visits(days))
}

#[test]
fn clean_notes_get_nothing() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/notes/clean");
    let mine = [
        "referral-expired",
        "visits-exceeded",
        "missing-referral",
        "certification-expired",
        "progress-report-due",
        "plan-without-frequency",
        "no-progress",
        "visit-order",
        "duplicate-visit",
        "future-visit",
        "waiver-without-reason",
        "unused-waiver",
    ];
    let mut reported = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        for finding in analysis(&text).findings() {
            if mine.contains(&finding.rule.name) {
                reported.push(format!(
                    "{:?} {} {}",
                    entry.file_name(),
                    finding.level.word(),
                    finding.rule.name
                ));
            }
        }
    }
    reported.sort();
    let loud: Vec<_> = reported
        .iter()
        .filter(|t| t.contains("warning") || t.contains("error"))
        .collect();
    assert!(loud.is_empty(), "{loud:#?}");
    // The payer of that note pays the pair with its modifier: the waiver has nothing to waive.
    let unused = "\"lmt-waived-pair.soap\" info unused-waiver";
    let quiet: Vec<_> = reported
        .iter()
        .filter(|t| !t.ends_with("missing-referral") && *t != unused)
        .collect();
    assert!(quiet.is_empty(), "{quiet:#?}");
}

#[test]
fn a_referrals_first_and_last_day_are_inside() {
    let days = ["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01"];
    let text = chart("referral: 2026-10-01 to 2026-10-31, Dr. Okafor", &days);
    assert_eq!(
        found("referral-expired", &text),
        ["3 warning", "18 warning"]
    );
    for field in [
        "rx: 10/1/26, 12 visits",
        "script: Dr. Okafor",
        "referral: 2026-10-31 to 2026-10-01",
    ] {
        silent("referral-expired", &chart(field, &days[1..]));
    }
    let expires = chart("prescription: Dr. Okafor, expires 10/15/26", &days);
    assert_eq!(found("referral-expired", &expires).len(), 2);
    let renewed = chart(
        "referral: 2026-08-01 to 2026-10-01\nreferral: 2026-10-02 to 2026-12-31",
        &days,
    );
    silent("referral-expired", &renewed);
    let one = chart("referral: 2026-10-01 to 2026-10-31", &["2026-11-02"]);
    fixed("referral-expired", &one);
    fixed(
        "referral-expired",
        &one.replacen("2026-10-31\n\n", "2026-10-31\n", 1),
    );
    silent(
        "referral-expired",
        &chart("payer: medicare\nreferral: 2026-10-01 to 2026-10-02", &days),
    );
    let evaluation =
        "referral: 2026-10-01 to 2026-10-31\nvisit: 2026-09-28\n97161 10:00-10:30\nS: x\n";
    silent("referral-expired", evaluation);
}

#[test]
fn a_line_of_the_plan_is_no_referral() {
    let visit = |line: &str| {
        format!(
            "visit: 2026-11-02\n97124 lumbar 10:00-10:30\nP: weekly\n{line}\nsigned: A. Rivera, LMT\n"
        )
    };
    for line in [
        "Rx: stretch daily",
        "Order: x-ray of 11/25/2026",
        "Rx: hip hinge 2x/wk x 6 wks",
        "Referral: to ortho by 10/30/26",
    ] {
        silent("referral-expired", &visit(line));
        silent("visits-exceeded", &visit(line));
        assert_eq!(
            found("missing-referral", &visit(line)),
            ["1 info"],
            "{line}"
        );
    }
    let real = visit("Referral: renewed 2026-08-01 to 2026-10-31, 12 visits");
    assert_eq!(found("referral-expired", &real), ["1 warning"]);
}

#[test]
fn visits_beyond_the_number() {
    let days = ["2026-10-05", "2026-10-06", "2026-10-07", "2026-10-08"];
    let text = chart("referral: 2026-10-01 to 2026-12-31, 3 visits", &days);
    assert_eq!(found("visits-exceeded", &text), ["18 warning"]);
    silent(
        "visits-exceeded",
        &chart("referral: 2026-10-01 to 2026-12-31, 4 visits", &days),
    );
    silent(
        "visits-exceeded",
        &chart("referral: 2026-10-06 to 2026-12-31, 3 visits", &days),
    );
    silent(
        "visits-exceeded",
        &chart("referral: 2026-10-01 to 2026-12-31", &days),
    );
    // The heading's own number holds, whatever the file holds.
    for (heading, warned) in [("3 of 3", false), ("4 of 3", true), ("4 of 12", false)] {
        let day = format!("2026-10-05, {heading}");
        let text = chart("referral: 2026-10-01 to 2026-12-31, 3 visits", &[&day]);
        assert_eq!(
            !found("visits-exceeded", &text).is_empty(),
            warned,
            "{heading}"
        );
    }
    let after = ["2026-10-05, 3 of 3", "2026-10-06"];
    assert_eq!(
        found("visits-exceeded", &chart("rx: 10/1/26, 3 visits", &after)),
        ["8 warning"]
    );
    fixed("visits-exceeded", &text);
    let weeks = chart("Rx: 10/1/26, 1x/wk x 3 wks", &days);
    assert_eq!(found("visits-exceeded", &weeks), ["18 warning"]);
    let open = chart("referral: 3 visits through 12/31/2026", &days);
    assert_eq!(found("visits-exceeded", &open), ["18 info"]);
    let second = chart(
        "referral: 2026-10-01 to 2026-12-31, 3 visits\nrx: 2026-10-08 to 2026-12-31, 3 visits",
        &days,
    );
    silent("visits-exceeded", &second);
}

#[test]
fn a_chart_without_a_referral() {
    let one = ["2026-11-02", "2026-11-09"];
    assert_eq!(
        found("missing-referral", &chart("payer: regence", &one)),
        ["3 info"]
    );
    assert_eq!(
        found("missing-referral", &chart("payer: auto", &one)),
        ["3 warning"]
    );
    assert_eq!(
        found("missing-referral", &chart("payer: workers-comp", &one)),
        ["3 warning"]
    );
    for field in [
        "payer: medicare",
        "referral: Dr. Okafor",
        "poc: 2026-11-01 to 2026-12-31",
        "Rx on file, Dr. Okafor",
        "referral:",
    ] {
        silent("missing-referral", &chart(field, &one));
    }
    fixed("missing-referral", &chart("payer: auto", &one));
    fixed("missing-referral", &visits(&one));
}

#[test]
fn ninety_days_of_certification() {
    let payer = "payer: medicare\npoc: ";
    let days = ["2026-11-15", "2026-11-16", "2026-12-30", "2026-12-31"];
    let of = |plan: &str| {
        found(
            "certification-expired",
            &chart(&format!("{payer}{plan}"), &days),
        )
    };
    assert_eq!(of("2026-10-01, 2x/week"), ["19 warning"]);
    assert_eq!(
        of("2026-10-01 to 2026-11-15, 2x/week"),
        ["9 warning", "14 warning", "19 warning"]
    );
    assert_eq!(of("2x/week for 8 weeks"), Vec::<String>::new());
    assert_eq!(
        of("2026-10-01, 2x/week\ncert: 2026-12-20 to 2027-02-20"),
        Vec::<String>::new()
    );
    for other in ["commercial", "medicare-chiro"] {
        silent(
            "certification-expired",
            &chart(&format!("payer: {other}\npoc: 2026-10-01, 2x/week"), &days),
        );
    }
    let text = chart("payer: medicare\npoc: 2026-10-01, 2x/week", &days);
    fixed("certification-expired", &text);
    let again = text.replace(
        "2026-12-31\n",
        "2026-12-31\nS: Plan of care was renewed 12/29/26.\n",
    );
    silent("certification-expired", &again);
    silent(
        "certification-expired",
        &text.replace("97124 lumbar 10:00-10:30", "98940 lumbar"),
    );
    let due = text.replace("2026-12-31\n", "2026-12-31\nS: Recert due this week.\n");
    assert_eq!(found("certification-expired", &due).len(), 1);
}

#[test]
fn ten_treatment_days_and_six_visits() {
    let days: Vec<String> = (1..=12).map(|d| format!("2026-09-{d:02}")).collect();
    let of = |payer: &str, count: usize, edit: &dyn Fn(String) -> String| {
        let days: Vec<&str> = days[..count].iter().map(String::as_str).collect();
        found(
            "progress-report-due",
            &edit(chart(&format!("payer: {payer}"), &days)),
        )
    };
    let same = |text: String| text;
    assert_eq!(of("medicare", 10, &same), Vec::<String>::new());
    assert_eq!(
        of("medicare", 12, &same),
        ["53 warning"],
        "told once, at the eleventh"
    );
    assert_eq!(of("commercial", 12, &same), Vec::<String>::new());
    assert_eq!(of("wa-lni", 6, &same), Vec::<String>::new());
    assert_eq!(of("wa-lni", 8, &same), ["33 warning"]);
    for report in [
        "A: Progress report: sits 40 minutes.",
        "97164",
        "progress: sits 40 minutes",
        "P: Progress report sent to Dr. Okafor.",
    ] {
        let with = |text: String| text.replace("2026-09-09\n", &format!("2026-09-09\n{report}\n"));
        assert_eq!(of("medicare", 12, &with), Vec::<String>::new(), "{report}");
    }
    for plan in [
        "P: Progress report at visit 10.",
        "A: Progress report due next week.",
    ] {
        let with = |text: String| text.replace("2026-09-09\n", &format!("2026-09-09\n{plan}\n"));
        assert_eq!(of("medicare", 12, &with).len(), 1, "{plan}");
    }
    let all: Vec<&str> = days.iter().map(String::as_str).collect();
    fixed("progress-report-due", &chart("payer: medicare", &all));
    let twice = |text: String| text.replace("visit: 2026-09-02\n", "visit: 2026-09-01\n");
    assert_eq!(
        of("medicare", 11, &twice),
        Vec::<String>::new(),
        "a day counts once"
    );
    let month = chart("payer: wa-lni", &["2026-09-01", "2026-10-01", "2026-10-02"]);
    assert_eq!(found("progress-report-due", &month), ["13 warning"]);
}

#[test]
fn a_plan_says_how_often() {
    let evaluation = |preamble: &str, plan: &str| {
        format!(
            "{preamble}\nvisit: 2026-10-01\n97161 10:00-10:30\nP: {plan}\nsigned: J. Chen, PT\n"
        )
    };
    let rule = "plan-without-frequency";
    assert_eq!(
        found(
            rule,
            &evaluation("dx: M54.50", "Manual therapy and exercise.")
        ),
        ["4 info"]
    );
    for plan in [
        "2x/week for 8 weeks.",
        "Discharge to home program.",
        "weekly",
    ] {
        silent(rule, &evaluation("dx: M54.50", plan));
    }
    for field in [
        "poc: 2026-10-01 to 2026-12-23, 2x/week",
        "referral: 12 visits",
    ] {
        silent(rule, &evaluation(field, "Manual therapy and exercise."));
    }
    let text = evaluation("poc: 2026-10-01 to 2026-12-23, exercise", "Manual therapy.");
    assert_eq!(found(rule, &text), ["1 info"]);
    silent(
        rule,
        &evaluation("poc: 2026-10-01 to 2026-12-23, exercise", "3x/wk"),
    );
    silent(rule, &evaluation("cert: 2026-10-01 to 2026-12-23", "3x/wk"));
    silent(rule, &visits(&["2026-10-01"]));
    fixed(rule, &text);
    fixed(
        rule,
        &evaluation("dx: M54.50", "Manual therapy and exercise."),
    );
    fixed(rule, &evaluation("dx: M54.50", "Manual therapy"));
}

#[test]
fn four_visits_without_progress() {
    let course = |lines: &[&str]| {
        let mut text = String::from("payer: regence\n\n");
        for (day, line) in lines.iter().enumerate() {
            let _ = write!(
                text,
                "visit: 2026-09-{:02}\n{line}\n97124 lumbar 10:00-10:30\nP: weekly\nsigned: x\n\n",
                day + 1
            );
        }
        found("no-progress", &text)
    };
    let none = Vec::<String>::new();
    assert_eq!(course(&["S: LBP 5/10."; 3]), none);
    assert_eq!(course(&["S: LBP 5/10."; 4]), ["21 info"]);
    assert_eq!(
        course(&["S: LBP 5/10."; 6]),
        ["33 info"],
        "told once, at the last"
    );
    assert_eq!(course(&["S: Sore."; 5]), none);
    assert_eq!(course(&["S: 0/10."; 5]), none);
    assert_eq!(
        course(&["S: 5/10.", "S: 5/10.", "S: 5/10.", "S: 4/10."]),
        none
    );
    assert_eq!(
        course(&["S: 5/10.", "S: 6/10.", "S: 5/10.", "S: 5/10."]),
        none
    );
    assert_eq!(
        course(&["S: 5/10.", "S: 5/10.", "S: 6/10.", "S: 6/10."]).len(),
        1
    );
    assert_eq!(
        course(&[
            "S: 5/10. Sits 20 minutes.",
            "S: 5/10.",
            "S: 5/10.",
            "S: 5/10. Sitting 30 min."
        ]),
        none
    );
    assert_eq!(
        course(&[
            "S: 5/10.\nO: Flex 45",
            "S: 5/10.",
            "S: 5/10.",
            "S: 5/10.\nO: Flex 50"
        ]),
        none
    );
    assert_eq!(course(&["S: 5/10.\nO: Flex 45"; 4]).len(), 1);
}

#[test]
fn dates_go_up() {
    let rule = "visit-order";
    assert_eq!(
        found(rule, &visits(&["2026-10-08", "2026-10-01"])),
        ["6 warning"]
    );
    silent(rule, &visits(&["2026-10-01", "2026-10-01", "2026-10-08"]));
    silent(rule, &visits(&["2026-10-15", "2026-10-08", "2026-10-01"]));
    assert_eq!(
        found(
            rule,
            &visits(&["2026-10-01", "2027-10-08", "2026-10-15", "2026-10-22"])
        ),
        ["11 warning"]
    );
    silent(rule, &visits(&["2026-10-01", "soon", "2026-10-08"]));
}

#[test]
fn the_same_visit_twice() {
    let rule = "duplicate-visit";
    let twice = visits(&["2026-10-01", "2026-10-01"]);
    assert_eq!(found(rule, &twice), ["6 warning"]);
    silent(rule, &twice.replacen("10:00-10:30", "3:00-3:30 pm", 1));
    silent(rule, &twice.replacen("97124", "97140", 1));
    silent(rule, &twice.replacen("\nP:", "\npayer: auto\nP:", 1));
    silent(rule, &visits(&["2026-10-01", "2026-10-02"]));
    assert_eq!(
        found(rule, &twice.replacen("10:00-10:30", "30 min", 1)).len(),
        1
    );
    let disciplines = twice
        .replacen("97124", "97530-GP", 1)
        .replacen("97124", "97530-GO", 1);
    silent(rule, &disciplines);
}

#[test]
fn not_after_today() {
    let rule = "future-visit";
    silent(rule, &visits(&["2026-11-22"]));
    assert_eq!(found(rule, &visits(&["2026-11-23"])), ["1 warning"]);
    silent(rule, "visit: 2026-12-01\nS:\n");
    let text = visits(&["2026-11-23"]);
    let undated = Analysis::of(&Document::new(&text), &Arc::new(Policy::default()));
    assert!(undated.findings().iter().all(|f| f.rule.name != rule));
}

#[test]
fn a_waiver_wants_a_reason() {
    let rule = "waiver-without-reason";
    let with = |waiver: &str| {
        format!(
            "visit: 2026-10-01\nwaive: {waiver}\n97124 lumbar 10:00-10:30\n  waive: {waiver}\nS: x\n"
        )
    };
    for waiver in [
        "units-limit",
        "units-limit, missing-goal",
        "missing-goal because",
        "missing-goal -",
        "units-limit payer approved it",
    ] {
        assert_eq!(
            found(rule, &with(waiver)),
            ["2 warning", "4 warning"],
            "{waiver}"
        );
        fixed(rule, &with(waiver));
    }
    for waiver in [
        "units-limit because approved",
        "units-limit - approved",
        "units-limit because ___",
        "",
    ] {
        silent(rule, &with(waiver));
    }
    silent(
        rule,
        "visit: 2026-10-01\n97124 10:00-10:30\nwaive: units-limit",
    );
}

#[test]
fn a_waiver_that_waives_nothing() {
    let rule = "unused-waiver";
    let with = |waiver: &str| {
        format!("visit: 2026-10-01\nwaive: {waiver}\n97124 lumbar 10:00-10:30\nS: x\nsigned: x\n")
    };
    assert_eq!(
        found(rule, &with("units-limit because it is so")),
        ["2 info"]
    );
    assert_eq!(
        found(rule, &with("missing-gaol because it is so")),
        ["2 info"]
    );
    assert_eq!(
        found(rule, &with("missing-goal, units-limit because so")),
        ["2 info"]
    );
    silent(rule, &with("missing-goal because it is so"));
    silent(rule, &with("missing-goal"));
    for waiver in [
        "units-limit because it is so",
        "missing-goal, units-limit because so",
    ] {
        fixed(rule, &with(waiver));
    }
    let renamed = with("missing-gaol because it is so");
    let fix = &analysis(&renamed)
        .findings()
        .into_iter()
        .find(|f| f.rule.name == rule)
        .map(|f| f.fixes);
    assert_eq!(
        fix.as_ref().map(|f| f[0].edits[0].text.clone()).as_deref(),
        Some("missing-goal")
    );

    let block = "visit: 2026-10-01\n97124 lumbar 10:00-10:05\n  waive: units-limit because so\nS: x\nsigned: x\n";
    assert_eq!(found(rule, block), ["3 info"]);
    fixed(rule, block);
    silent(rule, &block.replace("units-limit", "under-eight-minutes"));

    // A visit that is being written may yet need it.
    silent(
        rule,
        &with("units-limit because it is so").replace("signed: x\n", ""),
    );
    let chart = chart(
        "waive: units-limit because so",
        &["2026-10-01", "2026-10-08"],
    );
    assert_eq!(found(rule, &chart), ["1 info"]);
    fixed(rule, &chart);
    silent(rule, &chart.replace("10:00-10:30", "10:00-11:30"));
    // Rules about several visits count as well.
    silent(rule, &chart.replace("units-limit", "missing-referral"));
    silent(rule, &chart.replace("units-limit", "unused-waiver"));
}

/// What was found out step by step is what is found out at once.
#[test]
fn step_by_step_is_at_once() {
    let policy = Arc::new(policy());
    let start = chart(
        "payer: auto\nwaive: missing-goal, units-limit because so\nreferral: 2026-10-01 to 2026-10-10, 1 visits",
        &["2026-10-01", "2026-10-08", "2026-10-08"],
    );
    let edits = [
        ("units-limit because so", "referral-expired because so"),
        ("10:00-10:30", "10:00-10:05"),
        (
            "signed: A. Rivera, LMT",
            "waive: under-eight-minutes because so",
        ),
        ("2026-10-08", "2026-11-30"),
        ("payer: auto\n", ""),
        ("visit: 2026-10-01", "2026-10-01"),
        ("because so", ""),
        ("waive: missing-goal,", "dx: M54.50"),
        ("2026-11-30", "2026-10-08"),
        (
            "97124",
            "97124 lumbar 10:00-12:00\n  waive: units-limit because ___\n97124",
        ),
    ];
    let mut document = Document::new(&start);
    let mut analysis = Analysis::of(&document, &policy);
    for (from, to) in edits {
        let text = document.text();
        let Some(at) = text.find(from) else {
            panic!("{from} is in {text}")
        };
        document.replace(Span::new(at, at + from.len()), to);
        analysis = analysis.updated(&document, &policy);
        let fresh = Analysis::of(&Document::new(&document.text()), &policy);
        assert_eq!(analysis.findings(), fresh.findings(), "{}", document.text());
    }
}

/// What the pages say is what the program says.
#[test]
fn the_pages_are_right() {
    let names = [
        "referral-expired",
        "visits-exceeded",
        "missing-referral",
        "certification-expired",
        "progress-report-due",
        "plan-without-frequency",
        "no-progress",
        "visit-order",
        "duplicate-visit",
        "future-visit",
        "waiver-without-reason",
        "unused-waiver",
    ];
    let mut wrong = Vec::new();
    for name in names {
        let page = super::find(name).map_or("", |r| r.page);
        let blocks: Vec<&str> = page.split("```").skip(1).step_by(2).collect();
        for (at, block) in blocks.iter().enumerate() {
            let (kind, note) = block.split_once('\n').unwrap_or_default();
            let expected = match kind {
                "soap fires" => blocks[at + 1].strip_prefix("text\n").unwrap_or_default(),
                "soap silent" => "",
                _ => continue,
            };
            let mut said = String::new();
            for finding in analysis(note).findings() {
                if finding.rule.name == name {
                    let line = note[..finding.span.start].matches('\n').count() + 1;
                    let level = finding.level.word();
                    let _ = writeln!(said, "line {line}: {level}: {}", finding.message);
                }
            }
            if said != expected {
                wrong.push(format!("{name} {kind}:\n{said}\n{expected}\n{note}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
}

#[test]
fn a_profile_that_requires_a_referral_makes_it_a_warning() {
    let (policy, problems) =
        crate::rules::read_policy("[payers.plan]\nrequires = [\"referral\"]\n");
    assert_eq!(problems, []);
    let text = "payer: plan\n\nvisit: 2026-11-02\n97110 15 min\n";
    let found = Analysis::of(&Document::new(text), &Arc::new(policy)).findings();
    let levels: Vec<Level> = found
        .iter()
        .filter(|f| f.rule.name == "missing-referral")
        .map(|f| f.level)
        .collect();
    assert_eq!(levels, [Level::Warning]);
}

#[test]
fn an_authorization_at_its_boundaries() {
    let rule = "authorization-exceeded";
    let days = ["2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"];
    let text = |field: &str| chart(&format!("payer: regence\n{field}"), &days);
    let dated = |what: &str| text(&format!("auth: A1, {what}, 2026-10-01 to 2026-12-31"));
    // Each visit has two units.
    assert_eq!(found(rule, &dated("3 visits")), ["19 warning"]);
    assert_eq!(found(rule, &dated("7 units")), ["19 warning"]);
    assert_eq!(found(rule, &dated("12 visits or 7 units")), ["19 warning"]);
    assert_eq!(found(rule, &dated("4 visits")), ["19 info"]);
    assert_eq!(found(rule, &dated("6 visits")), ["19 info"]);
    assert_eq!(found(rule, &dated("12 units")), ["19 info"]);
    silent(rule, &dated("7 visits"));
    silent(rule, &dated("13 units"));
    silent(rule, &dated("2 units of 97140"));
    assert_eq!(found(rule, &dated("7 units of 97124")), ["19 warning"]);
    silent(rule, &dated("requested 2 visits"));
    assert_eq!(found(rule, &text("auth: A1, 3 visits")), ["19 info"]);
    silent(
        rule,
        &text("auth: A1, 3 visits, 2026-10-06 to 2026-12-31\nauth: A2, 9 visits"),
    );
    // What is left of an authorization whose visits are used up takes nothing.
    let days = ", 2026-10-01 to 2026-12-31";
    let both = format!("auth: A1, 9 visits or 3 units{days}\nauth: A2, 1 visit or 9 units{days}");
    assert_eq!(
        found(rule, &text(&both)),
        ["10 info", "15 warning", "20 warning"]
    );
    fixed(rule, &dated("3 visits"));
    fixed(rule, &dated("5 visits"));
}

#[test]
fn an_authorization_is_one_payers() {
    let rule = "authorization-exceeded";
    let days = ["2026-10-05", "2026-10-12", "2026-10-19"];
    let field = "authorization: A1, 2 visits, 2026-10-01 to 2026-12-31";
    let mixed = chart(&format!("payer: regence\n{field}"), &days)
        .replace("visit: 2026-10-12", "visit: 2026-10-12\npayer: auto");
    assert_eq!(found(rule, &mixed), ["15 info"]);
    let none = chart(field, &days).replace("visit: 2026-10-12", "visit: 2026-10-12\npayer: auto");
    silent(rule, &none);
    // Two visits of a day are one; what the second adds is counted with the first.
    let twice = chart(field, &["2026-10-05", "2026-10-05", "2026-10-12"]);
    assert_eq!(found(rule, &twice), ["13 info"]);
}

#[test]
fn after_the_last_day_of_an_authorization() {
    let rule = "authorization-expired";
    let days = ["2026-09-30", "2026-10-31", "2026-11-01"];
    let text = |field: &str| chart(field, &days);
    let field = "authorization: A1, 12 visits, 2026-10-01 to 2026-10-31";
    assert_eq!(found(rule, &text(field)), ["13 warning"]);
    fixed(rule, &text(field));
    silent(
        rule,
        &text(&format!("{field}\nauth: A2, 2026-11-01 to 2026-12-31")),
    );
    silent(rule, &text(&format!("{field}\nauth: A2, 6 visits")));
    silent(rule, &text("authorization: A1, 12 visits"));
    let other = text(&format!("payer: regence\n{field}"));
    silent(
        rule,
        &other.replace("visit: 2026-11-01", "visit: 2026-11-01\npayer: cash"),
    );
}
