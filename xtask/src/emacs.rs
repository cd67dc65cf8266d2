//! Emacs: the mode for notes, and the language server through Eglot, in Emacs without a window.

use std::process::Command;

use crate::tally::Tally;
use crate::{Failure, highlights, tools, workspace};

/// Installs Emacs if it is missing and runs `editors/emacs/test`.
pub fn test() -> Result<Tally, Failure> {
    // Emacs 29 and later bring Eglot along.
    for (is_here, package) in [
        (has_emacs as fn() -> bool, "emacs-nox"),
        (has_eglot, "elpa-eglot"),
    ] {
        if is_here() {
            continue;
        }
        if let Err(why) = tools::debian(&[package]) {
            println!("skipped: {package} is not here, and {why}");
            return Ok(Tally::SKIPPED);
        }
        if !is_here() {
            return Err(format!("{package} was installed and cannot be run"));
        }
    }
    // One test is about it, and is skipped without.
    if !has("lsp-mode")
        && let Err(why) = tools::debian(&["elpa-lsp-mode"])
    {
        println!("lsp-mode is not here, and {why}");
    }
    let here = workspace();
    let mut emacs = Command::new("emacs");
    emacs
        // Not `-Q`, which hides what the system has installed.
        .args(["--batch", "--no-init-file"])
        .args(["-L", "editors/emacs"])
        .args(["-l", "editors/emacs/test/soapstone-test.el"])
        .env("SOAPSTONE_PROGRAM", tools::server(false)?)
        .env("SOAPSTONE_HIGHLIGHTS", highlights::of_samples()?)
        // Neither the reader's packages nor files left over from earlier runs.
        .env("HOME", here.join("target/emacs-home"))
        .current_dir(&here);
    Tally::of("Emacs", emacs)
}

fn has_emacs() -> bool {
    tools::succeeds(Command::new("emacs").arg("--version"))
}

fn has_eglot() -> bool {
    has("eglot")
}

/// Whether Emacs has a package.
fn has(package: &str) -> bool {
    let load = format!("(progn (require 'package) (package-initialize) (require '{package}))");
    tools::succeeds(Command::new("emacs").args(["--batch", "--no-init-file", "--eval", &load]))
}
