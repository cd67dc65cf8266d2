//! What becomes of a visit when somebody types inside one line of prose, read without the parser.
//!
//! Lines are told apart by their first token alone. A line that begins with two letters and has no
//! colon is prose whatever else is in it, and so is everything behind the name of a section. A change
//! there makes the line longer or shorter and moves what stands below it, and that is all.

use super::lower::line_end;
use super::{Modality, Visit};
use crate::text::{Difference, Span};

/// What became of the visit that was read of a text `before`, by a change inside of one of its lines of
/// prose that made `now` of that text. `None` if the change may have done more: then the text has to be
/// parsed.
pub fn typed(before: (&str, &Visit), now: &str, change: &Difference) -> Option<Visit> {
    let (index, end) = line_of_prose(before, now, change)?;
    let moves = Moves {
        from: end,
        back: change.old.len(),
        on: change.new.len(),
    };
    let mut visit = moves.visit(before.1);
    let line = &mut visit.prose[index].span;
    let words = &now[line.start..moves.at(end)];
    line.end = line.start + words.trim_end_matches([' ', '\t']).len();
    visit.len = now.len();
    visit.ink_end = now.trim_end().len();
    Some(visit)
}

/// The line of prose that the change lies in, by its index, and where the line ended before.
fn line_of_prose(
    (text, visit): (&str, &Visit),
    now: &str,
    change: &Difference,
) -> Option<(usize, usize)> {
    let plain = |words: &str| words.bytes().all(|b| b >= b' ' || b == b'\t');
    if !plain(&text[change.old.range()]) || !plain(&now[change.new.range()]) {
        return None;
    }
    let begins_before = |line: &super::Prose| line.span.start < change.old.start;
    let index = visit.prose.partition_point(begins_before).checked_sub(1)?;
    let line = visit.prose[index].span;
    let end = line_end(text, line.start);
    // What looks like a field may have several lines.
    if change.old.end > end || line.end > end {
        return None;
    }
    let now_end = end - change.old.len() + change.new.len();
    let begins_with_letters = || {
        let colon = |words: &str| words.bytes().any(|b| b == b':');
        stands_at_line_start(text, line.start)
            && change.old.start >= line.start + 2
            && text.as_bytes()[line.start..][..2]
                .iter()
                .all(u8::is_ascii_alphabetic)
            && !colon(&text[line.start..end])
            && !colon(&now[line.start..now_end])
    };
    (follows_section_name((text, visit), line.start) || begins_with_letters())
        .then_some((index, end))
}

/// Whether there are but blanks between an offset and the beginning of its line.
fn stands_at_line_start(text: &str, at: usize) -> bool {
    let mut before = text.as_bytes()[..at].iter().rev();
    let ink = before.find(|b| !matches!(b, b' ' | b'\t'));
    ink.is_none_or(|b| matches!(b, b'\n' | b'\r'))
}

/// Whether there are but blanks between a section's name and an offset.
fn follows_section_name((text, visit): (&str, &Visit), at: usize) -> bool {
    let mut names = visit.sections.iter().rev().map(|section| section.name.end);
    let name = names.find(|end| *end <= at);
    name.is_some_and(|end| {
        let between = &text.as_bytes()[end..at];
        between.iter().all(|b| matches!(b, b' ' | b'\t'))
    })
}

/// How what stands below a line moves when the line gets longer or shorter. Nothing but the line itself
/// begins or ends within it.
struct Moves {
    /// The end of the line.
    from: usize,
    /// How many bytes went.
    back: usize,
    /// How many bytes came.
    on: usize,
}

impl Moves {
    fn at(&self, offset: usize) -> usize {
        if offset < self.from {
            offset
        } else {
            offset - self.back + self.on
        }
    }

    fn span(&self, span: &mut Span) {
        *span = Span::new(self.at(span.start), self.at(span.end));
    }

    fn modality(&self, modality: &Modality) -> Modality {
        modality.moved(self.at(modality.block.start))
    }

    fn visit(&self, old: &Visit) -> Visit {
        let mut visit = Visit {
            heading: old.heading.clone(),
            sections: old.sections.clone(),
            fields: old.fields.clone(),
            unknown_fields: old.unknown_fields.clone(),
            modalities: old.modalities.iter().map(|m| self.modality(m)).collect(),
            diagnoses: old.diagnoses.clone(),
            goals: old.goals.clone(),
            prose: old.prose.clone(),
            ink_end: old.ink_end,
            len: old.len,
        };
        if let Some(heading) = &mut visit.heading {
            self.span(&mut heading.span);
            self.span(&mut heading.key);
            heading.value.iter_mut().for_each(|span| self.span(span));
            let date = heading.date.iter_mut().map(|date| &mut date.span);
            date.for_each(|span| self.span(span));
        }
        for section in &mut visit.sections {
            self.span(&mut section.name);
            self.span(&mut section.span);
        }
        for field in &mut visit.fields {
            self.span(&mut field.key);
            field.value.iter_mut().for_each(|span| self.span(span));
            self.span(&mut field.span);
        }
        for field in &mut visit.unknown_fields {
            self.span(&mut field.key);
        }
        for diagnosis in &mut visit.diagnoses {
            self.span(&mut diagnosis.span);
        }
        for goal in &mut visit.goals {
            let found = [
                &mut goal.activity,
                &mut goal.measure,
                &mut goal.time_frame,
                &mut goal.by_therapist,
            ];
            let found = found.into_iter().flatten();
            for span in found.chain([&mut goal.key, &mut goal.span]) {
                self.span(span);
            }
        }
        for prose in &mut visit.prose {
            self.span(&mut prose.span);
        }
        visit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::lower;
    use crate::syntax::Syntax;
    use crate::trial::{Chance, contents};

    fn read(text: &str) -> Visit {
        lower(text, &Syntax::of(text))
    }

    /// What is typed, by a person or with bad intent.
    const TYPED: &[&str] = &[
        "a",
        "e",
        " ",
        "  ",
        "\t",
        "5",
        "10",
        ":",
        ": ",
        "/",
        "//",
        "-",
        "\u{2013}",
        ".",
        ",",
        "é",
        "\u{A0}",
        "\u{1F600}",
        "\u{FEFF}",
        "\n",
        "\r",
        "\0",
        "\u{b}",
        "min",
        "97140",
        "A1234",
        "S:",
        "dx: M54.50",
        "http://x",
        "\u{FF1A}",
        "word ",
    ];

    #[test]
    fn a_visit_typed_in_equals_one_read_from_nothing() {
        let mut notes = contents("../tests/notes", "soap");
        let pages = contents("../docs/rules", "md");
        let examples = pages.iter().flat_map(|page| page.split("```"));
        notes.extend(examples.skip(1).step_by(2).map(str::to_owned));
        notes.push("10000 steps\n  walked them slowly\nand then some\n".to_owned());
        notes.push("S: a\n  b c\nEnd of it\r\nO:\nFlexion full ".to_owned());
        let mut luck = Chance::new(26);
        let (mut quick, mut all) = (0, 0);
        for note in &notes {
            let mut text = note.replace('\n', ["\n", "\n", "\r\n", "\r"][luck.below(4)]);
            let mut visit = read(&text);
            for _ in 0..16 {
                // Half of the time somewhere in prose, or at its end.
                let prose = &visit.prose;
                let from = if prose.is_empty() || luck.below(2) == 0 {
                    luck.below(text.len() + 1)
                } else {
                    let line = prose[luck.below(prose.len())].span;
                    line.start + luck.below(line.len() + 1)
                };
                let from = text.floor_char_boundary(from);
                let gone = [0, 0, 0, 1, 1, 2, 7][luck.below(7)];
                let to = text.ceil_char_boundary((from + gone).min(text.len()));
                let what = TYPED[luck.below(TYPED.len())];
                let what = if gone > 0 && luck.below(2) == 0 {
                    ""
                } else {
                    what
                };
                let mut now = text.clone();
                now.replace_range(from..to, what);
                let change = Difference::between(&text, &now);
                let full = read(&now);
                if let Some(visit) = typed((&text, &visit), &now, &change) {
                    assert_eq!(
                        format!("{visit:?}"),
                        format!("{full:?}"),
                        "{text:?} became {now:?}"
                    );
                    quick += 1;
                }
                all += 1;
                (text, visit) = (now, full);
            }
        }
        assert!(quick * 5 > all, "{quick} of {all}");
    }

    #[test]
    fn what_may_be_another_line_is_parsed() {
        for (old, now) in [
            // A key, a section, a code, a comment, a line more, another visit.
            ("Pain at desk\n", "Pain at desk: more\n"),
            ("Pain at my desk: x\n", "Pain atmy desk: x\n"),
            ("Sx a\n", "S:x a\n"),
            ("9714 lumbar\n", "97140 lumbar\n"),
            ("A123 lumbar\n", "A1234 lumbar\n"),
            ("aa b\n", "a// b\n"),
            ("aab b\n", "aa\nb b\n"),
            (
                "97140 lumbar\n  slow strokes\n",
                "97140 lumbar\n  slow strokess\n",
            ),
            ("dx: M54.50\n  low back\n", "dx: M54.50\n  low backk\n"),
            ("S: a b\n", "S: xa b\n"),
        ] {
            let visit = read(old);
            let change = Difference::between(old, now);
            assert!(typed((old, &visit), now, &change).is_none(), "{now:?}");
        }
    }
}
