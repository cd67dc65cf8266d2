//! What makes one text of another.

use super::Span;

/// A span of an old text, and the span of the new one that stands in its place. Both begin at the same
/// offset; what lies before and behind them is the same in both texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What went, on character boundaries of the old text.
    pub old: Span,
    /// What came, on character boundaries of the new text.
    pub new: Span,
}

impl Difference {
    /// What lies between the beginning and the end that two texts have in common.
    pub fn between(old: &str, new: &str) -> Self {
        let (a, b) = (old.as_bytes(), new.as_bytes());
        let mut start = common_beginning(a, b);
        while !old.is_char_boundary(start) || !new.is_char_boundary(start) {
            start -= 1;
        }
        let mut tail = common_end(&a[start..], &b[start..]);
        while !old.is_char_boundary(a.len() - tail) || !new.is_char_boundary(b.len() - tail) {
            tail -= 1;
        }
        Self {
            old: Span::new(start, a.len() - tail),
            new: Span::new(start, b.len() - tail),
        }
    }
}

/// How many bytes two texts are compared by at once.
const AT_ONCE: usize = 32;

/// How long the beginning is that two texts share.
fn common_beginning(a: &[u8], b: &[u8]) -> usize {
    let chunks = a.as_chunks::<AT_ONCE>().0.iter().zip(b.as_chunks().0);
    let same = chunks.take_while(|(x, y)| x == y).count() * AT_ONCE;
    let rest = a[same..].iter().zip(&b[same..]);
    same + rest.take_while(|(x, y)| x == y).count()
}

/// How long the end is that two texts share.
fn common_end(a: &[u8], b: &[u8]) -> usize {
    let chunks = a.as_rchunks::<AT_ONCE>().1.iter().rev();
    let chunks = chunks.zip(b.as_rchunks().1.iter().rev());
    let same = chunks.take_while(|(x, y)| x == y).count() * AT_ONCE;
    let (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
    let rest = a.iter().rev().zip(b.iter().rev());
    same + rest.take_while(|(x, y)| x == y).count()
}
