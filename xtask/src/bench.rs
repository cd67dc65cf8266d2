//! `cargo xtask bench`: builds what `tests/bench` measures, and has it measured.

use std::process::Command;

use crate::{Failure, tools};

/// The release of ruff whose server Soapstone is measured beside.
const RUFF: &str = "ruff==0.17.6";

/// Measures the release build; with `--smoke`, sees on the build for tests that everything can be.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let release = !arguments.contains(&"--smoke");
    // One after the other, so that Soapstone is built with its own features and no more.
    for package in ["soapstone", "soapstone-bench"] {
        let mut build = tools::cargo();
        build.args(["build", "--locked", "--bins", "--package", package]);
        if release {
            build.arg("--release");
        }
        tools::run(&mut build)?;
    }
    // This program lies in the folder of the debug builds; the other builds are beside that.
    let wrong = |error: std::io::Error| format!("this program's folder: {error}");
    let mut folder = std::env::current_exe().map_err(wrong)?;
    folder.pop();
    if release {
        folder.set_file_name("release");
        if let Err(failure) = tools::python(&folder.with_file_name("ruff"), &[RUFF]) {
            println!("ruff could not be installed: {failure}");
        }
    }
    let bench = folder.join(format!("soapstone-bench{}", std::env::consts::EXE_SUFFIX));
    tools::run(Command::new(bench).args(arguments))
}
