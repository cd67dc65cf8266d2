//! `[payers.NAME]`: what a payer does.

use std::sync::Arc;

use toml_edit::{Item, TableLike};

use super::Reader;
use crate::policy::Payer;
use crate::policy::payer::is_same_name;
use crate::policy::payer_keys::KEYS;

impl Reader<'_> {
    pub(super) fn payers(&mut self, parent: &dyn TableLike, item: &Item) {
        let must = "have one table for each payer, such as [payers.regence]";
        let Some(table) = self.table(parent, "payers", item, must) else {
            return;
        };
        for (name, item) in table.iter() {
            let must = format!("be a table, such as [payers.{name}]");
            if let Some(profile) = self.table(table, name, item, &must) {
                self.payer(name, profile);
            }
        }
    }

    fn payer(&mut self, name: &str, table: &dyn TableLike) {
        // By a name of a profile, what is written changes that profile. By another of its names it is a payer
        // of its own, which does what that profile does.
        let known = self.policy.find(name).map(|known| {
            let is_its_name = is_same_name(&known.name, name);
            let known = known.clone();
            if is_its_name {
                known
            } else {
                known.named(name)
            }
        });
        let mut payer = known.unwrap_or_else(|| Payer::unknown(name));
        if let Some(item) = table.get("like") {
            match item.as_str().and_then(|like| self.policy.find(like)).cloned() {
                Some(model) => payer = model.named(name),
                None => self.report(
                    item.span(),
                    format!("\"like\" must name a payer profile for \"{name}\" to start from, such as \"commercial\"."),
                ),
            }
        }
        for (key, item) in table.iter() {
            match (key, KEYS.iter().find(|known| known.name == key)) {
                ("like", _) => {}
                ("rules", _) => {
                    let levels = self.levels(table, key, item);
                    payer.levels.extend(levels);
                }
                (_, Some(known)) => {
                    if (known.set)(&mut payer, item).is_none() {
                        let takes = known.takes;
                        let message = format!("\"{key}\" of payer \"{name}\" must be {takes}.");
                        self.report_value(table, key, item, message);
                    }
                }
                (_, None) => {
                    let mut known = vec!["like"];
                    known.extend(KEYS.iter().map(|known| known.name).chain(["rules"]));
                    self.unknown(table, key, &known);
                }
            }
        }
        let payers = Arc::make_mut(&mut self.policy.payers);
        payers.retain(|p| !is_same_name(&p.name, name));
        // What the reader calls a payer no longer means another one.
        let others = payers.iter_mut().filter(|_| self.rules.is_some());
        for other in others {
            let is_taken = |alias: &String| {
                let mut names = payer.names().chain(&payer.alone);
                names.any(|own| is_same_name(own, alias))
            };
            other.aliases.retain(|alias| !is_taken(alias));
            other.alone.retain(|alias| !is_taken(alias));
        }
        payers.push(payer);
    }
}
