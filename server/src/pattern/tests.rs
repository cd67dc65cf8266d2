//! Every pattern of this program against the `Regex` of the same text.

use std::path::{Path, PathBuf};

use super::program::Program;
use super::*;

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

fn files_below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files_below(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
}

pub(crate) fn contents(folder: &str, ending: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    files_below(&root.join(folder), ending, &mut paths);
    let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    paths.iter().map(read).collect()
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

/// The lines of the notes and pages, some of them joined.
fn lines() -> Vec<String> {
    let mut texts = contents("../tests/notes", "soap");
    texts.extend(contents("../docs/rules", "md"));
    let mut lines: Vec<String> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter(|line| !line.trim().is_empty())
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines.dedup();
    lines
}

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }

    fn boundary(&mut self, text: &str) -> usize {
        let at = self.below(text.len() + 1);
        (0..=at)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap()
    }

    fn mutated(&mut self, line: &str, other: &str) -> String {
        const ODD: &[&str] = &[
            " ",
            "  ",
            "\t",
            "\n",
            "\r\n",
            "\n  ",
            "\u{a0}",
            "\u{2009}",
            "-",
            "–",
            "—",
            "/",
            ":",
            ".",
            ",",
            ";",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "_",
            "__",
            "___",
            "*",
            "#",
            "@",
            "~",
            "≈",
            "°",
            "º",
            "'",
            "’",
            "′",
            "%",
            "×",
            "x",
            "→",
            "é",
            "ſ",
            "K",
            "\u{1F600}",
            "0",
            "1",
            "10",
            "2026",
            "26",
            "s",
            "S",
            "k",
            "K",
            "pt",
            "goal",
            "Goal 1",
            "to",
            "of",
            "by",
            "min",
            "hours",
            "visits",
            "per week",
            "next",
            "pain",
            "3/10",
        ];
        let mut text = line.to_owned();
        for _ in 0..=self.below(4) {
            match self.below(6) {
                0 => {
                    let at = self.boundary(&text);
                    text.insert_str(at, ODD[self.below(ODD.len())]);
                }
                1 => {
                    let (one, two) = (self.boundary(&text), self.boundary(&text));
                    let (from, mut to) = (one.min(two), one.max(two));
                    while to > from + 12 || !text.is_char_boundary(to) {
                        to -= 1;
                    }
                    text.replace_range(from..to.max(from), "");
                }
                2 => {
                    let (at, from) = (self.boundary(&text), self.boundary(other));
                    text = format!("{}{}", &text[..at], &other[from..]);
                }
                3 => text = text.to_uppercase(),
                4 => {
                    let at = self.boundary(&text);
                    text.truncate(at);
                }
                _ => {
                    let at = self.boundary(&text);
                    text = text[at..].to_owned();
                }
            }
        }
        text
    }
}

/// Calls with each line of the notes and pages, and with so many variations of each, always the same.
pub(crate) fn for_each_variation(times: usize, mut check: impl FnMut(&str)) {
    let lines = lines();
    let mut dice = Dice(0xd1ce);
    for line in &lines {
        check(line);
        for _ in 0..times {
            let other = &lines[dice.below(lines.len())];
            check(&dice.mutated(line, other));
        }
    }
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
    let mut dice = Dice(0x5eed);
    for index in 0..lines.len().max(rounds * lines.len()) {
        let line = &lines[index % lines.len()];
        // Each line as it is for some of the patterns, and changed for others.
        for (number, (pattern, regex)) in patterns.iter().zip(&regexes).enumerate() {
            if rounds > 0 || (index + number).is_multiple_of(12) {
                assert_same(pattern, regex, line);
            } else if (index + number) % 12 == 1 {
                let other = &lines[dice.below(lines.len())];
                let text = dice.mutated(line, other);
                assert_same(pattern, regex, &text);
            }
            if rounds > 0 {
                let other = &lines[dice.below(lines.len())];
                let text = dice.mutated(line, other);
                assert_same(pattern, regex, &text);
            }
        }
    }
    let tired: Vec<&str> = patterns
        .iter()
        .filter(|p| p.was_tired())
        .map(|p| p.text)
        .collect();
    assert_eq!(tired, [""; 0]);
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
