//! From which day to which.

use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use jiff::civil::Date;

use super::new::day;
use super::{complain, counted};

/// The days that are wanted, both ends among them.
#[derive(Debug, Args)]
pub(super) struct Period {
    /// Only visits of this day or later, such as 2026-11-01 or 11/01/2026
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) from: Option<Date>,

    /// Only visits of this day or earlier
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) to: Option<Date>,

    /// Visits that no day could be read of, so that nobody knows whether they belong here.
    #[arg(skip)]
    undated: AtomicUsize,
}

impl Period {
    /// A sentence if no day can lie in it.
    pub(super) fn check(&self) -> Result<(), String> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if to < from => Err(format!(
                "No day is from {from} to {to}: the last day is before the first."
            )),
            _ => Ok(()),
        }
    }

    /// Whether it leaves out any day.
    pub(super) fn is_limited(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// Whether a visit belongs to it; one without a day is counted as left out where it matters.
    pub(super) fn holds(&self, day: Option<Date>) -> bool {
        match day {
            Some(day) => {
                self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
            }
            None if self.is_limited() => {
                self.undated.fetch_add(1, Ordering::Relaxed);
                false
            }
            None => true,
        }
    }

    /// Names on standard error what was left out for want of a date.
    pub(super) fn tell(&self) {
        let undated = self.undated.load(Ordering::Relaxed);
        if undated > 0 {
            let visits = counted(undated, "visit");
            complain(&format!("Left out, because no date was read: {visits}."));
        }
    }
}
