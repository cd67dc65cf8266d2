//! `soapstone.toml`, and an editor's settings of the same shape.

use std::ops::Range;
use std::sync::Arc;

use toml_edit::{Document, Item, TableLike, Value};

use super::clinic::ClinicRule;
use super::payer_keys::KEYS;
use super::{Hints, Level, Payer, Policy, ReleaseFiles, TableFile, TableKind};

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
const FEES: &[&str] = &["show", "gpci", "codes"];
const ICD10: &[&str] = &["name", "codes", "excludes1", "synonyms"];

/// The payers that come with Soapstone, and what is wrong with their table. The rules that they name are not
/// known here; a test of the rules goes through them.
pub(super) fn built_in() -> (Arc<Vec<Payer>>, Vec<Problem>) {
    let text = include_str!("../../data/payers.toml");
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

    /// The rules of the reader's own.
    fn require(&mut self, parent: &dyn TableLike, item: &Item) {
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
    fn payers_of_rules(&mut self, top: &dyn TableLike) {
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

    /// The files of a newer release of ICD-10-CM.
    fn icd10(&mut self, parent: &dyn TableLike, item: &Item) {
        let word = |key: &str| {
            let table = item.as_table_like()?;
            table.get(key)?.as_str().map(str::to_owned)
        };
        let (Some(name), Some(codes)) = (word("name"), word("codes")) else {
            self.report_key(parent, "icd10",
                "\"icd10\" needs the \"name\" of a release, such as \"October 2026\", and the file of its \"codes\".".to_owned(),
            );
            return;
        };
        self.policy.newer_release = Some(ReleaseFiles {
            name,
            codes,
            excludes1: word("excludes1"),
            synonyms: word("synonyms"),
            line: self.line(key_span(parent, "icd10")),
        });
        if let Some(table) = item.as_table_like() {
            for (key, _) in table.iter().filter(|(key, _)| !ICD10.contains(key)) {
                self.unknown(table, key, ICD10);
            }
        }
    }

    /// The file of a newer table of CMS.
    fn newer_table(&mut self, parent: &dyn TableLike, key: &str, item: &Item, kind: TableKind) {
        const KEYS: &[&str] = &["file", "from"];
        let word = |key: &str| Some(item.as_table_like()?.get(key)?.as_str()?.to_owned());
        let from = item.as_table_like().and_then(|table| table.get("from"));
        let first = word("from").and_then(|day| day.parse().ok());
        let (Some(file), true) = (word("file"), from.is_none() || first.is_some()) else {
            self.report_key(parent, key, format!(
                "\"{key}\" needs the \"file\" of a newer table and the day \"from\" which it holds, such as \"2027-01-01\"."
            ));
            return;
        };
        self.policy.newer_tables.push(TableFile {
            kind,
            file,
            first,
            line: self.line(key_span(parent, key)),
        });
        if let Some(table) = item.as_table_like() {
            for (key, _) in table.iter().filter(|(key, _)| !KEYS.contains(key)) {
                self.unknown(table, key, KEYS);
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

    /// The locality's factors, and own fees.
    fn fees(&mut self, parent: &dyn TableLike, item: &Item) {
        let must = "be a table with \"show\", \"gpci\" and \"codes\"";
        let Some(table) = self.table(parent, "fees", item, must) else {
            return;
        };
        for (key, item) in table.iter() {
            match key {
                "show" => match item.as_bool() {
                    Some(show) => self.policy.fees.show = show,
                    None => self.report_value(table, key, item,
                        "\"show\" of \"fees\" must be true to show what Medicare allows, or false.".to_owned(),
                    ),
                },
                "gpci" => match ["work", "pe", "mp"].map(|key| dollars(item.as_table_like()?.get(key)?)) {
                    [Some(work), Some(pe), Some(mp)] => self.policy.fees.locality = Some([work, pe, mp]),
                    _ => self.report_value(table, key, item,
                        "\"gpci\" must have the three factors of your locality, such as { work = 1.01, pe = 1.1, mp = 0.9 }.".to_owned(),
                    ),
                },
                "codes" => {
                    let must = "have a fee in dollars for each code, such as 97110 = 35.00";
                    let Some(codes) = self.table(table, key, item, must) else {
                        continue;
                    };
                    for (code, item) in codes.iter() {
                        match dollars(item) {
                            Some(fee) => {
                                self.policy.fees.codes.insert(code.to_ascii_uppercase(), fee);
                            }
                            None => self.report_value(codes, code, item,
                                format!("The fee of {code} must be a number of dollars, such as 35.00."),
                            ),
                        }
                    }
                }
                _ => self.unknown(table, key, FEES),
            }
        }
    }

    fn payers(&mut self, parent: &dyn TableLike, item: &Item) {
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
            let is_its_name = super::payer::is_same_name(&known.name, name);
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
        payers.retain(|p| !super::payer::is_same_name(&p.name, name));
        // What the reader calls a payer no longer means another one.
        let others = payers.iter_mut().filter(|_| self.rules.is_some());
        for other in others {
            let is_taken = |alias: &String| {
                let mut names = payer.names().chain(&payer.alone);
                names.any(|own| super::payer::is_same_name(own, alias))
            };
            other.aliases.retain(|alias| !is_taken(alias));
            other.alone.retain(|alias| !is_taken(alias));
        }
        payers.push(payer);
    }
}

/// A number of dollars, or a factor: not below 0, and none that nobody means.
fn dollars(item: &Item) -> Option<f64> {
    let whole = || Some(f64::from(i32::try_from(item.as_integer()?).ok()?));
    let number = item.as_float().or_else(whole)?;
    (0.0..100_000.0).contains(&number).then_some(number)
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
mod tests {
    use super::*;
    use crate::billing::Counting;
    use crate::policy::{MassageAndManual, ProgressReport, Requirement};
    use crate::reference::wording::Profession;

    const RULES: &[&str] = &["missing-goal", "missing-diagnosis"];

    fn understood(text: &str) -> (Policy, Vec<Problem>) {
        read(text, RULES)
    }

    #[test]
    fn phrases_with_and_without_their_dot() {
        let (policy, problems) =
            understood("[phrases]\nlbp = \"Low back pain $1\"\n\".home\" = \"\"\"\na\nb\"\"\"\n");
        assert_eq!(problems, []);
        let phrases: Vec<(&str, &str)> = policy
            .phrases
            .iter()
            .map(|(name, text)| (&**name, &**text))
            .collect();
        assert_eq!(phrases, [("home", "a\nb"), ("lbp", "Low back pain $1")]);
        let settings = serde_json::json!({"phrases": {".x": "y"}});
        let (policy, problems) = read_json(&settings, RULES);
        assert_eq!((problems, &*policy.phrases["x"]), (Vec::new(), "y"));
    }

    #[test]
    fn fees_and_factors() {
        let (policy, problems) = understood(
            "[fees]\ngpci = { work = 1, pe = 1.1, mp = 0.9 }\n[fees.codes]\n97110 = 35.5\ng0283 = 12\n",
        );
        assert_eq!(problems, []);
        assert_eq!(policy.fees.locality, Some([1.0, 1.1, 0.9]));
        let codes: Vec<_> = policy.fees.codes.iter().map(|(c, f)| (&**c, *f)).collect();
        assert_eq!(codes, [("97110", 35.5), ("G0283", 12.0)]);
        for text in [
            "gpci = { work = 1 }",
            "codes = { 97110 = -1 }",
            "codes = 1",
            "x = 1",
        ] {
            let (_, problems) = understood(&format!("[fees]\n{text}\n"));
            assert_eq!(
                (problems.len(), problems[0].line),
                (1, Some(2)),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn phrases_that_cannot_be_typed() {
        for (text, line, said) in [
            ("phrases = 1", 1, "one text for each name"),
            ("[phrases]\na = 1\nb = \"x\"", 2, "a text in quotes"),
            (
                "[phrases]\nb = \"x\"\n\"low back\" = \"x\"",
                3,
                "after a dot",
            ),
            ("[phrases]\nb = \"x\"\na = \" \"", 3, "is empty"),
        ] {
            let (policy, problems) = understood(text);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert_eq!(problems[0].line, Some(line), "{problems:?}");
            assert!(problems[0].message.contains(said), "{problems:?}");
            assert_eq!(policy.phrases.contains_key("b"), line > 1, "{text}");
        }
    }

    #[test]
    fn a_whole_file() {
        let (policy, problems) = understood(
            "payer = \"regence\"\n[rules]\nmissing-goal = \"off\"\n[payers.regence]\nlike = \"commercial\"\ncounting = \"ama\"\nncci = false\nmassage-and-manual = \"modifier\"\naccepts = [\"97124\"]\nrequires = [\"referral\", \"clock-times\"]\n",
        );
        assert_eq!(problems, []);
        let payer = policy.payer(None);
        assert_eq!(payer.name, "regence");
        assert_eq!(payer.counting(), Counting::Ama);
        assert_eq!(payer.massage_and_manual(), Some(MassageAndManual::Modifier));
        assert!(payer.requires(Requirement::ClockTimes));
        assert_eq!(policy.rules["missing-goal"], Level::Off);
    }

    #[test]
    fn what_a_payer_asks_for_can_be_written() {
        let (policy, problems) = understood(
            "[payers.fund]\ntitle = \"Our fund\"\nmedicare = false\ncertified-plan = true\nprogress-report = { visits = 8, months = 2 }\nprofession = \"therapy\"\npolicy-of = \"The fund\"\nany-payer = false\nsource = \"a letter\"\ndate = \"2026-05-04\"\n",
        );
        assert_eq!(problems, []);
        let fund = policy.find("fund").unwrap();
        assert_eq!((&*fund.title, fund.called()), ("Our fund", "The fund"));
        assert_eq!(fund.profession, Profession::Therapy);
        assert!(fund.certified_plan && !fund.medicare && !fund.stands_for_any);
        let report = ProgressReport {
            visits: 8,
            months: Some(2),
        };
        assert_eq!(fund.progress_report, Some(report));
        // Numbers of an editor's settings are numbers of a file.
        let settings = serde_json::json!({"payers": {"fund": {"progress-report": {"visits": 8, "months": 2}}}});
        let (policy, problems) = read_json(&settings, RULES);
        assert_eq!(problems, []);
        assert_eq!(policy.find("fund").unwrap().progress_report, Some(report));
    }

    #[test]
    fn what_a_key_of_a_payer_does_not_take() {
        for (line, said) in [
            ("title = 1", "a text in quotes"),
            ("aliases = \"x\"", "a list of words in quotes"),
            ("medicare = \"yes\"", "true or false"),
            ("profession = \"nurse\"", "\"massage\", \"therapy\" or"),
            ("progress-report = 6", "the number of \"visits\""),
            (
                "progress-report = { months = 1 }",
                "the number of \"visits\"",
            ),
            (
                "progress-report = { visits = 0 }",
                "the number of \"visits\"",
            ),
            (
                "progress-report = { visits = 6, months = 0 }",
                "of \"months\"",
            ),
            (
                "progress-report = { visits = 6, days = 30 }",
                "of \"months\"",
            ),
            ("plan-modifier = \"loud\"", "\"none\", \"warning\" or"),
            ("timely-filing = 90", "how many \"days\" or"),
            ("timely-filing = { days = 0 }", "how many \"days\" or"),
            ("timely-filing = { weeks = 3 }", "how many \"days\" or"),
            (
                "timely-filing = { days = 1, months = 1 }",
                "how many \"days\" or",
            ),
            ("date = 2026-05-04", "a text in quotes"),
            ("like = \"nobody\"", "must name a payer profile"),
            ("certified-plans = true", "Did you mean \"certified-plan\"?"),
        ] {
            let (policy, problems) = understood(&format!("[payers.a]\n{line}\nncci = true\n"));
            assert_eq!(problems.len(), 1, "{line}: {problems:?}");
            assert_eq!(problems[0].line, Some(2), "{line}");
            assert!(problems[0].message.contains(said), "{problems:?}");
            let right = Payer {
                ncci: Some(true),
                ..Payer::unknown("a")
            };
            assert_eq!(policy.find("a"), Some(&right), "{line}");
        }
    }

    #[test]
    fn another_name_of_a_profile_becomes_a_payer_of_its_own() {
        let (policy, problems) = understood("[payers.lifewise]\nexcludes = [\"g0283\"]\n");
        assert_eq!(problems, []);
        let own = policy.find("LifeWise").expect("the payer");
        assert_eq!((&*own.name, own.excludes.len()), ("lifewise", 1));
        // It does what the profile does, which has that name no longer.
        assert!(own.requires(Requirement::Referral));
        let premera = policy.find("premera").expect("the profile");
        assert_eq!(premera.excludes, [""; 0]);
        let (policy, _) =
            understood("[payers.own]\naliases = [\"aetna health\", \"Blue Cross\"]\n");
        assert_eq!(policy.payer(Some("Blue Cross of Ohio")).name, "own");
        let names = |name: &str| policy.find(name).map(|payer| &*payer.name);
        assert_eq!(names("anthem"), Some("bcbs"));
    }

    #[test]
    fn slips_are_named_with_their_line_and_the_rest_holds() {
        let (policy, problems) = understood(
            "payr = \"x\"\n[rules]\nmissing-gaol = \"off\"\nmissing-goal = \"loud\"\nmissing-diagnosis = \"hint\"\n[payers.a]\ncounting = \"cm\"\n",
        );
        let lines: Vec<_> = problems.iter().map(|p| p.line).collect();
        assert_eq!(lines, [Some(1), Some(3), Some(4), Some(7)]);
        assert!(
            problems[0].message.contains("\"payer\"?")
                || problems[0].message.contains("\"payers\""),
            "{problems:?}"
        );
        assert!(
            problems[1]
                .message
                .contains("Did you mean \"missing-goal\"?")
        );
        assert_eq!(policy.rules["missing-diagnosis"], Level::Hint);
    }

    #[test]
    fn a_file_that_is_no_toml_names_its_line() {
        let (_, problems) = understood("payer = \"x\"\n= 3\n");
        assert_eq!(problems[0].line, Some(2));
    }

    #[test]
    fn hints_can_be_switched_off_one_by_one() {
        let (policy, problems) = understood("[hints]\nunits = false\nvisits = true\n");
        assert_eq!(problems, []);
        assert!(!policy.hints.units && policy.hints.visits && policy.hints.goals);
        let (policy, problems) = understood("[hints]\nunit = false\ngoals = \"off\"\n");
        assert_eq!(policy.hints, Hints::default());
        let messages: Vec<_> = problems.iter().map(|p| (p.line, &*p.message)).collect();
        assert_eq!(
            messages,
            [
                (
                    Some(2),
                    "Soapstone has no setting \"unit\". Did you mean \"units\"?"
                ),
                (
                    Some(3),
                    "\"goals\" of \"hints\" must be true to show these hints or false to hide them."
                )
            ]
        );
        let settings = serde_json::json!({"hints": {"diagnoses": false, "goals": null}});
        let (policy, problems) = read_json(&settings, RULES);
        assert_eq!(problems, []);
        assert!(!policy.hints.diagnoses && policy.hints.goals);
        assert_eq!(understood("hints = false\n").1.len(), 1);
    }

    #[test]
    fn settings_of_an_editor_mean_the_same() {
        let settings = serde_json::json!({"payer": "medicare", "rules": {"missing-goal": "off"}, "payers": null});
        let (policy, problems) = read_json(&settings, RULES);
        assert_eq!(problems, []);
        assert_eq!(policy.payer.as_deref(), Some("medicare"));
        assert_eq!(policy.rules["missing-goal"], Level::Off);
    }
}
