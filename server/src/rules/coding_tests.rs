//! Tests of the rules about modifiers, codes of payers, techniques, adjustments and the session's
//! time, at their boundaries; and of their fixes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Finding;
use crate::analysis::Analysis;
use crate::policy::{Level, Policy};
use crate::text::Document;

const RULES: &[&str] = &[
    "needless-modifier",
    "unknown-modifier",
    "bundled-code",
    "payer-code",
    "technique-code-mismatch",
    "duplicate-code",
    "therapy-modifier",
    "cmt-modifier",
    "cmt-regions",
    "outside-scope",
    "missing-session-time",
    "missing-clock-times",
];

fn findings(text: &str) -> Vec<Finding> {
    judged(text, Policy::default())
}

fn judged(text: &str, policy: Policy) -> Vec<Finding> {
    Analysis::of(&Document::new(text), &Arc::new(policy)).findings()
}

/// The words that a rule's findings stand at, with their levels; and proof that their fixes work.
fn at<'a>(rule: &str, text: &'a str) -> Vec<(&'a str, Level)> {
    at_with(rule, text, &Policy::default())
}

fn at_with<'a>(rule: &str, text: &'a str, policy: &Policy) -> Vec<(&'a str, Level)> {
    let found = judged(text, policy.clone());
    let mine: Vec<&Finding> = found.iter().filter(|f| f.rule.name == rule).collect();
    for finding in &mine {
        assert!(finding.message.ends_with('.'), "{}", finding.message);
        for fix in &finding.fixes {
            let mut edits = fix.edits.clone();
            edits.sort_by_key(|e| std::cmp::Reverse(e.span));
            let mut fixed = text.to_owned();
            for edit in edits {
                fixed.replace_range(edit.span.range(), &edit.text);
            }
            let after = judged(&fixed, policy.clone());
            let count =
                |all: &[Finding], name: &str| all.iter().filter(|f| f.rule.name == name).count();
            assert!(
                count(&after, rule) < count(&found, rule),
                "{}:\n{fixed}",
                fix.title
            );
            let loud = |all: &[Finding]| -> BTreeSet<&str> {
                let loud = all.iter().filter(|f| f.level >= Level::Warning);
                loud.map(|f| f.rule.name)
                    .filter(|name| *name != "unfilled-placeholder")
                    .collect()
            };
            let fresh: Vec<_> = loud(&after).difference(&loud(&found)).copied().collect();
            assert!(fresh.is_empty(), "{}: {fresh:?}\n{fixed}", fix.title);
        }
    }
    mine.iter()
        .map(|f| (&text[f.span.range()], f.level))
        .collect()
}

/// A signed visit with these lines.
fn note(payer: &str, provider: &str, lines: &str) -> String {
    format!(
        "payer: {payer}\nprovider: {provider}\ndx: M54.50; M99.03\ngoal 1: sit 60 minutes with pain 3/10 or less by 2026-12-15 (now 30 minutes)\n\n\
         visit: 2026-11-20\nsession: 10:00-11:00\n{lines}\nA: Sits 40 minutes.\nsigned: {provider} 2026-11-20\n"
    )
}

const LMT: &str = "A. Rivera, LMT";
const PT: &str = "J. Chen, PT";
const DC: &str = "S. Patel, DC";
const OT: &str = "K. Novak, OTR/L";
const MD: &str = "R. Okafor, MD";
const MOBILIZED: &str = "  technique: joint mobilization L4 gr III\n";

#[test]
fn a_modifier_without_a_pair() {
    let rule = "needless-modifier";
    let text = |line: &str, other: &str| {
        note(
            "medicare",
            PT,
            &format!("{line} lumbar 10:00-10:20\n{MOBILIZED}{other} lumbar 10:20-10:40\n"),
        )
    };
    assert_eq!(
        at(rule, &text("97140-59", "97530")),
        [("59", Level::Information)]
    );
    assert_eq!(
        at(rule, &text("97140 59", "97530")),
        [("59", Level::Information)]
    );
    assert_eq!(
        at(rule, &text("97140-GP-XU", "97530")),
        [("XU", Level::Information)]
    );
    for (line, other) in [
        ("97140-59", "97012"),
        ("97140", "97012-59"),
        ("97140-XP", "97530"),
        ("97140-XE", "97530"),
        // Two at once have a rule of their own, and the pairs of these codes are not in the table.
        ("97140-59-XS", "97530"),
        ("97140-59", "12345-22"),
    ] {
        assert_eq!(at(rule, &text(line, other)), [], "{line} {other}");
    }
    // Whoever does not follow NCCI may want the modifier.
    for payer in ["auto", "commercial"] {
        let note = text("97140-59", "97530").replace("medicare", payer);
        assert_eq!(at(rule, &note), [], "{payer}");
    }
}

#[test]
fn modifiers_that_do_not_exist() {
    let rule = "unknown-modifier";
    let text = |line: &str| {
        note(
            "commercial",
            PT,
            &format!("{line} lumbar 10:00-10:20\n{MOBILIZED}97530 lumbar 10:20-10:40\n"),
        )
    };
    for (line, word) in [
        ("97140-PG", "PG"),
        ("97140-pg", "pg"),
        ("97140-GP-TA", "TA"),
        ("97140-59GP", "59GP"),
        ("97140-5", "5"),
        ("97140-G", "G"),
        ("97140-GP-X", "X"),
    ] {
        assert_eq!(at(rule, &text(line)), [(word, Level::Warning)], "{line}");
    }
    assert_eq!(at(rule, &text("97140-XA")), [("XA", Level::Information)]);
    for line in [
        "97140-GP",
        "97140-gp",
        "97140-96",
        "97140-U1",
        "97140-SZ",
        "97140-manual therapy",
        "97140-20 min",
        "97140-to",
        "97140-R",
        "97140-C",
    ] {
        assert_eq!(at(rule, &text(line)), [], "{line}");
    }
    // The near one would clash with what stands there.
    let clash = findings(&text("97140-GO-PG"));
    assert!(
        clash
            .iter()
            .any(|f| f.rule.name == rule && f.fixes.is_empty())
    );
    // Still being typed.
    assert_eq!(at(rule, "dx: M54.50\n97140-G"), []);
    assert_eq!(at(rule, "dx: M54.50\n97140-XA"), []);
}

#[test]
fn packs_beside_a_paid_service() {
    let rule = "bundled-code";
    let text = note(
        "commercial",
        PT,
        "97010 lumbar 8 min\n97110 lumbar 10:10-10:40\n",
    );
    assert_eq!(at(rule, &text), [("97010", Level::Information)]);
    assert_eq!(
        at(rule, &note("commercial", PT, "97010 lumbar 8 min\n")),
        []
    );
    let (policy, problems) =
        crate::rules::read_policy("[payers.plan]\naccepts = [\"97010\", \"97110\"]\n");
    assert_eq!(problems, []);
    assert_eq!(
        at_with(rule, &text.replace("commercial", "plan"), &policy),
        []
    );
}

#[test]
fn codes_that_the_payer_does_not_take() {
    let rule = "payer-code";
    let text = |payer: &str, code: &str| {
        note(
            payer,
            PT,
            &format!("{code} lumbar 10:00-10:15\n97110-GP lumbar 10:15-10:40\n"),
        )
    };
    assert_eq!(
        at(rule, &text("medicare", "97014-GP")),
        [("97014", Level::Warning)]
    );
    assert_eq!(
        at(rule, &text("medicare", "97014")),
        [("97014", Level::Warning)]
    );
    assert_eq!(
        at(rule, &text("medicare", "S9090")),
        [("S9090", Level::Warning)]
    );
    let unknown = text("medicare", "97014")
        .replace(PT, "J. Chen")
        .replace("97110-GP", "97110");
    assert_eq!(at(rule, &unknown), [("97014", Level::Warning)]);
    assert_eq!(at(rule, &text("medicare", "G0283-GP")), []);
    assert_eq!(
        at(rule, &text("commercial", "G0283")),
        [("G0283", Level::Information)]
    );
    assert_eq!(at(rule, &text("commercial", "97014")), []);
    assert_eq!(at(rule, &text("nobody knows", "G0283")), []);
    assert_eq!(at(rule, &text("nobody knows", "97014")), []);
    let (policy, problems) =
        crate::rules::read_policy("[payers.plan]\naccepts = [\"97110\", \"g0283\"]\n");
    assert_eq!(problems, []);
    assert_eq!(
        at_with(rule, &text("plan", "97014"), &policy),
        [("97014", Level::Error)]
    );
    assert_eq!(
        at_with(rule, &text("plan", "97012"), &policy),
        [("97012", Level::Error)]
    );
    assert_eq!(at_with(rule, &text("plan", "G0283"), &policy), []);
    // A retired or mistyped code is named by its own rule.
    assert_eq!(at_with(rule, &text("plan", "97122"), &policy), []);
    assert_eq!(at_with(rule, &text("plan", "97141"), &policy), []);
}

#[test]
fn techniques_under_another_code() {
    let rule = "technique-code-mismatch";
    let text = |code: &str, technique: &str| {
        note(
            "commercial",
            PT,
            &format!("{code} lumbar 10:00-10:20\n  technique: {technique}\n"),
        )
    };
    for (code, technique) in [
        ("97140", "effleurage, petrissage"),
        ("97140", "kneading to QL, lumbar paraspinals"),
        ("97124", "joint mobilization L4-L5 gr III"),
        ("97124", "MLD"),
        ("97140", "dry needling"),
        ("97110", "effleurage"),
    ] {
        assert_eq!(
            at(rule, &text(code, technique)),
            [(code, Level::Information)],
            "{code} {technique}"
        );
    }
    for (code, technique) in [
        ("97140", "joint mobilization, petrissage"),
        ("97124", "cross-fiber friction, trigger point release"),
        ("97140", "cross-fiber friction, MFR"),
        ("97124", "MFR"),
        ("97140", "massage"),
        ("97124", "manual therapy"),
        ("97124", "MET"),
        ("97140", "MT"),
        ("97140", "compression"),
        ("97140", "petrissage, rib springing"),
        ("97140", "petrissage, gliding"),
        ("97110", "self joint mobilization with towel"),
        ("97530", "squats"),
        ("97530", "kneading dough simulation"),
        ("97110", "balance training"),
        ("97039", "petrissage"),
        ("98940", "diversified"),
        ("98940", "joint mobilization"),
    ] {
        assert_eq!(at(rule, &text(code, technique)), [], "{code} {technique}");
    }
}

#[test]
fn massage_is_no_reeducation() {
    let rule = "technique-code-mismatch";
    let text = |technique: &str| {
        note(
            "commercial",
            LMT,
            &format!("97112 lumbar 10:00-10:20\n  technique: {technique}\n"),
        )
    };
    for technique in [
        "NMT",
        "neuromuscular therapy",
        "trigger point release to QL",
        "petrissage",
        "massage",
    ] {
        assert_eq!(
            at(rule, &text(technique)),
            [("97112", Level::Warning)],
            "{technique}"
        );
    }
    for technique in [
        "neuromuscular re-education",
        "trigger point release, posture training",
        "massage, then balance on foam",
        "PNF",
        "STM and nerve glides",
        "TrP",
        "kinesthetic awareness with manual therapy",
        "massage; weight shift",
        "tactile cueing, massage",
        "STM to multifidi during prone hip extension",
        "massage, hooklying series",
    ] {
        assert_eq!(at(rule, &text(technique)), [], "{technique}");
    }
}

#[test]
fn a_code_on_two_lines() {
    let rule = "duplicate-code";
    let text = |lines: &str| note("commercial", PT, lines);
    assert_eq!(
        at(
            rule,
            &text("97110 lumbar 10:00-10:20\n97110 hip 10:20-10:40\n97110 knee 10:40-10:50\n")
        ),
        [("97110", Level::Information)]
    );
    assert_eq!(
        at(rule, &text("97010 lumbar 8 min\n97010 hip 8 min\n")),
        [("97010", Level::Information)]
    );
    assert_eq!(
        at(
            rule,
            &text("97110-GP 10:00-10:20\n97110-GP-CQ 10:20-10:40\n")
        ),
        []
    );
    assert_eq!(
        at(rule, &text("97110 10:00-10:20\n97530 10:20-10:40\n")),
        []
    );
    // Counted for each limb.
    assert_eq!(at(rule, &text("95851 knee\n95851 hip\n")), []);
}

#[test]
fn the_plan_of_care_for_medicare() {
    let rule = "therapy-modifier";
    let lines = "97110 lumbar 10:00-10:20\n97530 lumbar 10:20-10:40\n";
    let text = |provider: &str, lines: &str| note("medicare", provider, lines);
    assert_eq!(at(rule, &text(PT, lines)), [("97110", Level::Error)]);
    let titles = |text: &str| -> Vec<String> {
        let found = findings(text);
        let mine = found.iter().filter(|f| f.rule.name == rule);
        mine.flat_map(|f| f.fixes.iter().map(|f| f.title.to_string()))
            .collect()
    };
    assert_eq!(
        titles(&text(PT, lines)),
        ["Add modifier GP to 97110 and 97530"]
    );
    assert_eq!(
        titles(&text("M. Doyle, COTA/L", lines)),
        ["Add modifier GO to 97110 and 97530"]
    );
    assert_eq!(titles(&text("K. Novak", lines)).len(), 2);
    // The other lines and the evaluation know better than the credential.
    assert_eq!(
        titles(&text(PT, "97110 10:00-10:20\n97530-GO 10:20-10:40\n")),
        ["Add modifier GO to 97110", "Change modifier GO to GP"]
    );
    assert_eq!(
        at(rule, &text("K. Novak", "97165\n97110 10:20-10:40\n")),
        [("97165", Level::Error)]
    );
    assert_eq!(at(rule, &text(PT, "97140 59 lumbar 10:00-10:20\n  technique: joint mobilization\n97012-GP lumbar 10:20-10:40\n")).len(), 1);
    for (provider, lines) in [
        (PT, "97110-GP 10:00-10:20\n97530 GP 10:20-10:40\n"),
        (DC, "98940-AT lumbar\n"),
        (DC, "97140 lumbar 10:00-10:20\n  technique: MFR\n"),
        (PT, "20560 lumbar\n"),
        (PT, "97602 R ankle\n"),
        (PT, "97110-GP 10:00-10:20\n97010 lumbar 8 min\n"),
        (PT, "97110-GY 10:00-10:20\n"),
        (PT, "97110-CQ 10:00-10:20\n"),
        ("R. Okafor, MD", "95992\n97037\n"),
        ("K. Novak, OTR/L", "97165-GO\n97530-GO 10:20-10:40\n"),
        ("R. Okafor, MD", "97110-GP 10:00-10:20\n"),
        ("K. Novak", "97110-GP 10:00-10:20\n97165-GP-GO\n"),
        // Somebody else treated, and says so.
        (
            PT,
            "97110-GP 10:00-10:20\n97535-GO 10:20-10:40\nsigned: K. Novak, OTR/L\n",
        ),
        (PT, "97535-GO 10:20-10:40\n  with K. Novak, OTR/L\n"),
    ] {
        assert_eq!(at(rule, &text(provider, lines)), [], "{lines}");
    }
    assert_eq!(at(rule, &note("commercial", PT, lines)), []);
    assert_eq!(at(rule, &note("medicare-chiro", PT, lines)), []);
    // Codes that are therapy when a therapist bills them.
    for code in ["95992", "97550", "98985"] {
        let text = text(PT, &format!("{code} 30 min\n"));
        assert_eq!(at(rule, &text), [(code, Level::Error)], "{code}");
    }
    // Other payers that ask for it, of chiropractors as well.
    for provider in [PT, DC] {
        for payer in ["UHC", "optum", "VA CCN"] {
            let text = note(payer, provider, "97110 lumbar 10:00-10:20\n");
            assert_eq!(at(rule, &text), [("97110", Level::Warning)], "{payer}");
        }
    }
    // Still being typed.
    assert_eq!(
        at(rule, "payer: medicare\nvisit: 2026-11-20\n97110 lumbar"),
        []
    );
}

#[test]
fn who_is_named_below_a_code_decides_its_discipline() {
    let both = "J. Chen, PT; K. Novak, OTR/L";
    let text = |named: [&str; 2]| {
        let [first, second] = named;
        let lines =
            format!("97110 lumbar 10:00-10:23 x2\n  {first}\n97530 10:30-10:53 x2\n  {second}\n");
        note("commercial", both, &lines)
    };
    let rule = "units-overclaimed";
    for named in [
        ["PT J. Chen: bridges", "OT K. Novak: reach"],
        ["bridges with J. Chen, PT", "reach with K. Novak, OTR/L"],
    ] {
        assert_eq!(at(rule, &text(named)), [], "{named:?}");
    }
    // Without them, and with somebody who did not treat, all 46 minutes are three units.
    for named in [
        ["bridges", "reach"],
        ["bridges", "naming; SLP L. Ortiz informed"],
    ] {
        assert_eq!(at(rule, &text(named)).len(), 1, "{named:?}");
    }
}

#[test]
fn the_one_right_claim_is_preferred() {
    for (payer, lines, level, preferred) in [
        ("medicare", "97110 10:00-10:23 x3\n", Level::Error, true),
        // 8 minutes earn no unit where the 9 of another code take the only one,
        (
            "medicare",
            "97110 10:00-10:09 x1\n97112 10:10-10:18 x1\n",
            Level::Error,
            true,
        ),
        // but for payers that count each code by itself.
        (
            "commercial",
            "97110 10:00-10:09 x1\n97112 10:10-10:18 x1\n",
            Level::Information,
            false,
        ),
    ] {
        let found = findings(&note(payer, PT, lines));
        let mine = found.iter().filter(|f| f.rule.name == "units-overclaimed");
        let mine: Vec<_> = mine
            .map(|f| {
                let preferred: Vec<bool> = f.fixes.iter().map(|fix| fix.preferred).collect();
                (f.level, preferred)
            })
            .collect();
        assert_eq!(mine, [(level, vec![preferred])], "{payer}: {lines}");
    }
}

#[test]
fn a_goal_is_about_what_was_treated() {
    for (line, about) in [
        ("97140 neck", "turn head"),
        ("97140 lumbar", "sit at a desk"),
        ("97140 R shoulder", "reach overhead"),
        ("97140 L knee", "climb"),
    ] {
        let text = format!("visit: 2026-11-20\nprovider: {PT}\n{line} 10:00-10:25\n");
        let found = findings(&text);
        let missing = found.iter().find(|f| f.rule.name == "missing-goal");
        let fixes = missing.map_or(&[][..], |f| &f.fixes);
        let offered = |about: &str| {
            let edits = fixes.iter().flat_map(|fix| &fix.edits);
            edits.into_iter().any(|edit| edit.text.contains(about))
        };
        assert!(offered(about), "{line}: {fixes:?}");
    }
}

#[test]
fn a_plan_of_care_of_another_discipline() {
    let rule = "therapy-modifier";
    let text = |payer: &str, provider: &str, line: &str| {
        note(payer, provider, &format!("{line} 10:00-10:30\n"))
    };
    for (payer, provider, line, level, fixes) in [
        ("medicare", OT, "97165-GP", Level::Error, 1),
        ("commercial", OT, "97168-GP", Level::Warning, 1),
        ("medicare", PT, "97161-GO", Level::Error, 1),
        ("medicare", "K. Novak", "97165-GP", Level::Error, 1),
        // Whoever signed has not the plan of the evaluation either.
        ("medicare", PT, "97165-GP", Level::Error, 0),
        ("medicare", PT, "97110-GO", Level::Warning, 1),
        (
            "commercial",
            "M. Doyle, PTA",
            "97110-GO-CO",
            Level::Warning,
            0,
        ),
        ("medicare", PT, "97165-GO", Level::Warning, 0),
    ] {
        let text = text(payer, provider, line);
        let found = findings(&text);
        let mine: Vec<_> = found.iter().filter(|f| f.rule.name == rule).collect();
        let [one] = mine[..] else {
            panic!("{line}: {mine:?}")
        };
        assert_eq!((one.level, one.fixes.len()), (level, fixes), "{line}");
    }
}

#[test]
fn what_medicare_never_pays() {
    let rule = "medicare-excluded";
    let text = |payer: &str, provider: &str, line: &str| {
        note(payer, provider, &format!("{line} 10:00-10:20\n"))
    };
    for (payer, provider, code, level) in [
        ("medicare-chiro", DC, "97140", Level::Error),
        ("medicare", DC, "99213", Level::Error),
        ("medicare-chiro", "S. Patel", "97110", Level::Error),
        ("railroad-medicare", MD, "98943", Level::Error),
        ("medicare", "A. Rivera, LMT", "97124", Level::Error),
        ("medicare", PT, "20561", Level::Error),
        ("medicare", DC, "97810", Level::Error),
        ("medicare", MD, "97813", Level::Information),
    ] {
        assert_eq!(
            at(rule, &text(payer, provider, code)),
            [(code, level)],
            "{code}"
        );
        for modifier in ["GY", "GX"] {
            let line = format!("{code}-{modifier}");
            assert_eq!(at(rule, &text(payer, provider, &line)), [], "{line}");
        }
        assert_eq!(at(rule, &text("commercial", provider, code)), [], "{code}");
        assert_eq!(
            at(rule, &text("Humana Medicare", provider, code)),
            [],
            "{code}"
        );
    }
    // Needles for another region than the low back.
    let neck = text("medicare", MD, "97810").replace("M54.50; M99.03", "M54.2");
    assert_eq!(at(rule, &neck), [("97810", Level::Error)]);
    for (provider, line) in [
        (DC, "98941-AT cervical, thoracic, lumbar"),
        (PT, "97140-GP lumbar"),
        ("A. Rivera, LMT, PT", "97124-GP lumbar"),
    ] {
        assert_eq!(at(rule, &text("medicare", provider, line)), [], "{line}");
    }
    // A pair with a line that is never paid is none, and no modifier makes it one.
    let pair = |line: &str| {
        note(
            "medicare-chiro",
            DC,
            &format!("98940-AT lumbar\n{line} cervical 10:00-10:20\n"),
        )
    };
    for line in ["97140", "97140-GY"] {
        assert_eq!(at("ncci-pair", &pair(line)), [], "{line}");
    }
    assert_eq!(at("payer-code", &pair("97014")), []);
}

#[test]
fn codes_that_a_payer_excludes() {
    let text = |code: &str| note("TRICARE Prime", DC, &format!("{code} lumbar\n"));
    assert_eq!(
        at("payer-code", &text("98940")),
        [("98940", Level::Warning)]
    );
    assert_eq!(at("payer-code", &text("97012")), []);
}

#[test]
fn active_treatment_for_medicare() {
    let rule = "cmt-modifier";
    for payer in ["medicare", "medicare-chiro"] {
        let text = |line: &str| {
            note(
                payer,
                DC,
                &format!("{line} lumbar\n  technique: diversified L5\n"),
            )
        };
        assert_eq!(at(rule, &text("98940")), [("98940", Level::Error)]);
        for line in [
            "98940-AT", "98940 AT", "98940-GA", "98940-GY", "98940-GZ", "98943", "97012-GP",
        ] {
            assert_eq!(at(rule, &text(line)), [], "{line}");
        }
    }
    assert_eq!(at(rule, &note("commercial", DC, "98940 lumbar\n")), []);
    assert_eq!(at(rule, "payer: medicare-chiro\n98940 lumbar"), []);
}

#[test]
fn adjusted_regions_are_counted() {
    let rule = "cmt-regions";
    let text = |line: &str| note("medicare-chiro", DC, &format!("{line}\n"));
    for (line, level) in [
        ("98941-AT cervical, lumbar", Level::Warning),
        ("98941-AT L5-S1", Level::Warning),
        ("98941-AT L and R cervical, shoulder", Level::Warning),
        (
            "98942-AT cervical, thoracic, lumbar, sacral",
            Level::Warning,
        ),
        ("98941-AT C2, C5, C6", Level::Warning),
        ("98940-AT cervical, thoracic, lumbar", Level::Information),
        ("98940-AT cervical, T6, L5-S1", Level::Information),
        (
            "98941-AT cervical, thoracic, lumbar, sacral, pelvis",
            Level::Information,
        ),
    ] {
        assert_eq!(at(rule, &text(line)), [(&line[..5], level)], "{line}");
    }
    for line in [
        "98940-AT cervical",
        "98940-AT cervical, lumbar, R shoulder, ribs",
        "98940-AT L5-S1",
        "98941-AT C5, T6, L4",
        "98941-AT cervical, L5-S1",
        "98941-AT cervical, thoracic, lumbar, sacral",
        "98942-AT cervical, thoracic, lumbar, sacrum, SI joint",
        // What may be meant proves nothing.
        "98941-AT cervical, thoracic, paraspinals",
        "98941-AT cervical, thoracic, psoas",
        "98941-AT full spine",
        "98941-AT C, T, lumbar",
        "98941-AT cervical, D6, lumbar",
        "98941-AT cervical, lumbar, L PI",
        "98942-AT cervical, lumbar, all regions",
        "98940-AT cervical, thoracic, glutes, piriformis",
        "98941-AT cervical, thoracic\n  technique: diversified C5, T6; side posture L5",
        "98941-AT",
        "98940-AT cervical\n  lumbar and thoracic paraspinals palpated",
        "98940-AT cervical\n98941-AT lumbar",
    ] {
        assert_eq!(at(rule, &text(line)), [], "{line}");
    }
    let words = "Tx: Adjusted C5, T6 and L4.\n98941-AT cervical, lumbar\n";
    assert_eq!(at(rule, &text(words)), []);
    assert_eq!(
        at(rule, &note("commercial", DC, "98941 cervical\n")),
        [("98941", Level::Information)]
    );
}

#[test]
fn codes_beyond_a_massage_license() {
    let rule = "outside-scope";
    for code in ["97161", "98940", "20560", "97750", "99203"] {
        assert_eq!(
            at(rule, &note("commercial", LMT, &format!("{code} 15 min\n"))),
            [(code, Level::Hint)]
        );
        for provider in [
            PT,
            DC,
            "A. Rivera, LMT, PT",
            "A. Rivera LMT, DC",
            "A. Rivera",
        ] {
            assert_eq!(
                at(
                    rule,
                    &note("commercial", provider, &format!("{code} 15 min\n"))
                ),
                [],
                "{provider}"
            );
        }
    }
    for code in ["97124", "97140", "97110", "97112", "97530", "97010"] {
        assert_eq!(
            at(
                rule,
                &note("commercial", LMT, &format!("{code} lumbar 15 min\n"))
            ),
            []
        );
    }
    // Who signed counts as well as who is named above.
    let text = note("commercial", LMT, "97161 15 min\n")
        .replace("signed: A. Rivera, LMT", "signed: J. Chen, PT");
    assert_eq!(at(rule, &text), []);
}

#[test]
fn the_time_of_the_session() {
    let rule = "missing-session-time";
    let lines = "97110-GP lumbar 10:00-10:20\n97530-GP lumbar 10:20-10:40\n";
    let unreported =
        |payer: &str, lines: &str| note(payer, PT, lines).replace("session: 10:00-11:00\n", "");
    for (payer, level) in [
        ("medicare", Level::Warning),
        ("auto", Level::Warning),
        ("workers-comp", Level::Warning),
        ("wa-lni", Level::Warning),
        ("commercial", Level::Information),
    ] {
        assert_eq!(
            at(rule, &unreported(payer, lines)),
            [("visit: 2026-11-20", level)],
            "{payer}"
        );
        assert_eq!(at(rule, &note(payer, PT, lines)), []);
    }
    assert_eq!(at(rule, &unreported("medicare-chiro", lines)), []);
    let fix = |text: &str| {
        findings(text)
            .into_iter()
            .find(|f| f.rule.name == rule)
            .map(|f| f.fixes[0].edits[0].text.clone())
    };
    assert_eq!(
        fix(&unreported("auto", lines)).as_deref(),
        Some("session: 10:00-10:40\n")
    );
    assert_eq!(
        fix(&unreported("auto", "97110 20 min\n97530 15 min\n")).as_deref(),
        Some("session: 35 min\n")
    );
    assert_eq!(
        fix(&unreported("auto", "97110 20 min\n97161\n")).as_deref(),
        Some("session: ___\n")
    );
    for words in [
        "O: Total treatment time: 53 min.\n",
        "Total treatment time: 53\n",
        "TTT 53 min\n",
        "Time in 10:00, time out 10:53\n",
        "O: 60 min session, prone.\n",
        "Tx: 60-minute massage.\n",
        "P: Weekly.\nTotal: 53 min\n",
        "total time: 53 min\n",
        "O: Session 10:00-10:53.\n",
    ] {
        assert_eq!(
            at(rule, &unreported("medicare", &format!("{lines}\n{words}"))),
            [],
            "{words}"
        );
    }
    for not_reported in [
        "S: Sits 20 minutes.\n",
        "P: 60 min session next week.\n",
        "timed minutes: 40\n",
        "O: Total timed minutes: 40\n",
    ] {
        assert_eq!(
            at(
                rule,
                &unreported("medicare", &format!("{lines}\n{not_reported}"))
            )
            .len(),
            1,
            "{not_reported}"
        );
    }
    let in_heading =
        unreported("medicare", lines).replace("2026-11-20\n97110", "2026-11-20 10:00-10:50\n97110");
    assert_eq!(at(rule, &in_heading), []);
    assert_eq!(at(rule, &unreported("medicare", "98940-AT lumbar\n")), []);
    // An empty field is pointed at; a line still being typed waits.
    let empty = note("medicare", PT, lines).replace("session: 10:00-11:00", "session:");
    assert_eq!(at(rule, &empty), [("session:", Level::Warning)]);
    assert_eq!(
        at(
            rule,
            "payer: medicare\nvisit: 2026-11-20\n97110-GP 10:00-10:20"
        ),
        []
    );
}

#[test]
fn clock_times_where_a_payer_asks_for_them() {
    let rule = "missing-clock-times";
    let text =
        |payer: &str, line: &str| note(payer, LMT, &format!("{line}\n  technique: petrissage\n"));
    assert_eq!(
        at(rule, &text("start-stop", "97124 lumbar 25 min")),
        [("25 min", Level::Error)]
    );
    for line in [
        "97124 lumbar 10:00-10:25",
        "97124 lumbar 10:00-10:25 (25 min)",
        "97124 lumbar 25 min\n  time: 10:00-10:25",
        "97124 lumbar 25 min start 10:00 end 10:25",
        "97124 lumbar",
        "97124 lumbar ___-___ 25 min",
        "97010 lumbar 10 min",
    ] {
        assert_eq!(at(rule, &text("start-stop", line)), [], "{line}");
    }
    assert_eq!(at(rule, &text("commercial", "97124 lumbar 25 min")), []);
    let (policy, problems) = crate::rules::read_policy(
        "[payers.a]\nrequires = [\"clock-times\"]\n[payers.b]\nrequires = [\"clock-times\"]\n[payers.b.rules]\nmissing-clock-times = \"hint\"\n",
    );
    assert_eq!(problems, []);
    assert_eq!(
        at_with(rule, &text("a", "97124 lumbar 25 min"), &policy),
        [("25 min", Level::Error)]
    );
    assert_eq!(
        at_with(rule, &text("b", "97124 lumbar 25 min"), &policy),
        [("25 min", Level::Hint)]
    );
}

#[test]
fn right_notes_get_nothing() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/notes/clean");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let loud = |f: &&Finding| f.level >= Level::Warning && RULES.contains(&f.rule.name);
        let found = findings(&text);
        assert_eq!(
            found
                .iter()
                .find(loud)
                .map(|f| (entry.path(), f.rule.name, &f.message)),
            None
        );
        seen += 1;
    }
    assert!(seen > 20);
}

/// The level and the words of each finding, and the codes that are offered.
fn unknown_codes(note: &str) -> Vec<String> {
    let findings = findings(note);
    let findings = findings.iter().filter(|f| f.rule.name == "unknown-code");
    let said = findings.map(|f| {
        let edits = f.fixes.iter().flat_map(|fix| &fix.edits);
        let offered: Vec<&str> = edits.map(|e| &*e.text).collect();
        let (level, words) = (f.level.word(), &note[f.span.range()]);
        format!("{level} {words} {}", offered.join(","))
            .trim_end()
            .to_owned()
    });
    said.collect()
}

#[test]
fn lines_that_begin_like_a_code() {
    for (line, said) in [
        ("72100 lumbar", &["hint 72100"][..]),
        ("- 29125 R wrist", &["hint 29125"]),
        ("• CPT 29125 splint, L hand", &["hint 29125"]),
        ("L3908 R wrist", &["hint L3908"]),
        ("0552T R thumb", &["hint 0552T"]),
        ("98969", &["hint 98969"]),
        ("97604 R hand wound", &["hint 97604"]),
        ("29125-RT wrist", &["warning 29125"]),
        ("72100 lumbar x2", &["warning 72100"]),
        ("0552T R thumb 15 min", &["warning 0552T"]),
        ("G0549 30 min", &["warning G0549"]),
        ("97142 lumbar", &["warning 97142 97124"]),
        ("9711O neck 25 min", &["warning 9711O 97110"]),
        ("971244 lumbar", &["warning 971244 97124"]),
        ("G0Z83 knee", &["warning G0Z83 G0283"]),
        ("971120 gait 15 min", &["warning 971120 97110,97112"]),
        // Numbers of something, houses, towns, diagnoses, what is known.
        ("10000 steps a day", &[]),
        ("10000 steps a day for 30 min", &[]),
        ("10000 ft, R knee sore", &[]),
        ("98101 Seattle", &[]),
        ("12345 Palm Street", &[]),
        ("33480 Palm Beach", &[]),
        ("123456 lumbar claim", &[]),
        ("971244", &[]),
        ("97124 was denied last month", &[]),
        ("72100 was denied for the lumbar spine", &[]),
        ("M5450 lumbar", &[]),
        ("M5450 lumbar 25 min", &[]),
        ("Room 29125 R wing", &[]),
        ("2026-11-20 lumbar", &[]),
        ("97124 lumbar 25 min", &[]),
    ] {
        let note = format!("visit: 2026-11-20\nO: tight\n{line}\nA: better\n");
        assert_eq!(unknown_codes(&note), said, "{line}");
        let below = format!("visit: 2026-11-20\n97140 neck 15 min\n  {line}\n");
        if !line.starts_with("97124 l") {
            assert_eq!(unknown_codes(&below), said, "below a block: {line}");
        }
    }
}

#[test]
fn where_a_line_that_begins_like_a_code_stands() {
    for (note, said) in [
        ("O: 72100 lumbar\n", &["hint 72100"][..]),
        ("Tx: 29125 R wrist 15 min\n", &["warning 29125"]),
        ("S: 72100 lumbar\n", &[]),
        ("P:\n72100 lumbar\n", &["hint 72100"]),
        ("Hand Clinic\n29125 R Wing\npayer: auto\nS: sore\n", &[]),
    ] {
        assert_eq!(unknown_codes(note), said, "{note}");
    }
}

#[test]
fn what_is_offered_for_modifiers_that_clash() {
    for (payer, provider, lines, rule, offered) in [
        (
            "medicare",
            PT,
            "97110-GO-CQ R knee 10:00-10:23\n",
            "conflicting-modifiers",
            &["Change modifier GO to GP", "Take modifier CQ off"][..],
        ),
        (
            "medicare",
            PT,
            "97110-GP-CO R knee 10:00-10:23\n",
            "conflicting-modifiers",
            &["Change modifier CO to CQ", "Take modifier CO off"],
        ),
        // Alone on its day the line needs neither.
        (
            "medicare",
            PT,
            "97110-GP-59-XS R knee 10:00-10:23\n",
            "conflicting-modifiers",
            &["Take modifiers 59 and XS off"],
        ),
        (
            "commercial",
            PT,
            "97110-GP-59-XS R knee 10:00-10:23\n",
            "conflicting-modifiers",
            &["Take modifier XS off", "Take modifier 59 off"],
        ),
        // Kneading is no manual therapy, and 59 has nothing to say where one of the two is left.
        (
            "medicare",
            PT,
            "97140-GP cervical 10:00-10:20\n  technique: joint mobilization\n97124-GP-59 lumbar 10:20-10:45\n  technique: petrissage\n",
            "massage-with-manual-therapy",
            &[
                "Keep manual therapy (97140) only",
                "Keep massage (97124) only",
            ],
        ),
        // Medicare pays a chiropractor neither, so that no region is asked for.
        (
            "medicare-chiro",
            DC,
            "98940-AT lumbar\n97140-59 lumbar 10:10-10:25\n  technique: joint mobilization\n",
            "modifier-same-region",
            &[],
        ),
    ] {
        let text = note(payer, provider, lines);
        at(rule, &text);
        let found = findings(&text);
        let mine = found.iter().filter(|f| f.rule.name == rule);
        let fixes = mine.flat_map(|f| f.fixes.iter().map(|fix| &*fix.title));
        assert_eq!(fixes.collect::<Vec<_>>(), offered, "{lines}");
    }
}

#[test]
fn current_on_a_wound_is_under_a_plan_of_care_when_a_therapist_gives_it() {
    let rule = "therapy-modifier";
    for code in ["G0281", "G0329"] {
        let text = |provider: &str| note("medicare", provider, &format!("{code} R ankle\n"));
        assert_eq!(at(rule, &text(PT)), [(code, Level::Error)]);
        assert_eq!(at(rule, &text("K. Lee, MD")), []);
    }
}

#[test]
fn limbs_are_counted() {
    let rule = "units-limit";
    for (lines, expected) in [
        ("95851-GP x3\n  both knees, lumbar\n", &[][..]),
        ("95851-GP x4\n  both knees, lumbar, neck\n", &["95851"]),
        ("95851-GP R knee\n95851-GP x2\n  L knee, lumbar\n", &[]),
        (
            "95851-GP x2\n  both knees\n95851-GP x2\n  both hips\n",
            &["95851"],
        ),
    ] {
        let text = note("medicare", PT, lines);
        let found: Vec<&str> = at(rule, &text).into_iter().map(|(word, _)| word).collect();
        assert_eq!(found, expected, "{lines}");
    }
}
