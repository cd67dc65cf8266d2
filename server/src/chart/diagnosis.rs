//! Diagnosis codes as notes write them.

use crate::pattern::pattern;
use crate::text::Span;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    pub span: Span,
    /// The code in capitals and with its dot, or empty for a placeholder (`___`) and for words alone.
    pub code: String,
    /// What was written is a code of some kind, a placeholder that waits for one, or words.
    pub kind: DiagnosisKind,
}

/// What stands in the place of a diagnosis code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiagnosisKind {
    Icd10,
    /// The shape of an ICD-9 code, not valid since 2015-10-01.
    Icd9,
    Procedure,
    Placeholder,
    Words,
}

pattern!(
    CODE,
    r"(?x)
        (?P<icd10>\b[A-Za-z][0-9A-Za-z&&[^iIlLoO]][0-9A-Za-z](?:\.[0-9A-Za-z]{1,4}|[0-9][0-9A-Za-z]{0,3})?\b)
        | (?P<icd9>\b(?:\d{3}(?:\.\d{1,2})?|[Vv]\d{2}\.\d{1,2}|[Ee]\d{3}\.\d)\b)
        | (?P<pcs>\b\d[0-9A-HJ-NP-Za-hj-np-z]{6}\b)
        | (?P<blank>_{2,})"
);

/// The diagnoses of a `dx` value. Each part between `;` and `,` may begin with a code; a part
/// without one is words about the code before it.
pub fn find_in(text: &str, offset: usize) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in text.split_inclusive([';', ',', '\n', '\r']) {
        found.extend(of_part(part, offset + start));
        start += part.len();
    }
    if found.is_empty() && text.chars().any(char::is_alphabetic) {
        let trimmed = text.trim();
        let lead = text.len() - text.trim_start().len();
        found.push(Diagnosis {
            span: Span::new(offset + lead, offset + lead + trimmed.len()),
            code: String::new(),
            kind: DiagnosisKind::Words,
        });
    }
    found
}

fn of_part(part: &str, offset: usize) -> impl Iterator<Item = Diagnosis> {
    CODE.captures_iter(part).filter_map(move |captures| {
        let whole = captures.get(0)?;
        let text = whole.as_str();
        let kind = if captures.name("icd10").is_some() {
            // An undotted word such as `for` or `T12` has no business being a code: without a dot
            // it takes a digit in second place and either three characters or a fourth digit.
            if !text.as_bytes().get(1).is_some_and(u8::is_ascii_digit) && !text.contains('.') {
                return None;
            }
            DiagnosisKind::Icd10
        } else if captures.name("icd9").is_some() {
            // A lone number among words is a level, an age or a count.
            let leads = part[..whole.start()].trim().is_empty();
            if !leads || (!text.contains('.') && part.trim() != text) {
                return None;
            }
            DiagnosisKind::Icd9
        } else if captures.name("pcs").is_some() {
            if !text.bytes().any(|b| b.is_ascii_alphabetic()) {
                return None;
            }
            DiagnosisKind::Procedure
        } else {
            DiagnosisKind::Placeholder
        };
        // A code leads its part, perhaps after a number or a bracket; `pain at C5` has none.
        let before = part[..whole.start()]
            .trim_matches(|c: char| c.is_whitespace() || "([-–*#&/".contains(c));
        let leads = before.is_empty()
            || before
                .chars()
                .all(|c| c.is_ascii_digit() || c == '.' || c == ')')
            || text.contains('.')
            || before.ends_with(':');
        leads.then(|| Diagnosis {
            span: Span::from(whole.range()).shifted(offset),
            code: if kind == DiagnosisKind::Placeholder {
                String::new()
            } else {
                dotted(text)
            },
            kind,
        })
    })
}

/// A code in capitals with the dot after its third character.
pub fn dotted(code: &str) -> String {
    let mut code = code.to_ascii_uppercase();
    let icd10 = code.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if icd10 && code.len() > 3 && !code.contains('.') {
        code.insert(3, '.');
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(String, DiagnosisKind)> {
        find_in(text, 0)
            .into_iter()
            .map(|d| (d.code, d.kind))
            .collect()
    }

    #[test]
    fn codes_in_every_spelling() {
        use DiagnosisKind::*;
        let icd10 = |code: &str| (code.to_owned(), Icd10);
        assert_eq!(
            codes("M54.50 low back pain; M54.2"),
            [icd10("M54.50"), icd10("M54.2")]
        );
        assert_eq!(
            codes("m542, S13.4xxA whiplash"),
            [icd10("M54.2"), icd10("S13.4XXA")]
        );
        assert_eq!(
            codes("M54.50 strain at L5, M79.18"),
            [icd10("M54.50"), icd10("M79.18")]
        );
        assert_eq!(codes("low back pain (M54.50)"), [icd10("M54.50")]);
        assert_eq!(codes("724.2"), [("724.2".to_owned(), Icd9)]);
        assert_eq!(codes("8E0KX1Z"), [("8E0KX1Z".to_owned(), Procedure)]);
        assert_eq!(codes("___"), [(String::new(), Placeholder)]);
        assert_eq!(codes("low back pain"), [(String::new(), Words)]);
        assert_eq!(
            codes("1) M54.2 2) M54.50"),
            [icd10("M54.2"), icd10("M54.50")]
        );
        assert_eq!(codes("   "), []);
    }
}
