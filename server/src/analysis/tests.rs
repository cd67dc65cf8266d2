//! An analysis that was kept up to date is the analysis of the text as it is.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::Analysis;
use crate::fuzzing::known;
use crate::policy::Policy;
use crate::text::{Document, Span};

/// A chart in which the rules about several visits have something to say, too.
const CHART: &str = "\
payer: auto
referral: 2026-10-01 to 2026-11-10, 2 visits, Dr. Okafor
auth: A1234, 2 visits or 3 units, 2026-10-01 to 2026-11-08
dx: M25.511; M54.2
goal 1: sit at desk 60 minutes with pain 3/10 or less by 2026-11-01
waive: no-progress because the patient moved

visit: 2026-11-02
session: 10:00-10:50
S: Low back pain 6/10.
O: Hypertonic lumbar paraspinals, R > L; left rotation 50 degrees.
97124 lumbar 10:02-10:27
  technique: effleurage
97140-59 R shoulder 1:05-1:20 pm
A: Same.
P: Weekly for 4 weeks.
signed: A. Rivera, LMT 2026-11-02

visit: 2026-11-09
S: Low back pain 6/10.
O: Hypertonic lumbar paraspinals, R > L; left rotation 50 degrees.
97110 12:40-1:05
97530 8 min (gym)
A: Same.
P: Weekly.

DOS: 11/9/2026, 3 of 2
S: Pain 6/10, left shoulder.
97124 9:00-9:20
  colour: blue
A: Goal 1 not met.
signed: A. Rivera, LMT
";

/// Every line of the sample notes and of the examples in the rules' pages: among them are all kinds of line
/// that any rule reads.
static LINES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut lines = std::collections::BTreeSet::new();
    for note in texts_in(&root.join("tests/notes"), "soap") {
        lines.extend(note.lines().map(|line| format!("{line}\n")));
    }
    for page in texts_in(&root.join("docs/rules"), "md") {
        let examples = page.split("```").skip(1).step_by(2);
        let of_examples = examples.flat_map(|example| example.lines().skip(1));
        lines.extend(of_examples.map(|line| format!("{line}\n")));
    }
    assert!(lines.len() > 1500, "{}", lines.len());
    lines.into_iter().collect()
});

/// The files below a folder with this ending.
fn texts_in(folder: &Path, ending: &str) -> Vec<String> {
    let files = ignore::WalkBuilder::new(folder).build().flatten();
    let wanted = files.filter(|file| file.path().extension().is_some_and(|e| e == ending));
    wanted
        .map(|file| std::fs::read_to_string(file.path()).expect("a text"))
        .collect()
}

/// What an edit puts in.
fn pieces() -> impl Strategy<Value = String> {
    let typed = prop::sample::select(vec![
        "",
        "",
        "x",
        " ",
        "\n",
        "\r\n",
        "\n\n",
        "  ",
        ":",
        "-59",
        "10:30-10:45",
        "25 min",
        "é😀",
        "//",
        "visit: 2026-11-16\n",
        "visit: 2026-11-16\nS: Pain 4/10.\n97124 lumbar 15 min\n",
        "dos:",
        "visit",
        "97124 lumbar 10:02-10:27\n  technique: effleurage\n",
        "dx: M54.50\n",
        "payer: medicare\n",
        "authorization: 2 visits or 4 units, 2026-11-01 to 2026-11-10\n",
        "auth: 3 units of 97124\n",
        "left",
        "6/10",
        "session: 10:00-10:50 pm\n",
    ]);
    let lines = prop::collection::vec(any::<prop::sample::Index>(), 1..4);
    prop_oneof![
        2 => typed.prop_map(str::to_owned),
        3 => lines.prop_map(|lines| lines.iter().map(|at| at.get(&LINES).as_str()).collect()),
    ]
}

/// An edit: a place as a share of the text, so that it fits whatever the text has become; whether it is moved
/// to the start of its line; how many bytes go; what comes.
type Typed = (f64, bool, usize, String);

fn edits() -> impl Strategy<Value = Vec<Typed>> {
    let length = prop_oneof![3 => 0usize..3, 1 => 0usize..80, 1 => Just(0)];
    prop::collection::vec((0.0..1.0f64, any::<bool>(), length, pieces()), 1..8)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place in a short text"
)]
fn place(text: &str, share: f64, whole_line: bool, length: usize) -> Span {
    let fit = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let mut start = fit((text.len() as f64 * share) as usize);
    if whole_line {
        start = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    }
    Span::new(start, fit(start + length))
}

fn follow(text: &str, edits: Vec<Typed>) -> Result<(), TestCaseError> {
    let today = jiff::civil::date(2026, 11, 22);
    let policy = Arc::new(Policy::default().on(today));
    let mut document = Document::new(text);
    let mut analysis = Analysis::of(&document, &policy);
    for (share, whole_line, length, piece) in edits {
        let span = place(&document.text(), share, whole_line, length);
        document.replace(span, &piece);
        analysis = analysis.updated(&document, &policy);
        let whole = Analysis::of(&Document::new(&document.text()), &policy);
        for (kept, fresh) in known(&analysis).iter().zip(&known(&whole)) {
            prop_assert_eq!(kept, fresh, "{}", document.text());
        }
        prop_assert_eq!(known(&analysis).len(), known(&whole).len());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    /// Also when headings appear, vanish, merge and split.
    #[test]
    fn updated_equals_full(edits in edits()) {
        follow(CHART, edits)?;
    }

    #[test]
    fn updated_equals_full_with_other_breaks(edits in edits()) {
        follow(&CHART.replace('\n', "\r\n"), edits)?;
    }

    #[test]
    fn updated_equals_full_in_a_long_chart(edits in edits()) {
        follow(&long_chart(9), edits)?;
    }
}

/// A heading is typed, and taken back, letter by letter, before and in the middle of a visit.
#[test]
fn a_heading_appears_and_vanishes() {
    let policy = Arc::new(Policy::default());
    for at in [0, CHART.find("97140").unwrap(), CHART.len()] {
        let mut document = Document::new(CHART);
        let mut analysis = Analysis::of(&document, &policy);
        let heading = "visit: 2026-11-03\n";
        let typed = heading.char_indices();
        let steps = typed.map(|(i, c)| (Span::at(at + i), c.to_string())).chain(
            (0..heading.len())
                .rev()
                .map(|i| (Span::new(at + i, at + i + 1), String::new())),
        );
        for (span, text) in steps {
            document.replace(span, &text);
            analysis = analysis.updated(&document, &policy);
            let whole = Analysis::of(&Document::new(&document.text()), &policy);
            assert_eq!(known(&analysis), known(&whole));
        }
        assert_eq!(document.text(), CHART);
    }
}

/// A chart with so many visits, each in order and with something to say.
fn long_chart(visits: usize) -> String {
    let mut text = CHART[..CHART.find("visit:").unwrap()].to_owned();
    for number in 1..=visits {
        let pain = number % 7 + 2;
        let _ = writeln!(text, "visit: 2026-10-{number:02}\nS: Pain {pain}/10.");
        text += "97124 lumbar 10:02-10:27\n  technique: effleurage\nsigned: A. Rivera, LMT\n\n";
    }
    text
}

/// Visits come, go, join and part.
#[test]
fn visits_come_and_go() {
    let policy = Arc::new(Policy::default());
    let text = long_chart(8);
    let starts: Vec<usize> = text.match_indices("visit:").map(|(at, _)| at).collect();
    let some = "visit: 2026-10-20\nS: Pain 4/10.\n97140 cervical 8 min\n";
    let several = some.repeat(4);
    for (index, start) in starts.iter().copied().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(text.len());
        let further = starts.get(index + 5).copied().unwrap_or(text.len());
        let edits = [
            (Span::at(start), some),
            (Span::at(start), several.as_str()),
            (Span::new(start, end), ""),
            (Span::new(start, further), ""),
            (Span::new(start, end), several.as_str()),
            (Span::new(start, start + 1), ""),
            (Span::new(start - 1, start), ""),
            (Span::at(start), "dx: M54.2 neck pain\n"),
            (Span::at(end), some),
        ];
        for (span, piece) in edits {
            let mut document = Document::new(&text);
            let mut analysis = Analysis::of(&document, &policy);
            let old = document.slice(span);
            let back = Span::new(span.start, span.start + piece.len());
            for (span, piece) in [(span, piece), (back, &*old)] {
                document.replace(span, piece);
                analysis = analysis.updated(&document, &policy);
                let whole = Analysis::of(&Document::new(&document.text()), &policy);
                assert_eq!(known(&analysis), known(&whole), "{span:?} {piece:?}");
            }
        }
    }
}

/// An edit of many places, such as a new name for a goal, does not have what lies between judged again.
#[test]
fn what_lies_between_changed_visits_is_kept() {
    let policy = Arc::new(Policy::default());
    let text = long_chart(12);
    let starts: Vec<usize> = text.match_indices("visit:").map(|(at, _)| at).collect();
    let (early, late) = (starts[1], starts[10]);
    for inserted in [
        "",
        "visit: 2026-10-20\nS: Pain 4/10.\n97140 cervical 8 min\n",
    ] {
        let mut document = Document::new(&text);
        let analysis = Analysis::of(&document, &policy);
        let at = late + text[late..].find("/10.").unwrap();
        document.replace(Span::at(at + 4), " Sore.");
        document.replace(Span::at(early), inserted);
        let at = early + inserted.len() + text[early..].find("/10.").unwrap();
        document.replace(Span::at(at + 4), " Sore.");
        let updated = analysis.updated(&document, &policy);
        let whole = Analysis::of(&Document::new(&document.text()), &policy);
        assert_eq!(known(&updated), known(&whole));
        let before: Vec<_> = analysis
            .pieces()
            .map(|p| Arc::as_ptr(&p.judgement))
            .collect();
        let kept = updated.pieces().map(|p| Arc::as_ptr(&p.judgement));
        let kept = kept.filter(|judgement| before.contains(judgement)).count();
        assert_eq!(kept, before.len() - 2);
    }
}

/// What was found across visits follows them, and its fixes use the line breaks of the text as it is now,
/// without a rule being run again.
#[test]
fn findings_across_visits_move_with_their_places() {
    let today = jiff::civil::date(2026, 11, 22);
    let policy = Arc::new(Policy::default().on(today));
    // Two visits of one day, one out of order, and more than the referral allows.
    let text = long_chart(9)
        .replace("2026-10-04", "2026-10-03")
        .replace("2026-10-06", "2026-10-01");
    let mut document = Document::new(&text);
    let mut analysis = Analysis::of(&document, &policy);
    assert!(analysis.chart_findings.len() > 3);
    for index in [5, 1, 8, 5, 0, 3, 3, 6, 1] {
        let text = document.text();
        let (at, _) = text.match_indices("/10.").nth(index).expect("a score");
        for (span, piece) in [
            (Span::at(at + 4), " Sore"),
            (Span::at(at + 4), "."),
            (Span::new(at + 4, at + 7), ""),
            (Span::at(at + 4), "\n"),
        ] {
            document.replace(span, piece);
            let before = Arc::clone(&analysis.chart_findings);
            analysis = analysis.updated(&document, &policy);
            assert!(Arc::ptr_eq(&before, &analysis.chart_findings));
            let whole = Analysis::of(&Document::new(&document.text()), &policy);
            assert_eq!(known(&analysis), known(&whole));
        }
    }
}

/// The rules across visits run again for what one of them may know, and for nothing else.
#[test]
fn what_the_other_visits_know_of_a_letter() {
    let policy = Arc::new(Policy::default());
    for (words, typed, is_known) in [
        ("Same.\nP: Weekly.", "r", true),
        ("Hypertonic", "x", true),
        ("Weekly for", "x", false),
        ("50 degrees", "6", true),
        ("visit: 2026-11-02", "x", true),
        ("97124 lumbar", "-GP", true),
        ("technique: effleurage", "x", false),
    ] {
        let mut document = Document::new(CHART);
        let analysis = Analysis::of(&document, &policy);
        document.replace(Span::at(CHART.find(words).unwrap() + 5), typed);
        let updated = analysis.updated(&document, &policy);
        let again = updated.summaries != analysis.summaries;
        assert_eq!(again, is_known, "{words}");
    }
}

/// A reading that depends on other lines is made anew with them.
#[test]
fn a_clock_time_is_read_by_the_session_that_stands_now() {
    let policy = Arc::new(Policy::default());
    let session = "session: 10:00-10:50 pm\n";
    let text = format!(
        "visit: 2026-11-20\n{session}97124 lumbar 10:02-10:20\n97140 neck 10:20-10:43\nsigned: A. Rivera, LMT\n"
    );
    let mut document = Document::new(&text);
    let analysis = Analysis::of(&document, &policy);
    let at = text.find(session).unwrap();
    document.replace(Span::new(at, at + session.len()), "");
    let updated = analysis.updated(&document, &policy);
    let whole = Analysis::of(&Document::new(&document.text()), &policy);
    assert_eq!(known(&updated), known(&whole));
    let offered = format!("{:?}", updated.findings());
    assert!(offered.contains("session: 10:02-10:43"), "{offered}");
}
