//! `soapstone-bench [PART...] [--quick | --smoke] [--check]`, called by `cargo xtask bench`.

use std::process::ExitCode;

use soapstone_bench::{
    Extent, Failure, check, codes, keystrokes, memory, requests, shapes, soak, start,
};

const USAGE: &str = "\
bench takes PART... [--quick | --smoke] [--check], or soak [EDITS]

Parts: keystrokes, start, memory, check, codes, requests, shapes. Without one, all of them.
  --quick  a first impression, in a minute or less
  --smoke  each thing once, to see that it can be measured
  --check  end with 1 if a limit is exceeded";

/// A measurement, which returns how many of its rows are over their limits.
type Part = fn(Extent) -> Result<usize, Failure>;

const PARTS: [(&str, Part); 7] = [
    ("keystrokes", keystrokes::run),
    ("start", start::run),
    ("memory", memory::run),
    ("check", check::run),
    ("codes", codes::run),
    ("requests", requests::run),
    ("shapes", shapes::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    if let Some((part, rest)) = arguments.split_first()
        && part == "soak"
    {
        return soak::run(rest).map(|()| ExitCode::SUCCESS);
    }
    let mut extent = Extent::Full;
    let mut must_hold = false;
    let mut wanted = Vec::new();
    for argument in arguments {
        match argument.as_str() {
            "--quick" => extent = Extent::Quick,
            "--smoke" => extent = Extent::Smoke,
            "--check" => must_hold = true,
            part if PARTS.iter().any(|(name, _)| *name == part) => wanted.push(part),
            _ => return Err(USAGE.to_owned()),
        }
    }
    let mut over = 0;
    for (name, part) in PARTS {
        if wanted.is_empty() || wanted.contains(&name) {
            over += part(extent)?;
        }
    }
    if extent == Extent::Smoke {
        println!("Everything can be measured.");
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "\n{}",
        match over {
            0 => "Everything measured is within its limit.".to_owned(),
            1 => "One figure is over its limit.".to_owned(),
            _ => format!("{over} figures are over their limits."),
        }
    );
    Ok(ExitCode::from(u8::from(must_hold && over > 0)))
}
