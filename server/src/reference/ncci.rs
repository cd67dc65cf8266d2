//! The NCCI procedure-to-procedure edits: which codes are not paid together.
//!
//! Source: the CMS practitioner file effective 2024-07-01, see `data/ncci-ptp-2024q3.tsv`.

use std::sync::LazyLock;

use super::table;

pub const AS_OF: &str = "July 2024";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Indicator {
    /// No modifier opens it (indicator 0).
    Never,
    /// A distinct-service modifier opens it where the note supports it (indicator 1).
    WithModifier,
}

/// Two codes of which only the first is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pair {
    pub column1: &'static str,
    pub column2: &'static str,
    pub indicator: Indicator,
}

/// The edits, sorted by their codes in the table.
static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    table::read(
        include_str!("../../data/ncci-ptp-2024q3.tsv"),
        "column1 column2 indicator",
        |[column1, column2, indicator]| {
            if !table::is_code(column1) || !table::is_code(column2) || column1 == column2 {
                return None;
            }
            Some(Pair {
                column1,
                column2,
                indicator: match indicator {
                    "0" => Indicator::Never,
                    "1" => Indicator::WithModifier,
                    _ => return None,
                },
            })
        },
    )
});

/// The edit between two codes, given in either order and any case.
pub fn pair(a: &str, b: &str) -> Option<&'static Pair> {
    let is = |pair: &Pair, column1: &str, column2: &str| {
        pair.column1.eq_ignore_ascii_case(column1) && pair.column2.eq_ignore_ascii_case(column2)
    };
    PAIRS.iter().find(|pair| is(pair, a, b) || is(pair, b, a))
}

/// The edits a code takes part in, on either side.
pub fn pairs_of(code: &str) -> impl Iterator<Item = &'static Pair> + use<'_> {
    PAIRS.iter().filter(move |pair| {
        pair.column1.eq_ignore_ascii_case(code) || pair.column2.eq_ignore_ascii_case(code)
    })
}

#[cfg(test)]
mod tests {
    use super::super::procedures;
    use super::*;

    #[test]
    fn every_row_loads_once() {
        assert_eq!(PAIRS.len(), 232);
        for edit in &*PAIRS {
            assert!(procedures::find(edit.column1).is_some(), "{}", edit.column1);
            assert!(procedures::find(edit.column2).is_some(), "{}", edit.column2);
        }
        // No pair stands in both orders or twice.
        let mut sorted: Vec<_> = PAIRS
            .iter()
            .map(|edit| {
                (
                    edit.column1.min(edit.column2),
                    edit.column1.max(edit.column2),
                )
            })
            .collect();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 232);
    }

    #[test]
    fn massage_and_manual_therapy_never_go_together() {
        let edit = pair("97124", "97140").expect("a pair");
        assert_eq!((edit.column1, edit.column2), ("97140", "97124"));
        assert_eq!(edit.indicator, Indicator::Never);
        assert_eq!(pair("97140", "97124"), Some(edit));
    }

    #[test]
    fn pairs_that_are_no_longer() {
        for (a, b) in [
            ("97140", "97530"),
            ("97530", "97116"),
            ("97161", "97140"),
            ("97010", "97140"),
            ("", ""),
        ] {
            assert_eq!(pair(a, b), None, "{a} {b}");
        }
        assert_eq!(
            pair("98940", "97140").map(|edit| edit.indicator),
            Some(Indicator::WithModifier)
        );
        assert_eq!(
            pair("g0283", "97032").map(|edit| edit.column2),
            Some("97032")
        );
    }

    #[test]
    fn pairs_of_both_sides() {
        assert!(pairs_of("97124").any(|edit| edit.column1 == "97140"));
        assert!(pairs_of("97124").any(|edit| edit.column2 == "97164"));
        assert_eq!(pairs_of("97010").count(), 0);
    }
}
