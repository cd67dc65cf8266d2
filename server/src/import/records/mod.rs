//! Notes as record systems exchange them, C-CDA and FHIR R4, as text: the day, the diagnoses, the sections of the note and the
//! procedures that it does not name itself.

pub mod ccda;
pub mod fhir;

use jiff::civil::Date;

/// ICD-10-CM, as C-CDA and FHIR name it.
const ICD10: [&str; 2] = [
    "2.16.840.1.113883.6.90",
    "http://hl7.org/fhir/sid/icd-10-cm",
];
/// The procedure codes of the AMA and of CMS.
const PROCEDURES: [&str; 4] = [
    "2.16.840.1.113883.6.12",
    "2.16.840.1.113883.6.285",
    "http://www.ama-assn.org/go/cpt",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
];
/// The sections of a note by their LOINC codes, with the names that the format gives them.
const SECTIONS: &[(&str, &str)] = &[
    ("61150-9", "S:"),
    ("10154-3", "S:"),
    ("10164-2", "S:"),
    ("29299-5", "S:"),
    ("61149-1", "O:"),
    ("29545-1", "O:"),
    ("8716-3", "O:"),
    ("51848-0", "A:"),
    ("51847-2", "A:"),
    ("18776-5", "P:"),
    ("62387-6", "Tx:"),
    ("47519-4", "Tx:"),
];
/// The same by their titles, where no code says it.
const TITLES: &[(&str, &str)] = &[
    ("plan of treatment", "P:"),
    ("plan of care", "P:"),
    ("treatment plan", "P:"),
    ("care plan", "P:"),
    ("assessment and plan", "A:"),
    ("subjective", "S:"),
    ("objective", "O:"),
    ("assessment", "A:"),
    ("plan", "P:"),
];

/// What a record says of a patient's visits.
#[derive(Default)]
struct Chart {
    patient: Option<String>,
    diagnoses: Vec<String>,
    visits: Vec<Record>,
}

/// What a record says of a visit.
#[derive(Default)]
struct Record {
    day: Option<String>,
    /// The clock times from its begin to its end.
    session: Option<String>,
    procedures: Vec<Procedure>,
    /// The text of each section below its name.
    sections: Vec<String>,
    signed: Option<String>,
}

struct Procedure {
    code: String,
    title: String,
    /// When it was done, if the record says so.
    day: Option<String>,
    /// `10:00-10:25`, if the record says when.
    time: String,
}

impl Record {
    /// Adds a section; one without words of its own only where others stand within it.
    fn section(&mut self, loinc: Option<&str>, title: &str, words: &str, has_parts: bool) {
        let (words, title) = (words.trim(), title.trim());
        if words.is_empty() && !has_parts {
            return;
        }
        let small = title.to_ascii_lowercase();
        let by_code = SECTIONS.iter().find(|(code, _)| Some(*code) == loinc);
        let by_title = TITLES.iter().find(|(known, _)| *known == small);
        let name = by_code.or(by_title).map_or("", |(_, name)| name);
        let is_name = title.is_empty()
            || ["subjective", "objective", "assessment", "plan"].contains(&small.as_str());
        let head = match (name, is_name) {
            ("", true) => String::new(),
            ("", false) => format!("{title}:"),
            (name, true) => name.to_owned(),
            (name, false) => format!("{name} {title}"),
        };
        let lines = words.lines().map(|line| {
            // What a plan lists with codes is to come, and no block.
            let is_planned = name == "P:" && super::layout::code_at_start(line).is_some();
            let mark = if is_planned { "Will do: " } else { "" };
            format!("{mark}{line}")
        });
        let lines: Vec<String> = [head].into_iter().chain(lines).collect();
        self.sections.push(lines.join("\n").trim().to_owned());
    }

    /// The lines of the visit, with the diagnoses of a chart that has no other one.
    fn lines(self, diagnoses: Vec<String>) -> Vec<String> {
        let written = self.sections.join("\n\n");
        let mut lines = Vec::new();
        lines.extend(
            self.day
                .as_ref()
                .map(|day| format!("Date of Service: {day}")),
        );
        lines.extend(self.session.map(|session| format!("session: {session}")));
        lines.extend(diagnoses);
        lines.push(written.clone());
        for procedure in self.procedures {
            if written.contains(&procedure.code) {
                continue;
            }
            let parts = [&procedure.code, &procedure.title, &procedure.time];
            let parts: Vec<&str> = parts
                .into_iter()
                .map(String::as_str)
                .filter(|p| !p.is_empty())
                .collect();
            let line = parts.join(" ");
            let other = procedure.day.filter(|day| Some(day) != self.day.as_ref());
            let other = other.and_then(|day| day.parse::<Date>().ok());
            lines.push(match other {
                Some(day) => format!("On {} {line}", day.strftime("%m/%d/%Y")),
                None => line,
            });
        }
        lines.extend(self.signed.map(|name| format!("signed: {name}")));
        lines
    }
}

impl Chart {
    fn diagnosis(&mut self, code: &str, title: &str) {
        let line = format!("dx: {code} {}", title.trim());
        let is_known = |known: &String| known.split(' ').nth(1) == Some(code);
        if !self.diagnoses.iter().any(is_known) {
            self.diagnoses.push(line.trim_end().to_owned());
        }
    }

    /// The notes by their days, each procedure in the visit of its day.
    fn text(mut self) -> String {
        let mut lines = Vec::new();
        lines.extend(self.patient.map(|patient| format!("patient: {patient}")));
        self.visits.sort_by(|a, b| a.day.cmp(&b.day));
        if self.visits.len() > 1 {
            lines.append(&mut self.diagnoses);
        }
        for visit in self.visits {
            let is_first = lines.is_empty();
            if !is_first && self.diagnoses.is_empty() && lines.len() > 1 {
                lines.push(String::new());
            }
            lines.extend(visit.lines(std::mem::take(&mut self.diagnoses)));
        }
        lines.join("\n") + "\n"
    }

    /// Puts a procedure into the visit of its day, else into the first one.
    fn procedure(&mut self, procedure: Procedure) {
        let of_day = |visit: &Record| procedure.day.is_some() && visit.day == procedure.day;
        let at = self.visits.iter().position(of_day).unwrap_or(0);
        if let Some(visit) = self.visits.get_mut(at) {
            visit.procedures.push(procedure);
        }
    }
}

/// `20261120…` or `2026-11-20T…` as `2026-11-20`.
fn day_of_stamp(stamp: &str) -> Option<String> {
    let digits: String = stamp
        .split('T')
        .next()?
        .chars()
        .filter(char::is_ascii_digit)
        .take(8)
        .collect();
    (digits.len() == 8).then(|| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
}

/// The time of day of `202611201002…` or `2026-11-20T10:02…` as `10:02`.
fn clock_of_stamp(stamp: &str) -> Option<String> {
    if let Some((_, time)) = stamp.split_once('T') {
        return time.get(..5).map(str::to_owned);
    }
    let (hour, minute) = (stamp.get(8..10)?, stamp.get(10..12)?);
    let is_time = [hour, minute]
        .iter()
        .all(|f| f.bytes().all(|b| b.is_ascii_digit()));
    is_time.then(|| format!("{hour}:{minute}"))
}

/// A range of two times on one day, `10:02-10:55`.
fn session(start: Option<&str>, end: Option<&str>) -> Option<String> {
    let (start, end) = (start?, end?);
    let same_day = day_of_stamp(start) == day_of_stamp(end);
    let (from, to) = (clock_of_stamp(start)?, clock_of_stamp(end)?);
    (same_day && from < to).then(|| format!("{from}-{to}"))
}
