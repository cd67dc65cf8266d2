//! Vim: the files of `editors/vim` in the real Vim, and the language server there by the plugin ALE.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::tally::Tally;
use crate::{Failure, highlights, tools, workspace};

/// Where Debian puts the plugin.
const ALE: &str = "/usr/share/vim-ale";
/// A script that hangs is ended.
const MOST_SECONDS: &str = "600";

/// Installs what is missing and runs `tests/editors/vim`.
pub fn test() -> Result<Tally, Failure> {
    if !is_new_enough() {
        if let Err(why) = tools::debian(&["vim"]) {
            println!("skipped: Vim 9 is not here, and {why}");
            return Ok(Tally::SKIPPED);
        }
        if !is_new_enough() {
            println!("skipped: the Vim of this system is older than 9");
            return Ok(Tally::SKIPPED);
        }
    }
    let mut tally = Tally::of("colors.vim", script("colors.vim", &["-es"])?)?;
    tally += Tally::of("typing.vim", script("typing.vim", &["-es"])?)?;
    if !Path::new(ALE).exists()
        && let Err(why) = tools::debian(&["vim-ale"])
    {
        println!("skipped: the server in Vim, because the plugin ALE is not here, and {why}");
        tally += Tally::SKIPPED;
    } else {
        // Programs are heard only outside of Ex mode.
        let arguments = ["--not-a-term", "-T", "dumb"];
        tally += Tally::of("server.vim", script("server.vim", &arguments)?)?;
    }
    Ok(tally)
}

/// A script in Vim. Vim writes on the terminal what it wants to; what the script says comes from its file.
fn script(name: &str, arguments: &[&str]) -> Result<Command, Failure> {
    let root = workspace();
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg("rm -f \"$SOAPSTONE_RESULT\"; \"$@\" >/dev/null 2>&1; cat \"$SOAPSTONE_RESULT\"; ! grep -q '^not ok' \"$SOAPSTONE_RESULT\"")
        .arg("sh")
        .args(["timeout", "--signal=KILL", MOST_SECONDS, "vim"])
        .args(["-u", "NONE", "-i", "NONE", "-n", "-N"])
        .args(arguments)
        .args(["-S", &format!("tests/editors/vim/{name}")])
        .current_dir(&root)
        .env("SOAPSTONE", tools::server(false)?)
        .env("SOAPSTONE_ROOT", &root)
        .env("SOAPSTONE_ALE", ALE)
        .env("SOAPSTONE_HIGHLIGHTS", highlights::of_samples()?)
        .env("SOAPSTONE_RESULT", root.join("target/vim-result.txt"))
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL")
        .stdin(Stdio::null());
    Ok(command)
}

fn is_new_enough() -> bool {
    let output = Command::new("vim").arg("--version").output();
    output.is_ok_and(|output| {
        let said = String::from_utf8_lossy(&output.stdout);
        let version = said.strip_prefix("VIM - Vi IMproved ");
        let major = version.and_then(|rest| rest.split('.').next()?.parse().ok());
        major.is_some_and(|major: u32| major >= 9)
    })
}
