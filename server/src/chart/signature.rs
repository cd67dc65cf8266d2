//! The name in a signature: what stands there beside the day and the time of signing.

use super::date;
use crate::pattern::pattern;

pattern!(
    CLOCK,
    r"(?i)\b\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\b\.?)?"
);
pattern!(
    BY,
    r"(?i)^(?:(?:electronically|digitally)\s+)?(?:e-?)?(?:signed\s+)?by\b\s*:?\s*"
);
pattern!(
    /// Words that lead from the name to the day.
    LEADS_ON,
    r"(?i)(?:\s+(?:on|at|date[ds]?|time|dated:|date:|signed)|[\s,;|@(\-–—:/])+$"
);

/// The name as written, its blanks single, without the day and the time; nothing where there is none yet.
pub fn name_in(value: &str) -> String {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let value = BY.replace(&value, "").into_owned();
    if value.contains("__") {
        return String::new();
    }
    let dates = date::find_in(&value, 0).into_iter().map(|d| d.span.range());
    let moments = dates.chain(CLOCK.find_iter(&value).map(|m| m.range()));
    let mut moments: Vec<_> = moments.collect();
    moments.sort_by_key(|moment| moment.start);
    let (Some(first), Some(last)) = (moments.first(), moments.last()) else {
        return value;
    };
    let name = LEADS_ON.replace(&value[..first.start], "");
    if name.chars().any(char::is_alphabetic) {
        return name.into_owned();
    }
    let behind = value[last.end..].trim_start_matches(|c: char| !c.is_alphanumeric());
    BY.replace(behind, "").into_owned()
}

#[cfg(test)]
mod tests {
    use super::name_in;

    #[test]
    fn the_day_and_the_time_are_no_part_of_the_name() {
        for (value, name) in [
            ("A. Rivera, LMT 2026-11-20", "A. Rivera, LMT"),
            ("A. Rivera, LMT, 11/20/2026 10:52 AM", "A. Rivera, LMT"),
            ("A. Rivera, LMT on 11/20/2026 at 10:52", "A. Rivera, LMT"),
            ("A. Rivera,\n   LMT (Nov 20, 2026)", "A. Rivera, LMT"),
            ("S. Patel, D.C. - 2026-11-20", "S. Patel, D.C."),
            ("K. Novak, OTR/L", "K. Novak, OTR/L"),
            ("2026-11-20 17:05 by J. Chen, PT", "J. Chen, PT"),
            ("Electronically signed by: J. Chen, PT", "J. Chen, PT"),
            ("2026-11-20", ""),
            ("___, LMT ___", ""),
            ("", ""),
        ] {
            assert_eq!(name_in(value), name, "{value}");
        }
    }
}
