//! What the framework leaves to do around a server: a panic ends one request and not the process,
//! and the process ends when its client says so or is gone, with the exit code of the protocol.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tracing::warn;

use super::features::documents::is_understood;
use super::state::Shared;
use super::{capabilities, input, parent};

/// How long handlers that still wait for something may hold up the end of the process.
const GRACE: Duration = Duration::from_millis(500);

/// Whether `shutdown` was asked for, which decides the exit code.
#[derive(Clone, Debug, Default)]
pub struct Ending(Arc<AtomicBool>);

impl Ending {
    pub fn code(&self) -> u8 {
        u8::from(!self.0.load(Ordering::SeqCst))
    }

    /// Ends the process now.
    pub fn now(&self) -> ! {
        std::process::exit(i32::from(self.code()))
    }

    /// Ends the process soon, whatever handlers still wait for.
    pub fn soon(&self) {
        let ending = self.clone();
        std::thread::spawn(move || {
            std::thread::sleep(GRACE);
            ending.now()
        });
    }
}

/// The service with each of its handlers guarded.
#[derive(Debug)]
pub struct Guard<S> {
    pub inner: S,
    pub ending: Ending,
    pub shared: Arc<Shared>,
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

    fn call(&mut self, mut request: Request) -> Self::Future {
        match request.method() {
            "initialize" => {
                request = without_faults(request);
                let process = request.params().and_then(|p| p["processId"].as_i64());
                parent::end_with(process, &self.ending);
            }
            input::METHOD => {
                let answer = self.malformed(request);
                return std::future::ready(Ok(Some(answer))).boxed();
            }
            "shutdown" => self.ending.0.store(true, Ordering::SeqCst),
            // The framework stops reading by itself. It would also cancel what is under way, be it
            // the answer to `shutdown`, if it saw this.
            "exit" => {
                self.ending.soon();
                return std::future::ready(Ok(None)).boxed();
            }
            "textDocument/didChange" if !request.params().is_some_and(is_understood) => {
                warn!("a change that cannot be understood was not made");
                let params = request.params().unwrap_or(&Value::Null);
                self.shared.lose(params["textDocument"]["uri"].as_str());
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

impl<S> Guard<S> {
    /// The error in answer to a message that could not be decoded.
    fn malformed(&self, request: Request) -> Response {
        let (_, id, params) = request.into_parts();
        let params = params.unwrap_or_default();
        if params["changes"] == true {
            self.shared.lose(None);
        }
        let error = if params["why"] == "invalid" {
            Error::invalid_request()
        } else {
            Error::parse_error()
        };
        Response::from_error(id.unwrap_or(Id::Null), error)
    }
}

/// A client that names an ability in a way of its own is served without that ability.
fn without_faults(request: Request) -> Request {
    let (method, id, params) = request.into_parts();
    let fixed =
        Request::build(method).params(capabilities::without_faults(params.unwrap_or_default()));
    match id {
        Some(id) => fixed.id(id).finish(),
        None => fixed.finish(),
    }
}
