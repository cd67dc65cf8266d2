//! `cargo xtask payers`: the tables of `docs/payers.md`, from the profiles of payers.

use std::fs;

use soapstone::policy::payers_page;

use crate::{Failure, settings, workspace};

/// Writes the tables into the page, or with `--check` says whether they are what the profiles make.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let file = workspace().join("docs/payers.md");
    let failed = |error| format!("{}: {error}", file.display());
    let kept = fs::read_to_string(&file).map_err(failed)?;
    let kept = kept.replace("\r\n", "\n");
    let made = payers_page(&kept);
    match arguments {
        [] => fs::write(&file, made)
            .map_err(failed)
            .and_then(|()| settings::write()),
        ["--check"] if made == kept && settings::is_current() => Ok(()),
        ["--check"] => Err(
            "docs/payers.md or VS Code's settings are out of date. Run `cargo xtask payers`."
                .to_owned(),
        ),
        other => Err(format!(
            "payers takes --check or nothing, not: {}",
            other.join(" ")
        )),
    }
}
