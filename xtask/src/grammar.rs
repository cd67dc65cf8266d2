//! The grammar as others get it: `tree-sitter test`, the crate, and the bindings that can be tried here.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::tally::Tally;
use crate::{Failure, tools, workspace};

/// The version of tree-sitter's own program, which the parser was made by, too.
const CLI: &str = "0.27.1";
/// What builds Python's binding, and what it is for.
const PYTHON: &[&str] = &[
    "setuptools==84.2.1",
    "wheel==0.48.0",
    "packaging==26.4",
    "tree-sitter==0.26.1",
];

/// Packs the grammar's crate and tries what is in it.
pub fn test() -> Result<Tally, Failure> {
    let grammar = workspace().join("grammar");
    let mut test = Command::new(tree_sitter()?);
    // Without optimizing: the compiler would take minutes for the parser's one large function.
    test.args(["test", "--overview-only"]).env("CFLAGS", "-O0");
    test.current_dir(&grammar);
    // Where it keeps the compiled parser, and looks for settings of the reader's.
    let own = workspace().join("target/grammar");
    test.env("XDG_CACHE_HOME", own.join("cache"));
    test.env("XDG_CONFIG_HOME", own.join("config"));
    tools::run(&mut test)?;
    let mut tally = Tally::ONE;
    let mut package = tools::cargo();
    package.args([
        "package",
        "--locked",
        "--allow-dirty",
        "--no-verify",
        "--quiet",
    ]);
    tools::run(package.args(["--package", "tree-sitter-soapnote"]))?;
    tally += Tally::ONE;
    // Both leave what they build beside the sources.
    let copy = workspace().join("target/grammar/copy");
    let _ = fs::remove_dir_all(&copy);
    copy_of(&grammar, &copy)?;
    let mut make = Command::new("make");
    // A copy is not older than what it was made from: the parser is not to be generated again.
    make.args([
        "--silent",
        "--old-file=src/grammar.json",
        "--old-file=src/parser.c",
    ]);
    tools::run(make.current_dir(&copy))?;
    tally += Tally::ONE;
    tally += python(&copy)?;
    Ok(tally)
}

/// tree-sitter's program, built if it is not there.
fn tree_sitter() -> Result<std::path::PathBuf, Failure> {
    let root = workspace().join("target/tree-sitter");
    let mut install = tools::cargo();
    // Without the engine that reads grammars, which the tests do not need; and quickly built.
    install.args([
        "install",
        "tree-sitter-cli",
        "--version",
        CLI,
        "--locked",
        "--debug",
    ]);
    install
        .args(["--no-default-features", "--quiet", "--root"])
        .arg(&root);
    tools::run(&mut install)?;
    Ok(root
        .join("bin")
        .join(format!("tree-sitter{}", std::env::consts::EXE_SUFFIX)))
}

/// The binding of Python, installed into a folder of its own.
fn python(grammar: &Path) -> Result<Tally, Failure> {
    let folder = workspace().join("target/grammar/python");
    tools::python(&folder, PYTHON)?;
    let programs = tools::programs(&folder);
    let mut install = Command::new(programs.join("pip"));
    install.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
    ]);
    install
        .args(["--no-build-isolation", "--force-reinstall"])
        .arg(grammar);
    tools::run(install.env("CFLAGS", "-O0"))?;
    let mut test = Command::new(programs.join("python"));
    test.args(["-m", "unittest", "discover", "--start-directory"]);
    test.arg(grammar.join("bindings/python/tests"));
    // Not in the folder of the sources, where the package without its library would be found first.
    tools::run(test.current_dir(&folder)).map(|()| Tally::ONE)
}

fn copy_of(from: &Path, to: &Path) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| format!("{}: {error}", from.display());
    fs::create_dir_all(to).map_err(wrong)?;
    for entry in fs::read_dir(from).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            copy_of(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(wrong)?;
        }
    }
    Ok(())
}
