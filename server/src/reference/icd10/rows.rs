//! The bytes of a release, read where they lie. Nothing here trusts them: what does not hold
//! together ends the reading.

use std::ops::Range;

use super::Release;

/// The first bytes of the file; the last of them changes with the layout.
pub(super) const MAGIC: [u8; 8] = *b"ICD10CM\x01";

/// So many rows share one entry of the index.
pub(super) const BLOCK: usize = 16;

/// An entry of the index: the first code of a block, and where its row begins.
pub(super) const INDEX_ENTRY: usize = 11;

/// A code without its dot, in capitals; sorted as its characters are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Code([u8; 7]);

impl Code {
    /// Three to seven letters and digits, the first a letter and one of the next two a digit; a dot
    /// may follow the third.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut code = [0; 7];
        let mut length = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at == 3 && byte == b'.' && text.len() > 4 {
                continue;
            }
            if !byte.is_ascii_alphanumeric() {
                return None;
            }
            *code.get_mut(length)? = byte.to_ascii_uppercase();
            length += 1;
        }
        let shape = length >= 3
            && code[0].is_ascii_uppercase()
            && code[1..3].iter().any(u8::is_ascii_digit);
        shape.then_some(Self(code))
    }

    /// A code of these bytes, if they are a code.
    pub(super) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok().and_then(Self::parse)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0[..self.len()]
    }

    pub(super) fn len(self) -> usize {
        self.0.iter().position(|&byte| byte == 0).unwrap_or(7)
    }

    /// Its first characters.
    pub(super) fn cut(self, length: usize) -> Self {
        let mut code = self;
        if let Some(rest) = code.0.get_mut(length..) {
            rest.fill(0);
        }
        code
    }

    /// Whether it is the code above, or one below it.
    pub(super) fn is_under(self, above: Self) -> bool {
        self.0
            .iter()
            .zip(above.0)
            .all(|(&byte, above)| above == 0 || byte == above)
    }

    pub(super) fn dotted(self) -> String {
        let mut text: String = self.bytes().iter().map(|&byte| char::from(byte)).collect();
        if text.len() > 3 {
            text.insert(3, '.');
        }
        text
    }
}

/// Where the parts of the file lie.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) name: Range<usize>,
    /// Where each word ends in `text`, four bytes each.
    pub(super) ends: Range<usize>,
    pub(super) text: Range<usize>,
    pub(super) index: Range<usize>,
    pub(super) rows: Range<usize>,
    /// How many rows there are.
    pub(super) count: usize,
}

impl Layout {
    /// The layout of a file: its magic, the length of each part, the number of rows, the parts.
    pub(super) fn of(data: &[u8]) -> Option<Self> {
        let mut reader = Reader(data);
        (reader.take(MAGIC.len())? == MAGIC).then_some(())?;
        let mut lengths = [0; 5];
        for length in &mut lengths {
            *length = reader.number()?;
        }
        let count = reader.number()?;
        let mut at = data.len() - reader.0.len();
        let mut part = |length: usize| {
            let start = at;
            at = at.checked_add(length).filter(|&end| end <= data.len())?;
            Some(start..at)
        };
        let [name, ends, text, index, rows] = lengths;
        Some(Self {
            name: part(name)?,
            ends: part(ends)?,
            text: part(text)?,
            index: part(index)?,
            rows: part(rows)?,
            count,
        })
    }
}

/// Takes bytes from the front.
#[derive(Clone, Copy, Default)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    /// Four bytes, the lowest first.
    fn number(&mut self) -> Option<usize> {
        let bytes = self.take(4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }

    /// Seven bits a byte, the lowest first, the top bit set while more follow.
    #[inline]
    fn varint(&mut self) -> Option<u32> {
        let first = self.byte()?;
        if first < 0x80 {
            return Some(u32::from(first));
        }
        let second = self.byte()?;
        let mut value = u32::from(first & 0x7f) | u32::from(second & 0x7f) << 7;
        if second < 0x80 {
            return Some(value);
        }
        for shift in [14, 21, 28] {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.varint()?).ok()
    }

    fn words(&mut self) -> Option<Vec<u32>> {
        let count = self.length()?;
        let mut words = Vec::new();
        for _ in 0..count {
            words.push(self.varint()?);
        }
        Some(words)
    }
}

/// An Excludes1 note as stored.
pub(super) struct Excluded<'a> {
    targets: Vec<(&'a [u8], &'a [u8])>,
    pub(super) note: &'a str,
}

impl Excluded<'_> {
    /// Whether the note names the code or one above it.
    pub(super) fn covers(&self, code: Code) -> bool {
        let code = code.bytes();
        self.targets
            .iter()
            .any(|&(first, last)| code >= first && &code[..code.len().min(last.len())] <= last)
    }
}

/// A row, and the way to the next one.
pub(super) struct Cursor<'a> {
    rest: Reader<'a>,
    pub(super) code: Code,
    pub(super) billable: bool,
    /// The words of the title, by number.
    pub(super) words: Vec<u32>,
    /// So many of them are those of the row before.
    pub(super) kept: usize,
    extras: Reader<'a>,
}

impl<'a> Cursor<'a> {
    /// The row that begins here; it must be the first of a block.
    fn start(rows: &'a [u8]) -> Option<Self> {
        Self {
            rest: Reader(rows),
            code: Code([0; 7]),
            billable: false,
            words: Vec::new(),
            kept: 0,
            extras: Reader(&[]),
        }
        .advanced()
    }

    /// The next row.
    pub(super) fn advanced(mut self) -> Option<Self> {
        self.advance().then_some(self)
    }

    /// Steps to the next row; false at the end.
    pub(super) fn advance(&mut self) -> bool {
        self.read().is_some()
    }

    #[inline]
    fn read(&mut self) -> Option<()> {
        let head = self.rest.byte()?;
        let shared = usize::from(head & 7);
        let fresh = self.rest.take(usize::from(head >> 3 & 7))?;
        for (at, slot) in self.code.0.iter_mut().enumerate().skip(shared) {
            *slot = fresh.get(at - shared).copied().unwrap_or(0);
        }
        self.billable = head & 0x40 != 0;
        self.kept = self.rest.length()?;
        self.words.truncate(self.kept);
        self.kept = self.words.len();
        for _ in 0..self.rest.varint()? {
            self.words.push(self.rest.varint()?);
        }
        self.extras = Reader(if head & 0x80 == 0 {
            &[]
        } else {
            let length = self.rest.length()?;
            self.rest.take(length)?
        });
        Some(())
    }

    pub(super) fn has_extras(&self) -> bool {
        !self.extras.0.is_empty()
    }

    /// The inclusion terms, as numbers of words.
    pub(super) fn terms(&self) -> impl Iterator<Item = Vec<u32>> + use<'a> {
        let mut extras = self.extras;
        let count = extras.varint().unwrap_or(0);
        (0..count).map_while(move |_| extras.words())
    }

    /// For each inclusion term, what `fold` makes of its words, one after the other, from 0.
    pub(super) fn fold_terms(&self, fold: impl Fn(u32, u32) -> u32, mut take: impl FnMut(u32)) {
        let mut extras = self.extras;
        for _ in 0..extras.varint().unwrap_or(0) {
            let mut folded = 0;
            for _ in 0..extras.varint().unwrap_or(0) {
                folded = fold(folded, extras.varint().unwrap_or(0));
                if extras.0.is_empty() {
                    return;
                }
            }
            take(folded);
        }
    }

    /// The Excludes1 notes.
    pub(super) fn exclusions(&self) -> impl Iterator<Item = Excluded<'a>> + use<'a> {
        let mut extras = self.extras;
        for _ in 0..extras.varint().unwrap_or(0) {
            extras.words();
        }
        let count = extras.varint().unwrap_or(0);
        (0..count).map_while(move |_| {
            let mut targets = Vec::new();
            for _ in 0..extras.varint()? {
                let first = extras.length()?;
                let first = extras.take(first)?;
                let last = extras.length()?;
                targets.push((first, extras.take(last)?));
            }
            let length = extras.length()?;
            let note = std::str::from_utf8(extras.take(length)?).ok()?;
            Some(Excluded { targets, note })
        })
    }
}

impl Release {
    pub(super) fn part(&self, range: &Range<usize>) -> &[u8] {
        self.data.get(range.clone()).unwrap_or_default()
    }

    /// All rows, from the first.
    pub(super) fn rows(&self) -> Option<Cursor<'_>> {
        Cursor::start(self.part(&self.layout.rows))
    }

    /// The first row that does not stand before the code.
    pub(super) fn seek(&self, code: Code) -> Option<Cursor<'_>> {
        let (index, _) = self.part(&self.layout.index).as_chunks::<INDEX_ENTRY>();
        let block = index
            .partition_point(|entry| entry[..7] <= code.0[..])
            .saturating_sub(1);
        let offset = Reader(index.get(block)?.get(7..)?).number()?;
        let mut cursor = Cursor::start(self.part(&self.layout.rows).get(offset..)?)?;
        while cursor.code < code {
            cursor = cursor.advanced()?;
        }
        Some(cursor)
    }

    /// The row of this very code.
    pub(super) fn row(&self, code: Code) -> Option<Cursor<'_>> {
        self.seek(code).filter(|row| row.code == code)
    }

    /// How many different words the titles and terms are made of.
    pub(super) fn word_count(&self) -> usize {
        self.layout.ends.len() / 4
    }

    /// All words, one after the other.
    pub(super) fn all_words(&self) -> &str {
        std::str::from_utf8(self.part(&self.layout.text)).unwrap_or_default()
    }

    /// Where the word of a number lies among all words.
    #[inline]
    pub(super) fn place(&self, number: usize) -> Range<usize> {
        let (ends, _) = self.part(&self.layout.ends).as_chunks::<4>();
        let end = |number: usize| {
            let end = ends.get(number).copied().map_or(0, u32::from_le_bytes);
            usize::try_from(end).unwrap_or(0)
        };
        number.checked_sub(1).map_or(0, end)..end(number)
    }

    /// The word of a number.
    fn word(&self, number: usize) -> &str {
        let word = self.part(&self.layout.text).get(self.place(number));
        word.and_then(|word| std::str::from_utf8(word).ok())
            .unwrap_or_default()
    }

    /// The text that these words make.
    pub(super) fn text(&self, words: &[u32]) -> String {
        let mut text = String::new();
        for (at, &number) in words.iter().enumerate() {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(usize::try_from(number).map_or("", |number| self.word(number)));
        }
        text
    }
}
