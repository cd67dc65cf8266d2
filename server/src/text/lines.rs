//! The lines and characters of one segment's text.
//!
//! A visit has a page of text at most, and counting in it is faster than asking any index. Only of a text
//! that is longer, such as a whole chart pasted as one visit or as one line, there is a rope, too.

use ropey::{Rope, RopeSlice};

use super::Encoding;

/// From how many bytes on there is a rope of a text.
const LONG: usize = if cfg!(test) { 24 } else { 1 << 13 };

/// How many bytes are looked at together.
const STRIDE: usize = 64;

/// The rope of a long text.
pub fn rope(text: &str) -> Option<Rope> {
    (text.len() > LONG).then(|| Rope::from_str(text))
}

/// How many lines of a text end at or before an offset, and where the line of the offset begins.
pub fn before(text: &str, rope: Option<&Rope>, at: usize) -> (usize, usize) {
    if let Some(rope) = rope {
        let line = rope.byte_to_line(at);
        return (line, rope.line_to_byte(line));
    }
    let bytes = text.as_bytes();
    let last = (1..=at).rev().find(|end| ends_line(bytes, *end));
    last.map_or((0, 0), |last| (count_breaks(bytes, 0, last), last))
}

/// How long a piece of a line is.
pub fn length(
    text: &str,
    rope: Option<&Rope>,
    from: usize,
    to: usize,
    encoding: Encoding,
) -> usize {
    if encoding == Encoding::Utf8 {
        return to - from;
    }
    let Some(rope) = rope else {
        return units(&text.as_bytes()[from..to], encoding);
    };
    let chars = |at| rope.byte_to_char(at);
    match encoding {
        Encoding::Utf16 => {
            let units = |at| rope.char_to_utf16_cu(chars(at));
            units(to) - units(from)
        }
        _ => chars(to) - chars(from),
    }
}

/// Where a line of a text begins that has at least as many line breaks.
pub fn line_start(text: &str, rope: Option<&Rope>, line: usize) -> usize {
    if let Some(rope) = rope {
        return rope.line_to_byte(line.min(rope.len_lines()));
    }
    if line == 0 {
        return 0;
    }
    let bytes = text.as_bytes();
    let (mut at, mut left) = (0, line);
    // Counting line breaks is many times faster than looking for each of them.
    while at < text.len() {
        let end = text.len().min(at + STRIDE);
        let breaks = count_breaks(bytes, at, end);
        if breaks >= left {
            break;
        }
        left -= breaks;
        at = end;
    }
    let ends = (at + 1..=text.len()).filter(|end| ends_line(bytes, *end));
    ends.take(left).last().unwrap_or(text.len())
}

/// The byte of a character of the line that begins at `start`; one past the line's end means its end,
/// and one inside a character means that character's start.
pub fn character(
    text: &str,
    rope: Option<&Rope>,
    start: usize,
    character: usize,
    encoding: Encoding,
) -> usize {
    if let Some(rope) = rope {
        return character_of_rope(rope, start, character, encoding);
    }
    // Nearly always all that stands before it is ASCII, which is one unit each.
    let end = text.len().min(start.saturating_add(character));
    let ahead = &text.as_bytes()[start..end];
    if ahead.is_ascii() && !ahead.iter().any(|b| matches!(b, b'\n' | b'\r')) {
        return end;
    }
    let (mut at, mut units) = (start, 0);
    for char in text[start..].chars() {
        units += match encoding {
            Encoding::Utf8 => char.len_utf8(),
            Encoding::Utf16 => char.len_utf16(),
            Encoding::Utf32 => 1,
        };
        if units > character || matches!(char, '\n' | '\r') {
            break;
        }
        at += char.len_utf8();
    }
    at
}

fn character_of_rope(rope: &Rope, start: usize, character: usize, encoding: Encoding) -> usize {
    let line = rope.line(rope.byte_to_line(start));
    let visible = visible_chars(line);
    let within = match encoding {
        Encoding::Utf32 => character.min(visible),
        Encoding::Utf8 => {
            let bytes = character.min(line.len_bytes());
            line.byte_to_char(bytes).min(visible)
        }
        Encoding::Utf16 => {
            let units = character.min(line.len_utf16_cu());
            line.utf16_cu_to_char(units).min(visible)
        }
    };
    start + line.char_to_byte(within)
}

/// The characters of a line without its line break.
fn visible_chars(line: RopeSlice<'_>) -> usize {
    let mut count = line.len_chars();
    if count > 0 && line.char(count - 1) == '\n' {
        count -= 1;
    }
    if count > 0 && line.char(count - 1) == '\r' {
        count -= 1;
    }
    count
}

fn units(bytes: &[u8], encoding: Encoding) -> usize {
    let chars = || {
        bytes
            .iter()
            .filter(|b| **b & 0b1100_0000 != 0b1000_0000)
            .count()
    };
    // Characters of four bytes are two units of UTF-16.
    let wide = || bytes.iter().filter(|b| **b >= 0b1111_0000).count();
    match encoding {
        _ if bytes.is_ascii() => bytes.len(),
        Encoding::Utf8 => bytes.len(),
        Encoding::Utf16 => chars() + wide(),
        Encoding::Utf32 => chars(),
    }
}

/// Whether a line ends at an offset that is not 0. A \r\n ends its line behind the \n.
fn ends_line(bytes: &[u8], end: usize) -> bool {
    match bytes[end - 1] {
        b'\n' => true,
        b'\r' => bytes.get(end) != Some(&b'\n'),
        _ => false,
    }
}

/// How many lines end behind an offset and at or before another one.
fn count_breaks(bytes: &[u8], from: usize, to: usize) -> usize {
    let some = &bytes[from..to];
    if count(some, b'\r') == 0 {
        return count(some, b'\n');
    }
    let ends = (from + 1..=to).filter(|end| ends_line(bytes, *end));
    ends.count()
}

/// How often a byte occurs.
fn count(bytes: &[u8], byte: u8) -> usize {
    memchr::memchr_iter(byte, bytes).count()
}
