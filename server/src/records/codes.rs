//! Codes as rows of a table.

use serde::Serialize;

use crate::policy::Policy;
use crate::reference::lookup;

/// A code that fits what was looked up.
#[derive(Serialize)]
pub struct Code {
    /// The code.
    pub code: String,
    /// `procedure`, `retired`, `modifier` or `diagnosis`.
    pub kind: &'static str,
    /// What it is, procedures in Soapstone's own words.
    pub description: String,
    /// Whether a claim can carry it.
    pub billable: bool,
}

/// The codes that fit a code, the beginning of one, or words; at most so many diagnoses.
pub fn codes(query: &str, most: usize, policy: &Policy) -> Vec<Code> {
    let found = lookup::find(query.trim(), most, policy.release());
    let procedures = found.procedures.iter().map(|procedure| Code {
        code: procedure.code.to_owned(),
        kind: "procedure",
        description: format!("{}; {}", procedure.label, lookup::timing(procedure)),
        billable: true,
    });
    let retired = found.retired.iter().map(|code| Code {
        code: code.code.to_owned(),
        kind: "retired",
        description: lookup::fate(code),
        billable: false,
    });
    let modifier = found.modifier.iter().map(|modifier| Code {
        code: modifier.code.to_owned(),
        kind: "modifier",
        description: modifier.label.to_owned(),
        billable: true,
    });
    let diagnoses = found.diagnoses.iter().map(|entry| Code {
        code: entry.code.clone(),
        kind: "diagnosis",
        description: entry.title.clone(),
        billable: entry.billable,
    });
    let all = procedures.chain(retired).chain(modifier);
    all.chain(diagnoses).collect()
}
