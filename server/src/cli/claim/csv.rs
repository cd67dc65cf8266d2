//! The claim lines as a table of comma-separated values, under the boxes of the claim form CMS-1500.

use super::Claim;
use crate::cli::notes::Note;
use crate::cli::{Exit, complain, counted, print};
use crate::editor::claim_form::{ClaimForm, FormLine};

const HEADS: [&str; 15] = [
    "patient",
    "payer",
    "21 diagnoses A-L",
    "24A date",
    "24B place of service",
    "24D code",
    "24D modifier 1",
    "24D modifier 2",
    "24D modifier 3",
    "24D modifier 4",
    "24E pointers",
    "24G units",
    "minutes",
    "24J rendering provider",
    "note",
];

/// The places of service of care by video or voice. Which of them it is depends on where the patient was, which a
/// modifier does not say.
const TELEHEALTH: &str = "telehealth (02 or 10)";

/// What a biller is told beside the rows.
#[derive(Default)]
struct Aside {
    /// These stand in no row: the code, the day and the note of each.
    without_unit: Vec<String>,
    incomplete: usize,
    proposed: usize,
}

pub(super) fn run(claim: &Claim) -> Result<Exit, String> {
    let mut printed = print(&row(HEADS));
    let each = |note: &Note| {
        let (mut rows, mut aside) = (String::new(), Aside::default());
        for form in claim.forms(note) {
            aside.incomplete += usize::from(form.incomplete);
            for line in &form.lines {
                // What earns no unit is not billed.
                if line.units == Some(0) {
                    aside.without_unit.push(left_out(&form, line, &note.path));
                } else {
                    aside.proposed += usize::from(line.proposed);
                    rows += &of_line(&form, line, &note.path);
                }
            }
        }
        (rows, aside)
    };
    let mut all = Aside::default();
    let judged = claim.selection.judge(each, |batch| {
        for (rows, aside) in batch {
            all.without_unit.extend(aside.without_unit);
            all.incomplete += aside.incomplete;
            all.proposed += aside.proposed;
            printed = printed.max(print(&rows));
        }
    })?;
    all.tell();
    Ok(judged.exit.max(printed))
}

impl Aside {
    fn tell(&self) {
        if !self.without_unit.is_empty() {
            let count = counted(self.without_unit.len(), "line");
            let lines = self.without_unit.join("; ");
            complain(&format!(
                "Left out, because no unit is earned: {count}: {lines}."
            ));
        }
        if self.incomplete > 0 {
            let claims = counted(self.incomplete, "claim");
            complain(&format!(
                "Without units, because the minutes of a timed code are missing: {claims}."
            ));
        }
        if self.proposed > 0 {
            let lines = counted(self.proposed, "line");
            complain(&format!(
                "With a question mark behind the code, because nobody has confirmed it yet: {lines}."
            ));
        }
    }
}

fn left_out(form: &ClaimForm, line: &FormLine, note: &str) -> String {
    let day = form
        .date
        .map(|day| format!(" of {day}"))
        .unwrap_or_default();
    format!("{}{day} in {note}", line.code_as_written())
}

fn of_line(form: &ClaimForm, line: &FormLine, note: &str) -> String {
    let lettered = form.diagnoses.iter().filter_map(|d| {
        let letter = d.letter?;
        Some(format!("{letter} {}", d.code))
    });
    let diagnoses = lettered.collect::<Vec<_>>().join("; ");
    let date = form.date.map(|day| day.to_string()).unwrap_or_default();
    let place = if line.at_a_distance { TELEHEALTH } else { "" };
    let code = line.code_as_written();
    let modifier = |index: usize| line.modifiers.get(index).map_or("", String::as_str);
    // The form has room for four; a reader is to see that there are more.
    let last = line.modifiers.get(3..).unwrap_or_default().join(" ");
    let units = line.units.map(|units| units.to_string());
    let units = units.unwrap_or_default();
    row([
        &form.patient,
        &form.payer,
        &diagnoses,
        &date,
        place,
        &code,
        modifier(0),
        modifier(1),
        modifier(2),
        &last,
        &line.pointers,
        &units,
        &line.minutes_if_any(),
        &line.provider,
        note,
    ])
}

/// A row as RFC 4180 has it.
fn row(cells: [&str; HEADS.len()]) -> String {
    let quoted = cells.map(|cell| {
        if cell.contains(['"', ',', '\n', '\r']) || cell != cell.trim() {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    });
    quoted.join(",") + "\n"
}
