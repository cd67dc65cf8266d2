use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, credential};
use crate::pattern::{pattern, words};
use crate::policy::Level;
use crate::rules::student_signature;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "missing-credential",
    group: Group::Documentation,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("missing-credential"),
    check: Check::Visit(check),
};

pattern!(
    /// A name in words: what stands before the first comma, figure or mark.
    NAME, r"^[^\d,;(/|]*[A-Za-z]{2}");

words!(
    /// Letters behind a name that are some credential, known or not.
    LETTERS, r"[,;(]\s*[A-Z][A-Za-z.]*[A-Z][A-Za-z./-]*|\b[A-Z]{2,}\b");

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let signed = case.visit.fields_of(FieldKind::Signed);
    let values: Vec<Span> = signed.filter_map(|field| field.value).collect();
    let is_known = |value: &Span| {
        let words = case.str(*value);
        !credential::find_in(words).is_empty()
            || LETTERS.is_match(words)
            // A blank is named by a rule of its own.
            || words.contains("__")
            || student_signature::is_student(words)
    };
    let Some(value) = values.first() else { return };
    if !case.visit.is_treated() || values.iter().any(is_known) || case.is_open_at(*value) {
        return;
    }
    let words = case.str(*value);
    if !NAME.is_match(words) || is_given_elsewhere(case, words) {
        return;
    }
    let draft = Draft::new(
        *value,
        "This signature has no credential. A payer wants to see the license of the treating clinician, such as LMT, PT or DC, behind the name or in a provider line.",
    );
    let level = case.payer.medicare.then_some(Level::Warning);
    let end = NAME.find(words).map_or(words.len(), |name| name.end());
    let name_end = words[..end].trim_end().len()
        + words[end..].find(is_no_letter).unwrap_or(words.len() - end);
    let at = Span::at(value.start + name_end);
    let draft = draft.fix("Add the credential (a blank to fill)", at, ", ___");
    found.push(level.into_iter().fold(draft, Draft::level));
}

fn is_no_letter(c: char) -> bool {
    !c.is_alphabetic()
}

/// Whether a provider line gives the credential of this name.
fn is_given_elsewhere(case: &VisitCase<'_>, signed: &str) -> bool {
    let long = |word: &&str| word.len() > 2;
    let name: Vec<&str> = signed.split(is_no_letter).filter(long).collect();
    let visits = std::iter::once((case.text, case.visit)).chain(case.preamble);
    let mut providers = visits.flat_map(|(text, visit)| {
        let fields = visit.fields_of(FieldKind::Provider);
        fields.filter_map(|f| Some(&text[f.value?.range()]))
    });
    providers.any(|provider| {
        let mut words = provider.split(is_no_letter);
        let credential = !credential::find_in(provider).is_empty() || LETTERS.is_match(provider);
        credential && words.any(|word| name.contains(&word))
    })
}
