//! Signals that would end the program wait until a note is in its place.

/// Does what must not be cut short; a signal that came meanwhile ends the program after it. One at a time: it takes moments.
#[cfg(unix)]
pub fn uninterrupted<T>(work: impl FnOnce() -> T) -> T {
    use std::sync::atomic::Ordering;

    use signal_hook::low_level::emulate_default_handler;

    let mut guard = unix::HELD.lock();
    let held = guard.get_or_insert_with(unix::Held::new);
    held.free.store(false, Ordering::SeqCst);
    let result = work();
    held.free.store(true, Ordering::SeqCst);
    let signal = held.came.load(Ordering::SeqCst);
    if let Ok(signal @ 1..) = i32::try_from(signal) {
        // If it cannot be had as the system does it, the program goes on, which is no worse than not to be asked.
        let _ = emulate_default_handler(signal);
    }
    result
}

#[cfg(not(unix))]
pub fn uninterrupted<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[cfg(unix)]
mod unix {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    use parking_lot::Mutex;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;

    pub static HELD: Mutex<Option<Held>> = Mutex::new(None);

    pub struct Held {
        /// Whether a signal ends the program at once.
        pub free: Arc<AtomicBool>,
        /// The signal that came while it did not.
        pub came: Arc<AtomicUsize>,
    }

    impl Held {
        pub fn new() -> Self {
            let free = Arc::new(AtomicBool::new(true));
            let came = Arc::<AtomicUsize>::default();
            for signal in [SIGHUP, SIGINT, SIGTERM] {
                // Whoever started the program may want it to go on (`nohup`).
                if is_ignored(signal) {
                    continue;
                }
                let number = usize::try_from(signal).unwrap_or_default();
                let _ = flag::register_conditional_default(signal, Arc::clone(&free));
                let _ = flag::register_usize(signal, Arc::clone(&came), number);
            }
            Self { free, came }
        }
    }

    /// Whether a signal does nothing to the program; elsewhere than on Linux only code that the compiler cannot check could tell.
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        ignored.is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
    }
}
