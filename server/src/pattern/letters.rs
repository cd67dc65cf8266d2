//! Small readers of bytes that stand in for patterns without regard to case, with the words and blanks
//! of ASCII that `pattern` has.

/// Whether a text begins with these words of ASCII, in any case.
pub fn begins_with(text: &[u8], words: &str) -> bool {
    text.get(..words.len())
        .is_some_and(|here| here.eq_ignore_ascii_case(words.as_bytes()))
}

/// Whether a text ends with these words of ASCII, in any case.
pub fn ends_with(text: &[u8], words: &str) -> bool {
    let from = text.len().checked_sub(words.len());
    from.is_some_and(|from| begins_with(&text[from..], words))
}

/// Whether a byte belongs to a word, as `\w` says.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a word stands at an offset.
pub fn is_word_at(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|byte| is_word(*byte))
}

/// Whether a word stands right before an offset.
pub fn is_word_before(text: &[u8], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|at| is_word_at(text, at))
}

/// Whether a word begins or ends at an offset, as `\b` says.
pub fn is_edge(text: &[u8], at: usize) -> bool {
    is_word_before(text, at) != is_word_at(text, at)
}

/// Letters that case makes one of ASCII: `ſ` is an `s` and the sign of the kelvin a `k` to a pattern
/// without regard to case.
pub const ODD_LETTERS: [char; 2] = ['\u{17f}', '\u{212a}'];

/// Whether the text holds one of [`ODD_LETTERS`].
pub fn has_odd_letters(text: &str) -> bool {
    !text.is_ascii() && text.contains(ODD_LETTERS)
}

/// The words of a text, as `\w+` finds them, with their offsets.
pub fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(|b| is_word(*b))?;
        let length = bytes[start..].iter().position(|b| !is_word(*b));
        at = length.map_or(bytes.len(), |length| start + length);
        Some((start, &text[start..at]))
    })
}

/// Whether `\s` stands for a character: the blanks of ASCII and those that word processors leave
/// behind.
pub fn is_blank(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}')
}

/// The length of the blank that a text begins with; 0 if there is none.
pub fn blank(text: &str) -> usize {
    let first = text.chars().next().filter(|c| is_blank(*c));
    first.map_or(0, char::len_utf8)
}

/// The length of all the blanks that a text begins with.
pub fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_blank).len()
}
