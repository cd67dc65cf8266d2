//! `soapstone completions`.

use clap::Args;
use clap_complete::Shell;

use super::Exit;

/// Print what makes a shell complete the commands and options of soapstone
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone completions bash")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub(super) fn run(&self) -> Exit {
        let (mut command, mut script) = (super::command(), Vec::new());
        let name = command.get_name().to_owned();
        clap_complete::generate(self.shell, &mut command, name, &mut script);
        super::print(&String::from_utf8_lossy(&script))
    }
}
