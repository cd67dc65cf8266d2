//! Left and right, from the titles. The digits do not say: right is 1, 3, 4 or 7.

use super::rows::{Code, Cursor};
use super::{Entry, Release};

/// The side of the body that a code names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Side {
    Left,
    Right,
    Both,
    /// The code leaves open what others beside it name.
    Unspecified,
}

impl Release {
    /// The side the title names. [`Side::Unspecified`] only where the codes of either side exist;
    /// none for what has no sides.
    pub fn side(&self, code: &str) -> Option<Side> {
        let code = Code::parse(code)?;
        if let Some(known) = self.known_sides.read().get(&code) {
            return *known;
        }
        let row = self.row(code)?;
        let side = self.side_of(&row);
        self.known_sides.write().insert(code, side);
        side
    }

    fn side_of(&self, row: &Cursor<'_>) -> Option<Side> {
        let title = self.text(&row.words);
        let exists = |side| self.counterpart(row, side).is_some();
        named(&title).or_else(|| {
            let both = leaves_open(&title) && exists(Side::Right) && exists(Side::Left);
            both.then_some(Side::Unspecified)
        })
    }

    /// The same condition on the other side.
    pub fn other_side(&self, code: &str) -> Option<Entry> {
        let other = match self.side(code)? {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
            Side::Both | Side::Unspecified => return None,
        };
        self.sided(code, other)
    }

    /// The same condition on this side. Of a category: the one code directly below it that names
    /// the side.
    pub fn sided(&self, code: &str, side: Side) -> Option<Entry> {
        let row = self.row(Code::parse(code)?)?;
        if row.billable {
            let own = open_or_named(&self.text(&row.words))?;
            return if own == side {
                Some(self.entry(&row))
            } else {
                self.counterpart(&row, side)
            };
        }
        let mut fit = self.children(code);
        fit.retain(|child| open_or_named(&child.title) == Some(side));
        fit.pop().filter(|_| fit.is_empty())
    }

    /// The one code of the side beside this one, or beside the one above it, whose title says the
    /// same otherwise; failing that, the one whose title says no more or no less.
    fn counterpart(&self, row: &Cursor<'_>, side: Side) -> Option<Entry> {
        let own = condition(&self.text(&row.words));
        for above in self.above(row.code) {
            let mut same = Vec::new();
            let mut close = Vec::new();
            self.below(above, |other| {
                if other.code == row.code
                    || other.code.len() != row.code.len()
                    || other.billable != row.billable
                {
                    return true;
                }
                let title = self.text(&other.words);
                if open_or_named(&title) == Some(side) {
                    let words = condition(&title);
                    if words == own {
                        same.push(other.code);
                    } else if contains(&own, &words) || contains(&words, &own) {
                        close.push(other.code);
                    }
                }
                true
            });
            for found in [same, close] {
                if let [code] = found[..] {
                    return self.row(code).map(|row| self.entry(&row));
                }
                if !found.is_empty() {
                    return None;
                }
            }
        }
        None
    }

    /// The two codes next above.
    fn above(&self, code: Code) -> impl Iterator<Item = Code> {
        (3..code.len())
            .rev()
            .map(move |length| code.cut(length))
            .filter(|&above| self.row(above).is_some())
            .take(2)
    }
}

/// The words of a title, in small letters.
fn words(title: &str) -> impl Iterator<Item = String> {
    title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}

/// The one side that the title names.
fn named(title: &str) -> Option<Side> {
    let mut side = None;
    for word in words(title) {
        let word = match word.as_str() {
            "right" => Side::Right,
            "left" => Side::Left,
            "bilateral" | "both" => Side::Both,
            _ => continue,
        };
        if side.is_some_and(|side| side != word) {
            return None;
        }
        side = Some(word);
    }
    side
}

fn leaves_open(title: &str) -> bool {
    words(title).any(|word| word == "unspecified")
}

fn open_or_named(title: &str) -> Option<Side> {
    named(title).or(leaves_open(title).then_some(Side::Unspecified))
}

/// What the title says besides the side: its words in the order of the alphabet.
fn condition(title: &str) -> Vec<String> {
    const SIDES: &str = "right left bilateral both unspecified side sided";
    let words = words(title).filter(|word| SIDES.split(' ').all(|side| side != word));
    let words = words.map(|word| word.trim_end_matches('s').to_owned());
    let mut words: Vec<String> = words.collect();
    words.sort_unstable();
    words
}

/// Whether every word of the shorter one is in the longer one.
fn contains(longer: &[String], shorter: &[String]) -> bool {
    shorter.iter().all(|word| longer.contains(word))
}
