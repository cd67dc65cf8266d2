//! The techniques, exercises and modalities that notes name, and the code each belongs to.
//!
//! Source: the project's domain notes, section 9.1, see `data/techniques.tsv`.

use std::ops::Range;

use super::vocabulary::{Entry, Vocabulary};

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

/// A technique.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Technique {
    /// Its name.
    pub name: &'static str,
    /// The code it belongs to first of all; `None` where no code is clear.
    pub default_code: Option<&'static str>,
    /// Every code a payer may accept for it, the default among them.
    pub accepted: &'static [&'static str],
    /// How far sources agree.
    pub certainty: Certainty,
    /// Says what the hands (or the device) did; `massage` and `manual therapy` alone do not.
    pub specific: bool,
}

/// A technique named in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TechniqueMention {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// Which.
    pub technique: &'static Technique,
    /// Whether the words mean nothing else. `MT` or `compression` name some technique,
    /// but decide nothing by themselves.
    pub decisive: bool,
}

// The techniques, and their words, each with the place of its technique, doubled, and one more if it is
// decisive; the words of no technique have the place behind the last.
include!("tables/techniques.rs");

/// The techniques a text names, in order.
pub fn find_in(text: &str) -> Vec<TechniqueMention> {
    let found = WORDS.find(text);
    found
        .filter_map(|(range, value)| {
            Some(TechniqueMention {
                range,
                technique: ALL.get(usize::from(value / 2))?,
                decisive: value % 2 == 1,
            })
        })
        .collect()
}

/// All techniques, in the order of the table.
pub fn all() -> &'static [Technique] {
    &ALL
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
            for code in technique.accepted {
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
