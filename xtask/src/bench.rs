//! `cargo xtask bench`: builds what `tests/bench` measures, and has it measured.

use std::process::Command;

use crate::{Failure, workspace};

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
