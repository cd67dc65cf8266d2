//! Patterns in the language of regular expressions, taken apart while this program is being built.
//!
//! A `Regex` takes half a millisecond to compile, which a hundred of them would make an editor wait
//! for when its first note is opened. So [`program`] takes each pattern apart at compile time, and
//! [`search`] follows the steps. It finds exactly what a `Regex` of the same text finds (the tests
//! compare the two for every pattern of this program), and leaves the rare text in which that would
//! take long to one, which never does.
//!
//! The classes are those of ASCII: notes are written in English. The blanks that are pasted into them
//! count as blanks.

pub mod letters;
pub mod program;
mod search;
#[cfg(test)]
pub(crate) mod tests;

use std::ops::Range;
use std::sync::OnceLock;

use program::{Class, Code, MOST_GROUPS, Pairs, Set, Step};
use regex::Regex;

/// A pattern: `pattern!(NAME, r"...")`.
macro_rules! pattern {
    ($(#[$doc:meta])* $name:ident, $text:expr $(,)?) => {
        $(#[$doc])*
        static $name: $crate::pattern::Pattern = {
            use $crate::pattern::program::{Code, Program};
            const LENGTHS: [usize; 4] = Program::of($text).lengths;
            static CODE: Code<{ LENGTHS[0] }, { LENGTHS[1] }, { LENGTHS[2] }, { LENGTHS[3] }> =
                Code::of(&Program::of($text));
            $crate::pattern::Pattern::new($text, &CODE)
        };
    };
}

pub(crate) use pattern;

/// A pattern, ready to be looked for.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    parts: Parts,
    /// For texts in which the steps lead astray too often.
    regex: OnceLock<Regex>,
}

#[derive(Debug)]
struct Parts {
    steps: &'static [Step],
    classes: &'static [Class],
    sets: &'static [Set],
    names: &'static [(usize, usize)],
    starts: Pairs,
    can_be_empty: bool,
    anchored: bool,
    at_edge: bool,
}

/// Where the groups begin and end.
type Slots = [usize; MOST_GROUPS * 2];
const NOWHERE: usize = usize::MAX;

impl Pattern {
    /// A pattern from its text and what became of it.
    pub const fn new<const S: usize, const C: usize, const T: usize, const G: usize>(
        text: &'static str,
        code: &'static Code<S, C, T, G>,
    ) -> Self {
        Self {
            text,
            parts: Parts {
                steps: &code.steps,
                classes: &code.classes,
                sets: &code.sets,
                names: &code.names,
                starts: code.starts,
                can_be_empty: code.can_be_empty,
                anchored: code.anchored,
                at_edge: code.at_edge,
            },
            regex: OnceLock::new(),
        }
    }

    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| compile(self.text))
    }

    /// Whether it is somewhere in the text.
    pub fn is_match(&self, text: &str) -> bool {
        match search::find(&self.parts, text, 0, None) {
            Ok(found) => found.is_some(),
            Err(search::Tired) => self.regex().is_match(text),
        }
    }

    /// The first match.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.find_at(text, 0)
    }

    /// The first match that begins at an offset or behind it.
    pub fn find_at<'t>(&self, text: &'t str, from: usize) -> Option<Match<'t>> {
        let range = match search::find(&self.parts, text, from, None) {
            Ok(found) => found.map(|(start, end)| start..end),
            Err(search::Tired) => self.regex().find_at(text, from).map(|m| m.range()),
        };
        range.map(|range| Match { text, range })
    }

    /// The matches, none within another.
    pub fn find_iter<'p, 't>(
        &'p self,
        text: &'t str,
    ) -> impl Iterator<Item = Match<'t>> + use<'p, 't> {
        one_after_another(text, |from| self.find_at(text, from), Match::range)
    }

    /// The first match with its groups.
    pub fn captures<'t>(&'static self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_at(text, 0)
    }

    /// The matches with their groups, none within another.
    pub fn captures_iter<'t>(
        &'static self,
        text: &'t str,
    ) -> impl Iterator<Item = Captures<'t>> + use<'t> {
        one_after_another(
            text,
            move |from| self.captures_at(text, from),
            |found| found.slots[0]..found.slots[1],
        )
    }

    fn captures_at<'t>(&'static self, text: &'t str, from: usize) -> Option<Captures<'t>> {
        let mut slots = [NOWHERE; MOST_GROUPS * 2];
        if let Ok(found) = search::find(&self.parts, text, from, Some(&mut slots)) {
            (slots[0], slots[1]) = found?;
        } else {
            slots = [NOWHERE; MOST_GROUPS * 2];
            let found = self.regex().captures_at(text, from)?;
            for (group, found) in found.iter().enumerate() {
                if let Some(found) = found {
                    slots[group * 2] = found.start();
                    slots[group * 2 + 1] = found.end();
                }
            }
        }
        Some(Captures {
            pattern: self,
            text,
            slots,
        })
    }

    /// Whether a text was too long for the steps, so that a `Regex` was compiled.
    #[cfg(test)]
    fn was_tired(&self) -> bool {
        self.regex.get().is_some()
    }
}

/// Searches again and again, each time behind the last match; an empty match does not touch another.
fn one_after_another<M>(
    text: &str,
    mut find: impl FnMut(usize) -> Option<M>,
    range: impl Fn(&M) -> Range<usize>,
) -> impl Iterator<Item = M> {
    let (mut from, mut last_end) = (0, None);
    std::iter::from_fn(move || {
        loop {
            if from > text.len() {
                return None;
            }
            let found = find(from)?;
            let Range { start, end } = range(&found);
            if start == end {
                let next = text[end..].chars().next();
                from = end + next.map_or(1, char::len_utf8);
                if last_end == Some(end) {
                    continue;
                }
            } else {
                from = end;
            }
            last_end = Some(end);
            return Some(found);
        }
    })
}

/// Where a pattern, or a group of it, was found.
#[derive(Clone, Debug)]
pub struct Match<'t> {
    text: &'t str,
    range: Range<usize>,
}

impl<'t> Match<'t> {
    /// Where it begins.
    pub fn start(&self) -> usize {
        self.range.start
    }

    /// Where it ends.
    pub fn end(&self) -> usize {
        self.range.end
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        self.range.len()
    }

    /// Where it stands.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// What was found.
    pub fn as_str(&self) -> &'t str {
        &self.text[self.range.clone()]
    }
}

/// A match with its groups.
#[derive(Clone, Debug)]
pub struct Captures<'t> {
    pattern: &'static Pattern,
    text: &'t str,
    slots: Slots,
}

impl<'t> Captures<'t> {
    /// A group by its number, 0 for the whole.
    pub fn get(&self, group: usize) -> Option<Match<'t>> {
        let start = *self.slots.get(group * 2)?;
        let end = *self.slots.get(group * 2 + 1)?;
        (start != NOWHERE && end != NOWHERE).then_some(Match {
            text: self.text,
            range: start..end,
        })
    }

    /// A group by its name.
    pub fn name(&self, name: &str) -> Option<Match<'t>> {
        let mut names = self.pattern.parts.names.iter();
        let group = names.position(|(start, end)| &self.pattern.text[*start..*end] == name)?;
        self.get(group)
    }
}

impl std::ops::Index<&str> for Captures<'_> {
    type Output = str;

    /// The words of a group that every match has.
    fn index(&self, name: &str) -> &str {
        match self.name(name) {
            Some(found) => found.as_str(),
            None => panic!("no group {name}"),
        }
    }
}

/// What `\s` stands for: the blanks of ASCII and those that word processors leave behind.
const BLANKS: &str = r"\t\n\v\f\r\x20\x{A0}\x{2000}-\x{200A}\x{202F}";
const WORD: &str = "0-9A-Za-z_";

/// Compiles a pattern of this program, its classes taken as those of ASCII.
fn compile(pattern: &str) -> Regex {
    Regex::new(&of_ascii(pattern)).unwrap_or_else(|error| unreachable!("{error}"))
}

/// The pattern with its classes written out.
pub fn of_ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            '\\' => {
                let Some(escaped) = chars.next() else { break };
                let class = |negated: bool, members: &str| match (in_class, negated) {
                    (true, false) => members.to_owned(),
                    (false, false) => format!("[{members}]"),
                    (_, true) => format!("[^{members}]"),
                };
                match escaped {
                    'd' => out += &class(false, "0-9"),
                    'w' => out += &class(false, WORD),
                    's' => out += &class(false, BLANKS),
                    'W' => out += &class(true, WORD),
                    'S' => out += &class(true, BLANKS),
                    'b' if chars.peek() == Some(&'{') => {
                        let kind: String = chars.by_ref().take_while(|c| *c != '}').collect();
                        out.extend([r"(?-u:\b", &kind, "})"]);
                    }
                    'b' => out += r"(?-u:\b)",
                    other => out.extend(['\\', other]),
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}
