//! Python text for ruff's server, as long as a chart and with as many findings: a function of about
//! 1 KiB where the chart has a visit.

use std::fmt::Write as _;

use crate::charts::Care;

/// A text of about this many bytes; never more than a function larger.
pub fn script(bytes: usize, care: Care) -> String {
    let mut text = "\"\"\"What a practice asks of its charts.\"\"\"\n".to_owned();
    let mut number = 0;
    while text.len() < bytes {
        text += &function(number, care);
        number += 1;
    }
    text
}

/// How many functions a text has.
pub fn functions(script: &str) -> usize {
    script.matches(HEADING).count()
}

/// What begins a function.
pub const HEADING: &str = "\ndef visit_";

fn function(number: usize, care: Care) -> String {
    let (hour, pain) = (8 + number % 8, 4 + number % 4);
    // Names that are never used, three of them with texts that have nothing to fill in.
    let slips = match care {
        Care::Careful => "",
        Care::Careless => {
            r#"    earliest = scores[0]
    latest = scores[-1]
    middle = scores[1]
    goal = f"drive with less pain"
    plan = f"three times a week"
    home = f"chin tucks"
    count = len(scores)
"#
        }
    };
    let mut text = String::new();
    let _ = write!(
        text,
        "

def visit_{number}(scores, minutes, first=None, last=None):
    \"\"\"Says how the neck did between {hour}:00 and {hour}:50 of visit {number}.

    The drive home took {minutes} minutes and the last five hurt; heat was used in the evening.
    The score is that of the left side, where the levator is taut and the trapezius is tender.
    \"\"\"
    total = 0
    longest = {pain}
    for index, score in enumerate(scores):
        longest = max(longest, score)
        total += score * minutes[index]
    rotation = {{\"right\": 48 + {pain}, \"left\": 70, \"flexion\": 36 + longest}}
{slips}    exercises = [
        (\"deep neck flexor holds\", 10, 8),
        (\"scapular rows with the green band\", 3, 12),
        (\"chin tucks\", 2, 10),
    ]
    repeats = sum(sets * times for _, sets, times in exercises)
    if first is not None and last is not None and first > last:
        return total / max(len(scores), 1), rotation, repeats
    return total, rotation, repeats + longest
",
        minutes = 15 + number * 3 % 23,
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_size_that_was_asked_for() {
        for (care, bytes) in [(Care::Careful, 4 << 10), (Care::Careless, 100 << 10)] {
            let text = script(bytes, care);
            assert!(
                (bytes..bytes + 1600).contains(&text.len()),
                "{}",
                text.len()
            );
            let each = text.len() / functions(&text);
            assert!((900..1600).contains(&each), "{each}");
        }
    }
}
