//! Measures in prose that can be compared from visit to visit: pain scores, degrees, minutes of
//! tolerance and other figures with the words before them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::pattern::{Kinds, pattern, words};

use super::{SectionKind, Visit};

/// What a measure is of. Two visits can be compared where both hold the same key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Pain, n of 10: the worst and the least that is named.
    WorstPain,
    LeastPain,
    Degrees(String),
    Minutes(String),
    /// Some other figure, of which it is not known whether more is better.
    Other(String),
}

/// The measures of a visit, in tenths, each key once.
pub type Measures = BTreeMap<Key, i64>;

// `(\d+)-(\d+)/10` gives both; `3/10/26` is a day, `visit 3/10` a count, `since 3/10` a day.
pattern!(
    PAIN,
    r"(?i)(?:(?P<low>\d{1,2}(?:\.\d)?)\s*(?:-|–|to)\s*)?\b(?P<n>\d{1,2}(?:\.\d)?)\s*(?:/|out of)\s*10\b"
);
// What makes a score behind it a count, a day or a goal.
words!(
    NOT_PAIN,
    r"(?i)(?:visit|session|tx|week|wk|#|since|on|until|till|by|before|after|goal|target|dated?|/|mmt|strength)\s*:?\s*$"
);
/// What a figure is counted in.
#[derive(Clone, Copy)]
enum Unit {
    Degrees,
    Minutes,
    /// Another one, which is its last word.
    Other,
    Unstated,
}

/// `C-rot R 38-40 deg`: up to three words, a number or a range, and perhaps its unit.
static FIGURES: LazyLock<Kinds<Unit>> = LazyLock::new(|| {
    let figure = r"(?ix) [a-z][a-z.\-]*(?:\ +[a-z][a-z.\-]*){0,2} \ *[:=]?\ +
        \d{1,3}(?:\.\d)? (?:(?:/|-|–|\ to\ |\ of\ )\d{1,3})? \ *";
    let units = [
        (Unit::Degrees, r"(?:°|º|deg(?:rees?)?\b)"),
        (Unit::Minutes, r"(?:min(?:ute)?s?\b|')"),
        (
            Unit::Other,
            r"(?:%|lbs?\b|kgs?\b|sec(?:ond)?s?\b|s\b|reps?\b|ft\b|feet\b|blocks?\b|steps?\b|stairs?\b|flights?\b|miles?\b|hours?\b|hrs?\b|cm\b|inch(?:es)?\b|in\b|x\b)",
        ),
        (Unit::Unstated, ""),
    ];
    Kinds::new(units.map(|(unit, names)| (unit, format!("{figure}{names}"))))
});

// What a figure without a unit is in degrees of.
words!(
    MOVEMENT,
    r"(?i)\b(?:flex(?:ion)?|ext(?:ension)?|rot(?:ation)?|c-rot|slr|abd(?:uction)?|add(?:uction)?|ir|er|sb|side-?bend(?:ing)?|lat(?:eral)?|df|pf|dorsiflexion|arc|bend|arom|prom|rom|elevation|scaption|pron(?:ation)?|sup(?:ination)?|l|r)\b"
);
/// The sections that are read, in the order of their weight.
const SECTIONS: [SectionKind; 3] = [
    SectionKind::Subjective,
    SectionKind::Objective,
    SectionKind::Assessment,
];

/// Reads the measures of a visit from the prose of its sections, the patient's own words first: pain
/// is looked for in the findings only where the patient's words have no score, and in the assessment
/// last.
pub fn read(subjective: &str, objective: &str, assessment: &str) -> Measures {
    let sections = [subjective, objective, assessment];
    let mut measures = Measures::new();
    let mut pains = sections.into_iter().map(pains);
    if let Some(pains) = pains.find(|pains| !pains.is_empty()) {
        measures.extend(pains.iter().max().map(|worst| (Key::WorstPain, *worst)));
        measures.extend(pains.iter().min().map(|least| (Key::LeastPain, *least)));
    }
    for text in sections {
        for (key, value) in figures(text) {
            let most = measures.entry(key).or_insert(value);
            *most = value.max(*most);
        }
    }
    measures
}

/// Reads the measures of a visit from the prose of its sections.
pub fn of_visit(text: &str, visit: &Visit) -> Measures {
    let [subjective, objective, assessment] = SECTIONS.map(|kind| words_of(text, visit, kind));
    read(&subjective, &objective, &assessment)
}

fn words_of(text: &str, visit: &Visit, kind: SectionKind) -> String {
    let mut words = String::new();
    for prose in visit.prose.iter().filter(|p| p.section == Some(kind)) {
        words.push_str(&text[prose.span.range()]);
        words.push('\n');
    }
    words
}

/// The pain score that a goal names, in tenths.
pub fn pain_of_goal(goal: &str) -> Option<i64> {
    pains(goal).into_iter().max()
}

/// Whether a later value of a measure shows progress, or may show it.
pub fn is_better(key: &Key, before: i64, now: i64) -> bool {
    match key {
        Key::WorstPain | Key::LeastPain => now < before,
        Key::Degrees(_) | Key::Minutes(_) => now > before,
        Key::Other(_) => now != before,
    }
}

fn tenths(text: &str) -> Option<i64> {
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let whole: i64 = whole.parse().ok()?;
    let tenth: i64 = tenth.parse().ok()?;
    Some(whole * 10 + tenth)
}

fn pains(text: &str) -> Vec<i64> {
    PAIN.captures_iter(text)
        .filter_map(|found| {
            let whole = found.get(0)?;
            let after = &text[whole.end()..];
            let of_a_date =
                after.starts_with('/') && after[1..].starts_with(|c: char| c.is_ascii_digit());
            if of_a_date || NOT_PAIN.is_match(&text[..whole.start()]) {
                return None;
            }
            let value = |name: &str| found.name(name).and_then(|m| tenths(m.as_str()));
            Some([value("low"), value("n")])
        })
        .flatten()
        .flatten()
        .filter(|n| *n <= 100)
        .collect()
}

fn figures(text: &str) -> Vec<(Key, i64)> {
    let found = FIGURES.find_iter(text);
    found
        .filter_map(|(unit, found)| figure(unit, &text[found.clone()], &text[found.end..]))
        .collect()
}

fn figure(unit: Unit, words: &str, after: &str) -> Option<(Key, i64)> {
    // Part of a pain score or of a date.
    if after.starts_with('/') || words.contains("/10") {
        return None;
    }
    let (words, value) = words.split_at(words.find(|c: char| c.is_ascii_digit())?);
    let label = label(words.trim_end_matches([' ', ':', '=']));
    if label.is_empty() {
        return None;
    }
    let key = match unit {
        Unit::Degrees => Key::Degrees(label),
        Unit::Minutes => Key::Minutes(label),
        Unit::Other => {
            let before = value.rfind(|c: char| c == ' ' || c.is_ascii_digit())?;
            Key::Other(format!(
                "{label} {}",
                value[before + 1..].to_ascii_lowercase()
            ))
        }
        Unit::Unstated if MOVEMENT.is_match(&label) => Key::Degrees(label),
        Unit::Unstated => return None,
    };
    let end = value.find(|c: char| c != '.' && !c.is_ascii_digit());
    Some((key, tenths(&value[..end.unwrap_or(value.len())])?))
}

/// Whether a word says nothing of what is measured.
fn says_nothing(word: &str) -> bool {
    matches!(
        word,
        "now"
            | "to"
            | "about"
            | "only"
            | "up"
            | "still"
            | "than"
            | "more"
            | "the"
            | "a"
            | "for"
            | "of"
            | "and"
            | "is"
            | "at"
            | "was"
            | "from"
            | "after"
            | "over"
            | "approx"
            | "by"
            | "in"
            | "again"
            | "just"
            | "longer"
            | "today"
            | "can"
            | "pt"
            | "patient"
            | "client"
    )
}

/// The words before a figure, in small letters, without those that say nothing of what is measured.
fn label(words: &str) -> String {
    let words = words.to_ascii_lowercase();
    let words = words
        .split(' ')
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let mut label = String::new();
    for word in words.filter(|word| !word.is_empty() && !says_nothing(word)) {
        if !label.is_empty() {
            label.push(' ');
        }
        label.push_str(stem(word));
    }
    label
}

/// `sits`, `sitting` and `sit` are one activity.
pub fn stem(word: &str) -> &str {
    for (ending, least) in [("ting", 4), ("ing", 4), ("ion", 5), ("s", 3)] {
        if let Some(stem) = word.strip_suffix(ending)
            && word.len() > least + ending.len() - 2
        {
            return stem;
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pain_scores() {
        assert_eq!(
            pains("LBP 7/10 after driving, 2-3/10 at rest"),
            [70, 20, 30]
        );
        assert_eq!(pains("pain 6 out of 10"), [60]);
        assert_eq!(pains("4.5/10"), [45]);
        for no_pain in [
            "since 3/10",
            "on 3/10/26",
            "visit 4/10",
            "MMT 4/5",
            "goal 2/10",
            "12/10/2026",
        ] {
            assert_eq!(pains(no_pain), Vec::<i64>::new(), "{no_pain}");
        }
    }

    #[test]
    fn degrees_minutes_and_other_figures() {
        let measures = read(
            "Sits 30 minutes.",
            "Flex 45°, C-rot R 38 degrees, L 45. Grip 20 lb.",
            "sitting tolerance now 40 minutes",
        );
        assert_eq!(measures[&Key::Degrees("flex".to_owned())], 450);
        assert_eq!(measures[&Key::Degrees("c-rot r".to_owned())], 380);
        assert_eq!(measures[&Key::Minutes("sit".to_owned())], 300);
        assert_eq!(measures[&Key::Other("grip lb".to_owned())], 200);
    }

    #[test]
    fn pain_of_the_patients_words_comes_first() {
        let measures = read("Neck 5/10", "after 3/10", "6/10 to 4/10");
        assert_eq!(measures[&Key::WorstPain], 50);
        assert_eq!(measures[&Key::LeastPain], 50);
    }

    #[test]
    fn pain_is_that_of_the_first_section_that_names_it() {
        for (text, worst, least) in [
            ("S: 7/10, 4/10\nO: 9/10\n", 70, 40),
            ("S: Stiff.\nO: 3.5/10\n  2-3 out of 10\nA: 8/10\n", 35, 20),
            ("A: Pain 8/10.\nP: 1/10\n", 80, 80),
        ] {
            let visit = crate::chart::lower(text, &crate::syntax::Syntax::of(text));
            let measures = of_visit(text, &visit);
            assert_eq!(measures.get(&Key::WorstPain), Some(&worst), "{text}");
            assert_eq!(measures.get(&Key::LeastPain), Some(&least), "{text}");
        }
    }

    #[test]
    fn figures_in_every_spelling() {
        let degrees = |label: &str| Key::Degrees(label.to_owned());
        let minutes = |label: &str| Key::Minutes(label.to_owned());
        let other = |label: &str| Key::Other(label.to_owned());
        for (text, key, tenths) in [
            ("C-rot R: 38-40 deg", degrees("c-rot r"), 380),
            ("Flex = 45.5º", degrees("flex"), 455),
            ("Abd 90 Degrees", degrees("abd"), 900),
            ("side-bending 20", degrees("side-bend"), 200),
            ("SLR 60 to 70", degrees("slr"), 600),
            ("walks 10 Minutes", minutes("walk"), 100),
            ("sits 30'", minutes("sit"), 300),
            ("stands about 5-10 mins", minutes("stand"), 50),
            ("Grip 20 LBS", other("grip lbs"), 200),
            ("Curl-ups 3 x", other("curl-up x"), 30),
            ("PUs 10 reps", other("pu reps"), 100),
            ("Lifts only 10%", other("lift %"), 100),
            // Three words at most, the last ones.
            (
                "one two three four 5 reps",
                other("two three four reps"),
                50,
            ),
            // No part of another word is a unit.
            ("rot 45 inner", degrees("rot"), 450),
            ("lift 10  lb", other("lift lb"), 100),
        ] {
            assert_eq!(figures(text), [(key, tenths)], "{text}");
        }
        for text in [
            "grip 20",
            "rot45",
            "45 deg",
            "rot\t45",
            "flex 3/10",
            "on 3/4/26",
            "to 45 deg",
            "aſ\u{a0}45 deg",
        ] {
            assert_eq!(figures(text), [], "{text}");
        }
    }

    #[test]
    fn which_way_is_better() {
        assert!(is_better(&Key::WorstPain, 60, 50));
        assert!(!is_better(&Key::WorstPain, 50, 60));
        assert!(is_better(&Key::Degrees(String::new()), 450, 500));
        assert!(is_better(&Key::Other(String::new()), 200, 180));
    }
}
