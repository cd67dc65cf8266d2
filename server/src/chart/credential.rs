//! The credentials that clinicians write behind their names. The names themselves are read past
//! and never kept.

/// A licence to treat, as far as the rules distinguish them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Credential {
    /// What these letters mean behind a name, in capitals.
    pub fn of_letters(letters: &str) -> Option<Self> {
        Some(match letters {
            "LMT" | "LMP" | "RMT" | "CMT" | "LMBT" | "BCTMB" | "NCTMB" | "NCBTMB" | "MMP" => {
                Self::Massage
            }
            "PT" | "DPT" | "MPT" | "MSPT" | "RPT" => Self::PhysicalTherapist,
            "PTA" | "LPTA" => Self::PhysicalTherapistAssistant,
            "OT" | "OTR" | "OTR/L" | "OTD" | "MOT" | "OT/L" => Self::OccupationalTherapist,
            "OTA" | "COTA" | "COTA/L" => Self::OccupationalTherapistAssistant,
            "SLP" | "CCC-SLP" => Self::SpeechPathologist,
            "DC" | "CCSP" | "DACBSP" | "DACBR" => Self::Chiropractor,
            "AT" | "ATC" | "LAT" | "AT/L" => Self::AthleticTrainer,
            "LAC" | "EAMP" => Self::Acupuncturist,
            "MD" | "DO" | "NP" | "ARNP" | "FNP" | "PA-C" | "PA" | "ND" | "RN" | "LPN" | "APRN"
            | "DPM" => Self::Medical,
            _ => return None,
        })
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
        if capitals && behind && !is_initials(word) {
            add(&letters.to_uppercase());
        }
        words_before += 1;
    }
    found
}

/// `P.T.` could be a credential and `D.C.` too, but `P.` is an initial.
fn is_initials(word: &str) -> bool {
    word.ends_with('.') && word.matches('.').count() == 1 && word.len() <= 3
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
            ("K. Novak, OTR/L", vec![OccupationalTherapist]),
            ("K. Novak COTA/L", vec![OccupationalTherapistAssistant]),
            ("S. Patel, D.C.", vec![Chiropractor]),
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
    fn disciplines() {
        assert_eq!(PhysicalTherapistAssistant.discipline(), Some("GP"));
        assert_eq!(OccupationalTherapistAssistant.discipline(), Some("GO"));
        assert_eq!(Chiropractor.discipline(), None);
        assert_eq!(Massage.discipline(), None);
    }
}
