//! The fields of a note and their spellings.

use crate::text::Span;

/// What a field is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldKind {
    /// The patient's identifier. Never in a message.
    Patient,
    /// Who pays.
    Payer,
    /// Who treats.
    Provider,
    /// ICD-10-CM codes.
    Diagnosis,
    /// A functional goal.
    Goal,
    /// What the patient cannot do.
    Limitation,
    /// The order to treat.
    Referral,
    /// The plan of care.
    PlanOfCare,
    /// The whole visit's time.
    Session,
    /// The total of the timed minutes.
    TimedMinutes,
    /// Below a modality: what was done.
    Technique,
    /// Below a modality: where.
    Region,
    /// Below a modality: what came of it.
    Response,
    /// Below a modality: when or how long.
    Time,
    /// Anything else worth saying.
    Note,
    /// The signature.
    Signed,
    /// What was added after the signature.
    Addendum,
    /// Rules not to apply, with the reason.
    Waive,
}

/// Every spelling of every key, in small letters, the usual one first.
pub const KEYS: &[(FieldKind, &[&str])] = &[
    (FieldKind::Patient, &["patient", "client", "pt", "mrn"]),
    (
        FieldKind::Payer,
        &["payer", "insurer", "insurance", "plan name"],
    ),
    (
        FieldKind::Provider,
        &["provider", "therapist", "clinician", "treated by"],
    ),
    (
        FieldKind::Diagnosis,
        &["dx", "diagnosis", "diagnoses", "icd", "icd-10", "icd10"],
    ),
    (
        FieldKind::Goal,
        &[
            "goal",
            "goals",
            "stg",
            "ltg",
            "functional goal",
            "short term goal",
            "long term goal",
            "short-term goal",
            "long-term goal",
        ],
    ),
    (
        FieldKind::Limitation,
        &[
            "limitation",
            "limitations",
            "functional limitation",
            "functional limitations",
            "function",
        ],
    ),
    (
        FieldKind::Referral,
        &["referral", "rx", "prescription", "order", "script"],
    ),
    (
        FieldKind::PlanOfCare,
        &["plan of care", "poc", "certification", "cert"],
    ),
    (FieldKind::Session, &["session", "total time", "time in"]),
    (
        FieldKind::TimedMinutes,
        &["timed minutes", "total timed", "ttm"],
    ),
    (FieldKind::Technique, &["technique", "techniques"]),
    (FieldKind::Region, &["region", "regions"]),
    (FieldKind::Response, &["response"]),
    (FieldKind::Time, &["time"]),
    (FieldKind::Note, &["note"]),
    (FieldKind::Signed, &["signed", "signature", "/s/"]),
    (FieldKind::Addendum, &["addendum"]),
    (FieldKind::Waive, &["waive"]),
];

impl FieldKind {
    /// The kind that a key names; the key may have its colon, any case and any blanks.
    pub fn of_key(key: &str) -> Option<Self> {
        let mut small = [0; LONGEST];
        match in_small_letters(key, &mut small) {
            Some(key) => Self::of_normal(key),
            None => Self::of_normal(&normal(key)),
        }
    }

    fn of_normal(key: &str) -> Option<Self> {
        let first = first_letter(*key.as_bytes().first()?);
        let kinds = KEYS.iter().zip(&FIRST_LETTERS);
        let mut may_be = kinds.filter(|(_, letters)| *letters & first != 0);
        may_be.find_map(|((kind, spellings), _)| {
            let known = spellings.contains(&key)
                || (*kind == Self::Goal && spellings.contains(&unnumbered(key)));
            known.then_some(*kind)
        })
    }

    /// The usual spelling of its key.
    pub fn key(self) -> &'static str {
        KEYS.iter()
            .find(|(kind, _)| *kind == self)
            .and_then(|(_, spellings)| spellings.first())
            .copied()
            .unwrap_or_default()
    }
}

/// The letters that the spellings of each kind begin with: a key that begins with another is not looked
/// for among them.
static FIRST_LETTERS: [u32; KEYS.len()] = {
    let mut all = [0; KEYS.len()];
    let mut kind = 0;
    while kind < KEYS.len() {
        let spellings = KEYS[kind].1;
        let mut spelling = 0;
        while spelling < spellings.len() {
            all[kind] |= first_letter(spellings[spelling].as_bytes()[0]);
            spelling += 1;
        }
        kind += 1;
    }
    all
};

/// A letter as one of a set; several bytes that are none share a place.
const fn first_letter(byte: u8) -> u32 {
    1 << (byte & 31)
}

/// `goal 1`, `STG #2`: the number belongs to the goal, not to its name.
fn unnumbered(key: &str) -> &str {
    key.trim_end_matches(|c: char| c.is_ascii_digit() || c == '#' || c == ' ')
}

/// No known key is longer, even with a number.
const LONGEST: usize = 40;

/// What [`normal`] makes of a key, written into a buffer; `None` of a key that is too long for it, has
/// letters beyond ASCII or other blanks than single ones.
fn in_small_letters<'b>(key: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b str> {
    let key = key.trim().trim_end_matches(':');
    let small = buffer.get_mut(..key.len())?;
    let mut before = b' ';
    for (byte, small) in key.bytes().zip(&mut *small) {
        let odd = !byte.is_ascii() || byte.is_ascii_control() || before == b' ' && byte == b' ';
        if odd {
            return None;
        }
        *small = byte.to_ascii_lowercase();
        before = byte;
    }
    if before == b' ' {
        return None;
    }
    std::str::from_utf8(small).ok()
}

/// A key in small letters, without its colon, its blanks single.
pub fn normal(key: &str) -> String {
    key.trim()
        .trim_end_matches(':')
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// A field with a known key.
#[derive(Clone, Debug)]
pub struct Field {
    /// What it is about.
    pub kind: FieldKind,
    /// The key with its colon, without indentation.
    pub key: Span,
    /// The value from its first ink to its last, over its continuation lines; `None` if there is
    /// none yet.
    pub value: Option<Span>,
    /// The section it stands in.
    pub section: Option<super::SectionKind>,
    /// The whole field with its line breaks.
    pub span: Span,
}

/// What has the shape of a field and no known key, so that it is prose.
#[derive(Clone, Copy, Debug)]
pub struct UnknownField {
    /// The key with its colon, without indentation.
    pub key: Span,
    /// Whether it stands below a modality.
    pub in_modality: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::each_varied;

    #[test]
    fn keys_in_every_spelling() {
        assert_eq!(FieldKind::of_key("goal 1:"), Some(FieldKind::Goal));
        assert_eq!(FieldKind::of_key("STG #2:"), Some(FieldKind::Goal));
        assert_eq!(FieldKind::of_key("ICD-10:"), Some(FieldKind::Diagnosis));
        assert_eq!(
            FieldKind::of_key("Plan  of care:"),
            Some(FieldKind::PlanOfCare)
        );
        assert_eq!(FieldKind::of_key("/s/:"), Some(FieldKind::Signed));
        assert_eq!(FieldKind::of_key("Patient reports:"), None);
        assert_eq!(FieldKind::of_key("dx 2:"), None);
        assert_eq!(FieldKind::of_key("goal :"), Some(FieldKind::Goal));
        let long = format!("goal {}", "0".repeat(60));
        assert_eq!(FieldKind::of_key(&long), Some(FieldKind::Goal));
    }

    /// The quick way comes to the same.
    #[test]
    fn keys_are_normal() {
        each_varied(1, |text| {
            let key = &text[..text.find(':').map_or(text.len(), |at| at + 1)];
            if let Some(small) = in_small_letters(key, &mut [0; LONGEST]) {
                assert_eq!(small, normal(key));
            }
            let (key, normal) = (FieldKind::of_key(key), normal(key));
            assert_eq!(key, FieldKind::of_normal(&normal));
            let known = KEYS.iter().find(|(kind, spellings)| {
                let unnumbered = unnumbered(&normal);
                spellings.contains(&&*normal)
                    || *kind == FieldKind::Goal && spellings.contains(&unnumbered)
            });
            assert_eq!(key, known.map(|(kind, _)| *kind));
        });
    }
}
