//! From the text of a pattern to the steps that look for it, while this program is being built.
//!
//! Everything here is `const`: a pattern that it does not understand is an error of the compiler.

/// The most steps, classes and so on that one pattern may need.
const MOST_STEPS: usize = 1600;
const MOST_CLASSES: usize = 48;
const MOST_SETS: usize = 500;
/// The most groups that captures have room for, the whole match included.
pub(super) const MOST_GROUPS: usize = 16;
/// The end of `x*`.
pub(super) const ENDLESS: u16 = u16::MAX;
/// Stands for the end of the text where the next byte is looked at. No UTF-8 has such a byte.
pub(super) const END: u8 = 0xFF;

const NOWHERE: u16 = u16::MAX;

/// What to do next.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Take this ASCII character.
    Byte(u8),
    /// Take this small ASCII letter or its capital.
    Letter(u8),
    /// Take one character of a class.
    One(u8),
    /// Take characters of a class, as many as there are or as few as will do. `next` is what can
    /// follow them.
    Run {
        class: u8,
        least: u16,
        most: u16,
        how: How,
        next: u16,
    },
    /// Try one way, then the other; `sets` and the one behind it tell what each can begin with.
    Fork { first: u16, second: u16, sets: u16 },
    /// Go on elsewhere.
    Jump(u16),
    /// Remember this place.
    Save(u8),
    /// Go on if the place is of this kind.
    At(Place),
    /// The match is complete.
    Found,
}

/// How a run takes its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// As many as there are, then fewer.
    Greedy,
    /// As many as there are: what follows cannot begin with one of them.
    Sure,
    /// As few as will do.
    Lazy,
}

/// What an empty match asks of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `^`
    Start,
    /// `$`
    Finish,
    /// `^` of a line.
    LineStart,
    /// `$` of a line.
    LineFinish,
    /// `\b`
    Edge,
    /// `\B`
    NoEdge,
    /// `\b{start-half}`
    NoWordBefore,
    /// `\b{end-half}`
    NoWordAfter,
}

/// Bytes, and the end of the text.
pub type Set = [u64; 4];

/// Characters: those of ASCII by their bits, the others by their ranges.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    pub(super) ascii: u128,
    beyond: [(u32, u32); 8],
    ranges: usize,
    /// The ranges are those that do not belong to it.
    all_but: bool,
}

impl Class {
    const EMPTY: Self = Self {
        ascii: 0,
        beyond: [(0, 0); 8],
        ranges: 0,
        all_but: false,
    };

    const fn of(c: u32) -> Self {
        let mut class = Self::EMPTY;
        class.add(c, c);
        class
    }

    const fn add(&mut self, from: u32, to: u32) {
        assert!(from <= to, "a range that ends before it begins");
        let mut c = from;
        while c <= to && c < 0x80 {
            self.ascii |= 1 << c;
            c += 1;
        }
        if to >= 0x80 {
            assert!(!self.all_but, "a character beside a negated class");
            self.beyond[self.ranges] = (if from < 0x80 { 0x80 } else { from }, to);
            self.ranges += 1;
        }
    }

    const fn unite(&mut self, other: &Self) {
        self.ascii |= other.ascii;
        if other.all_but {
            assert!(self.ranges == 0 && !self.all_but, "beside a negated class");
            self.all_but = true;
        }
        let mut at = 0;
        while at < other.ranges {
            self.beyond[self.ranges] = other.beyond[at];
            self.ranges += 1;
            at += 1;
        }
    }

    const fn intersect(&mut self, other: &Self) {
        assert!(
            self.ranges == 0 && !self.all_but,
            "an intersection beyond ASCII"
        );
        self.ascii &= other.ascii;
    }

    const fn negate(&mut self) {
        self.ascii = !self.ascii;
        self.all_but = !self.all_but;
    }

    /// Adds what differs by its capitals only. Two letters of ASCII have such relatives beyond it.
    const fn any_case(&mut self) {
        let capitals: u128 = 0x07FF_FFFE << 64;
        let small: u128 = capitals << 32;
        self.ascii |= (self.ascii & capitals) << 32 | (self.ascii & small) >> 32;
        if self.ascii >> b's' & 1 == 1 {
            self.add(0x17F, 0x17F);
        }
        if self.ascii >> b'k' & 1 == 1 {
            self.add(0x212A, 0x212A);
        }
        let mut at = 0;
        while at < self.ranges {
            let (from, to) = self.beyond[at];
            let caseless = from == 0x17F
                || from == 0x212A
                || matches!((from, to), (0xA0..=0xBF | 0xD7 | 0xF7, _) if to <= 0xB4 || to == from && to != 0xB5)
                || from >= 0x2000 && (to < 0x2126 || from >= 0x2190);
            assert!(caseless, "a letter beyond ASCII in any case");
            at += 1;
        }
    }

    /// Whether a character beyond ASCII belongs to it.
    pub(super) fn holds_beyond(&self, c: char) -> bool {
        let c = u32::from(c);
        let ranges = &self.beyond[..self.ranges];
        ranges.iter().any(|(from, to)| *from <= c && c <= *to) != self.all_but
    }

    const fn same(&self, other: &Self) -> bool {
        if self.ascii != other.ascii || self.ranges != other.ranges || self.all_but != other.all_but
        {
            return false;
        }
        let mut at = 0;
        while at < self.ranges {
            let (one, two) = (self.beyond[at], other.beyond[at]);
            if one.0 != two.0 || one.1 != two.1 {
                return false;
            }
            at += 1;
        }
        true
    }

    const fn add_to(&self, set: &mut Set) {
        #[expect(clippy::cast_possible_truncation)]
        {
            set[0] |= self.ascii as u64;
            set[1] |= (self.ascii >> 64) as u64;
        }
        if self.ranges > 0 || self.all_but {
            set[2] = u64::MAX;
            set[3] |= u64::MAX >> 1;
        }
    }
}

/// Bytes by what they are like, so that two of them can be looked up at once: letters without regard to
/// case, digits, blanks, a few marks, the others, and what is beyond ASCII.
pub(super) const LIKENESS: [u8; 256] = {
    let mut table = [BEYOND; 256];
    let mut byte = 0;
    while byte < 0x80 {
        #[expect(clippy::cast_possible_truncation)]
        let c = byte as u8;
        table[byte] = match c {
            b'a'..=b'z' => c - b'a',
            b'A'..=b'Z' => c - b'A',
            b'0'..=b'9' => 26,
            b'\t'..=b'\r' | b' ' => 27,
            b'-' | b'/' | b':' => 28,
            b'.' | b',' | b';' => 29,
            _ => 30,
        };
        byte += 1;
    }
    table
};
/// Bytes beyond ASCII, and the end.
const BEYOND: u8 = 31;

/// For each first byte the second ones, by their likeness.
pub type Pairs = [u32; 32];

/// The bytes of a set by their likeness.
const fn likenesses(set: &Set) -> u32 {
    let (mut found, mut byte) = (0, 0);
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation)]
        if holds(set, byte as u8) {
            found |= 1 << LIKENESS[byte];
        }
        byte += 1;
    }
    found
}

/// Whether a set holds a byte, or [`END`].
pub(super) const fn holds(set: &Set, byte: u8) -> bool {
    set[(byte >> 6) as usize] >> (byte & 63) & 1 == 1
}

/// A pattern taken apart, with room to spare.
#[derive(Clone, Copy)]
pub struct Program {
    steps: [Step; MOST_STEPS],
    classes: [Class; MOST_CLASSES],
    sets: [Set; MOST_SETS],
    /// The names of the groups, as ranges of the pattern's text.
    names: [(usize, usize); MOST_GROUPS],
    /// How many there are of each of these.
    pub lengths: [usize; 4],
    starts: Pairs,
    can_be_empty: bool,
    anchored: bool,
    at_edge: bool,
}

/// A pattern taken apart, without room to spare.
#[derive(Debug)]
pub struct Code<const STEPS: usize, const CLASSES: usize, const SETS: usize, const GROUPS: usize> {
    pub steps: [Step; STEPS],
    pub classes: [Class; CLASSES],
    pub sets: [Set; SETS],
    pub names: [(usize, usize); GROUPS],
    /// What a match can begin with.
    pub starts: Pairs,
    /// A match can take nothing.
    pub can_be_empty: bool,
    /// A match begins where the text does.
    pub anchored: bool,
    /// A match begins at the edge of a word.
    pub at_edge: bool,
}

impl<const STEPS: usize, const CLASSES: usize, const SETS: usize, const GROUPS: usize>
    Code<STEPS, CLASSES, SETS, GROUPS>
{
    pub const fn of(program: &Program) -> Self {
        let mut code = Self {
            steps: [Step::Found; STEPS],
            classes: [Class::EMPTY; CLASSES],
            sets: [[0; 4]; SETS],
            names: [(0, 0); GROUPS],
            starts: program.starts,
            can_be_empty: program.can_be_empty,
            anchored: program.anchored,
            at_edge: program.at_edge,
        };
        let mut at = 0;
        while at < STEPS {
            code.steps[at] = program.steps[at];
            at += 1;
        }
        at = 0;
        while at < CLASSES {
            code.classes[at] = program.classes[at];
            at += 1;
        }
        at = 0;
        while at < SETS {
            code.sets[at] = program.sets[at];
            at += 1;
        }
        at = 0;
        while at < GROUPS {
            code.names[at] = program.names[at];
            at += 1;
        }
        code
    }
}

#[derive(Clone, Copy)]
struct Flags {
    any_case: bool,
    verbose: bool,
    lines: bool,
}

#[derive(Clone, Copy)]
struct Times {
    least: u16,
    most: u16,
    lazy: bool,
}

const ONCE: Times = Times {
    least: 1,
    most: 1,
    lazy: false,
};

impl Program {
    /// Takes a pattern apart.
    pub const fn of(text: &str) -> Self {
        let mut reader = Reader {
            text: text.as_bytes(),
            program: Self {
                steps: [Step::Found; MOST_STEPS],
                classes: [Class::EMPTY; MOST_CLASSES],
                sets: [[0; 4]; MOST_SETS],
                names: [(0, 0); MOST_GROUPS],
                lengths: [0, 0, 0, 1],
                starts: [0; 32],
                can_be_empty: false,
                anchored: false,
                at_edge: false,
            },
        };
        let flags = Flags {
            any_case: false,
            verbose: false,
            lines: false,
        };
        let end = reader.alternatives(0, flags);
        assert!(end == text.len(), "a bracket that nothing opens");
        reader.push(Step::Found);
        reader.program.look_ahead();
        reader.program
    }

    /// Notes what each way of a fork, and what follows a run, can begin with.
    const fn look_ahead(&mut self) {
        let mut at = 0;
        while at < self.lengths[0] {
            match self.steps[at] {
                Step::Fork { first, second, .. } => {
                    let sets = self.lengths[2];
                    self.firsts(first as usize, sets, 0);
                    self.firsts(second as usize, sets + 1, 0);
                    self.lengths[2] += 2;
                    self.steps[at] = Step::Fork {
                        first,
                        second,
                        sets: small(sets),
                    };
                }
                Step::Run {
                    class,
                    least,
                    most,
                    how,
                    ..
                } => {
                    let next = self.lengths[2];
                    self.firsts(at + 1, next, 0);
                    self.lengths[2] += 1;
                    let mut own = [0; 4];
                    self.classes[class as usize].add_to(&mut own);
                    let follows = &self.sets[next];
                    let apart = own[0] & follows[0] == 0
                        && own[1] & follows[1] == 0
                        && own[2] & follows[2] == 0
                        && own[3] & follows[3] == 0;
                    let how = match how {
                        How::Greedy if apart => How::Sure,
                        how => how,
                    };
                    self.steps[at] = Step::Run {
                        class,
                        least,
                        most,
                        how,
                        next: small(next),
                    };
                }
                _ => {}
            }
            at += 1;
        }
        let spare = self.lengths[2];
        self.firsts(0, spare, 0);
        self.can_be_empty = holds(&self.sets[spare], END);
        self.sets[spare] = [0; 4];
        self.first_pairs(0);
        self.anchored = self.always_at(0, Place::Start);
        self.at_edge = self.always_at(0, Place::Edge);
    }

    /// Adds to a set what can come next at a step. Where the match can be complete, anything can.
    const fn firsts(&mut self, at: usize, into: usize, depth: usize) {
        assert!(depth < 400, "a loop that takes nothing");
        match self.steps[at] {
            Step::Byte(byte) => Class::of(byte as u32).add_to(&mut self.sets[into]),
            Step::Letter(byte) => {
                Class::of(byte as u32).add_to(&mut self.sets[into]);
                Class::of(byte.to_ascii_uppercase() as u32).add_to(&mut self.sets[into]);
            }
            Step::One(class) => self.classes[class as usize].add_to(&mut self.sets[into]),
            Step::Run { class, least, .. } => {
                self.classes[class as usize].add_to(&mut self.sets[into]);
                if least == 0 {
                    self.firsts(at + 1, into, depth + 1);
                }
            }
            Step::Fork { first, second, .. } => {
                self.firsts(first as usize, into, depth + 1);
                self.firsts(second as usize, into, depth + 1);
            }
            Step::Jump(to) => self.firsts(to as usize, into, depth + 1),
            Step::Save(_) | Step::At(_) => self.firsts(at + 1, into, depth + 1),
            Step::Found => self.sets[into] = [u64::MAX; 4],
        }
    }

    /// Notes what a match that goes on with a step can begin with.
    const fn first_pairs(&mut self, at: usize) {
        let mut first = [0; 4];
        let spare = self.lengths[2];
        match self.steps[at] {
            Step::Byte(byte) | Step::Letter(byte) => Class::of(byte as u32).add_to(&mut first),
            Step::One(class) => self.classes[class as usize].add_to(&mut first),
            Step::Run { class, least, .. } => {
                self.classes[class as usize].add_to(&mut first);
                self.sets[spare] = first;
                if least == 0 {
                    self.first_pairs(at + 1);
                    // The spare set was used for what follows.
                    self.sets[spare] = first;
                }
            }
            Step::Fork { first, second, .. } => {
                self.first_pairs(first as usize);
                self.first_pairs(second as usize);
                return;
            }
            Step::Jump(to) => return self.first_pairs(to as usize),
            Step::Save(_) | Step::At(_) => return self.first_pairs(at + 1),
            Step::Found => {
                self.starts = [u32::MAX; 32];
                return;
            }
        }
        self.firsts(at + 1, spare, 0);
        let second = likenesses(&self.sets[spare]);
        self.sets[spare] = [0; 4];
        let first = likenesses(&first);
        let mut likeness = 0;
        while likeness < BEYOND {
            if first >> likeness & 1 == 1 {
                self.starts[likeness as usize] |= second;
            }
            likeness += 1;
        }
        // A character beyond ASCII has another byte of that kind.
        if first >> BEYOND & 1 == 1 {
            self.starts[BEYOND as usize] |= 1 << BEYOND;
        }
    }

    /// Whether every match asks this of its first place.
    const fn always_at(&self, at: usize, place: Place) -> bool {
        match self.steps[at] {
            Step::At(found) => found as u8 == place as u8 || self.always_at(at + 1, place),
            Step::Save(_) => self.always_at(at + 1, place),
            Step::Jump(to) => self.always_at(to as usize, place),
            Step::Fork { first, second, .. } => {
                self.always_at(first as usize, place) && self.always_at(second as usize, place)
            }
            _ => false,
        }
    }
}

const fn small(number: usize) -> u16 {
    assert!(number < NOWHERE as usize, "too long a pattern");
    #[expect(clippy::cast_possible_truncation)]
    {
        number as u16
    }
}

struct Reader<'p> {
    text: &'p [u8],
    program: Program,
}

impl Reader<'_> {
    const fn here(&self) -> usize {
        self.program.lengths[0]
    }

    const fn push(&mut self, step: Step) {
        self.program.steps[self.here()] = step;
        self.program.lengths[0] += 1;
    }

    const fn class(&mut self, class: &Class) -> u8 {
        let mut at = 0;
        while at < self.program.lengths[1] {
            if self.program.classes[at].same(class) {
                break;
            }
            at += 1;
        }
        self.program.classes[at] = *class;
        if at == self.program.lengths[1] {
            self.program.lengths[1] += 1;
        }
        #[expect(clippy::cast_possible_truncation)]
        {
            at as u8
        }
    }

    const fn byte(&self, at: usize) -> u8 {
        if at < self.text.len() {
            self.text[at]
        } else {
            END
        }
    }

    /// `a|b|c`, up to the bracket that closes it.
    const fn alternatives(&mut self, mut at: usize, mut flags: Flags) -> usize {
        let mut jump = NOWHERE;
        loop {
            let fork = self.here();
            let more = self.bar_follows(at, flags);
            if more {
                self.push(Step::Found);
            }
            (at, flags) = self.sequence(at, flags);
            if !more {
                break;
            }
            at += 1;
            // The jumps to the end are chained until the end is known.
            let end = self.here();
            self.push(Step::Jump(jump));
            jump = small(end);
            self.program.steps[fork] = Step::Fork {
                first: small(fork + 1),
                second: small(self.here()),
                sets: 0,
            };
        }
        let end = small(self.here());
        while jump != NOWHERE {
            let Step::Jump(next) = self.program.steps[jump as usize] else {
                break;
            };
            self.program.steps[jump as usize] = Step::Jump(end);
            jump = next;
        }
        at
    }

    /// Whether the alternative that begins here is followed by another one.
    const fn bar_follows(&self, mut at: usize, flags: Flags) -> bool {
        while at < self.text.len() {
            match self.text[at] {
                b'|' => return true,
                b')' => return false,
                b'(' => at = self.after_group(at),
                b'[' => at = self.after_class(at),
                b'\\' => at += 2,
                b'#' if flags.verbose => at = self.after_blanks(at, flags),
                _ => at += 1,
            }
        }
        false
    }

    const fn after_group(&self, mut at: usize) -> usize {
        let mut depth = 0;
        loop {
            match self.text[at] {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'[' => at = self.after_class(at) - 1,
                b'\\' => at += 1,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                return at;
            }
        }
    }

    const fn after_class(&self, mut at: usize) -> usize {
        let mut depth = 0;
        loop {
            match self.text[at] {
                b'[' => depth += 1,
                b']' => depth -= 1,
                b'\\' => at += 1,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                return at;
            }
        }
    }

    const fn after_blanks(&self, mut at: usize, flags: Flags) -> usize {
        while flags.verbose && at < self.text.len() {
            match self.text[at] {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => {
                    while at < self.text.len() && self.text[at] != b'\n' {
                        at += 1;
                    }
                }
                _ => break,
            }
        }
        at
    }

    const fn sequence(&mut self, mut at: usize, mut flags: Flags) -> (usize, Flags) {
        loop {
            at = self.after_blanks(at, flags);
            match self.byte(at) {
                END | b'|' | b')' => return (at, flags),
                b'(' if self.sets_flags(at) => {
                    (at, flags) = self.flags(at + 2, flags);
                    at += 1;
                }
                b'(' => {
                    let (after, times) = self.times(self.after_group(at), flags);
                    self.repeated_group(at, flags, times);
                    at = after;
                }
                b'^' => {
                    self.push(Step::At(if flags.lines {
                        Place::LineStart
                    } else {
                        Place::Start
                    }));
                    at += 1;
                }
                b'$' => {
                    self.push(Step::At(if flags.lines {
                        Place::LineFinish
                    } else {
                        Place::Finish
                    }));
                    at += 1;
                }
                b'\\' if self.byte(at + 1) == b'b' || self.byte(at + 1) == b'B' => {
                    at = self.edge(at + 1);
                }
                _ => at = self.character(at, flags),
            }
        }
    }

    /// `(?i)`, and not `(?i:...)`.
    const fn sets_flags(&self, at: usize) -> bool {
        if self.byte(at + 1) != b'?' {
            return false;
        }
        let mut at = at + 2;
        while self.byte(at).is_ascii_lowercase() || self.byte(at) == b'-' {
            at += 1;
        }
        self.byte(at) == b')'
    }

    /// The letters of `i`, `x` and `m`, those behind a `-` taken back.
    const fn flags(&self, mut at: usize, mut flags: Flags) -> (usize, Flags) {
        let mut on = true;
        loop {
            match self.byte(at) {
                b'-' => on = false,
                b'i' => flags.any_case = on,
                b'x' => flags.verbose = on,
                b'm' => flags.lines = on,
                b')' | b':' => return (at, flags),
                _ => panic!("an unknown flag"),
            }
            at += 1;
        }
    }

    const fn edge(&mut self, at: usize) -> usize {
        let place = match (self.byte(at), self.byte(at + 1)) {
            (b'B', _) => Place::NoEdge,
            (_, b'{') => {
                let place = match self.byte(at + 2) {
                    b's' => Place::NoWordBefore,
                    _ => Place::NoWordAfter,
                };
                let mut end = at + 2;
                while self.byte(end) != b'}' {
                    end += 1;
                }
                let half = self.byte(end - 1) == b'f' && self.byte(end - 2) == b'l';
                assert!(half, "an edge that is not half a one");
                self.push(Step::At(place));
                return end + 1;
            }
            _ => Place::Edge,
        };
        self.push(Step::At(place));
        at + 1
    }

    /// `?`, `*`, `+`, `{2}`, `{2,}` or `{2,3}`, each perhaps lazy; or nothing.
    const fn times(&self, at: usize, flags: Flags) -> (usize, Times) {
        let mut at = self.after_blanks(at, flags);
        let (least, most) = match self.byte(at) {
            b'?' => (0, 1),
            b'*' => (0, ENDLESS),
            b'+' => (1, ENDLESS),
            b'{' => {
                let (after, least) = self.number(at + 1);
                at = after;
                if self.byte(at) == b',' && self.byte(at + 1) == b'}' {
                    at += 1;
                    (least, ENDLESS)
                } else if self.byte(at) == b',' {
                    let (after, most) = self.number(at + 1);
                    at = after;
                    (least, most)
                } else {
                    (least, least)
                }
            }
            _ => return (at, ONCE),
        };
        let lazy = self.byte(at + 1) == b'?';
        let times = Times { least, most, lazy };
        (at + 1 + lazy as usize, times)
    }

    const fn number(&self, mut at: usize) -> (usize, u16) {
        let mut number = 0;
        while self.byte(at).is_ascii_digit() {
            number = number * 10 + (self.text[at] - b'0') as u16;
            at += 1;
        }
        (at, number)
    }

    const fn repeated_group(&mut self, at: usize, flags: Flags, times: Times) {
        let groups = self.program.lengths[3];
        let mut done = 0;
        while done < times.least {
            self.program.lengths[3] = groups;
            self.group(at, flags);
            done += 1;
        }
        if times.most == ENDLESS {
            let fork = self.here();
            self.push(Step::Found);
            self.program.lengths[3] = groups;
            self.group(at, flags);
            self.push(Step::Jump(small(fork)));
            let end = self.here();
            self.program.steps[fork] = either(fork + 1, end, times.lazy);
            return;
        }
        let first = self.here();
        while done < times.most {
            self.push(Step::Jump(NOWHERE));
            self.program.lengths[3] = groups;
            self.group(at, flags);
            done += 1;
        }
        // Each further time may be the last one.
        let end = self.here();
        let mut step = first;
        while step < end {
            if matches!(self.program.steps[step], Step::Jump(NOWHERE)) {
                self.program.steps[step] = either(step + 1, end, times.lazy);
            }
            step += 1;
        }
    }

    /// A group in round brackets, once.
    const fn group(&mut self, at: usize, mut flags: Flags) {
        let mut at = at + 1;
        let mut saved = None;
        if self.byte(at) == b'?' && self.byte(at + 1) != b'P' && self.byte(at + 1) != b'<' {
            (at, flags) = self.flags(at + 1, flags);
            at += 1;
        } else {
            let group = self.program.lengths[3];
            self.program.lengths[3] += 1;
            if self.byte(at) == b'?' {
                while self.byte(at) != b'<' {
                    at += 1;
                }
                let name = at + 1;
                while self.byte(at) != b'>' {
                    at += 1;
                }
                self.program.names[group] = (name, at);
                at += 1;
            }
            #[expect(clippy::cast_possible_truncation)]
            let slot = group as u8 * 2;
            saved = Some(slot);
            self.push(Step::Save(slot));
        }
        let end = self.alternatives(at, flags);
        assert!(self.byte(end) == b')', "a bracket that nothing closes");
        if let Some(slot) = saved {
            self.push(Step::Save(slot + 1));
        }
    }

    /// A character or a class of them, as often as it is to be there.
    const fn character(&mut self, at: usize, flags: Flags) -> usize {
        let (after, mut class) = match self.byte(at) {
            b'[' => self.bracketed(at, flags),
            b'.' => {
                let mut class = Class::of(b'\n' as u32);
                class.negate();
                (at + 1, class)
            }
            b'\\' => self.escaped(at),
            _ => {
                let (after, c) = decode(self.text, at);
                (after, Class::of(c))
            }
        };
        if flags.any_case && self.byte(at) != b'[' && self.byte(at) != b'.' {
            class.any_case();
        }
        let (after, times) = self.times(after, flags);
        if times.least == 1 && times.most == 1 {
            let only = class.first();
            let ascii = class.ranges == 0 && !class.all_but;
            let count = class.ascii.count_ones();
            if ascii && count == 1 {
                self.push(Step::Byte(only));
            } else if ascii
                && count == 2
                && only.is_ascii_uppercase()
                && class.ascii == 1 << only | 1 << only.to_ascii_lowercase()
            {
                self.push(Step::Letter(only.to_ascii_lowercase()));
            } else {
                let class = self.class(&class);
                self.push(Step::One(class));
            }
        } else {
            let class = self.class(&class);
            self.push(Step::Run {
                class,
                least: times.least,
                most: times.most,
                how: if times.lazy { How::Lazy } else { How::Greedy },
                next: 0,
            });
        }
        after
    }

    /// `[...]`, perhaps negated, with classes inside it or one that it is cut down to.
    const fn bracketed(&self, at: usize, flags: Flags) -> (usize, Class) {
        let mut at = at + 1;
        let negated = self.byte(at) == b'^';
        at += negated as usize;
        let mut class = Class::EMPTY;
        let mut cut = None;
        let mut some = false;
        loop {
            match self.byte(at) {
                END => panic!("a bracket that nothing closes"),
                b' ' | b'\n' if flags.verbose => at += 1,
                b']' => break,
                b'[' => {
                    let (after, inner) = self.bracketed(at, flags);
                    class.unite(&inner);
                    at = after;
                }
                b'&' if self.byte(at + 1) == b'&' => {
                    assert!(cut.is_none(), "cut down twice");
                    cut = Some(class);
                    class = Class::EMPTY;
                    at += 2;
                }
                _ => {
                    let (after, one) = if self.byte(at) == b'\\' {
                        self.escaped(at)
                    } else {
                        let (after, c) = decode(self.text, at);
                        (after, Class::of(c))
                    };
                    at = after;
                    let range = self.byte(at) == b'-' && self.byte(at + 1) != b']';
                    if range {
                        let (after, to) = if self.byte(at + 1) == b'\\' {
                            self.escaped(at + 1)
                        } else {
                            let (after, c) = decode(self.text, at + 1);
                            (after, Class::of(c))
                        };
                        at = after;
                        class.add(one.lowest(), to.lowest());
                    } else {
                        class.unite(&one);
                    }
                }
            }
            some = true;
        }
        assert!(some, "an empty class");
        if flags.any_case {
            class.any_case();
        }
        if let Some(mut whole) = cut {
            if flags.any_case {
                whole.any_case();
            }
            whole.intersect(&class);
            class = whole;
        }
        if negated {
            class.negate();
        }
        (at + 1, class)
    }

    /// `\d`, `\.`, `\x{A0}` and the like.
    const fn escaped(&self, at: usize) -> (usize, Class) {
        let mut class = Class::EMPTY;
        let byte = self.byte(at + 1);
        match byte {
            b'd' | b'D' => class.add(b'0' as u32, b'9' as u32),
            b'w' | b'W' => {
                class.add(b'0' as u32, b'9' as u32);
                class.add(b'A' as u32, b'Z' as u32);
                class.add(b'a' as u32, b'z' as u32);
                class.add(b'_' as u32, b'_' as u32);
            }
            b's' | b'S' => {
                class.add(0x09, 0x0D);
                class.add(0x20, 0x20);
                class.add(0xA0, 0xA0);
                class.add(0x2000, 0x200A);
                class.add(0x202F, 0x202F);
            }
            b't' => class.add(0x09, 0x09),
            b'n' => class.add(0x0A, 0x0A),
            b'r' => class.add(0x0D, 0x0D),
            b'x' => {
                assert!(self.byte(at + 2) == b'{', "a number without its brackets");
                let (mut end, mut c) = (at + 3, 0);
                while let Some(digit) = (self.byte(end) as char).to_digit(16) {
                    c = c * 16 + digit;
                    end += 1;
                }
                class.add(c, c);
                return (end + 1, class);
            }
            _ => {
                assert!(!byte.is_ascii_alphanumeric(), "an unknown escape");
                assert!(byte < 0x80, "an escape beyond ASCII");
                class.add(byte as u32, byte as u32);
            }
        }
        if byte.is_ascii_uppercase() {
            class.negate();
        }
        (at + 2, class)
    }
}

impl Class {
    /// Its first ASCII character, if it has one.
    const fn first(&self) -> u8 {
        #[expect(clippy::cast_possible_truncation)]
        {
            self.ascii.trailing_zeros() as u8
        }
    }

    /// The only character of a class that stands at an end of a range.
    const fn lowest(&self) -> u32 {
        if self.ranges > 0 {
            self.beyond[0].0
        } else {
            assert!(self.ascii.is_power_of_two(), "a class at a range's end");
            self.ascii.trailing_zeros()
        }
    }
}

const fn either(inside: usize, beyond: usize, lazy: bool) -> Step {
    let (inside, beyond) = (small(inside), small(beyond));
    let (first, second) = if lazy {
        (beyond, inside)
    } else {
        (inside, beyond)
    };
    Step::Fork {
        first,
        second,
        sets: 0,
    }
}

/// The character at an offset and the offset behind it.
const fn decode(text: &[u8], at: usize) -> (usize, u32) {
    let lead = text[at];
    let (length, mut c) = match lead {
        0..=0x7F => (1, lead as u32),
        0xC0..=0xDF => (2, lead as u32 & 0x1F),
        0xE0..=0xEF => (3, lead as u32 & 0x0F),
        _ => (4, lead as u32 & 0x07),
    };
    let mut next = 1;
    while next < length {
        c = c << 6 | text[at + next] as u32 & 0x3F;
        next += 1;
    }
    (at + length, c)
}

#[cfg(test)]
impl Program {
    /// The parts of a pattern that is read while the tests run.
    pub(super) fn parts(&'static self) -> super::Parts {
        super::Parts {
            steps: &self.steps[..self.lengths[0]],
            classes: &self.classes[..self.lengths[1]],
            sets: &self.sets[..self.lengths[2]],
            names: &self.names[..self.lengths[3]],
            starts: self.starts,
            can_be_empty: self.can_be_empty,
            anchored: self.anchored,
            at_edge: self.at_edge,
        }
    }
}
