//! `missing-signature`: see its page in `docs/rules/`.

use super::sections::{is_filled, lines};
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::chart::{FieldKind, SectionKind};
use crate::pattern::letters::{begins_with, has_odd_letters};
use crate::pattern::pattern;
use crate::policy::Level;
use crate::text::Span;

/// The rule.
pub static RULE: Rule = Rule {
    name: "missing-signature",
    group: Group::Documentation,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("missing-signature"),
    check: Check::Visit(check),
};

pattern!(
/// A signature in words, as record systems print it.
    SIGNED,
    r"(?i)\b(?:signed|co-?signed|e-?signature|signature|authenticated|attested|finali[sz]ed)\b|^\s*/s/"
);

pattern!(
/// A line that is a name with a credential.
    NAME,
    r"(?i)^\s*[-–—]?\s*[^\d:]{3,50}[,\s]\s*(?:LMT|LMP|RMT|CMT|BCTMB|NCTMB|MMP|PT|DPT|MPT|PTA|OT|OTR(?:/L)?|OTD|COTA(?:/L)?|DC|D\.C\.|CCSP|DACBSP|AT|ATC|LAT|L\.?Ac\.?|ND|MD|DO|NP|PA-C|SLP|CCC-SLP)\b[^a-z]*$"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let visit = case.visit;
    if !visit.is_treated() || visit.is_signed() {
        return;
    }
    let is_past = case
        .policy
        .today
        .zip(visit.day())
        .is_some_and(|(today, day)| day < today);
    // An empty `signed:` line waits for its value.
    let empty = visit.field(FieldKind::Signed);
    let otherwise = lines(case.text).any(|(at, line)| {
        !line.trim_start().starts_with("//")
            && !empty.is_some_and(|f| f.span.touches(at))
            && (may_say_signed(line) && SIGNED.is_match(line)
                || may_be_name(line) && NAME.is_match(line))
    });
    if case.last && !is_past || otherwise {
        return;
    }
    let draft = Draft::new(
        case.anchor(),
        "This visit is not signed. A payer does not accept a note without the name and the credential of the treating clinician.",
    );
    let edit = match empty {
        Some(field) => Edit {
            span: Span::at(field.key.end),
            text: " ___".to_owned(),
        },
        None => Edit {
            span: Span::at(visit.ink_end),
            text: format!("{}signed: ___", case.line_break()),
        },
    };
    // What is signed is judged as a whole: not before its end is written.
    let whole = !case.last || is_filled(case.text, visit, SectionKind::Plan);
    found.push(if whole {
        draft
            .fix_of("Add a line for the signature (a blank to fill)", vec![edit])
            .preferred()
    } else {
        draft
    });
}

/// Whether a line holds what each alternative of [`SIGNED`] begins with.
fn may_say_signed(line: &str) -> bool {
    const SAID: [&str; 9] = [
        "signed",
        "signature",
        "cosigned",
        "co-signed",
        "esignature",
        "e-signature",
        "authenticated",
        "attested",
        "finali",
    ];
    let bytes = line.as_bytes();
    let at_start = |at: usize| at == 0 || !bytes[at - 1].is_ascii_alphabetic();
    let said = |at: usize| {
        let first = matches!(bytes[at] | 0x20, b's' | b'c' | b'e' | b'a' | b'f');
        first && at_start(at) && SAID.iter().any(|word| begins_with(&bytes[at..], word))
    };
    has_odd_letters(line)
        || line.contains("/s/")
        || line.contains("/S/")
        || (0..bytes.len()).any(said)
}

/// Whether the last word of a line may be a credential, with nothing before it that no name holds.
fn may_be_name(line: &str) -> bool {
    /// The credentials' last words: `OTR/L` ends with an `L`, `D.C.` with a `C`.
    const LAST: [&str; 28] = [
        "LMT", "LMP", "RMT", "CMT", "BCTMB", "NCTMB", "MMP", "PT", "DPT", "MPT", "PTA", "OT",
        "OTR", "OTD", "COTA", "L", "DC", "C", "CCSP", "DACBSP", "AT", "ATC", "LAT", "Ac", "ND",
        "MD", "DO", "SLP",
    ];
    const OTHER: [&str; 2] = ["NP", "LAc"];
    if has_odd_letters(line) {
        return true;
    }
    let rest = line.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    let before = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let word = &rest[before.len()..];
    let mut credentials = LAST.iter().chain(&OTHER);
    credentials.any(|last| word.eq_ignore_ascii_case(last))
        && !before.bytes().any(|b| b.is_ascii_digit() || b == b':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial;

    #[test]
    fn a_signature_has_what_is_asked_first() {
        let words = [
            "signed",
            "Co-signed",
            "e-signature",
            "attested",
            "finalised",
            "/s/",
            "A. Rivera",
            ", ",
            "LMT",
            "PT, DPT",
            "OTR/L",
            "D.C.",
            "L.Ac.",
            "PA-C",
            "CCC-SLP",
            "MD",
            "AT",
            "do",
            "- ",
        ];
        trial::each(&words, |text| {
            for (_, line) in lines(text) {
                assert!(may_say_signed(line) || !SIGNED.is_match(line), "{line:?}");
                assert!(may_be_name(line) || !NAME.is_match(line), "{line:?}");
            }
        });
    }
}
