//! The Python package: builds a wheel and runs its tests, a suite of `cargo xtask test`.
//!
//! Everything goes into a virtual environment below `target`, by the versions that `server/python/requirements.txt` pins.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tally::Tally;
use crate::{Failure, tools, workspace};

/// What the pinned packages take, and the oldest that has them all.
const OLDEST: (u32, u32) = (3, 11);

/// Builds the wheel, installs it and runs the tests; what else is named goes to pytest.
pub fn test(arguments: &[&str]) -> Result<Tally, Failure> {
    let Some(python) = python() else {
        let (major, minor) = OLDEST;
        println!("skipped: there is no Python {major}.{minor} or later here");
        return Ok(Tally::SKIPPED);
    };
    let home = Home::at(workspace().join("target/python/venv"));
    home.prepare(&python)?;
    home.install(&home.wheel("wheel", &workspace().join("target/python/wheels"))?)?;
    if !tools::succeeds(Command::new("java").arg("-version")) {
        tools::debian(&["default-jre-headless"])?;
    }
    let mut pytest = home.command("pytest");
    pytest.args(["-p", "no:cacheprovider"]).args(arguments);
    pytest.current_dir(workspace().join("server/python"));
    pytest.env("SOAPSTONE_TEST_ALL", "1");
    Tally::of("the Python package", pytest)
}

/// Python, if there is one that is new enough.
pub fn python() -> Option<PathBuf> {
    let names = ["python3", "python"];
    names.into_iter().map(PathBuf::from).find(|name| {
        let (major, minor) = OLDEST;
        let asked = format!("import sys; sys.exit(sys.version_info < ({major}, {minor}))");
        tools::succeeds(Command::new(name).args(["-c", &asked]))
    })
}

/// A virtual environment.
pub struct Home {
    folder: PathBuf,
}

impl Home {
    /// One in a folder.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Makes it and installs what is pinned, unless that was done.
    pub fn prepare(&self, python: &Path) -> Result<(), Failure> {
        let list = workspace().join("server/python/requirements.txt");
        let pinned = fs::read(&list).map_err(|e| format!("{}: {e}", list.display()))?;
        let installed = self.folder.join("installed.txt");
        if fs::read(&installed).is_ok_and(|installed| installed == pinned) {
            return Ok(());
        }
        self.make(python)?;
        self.pip(&["install", "--quiet", "--no-deps", "--requirement"], &list)?;
        fs::write(&installed, pinned).map_err(|e| format!("{}: {e}", installed.display()))
    }

    /// Makes it anew, with nothing in it.
    pub fn make(&self, python: &Path) -> Result<(), Failure> {
        tools::venv(python, &self.folder)
    }

    /// Builds a wheel by a profile of Cargo's, alone in its folder.
    pub fn wheel(&self, profile: &str, folder: &Path) -> Result<PathBuf, Failure> {
        let _ = fs::remove_dir_all(folder);
        let mut maturin = self.command("maturin");
        maturin.args([
            "build",
            "--quiet",
            "--locked",
            "--profile",
            profile,
            "--out",
        ]);
        maturin
            .arg(folder)
            .arg("--interpreter")
            .arg(self.program("python"));
        maturin.current_dir(workspace().join("server/python"));
        tools::run(&mut maturin)?;
        let made = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let mut paths = made.flatten().map(|entry| entry.path());
        let wheel = paths.find(|path| path.extension().is_some_and(|ending| ending == "whl"));
        wheel.ok_or_else(|| format!("there is no wheel in {}", folder.display()))
    }

    /// Puts a wheel into it, in place of an earlier one.
    pub fn install(&self, wheel: &Path) -> Result<(), Failure> {
        let install = ["install", "--quiet", "--no-deps", "--force-reinstall"];
        self.pip(&install, wheel)
    }

    /// Runs pip.
    pub fn pip(&self, arguments: &[&str], last: impl AsRef<OsStr>) -> Result<(), Failure> {
        let mut pip = self.command("python");
        pip.args(["-m", "pip", "--disable-pip-version-check"]);
        tools::run(pip.args(arguments).arg(last))
    }

    /// A program of it, to be run.
    pub fn command(&self, name: &str) -> Command {
        Command::new(self.program(name))
    }

    /// Where a program of it lies.
    pub fn program(&self, name: &str) -> PathBuf {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        tools::programs(&self.folder).join(name)
    }
}
