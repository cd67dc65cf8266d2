//! `[require.NAME]`: the rules of the reader's own.

use toml_edit::{Item, TableLike};

use super::{Reader, did_you_mean, key_span};
use crate::policy::ClinicRule;

impl Reader<'_> {
    /// The rules of the reader's own.
    pub(super) fn require(&mut self, parent: &dyn TableLike, item: &Item) {
        let must = "have one table for each rule, such as [require.home-program]";
        let Some(table) = self.table(parent, "require", item, must) else {
            return;
        };
        for (name, item) in table.iter() {
            let must = format!("be a table, such as [require.{name}]");
            let Some(keys) = self.table(table, name, item, &must) else {
                continue;
            };
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            let edge = |c: char| c.is_ascii_alphanumeric();
            let right_name =
                name.chars().all(plain) && name.starts_with(edge) && name.ends_with(edge);
            if !right_name || name == "and" {
                self.report_key(table, name,
                    format!("The name of a rule can have only small letters, digits and hyphens between them, so that it can be waived: not \"{name}\"."),
                );
            } else if self.rules.is_some_and(|rules| rules.contains(&name)) {
                self.report_key(
                    table,
                    name,
                    format!("Soapstone has a rule \"{name}\" already. Give yours another name."),
                );
            } else {
                match ClinicRule::read(name, keys) {
                    Ok(rule) => self.policy.clinic_rules.push(rule),
                    Err((Some(key), message)) => {
                        let span = keys.get(key).and_then(Item::span);
                        self.report(span.or_else(|| key_span(table, name)), message);
                    }
                    Err((None, message)) => self.report_key(table, name, message),
                }
            }
        }
    }

    /// Reports the payers that rules of the reader's own name and that nobody knows.
    pub(super) fn payers_of_rules(&mut self, top: &dyn TableLike) {
        for rule in self.policy.clinic_rules.clone() {
            let unknown = rule
                .when
                .payers
                .iter()
                .find(|p| self.policy.find(p).is_none());
            let table = top.get("require").and_then(Item::as_table_like);
            if let (Some(payer), Some(table)) = (unknown, table) {
                let names = self.policy.payers.iter().map(|p| p.name.as_str());
                let hint = did_you_mean(payer, names, "The rule is not applied to it.");
                let message = format!("No payer profile has the name \"{payer}\". {hint}");
                self.report_key(table, &rule.name, message);
            }
        }
    }
}
