//! Outline, folds, selections, links, and the names that stand in several places of a chart.

use serde_json::{Value, json};

use crate::client::{Client, Note, Setup};

const URI: &str = "untitled:Untitled-1";
const CHART: &str = "patient: 10234\npayer: regence\ndx: M54.50 low back pain\ngoal 1: sit at desk 60 minutes by 2026-12-15\nwaive: missing-response because the referral asks for none\n\nvisit: 2026-11-02\nS: 🙂 Sore; toward goal 1.\n97124 lumbar 10:02-10:27\n  technique: effleurage\nA: 🙂 goals 1 and 2.\nsigned: A. Rivera, LMT 2026-11-02\n\nvisit: 2026-11-09\n97124 lumbar 10:02-10:27 dx M54.50\nP: x\n";

fn client(more: Value) -> Client {
    Client::with(Setup {
        more,
        ..Setup::default()
    })
}

fn able() -> Client {
    client(json!({
        "workspace": {"workspaceEdit": {"changeAnnotationSupport": {}}},
        "textDocument": {
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
        },
    }))
}

/// A question about the place after the first `before` in the note.
fn after(note: &Note, before: &str) -> Value {
    let at = note.text.find(before).expect("the text is there") + before.len();
    json!({"textDocument": note.id(), "position": note.position(at)})
}

/// The texts of a list of values that have a range.
fn texts<'a>(note: &'a Note, found: &'a Value) -> Vec<&'a str> {
    let found = found.as_array().expect("a list");
    found.iter().map(|f| note.at(&f["range"])).collect()
}

#[test]
fn the_outline_is_a_tree_or_a_list() {
    let ask = |client: &mut Client| {
        let note = Note::open(client, URI, CHART);
        let params = json!({"textDocument": note.id()});
        let found = client.request("textDocument/documentSymbol", params);
        note.diagnostics(client);
        (note, found)
    };
    let mut tree = able();
    let (note, found) = ask(&mut tree);
    let names: Vec<_> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["name"])
        .collect();
    assert_eq!(
        names,
        [
            "M54.50",
            "goal 1",
            "2026-11-02, regence",
            "2026-11-09, regence"
        ]
    );
    let visit = &found[2];
    assert_eq!(visit["detail"], "25 timed min, 2 units");
    assert!(note.at(&visit["range"]).ends_with("LMT 2026-11-02"));
    assert_eq!(note.at(&visit["selectionRange"]), "visit: 2026-11-02");
    assert_eq!(visit["children"][1]["name"], "97124 massage");
    assert_eq!(note.at(&visit["children"][1]["selectionRange"]), "97124");

    let mut list = Client::new();
    let (note, found) = ask(&mut list);
    let massage = &found[4];
    assert_eq!(massage["name"], "97124 massage");
    assert_eq!(massage["containerName"], "2026-11-02, regence");
    assert_eq!(massage["location"]["uri"], URI);
    assert!(
        note.at(&massage["location"]["range"])
            .ends_with("effleurage")
    );
}

#[test]
fn folds_are_lines_and_not_too_many() {
    for limit in [json!(null), json!(2)] {
        let mut client = client(json!({"textDocument": {"foldingRange": {"rangeLimit": limit}}}));
        let note = Note::open(&mut client, URI, &format!("// a\n// b\n{CHART}"));
        let params = json!({"textDocument": note.id()});
        let found = client.request("textDocument/foldingRange", params);
        let lines: Vec<_> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|f| {
                (
                    f["startLine"].as_u64().unwrap(),
                    f["endLine"].as_u64().unwrap(),
                )
            })
            .collect();
        if limit.is_null() {
            assert_eq!(lines, [(0, 1), (2, 6), (8, 13), (10, 11), (15, 17)]);
            assert_eq!(found[0]["kind"], "comment");
        } else {
            assert_eq!(lines, [(2, 6), (8, 13)]);
        }
        note.diagnostics(&mut client);
    }
}

#[test]
fn selections_grow_at_every_cursor() {
    let mut client = Client::new();
    let note = Note::open(&mut client, URI, CHART);
    let positions: Vec<Value> = ["🙂 So", "10:0", "dx M5"]
        .iter()
        .map(|before| after(&note, before)["position"].clone())
        .collect();
    let params = json!({"textDocument": note.id(), "positions": positions});
    let found = client.request("textDocument/selectionRange", params);
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), 3);
    for (found, start) in found.iter().zip(["Sore", "02", "M54"]) {
        let mut range = found;
        assert_eq!(note.at(&range["range"]), start);
        let mut text = "";
        loop {
            let larger = note.at(&range["range"]);
            assert!(larger.contains(text) && larger.len() > text.len());
            text = larger;
            match range.get("parent") {
                Some(parent) => range = parent,
                None => break,
            }
        }
        assert_eq!(text, CHART);
    }
    note.diagnostics(&mut client);
}

#[test]
fn waived_rules_are_links() {
    let mut client = Client::with(Setup {
        options: json!({"commands": ["soapstone.explainRule"]}),
        more: json!({"textDocument": {"documentLink": {"tooltipSupport": true}}}),
        ..Setup::default()
    });
    let note = Note::open(&mut client, URI, CHART);
    let params = json!({"textDocument": note.id()});
    let found = client.request("textDocument/documentLink", params);
    assert_eq!(texts(&note, &found), ["missing-response"]);
    let target = found[0]["target"].as_str().unwrap();
    assert!(target.contains("missing-response"), "{target}");
    assert!(found[0]["tooltip"].is_string());
    note.diagnostics(&mut client);
}

#[test]
fn a_goal_is_found_from_its_mentions() {
    let mut client = Client::new();
    let note = Note::open(&mut client, URI, CHART);
    let mention = after(&note, "A: 🙂 goals 1");
    let found = client.request("textDocument/definition", mention.clone());
    assert_eq!(found["range"], note.range(55, 61));
    assert_eq!(note.at(&found["range"]), "goal 1");
    for (with_definition, expected) in [
        (true, vec!["goal 1", "goal 1", "goals 1"]),
        (false, vec!["goal 1", "goals 1"]),
    ] {
        let mut params = mention.clone();
        params["context"] = json!({"includeDeclaration": with_definition});
        let found = client.request("textDocument/references", params);
        assert_eq!(texts(&note, &found), expected);
    }
    let lit = client.request("textDocument/documentHighlight", mention);
    let kinds: Vec<_> = lit.as_array().unwrap().iter().map(|h| &h["kind"]).collect();
    assert_eq!(kinds, [3, 2, 2]);
    // All blocks of a procedure; of which none is the first to say what it is.
    let code = after(&note, "\n97124");
    let lit = client.request("textDocument/documentHighlight", code.clone());
    assert_eq!(texts(&note, &lit), ["97124", "97124"]);
    let found = client.request("textDocument/definition", code);
    assert_eq!(found, Value::Null);
    note.diagnostics(&mut client);
}

fn rename(client: &mut Client, at: &Value, to: &str) -> Result<Value, Value> {
    let mut params = at.clone();
    params["newName"] = json!(to);
    let id = client.ask("textDocument/rename", params);
    client.reply(id)
}

#[test]
fn a_goal_and_a_diagnosis_are_renamed_over_the_visits() {
    for mut client in [
        Client::new(),
        able(),
        client(json!({"workspace": {"workspaceEdit": {"documentChanges": false}}})),
    ] {
        let mut note = Note::open(&mut client, URI, CHART);
        let goal = after(&note, "toward go");
        let place = client.request("textDocument/prepareRename", goal.clone());
        assert_eq!(place["placeholder"], "1");
        assert_eq!(note.at(&place["range"]), "1");
        let edit = rename(&mut client, &goal, "3").unwrap();
        let annotations = edit["changeAnnotations"].as_object();
        let asked = annotations.map(|all| all.values().all(|a| a["needsConfirmation"] == true));
        let edits = edit["documentChanges"][0]["edits"].as_array();
        let annotated = edits.map(|edits| {
            let marked = edits.iter().filter(|e| e.get("annotationId").is_some());
            marked.count()
        });
        match asked {
            // Both mentions stand in a signed visit, the goal itself does not.
            Some(asked) => assert_eq!((asked, annotated), (true, Some(2))),
            None => assert!(annotated.is_none_or(|count| count == 0)),
        }
        note.apply(&mut client, &json!({"edit": edit}));
        assert!(note.text.contains("goal 3: sit") && note.text.contains("toward goal 3."));
        assert!(note.text.contains("goals 3 and 2"));

        let code = after(&note, "dx M54");
        let edit = rename(&mut client, &code, "m54.59").unwrap();
        note.apply(&mut client, &json!({"edit": edit}));
        assert!(note.text.contains("dx: M54.59 low back pain"));
        assert!(note.text.contains("dx M54.59\n") && !note.text.contains("M54.50"));
        note.diagnostics(&mut client);
    }
}

#[test]
fn what_cannot_be_renamed_is_said_in_a_sentence() {
    let mut client = Client::new();
    let note = Note::open(&mut client, URI, CHART);
    let code = after(&note, "dx: M54");
    for (at, to, why) in [
        (&after(&note, "🙂 So"), "x", "Only a numbered goal"),
        (&after(&note, "\n97124"), "97140", "procedure code"),
        (&code, "neck pain", "ICD-10-CM"),
        (&after(&note, "\ngoal 1"), "2", "already"),
    ] {
        let error = rename(&mut client, at, to).unwrap_err();
        assert_eq!(error["code"], -32803);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(why) && message.ends_with('.'), "{message}");
    }
    let id = client.ask("textDocument/prepareRename", after(&note, "🙂 So"));
    assert_eq!(client.reply(id).unwrap_err()["code"], -32803);
    note.diagnostics(&mut client);
    assert_eq!(client.end(), "", "nothing of it is logged");
}

#[test]
fn visits_and_diagnoses_are_found_in_all_open_notes() {
    let mut client = Client::new();
    let note = Note::open(&mut client, URI, CHART);
    let other = Note::open(
        &mut client,
        "untitled:b",
        "dx: M54.2\nvisit: 2026-11-09\n97140 15 min\n",
    );
    let mut names = |query: &str| -> Vec<String> {
        let found = client.request("workspace/symbol", json!({"query": query}));
        let found = found.as_array().unwrap().iter();
        let name = |s: &Value| format!("{} {}", s["location"]["uri"], s["name"]).replace('"', "");
        found.map(name).collect()
    };
    assert_eq!(
        names("2026-11-09"),
        [
            "untitled:Untitled-1 2026-11-09, regence: 97124",
            "untitled:b 2026-11-09: 97140"
        ]
    );
    assert_eq!(names("cervicalgia"), ["untitled:b M54.2 Cervicalgia"]);
    assert_eq!(names("10234"), [""; 0]);
    note.diagnostics(&mut client);
    other.diagnostics(&mut client);
}

/// Whatever stands in a note and wherever one asks, there is an answer.
#[test]
fn odd_notes_get_answers() {
    let mut client = able();
    for (index, text) in [
        "",
        "\u{FEFF}goal 1: \0",
        "visit:",
        "dx:\rgoal 1\r\n  goal 2:",
        "97140-",
        "🙂",
    ]
    .iter()
    .enumerate()
    {
        let note = Note::open(&mut client, &format!("untitled:{index}"), text);
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let place = json!({"textDocument": note.id(), "position": note.position(at)});
            let mut references = place.clone();
            references["context"] = json!({"includeDeclaration": true});
            client.request("textDocument/definition", place.clone());
            client.request("textDocument/documentHighlight", place.clone());
            client.request("textDocument/references", references);
            let positions = json!({"textDocument": note.id(), "positions": [place["position"]]});
            let found = client.request("textDocument/selectionRange", positions);
            assert_eq!(found.as_array().map(Vec::len), Some(1));
        }
        for method in ["documentSymbol", "foldingRange", "documentLink"] {
            let params = json!({"textDocument": note.id()});
            let found = client.request(&format!("textDocument/{method}"), params);
            assert!(found.is_array(), "{method}: {found}");
        }
        note.diagnostics(&mut client);
    }
    let nowhere = json!({"textDocument": {"uri": "untitled:not-open"}, "position": {"line": 0, "character": 0}});
    for method in [
        "definition",
        "documentHighlight",
        "prepareRename",
        "documentSymbol",
        "foldingRange",
        "documentLink",
    ] {
        let found = client.request(&format!("textDocument/{method}"), nowhere.clone());
        assert_eq!(found, Value::Null, "{method}");
    }
}
