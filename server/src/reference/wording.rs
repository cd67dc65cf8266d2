//! Wording that draws denials, and wording that says nothing.
//!
//! Source: the project's domain notes, section 7.6, see `data/wording.tsv`. This knows words only;
//! which section they stand in, and whether a measured change stands beside them, the reader looks up.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use super::table;
use super::vocabulary::stands_alone;
use crate::pattern::{Set, compile, of_ascii, words};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DenialKind {
    /// Reads as care that is not medically necessary.
    Necessity,
    /// Says the same on every visit.
    Rote,
    /// Names no technique, tissue or parameter.
    Vague,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// Off unless asked for.
    Hint,
    Information,
    Warning,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Profession {
    /// Physical or occupational therapy.
    Therapy,
    Chiropractic,
    /// Massage therapy for a private payer.
    #[default]
    Massage,
}

#[derive(Clone, Debug)]
pub struct DenialPhrase {
    pub kind: DenialKind,
    /// Harmless when a measured change, or a parameter, stands beside it.
    pub alone: bool,
    /// Concerns the Subjective section (all others concern Assessment, Plan and treatment lines).
    pub subjective: bool,
    pub therapy: Weight,
    pub chiropractic: Weight,
    pub massage: Weight,
    /// What a payer makes of it and what to write instead.
    pub reason: &'static str,
    /// Its words, as a regular expression without regard to case.
    pattern: &'static str,
    /// `not a ...` before it clears it.
    negatable: bool,
    /// The company in which it is harmless, as another one; empty where there is none.
    spared: &'static str,
    /// `pattern`, compiled when the phrase first occurs.
    finder: OnceLock<Regex>,
    /// `spared`, compiled when the phrase first occurs.
    spared_finder: OnceLock<Regex>,
}

impl DenialPhrase {
    fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Range<usize>> + use<'_, 't> {
        let finder = || compile(&whole(self.pattern));
        let finder = self.finder.get_or_init(finder);
        finder.find_iter(text).map(|hit| hit.range())
    }

    /// The harmless company in the text.
    fn spared_in(&self, text: &str) -> Vec<Range<usize>> {
        if self.spared.is_empty() {
            return Vec::new();
        }
        let finder = || compile(&beginning(self.spared));
        let finder = self.spared_finder.get_or_init(finder);
        finder.find_iter(text).map(|hit| hit.range()).collect()
    }

    /// How strongly to say it to a profession.
    pub fn weight(&self, profession: Profession) -> Weight {
        match profession {
            Profession::Therapy => self.therapy,
            Profession::Chiropractic => self.chiropractic,
            Profession::Massage => self.massage,
        }
    }
}

#[derive(Clone, Debug)]
pub struct DenialMention {
    pub range: Range<usize>,
    pub phrase: &'static DenialPhrase,
}

/// The phrases, in the order of the table.
static PHRASES: LazyLock<Vec<DenialPhrase>> = LazyLock::new(|| {
    let columns =
        "name kind alone negatable subjective therapy chiropractic massage pattern spared reason";
    table::read(include_str!("../../data/wording.tsv"), columns, row)
});

fn row(
    [
        name,
        kind,
        alone,
        negatable,
        subjective,
        therapy,
        chiropractic,
        massage,
        pattern,
        spared,
        reason,
    ]: [&'static str; 11],
) -> Option<DenialPhrase> {
    if name.is_empty() || !reason.ends_with('.') || pattern.is_empty() {
        return None;
    }
    Some(DenialPhrase {
        kind: match kind {
            "necessity" => DenialKind::Necessity,
            "rote" => DenialKind::Rote,
            "vague" => DenialKind::Vague,
            _ => return None,
        },
        alone: table::flag(alone)?,
        negatable: table::flag(negatable)?,
        subjective: table::flag(subjective)?,
        therapy: weight(therapy)?,
        chiropractic: weight(chiropractic)?,
        massage: weight(massage)?,
        reason,
        pattern,
        spared,
        finder: OnceLock::new(),
        spared_finder: OnceLock::new(),
    })
}

fn weight(cell: &str) -> Option<Weight> {
    match cell {
        "warning" => Some(Weight::Warning),
        "information" => Some(Weight::Information),
        "hint" => Some(Weight::Hint),
        _ => None,
    }
}

/// A pattern of the table as `regex` has them: it begins where a word does, and a space stands for any
/// run of spaces.
fn beginning(pattern: &str) -> String {
    let pattern = pattern
        .replace("[- ]", r"[-\x20]")
        .replace(" ?", r"[\x20\t\r\n]*")
        .replace(' ', r"[\x20\t\r\n]+");
    format!(r"(?i)\b{{start-half}}(?:{pattern})")
}

/// The same for a pattern that ends where a word does.
fn whole(pattern: &str) -> String {
    beginning(pattern) + r"\b{end-half}"
}

/// All patterns at once: most texts hold none of them, which one search shows.
static ANY: LazyLock<Set> =
    LazyLock::new(|| Set::new(PHRASES.iter().map(|p| of_ascii(&whole(p.pattern)))));

/// The phrases in a text, in order; those in harmless company (`not a maintenance visit`,
/// `relaxation of the upper trapezius`, `wellness coach`) are left out.
pub fn find_in(text: &str) -> Vec<DenialMention> {
    let mut found = Vec::new();
    for phrase in ANY.held(text).into_iter().map(|index| &PHRASES[index]) {
        let hits = phrase.find_iter(text).filter(|range| {
            let negated = phrase.negatable
                && (is_negated(text, range.start) || DENIED_BEHIND.is_match(&text[range.end..]));
            stands_alone(text, range.clone()) && !negated && !is_supposed(text, range.start)
        });
        let hits: Vec<Range<usize>> = hits.collect();
        if hits.is_empty() {
            continue;
        }
        let spared = phrase.spared_in(text);
        let is_spared = |range: &Range<usize>| {
            let mut spared = spared.iter();
            spared.any(|safe| safe.start < range.end && range.start < safe.end)
        };
        let hits = hits.into_iter().filter(|range| !is_spared(range));
        found.extend(hits.map(|range| DenialMention { range, phrase }));
    }
    found.sort_by_key(|mention| (mention.range.start, mention.range.end));
    found
}

words!(
    /// What makes of what follows in a sentence a case that is only thought of.
    SUPPOSED,
    r"(?ix)\b(?: if | unless | until | till | whether | in\ case | before\ (?:the\ )?(?:he|she|they|pt|patient|client|reaching) )\b
      | \b(?:when|once)\ (?:the|he|she|they|his|her|their|pt|patient|client|progress|improvement|gains|goals|function|strength|rom|motion|range|pain|mmi)\b
      | ^\W*should\ "
);
words!(
    /// `Supportive care is not planned`
    DENIED_BEHIND,
    r"(?i)^ (?:\w+ ){0,2}(?:(?:is|are|was|were) (?:not|neither|no)\b|(?:is|are|was|were)n['’]t\b|not (?:planned|indicated|appropriate|needed|offered|provided|recommended)\b)"
);

/// What stands before `at`, no further back than the longest sentences go.
fn before(text: &str, at: usize) -> &str {
    const LONGEST: usize = 1_000;
    &text[text.floor_char_boundary(at.saturating_sub(LONGEST))..at]
}

/// Whether the sentence supposes what stands at `at`: `if flexion plateaus`, `until he reaches a plateau`.
fn is_supposed(text: &str, at: usize) -> bool {
    let sentence = before(text, at).rsplit(['.', ';', '!', '?', '\n']).next();
    SUPPOSED.is_match(sentence.unwrap_or_default())
}

/// Whether one of the few words before `at`, in the same clause, is a negation.
fn is_negated(text: &str, at: usize) -> bool {
    let clause = before(text, at)
        .rsplit(['.', ',', ';', ':', '\n'])
        .next()
        .unwrap_or_default();
    let before: Vec<String> = clause
        .rsplit(|found: char| !(found.is_alphanumeric() || matches!(found, '\'' | '’')))
        .filter(|word| !word.is_empty())
        .take(4)
        .map(str::to_ascii_lowercase)
        .collect();
    let negations = [
        "not", "no", "non", "never", "without", "neither", "nor", "cannot",
    ];
    let rather_than = |pair: &[String]| pair[0] == "than" && pair[1] == "rather";
    let negates = |word: &String| {
        negations.contains(&word.as_str()) || word.ends_with("n't") || word.ends_with("n’t")
    };
    // `Not a candidate for wellness classes`
    let is_far = |word: &String| word == "not";
    before.iter().take(3).any(negates)
        || before.get(3).is_some_and(is_far)
        || before.windows(2).any(rather_than)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name that the table gives to a phrase.
    fn name(phrase: &DenialPhrase) -> &'static str {
        let rows = include_str!("../../data/wording.tsv").lines();
        let mut rows = rows.map(|row| row.split('\t').map(str::trim).collect::<Vec<_>>());
        let row = rows.find(|row| row.get(8) == Some(&phrase.pattern));
        row.unwrap()[0]
    }

    fn names(text: &str) -> Vec<&'static str> {
        let found = find_in(text).into_iter();
        found.map(|mention| name(mention.phrase)).collect()
    }

    #[test]
    fn every_pattern_is_one_and_takes_more_than_nothing() {
        for phrase in &*PHRASES {
            assert_eq!(phrase.find_iter("").count(), 0, "{}", name(phrase));
            assert!(phrase.spared_in("").is_empty(), "{}", name(phrase));
        }
    }

    #[test]
    fn every_phrase_has_its_name() {
        let names: std::collections::HashSet<_> = PHRASES.iter().map(name).collect();
        assert_eq!(names.len(), PHRASES.len());
    }

    #[test]
    fn words_are_whole_and_blanks_alike() {
        assert_eq!(names("Same  as\r\n\tlast visit"), ["same as before"]);
        assert_eq!(names("FULL BODY\nmassage"), ["relaxation"]);
        for text in [
            "dismaintenance",
            "dittoed",
            "élan_relaxation",
            "wellnessé",
            "S.A.L.Ty",
        ] {
            assert_eq!(names(text), Vec::<&str>::new(), "{text}");
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
            ("She begins to plateau", "plateau"),
            ("Gains plateaued. If pain returns, call", "plateau"),
            ("Maintenance massage once a month", "maintenance care"),
            ("Maintenance care until December", "maintenance care"),
            ("worked on back", "massage without a technique"),
            ("massage to back", "massage without a technique"),
            (
                "worked on the right shoulder",
                "massage without a technique",
            ),
            ("feels better", "feels better"),
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
            "jaw relaxation",
            "transition to maintenance at discharge",
            "Patient is a wellness coach",
            "Wellness visit with PCP 12/1",
            "preventive exam at her doctor",
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
            "manual traction",
            "If grip plateaus, try a night splint",
            "Unless she plateaus, five more visits",
            "Should gains plateau, refer to orthopedics",
            "Weekly until his balance plateaus",
            "Recheck to learn whether gait has plateaued",
            "When the patient reaches MMI, release",
            "Once gains plateau, home program",
            "Balance will plateau without cues",
            "At risk of a plateau",
            "The earlier plateau has passed",
            "Supportive care is not the aim",
            "Maintenance was not offered",
            "Not a candidate for wellness classes",
            "Cannot maintain gains alone",
            "Cues to relax the grip on the walker",
            "Relaxation breathing before a meal",
            "Runs stress management classes",
            "Joined a wellness gym",
            "Asked her doctor about a wellness visit",
            "Teach a maintenance home program",
            "See the last note for the wound photo",
            "The strap rubbed against the scar; the heel was rubbed raw",
            "Add stairs if tolerated well",
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
        let subjective: Vec<_> = PHRASES.iter().filter(|phrase| phrase.subjective).collect();
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
}
