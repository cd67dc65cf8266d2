use super::{Check, Draft, Group, Rule, VisitCase, diagnoses};
use crate::chart::{Diagnosis, DiagnosisKind, Prose, SectionKind, diagnosis};
use crate::policy::Level;
use crate::reference::icd10::Entry;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "missing-diagnosis",
    group: Group::Diagnosis,
    level: Level::Error,
    source: "CMS Pub. 100-02 ch. 15 §220.1.2; every claim line points to a diagnosis",
    page: page!("missing-diagnosis"),
    check: Check::Visit(check),
};

/// No more of the chart's diagnoses than this are offered.
const MOST_OFFERED: usize = 5;

/// No more codes than this are offered for words.
const MOST_FOUND: usize = 6;

/// No more codes than this are looked through for words.
const MOST_READ: usize = 60;

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let visit = case.visit;
    // The assessment and what has no section may name it anywhere, other lines where they begin with it.
    let may_name = |prose: &Prose, code: &Diagnosis| match prose.section {
        Some(SectionKind::Assessment) | None => true,
        Some(SectionKind::Subjective) => false,
        _ => !case.text[prose.span.start..code.span.start].contains(char::is_alphabetic),
    };
    let mut in_prose = visit.prose.iter().flat_map(|prose| {
        let codes = diagnosis::find_in(case.str(prose.span), prose.span.start);
        codes.into_iter().filter(move |code| may_name(prose, code))
    });
    let is_code = |d: &Diagnosis| d.kind != DiagnosisKind::Words;
    let stated = case.diagnoses().any(is_code)
        || visit
            .modalities
            .iter()
            .any(|m| m.diagnoses.iter().any(is_code))
        || in_prose.any(|d| d.kind == DiagnosisKind::Icd10 && case.str(d.span).contains('.'));
    if stated {
        return;
    }
    let words = diagnoses::own(visit).next();
    // What stands before the first visit holds for all of them, and is said once, there.
    let before = visit.heading.is_none() && !case.last;
    let for_all = before && case.chart_diagnoses.is_empty();
    let said_before = case
        .preamble
        .is_some_and(|(_, before)| !before.diagnoses.is_empty() && case.chart_diagnoses.is_empty());
    match words {
        Some(words) if visit.is_treated() || for_all => found.extend(in_words(case, words)),
        None if visit.is_treated() && !said_before => found.push(none_at_all(case)),
        _ => {}
    }
}

fn none_at_all(case: &VisitCase<'_>) -> Draft {
    let mut draft = Draft::new(
        case.anchor(),
        "This visit has treatment but no diagnosis, and a payer will deny a claim without one. Take it from the referral or the chart.",
    );
    for known in case.chart_diagnoses.iter().take(MOST_OFFERED) {
        let code = known.split(' ').next().unwrap_or_default();
        let title = format!("Add the chart's diagnosis {code}");
        draft = draft.fix_of(title, [case.line_at_top(&format!("dx: {known}"))]);
    }
    let referred = diagnoses::of_referral(case).join("; ");
    if !referred.is_empty() {
        let title = format!("Add what the referral says: {referred}");
        draft = draft.fix_of(title, [case.line_at_top(&format!("dx: {referred}"))]);
    }
    let title = "Add a diagnosis line (a blank to fill)";
    let line = case.line_at_top("dx: ___");
    draft.preferred().fix_of(title, vec![line])
}

/// The finding for a diagnosis in words; `None` if a code that is mistyped stands among them, which another
/// rule speaks of.
fn in_words(case: &VisitCase<'_>, words: &Diagnosis) -> Option<Draft> {
    if !diagnoses::shapeless(case.text, case.visit).is_empty() {
        return None;
    }
    let mut draft = Draft::new(
        words.span,
        "This diagnosis has no code, and a payer will deny a claim without one. Take the code from the referral or the chart.",
    );
    for (at, entry) in codes_of(case, words) {
        let title = format!("Add {} ({})", entry.code, entry.title);
        draft = draft.fix(title, Span::at(at), format!("{} ", entry.code));
    }
    let title = "Add a blank for the code";
    Some(draft.fix(title, Span::at(words.span.start), "___ "))
}

/// The codes that have all of the words, or all those of one of the parts, each with where it goes. None of
/// them is the likeliest.
fn codes_of(case: &VisitCase<'_>, words: &Diagnosis) -> Vec<(usize, Entry)> {
    let find = |span: Span| {
        let found = case.release().search(case.str(span), MOST_READ).into_iter();
        found
            .filter(move |entry| {
                entry.billable && !diagnoses::brings_trouble(case, words, span, entry)
            })
            .map(move |entry| (span.start, entry))
    };
    let mut codes: Vec<_> = find(words.span).take(MOST_FOUND).collect();
    if codes.is_empty() {
        let parts = parts(case.str(words.span));
        let parts = parts.map(|part| part.shifted(words.span.start));
        codes = parts.flat_map(find).take(MOST_FOUND).collect();
    }
    codes
}

/// The parts of a text between its marks, without the spaces around them.
fn parts(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    let parts = text
        .split_inclusive([';', ',', '\n', '\r'])
        .map(move |part| {
            let lead = part.len() - part.trim_start().len();
            let words = part.trim_matches(|c: char| c.is_whitespace() || c == ';' || c == ',');
            let span = Span::new(start + lead, start + lead + words.len());
            start += part.len();
            span
        });
    parts.filter(|span| span.start < span.end)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::Analysis;
    use crate::policy::Policy;
    use crate::rules::Finding;
    use crate::text::Document;

    fn findings(note: &str) -> Vec<Finding> {
        let findings = Analysis::of(&Document::new(note), &Arc::new(Policy::default())).findings();
        let about = ["missing-diagnosis", "malformed-diagnosis"];
        let about = findings
            .into_iter()
            .filter(|f| about.contains(&f.rule.name));
        about.collect()
    }

    #[test]
    fn a_diagnosis_in_words_gets_one_finding() {
        let visit = "visit: 2026-11-20\n97124 lumbar 25 min\nP: weekly\n";
        for (note, said) in [
            (
                format!("{visit}dx: low back pain\n"),
                &["low back pain"][..],
            ),
            (
                format!("{visit}Diagnosis: see referral\n"),
                &["see referral"],
            ),
            (
                "visit: 2026-11-20\n97124 lumbar 25 min\n  dx: lumbago\nP: weekly\n".to_owned(),
                &["lumbago"],
            ),
            // Once for all visits.
            (
                format!("dx: low back pain\n{visit}{visit}"),
                &["low back pain"],
            ),
            // A code elsewhere, of one kind or another, or a blank that is to be filled.
            (format!("dx: low back pain\ndx 2: M54.50\n{visit}"), &[]),
            (format!("dx: low back pain\n{visit}dx: M54.50\n"), &[]),
            (format!("dx: ___ low back pain\n{visit}"), &[]),
            (format!("{visit}dx: low back pain\nA: M54.50 eases.\n"), &[]),
            (format!("dx: M5.450 back\n{visit}"), &["M5.450"]),
            // Named where it begins a line, or in words that no section claims.
            (format!("{visit}M54.50 - Low back pain\n"), &[]),
            (format!("{visit}- M54.50 Low back pain\n"), &[]),
            (
                "visit: 2026-11-20\nBack pain (M54.50).\n97124 25 min\nP: weekly\n".to_owned(),
                &[],
            ),
            (format!("{visit}See M54.50.\n"), &["visit: 2026-11-20"]),
            (
                format!("{visit}S: had M54.50 once\n"),
                &["visit: 2026-11-20"],
            ),
            // Another visit has the code, and this one only words above it.
            (
                format!("dx: low back pain\n{visit}{visit}dx: M54.50\n"),
                &["visit: 2026-11-20"],
            ),
            // Nothing was done.
            ("visit: 2026-11-20\ndx: low back pain\n".to_owned(), &[]),
            ("dx: low back".to_owned(), &[]),
        ] {
            let found = findings(&note);
            let words: Vec<&str> = found.iter().map(|f| &note[f.span.range()]).collect();
            assert_eq!(words, said, "{note}");
        }
    }

    #[test]
    fn codes_with_all_the_words_are_offered_and_none_is_chosen() {
        let offered = |dx: &str| {
            let note = format!("visit: 2026-11-20\ndx: {dx}\n97124 lumbar 25 min\nP: weekly\n");
            let finding = findings(&note).remove(0);
            assert!(finding.fixes.iter().all(|fix| !fix.preferred), "{dx}");
            let fixed = finding.fixes.iter().map(|fix| {
                let mut text = note.clone();
                text.replace_range(fix.edits[0].span.range(), &fix.edits[0].text);
                text.lines().nth(1).unwrap_or_default().to_owned()
            });
            fixed.collect::<Vec<_>>()
        };
        let back = offered("low back pain");
        assert!(
            back.contains(&"dx: M54.50 low back pain".to_owned()),
            "{back:?}"
        );
        assert!((3..=MOST_FOUND + 1).contains(&back.len()), "{back:?}");
        assert_eq!(
            back.last().map(String::as_str),
            Some("dx: ___ low back pain")
        );
        let two = offered("per script; low back pain");
        assert!(
            two.contains(&"dx: per script; M54.50 low back pain".to_owned()),
            "{two:?}"
        );
        assert_eq!(offered("see referral"), ["dx: ___ see referral"]);
    }

    #[test]
    fn the_codes_of_the_referral_are_offered() {
        let visit = "visit: 2026-11-20\n97124 lumbar 25 min\nP: weekly\n";
        for (referral, dx) in [
            ("M54.2, 12 visits", Some("dx: M54.2\n")),
            // Each once, and none that cannot be billed.
            ("M54.2; M54.5; m54.2; R26.89", Some("dx: M54.2; R26.89\n")),
            ("neck pain", None),
        ] {
            let note = format!("Rx: Dr. Okafor, {referral}\n\n{visit}");
            let finding = findings(&note).remove(0);
            let mut fixes = finding.fixes.iter();
            let said = fixes.find(|fix| fix.title.contains("what the referral says"));
            let line = said.map(|fix| fix.edits[0].text.as_str());
            assert_eq!(line, dx, "{referral}");
        }
    }
}
