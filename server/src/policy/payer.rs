//! Payers: how each counts, which edits it follows, what it asks for.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Level, file};
use crate::billing::Counting;
use crate::reference::wording::Profession;

/// What a payer does with massage (97124) and manual therapy (97140) on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MassageAndManual {
    /// Pays both when a modifier says that they were distinct.
    Modifier,
    Never,
    /// Takes one of the two codes only, ever.
    One,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    Referral,
    /// The clock times of every block.
    ClockTimes,
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

/// How long after the visit a payer takes a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilingLimit {
    Days(u16),
    Months(u16),
}

impl FilingLimit {
    /// The last day on which the claim of a visit can be filed.
    pub fn last_day(self, visit: Date) -> Option<Date> {
        let after = match self {
            Self::Days(days) => i64::from(days).days(),
            Self::Months(months) => i64::from(months).months(),
        };
        visit.checked_add(after).ok()
    }

    /// The time in words: `90 days`, `12 months`.
    pub fn in_words(self) -> String {
        match self {
            Self::Days(1) => "1 day".to_owned(),
            Self::Days(days) => format!("{days} days"),
            Self::Months(1) => "1 month".to_owned(),
            Self::Months(months) => format!("{months} months"),
        }
    }
}

/// How a note names a payer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// Other words may stand beside the name.
    #[default]
    AmongWords,
    /// The name stands alone: a state's name among other words is no payer.
    Alone,
}

/// A payer's profile. What the payer does is in the fields and never decided by its name: a payer that is
/// `like` another takes over all of them but the names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of a payer's table"
)]
pub struct Payer {
    pub name: String,
    /// What it is, in words for a list to choose from.
    pub title: String,
    /// Other names that notes use.
    pub aliases: Vec<String>,
    /// Names that mean it only where no other word stands beside them.
    pub alone: Vec<String>,
    /// The payer that it is like, if its table says so.
    pub like: Option<String>,
    /// How it counts units; `None` if that is not known (CMS is assumed and said so).
    pub counting: Option<Counting>,
    /// Whether it follows the NCCI edits; `None` if that is not known.
    pub ncci: Option<bool>,
    /// Massage and manual therapy on one day; `None` if not known.
    pub massage_and_manual: Option<MassageAndManual>,
    /// The only codes that it takes, if it says so.
    pub accepts: Option<Vec<String>>,
    /// Codes that it never pays, if it names some.
    pub excludes: Vec<String>,
    pub requires: Vec<Requirement>,
    pub medicare: bool,
    /// Whether it is a plan that an insurer sells in Medicare's place.
    pub in_medicares_place: bool,
    /// Whether nobody but the patient pays, so that there is nobody to deny anything.
    pub patient_pays: bool,
    /// How loud it is that a therapy line does not name its plan of care; `None` if the payer does not ask
    /// for GP, GO or GN, as far as known.
    pub plan_modifier: Option<Level>,
    /// Whether it pays only under a plan of care that was certified, for 90 days at most.
    pub certified_plan: bool,
    /// When it wants a progress report, if it wants any.
    pub progress_report: Option<ProgressReport>,
    /// How long after the visit it takes a claim, if known.
    pub timely_filing: Option<FilingLimit>,
    /// Who writes the notes that no credential identifies.
    pub profession: Profession,
    /// Whose policy this is, as messages name it.
    pub policy_of: Option<String>,
    /// Whether it stands for any payer, as where a note names none. What other payers than Medicare may
    /// want is not said of it.
    pub stands_for_any: bool,
    /// How a note names it.
    pub naming: Naming,
    /// The levels of rules that differ from the rules' own.
    pub levels: BTreeMap<String, Level>,
    /// Where all this is from.
    pub source: String,
    /// As of when, if the source says so.
    pub date: Option<String>,
}

impl Payer {
    /// A payer about which nothing is known.
    pub fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            title: name.to_owned(),
            ..Self::default()
        }
    }

    /// A payer that does all that this one does, under a name of its own.
    pub(super) fn named(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            title: name.to_owned(),
            aliases: Vec::new(),
            alone: Vec::new(),
            like: Some(self.name.clone()),
            naming: Naming::default(),
            ..self.clone()
        }
    }

    /// The names that may stand among other words.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name).chain(&self.aliases)
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

    /// The level of a finding of a rule for this payer: what the rule says of this finding, or else by
    /// itself, unless the payer's table has another one. A table that makes a rule quieter makes all of its
    /// findings so.
    pub fn level(&self, rule: &str, default: Level, of_this_finding: Option<Level>) -> Level {
        match (self.levels.get(rule), of_this_finding) {
            (Some(Level::Off), _) => Level::Off,
            (Some(most), Some(level)) if *most < default => level.min(*most),
            (Some(_), Some(level)) => level,
            (Some(level), None) => *level,
            (None, level) if self.patient_pays => level.unwrap_or(default).min(Level::Information),
            (None, level) => level.unwrap_or(default),
        }
    }

    pub fn requires(&self, what: Requirement) -> bool {
        self.requires.contains(&what)
    }
}

/// Whether two names are the same but for case, spaces and marks: `Workers' Comp` is `workers-comp`.
pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

/// The letters and figures of a name in small letters.
pub(super) fn letters(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    // A capital is one small letter, but for a few that no name has.
    letters.filter_map(|c| c.to_lowercase().next())
}

/// The profiles that come with Soapstone.
pub(super) fn built_in() -> Arc<Vec<Payer>> {
    static BUILT_IN: LazyLock<Arc<Vec<Payer>>> = LazyLock::new(|| file::built_in().0);
    Arc::clone(&BUILT_IN)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_of_profiles_is_understood() {
        let (payers, problems) = file::built_in();
        assert_eq!(problems, []);
        // The first one stands in where a name is not known.
        assert_eq!(payers[0].name, "default");
        for payer in &*payers {
            assert_ne!(payer.title, payer.name, "a title in words");
        }
    }

    #[test]
    fn a_payer_like_another_does_all_that_the_other_does() {
        for model in &*built_in() {
            for name in ["chiron-advantage", "Medicare of Ohio", "my-lni"] {
                let text = format!("[payers.\"{name}\"]\nlike = \"{}\"\n", model.name);
                let (policy, problems) = file::read(&text, &[]);
                assert_eq!(problems, []);
                let mut payer = policy.find(name).expect("the payer").clone();
                assert_eq!((&*payer.name, &*payer.title), (name, name));
                payer.name.clone_from(&model.name);
                payer.title.clone_from(&model.title);
                payer.aliases.clone_from(&model.aliases);
                assert_eq!(payer.like.as_ref(), Some(&model.name));
                payer.like.clone_from(&model.like);
                payer.alone.clone_from(&model.alone);
                payer.naming = model.naming;
                assert_eq!(payer, *model);
            }
        }
    }

    #[test]
    fn no_two_profiles_answer_to_one_name() {
        let mut names: Vec<(String, String)> = Vec::new();
        for payer in &*built_in() {
            let own = std::iter::once(&payer.name).chain(&payer.aliases);
            let own = own.chain(&payer.alone);
            let own: BTreeSet<String> = own.map(|name| letters(name).collect()).collect();
            for name in own {
                let other = names.iter().find(|(known, _)| *known == name);
                assert_eq!(other, None, "{}", payer.name);
                names.push((name, payer.name.clone()));
            }
        }
    }
}
