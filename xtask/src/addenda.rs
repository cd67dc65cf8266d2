//! The changes of a release of ICD-10-CM as they are published beside the order file
//! (`icd10cm_order_addenda_2027.txt`), and what they make of the release before.
//!
//! A line says what happens (`Add:`, `Delete:`, `Revise from:`, `Revise to:`), whether a claim can carry the code, the
//! code, its short and its long title, in columns of fixed width. A code whose flag changes is deleted and added again.
//! At the end stand the sums, which are held against what was made. (The codes file's own addenda,
//! `icd10cm_codes_addenda_2027.txt`, have no flag and no categories, and do not do.)

use std::collections::BTreeMap;

use crate::Failure;
use crate::tables::dotted;

/// The codes of a release, each with whether a claim can carry it and its title.
pub type Codes = BTreeMap<String, (bool, String)>;

/// What a line of the addenda does.
const DEEDS: [&str; 4] = ["Add:", "Delete:", "Revise from:", "Revise to:"];

/// The release that the addenda make of the one before.
pub fn apply(before: &Codes, addenda: &str) -> Result<Codes, Failure> {
    let mut codes = before.clone();
    // What the sums say there are in the end: categories, then codes that a claim can carry.
    let mut sums = Vec::new();
    // The code that a line revises, until the next line says to what.
    let mut revised: Option<(String, usize)> = None;
    let lines = addenda.trim_start_matches('\u{feff}').lines();
    for (line, number) in lines.zip(1..) {
        let text = line.trim();
        let deed = DEEDS.iter().find(|deed| text.starts_with(**deed));
        let Some(deed) = deed else {
            if is_of_sums(text) {
                sums.extend(sum(text));
                continue;
            }
            return Err(format!(
                "line {number} begins neither with \"Add:\", \"Delete:\", \"Revise from:\" nor \"Revise to:\": {text}"
            ));
        };
        let (code, billable, title) = row(&text[deed.len()..]).ok_or_else(|| {
            format!("line {number} does not hold 0 or 1, a code, a short and a long title: {text}")
        })?;
        if *deed == "Revise to:" {
            let from = revised.take().map(|(from, _)| from);
            if from.as_ref() != Some(&code) {
                return Err(format!(
                    "line {number} revises {code}, and the line above it does not say from what"
                ));
            }
            codes.insert(code, (billable, title));
            continue;
        }
        unfinished(revised.take())?;
        let known = codes.get(&code);
        match *deed {
            "Add:" => {
                if known.is_some() {
                    return Err(format!("line {number} adds {code}, which is there already"));
                }
                codes.insert(code, (billable, title));
            }
            _ if known.is_none() => {
                return Err(format!(
                    "line {number} is about {code}, which the release before does not have"
                ));
            }
            _ if known.is_some_and(|(flag, _)| *flag != billable) => {
                return Err(format!(
                    "line {number} says {} of {code}, and the release before says the opposite",
                    u8::from(billable)
                ));
            }
            "Delete:" => {
                codes.remove(&code);
            }
            _ => revised = Some((code, number)),
        }
    }
    unfinished(revised)?;
    let billable = codes.values().filter(|(billable, _)| *billable).count();
    let made = [codes.len() - billable, billable];
    // Each of them twice, for the release before and for this one.
    if let [_, categories, _, claimed] = sums[..]
        && [categories, claimed] != made
    {
        return Err(format!(
            "the addenda count {categories} headers and {claimed} codes, and they make {} and {}: is the release before the one that they change?",
            made[0], made[1]
        ));
    }
    Ok(codes)
}

/// A revision that no line ends.
fn unfinished(revised: Option<(String, usize)>) -> Result<(), Failure> {
    revised.map_or(Ok(()), |(code, number)| {
        Err(format!(
            "line {number} revises {code}, and no line below it says to what"
        ))
    })
}

/// The flag, the code and the long title behind what a line does.
fn row(cells: &str) -> Option<(String, bool, String)> {
    let cells = cells.trim_start();
    let billable = match cells.get(..2)? {
        "0 " => false,
        "1 " => true,
        _ => return None,
    };
    let (code, title) = (cells.get(2..9)?.trim(), cells.get(71..)?.trim());
    let mut letters = code.chars();
    let is_code = letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && code.len() >= 3
        && letters.all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    (is_code && !title.is_empty()).then(|| (dotted(code), billable, title.to_owned()))
}

/// A line of the sums at the end: `Headers`, `Codes`, `of which`, or a number with its words.
fn is_of_sums(text: &str) -> bool {
    let number = text.split_once(' ').map(|(number, _)| number);
    matches!(text, "" | "Headers" | "Codes" | "of which")
        || number.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}

/// How many there are in an order file: `24 headers in icd10cm_order_2027.txt`.
fn sum(text: &str) -> Option<usize> {
    let (number, words) = text.split_once(' ')?;
    let counts = ["headers in ", "codes in "];
    let counts = counts.iter().any(|begins| words.starts_with(begins));
    counts.then(|| number.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(deed: &str, flag: &str, code: &str, long: &str) -> String {
        format!("{deed:<13}{flag} {code:<7} {:<60} {long}\n", "short")
    }

    fn before() -> Codes {
        let code = |code: &str, title: &str| (code.to_owned(), (true, title.to_owned()));
        [
            code("M72.2", "Plantar fascial fibromatosis"),
            code("L02.232", "Carbuncle of back"),
            code("T50.A0", "Something withdrawn"),
        ]
        .into()
    }

    #[test]
    fn the_addenda_as_they_are_published() {
        let addenda = line("Delete:", "1", "M722", "Plantar fascial fibromatosis")
            + &line("Add:", "0", "M722", "Plantar fascial fibromatosis")
            + &line(
                "Add:",
                "1",
                "M7220",
                "Plantar fascial fibromatosis, unspecified foot",
            )
            + &line("Revise from:", "1", "L02232", "Carbuncle of back")
            + &line(
                "Revise to:",
                "1",
                "L02232",
                "Carbuncle of back, except flank",
            )
            + &line("Delete:", "1", "T50A0", "Something withdrawn")
            + "\nHeaders\n      0 headers in icd10cm_order_2026.txt\n      1 headers in icd10cm_order_2027.txt\n      1 additions\nof which\n      0 revisions to long title only\n\nCodes\n      3 codes in icd10cm_order_2026.txt\n      2 codes in icd10cm_order_2027.txt\n";
        let codes = apply(&before(), &addenda).expect("the next release");
        let said: Vec<_> = codes
            .iter()
            .map(|(code, (flag, title))| (code.as_str(), *flag, title.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                ("L02.232", true, "Carbuncle of back, except flank"),
                ("M72.2", false, "Plantar fascial fibromatosis"),
                (
                    "M72.20",
                    true,
                    "Plantar fascial fibromatosis, unspecified foot"
                ),
            ]
        );
        // The sums of another release.
        let other = addenda.replace("2 codes in", "7 codes in");
        let why = apply(&before(), &other).expect_err("not what was counted");
        assert!(
            why.starts_with("the addenda count 1 headers and 7 codes, and they make 1 and 2"),
            "{why}"
        );
    }

    #[test]
    fn what_is_not_understood_is_said_with_its_line() {
        let add = line("Add:", "1", "M7220", "A title");
        for (addenda, why) in [
            (format!("{add}Move: M72\n"), "line 2 begins neither with"),
            ("Add:         1 M7220\n".to_owned(), "line 1 does not hold 0 or 1, a code"),
            // The addenda of the codes file, which has no flag.
            ("Add:         M7220   A title that is long enough to reach the column of titles of the order file\n".to_owned(), "line 1 does not hold 0 or 1, a code"),
            (format!("{add}{add}"), "line 2 adds M72.20, which is there already"),
            (line("Delete:", "1", "M7299", "x"), "line 1 is about M72.99, which the release before does not have"),
            (line("Delete:", "0", "M722", "x"), "line 1 says 0 of M72.2, and the release before says the opposite"),
            (line("Revise to:", "1", "M722", "x"), "line 1 revises M72.2, and the line above it does not say from what"),
            (line("Revise from:", "1", "M722", "x") + &add, "line 1 revises M72.2, and no line below it says to what"),
        ] {
            let error = apply(&before(), &addenda).expect_err("an error");
            assert!(error.starts_with(why), "{error}");
        }
    }
}
