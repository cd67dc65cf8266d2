//! What the README prints is what the program prints.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The text of the first fenced block of a kind, and where it stands.
fn block(text: &str, kind: &str) -> (usize, usize) {
    let fence = format!("```{kind}\n");
    let start = text.find(&fence).expect("the block is there") + fence.len();
    let end = start + text[start..].find("```").expect("the block ends");
    (start, end)
}

#[test]
fn the_printed_example_is_real() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (start, end) = block(&readme, "soap");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("visit.soap"), &readme[start..end]).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_soapstone"))
        .args(["check", "visit.soap"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let (start, end) = block(&readme, "text");
    if env::var_os("SOAPSTONE_BLESS").is_some() {
        let blessed = format!(
            "{}{}\n{}",
            &readme[..start],
            printed.trim_end(),
            &readme[end..]
        );
        fs::write(&path, blessed).unwrap();
        return;
    }
    assert_eq!(
        readme[start..end].trim_end(),
        printed.trim_end(),
        "SOAPSTONE_BLESS=1 writes the README's example anew"
    );
}
