//! The log: a line on the standard error output for each event, of the level that the environment
//! variable `SOAPSTONE_LOG` names or louder. Events never hold a note's text, name or path.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;

/// Begins the log, and has a panic logged by its place alone: its message may quote the note.
pub fn begin() {
    let level = std::env::var("SOAPSTONE_LOG").ok();
    let level = level.and_then(|word| word.parse().ok());
    let lines = fmt::layer()
        .with_ansi(false)
        .without_time()
        .with_writer(|| Lines);
    // Only our own: the framework's hold whole messages.
    let ours = Targets::new().with_target("soapstone", level.unwrap_or(LevelFilter::WARN));
    let log = tracing_subscriber::registry().with(lines).with(ours);
    // Somebody else's log will do as well.
    let _ = tracing::subscriber::set_global_default(log);
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location();
        let place = place.map_or_else(String::new, ToString::to_string);
        tracing::error!("internal error at {place}");
    }));
}

/// Writes lines, each in one piece. A client that does not read them must not stop the server, so that
/// all of them together have to fit into a pipe.
struct Lines;

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        const MOST: usize = 400;
        match COUNT.fetch_add(1, Ordering::Relaxed) {
            0..MOST => io::stderr().write_all(line)?,
            MOST => io::stderr().write_all(b"nothing more is logged\n")?,
            _ => {}
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
