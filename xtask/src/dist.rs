//! `cargo xtask dist`: all that a release holds for this kind of computer, in `target/dist`: the extension for VS Code with
//! the program inside, an archive with the program, its manual pages and the completions of shells, the Python wheel, a list of
//! what they are made of (an SBOM, in CycloneDX), and the checksums of all.

use std::env::consts::EXE_SUFFIX;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::python::{Home, python};
use crate::tally::Tally;
use crate::{Failure, extension, man, sbom, sha256, tools, workspace};

const USAGE: &str =
    "dist takes --debug, --target NAME, --server FILE, --wheel FILE and --no-wheel, or nothing";
/// The shells that the program completes in, and how the files are called there.
const COMPLETIONS: [(&str, &str); 5] = [
    ("bash", "soapstone.bash"),
    ("zsh", "_soapstone"),
    ("fish", "soapstone.fish"),
    ("powershell", "_soapstone.ps1"),
    ("elvish", "soapstone.elv"),
];
/// What stands beside the program in the archive.
const BESIDE: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// What is asked for.
struct Asked {
    release: bool,
    target: String,
    /// The program, if it is built already.
    server: Option<PathBuf>,
    wheel: Wheel,
}

enum Wheel {
    Built,
    At(PathBuf),
    None,
}

/// Makes the files.
pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    let asked = Asked::of(arguments)?;
    for file in make(&asked, &workspace().join("target/dist"))? {
        println!("{}", file.display());
    }
    Ok(())
}

impl Asked {
    fn of(arguments: &[&str]) -> Result<Self, Failure> {
        let (mut release, mut target, mut server) = (true, None, None);
        let mut wheel = Wheel::Built;
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut next = || arguments.next().copied().ok_or(USAGE);
            match *argument {
                "--debug" => release = false,
                "--target" => target = Some(next()?.to_owned()),
                "--server" => server = Some(PathBuf::from(next()?)),
                "--wheel" => wheel = Wheel::At(PathBuf::from(next()?)),
                "--no-wheel" => wheel = Wheel::None,
                _ => return Err(USAGE.to_owned()),
            }
        }
        Ok(Self {
            release,
            target: target.map_or_else(extension::this_computer, Ok)?,
            server,
            wheel,
        })
    }
}

/// Makes the files in a folder, in which nothing else stays. They are told by name, the checksums last.
fn make(asked: &Asked, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let server = match &asked.server {
        Some(server) => server.clone(),
        None => tools::server(asked.release)?,
    };
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).map_err(wrong)?;
    extension::pack(&server, &asked.target, folder)?;
    archive(&server, &asked.target, folder)?;
    if let Some(wheel) = wheel(asked)? {
        let name = wheel.file_name().ok_or(USAGE)?;
        fs::copy(&wheel, folder.join(name)).map_err(wrong)?;
    }
    let sbom = folder.join("soapstone.cdx.json");
    fs::write(sbom, sbom::bill()?).map_err(wrong)?;
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(wrong)?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let mut sums = String::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().display();
        let _ = writeln!(sums, "{}  {name}", sha256::of_file(file)?);
    }
    files.push(folder.join("SHA256SUMS"));
    fs::write(&files[files.len() - 1], sums).map_err(wrong)?;
    Ok(files)
}

/// The wheel, if one is wanted.
fn wheel(asked: &Asked) -> Result<Option<PathBuf>, Failure> {
    match &asked.wheel {
        Wheel::None => Ok(None),
        Wheel::At(file) => Ok(Some(file.clone())),
        Wheel::Built => {
            let python =
                python().ok_or("there is no Python that is new enough; --no-wheel does without")?;
            let home = Home::at(workspace().join("target/python/venv"));
            home.prepare(&python)?;
            let profile = if asked.release { "release" } else { "dev" };
            let folder = workspace().join("target/python/dist");
            home.wheel(profile, &folder).map(Some)
        }
    }
}

/// What the archive is called, and the folder in it.
fn name_of_archive(target: &str) -> String {
    format!("soapstone-{}-{target}", env!("CARGO_PKG_VERSION"))
}

/// Packs the program with its manual pages and completions.
fn archive(server: &Path, target: &str, folder: &Path) -> Result<(), Failure> {
    let is_windows = target.starts_with("win32");
    let name = name_of_archive(target);
    let inside = workspace().join("target/archive").join(&name);
    let wrong = |error: std::io::Error| format!("{}: {error}", inside.display());
    let _ = fs::remove_dir_all(&inside);
    fs::create_dir_all(inside.join("completions")).map_err(wrong)?;
    let program = if is_windows {
        "soapstone.exe"
    } else {
        "soapstone"
    };
    fs::copy(server, inside.join(program)).map_err(wrong)?;
    for file in BESIDE {
        fs::copy(workspace().join(file), inside.join(file)).map_err(wrong)?;
    }
    man::write(&inside.join("man"))?;
    for (shell, file) in COMPLETIONS {
        fs::write(
            inside.join("completions").join(file),
            man::completions(shell)?,
        )
        .map_err(wrong)?;
    }
    // Windows opens the one by itself, everything else the other.
    let (file, how) = if is_windows {
        (format!("{name}.zip"), "-acf")
    } else {
        (format!("{name}.tar.gz"), "-czf")
    };
    let mut tar = Command::new("tar");
    tar.arg(how).arg(folder.join(file)).arg("-C");
    tar.arg(workspace().join("target/archive")).arg(&name);
    tools::run(&mut tar)
}

/// Makes all of it of a debug build and the wheel of the tests, and installs and runs each in a clean folder.
pub fn test() -> Result<Tally, Failure> {
    let Some(python) = python() else {
        println!("skipped: there is no Python to put the wheel in");
        return Ok(Tally::SKIPPED);
    };
    let wheels = workspace().join("target/python/wheels");
    let wheel = fs::read_dir(&wheels).map_err(|e| format!("{}: {e}", wheels.display()))?;
    let wheel = wheel.flatten().next().ok_or("there is no wheel")?.path();
    let asked = Asked {
        release: false,
        target: extension::this_computer()?,
        server: None,
        wheel: Wheel::At(wheel),
    };
    // Not where what is handed out lies.
    let folder = workspace().join("target/dist-test");
    let files = make(&asked, &folder)?;
    let clean = folder.join("clean");
    let wrong = |error: std::io::Error| format!("{}: {error}", clean.display());
    fs::create_dir_all(clean.join("archive")).map_err(wrong)?;
    fs::create_dir_all(clean.join("vsix")).map_err(wrong)?;
    let ending = |end: &str| {
        let mut ends = files
            .iter()
            .filter(|file| file.to_string_lossy().ends_with(end));
        ends.next().ok_or_else(|| format!("no {end} was made"))
    };
    sums_hold(&folder)?;

    let packed = if cfg!(windows) { ".zip" } else { ".tar.gz" };
    let mut tar = Command::new("tar");
    tar.arg("-xf")
        .arg(ending(packed)?)
        .arg("-C")
        .arg(clean.join("archive"));
    tools::run(&mut tar)?;
    let unpacked = clean.join("archive").join(name_of_archive(&asked.target));
    works(
        Command::new(unpacked.join(format!("soapstone{EXE_SUFFIX}"))),
        &clean,
    )?;
    for file in BESIDE
        .iter()
        .copied()
        .chain(["man/soapstone.1", "man/soapstone-check.1"])
    {
        has_words(&unpacked.join(file))?;
    }
    for (_, file) in COMPLETIONS {
        has_words(&unpacked.join("completions").join(file))?;
    }

    let home = Home::at(clean.join("venv"));
    home.make(&python)?;
    home.pip(&["install", "--quiet", "--no-index"], ending(".whl")?)?;
    works(home.command("soapstone"), &clean)?;
    let mut import = home.command("python");
    import.args([
        "-c",
        "import soapstone; assert soapstone.check('visit: 2026-11-20\\n97140 lumbar 5 min\\n')",
    ]);
    tools::run(import.current_dir(&clean))?;

    // The extension itself is tried in VS Code; here, the program that it brings.
    let unzip = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])";
    let mut extract = home.command("python");
    extract
        .args(["-c", unzip])
        .arg(ending(".vsix")?)
        .arg(clean.join("vsix"));
    tools::run(&mut extract)?;
    let server = clean.join(format!("vsix/extension/server/soapstone{EXE_SUFFIX}"));
    runnable(&server)?;
    works(Command::new(server), &clean)?;

    let bill = fs::read_to_string(ending(".cdx.json")?).map_err(wrong)?;
    let bill: serde_json::Value = serde_json::from_str(&bill).map_err(|e| e.to_string())?;
    let parts = bill["components"].as_array().map_or(0, Vec::len);
    println!("{} files, {parts} components", files.len());
    fs::remove_dir_all(&folder).map_err(wrong)?;
    Ok(Tally::ONE)
}

/// Whether a program says its version and finds what is wrong in a note.
fn works(mut program: Command, folder: &Path) -> Result<(), Failure> {
    let name = program.get_program().display().to_string();
    let wrong = |error: std::io::Error| format!("{name}: {error}");
    let again = || Command::new(program.get_program());
    let version = again().arg("--version").output().map_err(wrong)?;
    let said = String::from_utf8_lossy(&version.stdout);
    if !said.starts_with(&format!("soapstone {}\n", env!("CARGO_PKG_VERSION"))) {
        return Err(format!("{name} --version said {said:?}"));
    }
    let note = folder.join("visit.soap");
    fs::write(&note, "visit: 2026-11-20\n97140 lumbar 10:35-10:10\n").map_err(wrong)?;
    program.args(["check", "--output-format", "concise", "visit.soap"]);
    program.env_remove("SOAPSTONE_OUTPUT_FORMAT");
    let checked = program.current_dir(folder).output().map_err(wrong)?;
    let said = String::from_utf8_lossy(&checked.stdout);
    if checked.status.code() == Some(1) && said.contains("error[inverted-range]") {
        Ok(())
    } else {
        Err(format!(
            "{name} check ended with {} and said {said}",
            checked.status
        ))
    }
}

/// The checksums are those of the files, as whoever downloads them will look.
fn sums_hold(folder: &Path) -> Result<(), Failure> {
    let path = folder.join("SHA256SUMS");
    let sums = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").ok_or("a line without a name")?;
        if sha256::of_file(&folder.join(name))? != sum {
            return Err(format!("the checksum of {name} is not its own"));
        }
    }
    if sums.lines().count() < 4 {
        return Err(format!("these are not all files:\n{sums}"));
    }
    Ok(())
}

fn has_words(file: &Path) -> Result<(), Failure> {
    match fs::metadata(file) {
        Ok(found) if found.len() > 100 => Ok(()),
        _ => Err(format!("{} is missing or empty", file.display())),
    }
}

/// An archive that Python unpacks does not say what may be run.
fn runnable(file: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))
            .map_err(|e| format!("{}: {e}", file.display()))?;
    }
    has_words(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str) -> String {
        let path = workspace().join(file);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    /// The targets of the release workflow, without those that hold the same program as another.
    fn targets() -> Vec<String> {
        let workflow = read(".github/workflows/release.yml");
        let rows = workflow
            .lines()
            .filter_map(|line| line.trim().strip_prefix("- { target: "));
        let names = rows.filter_map(|row| Some(row.split_once(',')?.0.to_owned()));
        names.filter(|name| !name.starts_with("alpine")).collect()
    }

    #[test]
    fn what_packagers_name_is_what_is_made() {
        let formula = read("packaging/homebrew/soapstone.rb");
        let installer = read("packaging/winget/Soapstone.Soapstone.installer.yaml");
        let targets = targets();
        assert_eq!(targets.len(), 6, "{targets:?}");
        for target in targets {
            let name = name_of_archive(&target);
            if target.starts_with("win32") {
                assert!(installer.contains(&format!("/{name}.zip\n")), "{name}");
                assert!(
                    installer.contains(&format!("{name}\\soapstone.exe")),
                    "{name}"
                );
            } else {
                assert!(formula.contains(&format!("/{name}.tar.gz\"")), "{name}");
            }
        }
        for (shell, file) in &COMPLETIONS[..3] {
            assert!(
                formula.contains(&format!("completions/{file}\"")),
                "{shell}"
            );
        }
        let version = env!("CARGO_PKG_VERSION");
        for (file, line) in [
            (
                "homebrew/soapstone.rb",
                format!("  version \"{version}\"\n"),
            ),
            ("nix/package.nix", format!("  version = \"{version}\";\n")),
            (
                "winget/Soapstone.Soapstone.yaml",
                format!("PackageVersion: {version}\n"),
            ),
            (
                "winget/Soapstone.Soapstone.installer.yaml",
                format!("PackageVersion: {version}\n"),
            ),
            (
                "winget/Soapstone.Soapstone.locale.en-US.yaml",
                format!("PackageVersion: {version}\n"),
            ),
        ] {
            assert!(read(&format!("packaging/{file}")).contains(&line), "{file}");
        }
    }
}
