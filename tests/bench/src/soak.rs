//! `cargo xtask bench soak [EDITS]`: random edits by simulated clients that count in UTF-8, UTF-16 and UTF-32, for as long as one
//! likes. What the server publishes after each burst is held against what `soapstone check` finds in the client's own text; the
//! places of both are worked out here by themselves. Now and then the other answers about the note that was edited are held
//! against those about the same text opened anew. A last client types one sample note after the other, as people do.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::figures::{Short, Times};
use crate::memory::Usage;
use crate::server::{CHART, COPY, File, Server, frame};
use crate::{Failure, TODAY, program};

/// How many edits there are unless it is said otherwise.
const EDITS: usize = 30_000;
/// The most edits between two looks.
const BURST: usize = 100;
/// After so many bursts the other answers are looked at, too.
const SELDOM: usize = 25;
/// A longer text loses a part, a shorter one gets a note.
const SIZES: Range<usize> = 200..5_000;

/// How a client counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counting {
    Bytes,
    Units,
    Characters,
}

impl Counting {
    /// As the protocol names it.
    fn name(self) -> &'static str {
        match self {
            Self::Bytes => "utf-8",
            Self::Units => "utf-16",
            Self::Characters => "utf-32",
        }
    }

    fn length(self, text: &str) -> usize {
        match self {
            Self::Bytes => text.len(),
            Self::Units => text.encode_utf16().count(),
            Self::Characters => text.chars().count(),
        }
    }
}

/// What a client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hand {
    /// It edits anything anywhere.
    Random,
    /// It types the sample notes, letter by letter.
    Typing,
}

/// Where the lines of a text begin.
fn line_starts(text: &str) -> Vec<usize> {
    let breaks = text.bytes().enumerate().filter(|(at, byte)| {
        *byte == b'\n' || *byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n')
    });
    std::iter::once(0)
        .chain(breaks.map(|(at, _)| at + 1))
        .collect()
}

/// Where an offset is.
fn place(text: &str, at: usize, counting: Counting) -> Value {
    let starts = line_starts(text);
    let line = starts.partition_point(|start| *start <= at) - 1;
    let character = counting.length(&text[starts[line]..at]);
    json!({"line": line, "character": character})
}

/// Numbers in no order, the same ones each time.
struct Dice(u64);

impl Dice {
    /// One of so many, from 0.
    fn of(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % count as u64).unwrap_or_default()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.of(of.len())]
    }

    /// An offset of a text between two of its characters, and not within a line break.
    fn offset(&mut self, text: &str) -> usize {
        sound(text, self.of(text.len() + 1))
    }
}

/// The nearest offset before one that is between two characters, and not within a line break.
fn sound(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    at - usize::from(text[..at].ends_with('\r') && text[at..].starts_with('\n'))
}

/// The sample notes.
fn samples() -> Result<Vec<String>, Failure> {
    let notes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../notes");
    let mut paths = Vec::new();
    for folder in ["clean", "findings"] {
        let folder = notes.join(folder);
        let wrong = |error| format!("{}: {error}", folder.display());
        for entry in fs::read_dir(&folder).map_err(wrong)? {
            paths.push(entry.map_err(wrong)?.path());
        }
    }
    paths.sort();
    let read =
        |path: PathBuf| fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()));
    paths.into_iter().map(read).collect()
}

/// What is put in.
struct Words {
    samples: Vec<String>,
    lines: Vec<String>,
}

impl Words {
    fn of(samples: Vec<String>) -> Self {
        let lines = samples.iter().flat_map(|note| note.split_inclusive('\n'));
        let lines = lines.map(str::to_owned).collect();
        Self { samples, lines }
    }

    fn some(&self, dice: &mut Dice) -> String {
        const TYPED: [&str; 24] = [
            "",
            "",
            "x",
            " ",
            "\n",
            "\r\n",
            "\r",
            "  ",
            ":",
            "-59",
            "10:30-10:45",
            "25 min",
            "é",
            "😀",
            "漢",
            "e\u{301}",
            "//",
            "visit: ",
            "97124 ",
            "dos:",
            "\u{2028}",
            "\0",
            "👩‍⚕️",
            "\t",
        ];
        match dice.of(8) {
            0 => self.lines[dice.of(self.lines.len())..]
                .iter()
                .take(1 + dice.of(4))
                .map(String::as_str)
                .collect(),
            1 => dice.one(&self.lines).clone(),
            2 => char::from(b'a' + u8::try_from(dice.of(26)).unwrap_or_default()).to_string(),
            _ => (*dice.one(&TYPED)).to_owned(),
        }
    }
}

/// Makes a random change, and says it as the client does.
fn change(text: &mut String, words: &Words, dice: &mut Dice, counting: Counting) -> Value {
    let start = dice.offset(text);
    let (gone, new) = if text.len() > SIZES.end {
        (text.len() / 3, String::new())
    } else if text.len() < SIZES.start {
        (0, dice.one(&words.samples).clone())
    } else {
        let most = [1, 1, 4, 80][dice.of(4)];
        (dice.of(most), words.some(dice))
    };
    let end = sound(text, (start + gone).min(text.len())).max(start);
    let [from, to] = [start, end].map(|at| place(text, at, counting));
    text.replace_range(start..end, &new);
    json!({"range": {"start": from, "end": to}, "text": new})
}

/// Rule, level, where from and where to, message.
type Row = (String, u64, [u64; 4], String);

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(u64::MAX)
}

fn words(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What the server published.
fn published(message: &Value) -> Vec<Row> {
    let diagnostics = message["params"]["diagnostics"].as_array();
    let row = |d: &Value| {
        let ends = [
            ("start", "line"),
            ("start", "character"),
            ("end", "line"),
            ("end", "character"),
        ];
        let place = ends.map(|(end, part)| number(&d["range"][end][part]));
        let (rule, message) = (words(&d["code"]), words(&d["message"]));
        (
            rule.to_owned(),
            number(&d["severity"]),
            place,
            message.to_owned(),
        )
    };
    let mut rows: Vec<Row> = diagnostics.into_iter().flatten().map(row).collect();
    rows.sort();
    rows
}

/// `soapstone check`, which answers one text after the other.
struct Check {
    child: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Check {
    fn start(program: &Path) -> Result<Self, Failure> {
        let mut child = Command::new(program)
            .args(["check", "--stdin", "jsonl"])
            .env("SOAPSTONE_TODAY", TODAY)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let (Some(asked), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("check: no pipes".to_owned());
        };
        let answers = BufReader::new(answers);
        Ok(Self {
            child,
            asked,
            answers,
        })
    }

    /// What a full check finds in a text, with places as a client counts them.
    fn found(&mut self, text: &str, counting: Counting) -> Result<Vec<Row>, Failure> {
        let wrong = |error: std::io::Error| format!("check: {error}");
        writeln!(self.asked, "{}", json!({"id": 0, "text": text})).map_err(wrong)?;
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(wrong)?;
        let answer: Value =
            serde_json::from_str(&line).map_err(|e| format!("check: {e}: {line}"))?;
        let findings = answer["findings"].as_array().ok_or(line)?;
        let starts = line_starts(text);
        let row = |finding: &Value| {
            let place = |end: &str| {
                let index = |part: &str| {
                    usize::try_from(number(&finding[end][part]) - 1).unwrap_or_default()
                };
                let line = index("line");
                let before: String = text[starts[line]..].chars().take(index("column")).collect();
                [line as u64, counting.length(&before) as u64]
            };
            let ([a, b], [c, d]) = (place("start"), place("end"));
            let level = match words(&finding["severity"]) {
                "error" => 1,
                "warning" => 2,
                "info" => 3,
                _ => 4,
            };
            let message = format!(
                "{} [{}]",
                words(&finding["message"]),
                words(&finding["source"])
            );
            (
                words(&finding["rule"]).to_owned(),
                level,
                [a, b, c, d],
                message,
            )
        };
        let mut rows: Vec<Row> = findings.iter().map(row).collect();
        rows.sort();
        Ok(rows)
    }
}

impl Drop for Check {
    fn drop(&mut self) {
        // Nothing to do where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The other answers about a file, without its name and what is new with each answer.
fn answers(
    server: &mut Server,
    file: File,
    text: &str,
    counting: Counting,
) -> Result<Vec<String>, Failure> {
    let document = json!({"uri": file.uri});
    let whole =
        json!({"start": {"line": 0, "character": 0}, "end": place(text, text.len(), counting)});
    let middle = place(text, sound(text, text.len() / 2), counting);
    let options = json!({"tabSize": 2, "insertSpaces": true});
    let questions = [
        (
            "textDocument/inlayHint",
            json!({"textDocument": document, "range": whole}),
        ),
        (
            "textDocument/semanticTokens/full",
            json!({"textDocument": document}),
        ),
        (
            "textDocument/codeAction",
            json!({"textDocument": document, "range": whole, "context": {"diagnostics": []}}),
        ),
        (
            "textDocument/documentSymbol",
            json!({"textDocument": document}),
        ),
        (
            "textDocument/foldingRange",
            json!({"textDocument": document}),
        ),
        (
            "textDocument/formatting",
            json!({"textDocument": document, "options": options}),
        ),
        (
            "soapstone/claim",
            json!({"textDocument": document, "position": middle}),
        ),
        ("soapstone/claims", json!({"textDocument": document})),
    ];
    let mut answers = Vec::new();
    for (method, params) in questions {
        let (_, answer) = server.request(method, &params)?;
        let mut answer: Value =
            serde_json::from_slice(&answer).map_err(|error| format!("{method}: {error}"))?;
        if answer["error"].is_object() {
            return Err(format!("{method}: {}", answer["error"]));
        }
        if let Some(tokens) = answer["result"].as_object_mut() {
            tokens.remove("resultId");
        }
        answers.push(answer["result"].to_string().replace(file.uri, CHART.uri));
    }
    Ok(answers)
}

/// One client.
struct Client {
    counting: Counting,
    hand: Hand,
    /// How many notes it has typed.
    typed: usize,
    server: Server,
    check: Check,
    dice: Dice,
    text: String,
    version: i64,
}

impl Client {
    fn start(counting: Counting, hand: Hand, words: &Words) -> Result<Self, Failure> {
        let program = program("soapstone")?;
        let mut server = Server::spawn(&program, &["lsp"])?;
        server.shake_hands(counting.name())?;
        let text = match hand {
            Hand::Random => words.samples[0].clone(),
            Hand::Typing => String::new(),
        };
        server.open(CHART, &text)?;
        Ok(Self {
            counting,
            hand,
            typed: 0,
            server,
            check: Check::start(&program)?,
            dice: Dice(counting as u64),
            text,
            version: 1,
        })
    }

    /// Makes an edit, and says it.
    fn edit(&mut self, words: &Words) -> Value {
        match self.hand {
            Hand::Random => change(&mut self.text, words, &mut self.dice, self.counting),
            Hand::Typing => self.key(&words.samples),
        }
    }

    /// The next letter of the note, or the next note.
    fn key(&mut self, samples: &[String]) -> Value {
        let [start, end] = [0, self.text.len()].map(|at| place(&self.text, at, self.counting));
        let note = &samples[self.typed % samples.len()];
        let Some(letter) = note[self.text.len()..].chars().next() else {
            self.typed += 1;
            self.text.clear();
            return json!({"range": {"start": start, "end": end}, "text": ""});
        };
        self.text.push(letter);
        json!({"range": {"start": end, "end": end}, "text": letter})
    }

    /// Some edits, at most so many, in one message or several. How many there were, and how long what was found took.
    fn burst(&mut self, words: &Words, most: usize) -> Result<(usize, Duration), Failure> {
        let count = 1 + self.dice.of(most.min(BURST));
        let before = self.text.clone();
        let mut messages = Vec::new();
        let mut edits = 0;
        while edits < count {
            let together = (1 + self.dice.of(3)).min(count - edits);
            let changes: Vec<Value> = (0..together).map(|_| self.edit(words)).collect();
            edits += together;
            self.version += 1;
            messages.extend(frame(&json!({
                "jsonrpc": "2.0",
                "method": "textDocument/didChange",
                "params": {
                    "textDocument": {"uri": CHART.uri, "version": self.version},
                    "contentChanges": changes,
                },
            })));
        }
        let (took, message) = self.server.send_and_see(&messages, self.version)?;
        let [seen, found] = [
            published(&message),
            self.check.found(&self.text, self.counting)?,
        ];
        if seen == found {
            return Ok((count, took));
        }
        Err(format!(
            "In {}, after the edits to version {} of {before:?} which made {:?}, the server published\n{seen:#?}\nand a full check \
             finds\n{found:#?}",
            self.counting.name(),
            self.version,
            self.text
        ))
    }

    /// Holds the other answers against those about the same text, opened anew.
    fn look_closely(&mut self) -> Result<(), Failure> {
        let kept = answers(&mut self.server, CHART, &self.text, self.counting)?;
        self.server.open_as(COPY, &self.text, self.version)?;
        let fresh = answers(&mut self.server, COPY, &self.text, self.counting)?;
        self.server.write(&frame(&json!({
            "jsonrpc": "2.0",
            "method": "textDocument/didClose",
            "params": {"textDocument": {"uri": COPY.uri}},
        })))?;
        match kept.iter().zip(&fresh).find(|(kept, fresh)| kept != fresh) {
            None => Ok(()),
            Some((kept, fresh)) => Err(format!(
                "In {}, of {:?} the server says\n{kept}\nand of the same text opened anew\n{fresh}",
                self.counting.name(),
                self.text
            )),
        }
    }
}

/// Edits for as long as it is said, and shows by tenths how long findings took and how much memory the server had.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let edits = match arguments {
        [] => EDITS,
        [count] => count
            .parse()
            .map_err(|_| format!("{count} is no number of edits"))?,
        _ => return Err("soak takes a number of edits".to_owned()),
    };
    let words = Words::of(samples()?);
    println!(
        "| counting | edits | looks | p50 | p99 | memory |\n| --- | --- | --- | --- | --- | --- |"
    );
    for (counting, hand, edits) in [
        (Counting::Bytes, Hand::Random, edits / 3),
        (Counting::Units, Hand::Random, edits / 3),
        (Counting::Characters, Hand::Random, edits / 3),
        (Counting::Units, Hand::Typing, edits),
    ] {
        let mut client = Client::start(counting, hand, &words)?;
        let (mut done, mut looks) = (0, 0);
        for tenth in 1..=10 {
            let mut times = Times::default();
            while done < edits * tenth / 10 {
                let (count, took) = client.burst(&words, edits * tenth / 10 - done)?;
                done += count;
                looks += 1;
                times.push(took);
                if looks % SELDOM == 0 {
                    client.look_closely()?;
                }
            }
            let usage = Usage::of(client.server.id());
            let memory = usage.map_or_else(|| "not known here".to_owned(), Usage::shown);
            let [middle, worst] = [50, 99].map(|percent| Short(times.percentile(percent)));
            // At once, since all of it may take hours.
            println!(
                "| {}, {hand:?} | {done} | {looks} | {middle} | {worst} | {memory} |",
                counting.name()
            );
        }
        client.server.end()?;
    }
    Ok(())
}
