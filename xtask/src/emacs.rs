//! Emacs: the mode for notes, and the language server through Eglot, in Emacs without a window.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::{Failure, highlights, workspace};

pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    if arguments.is_empty() {
        check()
    } else {
        Err("emacs takes no arguments".to_owned())
    }
}

/// Installs Emacs if it is missing and runs `editors/emacs/test`.
pub fn check() -> Result<(), Failure> {
    println!("== Emacs");
    if !has_emacs() {
        if let Err(why) = install("emacs-nox") {
            println!("Emacs: skipped, because it is not here and {why}.");
            return Ok(());
        }
        if !has_emacs() {
            return Err("Emacs was installed and cannot be run".to_owned());
        }
    }
    // Emacs 29 and later bring Eglot along.
    if !has_eglot() {
        if let Err(why) = install("elpa-eglot") {
            println!("Emacs: skipped, because it has no Eglot and {why}.");
            return Ok(());
        }
        if !has_eglot() {
            return Err("Eglot was installed and Emacs does not find it".to_owned());
        }
    }
    let here = workspace();
    let output = Command::new("emacs")
        // Not `-Q`, which hides what the system has installed.
        .args(["--batch", "--no-init-file"])
        .args(["-L", "editors/emacs"])
        .args(["-l", "editors/emacs/test/soapstone-test.el"])
        .env("SOAPSTONE_PROGRAM", server()?)
        .env("SOAPSTONE_HIGHLIGHTS", highlights::of_samples()?)
        // Neither the reader's packages nor files left over from earlier runs.
        .env("HOME", here.join("target/emacs-home"))
        .current_dir(&here)
        .output()
        .map_err(|e| format!("Emacs cannot be run: {e}"))?;
    // Batch mode says everything on standard error.
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{said}\nEmacs failed"));
    }
    let result = said.lines().rfind(|line| line.contains(" passed, "));
    let result = result.ok_or_else(|| format!("{said}\nEmacs ran no tests"))?;
    println!("{result}");
    Ok(())
}

fn has_emacs() -> bool {
    succeeds(Command::new("emacs").arg("--version"))
}

fn has_eglot() -> bool {
    let load = "(progn (require 'package) (package-initialize) (require 'eglot))";
    succeeds(Command::new("emacs").args(["--batch", "--no-init-file", "--eval", load]))
}

/// The debug build of the server.
fn server() -> Result<PathBuf, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--package", "soapstone", "--locked", "--quiet"])
        .current_dir(workspace())
        .status()
        .map_err(|e| format!("cargo cannot be run: {e}"))?;
    if !built.success() {
        return Err("the server could not be built".to_owned());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
    let name = format!("soapstone{}", std::env::consts::EXE_SUFFIX);
    Ok(workspace().join(target).join("debug").join(name))
}

/// Installs a package of Debian's; the failure says why that cannot be, after "because".
fn install(package: &str) -> Result<(), Failure> {
    if !succeeds(Command::new("apt-get").arg("--version")) {
        return Err("this system has no apt-get to install it with".to_owned());
    }
    let root = Command::new("id").arg("-u").output();
    let root = root.is_ok_and(|Output { stdout, .. }| stdout.trim_ascii() == b"0");
    if !root && !succeeds(Command::new("sudo").args(["-n", "true"])) {
        return Err("only root may install it".to_owned());
    }
    println!("installing {package}");
    let apt = |arguments: &[&str]| {
        let mut command = if root {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "apt-get"]);
            sudo
        };
        command
            .args(["-qq", "-o", "DPkg::Lock::Timeout=300"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        succeeds(&mut command)
    };
    // A fresh machine has no lists; one with lists that are out of date needs new ones.
    let arguments = ["install", "-y", "--no-install-recommends", package];
    if apt(&arguments) || (apt(&["update"]) && apt(&arguments)) {
        Ok(())
    } else {
        Err(format!("apt-get could not install {package}"))
    }
}

/// Whether a command can be run and ends well; what it says is of no interest.
fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
