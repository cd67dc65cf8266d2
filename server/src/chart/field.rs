//! The fields of a note and their spellings.

use crate::text::Span;
use crate::text::labels::{self, LABELS};

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
    /// How many visits the payer authorized, and until when.
    Authorization,
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

/// Each kind with its key in the table of labels.
const KINDS: &[(FieldKind, &str)] = &[
    (FieldKind::Patient, "patient"),
    (FieldKind::Payer, "payer"),
    (FieldKind::Provider, "provider"),
    (FieldKind::Diagnosis, "dx"),
    (FieldKind::Goal, "goal"),
    (FieldKind::Limitation, "limitation"),
    (FieldKind::Referral, "referral"),
    (FieldKind::Authorization, "authorization"),
    (FieldKind::PlanOfCare, "plan of care"),
    (FieldKind::Session, "session"),
    (FieldKind::TimedMinutes, "timed minutes"),
    (FieldKind::Technique, "technique"),
    (FieldKind::Region, "region"),
    (FieldKind::Response, "response"),
    (FieldKind::Time, "time"),
    (FieldKind::Note, "note"),
    (FieldKind::Signed, "signed"),
    (FieldKind::Addendum, "addendum"),
    (FieldKind::Waive, "waive"),
];

impl FieldKind {
    /// The kind that a key names; the key may have its colon, any case and any spaces.
    pub fn of_key(key: &str) -> Option<Self> {
        let known = labels::key_of(key)?;
        let kind = KINDS.iter().find(|(_, key)| *key == known);
        kind.map(|(kind, _)| *kind)
    }

    /// Its usual name.
    pub fn key(self) -> &'static str {
        let kind = KINDS.iter().find(|(kind, _)| *kind == self);
        kind.map_or("", |(_, key)| *key)
    }

    /// Every name of it, the usual one first. `N` stands for a number.
    pub fn labels(self) -> &'static [&'static str] {
        let row = LABELS.iter().find(|(key, _)| *key == self.key());
        row.map_or(&[], |(_, labels)| labels)
    }

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(kind, _)| *kind)
    }

    /// Whether it is a detail of the modality that it stands below.
    pub fn is_detail(self) -> bool {
        use FieldKind::{Diagnosis, Note, Region, Response, Technique, Time, Waive};
        matches!(
            self,
            Technique | Response | Region | Time | Diagnosis | Note | Waive
        )
    }
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
    fn every_kind_has_labels() {
        for kind in FieldKind::all() {
            let labels = kind.labels();
            assert_eq!(labels.first(), Some(&kind.key()), "{kind:?}");
            for label in labels {
                assert_eq!(
                    FieldKind::of_key(&label.replace('N', "1")),
                    Some(kind),
                    "{label}"
                );
            }
        }
    }

    #[test]
    fn keys_in_every_spelling() {
        assert_eq!(FieldKind::of_key("goal 1:"), Some(FieldKind::Goal));
        assert_eq!(FieldKind::of_key("/s/:"), Some(FieldKind::Signed));
        assert_eq!(FieldKind::of_key("Patient reports:"), None);
        assert_eq!(FieldKind::of_key("goal :"), Some(FieldKind::Goal));
        assert_eq!(FieldKind::of_key(" DX \t"), Some(FieldKind::Diagnosis));
        let short = FieldKind::of_key("Short\u{a0}term goal 2");
        assert_eq!(short, Some(FieldKind::Goal));
        assert_eq!(FieldKind::of_key(""), None);
        let long = format!("goal {}", "0".repeat(60));
        assert_eq!(FieldKind::of_key(&long), Some(FieldKind::Goal));
    }
}
