//! Chores of the workspace, run as `cargo xtask COMMAND`. One module per command.

mod addenda;
mod bench;
mod claim_page;
mod codegen;
mod dist;
mod emacs;
mod extension;
mod fees;
mod grammar;
mod highlights;
mod icd10;
mod kakoune;
mod man;
mod nvim;
mod payers;
mod python;
mod rules;
mod sbom;
mod settings;
mod sha256;
mod tables;
mod tally;
mod test;
mod tools;
mod vim;
mod vscode;
mod zed;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

Commands:
  bench [PART...] [--quick] [--check]
                     measure the speed and size of the release build (docs/performance.md)
  bench soak [EDITS]
                     hold what the server says after random edits against a full check (docs/trust.md)
  bench tables [COUNT...]
                     measure how fast tables of so many notes are judged, from files to Spark
  codegen [--check]  write grammar/src from grammar/grammar.js, or only tell what is out of date
  dist [--debug] [--target NAME] [--server FILE] [--wheel FILE | --no-wheel]
                     make all that a release holds for this computer, or another one, in target/dist
  highlights NOTES...
                     print what the tree-sitter grammar highlights in notes, in JSON
  icd10 [--from DIR] [--check]
                     write server/data/icd10cm.bin from the tables in DIR, or only tell if it is out of date
  man [DIR]          write the manual pages of all commands into DIR, or into target/man
  payers [--check]   write the tables of docs/payers.md and the choices of VS Code's settings, or only tell if they are out of date
  rules [--check]    write the index of the rules' pages and the choices of VS Code's settings, or only tell if they are out of date
  sbom               print what the program and the Python module are made of, in CycloneDX
  tables [--ncci FILE... | --mue FILE [--outpatient FILE] | --fees FILE] --from YYYY-MM-DD
  tables [--icd10 FILE | --addenda FILE] [--tabular FILE] --release YYYY-MM
                     rebuild the tables of CMS and the CDC from the files as published, and say what changed
  test [SUITE]       check formatting, lints and generated files, and run every test; or one suite of them, such as
                     nvim (with SOAPSTONE_PICTURES=1 it makes its pictures) or vscode [--release]
  zed [--check]      write target/zed, which Zed can install as a dev extension, or only check the extension";

/// Why a command stopped, in words for a terminal; empty where it was said already.
type Failure = String;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.split_first() {
        Some((&"bench", rest)) => bench::run(rest),
        Some((&"codegen", rest)) => codegen::run(rest),
        Some((&"dist", rest)) => dist::run(rest),
        Some((&"highlights", rest)) => highlights::run(rest),
        Some((&"icd10", rest)) => icd10::run(rest),
        Some((&"man", rest)) => man::run(rest),
        Some((&"payers", rest)) => payers::run(rest),
        Some((&"rules", rest)) => rules::run(rest),
        Some((&"sbom", [])) => sbom::bill().map(|bill| println!("{bill}")),
        Some((&"tables", rest)) => tables::run(rest),
        Some((&"test", rest)) => test::run(rest),
        Some((&"zed", rest)) => zed::run(rest),
        Some((&("help" | "-h" | "--help"), _)) => {
            println!("{USAGE}");
            Ok(())
        }
        Some((other, _)) => Err(format!("unknown command: {other}\n\n{USAGE}")),
        None => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_empty() {
                eprintln!("{failure}");
            }
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace, wherever the command was called from.
fn workspace() -> PathBuf {
    let mut here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.pop();
    here
}
