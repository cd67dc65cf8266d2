//! `cargo xtask bench`: builds what `tests/bench` measures, and has it measured.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Failure, workspace};

/// The release of ruff whose server Soapstone is measured beside.
const RUFF: &str = "ruff==0.17.6";

/// Measures the release build; with `--smoke`, sees on the build for tests that everything can be.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let release = !arguments.contains(&"--smoke");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // One after the other, so that Soapstone is built with its own features and no more.
    for package in ["soapstone", "soapstone-bench"] {
        let mut build = Command::new(&cargo);
        build.args(["build", "--locked", "--bins", "--package", package]);
        if release {
            build.arg("--release");
        }
        let status = build.current_dir(workspace()).status();
        match status {
            Ok(status) if status.success() => {}
            Ok(_) => return Err(format!("{package} could not be built")),
            Err(error) => return Err(format!("cargo cannot be run: {error}")),
        }
    }
    // This program lies in the folder of the debug builds; the other builds are beside that.
    let wrong = |error: std::io::Error| format!("this program's folder: {error}");
    let mut folder = std::env::current_exe().map_err(wrong)?;
    folder.pop();
    if release {
        folder.set_file_name("release");
        if let Err(failure) = install_ruff(&folder.with_file_name("ruff")) {
            println!("ruff could not be installed: {failure}");
        }
    }
    let bench = folder.join(format!("soapstone-bench{}", std::env::consts::EXE_SUFFIX));
    let status = Command::new(&bench)
        .args(arguments)
        .status()
        .map_err(|error| format!("{}: {error}", bench.display()))?;
    if status.success() {
        Ok(())
    } else {
        Err("the benchmark did not end well".to_owned())
    }
}

/// Installs ruff from PyPI into a folder of its own, if it is not there.
fn install_ruff(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        return Ok(());
    }
    let python = if cfg!(windows) { "python" } else { "python3" };
    let pip = if cfg!(windows) {
        "Scripts/pip"
    } else {
        "bin/pip"
    };
    let run = |command: &mut Command| match command.stdout(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    };
    run(Command::new(python).args(["-m", "venv"]).arg(folder))
        .and_then(|()| run(Command::new(folder.join(pip)).args(["install", "--quiet", RUFF])))
        .inspect_err(|_| {
            // What is half made would pass for installed.
            let _ = std::fs::remove_dir_all(folder);
        })
}
