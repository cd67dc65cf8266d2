//! The bullets and numbers before the entries of a list.

/// The marks, as they stand between the brackets of a class.
macro_rules! marks {
    () => {
        r"-•*●▪◦‣·–—"
    };
}

/// The marks of a list, as they stand between the brackets of a class of a pattern.
pub const MARKS: &str = marks!();

/// A mark, or a number with its dot or bracket: `-`, `12.`, `1)`.
pub const BULLET: &str = concat!("(?:[", marks!(), r"]|[0-9]{1,2}[.)])");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::words;

    #[test]
    fn every_mark_is_a_bullet() {
        words!(MARK, &format!("^[{MARKS}]$"));
        words!(ENTRY, &format!("^{BULLET}$"));
        for entry in MARKS.chars().map(String::from) {
            assert!(MARK.is_match(&entry) && ENTRY.is_match(&entry), "{entry}");
        }
        assert!(ENTRY.is_match("12)") && !MARK.is_match("1."));
        assert!(!ENTRY.is_match("a.") && !ENTRY.is_match("123."));
    }
}
