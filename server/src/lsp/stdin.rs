//! The standard input, read by a thread of its own: whoever sends is not held up by a client that does not read, and
//! the end of input is noticed even then.

use std::io::Read as _;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::mpsc::{Receiver, channel};

use super::guard::Ending;

const CHUNK: usize = 1 << 13;
/// As many chunks wait for a client that does not read; together 64 MiB.
const MOST: usize = 1 << 13;
/// How long what came before the end of input may wait without any of it being taken.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was read of the standard input.
#[derive(Debug)]
pub struct Stdin {
    chunks: Receiver<Vec<u8>>,
    current: Vec<u8>,
    taken: usize,
    /// How many chunks were taken.
    count: Arc<AtomicUsize>,
}

/// Begins to read.
pub fn open(ending: Ending) -> Stdin {
    let (sender, chunks) = channel(MOST);
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        let mut chunk = [0; CHUNK];
        let mut sent = 0;
        while let Ok(length @ 1..) = stdin.read(&mut chunk) {
            if sender.blocking_send(chunk[..length].to_vec()).is_err() {
                return;
            }
            sent += 1;
        }
        drop(sender);
        // Who takes what came before the end finds the end by itself.
        let mut before = None;
        loop {
            let now = seen.load(Ordering::Relaxed);
            if now == sent {
                return;
            }
            if before == Some(now) {
                ending.now();
            }
            before = Some(now);
            std::thread::sleep(PATIENCE);
        }
    });
    Stdin {
        chunks,
        current: Vec::new(),
        taken: 0,
        count,
    }
}

impl AsyncRead for Stdin {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.taken == self.current.len() {
            let Some(chunk) = ready!(self.chunks.poll_recv(cx)) else {
                return Poll::Ready(Ok(()));
            };
            (self.current, self.taken) = (chunk, 0);
            self.count.fetch_add(1, Ordering::Relaxed);
        }
        let left = &self.current[self.taken..];
        let count = left.len().min(buffer.remaining());
        buffer.put_slice(&left[..count]);
        self.taken += count;
        Poll::Ready(Ok(()))
    }
}
