//! `soapstone explain`.

use std::fmt::Write;
use std::path::Path;

use clap::Args;

use super::Exit;
use super::config::Policies;
use crate::policy::did_you_mean;
use crate::rules::{self, Group, Rule};

/// Explain a rule: what it looks for, who says so, what to do
#[derive(Debug, Args)]
#[command(before_help = "Example: soapstone explain under-eight-minutes")]
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
    pub(super) fn run(&self) -> Result<Exit, String> {
        // The rules of the folder's clinic are explained as well; what is wrong in its settings, `check` says.
        let policy = Policies::new(None)?.of(Path::new(""));
        let own = rules::clinic::of_policy(&policy);
        let known: Vec<&Rule> = rules::ALL.iter().copied().chain(own).collect();
        let Some(name) = self.rule.as_deref() else {
            return Ok(super::print(&all(&known)));
        };
        if let Some(rule) = rules::find_in(&policy, &name.trim().to_lowercase()) {
            return Ok(super::print(&format!("{}\n", rule.page.trim_end())));
        }
        let names = known.iter().map(|r| r.name);
        let hint = did_you_mean(name, names, "\"soapstone explain --all\" lists the rules.");
        Err(format!("There is no rule \"{name}\". {hint}"))
    }
}

/// The rules by group: name, level, and what each is about.
fn all(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|r| r.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut group: Option<Group> = None;
    for rule in rules {
        if group != Some(rule.group) {
            let gap = if group.is_some() { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{}", rule.group.name());
            group = Some(rule.group);
        }
        let summary: Vec<&str> = rule.summary().split_whitespace().collect();
        let (name, level, summary) = (rule.name, rule.level.word(), summary.join(" "));
        let _ = writeln!(out, "  {name:width$}  {level:7}  {summary}");
    }
    out
}
