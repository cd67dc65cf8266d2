//! Small readers of bytes that stand in for patterns without regard to case, with the words and blanks
//! of ASCII that `pattern` has.

/// Whether a text begins with these words of ASCII, in any case.
pub(super) fn begins_with(text: &[u8], words: &str) -> bool {
    text.get(..words.len())
        .is_some_and(|here| here.eq_ignore_ascii_case(words.as_bytes()))
}

/// Whether a text ends with these words of ASCII, in any case.
pub(super) fn ends_with(text: &[u8], words: &str) -> bool {
    let from = text.len().checked_sub(words.len());
    from.is_some_and(|from| begins_with(&text[from..], words))
}

/// Whether a byte belongs to a word, as `\w` says.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a word begins or ends at an offset, as `\b` says.
pub(super) fn is_edge(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| text.get(i));
    let of_word = |byte: Option<&u8>| byte.is_some_and(|b| is_word(*b));
    of_word(before) != of_word(text.get(at))
}

/// Letters that case makes one of ASCII: `ſ` is an `s` and the sign of the kelvin a `k` to a pattern
/// without regard to case.
pub(super) const ODD_LETTERS: [char; 2] = ['\u{17f}', '\u{212a}'];

/// Whether the text holds one of [`ODD_LETTERS`].
pub(super) fn has_odd_letters(text: &str) -> bool {
    !text.is_ascii() && text.contains(ODD_LETTERS)
}

/// The words of a text, as `\w+` finds them, with their offsets.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(|b| is_word(*b))?;
        let length = bytes[start..].iter().position(|b| !is_word(*b));
        at = length.map_or(bytes.len(), |length| start + length);
        Some((start, &text[start..at]))
    })
}

/// The length of the blank, as `\s` has it, that a text begins with: those of ASCII and those that word
/// processors leave behind; 0 if there is none.
pub(super) fn blank(text: &str) -> usize {
    match text.as_bytes() {
        [b'\t'..=b'\r' | b' ', ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [0xE2, 0x80, 0x80..=0x8A | 0xAF, ..] => 3,
        _ => 0,
    }
}

/// The length of all the blanks that a text begins with.
pub(super) fn blanks(text: &str) -> usize {
    let mut at = 0;
    loop {
        match blank(&text[at..]) {
            0 => return at,
            length => at += length,
        }
    }
}
