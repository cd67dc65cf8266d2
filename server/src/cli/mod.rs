//! The command line: `check`, `claim`, `codes`, `completions`, `config`, `explain`, `export`, `fmt`, `lsp`, `new`, `stats`.
//!
//! Exit codes: 0 nothing to complain of, 1 something was found, 2 wrong use or a note that could
//! not be read. What a program reads goes to standard output, what went wrong to standard error.

mod applied;
mod check;
mod claim;
mod codes;
mod completions;
mod concise;
mod config;
mod explain;
mod export;
mod fix;
mod fmt;
mod full;
mod github;
mod html;
mod import;
mod json;
mod jsonl;
mod junit;
mod new;
mod notes;
mod output;
mod period;
mod progress;
mod read;
mod sarif;
mod statistics;
mod stats;
mod stream;
mod table;
mod units;
mod wanted;
mod watch;
mod write;

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{CommandFactory, Parser, Subcommand};

use crate::policy::Policy;
pub(crate) use stream::answered_by_default;

/// The version with the tables of this build.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let tables = Policy::default().tables();
    format!("{}\nTables: {tables}", env!("CARGO_PKG_VERSION"))
});

/// Checks SOAP chart notes for what a payer would deny.
///
/// Soapstone reads the notes of massage, physical and occupational therapists and chiropractors,
/// counts minutes and units, and says what a payer would deny and why. It works on this computer
/// alone: no note is sent anywhere, and only "fmt" and "check --fix" change one, and only its form.
#[derive(Debug, Parser)]
#[command(
    name = "soapstone",
    version,
    long_version = VERSION.as_str(),
    max_term_width = 100,
    before_help = "Example: soapstone check visit.soap"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Claim(claim::Claim),
    Export(export::Export),
    Stats(stats::Stats),
    Explain(explain::Explain),
    Codes(codes::Codes),
    New(new::New),
    Import(import::Import),
    Fmt(fmt::Fmt),
    Config(applied::Config),
    Completions(completions::Completions),
    /// Serve an editor: the language server, on standard input and output
    #[command(before_help = "Example: soapstone lsp")]
    Lsp {
        /// Taken from editors that say it; there is no other way to talk.
        #[arg(long, hide = true)]
        stdio: bool,

        /// Do not give up the right to write files and open connections; for systems on which that fails
        #[arg(long)]
        no_sandbox: bool,
    },
}

/// How the program ends, as the code it exits with. The order is the order of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    Fine = 0,
    Found = 1,
    Trouble = 2,
}

impl Exit {
    /// Trouble if there is any to tell of.
    fn after(troubles: &[String]) -> Self {
        if troubles.is_empty() {
            Self::Fine
        } else {
            Self::Trouble
        }
    }
}

/// The program's commands and options, for who writes its manual pages.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the program with the arguments it was started with.
pub fn run() -> ExitCode {
    ExitCode::from(run_with(std::env::args_os().collect()))
}

/// Runs the program with these arguments, the first of which is its name. The code to exit with.
pub fn run_with(arguments: Vec<OsString>) -> u8 {
    // An editor waits for its server, and need not wait for the help on all commands to be put together.
    if arguments.iter().skip(1).eq(["lsp"]) {
        return crate::lsp::serve(true);
    }
    if arguments.get(1).is_some_and(|command| command == "audit") {
        complain(
            "Tables of notes are audited by the Python package: pip install \"soapstone[arrow]\", then soapstone audit there.",
        );
        return Exit::Trouble as u8;
    }
    let done = match Cli::parse_from(arguments).command {
        Command::Check(check) => check.run(),
        Command::Claim(claim) => claim.run(),
        Command::Export(export) => export.run(),
        Command::Stats(stats) => stats.run(),
        Command::Explain(explain) => explain.run(),
        Command::Codes(codes) => codes.run(),
        Command::New(new) => new.run(),
        Command::Import(import) => import.run(),
        Command::Fmt(fmt) => fmt.run(),
        Command::Config(config) => config.run(),
        Command::Completions(completions) => Ok(completions.run()),
        Command::Lsp {
            stdio: _,
            no_sandbox,
        } => return crate::lsp::serve(!no_sandbox),
    };
    let exit = done.unwrap_or_else(|sentence| {
        complain(&sentence);
        Exit::Trouble
    });
    exit as u8
}

/// Whether standard output shows colours: a terminal that can, and nobody asked for none.
fn colours() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Prints the result. A reader that has seen enough (`| head`) is nobody's mistake; any other
/// failure is trouble.
fn print(text: &str) -> Exit {
    let written = if colours() {
        let mut out = anstream::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush())
    } else {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush())
    };
    match written {
        Ok(()) => Exit::Fine,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(error) => {
            complain(&format!("The result could not be written: {error}."));
            Exit::Trouble
        }
    }
}

/// Says a sentence on standard error. If even that fails there is nobody to inform.
fn complain(sentence: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", visible(sentence));
}

/// The path of a file as it is shown.
fn shown(path: &Path) -> String {
    visible(&path.display().to_string()).into_owned()
}

/// A text with what would command a terminal, or turn the order of its letters round, made visible: a file's name may hold anything.
fn visible(text: &str) -> Cow<'_, str> {
    let commands = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().map(|c| {
        if commands(c) {
            c.escape_unicode().to_string()
        } else {
            c.to_string()
        }
    });
    Cow::Owned(shown.collect())
}

/// "1 unit", "2 units".
fn counted(number: usize, one: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {one}{ending}")
}
