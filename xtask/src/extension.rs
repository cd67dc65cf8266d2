//! The extension for VS Code: its own tests, and how it is packed with the server.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};

use crate::tally::Tally;
use crate::tools::{self, Node};
use crate::{Failure, highlights, workspace};

/// The folder of the extension.
fn folder() -> PathBuf {
    workspace().join("editors/vscode")
}

/// Types, unit tests and the comparison of the two grammars.
pub fn test() -> Result<Tally, Failure> {
    let node = Node::find()?;
    node.install(&folder())?;
    for script in ["check", "build"] {
        tools::run(node.npm(&folder()).args(["run", "--silent", script]))?;
    }
    let mut test = node.npm(&folder());
    test.args(["test", "--silent"]);
    test.env("SOAPSTONE_HIGHLIGHTS", highlights::of_samples()?);
    Tally::of("the extension", test)
}

/// What the marketplace calls this kind of computer.
pub(crate) fn this_computer() -> Result<String, Failure> {
    let system = match OS {
        "linux" if cfg!(target_env = "musl") => "alpine",
        "linux" => "linux",
        "macos" => "darwin",
        "windows" => "win32",
        other => return Err(format!("VS Code has no package for {other}")),
    };
    let processor = match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "arm" => "armhf",
        other => return Err(format!("VS Code has no package for {other}")),
    };
    Ok(format!("{system}-{processor}"))
}

/// Puts the server into the extension and packs both into a folder.
pub(crate) fn pack(server: &Path, target: &str, dist: &Path) -> Result<PathBuf, Failure> {
    let wrong = |error: std::io::Error| format!("{}: {error}", server.display());
    let folder = folder();
    let inside = folder.join("server");
    // What an earlier run left, for another kind of computer perhaps, is not to be packed.
    let _ = fs::remove_dir_all(&inside);
    fs::create_dir_all(&inside).map_err(wrong)?;
    fs::create_dir_all(dist).map_err(wrong)?;
    let name = if target.starts_with("win32") {
        "soapstone.exe"
    } else {
        "soapstone"
    };
    fs::copy(server, inside.join(name)).map_err(wrong)?;
    let licence = ["LICENSE-MIT", "LICENSE-APACHE"].map(|file| {
        let path = workspace().join(file);
        fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
    });
    let [mit, apache] = licence;
    let text = format!(
        "Soapstone is under the MIT licence or the Apache licence 2.0, as you like.\n\n{}\n\n{}",
        mit?, apache?
    );
    fs::write(folder.join("LICENSE.txt"), text).map_err(wrong)?;
    let node = Node::find()?;
    node.install(&folder)?;
    let build = ["run", "--silent", "build", "--", "--minify"];
    tools::run(node.npm(&folder).args(build))?;
    let file = dist.join(format!("soapstone-{target}.vsix"));
    let mut arguments = vec!["exec", "--no", "--", "vsce", "package", "--no-dependencies"];
    arguments.extend(["--skip-license", "--allow-missing-repository"]);
    arguments.extend(["--no-rewrite-relative-links", "--target", target, "--out"]);
    let out = file.display().to_string();
    arguments.push(&out);
    tools::run(node.npm(&folder).args(arguments))?;
    Ok(file)
}
