use super::*;
use crate::trial::{Chance, lines};

fn names(text: &str) -> Vec<&'static str> {
    find_in(text)
        .into_iter()
        .map(|mention| mention.phrase.name)
        .collect()
}

#[test]
fn every_pattern_can_be_built() {
    for phrase in all() {
        assert!(phrase.finder().is_some(), "{}", phrase.name);
        assert!(
            phrase.spared.is_empty() || phrase.spared().is_some(),
            "{}",
            phrase.name
        );
    }
}

#[test]
fn every_phrase_has_its_name() {
    let names: std::collections::HashSet<_> = all().iter().map(|phrase| phrase.name).collect();
    assert_eq!(names.len(), all().len());
    for phrase in all() {
        assert_eq!(
            phrase.spared().is_some(),
            !phrase.spared.is_empty(),
            "{}",
            phrase.name
        );
    }
}

#[test]
fn wording_that_is_found() {
    for (text, name) in [
        ("Monthly maintenance massage.", "maintenance care"),
        ("Maintain current level", "maintenance care"),
        ("maintaining gains", "maintenance care"),
        ("Palliative care", "maintenance care"),
        ("wellness visit", "wellness or prevention"),
        ("preventative care", "wellness or prevention"),
        ("for relaxation", "relaxation"),
        ("full-body massage", "relaxation"),
        ("stress  relief", "relaxation"),
        ("Tolerated treatment well", "tolerated well"),
        ("tolerated well", "tolerated well"),
        ("tol well", "tolerated well"),
        ("Continue POC", "continue as planned"),
        ("Continue plan of care", "continue as planned"),
        ("cont. current plan", "continue as planned"),
        ("Same as last visit", "same as before"),
        ("No change", "nothing changed"),
        ("SALT", "SALT"),
        ("pt has plateaued", "plateau"),
        ("no further improvement", "plateau"),
        ("reached MMI", "plateau"),
        ("worked on back", "massage without a technique"),
        ("massage to back", "massage without a technique"),
        (
            "worked on the right shoulder",
            "massage without a technique",
        ),
        ("feels better", "feels better"),
        ("8-15 min", "range of minutes"),
        ("about 15 min", "about so many minutes"),
        ("~15 min", "about so many minutes"),
        (
            "manual therapy for about 15 minutes",
            "about so many minutes",
        ),
        ("client wanted more pressure", "patient's wish"),
    ] {
        assert_eq!(names(text), [name], "{text}");
    }
}

#[test]
fn wording_that_is_harmless() {
    for text in [
        "This is not a maintenance visit.",
        "Instructed in maintenance of HEP",
        "relaxation of the upper trapezius",
        "muscle relaxed",
        "transition to maintenance at discharge",
        "Patient is a wellness coach",
        "Pain prevents patient from sleeping",
        "preventing her from driving",
        "post-isometric relaxation",
        "contract-relax",
        "taking muscle relaxants",
        "works as a maintenance worker",
        "not for relaxation",
        "has not plateaued",
        "tibial plateau fracture",
        "no change in medications",
        "rotation unchanged from 65 degrees",
        "salt intake",
        "10:02-10:27",
        "25 min",
        "sitting tolerance 30-45 minutes",
        "manual traction",
        "",
    ] {
        assert_eq!(names(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn weights_by_profession() {
    let phrase = find_in("maintenance care")[0].phrase;
    assert_eq!(phrase.weight(Profession::Therapy), Weight::Information);
    assert_eq!(phrase.weight(Profession::Chiropractic), Weight::Warning);
    assert_eq!(phrase.weight(Profession::Massage), Weight::Warning);
    assert!(Weight::Warning > Weight::Hint);
    let subjective: Vec<_> = all().iter().filter(|phrase| phrase.subjective).collect();
    assert_eq!(subjective.len(), 1);
}

#[test]
fn ranges_are_bytes_of_the_text() {
    let text = "é – for  relaxation; maintenance";
    let found: Vec<_> = find_in(text)
        .iter()
        .map(|m| &text[m.range.clone()])
        .collect();
    assert_eq!(found, ["relaxation", "maintenance"]);
}

/// The patterns as `regex` compiles them, which say what is to be found.
mod by_regex {
    use regex::{Regex, RegexBuilder};

    use super::super::{DenialMention, DenialPhrase, all, is_negated, stands_alone};
    use crate::pattern::of_ascii;

    /// The end of a word, for a pattern that must not stop inside one.
    pub(super) const WORD_END: &str = r"\b{end-half}";

    /// A pattern without regard to case that begins with a word; a blank in it stands for any run of
    /// blanks.
    pub(super) fn compile(pattern: &str, end: &str) -> Regex {
        let pattern = pattern
            .replace("[- ]", r"[-\x20]")
            .replace(" ?", r"[\x20\t\r\n]*")
            .replace(' ', r"[\x20\t\r\n]+");
        // ASCII classes, and `[a-z0-9_]` for a word, since case does not matter.
        let pattern = of_ascii(&format!(r"\b{{start-half}}(?:{pattern}){end}"));
        let mut builder = RegexBuilder::new(&pattern);
        builder.case_insensitive(true).build().expect("a pattern")
    }

    /// For each phrase its own pattern and that of its harmless company.
    pub(super) struct Patterns(Vec<(&'static DenialPhrase, Regex, Option<Regex>)>);

    impl Patterns {
        pub(super) fn new() -> Self {
            let spared = |phrase: &DenialPhrase| {
                (!phrase.spared.is_empty()).then(|| compile(phrase.spared, ""))
            };
            let phrases = all().iter();
            Self(
                phrases
                    .map(|phrase| (phrase, compile(phrase.pattern, WORD_END), spared(phrase)))
                    .collect(),
            )
        }

        pub(super) fn find_in(&self, text: &str) -> Vec<DenialMention> {
            let mut found = Vec::new();
            for (phrase, finder, spared) in &self.0 {
                let spared: Vec<_> = spared
                    .iter()
                    .flat_map(|spared| spared.find_iter(text).map(|hit| hit.range()))
                    .collect();
                for hit in finder.find_iter(text) {
                    let range = hit.range();
                    if range.is_empty()
                        || !stands_alone(text, range.clone())
                        || phrase.negatable && is_negated(text, range.start)
                    {
                        continue;
                    }
                    if !spared
                        .iter()
                        .any(|safe| safe.start < range.end && range.start < safe.end)
                    {
                        found.push(DenialMention { range, phrase });
                    }
                }
            }
            found.sort_by_key(|mention| (mention.range.start, mention.range.end));
            found
        }
    }
}

fn samples(chance: &mut Chance) -> Vec<String> {
    let mut samples = Vec::new();
    for phrase in all() {
        for pattern in [phrase.finder(), phrase.spared()].into_iter().flatten() {
            for _ in 0..60 {
                let sample = pattern.sample(|bound| chance.below(bound));
                // What repeats without end may do so by chance.
                samples.extend((sample.len() < 200).then_some(sample));
            }
        }
    }
    samples
}

#[test]
fn a_phrase_is_found_where_regex_finds_it() {
    let mut chance = Chance::new(11);
    let samples = samples(&mut chance);
    let lines = lines();
    let patterns = by_regex::Patterns::new();
    let mut count = 0;
    let mut same = |text: &str| {
        let plain = |mentions: Vec<DenialMention>| -> Vec<_> {
            let mentions = mentions.into_iter();
            mentions.map(|m| (m.range, m.phrase.name)).collect()
        };
        let found = plain(find_in(text));
        assert_eq!(found, plain(patterns.find_in(text)), "{text:?}");
        // Some of them are found as among all.
        for subjective in [false, true] {
            let is_wanted = |phrase: &DenialPhrase| phrase.subjective == subjective;
            let mut all = find_in(text);
            all.retain(|mention| is_wanted(mention.phrase));
            let some = find_those(text, &Phrases::of(is_wanted));
            assert_eq!(plain(some), plain(all), "{text:?}");
        }
        count += found.len();
    };
    for text in lines.iter().chain(&samples) {
        same(text);
    }
    for _ in 0..20_000 {
        same(&chance.disfigured_line(&samples));
    }
    assert!(count > 5000, "{count}");
}

/// Each pattern by itself, whatever clears a phrase.
#[test]
fn a_pattern_finds_what_regex_finds() {
    let mut chance = Chance::new(13);
    let samples = samples(&mut chance);
    let lines = lines();
    let texts: Vec<String> = (0..4000)
        .map(|_| chance.disfigured_line(&samples))
        .collect();
    for phrase in all() {
        let own = (phrase.finder(), by_regex::WORD_END, phrase.pattern);
        for (pattern, end, text) in [own, (phrase.spared(), "", phrase.spared)] {
            let Some(pattern) = pattern else { continue };
            let regex = by_regex::compile(text, end);
            for text in lines.iter().chain(&samples).chain(&texts) {
                let wanted: Vec<_> = regex.find_iter(text).map(|hit| hit.range()).collect();
                assert_eq!(pattern.find_all(text), wanted, "{}: {text:?}", phrase.name);
            }
        }
    }
}

/// A gate that lets a beginning through is all that a pattern needs, and no more than it needs.
#[test]
fn the_gates_are_where_the_patterns_begin() {
    for phrase in all() {
        let beginnings = phrase.finder().expect("a pattern").beginnings();
        let gates: std::collections::BTreeSet<String> =
            phrase.begins.split(',').map(str::to_owned).collect();
        assert_eq!(gates, beginnings, "{}", phrase.name);
    }
}

#[test]
fn what_is_no_pattern_is_not_read() {
    for text in [
        "(", ")", "(a", "a)", "[a", "a{", "a{2", "*", "(?=a)", ".", r"\x", "a|*",
    ] {
        assert!(Pattern::read(text, true).is_none(), "{text}");
    }
}
