//! Mends at once what has one plain answer that is no statement about the patient or the treatment.
//!
//! Few rules take part, because this may run on saving, where nobody reads the changes:
//!
//! - `misspelt-field`: the name of a field or section, not what it says.
//! - `unrecognised-heading`: the form of a section's heading, not what stands below it.
//! - `invalid-date`: the form of a date that can mean one day only (`2026/11/20`, `11-20-2026`,
//!   `20 Nov 2026`). A day that the calendar does not have, `05.11.26` and a missing date are left
//!   to the clinician.
//!
//! None of the others does, even where it marks its fix as the one to prefer: codes, modifiers,
//! minutes, units, diagnoses, techniques and signatures are statements; taking out an identifier, a
//! waiver or a line would lose words; and a placeholder to be filled is one more thing to do.
//!
//! A fix is made only if its finding is gone afterwards and no other has come, which is found out by
//! judging the note as it would be. What is left then would be left again, so that a second time
//! changes nothing.

use super::{Action, Asked, Kind};
use crate::analysis::Analysis;
use crate::pattern::pattern;
use crate::rules::{Edit, Finding, Words};
use crate::text::{Document, Span};
use std::collections::HashMap;

/// How often at most a note is judged to find out which fixes go together.
const MOST_TRIES: usize = 120;

/// All fixes of the whole note, for an editor's command and for saving.
pub fn fix_all(asked: &Asked<'_>) -> Vec<Action> {
    if asked.unbidden {
        return Vec::new();
    }
    let edits = edits_for(asked, |_| true);
    if edits.is_empty() {
        return Vec::new();
    }
    vec![Action {
        title: "Correct all misspelled names, headings and date forms".to_owned(),
        kind: Kind::FixAll,
        edits,
    }]
}

/// The edits that mend those of the wanted findings that have one plain answer, an edit for each finding, in
/// order.
pub fn edits_for(asked: &Asked<'_>, wanted: impl Fn(&Finding) -> bool) -> Vec<Edit> {
    let mut edits = edits_of(&those_that_hold(asked, safe_fixes(asked, wanted)));
    edits.sort_by_key(|edit| edit.span);
    edits
}

/// All fixes of the rules that found something here, each rule by itself, where there are several.
pub fn fix_rule(asked: &Asked<'_>) -> Vec<Action> {
    let mut rules: Vec<&'static str> = Vec::new();
    for finding in asked.analysis.findings_in(asked.span) {
        let name = finding.rule.name;
        if safe_fix(asked.document, &finding).is_some() && !rules.contains(&name) {
            rules.push(name);
        }
    }
    let mut actions = Vec::new();
    for rule in rules {
        let fixes = safe_fixes(asked, |finding| finding.rule.name == rule);
        if fixes.len() < 2 {
            continue;
        }
        let kept = those_that_hold(asked, fixes);
        let count = kept.len();
        if count < 2 || !kept.iter().any(|fix| fix.span.meets(asked.span)) {
            continue;
        }
        actions.push(Action {
            title: match rule {
                "misspelt-field" => format!("Correct all {count} misspelled names in this note"),
                "unrecognised-heading" => format!("Correct all {count} headings in this note"),
                _ => format!("Correct the form of all {count} dates in this note"),
            },
            kind: Kind::Fix,
            edits: edits_of(&kept),
        });
    }
    actions
}

/// A fix that states nothing, and what its finding was.
#[derive(Clone, Debug)]
struct SafeFix {
    rule: &'static str,
    span: Span,
    edit: Edit,
}

fn edits_of(fixes: &[SafeFix]) -> Vec<Edit> {
    fixes.iter().map(|fix| fix.edit.clone()).collect()
}

/// The fixes of the note in order, without overlap.
fn safe_fixes(asked: &Asked<'_>, wanted: impl Fn(&Finding) -> bool) -> Vec<SafeFix> {
    let findings = asked.analysis.findings();
    let findings = findings.iter().filter(|finding| wanted(finding));
    let fixes = findings.filter_map(|finding| safe_fix(asked.document, finding));
    let mut fixes: Vec<SafeFix> = fixes.collect();
    fixes.sort_by_key(|fix| fix.edit.span);
    let mut end = None;
    fixes.retain(|SafeFix { edit, .. }| {
        let apart = end.is_none_or(|end| end < edit.span.start);
        end = if apart { Some(edit.span.end) } else { end };
        apart
    });
    fixes
}

fn safe_fix(document: &Document, finding: &Finding) -> Option<SafeFix> {
    let fix = finding.fixes.first()?;
    let [edit] = fix.edits.as_slice() else {
        return None;
    };
    let safe = match finding.rule.name {
        "misspelt-field" => fix.preferred,
        // Where there are several the visit's others can be chosen, too, and none is preferred.
        "unrecognised-heading" => true,
        "invalid-date" => means_one_day(&document.slice(edit.span)),
        _ => false,
    };
    safe.then(|| SafeFix {
        rule: finding.rule.name,
        span: finding.span,
        edit: edit.clone(),
    })
}

/// Whether a date that the format does not read can mean only one day.
fn means_one_day(written: &str) -> bool {
    pattern!(
        FORM,
        r"^(?:\d{4}[/.]\d{1,2}[/.]\d{1,2}|\d{1,2}[-.](?P<second>\d{1,2})[-.](?:\d{4}|\d{2})|\d{1,2}\.? +[A-Za-z]{3,9}\.?,? +\d{4})$"
    );
    FORM.captures(written).is_some_and(|found| {
        let second = found.name("second").map(|m| m.as_str().parse::<u8>());
        second.is_none_or(|day| day.is_ok_and(|day| day > 12))
    })
}

/// The fixes that may be made together.
fn those_that_hold(asked: &Asked<'_>, fixes: Vec<SafeFix>) -> Vec<SafeFix> {
    let mut trial = Trial {
        asked,
        before: tally(asked.analysis),
        kept: Vec::new(),
        tries: 0,
    };
    let (mut left, mut before) = (fixes, usize::MAX);
    // What did not hold may hold beside what was kept after it.
    while !left.is_empty() && left.len() < before {
        before = left.len();
        left = trial.keep(left);
    }
    let mut kept = trial.kept;
    kept.sort_by_key(|fix| fix.span);
    kept
}

/// How often each thing is said of the note: a rule's name with a message.
type Tally = HashMap<(&'static str, Words), usize>;

struct Trial<'a> {
    asked: &'a Asked<'a>,
    before: Tally,
    kept: Vec<SafeFix>,
    tries: usize,
}

impl Trial<'_> {
    /// Keeps as many of the fixes as go together, halving what does not; returns the others.
    fn keep(&mut self, mut fixes: Vec<SafeFix>) -> Vec<SafeFix> {
        if fixes.is_empty() || self.tries == MOST_TRIES {
            return fixes;
        }
        self.tries += 1;
        let known = self.kept.len();
        self.kept.extend_from_slice(&fixes);
        if self.holds() {
            return Vec::new();
        }
        self.kept.truncate(known);
        if fixes.len() == 1 {
            return fixes;
        }
        let second = fixes.split_off(fixes.len() / 2);
        let mut left = self.keep(fixes);
        left.extend(self.keep(second));
        left
    }

    /// Whether all that is kept makes its findings vanish and no other appear.
    fn holds(&self) -> bool {
        let analysis = self.asked.analysis;
        let mut document = self.asked.document.clone();
        let mut edits = edits_of(&self.kept);
        edits.sort_by_key(|edit| edit.span);
        for edit in edits.iter().rev() {
            document.replace(edit.span, &edit.text);
        }
        let after = tally(&analysis.updated(&document, analysis.policy()));
        let known = |(finding, count)| self.before.get(finding).is_some_and(|most| count <= most);
        let of_rule = |tally: &Tally, rule: &str| {
            let counts = tally.iter().filter(|((name, _), _)| *name == rule);
            counts.map(|(_, count)| count).sum::<usize>()
        };
        let gone = |SafeFix { rule, .. }: &SafeFix| {
            let made = self.kept.iter().filter(|other| other.rule == *rule).count();
            of_rule(&after, rule) + made <= of_rule(&self.before, rule)
        };
        after.iter().all(known) && self.kept.iter().all(gone)
    }
}

fn tally(analysis: &Analysis) -> Tally {
    let mut tally = Tally::new();
    for finding in analysis.findings() {
        let said = (finding.rule.name, finding.message);
        *tally.entry(said).or_default() += 1;
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Note, applied};
    use super::*;
    use crate::text::Span;

    fn all(text: &str) -> Option<String> {
        let note = Note::new(text);
        let actions = fix_all(&note.asked(Span::at(0)));
        actions.first().map(|action| applied(text, &action.edits))
    }

    #[test]
    fn names_headings_and_date_forms() {
        let text = "provder: A. Rivera, LMT\ndx: M54.50\n\nvisit: 2026/11/20\n# S\nPain 6/10.\n# O\nTight.\n97124 lumbar 10:00-10:25\n  tecnique: petrissage\n";
        let right = text
            .replace("provder", "provider")
            .replace("2026/11/20", "2026-11-20")
            .replace("# S", "S:")
            .replace("# O", "O:")
            .replace("tecnique", "technique");
        assert_eq!(all(text), Some(right.clone()));
        assert_eq!(all(&right), None);
        let crlf = text.replace('\n', "\r\n");
        assert_eq!(all(&crlf), Some(right.replace('\n', "\r\n")));
    }

    #[test]
    fn only_dates_that_mean_one_day() {
        for written in [
            "2026/11/20",
            "2026.1.2",
            "11-20-2026",
            "11.20.26",
            "20 Nov 2026",
        ] {
            assert!(means_one_day(written), "{written}");
        }
        for written in [
            "05.11.26",
            "11-05-2026",
            "20/11/2026",
            "Fri 20 Nov 2026",
            "",
            "soon",
        ] {
            assert!(!means_one_day(written), "{written}");
        }
    }

    #[test]
    fn no_statement_is_made() {
        for text in [
            // A code, a modifier, units, a diagnosis, a waiver, a placeholder, a signature.
            "visit: 2026-11-20\n97001 lumbar 20 min\n",
            "visit: 2026-11-20\n97140-95 lumbar 20 min x4\n97124 lumbar 20 min\n",
            "dx: M54.5\nvisit: 2026-11-20\n97124 lumbar 20 min\nS: x\n",
            "waive: units-limitt because x\nvisit: 11-05-2026\nP:\n",
            "",
        ] {
            assert_eq!(all(text), None, "{text}");
        }
    }

    #[test]
    fn a_fix_that_brings_a_finding_is_left_to_the_clinician() {
        // As a field, the payer would be one that no profile knows.
        let text =
            "payr: acme mutual\nprovder: A. Rivera, LMT\nvisit: 2026-11-20\n97124 lumbar 20 min\n";
        assert_eq!(all(text), Some(text.replace("provder", "provider")));
    }

    #[test]
    fn of_one_rule() {
        let text = "provder: A. Rivera, LMT\nvisit: 2026/11/20\n97124 lumbar 20 min\n  tecnique: petrissage\n";
        let note = Note::new(text);
        let actions = fix_rule(&note.asked(Span::at(2)));
        let titles: Vec<_> = actions.iter().map(|a| a.title.as_str()).collect();
        assert_eq!(titles, ["Correct all 2 misspelled names in this note"]);
        assert_eq!(
            applied(text, &actions[0].edits),
            text.replace("provder", "provider")
                .replace("tecnique", "technique")
        );
        // One alone has its own fix, and elsewhere nothing is asked.
        let date = text.find("2026/").unwrap();
        assert_eq!(fix_rule(&note.asked(Span::at(date))), []);
        assert_eq!(
            fix_rule(&note.asked(Span::at(text.find("97124").unwrap()))),
            []
        );
    }

    #[test]
    fn a_second_time_changes_nothing_in_the_sample_notes() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/notes/findings");
        let mut fixed = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            if let Some(after) = all(&text) {
                fixed += 1;
                assert_eq!(all(&after), None, "{after}");
            }
        }
        assert!(fixed > 0, "{fixed}");
    }
}
