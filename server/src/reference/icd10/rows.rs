//! The bytes of a release, read where they lie. Nothing here trusts them: what does not hold
//! together ends the reading.

use std::ops::Range;

use super::Release;

/// The first bytes of the file; the last of them changes with the layout.
pub(super) const MAGIC: [u8; 8] = *b"ICD10CM\x02";

/// So many rows share one entry of the index.
pub(super) const BLOCK: usize = 16;

/// An entry of the index: the first code of a block, where its row begins, and where its title.
pub(super) const INDEX_ENTRY: usize = 15;

/// A code without its dot, in capitals; sorted as its characters are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Code(pub(super) [u8; 7]);

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

    /// A code as the tables have it: in capitals and with its dot.
    pub(super) fn of_table(text: &str) -> Option<Self> {
        Self::parse(text).filter(|code| code.dotted() == text)
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
        let mut pairs = self.0.into_iter().zip(above.0);
        pairs.all(|(byte, above)| above == 0 || byte == above)
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
    /// For each row, how many words its title shares with the one before, how many follow, those.
    pub(super) titles: Range<usize>,
    /// For each other name, the first row it is one of, the first behind them, its words.
    pub(super) terms: Range<usize>,
    /// How many rows there are.
    pub(super) count: usize,
}

impl Layout {
    /// The layout of a file: its magic, the length of each part, the number of rows, the parts.
    pub(super) fn of(data: &[u8]) -> Option<Self> {
        let mut reader = Reader(data);
        (reader.take(MAGIC.len())? == MAGIC).then_some(())?;
        let mut lengths = [0; 7];
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
        let [name, ends, text, index, rows, titles, terms] = lengths;
        Some(Self {
            name: part(name)?,
            ends: part(ends)?,
            text: part(text)?,
            index: part(index)?,
            rows: part(rows)?,
            titles: part(titles)?,
            terms: part(terms)?,
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
    fn varint(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
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

    fn short(&mut self) -> Option<u16> {
        let (&bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_le_bytes(bytes))
    }

    /// How many words of the title before are kept, and those that follow, two bytes each.
    pub(super) fn title(&mut self) -> Option<(usize, &'a [[u8; 2]])> {
        let kept = usize::from(self.byte()?);
        let count = usize::from(self.byte()?);
        Some((kept, self.take(count * 2)?.as_chunks().0))
    }

    /// The rows that another name belongs to, and its words.
    pub(super) fn term(&mut self) -> Option<(Range<usize>, &'a [[u8; 2]])> {
        let rows = self.number()?..self.number()?;
        let count = usize::from(self.short()?);
        Some((rows, self.take(count * 2)?.as_chunks().0))
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
    titles: Reader<'a>,
    /// How many rows stand before it.
    pub(super) number: usize,
    pub(super) code: Code,
    pub(super) billable: bool,
    /// The words of the title, by number.
    pub(super) words: Vec<u16>,
    extras: Reader<'a>,
}

impl<'a> Cursor<'a> {
    /// The next row.
    pub(super) fn advanced(mut self) -> Option<Self> {
        self.read()?;
        self.number += 1;
        Some(self)
    }

    fn read(&mut self) -> Option<()> {
        let head = self.rest.byte()?;
        let shared = usize::from(head & 7);
        let fresh = self.rest.take(usize::from(head >> 3 & 7))?;
        for (at, slot) in self.code.0.iter_mut().enumerate().skip(shared) {
            *slot = fresh.get(at - shared).copied().unwrap_or(0);
        }
        self.billable = head & 0x40 != 0;
        let (kept, words) = self.titles.title()?;
        self.words.truncate(kept);
        self.words
            .extend(words.iter().copied().map(u16::from_le_bytes));
        self.extras = Reader(if head & 0x80 == 0 {
            &[]
        } else {
            let length = self.rest.length()?;
            self.rest.take(length)?
        });
        Some(())
    }

    /// The Excludes1 notes.
    pub(super) fn exclusions(&self) -> impl Iterator<Item = Excluded<'a>> + use<'a> {
        let mut extras = self.extras;
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

    /// The first row that does not stand before the code, which may be only the beginning of one.
    pub(super) fn seek(&self, code: [u8; 7]) -> Option<Cursor<'_>> {
        let (index, _) = self.part(&self.layout.index).as_chunks::<INDEX_ENTRY>();
        let block = index
            .partition_point(|entry| entry[..7] <= code[..])
            .saturating_sub(1);
        let mut offsets = Reader(index.get(block)?.get(7..)?);
        let mut cursor = Cursor {
            rest: Reader(self.part(&self.layout.rows).get(offsets.number()?..)?),
            titles: Reader(self.part(&self.layout.titles).get(offsets.number()?..)?),
            number: block * BLOCK,
            code: Code([0; 7]),
            billable: false,
            words: Vec::new(),
            extras: Reader(&[]),
        };
        cursor.read()?;
        while cursor.code.0 < code {
            cursor = cursor.advanced()?;
        }
        Some(cursor)
    }

    /// The rows whose codes begin like this.
    pub(super) fn beginning(&self, code: &str) -> Range<usize> {
        let at = |padding: u8| {
            let mut key = [padding; 7];
            for (slot, byte) in key.iter_mut().zip(code.bytes()) {
                *slot = byte;
            }
            self.seek(key).map_or(self.len(), |row| row.number)
        };
        let start = at(0);
        // Nothing follows the beginning of a whole code but the code itself.
        match Code::parse(code).filter(|code| code.len() == 7) {
            Some(code) => start..start + usize::from(self.row(code).is_some()),
            None => start..at(u8::MAX),
        }
    }

    /// The row of this number.
    pub(super) fn numbered(&self, number: usize) -> Option<Cursor<'_>> {
        let (index, _) = self.part(&self.layout.index).as_chunks::<INDEX_ENTRY>();
        let first = index.get(number / BLOCK)?.first_chunk()?;
        let mut cursor = self.seek(*first)?;
        for _ in 0..number % BLOCK {
            cursor = cursor.advanced()?;
        }
        Some(cursor)
    }

    /// The row of this very code.
    pub(super) fn row(&self, code: Code) -> Option<Cursor<'_>> {
        self.seek(code.0).filter(|row| row.code == code)
    }

    /// How many different words the titles and terms are made of.
    pub(super) fn word_count(&self) -> usize {
        self.layout.ends.len() / 4
    }

    /// The word of a number.
    pub(super) fn word(&self, number: usize) -> &str {
        let (ends, _) = self.part(&self.layout.ends).as_chunks::<4>();
        let end = |number: usize| usize::try_from(u32::from_le_bytes(*ends.get(number)?)).ok();
        let before = number.checked_sub(1).and_then(end).unwrap_or(0);
        let word = before..end(number).unwrap_or(0);
        let word = self.part(&self.layout.text).get(word).unwrap_or_default();
        std::str::from_utf8(word).unwrap_or_default()
    }

    /// The text that these words make.
    pub(super) fn text(&self, words: &[u16]) -> String {
        let words = words.iter().map(|&number| self.word(usize::from(number)));
        words.collect::<Vec<_>>().join(" ")
    }
}
