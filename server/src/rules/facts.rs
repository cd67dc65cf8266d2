//! What the rules about several visits have to know of one visit's words. It is found out once for a
//! text, so that a keystroke in one visit does not read all the others again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::civil::Date;

use super::ScopedWaiver;
use super::gist::Gist;
use super::signs::{Signs, new_lines};
use crate::chart::Referral;
use crate::chart::measures::{Measures, Pain};
use crate::reference::icd10::Release;
use crate::reference::regions::RegionMention;
use crate::text::{Difference, Span};

/// How the diagnoses of a visit stand by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// There are none.
    None,
    /// Each is weak.
    Weak,
    /// One is not.
    Strong,
}

/// A fact that hangs on the release of ICD-10-CM: it is remembered for the first one that is asked for.
#[derive(Debug)]
pub(super) struct OfRelease<T>(OnceLock<(usize, T)>);

impl<T> Default for OfRelease<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T: Copy> OfRelease<T> {
    /// The fact; releases are never unloaded, so that the address tells them apart.
    pub(super) fn get(&self, release: &Release, find_out: impl Fn() -> T) -> T {
        let address = std::ptr::from_ref(release).addr();
        let (of, fact) = self.0.get_or_init(|| (address, find_out()));
        if *of == address { *fact } else { find_out() }
    }
}

/// How many visits in a row have to show no progress.
pub(super) const ROW: usize = 4;

/// The facts of one visit, or of what stands before the first one. Spans are relative to it. Each rule
/// fills in and reads its own.
#[derive(Debug)]
pub struct Facts {
    /// No two texts have the same.
    pub(super) id: u64,
    /// What is asked of it first.
    pub(super) gist: OnceLock<Gist>,
    /// The signs in its text.
    signs: OnceLock<Signs>,
    /// It says that the plan of care was certified again.
    pub(super) certifies_again: OnceLock<bool>,
    /// It is, or holds, a progress report.
    pub(super) is_report: OnceLock<bool>,
    /// It says what became of the goals.
    pub(super) speaks_of_goals: OnceLock<bool>,
    /// It names a referral, or has a field for one or for a plan of care.
    pub(super) names_referral: OnceLock<bool>,
    /// What its own fields say of referrals.
    pub(super) referrals: OnceLock<Vec<Referral>>,
    /// What its own fields say of plans of care.
    pub(super) plans: OnceLock<Vec<Referral>>,
    /// The pain in its sections.
    pub(super) pain: OnceLock<Option<Pain>>,
    /// The measures in its sections.
    pub(super) measures: OnceLock<Arc<Measures>>,
    /// For each of its goals the day by which it was to be reached, and where that stands.
    pub(super) dues: OnceLock<Vec<Option<(Date, Span)>>>,
    /// What stands for the first words of its subjective section.
    pub(super) opening: OnceLock<u64>,
    /// The visit's own number in its heading, out of how many, and where it says so.
    pub(super) own_number: OnceLock<Option<(u32, u32, Span)>>,
    /// The regions named in its prose and beside its diagnoses, with the words.
    pub(super) regions: OnceLock<Vec<(String, RegionMention)>>,
    /// Its waivers.
    pub(super) waivers: OnceLock<Vec<ScopedWaiver>>,
    /// Whether a diagnosis of its own leaves its side open, by a release.
    pub(super) leaves_side_open: OfRelease<bool>,
    /// What is weak about its own diagnoses, by a release.
    pub(super) weakness: OfRelease<Strength>,
    /// The last row of visits that was looked at for progress, and whether it shows none.
    stuck: Mutex<Option<([u64; ROW], bool)>>,
}

impl Default for Facts {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            gist: OnceLock::new(),
            signs: OnceLock::new(),
            certifies_again: OnceLock::new(),
            is_report: OnceLock::new(),
            speaks_of_goals: OnceLock::new(),
            names_referral: OnceLock::new(),
            referrals: OnceLock::new(),
            plans: OnceLock::new(),
            pain: OnceLock::new(),
            measures: OnceLock::new(),
            dues: OnceLock::new(),
            opening: OnceLock::new(),
            own_number: OnceLock::new(),
            regions: OnceLock::new(),
            waivers: OnceLock::new(),
            leaves_side_open: OfRelease::default(),
            weakness: OfRelease::default(),
            stuck: Mutex::default(),
        }
    }
}

impl Facts {
    /// What can be known of a text at once that was made by a change of the one that these are the
    /// facts of.
    #[must_use]
    pub fn after(&self, old: &str, new: &str, change: &Difference) -> Self {
        let facts = Self::default();
        let lines = new_lines(new, change);
        if let Some(signs) = self.signs.get() {
            let _ = facts.signs.set(signs.after(old, new, &lines));
        }
        facts
    }

    /// The signs in the text that these are the facts of.
    pub(super) fn signs(&self, text: &str) -> Signs {
        *self.signs.get_or_init(|| Signs::of(text))
    }

    /// Whether a row of visits, by the ids of their facts, that ends with this one shows no progress:
    /// found out once for the row.
    pub(super) fn is_stuck(&self, row: [u64; ROW], find_out: impl FnOnce() -> bool) -> bool {
        let mut known = self.stuck.lock().unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Some((ids, stuck)) if *ids == row => *stuck,
            _ => {
                let stuck = find_out();
                *known = Some((row, stuck));
                stuck
            }
        }
    }
}
