//! The claim as data, code lenses, commands, and the offers of the light bulb.

#![expect(
    clippy::needless_pass_by_value,
    reason = "json!(..) is written where it is used"
)]

use serde_json::{Value, json};

use crate::client::{Client, Note, Settings, Setup};

const URI: &str = "untitled:Untitled-1";
const NOTE: &str = "payer: medicare\n\nvisit: 2026-11-13\n97124 \u{1F600} lumbar 25 min\n\n\
                    visit: 2026-11-20\n97140 cervical 10:00-10:15\n97110 10:15-10:40\n";

fn opened(client: &mut Client, text: &str) -> Note {
    let note = Note::open(client, URI, text);
    note.diagnostics(client);
    note
}

fn able(more: Value, options: Value) -> Client {
    Client::with(Setup {
        options,
        more,
        ..Setup::default()
    })
}

fn at(note: &Note, words: &str) -> Value {
    note.position(note.text.find(words).expect("it is there"))
}

fn execute(client: &mut Client, command: &str, arguments: Value) -> Result<Value, Value> {
    let params = json!({"command": command, "arguments": arguments});
    let id = client.ask("workspace/executeCommand", params);
    client.reply(id)
}

fn claim(client: &mut Client, note: &Note, position: &Value) -> Value {
    let params = json!({"textDocument": note.id(), "position": position});
    client.request("soapstone/claim", params)
}

#[test]
fn the_claim_of_the_visit_at_the_cursor() {
    let mut client = Client::new();
    let mut note = opened(&mut client, NOTE);
    let first = claim(&mut client, &note, &at(&note, "97124"));
    assert_eq!(note.at(&first["place"]), "visit: 2026-11-13");
    assert_eq!(
        note.at(&first["blocks"][0]["place"]),
        "97124 \u{1F600} lumbar 25 min"
    );
    assert_eq!(first["payer"], "medicare");
    assert_eq!(first["timedUnits"], 2);
    assert_eq!(first["lines"][0]["units"], 2);
    assert_eq!(first["open"][0]["rule"], "missing-diagnosis");
    let second = claim(&mut client, &note, &at(&note, "97110"));
    let shares = json!([[{"code": "97140", "units": 1}, {"code": "97110", "units": 2}]]);
    assert_eq!(second["allocations"], shares);
    assert_eq!(
        second["blocks"][0]["clock"][0],
        json!({"start": 600, "end": 615})
    );
    assert_eq!(claim(&mut client, &note, &at(&note, "payer")), Value::Null);
    // The newest text counts, and a note that is not open has no claim.
    let end = note.text.find("25 min").unwrap();
    note.replace(&mut client, end, end + 2, "7");
    let now = claim(&mut client, &note, &at(&note, "97124"));
    assert_eq!(now["timedUnits"], 0);
    note.diagnostics(&mut client);
    let elsewhere = json!({"uri": "untitled:other"});
    let zero = json!({"line": 0, "character": 0});
    let params = json!({"textDocument": elsewhere, "position": zero});
    assert_eq!(client.request("soapstone/claim", params), Value::Null);
}

/// Each field that is sent is described, and the other way round.
#[test]
fn the_protocol_page_names_every_field() {
    let mut client = Client::new();
    let text = include_str!("../notes/format-sample.soap")
        .replace("97124 lumbar 10:02-10:27", "97124 lumbar 7 min");
    let note = opened(&mut client, &text);
    let sent = claim(&mut client, &note, &at(&note, "97140"));
    let page = include_str!("../../docs/protocol.md");
    let mut fields = Vec::new();
    names(&sent, &mut fields);
    let payers = client.request("soapstone/payers", json!({}));
    let rules = client.request("soapstone/rules", Value::Null);
    let told = "Date: 11/20/2026\nO: I did twenty minutes of massage to the neck.\n";
    let imported = json!({"textDocument": {"uri": note.uri}, "text": told});
    names(&client.request("soapstone/import", imported), &mut fields);
    names(&payers, &mut fields);
    let claims = json!({"textDocument": {"uri": note.uri}});
    names(&client.request("soapstone/claims", claims), &mut fields);
    names(&rules, &mut fields);
    assert!(fields.len() > 40, "{fields:?}");
    for field in &fields {
        assert!(
            page.contains(&format!("`{field}`")),
            "{field} is not described"
        );
    }
    let rows = page.lines().filter_map(|l| l.strip_prefix("| `"));
    for row in rows
        .filter_map(|l| l.split_once("` |"))
        .map(|(name, _)| name)
    {
        let known = fields.iter().any(|f| f == row) || row.starts_with("soapstone.");
        assert!(known, "{row} is described and not sent");
    }
    for command in client.server["capabilities"]["executeCommandProvider"]["commands"]
        .as_array()
        .expect("commands")
    {
        let name = command.as_str().expect("a name");
        assert!(name.starts_with("soapstone.server."), "{name}");
        assert!(
            page.contains(&format!("`{name}`")),
            "{name} is not described"
        );
    }
}

/// The names of the fields of a value, all the way down, but not those of a range.
fn names(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                if !found.contains(name) {
                    found.push(name.clone());
                }
                if name != "place" {
                    names(value, found);
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|v| names(v, found)),
        _ => {}
    }
}

#[test]
fn lenses_press_what_the_editor_has() {
    let own = [
        "soapstone.copyClaimLines",
        "soapstone.nextVisit",
        "soapstone.showClaim",
    ];
    for has in [true, false] {
        let options = if has {
            json!({"commands": own})
        } else {
            json!({})
        };
        let mut client = able(json!({}), options);
        let note = opened(&mut client, NOTE);
        let params = json!({"textDocument": note.id()});
        let lenses = client.request("textDocument/codeLens", params);
        let lenses = lenses.as_array().expect("a list");
        let seen: Vec<(&str, String, &str)> = lenses
            .iter()
            .map(|l| {
                let command = &l["command"];
                let title = command["title"].as_str().expect("a title").to_owned();
                let id = command["command"].as_str().expect("a command");
                (note.at(&l["range"]), title, id)
            })
            .collect();
        let titles: Vec<&str> = seen.iter().map(|(_, title, _)| title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "2 units, 25 timed minutes (medicare)",
                "copy claim lines",
                "3 units, 40 timed minutes (medicare)",
                "copy claim lines",
                "next visit"
            ]
        );
        assert!(
            seen[..2]
                .iter()
                .all(|(place, ..)| *place == "visit: 2026-11-13")
        );
        let known = &client.server["capabilities"]["executeCommandProvider"]["commands"];
        for (_, _, id) in seen {
            let known = known.as_array().expect("a list").iter().any(|c| c == id);
            assert_eq!(known, !has, "{id}");
            assert_eq!(own.contains(&id), has, "{id}");
        }
        assert_eq!(lenses[0]["command"]["arguments"][0], URI);
        assert_eq!(
            lenses[0]["command"]["arguments"][1],
            at(&note, "visit: 2026-11-13")
        );
    }
}

/// An editor that knows nothing of Soapstone sends a lens's command as it came.
#[test]
fn a_lens_of_the_servers_own_does_what_it_says() {
    let mut client = able(json!({"workspace": {"applyEdit": true}}), Value::Null);
    let mut note = opened(&mut client, NOTE);
    let lenses = client.request("textDocument/codeLens", json!({"textDocument": note.id()}));
    for lens in &lenses.as_array().expect("a list")[2..] {
        let command = &lens["command"];
        let name = command["command"].as_str().expect("a command");
        let done = execute(&mut client, name, command["arguments"].clone());
        assert!(done.is_ok(), "{done:?}");
    }
    assert!(
        client
            .message_of(3)
            .contains("40 timed minutes make 3 units (38 to 52 minutes).")
    );
    let copied = client.message_of(3);
    assert!(
        copied.ends_with("\n2026-11-20\t\t97140\t\t1\t\t\n2026-11-20\t\t97110\t\t2\t\t\n"),
        "{copied}"
    );
    client.until_asked("workspace/applyEdit");
    let edit = client.edits.remove(0);
    note.apply(&mut client, &json!({"edit": edit}));
    assert!(note.text.starts_with(NOTE));
    let rest = &note.text[NOTE.len()..];
    assert!(
        rest.contains("visit: 20") && rest.contains("97140 cervical ___"),
        "{rest}"
    );
    note.diagnostics(&mut client);
}

#[test]
fn commands_for_extensions() {
    let mut client = Client::new();
    let note = opened(&mut client, NOTE);
    let there = at(&note, "97124");
    let copied = execute(
        &mut client,
        "soapstone.server.claimLines",
        json!([URI, there]),
    );
    let headings = "Date\tPatient\tCode\tModifiers\tUnits\tPointers\tDiagnoses";
    let line = "2026-11-13\t\t97124\t\t2\t\t";
    assert_eq!(copied, Ok(json!(format!("{headings}\n{line}\n"))));
    let page = execute(
        &mut client,
        "soapstone.server.explain",
        json!(["under-eight-minutes"]),
    );
    assert!(
        page.unwrap()
            .as_str()
            .unwrap()
            .starts_with("# under-eight-minutes")
    );
    assert_eq!(
        execute(
            &mut client,
            "soapstone.server.explain",
            json!(["no-such-rule"])
        ),
        Ok(Value::Null)
    );
    let sample = execute(&mut client, "soapstone.server.sampleNote", json!([])).unwrap();
    assert_eq!(sample, include_str!("../notes/findings/first-note.soap"));
    let mut status = execute(&mut client, "soapstone.server.status", json!([URI])).unwrap();
    for counted in ["errors", "warnings"] {
        assert!(status[counted].take().is_u64(), "{counted}");
    }
    assert_eq!(
        status,
        json!({
            "payer": "medicare", "payerTitle": "medicare", "counting": "cms",
            "countingWords": "by the CMS 8-minute rule, all timed minutes together",
            "date": "2026-11-20", "errors": null, "warnings": null,
            "settingsFile": null, "version": env!("CARGO_PKG_VERSION"),
        })
    );
    // A client that cannot be asked for an edit is informed; so is one that asks for nonsense.
    for (command, arguments) in [
        ("soapstone.server.nextVisit", json!([URI, "empty"])),
        ("soapstone.server.nextVisit", json!([URI, "full"])),
        ("soapstone.server.nextVisit", json!([])),
        ("soapstone.server.claimLines", json!([URI, 7])),
        ("soapstone.server.status", json!([null])),
        ("soapstone.server.none", json!([])),
    ] {
        let answer = execute(&mut client, command, arguments);
        assert_eq!(answer.unwrap_err()["code"], -32602, "{command}");
    }
    let nowhere = execute(
        &mut client,
        "soapstone.server.status",
        json!(["untitled:other"]),
    );
    assert_eq!(nowhere, Ok(Value::Null));
    assert!(client.edits.is_empty());
}

#[test]
fn the_settings_file_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("soapstone.toml");
    std::fs::write(&file, "payer = \"auto\"\n").expect("a file");
    let mut client = Client::new();
    let uri = format!("file://{}", folder.path().join("note.soap").display());
    let note = Note::open(&mut client, &uri, "97124 25 min\n");
    note.diagnostics(&mut client);
    let status = execute(&mut client, "soapstone.server.status", json!([uri])).unwrap();
    assert_eq!(status["settingsFile"], file.display().to_string());
    assert_eq!(status["payer"], "auto");
}

#[test]
fn lenses_are_asked_for_again_when_settings_change() {
    let mut client = Client::with(Setup {
        settings: Settings::Are(json!({})),
        more: json!({"workspace": {"codeLens": {"refreshSupport": true}}}),
        ..Setup::default()
    });
    client.settled();
    let note = opened(&mut client, "visit: 2026-11-20\n97124 25 min\n");
    client.settings = Settings::Are(json!({"payer": "medicare"}));
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": null}),
    );
    client.until_asked("workspace/codeLens/refresh");
    let lenses = client.request("textDocument/codeLens", json!({"textDocument": note.id()}));
    assert_eq!(
        lenses[0]["command"]["title"],
        "2 units, 25 timed minutes (Medicare)"
    );
    note.diagnostics(&mut client);
}

#[test]
fn the_light_bulb_offers_a_time_and_the_next_visit() {
    let mut client = Client::new();
    let mut note = opened(&mut client, "97124 lumbar\r\n");
    let here = json!({"start": at(&note, "lumbar"), "end": at(&note, "lumbar")});
    let ask = |client: &mut Client, note: &Note, context: Value| {
        let mut context = context;
        context["diagnostics"] = json!([]);
        let mut actions = note.actions(client, &here, context);
        actions.retain(|a| a["kind"] == "refactor");
        actions
    };
    let asked = ask(
        &mut client,
        &note,
        json!({"triggerKind": 1, "only": ["refactor"]}),
    );
    let titles: Vec<&str> = asked.iter().map(|a| a["title"].as_str().unwrap()).collect();
    assert!(
        titles[0].starts_with("Stamp the time: start "),
        "{titles:?}"
    );
    assert!(
        titles[1..].iter().all(|t| t.contains("visit")) && titles.len() == 3,
        "{titles:?}"
    );
    assert!(asked.iter().all(|a| a["kind"] == "refactor"));
    let unbidden = ask(&mut client, &note, json!({"triggerKind": 2}));
    assert_eq!(unbidden.len(), 1, "{unbidden:?}");
    note.apply(&mut client, &asked[0]);
    let line = note.text.strip_suffix("\r\n").expect("its break is kept");
    let start = line
        .strip_prefix("97124 lumbar ")
        .expect("its words are kept");
    assert!(start.ends_with('-') && start.contains(':'), "{start}");
    note.diagnostics(&mut client);
}

#[test]
fn the_claims_of_a_chart_can_be_told_apart() {
    let mut client = Client::new();
    let text = format!("patient: JD-04\nprovider: A. Rivera, LMT\n{NOTE}")
        .replace("payer: medicare", "payer: Acme Health Trust\nreferral: 2026-10-01 to 2026-12-31, 12 visits\nauthorization: A77, 12 visits");
    let mut note = opened(&mut client, &text);
    let ask = |client: &mut Client, note: &Note| {
        let claims = client.request("soapstone/claims", json!({"textDocument": note.id()}));
        claims.as_array().expect("a list").clone()
    };
    let claims = ask(&mut client, &note);
    let dates: Vec<&Value> = claims.iter().map(|c| &c["date"]).collect();
    assert_eq!(dates, ["2026-11-13", "2026-11-20"]);
    assert_ne!(claims[0]["id"], claims[1]["id"]);
    assert_eq!(claims[1]["units"], 3);
    // Each is what the panel shows of it.
    for entry in &claims {
        let shown = claim(&mut client, &note, &entry["place"]["start"]);
        for field in ["id", "mark", "payerWords", "copy"] {
            assert_eq!(entry[field], shown[field], "{field}");
        }
        assert_eq!(shown["patient"], "JD-04");
        assert_eq!(shown["provider"], "A. Rivera, LMT");
        assert_eq!(
            shown["payerWords"],
            "Acme Health Trust (not known to Soapstone)"
        );
        assert_eq!(shown["referral"], "2026-10-01 to 2026-12-31, 12 visits");
        assert_eq!(shown["authorization"], "A77, 12 visits");
        let copy = shown["copy"].as_str().expect("a text");
        let rows: Vec<Vec<&str>> = copy.lines().map(|l| l.split('\t').collect()).collect();
        assert!(
            rows.len() > 1 && rows.iter().all(|r| r.len() == rows[0].len()),
            "{copy}"
        );
        assert!(
            rows[1..]
                .iter()
                .all(|r| r[..2] == [shown["date"].as_str().unwrap(), "JD-04"])
        );
        let levels = shown["open"].as_array().expect("a list").iter();
        let levels: Vec<&str> = levels.map(|o| o["level"].as_str().unwrap()).collect();
        assert!(levels.is_sorted(), "errors before warnings: {levels:?}");
    }
    // Other words leave the mark; other lines have another one.
    let marks =
        |claims: &[Value]| -> Vec<Value> { claims.iter().map(|c| c["mark"].clone()).collect() };
    let before = marks(&claims);
    note.type_end(&mut client, "P: weekly\n");
    note.diagnostics(&mut client);
    assert_eq!(marks(&ask(&mut client, &note)), before);
    let at = note.text.find("10:40").unwrap();
    note.replace(&mut client, at, at + 5, "11:10");
    note.diagnostics(&mut client);
    let after = ask(&mut client, &note);
    assert_eq!(after[1]["id"], claims[1]["id"]);
    let same: Vec<bool> = marks(&after)
        .iter()
        .zip(&before)
        .map(|(a, b)| a == b)
        .collect();
    assert_eq!(same, [true, false]);
}

#[test]
fn the_status_of_the_visit_at_the_cursor() {
    let mut client = Client::new();
    let text = "payer: medicare\nvisit: 2026-11-13\n97124 lumbar 5 min\n\nvisit: 2026-11-20\npayer: Acme\n97124 lumbar 25 min\n";
    let note = Note::open(&mut client, URI, text);
    let found = note.diagnostics(&mut client);
    let second = text.find("visit: 2026-11-20").unwrap();
    let titles = ["medicare", "Acme (not known to Soapstone)"];
    for (number, title) in titles.into_iter().enumerate() {
        let words = ["97124 lumbar 5", "97124 lumbar 25"][number];
        let place = json!([URI, at(&note, words)]);
        let status = execute(&mut client, "soapstone.server.status", place).unwrap();
        assert_eq!(status["payerTitle"], title);
        assert_eq!(status["date"], ["2026-11-13", "2026-11-20"][number]);
        for (counted, severity) in [("errors", 1), ("warnings", 2)] {
            let of_visit = found.iter().filter(|d| {
                let start = note.offset(&d["range"]["start"]);
                d["severity"] == severity && (start >= second) == (number == 1)
            });
            // What stands before the first visit is none of this one's.
            let of_visit = of_visit.filter(|d| d["range"]["start"]["line"] != 0);
            assert_eq!(status[counted], of_visit.count(), "{counted} of {title}");
        }
    }
}

#[test]
fn a_day_that_has_a_visit_is_not_given_another_unasked() {
    let mut client = able(json!({"workspace": {"applyEdit": true}}), Value::Null);
    // The clock of the tests stands on this day.
    let mut note = opened(
        &mut client,
        "visit: 2026-11-22 9:00 am\nsession: 9:00-9:50 am\n97124 lumbar 9:05-9:30 am\n  time: 9:05 am\n",
    );
    let next = "soapstone.server.nextVisit";
    let told = execute(&mut client, next, json!([URI, "carried"])).unwrap();
    assert_eq!(
        (&told["added"], &told["day"]),
        (&json!(false), &json!("2026-11-22"))
    );
    assert!(note.at(&told["there"]).starts_with("visit: 2026-11-22"));
    client.fence();
    assert!(client.edits.is_empty());
    // The light bulb says so, too.
    let here = note.range(0, 0);
    let asked = json!({"diagnostics": [], "only": ["refactor"]});
    let offers = note.actions(&mut client, &here, asked);
    let titles: Vec<&str> = offers
        .iter()
        .map(|a| a["title"].as_str().unwrap())
        .collect();
    assert!(
        titles
            .iter()
            .any(|t| t.starts_with("Add another visit for 2026-11-22")),
        "{titles:?}"
    );
    // The server can ask.
    let told = execute(&mut client, next, json!([URI, "carried", "ask"])).unwrap();
    assert_eq!(told["added"], false);
    client.until_asked("workspace/applyEdit");
    assert_eq!(
        client.questions,
        ["This chart has a visit on 2026-11-22 already."]
    );
    client.edits.clear();
    let told = execute(&mut client, next, json!([URI, "carried", "anyway"])).unwrap();
    assert_eq!(told["added"], true);
    client.until_edited();
    let edit = client.edits.remove(0);
    let before = note.text.len();
    note.apply(&mut client, &json!({"edit": edit}));
    let added = &note.text[before..];
    assert!(
        added.contains("97124 lumbar ___") && !added.contains("9:"),
        "{added}"
    );
    note.diagnostics(&mut client);
}
