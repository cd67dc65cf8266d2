use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, credential};
use crate::pattern::pattern;
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "student-signature",
    group: Group::Documentation,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §230",
    page: page!("student-signature"),
    check: Check::Visit(check),
};

pattern!(
    /// A student, in letters or in words, with the license that is still to come.
    STUDENT,
    r"\b(?:SPT|SPTA|SOT|SOTA|OTS|OTAS|SLPS|SMT|S/PT|S/OT)\b|(?i)\b(?:(?:physical|occupational|massage|chiropractic|speech) therap(?:y|ist) |chiropractic |D?PT |OTR? |PTA |OTA |SLP |LMT |DC |massage )?(?:student|intern|extern)\b(?: (?:(?:physical|occupational|massage|speech) therapist|D?PT|OT|PTA|OTA|SLP|LMT|DC)\b)?"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let signed = case.visit.fields_of(FieldKind::Signed);
    let values: Vec<_> = signed.filter_map(|field| field.value).collect();
    let Some(student) = values.iter().find(|v| is_student(case.str(**v))) else {
        return;
    };
    // A blank is named by a rule of its own.
    let licensed = |words: &str| {
        words.contains("__") || !credential::find_in(&STUDENT.replace_all(words, "")).is_empty()
    };
    if !case.visit.is_treated()
        || values.iter().any(|v| licensed(case.str(*v)))
        || case.is_open_at(*student)
    {
        return;
    }
    let who = if case.payer.medicare {
        "Medicare pays for the services of the licensed therapist, who must be in the room, direct the care and sign"
    } else {
        "A payer pays for the services of the licensed clinician, who has to sign as well"
    };
    let draft = Draft::new(
        *student,
        format!("Only a student signed this visit. {who}."),
    );
    let line = format!("{}signed: ___", case.line_break());
    let title = "Add a line for the licensed clinician's signature (a blank to fill)";
    let draft = draft.fix(title, crate::text::Span::at(student.end), line);
    found.push(if case.payer.medicare {
        draft.level(Level::Warning)
    } else {
        draft
    });
}

/// Whether a signature is a student's.
pub fn is_student(signed: &str) -> bool {
    STUDENT.is_match(signed)
}
