//! The techniques, exercises and modalities that notes name, and the code each belongs to.
//!
//! Source: the project's domain notes, section 9.1, see `data/techniques.tsv`.

use std::ops::Range;
use std::sync::LazyLock;

use super::table;
use super::vocabulary::{Even, Vocabulary};

/// How far sources agree on the code of a technique.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Certainty {
    /// Several sources agree.
    Agreed,
    /// One source, or several with small differences.
    Mostly,
    /// Sources differ: any of the accepted codes will do.
    Disputed,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Technique {
    pub name: &'static str,
    /// The code it belongs to first of all; `None` where no code is clear.
    pub default_code: Option<&'static str>,
    /// Every code a payer may accept for it, the default among them.
    pub accepted: Vec<&'static str>,
    pub certainty: Certainty,
    /// Says what the hands (or the device) did; `massage` and `manual therapy` alone do not.
    pub specific: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TechniqueMention {
    pub range: Range<usize>,
    pub technique: &'static Technique,
    /// Whether the words mean nothing else. `MT` or `compression` name some technique,
    /// but decide nothing by themselves.
    pub decisive: bool,
}

/// Under this name the table lists phrases that must not be read as a technique.
const STOP: &str = "not a technique";

struct Table {
    techniques: Vec<Technique>,
    /// Each word with the place of its technique, if it is one's, and whether it is decisive.
    words: Vocabulary<(Option<usize>, bool)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let columns = "name default_code accepted certainty specific words ambiguous";
    let mut techniques = Vec::new();
    let mut all = Vec::new();
    for (technique, words, ambiguous) in
        table::read(include_str!("../../data/techniques.tsv"), columns, row)
    {
        let index = (technique.name != STOP).then_some(techniques.len());
        all.extend(words.into_iter().map(|word| (word, (index, true))));
        all.extend(ambiguous.into_iter().map(|word| (word, (index, false))));
        if index.is_some() {
            techniques.push(technique);
        }
    }
    Table {
        techniques,
        words: Vocabulary::new(all),
    }
});

/// A technique with its words and those that never decide alone.
fn row(
    [
        name,
        default_code,
        accepted,
        certainty,
        specific,
        words,
        ambiguous,
    ]: [&'static str; 7],
) -> Option<(Technique, Vec<String>, Vec<String>)> {
    let accepted = table::codes(accepted)?;
    let default_code = (!default_code.is_empty()).then_some(default_code);
    if name.is_empty() || default_code.is_some_and(|code| !accepted.contains(&code)) {
        return None;
    }
    let technique = Technique {
        name,
        default_code,
        accepted,
        certainty: match certainty {
            "agreed" => Certainty::Agreed,
            "mostly" => Certainty::Mostly,
            "disputed" => Certainty::Disputed,
            _ => return None,
        },
        specific: table::flag(specific)?,
    };
    Some((technique, table::words(words)?, table::words(ambiguous)?))
}

/// The techniques a text names, in order.
pub fn find_in(text: &str) -> Vec<TechniqueMention> {
    let found = TABLE.words.find(&Even::of(text)).into_iter();
    found
        .filter_map(|(range, (index, decisive))| {
            Some(TechniqueMention {
                range,
                technique: all().get(index?)?,
                decisive,
            })
        })
        .collect()
}

/// All techniques, in the order of the table.
pub fn all() -> &'static [Technique] {
    &TABLE.techniques
}

#[cfg(test)]
mod tests {
    use super::super::procedures;
    use super::*;
    use std::collections::HashSet;

    fn names(text: &str) -> Vec<(&'static str, bool)> {
        find_in(text)
            .into_iter()
            .map(|mention| (mention.technique.name, mention.decisive))
            .collect()
    }

    #[test]
    fn every_row_loads_once() {
        let names: HashSet<_> = all().iter().map(|technique| technique.name).collect();
        assert_eq!(names.len(), all().len());
        for technique in all() {
            for code in &technique.accepted {
                assert!(procedures::find(code).is_some(), "{code}");
            }
        }
    }

    #[test]
    fn spellings_and_forms() {
        for text in ["effleurage", "Effluerage", "effleruage", "stroking"] {
            assert_eq!(names(text), [("effleurage", true)], "{text}");
        }
        for text in [
            "petrissage",
            "pettrissage",
            "petrisage",
            "kneading",
            "skin rolling",
            "kneaded",
        ] {
            assert_eq!(names(text), [("petrissage", true)], "{text}");
        }
        for text in [
            "MFR",
            "mfr",
            "myofascial release",
            "Myo-fascial release",
            "myofacial release",
        ] {
            assert_eq!(names(text), [("myofascial release", true)], "{text}");
        }
        for text in [
            "joint mobilization",
            "jt mobs",
            "gr III mobs",
            "Maitland",
            "joint mobilized",
            "PA glides",
            "MWM",
        ] {
            assert_eq!(names(text), [("joint mobilization", true)], "{text}");
        }
        assert_eq!(
            names("XFF, TrP release; STM and IASTM, MLD"),
            [
                ("friction massage", true),
                ("trigger point therapy", true),
                ("soft-tissue mobilization", true),
                ("instrument-assisted soft-tissue work", true),
                ("lymph drainage", true),
            ]
        );
        assert_eq!(
            names("soft-tissue\n   mobilization"),
            [("soft-tissue mobilization", true)]
        );
        assert_eq!(names("squats 3x10"), [("therapeutic exercise", true)]);
        assert_eq!(names("stretched hamstrings"), [("stretching", true)]);
        assert_eq!(
            names("neuromuscular re-ed"),
            [("movement re-education", true)]
        );
        assert_eq!(
            names("neuromuscular therapy"),
            [("neuromuscular therapy (massage)", true)]
        );
    }

    #[test]
    fn words_of_several_meanings_decide_nothing() {
        for text in [
            "MT",
            "US",
            "CP",
            "TE",
            "TA",
            "PA",
            "IC",
            "DT",
            "GT",
            "HP",
            "compression",
            "mobilized",
            "ART",
            "MET",
        ] {
            let found = find_in(text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(!found[0].decisive, "{text}");
        }
    }

    #[test]
    fn no_technique_here() {
        for text in [
            "Patient told us it met her goals; art class.",
            "Seen by licensed massage therapist",
            "L4 compression fracture",
            "cervical strain",
            "pa, ma and us",
            "restoration",
            "",
        ] {
            assert_eq!(names(text), [], "{text}");
        }
    }

    #[test]
    fn the_bare_service_is_not_specific() {
        assert!(
            find_in("massage to back")
                .iter()
                .all(|mention| !mention.technique.specific)
        );
        assert!(
            find_in("deep tissue massage")
                .iter()
                .all(|mention| mention.technique.specific)
        );
    }

    #[test]
    fn codes_and_certainty() {
        let technique = |text| find_in(text)[0].technique;
        assert_eq!(technique("MLD").default_code, Some("97140"));
        assert_eq!(technique("MLD").certainty, Certainty::Agreed);
        assert_eq!(technique("MLD").accepted, ["97140"]);
        assert_eq!(technique("deep friction").certainty, Certainty::Disputed);
        assert_eq!(technique("reiki").default_code, None);
        assert!(!technique("dry needling").accepted.contains(&"97140"));
        assert!(!technique("NMT").accepted.contains(&"97112"));
    }

    #[test]
    fn ranges_are_bytes_of_the_text() {
        let text = "é — petrissage, then  cross-fiber   friction";
        let found: Vec<_> = find_in(text)
            .iter()
            .map(|m| &text[m.range.clone()])
            .collect();
        assert_eq!(found, ["petrissage", "cross-fiber   friction"]);
    }
}
