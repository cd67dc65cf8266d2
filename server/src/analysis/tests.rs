//! An analysis that was kept up to date is the analysis of the text as it is.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;

use super::Analysis;
use crate::policy::Policy;
use crate::text::{Document, Encoding, Span};

/// A chart in which the rules about several visits have something to say, too.
const CHART: &str = "\
payer: auto
referral: 2026-10-01 to 2026-11-10, 2 visits, Dr. Okafor
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

/// What an edit puts in.
fn pieces() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
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
        "S: Pain 6/10.\n",
        "97124 lumbar 10:02-10:27\n  technique: effleurage\n",
        "97140-59",
        "dx: M54.50\n",
        "goal 1: met\n",
        "payer: medicare\n",
        "signed: A. Rivera, PT 2026-11-02\n",
        "waive: cloned-note because asked\n",
        "left",
        "6/10",
        "referral: 4 visits\n",
        "session: 12:30-1:45\n",
    ])
}

/// Places as shares of the text, so that they fit whatever the text has become.
fn edits() -> impl Strategy<Value = Vec<(f64, usize, &'static str)>> {
    let length = prop_oneof![3 => 0usize..3, 1 => 0usize..80, 1 => Just(0)];
    prop::collection::vec((0.0..1.0f64, length, pieces()), 1..8)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place in a short text"
)]
fn place(text: &str, share: f64, length: usize) -> Span {
    let fit = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = fit((text.len() as f64 * share) as usize);
    Span::new(start, fit(start + length))
}

/// All that is known of a document, as text.
fn told(analysis: &Analysis) -> Vec<String> {
    let mut all: Vec<String> = analysis
        .parts()
        .map(|part| {
            format!(
                "{} {} {:?} {:?} {:?} {}",
                part.start,
                part.line,
                part.reading.visit,
                part.judgement.findings,
                part.judgement.claim,
                part.judgement.payer
            )
        })
        .collect();
    let one_by_one = analysis.parts_with_findings().flat_map(|part| {
        let findings = part.judgement.findings.iter();
        findings.map(move |f| f.shifted(part.start))
    });
    let mut one_by_one: Vec<String> = one_by_one
        .chain(analysis.chart_findings())
        .map(|f| format!("{f:?}"))
        .collect();
    one_by_one.sort_unstable();
    all.append(&mut one_by_one);
    all.extend(analysis.findings().iter().map(|f| format!("{f:?}")));
    all
}

/// What a client sees of the findings.
fn seen(document: &Document, analysis: &Analysis) -> Vec<String> {
    let place = |offset| document.position(offset, Encoding::Utf16);
    let findings = analysis.findings();
    let seen = findings.iter().map(|f| {
        let spans: Vec<_> = f.spans().map(|s| (place(s.start), place(s.end))).collect();
        let fixes: Vec<&str> = f.fixes.iter().map(|fix| &*fix.title).collect();
        format!(
            "{} {:?} {} {spans:?} {fixes:?}",
            f.rule.name, f.level, f.message
        )
    });
    seen.collect()
}

fn follow(text: &str, edits: Vec<(f64, usize, &str)>) -> Result<(), TestCaseError> {
    let today = jiff::civil::date(2026, 11, 22);
    let policy = Arc::new(Policy::default().on(today));
    let mut document = Document::new(text);
    let mut analysis = Analysis::of(&document, &policy);
    for (share, length, piece) in edits {
        let span = place(&document.text(), share, length);
        let (old, before) = (document.clone(), analysis.clone());
        document.replace(span, piece);
        analysis = analysis.updated(&document, &policy);
        if analysis.finds_like(&before) {
            prop_assert_eq!(seen(&document, &analysis), seen(&old, &before));
        }
        let whole = Analysis::of(&Document::new(&document.text()), &policy);
        for (kept, fresh) in told(&analysis).iter().zip(&told(&whole)) {
            prop_assert_eq!(kept, fresh);
        }
        prop_assert_eq!(told(&analysis).len(), told(&whole).len());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

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
            assert_eq!(told(&analysis), told(&whole));
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

/// Visits come, go, join and part at all borders of the chunks that they are kept in.
#[test]
fn visits_come_and_go_at_every_border() {
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
                assert_eq!(told(&analysis), told(&whole), "{span:?} {piece:?}");
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
        assert_eq!(told(&updated), told(&whole));
        let before: Vec<_> = analysis.parts().map(|p| Arc::as_ptr(p.judgement)).collect();
        let kept = updated.parts().map(|p| Arc::as_ptr(p.judgement));
        let kept = kept.filter(|judgement| before.contains(judgement)).count();
        assert_eq!(kept, before.len() - 2);
    }
}

/// What was found by several visits together follows them, however many letters come and go.
#[test]
fn findings_of_several_visits_move_with_them() {
    // Two visits of one day, one out of order, and more than the referral allows.
    let text = long_chart(9)
        .replace("2026-10-04", "2026-10-03")
        .replace("2026-10-06", "2026-10-01");
    let (quick, _) = typed_into(&text);
    assert!(quick > 9, "{quick}");
    // The same where nothing is wrong with each visit by itself.
    let times = "time in: 10:00\ntime out: 10:30\nO: Neck tender, left.\n97124 cervical";
    let text = text
        .replace("97124 lumbar", times)
        .replace("signed:", "A: Eased.\nP: Weekly for 4 weeks.\nsigned:");
    let (quick, alike) = typed_into(&text);
    assert!(quick > 9, "{quick}");
    assert!(alike > 9, "{alike}");
}

/// Types into a chart here and there. How often the other visits were not looked at, and how often
/// everything that was found stayed in its place.
fn typed_into(text: &str) -> (usize, usize) {
    let today = jiff::civil::date(2026, 11, 22);
    let policy = Arc::new(Policy::default().on(today));
    let mut document = Document::new(text);
    let mut analysis = Analysis::of(&document, &policy);
    assert!(analysis.chart_findings().count() > 3);
    let places = |text: &str| -> Vec<usize> {
        let words = text.match_indices("/10.");
        words.map(|(at, words)| at + words.len()).collect()
    };
    let (mut quick, mut alike) = (0, 0);
    for index in [5, 1, 8, 5, 0, 3, 3, 6, 1] {
        let at = places(&document.text())[index];
        for (span, piece) in [
            (Span::at(at), " Sore"),
            (Span::at(at), "."),
            (Span::new(at, at + 3), ""),
            (Span::at(at), "\n"),
        ] {
            let (old, before) = (document.clone(), analysis.clone());
            document.replace(span, piece);
            let kept = analysis.with_one_visit_changed(&document, &policy);
            quick += usize::from(kept.is_some());
            analysis = analysis.updated(&document, &policy);
            if analysis.finds_like(&before) {
                alike += 1;
                assert_eq!(seen(&document, &analysis), seen(&old, &before));
            }
            let whole = Analysis::of(&Document::new(&document.text()), &policy);
            assert_eq!(told(&analysis), told(&whole));
        }
    }
    (quick, alike)
}

/// The other visits are not looked at for a letter in a sentence, but for one that tells them something.
#[test]
fn what_the_other_visits_see_of_a_letter() {
    let policy = Arc::new(Policy::default());
    // No clone of the visit before, which would be told of both.
    let text = CHART.replace("A: Same.\nP: Weekly.", "A: Better.\nP: Weekly.");
    let mut document = Document::new(&text);
    let analysis = Analysis::of(&document, &policy);
    let at = text.find("Same.\nP: Weekly for").unwrap();
    document.replace(Span::at(at + 4), "r");
    let updated = analysis.with_one_visit_changed(&document, &policy);
    assert!(updated.is_some());
    for (words, typed) in [
        ("50 degrees", "6"),
        ("visit: 2026-11-02", "x"),
        ("97124 lumbar", "-59"),
    ] {
        let mut document = Document::new(CHART);
        let analysis = Analysis::of(&document, &policy);
        document.replace(Span::at(CHART.find(words).unwrap() + 5), typed);
        assert!(
            analysis
                .with_one_visit_changed(&document, &policy)
                .is_none(),
            "{words}"
        );
    }
}
