//! Kakoune: what its page says, in the real Kakoune with kakoune-lsp.

use std::process::{Command, Stdio};

use crate::tally::Tally;
use crate::{Failure, tools, workspace};

/// Runs `tests/editors/kakoune`, where there is kakoune-lsp: building it takes longer than all other tests.
pub fn test() -> Result<Tally, Failure> {
    if tools::found("kak-lsp").is_none() {
        println!("skipped: kak-lsp is not on the PATH (cargo install kak-lsp builds it)");
        return Ok(Tally::SKIPPED);
    }
    for (program, package) in [("kak", "kakoune"), ("tmux", "tmux")] {
        if tools::found(program).is_none()
            && let Err(why) = tools::debian(&[package])
        {
            println!("skipped: {program} is not here, and {why}");
            return Ok(Tally::SKIPPED);
        }
    }
    let mut command = Command::new("sh");
    command
        .arg("tests/editors/kakoune/person.sh")
        .current_dir(workspace())
        .env("SOAPSTONE", tools::server(false)?)
        .env("SOAPSTONE_ROOT", workspace())
        .env_remove("TMUX")
        .stdin(Stdio::null());
    Tally::of("Kakoune", command)
}
