//! What record systems call the treatment of a visit, where it is no section of the format.

use crate::pattern::pattern;

pattern!(
    LABEL,
    r"(?i)^(?:o[ ]?/[ ]?tx|(?:today['’]?s[ ]+)?(?:(?:treatments?|tx|interventions?|procedures?)[ ]*(?:and|/|&)?[ ]*)+(?:(?:today|provided|performed|rendered|given|delivered|used|applied|completed|procedures)[ ]*)*)(?:[:=][ \t]*|$)"
);

/// The end of such a label at the start of a line, with its colon and the blanks behind it: `Today's Treatment:`, `O/Tx:`. Without a
/// colon it is the whole line.
pub fn end_of_label(line: &str) -> Option<usize> {
    LABEL.find(line).map(|found| found.end())
}

#[cfg(test)]
mod tests {
    use super::end_of_label;

    #[test]
    fn labels_of_treatment() {
        for label in [
            "Today's Treatment",
            "Tx Performed:",
            "O/Tx: ",
            "Interventions / Procedures:",
            "Treatment provided today: ",
        ] {
            assert_eq!(end_of_label(label), Some(label.len()), "{label}");
        }
        for other in [
            "Treatment went well.",
            "Previous treatment:",
            "Treatment plan:",
            "O2: 97 %",
        ] {
            assert_eq!(end_of_label(other), None, "{other}");
        }
    }
}
