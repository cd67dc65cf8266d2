//! What a chart can be found by, whether it is open or not: its visits and its diagnoses.

use super::symbols::SymbolKind;
use crate::text::Span;

/// Something that a chart can be found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// A visit or a diagnosis.
    pub kind: SymbolKind,
    pub name: String,
    /// What it is found by, its name and more, in lower case.
    pub words: String,
    /// All of it, in offsets of the document.
    pub span: Span,
}

#[derive(Clone, Debug, Default)]
pub struct Query(Vec<String>);

impl Query {
    /// The words of a text, whatever their case; none find everything.
    pub fn of(text: &str) -> Self {
        let words = text.split_whitespace().map(str::to_lowercase);
        Self(words.collect())
    }

    /// Whether each word of the query is in the words of an entry.
    pub fn fits(&self, words: &str) -> bool {
        self.0.iter().all(|word| words.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_of_a_query_counts() {
        let fits = |query: &str| Query::of(query).fits("m54.50 low back pain");
        assert!(fits(""));
        assert!(fits("Back M54"));
        assert!(!fits("neck m54"));
    }
}
