//! Folders of charts: what is found in those that are not open, and that it is shown once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::agreement::{Row, printed, row};
use crate::client::{Client, Note, Settings, Setup, folder, names, uri_of};
use crate::notes;

const NOTE: &str = "visit: 2026-11-02\n97124 lumbar 10:00-10:07\n97140 cervical 10:07-10:30\n";
/// Another note, in which other things are wrong.
const OTHER: &str = "visit: 2026-11-03\n97110 knee 5 min\n";

struct Charts(TempDir);

impl Charts {
    fn new(charts: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in charts {
            folder.write(name, text);
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("charts").join(name)
    }

    fn uri(&self, name: &str) -> String {
        uri_of(&self.path(name))
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn setup(&self) -> Setup {
        Setup {
            folders: vec![self.path("")],
            more: json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}}),
            ..Setup::default()
        }
    }

    /// A client that is sent what is found.
    fn sent(&self) -> Client {
        Client::with(self.setup())
    }

    /// A client that asks.
    fn asking(&self) -> Client {
        Client::with(Setup {
            pulls: true,
            ..self.setup()
        })
    }

    fn tell(&self, client: &mut Client, changes: &[(&str, i64)]) {
        let changes: Vec<Value> = changes
            .iter()
            .map(|(name, kind)| json!({"uri": self.uri(name), "type": kind}))
            .collect();
        client.notify(
            "workspace/didChangeWatchedFiles",
            json!({"changes": changes}),
        );
    }
}

/// What the client is sent next about a chart that is not open.
fn found(client: &mut Client, uri: &str) -> Vec<String> {
    let published = client.published(uri);
    assert_eq!(published.get("version"), None, "{published}");
    names(published["diagnostics"].as_array().unwrap())
}

fn has(rules: &[String], rule: &str) -> bool {
    rules.iter().any(|r| r == rule)
}

fn fresh(text: &str) -> Vec<String> {
    let mut client = Client::new();
    let note = Note::open(&mut client, "untitled:1", text);
    note.rules(&mut client)
}

/// Asks for everything and waits for the answer.
fn all(client: &mut Client) -> BTreeMap<String, Vec<Value>> {
    let id = client.ask_all();
    client.pulled_all(id)
}

#[test]
fn charts_that_are_not_open_are_shown_to_those_who_ask_and_to_those_who_do_not() {
    let charts = Charts::new(&[
        ("a b/é.soap", NOTE),
        ("b.soap", OTHER),
        ("fine.soap", ""),
        (".hidden.soap", NOTE),
        ("letter.txt", NOTE),
    ]);
    let mut client = charts.sent();
    let uris = [charts.uri("a b/é.soap"), charts.uri("b.soap")];
    assert_eq!(found(&mut client, &uris[0]), fresh(NOTE));
    assert_eq!(found(&mut client, &uris[1]), fresh(OTHER));
    // Good-bye fails if anything else was sent.
    drop(client);
    let mut client = charts.asking();
    let shown = all(&mut client);
    assert_eq!(
        shown.keys().collect::<Vec<_>>(),
        uris.iter().collect::<Vec<_>>()
    );
    assert_eq!(names(&shown[&uris[0]]), fresh(NOTE));
}

#[test]
fn the_folder_on_the_command_line_and_in_the_editor() {
    let charts = Charts::new(&[("soapstone.toml", "payer = \"medicare\"\n")]);
    // That all of the notes are judged alike is tested where they are opened.
    let mut paths = notes::notes_of("findings");
    paths.extend(notes::notes_of("clean"));
    for path in paths.iter().step_by(9) {
        let name = path.file_name().unwrap().to_str().unwrap();
        std::fs::copy(path, charts.path(name)).unwrap();
    }
    charts.write("bom/soapstone.toml", "[rules]\nmissing-goal = \"error\"\n");
    charts.write(
        "bom/crlf.soap",
        &format!("\u{feff}{NOTE}").replace('\n', "\r\n"),
    );
    let mut client = Client::with(Setup {
        encodings: Some(json!(["utf-32"])),
        pulls: true,
        ..charts.setup()
    });
    let sorted = |mut rows: Vec<Row>| {
        rows.sort();
        rows
    };
    let on_screen: BTreeMap<String, Vec<Row>> = all(&mut client)
        .into_iter()
        .map(|(uri, found)| (uri, sorted(found.iter().map(row).collect())))
        .collect();
    let on_paper: BTreeMap<String, Vec<Row>> = printed(&[charts.path("")])
        .into_iter()
        .map(|(path, rows)| (uri_of(Path::new(&path)), sorted(rows)))
        .collect();
    assert!(on_paper.len() > 5);
    assert_eq!(on_screen, on_paper);
}

#[test]
fn opening_typing_and_closing_loses_and_doubles_nothing() {
    let charts = Charts::new(&[("a.soap", NOTE)]);
    let uri = charts.uri("a.soap");
    let mut client = charts.sent();
    assert_eq!(found(&mut client, &uri), fresh(NOTE));
    let mut note = Note::open(&mut client, &uri, NOTE);
    assert_eq!(note.rules(&mut client), fresh(NOTE));
    note.replace(&mut client, 0, NOTE.len(), OTHER);
    assert_eq!(note.rules(&mut client), fresh(OTHER));
    // It changes on disk; what is open wins.
    charts.write("a.soap", "");
    charts.tell(&mut client, &[("a.soap", 2)]);
    note.type_end(&mut client, "97124 lumbar 10:00-10:07\n");
    let now = fresh(&note.text);
    assert_eq!(note.rules(&mut client), now);
    // Closed without being saved: the file counts. In between nothing is taken back.
    charts.write("a.soap", NOTE);
    note.close(&mut client);
    assert_eq!(found(&mut client, &uri), fresh(NOTE));
    charts.tell(&mut client, &[("a.soap", 2)]);
    client.fence();
    let note = Note::open(&mut client, &uri, NOTE);
    assert_eq!(note.rules(&mut client), fresh(NOTE));
    note.close(&mut client);
    assert_eq!(found(&mut client, &uri), fresh(NOTE));
    // A note of elsewhere is taken back.
    let other = Note::open(&mut client, "untitled:1", NOTE);
    other.rules(&mut client);
    other.close(&mut client);
    assert_eq!(found(&mut client, "untitled:1"), Vec::<String>::new());
}

#[test]
fn visits_and_diagnoses_are_found_in_all_charts_of_the_folder() {
    let charts = Charts::new(&[
        (
            "a.soap",
            "patient: 10234\ndx: M54.2\nvisit: 2026-11-09\n97140 15 min\n",
        ),
        (
            "b/é.soap",
            "payer: regence\ndx: M54.50 low back pain\n\nvisit: 11/9/2026\n97124 25 min\n",
        ),
        (".hidden.soap", "visit: 2026-11-09\n"),
    ]);
    let [a, b] = ["a.soap", "b/é.soap"].map(|name| charts.uri(name));
    let mut client = charts.sent();
    found(&mut client, &a);
    found(&mut client, &b);
    let search = |client: &mut Client, query: &str| -> Vec<(String, String, i64)> {
        let found = client.request("workspace/symbol", json!({"query": query}));
        let symbol = |s: &Value| {
            let text = |v: &Value| v.as_str().unwrap().to_owned();
            let (place, line) = (&s["location"], &s["location"]["range"]["start"]["line"]);
            (
                text(&place["uri"]),
                text(&s["name"]),
                line.as_i64().unwrap(),
            )
        };
        found.as_array().unwrap().iter().map(symbol).collect()
    };
    let symbol = |uri: &String, name: &str, line| (uri.clone(), name.to_owned(), line);
    let of_a = symbol(&a, "2026-11-09: 97140", 2);
    let of_b = symbol(&b, "2026-11-09, regence: 97124", 3);
    // By the day as it is and as it is written, by the payer, by what a code means.
    assert_eq!(
        search(&mut client, "2026-11-09"),
        [of_a.clone(), of_b.clone()]
    );
    assert_eq!(search(&mut client, "11/9"), std::slice::from_ref(&of_b));
    assert_eq!(
        search(&mut client, "REGENCE massage"),
        std::slice::from_ref(&of_b)
    );
    assert_eq!(
        search(&mut client, "cervicalgia"),
        [symbol(&a, "M54.2 Cervicalgia", 1)]
    );
    assert_eq!(
        search(&mut client, "m5450"),
        [symbol(&b, "M54.50 low back pain", 1)]
    );
    assert_eq!(search(&mut client, "10234"), [], "the patient is no symbol");
    assert_eq!(search(&mut client, "").len(), 4);
    // An open chart is found as it is in the editor, and once.
    let mut note = Note::open(&mut client, &b, "visit: 2026-11-16\n97110 15 min\n");
    let open = symbol(&b, "2026-11-16: 97110", 0);
    assert_eq!(search(&mut client, "2026"), [open, of_a.clone()]);
    note.replace(&mut client, 0, 6, "\nvisit:");
    let moved = symbol(&b, "2026-11-16: 97110", 1);
    assert_eq!(search(&mut client, "2026"), [moved, of_a.clone()]);
    // Closed without being saved: as it is on disk.
    note.rules(&mut client);
    note.close(&mut client);
    found(&mut client, &b);
    assert_eq!(search(&mut client, "2026-11"), [of_a.clone(), of_b]);
    // What is gone is not found.
    std::fs::remove_file(charts.path("b/é.soap")).unwrap();
    charts.tell(&mut client, &[("b/é.soap", 3)]);
    found(&mut client, &b);
    assert_eq!(search(&mut client, "2026-11"), [of_a]);
}

#[test]
fn those_who_ask_see_the_same() {
    let charts = Charts::new(&[("a.soap", NOTE), ("b.soap", NOTE)]);
    let (a, b) = (charts.uri("a.soap"), charts.uri("b.soap"));
    let mut client = charts.asking();
    assert_eq!(all(&mut client).len(), 2);
    let mut note = Note::open(&mut client, &a, NOTE);
    assert_eq!(note.rules(&mut client), fresh(NOTE));
    // The same findings as in the file: the question is held until something changes.
    let held = client.ask_all();
    note.replace(&mut client, 0, NOTE.len(), OTHER);
    let shown = client.pulled_all(held);
    assert_eq!(names(&shown[&a]), fresh(OTHER));
    assert_eq!(names(&shown[&b]), fresh(NOTE));
    assert_eq!(names(&note.diagnostics(&mut client)), fresh(OTHER));
    // Closed without being saved: the client asks a last time, and is informed of the file.
    let held = client.ask_all();
    note.close(&mut client);
    assert_eq!(names(&client.pull(&a)), fresh(NOTE));
    let shown = client.pulled_all(held);
    assert_eq!(names(&shown[&a]), fresh(NOTE));
    // Gone.
    let held = client.ask_all();
    std::fs::remove_file(charts.path("b.soap")).unwrap();
    charts.tell(&mut client, &[("b.soap", 3)]);
    assert_eq!(client.pulled_all(held).keys().collect::<Vec<_>>(), [&a]);
    // Made.
    let held = client.ask_all();
    charts.write("c.soap", OTHER);
    charts.tell(&mut client, &[("c.soap", 1)]);
    let shown = client.pulled_all(held);
    assert_eq!(names(&shown[&charts.uri("c.soap")]), fresh(OTHER));
}

#[test]
fn renaming_moves_the_findings() {
    let charts = Charts::new(&[("a/1.soap", NOTE), ("2.soap", OTHER)]);
    let mut client = charts.sent();
    let (old, new) = (charts.uri("a/1.soap"), charts.uri("b/1.soap"));
    found(&mut client, &old);
    found(&mut client, &charts.uri("2.soap"));
    let note = Note::open(&mut client, &old, NOTE);
    note.rules(&mut client);
    // A whole folder, with a note of it open: what editors send then, in their order.
    std::fs::rename(charts.path("a"), charts.path("b")).unwrap();
    note.close(&mut client);
    let note = Note::open(&mut client, &new, NOTE);
    let files = json!([{"oldUri": charts.uri("a"), "newUri": charts.uri("b")}]);
    client.notify("workspace/didRenameFiles", json!({"files": files}));
    assert_eq!(note.rules(&mut client), fresh(NOTE));
    assert_eq!(found(&mut client, &old), Vec::<String>::new());
    note.close(&mut client);
    assert_eq!(found(&mut client, &new), fresh(NOTE));
}

#[test]
fn nothing_to_report_is_reported_once_and_held_questions_are_given_up() {
    let charts = Charts::new(&[("fine.soap", "")]);
    let mut client = charts.asking();
    assert!(all(&mut client).is_empty());
    let older = client.ask_all();
    let newer = client.ask_all();
    let error = client.reply(older).unwrap_err();
    assert_eq!(error["code"], -32802);
    assert_eq!(error["data"], json!({"retriggerRequest": false}));
    client.notify("$/cancelRequest", json!({"id": newer}));
    assert_eq!(client.reply(newer).unwrap_err()["code"], -32800);
    // A held question does not hold up the end.
    let held = client.ask_all();
    client.fence();
    let goodbye = client.ask("shutdown", Value::Null);
    assert_eq!(client.reply(held).unwrap_err()["code"], -32802);
    assert_eq!(client.reply(goodbye), Ok(Value::Null));
    client.notify("exit", Value::Null);
    let (code, _) = client.wait_exit();
    assert_eq!(code, Some(0));
}

#[test]
fn settings_hold_for_charts_that_are_not_open() {
    let charts = Charts::new(&[("a/1.soap", NOTE), ("b/2.soap", NOTE)]);
    let (a, b) = (charts.uri("a/1.soap"), charts.uri("b/2.soap"));
    let mut client = charts.sent();
    found(&mut client, &a);
    found(&mut client, &b);
    // Only the charts for which the file holds are reported again.
    charts.write("a/soapstone.toml", "[rules]\nmissing-goal = \"off\"\n");
    charts.tell(&mut client, &[("a/soapstone.toml", 1)]);
    assert!(!has(&found(&mut client, &a), "missing-goal"));
    std::fs::remove_file(charts.path("a/soapstone.toml")).unwrap();
    charts.tell(&mut client, &[("a/soapstone.toml", 3)]);
    assert!(has(&found(&mut client, &a), "missing-goal"));
    let settings = json!({"rules": {"missing-diagnosis": "off"}});
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": settings}),
    );
    for uri in [&a, &b] {
        assert!(!has(&found(&mut client, uri), "missing-diagnosis"));
    }
    // The folder above the workspace's counts, too.
    std::fs::write(charts.0.path().join("soapstone.toml"), "rulez = 1\n").unwrap();
    charts.tell(&mut client, &[("../soapstone.toml", 1)]);
    assert!(client.message().contains("soapstone.toml, line 1"));
    for uri in [&a, &b] {
        assert!(has(&found(&mut client, uri), "missing-diagnosis"));
    }
}

#[test]
fn charts_that_are_not_open_can_be_left_alone() {
    let charts = Charts::new(&[("a.soap", NOTE)]);
    let uri = charts.uri("a.soap");
    let mut client = Client::with(Setup {
        settings: Settings::Are(json!({"workspace": false})),
        ..charts.setup()
    });
    client.settled();
    let note = Note::open(&mut client, &uri, NOTE);
    note.rules(&mut client);
    note.close(&mut client);
    assert_eq!(found(&mut client, &uri), Vec::<String>::new());
    client.settings = Settings::Are(json!({"workspace": true}));
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": null}),
    );
    assert_eq!(found(&mut client, &uri), fresh(NOTE));
    client.settings = Settings::Are(json!({"workspace": false}));
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": null}),
    );
    assert_eq!(found(&mut client, &uri), Vec::<String>::new());
}

#[test]
fn folders_come_and_go() {
    let one = Charts::new(&[("a.soap", NOTE)]);
    let two = Charts::new(&[("b.soap", OTHER)]);
    let mut client = one.sent();
    found(&mut client, &one.uri("a.soap"));
    let event = json!({"added": [folder(&two.path(""))], "removed": [folder(&one.path(""))]});
    client.notify(
        "workspace/didChangeWorkspaceFolders",
        json!({"event": event}),
    );
    assert_eq!(found(&mut client, &one.uri("a.soap")), Vec::<String>::new());
    assert_eq!(found(&mut client, &two.uri("b.soap")), fresh(OTHER));
    // What happens outside is not looked at.
    one.write("a.soap", OTHER);
    one.tell(&mut client, &[("a.soap", 2)]);
    client.fence();
}

#[test]
fn a_client_that_cannot_watch_files_sees_what_changed_when_a_note_is_saved() {
    let charts = Charts::new(&[("a.soap", NOTE), ("b.soap", OTHER)]);
    let uri = charts.uri("a.soap");
    let mut client = Client::with(Setup {
        more: json!({}),
        ..charts.setup()
    });
    found(&mut client, &uri);
    found(&mut client, &charts.uri("b.soap"));
    charts.write("a.soap", OTHER);
    let note = Note::open(&mut client, "untitled:1", NOTE);
    assert_eq!(found(&mut client, &uri), fresh(OTHER));
    std::fs::remove_file(charts.path("a.soap")).unwrap();
    client.notify("textDocument/didSave", json!({"textDocument": note.id()}));
    assert_eq!(found(&mut client, &uri), Vec::<String>::new());
    note.rules(&mut client);
}

#[test]
fn a_large_folder_shows_how_far_it_is() {
    let names: Vec<String> = (0..220).map(|n| format!("{n}.soap")).collect();
    let charts: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "")).collect();
    let charts = Charts::new(&charts);
    let mut client = Client::with(Setup {
        pulls: true,
        more: json!({"window": {"workDoneProgress": true}}),
        ..charts.setup()
    });
    client.until_asked("window/workDoneProgress/create");
    let begin = client.progress();
    assert_eq!(begin["value"]["kind"], "begin");
    assert_eq!(begin["value"]["title"], "Soapstone");
    assert_eq!(begin["value"]["message"], "checking charts: 0 of 220");
    assert_eq!(begin["value"]["cancellable"], true);
    client.notify(
        "window/workDoneProgress/cancel",
        json!({"token": begin["token"]}),
    );
    loop {
        let step = client.progress();
        assert_eq!(step["token"], begin["token"]);
        if step["value"]["kind"] == "end" {
            break;
        }
    }
    assert!(all(&mut client).is_empty());
}

#[test]
fn the_log_names_no_chart() {
    let charts = Charts::new(&[("secretname.soap", NOTE)]);
    std::fs::write(
        charts.path("latin-secretname.soap"),
        b"S: caf\xe9 secretword\n",
    )
    .unwrap();
    let mut client = charts.asking();
    assert_eq!(all(&mut client).len(), 1);
    let log = client.end();
    assert!(log.contains("not UTF-8"), "{log}");
    assert!(!log.contains("secret"), "{log}");
}
