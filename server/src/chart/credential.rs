//! The credentials that clinicians write behind their names. The names themselves are read past
//! and never kept.

use crate::pattern::{pattern, words};
use crate::reference::wording::Profession;

/// A licence to treat, as far as the rules distinguish them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    Massage,
    PhysicalTherapist,
    PhysicalTherapistAssistant,
    OccupationalTherapist,
    OccupationalTherapistAssistant,
    SpeechPathologist,
    Chiropractor,
    AthleticTrainer,
    Acupuncturist,
    Medical,
}

/// The letters of each, in capitals and without dots.
const LETTERS: &[(Credential, &[&str])] = &[
    (
        Credential::Massage,
        &[
            "LMT", "LMP", "RMT", "CMT", "LMBT", "BCTMB", "NCTMB", "NCBTMB", "MMP",
        ],
    ),
    (
        Credential::PhysicalTherapist,
        &["PT", "DPT", "MPT", "MSPT", "RPT"],
    ),
    (Credential::PhysicalTherapistAssistant, &["PTA", "LPTA"]),
    (
        Credential::OccupationalTherapist,
        &["OT", "OTR", "OTR/L", "OTD", "MOT", "OT/L"],
    ),
    (
        Credential::OccupationalTherapistAssistant,
        &["OTA", "COTA", "COTA/L"],
    ),
    (Credential::SpeechPathologist, &["SLP", "CCC-SLP", "CCC"]),
    (Credential::Chiropractor, &["DC", "CCSP", "DACBSP", "DACBR"]),
    (Credential::AthleticTrainer, &["AT", "ATC", "LAT", "AT/L"]),
    (Credential::Acupuncturist, &["LAC", "EAMP"]),
    (
        Credential::Medical,
        &[
            "MD", "DO", "NP", "ARNP", "FNP", "PA-C", "PA", "ND", "RN", "LPN", "APRN", "DPM",
        ],
    ),
];

words!(
    /// A line that is a name with a credential behind it.
    NAME,
    &format!(
        r"(?i)^\s*[-–—]?\s*[^\d:]{{3}}[^\d:]*[,\s]\s*(?:{})\b[^a-z]*$",
        letters_of(|_| true)
    )
);
pattern!(PT, &named_by("GP", "physical therap"));
pattern!(OT, &named_by("GO", "occupational therap"));
pattern!(SLP, &named_by("GN", "speech"));

/// The letters of some, for a pattern: with or without their dots, the longer ones first.
fn letters_of(which: impl Fn(Credential) -> bool) -> String {
    let all = LETTERS.iter().filter(|(kind, _)| which(*kind));
    let mut all: Vec<&str> = all
        .flat_map(|(_, letters)| letters.iter().copied())
        .collect();
    all.sort_by_key(|letters| std::cmp::Reverse(letters.len()));
    let dotted = all.into_iter().map(|letters| {
        let each = letters.chars().map(|c| match c {
            'A'..='Z' => format!("{c}\\.?"),
            mark => mark.to_string(),
        });
        let dotted: String = each.collect();
        dotted.trim_end_matches("\\.?").to_owned()
    });
    dotted.collect::<Vec<_>>().join("|")
}

/// What speaks of a clinician of a plan's discipline, by letters or in these words.
fn named_by(plan: &str, words: &str) -> String {
    let letters = letters_of(|kind| kind.discipline() == Some(plan));
    format!(r"\b(?:{letters})\b|(?i)\b{words}")
}

/// Whether a line is a name with a credential behind it, as below a note.
pub fn is_name(line: &str) -> bool {
    /// The longest name with its credentials.
    const LONGEST: usize = 60;
    // Behind them there may be a date and a time.
    let name = line.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    name.trim_start().len() <= LONGEST && NAME.is_match(line)
}

/// The credentials in a name that signs a note on a line of its own, without the word: one of the last lines, in capitals as
/// names are. `Continue PT` is none.
pub fn of_signature_below(note: &str) -> Vec<Credential> {
    /// The name, and perhaps the day and the time.
    const LINES: usize = 3;
    let lines = note.lines().rev().filter(|line| !line.trim().is_empty());
    let signature = lines.take(LINES).find(|line| {
        let name = line.split(',').next().unwrap_or_default();
        let words = name
            .split_whitespace()
            .skip_while(|word| !word.contains(char::is_alphabetic))
            .filter(|word| Credential::of_letters(&word.to_uppercase().replace('.', "")).is_none());
        let words: Vec<&str> = words.collect();
        matches!(words.len(), 2..=4)
            && words
                .iter()
                .all(|word| word.starts_with(char::is_uppercase))
            && is_name(line)
    });
    signature.map(find_in).unwrap_or_default()
}

/// Whether a text speaks of a clinician who works under a plan of care, wherever.
pub fn speaks_of(text: &str, plan: &str) -> bool {
    let pattern = match plan {
        "GP" => &PT,
        "GO" => &OT,
        _ => &SLP,
    };
    pattern.is_match(text)
}

/// The clinician by whom words say that somebody was treated: `OT saw pt for 30 min`, `seen by the chiropractor`. `PT did` is often
/// the patient.
pub fn treated_by(words: &str) -> Option<Credential> {
    const WHO: &str = r"(?:COTA|OTR?|SLP|ST|LMT|DC|speech(?: (?:therap|path)\w+)?|physical therap(?:y|ist)|occupational therap(?:y|ist)|massage therap(?:y|ist)|chiropractor)";
    pattern!(
        TREATED_BY,
        &format!(
            r"(?i)^\W*(?:the )?(?:(?P<saw>(?-i:PTA?)|{WHO}) (?:saw|treated|worked w(?:ith\b|/))|(?P<did>{WHO}) (?:did|gave|performed|provided|adjusted)\b)|\b(?:seen|treated) by (?:the )?(?P<by>(?-i:PTA?)|{WHO})\b"
        )
    );
    let found = TREATED_BY.captures(words)?;
    let who = ["saw", "did", "by"]
        .iter()
        .find_map(|name| found.name(name))?;
    let who = who.as_str().to_lowercase();
    Some(match who.as_bytes() {
        [b'c' | b'o', ..] if who != "chiropractor" => Credential::OccupationalTherapist,
        [b'p', ..] => Credential::PhysicalTherapist,
        [b's', ..] => Credential::SpeechPathologist,
        [b'l' | b'm', ..] => Credential::Massage,
        _ => Credential::Chiropractor,
    })
}

/// Whether words say that somebody was treated by a clinician who is none of those of the visit, as far as those are known.
pub fn is_by_another(words: &str, own: &[Credential]) -> bool {
    let is_like = |one: Credential, two| {
        one == two
            || one
                .discipline()
                .is_some_and(|d| two.discipline() == Some(d))
    };
    !own.is_empty()
        && treated_by(words).is_some_and(|who| !own.iter().any(|own| is_like(who, *own)))
}

impl Credential {
    /// What these letters mean behind a name, in capitals.
    pub fn of_letters(letters: &str) -> Option<Self> {
        let known = LETTERS.iter().find(|(_, all)| all.contains(&letters));
        known.map(|(kind, _)| *kind)
    }

    /// The profession whose notes a payer reads its words by, if it is one of those.
    pub fn profession(self) -> Option<Profession> {
        match self {
            Self::Massage => Some(Profession::Massage),
            Self::Chiropractor => Some(Profession::Chiropractic),
            _ => self.discipline().map(|_| Profession::Therapy),
        }
    }

    /// An assistant of a therapist.
    pub fn is_assistant(self) -> bool {
        matches!(
            self,
            Self::PhysicalTherapistAssistant | Self::OccupationalTherapistAssistant
        )
    }

    /// The modifier of the plan of care that this clinician works under, for Medicare.
    pub fn discipline(self) -> Option<&'static str> {
        match self {
            Self::PhysicalTherapist | Self::PhysicalTherapistAssistant => Some("GP"),
            Self::OccupationalTherapist | Self::OccupationalTherapistAssistant => Some("GO"),
            Self::SpeechPathologist => Some("GN"),
            _ => None,
        }
    }
}

/// Professions in words, the longer ones first.
const WORDS: &[(&str, &str)] = &[
    ("physical therapist assistant", "PTA"),
    ("physical therapy assistant", "PTA"),
    ("occupational therapy assistant", "OTA"),
    ("physical therapist", "PT"),
    ("occupational therapist", "OT"),
    ("massage therapist", "LMT"),
    ("massage practitioner", "LMP"),
    ("chiropractor", "DC"),
    ("acupuncturist", "LAC"),
];

/// The credentials in the value of a `provider` or `signed` field, each once.
///
/// Letters count behind the name only, so that initials and short family names (`Do`, `P. T. Lee`)
/// are none.
pub fn find_in(value: &str) -> Vec<Credential> {
    let mut found = Vec::new();
    let mut add = |letters: &str| {
        let credential = Credential::of_letters(letters);
        found.extend(credential.filter(|credential| !found.contains(credential)));
    };
    let mut small = value.to_lowercase();
    for (words, letters) in WORDS {
        if small.contains(words) {
            add(letters);
            small = small.replace(words, "");
        }
    }
    let comma = value.find(',').unwrap_or(value.len());
    let mut words_before = 0;
    for word in value.split([' ', '\t', '\n', '\r', ',', ';', '(', ')', '|']) {
        if word.is_empty() {
            continue;
        }
        let at = word.as_ptr() as usize - value.as_ptr() as usize;
        let letters = word.replace('.', "");
        let capitals = !letters.chars().any(char::is_lowercase) || letters == "LAc";
        // Before the comma stands the name: there only a last word of three letters or more, or the
        // commonest two, is a credential.
        let behind = at > comma
            || (words_before >= 1
                && (letters.len() > 2 || matches!(&*letters, "PT" | "OT" | "DC")))
            || word.len() == value.trim().len();
        if capitals && behind {
            add(&letters.to_uppercase());
        }
        words_before += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use Credential::{
        AthleticTrainer, Chiropractor, Massage, OccupationalTherapist,
        OccupationalTherapistAssistant, PhysicalTherapist, PhysicalTherapistAssistant,
    };

    #[test]
    fn letters_behind_a_name() {
        for (value, expected) in [
            ("A. Rivera, LMT", vec![Massage]),
            ("A. Rivera LMT 2026-11-20", vec![Massage]),
            ("A. Rivera, LMT, CLT", vec![Massage]),
            ("M. Doyle, PTA 2026-07-20", vec![PhysicalTherapistAssistant]),
            ("J. Chen, PT, DPT", vec![PhysicalTherapist]),
            ("J. Chen, P.T.", vec![PhysicalTherapist]),
            ("A. Rivera, LMT.", vec![Massage]),
            ("K. Novak, OTR/L", vec![OccupationalTherapist]),
            ("K. Novak COTA/L", vec![OccupationalTherapistAssistant]),
            ("S. Patel, D.C.", vec![Chiropractor]),
            ("Seen by J. Chen, PT.", vec![PhysicalTherapist]),
            ("J. Chen, PT, ATC", vec![PhysicalTherapist, AthleticTrainer]),
            ("LMT", vec![Massage]),
            ("licensed massage therapist", vec![Massage]),
        ] {
            assert_eq!(find_in(value), expected, "{value}");
        }
    }

    #[test]
    fn names_are_no_credentials() {
        for value in [
            "",
            "A. Rivera",
            "PT Lee",
            "K. DO",
            "Do, Kim",
            "A. Pat",
            "\u{e9}",
        ] {
            assert_eq!(find_in(value), [], "{value}");
        }
    }

    #[test]
    fn names_below_a_note_and_words_about_a_clinician() {
        for name in [
            "A. Rivera, LMT",
            "- Jane Doe PT, DPT 11/20/2026",
            "B. Chen, OTR/L",
            "Sam Okafor, DC",
            "S. Patel, D.C.",
            "Kim Lee L.Ac.",
            "Kim Lee, LAc",
            "Ann Fox, PA-C",
            "Ann Fox, MS, CCC-SLP",
            "  Jo Park, md",
        ] {
            assert!(is_name(name), "{name}");
        }
        for other in [
            "LMT",
            "PT 3x/week",
            "2 visits with A. Rivera, LMT",
            "seen by: A. Rivera, LMT",
            "A. Rivera, LMT treated",
            "A. Rivera",
        ] {
            assert!(!is_name(other), "{other}");
        }
        for (note, signed) in [
            (
                "97110 15 min\n\nJ. Ortiz, DC 11/19/2026\n",
                vec![Chiropractor],
            ),
            ("Kim Dunn LMT", vec![Massage]),
            (
                "Ann Fox, OTR/L\n11/19/2026\n4:12 PM",
                vec![OccupationalTherapist],
            ),
            ("- Jane Doe, PTA", vec![PhysicalTherapistAssistant]),
            ("P: Weekly.\nContinue PT", vec![]),
            ("Continue skilled PT, OT", vec![]),
            ("Continue PT, OT", vec![]),
            ("Discussed with Ann Fox, MD", vec![]),
            (
                "Ann Fox, OTR/L\nA: Better.\nP: Weekly.\nHome program.",
                vec![],
            ),
        ] {
            assert_eq!(of_signature_below(note), signed, "{note}");
        }
        for (words, plan) in [
            ("with the PT aide", "GP"),
            ("Physical therapy next door", "GP"),
            ("COTA/L led the group", "GO"),
            ("her speech class", "GN"),
            ("CCC-SLP present", "GN"),
        ] {
            let named: Vec<_> = ["GP", "GO", "GN"]
                .into_iter()
                .filter(|p| speaks_of(words, p))
                .collect();
            assert_eq!(named, [plan], "{words}");
        }
        assert!(!speaks_of("she opted out", "GP"));
        assert_eq!(AthleticTrainer.profession(), None);
        assert_eq!(Massage.profession(), Some(Profession::Massage));
        assert_eq!(
            OccupationalTherapistAssistant.profession(),
            Some(Profession::Therapy)
        );
    }

    #[test]
    fn treatment_by_another() {
        for (words, own, is_another) in [
            (
                "OT saw pt this am for 97535 30 min",
                PhysicalTherapist,
                true,
            ),
            (
                "Seen by PT at 09:30 for gait training",
                OccupationalTherapist,
                true,
            ),
            (
                "Pt seen by OT for 97535 30 min",
                OccupationalTherapistAssistant,
                false,
            ),
            ("The chiropractor adjusted C5", Massage, true),
            ("Chiropractor adjusted C5", Chiropractor, false),
            ("PT did 97535 with set-up", OccupationalTherapist, false),
            ("Pt did 97535 with set-up", OccupationalTherapist, false),
        ] {
            assert_eq!(is_by_another(words, &[own]), is_another, "{words}");
            assert!(!is_by_another(words, &[]));
        }
    }

    #[test]
    fn disciplines() {
        assert_eq!(PhysicalTherapistAssistant.discipline(), Some("GP"));
        assert_eq!(OccupationalTherapistAssistant.discipline(), Some("GO"));
        assert_eq!(Chiropractor.discipline(), None);
        assert_eq!(Massage.discipline(), None);
    }
}
