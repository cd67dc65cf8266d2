//! The most units of a code on one day (medically unlikely edits).
//!
//! Source: the CMS practitioner and outpatient hospital files of the quarter that `data/mue.tsv` names; `cargo
//! xtask tables` takes newer ones.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;

use super::procedures;
use super::quarter::Quarter;
use super::table;

/// The most units of a code for one patient on one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limit {
    /// From a practitioner.
    pub practitioner: u16,
    /// From an outpatient hospital; none where the table does not say.
    pub outpatient: Option<u16>,
}

/// The limits of a quarter of the codes that Soapstone knows.
#[derive(Debug, PartialEq, Eq)]
pub struct Limits {
    limits: BTreeMap<String, Limit>,
    /// For which days they hold.
    pub quarter: Quarter,
}

static BUILT_IN: LazyLock<Arc<Limits>> = LazyLock::new(|| {
    let text = include_str!("../../data/mue.tsv");
    let limits = Limits::read(text, None);
    Arc::new(limits.unwrap_or_else(|error| panic!("data/mue.tsv, {error}")))
});

impl Limits {
    /// The limits that are part of the program.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// Reads a table of limits: a code, the practitioner's limit and, if it is known, the outpatient hospital's; or the
    /// practitioner file as CMS publishes it, whose third column is no figure alone. `first` is the day with which the
    /// quarter begins, for a table that does not say it in a `# As of:` line.
    ///
    /// # Errors
    ///
    /// A sentence that names the line.
    pub fn read(text: &str, first: Option<Date>) -> Result<Self, String> {
        let quarter = Quarter::of_table(text).or_else(|| Quarter::beginning(first?));
        let quarter = quarter.ok_or("nothing says for which days the table holds")?;
        let mut limits = BTreeMap::new();
        for (number, cells) in table::published(text) {
            let cell = |at: usize| cells.get(at).map_or("", String::as_str);
            if !table::is_code(cell(0)) {
                // Titles and the names of the columns stand above the first limit.
                if limits.is_empty() {
                    continue;
                }
                return Err(format!(
                    "line {number} does not begin with a procedure code"
                ));
            }
            let Ok(practitioner) = cell(1).parse() else {
                return Err(format!("line {number} has no number of units"));
            };
            if procedures::find(cell(0)).is_some() {
                let outpatient = cell(2).parse().ok();
                let limit = Limit {
                    practitioner,
                    outpatient,
                };
                limits.insert(cell(0).to_owned(), limit);
            }
        }
        if limits.is_empty() {
            return Err("it holds no code that Soapstone knows".to_owned());
        }
        Ok(Self { limits, quarter })
    }

    /// The limit of a code in any case; `None` where CMS publishes none for it.
    pub fn find(&self, code: &str) -> Option<Limit> {
        self.limits.get(&code.to_ascii_uppercase()).copied()
    }

    /// All of them, by code.
    pub fn all(&self) -> impl Iterator<Item = (&str, Limit)> {
        let limits = self.limits.iter();
        limits.map(|(code, limit)| (code.as_str(), *limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn known_limits() {
        let limits = Limits::built_in();
        assert_eq!(limits.all().count(), 130);
        let practitioner = |code| limits.find(code).map(|limit| limit.practitioner);
        assert_eq!(practitioner("97124"), Some(4));
        assert_eq!(practitioner("g0283"), Some(1));
        assert_eq!(practitioner("97010"), Some(0));
        assert_eq!(practitioner("S8950"), None);
        assert_eq!(
            limits
                .find("97112")
                .map(|limit| (limit.practitioner, limit.outpatient)),
            Some((4, Some(6)))
        );
    }

    #[test]
    fn the_file_as_cms_publishes_it() {
        let file = "\"CPT only\"\n\"HCPCS/CPT Code\",\"Practitioner Services MUE Values\",\"MUE Adjudication Indicator\",\"MUE Rationale\"\n\
            \"97110\",\"6\",\"3 Date of Service Edit: Clinical\",\"Clinical: Data, of units\"\n\"00100\",\"1\",\"2 x\",\"y\"\n";
        let limits = Limits::read(file, Some(date(2027, 1, 1))).expect("limits");
        let all: Vec<_> = limits.all().collect();
        let limit = Limit {
            practitioner: 6,
            outpatient: None,
        };
        assert_eq!(all, [("97110", limit)]);
        assert_eq!(limits.quarter.words(), "January 2027");
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let first = Some(date(2026, 10, 1));
        for (text, why) in [
            ("97140\tsix\n", "line 1 has no number of units"),
            (
                "97140\t6\nnonsense\n",
                "line 2 does not begin with a procedure code",
            ),
            ("", "it holds no code that Soapstone knows"),
        ] {
            assert_eq!(Limits::read(text, first).expect_err("no limits"), why);
        }
    }
}
