//! What stands in the menu of the light bulb, in which order, and what its blanks become.

use serde_json::{Value, json};

use crate::client::{Client, Note, Setup, of_rule};

const URI: &str = "untitled:Untitled-1";
const NOTE: &str = "visit: 2026-11-20\nsession: 10:00-10:40\nS: x\nO: x\n97124 lumbar 10:02-10:07\n  technique: petrissage\nA: x\nP: x\n";

fn client(more: Value, commands: &[&str]) -> Client {
    Client::with(Setup {
        options: json!({"commands": commands}),
        more,
        ..Setup::default()
    })
}

fn titles(actions: &[Value]) -> Vec<&str> {
    let titles = actions.iter().map(|a| a["title"].as_str());
    titles.map(|title| title.expect("a title")).collect()
}

/// The offers at a finding.
fn menu(client: &mut Client, note: &Note, rule: &str) -> Vec<Value> {
    let found = note.diagnostics(client);
    let range = of_rule(&found, rule)["range"].clone();
    note.actions(client, &range, json!({"diagnostics": [], "triggerKind": 1}))
}

#[test]
fn fixes_first_and_what_hides_last() {
    let mut client = client(json!({}), &[]);
    let note = Note::open(&mut client, URI, NOTE);
    let actions = menu(&mut client, &note, "missing-goal");
    let titles = titles(&actions);
    let place = |words: &str| titles.iter().position(|t| t.starts_with(words));
    let first_hiding = place("Do not show").expect("a way to hide it");
    assert!(
        titles[first_hiding..]
            .iter()
            .all(|t| t.starts_with("Do not show")),
        "{titles:?}"
    );
    let added = place("Add a visit").expect("the next visit");
    assert!(
        place("Add a goal") < Some(added) && added < first_hiding,
        "{titles:?}"
    );
    let preferred: Vec<bool> = actions.iter().map(|a| a["isPreferred"] == true).collect();
    assert!(preferred.is_sorted_by(|a, b| a >= b), "{titles:?}");
    for title in &titles {
        assert_eq!(
            titles.iter().filter(|t| *t == title).count(),
            1,
            "{titles:?}"
        );
    }
}

#[test]
fn one_entry_hides_for_an_editor_that_lets_the_reader_choose() {
    let mut client = client(json!({}), &["soapstone.hideFinding"]);
    let mut note = Note::open(&mut client, URI, NOTE);
    let actions = menu(&mut client, &note, "missing-goal");
    let titles = titles(&actions);
    let hiding = titles.iter().filter(|t| t.starts_with("Do not show"));
    assert_eq!(hiding.count(), 1, "{titles:?}");
    let entry = actions.last().expect("an action");
    assert_eq!(entry["title"], "Do not show …");
    assert_eq!(entry["command"]["command"], "soapstone.hideFinding");
    assert!(entry.get("edit").is_none() && entry["kind"] == "quickfix");
    let ways = entry["command"]["arguments"][0].as_array().expect("ways");
    let of_goal: Vec<&Value> = ways
        .iter()
        .filter(|w| w["rule"] == "missing-goal")
        .collect();
    let places: Vec<&Value> = of_goal.iter().map(|w| &w["place"]).collect();
    // A note without a file has no project.
    assert_eq!(places, ["here", "chart"]);
    for way in &of_goal {
        assert!(way["title"].as_str().unwrap().ends_with("missing-goal"));
    }
    note.apply(&mut client, of_goal[0]);
    let rules = note.rules(&mut client);
    assert!(!rules.iter().any(|r| r == "missing-goal"), "{rules:?}");
}

#[test]
fn too_few_minutes_can_be_left_unbilled_or_corrected() {
    for (title, line) in [
        ("Bill nothing for 97124 (x0)", "97124 lumbar 10:02-10:07 x0"),
        (
            "Change when it ended (a blank to fill)",
            "97124 lumbar 10:02-___",
        ),
    ] {
        let mut client = client(json!({}), &[]);
        let mut note = Note::open(&mut client, URI, NOTE);
        let actions = menu(&mut client, &note, "under-eight-minutes");
        let action = actions.iter().find(|a| a["title"] == title);
        let action = action.unwrap_or_else(|| panic!("{title}: {:?}", titles(&actions)));
        note.apply(&mut client, action);
        assert!(note.text.lines().any(|l| l == line), "{}", note.text);
        let rules = note.rules(&mut client);
        assert!(
            !rules
                .iter()
                .any(|r| r == "under-eight-minutes" || r == "missing-minutes"),
            "{rules:?}"
        );
    }
}

#[test]
fn blanks_are_tab_stops_for_an_editor_that_has_them() {
    let able = json!({"workspace": {"workspaceEdit": {"snippetEditSupport": true}}});
    for (more, stops) in [(able, true), (json!({}), false)] {
        let mut client = client(more, &[]);
        let note = Note::open(&mut client, URI, NOTE);
        let actions = menu(&mut client, &note, "missing-goal");
        let edits = |start: &str| -> Vec<Value> {
            let found = actions
                .iter()
                .find(|a| a["title"].as_str().unwrap().starts_with(start));
            let found = found.unwrap_or_else(|| panic!("{start}: {:?}", titles(&actions)));
            let documents = &found["edit"]["documentChanges"];
            documents[0]["edits"].as_array().expect("edits").clone()
        };
        let goal = edits("Add a goal");
        if stops {
            let snippet = &goal[0]["snippet"];
            assert_eq!(snippet["kind"], "snippet");
            let value = snippet["value"].as_str().expect("a snippet");
            assert!(
                value.contains("${1:___}") && !value.contains("$0"),
                "{value}"
            );
            assert!(goal[0].get("newText").is_none());
            let visit = edits("Add a visit")[0]["snippet"]["value"].to_string();
            assert!(visit.contains("97124 lumbar ${4:___}"), "{visit}");
        } else {
            assert!(goal[0]["newText"].as_str().expect("a text").contains("___"));
        }
        // What has no blank is a plain edit for everybody.
        assert!(
            edits("Do not show this here")
                .iter()
                .all(|e| e.get("snippet").is_some() == stops)
        );
    }
}

#[test]
fn the_next_blank_is_found() {
    let mut client = client(json!({"window": {"showDocument": {"support": true}}}), &[]);
    let text = "dx: ___\n\nvisit: 2026-11-20\nS: \u{1F600} ___ of {side}\n";
    let note = Note::open(&mut client, URI, text);
    note.diagnostics(&mut client);
    let mut place = note.position(0);
    let mut seen = Vec::new();
    for _ in 0..4 {
        let params = json!({"textDocument": note.id(), "position": place});
        let blank = client.request("soapstone/nextBlank", params);
        seen.push(note.at(&blank).to_owned());
        place = blank["end"].clone();
    }
    assert_eq!(seen, ["___", "___", "{side}", "___"]);
    let back = json!({"textDocument": note.id(), "position": note.position(0), "backwards": true});
    let last = client.request("soapstone/nextBlank", back);
    assert_eq!(note.at(&last), "{side}");
    // As a command, which a plain editor can be made to go by.
    let arguments = json!([URI, note.position(0), "show"]);
    let params = json!({"command": "soapstone.server.nextBlank", "arguments": arguments});
    let first = client.request("workspace/executeCommand", params);
    assert_eq!(note.at(&first), "___");
    client.until_asked("window/showDocument");
    assert_eq!(client.places[0]["selection"], first);
}

#[test]
fn a_new_note_has_all_that_a_note_begins_with() {
    for snippets in [true, false] {
        let support = json!({"completionItem": {"snippetSupport": snippets}});
        let mut client = client(json!({"textDocument": {"completion": support}}), &[]);
        let params = json!({"command": "soapstone.server.newNote", "arguments": []});
        let note = client.request("workspace/executeCommand", params);
        let text = note["text"].as_str().expect("a text");
        for part in [
            "patient: ",
            "payer: ",
            "dx: ",
            "goal 1: ",
            "visit: 2026-11-22\n",
            "\nS: ",
            "\nO: ",
            " min\n",
            "\nA: ",
            "\nP: ",
        ] {
            assert!(text.contains(part), "{part:?}: {text}");
        }
        match note["snippet"].as_str() {
            Some(snippet) => assert!(
                snippets && snippet.starts_with("patient: ${1:___}"),
                "{snippet}"
            ),
            None => assert!(!snippets),
        }
        // Nothing is said against it before anything was written.
        let open = Note::open(&mut client, URI, text);
        let loud = open.diagnostics(&mut client);
        let loud: Vec<&Value> = loud
            .iter()
            .filter(|d| d["severity"].as_u64() < Some(3))
            .collect();
        assert!(loud.is_empty(), "{loud:#?}");
    }
}

#[test]
fn a_client_without_action_objects_gets_commands() {
    let more = json!({
        "textDocument": {"codeAction": {"codeActionLiteralSupport": null}},
        "workspace": {"applyEdit": true},
    });
    let mut client = client(more, &[]);
    let mut note = Note::open(&mut client, URI, NOTE);
    let actions = menu(&mut client, &note, "under-eight-minutes");
    assert!(actions.len() > 2);
    for action in &actions {
        assert_eq!(action["command"], "soapstone.server.apply");
        assert!(action["arguments"].is_array() && action.get("kind").is_none());
    }
    let found = actions
        .iter()
        .find(|a| a["title"].as_str().unwrap().contains("x0"));
    let command = found.expect("x0");
    let params = json!({"command": command["command"], "arguments": command["arguments"]});
    assert_eq!(
        client.request("workspace/executeCommand", params),
        Value::Null
    );
    client.until_edited();
    let edit = client.edits.remove(0);
    note.apply(&mut client, &json!({"edit": edit}));
    assert!(note.text.contains("10:02-10:07 x0"), "{}", note.text);
    note.diagnostics(&mut client);
}

#[test]
fn links_to_rules_lead_somewhere() {
    let text = "waive: missing-goal because asked\nvisit: 2026-11-20\n97124 lumbar 5 min\n";
    for explains in [true, false] {
        let commands: &[&str] = if explains {
            &["soapstone.explainRule"]
        } else {
            &[]
        };
        let mut client = client(json!({}), commands);
        let note = Note::open(&mut client, URI, text);
        let found = note.diagnostics(&mut client);
        let links = client.request(
            "textDocument/documentLink",
            json!({"textDocument": note.id()}),
        );
        let at = note.position(text.find("missing-goal").unwrap());
        let hover = json!({"textDocument": note.id(), "position": at});
        let hover = client.request("textDocument/hover", hover)["contents"]["value"].to_string();
        let address = |rule: &str| format!("command:soapstone.explainRule?%5B%22{rule}%22%5D");
        if explains {
            assert_eq!(links[0]["target"], address("missing-goal"));
            assert!(hover.contains(&address("missing-goal")), "{hover}");
            let under = of_rule(&found, "under-eight-minutes");
            assert_eq!(
                under["codeDescription"]["href"],
                address("under-eight-minutes")
            );
        } else {
            // Only a release has pages with an address.
            let released = option_env!("SOAPSTONE_RULES_URL").is_some();
            let linked = links.as_array().is_some_and(|l| !l.is_empty());
            assert_eq!((linked, hover.contains("](")), (released, released));
            assert_eq!(found[0].get("codeDescription").is_some(), released);
        }
    }
}

#[test]
fn a_request_of_a_kind_of_its_own_is_answered() {
    let mut client = Client::new();
    let id = client.ask("$/somethingNew", json!({"a": 1}));
    assert_eq!(client.reply(id).unwrap_err()["code"], -32601);
    // A notification of that kind is passed over in silence.
    client.notify("$/somethingNew", json!({"a": 1}));
    client.fence();
}
