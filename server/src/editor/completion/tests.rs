use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use proptest::prelude::*;

use super::*;
use crate::rules;
use crate::text::Document;

const NOW: DateTime = DateTime::constant(2026, 11, 22, 10, 47, 0, 0);

fn asked(text: &str, settings: &str, trigger: Option<char>) -> (Document, List) {
    let offset = text.find('^').expect("a mark");
    let document = Document::new(&text.replacen('^', "", 1));
    let (policy, problems) = rules::read_policy(settings);
    assert_eq!(problems, []);
    let policy = Arc::new(policy.on(Date::constant(2026, 11, 22)));
    let analysis = Analysis::of(&document, &policy);
    let list = complete(&analysis, offset, Ask { trigger, now: NOW });
    (document, list)
}

fn items(text: &str) -> Vec<Item> {
    asked(text, "", None).1.items
}

/// The labels at the mark `^`.
fn labels(text: &str) -> Vec<String> {
    items(text).into_iter().map(|i| i.label).collect()
}

/// The labels of a list that opens by itself after the character before the mark.
fn opened(text: &str) -> Vec<String> {
    let typed = text[..text.find('^').unwrap()].chars().next_back();
    let list = asked(text, "", typed).1;
    list.items.into_iter().map(|i| i.label).collect()
}

/// The text once the item of that label was taken, placeholders as `___`.
fn taken(text: &str, label: &str) -> String {
    taken_with(text, "", label)
}

fn taken_with(text: &str, settings: &str, label: &str) -> String {
    let (mut document, list) = asked(text, settings, None);
    let labels: Vec<&str> = list.items.iter().map(|i| &*i.label).collect();
    let item = list.items.iter().find(|i| i.label == label);
    let item = item.unwrap_or_else(|| panic!("{label} is not among {labels:?}"));
    document.replace(item.span, &item.insert.plain);
    document.text()
}

#[test]
fn blocks_in_sentences_and_their_labels() {
    let has = |text: &str, label: &str| labels(text).contains(&label.to_owned());
    // The block that is being typed, of several on a line.
    assert!(has("Tx: 97110-GP lumbar 25 min; 97140-^ neck 15 min", "59"));
    assert!(has(
        "O: Stretches 15 min (97110). Mobilization 15 min (97140-^)",
        "59"
    ));
    // Below a sentence stand no details.
    assert!(has("97140 neck 15 min\n  ^", "technique:"));
    assert!(!has(
        "O: Mobilization (97140): 15 minutes\n  ^",
        "technique:"
    ));
    // After its sentence.
    assert_eq!(items("O: Mobilization (97140): 15 minutes. Then sh^"), []);
    assert!(has("Medical Diagnosis: low back p^", "M54.50"));
    for label in ["visit", "Date", "Encounter date", "  DOS"] {
        assert!(has(&format!("{label}: ^"), "2026-11-22"), "{label}");
    }
}

#[test]
fn fields_and_sections_that_are_missing() {
    let found = labels("payer: medicare\np^\nvisit: 2026-11-20\nS: x\n");
    assert_eq!(
        found,
        [
            "patient:",
            "provider:",
            "plan of care:",
            "referral:",
            "authorization:"
        ]
    );
    let found = labels("visit: 2026-11-20\nS: x\nO: y\nsession: 10:00-10:50\n^");
    for there in ["S:", "O:", "session:", "patient:"] {
        assert!(!found.contains(&there.to_owned()), "{there}: {found:?}");
    }
    for missing in ["A:", "P:", "Tx:", "dx:", "signed:", "visit: 2026-11-22"] {
        assert!(found.contains(&missing.to_owned()), "{missing}: {found:?}");
    }
    assert!(found.len() <= MOST);
    assert!(labels("goal 1: sit\ngo^").contains(&"goal 2:".to_owned()));
    assert_eq!(taken("asse^", "A:"), "A: ");
    let found = labels("97124 neck\n  technique: MFR\n  ^");
    let missing = ["region:", "response:", "time:", "dx:", "note:", "waive:"];
    assert_eq!(found, missing);
    assert_eq!(
        taken("97124 neck\r\n\tre^\r\n", "response:"),
        "97124 neck\r\n\tresponse: \r\n"
    );
}

#[test]
fn a_procedure_by_number_words_and_letters() {
    assert_eq!(labels("O: x\nmassage^"), ["97124"]);
    assert_eq!(labels("ther ex^")[0], "97110");
    assert_eq!(labels("NMR^"), ["97112"]);
    assert_eq!(labels("9714^")[0], "97140");
    assert_eq!(
        taken(
            "session: 10:00-11:00\n97140 neck 10:05-10:20\r\n9712^",
            "97124"
        ),
        "session: 10:00-11:00\n97140 neck 10:05-10:20\r\n97124 ___ 10:20-___\r\n  technique: ___\r\n  response: ___"
    );
    assert_eq!(
        taken("97140 neck 15 min\n9711^", "97110"),
        "97140 neck 15 min\n97110 ___ min\n  response: ___"
    );
    // Before other words the code goes alone.
    assert_eq!(taken("9712^ lumbar", "97124"), "97124 lumbar");
    let item = &items("mas^")[0];
    assert_eq!(
        item.insert.snippet.as_deref(),
        Some("97124 ${1:___} ${2:___}-${3:___}\n  technique: ${4:___}\n  response: ${5:___}$0")
    );
    assert!(item.filter.starts_with("mas"));
}

#[test]
fn what_the_payer_does_not_take_stands_last() {
    let (_, list) = asked(
        "payer: x\n971^",
        "[payers.x]\naccepts = [\"97140\"]\n",
        None,
    );
    assert_eq!(list.items[0].label, "97140");
    let massage = list.items.iter().find(|i| i.label == "97124").unwrap();
    assert!(massage.detail.contains("not among"), "{}", massage.detail);
}

#[test]
fn sentences_are_left_alone() {
    for text in [
        "visit: 2026-11-20\nS: pain since massage^",
        "visit: 2026-11-20\nS: x\nmassage^",
        "visit: 2026-11-20\nS: x\n   back^",
        "visit: 2026-11-20\nP: TE^",
        "The patient was seen and ^",
        "97^124 lumbar",
        "97124^",
        "// mas^",
        "http://p^",
        "patient: 1^",
        "97124 lumbar^",
        "97124 low back^",
        "97124 neck\n  technique: effleurage^",
        "dx: M54.50^",
        "dx: M54.50 low back^",
        "note: 10.^",
    ] {
        assert_eq!(labels(text), [""; 0], "{text}");
    }
}

#[test]
fn no_list_of_what_was_done_opens_by_itself() {
    for text in [
        "97124 neck\n  technique:^",
        "97124 neck\n  region:^",
        "97124 neck\n  response:^",
        "97124 neck 10:00-^",
        "97124 neck\n  time:^",
        "session:^",
        "provider: A. Rivera, LMT\nsigned:^",
        "S:^",
        "patient was seen:^",
        "A note - ^",
        "Much better.^",
    ] {
        assert_eq!(opened(text), [""; 0], "{text}");
    }
    assert!(opened("payer:^").contains(&"medicare".to_owned()));
    assert_eq!(opened("visit:^"), ["2026-11-22"]);
    assert!(opened("97140-^").contains(&"59".to_owned()));
    assert_eq!(opened("dx:^"), [""; 0]);
    assert_eq!(taken("payer:^", "medicare"), "payer: medicare");
}

#[test]
fn the_modifier_that_solves_comes_first() {
    let pair = "session: 10:00-11:00\n97140 neck 10:05-10:20\n97124-^ lumbar 10:20-10:40\nP: x";
    assert_eq!(labels(pair)[..2], ["59", "XS"]);
    // Where it does not help it does not come first.
    let first = &items(&format!("payer: medicare\n{pair}"))[0];
    assert!(!first.detail.contains("only if"), "{first:?}");
    let plan =
        "payer: medicare\nprovider: A. Rivera, OTR\nvisit: 2026-11-20\n97530-^ 10:00-10:20\nP: x";
    assert_eq!(labels(plan)[0], "GO");
    let chiropractor = "payer: medicare\nvisit: 2026-11-20\n98940-^ cervical\nP: x";
    assert_eq!(labels(chiropractor)[0], "AT");
    let found = labels("97140-59-^");
    assert!(
        !found.contains(&"59".to_owned()) && !found.contains(&"AT".to_owned()),
        "{found:?}"
    );
    assert_eq!(taken("97140-g^ neck", "GP"), "97140-GP neck");
}

#[test]
fn regions_times_and_pointers() {
    assert_eq!(
        labels("97124 sho^")[..3],
        ["shoulder", "R shoulder", "L shoulder"]
    );
    assert_eq!(
        taken("97124-59 lumbar, rt upp^", "R upper trapezius").as_str(),
        "97124-59 lumbar, R upper trapezius"
    );
    let text =
        "dx: M54.2\nvisit: 2026-11-22\nsession: 10:00-11:00\n97140 L hip 10:05-10:20\n97124 ^";
    let found = labels(text);
    assert_eq!(
        found[..5],
        [
            "10:20-10:47",
            "10:20-11:00",
            "10:20-___",
            "dx M54.2",
            "L hip"
        ]
    );
    assert_eq!(
        labels("97124 lumbar dx ^\n\nvisit: 2026-11-20\ndx: M54.50\n"),
        ["M54.50"]
    );
    // Now says nothing of another day.
    let other = labels(&text.replace("11-22", "11-20"));
    assert_eq!(other[..2], ["10:20-11:00", "10:20-___"]);
    assert_eq!(labels("97124 neck 10:30-^"), ["10:30-10:47", "10:30-___"]);
    assert_eq!(labels("97124 neck 10:02-10:27\n97110 10:3^"), [""; 0]);
    assert_eq!(
        labels("97124 neck 10:02-10:27\nsession: ^")[0],
        "10:02-10:27"
    );
}

#[test]
fn techniques_of_the_code() {
    let found = labels("97124 neck\n  technique: ^");
    assert!(found.contains(&"effleurage".to_owned()) && !found.contains(&"ultrasound".to_owned()));
    assert_eq!(
        taken(
            "97140 neck\n  technique: joint mobilization, MFR^",
            "myofascial release"
        ),
        "97140 neck\n  technique: joint mobilization, myofascial release"
    );
    assert_eq!(
        labels("97124 neck\n  response: ^"),
        ["pain ___/10 to ___/10"]
    );
}

#[test]
fn diagnoses_that_are_looked_for() {
    assert_eq!(labels("dx: ^"), [""; 0]);
    assert_eq!(labels("S: neck pain after a crash\ndx: ^"), [""; 0]);
    assert_eq!(
        labels("dx: ^\n\nvisit: 2026-11-20\ndx: M54.50 low back pain\n"),
        ["M54.50"]
    );
    assert_eq!(labels("dx: M54.5^"), ["M54.50", "M54.51", "M54.59"]);
    assert_eq!(labels("dx: m545^")[0], "M54.50");
    assert_eq!(labels("dx: M54.2 neck; low ba^")[0], "M54.50");
    assert_eq!(labels("dx: M54.2\n  low ba^")[0], "M54.50");
    assert_eq!(labels("dx: R knee pain^")[0], "M25.561");
    assert!(labels("dx: M54.2; M54.^").iter().all(|l| l != "M54.2"));
    for item in items("dx: low back^") {
        assert!(item.filter.starts_with("low back"), "{item:?}");
        assert!(!item.detail.contains("foreign body"), "{item:?}");
    }
    assert_eq!(
        taken("dx:^\nvisit: 1\ndx: M54.2", "M54.2"),
        "dx: M54.2\nvisit: 1\ndx: M54.2"
    );
}

#[test]
fn rules_payers_and_templates() {
    let text = "visit: 2026-11-02\nS: x\n97124 lumbar 10:00-10:07\nwaive: ^\nvisit: 2026-11-09\n";
    let found = labels(text);
    let under = found
        .iter()
        .position(|l| l == "under-eight-minutes")
        .unwrap();
    let details: Vec<String> = items(text).into_iter().map(|i| i.detail).collect();
    assert_eq!(details[under], "found in this visit");
    assert!(details[0].starts_with("found"), "{details:?}");
    assert_eq!(
        taken("waive: missing-g^", "missing-goal"),
        "waive: missing-goal because ___"
    );
    assert_eq!(labels("waive: missing-goal because ^"), [""; 0]);
    let (_, list) = asked(
        "payer: ^",
        "[payers.regence]\nlike = \"commercial\"\n",
        None,
    );
    assert_eq!(list.items[0].label, "regence");
    assert_eq!(taken("payer: l&^", "wa-lni"), "payer: wa-lni");
    assert!(labels("goal 1: sit^")[0].starts_with("sit ___ minutes by ___"));
    assert_eq!(
        labels("provider: A. Rivera, LMT\nsigned: ^"),
        ["A. Rivera, LMT 2026-11-22"]
    );
    assert_eq!(labels("97124 neck 15 min\ntimed minutes: ^"), ["15"]);
    assert!(labels("referral: ^")[0].ends_with("Dr. ___"));
}

#[test]
fn whole_visits() {
    let before = "dx: M54.2\n\nvisit: 2026-11-20\n97124 neck 10:00-10:25\nP: x\n\n";
    let after = taken(&format!("{before}vis^"), "visit, carried forward");
    assert_eq!(
        after.strip_prefix(before),
        Some(
            "visit: 2026-11-22\nsession: ___\nS: ___\nO: ___\n\n97124 neck ___\n  response: ___\n\nA: ___\nP: ___\nsigned:"
        )
    );
    assert!(!labels("vis^").contains(&"visit, carried forward".to_owned()));
}

#[test]
fn phrases_of_the_reader() {
    let settings =
        "[phrases]\nlbp = \"Low back pain $1/10\"\n\".home\" = \"\"\"\nHome: ___\nIce\"\"\"\n";
    assert_eq!(
        taken_with("S: .lb^", settings, ".lbp"),
        "S: Low back pain ___/10"
    );
    assert_eq!(
        taken_with("P: .^\r\n", settings, ".home"),
        "P: Home: ___\r\nIce\r\n"
    );
    let typed = |text| asked(text, settings, Some('.')).1.items.len();
    assert_eq!(
        (typed("S: .^"), typed("S: better.^"), typed("S: ..^")),
        (2, 0, 0)
    );
}

#[test]
fn explanations_by_key() {
    for (text, label) in [
        ("971^", "97124"),
        ("97140-^", "59"),
        ("^", "payer:"),
        ("waive: missing-g^", "missing-goal"),
    ] {
        let item = items(text).into_iter().find(|i| i.label == label).unwrap();
        let Documentation::Key(key) = &item.documentation else {
            panic!("{item:?}")
        };
        let text = documentation::of_key(key).unwrap();
        assert!(text.len() > 20, "{text}");
    }
    let weak = documentation::of_key("diagnosis:M54.9").unwrap();
    assert!(weak.starts_with("**M54.9**: Dorsalgia"), "{weak}");
    for key in ["", "code:", "code:1", "x:y", "diagnosis:", "rule:x"] {
        assert_eq!(documentation::of_key(key), None, "{key}");
    }
}

/// Lines of notes, whole and broken, in any order.
fn notes() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "visit: 2026-11-22",
        "dx: M54.2;",
        "dx: low ba",
        "  more",
        "97124 lumbar 10:00-10:25 x2",
        "97140-",
        "97140-59-GP R neck dx ",
        "97124 10:02-",
        "  technique: MFR, ",
        "  region: ",
        "  time: 9",
        "S: a .l",
        "A:",
        "P",
        "// no",
        "97010 R",
        "waive: mis",
        "goal 1: ",
        "payer:",
        "session: 9:00-",
        "signed: ",
        "\u{feff}dx: é",
        "🙂 \0",
        "",
        "   ",
        ".",
        "  ",
        "mas",
        "97",
        "visit:",
        "timed minutes: ",
        "  .x",
    ]);
    let br = prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n", ""]);
    prop::collection::vec((line, br), 0..8).prop_map(|lines| {
        lines
            .into_iter()
            .flat_map(|(l, b)| [l, b])
            .collect::<String>()
    })
}

#[test]
fn fields_come_before_what_is_found_by_other_words() {
    for text in ["pa^", "pa^\n\nvisit: 2026-11-20\nS: x\n"] {
        assert_eq!(labels(text)[..2], ["patient:", "payer:"], "{text}");
    }
}

#[test]
fn the_payer_of_whose_own_name_something_is_typed_comes_first() {
    for (typed, first) in [
        ("aet", "aetna"),
        ("Aet", "aetna"),
        ("uhc", "unitedhealthcare"),
        ("united", "unitedhealthcare"),
        ("blue", "bcbs"),
        ("pip", "auto"),
        ("florida", "fl-pip"),
        ("veterans", "va-ccn"),
        ("cash", "self-pay"),
    ] {
        assert_eq!(labels(&format!("payer: {typed}^"))[0], first, "{typed}");
    }
    // What is known by one of its other names is there nevertheless.
    assert!(labels("payer: aet^").contains(&"medicaid".to_owned()));
    assert_eq!(labels("payer: ^").len(), labels("payer:^").len());
}

#[test]
fn a_diagnosis_is_found_by_any_of_its_words_while_they_are_typed() {
    for typed in ["low", "low ", "low ba", "back", "back low", "pain low b"] {
        let (_, list) = asked(&format!("dx: {typed}^\n"), "", None);
        assert!(list.incomplete, "{typed}");
        let item = list.items.iter().find(|i| i.label == "M54.50");
        let item = item.unwrap_or_else(|| panic!("{typed}: {:?}", list.items));
        // An editor that does not ask again finds the words that are typed next.
        assert!(
            item.filter.starts_with(typed) && item.filter.contains("pain"),
            "{item:?}"
        );
    }
}

#[test]
fn no_time_is_written_in_another_way_than_the_note_writes_its_own() {
    let chart =
        "visit: 2026-11-20\nsession: 1:00-1:50\n97124 lumbar 1:05-1:30\n\nvisit: 2026-11-22\n";
    let afternoon = |words: &str, now: DateTime| {
        let text = format!("{chart}{words}^");
        let offset = text.find('^').unwrap();
        let analysis = Analysis::of(&Document::new(&text.replace('^', "")), &Arc::default());
        let ask = Ask { trigger: None, now };
        let items = complete(&analysis, offset, ask).items.into_iter();
        items
            .map(|i| i.insert.plain.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let now = DateTime::constant(2026, 11, 22, 13, 47, 0, 0);
    for words in [
        "session:",
        "session: 1:00-",
        "97124 lumbar ",
        "session: 1:00-1:50\n97124 lumbar ",
        "97124 lumbar 1:05-1:30\n97140 ",
        "97124 lumbar 1:05-1:30\nmassage",
        "97124 lumbar 1:05-1:30\nsession:",
    ] {
        let offered = afternoon(words, now);
        assert!(!offered.is_empty(), "{words}");
        assert!(
            offered.iter().all(|o| !o.contains("13:")),
            "{words}: {offered:?}"
        );
    }
    assert!(afternoon("session:", now).contains(&"1:47-___".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn items_replace_what_was_typed_and_nothing_else(text in notes()) {
        let (policy, _) = rules::read_policy("[phrases]\nlong = \"a $1\\nb\"\n");
        let document = Document::new(&text);
        let analysis = Analysis::of(&document, &Arc::new(policy));
        let inner = text.char_indices().map(|(at, _)| at);
        for offset in inner.chain([text.len(), text.len() + 9]) {
            let list = complete(&analysis, offset, Ask { trigger: None, now: NOW });
            prop_assert!(list.items.len() <= MOST);
            let at = offset.min(text.len());
            for item in &list.items {
                prop_assert!(item.span.start <= item.span.end && item.span.end <= at, "{:?}", item);
                prop_assert!(text.is_char_boundary(item.span.start) && text.is_char_boundary(item.span.end));
                let typed = &text[item.span.range()];
                prop_assert!(!typed.contains(['\n', '\r']));
                prop_assert!(item.filter.to_lowercase().starts_with(&typed.to_lowercase()), "{:?} {:?}", item, typed);
                prop_assert!(item.insert.plain != typed);
            }
        }
    }
}
