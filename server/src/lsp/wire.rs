//! The two pipes to the client.
//!
//! The runtime's own standard input and output hand each message to a thread of their own and back,
//! which takes as long as judging a keystroke. Pipes and sockets, which is what editors give to a
//! server, are read and written by the one thread that also judges what was typed; anything else
//! (a file, a terminal, Windows) goes the way of the runtime.
//!
//! The framework and the publisher both write. Either appends whole messages to one queue, which
//! [`Outgoing::drain`] empties into the pipe, so that messages never mix, and their order is that of
//! the queue.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::Notify;

/// What the server reads from.
pub type Input = Box<dyn AsyncRead + Send + Unpin>;

/// What the server writes to.
pub type Output = Box<dyn AsyncWrite + Send + Unpin>;

/// From how many bytes that wait for the client no more are made for it.
const ENOUGH: usize = 1 << 20;

/// The standard input. Only inside of the runtime.
pub fn input() -> Input {
    #[cfg(unix)]
    if let Some(pipe) = unix::input() {
        return pipe;
    }
    Box::new(tokio::io::stdin())
}

/// The standard output. Only inside of the runtime.
pub fn output() -> Output {
    #[cfg(unix)]
    if let Some(pipe) = unix::output() {
        return pipe;
    }
    Box::new(tokio::io::stdout())
}

#[cfg(unix)]
mod unix {
    use std::os::fd::{AsFd, OwnedFd};
    use std::os::unix::net::UnixStream as Socket;

    use tokio::net::UnixStream;
    use tokio::net::unix::pipe;

    use super::{Input, Output};

    pub fn input() -> Option<Input> {
        let end = || std::io::stdin().as_fd().try_clone_to_owned().ok();
        let pipe = pipe::Receiver::from_owned_fd(end()?).map(|pipe| Box::new(pipe) as Input);
        pipe.ok().or_else(|| Some(Box::new(socket(end()?)?)))
    }

    pub fn output() -> Option<Output> {
        let end = || std::io::stdout().as_fd().try_clone_to_owned().ok();
        let pipe = pipe::Sender::from_owned_fd(end()?).map(|pipe| Box::new(pipe) as Output);
        pipe.ok().or_else(|| Some(Box::new(socket(end()?)?)))
    }

    /// The end of a pair of sockets, which Node.js uses for pipes.
    fn socket(end: OwnedFd) -> Option<UnixStream> {
        let socket = Socket::from(end);
        // Nothing but such a socket has an address of that kind.
        socket.local_addr().ok()?;
        socket.set_nonblocking(true).ok()?;
        UnixStream::from_std(socket).ok()
    }
}

/// Messages on their way to the client.
#[derive(Debug, Default)]
pub struct Outgoing {
    queue: Mutex<Queue>,
    /// Wakes whoever empties the queue.
    more: Notify,
    /// Wakes the publisher when there is room again.
    room: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    bytes: Vec<u8>,
    /// Wakes the framework when there is room again.
    framework: Option<Waker>,
    /// The client does not read any more.
    gone: bool,
    /// Nothing more is coming.
    closed: bool,
}

impl Outgoing {
    /// Sends a message whose body comes in pieces.
    pub fn send(&self, body: &[&[u8]]) {
        let mut queue = self.queue.lock();
        if !queue.gone {
            let length: usize = body.iter().map(|piece| piece.len()).sum();
            let header = format!("Content-Length: {length}\r\n\r\n");
            queue.bytes.reserve(header.len() + length);
            queue.bytes.extend_from_slice(header.as_bytes());
            for piece in body {
                queue.bytes.extend_from_slice(piece);
            }
        }
        drop(queue);
        self.more.notify_one();
    }

    /// Waits until the client has read most of what was sent.
    pub async fn room(&self) {
        loop {
            let room = self.room.notified();
            {
                let queue = self.queue.lock();
                if queue.bytes.len() < ENOUGH || queue.gone {
                    return;
                }
            }
            room.await;
        }
    }

    /// Nothing more is to be sent.
    pub fn close(&self) {
        self.queue.lock().closed = true;
        self.more.notify_one();
    }

    /// Writes what is sent, until nothing more is coming or the client is gone.
    pub async fn drain(&self, mut pipe: Output) {
        let mut bytes = Vec::new();
        loop {
            let closed = {
                let mut queue = self.queue.lock();
                std::mem::swap(&mut bytes, &mut queue.bytes);
                queue.closed
            };
            if bytes.is_empty() {
                if closed {
                    return;
                }
                self.more.notified().await;
                continue;
            }
            let written = async {
                pipe.write_all(&bytes).await?;
                pipe.flush().await
            };
            let gone = written.await.is_err();
            bytes.clear();
            let mut queue = self.queue.lock();
            queue.gone = gone;
            let framework = queue.framework.take();
            drop(queue);
            framework.into_iter().for_each(Waker::wake);
            self.room.notify_waiters();
            if gone {
                return;
            }
        }
    }
}

/// What the framework writes to. It always writes whole messages: one is encoded at a time, and all
/// that is offered is taken.
#[derive(Debug)]
pub struct FrameworkOutput(pub Arc<Outgoing>);

impl AsyncWrite for FrameworkOutput {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut queue = self.0.queue.lock();
        if queue.gone {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        if queue.bytes.len() >= ENOUGH {
            queue.framework = Some(cx.waker().clone());
            return Poll::Pending;
        }
        queue.bytes.extend_from_slice(bytes);
        drop(queue);
        self.0.more.notify_one();
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
