use std::cell::LazyCell;

use super::letterhead::letterhead;
use super::others_numbers::before_in_line;
use super::sections::lines;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{Minutes, SectionKind, time};
use crate::pattern::{pattern, words};
use crate::policy::Level;
use crate::reference::procedures::{self, Procedure};
use crate::reference::{code_shapes, modifiers, regions, retired, techniques};
use crate::text::Span;
use crate::text::bullet::BULLET;

pub static RULE: Rule = Rule {
    name: "unknown-code",
    group: Group::Coding,
    level: Level::Warning,
    source: "The code table of this build",
    page: page!("unknown-code"),
    check: Check::Visit(check),
};

/// What may stand before a code at a line's start: a bullet or a number, and what says that it is a code.
fn lead() -> String {
    format!(r"[ \t]*(?:{BULLET}[ \t]+)?(?i:(?:cpt|hcpcs|code)(?:[ \t]code)?[ \t]*[:#]?[ \t]+)?")
}

words!(BEFORE, &format!("^{}$", lead()));
pattern!(
    BEGINNING,
    &format!(r"^{}(?P<code>[0-9A-Za-z]{{5,6}})(?:$|[-\s,;:(/])", lead())
);
words!(UNITS, r"(?i)\bx ?\d{1,2}\b|\b\d{1,2} ?units?\b");
pattern!(MODIFIER, r"^(?:-|[ \t]+)([0-9A-Z]{2})\b");
words!(SIDE, r"\b(?:R|L|B|RT|LT)\b|(?i)\b(?:right|left|bilat\w*)\b");
words!(
    /// What makes a number that of a house, or of a town.
    ADDRESS,
    r"(?i)\b(?:st|street|ave|avenue|rd|road|blvd|boulevard|lane|ln|drive|dr|way|court|ct|place|pl|hwy|suite|apt|beach|city|springs?)\b\.?|,[ \t]*[A-Z]{2}[ \t]*$"
);

/// Ranges of real codes that lie among ours and belong to others: hearing, speech and swallowing, tests of thinking and
/// development, adaptive behaviour, wound care, nutrition, osteopathic treatment, telephone services.
const OTHER_FAMILIES: &[(u32, u32)] = &[
    (92502, 92700),
    (96105, 96171),
    (97151, 97158),
    (97597, 97610),
    (97802, 97804),
    (98925, 98929),
    (98960, 98972),
    (98975, 98986),
];

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    for modality in &case.visit.modalities {
        let code = &modality.code;
        if modality.procedure.is_none() && !is_known(case, code) {
            let billed = modality.minutes() != Minutes::Unstated
                || modality.claimed.is_some()
                || !modality.modifiers.is_empty();
            let meant = nearest(code).into_iter().collect();
            found.push(unknown(code, modality.code_span, meant, billed));
        }
    }
    // Most notes ask for it nowhere.
    let letterhead = LazyCell::new(|| letterhead(case));
    for (line, section) in lines_of_text(case) {
        if let Some(draft) = begins_like_a_code(case, line, section)
            && !letterhead.contains(&case.str(line).trim())
        {
            found.push(draft);
        }
    }
}

/// Whether a code needs no table of ours to be right.
fn is_known(case: &VisitCase<'_>, code: &str) -> bool {
    let accepted = case.payer.accepts.as_ref();
    retired::find(code).is_some()
        || retired::is_functional_reporting(code)
        || accepted.is_some_and(|codes| codes.iter().any(|accepted| accepted == code))
}

fn nearest(code: &str) -> Option<&'static Procedure> {
    let others = code.parse().is_ok_and(|number: u32| {
        let mut families = OTHER_FAMILIES.iter();
        families.any(|(from, to)| (*from..=*to).contains(&number))
    });
    procedures::nearest(code).filter(|_| !others)
}

fn unknown(code: &str, span: Span, meant: Vec<&'static Procedure>, billed: bool) -> Draft {
    let Some(first) = meant.first() else {
        // It may well be right: the table holds this field's codes only.
        let level = if billed { Level::Warning } else { Level::Hint };
        let message = format!(
            "{code} is not among the codes that Soapstone knows, so its time and pairs are not checked."
        );
        return Draft::new(span, message).level(level);
    };
    let mut draft = Draft::new(
        span,
        format!(
            "{code} is not a code that Soapstone knows. The nearest is {} ({}). A payer rejects a code that does not exist.",
            first.code, first.label
        ),
    );
    for near in meant {
        let title = format!("Replace {code} with {} ({})", near.code, near.label);
        draft = draft.fix(title, span, near.code);
    }
    draft
}

/// The lines that are text, also those below a block.
fn lines_of_text<'v>(
    case: &'v VisitCase<'_>,
) -> impl Iterator<Item = (Span, Option<SectionKind>)> + 'v {
    let visit = case.visit;
    let prose = visit.prose.iter().map(|p| (p.span, p.section));
    let details = visit.modalities.iter().flat_map(|m| &m.details);
    let details = details.filter(|d| d.kind.is_none()).map(|d| (d.span, None));
    prose.chain(details).flat_map(|(span, section)| {
        let lines = lines(case.str(span));
        lines.map(move |(at, line)| {
            let start = span.start + at;
            (Span::new(start, start + line.len()), section)
        })
    })
}

/// The finding for a line of text that begins like a code that is not known.
fn begins_like_a_code(
    case: &VisitCase<'_>,
    line: Span,
    section: Option<SectionKind>,
) -> Option<Draft> {
    let words = case.str(line);
    let written = BEGINNING.captures(words)?;
    let before = before_in_line(case.text, line.start);
    let of_section = || {
        section.is_some_and(SectionKind::is_of_treatment) && {
            let sections = &case.visit.sections;
            let above = sections.partition_point(|s| s.name.end <= line.start);
            let last = sections[..above].last();
            last.is_some_and(|s| case.text[s.name.end..line.start].trim().is_empty())
        }
    };
    if !BEFORE.is_match(before) && !of_section() {
        return None;
    }
    let code = written.name("code")?;
    let rest = &words[code.end()..];
    if code_shapes::is_count(rest) || ADDRESS.is_match(rest) {
        return None;
    }
    let planned = matches!(section, Some(SectionKind::Plan | SectionKind::Assessment));
    let billed = !planned && is_billed(rest);
    let span = Span::from(code.range()).shifted(line.start);
    let code = code.as_str();
    let of_treatment = billed
        || rest.trim().is_empty()
        || SIDE.is_match(rest)
        || !regions::find_in(rest).is_empty()
        || !techniques::find_in(rest).is_empty();
    let known = procedures::find(code).is_some() || is_known(case, code);
    if known || !of_treatment {
        return None;
    }
    let slips = code_shapes::meant_by(code);
    // Six figures alone are a number of something.
    if !slips.is_empty() && (code.len() == 5 || !rest.trim().is_empty()) {
        return Some(unknown(code, span, slips, billed));
    }
    let near = nearest(code).into_iter().collect();
    code_shapes::is_code(code).then(|| unknown(code, span, near, billed))
}

/// Whether the words behind a code have what only a billed line has: a time, units, modifiers.
fn is_billed(rest: &str) -> bool {
    UNITS.is_match(rest)
        || !time::durations(rest, 0).is_empty()
        || !time::clock_ranges(rest, 0).is_empty()
        || MODIFIER
            .captures(rest)
            .is_some_and(|found| modifiers::find(&found[1]).is_some())
}
