//! Payers: how each counts, which edits it follows, what it asks for.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::{Level, file};
use crate::billing::Counting;
use crate::reference::wording::Profession;

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
    /// The requirement that a word of `soapstone.toml` names.
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "referral" => Self::Referral,
            "clock-times" => Self::ClockTimes,
            "response" => Self::Response,
            _ => return None,
        })
    }
}

/// When a payer wants a progress report: whichever of the two comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgressReport {
    /// After so many treatment days.
    pub visits: u8,
    /// Within so many months, if time counts.
    pub months: Option<u8>,
}

/// A payer's profile. What the payer does is in the fields and never told by its name: a payer that is
/// `like` another takes over all of them but the names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// Its name.
    pub name: String,
    /// What it is, in words for a list to choose from.
    pub title: String,
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
    /// Whether it pays only under a plan of care that was certified, for 90 days at most.
    pub certified_plan: bool,
    /// When it wants a progress report, if it wants any.
    pub progress_report: Option<ProgressReport>,
    /// Who writes the notes that no credential tells it of.
    pub profession: Profession,
    /// Whose policy this is, as messages name it.
    pub policy_of: Option<String>,
    /// Whether it stands for any payer, as where a note names none. What other payers than Medicare may
    /// want is not said of it.
    pub any_payer: bool,
    /// The levels of rules that differ from the rules' own.
    pub levels: BTreeMap<String, Level>,
}

impl Payer {
    /// A payer about which nothing is known.
    pub fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            title: name.to_owned(),
            aliases: Vec::new(),
            counting: None,
            ncci: None,
            massage_and_manual: None,
            accepts: None,
            requires: Vec::new(),
            medicare: false,
            certified_plan: false,
            progress_report: None,
            profession: Profession::Massage,
            policy_of: None,
            any_payer: false,
            levels: BTreeMap::new(),
        }
    }

    /// A payer that does all that this one does, under a name of its own.
    pub(super) fn named(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            title: name.to_owned(),
            aliases: Vec::new(),
            ..self.clone()
        }
    }

    /// Who asks and pays, to begin a sentence with.
    pub fn called(&self) -> &str {
        self.policy_of.as_deref().unwrap_or("This payer")
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
    letters(one).eq(letters(other))
}

/// The letters and digits of a name, in small letters.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// The profiles that come with Soapstone.
pub(super) fn built_in() -> Arc<Vec<Payer>> {
    static BUILT_IN: LazyLock<Arc<Vec<Payer>>> = LazyLock::new(|| file::built_in().0);
    Arc::clone(&BUILT_IN)
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
