//! How a finding is silenced: here, in the whole chart, or in the project.

use std::ops::Range;

use toml_edit::{Document, TableLike};

use super::chart_draft::line_for_chart;
use super::{Edit, Finding, Fix, VisitCase};
use crate::chart::Visit;
use crate::text::{Span, line_break};

/// Where a finding stands.
#[derive(Debug)]
pub struct FindingContext<'a> {
    /// The visit that it lies in, or what stands before the first visit heading.
    pub case: VisitCase<'a>,
    /// Its byte offset in the document.
    pub start: usize,
    /// It lies before the first visit heading, where a waiver holds for the whole chart.
    pub in_preamble: bool,
    /// What stands before the first visit heading, with its text.
    pub preamble: Option<(&'a str, &'a Visit)>,
    /// The text that the document begins with.
    pub first: &'a str,
}

/// The edits that silence a finding in the note: where it lies, and in the whole chart. Spans, the
/// finding's too, are offsets of the document. Each leaves a placeholder for the reason.
pub fn silences(place: &FindingContext<'_>, finding: &Finding) -> Vec<Fix> {
    let line = format!("waive: {} because ___", finding.rule.name);
    let case = &place.case;
    let span = Span::new(
        finding.span.start.saturating_sub(place.start),
        finding.span.end.saturating_sub(place.start),
    );
    let modality = case
        .visit
        .modalities
        .iter()
        .find(|m| m.span.start <= span.start && span.end <= m.span.end)
        // Below a sentence or a row between bars a line would be none of the block's, and would cut the text in two.
        .filter(|m| m.has_own_line);
    let mut here = match modality {
        Some(modality) => case.line_below(modality, &line),
        None => case.line_at_top(&line),
    };
    here.span = here.span.shifted(place.start);
    let chart = line_for_chart(place.preamble, place.first, &line);
    let fix = |title: &'static str, edit: Edit| Fix {
        title: title.into(),
        edits: vec![edit],
        preferred: false,
    };
    let mut fixes = Vec::new();
    if here != chart && !(place.in_preamble && modality.is_none()) {
        fixes.push(fix("Do not show this here (say why)", here));
    }
    fixes.push(fix("Do not show this in this chart (say why)", chart));
    fixes
}

/// What becomes of `soapstone.toml` when a rule is switched off for all notes beside it. All else in
/// the file stays byte for byte.
pub fn project_edit(existing: Option<&str>, rule: &str) -> String {
    let text = existing.unwrap_or_default();
    let br = line_break(text);
    let off = format!("{rule} = \"off\"");
    let (at, new) = match toml_place(text, rule) {
        TomlPlace::Value(range) => (range, "\"off\"".to_owned()),
        TomlPlace::Inline(at, comma) => (at..at, format!("{comma}{off}")),
        TomlPlace::Dotted(at) => (at..at, format!("rules.{off}{br}")),
        TomlPlace::BelowHeader(at) => {
            let ended = text[..at].ends_with(['\n', '\r']);
            let before = if ended { "" } else { br };
            (at..at, format!("{before}{off}{br}"))
        }
        TomlPlace::End => {
            let gap = if text.is_empty() {
                ""
            } else if text.ends_with('\n') {
                br
            } else {
                &br.repeat(2)
            };
            (text.len()..text.len(), format!("{gap}[rules]{br}{off}{br}"))
        }
    };
    let mut edited = text.to_owned();
    edited.replace_range(at, &new);
    edited
}

enum TomlPlace {
    /// The rule has a level already.
    Value(Range<usize>),
    /// `rules = { ... }`: where a further rule goes, and what stands before it.
    Inline(usize, &'static str),
    /// `rules.x = ...`: the start of such a line.
    Dotted(usize),
    /// `[rules]`: the start of the line below.
    BelowHeader(usize),
    /// There are no rules.
    End,
}

fn toml_place(text: &str, rule: &str) -> TomlPlace {
    let below = |header: Option<usize>| header.map_or(TomlPlace::End, TomlPlace::BelowHeader);
    let Ok(document) = Document::parse(text) else {
        // Whatever the file means, its own header is the place.
        return below(header(text));
    };
    let Some(item) = document.as_table().get("rules") else {
        return TomlPlace::End;
    };
    if let Some(range) = item
        .as_table_like()
        .and_then(|table| table.get(rule))
        .and_then(toml_edit::Item::span)
    {
        return TomlPlace::Value(range);
    }
    if let Some(inline) = item.as_inline_table()
        && let Some(range) = inline.span()
        && text[range.clone()].ends_with('}')
    {
        let before = text[..range.end - 1].trim_end();
        let comma = match before.chars().next_back() {
            Some('{' | ',') => " ",
            _ => ", ",
        };
        return TomlPlace::Inline(before.len(), comma);
    }
    let dotted = item
        .as_table()
        .filter(|table| table.is_dotted())
        .and_then(|table| first_key(table, text));
    dotted.map_or_else(|| below(header(text)), TomlPlace::Dotted)
}

/// The start of the line of a table's first key.
fn first_key(table: &dyn TableLike, text: &str) -> Option<usize> {
    let (name, _) = table.iter().next()?;
    let (key, item) = table.get_key_value(name)?;
    let at = key.span().or_else(|| item.span())?.start;
    Some(text[..at].rfind('\n').map_or(0, |at| at + 1))
}

/// The start of the line below `[rules]`.
fn header(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        start += line.len();
        let (key, _) = line.split_once('#').unwrap_or((line, ""));
        if key.replace(|c: char| c.is_whitespace() || "\"'".contains(c), "") == "[rules]" {
            return Some(start);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::Analysis;
    use crate::policy::{Level, Policy};
    use crate::rules::Words;
    use crate::text::Document as Note;

    #[test]
    fn the_project_file_keeps_all_else() {
        let off = "missing-goal = \"off\"";
        for (before, after) in [
            ("", format!("[rules]\n{off}\n")),
            (
                "payer = \"x\"\n",
                format!("payer = \"x\"\n\n[rules]\n{off}\n"),
            ),
            (
                "payer = \"x\"",
                format!("payer = \"x\"\n\n[rules]\n{off}\n"),
            ),
            (
                "# ours\n[rules] # levels\nunits-limit = \"hint\"\n\n[payers.a]\n",
                format!("# ours\n[rules] # levels\n{off}\nunits-limit = \"hint\"\n\n[payers.a]\n"),
            ),
            ("[rules]", format!("[rules]\n{off}\n")),
            (
                "[rules]\r\nunits-limit = \"hint\"\r\n",
                format!("[rules]\r\n{off}\r\nunits-limit = \"hint\"\r\n"),
            ),
            (
                "[rules]\nmissing-goal = 'hint' # for now\n",
                "[rules]\nmissing-goal = \"off\" # for now\n".to_owned(),
            ),
            ("rules = { }\n", format!("rules = {{ {off} }}\n")),
            (
                "rules = { units-limit = \"hint\" }\n",
                format!("rules = {{ units-limit = \"hint\", {off} }}\n"),
            ),
            (
                "payer = \"a\"\nrules.units-limit = \"hint\"\n",
                format!("payer = \"a\"\nrules.{off}\nrules.units-limit = \"hint\"\n"),
            ),
        ] {
            let edited = project_edit(Some(before), "missing-goal");
            assert_eq!(edited, after);
            let (policy, _) = crate::rules::read_policy(&edited);
            assert_eq!(
                policy.rules.get("missing-goal"),
                Some(&Level::Off),
                "{edited}"
            );
        }
        assert_eq!(
            project_edit(None, "missing-goal"),
            format!("[rules]\n{off}\n")
        );
    }

    fn analysis(text: &str) -> Analysis {
        let policy = Policy {
            today: "2026-11-22".parse().ok(),
            ..Policy::default()
        };
        Analysis::of(&Note::new(text), &Arc::new(policy))
    }

    fn counted(analysis: &Analysis) -> std::collections::BTreeMap<(&'static str, Words), usize> {
        let mut counts = std::collections::BTreeMap::new();
        for finding in analysis.findings() {
            *counts
                .entry((finding.rule.name, finding.message))
                .or_default() += 1;
        }
        counts
    }

    #[test]
    fn a_line_cuts_no_table_and_no_sentence() {
        let blocks = |text: &str| {
            let visit = crate::chart::lower(text, &crate::syntax::Syntax::of(text));
            let blocks = visit.modalities.iter();
            let blocks = blocks.map(|m| format!("{} {:?}", m.code, m.minutes()));
            blocks.collect::<Vec<_>>()
        };
        for table in [
            "CPT | Min\n97110 | 25\n97140 | 12\n97530 | 15\n",
            "| CPT | Min |\n|---|---|\n| 97110 | 25 |\n| 97140 | 12 |\n| 97530 | 15 |\n",
            "Code\tMin\n97110\t25\n97140\t12\n97530\t15\n",
            "Bridges (97110) 25 min. Glides (97140) 12 min. Lifts (97530) 15 min.\n",
        ] {
            let note = format!("visit: 2026-11-20\nS: Sore.\nO: Stiff.\n{table}A: Better.\n");
            let before = blocks(&note);
            assert_eq!(before.len(), 3, "{note}");
            let found = analysis(&note);
            let mut edits = 0;
            for finding in found.findings() {
                let fixes = finding
                    .fixes
                    .iter()
                    .cloned()
                    .chain(found.silences(&finding));
                let added = |fix: &Fix| {
                    fix.edits
                        .iter()
                        .all(|e| e.span.is_empty() && e.text.contains(": "))
                };
                for fix in fixes.filter(added) {
                    let mut edited = note.clone();
                    for edit in fix.edits.iter().rev() {
                        edited.replace_range(edit.span.range(), &edit.text);
                    }
                    assert_eq!(blocks(&edited), before, "{}:\n{edited}", fix.title);
                    edits += 1;
                }
            }
            assert!(edits > 3, "{note}");
        }
    }

    /// After each edit the finding is gone, and nothing loud came but the placeholder's own finding.
    #[test]
    fn each_edit_silences_and_asks_only_for_the_reason() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/notes");
        let mut notes: Vec<String> = ["clean", "findings"]
            .iter()
            .filter_map(|part| std::fs::read_dir(format!("{folder}/{part}")).ok())
            .flatten()
            .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok())
            .collect();
        assert!(notes.len() > 20, "the notes are there");
        notes.push("visit: 2026-11-20\n97124 lumbar\nS: x".to_owned());
        notes.push("visit: 2027-11-20\r\n97124 lumbar 10:00-10:05\r\nS: x".to_owned());
        notes.push("97124 lumbar\nP: ___ weeks\n\nvisit: 2027-11-20\n97124 20 min\n".to_owned());
        notes.push(
            "\u{feff}payer: auto\nwaive: units-limt\nvisit: 2027-11-20\n97124 20 min\n".to_owned(),
        );
        for note in notes {
            let before = analysis(&note);
            let counts = counted(&before);
            for finding in before.findings() {
                let fixes = before.silences(&finding);
                assert!(!fixes.is_empty());
                for fix in fixes {
                    let mut edited = note.clone();
                    for edit in fix.edits.iter().rev() {
                        edited.replace_range(edit.span.range(), &edit.text);
                    }
                    let after = analysis(&edited);
                    let now = counted(&after);
                    let key = (finding.rule.name, finding.message.clone());
                    assert!(
                        now.get(&key).copied().unwrap_or(0) < counts[&key],
                        "{key:?} stays after {}:\n{edited}",
                        fix.title
                    );
                    for finding in after.findings() {
                        let key = (finding.rule.name, finding.message.clone());
                        let fresh = now[&key] > counts.get(&key).copied().unwrap_or(0);
                        assert!(
                            finding.level < Level::Warning
                                || finding.rule.name == "unfilled-placeholder"
                                || !fresh,
                            "{key:?} came with {}:\n{edited}",
                            fix.title
                        );
                    }
                }
            }
        }
    }
}
