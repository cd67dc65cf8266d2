//! The process of the client, as it names it: a server is not to outlive it, even if somebody else holds its pipes open.

use super::guard::Ending;

/// Ends this process soon after that one is gone.
#[cfg(unix)]
pub fn end_with(process: Option<i64>, ending: &Ending) {
    use std::time::Duration;

    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};

    /// Nobody waits for it: to look more often would only keep the machine awake.
    const PAUSE: Duration = Duration::from_secs(3);

    let process = process.and_then(|number| i32::try_from(number).ok());
    let Some(process) = process.filter(|n| *n > 0).and_then(Pid::from_raw) else {
        return;
    };
    let is_gone = move || test_kill_process(process) == Err(Errno::SRCH);
    // The number may be one of another machine or container.
    if is_gone() {
        return tracing::info!("the client's process cannot be seen from here");
    }
    let ending = ending.clone();
    std::thread::spawn(move || {
        while !is_gone() {
            std::thread::sleep(PAUSE);
        }
        ending.soon();
    });
}

/// Elsewhere the end of input has to do: to ask for a process takes code that the compiler cannot check.
#[cfg(not(unix))]
pub fn end_with(_: Option<i64>, _: &Ending) {}
