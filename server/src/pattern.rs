//! Regular expressions that are compiled at their first use, with the classes and the cases of ASCII.
//!
//! Notes are written in English: `\d`, `\w`, `\b` and `(?i)` over all of Unicode would take longer to
//! compile and to search, and would find an `s` in `ſ` and a `k` in the sign of the kelvin. The spaces
//! that are pasted into notes count as spaces.

use std::ops::Range;
use std::sync::LazyLock;

use parking_lot::Mutex;
use regex::{Regex, RegexBuilder};
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchError, MatchKind, PatternSet, meta};

/// A pattern that is compiled at its first use.
pub type Pattern = LazyLock<Regex>;

/// A [`Pattern`]: `pattern!(NAME, r"...")`, its documentation before the name.
macro_rules! pattern {
    ($(#[$doc:meta])* $visibility:vis $name:ident, $text:expr $(,)?) => {
        $(#[$doc])*
        $visibility static $name: $crate::pattern::Pattern =
            std::sync::LazyLock::new(|| $crate::pattern::compile($text));
    };
}

pub(crate) use pattern;

/// A pattern of which only [`Words::is_match`] is asked: `words!(NAME, r"...")`.
macro_rules! words {
    ($(#[$doc:meta])* $visibility:vis $name:ident, $text:expr $(,)?) => {
        $(#[$doc])*
        $visibility static $name: std::sync::LazyLock<$crate::pattern::Words> =
            std::sync::LazyLock::new(|| $crate::pattern::Words::new($text));
    };
}

pub(crate) use words;

/// A pattern of which is asked whether a text holds it, and not where, so that there is no second automaton to find the
/// beginning: it is compiled in half of the time of a [`Pattern`].
#[derive(Debug)]
pub struct Words(Automaton);

impl Words {
    /// Compiles it.
    pub fn new(pattern: &str) -> Self {
        Self(Automaton::new(
            &[of_bytes(pattern)],
            MatchKind::LeftmostFirst,
        ))
    }

    /// Whether a text has any of the words.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// Several patterns at once, to find out which of them a text holds.
#[derive(Debug)]
pub struct Set(Automaton);

impl Set {
    /// These patterns, as [`of_ascii`] gives them, numbered in their order.
    pub fn new<P: AsRef<str>>(patterns: impl IntoIterator<Item = P>) -> Self {
        let patterns: Vec<P> = patterns.into_iter().collect();
        Self(Automaton::new(&patterns, MatchKind::All))
    }

    /// The numbers of the patterns that a text holds. Most texts hold none, which is found out several times faster
    /// than which of them.
    pub fn held(&self, text: &str) -> Vec<usize> {
        let mut held = PatternSet::new(self.0.search.pattern_len());
        if self.0.is_match(text) {
            self.0.with_cache(|search, cache| {
                search.try_which_overlapping_matches(cache, &Input::new(text), &mut held)
            });
        }
        held.iter().map(|number| number.as_usize()).collect()
    }
}

/// What tells whether a text holds a pattern.
#[derive(Debug)]
struct Automaton {
    search: DFA,
    /// A match ends with the text, from where it is looked for: what stands before a time is as long as the note.
    from_the_end: bool,
    /// What was made of the texts so far: as many as searched at once. One for each thread, as the engine keeps them for a
    /// [`Pattern`], would be several times as many, each of which knows less.
    #[expect(clippy::vec_box, reason = "one is taken and put back at every search")]
    caches: Mutex<Vec<Box<Cache>>>,
}

impl Automaton {
    fn new<P: AsRef<str>>(patterns: &[P], kind: MatchKind) -> Self {
        let bytes = syntax::Config::new().utf8(false);
        let parsed = patterns.iter().map(|pattern| {
            let parsed = syntax::parse_with(pattern.as_ref(), &bytes);
            parsed.unwrap_or_else(|error| unreachable!("{error}"))
        });
        let parsed: Vec<_> = parsed.collect();
        // Which of several patterns a text holds is found out forwards.
        let from_the_end = kind != MatchKind::All && {
            let of = parsed[0].properties();
            let first = of.look_set_prefix().contains_anchor_haystack();
            of.look_set_suffix().contains_anchor_haystack() && !first
        };
        let config = thompson::Config::new()
            .which_captures(WhichCaptures::None)
            .utf8(false)
            .reverse(from_the_end);
        let mut compiler = thompson::Compiler::new();
        let states = compiler.configure(config).build_many_from_hir(&parsed);
        let states = states.unwrap_or_else(|error| unreachable!("{error}"));
        let config = DFA::config().match_kind(kind).cache_capacity(ROOM);
        let search = DFA::builder()
            .configure(config.skip_cache_capacity_check(true))
            .build_from_nfa(states);
        Self {
            search: search.unwrap_or_else(|error| unreachable!("{error}")),
            from_the_end,
            caches: Mutex::default(),
        }
    }

    /// A search, which gives up only where it is told to.
    fn with_cache<T>(&self, search: impl FnOnce(&DFA, &mut Cache) -> Result<T, MatchError>) -> T {
        let free = self.caches.lock().pop();
        let mut cache = free.unwrap_or_else(|| Box::new(self.search.create_cache()));
        let found = search(&self.search, &mut cache);
        self.caches.lock().push(cache);
        found.unwrap_or_else(|error| unreachable!("{error}"))
    }

    fn is_match(&self, text: &str) -> bool {
        let input = Input::new(text).earliest(true);
        let found = self.with_cache(|search, cache| {
            if self.from_the_end {
                search.try_search_rev(cache, &input.anchored(Anchored::Yes))
            } else {
                search.try_search_fwd(cache, &input)
            }
        });
        found.is_some()
    }
}

/// The most bytes that an automaton keeps of what was made of texts. Notes as people write them take a tenth of it, random
/// letters fill any room, a little more with every edit.
const ROOM: usize = 192 << 10;
/// What `\s` stands for: the spaces of ASCII and those that word processors leave behind.
const BLANKS: &str = r"\t\n\v\f\r\x20\x{A0}\x{2000}-\x{200A}\x{202F}";
const WORD: &str = "0-9A-Za-z_";
const DIGITS: &str = "0-9";

/// Compiles a pattern of this program.
pub fn compile(pattern: &str) -> Regex {
    let compiled = RegexBuilder::new(&of_ascii(pattern))
        .dfa_size_limit(ROOM)
        .build();
    compiled.unwrap_or_else(|error| unreachable!("{error}"))
}

/// Patterns of several kinds of things that are looked for together. Of two that begin together the first is found.
#[derive(Debug)]
pub struct Kinds<T> {
    kinds: Vec<T>,
    search: meta::Regex,
}

impl<T: Copy> Kinds<T> {
    /// Each kind with its pattern.
    pub fn new(kinds: impl IntoIterator<Item = (T, String)>) -> Self {
        let kinds = kinds.into_iter();
        let (kinds, patterns): (Vec<T>, Vec<String>) = kinds
            .map(|(kind, pattern)| (kind, of_ascii(&pattern)))
            .unzip();
        // To find out what any of many patterns may begin with takes longer than to look for all of them.
        let config = meta::Config::new()
            .auto_prefilter(false)
            .hybrid_cache_capacity(ROOM);
        let search = meta::Builder::new().configure(config).build_many(&patterns);
        let search = search.unwrap_or_else(|error| unreachable!("{error}"));
        Self { kinds, search }
    }

    /// What a text begins with.
    pub fn at_start(&self, text: &str) -> Option<(T, Range<usize>)> {
        let start = Input::new(text).anchored(Anchored::Yes);
        let found = self.search.find(start)?;
        Some((self.kinds[found.pattern()], found.range()))
    }

    /// What is found in a text, in order and without overlap, and of which kind it is. To know that from a group of one
    /// pattern for all takes several times as long.
    pub fn find_iter(&self, text: &str) -> impl Iterator<Item = (T, Range<usize>)> {
        let found = self.search.find_iter(text);
        found.map(|found| (self.kinds[found.pattern()], found.range()))
    }
}

/// The parts of a pattern: an escape with its braces, the beginning of a group with its name or flags,
/// a range of letters, or any other character.
static PARTS: LazyLock<Regex> = LazyLock::new(|| {
    let parts = r"(?s)\\(?:x[0-9A-Fa-f]{2}|.)(?:\{[^}]*\})?|\(\?P?<[^>]+>|\(\?[A-Za-z-]*[:)]|[A-Za-z]-[A-Za-z]|.";
    Regex::new(parts).unwrap_or_else(|error| unreachable!("{error}"))
});

/// Whether a class, whose rest this is, holds all but some characters of ASCII: `^.;\d]`.
fn is_all_but_ascii(rest: &str) -> bool {
    let members = rest
        .strip_prefix('^')
        .and_then(|rest| rest.split(']').next());
    let others = [r"\s", r"\S", r"\D", r"\W", r"\p", r"\x", "[", "&&"];
    members.is_some_and(|members| {
        members.is_ascii()
            && !members.ends_with('\\')
            && !others.iter().any(|other| members.contains(other))
    })
}

/// The pattern as [`of_ascii`] gives it, for a search that does not say where something was found: what is not a character of
/// ASCII is any of its bytes there, which makes `[^.;]{0,30}` a tenth as large.
fn of_bytes(pattern: &str) -> String {
    written_out(pattern, true)
}

/// The pattern with its classes written out, and in classes both cases of its letters where case does not count. Elsewhere the
/// engine adds the other case, of ASCII alone: to spell out each letter would make most of what compiling a pattern takes.
pub fn of_ascii(pattern: &str) -> String {
    written_out(pattern, false)
}

fn written_out(pattern: &str, by_bytes: bool) -> String {
    let all_but = if by_bytes { "-u" } else { "u-i" };
    let mut out = String::from("(?-u)");
    let mut any_case = false;
    // What holds again behind each open group.
    let mut outside = Vec::new();
    let mut open_classes = 0_usize;
    let mut at = 0;
    while at < pattern.len() {
        let in_class = open_classes > 0;
        if !in_class {
            let rest = &pattern[at..];
            let plain = rest.find(['\\', '[', '(', ')', '.']).unwrap_or(rest.len());
            out += &rest[..plain];
            at += plain;
        }
        let Some(part) = PARTS.find_at(pattern, at).map(|part| part.as_str()) else {
            break;
        };
        at += part.len();
        match part.as_bytes() {
            [b'\\', ..] => out += &escape(part, in_class, all_but),
            [b'['] => {
                open_classes += 1;
                out += match in_class {
                    true => "[",
                    false if by_bytes && is_all_but_ascii(&pattern[at..]) => "(?-u:[",
                    false => "(?u-i:[",
                };
            }
            [b']'] => {
                open_classes = open_classes.saturating_sub(1);
                out += if open_classes > 0 { "]" } else { "])" };
            }
            [b')'] if !in_class => {
                any_case = outside.pop().unwrap_or_default();
                out.push(')');
            }
            [b'('] | [b'(', .., b'>'] if !in_class => {
                outside.push(any_case);
                out += part;
            }
            [b'(', b'?', .., end] if !in_class => {
                if *end == b':' {
                    outside.push(any_case);
                }
                let flags = &part[2..part.len() - 1];
                let (on, off) = flags.split_once('-').unwrap_or((flags, ""));
                any_case = (any_case || on.contains('i')) && !off.contains('i');
                out += part;
            }
            [b'a'..=b'z' | b'A'..=b'Z', ..] if any_case && in_class => {
                out += &part.to_ascii_lowercase();
                out += &part.to_ascii_uppercase();
            }
            [b'.'] if !in_class => out += if by_bytes { "(?-u:.)" } else { "(?u:.)" },
            _ => out += part,
        }
    }
    out
}

/// An escape, written out if it is a class, and of all of Unicode if it names letters beyond ASCII.
fn escape(part: &str, in_class: bool, all_but: &str) -> String {
    let (escaped, braces) = part.split_at(2);
    let members = match escaped.to_ascii_lowercase().as_str() {
        r"\d" => DIGITS,
        r"\w" => WORD,
        r"\s" => BLANKS,
        r"\x" | r"\p" if !in_class => return format!("(?u-i:{part})"),
        _ => return part.to_owned(),
    };
    match escaped.as_bytes()[1].is_ascii_uppercase() {
        true if in_class => format!("[^{members}]{braces}"),
        true if members == BLANKS => format!("(?u-i:[^{members}]){braces}"),
        true => format!("(?{all_but}:[^{members}]){braces}"),
        false if in_class => format!("{members}{braces}"),
        false => format!("(?u-i:[{members}]){braces}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_written_out() {
        for (pattern, written) in [
            (
                r"\d{2}[\d.]\bx\[[^\w]",
                r"(?-u)(?u-i:[0-9]){2}(?u-i:[0-9.])\bx\[(?u-i:[^0-9A-Za-z_])",
            ),
            (r"\b{start-half}a.", r"(?-u)\b{start-half}a(?u:.)"),
            (
                r"[\D\x{AF}]\x{AF}\x20\p{L}\r\.",
                r"(?-u)(?u-i:[[^0-9]\x{AF}])(?u-i:\x{AF})(?u-i:\x20)(?u-i:\p{L})\r\.",
            ),
        ] {
            assert_eq!(of_ascii(pattern), written);
            compile(pattern);
        }
    }

    #[test]
    fn letters_of_classes_are_written_in_both_cases() {
        for (pattern, written) in [
            (
                r"[b](?ix)(?P<low>a) [^b-d_e°]",
                r"(?-u)(?u-i:[b])(?ix)(?P<low>a) (?u-i:[^b-dB-D_eE°])",
            ),
            (
                r"(?i)[a](?-i:[b](?i)[c])[d](?x-i)[e]",
                r"(?-u)(?i)(?u-i:[aA])(?-i:(?u-i:[b])(?i)(?u-i:[cC]))(?u-i:[dD])(?x-i)(?u-i:[e])",
            ),
            (
                r"(?i:[t])[0-9a-f&&[^b(]]",
                r"(?-u)(?i:(?u-i:[tT]))(?u-i:[0-9a-f&&[^b(]])",
            ),
        ] {
            assert_eq!(of_ascii(pattern), written);
            compile(pattern);
        }
    }

    #[test]
    fn what_is_no_character_of_ascii_is_any_of_its_bytes_where_nobody_asks_for_the_place() {
        for (pattern, written) in [
            (r"a[^.;\d]{0,9}.", r"(?-u)a(?-u:[^.;0-9]){0,9}(?-u:.)"),
            (
                r"\W*[^–][–a]",
                r"(?-u)(?-u:[^0-9A-Za-z_])*(?u-i:[^–])(?u-i:[–a])",
            ),
            (r"\d\.[^\]a]", r"(?-u)(?u-i:[0-9])\.(?u-i:[^\]a])"),
        ] {
            assert_eq!(of_bytes(pattern), written);
        }
        let words = Words::new(r"(?i)^\W*met[^.;]{0,12}\d–?$");
        assert!(words.is_match("– MET é’ – 5–") && words.is_match("met\u{a0}5"));
        assert!(!words.is_match("met; 5") && !words.is_match("é met and the others 5"));
    }

    #[test]
    fn what_ends_with_the_text_is_looked_for_from_there() {
        for (pattern, held, other) in [
            (r"(?i)\b(?:each|ea\.?)[ ]*$", "10 min Ea. ", "each one"),
            (r"\bx$|y$", "an x", "ax"),
            (r"(?m)x$", "x\ny", "xy"),
            (r"x$|y", "yz", "xz"),
            (r"^x$|y$", "xy", "xx"),
        ] {
            let words = Words::new(pattern);
            assert!(words.is_match(held) && !words.is_match(other), "{pattern}");
            let ends = pattern.starts_with(r"\b") || pattern.starts_with("(?i)");
            assert!(!ends || words.0.from_the_end, "{pattern}");
        }
    }

    #[test]
    fn pasted_spaces_are_spaces() {
        assert!(compile(r"^a\sb$").is_match("a\u{a0}b"));
        assert!(compile(r"^\S+\W\d$").is_match("é-3"));
        assert!(compile(r"\bmet\b").is_match("Ziel – met (é)"));
    }

    #[test]
    fn letters_beyond_ascii_are_none_of_ascii() {
        let pattern = compile(r"(?i)^(?:s[k]k|[^k-s]+)$");
        assert!(pattern.is_match("SkK") && pattern.is_match("sKk"));
        assert!(!pattern.is_match("ſkk") && !pattern.is_match("s\u{212a}k"));
        assert!(!pattern.is_match("sk\u{212a}"));
        assert!(pattern.is_match("ſ\u{212a}"), "they are neither k nor s");
        let (small, capital) = (compile("(?i)é–?.$"), compile(r"(?i)\x{E9}$"));
        assert!(small.is_match("é–ß") && !small.is_match("É–ß"));
        assert!(capital.is_match("é") && !capital.is_match("É"));
    }
}
