//! The labels that stand before a value, from `data/labels.tsv`: `visit`, `dx`, `total treatment time`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a label says, by its key in the table, and every label that says it, the usual one first, as the table has
/// them.
pub static LABELS: LazyLock<Vec<(&str, Vec<&str>)>> = LazyLock::new(|| {
    let rows = include_str!("../../data/labels.tsv").lines();
    let rows = rows.filter(|line| !line.starts_with('#')).skip(1);
    rows.filter_map(|row| row.split_once('\t'))
        .map(|(key, labels)| (key, labels.split(';').map(str::trim).collect()))
        .collect()
});

static KEYS: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
    let all = LABELS.iter();
    let labels = all.flat_map(|(key, labels)| labels.iter().map(|label| (normal(label), *key)));
    labels.collect()
});

/// What a label says, by its key in the table. It may have its colon and any case; blanks and hyphens are the same,
/// and a number at its end is that of a goal or a diagnosis.
pub fn key_of(label: &str) -> Option<&'static str> {
    let label = normal(label);
    let bare = label.trim_end_matches(|c: char| c.is_ascii_digit() || c == '#' || c == ' ');
    let known = KEYS.get(&label).copied();
    if known.is_some() || bare.len() == label.len() {
        return known;
    }
    KEYS.get(&format!("{bare} n")).copied()
}

/// Whether a label is one for the day of a visit.
pub fn is_of_day(label: &str) -> bool {
    matches!(key_of(label), Some("visit" | "day"))
}

/// A label in small letters, without its colon, hyphens and doubled blanks.
fn normal(label: &str) -> String {
    let label = label.trim().trim_end_matches(':');
    let words = label.split(|c: char| c.is_whitespace() || matches!(c, '-' | '‑'));
    let mut normal = String::with_capacity(label.len());
    for word in words.filter(|word| !word.is_empty()) {
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.push_str(word);
    }
    normal.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_every_spelling() {
        for (label, key) in [
            ("Medical Diagnosis:", Some("dx")),
            ("ICD 10", Some("dx")),
            ("dx 2", Some("dx")),
            ("STG #2:", Some("goal")),
            ("Short-term goals", Some("goal")),
            ("Total  treatment time (min):", Some("session")),
            ("Time In/Out", Some("session")),
            ("e-signed by", Some("signed")),
            ("", None),
            ("payer 2", None),
            ("patient reports", None),
        ] {
            assert_eq!(key_of(label), key, "{label}");
        }
    }

    #[test]
    fn no_label_says_two_things() {
        let count: usize = LABELS.iter().map(|(_, labels)| labels.len()).sum();
        assert_eq!(KEYS.len(), count);
    }
}
