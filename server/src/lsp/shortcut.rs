//! The short way in for what is typed.
//!
//! The framework copies each message three times before a handler sees it: as a tree of what any
//! message may be, as a tree of the parameters, and as their values. That takes longer than applying a
//! keystroke and reading its line. So the parameters of a `textDocument/didChange` are taken out of the
//! stream of messages, and a message of our own takes their place: it goes the framework's way, so that
//! everything stays in its order, and carries only the number under which they are kept.
//!
//! In doubt a message is passed on as it came. Whatever is wrong with one is then told by the framework.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use parking_lot::Mutex;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use tokio::io::{AsyncRead, ReadBuf};

use super::convert::changes::Changes;

/// The method of the messages that stand for a change.
pub const METHOD: &str = "soapstone/typed";

/// The longest message that is looked at; a pasted chart goes the way of all others.
const LONGEST: usize = 1 << 13;

/// Changes on their way to their handler, in the order of their numbers.
#[derive(Debug, Default)]
pub struct Typed(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    last: u64,
    changes: VecDeque<(u64, Changes)>,
}

impl Typed {
    fn keep(&self, changes: Changes) -> u64 {
        let mut waiting = self.0.lock();
        waiting.last += 1;
        let number = waiting.last;
        waiting.changes.push_back((number, changes));
        number
    }

    /// The changes of a number. Those before them never came to a handler: the framework refuses what
    /// is sent before the start and after the end.
    pub fn take(&self, number: u64) -> Option<Changes> {
        let mut waiting = self.0.lock();
        while let Some((next, _)) = waiting.changes.front() {
            if *next > number {
                break;
            }
            let (next, changes) = waiting.changes.pop_front()?;
            if next == number {
                return Some(changes);
            }
        }
        None
    }
}

/// An input out of which changes are taken.
#[derive(Debug)]
pub struct Shortcut<R> {
    inner: R,
    typed: Arc<Typed>,
    buffer: Box<[u8]>,
    /// What was read and not looked at yet.
    raw: Vec<u8>,
    /// How many bytes of it, and of what comes after it, are passed on as they are.
    through: usize,
    /// What can be passed on, and how much of it was.
    ready: Vec<u8>,
    passed: usize,
}

impl<R> Shortcut<R> {
    /// An input out of which changes are taken.
    pub fn new(inner: R, typed: &Arc<Typed>) -> Self {
        Self {
            inner,
            typed: Arc::clone(typed),
            buffer: vec![0; LONGEST].into(),
            raw: Vec::new(),
            through: 0,
            ready: Vec::new(),
            passed: 0,
        }
    }

    /// Makes ready what can be: whole messages, the parts of long ones, and all that is no message.
    fn look(&mut self) {
        let mut raw = &*self.raw;
        loop {
            let through = self.through.min(raw.len());
            let (passed, rest) = raw.split_at(through);
            self.ready.extend_from_slice(passed);
            self.through -= through;
            raw = rest;
            match Header::of(raw) {
                _ if raw.is_empty() => break,
                Header::Incomplete => break,
                Header::Unknown => self.through = usize::MAX,
                Header::Known { header, body } if body > LONGEST => self.through = header + body,
                Header::Known { header, body } => {
                    let Some((message, rest)) = raw.split_at_checked(header + body) else {
                        break;
                    };
                    raw = rest;
                    if let Some(changes) = changes_of(&message[header..]) {
                        let number = self.typed.keep(changes);
                        let body =
                            format!(r#"{{"jsonrpc":"2.0","method":"{METHOD}","params":{number}}}"#);
                        let header = format!("Content-Length: {}\r\n\r\n", body.len());
                        self.ready.extend_from_slice(header.as_bytes());
                        self.ready.extend_from_slice(body.as_bytes());
                    } else {
                        self.ready.extend_from_slice(message);
                    }
                }
            }
        }
        let looked_at = self.raw.len() - raw.len();
        self.raw.drain(..looked_at);
    }
}

/// What comes before the body of a message.
enum Header {
    /// There is more to come.
    Incomplete,
    /// It is of another form than clients write.
    Unknown,
    /// So many bytes before the body, and so many of it.
    Known { header: usize, body: usize },
}

impl Header {
    fn of(raw: &[u8]) -> Self {
        const NAME: &[u8] = b"Content-Length: ";
        const END: &[u8] = b"\r\n\r\n";
        let Some(rest) = raw.strip_prefix(NAME) else {
            return if NAME.starts_with(raw) {
                Self::Incomplete
            } else {
                Self::Unknown
            };
        };
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, end) = rest.split_at(digits);
        if !end.starts_with(END) {
            return if END.starts_with(end) && digits.len() < 20 {
                Self::Incomplete
            } else {
                Self::Unknown
            };
        }
        let body = str::from_utf8(digits).ok().and_then(|d| d.parse().ok());
        body.filter(|body| *body < usize::MAX / 2)
            .map_or(Self::Unknown, |body| Self::Known {
                header: NAME.len() + digits.len() + END.len(),
                body,
            })
    }
}

/// The changes that a message tells of, if that is all it is.
fn changes_of(body: &[u8]) -> Option<Changes> {
    #[derive(Deserialize)]
    struct Message<'m> {
        jsonrpc: &'m str,
        method: &'m str,
        params: Changes,
        #[serde(default, deserialize_with = "there")]
        id: bool,
    }

    fn there<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
        IgnoredAny::deserialize(value).map(|_| true)
    }

    const CHANGE: &str = "textDocument/didChange";
    let body = str::from_utf8(body).ok()?;
    if !body.contains(CHANGE) {
        return None;
    }
    let message: Message<'_> = serde_json::from_str(body).ok()?;
    let is_it = message.jsonrpc == "2.0" && message.method == CHANGE && !message.id;
    is_it.then_some(message.params)
}

impl<R: AsyncRead + Unpin> AsyncRead for Shortcut<R> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let waiting = this.raw.len() + this.ready.len() - this.passed;
        if waiting == 0 && this.through >= buffer.remaining() {
            let before = buffer.filled().len();
            ready!(Pin::new(&mut this.inner).poll_read(cx, buffer))?;
            this.through -= buffer.filled().len() - before;
            return Poll::Ready(Ok(()));
        }
        while this.passed == this.ready.len() {
            this.ready.clear();
            this.passed = 0;
            let mut read = ReadBuf::new(&mut this.buffer);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut read))?;
            if read.filled().is_empty() {
                // The end. What is left is no whole message.
                std::mem::swap(&mut this.ready, &mut this.raw);
                break;
            }
            this.raw.extend_from_slice(read.filled());
            this.look();
        }
        let left = &this.ready[this.passed..];
        let some = &left[..left.len().min(buffer.remaining())];
        buffer.put_slice(some);
        this.passed += some.len();
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tokio::io::AsyncReadExt as _;

    use super::*;

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    fn change(version: i32, text: &str) -> Value {
        json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {
            "textDocument": {"uri": "file:///a.soap", "version": version},
            "contentChanges": [{
                "range": {
                    "start": {"line": 1, "character": 2},
                    "end": {"line": 1, "character": 2},
                },
                "text": text,
            }],
        }})
    }

    /// What comes through when the input comes in pieces of some length, and the changes that were kept.
    fn through(input: &str, piece: usize) -> (String, Vec<String>) {
        struct Pieces<'i>(&'i [u8], usize);
        impl AsyncRead for Pieces<'_> {
            fn poll_read(
                mut self: Pin<&mut Self>,
                _: &mut Context<'_>,
                buffer: &mut ReadBuf<'_>,
            ) -> Poll<io::Result<()>> {
                let most = self.1.min(self.0.len()).min(buffer.remaining());
                let (now, later) = self.0.split_at(most);
                buffer.put_slice(now);
                self.0 = later;
                Poll::Ready(Ok(()))
            }
        }
        let typed = Arc::new(Typed::default());
        let mut shortcut = Shortcut::new(Pieces(input.as_bytes(), piece), &typed);
        let mut output = String::new();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let read = shortcut.read_to_string(&mut output);
        runtime.block_on(read).unwrap();
        let kept = (1..9).filter_map(|number| typed.take(number));
        let kept = kept.map(|changes| {
            let texts = changes.content_changes.iter().map(|c| c.text.as_str());
            texts.collect()
        });
        (output, kept.collect())
    }

    #[test]
    fn only_changes_are_taken_out_and_all_stays_in_its_order() {
        let other = frame(r#"{"jsonrpc":"2.0","method":"x","params":"textDocument/didChange é"}"#);
        let long = frame(&change(3, &"y".repeat(LONGEST)).to_string());
        let input = [
            frame(&change(1, "a\"\u{E9}").to_string()),
            other.clone(),
            frame(&change(2, "b").to_string()),
            long.clone(),
            frame(&change(4, "c").to_string()),
            other.clone(),
        ]
        .concat();
        let stands_for = |number: u64| {
            frame(&format!(
                r#"{{"jsonrpc":"2.0","method":"soapstone/typed","params":{number}}}"#
            ))
        };
        let output = [
            stands_for(1),
            other.clone(),
            stands_for(2),
            long,
            stands_for(3),
            other,
        ]
        .concat();
        for piece in [1, 7, 100, 1 << 20] {
            let (passed, kept) = through(&input, piece);
            assert_eq!(passed, output);
            assert_eq!(kept, ["a\"\u{E9}", "b", "c"]);
        }
    }

    #[test]
    fn what_is_not_understood_is_passed_on() {
        let body = |key: &str, value: Value| {
            let mut message = change(1, "a");
            message[key] = value;
            frame(&message.to_string())
        };
        let good = frame(&change(1, "a").to_string());
        for input in [
            body("id", json!(1)),
            body("id", Value::Null),
            body("jsonrpc", json!("1.0")),
            body("params", json!({"contentChanges": []})),
            body("method", json!("textDocument/didChange2")),
            frame("{textDocument/didChange"),
            good[..good.len() - 1].to_owned(),
            "Content-Len".to_owned(),
            "Content-Length: ".to_owned(),
            format!("Content-Length: 99999999999999999999999\r\n\r\n{good}"),
            format!("content-length: 5\r\n\r\nabcde{good}"),
            format!("Content-Type: x\r\n{good}"),
            format!("\r\n{good}"),
        ] {
            for piece in [1, 30, 1 << 20] {
                assert_eq!(through(&input, piece), (input.clone(), Vec::new()));
            }
        }
    }

    #[test]
    fn changes_that_came_to_no_handler_are_forgotten() {
        let typed = Typed::default();
        let changes = |version| serde_json::from_value(change(version, "a")["params"].take());
        for version in 1..=3 {
            typed.keep(changes(version).unwrap());
        }
        assert_eq!(typed.take(2).unwrap().text_document.version, 2);
        assert!(typed.take(1).is_none());
        assert_eq!(typed.take(3).unwrap().text_document.version, 3);
        assert!(typed.take(4).is_none());
    }
}
