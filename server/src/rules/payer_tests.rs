//! A payer is judged by what its profile says, whatever it is called.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Finding;
use crate::analysis::Analysis;
use crate::policy::{Level, Policy};
use crate::text::Document;

/// Names that say something else than the profiles do.
const FOREIGN: [&str; 3] = ["chiron-advantage", "Medicare-Chiro of Ohio", "Default Fund"];

/// Notes of each profession, and those whose findings hang on who pays.
const NOTES: &[&str] = &[
    "clean/dc-medicare-three-visits.soap",
    "clean/lmt-long-chart-two-payers.soap",
    "clean/lmt-twelve-visits.soap",
    "clean/ot-medicare-stroke.soap",
    "clean/pt-medicare-stimulation.soap",
    "findings/adjustment-without-at.soap",
    "findings/massage-and-manual-therapy.soap",
    "findings/plan-of-care-lapsed.soap",
    "findings/progress-report-forgotten.soap",
    "findings/referral-ran-out.soap",
    "findings/relaxation-and-maintenance.soap",
];

/// The note with every payer's name changed, or the name before it if it names none.
fn paid_by(note: &str, payer: &str) -> String {
    let line = format!("payer: {payer}");
    let named = |l: &&str| l.starts_with("payer:");
    if note.lines().any(|l| named(&l)) {
        let lines = note.lines();
        let lines = lines.map(|l| if named(&l) { &*line } else { l });
        lines.collect::<Vec<_>>().join("\n")
    } else {
        format!("{line}\n{note}")
    }
}

fn findings(note: &str, settings: &str) -> Vec<Finding> {
    let (policy, problems) = super::read_policy(settings);
    assert_eq!(problems, []);
    let policy = policy.on(jiff::civil::date(2026, 11, 22));
    Analysis::of(&Document::new(note), &Arc::new(policy)).findings()
}

#[test]
fn a_payer_like_another_gets_the_same_findings() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/notes");
    let mut notes: Vec<String> = NOTES
        .iter()
        .map(|name| std::fs::read_to_string(format!("{folder}/{name}")).expect(name))
        .collect();
    // Who wrote it is not said: the profile says.
    notes
        .push("visit: 2026-11-20\n97110 15 min\nG0283\nA: Maintenance care. Plateaued.".to_owned());
    for name in FOREIGN {
        let notes: Vec<String> = notes.iter().map(|note| paid_by(note, name)).collect();
        let mut kinds = BTreeSet::new();
        for model in &*Policy::default().payers {
            // The same words, once for the profile itself and once for one that is like it.
            let model = &model.name;
            let itself = format!("[payers.{model}]\naliases = [\"{name}\"]\n");
            let like = format!("[payers.\"{name}\"]\nlike = \"{model}\"\n");
            let of_notes = |settings: &str| {
                let each = notes.iter().map(|note| findings(note, settings));
                each.collect::<Vec<_>>()
            };
            let (itself, like) = (of_notes(&itself), of_notes(&like));
            for (note, (itself, like)) in notes.iter().zip(itself.iter().zip(&like)) {
                assert!(like == itself, "{name} like {model}:\n{note}");
            }
            kinds.insert(format!("{like:?}"));
        }
        assert!(
            kinds.len() > 8,
            "these notes do not tell the profiles apart"
        );
    }
}

#[test]
fn what_used_to_hang_on_a_name() {
    let named = |note: &str, like: &str| {
        let found = findings(
            &paid_by(note, "chiron-lni"),
            &format!("[payers.chiron-lni]\nlike = \"{like}\"\n"),
        );
        found.iter().map(|f| f.rule.name).collect::<BTreeSet<_>>()
    };
    let report = include_str!("../../../tests/notes/findings/progress-report-forgotten.soap");
    assert!(named(report, "wa-lni").contains("progress-report-due"));
    assert!(!named(report, "workers-comp").contains("progress-report-due"));
    let plan = include_str!("../../../tests/notes/findings/plan-of-care-lapsed.soap");
    assert!(named(plan, "medicare").contains("certification-expired"));
    assert!(!named(plan, "medicare-chiro").contains("certification-expired"));
    let stimulation = "visit: 2026-11-20\nG0283-GP lumbar";
    assert!(named(stimulation, "commercial").contains("payer-code"));
    assert!(!named(stimulation, "default").contains("payer-code"));
}

#[test]
fn a_payer_of_ones_own_is_not_called_by_anothers_name() {
    let settings =
        "[payers.fund]\ncertified-plan = true\nprogress-report = { visits = 2, months = 2 }\n";
    let said = |text: &str, settings: &str, rule: &str| {
        let note = format!("payer: fund\n{text}");
        let found = findings(&note, settings);
        let found = found.into_iter().find(|f| f.rule.name == rule);
        found.expect("a finding").message
    };
    let days = |days: &[&str]| {
        let visit = |day: &&str| format!("visit: {day}\n97110 30 min\n");
        days.iter().map(visit).collect::<String>()
    };
    let three = days(&["2026-09-01", "2026-09-02", "2026-09-03"]) + "P: Weekly.\n";
    assert_eq!(
        said(&three, settings, "progress-report-due"),
        "There were 2 visits without a progress report before this one. This payer asks for one after 2 visits or 2 months, whichever comes first, and pays for no further visits without it."
    );
    let late = days(&["2026-08-01", "2026-10-02"]);
    assert_eq!(
        said(&late, settings, "progress-report-due"),
        "More than 2 months have gone by without a progress report. This payer asks for one after 2 visits or 2 months, whichever comes first, and pays for no further visits without it."
    );
    let named = settings.replace(", months = 2", "") + "policy-of = \"The fund\"\n";
    assert_eq!(
        said(&three, &named, "progress-report-due"),
        "There were 2 treatment days without a progress report before this one. The fund asks for one at least every 2 treatment days and denies what follows without it."
    );
    let lapsed = format!("plan of care: 2026-05-01 to 2026-07-29\n{late}");
    let message = said(&lapsed, &named, "certification-expired");
    assert!(message.contains("The fund denies treatment"), "{message}");
}

/// The sample notes of a folder.
fn sample_notes(folder: &str) -> Vec<String> {
    let folder = format!("{}/../tests/notes/{folder}", env!("CARGO_MANIFEST_DIR"));
    let entries = std::fs::read_dir(folder).expect("the folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .map(|path| std::fs::read_to_string(path).expect("a note"))
        .collect()
}

#[test]
fn where_the_patient_pays_nothing_is_said_of_payers() {
    let (mut notes, mut seen) = (0, BTreeSet::new());
    for note in sample_notes("findings")
        .iter()
        .chain(&sample_notes("clean"))
    {
        // Another label of the payer's, which `paid_by` does not see.
        let names_another = |line: &str| {
            let label = line.split(':').next().unwrap_or_default();
            let small = label.trim().to_lowercase();
            let is_payer = ["payer", "insurer", "ins", "carrier", "health plan"].contains(&&*small);
            label != "payer" && (is_payer || small.contains("insurance"))
        };
        if note.lines().any(names_another) {
            continue;
        }
        notes += 1;
        for finding in findings(&paid_by(note, "cash"), "") {
            let message = finding.message.to_lowercase();
            for word in ["payer", "insurer", "medicare", "denies", "deny"] {
                assert!(!message.contains(word), "{message}");
            }
            seen.insert((finding.rule.name, finding.level));
        }
    }
    assert!(notes > 100 && seen.len() > 20, "{notes}: {seen:?}");
    for (rule, level) in seen {
        let is_form =
            ["invalid-date", "unfilled-placeholder", "patient-identifier"].contains(&rule);
        assert!(level <= Level::Information || is_form, "{rule}");
        let of_payers = [
            "ncci-pair",
            "units-overclaimed",
            "massage-with-manual-therapy",
            "missing-referral",
        ];
        assert!(!of_payers.contains(&rule), "{rule}");
    }
}

#[test]
fn a_payer_may_make_a_rule_quieter() {
    let note = "payer: fund\nvisit: 2026-11-20\n97140 neck 15 min\n97124 low back 25 min\n";
    let level = |settings: &str| {
        let found = findings(note, settings);
        let mut found = found
            .iter()
            .filter(|f| f.rule.name == "massage-with-manual-therapy");
        found.next().map(|f| f.level)
    };
    let rules = |level: &str| {
        format!("[payers.fund]\n[payers.fund.rules]\nmassage-with-manual-therapy = \"{level}\"\n")
    };
    assert_eq!(level("[payers.fund]\n"), Some(Level::Error));
    assert_eq!(level(&rules("hint")), Some(Level::Hint));
    assert_eq!(level(&rules("off")), None);
    assert_eq!(
        level(&format!(
            "{}\n[rules]\nmassage-with-manual-therapy = \"warning\"\n",
            rules("hint")
        )),
        Some(Level::Warning)
    );
}

#[test]
fn how_old_a_visit_is_when_it_is_too_late_to_file_it() {
    let rule = "timely-filing";
    let at = |payer: &str, days: &[&str]| {
        let visit =
            |day: &&str| format!("visit: {day}\n97110-GP 30 min\nsigned: J. Chen, PT {day}\n");
        let note = format!(
            "payer: {payer}\n{}",
            days.iter().map(visit).collect::<String>()
        );
        let found = findings(&note, "[payers.fund]\ntimely-filing = { days = 30 }\n");
        let mine = found.iter().filter(|f| f.rule.name == rule);
        mine.map(|f| note[f.span.range()].to_owned())
            .collect::<Vec<_>>()
    };
    // Today is 2026-11-22.
    assert_eq!(at("medicare", &["2025-11-22"]), [""; 0]);
    assert_eq!(at("medicare", &["2025-11-21"]), ["2025-11-21"]);
    assert_eq!(at("fund", &["2026-10-23"]), [""; 0]);
    assert_eq!(
        at("fund", &["2026-09-01", "2026-10-22", "2026-11-20"]),
        ["2026-10-22"]
    );
    assert_eq!(at("commercial", &["2020-01-02"]), [""; 0]);
    assert_eq!(at("self-pay", &["2020-01-02"]), [""; 0]);
}

#[test]
fn from_when_a_plan_of_care_is_missed() {
    let level = |payer: &str, before: &str, days: &[&str], code: &str| {
        let visit =
            |day: &&str| format!("visit: {day}\n{code} 30 min\nsigned: J. Chen, PT {day}\n");
        let note = format!(
            "payer: {payer}\n{before}{}",
            days.iter().map(visit).collect::<String>()
        );
        let found = findings(&note, "");
        let mine = found
            .iter()
            .filter(|f| f.rule.name == "missing-plan-of-care");
        mine.map(|f| f.level).collect::<Vec<_>>()
    };
    let (day_29, day_30) = (["2026-10-01", "2026-10-29"], ["2026-10-01", "2026-10-30"]);
    assert_eq!(
        level("medicare", "", &day_29, "97110-GP"),
        [Level::Information]
    );
    assert_eq!(level("medicare", "", &day_30, "97110-GP"), [Level::Warning]);
    for (payer, before, code) in [
        ("medicare", "plan of care:\n", "97110-GP"),
        ("medicare", "", "97161-GP"),
        ("medicare", "", "97110-GY"),
        ("medicare-chiro", "", "97110-GP"),
        ("commercial", "", "97110-GP"),
    ] {
        assert_eq!(
            level(payer, before, &day_30, code),
            [],
            "{payer} {before} {code}"
        );
    }
    let by = |who: &str| {
        let plan = format!("plan of care: 2026-10-01 to 2026-12-20, certified by {who}\n");
        level("medicare", &plan, &day_30, "97110-GP")
    };
    assert_eq!(by("S. Patel, DC"), [Level::Warning]);
    for who in [
        "R. Okafor, MD",
        "S. Patel, DC and R. Okafor, MD",
        "Dr. Okafor",
    ] {
        assert_eq!(by(who), [], "{who}");
    }
}

#[test]
fn an_adjustment_wants_a_subluxation_where_it_is() {
    let found = |payer: &str, dx: &str, line: &str| {
        let note =
            format!("payer: {payer}\nvisit: 2026-11-20\n{dx}\n{line}\nsigned: S. Patel, DC\n");
        let found = findings(&note, "");
        found
            .iter()
            .filter(|f| f.rule.name == "missing-subluxation")
            .count()
    };
    for (dx, line) in [
        ("dx: M54.50", "98940-AT lumbar"),
        ("dx: M54.2; M99.03", "98940-AT cervical"),
        ("dx: M99.06", "98941-AT"),
    ] {
        assert_eq!(found("medicare-chiro", dx, line), 1, "{dx} {line}");
        assert_eq!(found("railroad-medicare", dx, line), 1, "{dx} {line}");
        assert_eq!(found("commercial", dx, line), 0, "{dx} {line}");
    }
    for (dx, line) in [
        ("dx: M54.50; M99.13", "98940-AT lumbar"),
        ("dx: M99.05", "98940-AT sacral"),
        ("dx: M99.00", "98940-AT cervical"),
        ("dx: M99.03; M99.01", "98941-AT thoracic, lumbar, sacral"),
        ("dx: M99.02", "98940-AT"),
        ("dx: M54.50", "98940-GA lumbar"),
        ("dx: M54.50", "98943 shoulder"),
        ("", "98940-AT lumbar"),
        ("dx: low back pain", "98940-AT lumbar"),
    ] {
        assert_eq!(found("medicare-chiro", dx, line), 0, "{dx} {line}");
    }
}
