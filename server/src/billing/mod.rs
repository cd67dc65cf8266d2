//! Minutes to units to claim lines: arithmetic alone, no text.
//!
//! Sources: CMS Pub. 100-04 ch. 5 §20.2 (the 8-minute rule); the midpoint rule of the CPT
//! introduction for payers that count each code by itself.

pub mod claim;
pub mod fees;
pub mod units;

pub use claim::{Claim, ClaimLine, Discipline};
pub use units::{Allocations, CodeMinutes, Counting, units_of};
