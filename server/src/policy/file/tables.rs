//! `[icd10]`, `[ncci]` and `[mue]`: files of newer tables.

use toml_edit::{Item, TableLike};

use super::{Reader, key_span};
use crate::policy::{ReleaseFiles, TableFile, TableKind};

const ICD10: &[&str] = &["name", "codes", "excludes1", "synonyms"];

impl Reader<'_> {
    /// The files of a newer release of ICD-10-CM.
    pub(super) fn icd10(&mut self, parent: &dyn TableLike, item: &Item) {
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
    pub(super) fn newer_table(
        &mut self,
        parent: &dyn TableLike,
        key: &str,
        item: &Item,
        kind: TableKind,
    ) {
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
}
