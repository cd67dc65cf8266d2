use std::ops::Range;

use super::sections::{line_start, rest_of_line};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::coded_prose;
use crate::pattern::pattern;
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "unfilled-placeholder",
    group: Group::Documentation,
    level: Level::Warning,
    source: "A blank in a signed note is an incomplete note",
    page: page!("unfilled-placeholder"),
    check: Check::Visit(check),
};

pattern!(
/// The placeholders that Soapstone's own templates, record systems and text expanders leave.
    BLANK,
    r"_{3,}|\*{3}|\{[^{}\r\n]{0,40}\}|\[(?:\.{2,}|…|_+)\]"
);

pattern!(
    /// A value written on the line of its blank: `___45___`.
    WRITTEN,
    r"_{2,}[0-9A-Za-z](?:[^_\r\n]{0,40}[0-9A-Za-z.%°'])?_{2,}"
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // The lines of a fee sheet that nobody filled are no treatment; `unread-code` names what may be one.
    let mut known = (Span::at(0), false);
    let mut is_offered = |blank: Span| {
        if blank.start >= known.0.end {
            let line = line_of(case.text, blank.start);
            let mut blocks = case.visit.modalities.iter();
            let is_block = blocks.any(|b| b.line.start < line.end && line.start < b.span.end);
            known = (line, !is_block && coded_prose::names_code(case.text, line));
        }
        known.1
    };
    for blank in blanks(case.text) {
        if is_offered(blank) {
            continue;
        }
        let draft = Draft::new(
            blank,
            "This blank has not been filled in. A payer treats a note with blanks as incomplete.",
        );
        // Nobody needs to be told of the blanks of a visit that is being written.
        found.push(if case.fresh {
            draft.level(Level::Hint)
        } else {
            draft
        });
    }
}

/// The blanks of a text that are still to be filled in, in order.
pub fn blanks(text: &str) -> Vec<Span> {
    let written: Vec<Range<usize>> = WRITTEN.find_iter(text).map(|m| m.range()).collect();
    let is_written = |blank: &Range<usize>| {
        let follows_figure = text[..blank.start].ends_with(|c: char| c.is_ascii_digit());
        let line = text[blank.start..].starts_with('_');
        let behind = written.partition_point(|w| w.end <= blank.start);
        let meets = || written.get(behind).is_some_and(|w| w.start < blank.end);
        line && (follows_figure || meets())
    };
    // The line that was looked at last, and whether its blanks count.
    let mut known = (Span::at(0), false);
    let mut is_open = |blank: &Range<usize>| {
        if blank.start >= known.0.end {
            let line = line_of(text, blank.start);
            let words = &text[line.range()];
            let comment = words.trim_start().starts_with("//");
            let ruler = !words.chars().any(char::is_alphanumeric);
            known = (line, !comment && !ruler);
        }
        known.1 && !is_written(blank) && !is_emphasis(text, blank.clone())
    };
    let all = BLANK.find_iter(text).map(|m| m.range());
    all.filter(|blank| is_open(blank)).map(Span::from).collect()
}

/// The line of an offset, without its end.
fn line_of(text: &str, at: usize) -> Span {
    let start = line_start(text, at);
    Span::new(start, start + rest_of_line(text, start).len())
}

/// Whether these are the stars of `***Latex allergy***`: a placeholder of stars stands by itself.
fn is_emphasis(text: &str, placeholder: Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '*';
    let before = text[..placeholder.start]
        .chars()
        .next_back()
        .is_some_and(joins);
    let after = text[placeholder.end..].chars().next().is_some_and(joins);
    text[placeholder].starts_with('*') && (before || after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders() {
        for (text, placeholders) in [
            ("pain ___/10 by _____", vec!["___", "_____"]),
            ("BP ***/***", vec!["***", "***"]),
            ("*****", vec!["***"]),
            ("seen by {provider name}", vec!["{provider name}"]),
            ("{} {{x}}", vec!["{}", "{x}"]),
            (
                "[..] [....] […] [_] [__]",
                vec!["[..]", "[....]", "[…]", "[_]", "[__]"],
            ),
            ("__ ** [.] [x] [] [ ] {a\nb} [_", vec![]),
            (
                "{a sentence of more than forty characters in braces}",
                vec![],
            ),
        ] {
            let found: Vec<_> = BLANK.find_iter(text).map(|m| m.as_str()).collect();
            assert_eq!(found, placeholders, "{text}");
        }
    }

    #[test]
    fn a_blank_that_was_filled_is_none() {
        use crate::analysis::Analysis;
        use crate::policy::Policy;
        use crate::text::Document;
        use std::sync::Arc;

        for (line, blanks) in [
            ("O: Flexion ___45___ degrees.", 0),
            ("O: Flexion 45___ degrees.", 0),
            ("O: Pain ___4/10___ today.", 0),
            ("O: ROM R___ L___", 2),
            ("O: pain ___/10 by _____", 2),
            ("O: ___ degrees, then ___45___", 1),
            // A fee sheet that nobody filled.
            ("Fee sheet:\n97035 Ultrasound ___ min\n97016 Pump ___", 0),
            ("O: [ ] 97016 Pump ____ min", 0),
            ("O: The pump (97016) ran ___ min.", 0),
            ("97116 hallway ___ min", 1),
        ] {
            let document = Document::new(&format!("visit: 2026-11-20\n{line}\nP: weekly\n"));
            let found = Analysis::of(&document, &Arc::new(Policy::default())).findings();
            let of_rule = found.iter().filter(|f| f.rule.name == RULE.name);
            assert_eq!(of_rule.count(), blanks, "{line}");
        }
    }

    #[test]
    fn a_visit_that_is_being_written_is_not_blamed_for_its_blanks() {
        use crate::analysis::Analysis;
        use crate::policy::Policy;
        use crate::text::Document;
        use std::sync::Arc;

        let levels = |text: &str| -> Vec<Level> {
            let found = Analysis::of(&Document::new(text), &Arc::new(Policy::default())).findings();
            let of_rule = found.iter().filter(|f| f.rule.name == RULE.name);
            of_rule.map(|f| f.level).collect()
        };
        let note = "patient: ___\n\nvisit: 2026-11-20\nS: ___\n97124 lumbar ___ min\n";
        assert_eq!(levels(note), [Level::Hint; 3]);
        assert_eq!(levels("S: ___\n97124 lumbar 25 min\n"), [Level::Hint]);
        let signed = format!("{note}signed: A. Rivera, LMT 2026-11-20\n");
        assert_eq!(levels(&signed), [Level::Warning; 3]);
        let followed = format!("{note}\nvisit: 2026-11-22\nS: ___\n");
        assert_eq!(
            levels(&followed),
            [Level::Warning, Level::Warning, Level::Warning, Level::Hint]
        );
    }
}
