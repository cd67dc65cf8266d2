//! Codes of yesterday: ICD-9, and those of ICD-10-CM that have since been split.
//!
//! Source: the project's domain notes, section 8.2, see `data/icd9-successors.tsv` and
//! `data/once-billable.tsv`.

use std::sync::LazyLock;

use super::rows::Code;
use crate::reference::table;

/// The ICD-9 codes, each with its successors.
static SUCCESSORS: LazyLock<Vec<(&str, Vec<&str>)>> = LazyLock::new(|| {
    table::read(
        include_str!("../../../data/icd9-successors.tsv"),
        "code successors",
        |[code, successors]| {
            let successors: Vec<&str> = successors.split(',').collect();
            let known = successors.iter().all(|code| Code::of_table(code).is_some());
            (known && !code.is_empty()).then_some((code, successors))
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
    let mut rows = SUCCESSORS.iter();
    let row = rows.find(|(known, _)| known.eq_ignore_ascii_case(code));
    row.map(|(_, successors)| &**successors)
}

/// The year from whose first of October a code that could be billed is only a category.
pub fn once_billable(code: &str) -> Option<u16> {
    let code = Code::parse(code)?;
    let mut known = ONCE_BILLABLE.iter();
    known
        .find(|(known, _)| *known == code)
        .map(|(_, year)| *year)
}

#[cfg(test)]
mod tests {
    use super::super::Release;
    use super::*;

    #[test]
    fn every_row_loads_and_leads_to_what_can_be_billed() {
        for (_, successors) in &*SUCCESSORS {
            for code in successors {
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
