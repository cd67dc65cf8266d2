//! The most units of a code on one day (medically unlikely edits).
//!
//! Source: the CMS practitioner and outpatient hospital files effective 2024-07-01, see
//! `data/mue-2024q3.tsv`.

use std::sync::LazyLock;

use super::table;

pub const AS_OF: &str = "July 2024";

/// The most units of a code for one patient on one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limit {
    /// From a practitioner.
    pub practitioner: u16,
    /// From an outpatient hospital.
    pub outpatient: u16,
}

/// The limits, sorted by code.
static ALL: LazyLock<Vec<(&str, Limit)>> = LazyLock::new(|| {
    table::read(
        include_str!("../../data/mue-2024q3.tsv"),
        "code practitioner outpatient",
        |[code, practitioner, outpatient]| {
            let limit = Limit {
                practitioner: practitioner.parse().ok()?,
                outpatient: outpatient.parse().ok()?,
            };
            table::is_code(code).then_some((code, limit))
        },
    )
});

/// The limit of a code in any case; `None` where CMS publishes none for it.
pub fn find(code: &str) -> Option<Limit> {
    let mut all = ALL.iter();
    let limit = all.find(|(known, _)| known.eq_ignore_ascii_case(code));
    limit.map(|(_, limit)| *limit)
}

#[cfg(test)]
mod tests {
    use super::super::procedures;
    use super::*;

    #[test]
    fn every_row_loads_once() {
        assert_eq!(ALL.len(), 80);
        assert!(ALL.is_sorted_by(|a, b| a.0 < b.0));
        for (code, _) in &*ALL {
            assert!(procedures::find(code).is_some(), "{code}");
        }
    }

    #[test]
    fn known_limits() {
        assert_eq!(find("97124").map(|limit| limit.practitioner), Some(4));
        assert_eq!(
            find("97112"),
            Some(Limit {
                practitioner: 4,
                outpatient: 6
            })
        );
        assert_eq!(find("g0283").map(|limit| limit.practitioner), Some(1));
        assert_eq!(find("97010").map(|limit| limit.practitioner), Some(0));
        assert_eq!(find("S8950"), None);
    }
}
