//! `cargo xtask man`: the manual pages of the program and of each of its commands, for whoever packs it.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::{Failure, workspace};

/// Writes the pages into `target/man`, or into the folder that is named.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let folder = match arguments {
        [] => workspace().join("target/man"),
        [folder] => PathBuf::from(folder),
        other => {
            return Err(format!(
                "man takes a folder or nothing, not: {}",
                other.join(" ")
            ));
        }
    };
    for page in write(&folder)? {
        println!("{}", page.display());
    }
    Ok(())
}

/// Writes the pages into a folder; their files.
pub fn write(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let named = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(named)?;
    let mut files = Vec::new();
    for (name, page) in pages(folder)? {
        files.push(folder.join(name));
        fs::write(&files[files.len() - 1], page).map_err(named)?;
    }
    Ok(files)
}

/// What completes the program's commands and options in a shell.
pub fn completions(shell: &str) -> Result<Vec<u8>, Failure> {
    let shell = Shell::from_str(shell, false)?;
    let mut script = Vec::new();
    clap_complete::generate(
        shell,
        &mut soapstone::cli::command(),
        "soapstone",
        &mut script,
    );
    Ok(script)
}

/// Each page with the name of its file.
fn pages(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut program = soapstone::cli::command().disable_help_subcommand(true);
    // Only then the commands have the names and options that they are called with.
    program.build();
    let commands = program
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let mut pages = Vec::new();
    for command in std::iter::once(&program).chain(commands) {
        let name = command
            .get_display_name()
            .unwrap_or(command.get_name())
            .to_owned();
        let mut page = Vec::new();
        Man::new(command.clone())
            .render(&mut page)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        pages.push((format!("{name}.1"), page));
    }
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_with_its_options() {
        let pages = pages(Path::new("")).unwrap();
        let page = |name: &str| {
            let found = pages.iter().find(|(file, _)| file == name);
            let (_, page) = found.unwrap_or_else(|| panic!("{name}"));
            // The mark of a hyphen that is not to be broken at.
            String::from_utf8(page.clone()).unwrap().replace("\\-", "-")
        };
        assert!(page("soapstone.1").contains("soapstone-check(1)"));
        let program = soapstone::cli::command();
        for command in program.get_subcommands() {
            let page = page(&format!("soapstone-{}.1", command.get_name()));
            for option in command.get_arguments().filter(|a| !a.is_hide_set()) {
                if let Some(long) = option.get_long() {
                    assert!(page.contains(&format!("--{long}")), "{long}");
                }
            }
        }
    }
}
