use super::own_lines::{instead_of, line_of};
use super::wording::{list, minutes};
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::chart::{Duration, FieldKind, Modality};
use crate::length::Length;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "ambiguous-minutes",
    group: Group::Time,
    level: Level::Warning,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("ambiguous-minutes"),
    check: Check::Visit(check),
};

/// What the clinician may mean by several times, with words for the offer.
fn answers(times: &[&Duration]) -> Vec<(Length, &'static str)> {
    let sum = times.iter().map(|d| d.minutes).sum();
    let mut answers = vec![(sum, ", the sum")];
    for time in times {
        if answers.iter().all(|(known, _)| *known != time.minutes) {
            answers.push((time.minutes, ""));
        }
    }
    answers
}

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let sharing = case.visit.modalities.iter().filter(|m| m.shares_time);
    let sharing: Vec<&Modality> = sharing.collect();
    for codes in sharing.chunk_by(|one, next| one.line.end == next.line.end) {
        let apart = apart(case, codes);
        for modality in codes.iter().filter(|m| m.is_timed()) {
            let message = format!(
                "{} shares one time with another code here, so neither is counted. Give each code its own minutes.",
                modality.code
            );
            let draft = Draft::new(modality.code_span, message);
            let title = "Give each code a line of its own, with a blank for its minutes";
            found.push(match &apart {
                Some(edit) => draft.fix_of(title, [edit.clone()]),
                None => draft,
            });
        }
    }
    for modality in case.visit.modalities.iter().filter(|m| m.is_timed()) {
        if let Some(figure) = modality.unsaid_minutes() {
            let (minutes, code) = (figure.minutes, &modality.code);
            let written = case.str(figure.span);
            let message = if written.ends_with(|c: char| c.is_ascii_digit()) {
                format!(
                    "Nothing says what {minutes} counts, so no time is counted for {code}. If it is the minutes, write \"min\" behind it."
                )
            } else {
                format!(
                    "{written} may be feet or minutes, so no time is counted for {code}. If it is the minutes, write \"{minutes} min\"."
                )
            };
            found.push(Draft::new(figure.span, message).fix(
                format!("Make it {minutes} min"),
                figure.span,
                format!("{minutes} min"),
            ));
        }
    }
    let modalities = case.visit.modalities.iter();
    for modality in modalities.filter(|m| m.ambiguous_minutes && m.is_timed()) {
        if !case.is_being_typed(modality) {
            found.extend(judge(case, modality));
        }
    }
}

/// Puts the codes that share the time of a line on lines of their own; the line's words stay below the last one, and its
/// details, too. So many codes on a line as nobody treats by stay where they are.
fn apart(case: &VisitCase<'_>, codes: &[&Modality]) -> Option<Edit> {
    const MOST: usize = 20;
    let line = Span::new(codes.iter().map(|m| m.line.start).min()?, codes[0].line.end);
    if !(2..=MOST).contains(&codes.len()) {
        return None;
    }
    let lines = codes.iter().map(|m| line_of(case, m, "___ min"));
    let lines: Vec<String> = lines.collect();
    if codes.iter().any(|m| m.has_own_line) {
        let br = case.line_break();
        let text = format!("{}{br}  note: {}", lines.join(br), case.str(line));
        return Some(Edit::new(line, text));
    }
    instead_of(case, line, &lines)
}

fn judge(case: &VisitCase<'_>, modality: &Modality) -> Option<Draft> {
    let durations = modality.durations.iter();
    let times: Vec<_> = durations.filter(|d| d.inexact.is_of_all()).collect();
    let [first, second, ..] = times.as_slice() else {
        return None;
    };
    let figures: Vec<String> = times.iter().map(|d| minutes(d.minutes)).collect();
    let count = match times.len() {
        2 => "two".to_owned(),
        count => count.to_string(),
    };
    let message = format!(
        "This block gives {count} times, {}, and it is not clear which of them to bill. None is counted until the note says so.",
        list(&figures)
    );
    let mut draft =
        Draft::new(second.span, message).related(first.span, "The first time of the block");
    if modality.details_of(FieldKind::Time).next().is_some() {
        return Some(draft);
    }
    // Below its line the block says which, and no word of the line is touched.
    let (end, br) = (Span::at(modality.line.end), case.line_break());
    // Less than eight minutes earn nothing.
    for (time, what) in answers(&times).into_iter().filter(|(time, _)| *time >= 8) {
        if !modality.has_own_line {
            let line = line_of(case, modality, &format!("{time} min"));
            let title = format!("Bill {}{what}, on a line of its own", minutes(time));
            draft = match instead_of(case, modality.line, &[line]) {
                Some(edit) => draft.fix_of(title, [edit]),
                None => draft,
            };
            continue;
        }
        let line = format!("time: {time} min");
        draft = draft.fix(
            format!("Bill {}{what}: add \"{line}\"", minutes(time)),
            end,
            format!("{br}  {line}"),
        );
    }
    Some(draft)
}
