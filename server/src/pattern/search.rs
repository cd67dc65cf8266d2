//! Looking for a pattern: its steps are followed, and where one way leads nowhere, the next one is.

use super::letters::{is_edge, is_word_at, is_word_before};
use super::program::{END, ENDLESS, How, LIKENESS, Place, Step, holds};
use super::{Parts, Slots};

/// The steps that a search may take for itself and for each byte. What needs more is left to an
/// engine that never takes more than its text is long.
const STEPS_AT_ALL: usize = 4096;
const STEPS_PER_BYTE: usize = 64;
/// How many forks may be open at once.
const MOST_FORKS: u16 = 200;

/// The search became too long.
pub(super) struct Tired;

/// The first match that begins at an offset or behind it; `slots` take the groups if there are any.
pub(super) fn find(
    parts: &Parts,
    text: &str,
    from: usize,
    slots: Option<&mut Slots>,
) -> Result<Option<(usize, usize)>, Tired> {
    let text = text.as_bytes();
    let mut search = Search {
        parts,
        text,
        steps_left: STEPS_AT_ALL + STEPS_PER_BYTE * (text.len() - from),
        slots,
    };
    let mut at = from;
    loop {
        if parts.anchored && at > 0 {
            return Ok(None);
        }
        at = next_start(parts, text, at);
        if at > text.len() || at == text.len() && !parts.can_be_empty {
            return Ok(None);
        }
        let inside_a_character = text.get(at).is_some_and(|b| b & 0xC0 == 0x80);
        if !inside_a_character
            && (!parts.at_edge || is_edge(text, at))
            && let Some(end) = search.follow(0, at, 0)?
        {
            return Ok(Some((at, end)));
        }
        at += 1;
    }
}

/// The next place at which a match can begin, by the two bytes there; at the end there may be none.
fn next_start(parts: &Parts, text: &[u8], from: usize) -> usize {
    let like = |byte: &u8| usize::from(LIKENESS[usize::from(*byte)]);
    let Some(rest) = text.get(from..) else {
        return from;
    };
    let Some(mut first) = rest.first().map(like) else {
        return from;
    };
    let after = rest[1..].iter().chain(&[END]).map(like);
    for (length, second) in after.enumerate() {
        if parts.starts[first] >> second & 1 == 1 {
            return from + length;
        }
        first = second;
    }
    text.len()
}

struct Search<'p, 't, 's> {
    parts: &'p Parts,
    text: &'t [u8],
    steps_left: usize,
    slots: Option<&'s mut Slots>,
}

impl Search<'_, '_, '_> {
    /// The end of the match that goes on with a step.
    fn follow(&mut self, step: u16, at: usize, forks: u16) -> Result<Option<usize>, Tired> {
        let (mut step, mut at) = (step, at);
        loop {
            self.steps_left = self.steps_left.checked_sub(1).ok_or(Tired)?;
            match self.parts.steps[usize::from(step)] {
                Step::Byte(byte) => {
                    if self.text.get(at) != Some(&byte) {
                        return Ok(None);
                    }
                    at += 1;
                }
                Step::Letter(letter) => {
                    if self.text.get(at).is_none_or(|b| b | 0x20 != letter) {
                        return Ok(None);
                    }
                    at += 1;
                }
                Step::One(class) => {
                    let length = self.length_of(class, at);
                    if length == 0 {
                        return Ok(None);
                    }
                    at += length;
                }
                Step::Run {
                    class,
                    least,
                    most,
                    how,
                    next,
                } => {
                    let (least, most) = (usize::from(least), most);
                    let taken = match how {
                        How::Sure => self.run(class, at, most),
                        How::Greedy => {
                            let longest = self.run(class, at, most);
                            return self.shorter_and_shorter(step, at, longest, least, next, forks);
                        }
                        How::Lazy => {
                            return self.longer_and_longer(step, at, (class, least, most), forks);
                        }
                    };
                    if taken.count < least {
                        return Ok(None);
                    }
                    at = taken.end;
                }
                Step::Fork {
                    first,
                    second,
                    sets,
                } => {
                    let next = self.text.get(at).copied().unwrap_or(END);
                    let sets = &self.parts.sets[usize::from(sets)..];
                    match (holds(&sets[0], next), holds(&sets[1], next)) {
                        (false, false) => return Ok(None),
                        (true, false) => step = first,
                        (false, true) => step = second,
                        (true, true) => {
                            if let Some(end) = self.aside(first, at, forks)? {
                                return Ok(Some(end));
                            }
                            step = second;
                        }
                    }
                    continue;
                }
                Step::Jump(to) => {
                    step = to;
                    continue;
                }
                Step::Save(slot) => {
                    if let Some(slots) = &mut self.slots {
                        let slot = usize::from(slot);
                        let before = std::mem::replace(&mut slots[slot], at);
                        let found = self.aside(step + 1, at, forks)?;
                        if found.is_none()
                            && let Some(slots) = &mut self.slots
                        {
                            slots[slot] = before;
                        }
                        return Ok(found);
                    }
                }
                Step::At(place) => {
                    if !self.is_at(place, at) {
                        return Ok(None);
                    }
                }
                Step::Found => return Ok(Some(at)),
            }
            step += 1;
        }
    }

    /// Follows one way of several.
    fn aside(&mut self, step: u16, at: usize, forks: u16) -> Result<Option<usize>, Tired> {
        if forks == MOST_FORKS {
            return Err(Tired);
        }
        self.follow(step, at, forks + 1)
    }

    /// Goes on behind the longest run, then behind shorter ones.
    fn shorter_and_shorter(
        &mut self,
        step: u16,
        start: usize,
        longest: Taken,
        least: usize,
        next: u16,
        forks: u16,
    ) -> Result<Option<usize>, Tired> {
        let Taken { mut count, mut end } = longest;
        if count < least {
            return Ok(None);
        }
        loop {
            let byte = self.text.get(end).copied().unwrap_or(END);
            if holds(&self.parts.sets[usize::from(next)], byte)
                && let Some(end) = self.aside(step + 1, end, forks)?
            {
                return Ok(Some(end));
            }
            if count == least || end == start {
                return Ok(None);
            }
            self.steps_left = self.steps_left.checked_sub(1).ok_or(Tired)?;
            count -= 1;
            end -= 1;
            while self.text[end] & 0xC0 == 0x80 {
                end -= 1;
            }
        }
    }

    /// Goes on behind the shortest run, then behind longer ones.
    fn longer_and_longer(
        &mut self,
        step: u16,
        start: usize,
        (class, least, most): (u8, usize, u16),
        forks: u16,
    ) -> Result<Option<usize>, Tired> {
        let (mut at, mut count) = (start, 0);
        loop {
            if count >= least
                && let Some(end) = self.aside(step + 1, at, forks)?
            {
                return Ok(Some(end));
            }
            let length = self.length_of(class, at);
            if length == 0 || most != ENDLESS && count == usize::from(most) {
                return Ok(None);
            }
            at += length;
            count += 1;
        }
    }

    /// As many characters of a class as there are.
    fn run(&mut self, class: u8, start: usize, most: u16) -> Taken {
        let most = if most == ENDLESS {
            usize::MAX
        } else {
            usize::from(most)
        };
        let (mut end, mut count) = (start, 0);
        while count < most {
            let length = self.length_of(class, end);
            if length == 0 {
                break;
            }
            end += length;
            count += 1;
        }
        // A long run is work, too.
        self.steps_left = self.steps_left.saturating_sub(count / 4);
        Taken { end, count }
    }

    /// The length of the character at an offset, if it belongs to a class; else 0.
    fn length_of(&self, class: u8, at: usize) -> usize {
        let class = &self.parts.classes[usize::from(class)];
        match self.text.get(at) {
            Some(byte) if byte.is_ascii() => usize::from(class.ascii >> byte & 1 == 1),
            Some(_) => {
                let c = character(&self.text[at..]);
                c.filter(|c| class.holds_beyond(*c))
                    .map_or(0, char::len_utf8)
            }
            None => 0,
        }
    }

    fn is_at(&self, place: Place, at: usize) -> bool {
        match place {
            Place::Start => at == 0,
            Place::Finish => at == self.text.len(),
            Place::LineStart => at == 0 || self.text[at - 1] == b'\n',
            Place::LineFinish => at == self.text.len() || self.text[at] == b'\n',
            Place::Edge => is_edge(self.text, at),
            Place::NoEdge => !is_edge(self.text, at),
            Place::NoWordBefore => !is_word_before(self.text, at),
            Place::NoWordAfter => !is_word_at(self.text, at),
        }
    }
}

/// A run of characters.
#[derive(Clone, Copy)]
struct Taken {
    end: usize,
    count: usize,
}

/// The first character of a text that begins with one beyond ASCII.
fn character(text: &[u8]) -> Option<char> {
    let length = match text.first()? {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    };
    let bytes = text.get(..length)?;
    let lead = u32::from(bytes[0]) & (0x7F >> length);
    let c = bytes[1..]
        .iter()
        .fold(lead, |c, b| c << 6 | u32::from(b & 0x3F));
    char::from_u32(c)
}
