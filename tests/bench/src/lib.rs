//! The benchmark, run as `cargo xtask bench`; `docs/performance.md` says what is measured and how.
//!
//! The programs are driven as an editor or a shell drives them. Servers are measured in turn, edit by
//! edit, so that whatever else the machine does hits all. Times are never asserted in a test: they are printed beside what they should be.

pub mod charts;
pub mod check;
pub mod codes;
pub mod edits;
pub mod figures;
pub mod keystrokes;
pub mod memory;
pub mod python;
pub mod requests;
pub mod server;
pub mod shapes;
pub mod soak;
pub mod start;

use std::path::PathBuf;

/// Why a measurement stopped, in words for a terminal.
pub type Failure = String;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Each thing once, to see that it can be measured at all.
    Smoke,
    /// In a minute or less, for a first impression.
    Quick,
    /// Enough for figures that mean something.
    Full,
}

impl Extent {
    /// The number for this extent.
    pub fn pick(self, smoke: usize, quick: usize, full: usize) -> usize {
        match self {
            Self::Smoke => smoke,
            Self::Quick => quick,
            Self::Full => full,
        }
    }

    /// The sizes of the charts, with their names.
    pub fn sizes(self) -> &'static [(&'static str, usize)] {
        const SIZES: [(&str, usize); 3] = [
            ("4 KiB", 4 << 10),
            ("100 KiB", 100 << 10),
            ("1 MiB", 1 << 20),
        ];
        match self {
            Self::Smoke => &SIZES[..1],
            Self::Quick | Self::Full => &SIZES,
        }
    }
}

/// The day on which everything is measured, so that the same is found each time.
pub const TODAY: &str = "2026-11-22";

/// Ruff, where `cargo xtask bench` could install it.
pub fn ruff() -> Option<PathBuf> {
    let target = std::env::current_exe().ok()?;
    let folder = if cfg!(windows) { "Scripts" } else { "bin" };
    let name = format!("ruff{}", std::env::consts::EXE_SUFFIX);
    let target = target.parent()?.parent()?;
    let path = target.join("ruff").join(folder).join(name);
    path.exists().then_some(path)
}

/// A program that was built beside this one.
pub fn program(name: &str) -> Result<PathBuf, Failure> {
    let wrong = |error: std::io::Error| format!("this program's folder: {error}");
    let mut path = std::env::current_exe().map_err(wrong)?;
    path.set_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if path.exists() {
        Ok(path)
    } else {
        Err(format!(
            "{} is missing: run `cargo xtask bench`",
            path.display()
        ))
    }
}
