use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::policy::Policy;
use crate::text::Document;

const SAMPLE: &str = include_str!("../../../../tests/notes/format-sample.soap");

fn analysis_of(document: &Document) -> Analysis {
    Analysis::of(document, &Arc::new(Policy::default()))
}

/// The claim at the mark `^`, which is taken out first.
fn at_mark(text: &str) -> Option<ClaimPreview> {
    let offset = text.find('^').unwrap();
    let document = Document::new(&text.replacen('^', "", 1));
    claim_preview(&analysis_of(&document), offset)
}

#[test]
fn the_sample_note() {
    let text = SAMPLE.replace("session:", "^session:");
    let claim = at_mark(&text).unwrap();
    let session = Session {
        start: Some(600),
        end: Some(650),
        minutes: Some(50),
    };
    assert_eq!(
        (claim.date.as_deref(), claim.session),
        (Some("2026-11-20"), Some(session))
    );
    assert_eq!(
        (claim.timed_minutes, claim.timed_units, claim.total_minutes),
        (40, 3, 48)
    );
    let manual = &claim.blocks[1];
    assert_eq!(
        &SAMPLE[manual.place.range()],
        "97140-59 cervical, R shoulder 10:27-10:42"
    );
    let clock = [Clock {
        start: 627,
        end: 642,
    }];
    assert_eq!(
        (&*manual.clock, manual.minutes),
        (&clock[..], Some(15.into()))
    );
    assert_eq!(
        claim.copy,
        "Date\tPatient\tCode\tModifiers\tUnits\tPointers\tDiagnoses\n\
         2026-11-20\t10234\t97124\t\t2\tAB\tM54.50 M54.2\n\
         2026-11-20\t10234\t97140\t59\t1\tAB\tM54.50 M54.2\n\
         2026-11-20\t10234\t97010\t\t1\tAB\tM54.50 M54.2\n"
    );
    let titles: Vec<_> = claim.diagnoses.iter().map(|d| d.title.as_deref()).collect();
    assert_eq!(
        titles,
        [Some("Low back pain, unspecified"), Some("Cervicalgia")]
    );
    let sit = &claim.course.measures[0];
    assert_eq!(
        (&*sit.activity, sit.unit, sit.target, sit.values[0].value),
        ("sit", "minutes", 60.0, 40.0)
    );
    assert_eq!(
        (claim.course.pain[0].worst, claim.course.pain_target),
        (6.0, Some(3.0))
    );
}

#[test]
fn why_the_units_are_these() {
    let why = |text: &str| {
        let text = format!("payer: medicare\nvisit: 2026-11-20\n{text}^");
        at_mark(&text).unwrap().why.join(" ")
    };
    assert_eq!(
        why("97110 33 min\n97140 7 min"),
        "33 min 97110 + 7 min 97140 = 40 min. 40 timed minutes make 3 units (38 to 52 minutes). \
         Full 15-minute units come first: 2 for 97110. The unit that is left goes to the most minutes \
         left over: 97140 (7 left over)."
    );
    assert_eq!(
        why("97110 10 min\n97110 13 min"),
        "97110 stands in 2 blocks; their minutes are added first: 10 + 13 = 23. \
         23 timed minutes make 2 units (23 to 37 minutes)."
    );
    assert_eq!(
        why("97124 7 min"),
        "7 timed minutes make no unit: the first unit begins at 8 minutes."
    );
    assert_eq!(
        why("97110 20 min\n97140"),
        "97140 has a block without minutes, so the units are not final; 20 timed minutes so far."
    );
    assert!(why("97010 8 min").starts_with("97010 is untimed"));
    // Three codes for two units: one by its minutes, two tie for the other.
    let both = why("97110 12 min\n97112 8 min\n97140 8 min");
    assert!(
        both.contains(
            "One of the units that are left goes to the most minutes left over: 97110 (12 left over). \
             97112 and 97140 tie with 8 minutes left over each: the last unit may go to either, and \
             the choice is yours. Here: 97112, by the order of the note."
        ),
        "{both}"
    );
}

#[test]
fn each_code_by_itself() {
    let policy = Policy::read("[payers.own]\ncounting = \"ama\"\n", &[]).0;
    let document = Document::new("payer: own\nvisit: 2026-11-20\n97110 20 min\n97140 7 min\n");
    let analysis = Analysis::of(&document, &Arc::new(policy));
    let claim = claim_preview(&analysis, 20).unwrap();
    assert_eq!(
        claim.why,
        [
            "97110, by itself: 20 minutes make 1 unit (8 to 22 minutes).",
            "97140: 7 minutes make no unit: the first unit begins at 8 minutes."
        ]
    );
}

#[test]
fn the_choice_of_a_tie_is_the_clinicians() {
    let tie = at_mark("97112 20 min^\n97110 20 min\n").unwrap();
    assert_eq!((tie.allocations.len(), tie.chosen), (2, 0));
    assert!(
        tie.why
            .last()
            .unwrap()
            .contains("A payer that counts each code by itself")
    );
    let claimed = at_mark("97112 20 min x1^\n97110 20 min x2\n").unwrap();
    assert_eq!(claimed.chosen, 1);
    let units: Vec<u32> = claimed.lines.iter().map(|l| l.units).collect();
    assert_eq!(units, [1, 2]);
    assert!(
        claimed
            .why
            .iter()
            .any(|s| s.ends_with("Here: 97110, as the note claims."))
    );
}

#[test]
fn nothing_to_paste_while_minutes_are_missing() {
    for text in ["97124 25 min^\n97140\n", "97545^\n97010\n"] {
        let claim = at_mark(text).unwrap();
        assert!(claim.incomplete && claim.copy.is_empty(), "{text}");
        assert!(claim.text.contains("minutes missing"), "{}", claim.text);
    }
    let short = at_mark("97124 7 min^\n97010\n").unwrap();
    let lines: Vec<&str> = short.copy.lines().skip(1).collect();
    assert_eq!(
        lines,
        ["\t\t97010\t\t1\t\t"],
        "a line without a unit is not billed"
    );
}

/// The latest visits by their days, wherever they stand.
#[test]
fn the_course_of_a_very_long_chart() {
    let visit = |n: usize| {
        let (month, day) = (n / 28 + 1, n % 28 + 1);
        format!("visit: 2026-{month:02}-{day:02}\nS: pain 3/10\n97124 25 min\n")
    };
    let text: String = (0..course::MOST_VISITS + 5).rev().map(visit).collect();
    let claim = claim_preview(&analysis_of(&Document::new(&text)), 0).unwrap();
    assert_eq!(claim.course.pain.len(), course::MOST_VISITS);
    assert_eq!(claim.course.pain[0].date, "2026-01-06");
    assert_eq!(
        claim.course.pain.last().map(|p| &p.date),
        claim.date.as_ref()
    );
}

#[test]
fn letters_as_the_form_has_them() {
    let many: Vec<String> = (0..14).map(|n| format!("S13.4{n:02}A")).collect();
    let claim = at_mark(&format!("dx: {}\n97124 25 min^\n", many.join("; "))).unwrap();
    assert_eq!(claim.lines[0].pointers, ['A', 'B', 'C', 'D']);
    let letters: Vec<_> = claim.diagnoses.iter().map(|d| d.letter).collect();
    assert_eq!(
        (letters.len(), letters[11], letters[12]),
        (14, Some('L'), None)
    );
}

#[test]
fn only_in_a_visit() {
    for outside in [
        "^",
        "\u{feff}^\0",
        "payer: x^\nvisit: 2026-11-20\n97124 25 min\n",
        "S: pasted prose ^ 25 min\n",
    ] {
        assert_eq!(at_mark(outside), None, "{outside}");
    }
    let empty = at_mark("visit: 2026-11-20\r\nS: cancelled ^\u{1F600}\r\n").unwrap();
    assert!(
        empty
            .text
            .contains("No timed or billed block was read in this visit.")
    );
    assert_eq!(empty.copy, "");
}

#[test]
fn what_is_open_is_of_this_visit_or_of_the_chart() {
    let claim = at_mark(
        "dx: M54.5\nvisit: 2026-11-13\n97124 7 min\nvisit: 2026-11-20\n97124 25 min^\n\
         visit: 2026-11-27\n97124 7 min\n",
    )
    .unwrap();
    let rules: Vec<&str> = claim.open.iter().map(|o| o.rule).collect();
    assert!(!rules.contains(&"under-eight-minutes"), "{rules:?}");
    assert_eq!(rules[0], "unbillable-diagnosis", "the error first");
    let levels: Vec<&str> = claim.open.iter().map(|o| o.level).collect();
    let errors = levels.iter().filter(|l| **l == "error").count();
    assert!(levels[errors..].iter().all(|l| *l == "warning") && errors < levels.len());
    assert!(levels[..errors].iter().all(|l| *l == "error"));
}

/// Every visit of every sample note: what is shown fits and agrees with itself, and nobody's
/// identifier is in what there is to read.
#[test]
fn the_sample_notes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/notes");
    let mut visits = 0;
    for kind in ["clean", "findings"] {
        for file in std::fs::read_dir(format!("{folder}/{kind}")).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let analysis = analysis_of(&Document::new(&text));
            let patient = text.lines().find_map(|l| l.strip_prefix("patient: "));
            for piece in analysis.pieces() {
                let Some(claim) = claim_preview(&analysis, piece.start) else {
                    continue;
                };
                visits += 1;
                for line in claim.text.lines() {
                    assert!(line.chars().count() <= 80, "{line}");
                    assert_eq!(line, line.trim_end());
                }
                for share in claim.allocations.get(claim.chosen).into_iter().flatten() {
                    let lines = claim.lines.iter().filter(|l| l.code == share.code);
                    assert_eq!(lines.map(|l| l.units).sum::<u32>(), share.units);
                }
                if let Some(patient) = patient {
                    assert!(!claim.text.contains(patient.trim()), "{}", claim.text);
                    // What is copied says whose lines they are.
                    let mut lines = claim.copy.lines().skip(1);
                    let column = |line: &str| line.split('\t').nth(1) == Some(patient.trim());
                    assert!(lines.all(column), "{}", claim.copy);
                }
            }
        }
    }
    assert!(visits > 150, "{visits}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is typed: no panic, no split character, and no line of the text is too long unless one
    /// word is.
    #[test]
    fn any_text(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "visit: 2026-11-20", "\n", "\r\n", "\r", "97124", " 97140-59", " 25 min", " 10:02-10:27", " x2",
            " 7 min", "97546", "97010", "dx: M54.50, S13.4XXA", "goal 1: walk 2 blocks by 2026-12-01",
            "S: walks 1 block, pain 4/10", "é", "\u{1F600}", "\0", "\u{feff}", "  time: ", "payer: medicare",
        ]), 0..16),
        at in 0usize..120,
    ) {
        let text = pieces.concat();
        let document = Document::new(&text);
        if let Some(claim) = claim_preview(&analysis_of(&document), at.min(text.len())) {
            let places = claim.blocks.iter().map(|b| b.place).chain(claim.open.iter().map(|o| o.place));
            for place in places.chain([claim.place]) {
                prop_assert!(text.get(place.range()).is_some());
            }
            prop_assert!(claim.text.lines().all(|l| l.chars().count() <= 80), "{}", claim.text);
            prop_assert_eq!(claim.incomplete && !claim.copy.is_empty(), false);
        }
    }
}
