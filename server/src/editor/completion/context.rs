//! Where in a note something is being typed.

use crate::analysis::{Analysis, Piece};
use crate::chart::{FieldKind, Modality, SectionKind};
use crate::pattern::pattern;
use crate::rules::VisitCase;
use crate::text::Span;

/// The line that is being typed, with what holds there. Offsets are relative to the visit.
pub struct Cursor<'a> {
    pub analysis: &'a Analysis,
    pub piece: &'a Piece,
    pub case: VisitCase<'a>,
    /// Where the cursor stands.
    pub at: usize,
    pub line_start: usize,
    /// The line up to the cursor.
    pub before: &'a str,
    /// Whether nothing but spaces follows on the line.
    pub at_line_end: bool,
    /// The section that the line stands in.
    pub section: Option<SectionKind>,
    /// The modality whose own line this is.
    on: Option<&'a Modality>,
    /// The modality that an indented line here belongs to.
    under: Option<&'a Modality>,
}

/// What kind of thing goes where the cursor stands.
#[derive(Debug)]
pub enum CursorContext<'a> {
    /// A reader's phrase, from its dot.
    Phrase { start: usize },
    /// The beginning of a line.
    LineStart {
        start: usize,
        under: Option<&'a Modality>,
    },
    /// A modifier, from after its hyphen.
    Modifier { of: &'a Modality, start: usize },
    /// The words of a modality's line.
    Words { of: &'a Modality, start: usize },
    /// A diagnosis that a modality points to.
    Pointer { start: usize },
    /// The value of a field, from its first character.
    Value {
        kind: FieldKind,
        under: Option<&'a Modality>,
        start: usize,
    },
    /// What follows `visit:`.
    Heading { start: usize },
    /// Prose.
    Nothing,
}

pattern!(KEY, r"^[ \t]*([^:\r\n]{1,40}):[ \t]*");

pattern!(
    POINTER,
    r"(?i)(?:^|[ \t,;)\]])dx:?[ \t]+(?:[^ \t,;/&]+[ \t]*[,;/&][ \t]*)*(?P<code>[^ \t,;/&]*)$"
);

impl<'a> Cursor<'a> {
    /// The cursor at an offset of the document.
    pub fn at(analysis: &'a Analysis, offset: usize) -> Option<Self> {
        let piece = analysis.piece_at(offset)?;
        let text = &*piece.text;
        let visit = &piece.visit;
        let mut at = (offset - piece.start).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line_start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let before = &text[line_start..at];
        let rest = &text[at..];
        let after = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
        // In the midst of a word nothing is being typed anew.
        if after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            || before.trim_start().starts_with("//")
        {
            return None;
        }
        let on = visit
            .modalities
            .iter()
            .find(|m| line_start <= m.code_span.start && m.code_span.end <= at);
        let mut above = visit.modalities.iter().rev();
        let under = above.find(|m| m.line.start < line_start).filter(|m| {
            let between = text[m.line.end.min(line_start)..line_start].replace("\r\n", "\n");
            let lines: Vec<&str> = between.split(['\n', '\r']).collect();
            // The first piece is the end of the modality's line, the last one where this begins.
            let [_, lines @ .., _] = lines.as_slice() else {
                return false;
            };
            lines
                .iter()
                .all(|line| line.starts_with([' ', '\t']) && !line.trim().is_empty())
        });
        let section = visit
            .sections
            .iter()
            .rev()
            .find(|s| s.name.start <= line_start)
            .map(|s| s.kind);
        Some(Self {
            analysis,
            piece,
            case: analysis.case(piece),
            at,
            line_start,
            before,
            at_line_end: after.trim().is_empty(),
            section,
            on,
            under: under.filter(|_| before.starts_with([' ', '\t'])),
        })
    }

    /// What was typed since an offset.
    pub fn since(&self, start: usize) -> &'a str {
        &self.piece.text[start.min(self.at)..self.at]
    }

    /// The span of the document from an offset of the visit to the cursor.
    pub fn span(&self, start: usize) -> Span {
        Span::new(start.min(self.at), self.at).shifted(self.piece.start)
    }

    /// The modalities above this line.
    pub fn above(&self) -> impl DoubleEndedIterator<Item = &'a Modality> {
        let line_start = self.line_start;
        let modalities = &self.piece.visit.modalities;
        modalities.iter().filter(move |m| m.line.start < line_start)
    }

    /// What goes here.
    pub fn place(&self) -> CursorContext<'a> {
        let in_codes =
            self.on.is_none() && self.field().is_some_and(|f| f.0 == FieldKind::Diagnosis);
        let word = self.before.rfind([' ', '\t']).map_or(0, |end| end + 1);
        if !in_codes && self.before[word..].starts_with('.') {
            return CursorContext::Phrase {
                start: self.line_start + word,
            };
        }
        if let Some(modality) = self.on {
            return self.on_modality(modality);
        }
        if let Some((kind, start)) = self.field() {
            return CursorContext::Value {
                kind,
                under: self.under,
                start,
            };
        }
        if let Some(key) = KEY.captures(self.before) {
            let name = key.get(1).map_or("", |m| m.as_str());
            let heading = ["visit", "dos", "date of service"]
                .iter()
                .any(|known| crate::chart::field::normal(name) == *known);
            let column = !self.before.starts_with([' ', '\t']);
            return if heading && column {
                CursorContext::Heading {
                    start: self.line_start + key.get(0).map_or(0, |m| m.end()),
                }
            } else {
                CursorContext::Nothing
            };
        }
        let indent = self.before.len() - self.before.trim_start().len();
        CursorContext::LineStart {
            start: self.line_start + indent,
            under: self.under,
        }
    }

    /// The field whose value is being typed, and where that begins: here or, for a list of codes, on
    /// a line above.
    fn field(&self) -> Option<(FieldKind, usize)> {
        if let Some(key) = KEY.captures(self.before) {
            let kind = FieldKind::of_key(key.get(1)?.as_str());
            if let Some(kind) = kind {
                return Some((kind, self.line_start + key.get(0)?.end()));
            }
        }
        if self.under.is_some() || !self.before.starts_with([' ', '\t']) {
            return None;
        }
        let field = self.piece.visit.fields.iter().find(|f| {
            f.kind == FieldKind::Diagnosis
                && f.key.end < self.line_start
                && (f.span.start..f.span.end.max(f.key.end + 1)).contains(&self.line_start)
        })?;
        let indent = self.before.len() - self.before.trim_start().len();
        Some((field.kind, self.line_start + indent))
    }

    fn on_modality(&self, modality: &'a Modality) -> CursorContext<'a> {
        let from = modality.code_span.end;
        let tail = self.since(from);
        let hyphen = |c: char| matches!(c, '-' | '‑' | '–');
        if tail.is_empty() {
            return CursorContext::Nothing;
        }
        if tail.starts_with(hyphen) && tail.chars().all(|c| c.is_ascii_alphanumeric() || hyphen(c))
        {
            let fragment = tail.rsplit(hyphen).next().unwrap_or_default();
            return CursorContext::Modifier {
                of: modality,
                start: self.at - fragment.len(),
            };
        }
        if let Some(pointer) = POINTER.captures(tail) {
            return CursorContext::Pointer {
                start: self.at - pointer["code"].len(),
            };
        }
        let word = tail
            .rsplit([' ', '\t', ',', ';', '(', ')', '[', ']'])
            .next()
            .unwrap_or_default();
        CursorContext::Words {
            of: modality,
            start: self.at - word.len(),
        }
    }
}
