//! How long something took.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Serialize, Serializer};

/// A length of time in tenths of a minute: `7.5 min` and `15.5 min` are 23 minutes together, so that
/// the fraction is kept until all is added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length {
    tenths: u32,
}

impl Length {
    /// So many tenths of a minute.
    pub const fn of_tenths(tenths: u32) -> Self {
        Self { tenths }
    }

    /// The full minutes; the fraction is dropped.
    pub const fn minutes(self) -> u32 {
        self.tenths / 10
    }

    /// The minutes with their fraction.
    pub fn as_minutes(self) -> f64 {
        f64::from(self.tenths) / 10.0
    }

    /// How often so many minutes go into it, and what is left over.
    pub const fn divided(self, minutes: u32) -> (u32, Self) {
        let each = minutes * 10;
        (self.tenths / each, Self::of_tenths(self.tenths % each))
    }
}

impl From<u32> for Length {
    /// So many minutes.
    fn from(minutes: u32) -> Self {
        Self::of_tenths(minutes.saturating_mul(10))
    }
}

impl PartialEq<u32> for Length {
    fn eq(&self, minutes: &u32) -> bool {
        *self == Self::from(*minutes)
    }
}

impl PartialOrd<u32> for Length {
    fn partial_cmp(&self, minutes: &u32) -> Option<Ordering> {
        self.partial_cmp(&Self::from(*minutes))
    }
}

impl Add for Length {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::of_tenths(self.tenths.saturating_add(other.tenths))
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Length {
    /// The minutes, with a fraction only where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tenths % 10 {
            0 => f.pad(&self.minutes().to_string()),
            tenths => f.pad(&format!("{}.{tenths}", self.minutes())),
        }
    }
}

impl Serialize for Length {
    /// The minutes: a whole number unless there is a fraction.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.tenths % 10 {
            0 => serializer.serialize_u32(self.minutes()),
            _ => serializer.serialize_f64(f64::from(self.tenths) / 10.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_is_kept_until_all_is_added_up() {
        let lengths = [75, 155].map(Length::of_tenths);
        assert_eq!(lengths.into_iter().sum::<Length>(), 23);
        assert_eq!(lengths.map(Length::minutes), [7, 15]);
        assert_eq!(lengths[1].divided(15), (1, Length::of_tenths(5)));
        assert_eq!(lengths.map(|l| l.to_string()), ["7.5", "15.5"]);
        assert!(lengths[0] < 8 && lengths[1] > 15);
        assert_eq!(
            format!("{:>4}|{:>4}", lengths[0], Length::from(8)),
            " 7.5|   8"
        );
        assert_eq!(Length::from(8).to_string(), "8");
        assert_eq!(
            serde_json::json!([Length::from(8), lengths[0]]).to_string(),
            "[8,7.5]"
        );
    }
}
