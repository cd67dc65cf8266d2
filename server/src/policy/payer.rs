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
pub struct Payer {
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
    pub requires: Vec<Requirement>,
    pub medicare: bool,
    /// Whether it pays only under a plan of care that was certified, for 90 days at most.
    pub certified_plan: bool,
    /// When it wants a progress report, if it wants any.
    pub progress_report: Option<ProgressReport>,
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
            naming: Naming::default(),
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

    pub fn requires(&self, what: Requirement) -> bool {
        self.requires.contains(&what)
    }
}

/// Whether two names are the same but for case, spaces and marks: `Workers' Comp` is `workers-comp`.
pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase)
}

/// The profiles that come with Soapstone.
pub(super) fn built_in() -> Arc<Vec<Payer>> {
    static BUILT_IN: LazyLock<Arc<Vec<Payer>>> = LazyLock::new(|| file::built_in().0);
    Arc::clone(&BUILT_IN)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use toml_edit::Document;

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
                payer.naming = model.naming;
                assert_eq!(payer, *model);
            }
        }
    }

    /// The rows of a table of docs/payers.md, by the words that its first line begins with, each with the
    /// profiles that its first cell names.
    fn rows(heading: &str) -> Vec<(Vec<&'static str>, Vec<&'static str>)> {
        let page = include_str!("../../../docs/payers.md");
        let mut parts = page.split("\n\n");
        let table = parts.find(|part| part.starts_with(heading));
        let rows = table.expect("the table").lines().skip(2);
        rows.map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            (quoted(cells[0]), cells)
        })
        .collect()
    }

    fn quoted(words: &str) -> Vec<&str> {
        words.split('`').skip(1).step_by(2).collect()
    }

    fn of_name(name: &str) -> Payer {
        let all = built_in();
        let mut payers = all.iter().filter(|payer| payer.name == name);
        payers.next().expect(name).clone()
    }

    #[test]
    fn the_page_says_how_each_profile_counts() {
        let mut seen = BTreeSet::new();
        for (names, cells) in rows("| profile | counts units") {
            for name in names.into_iter().filter(|name| seen.insert(*name)) {
                let payer = of_name(name);
                let counting = match payer.counting {
                    Some(Counting::Cms) => "CMS 8-minute rule",
                    Some(Counting::Ama) => "midpoint rule",
                    None => "not known",
                };
                let ncci = match payer.ncci {
                    Some(true) => "yes",
                    Some(false) => "own edits",
                    None => "not known",
                };
                let both = match (payer.massage_and_manual(), payer.ncci) {
                    (Some(MassageAndManual::Never), _) => "never: indicator 0",
                    (None, Some(false)) => "information",
                    (None, None) if payer.stands_for_any => "error without a modifier",
                    (None, None) => "as `default`",
                    other => unreachable!("no profile of ours says {other:?}"),
                };
                for (cell, right) in cells[1..].iter().zip([counting, ncci, both]) {
                    assert!(cell.starts_with(right), "{name}: {cell}, not {right}");
                }
            }
        }
        let all = built_in();
        assert_eq!(seen, all.iter().map(|payer| &*payer.name).collect());
    }

    #[test]
    fn the_page_says_what_each_profile_asks_for_and_by_what_source() {
        let table = Document::parse(include_str!("../../data/payers.toml")).expect("TOML");
        let text = |name: &str, key: &str| table["payers"][name].get(key)?.as_str();
        let mut seen = BTreeSet::new();
        for (names, cells) in rows("| profile | asks for") {
            let mut levels = BTreeMap::new();
            for part in cells[2].split("; ") {
                let (rules, level) = part.split_once(": ").expect("a level");
                let level = Level::of_word(level).expect("a level");
                levels.extend(
                    quoted(rules)
                        .into_iter()
                        .map(|rule| (rule.to_owned(), level)),
                );
            }
            for name in &names {
                let payer = of_name(name);
                assert_eq!(payer.levels, levels, "{name}");
                let source = text(name, "source").expect("a source");
                let date = text(name, "date").unwrap_or_default();
                assert!(
                    cells[3].contains(source) && cells[3].contains(date),
                    "{name}"
                );
                let report = match payer.progress_report.map(|r| (r.visits, r.months)) {
                    Some((visits, None)) => {
                        format!("a progress report every {visits} treatment days")
                    }
                    Some((visits, Some(1))) => {
                        format!("a progress report after {visits} visits or a month")
                    }
                    _ => String::new(),
                };
                assert!(cells[1].contains(&report), "{name}: {report}");
                assert_eq!(
                    cells[1].contains("certification"),
                    payer.certified_plan,
                    "{name}"
                );
                seen.insert(*name);
            }
        }
        // Of the others nothing is asked, and what is known of them has a source as well.
        for payer in &*built_in() {
            let asks = !payer.levels.is_empty() || !payer.requires.is_empty();
            assert_eq!(seen.contains(&*payer.name), asks, "{}", payer.name);
            assert!(text(&payer.name, "source").is_some(), "{}", payer.name);
        }
    }

    #[test]
    fn no_two_profiles_answer_to_one_name() {
        let mut names: Vec<(String, String)> = Vec::new();
        for payer in &*built_in() {
            let own = std::iter::once(&payer.name).chain(&payer.aliases);
            let own: BTreeSet<String> = own.map(|name| letters(name).collect()).collect();
            for name in own {
                let other = names.iter().find(|(known, _)| *known == name);
                assert_eq!(other, None, "{}", payer.name);
                names.push((name, payer.name.clone()));
            }
        }
    }
}
