//! What the framework leaves to do around a server: a panic ends one request and not the process,
//! and the process ends when its client says so or is gone, with the exit code of the protocol.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, ReadBuf};
use tower_lsp::jsonrpc::{Error, Request, Response};
use tracing::warn;

use super::features::documents::has_known_ranges;

/// How long handlers that still wait for something may hold up the end of the process.
const GRACE: Duration = Duration::from_millis(500);

/// Whether `shutdown` was asked for, which decides the exit code.
#[derive(Clone, Debug, Default)]
pub struct Ending(Arc<AtomicBool>);

impl Ending {
    fn code(&self) -> u8 {
        u8::from(!self.0.load(Ordering::SeqCst))
    }

    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code())
    }

    /// Ends the process soon, whatever handlers still wait for.
    fn soon(&self) {
        let ending = self.clone();
        std::thread::spawn(move || {
            std::thread::sleep(GRACE);
            std::process::exit(i32::from(ending.code()))
        });
    }
}

/// The service with each of its handlers guarded.
#[derive(Debug)]
pub struct Guard<S> {
    pub inner: S,
    pub ending: Ending,
}

impl<S> tower_service::Service<Request> for Guard<S>
where
    S: tower_service::Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Option<Response>, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match request.method() {
            "shutdown" => self.ending.0.store(true, Ordering::SeqCst),
            // The framework stops reading by itself. It would also cancel what is under way, be it
            // the answer to `shutdown`, if it saw this.
            "exit" => {
                self.ending.soon();
                return std::future::ready(Ok(None)).boxed();
            }
            "textDocument/didChange" if request.params().is_some_and(|p| !has_known_ranges(p)) => {
                warn!("a change with an invalid range was ignored");
                return std::future::ready(Ok(None)).boxed();
            }
            _ => {}
        }
        let id = request.id().cloned();
        // The framework leaves a request that it does not know unanswered if its name begins so.
        let unknown = request
            .method()
            .starts_with("$/")
            .then(|| id.clone())
            .flatten();
        AssertUnwindSafe(self.inner.call(request))
            .catch_unwind()
            .map(move |result| {
                let failed = |_| Ok(id.map(|id| Response::from_error(id, Error::internal_error())));
                let answered = result.unwrap_or_else(failed);
                let refused = |id| Response::from_error(id, Error::method_not_found());
                answered.map(|response| response.or_else(|| unknown.map(refused)))
            })
            .boxed()
    }
}

/// An input that ends the process soon after the client is gone.
#[derive(Debug)]
pub struct EofGuard<R> {
    inner: R,
    ending: Option<Ending>,
}

impl<R> EofGuard<R> {
    pub fn new(inner: R, ending: Ending) -> Self {
        Self {
            inner,
            ending: Some(ending),
        }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for EofGuard<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buffer);
        let gone = match &polled {
            Poll::Ready(Ok(())) => buffer.remaining() > 0 && buffer.filled().len() == before,
            Poll::Ready(Err(_)) => true,
            Poll::Pending => false,
        };
        if gone && let Some(ending) = self.ending.take() {
            ending.soon();
        }
        polled
    }
}
