//! `--stdin jsonl`: records on standard input, a line each, and an answer to each on standard output, in order.
//!
//! One thread reads, all cores answer, and what was answered is written before more is taken: of any stream no more is
//! held than a few batches of lines, and who reads slowly is waited for. Whoever sends a line and waits for its answer
//! gets it, since a batch is what has come by now.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use clap::{Args, ValueEnum};
use memchr::memchr;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::config::Policies;
use super::notes::{quietly, why};
use super::{Exit, complain};
use crate::records::{Checker, Record};

/// A longer line is no note.
const LONGEST: usize = 8 * 1024 * 1024;
/// How much is asked for at once.
const READ: usize = 256 * 1024;
/// How many readings wait for an answer.
const AHEAD: usize = 4;
/// How many bytes are answered together.
const TOGETHER: usize = 2 * 1024 * 1024;

/// Whether the notes are a stream.
#[derive(Debug, Args)]
pub(super) struct Stdin {
    /// Read records from standard input, and answer each with a line, in order
    ///
    /// A record is a line with a JSON object: {"id": ..., "text": "the note"}, and if you like "payer" and "date" for a
    /// note that does not say them. docs/data.md has the lines.
    #[arg(long, value_name = "FORM", value_enum)]
    stdin: Option<Form>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A JSON object a line
    Jsonl,
}

/// A line that came.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    /// From 1.
    number: u64,
    /// Nothing if it was too long.
    bytes: Option<Vec<u8>>,
}

/// What a line says.
#[derive(Deserialize)]
struct Row {
    text: Option<String>,
    payer: Option<String>,
    date: Option<String>,
}

/// The answer to a line that nothing can be told of.
#[derive(Serialize)]
struct Trouble<'a> {
    id: &'a RawValue,
    line: u64,
    error: &'a str,
}

/// An answer with the name of its record.
#[derive(Serialize)]
struct Answer<'a, T> {
    id: &'a RawValue,
    #[serde(flatten)]
    answer: &'a T,
}

/// The record that a line holds, and whose answer becomes a line.
pub(super) struct Asked<'a> {
    pub(super) record: Record<'a>,
    id: &'a RawValue,
}

impl Asked<'_> {
    /// The line of an answer.
    pub(super) fn line(&self, answer: &impl Serialize) -> String {
        let answer = Answer {
            id: self.id,
            answer,
        };
        serde_json::to_string(&answer).unwrap_or_default()
    }
}

impl Stdin {
    /// Whether the notes come as a stream.
    pub(super) fn is_stream(&self) -> bool {
        self.stdin.is_some()
    }
}

/// Answers every line by the settings that hold here. The exit code is the weightiest of all answers; a line without
/// one is trouble.
pub(super) fn answered(
    policies: &Policies,
    checker: &Checker,
    each: impl Fn(&Checker, &Asked<'_>) -> Result<(String, Exit), String> + Sync,
) -> Exit {
    for problem in policies.problems.iter().chain(&policies.unreadable) {
        complain(problem);
    }
    let answer = |line: &Line| answer(line, |asked| each(checker, asked));
    let exit = quietly(|| stream(io::stdin(), &mut io::stdout().lock(), answer));
    exit.max(Exit::after(&policies.unreadable))
}

/// Answers a stream of records with all that is found in each, by nobody's settings.
pub fn answered_by_default(input: impl Read + Send + 'static, output: &mut impl Write) {
    let checker = Checker::default();
    let each = |asked: &Asked<'_>| {
        let judged = checker.judged(&asked.record)?;
        let line = judged.findings(|findings| asked.line(&json!({"findings": findings})));
        Ok((line, Exit::Fine))
    };
    stream(input, output, |line| answer(line, each));
}

/// Answers what comes until it ends or nobody reads the answers any more.
fn stream(
    input: impl Read + Send + 'static,
    output: &mut impl Write,
    answer: impl Fn(&Line) -> (String, Exit) + Sync,
) -> Exit {
    let (lines, waiting) = sync_channel(AHEAD);
    // It is not waited for: who reads no answers need not send an end.
    thread::spawn(move || read(input, &lines));
    let mut exit = Exit::Fine;
    loop {
        let (batch, end) = next(&waiting);
        let answers: Vec<(String, Exit)> = batch.par_iter().map(&answer).collect();
        let written = answers.iter().try_for_each(|(line, of_line)| {
            exit = exit.max(*of_line);
            output.write_all(line.as_bytes())?;
            output.write_all(b"\n")
        });
        match written.and_then(|()| output.flush()) {
            Ok(()) => {}
            // A reader that has seen enough is nobody's mistake.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return exit,
            Err(error) => {
                complain(&format!("The answers could not be written: {error}."));
                return Exit::Trouble;
            }
        }
        match end {
            None => {}
            Some(Ok(())) => return exit,
            Some(Err(error)) => {
                let why = why(&error);
                complain(&format!("Standard input could not be read on: {why}."));
                return Exit::Trouble;
            }
        }
    }
}

/// What was read, or how the reading ended.
enum Came {
    Lines(Vec<Line>),
    End(io::Result<()>),
}

/// What has come by now, at least something, and the end if it is that.
fn next(waiting: &Receiver<Came>) -> (Vec<Line>, Option<io::Result<()>>) {
    let (mut batch, mut size) = (Vec::new(), 0);
    let mut came = waiting.recv().unwrap_or(Came::End(Ok(())));
    loop {
        match came {
            Came::End(end) => return (batch, Some(end)),
            Came::Lines(lines) => {
                let sizes = lines
                    .iter()
                    .map(|line| line.bytes.as_ref().map_or(0, Vec::len));
                size += sizes.sum::<usize>();
                batch.extend(lines);
            }
        }
        match waiting.try_recv() {
            Ok(next) if size < TOGETHER => came = next,
            // One reading more than was meant does no harm, and none is lost.
            Ok(Came::Lines(lines)) => {
                batch.extend(lines);
                return (batch, None);
            }
            Ok(Came::End(end)) => return (batch, Some(end)),
            Err(_) => return (batch, None),
        }
    }
}

/// Reads to the end, as long as somebody takes the lines.
fn read(mut input: impl Read, lines: &SyncSender<Came>) {
    let mut divider = Divider::default();
    let mut buffer = vec![0; READ];
    let end = loop {
        match input.read(&mut buffer) {
            Ok(0) => break Ok(()),
            Ok(count) => {
                let whole = divider.push(&buffer[..count]);
                if !whole.is_empty() && lines.send(Came::Lines(whole)).is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
        }
    };
    // The last line needs no break.
    let last: Vec<Line> = divider.end().into_iter().collect();
    if lines.send(Came::Lines(last)).is_ok() {
        let _ = lines.send(Came::End(end));
    }
}

/// Divides what is read into lines, without those that are blank.
#[derive(Default)]
struct Divider {
    /// The beginning of a line whose end is still to come.
    open: Vec<u8>,
    /// It is too long already, and what it said is forgotten.
    too_long: bool,
    number: u64,
}

impl Divider {
    fn push(&mut self, mut bytes: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        while let Some(at) = memchr(b'\n', bytes) {
            self.keep(&bytes[..at]);
            bytes = &bytes[at + 1..];
            lines.extend(self.end());
        }
        self.keep(bytes);
        lines
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.open.len() + bytes.len() > LONGEST {
            self.too_long = true;
            self.open = Vec::new();
        }
        if !self.too_long {
            self.open.extend_from_slice(bytes);
        }
    }

    /// The line that ends here.
    fn end(&mut self) -> Option<Line> {
        self.number += 1;
        let bytes = std::mem::take(&mut self.open);
        let too_long = std::mem::take(&mut self.too_long);
        let number = self.number;
        (too_long || !bytes.trim_ascii().is_empty()).then(|| Line {
            number,
            bytes: (!too_long).then_some(bytes),
        })
    }
}

fn answer(
    line: &Line,
    each: impl Fn(&Asked<'_>) -> Result<(String, Exit), String>,
) -> (String, Exit) {
    let trouble = |id: &RawValue, error: &str| {
        let number = line.number;
        let trouble = Trouble {
            id,
            line: number,
            error,
        };
        let line = serde_json::to_string(&trouble).unwrap_or_default();
        (line, Exit::Trouble)
    };
    let id = id(line).unwrap_or(RawValue::NULL);
    let row = match row(line) {
        Ok(row) => row,
        Err(sentence) => return trouble(id, &sentence),
    };
    let asked = Asked {
        record: Record {
            text: row.text.as_deref().unwrap_or_default(),
            payer: row.payer.as_deref(),
            date: row.date.as_deref(),
        },
        id,
    };
    each(&asked).unwrap_or_else(|sentence| trouble(id, &sentence))
}

/// The text of a line, without the mark that some programs put before UTF-8 text.
fn text(bytes: &[u8]) -> Option<&str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).ok()
}

/// The name of a line's record, as it was written.
fn id(line: &Line) -> Option<&RawValue> {
    let text = text(line.bytes.as_ref()?)?;
    let fields: HashMap<Cow<'_, str>, &RawValue> = serde_json::from_str(text).ok()?;
    let id = fields.get("id").copied()?;
    // A number like 1e400, which no reader could take, would make the answer unreadable.
    serde_json::from_str::<Value>(id.get())
        .is_ok()
        .then_some(id)
}

/// What a line says, or a sentence without its words.
fn row(line: &Line) -> Result<Row, String> {
    let Some(bytes) = &line.bytes else {
        let most = LONGEST / 1024 / 1024;
        return Err(format!(
            "The line is longer than {most} MB, which no note is."
        ));
    };
    let text = text(bytes).ok_or_else(|| "The line is not UTF-8 text.".to_owned())?;
    let value: Value = serde_json::from_str(text).map_err(|error| {
        // What the library says could quote the line.
        let column = error.column();
        format!("The line is no JSON, as column {column} shows.")
    })?;
    let Value::Object(fields) = &value else {
        return Err("The line is no JSON object.".to_owned());
    };
    let of_text = ["text", "payer", "date"].into_iter().find(|name| {
        let field = fields.get(*name);
        field.is_some_and(|field| !field.is_string() && !field.is_null())
    });
    if let Some(name) = of_text {
        return Err(format!("\"{name}\" is to be a text."));
    }
    match serde_json::from_value::<Row>(value) {
        Ok(row) if row.text.is_some() => Ok(row),
        _ => Err("The line has no \"text\".".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The lines of an input that comes in pieces.
    fn divided(pieces: &[Vec<u8>]) -> Vec<Line> {
        let mut divider = Divider::default();
        let mut lines: Vec<Line> = pieces.iter().flat_map(|p| divider.push(p)).collect();
        lines.extend(divider.end());
        lines
    }

    /// Answers with what is asked.
    fn echoed(line: &Line) -> (String, Exit) {
        answer(line, |asked| {
            let words = asked.record.text.to_owned();
            Ok((
                asked.line(&serde_json::json!({ "said": words })),
                Exit::Fine,
            ))
        })
    }

    /// What reads so many bytes at a time.
    struct Slow(Vec<u8>, usize);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn every_line_that_is_not_blank_is_answered_whatever_it_is(
            lines in prop::collection::vec(
                prop_oneof![
                    prop::collection::vec(any::<u8>(), 0..40),
                    "\\{\"id\":[0-9]{1,3},\"text\":\"[a-z ]{0,9}\"\\}".prop_map(String::into_bytes),
                    "[ \\t]{0,2}".prop_map(String::into_bytes),
                    "\\{\"id\":(1|null|\"x\"|\\[\\]),\"(text|payer|date)\":(1|null|\"\"|\\{\\})\\}"
                        .prop_map(String::into_bytes),
                ],
                0..20,
            ),
            at_once in 1..50usize,
        ) {
            let input = lines.join(&b'\n');
            let wanted = input
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.trim_ascii().is_empty());
            let mut output = Vec::new();
            stream(Slow(input.clone(), at_once), &mut output, echoed);
            let answers = String::from_utf8(output).unwrap();
            prop_assert_eq!(answers.lines().count(), wanted.clone().count());
            for (line, answer) in wanted.zip(answers.lines()) {
                let answer: Value = serde_json::from_str(answer).unwrap();
                let asked: Option<Value> = serde_json::from_slice(line).ok();
                let asked = asked.filter(Value::is_object).unwrap_or_default();
                prop_assert_eq!(&answer["id"], &asked["id"]);
                let is_right = asked["text"].is_string()
                    && ["payer", "date"].iter().all(|n| asked[n].is_null() || asked[n].is_string());
                prop_assert_eq!(answer["said"].is_string(), is_right);
                prop_assert_eq!(answer["error"].is_string(), !is_right);
            }
        }
    }

    #[test]
    fn a_name_that_nobody_can_read_is_not_handed_back() {
        let line = Line {
            number: 1,
            bytes: Some(br#"{"id":1e400,"text":"x"}"#.to_vec()),
        };
        assert!(
            echoed(&line)
                .0
                .starts_with(r#"{"id":null,"line":1,"error":"#)
        );
    }

    #[test]
    fn a_record_keeps_its_name_to_the_letter() {
        for id in [
            "9599999999999999999999999",
            "0.10",
            r#"[1, "\u00e9"]"#,
            "null",
        ] {
            for (text, answer) in [
                (r#""x""#, r#""said":"x"}"#),
                ("1", r#""line":1,"error":"\"text\" is to be a text."}"#),
            ] {
                let bytes = format!(r#"{{"text":{text},"id":{id}}}"#).into_bytes();
                let line = Line {
                    number: 1,
                    bytes: Some(bytes),
                };
                assert_eq!(echoed(&line).0, format!(r#"{{"id":{id},{answer}"#));
            }
        }
    }

    #[test]
    fn what_a_line_that_is_too_long_said_is_forgotten_at_once() {
        let mut pieces = vec![b"{}\n".to_vec()];
        pieces.extend(std::iter::repeat_n(vec![b'x'; READ], LONGEST / READ + 1));
        pieces.push(b"x\n\n{}".to_vec());
        let lines = divided(&pieces);
        let said: Vec<_> = lines
            .iter()
            .map(|l| (l.number, l.bytes.as_deref()))
            .collect();
        assert_eq!(said, [(1, Some(&b"{}"[..])), (2, None), (4, Some(b"{}"))]);
        let (answer, exit) = echoed(&lines[1]);
        assert_eq!(exit, Exit::Trouble);
        assert_eq!(
            answer,
            r#"{"id":null,"line":2,"error":"The line is longer than 8 MB, which no note is."}"#
        );
        // Of a line that has not ended, no more is kept than a note may have.
        let mut divider = Divider::default();
        for _ in 0..3 * LONGEST / READ {
            divider.push(&vec![b'x'; READ]);
            assert!(divider.open.capacity() <= 2 * LONGEST);
        }
    }

    #[test]
    fn an_answer_does_not_wait_for_the_next_line() {
        let (asking, asked) = io::pipe().unwrap();
        let (answering, mut answered) = io::pipe().unwrap();
        let served = thread::spawn(move || stream(asking, &mut answered, echoed));
        let (mut asked, mut answers) = (asked, io::BufRead::lines(io::BufReader::new(answering)));
        for number in 0..3 {
            writeln!(asked, r#"{{"id":{number},"text":"x"}}"#).unwrap();
            let answer = answers.next().unwrap().unwrap();
            assert_eq!(answer, format!(r#"{{"id":{number},"said":"x"}}"#));
        }
        drop(asked);
        assert!(answers.next().is_none());
        assert_eq!(served.join().unwrap(), Exit::Fine);
    }

    #[test]
    fn a_reader_that_has_seen_enough_ends_it() {
        let (reader, mut output) = io::pipe().unwrap();
        drop(reader);
        let input = Slow(b"{\"text\":\"x\"}\n".repeat(100_000), READ);
        assert_eq!(stream(input, &mut output, echoed), Exit::Fine);
    }
}
