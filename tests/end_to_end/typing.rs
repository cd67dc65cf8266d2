//! Notes are typed key by key; what is wrong shows while they are typed, and each fix cures it.

use serde_json::{Value, json};

use crate::client::{Client, Note, Setup, names, of_rule};

const URI: &str = "untitled:Untitled-1";

/// The diagnostics of a text that is opened, not typed.
fn fresh(text: &str, encodings: Option<Value>) -> Vec<Value> {
    let mut client = Client::with(Setup {
        encodings,
        ..Setup::default()
    });
    Note::open(&mut client, URI, text).diagnostics(&mut client)
}

fn has(rules: &[String], rule: &str) -> bool {
    rules.iter().any(|r| r == rule)
}

#[test]
fn seven_minutes_without_a_diagnosis_and_a_goal() {
    let mut client = Client::new();
    let mut note = Note::open(&mut client, URI, "visit: 2026-11-02\n");
    assert_eq!(note.rules(&mut client), Vec::<String>::new());
    note.type_end(&mut client, "97124 lumbar 10:00-10:07");
    let found = note.diagnostics(&mut client);
    for rule in ["under-eight-minutes", "missing-diagnosis", "missing-goal"] {
        of_rule(&found, rule);
    }
    let under = of_rule(&found, "under-eight-minutes");
    assert_eq!(note.at(&under["range"]), "10:00-10:07");
    let hints = json!({"textDocument": note.id(), "range": note.range(0, note.text.len())});
    let hints = client.request("textDocument/inlayHint", hints);
    assert!(hints.to_string().contains('7'), "{hints}");
    let hover = json!({"textDocument": note.id(), "position": note.position(20)});
    let hover = client.request("textDocument/hover", hover);
    assert!(
        hover["contents"]["value"]
            .as_str()
            .unwrap()
            .contains("97124")
    );

    note.type_end(&mut client, "\n97140 cervical 10:07-10:30");
    let found = note.diagnostics(&mut client);
    let pair = of_rule(&found, "massage-with-manual-therapy");
    assert_eq!(note.at(&pair["range"]), "97124");
    let related = &pair["relatedInformation"][0]["location"];
    assert_eq!(note.at(&related["range"]), "97140");
    let actions = note.actions(&mut client, &pair["range"], json!({"diagnostics": []}));
    let modifier = actions
        .iter()
        .find(|a| a["title"].as_str().unwrap().contains("modifier 59"))
        .expect("a fix with modifier 59");
    note.apply(&mut client, modifier);
    assert!(note.text.contains("97124-59 lumbar"), "{}", note.text);
    let found = note.diagnostics(&mut client);
    let still = found
        .iter()
        .find(|d| d["code"] == "massage-with-manual-therapy");
    assert!(still.is_none_or(|d| d["severity"] == 3), "{still:?}");
    assert_eq!(found, fresh(&note.text, None));
}

#[test]
fn every_fix_removes_its_finding() {
    let text = "payer: commercial\nvisit: 2026-11-02\n97124 lumbar 10:00-10:07\n97140 cervical 10:07-10:30\n";
    let mut client = Client::new();
    let mut opened = 0;
    let mut tried = 0;
    let mut open = |client: &mut Client| {
        opened += 1;
        let note = Note::open(client, &format!("untitled:{opened}"), text);
        let found = note.diagnostics(client);
        (note, found)
    };
    let (note, found) = open(&mut client);
    for diagnostic in &found {
        let rule = diagnostic["code"].as_str().unwrap();
        let actions = note.actions(
            &mut client,
            &diagnostic["range"],
            json!({"diagnostics": []}),
        );
        let of_it = |a: &&Value| {
            let fixed = a["diagnostics"].as_array();
            a["kind"] == "quickfix" && fixed.is_some_and(|fixed| fixed.contains(diagnostic))
        };
        for action in actions.iter().filter(of_it) {
            let (mut copy, _) = open(&mut client);
            let mut action = action.clone();
            action["edit"]["documentChanges"][0]["textDocument"]["uri"] = json!(copy.uri);
            copy.apply(&mut client, &action);
            let left = copy.diagnostics(&mut client);
            let same = left
                .iter()
                .any(|d| d["code"] == rule && d["message"] == diagnostic["message"]);
            assert!(!same, "{action}: {rule} is still there in\n{}", copy.text);
            tried += 1;
        }
    }
    assert!(tried >= 3, "only {tried} fixes among {:?}", names(&found));
}

#[test]
fn medicare_does_not_let_59_open_the_pair() {
    let mut client = Client::new();
    let text = "payer: medicare\nvisit: 2026-11-02\n97140 cervical 10:07-10:30\n";
    let mut note = Note::open(&mut client, URI, text);
    note.diagnostics(&mut client);
    note.type_end(&mut client, "97124-59 lumbar 10:30-10:50\n");
    let found = note.diagnostics(&mut client);
    let pair = of_rule(&found, "massage-with-manual-therapy");
    assert!(pair["message"].as_str().unwrap().contains("indicator 0"));
    let actions = note.actions(&mut client, &pair["range"], json!({"diagnostics": [pair]}));
    assert!(!actions.is_empty());
    for action in &actions {
        let title = action["title"].as_str().unwrap();
        assert!(!title.contains("59"), "{title}");
    }
}

/// A note with accents, an emoji, and all the ways to end a line.
const WORDY: &str = "patient: Zoë 👩‍⚕️\r\ndx: M54.50\r\n\r\nvisit: 2026-11-02\r\nS: cervicalgie sévère 😀 8/10\r\n97124 lumbar 😀 10:00-10:07\r\n97140 cou é 10:07-10:30\r\nP: größer\n";

#[test]
fn what_is_typed_equals_what_is_opened() {
    for encodings in [
        None,
        Some(json!(["utf-8", "utf-16"])),
        Some(json!(["utf-32"])),
    ] {
        let mut client = Client::with(Setup {
            encodings: encodings.clone(),
            ..Setup::default()
        });
        let mut note = Note::open(&mut client, URI, "");
        note.type_end(&mut client, WORDY);
        let found = note.diagnostics(&mut client);
        let under = of_rule(&found, "under-eight-minutes");
        assert_eq!(note.at(&under["range"]), "10:00-10:07", "{encodings:?}");
        assert_eq!(found, fresh(WORDY, encodings));
        for diagnostic in &found {
            let range = &diagnostic["range"];
            assert!(note.offset(&range["start"]) <= note.offset(&range["end"]));
        }
    }
}

#[test]
fn edits_in_the_middle_equal_a_fresh_text() {
    let mut client = Client::new();
    let mut note = Note::open(&mut client, URI, WORDY);
    let at = note.text.find("97140").unwrap();
    let at = note.type_at(
        &mut client,
        at,
        "visit: 2026-11-03\r\n97124 hips 👍 9:00-9:20\r\n",
    );
    note.type_at(&mut client, at, "97110 knee 5 min\r\n");
    let visit = note.text.find("visit: 2026-11-03").unwrap();
    // The heading is taken away key by key, as with the backspace key.
    for end in (visit + 1..=visit + "visit: 2026-11-03".len()).rev() {
        note.replace(&mut client, end - 1, end, "");
    }
    let found = note.diagnostics(&mut client);
    assert_eq!(found, fresh(&note.text, None));
    assert!(has(&names(&found), "under-eight-minutes"));
}
