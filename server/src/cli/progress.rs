//! How far a long piece of work is, on a terminal.

use std::io::IsTerminal;
use std::sync::Once;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that ends sooner shows nothing.
const LONG: Duration = Duration::from_secs(1);
/// How often the bar is drawn at most.
const TIMES_A_SECOND: u8 = 5;

/// A bar on standard error that shows itself when the work turns out to be long, and goes when it is done.
pub(super) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    shown: Once,
}

impl Progress {
    /// Work on so many notes.
    pub(super) fn over(notes: usize) -> Self {
        let bar =
            ProgressBar::with_draw_target(u64::try_from(notes).ok(), ProgressDrawTarget::hidden());
        // Such a template is right or wrong whatever the notes.
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len} notes") {
            bar.set_style(style);
        }
        Self {
            bar,
            begun: Instant::now(),
            shown: Once::new(),
        }
    }

    /// One note is done.
    pub(super) fn step(&self) {
        self.bar.inc(1);
        if self.begun.elapsed() > LONG && std::io::stderr().is_terminal() {
            let target = || ProgressDrawTarget::stderr_with_hz(TIMES_A_SECOND);
            self.shown.call_once(|| self.bar.set_draw_target(target()));
        }
    }

    /// Prints something where the bar is not in the way.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
