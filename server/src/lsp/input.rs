//! What stands between the client's bytes and the framework, whose decoder gives up for good at the first
//! message that it cannot decode: here every message is one that it can. One that is none becomes a
//! [`METHOD`] request, which the [`guard`](super::guard) answers with the protocol's error; reading goes on.

use std::borrow::Cow;
use std::pin::Pin;
use std::task::{Context, Poll};

use memchr::memmem;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, ReadBuf};
use tower_lsp::jsonrpc::{Request, Response};
use tracing::warn;

use super::guard::Ending;

/// What the framework is handed in place of a message that cannot be decoded.
pub const METHOD: &str = "soapstone/malformed";
/// More than any message that is meant: a length beyond it is a slip, and waiting for its end would be waiting for ever.
const LARGEST: usize = 1 << 30;
/// More than any header.
const LARGEST_HEADER: usize = 1 << 13;
const CONTENT_LENGTH: &[u8] = b"content-length:";

/// The input as messages that the framework can decode. Its end is the end of the process soon after.
#[derive(Debug)]
pub struct Input<R> {
    inner: R,
    ending: Option<Ending>,
    /// What was read and is no whole message yet.
    unread: Vec<u8>,
    /// Whole messages, and how much of them the framework has.
    ready: Vec<u8>,
    taken: usize,
}

impl<R> Input<R> {
    pub fn new(inner: R, ending: Ending) -> Self {
        Self {
            inner,
            ending: Some(ending),
            unread: Vec::new(),
            ready: Vec::new(),
            taken: 0,
        }
    }

    /// Makes messages of what was read, as far as they are whole.
    fn divide(&mut self) {
        let mut start = 0;
        while let Some((length, message)) = next(&self.unread[start..]) {
            start += length;
            if let Some(message) = message {
                let head = format!("Content-Length: {}\r\n\r\n", message.len());
                self.ready.extend_from_slice(head.as_bytes());
                self.ready.extend_from_slice(&message);
            }
        }
        self.unread.drain(..start);
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Input<R> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = self.get_mut();
        while this.taken == this.ready.len() {
            (this.ready, this.taken) = (Vec::new(), 0);
            let mut chunk = [0; 1 << 14];
            let mut chunk = ReadBuf::new(&mut chunk);
            let polled = Pin::new(&mut this.inner).poll_read(cx, &mut chunk);
            let gone = match &polled {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) => chunk.filled().is_empty(),
                Poll::Ready(Err(_)) => true,
            };
            if gone {
                if let Some(ending) = this.ending.take() {
                    ending.soon();
                }
                return polled;
            }
            this.unread.extend_from_slice(chunk.filled());
            this.divide();
        }
        let left = &this.ready[this.taken..];
        let count = left.len().min(buffer.remaining());
        buffer.put_slice(&left[..count]);
        this.taken += count;
        Poll::Ready(Ok(()))
    }
}

/// What the framework is handed of these bytes, however they are cut.
pub fn handed_on(bytes: &[u8], at_once: usize) -> Vec<u8> {
    let mut input = Input::new((), Ending::default());
    for chunk in bytes.chunks(at_once) {
        input.unread.extend_from_slice(chunk);
        input.divide();
    }
    input.ready
}

/// The first message of what was read, for the framework, and how many bytes it took. Nothing if it is not whole yet; no
/// message if there is nobody to answer.
fn next(bytes: &[u8]) -> Option<(usize, Option<Cow<'_, [u8]>>)> {
    let malformed = |length: usize| {
        let message = unreadable(&bytes[..length]);
        Some((length, Some(Cow::Owned(message))))
    };
    let Some(end) = memmem::find(bytes, b"\r\n\r\n") else {
        return if bytes.len() > LARGEST_HEADER {
            malformed(bytes.len())
        } else {
            None
        };
    };
    let (head, body) = (&bytes[..end], end + 4);
    // Whatever stands before the length belongs to a message that was longer or shorter than it said.
    let Some(at) = length_at(head) else {
        return malformed(body);
    };
    if at > 0 && !is_header(&head[..at]) {
        return malformed(at);
    }
    let value = &head[at + CONTENT_LENGTH.len()..];
    let value = value
        .split(|byte| *byte == b'\r')
        .next()
        .unwrap_or_default();
    let value = std::str::from_utf8(value).unwrap_or_default().trim();
    let Some(length) = value
        .parse()
        .ok()
        .filter(|length: &usize| *length <= LARGEST)
    else {
        return malformed(body);
    };
    let content = bytes.get(body..body + length)?;
    Some((body + length, message(content)))
}

/// Where the last length of a header stands; its name is written in whatever letters.
fn length_at(head: &[u8]) -> Option<usize> {
    let mut places = head.windows(CONTENT_LENGTH.len());
    places.rposition(|name| name.eq_ignore_ascii_case(CONTENT_LENGTH))
}

/// Whether this is whole lines of a header and nothing else.
fn is_header(lines: &[u8]) -> bool {
    lines.strip_suffix(b"\r\n").is_some_and(|lines| {
        let mut lines = lines.split(|byte| *byte == b'\n');
        lines.all(|line| {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            name.len() < line.len() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
        })
    })
}

/// A message as the framework can decode it. Nothing for an answer that nobody can make out: an answer is not answered.
fn message(content: &[u8]) -> Option<Cow<'_, [u8]>> {
    let content = with_whole_characters(content);
    if serde_json::from_slice::<Request>(&content).is_ok()
        || serde_json::from_slice::<Response>(&content).is_ok()
    {
        return Some(content);
    }
    let Ok(value) = serde_json::from_slice::<Value>(&content) else {
        return Some(Cow::Owned(unreadable(&content)));
    };
    if value.get("method").is_none()
        && (value.get("result").is_some() || value.get("error").is_some())
    {
        warn!("an answer that could not be understood was ignored");
        return None;
    }
    // An identifier that can be one is given back, so that nobody waits for ever.
    let id = value.get("id").filter(|id| id.is_i64() || id.is_string());
    let changes = value.to_string().contains("textDocument/did");
    Some(Cow::Owned(in_place_of(
        id.unwrap_or(&Value::Null),
        "invalid",
        changes,
    )))
}

/// What stands in the place of bytes that are no JSON.
fn unreadable(bytes: &[u8]) -> Vec<u8> {
    let changes = memmem::find(bytes, b"textDocument/did").is_some();
    in_place_of(&Value::Null, "unreadable", changes)
}

/// `changes` says whether it may have been about the text of a note.
fn in_place_of(id: &Value, why: &str, changes: bool) -> Vec<u8> {
    warn!("a message that could not be understood was answered with an error");
    let params = json!({"why": why, "changes": changes});
    let request = json!({"jsonrpc": "2.0", "id": id, "method": METHOD, "params": params});
    request.to_string().into_bytes()
}

/// JSON with each half of a UTF-16 pair that stands alone replaced by U+FFFD, which counts as much in every encoding. Node.js
/// writes such halves, and an editor cuts through an emoji; Rust's strings hold none.
fn with_whole_characters(content: &[u8]) -> Cow<'_, [u8]> {
    let mut content = Cow::Borrowed(content);
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &content[at..]) {
        at += found;
        match escape(&content[at..]) {
            Some(0xd800..=0xdbff)
                if matches!(escape(&content[at + 6..]), Some(0xdc00..=0xdfff)) =>
            {
                at += 12;
            }
            Some(0xd800..=0xdfff) => {
                content.to_mut()[at..at + 6].copy_from_slice(br"\ufffd");
                at += 6;
            }
            // Of any other escape the second character is part, be it another backslash.
            _ => at = (at + 2).min(content.len()),
        }
    }
    content
}

/// The unit of UTF-16 that these bytes begin with, as an escape.
fn escape(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(br"\u")?.get(..4)?;
    let digits = std::str::from_utf8(digits).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> String {
        String::from_utf8(with_whole_characters(text.as_bytes()).into_owned()).expect("UTF-8")
    }

    #[test]
    fn half_a_pair_becomes_one_character_and_nothing_else_does() {
        for (before, after) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\uDE00 x""#, r#""\ufffd x""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ud83d\n""#, r#""\ufffd\n""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\\\ud83d""#, r#""\\\ufffd""#),
            (r#""\u00e9\ud83""#, r#""\u00e9\ud83""#),
            (r"\", r"\"),
        ] {
            assert_eq!(whole(before), after);
        }
    }

    /// The methods of the messages that the framework sees, however the bytes are cut.
    fn methods(bytes: &[u8], cut: usize) -> Vec<String> {
        let text = String::from_utf8(handed_on(bytes, cut)).expect("UTF-8");
        let bodies = text.split("Content-Length: ").skip(1);
        let bodies = bodies.filter_map(|b| Some(b.split_once("\r\n\r\n")?.1));
        let messages = bodies.map(|b| serde_json::from_str::<Value>(b).expect("JSON"));
        let method = |m: Value| {
            m["params"]["why"]
                .as_str()
                .or(m["method"].as_str())
                .map(str::to_owned)
        };
        messages.filter_map(method).collect()
    }

    #[test]
    fn what_cannot_be_decoded_is_named_and_the_next_message_is_read() {
        let body = r#"{"jsonrpc":"2.0","method":"x"}"#;
        let good = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let with = |bytes: &[u8]| [good.as_bytes(), bytes, good.as_bytes()].concat();
        let framed = |body: &[u8]| {
            [
                format!("content-LENGTH:{}\r\n\r\n", body.len()).as_bytes(),
                body,
            ]
            .concat()
        };
        for (bytes, seen) in [
            (framed(body.as_bytes()), "x"),
            (framed(b""), "unreadable"),
            (framed(b"{"), "unreadable"),
            (framed(b"\"\xff\""), "unreadable"),
            (framed(b"[]"), "invalid"),
            (framed(format!("[{body}]").as_bytes()), "invalid"),
            (
                framed(br#"{"jsonrpc":"2.0","method":"x","id":1.5}"#),
                "invalid",
            ),
            (framed(br#"{"jsonrpc":"1.0","method":"x"}"#), "invalid"),
            (b"Content-Length: -1\r\n\r\n".to_vec(), "unreadable"),
            (
                b"Content-Length: 99999999999999\r\n\r\n".to_vec(),
                "unreadable",
            ),
            (b"Hello: you\r\n\r\n".to_vec(), "unreadable"),
            (b"}garbage".to_vec(), "unreadable"),
            (format!("A: 1\r\nB: 2\r\nC: 3\r\n{good}").into_bytes(), "x"),
        ] {
            for cut in [1, 7, usize::MAX] {
                assert_eq!(
                    methods(&with(&bytes), cut),
                    ["x", seen, "x"],
                    "{}",
                    bytes.escape_ascii()
                );
            }
        }
        let answer = framed(br#"{"jsonrpc":"2.0","id":1.5,"result":null}"#);
        assert_eq!(methods(&with(&answer), usize::MAX), ["x", "x"]);
    }
}
