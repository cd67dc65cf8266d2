//! `[fees]`: the locality's factors, and fees of the reader's own.

use toml_edit::{Item, TableLike};

use super::Reader;

const KEYS: &[&str] = &["show", "gpci", "codes"];

impl Reader<'_> {
    /// The locality's factors, and own fees.
    pub(super) fn fees(&mut self, parent: &dyn TableLike, item: &Item) {
        let must = "be a table with \"show\", \"gpci\" and \"codes\"";
        let Some(table) = self.table(parent, "fees", item, must) else {
            return;
        };
        for (key, item) in table.iter() {
            match key {
                "show" => match item.as_bool() {
                    Some(show) => self.policy.fees.show = show,
                    None => self.report_value(table, key, item,
                        "\"show\" of \"fees\" must be true to show what Medicare allows, or false.".to_owned(),
                    ),
                },
                "gpci" => match ["work", "pe", "mp"].map(|key| dollars(item.as_table_like()?.get(key)?)) {
                    [Some(work), Some(pe), Some(mp)] => self.policy.fees.locality = Some([work, pe, mp]),
                    _ => self.report_value(table, key, item,
                        "\"gpci\" must have the three factors of your locality, such as { work = 1.01, pe = 1.1, mp = 0.9 }.".to_owned(),
                    ),
                },
                "codes" => {
                    let must = "have a fee in dollars for each code, such as 97110 = 35.00";
                    let Some(codes) = self.table(table, key, item, must) else {
                        continue;
                    };
                    for (code, item) in codes.iter() {
                        match dollars(item) {
                            Some(fee) => {
                                self.policy.fees.codes.insert(code.to_ascii_uppercase(), fee);
                            }
                            None => self.report_value(codes, code, item,
                                format!("The fee of {code} must be a number of dollars, such as 35.00."),
                            ),
                        }
                    }
                }
                _ => self.unknown(table, key, KEYS),
            }
        }
    }
}

/// A number of dollars, or a factor: not below 0, and none that nobody means.
fn dollars(item: &Item) -> Option<f64> {
    let whole = || Some(f64::from(i32::try_from(item.as_integer()?).ok()?));
    let number = item.as_float().or_else(whole)?;
    (0.0..100_000.0).contains(&number).then_some(number)
}
