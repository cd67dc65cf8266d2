//! `cargo xtask icd10`: makes `server/data/icd10cm.bin` and `icd10cm-before.bin` from the tables of the two newest releases
//! under `server/data/source`, named `icd10cm-YYYY-MM.tsv.gz` and, with the same beginning,
//! `-excludes1.tsv.gz` and `-synonyms.tsv.gz`.
//!
//! The program that this makes them with has the files built in. If they are lost, empty ones will do.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use soapstone::reference::icd10::build;

use crate::Failure;

const USAGE: &str = "icd10 takes --from DIR, --check, both or nothing";

/// Writes the files, or with `--check` says whether they are what the tables make.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/data");
    let mut from = data.join("source");
    let mut check = false;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match (*argument, arguments.as_slice().first()) {
            ("--check", _) => check = true,
            ("--from", Some(folder)) => {
                from = PathBuf::from(folder);
                arguments.next();
            }
            _ => return Err(USAGE.to_owned()),
        }
    }
    let releases = releases(&from)?;
    let (newest, before) = releases
        .split_last()
        .ok_or_else(|| format!("{}: no icd10cm-YYYY-MM.tsv.gz", from.display()))?;
    // Without an older one the newest is all that is known of older visits.
    let before = before.last().unwrap_or(newest);
    for (name, date) in [("icd10cm.bin", newest), ("icd10cm-before.bin", before)] {
        let made = make(&from, date, &releases)?;
        println!("{}", settle(&data.join(name), &made, check)?);
    }
    Ok(())
}

/// The months of the releases in a folder, in order: `2026-04`.
pub fn releases(folder: &Path) -> Result<Vec<String>, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let name = entry.map_err(wrong)?.file_name();
        let date = name.to_str().and_then(|name| {
            let date = name.strip_prefix("icd10cm-")?.strip_suffix(".tsv.gz")?;
            let (year, month) = date.split_once('-')?;
            let numbers = year.parse::<u16>().is_ok() && month.parse::<u8>().is_ok();
            numbers.then(|| date.to_owned())
        });
        found.extend(date);
    }
    found.sort();
    Ok(found)
}

/// The bytes of a release. Notes and terms that it does not have of its own are those of the release before it, as
/// far as its codes still exist.
fn make(folder: &Path, date: &str, releases: &[String]) -> Result<Vec<u8>, String> {
    let file = |date: &str, part: &str| folder.join(format!("icd10cm-{date}{part}.tsv.gz"));
    let codes = unpacked(&file(date, ""))?;
    let known: HashSet<&str> = codes.lines().filter_map(|l| l.split('\t').next()).collect();
    let titles: HashSet<String> = codes
        .lines()
        .filter_map(|line| Some(line.splitn(3, '\t').nth(2)?.to_lowercase()))
        .collect();
    let part = |part: &str| {
        let until = releases.iter().rev().filter(|other| other.as_str() <= date);
        let paths = until.map(|other| file(other, part));
        let mut existing = paths.filter(|path| path.exists());
        let Some(path) = existing.next() else {
            return Ok(None);
        };
        let text = unpacked(&path)?;
        if path == file(date, part) {
            return Ok(Some(text));
        }
        // A term that became the title of a code has moved there.
        let kept = text.lines().filter(|line| {
            let (code, term) = line.split_once('\t').unwrap_or_default();
            let is_row = known.contains(code) && !titles.contains(&term.to_lowercase());
            line.starts_with('#') || code == "code" || is_row
        });
        Ok::<_, String>(Some(
            kept.fold(String::new(), |all, line| all + line + "\n"),
        ))
    };
    let (excludes1, synonyms) = (part("-excludes1")?, part("-synonyms")?);
    build::build(&codes, excludes1.as_deref(), synonyms.as_deref(), date)
        .map_err(|error| error.to_string())
}

/// What a packed table says.
pub fn unpacked(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| MultiGzDecoder::new(file).read_to_string(&mut text))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text)
}

fn settle(path: &Path, made: &[u8], check: bool) -> Result<String, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
    let current = match fs::read(path) {
        Ok(bytes) => bytes == made,
        Err(error) if check => return Err(wrong(error)),
        Err(_) => false,
    };
    if check && !current {
        return Err(format!(
            "{} is not what the tables make; run `cargo xtask icd10`",
            path.display()
        ));
    }
    if !current {
        fs::write(path, made).map_err(wrong)?;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(format!("{name} is current: {} bytes", made.len()))
}

#[cfg(test)]
mod current {
    #[test]
    fn the_tables_are_current() {
        assert_eq!(super::run(&["--check"]), Ok(()));
    }
}
