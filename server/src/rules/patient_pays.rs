//! Where nobody but the patient pays, a finding says what the record lacks and nothing of payers.

use crate::pattern::pattern;

pattern!(
    /// Words that speak of payers and of what they do.
    PAYERS,
    r"(?i)\b(?:payers?|insurers?|insurance|plans? of care|medicare|medicaid|den(?:y|ies|ied)|denials?|claim forms?)\b"
);

/// What is left of a message without what payers would do: its other sentences, and of a sentence the
/// clauses before that one. `None` if it speaks of nothing else.
pub(super) fn without_payers(message: &str) -> Option<String> {
    let sentences = message.split_inclusive(". ").filter_map(|sentence| {
        let Some(found) = PAYERS.find(sentence) else {
            return Some(sentence.trim().to_owned());
        };
        let before = &sentence[..found.start()];
        let end = before.rfind([',', ';'])?;
        Some(format!("{}.", &before[..end]))
    });
    let left = sentences.collect::<Vec<_>>().join(" ");
    (!left.is_empty()).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_message() {
        for (message, left) in [
            ("It is empty.", Some("It is empty.")),
            (
                "It has no code, and a payer will deny it. Take it from the chart.",
                Some("It has no code. Take it from the chart."),
            ),
            (
                "It is not signed. A payer does not accept that.",
                Some("It is not signed."),
            ),
            (
                "There is no date. A payer rejects it; begin with one.",
                Some("There is no date."),
            ),
            ("Payers deny it.", None),
        ] {
            assert_eq!(without_payers(message).as_deref(), left, "{message}");
        }
    }
}
