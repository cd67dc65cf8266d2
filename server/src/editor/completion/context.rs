//! Where in a note something is being typed.

use crate::analysis::{Analysis, Piece};
use crate::chart::{FieldKind, Modality, SectionKind};
use crate::editor::line_start;
use crate::pattern::pattern;
use crate::rules::VisitCase;
use crate::text::{Span, labels};

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
    /// The modality that the words here belong to.
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
    MODIFIER,
    r"^[-‑–](?:[a-zA-Z0-9]*[-‑–])*(?P<code>[a-zA-Z0-9]*)$"
);

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
        let at = text.floor_char_boundary(offset - piece.start);
        let line_start = line_start(text, at);
        let before = &text[line_start..at];
        let after = text[at..].split(['\n', '\r']).next().unwrap_or_default();
        // In the midst of a word nothing is being typed anew.
        if after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            || before.trim_start().starts_with("//")
        {
            return None;
        }
        // Of several blocks on a line it is the last one; that of a sentence ends with the sentence.
        let mut modalities = visit.modalities.iter().rev();
        let on = modalities.find(|m| line_start <= m.code_span.start && m.code_span.end <= at);
        let goes_on = |m: &&Modality| {
            let since = text.get(m.line.end..at).unwrap_or_default();
            m.has_own_line || since.trim().is_empty()
        };
        let on = on.filter(goes_on);
        // A sentence or a row has no lines below it.
        let mut above = visit.modalities.iter().rev().filter(|m| m.has_own_line);
        let under = above.find(|m| m.line.start < line_start).filter(|m| {
            let between = text[m.line.end.min(line_start)..line_start].replace("\r\n", "\n");
            let lines: Vec<&str> = between.split(['\n', '\r']).collect();
            // The first piece is the end of the modality's line, the last one where this begins.
            let [_, lines @ .., _] = lines.as_slice() else {
                return false;
            };
            let mut lines = lines.iter();
            lines.all(|line| line.starts_with([' ', '\t']) && !line.trim().is_empty())
        });
        let mut sections = visit.sections.iter().rev();
        let section = sections.find(|s| s.name.start <= line_start);
        Some(Self {
            analysis,
            piece,
            case: analysis.case(piece),
            at,
            line_start,
            before,
            at_line_end: after.trim().is_empty(),
            section: section.map(|s| s.kind),
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

    /// Where the last entry of a list begins that is parted by commas.
    pub fn last_of_list(&self, start: usize) -> usize {
        let last = self.since(start).rsplit([',', ';']).next();
        self.at.max(start) - last.map_or(0, |last| last.trim_start().len())
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
            let start = self.line_start + word;
            return CursorContext::Phrase { start };
        }
        if let Some(modality) = self.on {
            return self.on_modality(modality);
        }
        let under = self.under;
        if let Some((kind, start)) = self.field() {
            return CursorContext::Value { kind, under, start };
        }
        if let Some(key) = KEY.captures(self.before) {
            if !labels::is_of_day(&key[1]) {
                return CursorContext::Nothing;
            }
            let start = self.line_start + key[0].len();
            return CursorContext::Heading { start };
        }
        let start = self.at - self.before.trim_start().len();
        CursorContext::LineStart { start, under }
    }

    /// The field whose value is being typed, and where that begins: here or, for a list of codes, on
    /// a line above.
    fn field(&self) -> Option<(FieldKind, usize)> {
        if let Some(key) = KEY.captures(self.before)
            && let Some(kind) = FieldKind::of_key(&key[1])
        {
            return Some((kind, self.line_start + key[0].len()));
        }
        if self.under.is_some() || !self.before.starts_with([' ', '\t']) {
            return None;
        }
        let field = self.piece.visit.fields.iter().find(|f| {
            f.kind == FieldKind::Diagnosis
                && f.key.end < self.line_start
                && (f.span.start..f.span.end.max(f.key.end + 1)).contains(&self.line_start)
        })?;
        Some((field.kind, self.at - self.before.trim_start().len()))
    }

    fn on_modality(&self, of: &'a Modality) -> CursorContext<'a> {
        let tail = self.since(of.code_span.end);
        if tail.is_empty() {
            return CursorContext::Nothing;
        }
        if let Some(modifier) = MODIFIER.captures(tail) {
            let start = self.at - modifier["code"].len();
            return CursorContext::Modifier { of, start };
        }
        if let Some(pointer) = POINTER.captures(tail) {
            let start = self.at - pointer["code"].len();
            return CursorContext::Pointer { start };
        }
        let mut words = tail.rsplit([' ', '\t', ',', ';', '(', ')', '[', ']']);
        let start = self.at - words.next().map_or(0, str::len);
        CursorContext::Words { of, start }
    }
}
