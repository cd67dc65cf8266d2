//! The tables of `docs/payers.md`, made from the profiles. `cargo xtask payers` writes them.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Level, MassageAndManual, Payer, Requirement, payer};
use crate::billing::Counting;

/// What a made table stands between.
const BEGIN: &str = "<!-- made by `cargo xtask payers`: ";
const END: &str = "<!-- end -->\n";

/// A table: the word for it in the page, its heading, and the cells of a profile's row behind its name.
type Table = (
    &'static str,
    &'static [&'static str],
    fn(&Payer) -> Vec<String>,
);

const TABLES: [Table; 3] = [
    (
        "names",
        &["profile", "what it is", "names in a note"],
        names,
    ),
    (
        "counting",
        &[
            "profile",
            "counts units",
            "follows NCCI",
            "97124 with 97140 on one day",
        ],
        counting,
    ),
    (
        "asks",
        &[
            "profile",
            "asks for",
            "levels that differ from elsewhere",
            "source",
        ],
        asks,
    ),
];

/// The page with its tables made anew; the words around them stay as they are.
pub fn payers_page(page: &str) -> String {
    let mut made = String::new();
    let mut rest = page;
    while let Some((before, behind)) = rest.split_once(BEGIN) {
        let (word, old) = behind.split_once(" -->\n").unwrap_or((behind, ""));
        let table = TABLES.iter().find(|(known, ..)| *known == word);
        let _ = write!(
            made,
            "{before}{BEGIN}{word} -->\n\n{}\n{END}",
            table.map_or_else(String::new, rows)
        );
        rest = old.split_once(END).map_or("", |(_, rest)| rest);
    }
    made + rest
}

fn rows((_, heading, cells): &Table) -> String {
    let mut table = format!(
        "| {} |\n|{}\n",
        heading.join(" | "),
        " --- |".repeat(heading.len())
    );
    for payer in &*payer::built_in() {
        let cells = cells(payer).join(" | ");
        let _ = writeln!(table, "| `{}` | {cells} |", payer.name);
    }
    table
}

fn names(payer: &Payer) -> Vec<String> {
    let aliases = payer.aliases.iter().cloned();
    let alone = payer.alone.iter().map(|name| format!("{name} (alone)"));
    let names: Vec<String> = aliases.chain(alone).collect();
    vec![payer.title.clone(), names.join(", ")]
}

fn counting(payer: &Payer) -> Vec<String> {
    if payer.patient_pays {
        return vec![
            "nobody does".to_owned(),
            "nobody does".to_owned(),
            "nothing to say".to_owned(),
        ];
    }
    let counts = match payer.counting {
        Some(Counting::Cms) => "CMS 8-minute rule",
        Some(Counting::Ama) => "midpoint rule",
        None => "not known",
    };
    let edits = match payer.ncci {
        Some(true) => "yes",
        Some(false) => "own edits",
        None => "not known",
    };
    let both = match (payer.massage_and_manual(), payer.ncci) {
        (Some(MassageAndManual::Never), _) => "never",
        (Some(MassageAndManual::One), _) => "one of the two",
        (Some(MassageAndManual::Modifier), _) => "with a modifier",
        (None, Some(false)) => "information",
        (None, _) => "error without a modifier, information with one",
    };
    [counts, edits, both].map(str::to_owned).to_vec()
}

fn asks(payer: &Payer) -> Vec<String> {
    let mut asked = Vec::new();
    for requirement in &payer.requires {
        asked.push(match requirement {
            Requirement::Referral => "a referral or prescription".to_owned(),
            Requirement::ClockTimes => "start and end of every timed code".to_owned(),
            Requirement::Response => "the response to treatment".to_owned(),
        });
    }
    if payer.plan_modifier.is_some() {
        asked.push("GP, GO or GN on each therapy line".to_owned());
    }
    if payer.certified_plan {
        asked.push("a certified plan of care".to_owned());
    }
    if let Some(report) = payer.progress_report {
        let visits = report.visits;
        asked.push(match report.months {
            None => format!("a progress report every {visits} treatment days"),
            Some(1) => format!("a progress report after {visits} visits or a month"),
            Some(months) => format!("a progress report after {visits} visits or {months} months"),
        });
    }
    if !payer.excludes.is_empty() {
        asked.push(format!("none of {}", payer.excludes.join(", ")));
    }
    if let Some(limit) = payer.timely_filing {
        asked.push(format!("claims within {}", limit.in_words()));
    }
    let mut by_level: BTreeMap<std::cmp::Reverse<Level>, Vec<String>> = BTreeMap::new();
    for (rule, level) in &payer.levels {
        let rules = by_level.entry(std::cmp::Reverse(*level)).or_default();
        rules.push(format!("`{rule}`"));
    }
    let mut levels: Vec<String> = by_level
        .iter()
        .map(|(level, rules)| format!("{}: {}", level.0.word(), rules.join(", ")))
        .collect();
    if payer.patient_pays {
        levels.push("every other rule: information at most".to_owned());
    }
    let date = payer.date.iter().map(|date| format!(" ({date})"));
    let source = payer.source.clone() + &date.collect::<String>();
    vec![asked.join("; "), levels.join("; "), source]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::payer_keys::KEYS;

    const PAGE: &str = include_str!("../../../docs/payers.md");

    #[test]
    fn the_page_is_current() {
        let page = PAGE.replace("\r\n", "\n");
        assert!(payers_page(&page) == page, "run `cargo xtask payers`");
        for (word, ..) in TABLES {
            assert!(page.contains(&format!("{BEGIN}{word} -->")), "{word}");
        }
    }

    #[test]
    fn the_page_says_what_every_key_is_for() {
        for key in &KEYS {
            let row = format!("`{}`", key.name);
            let in_example = format!("\n{} = ", key.name);
            assert!(
                PAGE.contains(&row) || PAGE.contains(&in_example),
                "{}",
                key.name
            );
        }
    }

    #[test]
    fn every_profile_has_a_source() {
        for payer in &*payer::built_in() {
            assert_ne!(payer.source, "", "{}", payer.name);
        }
    }
}
