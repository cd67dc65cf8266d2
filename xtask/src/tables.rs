//! `cargo xtask tables`: takes the files of CMS and the CDC as they are published and rebuilds the tables under
//! `server/data`, saying what changed among the codes that Soapstone knows.
//!
//! - `--ncci FILE... --from 2026-10-01`: the practitioner PTP files of a quarter (their text or CSV; CMS splits them in
//!   several), into `ncci.tsv`.
//! - `--mue FILE [--outpatient FILE] --from 2026-10-01`: the practitioner's and the outpatient hospital's MUE CSV, into
//!   `mue.tsv`.
//! - `--icd10 ORDER --release 2026-10`: the order file (`icd10cm_order_2027.txt`), into `source/icd10cm-2026-10.tsv.gz`; then
//!   `cargo xtask icd10` makes the compact files. With `--tabular FILE` the Excludes1 notes and inclusion terms of the
//!   tabular XML beside it; without, those of the release before are kept.
//! - `--addenda FILE --release 2027-04`: the order file's addenda, which make that release of the newest one there is.
//! - `--fees FILE --from 2027-01-01`: the relative value file of the physician fee schedule, see `fees.rs`.
//!
//! Without any of them it says what the tables hold.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::Date;
use soapstone::reference::limits::Limits;
use soapstone::reference::ncci::{Edits, Indicator};

use crate::addenda::{self, Codes};
use crate::{Failure, fees, icd10};

const USAGE: &str = "tables takes --ncci FILE... or --mue FILE [--outpatient FILE], each with --from YYYY-MM-DD, or --fees FILE with --from YYYY-MM-DD, or --icd10 FILE or --addenda FILE, and [--tabular FILE], with --release YYYY-MM";

/// What the arguments name, each flag with its values.
fn flags<'a>(arguments: &[&'a str]) -> Result<BTreeMap<&'a str, Vec<&'a str>>, Failure> {
    let mut flags: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut flag = None;
    for argument in arguments {
        match (argument.strip_prefix("--"), flag) {
            (Some(name), _) => {
                flags.entry(name).or_default();
                flag = Some(name);
            }
            (None, Some(flag)) => flags.entry(flag).or_default().push(argument),
            (None, None) => return Err(USAGE.to_owned()),
        }
    }
    Ok(flags)
}

/// Rebuilds the tables that the arguments name.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/data");
    let flags = flags(arguments)?;
    let one = |name: &str| flags.get(name).and_then(|values| values.first()).copied();
    let first = || -> Result<Date, Failure> {
        let day = one("from").ok_or(USAGE)?;
        day.parse()
            .map_err(|error| format!("--from {day}: {error}"))
    };
    let mut done = false;
    if let Some(files) = flags.get("ncci") {
        let text = read_all(files)?;
        let edits = Edits::read(&text, Some(first()?))?;
        let before = Edits::built_in();
        println!(
            "NCCI edits of {}, {} before",
            edits.quarter.words(),
            before.quarter.words()
        );
        diff(&pairs(&before), &pairs(&edits));
        write(&data.join("ncci.tsv"), &ncci_table(&edits))?;
        done = true;
    }
    if let Some(files) = flags.get("mue") {
        let limits = Limits::read(&read_all(files)?, Some(first()?))?;
        let outpatient = one("outpatient")
            .map(|file| read_all(&[file]))
            .transpose()?;
        let outpatient = outpatient
            .map(|text| Limits::read(&text, Some(first()?)))
            .transpose()?;
        let before = Limits::built_in();
        println!(
            "Unit limits of {}, {} before",
            limits.quarter.words(),
            before.quarter.words()
        );
        let now = units(&limits, outpatient.as_ref());
        diff(&units(&before, None), &now);
        write(&data.join("mue.tsv"), &mue_table(&limits, &now))?;
        done = true;
    }
    if let Some(file) = one("fees") {
        fees::rebuild(&data, &read_all(&[file])?, first()?)?;
        done = true;
    }
    if let Some(file) = one("icd10").or_else(|| one("addenda")) {
        let release = one("release").ok_or(USAGE)?;
        let source = data.join("source");
        let before = newest_before(&source, release)?;
        let text = read_all(&[file])?;
        let codes = match one("icd10") {
            Some(_) => codes_of_order(&text),
            None => addenda::apply(&before, &text),
        };
        let codes = codes.map_err(|error| format!("{file}: {error}"))?;
        icd10(&source, &before, &codes, release, one("tabular"))?;
        done = true;
    }
    if !done {
        let (edits, limits) = (Edits::built_in(), Limits::built_in());
        println!(
            "ncci.tsv: {} pairs of {}",
            edits.all().len(),
            edits.quarter.words()
        );
        println!(
            "mue.tsv: {} limits of {}",
            limits.all().count(),
            limits.quarter.words()
        );
    }
    Ok(())
}

fn read_all(files: &[&str]) -> Result<String, Failure> {
    let mut all = String::new();
    for file in files {
        let bytes = fs::read(file).map_err(|error| format!("{file}: {error}"))?;
        // CMS writes its files in Latin-1 or UTF-8; the codes are ASCII in both.
        all.push_str(&String::from_utf8_lossy(&bytes));
        all.push('\n');
    }
    Ok(all)
}

pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Each pair with its indicator.
fn pairs(edits: &Edits) -> BTreeMap<String, String> {
    let pairs = edits.all().iter();
    pairs
        .map(|pair| {
            let indicator = match pair.indicator {
                Indicator::Never => "0",
                Indicator::WithModifier => "1",
            };
            (
                format!("{}\t{}", pair.column1, pair.column2),
                indicator.to_owned(),
            )
        })
        .collect()
}

/// Each code with its limits; those of the hospital from a table of its own, if there is one.
fn units(limits: &Limits, outpatient: Option<&Limits>) -> BTreeMap<String, String> {
    limits
        .all()
        .map(|(code, limit)| {
            let hospital = match outpatient {
                Some(other) => other.find(code).map(|limit| limit.practitioner),
                None => limit.outpatient,
            };
            let hospital = hospital.map_or_else(String::new, |units| units.to_string());
            (
                code.to_owned(),
                format!("{}\t{hospital}", limit.practitioner),
            )
        })
        .collect()
}

/// Prints what came, went and changed.
pub fn diff(before: &BTreeMap<String, String>, now: &BTreeMap<String, String>) {
    let (mut added, mut removed, mut changed) = (0, 0, 0);
    for (key, value) in now {
        match before.get(key) {
            None => {
                added += 1;
                println!("+ {key}\t{value}");
            }
            Some(old) if old != value => {
                changed += 1;
                println!("~ {key}\t{old} -> {value}");
            }
            Some(_) => {}
        }
    }
    for (key, value) in before.iter().filter(|(key, _)| !now.contains_key(*key)) {
        removed += 1;
        println!("- {key}\t{value}");
    }
    println!(
        "{} rows: {added} added, {removed} removed, {changed} changed",
        now.len()
    );
}

fn ncci_table(edits: &Edits) -> String {
    let mut table = format!(
        "# NCCI procedure-to-procedure edits among the codes of procedures.tsv; 0 = never together, 1 = with a modifier.\n# Source: CMS NCCI practitioner PTP file. Made by `cargo xtask tables`.\n# As of: {} to {}.\ncolumn1\tcolumn2\tindicator\n",
        edits.quarter.first, edits.quarter.last
    );
    for (key, indicator) in pairs(edits) {
        let _ = writeln!(table, "{key}\t{indicator}");
    }
    table
}

fn mue_table(limits: &Limits, units: &BTreeMap<String, String>) -> String {
    let mut table = format!(
        "# Most units of a code on one day, practitioner and outpatient hospital.\n# Source: CMS NCCI medically unlikely edits. Made by `cargo xtask tables`.\n# As of: {} to {}.\ncode\tpractitioner\toutpatient\n",
        limits.quarter.first, limits.quarter.last
    );
    for (code, cells) in units {
        let _ = writeln!(table, "{code}\t{cells}");
    }
    table
}

/// The codes of the newest release in a folder that is older than another.
fn newest_before(folder: &Path, release: &str) -> Result<Codes, Failure> {
    let releases = icd10::releases(folder)?;
    let before = releases.iter().rfind(|other| other.as_str() < release);
    let before = before.ok_or_else(|| format!("no release before {release} is in the tree"))?;
    let table = icd10::unpacked(&folder.join(format!("icd10cm-{before}.tsv.gz")))?;
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    let codes = rows.filter_map(|row| {
        let (code, rest) = row.split_once('\t')?;
        let (billable, title) = rest.split_once('\t')?;
        // A title that the CDC broke in two lines has a tab in it.
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        Some((code.to_owned(), (billable == "1", title)))
    });
    Ok(codes.collect())
}

/// The table of codes of a release, and beside it those of its notes and terms.
fn icd10(
    folder: &Path,
    before: &Codes,
    codes: &Codes,
    release: &str,
    tabular: Option<&str>,
) -> Result<(), Failure> {
    let billable = codes.values().filter(|(billable, _)| *billable).count();
    println!("{} codes, {billable} of them billable", codes.len());
    let row = |(code, (billable, title)): (&String, &(bool, String))| {
        (code.clone(), format!("{}\t{title}", u8::from(*billable)))
    };
    let rows_of = |codes: &Codes| codes.iter().map(row).collect();
    diff(&rows_of(before), &rows_of(codes));
    let mut table = String::from("code\tbillable\tdescription\n");
    for (code, (billable, title)) in codes {
        let _ = writeln!(table, "{code}\t{}\t{title}", u8::from(*billable));
    }
    let file = |part: &str| folder.join(format!("icd10cm-{release}{part}.tsv.gz"));
    packed(&file(""), &table)?;
    if let Some(tabular) = tabular {
        let xml = fs::read_to_string(tabular).map_err(|error| format!("{tabular}: {error}"))?;
        let (excludes1, terms) =
            notes_of_tabular(&xml).map_err(|error| format!("{tabular}: {error}"))?;
        println!(
            "{} Excludes1 notes, {} inclusion terms",
            excludes1.len(),
            terms.len()
        );
        packed(
            &file("-excludes1"),
            &rows("code\texcluded\tnote\n", &excludes1),
        )?;
        packed(&file("-synonyms"), &rows("code\tterm\n", &terms))?;
    }
    println!("Now `cargo xtask icd10` makes the compact files.");
    Ok(())
}

/// The cells of a table's rows.
type Rows = Vec<Vec<String>>;

fn rows(head: &str, rows: &Rows) -> String {
    let lines = rows.iter().map(|row| row.join("\t") + "\n");
    std::iter::once(head.to_owned()).chain(lines).collect()
}

fn packed(path: &PathBuf, text: &str) -> Result<(), Failure> {
    let named = |error: std::io::Error| format!("{}: {error}", path.display());
    let file = fs::File::create(path).map_err(named)?;
    let mut encoder = GzEncoder::new(file, Compression::best());
    encoder.write_all(text.as_bytes()).map_err(named)?;
    encoder.finish().map_err(named)?;
    Ok(())
}

/// The codes of the order file: a number, the code, whether a claim can carry it, a short and a long title, each in
/// columns of fixed width.
fn codes_of_order(text: &str) -> Result<Codes, Failure> {
    let mut codes = Codes::new();
    for (line, number) in text.lines().zip(1..) {
        if line.trim().is_empty() {
            continue;
        }
        let cell = |from: usize, to: usize| line.get(from..to.min(line.len())).map(str::trim);
        let (Some(code), Some(flag), Some(title)) =
            (cell(6, 13), cell(14, 15), cell(77, usize::MAX))
        else {
            return Err(format!("line {number} is too short for the order file"));
        };
        let billable = match flag {
            "0" => false,
            "1" => true,
            _ => return Err(format!("line {number} says neither 0 nor 1 of {code}")),
        };
        codes.insert(dotted(code), (billable, title.to_owned()));
    }
    Ok(codes)
}

/// A code with its dot.
pub fn dotted(code: &str) -> String {
    match code.split_at_checked(3) {
        Some((category, rest)) if !rest.is_empty() => format!("{category}.{rest}"),
        _ => code.to_owned(),
    }
}

/// The Excludes1 notes and the inclusion terms of the tabular XML, each with the code that it stands at.
fn notes_of_tabular(xml: &str) -> Result<(Rows, Rows), Failure> {
    let document = roxmltree::Document::parse(xml).map_err(|error| error.to_string())?;
    let (mut excludes1, mut terms) = (Vec::new(), Vec::new());
    for diagnosis in document
        .descendants()
        .filter(|node| node.has_tag_name("diag"))
    {
        let child = |name: &'static str| diagnosis.children().filter(move |n| n.has_tag_name(name));
        let code = child("name")
            .find_map(|name| name.text())
            .unwrap_or_default()
            .trim();
        let notes = |name| {
            let notes = child(name).flat_map(|part| part.children());
            let texts = notes.filter_map(|note| note.text());
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            texts
                .map(plain)
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
        };
        for note in notes("excludes1") {
            // The codes stand in brackets behind the words.
            if let Some(codes) = in_brackets(&note) {
                excludes1.push(vec![code.to_owned(), codes, note]);
            }
        }
        let own = notes("inclusionTerm").into_iter();
        terms.extend(own.map(|term| vec![code.to_owned(), term]));
    }
    Ok((excludes1, terms))
}

/// The last brackets of a note, if they hold codes.
fn in_brackets(note: &str) -> Option<String> {
    let (_, behind) = note.rsplit_once('(')?;
    let (codes, _) = behind.split_once(')')?;
    codes
        .contains(|c: char| c.is_ascii_digit())
        .then(|| codes.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_file_as_it_is_published() {
        let line = |code: &str, flag: &str, long: &str| {
            format!("00001 {code:<7} {flag} {:<60} {long}\n", "short")
        };
        let text = line("M722", "0", "Plantar fascial fibromatosis")
            + &line(
                "M7220",
                "1",
                "Plantar fascial fibromatosis, unspecified foot",
            );
        let codes = codes_of_order(&text).expect("codes");
        assert_eq!(
            codes["M72.2"],
            (false, "Plantar fascial fibromatosis".to_owned())
        );
        assert!(codes["M72.20"].0);
        assert_eq!(
            codes_of_order("00001 M722\n").expect_err("too short"),
            "line 1 is too short for the order file"
        );
    }

    #[test]
    fn the_notes_of_the_tabular_file() {
        let xml = "<diag><name>M54.5</name><desc>Low back pain</desc><excludes1><note>low back strain (S39.012)</note>\n<note>lumbago with sciatica (M54.4-)</note></excludes1><diag><name>M54.50</name><desc>x</desc><inclusionTerm><note>Loin pain &amp; such</note></inclusionTerm><excludes2><note>not this (M99.-)</note></excludes2></diag></diag>";
        let (excludes1, terms) = notes_of_tabular(xml).expect("XML");
        assert_eq!(excludes1.len(), 2);
        assert_eq!(
            excludes1[1],
            ["M54.5", "M54.4-", "lumbago with sciatica (M54.4-)"]
        );
        assert_eq!(terms, [["M54.50", "Loin pain & such"]]);
    }

    #[test]
    fn what_a_newer_file_of_edits_makes() {
        let text = "97140\t97124\t\t20040101\t*\t0\n97530\t97110\t\t20261001\t*\t1\n";
        let edits = Edits::read(text, "2026-10-01".parse().ok()).expect("edits");
        let table = ncci_table(&edits);
        assert!(table.ends_with("# As of: 2026-10-01 to 2026-12-31.\ncolumn1\tcolumn2\tindicator\n97140\t97124\t0\n97530\t97110\t1\n"), "{table}");
        assert_eq!(Edits::read(&table, None).expect("its own table"), edits);
    }
}
