//! `cargo xtask test`: everything that has to hold before a change is handed in.
//!
//! Every suite runs, whatever became of those before it; the last line counts the tests of all.

use std::env;
use std::fs;
use std::process::{self, Command};
use std::time::Instant;

use crate::tally::Tally;
use crate::{
    Failure, bench, claim_page, dist, emacs, extension, grammar, kakoune, nvim, python, tools, vim,
    vscode, workspace, zed,
};

/// A suite by the name under which it can be run alone, with what it is.
struct Suite {
    name: &'static str,
    about: &'static str,
    run: fn(&[&str]) -> Result<Tally, Failure>,
}

/// The suites, in their order: what is quickly said comes first.
const SUITES: &[Suite] = &[
    Suite {
        name: "formatting",
        about: "the formatting of the Rust files",
        run: |_| formatting(),
    },
    Suite {
        name: "lints",
        about: "clippy over everything",
        run: |_| lints(),
    },
    Suite {
        name: "rust",
        about: "the tests of the grammar, the program and the chores",
        run: |_| rust(),
    },
    Suite {
        name: "grammar",
        about: "the grammar as others get it",
        run: |_| grammar::test(),
    },
    Suite {
        name: "bench",
        about: "whether the benchmark can be run",
        // Nothing about times: only that what the benchmark measures can be measured.
        run: |_| bench::run(&["--smoke"]).map(|()| Tally::ONE),
    },
    Suite {
        name: "python",
        about: "the Python package, in tables and on Spark",
        run: python::test,
    },
    Suite {
        name: "dist",
        about: "what a release holds, installed and run",
        run: |_| dist::test(),
    },
    Suite {
        name: "emacs",
        about: "the mode for Emacs",
        run: |_| emacs::test(),
    },
    Suite {
        name: "vim",
        about: "the files for Vim, in the real Vim",
        run: |_| vim::test(),
    },
    Suite {
        name: "kakoune",
        about: "the page of Kakoune, in the real Kakoune",
        run: |_| kakoune::test(),
    },
    Suite {
        name: "zed",
        about: "the extension for Zed",
        run: |_| zed::check(),
    },
    Suite {
        name: "nvim",
        about: "the plugin in the real Neovim",
        run: |_| nvim::test(),
    },
    Suite {
        name: "extension",
        about: "the parts of the extension for VS Code",
        run: |_| extension::test(),
    },
    Suite {
        name: "claim-page",
        about: "the claim panel in Chromium",
        run: |_| claim_page::test(),
    },
    Suite {
        name: "vscode",
        about: "the extension in the real VS Code",
        run: vscode::test,
    },
];

/// Where the suites leave what they need for a while. It is gone when the tests end.
const PLACE: &str = "SOAPSTONE_TEST_PLACE";

/// Runs every suite, or the one that is named.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let (suites, arguments): (&[Suite], &[&str]) = match arguments.split_first() {
        None => (SUITES, &[]),
        Some((name, rest)) => {
            let at = SUITES.iter().position(|suite| suite.name == *name);
            let at = at.ok_or_else(|| format!("there is no suite {name}\n\n{}", list()))?;
            (&SUITES[at..=at], rest)
        }
    };
    if env::var_os(PLACE).is_none() {
        if suites.len() > 1 {
            println!("{}", announcement());
        }
        return in_a_place_of_its_own();
    }
    let started = Instant::now();
    let mut all = Tally::default();
    let mut failed = Vec::new();
    let mut times = Vec::new();
    for suite in suites {
        println!("== {}: {}", suite.name, suite.about);
        let began = Instant::now();
        match (suite.run)(arguments) {
            Ok(tally) => {
                if tally.failed > 0 {
                    failed.push(suite.name);
                }
                all += tally;
            }
            Err(failure) => {
                println!("{failure}");
                all.failed += 1;
                failed.push(suite.name);
            }
        }
        times.push(format!("{} {}", suite.name, began.elapsed().as_secs()));
    }
    let seconds = started.elapsed().as_secs();
    println!("== after {seconds} seconds: {}", times.join(", "));
    for name in &failed {
        println!("failed: {name} (cargo xtask test {name})");
    }
    println!("{all}");
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::new())
    }
}

/// The same again with a temporary folder that takes with it what the suites forget there.
fn in_a_place_of_its_own() -> Result<(), Failure> {
    let place = env::temp_dir().join(format!("soapstone-test-{}", process::id()));
    let wrong = |error: std::io::Error| format!("{}: {error}", place.display());
    fs::create_dir_all(&place).map_err(wrong)?;
    let mut again = Command::new(env::current_exe().map_err(wrong)?);
    again.args(env::args_os().skip(1)).env(PLACE, "1");
    for name in ["TMPDIR", "TEMP", "TMP"] {
        again.env(name, &place);
    }
    let status = again.status();
    fs::remove_dir_all(&place).map_err(wrong)?;
    if status.map_err(wrong)?.success() {
        Ok(())
    } else {
        // It was said already what failed, and the sum is to be the last line.
        Err(Failure::new())
    }
}

/// What is going to happen, before the first long silence.
fn announcement() -> String {
    let debian = [
        ("Chromium", tools::has_chromium()),
        ("Emacs", tools::found("emacs").is_some()),
        ("tmux", tools::found("tmux").is_some()),
    ];
    let missing = debian.iter().filter(|(_, is_here)| !is_here);
    let mut missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
    let places = [
        ("Neovim", "target/editors/nvim/venv"),
        ("VS Code", "tests/editors/vscode/node_modules"),
    ];
    let not_here = |place: &str| !workspace().join(place).exists();
    missing.extend(places.iter().filter(|p| not_here(p.1)).map(|p| p.0));
    let install = if missing.is_empty() {
        "Nothing has to be installed".to_owned()
    } else {
        format!(
            "These are installed first, where the tests need them: {}",
            missing.join(", ")
        )
    };
    format!(
        "This builds Soapstone and tries it in every editor. {install}. On two cores it takes about fifteen minutes, \
         and eight more where nothing is built yet."
    )
}

fn list() -> String {
    let lines = SUITES
        .iter()
        .map(|suite| format!("  {:12}{}", suite.name, suite.about));
    format!("Suites:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

fn formatting() -> Result<Tally, Failure> {
    let folder = workspace().join("server/src/rules");
    let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let paths = entries.flatten().map(|entry| entry.path());
    // A macro declares the rules' files as modules, so that `cargo fmt` does not see them by itself.
    let rules = paths.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let mut cargo = tools::cargo();
    cargo.args(["fmt", "--all", "--check", "--"]).args(rules);
    tools::run(&mut cargo).map(|()| Tally::ONE)
}

fn lints() -> Result<Tally, Failure> {
    let mut cargo = tools::cargo();
    cargo.args(["clippy", "--workspace", "--all-targets", "--locked"]);
    tools::run(cargo.args(["--", "-D", "warnings"])).map(|()| Tally::ONE)
}

fn rust() -> Result<Tally, Failure> {
    // Pages that the program makes are tried in it.
    tools::chromium()?;
    let mut cargo = tools::cargo();
    cargo.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    // Where everything is to be tested, a test that cannot be run is a failure.
    cargo.env("SOAPSTONE_TEST_ALL", "1");
    Tally::of("cargo test", cargo)
}
