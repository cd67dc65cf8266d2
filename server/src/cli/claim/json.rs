//! The claim lines for other programs, in the shape of [`records::claim`](crate::records::claim).

use super::Claim;
use crate::cli::notes::Note;
use crate::cli::{Exit, json, print};

pub(super) fn run(claim: &Claim) -> Result<Exit, String> {
    let (mut array, mut printed) = (json::Array::default(), Exit::Fine);
    let each = |note: &Note| {
        let chart = claim.chart(Some(&note.path), note);
        let is_wanted = !claim.period.is_limited() || !chart.visits.is_empty();
        let json = is_wanted.then(|| serde_json::to_string(&chart).unwrap_or_default());
        json.unwrap_or_default()
    };
    let judged = claim.selection.judge(each, |batch| {
        let mut output = String::new();
        for chart in batch {
            array.push(&chart, &mut output);
        }
        printed = printed.max(print(&output));
    })?;
    Ok(judged.exit.max(printed).max(print(array.end())))
}
