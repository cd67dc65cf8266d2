//! Codes of yesterday: ICD-9, and those of ICD-10-CM that have since been split.
//!
//! Source: the project's domain notes, section 8.2, see `data/icd9-successors.tsv` and
//! `data/once-billable.tsv`.

use std::sync::LazyLock;

use super::rows::Code;
use crate::reference::table;

struct Row {
    code: &'static str,
    successors: Vec<&'static str>,
}

static SUCCESSORS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    table::read(
        include_str!("../../../data/icd9-successors.tsv"),
        "code successors",
        |[code, successors]| {
            let successors: Vec<&str> = successors.split(',').collect();
            let known = successors.iter().all(|code| Code::of_table(code).is_some());
            (known && !code.is_empty()).then_some(Row { code, successors })
        },
    )
});

/// The codes that could be billed, each with the year until which.
static ONCE_BILLABLE: LazyLock<Vec<(Code, u16)>> = LazyLock::new(|| {
    table::read(
        include_str!("../../../data/once-billable.tsv"),
        "code since_year",
        |[code, since_year]| {
            let year = since_year.parse().ok()?;
            (2016..=2026).contains(&year).then_some(())?;
            Some((Code::of_table(code)?, year))
        },
    )
});

/// The ICD-10-CM codes that took the place of an ICD-9 code, the likeliest first. ICD-9 has not
/// been valid since 2015-10-01.
pub fn successors(code: &str) -> Option<&'static [&'static str]> {
    let code = code.trim();
    SUCCESSORS
        .iter()
        .find(|row| row.code.eq_ignore_ascii_case(code))
        .map(|row| &*row.successors)
}

/// The year from whose first of October a code that could be billed is only a category.
pub fn once_billable(code: &str) -> Option<u16> {
    let code = Code::parse(code)?;
    ONCE_BILLABLE
        .iter()
        .find(|known| known.0 == code)
        .map(|known| known.1)
}

#[cfg(test)]
mod tests {
    use super::super::Release;
    use super::*;

    #[test]
    fn every_row_loads_and_leads_to_what_can_be_billed() {
        for row in &*SUCCESSORS {
            for code in &row.successors {
                let entry = Release::built_in().find(code);
                assert!(entry.is_some_and(|entry| entry.billable), "{code}");
            }
        }
        for (code, _) in &*ONCE_BILLABLE {
            let entry = Release::built_in().find(&code.dotted());
            assert!(entry.is_some_and(|entry| !entry.billable), "{code:?}");
        }
    }

    #[test]
    fn known_ones() {
        assert_eq!(
            successors("724.2"),
            Some(&["M54.50", "M54.51", "M54.59"][..])
        );
        assert_eq!(successors("723.1"), Some(&["M54.2"][..]));
        assert_eq!(successors("723.2"), None);
        assert_eq!(successors(""), None);
        assert_eq!(once_billable("m545"), Some(2021));
        assert_eq!(once_billable("M79.1"), Some(2018));
        assert_eq!(once_billable("M54.3"), None);
        assert_eq!(once_billable("M54.2"), None);
        assert_eq!(once_billable("é"), None);
    }
}
