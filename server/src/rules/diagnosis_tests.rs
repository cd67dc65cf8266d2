//! The rules about diagnosis codes at their boundaries.

use std::sync::Arc;

use crate::analysis::Analysis;
use crate::policy::Policy;
use crate::text::Document;

const RULES: [&str; 8] = [
    "malformed-diagnosis",
    "unknown-diagnosis",
    "unbillable-diagnosis",
    "excluded-diagnoses",
    "side-mismatch",
    "unspecified-side",
    "diagnosis-region",
    "vague-diagnosis",
];

/// What the rules point at in a note, with the rule's name.
fn said(text: &str) -> Vec<(&'static str, String)> {
    let analysis = Analysis::of(&Document::new(text), &Arc::new(Policy::default()));
    let findings = analysis.findings();
    let mine = findings.iter().filter(|f| RULES.contains(&f.rule.name));
    mine.map(|f| (f.rule.name, text[f.span.range()].to_owned()))
        .collect()
}

fn fixes(text: &str, rule: &str) -> Vec<String> {
    let analysis = Analysis::of(&Document::new(text), &Arc::new(Policy::default()));
    let findings = analysis.findings();
    let of_rule = findings.iter().filter(|f| f.rule.name == rule);
    of_rule
        .flat_map(|f| &f.fixes)
        .map(|fix| {
            let mut fixed = text.to_owned();
            let mut edits: Vec<_> = fix.edits.iter().collect();
            edits.sort_by_key(|e| std::cmp::Reverse(e.span));
            for edit in edits {
                fixed.replace_range(edit.span.range(), &edit.text);
            }
            fixed
        })
        .collect()
}

fn visit(dx: &str, line: &str) -> String {
    format!("visit: 2026-11-20\ndx: {dx}\n{line}\nP: weekly\n")
}

#[test]
fn each_code_has_one_finding() {
    let lumbar = "97124 lumbar 25 min";
    for (dx, expected) in [
        ("M54.59", &[][..]),
        ("m5459", &[]),
        ("M54.5", &[("unbillable-diagnosis", "M54.5")]),
        ("M54", &[("unbillable-diagnosis", "M54")]),
        ("724.2", &[("malformed-diagnosis", "724.2")]),
        ("V57.1", &[("malformed-diagnosis", "V57.1")]),
        ("E849.0", &[("malformed-diagnosis", "E849.0")]),
        ("8E0KX1Z", &[("malformed-diagnosis", "8E0KX1Z")]),
        ("M54.50.1", &[("malformed-diagnosis", "M54.50.1")]),
        ("S33.5XXAA", &[("malformed-diagnosis", "S33.5XXAA")]),
        ("M5.42", &[("malformed-diagnosis", "M5.42")]),
        ("Ml7.11", &[("malformed-diagnosis", "Ml7.11")]),
        ("M54.59.", &[]),
        ("M54.59; L4.5 level; T12; L5S1", &[]),
        ("M54.59; B12 deficiency", &[]),
        ("M54.59; M59", &[("unknown-diagnosis", "M59")]),
        ("M54.5O", &[("unknown-diagnosis", "M54.5O")]),
        ("low back pain", &[]),
        ("___", &[]),
    ] {
        let expected: Vec<_> = expected
            .iter()
            .map(|(r, s)| (*r, (*s).to_owned()))
            .collect();
        assert_eq!(said(&visit(dx, lumbar)), expected, "{dx}");
    }
}

/// M72.2 was right until 2026-09-30.
#[test]
fn the_day_decides_which_codes_there_are() {
    for (heading, dx, expected) in [
        ("visit: 2026-09-30", "M72.2", &[][..]),
        ("visit: 2026-10-01", "M72.2", &["unbillable-diagnosis"]),
        ("visit:", "M72.2", &[]),
        ("visit:", "M54.5", &["unbillable-diagnosis"]),
        ("visit:", "M54.20", &["unknown-diagnosis"]),
    ] {
        let text = visit(dx, "97124 25 min").replace("visit: 2026-11-20", heading);
        let rules: Vec<_> = said(&text).into_iter().map(|(r, _)| r).collect();
        assert_eq!(rules, expected, "{heading} {dx}");
    }
}

#[test]
fn the_end_of_the_text_is_being_typed() {
    for dx in [
        "M54",
        "M54.5",
        "724.2",
        "M5.42",
        "M54.5O",
        "M62.830; M79.18",
    ] {
        let text = format!("visit: 2026-11-20\n97124 lumbar 25 min\n\ndx: {dx}");
        assert_eq!(said(&text), [], "{dx}");
        assert_ne!(said(&format!("{text}\nS: well")), [], "{dx}");
    }
}

#[test]
fn a_chart_is_reported_once() {
    let chart = |dx: &str, line: &str| {
        format!("dx: {dx}\n\nvisit: 2026-11-18\n{line}\n\nvisit: 2026-11-20\n{line}\nP: weekly\n")
    };
    for (dx, line, expected) in [
        (
            "M54.5",
            "97124 lumbar 25 min",
            &["unbillable-diagnosis"][..],
        ),
        ("M54.50", "97124 lumbar 25 min", &["vague-diagnosis"]),
        (
            "M62.830; M79.18",
            "97124 lumbar 25 min",
            &["excluded-diagnoses"],
        ),
        ("M25.519", "97124 R shoulder 25 min", &["unspecified-side"]),
    ] {
        let rules: Vec<_> = said(&chart(dx, line)).into_iter().map(|(r, _)| r).collect();
        assert_eq!(rules, expected, "{dx}");
    }
    // Each visit treats the wrong side by itself.
    let wrong = said(&chart("M25.511", "97124 L shoulder 25 min"));
    assert_eq!(wrong.len(), 2);
}

#[test]
fn a_code_goes_with_its_words_and_never_leaves_an_empty_line() {
    let line = "97124 lumbar 25 min";
    for (dx, expected) in [
        (
            "M62.830 spasm, of back; M79.18 myalgia",
            ["M62.830 spasm, of back", "M79.18 myalgia"],
        ),
        ("M62.830\n  M79.18", ["M62.830", "M79.18"]),
    ] {
        let mut found = fixes(&visit(dx, line), "excluded-diagnoses");
        found.sort();
        assert_eq!(found, expected.map(|dx| visit(dx, line)));
    }
    let text = format!("dx: M54.50\n\n{}", visit("M54.41 sciatica", line));
    let found = fixes(&text, "excluded-diagnoses");
    assert_eq!(found, [text.replace("dx: M54.41 sciatica\n", "")]);
}

#[test]
fn sides() {
    for (dx, line, expected) in [
        (
            "M54.30",
            "97124 lumbar, R glute 25 min",
            &["unspecified-side"][..],
        ),
        ("M26.609", "97124 R TMJ 25 min", &["unspecified-side"]),
        ("G56.00", "97124 R wrist 25 min", &["unspecified-side"]),
        ("M25.519", "97124 R wrist 25 min", &[]),
        ("G56.02", "97124 R wrist 25 min", &["side-mismatch"]),
        ("M25.511", "97124 L shoulder 25 min", &["side-mismatch"]),
        // What has no side was treated too, or explains the other side.
        ("M54.31", "97124 lumbar, L hip 25 min", &[]),
        ("M25.511", "97124 shoulder, L wrist 25 min", &[]),
        ("M25.571; R26.89", "97124 L foot 25 min", &[]),
    ] {
        let rules: Vec<_> = said(&visit(dx, line)).into_iter().map(|(r, _)| r).collect();
        assert_eq!(rules, expected, "{dx} {line}");
    }
}

#[test]
fn the_side_of_the_note_is_offered_first() {
    let line = "97124 R shoulder 25 min";
    let found = fixes(&visit("M25.51", line), "unbillable-diagnosis");
    assert_eq!(found, [visit("M25.511", line)]);
    let found = fixes(
        &visit("S13.4", "97124 cervical 25 min"),
        "unbillable-diagnosis",
    );
    assert_eq!(found.len(), 3);
    let found = fixes(&visit("M25.512", line), "side-mismatch");
    assert_eq!(found, [visit("M25.511", line)]);
}
