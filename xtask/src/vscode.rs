//! `cargo xtask test vscode`: the extension in the real VS Code. Installs what that takes, packs the
//! extension with the server inside and hands the file to `tests/editors/vscode/run.mjs`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::tally::Tally;
use crate::tools::{self, Node};
use crate::{Failure, extension, workspace};

/// Runs the tests; `--release` tries the server as it is handed out.
pub fn test(arguments: &[&str]) -> Result<Tally, Failure> {
    if !cfg!(target_os = "linux") {
        println!("skipped: the rig finds what is left running in /proc, which needs Linux");
        return Ok(Tally::SKIPPED);
    }
    let (release, passed_on): (Vec<&str>, Vec<&str>) = arguments
        .iter()
        .partition(|argument| **argument == "--release");
    let node = Node::find()?;
    tools::chromium()?;
    let tests = workspace().join("tests/editors/vscode");
    node.install(&tests)?;
    // code-server brings VS Code without its own packages; its list of them is pinned, too.
    for inner in ["lib/vscode", "lib/vscode/extensions"] {
        node.install_inner(&tests.join("node_modules/code-server").join(inner))?;
    }
    let vsix = package(!release.is_empty())?;
    let mut run = node.command("node");
    run.arg("run.mjs").args(passed_on).arg(&vsix);
    run.current_dir(&tests);
    Tally::of("VS Code", run)
}

/// The file that a clinician installs, with the server inside. It does not stay where `dist` puts what is
/// handed out.
fn package(release: bool) -> Result<PathBuf, Failure> {
    let built = tools::server(release)?;
    let target = workspace().join("target");
    let stripped = target.join("soapstone-stripped");
    // Without its symbols a debug server is a seventh of the size, and packed in a second.
    let strip = Command::new("strip")
        .arg("-o")
        .arg(&stripped)
        .arg(&built)
        .status();
    let server = if strip.is_ok_and(|status| status.success()) {
        stripped
    } else {
        built
    };
    let packed = extension::pack(
        &server,
        &extension::this_computer()?,
        &target.join("vscode"),
    )?;
    let vsix = target.join("soapstone-test.vsix");
    fs::rename(&packed, &vsix).map_err(|e| format!("{}: {e}", packed.display()))?;
    Ok(vsix)
}
