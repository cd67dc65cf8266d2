//! What the rules about a note's sections share.

use memchr::{memchr2_iter, memrchr2};

use super::VisitCase;
use crate::chart::field::normal;
use crate::chart::{FieldKind, Section, SectionKind, Visit};
use crate::pattern::pattern;
use crate::text::bullet::MARKS;
use crate::text::{Span, line_end};

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
    let is_open = !text.is_empty() && !text.ends_with(['\n', '\r']);
    let ends = memchr2_iter(b'\n', b'\r', text.as_bytes()).chain(is_open.then_some(text.len()));
    let mut start = 0;
    ends.map(move |end| {
        let at = start;
        start = end + 1;
        (at, &text[at..end])
    })
}

/// Where the line of an offset begins.
pub fn line_start(text: &str, at: usize) -> usize {
    memrchr2(b'\n', b'\r', &text.as_bytes()[..at]).map_or(0, |br| br + 1)
}

/// The lines that a span lies in, with their breaks.
pub fn whole_lines(text: &str, span: Span) -> Span {
    Span::new(line_start(text, span.start), line_end(text, span.end))
}

/// The line of an offset, without its break.
pub fn line_at(text: &str, at: usize) -> &str {
    rest_of_line(text, line_start(text, at))
}

/// What follows an offset in its line.
pub fn rest_of_line(text: &str, at: usize) -> &str {
    lines(&text[at..]).next().map_or("", |(_, line)| line)
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
        let trimmed = line.trim();
        let start = body.start + at + (line.len() - line.trim_start().len());
        let holds = |span: Span| span.start <= start && start < span.end;
        let is_administrative = || {
            let mut fields = visit.fields.iter();
            fields.any(|f| holds(f.span) && ADMINISTRATIVE.contains(&f.kind))
        };
        let is_billed = || !with_modalities && visit.modalities.iter().any(|m| holds(m.span));
        let is_content = !trimmed.is_empty()
            && !trimmed.starts_with("//")
            && !is_administrative()
            && !is_billed();
        is_content.then_some(trimmed)
    })
}

/// Whether a section says anything. What was done says something of every section but the
/// patient's own.
fn is_empty(text: &str, visit: &Visit, section: &Section) -> bool {
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
    of_kind.any(|s| !is_empty(text, visit, s))
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
    /// From the line's start to where the section's own words begin, without the spaces there.
    pub span: Span,
}

pattern!(
    /// The headings that other programs write. A bare letter counts only in company, because `A)` also
    /// begins a list.
    OTHER_HEADING,
    &format!(
        r"(?x)^(?:
            # `## Subjective`, `# S:`
            \#{{1,6}}[\ \t]*(?i:s|o|a|p|tx|subjective|objective|assessment|plan|treatment|interventions)[\ \t]*:?[\ \t]*\#*[\ \t]*$
            # `**S:**`, `__Plan__:`
            | (?:[{MARKS}][\ \t]+)?(?:\*{{1,3}}|_{{1,2}})(?i:s|o|a|p|tx|subjective|objective|assessment|plan|treatment|interventions)[\ \t]*:?(?:\*{{1,3}}|_{{1,2}})[\ \t]*:?
            # `- S:`, and S in brackets
            | (?:[{MARKS}][\ \t]+|\[)(?i:s|o|a|p|subjective|objective|assessment|plan)(?::|\][\ \t]*:?)(?:[\ \t]|$)
            # `Plan : `
            | (?i:s|o|a|p|tx|subjective|objective|assessment|plan|treatment)[\ \t]+:(?:[\ \t]|$)
            # `Subjective - `
            | (?:Subjective|SUBJECTIVE|Objective|OBJECTIVE|Assessment|ASSESSMENT|Plan|PLAN|Treatment|TREATMENT)[\ \t]*[-–—)][\ \t]
            # `Subjective`
            | (?:Subjective|SUBJECTIVE|Objective|OBJECTIVE|Assessment|ASSESSMENT|Plan|PLAN|Treatment|TREATMENT|Interventions|INTERVENTIONS)[\ \t]*$
            # `Subj: `
            | (?i:subj|obj|assess|assmt|asmt)\.?:(?:[\ \t]|$)
            # `S -`, and S before a bracket
            | (?P<letter>[SOAP])(?:\)|[\ \t]+[-–—](?:[\ \t]|$))
            )"
    )
);

/// The section that a heading names, by its first letter.
fn kind_of(heading: &str) -> SectionKind {
    let letter = heading.bytes().find(u8::is_ascii_alphabetic);
    match letter.map(|letter| letter.to_ascii_lowercase()) {
        Some(b's') => SectionKind::Subjective,
        Some(b'o') => SectionKind::Objective,
        Some(b'a') => SectionKind::Assessment,
        Some(b'p') => SectionKind::Plan,
        _ => SectionKind::Treatment,
    }
}

/// No longer line is a heading.
const LONGEST_HEADING: usize = 4000;

/// The headings of the visit that are written in another way than the format knows, in order.
pub fn other_headings<'c>(case: &'c VisitCase<'_>) -> &'c [OtherHeading] {
    case.other_headings.get_or_init(|| find_headings(case))
}

fn find_headings(case: &VisitCase<'_>) -> Vec<OtherHeading> {
    let visit = case.visit;
    let mut found = Vec::new();
    let mut letters = Vec::new();
    let mut is_list = false;
    for (at, line) in lines(case.text) {
        is_list |= line.starts_with("B)") || line.starts_with("B -");
        if line.len() > LONGEST_HEADING {
            continue;
        }
        let Some(written) = OTHER_HEADING.captures(line) else {
            continue;
        };
        let whole = written.get(0).map_or("", |m| m.as_str()).trim_end();
        let heading = OtherHeading {
            kind: kind_of(whole),
            span: Span::new(at, at + whole.len()),
        };
        if written.name("letter").is_some() {
            letters.push(heading);
        } else {
            found.push(heading);
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
    const LONG: [(&str, SectionKind); 3] = [
        ("subjective", SectionKind::Subjective),
        ("objective", SectionKind::Objective),
        ("assessment", SectionKind::Assessment),
    ];
    let key = normal(key);
    let near = |long: &str| key != long && strsim::osa_distance(&key, long) <= 2;
    let may_be_one = (7..=12).contains(&key.len()) && key != "objectives";
    let mut long = LONG.into_iter().filter(|_| may_be_one);
    long.find(|(long, _)| near(long)).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_their_offsets() {
        let all: Vec<_> = lines("a\r\nb\n\nc").collect();
        assert_eq!(all, [(0, "a"), (2, ""), (3, "b"), (5, ""), (6, "c")]);
        assert_eq!(lines("").next(), None);
        assert_eq!(line_at("one\r\ntwo\nthree", 6), "two");
        assert_eq!(line_at("one\r\ntwo", 0), "one");
        assert_eq!(line_at("one\n", 4), "");
    }

    #[test]
    fn keys_that_mean_a_section() {
        use SectionKind::{Assessment, Objective, Plan, Subjective};
        for (key, sections) in [
            ("A/P", &[Assessment, Plan][..]),
            ("Palpation", &[Objective]),
            ("Subjetive", &[Subjective]),
            ("Objetive", &[Objective]),
            ("Assesment", &[Assessment]),
            ("Objectives", &[]),
            ("Goals", &[]),
        ] {
            assert_eq!(meant_by(key), sections, "{key}");
        }
    }

    #[test]
    fn headings_in_other_forms() {
        for (line, heading) in [
            ("## Subjective", "## Subjective"),
            ("#S: ##", "#S: ##"),
            ("**S:** pain", "**S:**"),
            ("__Plan__: weekly", "__Plan__:"),
            ("- *tx*: MFR", "- *tx*:"),
            ("- S: pain", "- S:"),
            ("• plan:", "• plan:"),
            ("[O] tight", "[O]"),
            ("[a]: better", "[a]:"),
            ("Plan : weekly", "Plan :"),
            ("s\t: pain", "s\t:"),
            ("Subjective - pain", "Subjective -"),
            ("PLAN) weekly", "PLAN)"),
            ("Objective – tight", "Objective –"),
            ("Treatment  ", "Treatment"),
            ("Subj.: pain", "Subj.:"),
            ("asmt: better", "asmt:"),
            ("S) pain", "S)"),
            ("P — weekly", "P —"),
        ] {
            let found = OTHER_HEADING.find(line);
            assert_eq!(found.map(|m| m.as_str().trim_end()), Some(heading));
        }
        for other in [
            "S: pain",
            "Subjective: pain",
            "Planning - next visit",
            "plan - weekly",
            "Plan the next visit",
            "objective is less pain",
            "s) pain",
            "B) heat",
            "- Soreness: none",
            "[x] done",
            "####### Plan",
            "# Plan for today",
            "P-A glides",
            "Obj tight",
            " Plan : weekly",
        ] {
            assert!(!OTHER_HEADING.is_match(other), "{other}");
        }
    }
}
