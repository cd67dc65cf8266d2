//! The NCCI procedure-to-procedure edits: which codes are not paid together.
//!
//! Source: the CMS practitioner file of the quarter that `data/ncci.tsv` names; `cargo xtask tables` takes
//! a newer one.

use std::sync::{Arc, LazyLock};

use jiff::civil::Date;

use super::procedures;
use super::quarter::Quarter;
use super::table;

/// Whether a modifier opens an edit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Indicator {
    /// No modifier opens it (indicator 0).
    Never,
    /// A distinct-service modifier opens it where the note supports it (indicator 1).
    WithModifier,
}

/// Two codes of which only the first is paid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pair {
    /// The code that is paid.
    pub column1: String,
    /// The code that is not.
    pub column2: String,
    /// Whether a modifier opens it.
    pub indicator: Indicator,
}

/// The edits of a quarter among the codes that Soapstone knows.
#[derive(Debug, PartialEq, Eq)]
pub struct Edits {
    /// Sorted by their codes.
    pairs: Vec<Pair>,
    /// Codes of which the table does not know whether they make a pair.
    unlisted: Vec<String>,
    /// For which days they hold.
    pub quarter: Quarter,
}

static BUILT_IN: LazyLock<Arc<Edits>> = LazyLock::new(|| {
    let text = include_str!("../../data/ncci.tsv");
    let edits = Edits::read(text, None);
    Arc::new(edits.unwrap_or_else(|error| panic!("data/ncci.tsv, {error}")))
});

impl Edits {
    /// The edits that are part of the program.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// Reads a table of edits: three columns (`column1`, `column2`, `indicator`), or the practitioner file as CMS
    /// publishes it, with tabs or commas between its six or seven columns. Pairs that were deleted, and those of
    /// codes that Soapstone does not know, are left out. Codes in a `# Without:` line are those that a copy of the
    /// file does not have. `first` is the day with which the quarter begins, for a
    /// table that does not say it in a `# As of:` line.
    ///
    /// # Errors
    ///
    /// A sentence that names the line.
    pub fn read(text: &str, first: Option<Date>) -> Result<Self, String> {
        let quarter = Quarter::of_table(text).or_else(|| Quarter::beginning(first?));
        let quarter = quarter.ok_or("nothing says for which days the table holds")?;
        let mut pairs: Vec<Pair> = Vec::new();
        for (number, cells) in table::published(text) {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            // In CMS' file the day of deletion stands behind that of effect; a star is none.
            let (column1, column2, deleted, indicator) = match cells[..] {
                [one, two, indicator] => (one, two, "*", indicator),
                [one, two, _, _, deleted, indicator, ..] => (one, two, deleted, indicator),
                _ => ("", "", "", ""),
            };
            if !table::is_code(column1) || !table::is_code(column2) {
                // Titles and the names of the columns stand above the first pair.
                if pairs.is_empty() {
                    continue;
                }
                return Err(format!("line {number} is not a pair of procedure codes"));
            }
            let indicator = match indicator {
                "0" => Indicator::Never,
                "1" => Indicator::WithModifier,
                "9" => continue,
                _ => return Err(format!("line {number} has no indicator 0, 1 or 9")),
            };
            let is_known = |code| procedures::find(code).is_some();
            if matches!(deleted, "*" | "") && is_known(column1) && is_known(column2) {
                pairs.push(Pair {
                    column1: column1.to_owned(),
                    column2: column2.to_owned(),
                    indicator,
                });
            }
        }
        if pairs.is_empty() {
            return Err("it holds no pair of codes that Soapstone knows".to_owned());
        }
        pairs.sort_by(|a, b| key(a).cmp(&key(b)));
        let mut heading = text.lines().take_while(|line| line.starts_with('#'));
        let without = heading.find_map(|line| line.strip_prefix("# Without: "));
        let codes = without.unwrap_or("").trim_end_matches('.').split(", ");
        Ok(Self {
            pairs,
            unlisted: codes
                .filter(|c| table::is_code(c))
                .map(str::to_owned)
                .collect(),
            quarter,
        })
    }

    /// Whether the table does not know what pairs a code makes: no pair is then no proof that there is none.
    pub fn is_unlisted(&self, code: &str) -> bool {
        self.unlisted.iter().any(|c| c.eq_ignore_ascii_case(code))
    }

    /// The edit between two codes, given in either order and any case.
    pub fn pair(&self, a: &str, b: &str) -> Option<&Pair> {
        let (a, b) = (a.to_ascii_uppercase(), b.to_ascii_uppercase());
        let find = |one: &str, two: &str| {
            let place = self
                .pairs
                .binary_search_by(|pair| key(pair).cmp(&(one, two)));
            self.pairs.get(place.ok()?)
        };
        find(&a, &b).or_else(|| find(&b, &a))
    }

    /// The edits that a code takes part in, on either side.
    pub fn pairs_of(&self, code: &str) -> impl Iterator<Item = &Pair> {
        let code = code.to_ascii_uppercase();
        let pairs = self.pairs.iter();
        pairs.filter(move |pair| pair.column1 == code || pair.column2 == code)
    }

    /// All of them, sorted by their codes.
    pub fn all(&self) -> &[Pair] {
        &self.pairs
    }
}

fn key(pair: &Pair) -> (&str, &str) {
    (&pair.column1, &pair.column2)
}

impl Pair {
    /// Whether these are its codes, the paid one first.
    pub fn is(&self, column1: &str, column2: &str) -> bool {
        key(self) == (column1, column2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn pair(a: &str, b: &str) -> Option<Pair> {
        Edits::built_in().pair(a, b).cloned()
    }

    #[test]
    fn every_pair_stands_once() {
        let edits = Edits::built_in();
        assert_eq!(edits.all().len(), 663);
        let mut sorted: Vec<_> = edits
            .all()
            .iter()
            .map(|edit| {
                let (one, two) = key(edit);
                (one.min(two), one.max(two))
            })
            .collect();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 663);
    }

    #[test]
    fn codes_of_which_nothing_is_known_make_no_pair() {
        let edits = Edits::built_in();
        assert!(edits.is_unlisted("92523") && !edits.is_unlisted("92526"));
        for code in &edits.unlisted {
            assert!(procedures::find(code).is_some());
            assert_eq!(edits.pairs_of(code).count(), 0, "{code}");
        }
        let clinics = Edits::read("92523\t92522\t0\n", Some(date(2026, 10, 1))).expect("edits");
        assert!(!clinics.is_unlisted("92523"));
    }

    #[test]
    fn massage_and_manual_therapy_never_go_together() {
        let edit = pair("97124", "97140").expect("a pair");
        assert!(edit.is("97140", "97124"));
        assert_eq!(edit.indicator, Indicator::Never);
        assert_eq!(pair("97140", "97124"), Some(edit));
    }

    #[test]
    fn pairs_that_are_and_that_are_no_longer() {
        for (a, b) in [
            ("97140", "97530"),
            ("97530", "97116"),
            ("97161", "97140"),
            ("97010", "97140"),
            ("", ""),
        ] {
            assert_eq!(pair(a, b), None, "{a} {b}");
        }
        for (a, b) in [("98940", "97140"), ("99213", "98940"), ("95992", "97112")] {
            let indicator = pair(a, b).map(|edit| edit.indicator);
            assert_eq!(indicator, Some(Indicator::WithModifier), "{a} {b}");
        }
        assert_eq!(
            pair("g0283", "97032").map(|edit| edit.column2),
            Some("97032".to_owned())
        );
    }

    #[test]
    fn pairs_of_both_sides() {
        let edits = Edits::built_in();
        assert!(edits.pairs_of("97124").any(|edit| edit.column1 == "97140"));
        assert!(edits.pairs_of("97124").any(|edit| edit.column2 == "97164"));
        assert_eq!(edits.pairs_of("97010").count(), 0);
    }

    #[test]
    fn the_file_as_cms_publishes_it() {
        let file = "Column1/Column2 Edits\n\nColumn 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date\tModifier\tPTP Edit Rationale\n\
            97140\t97124\t\t20040101\t*\t0\tMore extensive procedure\n\
            97530\t97116\t\t20060401\t20200101\t1\tStandards of practice\n\
            98940\t97140\t\t20000105\t*\t1\tMisuse of column two code\n\
            10021\t10004\t\t20190101\t*\t1\tOther codes\n";
        let with_commas = file
            .replace('\t', ",")
            .replace("Standards of practice", "\"Standards, practice\"");
        for text in [file, &*with_commas] {
            let edits = Edits::read(text, Some(date(2026, 10, 1))).expect("edits");
            assert_eq!(edits.quarter.words(), "October 2026");
            let codes: Vec<_> = edits.all().iter().map(key).collect();
            assert_eq!(codes, [("97140", "97124"), ("98940", "97140")]);
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let first = Some(date(2026, 10, 1));
        for (text, why) in [
            (
                "97140\t97124\t0\nnonsense\n",
                "line 2 is not a pair of procedure codes",
            ),
            ("97140\t97124\tx\n", "line 1 has no indicator 0, 1 or 9"),
            ("", "it holds no pair of codes that Soapstone knows"),
        ] {
            assert_eq!(Edits::read(text, first).expect_err("no edits"), why);
        }
        let undated = Edits::read("97140\t97124\t0\n", None).expect_err("no days");
        assert_eq!(undated, "nothing says for which days the table holds");
    }
}
