//! Measures in prose that can be compared from visit to visit: pain scores, degrees, minutes of
//! tolerance and other figures with the words before them.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::pattern::letters::is_blank;
use crate::pattern::pattern;

use super::{SectionKind, Visit};

/// What a measure is of. Two visits can be compared where both hold the same key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Pain, n of 10: the worst and the least that is named.
    WorstPain,
    /// The least pain that is named.
    LeastPain,
    /// Degrees of a movement.
    Degrees(String),
    /// Minutes of an activity.
    Minutes(String),
    /// Some other figure, of which it is not known whether more is better.
    Other(String),
}

/// The measures of a visit, in tenths, each key once.
pub type Measures = BTreeMap<Key, i64>;

// `(\d+)-(\d+)/10` gives both; `3/10/26` is a day, `visit 3/10` a count, `since 3/10` a day.
pattern!(
    PAIN,
    r"(?i)(?:(?P<low>\d{1,2}(?:\.\d)?)\s*(?:-|–|to)\s*)?\b(?P<n>\d{1,2}(?:\.\d)?)\s*(?:/|out of)\s*10\b"
);
/// The sections that are read, in the order of their weight.
const SECTIONS: [SectionKind; 3] = [
    SectionKind::Subjective,
    SectionKind::Objective,
    SectionKind::Assessment,
];

/// Pain in tenths of a point of 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pain {
    /// The most that is named.
    pub worst: i64,
    /// The least that is named.
    pub least: i64,
}

/// Reads the measures of a visit from the prose of its sections, the patient's own words first: pain
/// is looked for in the findings only where the patient's words have no score, and in the assessment
/// last.
pub fn read(subjective: &str, objective: &str, assessment: &str) -> Measures {
    let sections = [subjective, objective, assessment];
    with_figures(sections.into_iter().find_map(pain), sections)
}

fn with_figures(pain: Option<Pain>, sections: [&str; 3]) -> Measures {
    let mut measures = Measures::new();
    if let Some(pain) = pain {
        measures.insert(Key::WorstPain, pain.worst);
        measures.insert(Key::LeastPain, pain.least);
    }
    for text in sections {
        for (key, value) in figures(text) {
            let most = measures.entry(key).or_insert(value);
            *most = value.max(*most);
        }
    }
    measures
}

/// Reads the measures of a visit from the prose of its sections.
pub fn of_visit(text: &str, visit: &Visit) -> Measures {
    of_visit_with(text, visit, pain_of_visit(text, visit))
}

/// The same, where its [pain](pain_of_visit) is known.
pub fn of_visit_with(text: &str, visit: &Visit, pain: Option<Pain>) -> Measures {
    let [subjective, objective, assessment] = SECTIONS.map(|kind| words_of(text, visit, kind));
    with_figures(pain, [&subjective, &objective, &assessment])
}

/// Reads the pain of a visit from the prose of its sections, as [`read`] does.
pub fn pain_of_visit(text: &str, visit: &Visit) -> Option<Pain> {
    let mut sections = SECTIONS.into_iter();
    sections.find_map(|kind| pain(&words_of(text, visit, kind)))
}

/// The lines of a section.
fn words_of(text: &str, visit: &Visit, kind: SectionKind) -> String {
    let mut words = String::new();
    for prose in visit.prose.iter().filter(|p| p.section == Some(kind)) {
        words.push_str(&text[prose.span.range()]);
        words.push('\n');
    }
    words
}

fn pain(text: &str) -> Option<Pain> {
    let pains = pains(text);
    Some(Pain {
        worst: *pains.iter().max()?,
        least: *pains.iter().min()?,
    })
}

/// Whether a visit is certain to have the measures that it had, by the lines of its sections that are
/// other ones than before. Only these are read, so that a keystroke costs no more. In doubt it has not.
pub fn are_same<'t, L>(mut before: L, mut now: L) -> bool
where
    L: Iterator<Item = (SectionKind, &'t str)> + Clone,
{
    loop {
        let ((kind, old), (other, new)) = match (before.next(), now.next()) {
            (Some(old), Some(new)) => (old, new),
            (None, None) => return true,
            _ => return false,
        };
        if kind != other {
            return false;
        }
        if old == new {
            continue;
        }
        let next = |lines: &L| {
            let mut behind = lines.clone();
            let line = behind.find(|(section, _)| *section == kind);
            line.is_none_or(|(_, line)| stands_alone(line))
        };
        let alone = stands_alone(old) && stands_alone(new) && next(&before) && next(&now);
        if !alone || !measure_the_same(old, new) {
            return false;
        }
    }
}

/// Whether two lines have the same measures, each by itself.
fn measure_the_same(old: &str, new: &str) -> bool {
    differ_behind_figures(old, new) || pains(old) == pains(new) && figures(old) == figures(new)
}

/// Whether all digits of two lines stand before the first place where they differ, and so far before it
/// that no number's unit reaches there: who writes on behind a measure leaves it as it is.
fn differ_behind_figures(old: &str, new: &str) -> bool {
    let (old, new) = (old.as_bytes(), new.as_bytes());
    let both = old.iter().zip(new);
    let same = both.take_while(|(one, other)| one == other).count();
    let has_digit = |bytes: &[u8]| bytes.iter().any(u8::is_ascii_digit);
    if has_digit(&old[same..]) || has_digit(&new[same..]) {
        return false;
    }
    let kept = &new[..same];
    let Some(last) = kept.iter().rposition(u8::is_ascii_digit) else {
        return true;
    };
    let behind = &kept[last + 1..];
    let blanks = behind.iter().take_while(|b| **b == b' ').count();
    let in_word = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
    let word = behind[blanks..].iter().take_while(in_word).count();
    // The degree sign has two bytes, and what follows a unit is looked at, too.
    behind.len() > blanks + word + 3
}

/// Whether no pain score begins above a line and ends on or below it, and no score on it is told to be
/// none by a word above: a letter that no score has stands before the first `10`.
fn stands_alone(line: &str) -> bool {
    let parts_it = |b: u8| b.is_ascii_alphabetic() && !b"touf".contains(&b.to_ascii_lowercase());
    let bytes = line.as_bytes();
    let letter = bytes.iter().position(|b| parts_it(*b));
    letter.is_some_and(|letter| !bytes[..letter].windows(2).any(|two| two == b"10"))
}

/// The pain score that a goal names, in tenths.
pub fn pain_of_goal(goal: &str) -> Option<i64> {
    pains(goal).into_iter().max()
}

/// Whether a later value of a measure shows progress, or may show it.
pub fn is_better(key: &Key, before: i64, now: i64) -> bool {
    match key {
        Key::WorstPain | Key::LeastPain => now < before,
        Key::Degrees(_) | Key::Minutes(_) => now > before,
        Key::Other(_) => now != before,
    }
}

fn tenths(text: &str) -> Option<i64> {
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let whole: i64 = whole.parse().ok()?;
    let tenth: i64 = tenth.parse().ok()?;
    Some(whole * 10 + tenth)
}

fn pains(text: &str) -> Vec<i64> {
    if !text.contains("10") {
        return Vec::new();
    }
    PAIN.captures_iter(text)
        .filter_map(|found| {
            let whole = found.get(0)?;
            let after = &text[whole.end()..];
            let of_a_date =
                after.starts_with('/') && after[1..].starts_with(|c: char| c.is_ascii_digit());
            if of_a_date || leads_to_no_pain(&text[..whole.start()]) {
                return None;
            }
            let value = |name: &str| found.name(name).and_then(|m| tenths(m.as_str()));
            Some([value("low"), value("n")])
        })
        .flatten()
        .flatten()
        .filter(|n| *n <= 100)
        .collect()
}

/// Whether a text ends with a word that makes a score behind it a count, a day or a goal.
fn leads_to_no_pain(before: &str) -> bool {
    const WORDS: &[&str] = &[
        "visit", "session", "tx", "week", "wk", "#", "since", "on", "until", "till", "by",
        "before", "after", "goal", "target", "date", "dated", "/", "mmt", "strength",
    ];
    let before = before.trim_end_matches(is_blank);
    let before = before.strip_suffix(':').unwrap_or(before);
    let before = before.trim_end_matches(is_blank);
    let ends_with = |word: &&str| {
        let start = before.len().checked_sub(word.len());
        let end = start.and_then(|start| before.as_bytes().get(start..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(word.as_bytes()))
    };
    WORDS.iter().any(ends_with)
}

fn figures(text: &str) -> Vec<(Key, i64)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(figure) = next_figure(text, from) {
        found.extend(figure.measure(text));
        from = figure.end;
    }
    found
}

/// `C-rot R 38-40 deg`: up to three words, a number and perhaps its unit. Offsets of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Figure {
    label: Range<usize>,
    n: Range<usize>,
    unit: Range<usize>,
    end: usize,
}

/// The first figure that lies behind an offset.
fn next_figure(text: &str, from: usize) -> Option<Figure> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(u8::is_ascii_digit)?;
        if let Some(label) = words_before(bytes, from, at) {
            let n = number_at(bytes, at);
            let (unit, end) = unit_behind(bytes, range_end(bytes, n.end));
            return Some(Figure {
                label,
                n,
                unit,
                end,
            });
        }
        at += 1;
    }
}

/// The words that end before a number with a blank, and perhaps a `:` or `=` before the blank.
fn words_before(bytes: &[u8], from: usize, number: usize) -> Option<Range<usize>> {
    let before_blanks = |end: usize| {
        let blanks = bytes[from..end].iter().rev().take_while(|b| **b == b' ');
        end - blanks.count()
    };
    let in_word = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'.' | b'-');
    // Where the word that ends here begins, and its first letter.
    let word = |end: usize| {
        let length = bytes[from..end].iter().rev().take_while(|b| in_word(b));
        let start = end - length.count();
        let letter = bytes[start..end].iter().position(u8::is_ascii_alphabetic);
        letter.map(|letter| (start, start + letter))
    };
    let mut end = before_blanks(number);
    if end == number {
        return None;
    }
    if end > from && matches!(bytes[end - 1], b':' | b'=') {
        end = before_blanks(end - 1);
    }
    let (mut start, mut first) = word(end)?;
    for _ in 0..2 {
        // Only the first of the words may begin with a dot or a dash.
        let gap = before_blanks(start);
        if first > start || gap == start {
            break;
        }
        let Some(longer) = word(gap) else { break };
        (start, first) = longer;
    }
    Some(first..end)
}

/// Up to three digits and a decimal.
fn number_at(bytes: &[u8], start: usize) -> Range<usize> {
    let end = digits_end(bytes, start);
    let decimal =
        bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    start..if decimal { end + 2 } else { end }
}

/// The end of up to three digits.
fn digits_end(bytes: &[u8], start: usize) -> usize {
    let digits = bytes[start..].iter().take(3);
    start + digits.take_while(|b| b.is_ascii_digit()).count()
}

/// The end of the rest of a range, `-40` or ` to 40` or `/5`, or its beginning if there is none.
fn range_end(bytes: &[u8], start: usize) -> usize {
    let rest = &bytes[start..];
    let joint = match rest {
        [b'/' | b'-', ..] => 1,
        [0xE2, 0x80, 0x93, ..] => 3,
        [b' ', b't' | b'T', b'o' | b'O', b' ', ..] | [b' ', b'o' | b'O', b'f' | b'F', b' ', ..] => {
            4
        }
        _ => return start,
    };
    let end = digits_end(bytes, start + joint);
    if end > start + joint { end } else { start }
}

/// The unit behind blanks, and the end of both; an empty one behind the blanks if there is none.
fn unit_behind(bytes: &[u8], start: usize) -> (Range<usize>, usize) {
    let blanks = bytes[start..].iter().take_while(|b| **b == b' ').count();
    let start = start + blanks;
    let rest = &bytes[start..];
    let length = match rest {
        // The degree sign, and the ordinal that looks like one.
        [0xC2, 0xB0 | 0xBA, ..] => 2,
        [b'\'' | b'%', ..] => 1,
        _ => {
            let word = rest
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_');
            let word = &rest[..word.count()];
            if is_unit(word) { word.len() } else { 0 }
        }
    };
    (start..start + length, start + length)
}

/// Whether a word is a unit, in any case.
fn is_unit(word: &[u8]) -> bool {
    // No unit is longer.
    let mut small = [0; 7];
    let Some(small) = small.get_mut(..word.len()) else {
        return false;
    };
    small.copy_from_slice(word);
    small.make_ascii_lowercase();
    // Slices of bytes are told apart byte by byte at once, a list of words one word after the other.
    matches!(
        &*small,
        b"deg"
            | b"degree"
            | b"degrees"
            | b"min"
            | b"mins"
            | b"minute"
            | b"minutes"
            | b"lb"
            | b"lbs"
            | b"kg"
            | b"kgs"
            | b"sec"
            | b"secs"
            | b"second"
            | b"seconds"
            | b"s"
            | b"rep"
            | b"reps"
            | b"ft"
            | b"feet"
            | b"block"
            | b"blocks"
            | b"step"
            | b"steps"
            | b"stair"
            | b"stairs"
            | b"flight"
            | b"flights"
            | b"mile"
            | b"miles"
            | b"hour"
            | b"hours"
            | b"hr"
            | b"hrs"
            | b"cm"
            | b"inch"
            | b"inches"
            | b"in"
            | b"x"
    )
}

impl Figure {
    /// What it measures.
    fn measure(&self, text: &str) -> Option<(Key, i64)> {
        // Part of a pain score or of a date.
        if text[self.end..].starts_with('/') || text[self.label.start..self.end].contains("/10") {
            return None;
        }
        let n = tenths(&text[self.n.clone()])?;
        let unit = &text[self.unit.clone()];
        let begins = |with: &str| {
            let start = unit.as_bytes().get(..with.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()))
        };
        let label = label(&text[self.label.clone()]);
        if label.is_empty() {
            return None;
        }
        let key = if begins("°") || begins("º") || begins("deg") {
            Key::Degrees(label)
        } else if begins("min") || unit == "'" {
            Key::Minutes(label)
        } else if !unit.is_empty() {
            Key::Other(format!("{label} {}", unit.to_ascii_lowercase()))
        } else if names_movement(&label) {
            Key::Degrees(label)
        } else {
            return None;
        };
        Some((key, n))
    }
}

/// Whether one of the words of a label, which are of small letters, is a movement's. `c-rot` and
/// `side-bend` are by their second parts.
fn names_movement(label: &str) -> bool {
    let of_letters = |byte: u8| byte.is_ascii_alphabetic();
    let mut words = label.as_bytes().split(|byte| !of_letters(*byte));
    let is_movement = |word: &[u8]| {
        matches!(
            word,
            b"flex"
                | b"flexion"
                | b"ext"
                | b"extension"
                | b"rot"
                | b"rotation"
                | b"slr"
                | b"abd"
                | b"abduction"
                | b"add"
                | b"adduction"
                | b"ir"
                | b"er"
                | b"sb"
                | b"bend"
                | b"sidebend"
                | b"sidebending"
                | b"lat"
                | b"lateral"
                | b"df"
                | b"pf"
                | b"dorsiflexion"
                | b"arc"
                | b"arom"
                | b"prom"
                | b"rom"
                | b"elevation"
                | b"scaption"
                | b"pron"
                | b"pronation"
                | b"sup"
                | b"supination"
                | b"l"
                | b"r"
        )
    };
    let letter = |at: Option<usize>| {
        at.and_then(|at| label.as_bytes().get(at))
            .is_some_and(|b| of_letters(*b))
    };
    words.any(is_movement)
        || label
            .match_indices("side-bending")
            .any(|(at, word)| !letter(at.checked_sub(1)) && !letter(Some(at + word.len())))
}

/// The words before a figure, in small letters, without those that say nothing of what is measured.
fn label(words: &str) -> String {
    let mut label = String::with_capacity(words.len());
    for word in words.split(' ') {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if word.is_empty() {
            continue;
        }
        let before = label.len();
        if before > 0 {
            label.push(' ');
        }
        let start = label.len();
        label.push_str(word);
        label[start..].make_ascii_lowercase();
        if says_nothing(&label.as_bytes()[start..]) {
            label.truncate(before);
            continue;
        }
        let stem = stem(&label[start..]).len();
        label.truncate(start + stem);
    }
    label
}

/// Whether a word of small letters says nothing of what is measured.
fn says_nothing(word: &[u8]) -> bool {
    matches!(
        word,
        b"now"
            | b"to"
            | b"about"
            | b"only"
            | b"up"
            | b"still"
            | b"than"
            | b"more"
            | b"the"
            | b"a"
            | b"for"
            | b"of"
            | b"and"
            | b"is"
            | b"at"
            | b"was"
            | b"from"
            | b"after"
            | b"over"
            | b"approx"
            | b"by"
            | b"in"
            | b"again"
            | b"just"
            | b"longer"
            | b"today"
            | b"can"
            | b"pt"
            | b"patient"
            | b"client"
    )
}

/// `sits`, `sitting` and `sit` are one activity.
pub fn stem(word: &str) -> &str {
    if !word.ends_with(['g', 'n', 's']) {
        return word;
    }
    for (ending, least) in [("ting", 4), ("ing", 4), ("ion", 5), ("s", 3)] {
        if let Some(stem) = word.strip_suffix(ending)
            && word.len() > least + ending.len() - 2
        {
            return stem;
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::each_varied;

    #[test]
    fn pain_scores() {
        assert_eq!(
            pains("LBP 7/10 after driving, 2-3/10 at rest"),
            [70, 20, 30]
        );
        assert_eq!(pains("pain 6 out of 10"), [60]);
        assert_eq!(pains("4.5/10"), [45]);
        for no_pain in [
            "since 3/10",
            "on 3/10/26",
            "visit 4/10",
            "MMT 4/5",
            "goal 2/10",
            "12/10/2026",
        ] {
            assert_eq!(pains(no_pain), Vec::<i64>::new(), "{no_pain}");
        }
    }

    #[test]
    fn degrees_minutes_and_other_figures() {
        let measures = read(
            "Sits 30 minutes.",
            "Flex 45°, C-rot R 38 degrees, L 45. Grip 20 lb.",
            "sitting tolerance now 40 minutes",
        );
        assert_eq!(measures[&Key::Degrees("flex".to_owned())], 450);
        assert_eq!(measures[&Key::Degrees("c-rot r".to_owned())], 380);
        assert_eq!(measures[&Key::Minutes("sit".to_owned())], 300);
        assert_eq!(measures[&Key::Other("grip lb".to_owned())], 200);
    }

    #[test]
    fn pain_of_the_patients_words_comes_first() {
        let measures = read("Neck 5/10", "after 3/10", "6/10 to 4/10");
        assert_eq!(measures[&Key::WorstPain], 50);
        assert_eq!(measures[&Key::LeastPain], 50);
    }

    pattern!(
        NOT_PAIN,
        r"(?i)(?:visit|session|tx|week|wk|#|since|on|until|till|by|before|after|goal|target|dated?|/|mmt|strength)\s*:?\s*$"
    );
    pattern!(
        FIGURE,
        r"(?ix) (?P<label>[a-z][a-z.\-]*(?:\ +[a-z][a-z.\-]*){0,2}) \ *[:=]?\ + (?P<n>\d{1,3}(?:\.\d)?) (?:(?:/|-|–|\ to\ |\ of\ )\d{1,3})? \ *
        (?P<unit>°|º|deg(?:rees?)?\b|min(?:ute)?s?\b|'|%|lbs?\b|kgs?\b|sec(?:ond)?s?\b|s\b|reps?\b|ft\b|feet\b|blocks?\b|steps?\b|stairs?\b|flights?\b|miles?\b|hours?\b|hrs?\b|cm\b|inch(?:es)?\b|in\b|x\b)?"
    );

    pattern!(
        MOVEMENT,
        r"(?i)\b(?:flex(?:ion)?|ext(?:ension)?|rot(?:ation)?|c-rot|slr|abd(?:uction)?|add(?:uction)?|ir|er|sb|side-?bend(?:ing)?|lat(?:eral)?|df|pf|dorsiflexion|arc|bend|arom|prom|rom|elevation|scaption|pron(?:ation)?|sup(?:ination)?|l|r)\b"
    );

    /// What is told by the lines that changed is what a full reading tells.
    #[test]
    fn lines_tell_whether_measures_are_the_same() {
        use SectionKind::{Assessment, Objective, Subjective};

        const LINES: &[&str] = &[
            "Pain 6/10 after work",
            "4-5/10",
            "to",
            "3/10",
            "since",
            ":",
            "week",
            "Flex 45°, C-rot R 38-40 deg",
            "sits 30 min",
            "out of 10 now",
            "/10",
            "visit 2",
            "5 -",
            "LBP 7",
            "of 10",
            "10",
        ];
        const PIECES: &[&str] = &["1", "10", "/10", " 5", "x", " ", ":", "on", "°", "-", "/"];
        let mut state = 7_u64;
        let mut random = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(state >> 33).unwrap() % below
        };
        let measures = |lines: &[(SectionKind, String)]| {
            let of = |kind| {
                let lines = lines.iter().filter(|(section, _)| *section == kind);
                lines
                    .flat_map(|(_, line)| [line.as_str(), "\n"])
                    .collect::<String>()
            };
            read(&of(Subjective), &of(Objective), &of(Assessment))
        };
        let mut known = 0;
        let mut check = |old: &[(SectionKind, String)], new: &[(SectionKind, String)]| {
            let lines = old.iter().map(|(kind, line)| (*kind, line.as_str()));
            let others = new.iter().map(|(kind, line)| (*kind, line.as_str()));
            // Both of one type.
            let both: [Vec<(SectionKind, &str)>; 2] = [lines.collect(), others.collect()];
            if are_same(both[0].iter().copied(), both[1].iter().copied()) {
                known += 1;
                assert_eq!(measures(old), measures(new), "{old:?} {new:?}");
            }
        };
        for _ in 0..30_000 {
            let mut lines = Vec::new();
            for _ in 0..=random(5) {
                let kind = [Subjective, Objective, Assessment][random(6) / 2];
                lines.push((kind, LINES[random(LINES.len())].to_owned()));
            }
            let old = lines.clone();
            for _ in 0..=random(3) {
                let at = random(lines.len());
                let line = &mut lines[at].1;
                let places: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
                let place = places.get(random(places.len() + 1)).copied();
                let place = place.unwrap_or(line.len());
                if random(3) == 0 && place < line.len() {
                    line.remove(place);
                } else {
                    line.insert_str(place, PIECES[random(PIECES.len())]);
                }
                if line.trim().is_empty() {
                    line.push('x');
                }
            }
            check(&old, &lines);
        }
        let (mut above, mut last) = (String::new(), String::new());
        each_varied(1, |text| {
            let old = [&above, &last].map(|line| (Subjective, line.clone()));
            let new = [(Subjective, text.to_owned()), (Subjective, last.clone())];
            check(&old, &new);
            above = std::mem::replace(&mut last, text.to_owned());
        });
        assert!(known > 1000, "{known}");
    }

    #[test]
    fn the_pain_of_a_visit_is_among_its_measures() {
        let mut some = 0;
        for note in crate::trial::contents("../tests/notes", "soap") {
            let visit = crate::chart::lower(&note, &crate::syntax::Syntax::of(&note));
            let [s, o, a] = SECTIONS.map(|kind| words_of(&note, &visit, kind));
            let measures = read(&s, &o, &a);
            let pain = pain_of_visit(&note, &visit);
            assert_eq!(of_visit(&note, &visit), measures);
            some += usize::from(pain.is_some());
            assert_eq!(
                pain.map(|p| p.worst),
                measures.get(&Key::WorstPain).copied()
            );
            assert_eq!(
                pain.map(|p| p.least),
                measures.get(&Key::LeastPain).copied()
            );
        }
        assert!(some > 10, "{some}");
    }

    #[test]
    fn what_is_written_behind_figures_changes_none() {
        const PIECES: &[&str] = &["x", "°", " deg", "/", "s", " ", ",", "_", " to ", "\u{660}"];
        let mut behind = 0;
        each_varied(1, |old| {
            let last = old.rfind(|c: char| c.is_ascii_digit()).unwrap_or(0);
            // Right behind the last digit, near it, and farther away.
            for length in (1..12).chain([20, 40]) {
                let at = old.ceil_char_boundary(old.len().min(last + length));
                for piece in PIECES {
                    let mut new = old.to_owned();
                    new.insert_str(at, piece);
                    if differ_behind_figures(old, &new) {
                        behind += 1;
                        assert_eq!(pains(old), pains(&new), "{old:?} {new:?}");
                        assert_eq!(figures(old), figures(&new), "{old:?} {new:?}");
                    }
                }
            }
        });
        assert!(behind > 1000, "{behind}");
    }

    /// The readers find what the patterns that describe them find.
    #[test]
    fn figures_are_those_of_their_patterns() {
        each_varied(1, |text| {
            // Letters beyond ASCII whose capitals or small letters are in it.
            if text.contains(['\u{17f}', '\u{212a}']) {
                return;
            }
            let (mut found, mut from) = (Vec::new(), 0);
            while let Some(figure) = next_figure(text, from) {
                from = figure.end;
                found.push(figure);
            }
            let described: Vec<Figure> = FIGURE
                .captures_iter(text)
                .map(|hit| {
                    let whole = hit.get(0).unwrap().range();
                    Figure {
                        label: hit.name("label").unwrap().range(),
                        n: hit.name("n").unwrap().range(),
                        unit: hit.name("unit").map_or(whole.end..whole.end, |m| m.range()),
                        end: whole.end,
                    }
                })
                .collect();
            assert_eq!(found, described, "{text:?}");
            let kept = |c: &char| c.is_ascii_alphabetic() || matches!(c, ' ' | '.' | '-');
            let letters: String = text.to_ascii_lowercase().chars().filter(kept).collect();
            for part in letters.split(' ').chain([letters.as_str()]) {
                assert_eq!(names_movement(part), MOVEMENT.is_match(part), "{part:?}");
            }
            assert_eq!(leads_to_no_pain(text), NOT_PAIN.is_match(text), "{text:?}");
            for (at, _) in text.match_indices(char::is_numeric) {
                let before = &text[..at];
                assert_eq!(
                    leads_to_no_pain(before),
                    NOT_PAIN.is_match(before),
                    "{before:?}"
                );
            }
        });
    }

    #[test]
    fn which_way_is_better() {
        assert!(is_better(&Key::WorstPain, 60, 50));
        assert!(!is_better(&Key::WorstPain, 50, 60));
        assert!(is_better(&Key::Degrees(String::new()), 450, 500));
        assert!(is_better(&Key::Other(String::new()), 200, 180));
    }
}
