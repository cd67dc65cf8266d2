//! Tests of the rules about a note's form, words and identifiers.

use std::sync::Arc;

use super::Finding;
use crate::analysis::Analysis;
use crate::policy::{Level, Policy};
use crate::text::Document;

fn findings_by(text: &str, policy: &Arc<Policy>) -> Vec<Finding> {
    Analysis::of(&Document::new(text), policy).findings()
}

fn findings(text: &str, rule: &str) -> Vec<Finding> {
    assert!(super::find(rule).is_some(), "{rule}");
    let all = findings_by(text, &Arc::new(Policy::default()));
    all.into_iter().filter(|f| f.rule.name == rule).collect()
}

/// The words that a rule's findings point at.
fn spans<'a>(text: &'a str, rule: &str) -> Vec<&'a str> {
    let found = findings(text, rule);
    found.iter().map(|f| &text[f.span.range()]).collect()
}

fn applied(text: &str, finding: &Finding, fix: usize) -> String {
    let mut edits = finding.fixes[fix].edits.clone();
    edits.sort_by_key(|e| e.span);
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        out.replace_range(edit.span.range(), &edit.text);
    }
    out
}

/// Each fix makes its finding vanish and brings no other warning or error but placeholders to fill.
fn fixes_hold(text: &str, rule: &str) {
    let policy = Arc::new(Policy::default());
    fixes_hold_by(text, rule, &policy);
}

fn fixes_hold_by(text: &str, rule: &str, policy: &Arc<Policy>) {
    let before = findings_by(text, policy);
    let of_rule: Vec<_> = before.iter().filter(|f| f.rule.name == rule).collect();
    assert!(!of_rule.is_empty(), "{rule} finds nothing in {text}");
    let loud = |all: &[Finding]| {
        let mut names: Vec<_> = all
            .iter()
            .filter(|f| f.level >= Level::Warning && f.rule.name != "unfilled-placeholder")
            .map(|f| f.rule.name)
            .collect();
        names.sort_unstable();
        names
    };
    for finding in &of_rule {
        assert!(!finding.fixes.is_empty(), "{finding:?}");
        for fix in 0..finding.fixes.len() {
            let text = applied(text, finding, fix);
            let after = findings_by(&text, policy);
            let left = after.iter().filter(|f| f.rule.name == rule).count();
            assert!(left < of_rule.len(), "{rule} stays in {text}");
            let mut new = loud(&after);
            for old in loud(&before) {
                if let Some(at) = new.iter().position(|n| *n == old) {
                    new.remove(at);
                }
            }
            assert_eq!(new, Vec::<&str>::new(), "{text}");
        }
    }
}

const HEAD: &str = "payer: commercial\nprovider: A. Rivera, LMT\ndx: M54.50 low back pain\n";
const GOAL: &str = "goal 1: sit at desk 60 minutes with pain 3/10 or less by 2026-12-15\n";

/// A right note with the parts that a test wants to change.
fn note(s: &str, o: &str, done: &str, a: &str, p: &str, signed: &str) -> String {
    let parts = [s, o, done, a, p, signed];
    let lines: Vec<&str> = parts.into_iter().filter(|line| !line.is_empty()).collect();
    let lines = lines.join("\n");
    format!("{HEAD}{GOAL}\nvisit: 2026-11-20\n{lines}\n")
}

const S: &str = "S: Low back pain 6/10 after sitting.";
const O: &str = "O: Paraspinals tight, flexion 40 degrees.";
const DONE: &str =
    "97124 lumbar 10:02-10:27\n  technique: petrissage\n  response: pain 6/10 to 4/10";
const BARE: &str = "97124 lumbar 10:02-10:27\n  technique: petrissage";
const A: &str = "A: Sits 40 minutes, was 30.";
const P: &str = "P: Weekly for 4 weeks.";
const SIGNED: &str = "signed: A. Rivera, LMT 2026-11-20";

fn right() -> String {
    note(S, O, DONE, A, P, SIGNED)
}

const RULES: [&str; 15] = [
    "goal-is-a-plan",
    "goal-overdue",
    "missing-response",
    "missing-section",
    "empty-section",
    "missing-signature",
    "denial-wording",
    "rote-wording",
    "cloned-note",
    "invalid-date",
    "misspelt-field",
    "unrecognised-heading",
    "duplicate-section",
    "unknown-payer",
    "patient-identifier",
];

#[test]
fn a_right_note_gets_nothing() {
    for rule in RULES {
        assert_eq!(spans(&right(), rule), Vec::<&str>::new(), "{rule}");
    }
}

#[test]
fn sample_notes_get_nothing_loud() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/notes/clean");
    let policy = Arc::new(Policy::default());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for finding in findings_by(&text, &policy) {
            if RULES.contains(&finding.rule.name) {
                let words = &text[finding.span.range()];
                println!("{}: {} {words:?}", path.display(), finding.rule.name);
                assert!(finding.level < Level::Warning);
            }
        }
    }
}

#[test]
fn every_prefix_of_a_note_being_typed_is_quiet() {
    let text = right();
    let typed = [
        "missing-section",
        "empty-section",
        "missing-response",
        "missing-signature",
        "invalid-date",
        "denial-wording",
        "rote-wording",
        "misspelt-field",
        "unrecognised-heading",
        "duplicate-section",
        "patient-identifier",
    ];
    let policy = Arc::new(Policy::default());
    for (at, _) in text.char_indices() {
        for finding in findings_by(&text[..at], &policy) {
            assert!(
                !typed.contains(&finding.rule.name),
                "{} in {}",
                finding.rule.name,
                &text[..at]
            );
        }
    }
}

mod goals {
    use super::*;

    fn with_goal(goal: &str) -> String {
        right().replace(GOAL, &format!("{goal}\n"))
    }

    #[test]
    fn what_the_therapist_does_is_a_plan() {
        for goal in [
            "goal 1: Therapist will perform STM to decrease tone",
            "goal 1: LMT will release the psoas in 4 weeks",
            "goal: we will work on sitting tolerance",
            "goal: I will continue to treat the low back for 6 visits",
        ] {
            let text = with_goal(goal);
            assert_eq!(spans(&text, "goal-is-a-plan").len(), 1, "{goal}");
            for other in [
                "goal-not-functional",
                "goal-not-measurable",
                "goal-without-date",
                "missing-goal",
            ] {
                assert_eq!(spans(&text, other), Vec::<&str>::new(), "{goal}: {other}");
            }
        }
        for goal in [
            "goal: I will sit at my desk 45 minutes by 2026-12-15",
            "goal: PT will be able to walk 2 blocks without stopping in 4 weeks",
            "goal: We will walk the dog 20 minutes daily by 2026-12-15",
            "goal: massage clients 45 minutes at work as a therapist by 2026-12-15",
        ] {
            assert_eq!(
                spans(&with_goal(goal), "goal-is-a-plan"),
                Vec::<&str>::new(),
                "{goal}"
            );
        }
    }

    #[test]
    fn overdue() {
        let late = with_goal("goal 1: sit 60 minutes at desk by 2026-11-19 (now 30 minutes)");
        assert_eq!(spans(&late, "goal-overdue"), ["2026-11-19"]);
        assert_eq!(findings(&late, "goal-overdue")[0].level, Level::Information);
        fixes_hold(&late, "goal-overdue");
        // Said once of a chart's goal.
        let more = format!("{late}\nvisit: 2026-11-27\n{S}\n");
        assert_eq!(spans(&more, "goal-overdue").len(), 1);
        for goal in [
            "goal 1: sit 60 minutes at desk by 2026-11-20",
            "goal 1: sit 60 minutes at desk in 4 weeks (set 2026-11-01)",
            "goal 1: from 30 minutes on 2026-10-01 sit 60 minutes by 2026-12-01",
            "goal 1: sit 60 minutes at desk by 2026-11-19, met 2026-11-18",
        ] {
            assert_eq!(
                spans(&with_goal(goal), "goal-overdue"),
                Vec::<&str>::new(),
                "{goal}"
            );
        }
        let met = late.replace(A, "A: Goal 1 met (60 minutes).");
        assert_eq!(spans(&met, "goal-overdue"), Vec::<&str>::new());
        let restated = late.replace(
            A,
            "A: Slow.\ngoal 1: sit 60 minutes at desk by 2026-12-19 (now 50 minutes)",
        );
        assert_eq!(spans(&restated, "goal-overdue"), Vec::<&str>::new());
        let own = right().replace(A, "A: Slow.\ngoal 2: walk 2 miles by 11/01/2026");
        assert_eq!(spans(&own, "goal-overdue"), ["11/01/2026"]);
    }
}

mod what_is_missing {
    use super::*;

    #[test]
    fn response() {
        let without = note(S, O, BARE, "A: Chronic low back pain.", P, SIGNED);
        assert_eq!(spans(&without, "missing-response"), ["97124"]);
        fixes_hold(&without, "missing-response");
        let empty = without.replace("petrissage", "petrissage\n  response:");
        assert_eq!(spans(&empty, "missing-response"), ["97124"]);
        fixes_hold(&empty, "missing-response");
        fixes_hold(&without.replace('\n', "\r\n"), "missing-response");
        let dose = without.replace("petrissage", "petrissage to increase ROM, 10 to 12 reps");
        assert_eq!(spans(&dose, "missing-response"), ["97124"]);
        for (from, to) in [
            (
                "A: Chronic low back pain.",
                "A: Low back pain 6/10 to 4/10.",
            ),
            (
                "A: Chronic low back pain.",
                "A: Tolerated treatment with mild soreness.",
            ),
            ("A: Chronic low back pain.", "A: Sits 40 minutes, was 30."),
            (
                "  technique: petrissage",
                "  petrissage; 55 to 65 degrees after",
            ),
            (
                "  technique: petrissage",
                "  petrissage\n  response: softer",
            ),
            ("97124 lumbar 10:02-10:27", "97161"),
            ("97124 lumbar 10:02-10:27", "97010 lumbar 8 min"),
        ] {
            let text = without.replace(from, to);
            assert_eq!(spans(&text, "missing-response"), Vec::<&str>::new(), "{to}");
        }
        let after = without.replace("A: Chronic", "Post-tx: flexion 55.\nA: Chronic");
        assert_eq!(spans(&after, "missing-response"), Vec::<&str>::new());
        // Before the plan is written, the note is not at its end.
        let typed = note(S, O, BARE, "A: Chronic low back pain.", "", "");
        assert_eq!(spans(&typed, "missing-response"), Vec::<&str>::new());
    }

    #[test]
    fn a_figure_of_this_day_is_a_response() {
        let text = note(S, O, BARE, "A: Lifts 35 lb today.", P, SIGNED);
        assert_eq!(spans(&text, "missing-response"), Vec::<&str>::new());
        let goal = note(S, O, BARE, "A: Goal 1 stands.", P, SIGNED);
        assert_eq!(spans(&goal, "missing-response"), ["97124"]);
    }

    #[test]
    fn sections() {
        for (text, names) in [
            (note(S, O, DONE, "", P, SIGNED), "no Assessment section"),
            (
                note("", O, DONE, A, "", SIGNED),
                "no Subjective and Plan sections",
            ),
            (
                note("", "", DONE, "", "", SIGNED),
                "no Subjective, Objective, Assessment and Plan",
            ),
            (note(S, "", DONE, A, P, SIGNED), "no Objective section"),
            (
                note(S, "", &format!("Tx:\n{DONE}"), A, P, SIGNED),
                "no Objective section",
            ),
            // Typed past it.
            (note(S, O, DONE, "", P, ""), "no Assessment section"),
        ] {
            let found = findings(&text, "missing-section");
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].message.contains(names), "{}", found[0].message);
            assert_eq!(&text[found[0].span.range()], "visit: 2026-11-20");
            fixes_hold(&text, "missing-section");
            fixes_hold(&text.replace('\n', "\r\n"), "missing-section");
            fixes_hold(text.trim_end(), "missing-section");
        }
        let text = note(S, "", DONE, "", P, SIGNED);
        let fixed = applied(&text, &findings(&text, "missing-section")[0], 0);
        let right = note(S, "O: ___", DONE, "A: ___", P, SIGNED);
        assert_eq!(fixed, right);
        for quiet in [
            note(S, O, DONE, "", "", ""),
            note(S, "", "", "", "", SIGNED),
            note(S, O, DONE, "A/P: Better; weekly.", "", SIGNED),
            note(
                "History: neck pain",
                "Findings: tight",
                DONE,
                "Impression: better",
                P,
                SIGNED,
            ),
            note("Data: neck pain, tight", "", DONE, A, P, SIGNED),
            note(S, O, DONE, "Assesment: Better.", P, SIGNED),
            note(
                "S) pain",
                "O) tight",
                DONE,
                "A) better",
                "P) weekly",
                SIGNED,
            ),
        ] {
            assert_eq!(
                spans(&quiet, "missing-section"),
                Vec::<&str>::new(),
                "{quiet}"
            );
        }
    }

    #[test]
    fn a_visit_that_others_follow_is_judged_unsigned() {
        let text = format!("{}\nvisit: 2026-11-27\n{S}\n", note(S, O, DONE, "", P, ""));
        assert_eq!(spans(&text, "missing-section"), ["visit: 2026-11-20"]);
        fixes_hold(&text, "missing-section");
        assert_eq!(spans(&text, "missing-signature"), ["visit: 2026-11-20"]);
        fixes_hold(&text, "missing-signature");
    }

    #[test]
    fn empty_sections() {
        for (text, span) in [
            (note("S:", O, DONE, A, P, SIGNED), "S:"),
            (note(S, O, DONE, "A:  ", P, SIGNED), "A:"),
            (note(S, O, DONE, A, "Plan:", SIGNED), "Plan:"),
            (note(S, O, DONE, A, "P:\n// ask about stairs", SIGNED), "P:"),
            (note(S, O, DONE, "A:", P, ""), "A:"),
            (note("S:", "", DONE, A, P, SIGNED), "S:"),
        ] {
            assert_eq!(spans(&text, "empty-section"), [span], "{text}");
            assert_eq!(findings(&text, "empty-section")[0].level, Level::Warning);
            fixes_hold(&text, "empty-section");
        }
        for quiet in [
            note(S, "O:", DONE, A, P, SIGNED),
            note("S:\nLow back pain.", O, DONE, A, P, SIGNED),
            note(S, O, DONE, "A:\ngoal 2: walk 2 miles in 4 weeks", P, SIGNED),
            note("S: none", O, DONE, A, "P: ___", SIGNED),
            note("S:", "O:", DONE, "A:", "P:", ""),
            note(S, O, DONE, A, "P:", ""),
            note("S:", "", "", "", "", SIGNED),
        ] {
            assert_eq!(
                spans(&quiet, "empty-section"),
                Vec::<&str>::new(),
                "{quiet}"
            );
        }
    }

    #[test]
    fn signature() {
        let unsigned = note(S, O, DONE, A, P, "");
        assert_eq!(spans(&unsigned, "missing-signature"), Vec::<&str>::new());
        let mut policy = Policy {
            today: jiff::civil::Date::new(2026, 11, 20).ok(),
            ..Policy::default()
        };
        let named = |text: &str, policy: &Policy| {
            let found = findings_by(text, &Arc::new(policy.clone()));
            found.iter().any(|f| f.rule.name == "missing-signature")
        };
        assert!(!named(&unsigned, &policy), "the day itself");
        policy.today = jiff::civil::Date::new(2026, 11, 21).ok();
        assert!(named(&unsigned, &policy), "the day after");
        fixes_hold_by(&unsigned, "missing-signature", &Arc::new(policy.clone()));
        fixes_hold_by(
            &format!("{unsigned}signed:\n"),
            "missing-signature",
            &Arc::new(policy.clone()),
        );
        for signed in [
            "Electronically signed by A. Rivera, LMT",
            "/s/ A. Rivera",
            "A. Rivera, LMT",
            "Jane Doe PT, DPT 11/20/2026",
        ] {
            let text = format!("{unsigned}{signed}\n");
            assert!(!named(&text, &policy), "{signed}");
        }
    }
}

mod words {
    use super::*;

    #[test]
    fn denials() {
        for (text, span) in [
            (
                note(S, O, DONE, A, "P: Monthly maintenance.", SIGNED),
                "maintenance",
            ),
            (
                note(S, O, DONE, "A: For stress relief.", P, SIGNED),
                "stress relief",
            ),
            (
                note(
                    S,
                    O,
                    "97124 back 30 min\n  worked on back\n  response: 4/10",
                    A,
                    P,
                    SIGNED,
                ),
                "worked on back",
            ),
            (
                note(S, O, DONE, "A: Same as last visit.", P, SIGNED),
                "Same as last visit",
            ),
        ] {
            assert_eq!(spans(&text, "denial-wording"), [span], "{text}");
            assert_eq!(findings(&text, "denial-wording")[0].level, Level::Warning);
            assert_eq!(spans(&text, "rote-wording"), Vec::<&str>::new(), "{text}");
        }
        for quiet in [
            note(
                "S: Wants relaxation and maintenance.",
                O,
                DONE,
                A,
                P,
                SIGNED,
            ),
            note(S, "O: No change.", DONE, A, P, SIGNED),
            note(
                S,
                O,
                DONE,
                "A: This is not a\n   maintenance visit.",
                P,
                SIGNED,
            ),
            note(
                S,
                O,
                DONE,
                A,
                "P: Transition to maintenance at discharge; HEP.",
                SIGNED,
            ),
            note(
                S,
                O,
                DONE,
                "A: Pain prevents patient from sleeping 6 hours.",
                P,
                SIGNED,
            ),
            note(S, O, DONE, A, "P: Ice 10-15 min at home.", SIGNED),
            note(S, O, DONE, A, "P: maintenance", ""),
        ] {
            assert_eq!(
                spans(&quiet, "denial-wording"),
                Vec::<&str>::new(),
                "{quiet}"
            );
        }
    }

    #[test]
    fn the_profession_decides() {
        let text = note(S, O, DONE, "A: Plateau in flexion.", P, SIGNED);
        assert_eq!(findings(&text, "denial-wording")[0].level, Level::Warning);
        let pt = text.replace("A. Rivera, LMT", "J. Chen, PT");
        assert_eq!(findings(&pt, "denial-wording")[0].level, Level::Information);
        let dc = text.replace("A. Rivera, LMT", "S. Patel, D.C.");
        assert_eq!(findings(&dc, "denial-wording")[0].level, Level::Warning);
    }

    #[test]
    fn rote() {
        let alone = note(S, O, DONE, "A: Tolerated treatment well.", P, SIGNED);
        assert_eq!(spans(&alone, "rote-wording"), ["Tolerated treatment well"]);
        assert_eq!(
            findings(&alone, "rote-wording")[0].level,
            Level::Information
        );
        let pt = alone.replace("A. Rivera, LMT", "J. Chen, PT");
        assert_eq!(findings(&pt, "rote-wording")[0].level, Level::Hint);
        let plan = note(S, O, DONE, A, "P: Continue POC.", SIGNED);
        assert_eq!(findings(&plan, "rote-wording")[0].level, Level::Hint);
        for quiet in [
            note(
                S,
                O,
                DONE,
                "A: Tolerated treatment well; pain 6/10 to 4/10.",
                P,
                SIGNED,
            ),
            note(S, O, DONE, A, "P: Continue plan of care, 2x/wk.", SIGNED),
        ] {
            assert_eq!(spans(&quiet, "rote-wording"), Vec::<&str>::new(), "{quiet}");
        }
    }

    #[test]
    fn clones() {
        let first = right();
        let copy = first[first.find("visit:").unwrap()..].replace("11-20", "11-27");
        let twice = format!("{first}\n{copy}");
        let found = findings(&twice, "cloned-note");
        assert_eq!(found.len(), 1);
        assert_eq!(&twice[found[0].span.range()], "S:");
        assert!(found[0].span.start > first.len());
        let spaced = format!("{first}\n{}", copy.replace("S: Low", "Subjective:\nLOW "));
        assert_eq!(findings(&spaced, "cloned-note").len(), 1);
        for (from, to) in [
            ("6/10 after", "5/10 after"),
            ("40 minutes", "45 minutes"),
            (SIGNED.replace("11-20", "11-27").as_str(), ""),
            ("visit: 2026-11-27", "visit: 2026-11-20"),
        ] {
            let text = format!("{first}\n{}", copy.replace(from, to));
            assert_eq!(findings(&text, "cloned-note").len(), 0, "{to}");
        }
        let blank = note("S:", "O:", DONE, "A:", P, SIGNED);
        let copy = blank[blank.find("visit:").unwrap()..].replace("11-20", "11-27");
        assert_eq!(
            findings(&format!("{blank}\n{copy}"), "cloned-note").len(),
            0
        );
    }
}

mod form {
    use super::*;

    #[test]
    fn dates() {
        for (heading, span) in [
            ("visit:", "visit:"),
            ("visit: 4 of 12", "4 of 12"),
            ("visit: 2026-02-30", "2026-02-30"),
            ("visit: Nov 20", "Nov 20"),
        ] {
            let text = right().replace("visit: 2026-11-20", heading);
            assert_eq!(spans(&text, "invalid-date"), [span]);
            assert_eq!(findings(&text, "invalid-date")[0].level, Level::Error);
        }
        for (heading, fixed) in [
            ("visit:", "visit: 2026-11-20\n"),
            ("visit: ", "visit: 2026-11-20\n"),
            ("DOS: 20/11/2026", "DOS: 2026-11-20\n"),
            ("visit: 2026/11/20", "visit: 2026-11-20\n"),
        ] {
            let text = right().replace("visit: 2026-11-20", heading);
            fixes_hold(&text, "invalid-date");
            let found = findings(&text, "invalid-date");
            assert!(applied(&text, &found[0], 0).contains(fixed), "{heading}");
        }
        for quiet in [
            format!("{HEAD}visit: "),
            format!("{HEAD}visit: 2026-11-"),
            right().replace("visit: 2026-11-20", "visit: ___"),
            right().replace("visit: 2026-11-20", "visit: Nov. 20, 2026 follow-up"),
        ] {
            assert_eq!(spans(&quiet, "invalid-date"), Vec::<&str>::new(), "{quiet}");
        }
    }

    #[test]
    fn keys() {
        for (line, fixed) in [
            ("provder: A. Rivera, LMT", "provider: "),
            ("Diagnosos: M54.50", "Diagnosis: "),
            ("GAOL 2: x", "GOAL 2: "),
            ("sesion: 10:00-10:50", "session: "),
            ("Assesment: better", "Assessment: "),
            ("timed minuts: 25", "timed minutes: "),
        ] {
            let text = format!("{line}\n{}", right());
            let found = findings(&text, "misspelt-field");
            assert_eq!(found.len(), 1, "{line}");
            assert_eq!(found[0].level, Level::Hint);
            assert!(applied(&text, &found[0], 0).starts_with(fixed), "{line}");
        }
        let below = right().replace("technique", "techniqe");
        assert_eq!(spans(&below, "misspelt-field"), ["techniqe"]);
        fixes_hold(&below, "misspelt-field");
        for quiet in [
            "Tone: high",
            "Gait: antalgic",
            "Pain: 6/10",
            "Reason: pain",
            "Hx: none",
            "Sx: none",
            "Ex: none",
            "Noted: pallor",
            "Provided: heat",
            "Notes: none",
            "Religion: none",
            "Nose: red",
            "Region 2: x",
            "PMH: none",
            "Meds: none",
            "Lesions: none",
            "Rotation: 40",
        ] {
            let text = right().replace(A, &format!("{A}\n{quiet}"));
            assert_eq!(
                spans(&text, "misspelt-field"),
                Vec::<&str>::new(),
                "{quiet}"
            );
        }
    }

    #[test]
    fn headings() {
        for (s, o, a, p) in [
            (
                "# S\npain",
                "## O:\ntight",
                "# A\nbetter",
                "### Plan ###\nweekly",
            ),
            (
                "**S:** pain",
                "**O**: tight",
                "**A**\nbetter",
                "__P:__ weekly",
            ),
            ("Subj: pain", "[O] tight", "- A: better", "- P: weekly"),
        ] {
            let text = note(s, o, DONE, a, p, SIGNED);
            let found = findings(&text, "unrecognised-heading");
            assert_eq!(found.len(), 4, "{text}");
            fixes_hold(&text, "unrecognised-heading");
            let fixed = applied(&text, &found[0], 1);
            assert_eq!(spans(&fixed, "unrecognised-heading"), Vec::<&str>::new());
            assert_eq!(
                spans(&fixed, "missing-section"),
                Vec::<&str>::new(),
                "{fixed}"
            );
        }
        for quiet in [
            right().replace(P, &format!("{P}\nA) ice\nB) heat")),
            right().replace(P, &format!("{P}\nA - tender\nS) see above")),
            note("", "", "A) ice\nB) heat\nP) rest", "", "", ""),
            note("", "S. Patel called.", "", "", "", ""),
            note(
                "",
                "P-A glides; the\nobjective is less pain",
                "",
                "",
                "",
                "",
            ),
        ] {
            assert_eq!(
                spans(&quiet, "unrecognised-heading"),
                Vec::<&str>::new(),
                "{quiet}"
            );
        }
    }

    #[test]
    fn sections_twice() {
        let twice = right().replace(SIGNED, &format!("S: Neck pain.\nO: Tight.\n{A}\n{SIGNED}"));
        assert_eq!(spans(&twice, "duplicate-section"), ["S:"]);
        let assessed = right().replace(SIGNED, &format!("A: More.\n{SIGNED}"));
        assert_eq!(spans(&assessed, "duplicate-section"), ["A:"]);
        for quiet in [
            right().replace(A, &format!("{A}\nA: goal 1 in progress")),
            right().replace(S, &format!("{S}\nS: Sleeps badly.")),
            right().replace(A, &format!("Tx: heat\nTx: rest\n{A}")),
            right().replace(A, &format!("Tx: heat\nO: flexion 50 after\n{A}")),
            right().replace(
                O,
                "O: PART\nP: tender L4\nA: L5 right\nR: ext 15/30\nT: spasm",
            ),
        ] {
            assert_eq!(
                spans(&quiet, "duplicate-section"),
                Vec::<&str>::new(),
                "{quiet}"
            );
        }
    }

    #[test]
    fn payers() {
        let named = |name: &str| right().replace("commercial", name);
        assert_eq!(
            spans(&named("Zenith Mutual"), "unknown-payer"),
            ["Zenith Mutual"]
        );
        let near = findings(&named("comercial"), "unknown-payer");
        assert_eq!(near[0].level, Level::Information);
        assert_eq!(near[0].fixes.len(), 1);
        fixes_hold(&named("comercial"), "unknown-payer");
        // Not one letter away by a slip: payers of another kind, or one that may be either of two.
        for other in ["Medigap", "Primera", "Autos Inc", "Medicade"] {
            let found = findings(&named(other), "unknown-payer");
            assert_eq!((found.len(), found[0].fixes.len()), (1, 0), "{other}");
        }
        for quiet in [
            "Medicare",
            "self-pay",
            "Workers' Comp",
            "State Farm (auto)",
            "Medicare Part B + AARP supplement",
            "self-pay (sliding scale)",
            "Medicaid",
            "Humana Medicare",
            "none",
            "unknown",
            "___",
        ] {
            assert_eq!(
                spans(&named(quiet), "unknown-payer"),
                Vec::<&str>::new(),
                "{quiet}"
            );
        }
        assert_eq!(spans("payer: reg", "unknown-payer"), Vec::<&str>::new());
    }
}

mod privacy {
    use super::*;

    #[test]
    fn identifiers() {
        for (words, span) in [
            ("SSN 512-34-6789", "512-34-6789"),
            ("512-34-6789.", "512-34-6789"),
            ("ssn: 512346789", "512346789"),
            ("SS# 512 34 6789", "512 34 6789"),
            ("ss no. 512346789", "512346789"),
            ("social security number: 512-34-6789", "512-34-6789"),
            ("soc. sec 512346789", "512346789"),
            ("call 206-454-0142", "206-454-0142"),
            ("call (206) 454-0142 after 5", "(206) 454-0142"),
            ("+1 206.454.0142", "+1 206.454.0142"),
            ("cell 2064540142", "2064540142"),
            ("cell: 454-0142", "454-0142"),
            ("tel. 206 454 0142", "206 454 0142"),
            ("contact number is 454-0142", "454-0142"),
            ("ph# (206)454-0142", "(206)454-0142"),
            ("writes from x.y@mail.example.org", "x.y@mail.example.org"),
            ("lives at 1420 N Maple Street", "1420 N Maple Street"),
            ("moved to 15 10th Ave.", "15 10th Ave."),
            ("moved to 88 Lake Dr, Apt 4", "88 Lake Dr"),
            ("mail to PO Box 114", "PO Box 114"),
            ("mail to p. o. box 7", "p. o. box 7"),
            ("lives at 9 Elm St", "9 Elm St"),
            (
                "lives at 1200A SW Martin King Blvd.",
                "1200A SW Martin King Blvd.",
            ),
            ("DOB 01/02/1980", "01/02/1980"),
            ("date of birth: Jan 2, 1980", "Jan 2, 1980"),
            ("born on 1980-01-02", "1980-01-02"),
            ("d.o.b. 3 Mar 1980", "3 Mar 1980"),
            ("Birthday: 1/2/1980", "1/2/1980"),
            ("birth date (1.2.80)", "1.2.80"),
            ("DOB: 1-2-80", "1-2-80"),
        ] {
            let text = note(&format!("S: Pain 6/10; {words}"), O, DONE, A, P, SIGNED);
            assert_eq!(spans(&text, "patient-identifier"), [span], "{words}");
            let message = &findings(&text, "patient-identifier")[0].message;
            assert!(!message.contains(span), "{message}");
            fixes_hold(&text, "patient-identifier");
        }
        let head = format!("DOB: 01/02/1980\n{}", right());
        assert_eq!(spans(&head, "patient-identifier"), ["01/02/1980"]);
    }

    #[test]
    fn what_only_looks_like_one() {
        for words in [
            "seen 2026-11-20, next 11/27/2026",
            "10:02-10:27, 1305-1330",
            "claim 512-34-67891, auth 1234567890",
            "claim # 206-454-0142",
            "M54.50, 97140-59, G0283",
            "call the clinic at 206-454-0142",
            "Dr. Okafor's office 206-454-0142",
            "hotline 800-555-0199",
            "SSN on file, 123 4567 visits",
            "phone 12-454-0142",
            "fell at 9 Elm St",
            "post box 7",
            "daughter, DOB 01/02/2020",
            "born on the way, DOB withheld",
            "writes @ 5, a@b",
            "3 Visits Dr. Okafor",
            "rear-ended at 1200 Pine Street on 8/3/26",
            "ROM 110-135-1500",
            "brace 206-454-0142-L, TENS unit 512-34-67891",
            "born in 1980",
            "baby born 2026-08-01",
            "walked 5 blocks on Main Street",
            "heel raises 15 @ 3.5 lb, 2 sets @bw",
            "98101-4423",
            "900-12-3456",
            "30 minute drive, 2 way radio",
            "took a 30 Minute Drive home, 5 Times Way faster",
            "birthday 11/20/2026 was spent in bed",
            "000-12-3456 and 512-00-6789",
        ] {
            let text = note(&format!("S: Pain 6/10; {words}"), O, DONE, A, P, SIGNED);
            assert_eq!(
                spans(&text, "patient-identifier"),
                Vec::<&str>::new(),
                "{words}"
            );
        }
        for line in [
            "provider: A. Rivera, LMT, 206-454-0142, rivera@clinic.example.org",
            "// patient's cell 206-454-0142",
            "referral: Dr. Okafor 206-454-0142",
            "patient: 2064540142",
        ] {
            let text = format!("{line}\n{}", right());
            assert_eq!(
                spans(&text, "patient-identifier"),
                Vec::<&str>::new(),
                "{line}"
            );
        }
    }

    #[test]
    fn letterheads() {
        let head = "Harbor Rehab, Inc.\n88 Lake Drive, Everett WA 98201\nPhone: 425-555-0142 · info@harbor.example.org\n";
        for (text, found) in [
            (format!("{head}\n{}", right()), vec![]),
            // A note whose only heading is its date, and one that has the head on each page.
            (format!("{head}Date: 11/20/2026\nS: sore\n97124 lumbar 25 min\n"), vec![]),
            (format!("{head}{}{head}97140 neck 15 min\n", right()), vec![]),
            (right() + head, vec!["88 Lake Drive", "425-555-0142", "info@harbor.example.org"]),
            (
                format!("{head}SSN 512-34-6789\nDOB 1/2/80\nCell 425-555-0144\n{}", right()),
                vec!["512-34-6789", "1/2/80", "425-555-0144"],
            ),
            // What is about the patient, below a field, or a text of its own.
            (format!("Pt lives at 9 Elm Street\n{}", right()), vec!["9 Elm Street"]),
            (format!("payer: auto\n{head}visit: 2026-11-20\n97124 25 min\n"), vec!["88 Lake Drive", "425-555-0142", "info@harbor.example.org"]),
            ("Tried 425-555-0142, no answer.\nSore neck.\n".to_owned(), vec!["425-555-0142"]),
            ("Neck sore since Monday and no answer at 425-555-0142 when I tried to move the visit.\n97124 neck 25 min\n".to_owned(), vec!["425-555-0142"]),
        ] {
            assert_eq!(spans(&text, "patient-identifier"), found, "{text}");
        }
    }
}
