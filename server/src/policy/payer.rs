//! Payers: how each counts, which edits it follows, what it asks for.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::Level;
use crate::billing::Counting;

/// What a payer does with massage (97124) and manual therapy (97140) on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MassageAndManual {
    /// Pays both when a modifier says that they were distinct.
    Modifier,
    /// Never pays both.
    Never,
    /// Takes one of the two codes only, ever.
    One,
}

/// What a payer asks for beyond the common rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// A prescription or referral.
    Referral,
    /// The clock times of every block.
    ClockTimes,
    /// The patient's response.
    Response,
}

impl Requirement {
    /// Every requirement with its word in `soapstone.toml`.
    pub const ALL: [(&'static str, Self); 3] = [
        ("referral", Self::Referral),
        ("clock-times", Self::ClockTimes),
        ("response", Self::Response),
    ];
}

/// A payer's profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// Its name.
    pub name: String,
    /// Other names that notes use.
    pub aliases: Vec<String>,
    /// How it counts units; `None` if that is not known (CMS is assumed and said so).
    pub counting: Option<Counting>,
    /// Whether it follows the NCCI edits; `None` if that is not known.
    pub ncci: Option<bool>,
    /// Massage and manual therapy on one day; `None` if not known.
    pub massage_and_manual: Option<MassageAndManual>,
    /// The only codes that it takes, if it says so.
    pub accepts: Option<Vec<String>>,
    /// What it asks for.
    pub requires: Vec<Requirement>,
    /// Whether it is Medicare.
    pub medicare: bool,
    /// The levels of rules that differ from the rules' own.
    pub levels: BTreeMap<String, Level>,
}

impl Payer {
    /// A payer about which nothing is known.
    pub fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            aliases: Vec::new(),
            counting: None,
            ncci: None,
            massage_and_manual: None,
            accepts: None,
            requires: Vec::new(),
            medicare: false,
            levels: BTreeMap::new(),
        }
    }

    /// The counting to use: CMS where the payer's is not known.
    pub fn counting(&self) -> Counting {
        self.counting.unwrap_or(Counting::Cms)
    }

    /// What it does with massage and manual therapy on one day, as far as known. A payer that
    /// follows NCCI never pays both: the edit's indicator is 0.
    pub fn massage_and_manual(&self) -> Option<MassageAndManual> {
        self.massage_and_manual
            .or_else(|| (self.ncci == Some(true)).then_some(MassageAndManual::Never))
    }

    /// Whether the payer asks for this.
    pub fn requires(&self, what: Requirement) -> bool {
        self.requires.contains(&what)
    }
}

/// Whether two names are the same but for case, blanks and marks: `Workers' Comp` is `workers-comp`.
pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    // Most names differ in their first letter.
    if let (Some(a), Some(b)) = (one.bytes().next(), other.bytes().next())
        && a.is_ascii_alphanumeric()
        && b.is_ascii_alphanumeric()
        && !a.eq_ignore_ascii_case(&b)
    {
        return false;
    }
    if one.is_ascii() && other.is_ascii() {
        return small_letters(one).eq(small_letters(other));
    }
    let (mut one, mut other) = (letters(one), letters(other));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (one, other) if one == other => {}
            _ => return false,
        }
    }
}

/// The letters and digits of a name, in small letters.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// The same of a name of ASCII.
fn small_letters(name: &str) -> impl Iterator<Item = u8> {
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
    letters.map(|b| b.to_ascii_lowercase())
}

/// The profiles that come with Soapstone. Sources: domain sections 2 and 7; where payers differ
/// among themselves the profile leaves the point open.
pub(super) fn built_in() -> Arc<Vec<Payer>> {
    static BUILT_IN: LazyLock<Arc<Vec<Payer>>> = LazyLock::new(|| {
        let mut profiles = general();
        profiles.extend(of_policies());
        Arc::new(profiles)
    });
    Arc::clone(&BUILT_IN)
}

fn profile(name: &str, aliases: &[&str], levels: &[(&str, Level)]) -> Payer {
    Payer {
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        levels: levels.iter().map(|(r, l)| ((*r).to_owned(), *l)).collect(),
        ..Payer::unknown(name)
    }
}

/// The kinds of payers.
fn general() -> Vec<Payer> {
    use Level::{Hint, Off, Warning};
    vec![
        profile("default", &["unknown"], &[]),
        Payer {
            counting: Some(Counting::Cms),
            ncci: Some(true),
            medicare: true,
            ..profile(
                "medicare",
                &["medicare part b", "medicare b", "cms"],
                &[
                    ("missing-session-time", Warning),
                    ("therapy-modifier", Warning),
                    ("cmt-modifier", Warning),
                    ("cmt-regions", Warning),
                    ("missing-response", Hint),
                ],
            )
        },
        Payer {
            counting: Some(Counting::Cms),
            ncci: Some(true),
            medicare: true,
            ..profile(
                "medicare-chiro",
                &["medicare chiropractic"],
                &[
                    ("missing-session-time", Off),
                    ("cmt-modifier", Warning),
                    ("cmt-regions", Warning),
                ],
            )
        },
        profile("commercial", &["private"], &[]),
        Payer {
            ncci: Some(false),
            ..profile(
                "auto",
                &["pip", "no-fault", "mva", "auto insurance"],
                &[
                    ("missing-session-time", Warning),
                    ("missing-referral", Warning),
                ],
            )
        },
        Payer {
            ncci: Some(false),
            ..profile(
                "workers-comp",
                &["wc", "workers compensation", "workers' comp", "work comp"],
                &[
                    ("missing-session-time", Warning),
                    ("missing-referral", Warning),
                ],
            )
        },
    ]
}

/// Single payers and states whose written policy for massage and therapy is known.
fn of_policies() -> Vec<Payer> {
    use Level::{Error, Warning};
    vec![
        // LifeWise and Premera medical policy 8.03.502.
        Payer {
            requires: vec![Requirement::Referral],
            ..profile(
                "premera",
                &["premera blue cross", "lifewise"],
                &[("missing-referral", Warning)],
            )
        },
        // WAC 296-23-250.
        Payer {
            ncci: Some(false),
            requires: vec![Requirement::Referral],
            ..profile(
                "wa-lni",
                &[
                    "l&i",
                    "lni",
                    "wa l&i",
                    "washington l&i",
                    "labor and industries",
                    "labor & industries",
                ],
                &[
                    ("missing-referral", Warning),
                    ("missing-session-time", Warning),
                ],
            )
        },
        // WAC 246-830-565, what a massage record in Washington holds.
        profile("wa", &["washington"], &[("missing-session-time", Warning)]),
        // The 2020 massage guideline.
        profile(
            "evicore",
            &["evicore healthcare"],
            &[("missing-response", Warning), ("no-progress", Warning)],
        ),
        // Hawaii workers' compensation and no-fault.
        Payer {
            ncci: Some(false),
            requires: vec![Requirement::Referral],
            ..profile(
                "hi-wc",
                &["hawaii wc", "hawaii workers' comp", "hawaii no-fault"],
                &[
                    ("missing-referral", Warning),
                    ("missing-session-time", Warning),
                    ("diagnosis-region", Warning),
                ],
            )
        },
        // A Blue Cross plan that wants start, end and total of every timed code.
        Payer {
            requires: vec![Requirement::ClockTimes],
            ..profile(
                "start-stop",
                &["start and stop", "clock times"],
                &[("missing-clock-times", Error)],
            )
        },
        // COMAR 10.65.06.01.
        Payer {
            requires: vec![Requirement::Response],
            ..profile("md", &["maryland"], &[("missing-response", Warning)])
        },
        // 269 CMR 5.03.
        Payer {
            requires: vec![Requirement::Response],
            ..profile("ma", &["massachusetts"], &[("missing-response", Warning)])
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_profiles_answer_to_one_name() {
        let mut names: Vec<(String, String)> = Vec::new();
        for payer in &*built_in() {
            let own = std::iter::once(&payer.name).chain(&payer.aliases);
            let own: std::collections::BTreeSet<String> =
                own.map(|name| letters(name).collect()).collect();
            for name in own {
                let other = names.iter().find(|(known, _)| *known == name);
                assert_eq!(other, None, "{}", payer.name);
                names.push((name, payer.name.clone()));
            }
        }
    }
}
