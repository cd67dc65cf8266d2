//! What the command line and the server leave alone, and how they leave notes behind that they change.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Client, Note};

const NOTE: &str = "visit: 2026-11-02\n97124 lumbar 10:00-10:07\n";
/// In another form than the usual one.
const SHAPELESS: &str = "VISIT:2026-11-02\n97124   lumbar 10:00-10:30   \n";

fn soapstone(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soapstone"));
    command
        .current_dir(folder)
        .env("SOAPSTONE_NOW", "2026-11-22T10:47");
    command
}

/// The exit code, what was printed and what was complained of. Fails if it takes longer than anybody waits.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = soapstone(folder);
    let child = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = child.spawn().expect("it runs");
    let end = Instant::now() + Duration::from_secs(20);
    while child.try_wait().expect("a child").is_none() {
        if Instant::now() > end {
            let _ = child.kill();
            panic!("soapstone {arguments:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().expect("its output");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

#[test]
fn a_note_that_is_too_long_is_named_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let long = format!("{NOTE}{}", "S: x\n".repeat((8 << 20) / 5));
    assert!(long.len() > 8 << 20);
    std::fs::write(folder.path().join("long.soap"), &long).expect("written");
    std::fs::write(folder.path().join("short.soap"), NOTE).expect("written");
    let (exit, out, errors) = run(folder.path(), &["check", ".", "--output-format", "concise"]);
    assert_eq!(exit, 2);
    assert!(
        errors.contains("The note long.soap is too long"),
        "{errors}"
    );
    assert!(
        out.contains("short.soap:2") && !out.contains("long.soap"),
        "{out}"
    );
    let (exit, _, errors) = run(folder.path(), &["fmt", "long.soap"]);
    assert!(
        exit == 2 && errors.contains("too long to be checked"),
        "{errors}"
    );
    let (exit, _, errors) = run(folder.path(), &["check", "/dev/zero"]);
    assert!(
        exit == 2 && errors.contains("too long to be checked"),
        "{errors}"
    );
    let (exit, _, errors) = run(folder.path(), &["import", "/dev/zero"]);
    assert!(
        exit == 2 && errors.contains("larger than 64 MB"),
        "{errors}"
    );
    // In the editor it is named as well; shorter, it is judged.
    let visit = format!("visit: 2026-11-02\n{}", "x\n".repeat(40_000));
    for long in [
        "visit: 2026-11-02\n".repeat(20_001),
        "x\n".repeat(50_001),
        visit.repeat(6),
    ] {
        std::fs::write(folder.path().join("long.soap"), long).expect("written");
        let (exit, _, errors) = run(folder.path(), &["check", "long.soap"]);
        assert!(
            exit == 2 && errors.contains("too long to be checked"),
            "{errors}"
        );
    }
    let mut client = Client::new();
    let long = format!("{NOTE}S: {}\n", "x".repeat(8 << 20));
    let mut note = Note::open(&mut client, "file:///charts/1.soap", &long);
    let why =
        |found: &[serde_json::Value]| found[0]["message"].as_str().expect("a sentence").to_owned();
    assert!(why(&note.diagnostics(&mut client)).contains("too long to be checked"));
    note.text = NOTE.to_owned();
    note.change(&mut client, json!([{"text": NOTE}]));
    assert!(
        note.rules(&mut client)
            .contains(&"under-eight-minutes".to_owned())
    );
    // It grew while it was typed.
    let end = note.text.len();
    note.replace(&mut client, end, end, &"x\n".repeat(50_001));
    assert!(why(&note.diagnostics(&mut client)).contains("too long to be checked"));
}

#[test]
fn nothing_in_the_name_of_a_file_commands_a_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "a\u{1b}]0;x\u{7}\u{202e}b.soap";
    std::fs::write(folder.path().join(name), NOTE).expect("written");
    std::fs::write(folder.path().join("\u{1b}[2Jc.soap"), b"\xff").expect("written");
    for arguments in [
        &["check", "."][..],
        &["check", ".", "--output-format", "concise"],
        &["check", ".", "--statistics"],
        &["claim", "."],
        &["stats", "."],
        &["config", "."],
        &["fmt", "."],
        &["fmt", ".", "--check"],
        &["import", "."],
        &["check", "\u{1b}[2Jnone.soap"],
    ] {
        let (_, out, errors) = run(folder.path(), arguments);
        for said in [out, errors] {
            assert!(
                !said.contains(['\u{1b}', '\u{7}', '\u{202e}']),
                "{arguments:?}: {said:?}"
            );
        }
    }
    let (_, out, _) = run(folder.path(), &["check", ".", "--output-format", "concise"]);
    assert!(out.contains("a\\u{1b}]0;x\\u{7}\\u{202e}b.soap:"), "{out}");
}

/// A pipe or a device may have no end, and nobody may come to write into it.
#[cfg(unix)]
#[test]
fn tables_are_read_from_files_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("1.soap"), NOTE).expect("written");
    std::fs::create_dir(at("folder")).expect("a folder");
    let made = Command::new("mkfifo")
        .arg(at("pipe"))
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
    for file in ["pipe", "folder", "/dev/zero", "/dev/stdin", "/dev/tty"] {
        for settings in [
            format!("[icd10]\nname = \"x\"\ncodes = \"{file}\"\n"),
            format!("[ncci]\nfile = \"{file}\"\nfrom = \"2027-01-01\"\n"),
            format!("[mue]\nfile = \"{file}\"\nfrom = \"2027-01-01\"\n"),
        ] {
            std::fs::write(at("soapstone.toml"), settings).expect("written");
            let (exit, out, errors) = run(
                folder.path(),
                &["check", "1.soap", "--output-format", "concise"],
            );
            assert!(
                exit == 1 && out.contains("under-eight-minutes"),
                "{out}{errors}"
            );
            assert!(
                errors.contains("it is not a file with text"),
                "{file}: {errors}"
            );
        }
    }
    // What is no file is no settings file either.
    std::fs::remove_file(at("soapstone.toml")).expect("gone");
    let made = Command::new("mkfifo")
        .arg(at("soapstone.toml"))
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
    assert_eq!(run(folder.path(), &["check", "1.soap"]).0, 1);
}

#[cfg(unix)]
fn begins_to_write(folder: &Path) -> Child {
    let mut command = soapstone(folder);
    command
        .args(["fmt", "1.soap"])
        .env("SOAPSTONE_TEST_HOOKS", "slow-write");
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    std::thread::sleep(Duration::from_millis(600));
    child
}

#[cfg(unix)]
#[test]
fn nothing_stays_behind_when_fmt_is_interrupted() {
    if !cfg!(debug_assertions) {
        return;
    }
    // Not even a signal that nobody can hold off leaves anything, where files need no name.
    let signals: &[&str] = if cfg!(target_os = "linux") {
        &["INT", "TERM", "HUP", "KILL"]
    } else {
        &["INT", "TERM"]
    };
    for signal in signals {
        let folder = tempfile::tempdir().expect("a folder");
        let note = folder.path().join("1.soap");
        std::fs::write(&note, SHAPELESS).expect("written");
        let mut child = begins_to_write(folder.path());
        assert!(
            child.try_wait().expect("a child").is_none(),
            "it still writes"
        );
        let sent = Command::new("kill")
            .arg(format!("-{signal}"))
            .arg(child.id().to_string())
            .status();
        assert!(sent.expect("kill runs").success());
        let status = child.wait().expect("it ends");
        assert_eq!(names(folder.path()), ["1.soap"], "{signal}");
        let text = std::fs::read_to_string(&note).expect("a note");
        let is_done = text.starts_with("visit: 2026-11-02\n");
        assert!(is_done || text == SHAPELESS, "{text}");
        // Whoever runs the tests in the background may have these ignored; then it goes on to its end.
        let may_be_ignored = matches!(*signal, "INT" | "HUP") && status.success() && is_done;
        assert!(
            status.code().is_none() || may_be_ignored,
            "{signal} ends it: {status}"
        );
    }
}

/// What `import` and `export` write is there as a whole, or not at all.
#[cfg(unix)]
#[test]
fn what_is_made_is_made_as_a_whole() {
    if !cfg!(debug_assertions) {
        return;
    }
    for (arguments, made) in [
        (&["import", "1.txt", "--output-dir", "."][..], "1.soap"),
        (&["export", "2.soap", "-o", "2.html"], "2.html"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["1.txt", "2.soap"] {
            std::fs::write(folder.path().join(name), NOTE).expect("written");
        }
        let before = names(folder.path());
        let mut command = soapstone(folder.path());
        command
            .args(arguments)
            .env("SOAPSTONE_TEST_HOOKS", "slow-write");
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        std::thread::sleep(Duration::from_millis(700));
        let _ = child.kill();
        let _ = child.wait();
        let mut after = names(folder.path());
        after.retain(|name| name != made);
        if cfg!(target_os = "linux") {
            assert_eq!(after, before, "{arguments:?}");
        }
        // Not killed, it is all there.
        let (exit, _, errors) = run(folder.path(), arguments);
        if exit == 0 {
            let text = std::fs::read_to_string(folder.path().join(made)).expect("made");
            assert!(text.ends_with('\n'), "{text}");
        } else {
            assert!(errors.contains("is there already"), "{errors}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn fmt_keeps_what_belongs_to_a_note_or_leaves_it_alone() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    let folder = tempfile::tempdir().expect("a folder");
    let note = folder.path().join("1.soap");
    std::fs::write(&note, SHAPELESS).expect("written");
    std::fs::set_permissions(&note, std::fs::Permissions::from_mode(0o640)).expect("set");
    // Only the system's administrator may give a file away.
    let given = std::os::unix::fs::chown(&note, Some(1234), Some(4321));
    let marked = rustix::fs::setxattr(&note, "user.tag", b"chart", rustix::fs::XattrFlags::empty());
    let before = std::fs::metadata(&note).expect("there");
    assert_eq!(run(folder.path(), &["fmt", "1.soap"]).0, 0);
    let after = std::fs::metadata(&note).expect("there");
    assert_ne!(before.ino(), after.ino(), "it is another file in its place");
    assert_eq!(
        (before.uid(), before.gid(), before.mode()),
        (after.uid(), after.gid(), after.mode())
    );
    if given.is_err() {
        eprintln!(
            "not tried: to keep another owner and group, which only an administrator can set"
        );
    }
    let mut value = [0; 16];
    match marked {
        Ok(()) => assert_eq!(
            rustix::fs::getxattr(&note, "user.tag", &mut value[..]),
            Ok(5)
        ),
        Err(error) => eprintln!(
            "not tried: to keep what other programs note on a file, which this file system has not: {error}"
        ),
    }
    // A second name would keep the old text.
    std::fs::write(&note, SHAPELESS).expect("written");
    std::fs::hard_link(&note, folder.path().join("2.soap")).expect("linked");
    let (exit, _, errors) = run(folder.path(), &["fmt", "1.soap"]);
    assert!(exit == 2 && errors.contains("second name"), "{errors}");
    assert_eq!(std::fs::read_to_string(&note).expect("a note"), SHAPELESS);
    assert_eq!(names(folder.path()), ["1.soap", "2.soap"]);
}
