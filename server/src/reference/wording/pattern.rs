//! The patterns of `data/wording.tsv`: regular expressions of words, read in an instant.
//!
//! A regular expression of the `regex` crate takes longer to compile than a chart to judge. These
//! patterns are short and tried only where a note has the words they begin with, so they are walked
//! step by step, with a way back to the last choice. What they find is what `regex` finds, leftmost
//! and by order of preference, which the tests hold them to.
//!
//! Case does not matter but in `(?-i:...)`. A blank stands for any run of blanks and line breaks. There
//! are groups without names, `|`, `?`, `*`, `+`, `{n}`, `{n,m}` (and `?` behind one of these to take as
//! little as will do), `[...]` of up to three characters, `\d`, `\w` and `\b`, all of ASCII.

use std::ops::Range;

use crate::pattern::letters::{is_edge, is_word_at, is_word_before};

/// Where to go on if a choice leads nowhere: a step and a place of the text. Kept by whoever searches, so
/// that it need not be made for each beginning.
pub(super) type WaysBack = Vec<(usize, usize)>;

/// A pattern that begins where a word can.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    steps: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Step {
    /// A character, a letter in any case.
    Letter(char),
    /// A character with its case.
    Exact(char),
    /// One of these characters, or with `true` one that is none of them.
    Class([char; 3], bool),
    /// A blank or a line break.
    Blank,
    /// `\d`.
    Digit,
    /// `\w`.
    Word,
    /// `\b`.
    Edge,
    /// No word goes on here.
    End,
    /// Goes on at the one or, if that leads nowhere, at the other; both counted from here.
    Fork(isize, isize),
    /// Goes on elsewhere, counted from here.
    Jump(isize),
}

impl Pattern {
    /// Reads a pattern; `None` if it is none. With `end` it must not stop inside a word.
    pub(super) fn read(text: &str, end: bool) -> Option<Self> {
        let mut reader = Reader {
            rest: text,
            exact: false,
        };
        let mut steps = reader.alternatives()?;
        if end {
            steps.push(Step::End);
        }
        reader.rest.is_empty().then_some(Self { steps })
    }

    /// What it finds in a text, in order and without overlap.
    pub(super) fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut ways_back = WaysBack::new();
        let mut at = 0;
        while at < text.len() {
            let end = if can_begin(text, at) {
                self.end_at(text, at, &mut ways_back)
            } else {
                None
            };
            if let Some(end) = end.filter(|end| *end > at) {
                found.push(at..end);
                at = end;
            } else {
                at += char_at(text, at).map_or(1, char::len_utf8);
            }
        }
        found
    }

    /// Where it ends if it begins here.
    pub(super) fn end_at(
        &self,
        text: &str,
        start: usize,
        ways_back: &mut WaysBack,
    ) -> Option<usize> {
        ways_back.clear();
        let (mut step, mut at) = (0, start);
        loop {
            let Some(what) = self.steps.get(step) else {
                return Some(at);
            };
            let next = match what {
                Step::Jump(by) => Some((step.wrapping_add_signed(*by), at)),
                Step::Fork(first, second) => {
                    let (first, second) = (
                        step.wrapping_add_signed(*first),
                        step.wrapping_add_signed(*second),
                    );
                    match (
                        self.leads_on(first, text, at),
                        self.leads_on(second, text, at),
                    ) {
                        (true, true) => {
                            ways_back.push((second, at));
                            Some((first, at))
                        }
                        (true, false) => Some((first, at)),
                        (false, _) => Some((second, at)),
                    }
                }
                Step::Edge => is_edge(text.as_bytes(), at).then_some((step + 1, at)),
                Step::End => (!is_word_at(text.as_bytes(), at)).then_some((step + 1, at)),
                taken => char_at(text, at)
                    .filter(|c| taken.takes(*c))
                    .map(|c| (step + 1, at + c.len_utf8())),
            };
            (step, at) = match next {
                Some(next) => next,
                None => ways_back.pop()?,
            };
        }
    }

    /// Whether a step is not one that fails at once.
    fn leads_on(&self, step: usize, text: &str, at: usize) -> bool {
        match self.steps.get(step) {
            None | Some(Step::Edge | Step::End | Step::Fork(..) | Step::Jump(_)) => true,
            Some(taken) => char_at(text, at).is_some_and(|c| taken.takes(c)),
        }
    }

    /// The letters, up to four, that a match can begin with; `0` for a figure.
    #[cfg(test)]
    pub(super) fn beginnings(&self) -> std::collections::BTreeSet<String> {
        let mut found = std::collections::BTreeSet::new();
        let mut open = vec![(0_usize, String::new())];
        while let Some((step, begun)) = open.pop() {
            let to = |by: isize| step.wrapping_add_signed(by);
            match self.steps.get(step) {
                Some(Step::Jump(by)) => open.push((to(*by), begun)),
                Some(Step::Fork(first, second)) => {
                    open.push((to(*first), begun.clone()));
                    open.push((to(*second), begun));
                }
                Some(Step::Letter(c) | Step::Exact(c)) if c.is_ascii_alphabetic() => {
                    let begun = format!("{begun}{}", c.to_ascii_lowercase());
                    if begun.len() < 4 {
                        open.push((step + 1, begun));
                    } else {
                        found.insert(begun);
                    }
                }
                Some(Step::Class(marks, false)) if begun.is_empty() => {
                    found.extend(marks.map(String::from));
                }
                Some(Step::Digit) if begun.is_empty() => {
                    found.insert("0".to_owned());
                }
                Some(Step::Edge) => open.push((step + 1, begun)),
                _ if begun.is_empty() => panic!("not a letter at the beginning"),
                _ => {
                    found.insert(begun);
                }
            }
        }
        found
    }

    /// A text that it matches, by the choices made.
    #[cfg(test)]
    pub(super) fn sample(&self, mut choose: impl FnMut(usize) -> usize) -> String {
        let mut text = String::new();
        let mut step = 0_usize;
        while let Some(what) = self.steps.get(step) {
            let by = match what {
                Step::Jump(by) => *by,
                Step::Fork(first, second) => [*first, *second][choose(2)],
                _ => 1,
            };
            match what {
                Step::Letter(c) | Step::Exact(c) => text.push(*c),
                Step::Class(marks, false) => text.push(marks[choose(3)]),
                Step::Blank => text.push([' ', '\n'][choose(2)]),
                Step::Digit => text.push(['0', '1', '9'][choose(3)]),
                Step::Word => text.push(['a', 'Z', '5', '_'][choose(4)]),
                Step::Class(_, true) => text.push(['x', ' ', '9'][choose(3)]),
                _ => {}
            }
            step = step.wrapping_add_signed(by);
        }
        text
    }
}

impl Step {
    fn takes(&self, found: char) -> bool {
        match self {
            Self::Letter(wanted) => *wanted == small(found),
            Self::Exact(wanted) => *wanted == found,
            Self::Class(marks, negated) => marks.contains(&small(found)) != *negated,
            Self::Blank => matches!(found, ' ' | '\t' | '\r' | '\n'),
            Self::Digit => found.is_ascii_digit(),
            Self::Word => small(found).is_ascii_alphanumeric() || found == '_',
            Self::Edge | Self::End | Self::Fork(..) | Self::Jump(_) => false,
        }
    }
}

/// A character without its case: of all letters beyond ASCII, two are the same as one of ASCII.
pub(super) fn small(c: char) -> char {
    match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    }
}

/// Whether a word can begin here: none goes on from before.
pub(super) fn can_begin(text: &str, at: usize) -> bool {
    !is_word_before(text.as_bytes(), at)
}

/// The character that begins here.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    let byte = *text.as_bytes().get(at)?;
    if byte.is_ascii() {
        Some(char::from(byte))
    } else {
        text.get(at..)?.chars().next()
    }
}

/// Reads the text of a pattern.
struct Reader<'a> {
    rest: &'a str,
    /// Inside `(?-i:...)`.
    exact: bool,
}

impl Reader<'_> {
    fn take(&mut self) -> Option<char> {
        let mut rest = self.rest.chars();
        let taken = rest.next()?;
        self.rest = rest.as_str();
        Some(taken)
    }

    fn take_if(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// One or more sequences with `|` between them.
    fn alternatives(&mut self) -> Option<Vec<Step>> {
        let mut branches = vec![self.sequence()?];
        while self.take_if("|") {
            branches.push(self.sequence()?);
        }
        let mut steps = branches.pop()?;
        while let Some(mut before) = branches.pop() {
            before.insert(0, Step::Fork(1, forward(before.len() + 2)?));
            before.push(Step::Jump(forward(steps.len() + 1)?));
            before.append(&mut steps);
            steps = before;
        }
        Some(steps)
    }

    fn sequence(&mut self) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let atom = self.atom()?;
            self.repeated(atom, &mut steps)?;
        }
        Some(steps)
    }

    fn atom(&mut self) -> Option<Vec<Step>> {
        let step = match self.take()? {
            '(' => {
                let outer = self.exact;
                if self.take_if("?-i:") {
                    self.exact = true;
                } else if !self.take_if("?:") {
                    return None;
                }
                let group = self.alternatives()?;
                self.exact = outer;
                return self.take_if(")").then_some(group);
            }
            '[' => self.class()?,
            ' ' => {
                let optional = self.take_if("?");
                let mut steps = Vec::new();
                repeat(
                    &[Step::Blank],
                    usize::from(!optional),
                    None,
                    false,
                    &mut steps,
                )?;
                return Some(steps);
            }
            '\\' => match self.take()? {
                'b' => Step::Edge,
                'd' => Step::Digit,
                'w' => Step::Word,
                mark if mark.is_ascii_punctuation() => self.literal(mark),
                _ => return None,
            },
            '.' | '^' | '$' | '?' | '*' | '+' | '{' | '}' => return None,
            letter => self.literal(letter),
        };
        Some(vec![step])
    }

    fn literal(&self, c: char) -> Step {
        if self.exact {
            Step::Exact(c)
        } else {
            Step::Letter(small(c))
        }
    }

    /// The rest of `[...]`: up to three characters, or `^` and up to three.
    fn class(&mut self) -> Option<Step> {
        let negated = self.take_if("^");
        let mut marks: Option<[char; 3]> = None;
        for place in 0..=3 {
            let mark = match self.take()? {
                ']' => return Some(Step::Class(marks?, negated)),
                '\\' if self.take_if("n") => '\n',
                '\\' => return None,
                other => small(other),
            };
            // What is not filled holds the first once more.
            marks
                .get_or_insert([mark; 3])
                .get_mut(place)
                .map(|slot| *slot = mark)?;
        }
        None
    }

    /// The steps of an atom as often as the text behind it says.
    fn repeated(&mut self, atom: Vec<Step>, steps: &mut Vec<Step>) -> Option<()> {
        let (least, most) = match self.rest.chars().next() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => {
                let (counts, _) = self.rest.get(1..)?.split_once('}')?;
                match counts.split_once(',') {
                    Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
                    None => (counts.parse().ok()?, Some(counts.parse().ok()?)),
                }
            }
            _ => {
                steps.extend(atom);
                return Some(());
            }
        };
        if self.take()? == '{' {
            self.rest = self.rest.split_once('}')?.1;
        }
        let lazy = self.take_if("?");
        repeat(&atom, least, most, lazy, steps)
    }
}

/// Adds an atom that comes this often.
fn repeat(
    atom: &[Step],
    least: usize,
    most: Option<usize>,
    lazy: bool,
    steps: &mut Vec<Step>,
) -> Option<()> {
    let fork = |on: usize, past: usize| {
        let (on, past) = (forward(on)?, forward(past)?);
        Some(if lazy {
            Step::Fork(past, on)
        } else {
            Step::Fork(on, past)
        })
    };
    for _ in 0..least {
        steps.extend_from_slice(atom);
    }
    let Some(most) = most else {
        steps.push(fork(1, atom.len() + 2)?);
        steps.extend_from_slice(atom);
        steps.push(Step::Jump(-forward(atom.len() + 1)?));
        return Some(());
    };
    for left in (0..most.checked_sub(least)?).rev() {
        steps.push(fork(1, (atom.len() + 1) * (left + 1))?);
        steps.extend_from_slice(atom);
    }
    Some(())
}

fn forward(steps: usize) -> Option<isize> {
    isize::try_from(steps).ok()
}
