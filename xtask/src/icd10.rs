//! `cargo xtask icd10`: makes `server/data/icd10cm.bin` from the tables of the newest release under
//! `server/data/source`, named `icd10cm-YYYY-MM.tsv.gz` and, with the same beginning,
//! `-excludes1.tsv.gz` and `-synonyms.tsv.gz`.
//!
//! The program that this makes it with has the file built in. If it is lost, an empty one will do.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use soapstone::reference::icd10::build;

use crate::Failure;

const USAGE: &str = "icd10 takes --from DIR, --check, both or nothing";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes the file, or with `--check` says whether it is what the tables make.
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
    let message = make(&from).and_then(|made| settle(&data.join("icd10cm.bin"), &made, check))?;
    println!("{message}");
    Ok(())
}

/// The bytes of the newest release in the folder.
fn make(folder: &Path) -> Result<Vec<u8>, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut newest: Option<(String, String)> = None;
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let name = entry.map_err(wrong)?.file_name();
        let found = name.to_str().and_then(|name| {
            let date = name.strip_prefix("icd10cm-")?.strip_suffix(".tsv.gz")?;
            Some((date.to_owned(), release_name(date)?))
        });
        newest = newest.max(found);
    }
    let Some((date, name)) = newest else {
        return Err(format!("{}: no icd10cm-YYYY-MM.tsv.gz", folder.display()));
    };
    let file = |part: &str| folder.join(format!("icd10cm-{date}{part}.tsv.gz"));
    let optional = |part: &str| {
        let path = file(part);
        path.exists().then(|| unpacked(&path)).transpose()
    };
    let excludes1 = optional("-excludes1")?;
    let synonyms = optional("-synonyms")?;
    build::build(
        &unpacked(&file(""))?,
        excludes1.as_deref(),
        synonyms.as_deref(),
        &name,
    )
    .map_err(|error| error.to_string())
}

/// `2026-04` is `April 2026`.
fn release_name(date: &str) -> Option<String> {
    let (year, month) = date.split_once('-')?;
    year.parse::<u16>().ok()?;
    let month = month.parse::<usize>().ok()?.checked_sub(1)?;
    Some(format!("{} {year}", MONTHS.get(month)?))
}

fn unpacked(path: &Path) -> Result<String, String> {
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
    Ok(format!("icd10cm.bin is current: {} bytes", made.len()))
}

#[cfg(test)]
mod current {
    #[test]
    fn the_tables_are_current() {
        assert_eq!(super::run(&["--check"]), Ok(()));
    }
}
