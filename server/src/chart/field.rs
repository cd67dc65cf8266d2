//! The fields of a note and their spellings.

use crate::text::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldKind {
    /// The patient's identifier. Never in a message.
    Patient,
    Payer,
    Provider,
    Diagnosis,
    Goal,
    Limitation,
    Referral,
    PlanOfCare,
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
    /// The kind that a key names; the key may have its colon, any case and any spaces.
    pub fn of_key(key: &str) -> Option<Self> {
        let key = normal(key);
        let known = |(kind, spellings): &&(Self, &[&str])| {
            spellings.contains(&&*key)
                || (*kind == Self::Goal && spellings.contains(&unnumbered(&key)))
        };
        KEYS.iter().find(known).map(|(kind, _)| *kind)
    }

    pub fn key(self) -> &'static str {
        KEYS.iter()
            .find(|(kind, _)| *kind == self)
            .and_then(|(_, spellings)| spellings.first())
            .copied()
            .unwrap_or_default()
    }
}

/// `goal 1`, `STG #2`: the number belongs to the goal, not to its name.
fn unnumbered(key: &str) -> &str {
    key.trim_end_matches(|c: char| c.is_ascii_digit() || c == '#' || c == ' ')
}

/// A key in small letters, without its colon, its spaces single.
pub fn normal(key: &str) -> String {
    key.trim()
        .trim_end_matches(':')
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

#[derive(Clone, Debug)]
pub struct Field {
    pub kind: FieldKind,
    /// The key with its colon, without indentation.
    pub key: Span,
    /// The value from its first character to its last, over its continuation lines; `None` if there is
    /// none yet.
    pub value: Option<Span>,
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
        assert_eq!(FieldKind::of_key(" DX \t"), Some(FieldKind::Diagnosis));
        assert_eq!(
            FieldKind::of_key("Short\u{a0}term goal 2"),
            Some(FieldKind::Goal)
        );
        assert_eq!(FieldKind::of_key(""), None);
        let long = format!("goal {}", "0".repeat(60));
        assert_eq!(FieldKind::of_key(&long), Some(FieldKind::Goal));
    }
}
