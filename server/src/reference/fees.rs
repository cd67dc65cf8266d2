//! What Medicare's physician fee schedule says a code is worth.
//!
//! Source: the relative values of CY2026 and the conversion factor of CMS-1832-F for those who are in no
//! advanced payment model, see `data/pfs.tsv`, which `cargo xtask tables --fees` rebuilds.

use std::sync::LazyLock;

use super::table;

const TABLE: &str = include_str!("../../data/pfs.tsv");
const COLUMNS: &str = "code status work pe_nonfac pe_fac mp mult national release";

/// In cents: what Medicare allows in 2026 for PT and speech therapy together, and for OT, before each line needs
/// KX (CMS change request 14252).
pub const KX_THRESHOLD: u64 = 248_000;
/// In cents: from here on a claim may be picked for medical review (until 2028).
pub const REVIEW_THRESHOLD: u64 = 300_000;

/// What the table's first lines say behind a label.
fn said(label: &str) -> &'static str {
    let mut lines = TABLE.lines().take_while(|line| line.starts_with('#'));
    let said = lines.find_map(|line| line.strip_prefix("# ")?.strip_prefix(label));
    said.unwrap_or_else(|| panic!("data/pfs.tsv does not say \"{label}\""))
}

static YEAR: LazyLock<i16> = LazyLock::new(|| {
    let year = said("As of: ").split('-').next();
    year.and_then(|year| year.parse().ok())
        .unwrap_or_else(|| panic!("data/pfs.tsv names no year"))
});

static CONVERSION_FACTOR: LazyLock<f64> = LazyLock::new(|| {
    let factor = said("Conversion factor: ").parse();
    factor.unwrap_or_else(|error| panic!("data/pfs.tsv, conversion factor: {error}"))
});

/// The year that the table holds for.
pub fn year() -> i16 {
    *YEAR
}

/// What one relative value unit is worth in dollars.
pub fn conversion_factor() -> f64 {
    *CONVERSION_FACTOR
}

/// The relative values of one unit of a code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fee {
    /// The clinician's work.
    pub work: f64,
    /// The expense of the practice, outside of a facility.
    pub practice: f64,
    /// Insurance against malpractice.
    pub malpractice: f64,
    /// It is always therapy, so that of several units on a day the practice's expense is paid in full once.
    pub is_reduced: bool,
}

/// The codes that Medicare has a price for.
static ALL: LazyLock<Vec<(&str, Fee)>> = LazyLock::new(|| {
    let rows = table::read(
        TABLE,
        COLUMNS,
        |[code, status, work, practice, _, malpractice, multiple, ..]: [&str; 9]| {
            let fee = Fee {
                work: work.parse().ok()?,
                practice: practice.parse().ok()?,
                malpractice: malpractice.parse().ok()?,
                is_reduced: multiple == "5",
            };
            table::is_code(code).then_some((code, status, fee))
        },
    );
    let priced = rows.into_iter().filter(|(_, status, fee)| {
        matches!(*status, "A" | "R") && fee.work + fee.practice + fee.malpractice > 0.0
    });
    priced.map(|(code, _, fee)| (code, fee)).collect()
});

/// The values of a code; none where Medicare pays nothing for it, or each carrier sets its price.
pub fn find(code: &str) -> Option<Fee> {
    let found = ALL.iter().find(|(known, _)| *known == code);
    found.map(|(_, fee)| *fee)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table's own column of national amounts is what its values make.
    #[test]
    fn the_values_make_the_national_amounts() {
        let rows = table::read(TABLE, COLUMNS, |[code, .., national, _]: [&str; 9]| {
            Some((code, national))
        });
        let mut compared = 0;
        for (code, national) in rows {
            if let (Some(fee), Ok(national)) = (find(code), national.parse::<f64>()) {
                let made = (fee.work + fee.practice + fee.malpractice) * conversion_factor();
                assert!(
                    (made - national).abs() < 0.0051,
                    "{code}: {made}, {national}"
                );
                compared += 1;
            }
        }
        assert!(compared > 80, "{compared}");
    }

    /// CMS publishes the thresholds of a year by themselves: a newer table of fees needs those of its year.
    #[test]
    fn the_thresholds_are_those_of_the_tables_year() {
        assert_eq!(year(), 2026, "KX_THRESHOLD and REVIEW_THRESHOLD");
    }

    #[test]
    fn who_is_paid_and_who_is_reduced() {
        assert!(find("97110").is_some_and(|fee| fee.is_reduced));
        assert!(find("98940").is_none_or(|fee| !fee.is_reduced));
        assert_eq!(find("97014"), None, "not valid for Medicare");
        assert_eq!(find("97010"), None, "part of other services");
    }
}
