//! `cargo xtask test`: everything that has to hold before a change is handed in.

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use crate::{Failure, bench, claim_page, emacs, extension, nvim, vscode, workspace, zed};

pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    if let Some((&"vscode", rest)) = arguments.split_first() {
        return vscode::run(rest);
    }
    if !arguments.is_empty() {
        return Err(format!(
            "test takes no arguments, not: {}",
            arguments.join(" ")
        ));
    }
    let formatting = ["fmt", "--all", "--check", "--"].map(str::to_owned);
    let formatting: Vec<String> = formatting.into_iter().chain(files_of_rules()?).collect();
    cargo("formatting", &formatting)?;
    let lints = "clippy --workspace --all-targets --locked -- -D warnings";
    claim_page::browser()?;
    for (name, arguments) in [("lints", lints), ("tests", "test --workspace --locked")] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        cargo(name, &arguments)?;
    }
    // Nothing about times: only that what the benchmark measures can be measured.
    println!("== benchmark: cargo xtask bench --smoke");
    bench::run(&["--smoke"])?;
    emacs::check()?;
    zed::check()?;
    nvim::test()?;
    println!("== the extension for VS Code");
    extension::test()?;
    claim_page::test()?;
    vscode::run(&[])
}

/// The files of the rules. A macro declares them as modules, so that `cargo fmt` does not see them by itself.
fn files_of_rules() -> Result<Vec<String>, Failure> {
    let folder = workspace().join("server/src/rules");
    let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let sources = paths.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    Ok(sources.map(|path| path.display().to_string()).collect())
}

/// Runs cargo in the workspace.
fn cargo(name: &str, arguments: &[impl AsRef<OsStr>]) -> Result<(), Failure> {
    println!("== {name}");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(arguments)
        .current_dir(workspace())
        // Where everything is to be tested, a test that cannot be run is a failure.
        .env("SOAPSTONE_TEST_ALL", "1")
        .status()
        .map_err(|e| format!("{name}: cargo cannot be run: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{name} failed"))
    }
}
