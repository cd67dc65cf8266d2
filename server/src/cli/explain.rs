//! `soapstone explain`.

use std::fmt::Write;

use clap::Args;

use super::{Exit, complain};
use crate::policy::nearest;
use crate::rules::{self, Group, Rule};

/// Explain a rule: what it looks for, who says so, what to do
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The rule's name, as a finding shows it: under-eight-minutes, for example
    #[arg(required_unless_present = "all")]
    rule: Option<String>,

    /// List every rule with its level
    #[arg(long, conflicts_with = "rule")]
    all: bool,
}

impl Explain {
    /// Prints the rule's page, or the list.
    pub(super) fn run(&self) -> Exit {
        let Some(name) = self.rule.as_deref() else {
            return super::print(&all());
        };
        if let Some(rule) = rules::find(&name.trim().to_lowercase()) {
            return super::print(&format!("{}\n", rule.page.trim_end()));
        }
        let names = rules::ALL.iter().map(|r| r.name);
        let hint = nearest(name, names).map_or_else(
            || "\"soapstone explain --all\" lists the rules.".to_owned(),
            |near| format!("Did you mean \"{near}\"?"),
        );
        complain(&format!("There is no rule \"{name}\". {hint}"));
        Exit::Trouble
    }
}

/// The rules by group: name, level, and what each is about.
fn all() -> String {
    let width = rules::ALL.iter().map(|r| r.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut group: Option<Group> = None;
    for rule in rules::ALL {
        if group != Some(rule.group) {
            let gap = if group.is_some() { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{}", rule.group.name());
            group = Some(rule.group);
        }
        let _ = writeln!(
            out,
            "  {:width$}  {:7}  {}",
            rule.name,
            rule.level.word(),
            summary(rule)
        );
    }
    out
}

/// The summary on one line.
fn summary(rule: &Rule) -> String {
    rule.summary()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
