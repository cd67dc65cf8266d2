use super::sections::{is_filled, lines};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, SectionKind, credential};
use crate::pattern::words;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "missing-signature",
    group: Group::Documentation,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("missing-signature"),
    check: Check::Visit(check),
};

words!(
/// A signature in words, as record systems print it.
    SIGNED,
    r"(?i)\b(?:signed|co-?signed|e-?signature|signature|authenticated|attested|finali[sz]ed)\b|^\s*/s/"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let visit = case.visit;
    if !visit.is_treated() || visit.is_signed() {
        return;
    }
    let days = case.policy.today.zip(visit.day());
    if case.last && days.is_none_or(|(today, day)| day >= today) {
        return;
    }
    // An empty `signed:` line waits for its value.
    let empty = visit.field(FieldKind::Signed);
    let otherwise = lines(case.text).any(|(at, line)| {
        !line.trim_start().starts_with("//")
            && !empty.is_some_and(|f| f.span.touches(at))
            && (SIGNED.is_match(line) || credential::is_name(line))
    });
    if otherwise {
        return;
    }
    let mut draft = Draft::new(
        case.anchor(),
        "This visit is not signed. A payer does not accept a note without the name and the credential of the treating clinician.",
    );
    // What is signed is judged as a whole: not before its end is written.
    if !case.last || is_filled(case.text, visit, SectionKind::Plan) {
        let (at, text) = match empty {
            Some(field) => (field.key.end, " ___".to_owned()),
            None => (visit.text_end, format!("{}signed: ___", case.line_break())),
        };
        let title = "Add a line for the signature (a blank to fill)";
        draft = draft.fix(title, Span::at(at), text).preferred();
    }
    found.push(draft);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_signs_a_note() {
        for said in [
            "Electronically signed by A. Rivera",
            "Co-signed: B. Chen",
            "cosigned",
            "E-SIGNATURE on file",
            "signature: A. Rivera",
            "Authenticated 11/20/2026",
            "attested",
            "finalised",
            "Finalized by",
            "  /s/ A. Rivera",
            "/S/ A. Rivera",
        ] {
            assert!(SIGNED.is_match(said), "{said}");
        }
        for other in [
            "assigned exercises",
            "unsigned",
            "designed a program",
            "signatures",
            "finalist",
            "S/s/ of strain",
        ] {
            assert!(!SIGNED.is_match(other), "{other}");
        }
    }
}
