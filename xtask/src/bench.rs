//! `cargo xtask bench`: builds what `tests/bench` measures, and has it measured.

use std::process::Command;

use crate::python::{self, Home};
use crate::{Failure, tools, workspace};

/// The release of ruff whose server Soapstone is measured beside.
const RUFF: &str = "ruff==0.17.6";

/// Measures the release build; with `--smoke`, sees on the build for tests that everything can be.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    if let Some((&"tables", counts)) = arguments.split_first() {
        return tables(counts);
    }
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

/// Measures the release program and the release wheel on tables of so many notes.
fn tables(counts: &[&str]) -> Result<(), Failure> {
    let python = python::python().ok_or("there is no Python that is new enough")?;
    let program = tools::server(true)?;
    // Not that of the tests, whose wheel is of another build.
    let home = Home::at(workspace().join("target/python/bench"));
    home.prepare(&python)?;
    home.install(&home.wheel("release", &workspace().join("target/python/release"))?)?;
    let mut bench = home.command("python");
    bench.arg(workspace().join("tests/bench/tables/bench.py"));
    tools::run(bench.arg(program).args(counts))
}
