//! The program `soapstone`; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    soapstone::cli::run()
}
