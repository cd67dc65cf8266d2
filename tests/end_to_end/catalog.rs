//! What there is to choose from, for editors that show it.

use serde_json::{Value, json};

use crate::client::{Client, Setup, uri_of};

fn names(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list").iter();
    list.map(|entry| entry["name"].as_str().expect("a name"))
        .collect()
}

fn payer<'a>(list: &'a Value, name: &str) -> &'a Value {
    let mut list = list.as_array().expect("a list").iter();
    let found = list.find(|entry| entry["name"] == name);
    found.unwrap_or_else(|| panic!("there is no {name}"))
}

#[test]
fn the_payers_are_those_of_the_documentation() {
    let mut client = Client::new();
    let payers = client.request("soapstone/payers", json!({}));
    let page = include_str!("../../docs/payers.md");
    let tables = page
        .split("\n\n")
        .find(|part| part.starts_with("| profile | counts units"));
    let rows = tables.expect("the table").lines().skip(2);
    let mut listed: Vec<&str> = rows
        .flat_map(|row| {
            row.split('|')
                .nth(1)
                .expect("a cell")
                .split('`')
                .skip(1)
                .step_by(2)
        })
        .collect();
    let mut known = names(&payers);
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(known, listed);
    let medicare = payer(&payers, "medicare");
    assert!(!medicare["title"].as_str().expect("a title").is_empty());
    assert_eq!(medicare["own"], false);
    let premera = payer(&payers, "premera");
    assert!(
        premera["aliases"].to_string().contains("lifewise"),
        "{premera}"
    );
}

#[test]
fn a_practice_has_payers_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("soapstone.toml");
    std::fs::write(
        &file,
        "[payers.harbor]\nlike = \"auto\"\naliases = [\"Harbor Plan\"]\n",
    )
    .expect("a file");
    let mut client = Client::with(Setup {
        options: json!({"payers": {"shore": {"like": "auto"}}}),
        ..Setup::default()
    });
    // The note need not be open, nor be there.
    let note = json!({"textDocument": {"uri": uri_of(&folder.path().join("a.soap"))}});
    let payers = client.request("soapstone/payers", note);
    let harbor = payer(&payers, "harbor");
    assert_eq!(harbor["aliases"], json!(["Harbor Plan"]));
    assert_eq!(harbor["own"], true);
    assert!(!names(&payers).contains(&"shore"), "the file holds alone");
    // A note without a path goes by the editor, as does one that is not named.
    for params in [json!({}), json!({"textDocument": {"uri": "untitled:1"}})] {
        let payers = client.request("soapstone/payers", params);
        assert_eq!(payer(&payers, "shore")["own"], true);
    }
}

#[test]
fn the_rules_are_those_of_the_program() {
    let mut client = Client::new();
    let rules = client.request("soapstone/rules", Value::Null);
    let all: Vec<&str> = soapstone::rules::ALL.iter().map(|rule| rule.name).collect();
    assert_eq!(names(&rules), all);
    let first = &rules[0];
    assert_eq!(
        (&first["group"], &first["level"]),
        (&json!("time"), &json!("error"))
    );
    let summary = first["summary"].as_str().expect("a sentence");
    assert!(
        summary.starts_with("Finds ") && summary.ends_with('.'),
        "{summary}"
    );
}
