//! What record systems call the treatment of a visit, where it is no section of the format.

use crate::pattern::{pattern, words};

/// What is told below it, and how it is called beside that.
const CORE: &str = r"treatments?|tx|rx[ ]today|interventions?|procedures?|services|(?:exercise[ ])?flow[ ]?sheets?";
const BEFORE: &str =
    r"o|obj(?:ective)?|findings|today['’]?s|daily|skilled|therapeutic|clinical|visit|session";
const BEHIND: &str = r"today|provided|performed|rendered|given|delivered|used|applied|completed|procedures|log|notes?|details|summary|section";

pattern!(
    LABEL,
    &format!(
        r"(?i)^(?:(?:(?:{BEFORE})[ ]*(?:and|[/&+,])?[ ]*)*(?:(?:{CORE})[ ]*(?:and|[/&+,])?[ ]*)+(?:(?:{BEHIND})[ ]*)*|obj\.?)(?:[:=][ \t]*|$)"
    )
);

/// The end of such a label at the start of a line, with its colon and the blanks behind it: `Today's Treatment:`, `O/Tx:`. Without a
/// colon it is the whole line.
pub fn end_of_label(line: &str) -> Option<usize> {
    LABEL.find(line).map(|found| found.end())
}

/// Whether a label says no more than `Tx:` does.
pub fn is_usual(label: &str) -> bool {
    words!(
        MORE,
        r"(?i)\b(?:obj|objective|findings|daily|skilled|therapeutic|clinical|visit|session|rx|services|flow|flowsheets?|log|notes?|details|summary|section)\b"
    );
    !MORE.is_match(label)
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
            "OBJECTIVE / INTERVENTIONS",
            "Objective findings and treatment:",
            "Skilled interventions:",
            "SKILLED SERVICES PROVIDED",
            "Daily treatment",
            "Rx today:",
            "Flowsheet:",
            "Treatment log",
            "Obj:",
        ] {
            assert_eq!(end_of_label(label), Some(label.len()), "{label}");
        }
        for other in [
            "Treatment went well.",
            "Previous treatment:",
            "Treatment plan:",
            "O2: 97 %",
            "Objective",
            "Rx: naproxen",
            "Services recommended:",
            "Objection: none",
        ] {
            assert_eq!(end_of_label(other), None, "{other}");
        }
    }
}
