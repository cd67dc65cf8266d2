//! `cargo xtask tables --fees`: `pfs.tsv` from the relative value file of Medicare's physician fee schedule as CMS
//! publishes it in its RVU ZIP (`PPRRVU2027_Jan_nonQPP.csv`).
//!
//! The names of its columns stand in several rows, one word below the other (`WORK` above `RVU`), and two columns have one
//! name in the last of them; a file with one row of names is read as well. Of a code with modifiers the row without
//! is taken. The descriptions are the AMA's, and no word of them is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jiff::civil::Date;
use soapstone::reference::published;

use crate::Failure;
use crate::tables::{diff, write};

/// The columns that are taken, as CMS names them, in our order.
const COLUMNS: [&str; 9] = [
    "HCPCS",
    "MOD",
    "STATUS CODE",
    "WORK RVU",
    "NON-FAC PE RVU",
    "FACILITY PE RVU",
    "MP RVU",
    "MULT PROC",
    "CONV FACTOR",
];

const HEAD: &str = "code\tstatus\twork\tpe_nonfac\tpe_fac\tmp\tmult\tnational\trelease";

/// What a relative value file says of some codes.
struct Schedule {
    /// What a relative value unit is worth, in dollars.
    factor: String,
    /// The cells of our table from the status to the national amount, by code.
    rows: BTreeMap<String, String>,
}

/// Rebuilds the table and says what changed.
pub fn rebuild(data: &Path, text: &str, first: Date) -> Result<(), Failure> {
    let path = data.join("pfs.tsv");
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let procedures = read(&data.join("procedures.tsv"))?;
    let codes: BTreeSet<&str> = first_cells(&procedures).collect();
    let schedule = schedule(text, &codes)?;
    let before = read(&path)?;
    let rows = before.lines().filter_map(|row| {
        let (code, cells) = row.split_once('\t')?;
        let (cells, _) = cells.rsplit_once('\t')?;
        codes
            .contains(code)
            .then(|| (code.to_owned(), cells.to_owned()))
    });
    println!(
        "Fees from {first} on, {} dollars a unit of value",
        schedule.factor
    );
    diff(&rows.collect(), &schedule.rows);
    write(&path, &table(&schedule, first))?;
    println!("The thresholds of KX for the year stand in server/src/reference/fees.rs.");
    Ok(())
}

/// What stands first in each row of a table of ours.
fn first_cells(table: &str) -> impl Iterator<Item = &str> {
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.filter_map(|row| row.split('\t').next())
}

/// What the file says of these codes.
fn schedule(text: &str, codes: &BTreeSet<&str>) -> Result<Schedule, Failure> {
    let mut heads: Vec<Vec<String>> = Vec::new();
    let mut at: Option<[usize; 9]> = None;
    let mut factors = BTreeSet::new();
    let mut rows = BTreeMap::new();
    for (number, cells) in published(text) {
        let Some(at) = at else {
            let is_last = cells.first().is_some_and(|cell| cell == COLUMNS[0]);
            heads.push(cells);
            if is_last {
                at = Some(columns(&heads)?);
            }
            continue;
        };
        let [code, modifier, status, work, pe, pe_fac, mp, mult, factor] =
            at.map(|column| cells.get(column).map_or("", String::as_str));
        if !modifier.is_empty() || !codes.contains(code) {
            continue;
        }
        let value = |cell: &str| {
            cell.parse::<f64>()
                .map_err(|_| format!("line {number}: a value of {code} is no number: \"{cell}\""))
        };
        let sum = value(work)? + value(pe)? + value(mp)?;
        value(pe_fac)?;
        let national = if matches!(status, "A" | "R") && sum > 0.0 {
            format!("{:.2}", sum * value(factor)?)
        } else {
            String::new()
        };
        if !national.is_empty() {
            factors.insert(factor.to_owned());
        }
        let row = [status, work, pe, pe_fac, mp, mult, &national].join("\t");
        rows.insert(code.to_owned(), row);
    }
    let mut factors = factors.into_iter();
    match (factors.next(), factors.next()) {
        (Some(factor), None) => Ok(Schedule { factor, rows }),
        (None, _) if at.is_none() => Err(format!(
            "no row begins with {}: is it the CSV of the relative value file?",
            COLUMNS[0]
        )),
        (None, _) => Err("it holds no price of a code that Soapstone knows".to_owned()),
        (Some(one), Some(other)) => {
            Err(format!("it has two conversion factors, {one} and {other}"))
        }
    }
}

/// Where the columns are whose names stand in these rows, one below the other.
fn columns(heads: &[Vec<String>]) -> Result<[usize; 9], Failure> {
    // A row with a title alone, or the AMA's notice, names no columns.
    let names_columns = |row: &&Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count() > 3;
    let rows: Vec<&Vec<String>> = heads.iter().filter(names_columns).collect();
    let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let joined: Vec<String> = (0..width)
        .map(|column| {
            let words = rows.iter().filter_map(|row| row.get(column));
            let words: Vec<&str> = words.flat_map(|cell| cell.split_whitespace()).collect();
            words.join(" ").to_uppercase()
        })
        .collect();
    let mut found = [0; 9];
    for (column, place) in COLUMNS.iter().zip(&mut found) {
        let ends = format!(" {column}");
        let mut fits = joined
            .iter()
            .enumerate()
            .filter(|(_, name)| *name == column || name.ends_with(&ends));
        *place = match (fits.next(), fits.next()) {
            (Some((at, _)), None) => at,
            (None, _) => return Err(format!("no column is named \"{column}\"")),
            (Some(_), Some(_)) => return Err(format!("two columns are named \"{column}\"")),
        };
    }
    Ok(found)
}

fn table(schedule: &Schedule, first: Date) -> String {
    // CMS names a release by its year and the letter of its quarter.
    let quarter = usize::from(first.month().unsigned_abs() - 1) / 3;
    let release = format!("{:02}{}", first.year() % 100, ["A", "B", "C", "D"][quarter]);
    let mut table = format!(
        "# What a unit of a code is worth by Medicare's physician fee schedule of {}: relative values, dollars.\n\
         # Source: CMS, RVU{release}, the relative value file. Made by `cargo xtask tables`.\n\
         # Conversion factor: {}\n\
         # As of: {first}\n\
         # status: A active, R restricted, B bundled, C carrier-priced, I not valid for Medicare, N non-covered. mult 5: the practice\n\
         # expense is reduced for several units of a day. national: (work + pe_nonfac + mp) times the factor.\n\
         {HEAD}\n",
        first.year(),
        schedule.factor
    );
    for (code, cells) in &schedule.rows {
        let _ = writeln!(table, "{code}\t{cells}\t{release}");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
,,2027 National Physician Fee Schedule Relative Value File January Release,,,,,,,,,,,,,,,,,,,,,,,\n\
,,CPT codes and descriptions only are copyright 2026 of their owner.,,,,,,,,,,,,,,,,,,,,,,,\n\
,,,STATUS,NOT USED FOR MEDICARE,WORK,NON-FAC,NON-FAC NA,FACILITY,FACILITY NA,MP,NON-FACILITY,FACILITY,PCTC,GLOB,PRE,INTRA,POST,MULT,BILAT,ASST,CO-,TEAM,,ENDO,CONV\n\
HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,,BASE,FACTOR\n\
97110,,\"Words, of theirs\",A,,0.45,0.42,,0.41,NA,0.01,0.88,0.87,0,XXX,0,0,0,5,0,0,0,0,,,34.0000\n\
97110,26,Words of theirs,A,,0.10,0.10,,0.10,,0.01,0.21,0.21,0,XXX,0,0,0,5,0,0,0,0,,,34.0000\n\
97014,,Words of theirs,I,,0.00,0.00,,0.00,,0.00,0.00,0.00,9,XXX,0,0,0,9,9,9,9,9,,,34.0000\n\
00100,,Words of theirs,J,,x,0.00,,0.00,,0.00,0.00,0.00,9,XXX,0,0,0,9,9,9,9,9,,,34.0000\n";

    fn codes() -> BTreeSet<&'static str> {
        ["97110", "97014", "97124"].into()
    }

    #[test]
    fn the_relative_value_file_as_it_is_published() {
        let schedule = schedule(FILE, &codes()).expect("a schedule");
        let first = "2027-01-01".parse().expect("a day");
        let table = table(&schedule, first);
        assert!(
            table.ends_with(
                "code\tstatus\twork\tpe_nonfac\tpe_fac\tmp\tmult\tnational\trelease\n\
                 97014\tI\t0.00\t0.00\t0.00\t0.00\t9\t\t27A\n\
                 97110\tA\t0.45\t0.42\t0.41\t0.01\t5\t29.92\t27A\n"
            ),
            "{table}"
        );
        assert!(
            table.contains("# Conversion factor: 34.0000\n# As of: 2027-01-01\n"),
            "{table}"
        );
        assert!(!table.contains("heirs"), "no description: {table}");
    }

    #[test]
    fn what_is_no_relative_value_file_is_said() {
        let other = |from: &str, to: &str| FILE.replace(from, to);
        for (text, why) in [
            (
                "97110 A 0.45\n".to_owned(),
                "no row begins with HCPCS: is it the CSV of the relative value file?",
            ),
            (other("MULT", "MANY"), "no column is named \"MULT PROC\""),
            (
                other("NON-FAC,", "FACILITY,"),
                "no column is named \"NON-FAC PE RVU\"",
            ),
            (
                other("0.45", "much"),
                "line 5: a value of 97110 is no number: \"much\"",
            ),
            (
                other("97110,,", "97111,,"),
                "it holds no price of a code that Soapstone knows",
            ),
            (
                FILE.to_owned()
                    + &FILE
                        .lines()
                        .nth(4)
                        .unwrap_or("")
                        .replace("97110", "97124")
                        .replace("34.0000", "35.0000"),
                "it has two conversion factors, 34.0000 and 35.0000",
            ),
        ] {
            let error = schedule(&text, &codes())
                .map(|s| s.rows)
                .expect_err("an error");
            assert_eq!(error, why);
        }
    }
}
