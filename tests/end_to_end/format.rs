//! Formatting, in the editor and on the command line; `new` and `codes`.

use serde_json::{Value, json};

use crate::client::{Client, Note, Setup};
use crate::command_line::{folder_of, run, run_with_input};
use crate::notes::folder;

const HURRIED: &str = "Patient: 1\n\n\n\nDOS: 11/20/26\ns:Stiff \u{1F600}  \n97124   lumbar 10:02 – 10:27\n\ttechnique:  petrissage\np: weekly";
const FORMATTED: &str = "patient: 1\n\nDOS: 2026-11-20\nS: Stiff \u{1F600}\n97124 lumbar 10:02-10:27\n  technique: petrissage\nP: weekly\n";

fn options() -> Value {
    json!({"tabSize": 8, "insertSpaces": false})
}

/// Asks for edits, applies them as an editor does, and notifies the server.
fn apply(client: &mut Client, note: &mut Note, method: &str, mut params: Value) -> usize {
    params["textDocument"] = note.id();
    params["options"] = options();
    let edits = client.request(method, params);
    let edits = edits.as_array().expect("edits").clone();
    let count = edits.len();
    let action = json!({"edit": {"changes": {note.uri.clone(): edits}}});
    if count > 0 {
        note.apply(client, &action);
    }
    count
}

fn open(encodings: &Value, text: &str) -> (Client, Note) {
    let mut client = Client::with(Setup {
        encodings: Some(encodings.clone()),
        ..Setup::default()
    });
    let note = Note::open(&mut client, "file:///a.soap", text);
    (client, note)
}

#[test]
fn a_note_is_put_into_form_in_every_encoding() {
    for encodings in [json!(["utf-16"]), json!(["utf-8"]), json!(["utf-32"])] {
        for (text, expected) in [
            (HURRIED.to_owned(), FORMATTED.to_owned()),
            (
                HURRIED.replace('\n', "\r\n"),
                FORMATTED.replace('\n', "\r\n"),
            ),
            (HURRIED.replace('\n', "\r"), FORMATTED.replace('\n', "\r")),
        ] {
            let (mut client, mut note) = open(&encodings, &text);
            let edits = apply(&mut client, &mut note, "textDocument/formatting", json!({}));
            assert!(edits > 8, "{edits} edits");
            assert_eq!(note.text, expected);
            let again = apply(&mut client, &mut note, "textDocument/formatting", json!({}));
            assert_eq!(again, 0);
            note.diagnostics(&mut client);
        }
    }
}

#[test]
fn the_server_says_what_it_formats() {
    let client = Client::new();
    let can = &client.server["capabilities"];
    assert_eq!(can["documentFormattingProvider"], true);
    assert_eq!(
        can["documentRangeFormattingProvider"],
        json!({"rangesSupport": true})
    );
    assert_eq!(
        can["documentOnTypeFormattingProvider"],
        json!({"firstTriggerCharacter": "\n"})
    );
}

#[test]
fn selections_change_their_lines_alone() {
    let text = "s: a \no: b \na: c \np: d \n";
    let (mut client, mut note) = open(&json!(["utf-16"]), text);
    let range = note.range(6, 12);
    apply(
        &mut client,
        &mut note,
        "textDocument/rangeFormatting",
        json!({"range": range}),
    );
    assert_eq!(note.text, "s: a \nO: b\na: c \np: d \n");
    let ranges = json!([note.range(0, 1), note.range(18, 20)]);
    apply(
        &mut client,
        &mut note,
        "textDocument/rangesFormatting",
        json!({"ranges": ranges}),
    );
    assert_eq!(note.text, "S: a\nO: b\na: c \nP: d\n");
    note.diagnostics(&mut client);
}

#[test]
fn enter_after_a_modality_makes_room_for_its_details() {
    let (mut client, mut note) = open(&json!(["utf-16"]), "visit: 2026-11-20\n");
    let enter = |client: &mut Client, note: &mut Note| {
        note.type_end(client, "\n");
        let position = note.position(note.text.len());
        let params = json!({"position": position, "ch": "\n"});
        apply(client, note, "textDocument/onTypeFormatting", params);
    };
    note.type_end(&mut client, "97124  lumbar 10:02 to 10:27 ");
    enter(&mut client, &mut note);
    assert_eq!(note.text, "visit: 2026-11-20\n97124 lumbar 10:02-10:27\n  ");
    note.type_end(&mut client, "Technique:  petrissage");
    enter(&mut client, &mut note);
    enter(&mut client, &mut note);
    note.type_end(&mut client, "a: better");
    assert_eq!(
        note.text,
        "visit: 2026-11-20\n97124 lumbar 10:02-10:27\n  technique: petrissage\n\na: better"
    );
    // Another key, and another place than a line's start.
    let params = json!({"position": note.position(3), "ch": ";"});
    assert_eq!(
        apply(
            &mut client,
            &mut note,
            "textDocument/onTypeFormatting",
            params
        ),
        0
    );
    note.diagnostics(&mut client);
}

#[test]
fn an_editor_may_keep_its_spaces_and_its_last_line() {
    let (mut client, note) = open(&json!(["utf-16"]), "s: a ");
    let mut options = options();
    options["trimTrailingWhitespace"] = json!(false);
    options["insertFinalNewline"] = json!(false);
    let params = json!({"textDocument": note.id(), "options": options});
    let edits = client.request("textDocument/formatting", params);
    assert_eq!(edits, json!([{"range": note.range(0, 1), "newText": "S"}]));
    note.diagnostics(&mut client);
}

#[test]
fn a_note_that_is_not_open_has_no_form() {
    let mut client = Client::new();
    let params = json!({"textDocument": {"uri": "file:///b.soap"}, "options": options()});
    assert_eq!(
        client.request("textDocument/formatting", params),
        Value::Null
    );
}

#[test]
fn fmt_changes_the_files_that_need_it() {
    let dir = folder_of(&[
        ("b.soap", FORMATTED),
        ("in/a.soap", HURRIED),
        ("in/bom.soap", &format!("\u{feff}{HURRIED}")),
        ("c.txt", HURRIED),
    ]);
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    let a = dir.path().join("in/a.soap");
    let (exit, out, errors) = run(dir.path(), &["fmt", "--check", "."]);
    assert_eq!((exit, errors.as_str()), (1, ""));
    assert_eq!(
        out.replace('\\', "/"),
        "in/a.soap\nin/bom.soap\n2 notes would be formatted; 1 was already.\n"
    );
    assert_eq!(read("in/a.soap"), HURRIED);

    let before = std::fs::metadata(dir.path().join("b.soap"))
        .unwrap()
        .modified()
        .unwrap();
    let (exit, out, errors) = run(dir.path(), &["fmt", ".", "in/a.soap"]);
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert!(
        out.ends_with("2 notes formatted; 1 was already.\n"),
        "{out}"
    );
    assert_eq!(std::fs::read_to_string(a).unwrap(), FORMATTED);
    assert_eq!(read("in/bom.soap"), format!("\u{feff}{FORMATTED}"));
    assert_eq!(read("c.txt"), HURRIED, "not a note");
    let after = std::fs::metadata(dir.path().join("b.soap"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(before, after, "not touched");
    assert_eq!(
        std::fs::read_dir(dir.path().join("in")).unwrap().count(),
        2,
        "nothing left over"
    );

    let (exit, out, _) = run(dir.path(), &["fmt", "--check", "."]);
    assert_eq!(
        (exit, out.as_str()),
        (0, "3 notes are in their usual form.\n")
    );
    // What is named is a note, whatever its name.
    assert_eq!(run(dir.path(), &["fmt", "c.txt"]).0, 0);
    assert_eq!(read("c.txt"), FORMATTED);
}

#[test]
fn fmt_names_what_it_cannot_read_and_does_the_others() {
    let dir = folder_of(&[("a.soap", HURRIED)]);
    let latin = b"S: caf\xe9  \n";
    std::fs::write(dir.path().join("latin.soap"), latin).unwrap();
    let (exit, _, errors) = run(dir.path(), &["fmt", "latin.soap", "none.soap", "a.soap"]);
    assert_eq!(exit, 2);
    assert_eq!(
        errors,
        "The note latin.soap could not be read: it is not saved as UTF-8 text, as line 1 shows; save it as UTF-8 and check it again.\nThe note none.soap could not be read: there is no such file or folder.\n"
    );
    assert_eq!(std::fs::read(dir.path().join("latin.soap")).unwrap(), latin);
    assert_eq!(
        std::fs::read_to_string(dir.path().join("a.soap")).unwrap(),
        FORMATTED
    );
    assert_eq!(run(dir.path(), &["fmt"]).0, 2, "nothing named");
    assert_eq!(run(dir.path(), &["fmt", "-", "a.soap"]).0, 2);
}

#[test]
fn fmt_passes_a_note_through() {
    let dir = folder_of(&[]);
    let (exit, out, errors) = run_with_input(dir.path(), &["fmt", "-"], HURRIED.as_bytes());
    assert_eq!((exit, out.as_str(), errors.as_str()), (0, FORMATTED, ""));
    let (exit, out, _) = run_with_input(dir.path(), &["fmt", "-"], FORMATTED.as_bytes());
    assert_eq!((exit, out.as_str()), (0, FORMATTED));
    let (exit, out, _) = run_with_input(dir.path(), &["fmt", "-", "--check"], HURRIED.as_bytes());
    assert_eq!((exit, out.as_str()), (1, "The note would be formatted.\n"));
    let (exit, out, errors) = run_with_input(dir.path(), &["fmt", "-"], b"S: \xff  ");
    assert_eq!((exit, out.as_str()), (2, ""));
    assert!(errors.contains("UTF-8"), "{errors}");
}

#[cfg(unix)]
#[test]
fn fmt_keeps_permissions_and_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = folder_of(&[("real/a.soap", HURRIED), ("elsewhere.soap", HURRIED)]);
    let path = |name: &str| dir.path().join(name);
    std::fs::set_permissions(path("real/a.soap"), PermissionsExt::from_mode(0o640)).unwrap();
    symlink("../elsewhere.soap", path("real/link.soap")).unwrap();
    symlink("real/a.soap", path("named")).unwrap();
    // A link in a folder points out of it: it was not named.
    let (exit, _, errors) = run(dir.path(), &["fmt", "real", "named"]);
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert_eq!(
        std::fs::read_to_string(path("elsewhere.soap")).unwrap(),
        HURRIED
    );
    assert_eq!(
        std::fs::read_to_string(path("real/a.soap")).unwrap(),
        FORMATTED
    );
    let mode = std::fs::metadata(path("real/a.soap"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    // A link that is named stays one.
    assert_eq!(run(dir.path(), &["fmt", "real/link.soap"]).0, 0);
    assert!(path("real/link.soap").is_symlink());
    assert_eq!(
        std::fs::read_to_string(path("elsewhere.soap")).unwrap(),
        FORMATTED
    );
    // What is write-protected stays as it is.
    std::fs::write(path("locked.soap"), HURRIED).unwrap();
    std::fs::set_permissions(path("locked.soap"), PermissionsExt::from_mode(0o444)).unwrap();
    let (exit, _, errors) = run(dir.path(), &["fmt", "locked.soap"]);
    assert_eq!(exit, 2);
    assert_eq!(
        errors,
        "The note locked.soap was not changed: it is write-protected.\n"
    );
    assert_eq!(
        std::fs::read_to_string(path("locked.soap")).unwrap(),
        HURRIED
    );
}

#[test]
fn new_prints_a_note_that_only_has_to_be_filled_in() {
    let dir = folder_of(&[]);
    let (exit, out, errors) = run(dir.path(), &["new", "--date", "11/20/2026"]);
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert!(out.contains("\nvisit: 2026-11-20\n"), "{out}");
    let arguments = ["check", "-", "--output-format", "concise"];
    // Nothing is said of the blanks before somebody signs.
    let (exit, found, _) = run_with_input(dir.path(), &arguments, out.as_bytes());
    assert_eq!((exit, found.as_str()), (0, ""));
    let signed = out.replace("signed:", "signed: A. Rivera, LMT 2026-11-20");
    let (_, found, _) = run_with_input(dir.path(), &arguments, signed.as_bytes());
    let blanks = found
        .lines()
        .filter(|l| l.contains("[unfilled-placeholder]"));
    assert!(blanks.count() > 5, "{found}");
    let (exit, _, _) = run_with_input(dir.path(), &["fmt", "--check", "-"], out.as_bytes());
    assert_eq!(exit, 0);
    assert_eq!(run(dir.path(), &["new", "--date", "02/30/2026"]).0, 2);
}

#[test]
fn new_prints_the_next_visit_of_a_chart() {
    let next = |arguments: &[&str]| run(&folder(), arguments);
    let (exit, out, errors) = next(&["new", "format-sample.soap", "--date", "2026-11-27"]);
    assert_eq!((exit, errors.as_str()), (0, ""));
    assert!(
        out.starts_with("visit: 2026-11-27\nsession: ___\n"),
        "{out}"
    );
    assert!(out.contains("97140-59 cervical, R shoulder ___\n"), "{out}");
    assert!(!out.contains("10:02") && !out.contains("hinge"), "{out}");
    let (_, out, _) = next(&["new", "format-sample.soap", "--empty"]);
    assert!(
        out.contains("\nsigned:\n") && !out.contains("97140"),
        "{out}"
    );
    let (exit, out, errors) = next(&["new", "none.soap"]);
    assert_eq!((exit, out.as_str()), (2, ""));
    assert_eq!(
        errors,
        "The note none.soap could not be read: there is no such file or folder.\n"
    );
}

#[test]
fn codes_are_found_by_number_and_by_words() {
    let dir = folder_of(&[]);
    for (words, expected) in [
        (&["massage"][..], "  97124  massage; timed, 15-minute units"),
        (&["effleurage"], "  97124  massage"),
        (&["g0283"], "  G0283  "),
        (&["97014"], "Medicare takes G0283 instead"),
        (&["59"], "  59  distinct service\n"),
        (&["low", "back", "pain"], "  Low back pain, unspecified\n"),
        (&["M54.5"], "  M54.5   Low back pain (a category"),
        (&["97127"], "not valid since 2020; see 97129, 97130\n"),
        (&["back pain", "--limit", "1"], "  More match;"),
    ] {
        let mut arguments = vec!["codes"];
        arguments.extend(words);
        let (exit, out, errors) = run(dir.path(), &arguments);
        assert_eq!((exit, errors.as_str()), (0, ""), "{words:?}");
        assert!(out.contains(expected), "{words:?}: {out}");
    }
    let (_, out, _) = run(dir.path(), &["codes", "back pain"]);
    assert!(
        out.contains("Diagnosis codes (ICD-10-CM, FY2027 (in force since October 2026))\n"),
        "{out}"
    );
    let (_, out, _) = run(dir.path(), &["codes", "massage"]);
    assert!(!out.contains("97112"), "{out}");
    let (exit, out, errors) = run(dir.path(), &["codes", "xyzzy"]);
    assert_eq!((exit, out.as_str()), (1, ""));
    assert_eq!(
        errors,
        "No code matches \"xyzzy\". Try fewer or other words.\n"
    );
    assert_eq!(run(dir.path(), &["codes", " "]).0, 2);
}
