//! Where the keys of a `soapstone.toml` stand.

use toml_edit::{Document, TableLike};

use super::file::{key_span, line_of};
use super::payer::is_same_name;

/// The keys of a settings file, each with its line from 1.
#[derive(Debug, Default)]
pub struct Places(Vec<(Vec<String>, usize)>);

impl Places {
    /// The keys of a text; none if it cannot be read.
    pub fn of(text: &str) -> Self {
        let mut places = Self::default();
        if let Ok(document) = Document::parse(text) {
            places.add(text, document.as_table(), &[]);
        }
        places
    }

    fn add(&mut self, text: &str, table: &dyn TableLike, above: &[String]) {
        for (key, item) in table.iter() {
            let path = [above, &[key.to_owned()]].concat();
            if let Some(inner) = item.as_table_like() {
                self.add(text, inner, &path);
            }
            if let Some(span) = key_span(table, key) {
                self.0.push((path, line_of(text, span.start)));
            }
        }
    }

    /// The line of a key in the tables above it. Case, spaces and hyphens do not matter, as in a payer's name.
    pub fn line(&self, path: &[&str]) -> Option<usize> {
        let is_path = |known: &[String]| {
            let mut pairs = known.iter().zip(path);
            known.len() == path.len() && pairs.all(|(known, key)| is_same_name(known, key))
        };
        let mut places = self.0.iter();
        let (_, line) = places.find(|(known, _)| is_path(known))?;
        Some(*line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_where_they_were_written() {
        let places = Places::of(
            "payer = \"acme\"\n\n[rules]\nmissing-goal = \"off\"\n[payers.\"Acme Health\"]\nlike = \"auto\"\nrules = { visit-order = \"hint\" }\n",
        );
        assert_eq!(places.line(&["payer"]), Some(1));
        assert_eq!(places.line(&["rules", "missing-goal"]), Some(4));
        assert_eq!(places.line(&["payers", "acme-health", "like"]), Some(6));
        assert_eq!(
            places.line(&["payers", "acme-health", "rules", "visit-order"]),
            Some(7)
        );
        assert_eq!(places.line(&["payers", "acme-health"]), Some(5));
        assert_eq!(places.line(&["missing-goal"]), None);
        assert_eq!(Places::of("[").line(&["payer"]), None);
    }
}
