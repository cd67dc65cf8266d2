//! What must hold of any bytes: a function for each target, called by `fuzz_targets/` for as long as one likes and by
//! `bounded.rs` among the project's tests. Each panics where it does not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::str::from_utf8;
use std::sync::{Arc, LazyLock};

use serde_json::Value;
use soapstone::analysis::Analysis;
use soapstone::fuzzing;
use soapstone::policy::Policy;
use soapstone::rules::read_policy;
use soapstone::text::{Document, Encoding, Span};
use tower_lsp::jsonrpc::{Request, Response};
use tree_sitter::{InputEdit, Point};

#[path = "../../grammar/tests/support/mod.rs"]
mod support;

/// What is called with any bytes.
pub type Target = fn(&[u8]);

/// A note, and edits of it, one after the other: how bytes become some. An edit is a line `%% PLACE LENGTH` and the
/// lines that are put in; a place beyond the text is one within it.
struct Edited {
    note: String,
    edits: Vec<(usize, usize, String)>,
}

impl Edited {
    fn of(data: &[u8]) -> Self {
        let text = String::from_utf8_lossy(data);
        let mut parts = text.split("\n%% ");
        let note = parts.next().unwrap_or_default().to_owned();
        let edits = parts.map(|part| {
            let (head, new) = part.split_once('\n').unwrap_or((part, ""));
            let mut numbers = head.split(' ').map(|word| {
                let digits = word.bytes().take(7).filter(u8::is_ascii_digit);
                digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
            });
            let mut number = || numbers.next().unwrap_or_default();
            (number(), number(), new.to_owned())
        });
        let edits = edits.collect();
        Self { note, edits }
    }

    /// Where an edit is made in what the text has become.
    fn place(text: &str, place: usize, length: usize) -> Span {
        let start = text.floor_char_boundary(place % (text.len() + 1));
        let end = text.floor_char_boundary((start + length).min(text.len()));
        Span::new(start, end.max(start))
    }
}

/// tree-sitter counts `\n` alone as the end of a row, and columns in bytes.
fn point(text: &str, at: usize) -> Point {
    let before = &text[..at];
    let row = before.matches('\n').count();
    Point::new(row, at - before.rfind('\n').map_or(0, |end| end + 1))
}

/// A tree that is kept up to date is the tree of the text, has no error in it and leaves nothing out that shows.
pub fn parse(data: &[u8]) {
    let Edited { note, edits } = Edited::of(data);
    let mut text = note;
    let mut parser = support::parser();
    let mut tree = support::parse_again(&mut parser, &text, None);
    assert_eq!(support::fault(&text, &tree), None);
    for (place, length, new) in edits {
        let gone = Edited::place(&text, place, length);
        let [start_position, old_end_position] = [gone.start, gone.end].map(|at| point(&text, at));
        text.replace_range(gone.range(), &new);
        let new_end = gone.start + new.len();
        tree.edit(&InputEdit {
            start_byte: gone.start,
            old_end_byte: gone.end,
            new_end_byte: new_end,
            start_position,
            old_end_position,
            new_end_position: point(&text, new_end),
        });
        tree = support::parse_again(&mut parser, &text, Some(&tree));
        let fresh = support::parse(&text);
        assert_eq!(support::fault(&text, &tree), None, "{text:?}");
        assert_eq!(support::difference(&tree, &fresh), None, "{text:?}");
    }
}

/// The day on which everything is judged, so that the same is found each time.
fn policy() -> Arc<Policy> {
    static POLICY: LazyLock<Arc<Policy>> =
        LazyLock::new(|| Arc::new(Policy::default().on(jiff::civil::date(2026, 11, 22))));
    Arc::clone(&POLICY)
}

/// Findings and their fixes lie in the text, a claim can be made of it, formatting twice is formatting once, and loses no
/// character.
pub fn analyse(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let analysis = Analysis::of(&Document::new(text), &policy());
    for finding in analysis.findings() {
        for span in finding.spans() {
            assert!(text.get(span.range()).is_some(), "{finding:?} in {text:?}");
        }
        for fix in &finding.fixes {
            let mut spans: Vec<Span> = fix.edits.iter().map(|edit| edit.span).collect();
            spans.sort();
            let is_apart = |pair: &[Span]| pair[0].end <= pair[1].start;
            assert!(spans.windows(2).all(is_apart), "{fix:?} in {text:?}");
            let is_in = |span: &Span| text.get(span.range()).is_some();
            assert!(spans.iter().all(is_in), "{fix:?} in {text:?}");
        }
        let _ = analysis.silences(&finding);
    }
    for piece in analysis.pieces() {
        let _ = format!("{:?}", piece.judgement.claim);
    }
    let once = fuzzing::formatted(text);
    assert_eq!(fuzzing::formatted(&once), once, "{text:?}");
    let [before, after] = [text, &once].map(fuzzing::visible_characters);
    assert_eq!(before, after, "{text:?}");
}

/// What is known of a note after each edit is what is known of its text, and a place is the same place however a client
/// counts.
pub fn edits(data: &[u8]) {
    let Edited { note, edits } = Edited::of(data);
    let policy = policy();
    let mut text = note;
    let mut document = Document::new(&text);
    let mut analysis = Analysis::of(&document, &policy);
    for (place, length, new) in edits {
        let gone = Edited::place(&text, place, length);
        let is_in_a_break =
            text[..gone.start].ends_with('\r') && text[gone.start..].starts_with('\n');
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let at = document.offset(document.position(gone.start, encoding), encoding);
            assert!(at == gone.start || is_in_a_break, "{gone:?} in {text:?}");
        }
        text.replace_range(gone.range(), &new);
        document.replace(gone, &new);
        assert_eq!(document.text(), text);
        analysis = analysis.updated(&document, &policy);
        let whole = Analysis::of(&Document::new(&text), &policy);
        let [kept, fresh] = [&analysis, &whole].map(fuzzing::known);
        for (kept, fresh) in kept.iter().zip(&fresh) {
            assert_eq!(kept, fresh, "{text:?}");
        }
        assert_eq!(kept.len(), fresh.len(), "{text:?}");
    }
}

/// Whatever a client sends, the framework gets messages that it can decode, the same ones however the bytes are cut; what
/// came whole before is among them.
pub fn protocol(data: &[u8]) {
    let first = br#"{"jsonrpc":"2.0","method":"before"}"#;
    let head = format!("Content-Length: {}\r\n\r\n", first.len());
    let bytes = [head.as_bytes(), first, data].concat();
    let handed_on = fuzzing::handed_on(&bytes, usize::MAX);
    let mut rest = &handed_on[..];
    let mut is_first = true;
    while !rest.is_empty() {
        let value = rest.strip_prefix(b"Content-Length: ").expect("a length");
        let digits = value
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let length: usize = from_utf8(&value[..digits]).unwrap().parse().unwrap();
        let body = value[digits..].strip_prefix(b"\r\n\r\n").expect("its end");
        let message = &body[..length];
        assert!(
            serde_json::from_slice::<Request>(message).is_ok()
                || serde_json::from_slice::<Response>(message).is_ok(),
            "{}",
            message.escape_ascii()
        );
        assert!(!is_first || message == first);
        is_first = false;
        rest = &body[length..];
    }
    assert!(!is_first);
    // Of a header without an end, more than this is given up as it came.
    if bytes.len() <= 1 << 13 {
        for at_once in [1, 7] {
            assert_eq!(handed_on, fuzzing::handed_on(&bytes, at_once));
        }
    }
}

/// Any settings can be read; each problem is a sentence about one of their lines; a note is judged by the rest.
pub fn settings(data: &[u8]) {
    const NOTE: &str = include_str!("../../tests/notes/format-sample.soap");
    let text = &*String::from_utf8_lossy(data);
    let (policy, problems) = read_policy(text);
    let lines = text.split('\n').count();
    for problem in &problems {
        assert!(
            problem.message.ends_with(['.', '?', '!', ')']),
            "{problem:?}"
        );
        let line = problem.line.unwrap_or(1);
        assert!((1..=lines).contains(&line), "{problem:?}");
    }
    let document = Document::new(NOTE);
    let policy = Arc::new(policy.on(jiff::civil::date(2026, 11, 22)));
    let _ = fuzzing::known(&Analysis::of(&document, &policy));
}

/// Words that the format says in its own way: labels, headings, numbers.
static OWN_WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let labels = include_str!("../../server/data/labels.tsv").to_lowercase();
    let others = "subjective objective assessment findings procedures procedure performed provided rendered given today page unit units \
        minute minutes min mins hour hours hrs half quarter modifier modifiers code codes cpt hcpcs description activity start stop end from time \
        service electronically electronic digitally signed treatment treatments intervention interventions day the and for date \
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october \
        november december jan feb mar apr jun jul aug sep oct nov dec five ten eight seven nine twelve fifteen twenty thirty forty fifty \
        three term short long area region mod iii evaluation";
    let words = labels.split(|c: char| !c.is_alphanumeric());
    let words = words.chain(others.split_whitespace());
    words.map(str::to_owned).collect()
});

/// How often each word stands in a text. Where other letters follow on English ones a modifier may end, as in `GOé`.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut words = BTreeMap::new();
    let all = text.split(|c: char| !c.is_alphabetic());
    let all = all.flat_map(|word| {
        word.as_bytes()
            .chunk_by(|a, b| a.is_ascii() == b.is_ascii())
    });
    let all = all.filter_map(|part| from_utf8(part).ok());
    let all = all.map(str::to_lowercase);
    for word in all.filter(|word| word.len() > 2 && !OWN_WORDS.contains(word)) {
        *words.entry(word).or_default() += 1;
    }
    words
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// A file of any kind is imported without losing a word.
pub fn import(data: &[u8]) {
    let Some((text, note)) = fuzzing::imported(data) else {
        return;
    };
    let kept = words(&note);
    // What stands at the head of each page stands once.
    let has_pages = text.to_lowercase().contains("page");
    for (word, count) in words(&text) {
        // Some are written out: bilat becomes bilateral.
        let longer = kept.range(word.clone()..);
        let longer = longer.take_while(|(other, _)| other.starts_with(&word));
        let found: usize = longer.map(|(_, count)| count).sum();
        // A date is written in figures, also where its month is misspelt: `Febuary`.
        let may_be_month = MONTHS.iter().any(|month| word.starts_with(month));
        // Of `11:50 AMn` the letter is kept by itself.
        let is_behind_time = word.len() < 5 && (word.starts_with("am") || word.starts_with("pm"));
        let least = match () {
            () if may_be_month || is_behind_time => 0,
            () if has_pages => 1,
            () => count,
        };
        assert!(found >= least, "{word} is lost from {text:?} in {note:?}");
    }
}

/// What is read so many bytes at a time.
struct Slow(Vec<u8>, usize);

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        let rest = self.0.split_off(count);
        buffer[..count].copy_from_slice(&std::mem::replace(&mut self.0, rest));
        Ok(count)
    }
}

/// Each line of a stream that is not blank is answered by a line, in order, with its name.
pub fn stream(data: &[u8]) {
    let mut answers = Vec::new();
    let at_once = data.len() / 3 + 1;
    fuzzing::answered(Slow(data.to_vec(), at_once), &mut answers);
    answers.flush().expect("memory");
    let answers = String::from_utf8(answers).expect("UTF-8");
    let lines = data.split(|byte| *byte == b'\n');
    let lines: Vec<&[u8]> = lines.filter(|line| !line.trim_ascii().is_empty()).collect();
    assert_eq!(lines.len(), answers.lines().count(), "{answers}");
    for (line, answer) in lines.iter().zip(answers.lines()) {
        let answer: Value = serde_json::from_str(answer).expect("JSON");
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        // Half an emoji in its text is an error, and the record has its name all the same.
        if let Ok(asked) = serde_json::from_slice::<Value>(line) {
            assert_eq!(answer["id"], asked["id"]);
        }
        assert!(
            answer["findings"].is_array() != answer["error"].is_string(),
            "{answer}"
        );
        let error = answer["error"].as_str().unwrap_or_default();
        assert!(!error.contains("Soapstone failed"), "{answer}");
    }
}

/// Every target by its name.
pub const TARGETS: [(&str, Target); 7] = [
    ("parse", parse),
    ("analyse", analyse),
    ("edits", edits),
    ("protocol", protocol),
    ("settings", settings),
    ("import", import),
    ("stream", stream),
];
