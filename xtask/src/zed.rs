//! Zed's extension, which is no member of the workspace: Zed builds it by itself, for WebAssembly.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::tally::Tally;
use crate::{Failure, tools, workspace};

/// The kind of machine that Zed builds extensions for.
const ZED_TARGET: &str = "wasm32-wasip2";

/// Checks the extension's formatting, lints and types.
pub fn check() -> Result<Tally, Failure> {
    let target = if has_target() {
        println!("checking the extension for {ZED_TARGET}");
        Some(ZED_TARGET)
    } else {
        println!(
            "checking the extension for this machine, because Rust's library for {ZED_TARGET} is not \
             installed; Zed builds it for that"
        );
        None
    };
    cargo(&["fmt", "--check"])?;
    let mut arguments = vec!["clippy", "--locked", "--quiet", "--target-dir"];
    arguments.push("../../target/zed-check");
    arguments.extend(target.iter().flat_map(|target| ["--target", target]));
    arguments.extend(["--", "-D", "warnings"]);
    cargo(&arguments)?;
    Ok(Tally::ONE)
}

pub fn run(arguments: &[&str]) -> Result<(), Failure> {
    match arguments {
        ["--check"] => check().map(|_| ()),
        [] => write(),
        _ => Err("zed takes --check, or nothing".to_owned()),
    }
}

/// Writes `target/zed`, which Zed can install as a dev extension: the extension with the address and
/// the commit of this copy of Soapstone, from where Zed fetches the grammar.
fn write() -> Result<(), Failure> {
    let (here, from) = (workspace(), folder());
    let to = here.join("target/zed");
    let commit = Command::new("git")
        .args(["rev-parse", "HEAD"])
        .current_dir(&here)
        .output()
        .ok()
        .filter(|output| output.status.success())
        .ok_or("Zed fetches the grammar with git, and this folder is no git repository")?;
    let commit = String::from_utf8_lossy(&commit.stdout);
    copy(&from, &to)?;
    let manifest = to.join("extension.toml");
    let text = fs::read_to_string(&manifest).map_err(|e| failed(&manifest, &e))?;
    let text = with_address(&text, &here, commit.trim());
    fs::write(&manifest, text).map_err(|e| failed(&manifest, &e))?;
    println!(
        "In Zed, run \"zed: install dev extension\" and choose {}",
        to.display()
    );
    Ok(())
}

/// The manifest with the folder and the commit to fetch the grammar from.
fn with_address(manifest: &str, folder: &Path, commit: &str) -> String {
    let folder = folder.display().to_string().replace('\\', "/");
    let address = format!("file:///{}", folder.trim_start_matches('/'));
    manifest
        .replace("\"file:///soapstone\"", &format!("\"{address}\""))
        .replace("\"HEAD\"", &format!("\"{commit}\""))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to).map_err(|e| failed(to, &e))?;
    for entry in fs::read_dir(from).map_err(|e| failed(from, &e))? {
        let entry = entry.map_err(|e| failed(from, &e))?;
        let (path, name) = (entry.path(), entry.file_name());
        if name == "target" {
            // What a build in the folder itself left.
        } else if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(|e| failed(&path, &e))?;
        }
    }
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    format!("{}: {error}", path.display())
}

fn folder() -> std::path::PathBuf {
    workspace().join("editors/zed")
}

fn has_target() -> bool {
    Command::new("rustc")
        .args(["--print", "target-libdir", "--target", ZED_TARGET])
        .output()
        .is_ok_and(|output| {
            let folder = String::from_utf8_lossy(&output.stdout);
            output.status.success() && Path::new(folder.trim()).is_dir()
        })
}

fn cargo(arguments: &[&str]) -> Result<(), Failure> {
    tools::run(tools::cargo().args(arguments).current_dir(folder()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_gets_its_address() {
        let manifest = fs::read_to_string(folder().join("extension.toml")).unwrap();
        let text = with_address(&manifest, Path::new("/home/rivera/soapstone"), "0123abc");
        assert!(text.contains("rev = \"0123abc\""), "{text}");
        let address = "repository = \"file:///home/rivera/soapstone\"";
        assert_eq!(text.matches(address).count(), 2, "{text}");
        assert_eq!(
            with_address("\"file:///soapstone\"", Path::new(r"C:\soapstone"), ""),
            "\"file:///C:/soapstone\""
        );
    }
}
