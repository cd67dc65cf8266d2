//! Semantic tokens: what the words of a note are, for colours.
//!
//! The grammar's `highlights.scm` colours shapes: whatever looks like a key or a code. These tokens
//! know what the words mean: a key that no field has stays plain, a code that is no longer in use is
//! struck through, and a region or technique in a block stands out.
//!
//! | in the note | type | modifiers |
//! |---|---|---|
//! | `visit` before its colon | `namespace` | |
//! | `S`, `Plan` before theirs | `keyword` | |
//! | a known key: `payer`, `technique` | `property` | |
//! | a procedure code | `function` | `timed`, `deprecated` (no longer in use), `unknown` |
//! | a modifier of a code | `decorator` | `unknown` |
//! | a region | `type` | |
//! | a side | `modifier` | |
//! | a technique | `method` | |
//! | clock times, minutes, claimed units, a goal's number, pain scores, degrees | `number` | |
//! | a date | `string` | `unknown` (the calendar has no such day) |
//! | a diagnosis code | `enumMember` | `deprecated` (ICD-9), `unknown` (not a diagnosis) |
//! | the name of a waived rule | `variable` | `unknown` |
//! | a placeholder to fill, `___` | `macro` | |
//! | a comment | `comment` | |
//!
//! Whether a diagnosis code exists depends on the release that the settings choose; that is left to
//! the findings, so that tokens depend on the text alone.

use super::line_start;
use crate::analysis::Piece;
use crate::chart::comment::Comments;
use crate::chart::{Diagnosis, DiagnosisKind, Field, FieldKind, Modality, date, time};
use crate::pattern::pattern;
use crate::policy::Waiver;
use crate::reference::regions::Side;
use crate::reference::{modifiers, retired};
use crate::rules;
use crate::text::Span;

/// What a word is. The order is that of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Visit,
    Section,
    Key,
    Code,
    Modifier,
    Region,
    Side,
    Technique,
    /// A time, minutes, units or a figure that is measured.
    Number,
    Date,
    Diagnosis,
    Rule,
    Placeholder,
    Comment,
}

/// What more is known of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Marks {
    pub timed: bool,
    /// Was valid once.
    pub retired: bool,
    /// In no table.
    pub unknown: bool,
}

/// A word of the note that has a meaning. It does not reach over a line's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub span: Span,
    pub kind: TokenKind,
    pub marks: Marks,
}

/// The tokens of a visit, or of what stands before the first one, in order and without overlap.
/// Spans are relative to it.
pub fn tokens(piece: &Piece) -> Vec<Token> {
    let mut painter = Painter {
        text: &piece.text,
        found: Vec::new(),
    };
    let visit = &piece.visit;
    for comment in Comments::of(&piece.text).spans() {
        let words = painter.str(*comment).trim_end();
        let end = comment.start + words.len();
        painter.add(Span::new(comment.start, end), TokenKind::Comment);
    }
    let blanks = BLANK.find_iter(&piece.text).map(|m| Span::from(m.range()));
    painter.all(blanks, TokenKind::Placeholder);
    if let Some(heading) = &visit.heading {
        painter.add(painter.words_of(heading.key), TokenKind::Visit);
        heading.date.into_iter().for_each(|date| painter.date(date));
    }
    for section in &visit.sections {
        painter.add(painter.words_of(section.name), TokenKind::Section);
    }
    painter.diagnoses(&visit.diagnoses);
    for field in &visit.fields {
        painter.field(field);
    }
    for modality in &visit.modalities {
        painter.modality(modality);
    }
    for prose in &visit.prose {
        painter.figures(prose.span);
    }
    painter.finish()
}

// One pass over the prose of a note: `6/10`, `2-3/10`, `45 degrees`, `20°`, `15 min`.
pattern!(
    FIGURES,
    r"(?i)\b\d{1,3}(?:\.\d)?(?:[ \t]*[-–][ \t]*\d{1,3})?(?:[ \t]*/[ \t]*10\b|[ \t]*[°º]|[ \t]*-?(?:deg|degrees?|min|mins|minutes?)\b)"
);

pattern!(BLANK, r"_{2,}");

pattern!(
    SIDES,
    r"(?i)\b(?:right|left|bilateral(?:ly)?|bilat|both|b/l|rt|lt|r|l)\b|®"
);

/// Collects tokens. Of two that overlap, the one that was added first stays.
struct Painter<'a> {
    text: &'a str,
    found: Vec<Token>,
}

impl<'a> Painter<'a> {
    fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// A key without its colon, as the grammar has it.
    fn words_of(&self, key: Span) -> Span {
        let text = self.str(key);
        let words = text.rfind(':').map_or(text, |colon| &text[..colon]);
        Span::new(key.start, key.start + words.trim_end().len())
    }

    fn add(&mut self, span: Span, kind: TokenKind) {
        self.add_with(span, kind, Marks::default());
    }

    fn all(&mut self, spans: impl IntoIterator<Item = Span>, kind: TokenKind) {
        spans.into_iter().for_each(|span| self.add(span, kind));
    }

    fn add_with(&mut self, span: Span, kind: TokenKind, marks: Marks) {
        self.found.push(Token { span, kind, marks });
    }

    fn add_known(&mut self, span: Span, kind: TokenKind, known: bool) {
        let marks = Marks {
            unknown: !known,
            ..Marks::default()
        };
        self.add_with(span, kind, marks);
    }

    fn date(&mut self, written: crate::chart::WrittenDate) {
        self.add_known(written.span, TokenKind::Date, written.day.is_some());
    }

    fn dates(&mut self, value: Span) {
        for written in date::find_in(self.str(value), value.start) {
            self.date(written);
        }
    }

    fn diagnoses(&mut self, diagnoses: &[Diagnosis]) {
        use DiagnosisKind as D;
        for Diagnosis { span, kind, .. } in diagnoses {
            if !matches!(kind, D::Placeholder | D::Words) {
                let marks = Marks {
                    timed: false,
                    retired: *kind == D::Icd9,
                    unknown: *kind == D::Procedure,
                };
                self.add_with(*span, TokenKind::Diagnosis, marks);
            }
        }
    }

    fn field(&mut self, field: &Field) {
        self.key(field.key, field.kind);
        let Some(value) = field.value else { return };
        match field.kind {
            FieldKind::Session => self.times(value),
            FieldKind::TimedMinutes => {
                self.times(value);
                let digits = self.str(value).bytes().take_while(u8::is_ascii_digit);
                let end = value.start + digits.count();
                self.add(Span::new(value.start, end), TokenKind::Number);
            }
            FieldKind::Goal => {
                self.dates(value);
                self.figures(value);
            }
            FieldKind::Limitation | FieldKind::Response => self.figures(value),
            FieldKind::Referral
            | FieldKind::Authorization
            | FieldKind::PlanOfCare
            | FieldKind::Signed
            | FieldKind::Addendum => self.dates(value),
            FieldKind::Waive => self.rules(value),
            _ => {}
        }
    }

    /// A key; the number of a goal is a token of its own.
    fn key(&mut self, key: Span, kind: FieldKind) {
        let key = self.words_of(key);
        let text = self.str(key);
        let bare = text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if kind != FieldKind::Goal || bare == text.len() {
            return self.add(key, TokenKind::Key);
        }
        let word = text[..bare].trim_end_matches([' ', '\t', '#']).len();
        self.add(Span::new(key.start, key.start + word), TokenKind::Key);
        self.add(Span::new(key.start + bare, key.end), TokenKind::Number);
    }

    fn times(&mut self, value: Span) {
        let text = self.str(value);
        let clock = time::clock_ranges(text, value.start);
        let durations = time::durations(text, value.start);
        self.all(clock.iter().map(|c| c.span), TokenKind::Number);
        self.all(durations.iter().map(|d| d.span), TokenKind::Number);
    }

    fn rules(&mut self, value: Span) {
        for (name, span) in Waiver::read(self.str(value), value.start).rules {
            self.add_known(span, TokenKind::Rule, rules::find(&name).is_some());
        }
    }

    fn modality(&mut self, modality: &Modality) {
        let functional = retired::is_functional_reporting(&modality.code);
        let marks = Marks {
            timed: modality.is_timed(),
            retired: modality.retired.is_some() || functional,
            unknown: modality.procedure.is_none() && modality.retired.is_none() && !functional,
        };
        self.add_with(modality.code_span, TokenKind::Code, marks);
        for modifier in &modality.modifiers {
            let known = modifiers::find(&modifier.code).is_some();
            // `97140-manual therapy`: a word behind a hyphen is no modifier at all.
            if known || modifier.code.len() == 2 {
                self.add_known(modifier.span, TokenKind::Modifier, known);
            }
        }
        self.all(modality.clock.iter().map(|c| c.span), TokenKind::Number);
        self.all(modality.durations.iter().map(|d| d.span), TokenKind::Number);
        self.all(modality.claimed.map(|c| c.span), TokenKind::Number);
        self.diagnoses(&modality.diagnoses);
        for detail in &modality.details {
            if let Some(kind) = detail.kind {
                self.detail_key(detail.span);
                if kind == FieldKind::Waive {
                    self.rules(detail.span);
                }
            }
            if matches!(
                detail.kind,
                None | Some(FieldKind::Response | FieldKind::Note)
            ) {
                self.figures(detail.span);
            }
        }
        let techniques = modality.techniques.iter();
        self.all(
            techniques.map(|t| t.range.clone().into()),
            TokenKind::Technique,
        );
        self.regions(modality);
    }

    /// The key before the value of a detail line. The line has one, and holds nothing before it.
    fn detail_key(&mut self, value: Span) {
        let line = line_start(self.text, value.start);
        let before = &self.text[line..value.start];
        let lead = before.len() - before.trim_start_matches([' ', '\t']).len();
        if let Some(colon) = before[lead..].find(':') {
            let start = line + lead;
            let words = before[lead..lead + colon].trim_end();
            self.add(Span::new(start, start + words.len()), TokenKind::Key);
        }
    }

    fn regions(&mut self, modality: &Modality) {
        let mut end_before = modality.modifiers_end;
        for (index, region) in modality.regions.iter().enumerate() {
            let span = Span::from(region.range.clone());
            if region.side != Side::Unstated {
                let line = self.line_of(span);
                let before = Span::new(line.start.max(end_before).min(span.start), span.start);
                let next = modality.regions.get(index + 1).map(|r| r.range.start);
                let after = Span::new(
                    span.end,
                    next.map_or(line.end, |n| n.clamp(span.end, line.end)),
                );
                let found = |place: Span, last: bool| {
                    let mut all = SIDES.find_iter(self.str(place));
                    let one = if last { all.last() } else { all.next() };
                    one.map(|m| Span::from(m.range()).shifted(place.start))
                };
                if let Some(side) = found(before, true).or_else(|| found(after, false)) {
                    self.add(side, TokenKind::Side);
                }
            }
            self.add(span, TokenKind::Region);
            end_before = span.end;
        }
    }

    /// The line that a span begins in, without its break, up to at least the span's end.
    fn line_of(&self, span: Span) -> Span {
        let rest = &self.text[span.end..];
        let end = span.end + rest.find(['\n', '\r']).unwrap_or(rest.len());
        Span::new(line_start(self.text, span.start), end)
    }

    fn figures(&mut self, span: Span) {
        let text = &self.text[span.range()];
        for figure in FIGURES.find_iter(text) {
            // `3/10/26` is a day, `10:02-10:27` has its own token.
            let after = text[figure.end()..].strip_prefix('/');
            let goes_on = after.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            if !goes_on && !text[..figure.start()].ends_with(['/', ':', '.']) {
                self.add(
                    Span::from(figure.range()).shifted(span.start),
                    TokenKind::Number,
                );
            }
        }
    }

    /// In order, cut at line ends and without overlap.
    fn finish(self) -> Vec<Token> {
        let mut all: Vec<(usize, Token)> = Vec::new();
        for (rank, token) in self.found.into_iter().enumerate() {
            let mut start = token.span.start;
            for line in self.text[token.span.range()].split(['\n', '\r']) {
                let lead = line.len() - line.trim_start_matches([' ', '\t']).len();
                let end = line.trim_end_matches([' ', '\t']).len().max(lead);
                let span = Span::new(start + lead, start + end);
                if !span.is_empty() {
                    all.push((rank, Token { span, ..token }));
                }
                start += line.len() + 1;
            }
        }
        all.sort_unstable_by_key(|(rank, token)| (token.span.start, *rank));
        let mut kept: Vec<(usize, Token)> = Vec::new();
        'next: for (rank, token) in all {
            while let Some((before, last)) = kept.last() {
                if last.span.end <= token.span.start {
                    break;
                }
                if *before < rank {
                    continue 'next;
                }
                kept.pop();
            }
            kept.push((rank, token));
        }
        kept.into_iter().map(|(_, token)| token).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::policy::Policy;
    use crate::syntax::{Syntax, for_each_child};
    use crate::text::Document;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn analysis(text: &str) -> Analysis {
        Analysis::of(&Document::new(text), &Arc::new(Policy::default()))
    }

    /// The tokens of a text as `words kind`, with the marks that are set.
    fn seen(text: &str) -> Vec<String> {
        let analysis = analysis(text);
        let mut all = Vec::new();
        for piece in analysis.pieces() {
            for token in tokens(piece) {
                let Token { span, kind, marks } = token;
                let mut line = format!("{} {kind:?}", &piece.text[span.range()]);
                for (set, name) in [
                    (marks.timed, " timed"),
                    (marks.retired, " retired"),
                    (marks.unknown, " unknown"),
                ] {
                    if set {
                        line.push_str(name);
                    }
                }
                all.push(line);
            }
        }
        all
    }

    #[test]
    fn a_chart() {
        assert_eq!(
            seen(
                "payer: regence\nreferral: 2026-10-01 to 12/31/2026\ndx: M54.50 low back pain, 724.2\nSTG 2: sit 60 minutes with pain 3/10 by 2026-12-15\n// private\nvisit: 2026-02-30\nsession: 10:00-10:50\nS: Pain 6/10 since 3/10/26, bends 45 degrees.\n"
            ),
            [
                "payer Key",
                "referral Key",
                "2026-10-01 Date",
                "12/31/2026 Date",
                "dx Key",
                "M54.50 Diagnosis",
                "724.2 Diagnosis retired",
                "STG Key",
                "2 Number",
                "60 minutes Number",
                "3/10 Number",
                "2026-12-15 Date",
                "// private Comment",
                "visit Visit",
                "2026-02-30 Date unknown",
                "session Key",
                "10:00-10:50 Number",
                "S Section",
                "6/10 Number",
                "45 degrees Number",
            ]
        );
    }

    #[test]
    fn blocks() {
        assert_eq!(
            seen(
                "97140-59-QQ cervical, R shoulder 10:27-10:42 x1 dx M54.2\n  technique: joint mobilization\n  response: 55 to 65 degrees, tone ___\n  colour: red\n97010 lumbar 8 min\n97001 20 min\n97999 20 min\n"
            ),
            [
                "97140 Code timed",
                "59 Modifier",
                "QQ Modifier unknown",
                "cervical Region",
                "R Side",
                "shoulder Region",
                "10:27-10:42 Number",
                "x1 Number",
                "M54.2 Diagnosis",
                "technique Key",
                "joint mobilization Technique",
                "response Key",
                "65 degrees Number",
                "___ Placeholder",
                "97010 Code",
                "lumbar Region",
                "8 min Number",
                "97001 Code retired",
                "20 min Number",
                "97999 Code unknown",
                "20 min Number",
            ]
        );
    }

    #[test]
    fn blocks_in_sentences_and_tables() {
        assert_eq!(
            seen("O: Manual therapy (97140-GP) 10:02-10:14 to the R shoulder, then gait.\n"),
            [
                "O Section",
                "Manual therapy Technique",
                "97140 Code timed",
                "GP Modifier",
                "10:02-10:14 Number",
                "R Side",
                "shoulder Region",
                "gait Technique",
            ]
        );
        assert_eq!(
            seen("Tx: 97110-GP lumbar 25 min; 97140 15 min\nMedical Diagnosis: M54.5\n"),
            [
                "Tx Section",
                "97110 Code timed",
                "GP Modifier",
                "lumbar Region",
                "25 min Number",
                "97140 Code timed",
                "15 min Number",
                "Medical Diagnosis Key",
                "M54.5 Diagnosis",
            ]
        );
        let row = ["97110 Code timed", "GP Modifier", "25 Number", "2 Number"];
        assert_eq!(
            seen("| CPT | Mod | Min | Units |\n| 97110 | GP | 25 | 2 |\n"),
            row
        );
        assert_eq!(seen("CPT\tMod\tMin\tUnits\n97110\tGP\t25\t2\n"), row);
    }

    #[test]
    fn waivers_and_what_is_no_token() {
        assert_eq!(
            seen("waive: units-limit, nonsense-rule because approved\nPrice: low\nhttp://x\n"),
            [
                "waive Key",
                "units-limit Rule",
                "nonsense-rule Rule unknown"
            ]
        );
        assert_eq!(seen(""), Vec::<String>::new());
        assert_eq!(seen("98101-4423\n123456\n"), Vec::<String>::new());
    }

    #[test]
    fn no_token_reaches_over_a_line_end() {
        assert_eq!(
            seen(
                "97140 lumbar 15 min\r\n  technique: x\r\n  soft-tissue mobilization L shoulder\r\n"
            )
            .iter()
            .filter(|t| t.ends_with("Technique"))
            .collect::<Vec<_>>(),
            ["soft-tissue mobilization Technique"]
        );
        assert_eq!(
            seen("waive: units-limit,\n  missing-goal because of this\n"),
            ["waive Key", "units-limit Rule", "missing-goal Rule"]
        );
    }

    fn notes() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec![
                "visit: 2026-01-02",
                "dos: ",
                "goal 1: ",
                "sit 60 min ",
                "\n",
                "\r",
                "\r\n",
                "  ",
                "é",
                "\u{1F600}",
                "\0",
                "\u{FEFF}",
                "97140",
                "-59",
                " R shoulder",
                " 10:02-10:27",
                "S:",
                "technique: ",
                "soft-tissue",
                " mobilization",
                "dx: M54.50",
                "x2",
                "// ",
                "___",
                "25 min",
                " 6/10",
                "45°",
                "waive: ",
                "units-limit",
                " because x",
                "Manual therapy (97140): 12 minutes",
                "Ther ex 15 min (97110-GP), then stretches 8 min (97140).",
                "| CPT | Min |\n| 97110-GP | 25 |\n",
                "CPT\tMin\tMod\n97110\t25\tGP\n",
                "Units: 97110 (2 units, 30 min), 97140 (1 unit)",
                "97110/97112 15 min",
                "- CPT 97110:GP:59 ",
                "Medical Diagnosis: M54.5",
                "Goals:\n1. sit 60 minutes\n",
                "signed: A. Rivera, LMT 2026-01-02",
            ]),
            0..40,
        )
        .prop_map(|pieces| pieces.concat())
    }

    fn comments(text: &str) -> Vec<String> {
        fn walk(cursor: &mut tree_sitter::TreeCursor<'_>, text: &str, out: &mut Vec<String>) {
            for_each_child(cursor, |cursor, node| {
                if node.kind() == "comment" {
                    out.push(text[node.byte_range()].trim().to_owned());
                }
                walk(cursor, text, out);
            });
        }
        let syntax = Syntax::of(text);
        let mut out = Vec::new();
        if let Some(root) = syntax.root() {
            walk(&mut root.walk(), text, &mut out);
        }
        out
    }

    proptest! {
        #[test]
        fn tokens_are_in_order_on_one_line_and_apart(text in notes()) {
            let analysis = analysis(&text);
            for piece in analysis.pieces() {
                let part_text = &piece.text;
                let mut end = 0;
                for token in tokens(piece) {
                    prop_assert!(token.span.start >= end && token.span.start < token.span.end);
                    end = token.span.end;
                    let words = part_text.get(token.span.range());
                    prop_assert!(words.is_some_and(|w| !w.contains(['\n', '\r'])), "{:?}", words);
                }
            }
        }

        /// The grammar calls the same lines comments.
        #[test]
        fn comments_are_those_of_the_grammar(text in notes()) {
            let analysis = analysis(&text);
            for piece in analysis.pieces() {
                let part_text = &piece.text;
                let ours: Vec<_> = tokens(piece)
                    .into_iter()
                    .filter(|t| t.kind == TokenKind::Comment)
                    .map(|t| part_text[t.span.range()].trim().to_owned())
                    .collect();
                prop_assert_eq!(ours, comments(part_text));
            }
        }
    }
}
