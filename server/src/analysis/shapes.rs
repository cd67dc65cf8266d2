//! Texts of one kind of thing, over and over, as nobody writes them and a slip of a program does: four times the text takes
//! about four times the work. What is compared is the processor's time of one thread, which other programs do not
//! change, and only its ratio: no machine is too slow for it.

use std::sync::Arc;

use super::Analysis;
use crate::policy::Policy;
use crate::text::Document;

/// Four times the text takes sixteen times the work where every thing is held against every other.
const MOST: f64 = 8.0;
/// What takes less in all is not worth a comparison, in nanoseconds.
const LEAST: u64 = 20_000_000;

/// A shape: what stands before, the thing by its number, what stands behind.
type Shape = (&'static str, fn(usize) -> String, &'static str);

const BLOCK: &str = "\nvisit: 2026-11-02\n97124 lumbar 10:00-10:30\n";
const BEHIND: &str = "\n97124 lumbar 10:00-10:30\n";

fn of(all: &[&str], number: usize) -> String {
    all[number % all.len()].to_owned()
}

fn day(number: usize) -> String {
    let (year, month) = (2000 + number / 336, number / 28 % 12 + 1);
    format!("{year}-{month:02}-{:02}", number % 28 + 1)
}

#[rustfmt::skip]
const SHAPES: &[(&str, Shape)] = &[
    ("unknown diagnoses on a line", ("visit: 2026-11-02\ndx: ", |n| format!("M{}.{}, ", n % 90 + 10, n % 900 + 100), BEHIND)),
    ("unknown diagnoses, a line each", ("visit: 2026-11-02\n", |n| format!("dx: M{}.{}\n", n % 90 + 10, n % 900 + 100), BEHIND)),
    ("unknown diagnoses of a block", ("visit: 2026-11-02\n97124 lumbar 10:00-10:30\n  dx: ", |n| format!("M{}.{}, ", n % 90 + 10, n % 900 + 100), "")),
    ("misshapen diagnoses", ("visit: 2026-11-02\ndx: ", |n| format!("M5.4{}2, ", n % 10), BEHIND)),
    ("categories", ("visit: 2026-11-02\ndx: ", |n| format!("M{}, ", n % 90 + 10), BEHIND)),
    ("codes of ICD-9", ("visit: 2026-11-02\ndx: ", |n| format!("72{}.{}, ", n % 10, n / 10 % 10), BEHIND)),
    ("diagnoses in words", ("", |n| format!("dx: low back pain {n}\n"), BLOCK)),
    ("visits", ("", |n| format!("visit: {}\n97124 lumbar 10:00-10:30\n", day(n)), "")),
    ("visits of one day", ("", |n| format!("visit: 2026-11-02\n97110 hip {}:00-{}:15\n", n % 8 + 8, n % 8 + 8), "")),
    ("visits with nothing in them", ("", |n| format!("visit: {}\n", day(n)), "")),
    ("visits with the same words", ("", |n| format!("visit: {}\nS: a\nO: b\nA: c\nP: d\n97124 lumbar 10:00-10:30\n", day(n)), "")),
    ("plans of care", ("", |n| format!("poc: 2026-01-{:02} to 2026-03-31\n", n % 28 + 1), BLOCK)),
    ("plans of care of visits", ("", |n| format!("visit: {}\npoc: {} to 2026-03-31\n97110 hip 10:00-10:30\n", day(n), day(n)), "")),
    ("referrals", ("", |n| format!("referral: Dr. Lee {}, 12 visits\n", day(n)), BLOCK)),
    ("authorizations", ("", |n| format!("auth: A{n}, 12 visits, 2026-10-01 to 2026-12-31\n"), BLOCK)),
    ("goals", ("", |n| format!("goal {n}: sit {} min by 2026-12-15 (now {} min)\n", n % 60, n % 50), BLOCK)),
    ("waivers", ("", |n| format!("waive: missing-goal because {n}\n"), BLOCK)),
    ("waivers of visits", ("", |n| format!("visit: {}\nwaive: missing-goal because {n}\n97124 hip 10:00-10:30\n", day(n)), "")),
    ("payers", ("", |n| format!("visit: {}\npayer: medicar{n}\n97124 hip 10:00-10:30\n", day(n)), "")),
    ("signatures", ("visit: 2026-11-02\n97124 lumbar 10:00-10:30\n", |n| format!("signed: A. Rivera, LMT {}\n", day(n)), "")),
    ("blocks", ("visit: 2026-11-02\n", |_| "97124 lumbar 10:00-10:30\n".to_owned(), "")),
    ("blocks of several codes", ("visit: 2026-11-02\n", |n| format!("{} {} {} min\n", of(&["97110", "97140", "97112", "97530", "97035"], n), of(&["hip", "knee", "lumbar"], n), n % 50), "")),
    ("blocks of unknown codes", ("visit: 2026-11-02\n", |n| format!("{} lumbar 10 min\n", 90_000 + n % 9_999), "")),
];

/// A text of a shape with so many bytes of its things.
fn text((before, thing, behind): &Shape, length: usize) -> String {
    let mut text = (*before).to_owned();
    let mut number = 0;
    while text.len() < length {
        text.push_str(&thing(number));
        number += 1;
    }
    text.push_str(behind);
    text
}

/// The processor's time of this thread in nanoseconds; nothing where the system does not tell.
fn spent() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok()
}

/// The time that it takes to judge a text.
fn time(text: &str) -> Option<u64> {
    let policy = Arc::new(Policy::default());
    let before = spent()?;
    std::hint::black_box(Analysis::of(&Document::new(text), &policy).findings());
    Some(spent()? - before)
}

#[test]
fn four_times_the_text_takes_about_four_times_the_work() {
    if spent().is_none() {
        return eprintln!("skipped: this system does not tell the time of a thread");
    }
    let mut slow = Vec::new();
    for (name, shape) in SHAPES {
        // What is read once is read before.
        time(&text(shape, 500));
        let [one, four] = [4_000, 16_000].map(|length| time(&text(shape, length)).unwrap_or(0));
        #[expect(clippy::cast_precision_loss, reason = "a ratio of times")]
        let ratio = four as f64 / one.max(1) as f64;
        println!("{name}: {} µs, {} µs, {ratio:.1}", one / 1000, four / 1000);
        if four > LEAST && ratio > MOST {
            slow.push(format!("{name}: {ratio:.1}"));
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}
