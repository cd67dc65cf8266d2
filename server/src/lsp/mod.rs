//! The language server: the protocol around the analysis. No decision about a note is taken here.
//!
//! How it is built, and why (`docs/decisions/tower-lsp.md` has the reasons):
//!
//! - [`backend`] lists the methods by the framework's own trait. The framework polls handlers first in
//!   the order of their arrival, and promises nothing after their first `await`. So a handler changes
//!   the [`state`] under one lock that is not asynchronous, or takes a snapshot of it, before it awaits
//!   anything.
//! - What a snapshot is asked about is worked out beside the thread that reads and writes. Whoever is
//!   first to want what was found in a text has it judged, from what was found in the text before; the
//!   others find it there.
//! - No handler waits for the client. What is asked of it is asked by a task of its own, for a
//!   limited time; what is sent to it unasked is sent by the one [`publisher`].
//! - Each of the [`features`] is a file: it converts, calls and converts back. They and [`position`]
//!   are all that knows how the client counts characters.
//! - Around the framework is the [`guard`]: a panic ends one request, the end of input the process. In front of it is the
//!   [`input`]: a message that cannot be decoded is answered, and the next one is read.
//! - A [`sandbox`] takes from it what it never needs: writing, connections, other programs.
//! - The [`log`] is the standard error output.

mod backend;
mod capabilities;
mod features;
mod guard;
mod input;
mod log;
mod parent;
mod position;
mod publisher;
mod sandbox;
mod scanner;
mod settings;
mod state;
mod stdin;

use std::sync::Arc;

use tower_lsp::Server;
use tracing::{error, info};

use crate::analysis::Analysis;
use crate::text::Document;
use backend::Backend;
use guard::{Ending, Guard};
use input::Input;
pub use input::handed_on;

/// Serves one client on the standard input and output until it is gone, and says how that went:
/// 0 if it asked for the shutdown first, else 1. In a [`sandbox`] it can neither write nor connect.
pub fn serve(in_sandbox: bool) -> u8 {
    log::begin();
    if in_sandbox {
        sandbox::close();
    } else {
        info!("the server runs without a sandbox, as it was asked to");
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // Questions about notes that are being judged take none of them.
        .max_blocking_threads(16)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            error!("cannot start: {error}");
            return 1;
        }
    };
    let ending = Ending::default();
    runtime.block_on(run(ending.clone()));
    // The thread that reads the standard input may never come back.
    runtime.shutdown_background();
    ending.code()
}

async fn run(ending: Ending) {
    info!("version {} starts", env!("CARGO_PKG_VERSION"));
    get_ready();
    let (inner, socket) = Backend::service();
    let shared = Arc::clone(&inner.inner().shared);
    let input = Input::new(stdin::open(ending.clone()), ending.clone());
    // Places enough that a handler that waits holds up no other (D2, D3).
    let framework = Server::new(input, tokio::io::stdout(), socket).concurrency_level(1024);
    let guard = Guard {
        inner,
        ending,
        shared,
    };
    framework.serve(guard).await;
    info!("the client is gone");
}

/// Judges a note that nobody asks about, beside the greetings of client and server: then the tables and
/// patterns that the first real one is judged by are read already.
fn get_ready() {
    const NOTE: &str = "dx: M54.50 low back pain
goal 1: sit at desk 60 minutes by 2026-12-15 (now 30 minutes)

visit: 2026-11-20
session: 10:00-10:50
S: Low back pain 6/10 after sitting.
O: Paraspinals tight.
97124 lumbar 10:02-10:27
  technique: effleurage
  response: pain 4/10
A: Better.
P: Weekly for 4 weeks.
signed: A. Rivera, LMT 2026-11-20
";
    tokio::task::spawn_blocking(|| {
        let analysis = Analysis::of(&Document::new(NOTE), &Arc::default());
        std::hint::black_box(analysis.findings());
    });
}
