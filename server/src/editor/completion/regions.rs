//! The words for body regions that are offered, and their sides.

/// A word for a region and whether it has a left and a right.
pub const REGIONS: &[(&str, bool)] = &[
    ("cervical", false),
    ("thoracic", false),
    ("lumbar", false),
    ("sacral", false),
    ("pelvic", false),
    ("neck", false),
    ("shoulder", true),
    ("mid back", false),
    ("low back", false),
    ("hip", true),
    ("knee", true),
    ("ankle", true),
    ("foot", true),
    ("elbow", true),
    ("wrist", true),
    ("hand", true),
    ("upper trapezius", true),
    ("levator scapulae", true),
    ("suboccipitals", false),
    ("scalenes", true),
    ("SCM", true),
    ("rhomboids", true),
    ("rotator cuff", true),
    ("pectorals", true),
    ("deltoid", true),
    ("biceps", true),
    ("triceps", true),
    ("forearm", true),
    ("cervical paraspinals", false),
    ("thoracic paraspinals", false),
    ("lumbar paraspinals", false),
    ("quadratus lumborum", true),
    ("lumbosacral", false),
    ("cervicothoracic", false),
    ("thoracolumbar", false),
    ("sacrum", false),
    ("sacroiliac joint", true),
    ("piriformis", true),
    ("gluteals", true),
    ("hip flexors", true),
    ("psoas", true),
    ("hamstrings", true),
    ("quadriceps", true),
    ("adductors", true),
    ("IT band", true),
    ("calf", true),
    ("gastrocnemius", true),
    ("plantar fascia", true),
    ("jaw", false),
    ("TMJ", true),
    ("head", false),
    ("ribs", false),
    ("abdomen", false),
    ("upper extremity", true),
    ("lower extremity", true),
];

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
        for (word, _) in REGIONS {
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
