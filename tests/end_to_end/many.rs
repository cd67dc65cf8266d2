//! A chart with more findings than anyone reads.

use serde_json::Value;

use crate::client::{Client, Note, Setup, is_about_more};

const URI: &str = "untitled:Untitled-1";
const MOST: usize = 1000;

/// A chart of so many visits, each of which has an error and some findings of less weight.
fn chart(visits: usize) -> String {
    let visit = |n: usize| {
        let (year, month, day) = (2020 + n / 336, n / 28 % 12 + 1, n % 28 + 1);
        format!("visit: {year}-{month:02}-{day:02}\n97124 lumbar 10:00-10:07\n\n")
    };
    (0..visits).map(visit).collect()
}

fn place(diagnostic: &Value) -> (u64, u64, u64) {
    let start = &diagnostic["range"]["start"];
    let number = |value: &Value| value.as_u64().expect("a number");
    let severity = number(&diagnostic["severity"]);
    (
        severity,
        number(&start["line"]),
        number(&start["character"]),
    )
}

/// How many more there are, as the last diagnostic says.
fn more(found: &[Value]) -> usize {
    let last = found.last().expect("findings");
    assert!(is_about_more(last), "{last}");
    assert_eq!(place(last), (3, 0, 0));
    let message = last["message"].as_str().expect("text");
    let number = message
        .strip_prefix("There are ")
        .and_then(|rest| rest.split(' ').next());
    number.and_then(|n| n.parse().ok()).expect("a number")
}

#[test]
fn the_loudest_are_shown_and_the_others_counted() {
    let text = chart(700);
    for pulls in [false, true] {
        let mut client = Client::with(Setup {
            pulls,
            ..Setup::default()
        });
        let mut note = Note::open(&mut client, URI, &text);
        let found = note.diagnostics(&mut client);
        assert_eq!(found.len(), MOST);
        let hidden = more(&found);
        let shown = &found[..MOST - 1];
        assert!(!shown.iter().any(is_about_more));
        assert!(
            shown.is_sorted_by_key(place),
            "the loudest first, then by place"
        );
        let errors = shown.iter().filter(|d| d["severity"] == 1).count();
        assert!(errors >= 700, "{errors}");
        // Whoever mends one sees one less; the sentence goes with the last that is too many.
        let at = note.text.find("10:07").expect("a time");
        note.replace(&mut client, at, at + 5, "10:10");
        let found = note.diagnostics(&mut client);
        assert_eq!(found.len(), MOST);
        assert!(more(&found) < hidden);
        let some = note.text.find("visit: 2020-03").expect("a visit");
        let end = note.text.len();
        note.replace(&mut client, some, end, "");
        let found = note.diagnostics(&mut client);
        assert!(found.len() < MOST && found.len() > 56, "{}", found.len());
        assert!(!found.iter().any(is_about_more));
        assert!(
            !found.is_sorted_by_key(place),
            "few are shown by their place"
        );
    }
}
