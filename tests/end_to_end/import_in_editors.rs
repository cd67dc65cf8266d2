//! A text made into a note, for editors that paste one.

use serde_json::json;

use crate::client::Client;

#[test]
fn a_text_becomes_a_note_and_what_was_recognised_is_said() {
    let mut client = Client::new();
    let answer = client.request(
        "soapstone/import",
        json!({
            "textDocument": {"uri": "untitled:1"},
            "text": "Date: 11/20/2026\nSubjective: Sore low back.\n\n97140 lumbar 25 min\n\nObjective: Manual therapy to lumbar paraspinals x 15 min.\nPlan: weekly.\n",
        }),
    );
    let text = answer["text"].as_str().expect("a text");
    assert!(text.starts_with("visit: 2026-11-20\n"), "{text}");
    assert!(text.contains("\n97140 lumbar 25 min\n"), "{text}");
    let rows = answer["rows"].as_array().expect("rows");
    let of_kind = |kind: &'static str| rows.iter().filter(move |row| row["kind"] == kind);
    let blocks = of_kind("block").count();
    assert_eq!(blocks, 1, "{answer}");
    let proposed = of_kind("proposed").next().expect("a proposed code");
    assert!(
        text.contains(proposed["what"].as_str().expect("a line")),
        "{answer}"
    );
    assert_eq!(
        answer["summary"],
        "1 block recognized, 1 code proposed to confirm."
    );
}

#[test]
fn a_text_of_several_patients_stays_as_it_is() {
    let mut client = Client::new();
    let text = "Patient: N. Example\nMassage 30 min.\n\nPatient: M. Example\nMassage 45 min.\n";
    let answer = client.request(
        "soapstone/import",
        json!({"textDocument": {"uri": "untitled:1"}, "text": text}),
    );
    assert_eq!(answer["text"], text);
    assert_eq!(answer["rows"], json!([]));
    let summary = answer["summary"].as_str().expect("a sentence");
    assert!(summary.contains("more than one patient"), "{summary}");
}
