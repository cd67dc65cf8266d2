//! A payer is judged by what its profile says, whatever it is called.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Finding;
use crate::analysis::Analysis;
use crate::policy::Policy;
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
