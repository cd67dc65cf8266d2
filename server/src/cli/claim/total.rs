//! The claim lines added up: visits, minutes and units of each payer, code and clinician.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Claim;
use crate::cli::notes::Note;
use crate::cli::{Exit, counted, print, table};
use crate::editor::claim_form::ClaimForm;
use crate::length::Length;

/// What stands for a clinician where no visit of a line is signed.
const NOT_SIGNED: &str = "not signed";

/// All claims of a date and payer are one visit, as payers count them.
#[derive(Clone, Copy, Default)]
struct Sum {
    visits: usize,
    minutes: Length,
    units: u32,
}

#[derive(Default)]
pub(super) struct Totals {
    all: Sum,
    /// Claims whose units are not all known, because minutes are missing.
    incomplete: usize,
    payers: BTreeMap<String, Sum>,
    codes: BTreeMap<String, Sum>,
    clinicians: BTreeMap<String, Sum>,
}

/// Adds the claims up and prints them in a form.
pub(super) fn run(claim: &Claim, shown: impl Fn(&Totals) -> String) -> Result<Exit, String> {
    let each = |note: &Note| {
        let mut totals = Totals::default();
        for form in claim.forms(note) {
            totals.count(&form);
        }
        totals
    };
    let mut all = Totals::default();
    let judged = claim.selection.judge(each, |batch| {
        for totals in batch {
            all.add(totals);
        }
    })?;
    Ok(judged.exit.max(print(&shown(&all))))
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.visits += other.visits;
        self.minutes += other.minutes;
        self.units += other.units;
    }
}

impl Totals {
    fn count(&mut self, form: &ClaimForm) {
        let payer = form.payer_group();
        let (mut codes, mut clinicians) = (BTreeSet::new(), BTreeSet::new());
        for line in &form.lines {
            let code = line.code_as_written();
            let clinician = match &*line.provider {
                "" => NOT_SIGNED,
                name => name,
            };
            let sum = Sum {
                visits: 0,
                minutes: line.minutes,
                units: line.units.unwrap_or_default(),
            };
            self.all.add(sum);
            self.payers.entry(payer.clone()).or_default().add(sum);
            self.codes.entry(code.clone()).or_default().add(sum);
            let of_clinician = self.clinicians.entry(clinician.to_owned()).or_default();
            of_clinician.add(sum);
            codes.insert(code);
            clinicians.insert(clinician.to_owned());
        }
        self.all.visits += 1;
        self.incomplete += usize::from(form.incomplete);
        self.payers.entry(payer).or_default().visits += 1;
        for code in codes {
            self.codes.entry(code).or_default().visits += 1;
        }
        for clinician in clinicians {
            self.clinicians.entry(clinician).or_default().visits += 1;
        }
    }

    fn add(&mut self, other: Self) {
        self.all.add(other.all);
        self.incomplete += other.incomplete;
        for (mine, others) in [
            (&mut self.payers, other.payers),
            (&mut self.codes, other.codes),
            (&mut self.clinicians, other.clinicians),
        ] {
            for (name, sum) in others {
                mine.entry(name).or_default().add(sum);
            }
        }
    }

    /// To read.
    pub(super) fn text(&self) -> String {
        let part = |head, sums: &BTreeMap<String, Sum>, all: Option<Sum>| {
            let all = all.map(|all| ("all".to_owned(), all));
            let rows: Vec<Vec<String>> = by_units(sums)
                .into_iter()
                .map(|(name, sum)| (name.to_owned(), sum))
                .chain(all)
                .map(|(name, sum)| {
                    let (visits, units) = (sum.visits.to_string(), sum.units.to_string());
                    vec![name, visits, sum.minutes.to_string(), units]
                })
                .collect();
            table::render(1, &[head, "visits", "minutes", "units"], &rows)
        };
        let mut parts = vec![
            part("payer", &self.payers, Some(self.all)),
            part("code", &self.codes, None),
            part("clinician", &self.clinicians, None),
        ];
        if self.incomplete > 0 {
            let claims = counted(self.incomplete, "visit");
            parts.push(format!(
                "The minutes of a timed code are missing in {claims}, so these units are only a beginning.\n"
            ));
        }
        if self.all.visits == 0 {
            return "No visit with a procedure code.\n".to_owned();
        }
        parts.join("\n")
    }

    /// For other programs.
    pub(super) fn json(&self) -> String {
        let list = |key: &'static str, sums| {
            let rows = by_units(sums).into_iter().map(|(name, sum)| {
                serde_json::json!({
                    key: name, "visits": sum.visits, "minutes": sum.minutes, "units": sum.units,
                })
            });
            rows.collect::<Vec<_>>()
        };
        let all = serde_json::json!({
            "visits": self.all.visits,
            "minutes": self.all.minutes,
            "units": self.all.units,
            "incomplete": self.incomplete,
            "payers": list("payer", &self.payers),
            "codes": list("code", &self.codes),
            "clinicians": list("clinician", &self.clinicians),
        });
        format!("{all:#}\n")
    }
}

/// The most units first.
fn by_units(sums: &BTreeMap<String, Sum>) -> Vec<(&str, Sum)> {
    let mut rows: Vec<(&str, Sum)> = sums.iter().map(|(name, sum)| (&**name, *sum)).collect();
    rows.sort_by_key(|(_, sum)| Reverse((sum.units, sum.minutes)));
    rows
}
