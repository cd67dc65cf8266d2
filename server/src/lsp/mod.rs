//! The language server: the protocol around the analysis. No decision about a note is taken here.
//!
//! How it is built, and why (`docs/decisions/tower-lsp.md` has the measurements):
//!
//! - The framework polls handlers first in the order of their arrival, and promises nothing after
//!   their first `await`. So a handler changes the [`state`] under one lock that is not
//!   asynchronous, or takes a snapshot of it, before it awaits anything.
//! - No handler waits for the client. What is asked of it is asked by a task of its own, for a
//!   limited time; what is told to it is told by the one [`publisher`].
//! - Only [`convert`] builds the protocol's values and knows how it counts characters.
//! - One thread reads, changes, judges what was typed and writes: a keystroke that waits for another
//!   thread waits longer for that than for its findings. What may take long, and every question, is
//!   worked on beside it.
//! - What is typed comes in by a [`shortcut`] through the framework, in its order with all else.
//! - The log is the standard error output. It never holds a note's text, name or path.

mod backend;
mod capabilities;
mod convert;
mod guard;
mod publisher;
mod requests;
mod scanner;
mod settings;
mod shortcut;
mod state;
mod wire;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tower_lsp::{LspService, Server};

use crate::analysis::Analysis;
use crate::text::Document;
use backend::Backend;
use guard::{Ending, EofGuard, Guard};
use shortcut::{Shortcut, Typed};
use state::Shared;
use wire::{FrameworkOutput, Outgoing};

/// Serves one client on the standard input and output until it is gone, and says how that went:
/// 0 if it asked for the shutdown first, else 1.
pub fn serve() -> ExitCode {
    // The default hook prints the panic's message, which may quote the note.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(String::new, ToString::to_string);
        log(&format!("internal error at {place}"));
    }));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            log(&format!("cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let ending = Ending::default();
    runtime.block_on(run(ending.clone()));
    // The thread that reads the standard input may never come back.
    runtime.shutdown_background();
    ending.exit_code()
}

async fn run(ending: Ending) {
    get_ready();
    let shared = Arc::new(Shared::default());
    let outgoing = Arc::new(Outgoing::default());
    let typed = Arc::new(Typed::default());
    let (service, socket) = Backend::service(&shared, &outgoing, &typed);
    let input = EofGuard::new(wire::input(), ending.clone());
    let input = Shortcut::new(input, &typed);
    let output = FrameworkOutput(Arc::clone(&outgoing));
    let framework = Server::new(input, output, socket).concurrency_level(1024);
    // Tasks wake each other with less ado than the future that the runtime was started with.
    let sent = tokio::spawn({
        let outgoing = Arc::clone(&outgoing);
        async move { outgoing.drain(wire::output()).await }
    });
    let served = tokio::spawn(framework.serve(Guard {
        inner: service,
        ending,
    }));
    let _ = served.await;
    outgoing.close();
    let _ = sent.await;
}

/// Judges a note that nobody asks about, beside the greetings of client and server: then the thread that
/// the first real one is judged by runs already, and what it needs of the program is in the memory.
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

/// Writes a line to the log. A client that does not read it must not stop the server, so that all
/// lines together have to fit into a pipe.
fn log(line: &str) {
    static LINES: AtomicUsize = AtomicUsize::new(0);
    const MOST: usize = 400;
    let text = match LINES.fetch_add(1, Ordering::Relaxed) {
        0..MOST => line,
        MOST => "nothing more is logged",
        _ => return,
    };
    let _ = writeln!(std::io::stderr(), "soapstone: {text}");
}

type Service = LspService<Backend>;
