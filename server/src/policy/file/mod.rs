//! `soapstone.toml`, and an editor's settings of the same shape; the larger tables have files of their own.

mod fees;
mod payers;
mod require;
mod tables;

use std::ops::Range;
use std::sync::Arc;

use toml_edit::{Document, Item, TableLike, Value};

use super::{Hints, Level, Payer, Policy, TableKind};

/// Something in the settings that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line from 1, where the settings are a file.
    pub line: Option<usize>,
    /// A sentence that says what is wrong and what would be right.
    pub message: String,
}

const TOP: &[&str] = &[
    "payer", "rules", "require", "payers", "phrases", "icd10", "ncci", "mue", "hints", "fees",
];

/// The payers that come with Soapstone, and what is wrong with their table. The rules that they name are not
/// known here; a test of the rules goes through them.
pub(super) fn built_in() -> (Arc<Vec<Payer>>, Vec<Problem>) {
    let text = include_str!("../../../data/payers.toml");
    let (policy, problems) = read_onto(Policy::of(Arc::default()), text, None);
    (policy.payers, problems)
}

/// Reads `soapstone.toml`.
pub(super) fn read(text: &str, rules: &[&str]) -> (Policy, Vec<Problem>) {
    read_onto(Policy::default(), text, Some(rules))
}

fn read_onto(policy: Policy, text: &str, rules: Option<&[&str]>) -> (Policy, Vec<Problem>) {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let line = error.span().map(|span| line_of(text, span.start));
            let why = error.message().trim_end_matches('.');
            let message = format!("This line cannot be read: {why}.");
            return (policy, vec![Problem { line, message }]);
        }
    };
    Reader::read(policy, Some(text), rules, document.as_table())
}

/// Reads an editor's settings, by way of TOML, so that both mean the same.
pub(super) fn read_json(settings: &serde_json::Value, rules: &[&str]) -> (Policy, Vec<Problem>) {
    match item_of(settings) {
        Some(Item::Table(table)) => Reader::read(Policy::default(), None, Some(rules), &table),
        _ => (Policy::default(), Vec::new()),
    }
}

/// A JSON value as a TOML item; `null` is a setting that was not made.
fn item_of(value: &serde_json::Value) -> Option<Item> {
    use serde_json::Value as Json;
    Some(match value {
        Json::Null => return None,
        Json::Bool(b) => Item::Value(Value::from(*b)),
        Json::Number(n) => Item::Value(match n.as_i64() {
            Some(whole) => Value::from(whole),
            None => Value::from(n.as_f64().unwrap_or_default()),
        }),
        Json::String(s) => Item::Value(Value::from(s.as_str())),
        Json::Array(items) => {
            let items = items
                .iter()
                .filter_map(|item| item_of(item)?.into_value().ok());
            Item::Value(Value::Array(items.collect()))
        }
        Json::Object(map) => {
            let mut table = toml_edit::Table::new();
            for (key, value) in map {
                if let Some(item) = item_of(value) {
                    table.insert(key, item);
                }
            }
            Item::Table(table)
        }
    })
}

struct Reader<'a> {
    text: Option<&'a str>,
    /// The names of the rules there are, if they are known.
    rules: Option<&'a [&'a str]>,
    policy: Policy,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn read(
        policy: Policy,
        text: Option<&'a str>,
        rules: Option<&'a [&'a str]>,
        settings: &dyn TableLike,
    ) -> (Policy, Vec<Problem>) {
        let mut reader = Self {
            text,
            rules,
            policy,
            problems: Vec::new(),
        };
        reader.top(settings);
        (reader.policy, reader.problems)
    }

    fn line(&self, span: Option<Range<usize>>) -> Option<usize> {
        Some(line_of(self.text?, span?.start))
    }

    fn report(&mut self, span: Option<Range<usize>>, message: String) {
        let line = self.line(span);
        self.problems.push(Problem { line, message });
    }

    fn report_key(&mut self, table: &dyn TableLike, key: &str, message: String) {
        self.report(key_span(table, key), message);
    }

    fn report_value(&mut self, table: &dyn TableLike, key: &str, item: &Item, message: String) {
        self.report(item.span().or_else(|| key_span(table, key)), message);
    }

    fn unknown(&mut self, table: &dyn TableLike, key: &str, known: &[&str]) {
        let all = format!("The keys here are {}.", known.join(", "));
        let hint = did_you_mean(key, known.iter().copied(), &all);
        self.report_key(
            table,
            key,
            format!("Soapstone has no setting \"{key}\". {hint}"),
        );
    }

    /// The table that a setting is; `must` says what it has to be.
    fn table<'t>(
        &mut self,
        parent: &dyn TableLike,
        key: &str,
        item: &'t Item,
        must: &str,
    ) -> Option<&'t dyn TableLike> {
        let table = item.as_table_like();
        if table.is_none() {
            self.report_key(parent, key, format!("\"{key}\" must {must}."));
        }
        table
    }

    fn top(&mut self, table: &dyn TableLike) {
        // A level may be set for a rule that is described further below.
        if let Some(item) = table.get("require") {
            self.require(table, item);
        }
        for (key, item) in table.iter() {
            match key {
                "payer" => match item.as_str() {
                    Some("") => {}
                    Some(name) => self.policy.payer = Some(name.to_owned()),
                    None => self.report(
                        item.span(),
                        "\"payer\" must be a payer's name in quotes.".to_owned(),
                    ),
                },
                "rules" => {
                    let levels = self.levels(table, key, item);
                    self.policy.rules.extend(levels);
                }
                "require" => {}
                "payers" => self.payers(table, item),
                "phrases" => self.phrases(table, item),
                "icd10" => self.icd10(table, item),
                "ncci" => self.newer_table(table, key, item, TableKind::Ncci),
                "mue" => self.newer_table(table, key, item, TableKind::Mue),
                "hints" => self.hints(table, item),
                "fees" => self.fees(table, item),
                _ => self.unknown(table, key, TOP),
            }
        }
        self.payers_of_rules(table);
        if let Some(name) = self.policy.payer.clone()
            && self.policy.find(&name).is_none()
        {
            let names = self.policy.payers.iter().map(|p| p.name.as_str());
            let hint = did_you_mean(&name, names, "It is treated as an unknown payer.");
            let message = format!("No payer profile has the name \"{name}\". {hint}");
            self.report_key(table, "payer", message);
        }
    }

    fn levels(&mut self, parent: &dyn TableLike, key: &str, item: &Item) -> Vec<(String, Level)> {
        let must = "be a table with a level for each rule";
        let Some(table) = self.table(parent, key, item, must) else {
            return Vec::new();
        };
        let mut levels = Vec::new();
        for (rule, item) in table.iter() {
            let is_own = self.policy.clinic_rules.iter().any(|own| own.name == rule);
            if let Some(rules) = self.rules
                && !rules.contains(&rule)
                && !is_own
            {
                let all = "\"soapstone explain --all\" lists the rules.";
                let own = self.policy.clinic_rules.iter().map(|own| own.name.as_str());
                let hint = did_you_mean(rule, rules.iter().copied().chain(own), all);
                self.report_key(table, rule, format!("There is no rule \"{rule}\". {hint}"));
                continue;
            }
            match item.as_str().and_then(Level::of_word) {
                Some(level) => levels.push((rule.to_owned(), level)),
                None => self.report_value(table, rule, item,
                    format!("The level of \"{rule}\" must be \"off\", \"hint\", \"info\", \"warning\" or \"error\"."),
                ),
            }
        }
        levels
    }

    /// The reader's phrases: a name for each text. A name may have its dot.
    fn phrases(&mut self, parent: &dyn TableLike, item: &Item) {
        let must = "have one text for each name, such as lbp = \"Low back pain ___/10\"";
        let Some(table) = self.table(parent, "phrases", item, must) else {
            return;
        };
        for (key, item) in table.iter() {
            let name = key.strip_prefix('.').unwrap_or(key);
            let typed = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
            let right_name = !name.is_empty() && name.chars().all(typed);
            match item.as_str() {
                _ if !right_name => self.report_key(table, key,
                    format!("The name of a phrase can have only letters, digits and hyphens, so that it can be typed after a dot: not \"{key}\"."),
                ),
                Some(text) if !text.trim().is_empty() => {
                    self.policy.phrases.insert(name.to_owned(), text.to_owned());
                }
                Some(_) => {
                    self.report_value(table, key, item, format!("The phrase \"{key}\" is empty."));
                }
                None => self.report_value(table, key, item,
                    format!("The phrase \"{key}\" must be a text in quotes, or in \"\"\"three quotes\"\"\" for several lines."),
                ),
            }
        }
    }

    /// Which computed remarks are shown.
    fn hints(&mut self, parent: &dyn TableLike, item: &Item) {
        let must = "be a table with true or false for each kind of hint, such as units = false";
        let Some(table) = self.table(parent, "hints", item, must) else {
            return;
        };
        for (kind, item) in table.iter() {
            match (self.policy.hints.of_word(kind), item.as_bool()) {
                (Some(shown), Some(wanted)) => *shown = wanted,
                (Some(_), None) => self.report_value(table, kind, item,
                    format!(
                        "\"{kind}\" of \"hints\" must be true to show these hints or false to hide them."
                    ),
                ),
                (None, _) => self.unknown(table, kind, Hints::KINDS),
            }
        }
    }
}

pub(super) fn key_span(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    let (key, item) = table.get_key_value(key)?;
    key.span().or_else(|| item.span())
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1
}

/// The question whether a mistyped word means a known one, or `otherwise` if none is near.
pub fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    match nearest(word, known) {
        Some(near) => format!("Did you mean \"{near}\"?"),
        None => otherwise.to_owned(),
    }
}

/// The known word that a mistyped one most likely means: at most two letters away, and no other as
/// near.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distance = |known: &str| strsim::osa_distance(&word, &known.to_lowercase());
    let mut by_distance: Vec<_> = known.into_iter().map(|k| (distance(k), k)).collect();
    by_distance.sort_unstable();
    let &(least, found) = by_distance.first()?;
    let tie = by_distance.get(1).is_some_and(|(next, _)| *next == least);
    (least <= 2 && least < found.len().min(word.len()) && !tie).then_some(found)
}

#[cfg(test)]
mod tests;
