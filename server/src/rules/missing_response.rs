use super::sections::is_filled;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, Modality, SectionKind};
use crate::pattern::{pattern, words};
use crate::policy::{Level, Requirement};
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "missing-response",
    group: Group::Documentation,
    level: Level::Information,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E; COMAR 10.65.06.01; 269 CMR 5.03",
    page: page!("missing-response"),
    check: Check::Visit(check),
};

pattern!(
/// Words and figures that say what came of the treatment. What stands after `to` is what it was
/// for.
    RESPONSE,
    r"(?ix)
        \b(?:respon[ds]\w* | tol(?:erat\w*)?\.? | post[-\ ]?(?:tx|treatment|session|massage)
          | after\ (?:the\ )?(?:tx|treatment|session|massage|visit|work)
          | reli(?:ef|eved) | decreas\w* | reduc\w* | increas\w* | improv\w* | progress\w* | gain(?:ed|s)? | less | fewer | up | down | higher | lower | longer | farther | further | lessened
          | soft(?:er|en\w*) | eased? | loos(?:er|en\w*) | better | worse\w* | restored | gone | resolved | returned | met
          | no\ change | unchanged | same | (?:up|down)\ from | was\ \d | now\ \d | than\b | able\ to )
        | [↑↓→] | -> | =>
        | \d[^\s.;]*\s*(?:\w+\s+)?to\s+\d"
);

words!(
/// `10 to 12 reps` is what was done.
    DOSE,
    r"(?i)^[\d.]*\s*(?:reps?|sets?|min|mins|minutes|sec|seconds|x|lbs?|times)\b"
);

pattern!(
/// A figure in the assessment is a finding of this day, but for a goal's number.
    FIGURE,
    r"(?i)(?:^|(?P<goal>\b(?:goals?|stg|ltg|visit) ?#? ?)|[^\w])\d"
);

/// Whether a figure stands in a text that is no goal's number.
fn has_figure(text: &str) -> bool {
    let mut figures = FIGURE.captures_iter(text);
    figures.any(|hit| hit.name("goal").is_none())
}

/// Whether words or figures say what came of the treatment.
fn names_response(text: &str) -> bool {
    RESPONSE.find_iter(text).any(|hit| {
        if hit.as_str().starts_with(|c: char| c.is_ascii_digit()) {
            return !DOSE.is_match(&text[hit.end()..]);
        }
        let before = text[..hit.start()].trim_end();
        let word = before.rsplit(' ').next().unwrap_or_default();
        !word.eq_ignore_ascii_case("to")
    })
}

/// A treatment that something is expected of: no evaluation, no cold pack.
fn is_treatment(modality: &Modality) -> bool {
    modality.is_timed() || modality.procedure.is_some_and(|p| p.hands_on)
}

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let visit = case.visit;
    let mut treatments = visit.modalities.iter().filter(|m| is_treatment(m));
    let Some(modality) = treatments.next() else {
        return;
    };
    let details = || visit.modalities.iter().flat_map(|m| &m.details);
    let mut fields = visit.fields_of(FieldKind::Response);
    let stated = fields.any(|f| f.value.is_some_and(|v| !v.is_empty()))
        || details().any(|d| d.kind == Some(FieldKind::Response) && !d.span.is_empty());
    let still_typed =
        case.last && !visit.is_signed() && !is_filled(case.text, visit, SectionKind::Plan);
    if stated || still_typed {
        return;
    }
    let in_details = details().any(|d| {
        matches!(d.kind, None | Some(FieldKind::Note)) && names_response(case.str(d.span))
    });
    let reported_after = visit.prose.iter().any(|line| {
        let text = case.str(line.span);
        match line.section {
            Some(SectionKind::Assessment) => has_figure(text) || names_response(text),
            Some(SectionKind::Subjective | SectionKind::Plan) => false,
            _ => line.span.start > modality.span.start && names_response(text),
        }
    });
    if in_details || reported_after {
        return;
    }
    let (span, text) = match details().find(|d| d.kind == Some(FieldKind::Response)) {
        Some(empty) => (Span::at(empty.span.end), " ___".to_owned()),
        None => (
            Span::at(modality.span.end),
            format!("{}  response: ___", case.line_break()),
        ),
    };
    let mut draft = Draft::new(
        modality.code_span,
        "Nothing in this visit says how the patient responded to the treatment. Many payers ask for it and read a measured change as proof that the care works.",
    )
    .fix("Add the response (a blank to fill)", span, text);
    draft.level = case
        .payer
        .requires(Requirement::Response)
        .then_some(Level::Warning);
    found.push(draft.preferred());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_response() {
        for words in [
            "Response: good",
            "responded well",
            "tol. well",
            "Tolerated without pain",
            "post-tx 4/10",
            "post treatment: softer",
            "looser after the session",
            "after massage",
            "relief of headache",
            "pain decreased",
            "ROM improving",
            "Gained 10 degrees",
            "tissue softened",
            "less pain",
            "eased",
            "worse since",
            "no change",
            "the same",
            "up from 30",
            "flexion was 40",
            "now 3/10",
            "more than before",
            "able to sit",
            "6/10 -> 4/10",
            "6/10 → 4/10",
            "30=>40",
            "6/10 to 4/10",
            "50 degrees to 60",
            "50° to  60",
            "\u{a0}5 to\u{a0}10",
            "10 to 12 reps, better",
        ] {
            assert!(names_response(words), "{words}");
        }
        for unreported in [
            "",
            "Chronic low back pain",
            "petrissage to increase ROM",
            "work TO reduce tone",
            "10 to 12 reps",
            "10 to 12.5 lbs",
            "2 to 3 sets",
            "5 to 10\u{a0}min",
            "posttest",
            "the posture",
            "was sore",
            "now sore",
            "lateral thigh",
            "thanked",
            "6/10; to 4 places",
        ] {
            assert!(!names_response(unreported), "{unreported}");
        }
    }

    #[test]
    fn a_goals_number_is_no_figure() {
        for figure in [
            "5",
            "Lifts 35 lb",
            "pain (6/10)",
            "Goal 1: 40 min",
            "subgoal 2",
        ] {
            assert!(has_figure(figure), "{figure}");
        }
        for none in [
            "",
            "Goal 1 stands",
            "goals #2",
            "STG # 3",
            "ltg4",
            "Visit 3",
            "L4-L5",
            "x2",
        ] {
            assert!(!has_figure(none), "{none}");
        }
    }
}
