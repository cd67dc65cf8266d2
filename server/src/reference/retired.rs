//! Procedure codes that were deleted, and what to look at instead.
//!
//! Source: last dates in the CMS NCCI file and coding pages, see `data/retired.tsv`.

use std::sync::LazyLock;

use super::table;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Retired {
    pub code: &'static str,
    pub was: &'static str,
    /// The first year without it.
    pub since_year: u16,
    /// The codes that may stand in its place, the likeliest first; none where nothing does.
    pub successors: Vec<&'static str>,
    /// A sentence on choosing among them, or nothing.
    pub note: &'static str,
}

static ALL: LazyLock<Vec<Retired>> = LazyLock::new(|| {
    table::read(
        include_str!("../../data/retired.tsv"),
        "code was since_year successors note",
        |[code, was, since_year, successors, note]| {
            let since_year = since_year.parse().ok()?;
            if !table::is_code(code) || was.is_empty() || !(1990..=2026).contains(&since_year) {
                return None;
            }
            Some(Retired {
                code,
                was,
                since_year,
                successors: table::codes(successors)?,
                note,
            })
        },
    )
});

pub fn find(code: &str) -> Option<&'static Retired> {
    let mut all = ALL.iter();
    all.find(|retired| retired.code.eq_ignore_ascii_case(code))
}

pub fn all() -> &'static [Retired] {
    &ALL
}

/// Whether the code is one of the functional-reporting codes between G8978 and G9186 that Medicare
/// stopped taking on 2019-01-01.
pub fn is_functional_reporting(code: &str) -> bool {
    let code = code.to_ascii_uppercase();
    let number = code.strip_prefix('G').filter(|_| table::is_code(&code));
    let number = number.and_then(|digits| digits.parse().ok());
    matches!(number, Some(8978..=8999 | 9158..=9176 | 9186))
}

#[cfg(test)]
mod tests {
    use super::super::procedures;
    use super::*;

    #[test]
    fn every_row_loads_once() {
        assert!(all().is_sorted_by(|a, b| a.code < b.code));
    }

    #[test]
    fn no_code_is_both_and_successors_exist() {
        for retired in all() {
            assert!(procedures::find(retired.code).is_none(), "{}", retired.code);
            for successor in &retired.successors {
                assert!(procedures::find(successor).is_some(), "{successor}");
            }
        }
    }

    #[test]
    fn the_code_web_pages_get_wrong() {
        let retired = find("97122").expect("in the table");
        assert_eq!(retired.successors, ["97140", "97112"]);
        assert_eq!(retired.since_year, 1999);
        assert!(retired.note.contains("wrongly"));
        assert_eq!(find("97001").map(|r| r.since_year), Some(2017));
        assert_eq!(find("g0515").map(|r| r.since_year), Some(2020));
        assert_eq!(find("97140"), None);
    }

    #[test]
    fn functional_reporting_codes() {
        assert!(is_functional_reporting("G8978") && is_functional_reporting("g9186"));
        for code in ["G0283", "G9012", "8978", "G89780", "G897é", ""] {
            assert!(!is_functional_reporting(code), "{code}");
        }
    }
}
