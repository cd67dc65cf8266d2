//! Which findings and visits are asked for: by rule, by date, by payer.

use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;

use super::new::day;
use super::notes::Note;
use crate::analysis::Piece;
use crate::policy::{Policy, did_you_mean};
use crate::rules::{self, Finding};

/// What of the notes is looked at.
#[derive(Debug, Default, Args)]
pub(super) struct Wanted {
    /// Look at the findings of these rules only, hints too; several with commas between them
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Vec<String>,

    /// Leave out the findings of these rules
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<String>,

    /// Look at the visits on this day and later ones, such as 2026-11-20, and at those without a date
    #[arg(long, value_name = "DATE", value_parser = day)]
    since: Option<Date>,

    /// Look at the visits of this payer, and of payers that are like it
    #[arg(long, value_name = "NAME")]
    payer: Option<String>,
}

impl Wanted {
    /// A sentence if a rule or payer is none that the notes' settings know.
    pub(super) fn checked(&self, policies: &[Arc<Policy>]) -> Result<(), String> {
        for name in self.select.iter().chain(&self.ignore) {
            let own = policies.iter().flat_map(|p| rules::clinic::of_policy(p));
            let all = rules::ALL.iter().copied().chain(own);
            let names: Vec<&str> = all.map(|rule| rule.name).collect();
            if !names.iter().any(|known| is_rule(name, known)) {
                let hint = "\"soapstone explain --all\" lists the rules.";
                let hint = did_you_mean(name.trim(), rules::unique(names), hint);
                return Err(format!("There is no rule \"{}\". {hint}", name.trim()));
            }
        }
        if let Some(name) = &self.payer
            && !policies.iter().any(|policy| policy.find(name).is_some())
        {
            let payers = policies.iter().flat_map(|policy| policy.payers.iter());
            let names = rules::unique(payers.map(|payer| payer.name.as_str()));
            let hint = did_you_mean(name, names, "docs/payers.md has the names of all.");
            return Err(format!("No payer profile has the name \"{name}\". {hint}"));
        }
        Ok(())
    }

    /// Whether rules are asked for by name: whoever names one wants all that it says.
    pub(super) fn names_rules(&self) -> bool {
        !self.select.is_empty()
    }

    /// Whether there is anything in the note that is asked for.
    pub(super) fn note(&self, note: &Note) -> bool {
        if self.since.is_none() && self.payer.is_none() {
            return true;
        }
        let mut pieces = note.analysis.pieces();
        pieces.any(|piece| piece.is_visit() && self.visit(note, piece))
    }

    /// Whether a visit is asked for. Nobody knows of one without a date that it is an old one.
    pub(super) fn visit(&self, note: &Note, piece: &Piece) -> bool {
        let day = piece.visit.day();
        let is_late = |since: Date| day.is_none_or(|day| day >= since);
        let policy = note.analysis.policy();
        let is_of = |name: &String| {
            let model = policy.find(name);
            model.is_some_and(|model| policy.is_or_is_like(&piece.judgement.payer, &model.name))
        };
        self.since.is_none_or(is_late) && self.payer.as_ref().is_none_or(is_of)
    }

    /// Whether a finding of a note is asked for. What stands before the first visit holds for each of them.
    pub(super) fn finding(&self, note: &Note, finding: &Finding) -> bool {
        let is_rule = |name: &String| is_rule(name, finding.rule.name);
        let rule_fits = (self.select.is_empty() || self.select.iter().any(is_rule))
            && !self.ignore.iter().any(is_rule);
        rule_fits
            && match note.analysis.piece_at(finding.span.start) {
                Some(piece) if piece.is_visit() => self.visit(note, piece),
                _ => self.note(note),
            }
    }
}

fn is_rule(written: &str, name: &str) -> bool {
    written.trim().eq_ignore_ascii_case(name)
}
