//! `cargo xtask test`: everything that has to hold before a change is handed in.

use std::process::Command;

use crate::{Failure, bench, claim_page, emacs, extension, nvim, vscode, workspace, zed};

/// The steps, each a name and the arguments of cargo.
const STEPS: &[(&str, &[&str])] = &[
    ("formatting", &["fmt", "--all", "--check"]),
    (
        "lints",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
    ),
    ("tests", &["test", "--workspace", "--locked"]),
];

pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    if let Some((&"vscode", rest)) = arguments.split_first() {
        return vscode::run(rest);
    }
    if !arguments.is_empty() {
        return Err(format!(
            "test takes no arguments, not: {}",
            arguments.join(" ")
        ));
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for (name, arguments) in STEPS {
        println!("== {name}: cargo {}", arguments.join(" "));
        let status = Command::new(&cargo)
            .args(*arguments)
            .current_dir(workspace())
            .status()
            .map_err(|e| format!("{name}: cargo cannot be run: {e}"))?;
        if !status.success() {
            return Err(format!("{name} failed"));
        }
    }
    // Nothing about times: only that what the benchmark measures can be measured.
    println!("== benchmark: cargo xtask bench --smoke");
    bench::run(&["--smoke"])?;
    emacs::check()?;
    zed::check()?;
    nvim::test()?;
    println!("== the extension for VS Code");
    extension::test()?;
    claim_page::test()?;
    vscode::run(&[])
}
