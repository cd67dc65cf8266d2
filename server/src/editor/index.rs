//! What a chart can be found by while it is not open: its visits and its diagnoses.

use crate::analysis::Analysis;
use crate::chart::DiagnosisKind;
use crate::text::Span;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A visit; its name is the date as written.
    Visit,
    /// A diagnosis; its name is the code and the words of the code set.
    Diagnosis,
}

/// Something that a chart can be found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// What it is called.
    pub name: String,
    /// Where it stands in the document.
    pub span: Span,
}

/// The entries of a chart in order, each diagnosis once. None of the chart's prose is in them.
pub fn entries(analysis: &Analysis) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for part in analysis.parts() {
        let visit = &part.reading.visit;
        if let Some(heading) = &visit.heading {
            let date = heading.date.as_ref();
            let words = date.map(|d| &part.reading.text[d.span.range()]);
            entries.push(Entry {
                kind: EntryKind::Visit,
                name: words.unwrap_or("Visit without a date").to_owned(),
                span: heading.span.shifted(part.start),
            });
        }
        for diagnosis in &visit.diagnoses {
            let code = diagnosis.code.as_str();
            if diagnosis.kind != DiagnosisKind::Icd10 || seen.contains(&code) {
                continue;
            }
            seen.push(code);
            let known = analysis.policy().release().find(code);
            entries.push(Entry {
                kind: EntryKind::Diagnosis,
                name: known.map_or_else(|| code.to_owned(), |d| format!("{code} {}", d.title)),
                span: diagnosis.span.shifted(part.start),
            });
        }
    }
    entries
}

/// Whether each word of a query is in a name, whatever the case; an empty query fits everything.
pub fn fits(query: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    let query = query.to_lowercase();
    query.split_whitespace().all(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Document;
    use std::sync::Arc;

    fn found(text: &str) -> Vec<(String, String)> {
        let analysis = Analysis::of(&Document::new(text), &Arc::default());
        let entries = entries(&analysis).into_iter();
        entries
            .map(|e| (e.name, text[e.span.range()].to_owned()))
            .collect()
    }

    #[test]
    fn visits_and_diagnoses_are_found_where_they_stand() {
        let text = "dx: M54.50; é m54.50\n\nvisit: 2026-11-02 😀\ndx: G44.209, words\nvisit:\n";
        let found = found(text);
        let [back, first, headache, undated] = &found[..] else {
            panic!("{found:?}");
        };
        assert!(back.0.starts_with("M54.50 ") && back.0.len() > "M54.50 ".len());
        assert_eq!(back.1, "M54.50");
        assert_eq!(first.0, "2026-11-02");
        assert!(first.1.starts_with("visit: 2026-11-02"));
        assert_eq!(headache.1, "G44.209");
        assert_eq!(undated.0, "Visit without a date");
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert_eq!(found(""), []);
        assert_eq!(found("\u{feff}\0 pasted words\r\r\n"), []);
    }

    #[test]
    fn each_word_of_a_query_counts() {
        assert!(fits("", "M54.50 Low back pain"));
        assert!(fits("back m54", "M54.50 Low back pain"));
        assert!(!fits("neck m54", "M54.50 Low back pain"));
    }
}
