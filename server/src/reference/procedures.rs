//! The procedure codes that therapists, massage therapists and chiropractors bill.
//!
//! Source: CPT code structure and the CMS fee schedule file of July 2024, see `data/procedures.tsv`.
//! Every description is in our own words; none is the American Medical Association's.

use std::sync::LazyLock;

use super::table;

/// How the time of a procedure becomes units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Timing {
    /// A unit is 15 minutes, and the minutes are pooled with those of other such codes (CMS 8-minute rule).
    Quarter,
    /// One unit for a first period of so many minutes.
    First(Period),
    /// A unit for each period of so many minutes, never pooled with other codes.
    Each(Period),
    /// One unit, whatever the minutes.
    Untimed,
    /// A unit for each limb, section or area that was done, whatever the minutes.
    Counted,
    Undefined,
}

/// A stretch of time that makes a unit by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Period {
    /// Its length in minutes.
    pub minutes: u16,
    /// Its minutes have to be given in full; of others more than half is enough.
    pub is_full: bool,
}

impl Period {
    /// The fewest minutes that make a unit: all of them, or one more than half (16 of 30, 31 of 60; 8 of 15).
    pub const fn least(self) -> u16 {
        if self.is_full {
            self.minutes
        } else {
            self.minutes / 2 + 1
        }
    }
}

impl Timing {
    /// Whether minutes make the units.
    pub fn is_timed(self) -> bool {
        matches!(self, Self::Quarter | Self::First(_) | Self::Each(_))
    }

    /// The period of a code that is not pooled.
    pub fn period(self) -> Option<Period> {
        match self {
            Self::First(period) | Self::Each(period) => Some(period),
            Self::Quarter | Self::Untimed | Self::Counted | Self::Undefined => None,
        }
    }
}

/// How often a code may be billed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Once {
    /// By the day, as its units and limits allow.
    Day,
    /// Once in a month of the calendar.
    Month,
    /// Once in 30 days.
    ThirtyDays,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attendance {
    /// With this patient alone, throughout.
    OneOnOne,
    /// The clinician need not stay at the patient's side.
    Supervised,
    /// Throughout, with several patients at once.
    Group,
    None,
}

/// Whether Medicare counts the code as therapy (and so wants GP, GO or GN).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Therapy {
    /// Whoever gives it.
    Always,
    /// When given under a therapy plan of care.
    Sometimes,
    /// Perhaps as `Sometimes`: that Medicare's list has it is not confirmed.
    Perhaps,
    /// Not, or not known to be.
    No,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Procedure {
    pub code: &'static str,
    pub label: &'static str,
    pub timing: Timing,
    /// The codes of which one has to stand on the same claim: this one adds to them.
    pub adds_to: Vec<&'static str>,
    pub once_a: Once,
    pub attendance: Attendance,
    /// The hands of the clinician do it: a technique and a region are expected on the line.
    pub hands_on: bool,
    /// An evaluation, re-evaluation or office visit.
    pub evaluation: bool,
    pub adjustment: bool,
    /// Medicare's status: A active, B bundled, C priced by the carrier, I not valid for Medicare,
    /// N not covered, R restricted; `-` where none is recorded.
    pub medicare_status: char,
    pub therapy: Therapy,
    /// What belongs under it, one sentence.
    pub belongs: &'static str,
    /// What payers say of it, one short sentence or nothing.
    pub payer_note: &'static str,
}

static ALL: LazyLock<Vec<Procedure>> = LazyLock::new(|| {
    let columns = "code label timing adds_to once_a attendance hands_on evaluation adjustment status therapy belongs payer_note";
    table::read(include_str!("../../data/procedures.tsv"), columns, row)
});

fn row(
    [
        code,
        label,
        timing,
        adds_to,
        once_a,
        attendance,
        hands_on,
        evaluation,
        adjustment,
        status,
        therapy,
        belongs,
        payer_note,
    ]: [&'static str; 13],
) -> Option<Procedure> {
    if !table::is_code(code) || label.is_empty() || !belongs.ends_with('.') {
        return None;
    }
    Some(Procedure {
        code,
        label,
        timing: timing_of(timing)?,
        adds_to: table::codes(adds_to)?,
        once_a: match once_a {
            "day" => Once::Day,
            "month" => Once::Month,
            "30 days" => Once::ThirtyDays,
            _ => return None,
        },
        attendance: match attendance {
            "one-on-one" => Attendance::OneOnOne,
            "supervised" => Attendance::Supervised,
            "group" => Attendance::Group,
            "none" => Attendance::None,
            _ => return None,
        },
        hands_on: table::flag(hands_on)?,
        evaluation: table::flag(evaluation)?,
        adjustment: table::flag(adjustment)?,
        medicare_status: status.parse().ok()?,
        therapy: match therapy {
            "always" => Therapy::Always,
            "sometimes" => Therapy::Sometimes,
            "perhaps" => Therapy::Perhaps,
            "no" => Therapy::No,
            _ => return None,
        },
        belongs,
        payer_note,
    })
}

fn timing_of(cell: &str) -> Option<Timing> {
    let (kind, number) = cell.split_once(':').unwrap_or((cell, ""));
    let minutes = number.parse().ok().filter(|minutes: &u16| *minutes > 0);
    Some(match (kind, minutes) {
        ("first" | "full-first", Some(minutes)) => Timing::First(Period {
            minutes,
            is_full: kind.starts_with("full"),
        }),
        ("each" | "full-each", Some(minutes)) => Timing::Each(Period {
            minutes,
            is_full: kind.starts_with("full"),
        }),
        _ => match cell {
            "quarter" => Timing::Quarter,
            "untimed" => Timing::Untimed,
            "counted" => Timing::Counted,
            "undefined" => Timing::Undefined,
            _ => return None,
        },
    })
}

/// The procedure of a code; its letter may be small.
pub fn find(code: &str) -> Option<&'static Procedure> {
    let capitals = || code.bytes().map(|byte| byte.to_ascii_uppercase());
    let at = ALL.binary_search_by(|procedure| procedure.code.bytes().cmp(capitals()));
    at.ok().map(|at| &ALL[at])
}

/// All procedures, by code.
pub fn all() -> &'static [Procedure] {
    &ALL
}

/// The procedure a mistyped code most likely meant: two neighbouring characters swapped, else one
/// digit off by one, else one other wrong character; `None` where two fit alike.
pub fn nearest(code: &str) -> Option<&'static Procedure> {
    let slips = all().iter().filter_map(|procedure| {
        Some((slip(procedure.code.as_bytes(), code.as_bytes())?, procedure))
    });
    let slips: Vec<_> = slips.collect();
    let least = slips.iter().map(|(distance, _)| *distance).min()?;
    let mut best = slips.iter().filter(|(distance, _)| *distance == least);
    let (_, procedure) = best.next()?;
    best.next().is_none().then_some(*procedure)
}

/// How far a typing slip is from a code: `None` if it is more than one slip, or none.
fn slip(code: &[u8], typed: &[u8]) -> Option<u8> {
    if code.len() != typed.len() {
        return None;
    }
    let typed = |at: usize| typed[at].to_ascii_uppercase();
    let mut wrong = (0..code.len()).filter(|&at| code[at] != typed(at));
    match (wrong.next(), wrong.next(), wrong.next()) {
        (Some(at), None, None) => Some(2 - u8::from(keys_touch(code[at], typed(at)))),
        (Some(a), Some(b), None) if b == a + 1 && code[a] == typed(b) && code[b] == typed(a) => {
            Some(0)
        }
        _ => None,
    }
}

/// Whether one digit is off by one from the other, as neighbours on the keyboard are.
fn keys_touch(a: u8, b: u8) -> bool {
    a.is_ascii_digit() && b.is_ascii_digit() && matches!(a.abs_diff(b), 1 | 9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_loads_once() {
        assert!(all().is_sorted_by(|a, b| a.code < b.code));
        assert!(all().len() > 90);
        let codes: HashSet<_> = all().iter().map(|procedure| procedure.code).collect();
        assert_eq!(codes.len(), all().len());
        let labels: HashSet<_> = all()
            .iter()
            .map(|procedure| procedure.label.to_lowercase())
            .collect();
        assert_eq!(labels.len(), all().len());
    }

    #[test]
    fn the_pool_is_exactly_the_timed_set() {
        let pool: Vec<_> = all()
            .iter()
            .filter(|procedure| procedure.timing == Timing::Quarter)
            .map(|procedure| procedure.code)
            .collect();
        assert_eq!(
            pool.join(" "),
            "97032 97033 97034 97035 97036 97110 97112 97113 97116 97124 97140 97530 97533 97535 \
             97537 97542 97750 97755 97760 97761 97763"
        );
        for procedure in all() {
            if procedure.timing == Timing::Quarter {
                assert_eq!(
                    procedure.attendance,
                    Attendance::OneOnOne,
                    "{}",
                    procedure.code
                );
                assert_eq!(procedure.therapy, Therapy::Always, "{}", procedure.code);
            }
        }
    }

    #[test]
    fn codes_are_found_in_any_case() {
        assert_eq!(find("97124").map(|p| p.label), Some("massage"));
        assert_eq!(find("g0283").map(|p| p.code), Some("G0283"));
        for code in ["", "9712", "97122", "971244", "９7124", "é", "97\0"] {
            assert_eq!(find(code), None, "{code}");
        }
    }

    #[test]
    fn hands_evaluations_and_adjustments() {
        let codes = |test: fn(&Procedure) -> bool| -> Vec<_> {
            all().iter().filter(|p| test(p)).map(|p| p.code).collect()
        };
        assert_eq!(codes(|p| p.hands_on), ["97124", "97140"]);
        assert_eq!(
            codes(|p| p.adjustment),
            ["98940", "98941", "98942", "98943"]
        );
        assert_eq!(codes(|p| p.evaluation).len(), 12 + 9 + 5);
        assert_eq!(find("97010").map(|p| p.medicare_status), Some('B'));
        assert_eq!(
            codes(|p| p.timing == Timing::Undefined && p.medicare_status == 'C'),
            ["97039", "97139", "97799"]
        );
        let least = |code| {
            find(code)
                .and_then(|p| p.timing.period())
                .map(Period::least)
        };
        for (code, minutes) in [
            ("97545", 61),
            ("97546", 31),
            ("97550", 16),
            ("97551", 8),
            ("97129", 8),
            ("98979", 10),
            ("98980", 20),
        ] {
            assert_eq!(least(code), Some(minutes), "{code}");
        }
        assert_eq!(
            find("97811").map(|p| p.adds_to.as_slice()),
            Some(&["97810", "97813"][..])
        );
        for procedure in all() {
            for first in &procedure.adds_to {
                assert!(find(first).is_some_and(|p| p.adds_to.is_empty()), "{first}");
            }
        }
    }

    #[test]
    fn a_slip_finds_its_code() {
        assert_eq!(nearest("97141").map(|p| p.code), Some("97140"));
        assert_eq!(nearest("79140").map(|p| p.code), Some("97140"));
        assert_eq!(nearest("97214").map(|p| p.code), Some("97124"));
        assert_eq!(nearest("G0382").map(|p| p.code), None);
        for code in ["", "97140x", "12345", "é7140", "97"] {
            assert_eq!(nearest(code), None, "{code}");
        }
        // The code itself is no slip of itself.
        assert_ne!(nearest("97140").map(|p| p.code), Some("97140"));
    }
}
