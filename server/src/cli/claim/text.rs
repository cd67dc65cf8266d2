//! The claim lines to read.

use std::sync::OnceLock;

use super::Claim;
use crate::cli::notes::Note;
use crate::cli::{Exit, print, units};

pub(super) fn run(claim: &Claim) -> Result<Exit, String> {
    // The notes of one call are judged by the same tables.
    let (tables, mut printed) = (OnceLock::new(), Exit::Fine);
    let each = |note: &Note| {
        tables.get_or_init(|| note.analysis.policy().tables());
        match units::of_days(note, claim.days(note), claim.fees) {
            none if none.is_empty() && claim.period.is_limited() => none,
            none if none.is_empty() => {
                format!("{}\n  No visit with a procedure code.\n\n", note.path)
            }
            blocks => format!("{}\n{blocks}\n", note.path),
        }
    };
    let judged = claim
        .selection
        .judge(each, |batch| printed = printed.max(print(&batch.concat())))?;
    let end = tables
        .get()
        .map_or_else(String::new, |tables| format!("By the {tables}.\n"));
    Ok(judged.exit.max(printed).max(print(&end)))
}
