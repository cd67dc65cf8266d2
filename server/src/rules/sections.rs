//! What the rules about a note's sections share.

use super::VisitCase;
use super::signs::HEADING;
use crate::chart::field::normal;
use crate::chart::{FieldKind, Section, SectionKind, Visit};
use crate::pattern::pattern;
use crate::text::Span;

/// The four sections that every note has, in order.
pub const SOAP: [SectionKind; 4] = [
    SectionKind::Subjective,
    SectionKind::Objective,
    SectionKind::Assessment,
    SectionKind::Plan,
];

/// The name of a section as a heading of the format.
pub fn heading(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Subjective => "S:",
        SectionKind::Objective => "O:",
        SectionKind::Assessment => "A:",
        SectionKind::Plan => "P:",
        SectionKind::Treatment => "Tx:",
    }
}

/// Its long name.
pub fn name(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Subjective => "Subjective",
        SectionKind::Objective => "Objective",
        SectionKind::Assessment => "Assessment",
        SectionKind::Plan => "Plan",
        SectionKind::Treatment => "Treatment",
    }
}

/// The lines of a text without their breaks, with their offsets.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = next_break(rest.as_bytes());
        let at = start;
        start += length.map_or(rest.len(), |length| length + 1);
        Some((at, &rest[..length.unwrap_or(rest.len())]))
    })
}

/// Where the next break of a line is.
pub(super) fn next_break(text: &[u8]) -> Option<usize> {
    memchr::memchr2(b'\n', b'\r', text)
}

/// Where the line of an offset begins.
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |br| br + 1)
}

/// Fields that may stand in a section and are none of its content.
const ADMINISTRATIVE: [FieldKind; 8] = [
    FieldKind::Signed,
    FieldKind::Addendum,
    FieldKind::Waive,
    FieldKind::Session,
    FieldKind::TimedMinutes,
    FieldKind::Payer,
    FieldKind::Provider,
    FieldKind::Patient,
];

/// The lines of a section that are its content: no comments, no signature and the like.
fn content<'a>(
    text: &'a str,
    visit: &'a Visit,
    section: &'a Section,
    with_modalities: bool,
) -> impl Iterator<Item = &'a str> {
    let body = Span::new(section.name.end, section.span.end);
    lines(&text[body.range()]).filter_map(move |(at, line)| {
        let ink = line.trim();
        let start = body.start + at + (line.len() - line.trim_start().len());
        let holds = |span: Span| span.start <= start && start < span.end;
        let is_administrative = || {
            let mut fields = visit.fields.iter();
            fields.any(|f| holds(f.span) && ADMINISTRATIVE.contains(&f.kind))
        };
        let is_billed = || !with_modalities && visit.modalities.iter().any(|m| holds(m.span));
        let is_content =
            !ink.is_empty() && !ink.starts_with("//") && !is_administrative() && !is_billed();
        is_content.then_some(ink)
    })
}

/// Whether a section says anything. What was done says something of every section but the
/// patient's own.
fn is_blank(text: &str, visit: &Visit, section: &Section) -> bool {
    let with_modalities = section.kind != SectionKind::Subjective;
    content(text, visit, section, with_modalities)
        .next()
        .is_none()
}

/// Whether a section says anything in words, besides what was done.
pub fn has_words(text: &str, visit: &Visit, section: &Section) -> bool {
    content(text, visit, section, false).next().is_some()
}

/// Whether the visit has a section of that kind which says something.
pub fn is_filled(text: &str, visit: &Visit, kind: SectionKind) -> bool {
    let mut of_kind = visit.sections.iter().filter(|s| s.kind == kind);
    of_kind.any(|s| !is_blank(text, visit, s))
}

/// Whether a figure stands in the sections of a kind, beside what was done.
pub fn has_figures(text: &str, visit: &Visit, kind: SectionKind) -> bool {
    let mut sections = visit.sections.iter().filter(|s| s.kind == kind);
    sections.any(|section| {
        let mut lines = content(text, visit, section, false);
        lines.any(|line| line.bytes().any(|b| b.is_ascii_digit()))
    })
}

/// The words of all sections of a kind, without modalities.
pub fn words<'a>(
    text: &'a str,
    visit: &'a Visit,
    kind: SectionKind,
) -> impl Iterator<Item = &'a str> {
    let of_kind = visit.sections.iter().filter(move |s| s.kind == kind);
    of_kind
        .flat_map(|section| content(text, visit, section, false))
        .flat_map(str::split_whitespace)
}

/// A heading that other programs write and the format does not know.
#[derive(Clone, Debug)]
pub struct OtherHeading {
    /// The section it means.
    pub kind: SectionKind,
    /// From the line's start to where the section's own words begin, without the blanks there.
    pub span: Span,
}

// `## Subjective`, `# S:`
pattern!(
    MARKDOWN,
    r"^#{1,6}[ \t]*(?i:(s|o|a|p|tx|subjective|objective|assessment|plan|treatment|interventions))[ \t]*:?[ \t]*#*[ \t]*$"
);
// `**S:**`, `__Plan__:`, `- S:`, `[S]`
pattern!(
    DECORATED,
    r"^(?:[-*•][ \t]+)?(?:\*{1,3}|_{1,2})(?i:(s|o|a|p|tx|subjective|objective|assessment|plan|treatment|interventions))[ \t]*:?(?:\*{1,3}|_{1,2})[ \t]*:?"
);
pattern!(
    BULLET,
    r"^(?:[-*•][ \t]+|\[)(?i:(s|o|a|p|subjective|objective|assessment|plan))(?::|\][ \t]*:?)(?:[ \t]|$)"
);
// `Plan : `, `Subjective - `
pattern!(
    SPACED,
    r"^(?i:(s|o|a|p|tx|subjective|objective|assessment|plan|treatment))[ \t]+:(?:[ \t]|$)"
);
pattern!(
    DASHED,
    r"^(Subjective|SUBJECTIVE|Objective|OBJECTIVE|Assessment|ASSESSMENT|Plan|PLAN|Treatment|TREATMENT)[ \t]*[-–—)][ \t]"
);
pattern!(
    ALONE,
    r"^(Subjective|SUBJECTIVE|Objective|OBJECTIVE|Assessment|ASSESSMENT|Plan|PLAN|Treatment|TREATMENT|Interventions|INTERVENTIONS)[ \t]*$"
);
pattern!(
    SHORTENED,
    r"^(?i:(subj|obj|assess|assmt|asmt))\.?:(?:[ \t]|$)"
);
// `S)`, `S -`: only in company, because `A)` also begins a list.
pattern!(LETTER, r"^([SOAP])(?:\)|[ \t]+[-–—](?:[ \t]|$))");

fn kind_of(name: &str) -> SectionKind {
    match name.to_ascii_lowercase().bytes().next() {
        Some(b's') => SectionKind::Subjective,
        Some(b'o') => SectionKind::Objective,
        Some(b'a') => SectionKind::Assessment,
        Some(b'p') => SectionKind::Plan,
        _ => SectionKind::Treatment,
    }
}

/// Whether the first line of a text begins with a mark or a name that one of the patterns begins with,
/// and goes on as that one does.
pub(super) fn may_be_heading(line: &str) -> bool {
    let bytes = line.as_bytes();
    // All marks and names begin with one of these.
    let begins = |byte: u8| matches!(byte | 0x20, b's' | b'o' | b'a' | b'p' | b't' | b'i');
    let marked = |byte: u8| matches!(byte, b'#' | b'-' | b'*' | b'_' | b'[' | 0xE2);
    if !bytes
        .first()
        .is_some_and(|byte| begins(*byte) || marked(*byte))
    {
        return false;
    }
    let decoration = |c: char| matches!(c, '#' | '-' | '*' | '•' | '_' | '[' | ' ' | '\t');
    if line.starts_with(['#', '-', '*', '•', '_', '[']) {
        let name = line.trim_start_matches(decoration);
        // Letters beyond ASCII that case makes one of it are left to the patterns.
        let word = first_word(name);
        return is_name(word) || name[word.len()..].starts_with(|c: char| !c.is_ascii());
    }
    let word = first_word(line);
    if !is_name(word) {
        return false;
    }
    let after = &line[word.len()..];
    match bytes.get(word.len()) {
        None | Some(b')' | b'\n' | b'\r') => true,
        Some(b':' | b'.') => {
            let short = ["subj", "obj", "assess", "assmt", "asmt"];
            short.iter().any(|name| word.eq_ignore_ascii_case(name))
        }
        Some(b' ' | b'\t' | b'-') => {
            let mark = after.trim_start_matches([' ', '\t']).chars().next();
            mark.is_none_or(|c| matches!(c, ':' | '-' | ')' | '\n' | '\r') || !c.is_ascii())
        }
        Some(byte) => !byte.is_ascii(),
    }
}

/// The letters that a text begins with.
fn first_word(text: &str) -> &str {
    let end = text.bytes().position(|b| !b.is_ascii_alphabetic());
    &text[..end.unwrap_or(text.len())]
}

/// Whether a word names a section.
fn is_name(word: &str) -> bool {
    const NAMES: [&str; 16] = [
        "s",
        "o",
        "a",
        "p",
        "tx",
        "subjective",
        "objective",
        "assessment",
        "plan",
        "treatment",
        "interventions",
        "subj",
        "obj",
        "assess",
        "assmt",
        "asmt",
    ];
    !word.is_empty() && NAMES.iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// The headings of the visit that are written in another way than the format knows, in order.
pub fn other_headings(case: &VisitCase<'_>) -> Vec<OtherHeading> {
    if case.signs().has(HEADING) {
        headings_in(case.text, case.visit)
    } else {
        Vec::new()
    }
}

fn headings_in(text: &str, visit: &Visit) -> Vec<OtherHeading> {
    let mut found = Vec::new();
    let mut letters = Vec::new();
    let mut is_list = false;
    for (at, line) in lines(text) {
        if line.len() > 4000 || !may_be_heading(line) {
            is_list |= line.starts_with("B)") || line.starts_with("B -");
            continue;
        }
        let hit = [
            &MARKDOWN, &DECORATED, &BULLET, &SPACED, &DASHED, &ALONE, &SHORTENED,
        ]
        .into_iter()
        .find_map(|pattern| pattern.captures(line));
        let letter = LETTER.captures(line);
        let Some(captures) = hit.as_ref().or(letter.as_ref()) else {
            is_list |= line.starts_with("B)") || line.starts_with("B -");
            continue;
        };
        let whole = captures.get(0).map_or("", |m| m.as_str());
        let heading = OtherHeading {
            kind: kind_of(captures.get(1).map_or("", |m| m.as_str())),
            span: Span::new(at, at + whole.trim_end().len()),
        };
        if hit.is_some() {
            found.push(heading);
        } else {
            letters.push(heading);
        }
    }
    let has = |kind: SectionKind| visit.sections.iter().any(|s| s.kind == kind);
    let others = |kind: SectionKind| {
        let known = visit.sections.iter().map(|s| s.kind);
        let mut all = letters.iter().map(|h| h.kind).chain(known);
        all.any(|other| other != kind && other != SectionKind::Treatment)
    };
    let certain = letters
        .iter()
        .filter(|h| !is_list && others(h.kind))
        .cloned();
    found.extend(certain);
    // `A - tender L4` below a proper `A:` is the clinician's own shorthand.
    found.retain(|h| !has(h.kind));
    found.sort_by_key(|h| h.span);
    found
}

/// The sections that a key stands for which is no heading of the format: notes of other schemes.
pub fn meant_by(key: &str) -> &'static [SectionKind] {
    use SectionKind::{Assessment, Objective, Plan, Subjective};
    match normal(key).trim_end_matches('.') {
        "a/p" | "a & p" | "assessment/plan" | "assessment and plan" | "impression/plan" => {
            &[Assessment, Plan]
        }
        "s/o" | "data" => &[Subjective, Objective],
        "subj"
        | "history"
        | "hx"
        | "interval history"
        | "hpi"
        | "cc"
        | "chief complaint"
        | "complaint"
        | "complaints"
        | "condition"
        | "focus"
        | "client reports"
        | "patient reports"
        | "pt reports"
        | "reports"
        | "patient report"
        | "client report"
        | "subjective report"
        | "subjective complaints"
        | "current status" => &[Subjective],
        "obj" | "observation" | "observations" | "findings" | "objective findings" | "exam"
        | "examination" | "palpation" | "special tests" | "tests" | "measurements"
        | "tests and measures" | "rom" => &[Objective],
        "assess"
        | "asmt"
        | "assmt"
        | "evaluation"
        | "impression"
        | "clinical impression"
        | "analysis" => &[Assessment],
        "recommendations"
        | "recommendation"
        | "next visit"
        | "plan for next visit"
        | "treatment plan"
        | "plan of treatment"
        | "home program"
        | "follow up"
        | "follow-up" => &[Plan],
        other => near_section(other).map_or(&[], |kind| match kind {
            Subjective => &[Subjective],
            Objective => &[Objective],
            Assessment => &[Assessment],
            _ => &[],
        }),
    }
}

/// The section whose long name a key most likely means: `Assesment:`.
pub fn near_section(key: &str) -> Option<SectionKind> {
    let key = normal(key);
    let near = |kind: &SectionKind| {
        let long = name(*kind).to_lowercase();
        (7..=12).contains(&key.len())
            && key != "objectives"
            && key != long
            && strsim::osa_distance(&key, &long) <= 2
    };
    [
        SectionKind::Subjective,
        SectionKind::Objective,
        SectionKind::Assessment,
    ]
    .into_iter()
    .find(near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::signs::Signs;
    use crate::trial;

    #[test]
    fn every_other_heading_may_be_one() {
        let words = [
            "S",
            "o",
            "A",
            "P",
            "tx",
            "Subjective",
            "OBJECTIVE",
            "assessment",
            "Plan",
            "Treatment",
            "Interventions",
            "subj",
            "obj",
            "assess",
            "asmt",
            ":",
            "#",
            "## ",
            "- ",
            "* ",
            "• ",
            "**",
            "__",
            "[",
            "]",
            ")",
            " -",
            " – ",
            ".",
            ".:",
        ];
        trial::each(&words, |text| {
            for (_, line) in lines(text) {
                let begins =
                    line.starts_with(['#', '-', '*', '•', '_', '[']) || is_name(first_word(line));
                let patterns = [
                    &MARKDOWN, &DECORATED, &BULLET, &SPACED, &DASHED, &ALONE, &SHORTENED, &LETTER,
                ];
                let matches = || patterns.into_iter().any(|p| p.is_match(line));
                assert!(may_be_heading(line) || !begins || !matches(), "{line:?}");
                let signs = Signs::of(text);
                assert!(signs.has(HEADING) || !may_be_heading(line), "{text:?}");
            }
            let old = |text: &str| {
                let mut start = 0;
                let lines = text.split_inclusive(['\n', '\r']).map(|line| {
                    start += line.len();
                    (
                        start - line.len(),
                        line.trim_end_matches(['\n', '\r']).to_owned(),
                    )
                });
                lines.collect::<Vec<_>>()
            };
            let new: Vec<_> = lines(text)
                .map(|(at, line)| (at, line.to_owned()))
                .collect();
            assert_eq!(new, old(text));
        });
    }
}
