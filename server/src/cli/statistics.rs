//! How often each rule found something, the loudest first, and for which payer.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;

use super::notes::Note;
use crate::editor::claim_preview::payer_words;
use crate::policy::Level;
use crate::rules::Finding;

/// The levels that are counted, and what they are called in a head line.
const LEVELS: [(Level, &str); 4] = [
    (Level::Error, "errors"),
    (Level::Warning, "warnings"),
    (Level::Information, "remarks"),
    (Level::Hint, "hints"),
];

/// Counts over notes.
#[derive(Debug, Default)]
pub(super) struct Statistics {
    /// Findings and notes by level and rule.
    rules: BTreeMap<(Reverse<Level>, &'static str), (usize, usize)>,
    /// Findings by payer and level.
    payers: BTreeMap<String, BTreeMap<Level, usize>>,
}

impl Statistics {
    pub(super) fn of(note: &Note, findings: impl Iterator<Item = Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            let key = (Reverse(finding.level), finding.rule.name);
            let (findings, notes) = counts.rules.entry(key).or_default();
            *findings += 1;
            *notes = 1;
            if let Some(piece) = note.analysis.piece_at(finding.span.start) {
                let payer = piece.judgement.payer.clone();
                let levels = counts.payers.entry(payer).or_default();
                *levels.entry(finding.level).or_default() += 1;
            }
        }
        counts
    }

    pub(super) fn add(&mut self, other: Self) {
        for (key, (findings, notes)) in other.rules {
            let counts = self.rules.entry(key).or_default();
            counts.0 += findings;
            counts.1 += notes;
        }
        for (payer, levels) in other.payers {
            let counts = self.payers.entry(payer).or_default();
            for (level, count) in levels {
                *counts.entry(level).or_default() += count;
            }
        }
    }

    /// Two tables to read; empty if nothing was found.
    pub(super) fn text(&self) -> String {
        if self.rules.is_empty() {
            return String::new();
        }
        let rules = self.by_rule().into_iter();
        let rules = rules.map(|(level, rule, findings, notes)| {
            let numbers = [findings.to_string(), notes.to_string()];
            let [findings, notes] = numbers;
            vec![rule.to_owned(), level.word().to_owned(), findings, notes]
        });
        let payers = self.by_payer().into_iter().map(|(payer, levels)| {
            let counts = levels.iter().map(ToString::to_string);
            std::iter::once(payer_words(payer)).chain(counts).collect()
        });
        let names = LEVELS.iter().map(|(_, name)| *name);
        let head: Vec<&str> = std::iter::once("payer").chain(names).collect();
        let rules = table(&["rule", "level", "findings", "notes"], 2, rules);
        format!("{rules}\n{}\n", table(&head, 1, payers))
    }

    /// The same for other programs.
    pub(super) fn json(&self) -> String {
        let rules = self
            .by_rule()
            .into_iter()
            .map(|(level, rule, findings, notes)| {
                json!({"rule": rule, "severity": level.word(), "findings": findings, "notes": notes})
            });
        let payers = self.by_payer().into_iter().map(|(payer, counts)| {
            let mut object = json!({"payer": payer});
            for ((_, name), count) in LEVELS.iter().zip(counts) {
                object[*name] = json!(count);
            }
            object
        });
        let counts = json!({
            "rules": rules.collect::<Vec<_>>(),
            "payers": payers.collect::<Vec<_>>(),
        });
        format!("{counts:#}\n")
    }

    /// The loudest first, of these the most frequent.
    fn by_rule(&self) -> Vec<(Level, &'static str, usize, usize)> {
        let mut rules: Vec<_> = self
            .rules
            .iter()
            .map(|((Reverse(level), rule), (findings, notes))| (*level, *rule, *findings, *notes))
            .collect();
        rules.sort_by_key(|(level, _, findings, _)| (Reverse(*level), Reverse(*findings)));
        rules
    }

    /// The payer with the most errors first, then warnings and so on.
    fn by_payer(&self) -> Vec<(&str, [usize; 4])> {
        let mut payers: Vec<_> = self
            .payers
            .iter()
            .map(|(payer, levels)| {
                let count = |(level, _)| levels.get(&level).copied().unwrap_or_default();
                (payer.as_str(), LEVELS.map(count))
            })
            .collect();
        payers.sort_by_key(|(_, counts)| Reverse(*counts));
        payers
    }
}

/// Rows below a head line; the columns behind the first `words` are numbers.
fn table(head: &[&str], words: usize, rows: impl Iterator<Item = Vec<String>>) -> String {
    let head = head.iter().map(|&name| name.to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..rows[0].len()).filter_map(width).collect();
    let mut out = String::new();
    for row in &rows {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            let _ = if column < words {
                write!(out, "{gap}{cell:width$}")
            } else {
                write!(out, "{gap}{cell:>width$}")
            };
        }
        out.push('\n');
    }
    out
}
