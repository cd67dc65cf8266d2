//! What a unit of a code is worth where the reader is: `[fees]` in `soapstone.toml`.

use std::collections::BTreeMap;

use crate::billing::fees::Price;
use crate::reference::fees;

/// The reader's locality and own fees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fees {
    /// The claim in an editor shows the estimate, and the year's sum is held against the threshold.
    pub show: bool,
    /// The locality's factors for work, practice expense and malpractice; none for the nation's.
    pub locality: Option<[f64; 3]>,
    /// Own fees in dollars, by code.
    pub codes: BTreeMap<String, f64>,
}

impl Fees {
    /// What a unit of a code is worth.
    pub fn price(&self, code: &str) -> Option<Price> {
        match self.codes.get(code) {
            Some(own) => Some(Price::Own(*own)),
            None => self.medicares(code),
        }
    }

    /// What a unit of a code is worth to Medicare.
    pub fn medicares(&self, code: &str) -> Option<Price> {
        let fee = fees::find(code)?;
        let factor = fees::conversion_factor();
        let [work, practice, malpractice] = self.locality.unwrap_or([1.0; 3]);
        let rest = fee.work * work + fee.malpractice * malpractice;
        Some(Price::Medicare {
            practice: fee.practice * practice * factor,
            rest: rest * factor,
            is_reduced: fee.is_reduced,
        })
    }

    /// What kind of number an amount is: `estimate, national, 2026`.
    pub fn remark(&self) -> String {
        let place = match self.locality {
            None => "national",
            Some(_) => "your locality",
        };
        let own = if self.codes.is_empty() {
            ""
        } else {
            ", with your own fees"
        };
        format!("estimate, {place}{own}, {}", fees::year())
    }
}
