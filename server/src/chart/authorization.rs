//! Authorizations: how many visits or units a payer agreed to, from when to when.

use jiff::civil::Date;

use super::referral::{VISITS, is_how_often, number};
use super::{Field, FieldKind, Referral, Visit};
use crate::pattern::{pattern, words};
use crate::reference::procedures;

/// What an `authorization` field says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// Its days, which are written like those of a referral.
    pub days: Referral,
    /// How many visits it allows at most, if it gives one such figure.
    pub visits: Option<u32>,
    /// How many units it allows at most, if it gives one such figure.
    pub units: Option<u32>,
    /// The codes that it names: only those count toward it. None where it is for all treatment.
    pub codes: Vec<String>,
    /// It is none yet, none is needed, or its line keeps the account itself.
    pub is_open: bool,
}

pattern!(
    UNITS,
    r"(?i)(?:[/(]|\bor\b|\band\b)?\s*\b(?:\d{1,3}\s*(?:-|–|to)\s*)?(?P<n>\d{1,4})\s*(?:total\s+|timed\s+|more\s+)?(?:15[- ]min(?:ute)?\s+)?units?\b"
);
// `4 units per visit` says how much at a time, not how much.
words!(
    AT_A_TIME,
    r"(?i)^\s*(?:/|per\b|a\s+(?:day|visit|session|date|week|month|year)|each|every|daily|weekly)"
);
pattern!(
    /// A number alone, below a key that says what is counted.
    ONLY_NUMBER, r"^\s*(?P<n>\d{1,3})\s*(?:[,;(]|$)");
words!(
    OPEN,
    r"(?i)\b(?:not\s+(?:yet|required|needed|necessary)|no\s+(?:auth\w*|limit)|none|n/a|unlimited|waived|pending|requested|submitted|denied|used|left|remain\w*|to go|so far)\b"
);
pattern!(CODE, r"\b\d{5}\b");

impl Authorization {
    /// Reads the value of a field with this key; `offset` is where the value stands.
    pub fn read(key: &str, text: &str, offset: usize) -> Self {
        let units: Vec<u32> = UNITS
            .captures_iter(text)
            .filter(|found| {
                let end = found.get(0).map_or(0, |m| m.end());
                !AT_A_TIME.is_match(&text[end..])
            })
            .filter_map(|found| number(found.name("n")?.as_str()))
            .collect();
        // Without the units, `12 visits/24 units` has no slash that would say how often.
        let without_units = UNITS.replace_all(text, |found: &regex::Captures<'_>| {
            " ".repeat(found[0].len())
        });
        let only = ONLY_NUMBER
            .captures(text)
            .filter(|_| key.to_ascii_lowercase().contains("visits"));
        let visits: Vec<u32> = VISITS
            .captures_iter(&without_units)
            .filter(|found| {
                let rest = &without_units[found.get(0).map_or(0, |m| m.end())..];
                !is_how_often(rest) && !AT_A_TIME.is_match(rest)
            })
            .chain(only)
            .filter_map(|found| number(found.name("n")?.as_str()))
            .collect();
        let codes = CODE.find_iter(text).map(|code| code.as_str());
        let codes = codes.filter(|code| procedures::find(code).is_some());
        Self {
            days: Referral::read(text, offset),
            visits: the_only(&visits),
            units: the_only(&units),
            codes: codes.map(str::to_owned).collect(),
            is_open: OPEN.is_match(text) || visits.len() > 1 || units.len() > 1,
        }
    }

    /// Whether it says how much it allows, and that is all that counts.
    pub fn is_limited(&self) -> bool {
        !self.is_open
            && !self.days.has_placeholder
            && (self.visits.is_some() || self.units.is_some())
    }

    /// Whether a day lies inside. `None` if the field does not say.
    pub fn covers(&self, day: Date) -> Option<bool> {
        self.days.covers(day)
    }

    /// Whether a code counts toward it.
    pub fn takes(&self, code: &str) -> bool {
        self.codes.is_empty() || self.codes.iter().any(|own| own == code)
    }
}

/// Of two figures it is not certain which one counts.
fn the_only(figures: &[u32]) -> Option<u32> {
    match figures {
        [only] => Some(*only),
        _ => None,
    }
}

/// The fields of a visit, or of what stands before the first one, that are an authorization; with what they
/// say. In a section, one has a figure or both of its days: `Auth: called the plan 11/3` has neither.
pub fn authorizations<'a>(
    text: &'a str,
    visit: &'a Visit,
) -> impl Iterator<Item = (&'a Field, Authorization)> {
    let fields = visit.fields_of(FieldKind::Authorization);
    let read = fields.filter_map(move |field| {
        let (key, value) = (field.key, field.value?);
        let read = Authorization::read(&text[key.range()], &text[value.range()], value.start);
        Some((field, read))
    });
    read.filter(|(field, read)| {
        let is_ranged = read.days.from.is_some() && read.days.to.is_some();
        field.section.is_none() || read.is_limited() || is_ranged
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<u32>, Option<u32>) {
        let read = Authorization::read("authorization:", text, 0);
        (read.visits, read.units)
    }

    #[test]
    fn visits_and_units() {
        for (text, figures) in [
            (
                "A1234, 12 visits or 24 units, 2026-10-01 to 2026-12-31",
                (Some(12), Some(24)),
            ),
            ("#A-1234: 12 visits/24 units", (Some(12), Some(24))),
            ("24 units, exp. 12/31/26", (None, Some(24))),
            (
                "12 visits (48 units) through 12/31/2026",
                (Some(12), Some(48)),
            ),
            ("12 visits, up to 4 units per visit", (Some(12), None)),
            ("12 visits, 4 units/visit", (Some(12), None)),
            ("6-8 visits", (Some(8), None)),
            ("six visits", (Some(6), None)),
            ("20 visits a year", (None, None)),
            ("2x/wk x 6 wks", (None, None)),
            ("A1234", (None, None)),
            ("12345678", (None, None)),
        ] {
            assert_eq!(read(text), figures, "{text}");
        }
        let bare = Authorization::read("authorized visits:", "12, A1234", 0);
        assert_eq!(bare.visits, Some(12));
    }

    #[test]
    fn the_days_are_a_referrals() {
        let read = Authorization::read("auth:", "A1234, 12 visits, 10/1/26 - 12/31/26", 7);
        let days = [read.days.from, read.days.to];
        let days = days.map(|d| d.and_then(|d| d.day).map(|d| d.to_string()));
        let expected = ["2026-10-01", "2026-12-31"].map(|d| Some(d.to_owned()));
        assert_eq!(days, expected);
    }

    #[test]
    fn what_is_not_certain_is_open() {
        for text in [
            "not required",
            "requested 12 visits",
            "12 visits, 4 left",
            "12 visits, then 6 visits",
            "12 visits, then 6 visits, 24 units",
            "12 units of 97110, 12 units of 97140",
        ] {
            let read = Authorization::read("auth:", text, 0);
            assert!(!read.is_limited(), "{text}: {read:?}");
        }
    }

    #[test]
    fn only_the_codes_that_it_names() {
        let read = Authorization::read("auth:", "A1, 24 units of 97124", 0);
        assert_eq!(
            (read.units, read.takes("97124"), read.takes("97140")),
            (Some(24), true, false)
        );
        assert!(Authorization::read("auth:", "24 units", 0).takes("97140"));
    }
}
