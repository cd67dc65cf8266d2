use jiff::civil::Date;

use super::sections::line_start;
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::chart::{FieldKind, date};
use crate::policy::Level;
use crate::text::{Span, labels};

pub static RULE: Rule = Rule {
    name: "missing-date",
    group: Group::Chart,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E: every treatment note has its date",
    page: page!("missing-date"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // A heading without a date is another rule's.
    if case.visit.heading.is_some() || !case.visit.is_treated() {
        return;
    }
    let start = begins_at(case);
    if let Some((written, heading)) = dated_line(case, start) {
        let draft = Draft::new(
            written,
            "This date is not read as the date of service, because nothing says that it is. A payer rejects a claim without one.",
        );
        let title = "Make it the visit's date";
        found.push(draft.fix_of(title, vec![heading]).preferred());
        return;
    }
    let line = |date: &str| {
        vec![Edit {
            span: Span::at(start),
            text: format!("visit: {date}{}", case.line_break()),
        }]
    };
    let draft = match signed_on(case) {
        Some(day) => Draft::new(
            case.anchor(),
            "This visit has treatment, and its only date is that of the signature. A payer wants the date of service.",
        )
        .level(Level::Information)
        .fix_of(
            format!("Use the date of the signature, {day}"),
            line(&day.to_string()),
        ),
        None => Draft::new(
            case.anchor(),
            "This visit has treatment but no date of service. A payer rejects a claim without one; begin the visit with a line such as visit: 2026-11-20.",
        ),
    };
    let title = "Add a line for the date (a blank to fill)";
    found.push(draft.fix_of(title, line("___")).preferred());
}

/// Where the visit itself begins: what stands above, such as the payer and the goals, is the chart's.
fn begins_at(case: &VisitCase<'_>) -> usize {
    let visit = case.visit;
    let sections = visit.sections.iter().map(|s| s.name.start);
    let blocks = visit.modalities.iter().map(|m| m.line.start);
    let of_visit = |kind| matches!(kind, FieldKind::Session | FieldKind::TimedMinutes);
    let fields = visit.fields.iter().filter(|f| of_visit(f.kind));
    let fields = fields.map(|f| f.key.start);
    let first = sections.chain(blocks).chain(fields).min();
    line_start(case.text, first.unwrap_or(0))
}

/// The date that a line of prose above the visit begins with, perhaps behind `DOS`, and the edit that makes it the
/// visit's.
fn dated_line(case: &VisitCase<'_>, start: usize) -> Option<(Span, Edit)> {
    let mut above = case.visit.prose.iter().filter(|p| p.span.end <= start);
    above.find_map(|line| {
        let words = case.str(line.span);
        let date = date::find_in(words, 0).into_iter().next();
        let date = date::at_start(words)
            .or(date)
            .filter(|date| date.day.is_some())?;
        let label = words[..date.span.start].trim_end();
        let (at, text) = match label {
            _ if labels::is_of_day(label) => (line.span.start + label.len(), ":"),
            _ if label.is_empty() => (line.span.start, "visit: "),
            _ => return None,
        };
        let heading = Edit {
            span: Span::at(at),
            text: text.to_owned(),
        };
        Some((date.span.shifted(line.span.start), heading))
    })
}

fn signed_on(case: &VisitCase<'_>) -> Option<Date> {
    let value = case.visit.field(FieldKind::Signed)?.value?;
    date::find_in(case.str(value), 0).first()?.day
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::analysis::Analysis;
    use crate::policy::Policy;
    use crate::text::Document;

    /// What is found, as `rule: words it points at`, and the note after each fix.
    fn found(note: &str) -> (Vec<String>, Vec<String>) {
        let findings = Analysis::of(&Document::new(note), &Arc::new(Policy::default())).findings();
        let dates = ["missing-date", "invalid-date"];
        let findings = findings.iter().filter(|f| dates.contains(&f.rule.name));
        let (mut said, mut fixed) = (Vec::new(), Vec::new());
        for finding in findings {
            said.push(format!(
                "{}: {}",
                finding.rule.name,
                &note[finding.span.range()]
            ));
            for edit in finding.fixes.iter().flat_map(|f| &f.edits) {
                let mut text = note.to_owned();
                text.replace_range(edit.span.range(), &edit.text);
                fixed.push(text);
            }
        }
        (said, fixed)
    }

    #[test]
    fn the_date_goes_where_the_visit_begins() {
        for (note, fixed) in [
            ("97124 25 min", "visit: ___\n97124 25 min"),
            (
                "Hill Clinic\npayer: auto\r\n\r\n  S: sore\r\n97124 25 min",
                "Hill Clinic\npayer: auto\r\n\r\nvisit: ___\r\n  S: sore\r\n97124 25 min",
            ),
            (
                "dx: M54.50\nsession: 10:00-10:30\nS: sore\n- 97124 25 min",
                "dx: M54.50\nvisit: ___\nsession: 10:00-10:30\nS: sore\n- 97124 25 min",
            ),
            // What was done above the first heading is a visit of its own.
            (
                "dx: M54.50\n97124 25 min\nvisit: 2026-11-20\n97124 25 min",
                "dx: M54.50\nvisit: ___\n97124 25 min\nvisit: 2026-11-20\n97124 25 min",
            ),
            (
                "11/20/2026 follow-up\nS: sore\n97124 25 min",
                "visit: 11/20/2026 follow-up\nS: sore\n97124 25 min",
            ),
            (
                "DOS 11/20/26, third\nS: sore\n97124 25 min",
                "DOS: 11/20/26, third\nS: sore\n97124 25 min",
            ),
        ] {
            let (said, fixes) = found(note);
            assert_eq!(said.len(), 1, "{note}");
            assert_eq!(fixes, [fixed], "{note}");
            assert_eq!(found(fixed).0, [""; 0], "{fixed}");
        }
    }

    #[test]
    fn the_date_of_the_signature_is_offered_first() {
        let (said, fixed) = found("S: sore\n97124 25 min\nsigned: A. Rivera, LMT 11/20/2026\n");
        assert_eq!(said, ["missing-date: 97124"]);
        let heads = fixed.iter().map(|text| text.lines().next());
        assert_eq!(
            heads.collect::<Vec<_>>(),
            [Some("visit: 2026-11-20"), Some("visit: ___")]
        );
    }

    #[test]
    fn one_finding_for_one_visit() {
        for (note, said) in [
            (
                "visit: 4 of 12\n97124 25 min",
                &["invalid-date: 4 of 12"][..],
            ),
            (
                "visit: 2026-11-31\n97124 25 min",
                &["invalid-date: 2026-11-31"],
            ),
            ("visit: ___\n97124 25 min", &[]),
            ("Date of service: 11/20/2026\n97124 25 min", &[]),
            ("S: sore, called to cancel", &[]),
            ("payer: auto\n", &[]),
            ("", &[]),
        ] {
            assert_eq!(found(note).0, said, "{note}");
        }
    }
}
