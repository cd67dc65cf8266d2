//! Every pattern of this program against the `Regex` of the same text.

use super::program::Program;
use super::*;
use crate::trial::{Chance, contents, lines};

pattern!(DAY, r"(?P<y>\d{4})-(?P<m>\d{2})|no day");

#[test]
fn classes_are_written_out() {
    assert_eq!(
        of_ascii(r"\d{2}[\d.]\bx\[[^\w]"),
        r"[0-9]{2}[0-9.](?-u:\b)x\[[^0-9A-Za-z_]"
    );
    assert_eq!(of_ascii(r"\b{start-half}a"), r"(?-u:\b{start-half})a");
}

#[test]
fn pasted_blanks_are_blanks() {
    assert!(compile(r"^a\sb$").is_match("a\u{a0}b"));
    assert!(compile(r"^\S+\W\d$").is_match("é-3"));
    assert!(compile(r"\bmet\b").is_match("Ziel – met (é)"));
}

#[test]
fn groups_have_names() {
    let found = DAY.captures("on 2026-11").unwrap();
    assert_eq!(found.name("m").unwrap().as_str(), "11");
    assert_eq!(found.get(0).unwrap().range(), 3..10);
    assert!(DAY.captures("no day").unwrap().name("y").is_none());
    assert!(found.name("z").is_none() && found.get(9).is_none());
}

fn pattern_of(text: &str) -> &'static Pattern {
    let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
    let program: &'static Program = Box::leak(Box::new(Program::of(text)));
    Box::leak(Box::new(Pattern {
        text,
        parts: program.parts(),
        regex: OnceLock::new(),
    }))
}

/// The patterns in this program's source.
fn patterns() -> Vec<&'static Pattern> {
    let mut found = Vec::new();
    for source in contents("src", "rs") {
        for (at, _) in source
            .match_indices("pattern!(\n")
            .chain(source.match_indices("pattern!("))
        {
            let rest = &source[at..];
            let end = rest.find(");\n").unwrap_or(rest.len());
            let Some(start) = rest[..end].find("r\"") else {
                continue;
            };
            let text = &rest[start + 2..];
            let text = &text[..text.find('"').unwrap()];
            if !found.iter().any(|p: &&Pattern| p.text == text) {
                found.push(pattern_of(text));
            }
        }
    }
    found
}

fn assert_same(pattern: &'static Pattern, regex: &Regex, line: &str) {
    let expected: Vec<Vec<Option<Range<usize>>>> = regex
        .captures_iter(line)
        .map(|c| c.iter().map(|m| m.map(|m| m.range())).collect())
        .collect();
    let groups = regex.captures_len();
    let found: Vec<Vec<Option<Range<usize>>>> = pattern
        .captures_iter(line)
        .map(|c| (0..groups).map(|g| c.get(g).map(|m| m.range())).collect())
        .collect();
    assert_eq!(found, expected, "{} in {line:?}", pattern.text);
    let spans: Vec<_> = expected.iter().map(|c| c[0].clone().unwrap()).collect();
    let found: Vec<_> = pattern.find_iter(line).map(|m| m.range()).collect();
    assert_eq!(found, spans, "{} in {line:?}", pattern.text);
    assert_eq!(pattern.is_match(line), !spans.is_empty());
}

#[test]
fn every_pattern_finds_what_its_regex_finds() {
    let patterns = patterns();
    assert!(patterns.len() > 10, "{}", patterns.len());
    let regexes: Vec<Regex> = patterns.iter().map(|p| compile(p.text)).collect();
    let lines = lines();
    let rounds: usize = std::env::var("ROUNDS").map_or(0, |n| n.parse().unwrap());
    let mut chance = Chance::new(0x5eed);
    for index in 0..lines.len().max(rounds * lines.len()) {
        let line = &lines[index % lines.len()];
        // Each line as it is for some of the patterns, and changed for others.
        for (number, (pattern, regex)) in patterns.iter().zip(&regexes).enumerate() {
            if rounds > 0 || (index + number).is_multiple_of(12) {
                assert_same(pattern, regex, line);
            } else if (index + number) % 12 == 1 {
                let text = chance.disfigured(line, &[""; 0]);
                assert_same(pattern, regex, &text);
            }
            if rounds > 0 {
                let text = chance.disfigured(line, &[""; 0]);
                assert_same(pattern, regex, &text);
            }
        }
    }
}

/// No line of a note is left to the other engine, which would have to be built first.
#[test]
fn no_line_of_a_note_tires() {
    let patterns = patterns();
    let notes = contents("../tests/notes", "soap");
    for line in notes.iter().flat_map(|note| note.lines()) {
        for pattern in &patterns {
            pattern.is_match(line);
            assert!(!pattern.was_tired(), "{} in {line:?}", pattern.text);
        }
    }
}

/// What would take long is left to the other engine, and comes to the same.
#[test]
fn long_runs_tire_no_one() {
    for text in [
        r"(?:[a-z]+[a-z.]*){0,2} *\d",
        r"(?i)(?:ab|a)*c",
        r"\d+(?:\.\d+)?\s*x",
    ] {
        let pattern = pattern_of(text);
        for line in [
            "ab".repeat(5000),
            "1".repeat(5000),
            format!("{}c", "ab".repeat(2000)),
        ] {
            assert_same(pattern, &compile(text), &line);
        }
    }
}
