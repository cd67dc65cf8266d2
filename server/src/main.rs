//! The program `soapstone`; everything is in the library.

use std::process::ExitCode;

#[cfg(feature = "allocator")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    soapstone::cli::run()
}
