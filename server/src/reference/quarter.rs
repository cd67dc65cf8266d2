//! For which days a table of CMS holds.

use jiff::ToSpan;
use jiff::civil::Date;

/// The quarter of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarter {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Quarter {
    /// What the `# As of:` line among a table's first lines says: one day, with which a quarter begins, or
    /// the first and the last one parted by `to`.
    pub fn of_table(text: &str) -> Option<Self> {
        let mut lines = text.lines().take_while(|line| line.starts_with('#'));
        let days = lines.find_map(|line| line.strip_prefix("# As of: "))?;
        let days = days.trim().trim_end_matches('.');
        match days.split_once(" to ") {
            Some((first, last)) => Some(Self {
                first: first.parse().ok()?,
                last: last.parse().ok()?,
            }),
            None => Self::beginning(days.parse().ok()?),
        }
    }

    /// The quarter that begins on a day.
    pub fn beginning(first: Date) -> Option<Self> {
        let next = first.checked_add(3.months()).ok()?;
        let last = next.checked_sub(1.day()).ok()?;
        Some(Self { first, last })
    }

    /// When it begins, as messages say it: `July 2026`.
    pub fn words(self) -> String {
        month_in_words(self.first)
    }
}

/// `July 2026`.
pub fn month_in_words(day: Date) -> String {
    let month = MONTHS.get(usize::from(day.month().unsigned_abs()) - 1);
    format!("{} {}", month.unwrap_or(&""), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_a_table_says_of_its_days() {
        let both = "# Edits.\n# As of: 2026-07-01 to 2026-09-30.\ncolumn1\n";
        let quarter = Quarter::of_table(both).expect("a quarter");
        assert_eq!(quarter.last, date(2026, 9, 30));
        assert_eq!(quarter.words(), "July 2026");
        let one = Quarter::of_table("# As of: 2026-10-01.\n").expect("a quarter");
        assert_eq!(
            (one.first, one.last),
            (date(2026, 10, 1), date(2026, 12, 31))
        );
        for none in ["", "code\n# As of: 2026-10-01.\n", "# As of: soon.\n"] {
            assert_eq!(Quarter::of_table(none), None);
        }
    }
}
