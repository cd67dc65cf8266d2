//! What looks like a procedure code and is none that we know: another field's code, a slip, a number of something.

use super::icd10::Release;
use super::procedures::{self, Procedure};
use crate::pattern::words;

words!(
    /// A code of CPT or HCPCS by its form; `M54.50` without its dot is no code of HCPCS that a therapist bills.
    SHAPE,
    r"^(?:\d{5}|[ACEGHJKLPQSTV]\d{4}|0\d{3}[TU]|\d{4}F)$"
);
words!(
    /// What follows a number of something: `10000 steps a day`, `98101 was the old one`.
    COUNT,
    r"(?ix)^[\ \t]*(?: steps? | ft | feet | lbs? | pounds? | kgs? | mg | mcg | ml | iu | meters? | metres? | km | yards? | yds? | miles?
        | mi | cal | calories | kcal | sq | rpm | hz | dollars | usd | people | patients | visits | reps? | repetitions | times | words | hours
        | hrs | days | years | a | an | per | of | in | is | was | are | were | and | or | to | the | at | for | on | by )\b"
);

/// Whether a text has the form of a procedure code.
pub fn is_code(written: &str) -> bool {
    SHAPE.is_match(written) && !is_diagnosis(written)
}

/// Whether a number is none of a code but of what the words behind it name.
pub fn is_count(behind: &str) -> bool {
    COUNT.is_match(behind)
}

/// Whether it is a diagnosis without its dot.
pub fn is_diagnosis(written: &str) -> bool {
    written.starts_with(|c: char| c.is_ascii_alphabetic())
        && Release::built_in().find(written).is_some()
}

/// The procedures that a slip of form may stand for: a letter for the figure that it looks like (`9711O`), or a
/// figure too many (`971244`).
pub fn meant_by(written: &str) -> Vec<&'static Procedure> {
    let candidates: Vec<String> = match written.len() {
        5 => vec![
            written
                .char_indices()
                .map(|(at, c)| if at == 0 { c } else { figure_like(c) })
                .collect(),
        ],
        6 if written.bytes().all(|b| b.is_ascii_digit()) => (0..6)
            .map(|left_out| written[..left_out].to_owned() + &written[left_out + 1..])
            .collect(),
        _ => Vec::new(),
    };
    let candidates = candidates.iter().filter(|code| *code != written);
    let mut meant: Vec<&Procedure> = candidates.filter_map(|c| procedures::find(c)).collect();
    meant.dedup_by_key(|procedure| procedure.code);
    meant
}

/// The figure that a letter looks like.
fn figure_like(letter: char) -> char {
    match letter {
        'O' | 'o' | 'Q' => '0',
        'I' | 'l' => '1',
        'Z' => '2',
        'S' => '5',
        'B' => '8',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_by_their_form() {
        for code in ["72100", "L3908", "0552T", "1101F", "A4556", "G0541"] {
            assert!(is_code(code), "{code}");
        }
        for other in [
            "7210", "721000", "M5450", "M5455", "R2689", "S4200", "l3908", "0552X", "L39O8",
        ] {
            assert!(!is_code(other), "{other}");
        }
    }

    #[test]
    fn numbers_of_something() {
        for behind in [" steps a day", " ft", " was denied", " a day"] {
            assert!(is_count(behind), "{behind}");
        }
        for behind in [
            " R wrist",
            " foot",
            " lumbar 25 min",
            "",
            " L knee",
            " - steps",
        ] {
            assert!(!is_count(behind), "{behind}");
        }
    }

    #[test]
    fn slips_of_form() {
        for (written, meant) in [
            ("9711O", &["97110"][..]),
            ("97l40", &["97140"]),
            ("G0Z83", &["G0283"]),
            ("971244", &["97124"]),
            ("997140", &["97140"]),
            ("971120", &["97110", "97112"]),
            ("97110", &[]),
            ("O7110", &[]),
            ("123456", &[]),
            ("hello", &[]),
        ] {
            let mut codes: Vec<&str> = meant_by(written).iter().map(|p| p.code).collect();
            codes.sort_unstable();
            assert_eq!(codes, meant, "{written}");
        }
    }
}
