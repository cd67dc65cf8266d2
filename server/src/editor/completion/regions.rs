//! The words for body regions that are offered, and their sides.

/// The words for regions, in the order of the offer; those with a left and a right have a `*`.
const WORDS: &str = "\
    cervical, thoracic, lumbar, sacral, pelvic, neck, shoulder*, mid back, low back, hip*, \
    knee*, ankle*, foot*, elbow*, wrist*, hand*, upper trapezius*, levator scapulae*, \
    suboccipitals, scalenes*, SCM*, rhomboids*, rotator cuff*, pectorals*, deltoid*, biceps*, \
    triceps*, forearm*, cervical paraspinals, thoracic paraspinals, lumbar paraspinals, \
    quadratus lumborum*, lumbosacral, cervicothoracic, thoracolumbar, sacrum, \
    sacroiliac joint*, piriformis*, gluteals*, hip flexors*, psoas*, hamstrings*, \
    quadriceps*, adductors*, IT band*, calf*, gastrocnemius*, plantar fascia*, jaw, TMJ*, \
    head, ribs, abdomen, upper extremity*, lower extremity*";

/// Each word for a region, and whether it has a left and a right.
pub fn regions() -> impl Iterator<Item = (&'static str, bool)> {
    let words = WORDS.split(", ");
    words.map(|w| (w.trim_end_matches('*'), w.ends_with('*')))
}

/// The sides as notes write them.
pub const SIDES: [&str; 3] = ["R", "L", "bilateral"];

/// The region that was typed so far, without the side before it, and the side as it would be
/// written; `None` for no side.
pub fn unsided(typed: &str) -> (Option<&'static str>, &str) {
    let Some((first, rest)) = typed.split_once([' ', '\t']) else {
        return (None, typed);
    };
    let side = match first.to_ascii_lowercase().trim_end_matches('.') {
        "r" | "rt" | "right" => "R",
        "l" | "lt" | "left" => "L",
        "b" | "bl" | "b/l" | "bil" | "bilat" | "bilateral" => "bilateral",
        _ => return (None, typed),
    };
    (Some(side), rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::regions::find_in;

    #[test]
    fn every_word_is_a_region() {
        for (word, _) in regions() {
            let found = find_in(word);
            assert!(found.iter().any(|m| m.range == (0..word.len())), "{word}");
        }
    }

    #[test]
    fn the_side_leads() {
        assert_eq!(unsided("Rt sho"), (Some("R"), "sho"));
        assert_eq!(unsided("low ba"), (None, "low ba"));
        assert_eq!(unsided("R"), (None, "R"));
    }
}
