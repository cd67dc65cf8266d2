//! The tables under `server/data` as Rust, for `cargo xtask codegen`: `server/src/reference/tables`.
//!
//! A program that is started for one note has no time to read its own tables. So they become data of
//! the program: rows as they are, and words in buckets by their first letters (`Vocabulary`).

use std::fmt::Write as _;

/// What reading the tables gives: the files of the folder with their texts.
pub type Files = Vec<(&'static str, String)>;

/// A table: the file of its Rust, that of its rows, and what makes the one of the other.
type Maker = (
    &'static str,
    &'static str,
    fn(&str) -> Result<String, String>,
);

const MAKERS: [Maker; 14] = [
    ("abbreviations.rs", "abbreviations.tsv", abbreviations),
    ("activities.rs", "activities.tsv", activities),
    (
        "common_diagnoses.rs",
        "common-diagnoses.tsv",
        common_diagnoses,
    ),
    ("icd9_successors.rs", "icd9-successors.tsv", icd9_successors),
    ("limits.rs", "mue-2024q3.tsv", limits),
    ("modifiers.rs", "modifiers.tsv", modifiers),
    ("ncci.rs", "ncci-ptp-2024q3.tsv", ncci),
    ("once_billable.rs", "once-billable.tsv", once_billable),
    ("procedures.rs", "procedures.tsv", procedures),
    ("regions.rs", "regions.tsv", regions),
    ("retired.rs", "retired.tsv", retired),
    ("sides.rs", "sides.tsv", sides),
    ("techniques.rs", "techniques.tsv", techniques),
    ("wording.rs", "wording.tsv", wording),
];

/// Reads the tables with `text`, which gives the text of a file under `server/data`.
pub fn files(text: impl Fn(&str) -> Result<String, String>) -> Result<Files, String> {
    let mut files = Files::new();
    for (file, table, make) in MAKERS {
        let source = text(table)?.replace("\r\n", "\n");
        let rust = make(&source).map_err(|why| format!("{table}: {why}"))?;
        let head =
            format!("// Made of server/data/{table} by `cargo xtask codegen`. Do not edit.\n\n");
        files.push((file, head + &rust));
    }
    Ok(files)
}

/// The rows of a table whose header holds exactly `columns`, each made something of. `#` lines and
/// empty ones are left out.
fn rows<const N: usize, T>(
    text: &str,
    columns: [&str; N],
    make: impl Fn([&str; N]) -> Option<T>,
) -> Result<Vec<T>, String> {
    let mut items = Vec::new();
    let mut header_seen = false;
    for (line, number) in text.lines().zip(1..) {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let cells = <[&str; N]>::try_from(cells)
            .map_err(|cells| format!("line {number}: {} cells, not {N}", cells.len()))?;
        if !header_seen {
            header_seen = true;
            if cells != columns {
                return Err(format!("line {number}: not the header {columns:?}"));
            }
            continue;
        }
        items.push(make(cells).ok_or_else(|| format!("line {number} cannot be read: {line}"))?);
    }
    Ok(items)
}

/// An array of rows, each a Rust expression.
fn array(name: &str, of: &str, rows: &[String]) -> String {
    let mut text = format!("static {name}: [{of}; {}] = [\n", rows.len());
    for row in rows {
        let _ = writeln!(text, "    {row},");
    }
    text + "];\n"
}

// What cells hold.

fn flag(cell: &str) -> Option<bool> {
    match cell {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// A five-character procedure code: five digits, or a capital and four digits.
fn is_code(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    bytes.len() == 5
        && (bytes[0].is_ascii_digit() || bytes[0].is_ascii_uppercase())
        && bytes[1..].iter().all(u8::is_ascii_digit)
}

/// A comma-separated list of codes, possibly empty.
fn codes(cell: &str) -> Option<Vec<&str>> {
    let codes = cell.split(',').filter(|_| !cell.is_empty());
    codes.map(|code| is_code(code).then_some(code)).collect()
}

/// A diagnosis code with its dot, as the seven bytes it is kept as.
fn diagnosis(cell: &str) -> Option<String> {
    let plain = match cell.split_once('.') {
        Some((category, rest)) if category.len() == 3 && !rest.is_empty() => {
            format!("{category}{rest}")
        }
        Some(_) => return None,
        None => cell.to_owned(),
    };
    let bytes = plain.as_bytes();
    let shaped = (3..=7).contains(&bytes.len())
        && bytes[0].is_ascii_uppercase()
        && bytes[1..3].iter().any(u8::is_ascii_digit)
        && bytes
            .iter()
            .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && cell.contains('.') == (bytes.len() > 3);
    shaped.then(|| format!("Code(*b\"{plain}{}\")", "\\0".repeat(7 - bytes.len())))
}

/// A word of a list as the variant of an enum that has the same words in camel case.
fn variant(of: &str, cell: &str, known: &[&str]) -> Option<String> {
    known.contains(&cell).then(|| {
        let mut name = format!("{of}::");
        for part in cell.split('-') {
            let mut letters = part.chars();
            name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            name.push_str(letters.as_str());
        }
        name
    })
}

const REGIONS: [&str; 10] = [
    "cervical",
    "thoracic",
    "lumbar",
    "sacral",
    "pelvic",
    "head",
    "lower-extremity",
    "upper-extremity",
    "rib-cage",
    "abdomen",
];

/// Regions joined by a mark, or `-` for none.
fn region_set(cell: &str, mark: char) -> Option<String> {
    if cell == "-" {
        return Some("RegionSet::of(&[])".to_owned());
    }
    let regions = cell.split(mark).map(|key| variant("Region", key, &REGIONS));
    let regions: Vec<String> = regions.collect::<Option<_>>()?;
    Some(format!("RegionSet::of(&[{}])", regions.join(", ")))
}

/// The words of a comma-separated cell, with `a{b|c}` written out; `None` when braces do not match.
fn words(cell: &str) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for word in cell.split(',').filter(|word| !word.is_empty()) {
        if word.trim() != word {
            return None;
        }
        expand(word, &mut all)?;
    }
    Some(all)
}

fn expand(word: &str, all: &mut Vec<String>) -> Option<()> {
    let Some(open) = word.find('{') else {
        if word.contains('}') {
            return None;
        }
        all.push(word.to_owned());
        return Some(());
    };
    let close = open + word[open..].find('}')?;
    for choice in word[open + 1..close].split('|') {
        if choice.contains('{') {
            return None;
        }
        let written = format!("{}{choice}{}", &word[..open], &word[close + 1..]);
        expand(&written, all)?;
    }
    Some(())
}

// Vocabularies.

/// A word of a vocabulary.
struct Word {
    /// As it is looked for: in small letters unless the capitals count, its blanks and hyphens evened.
    text: String,
    /// The capitals must be these.
    exact: bool,
    /// What it stands for.
    value: usize,
}

/// How many buckets a `Vocabulary` has.
const BUCKETS: u32 = 4096;

/// The words with what they stand for as a `Vocabulary`; a word that begins with `=` must be written
/// in exactly those capitals.
fn vocabulary(name: &str, words: Vec<(String, usize)>) -> Result<String, String> {
    let mut all: Vec<Word> = Vec::new();
    for (written, value) in words {
        let exact = written.starts_with('=');
        let mut text = even(written.trim_start_matches('='));
        if !exact {
            text.make_ascii_lowercase();
        }
        // Where a text is searched, such beginnings are looked up by nothing.
        if text.is_empty() || text.starts_with(['\'', '-', ' ']) || text.ends_with([' ', '-']) {
            return Err(format!("the word \"{written}\" cannot be looked up"));
        }
        if all
            .iter()
            .any(|word| word.exact == exact && word.text == text)
        {
            return Err(format!("the word \"{written}\" stands there twice"));
        }
        all.push(Word { text, exact, value });
    }
    let bucket = |word: &Word| mixed(&word.text) >> (u32::BITS - BUCKETS.ilog2());
    // Stable, so that of two words that are alike but for their capitals the first of the table counts.
    all.sort_by_key(|word| (bucket(word), key(&word.text), usize::MAX - word.text.len()));
    let mut text = String::new();
    let mut entries = String::new();
    for word in &all {
        let at = u16::try_from(text.len()).map_err(|_| "too many words")?;
        let length = u8::try_from(word.text.len()).map_err(|_| "a word is too long")?;
        text += &word.text;
        let _ = writeln!(
            entries,
            "        Entry::new({}, {}, {}, {at}, {length}, {}, {}),",
            key_bytes(key(&word.text)),
            run(&word.text),
            second(&word.text),
            word.exact,
            word.value
        );
    }
    let marks = all.iter().any(|word| run(&word.text) == 0);
    let mut starts = String::new();
    for at in 0..=BUCKETS {
        if at % 24 == 0 {
            starts += "\n        ";
        }
        let _ = write!(
            starts,
            "{}, ",
            all.partition_point(|word| bucket(word) < at)
        );
    }
    let starts = starts.replace(", \n", ",\n");
    Ok(format!(
        "pub(super) static {name}: Vocabulary = Vocabulary {{\n    marks: {marks},\n    text: {text:?},\n    starts: &[{}\n    ],\n    entries: &[\n{entries}    ],\n}};\n",
        starts.trim_end()
    ))
}

/// The first four letters and digits of a word, or the first byte of one that begins otherwise.
/// `Vocabulary::find` does the same with the words of a text.
fn key(word: &str) -> u32 {
    let first = &word.as_bytes()[..run(word).clamp(1, 4)];
    first.iter().rev().fold(0, |key, byte| {
        key << 8 | u32::from(byte.to_ascii_lowercase())
    })
}

/// How many bytes of letters and digits a word begins with.
fn run(word: &str) -> usize {
    word.find(|c: char| !c.is_alphanumeric())
        .unwrap_or(word.len())
}

/// A number that tells beginnings apart, as `Vocabulary::find` makes it.
fn mixed(word: &str) -> u32 {
    let run = u32::try_from(run(word)).unwrap_or(u32::MAX);
    (key(word) ^ run.wrapping_shl(26)).wrapping_mul(0x9E37_79B1)
}

/// The letter or digit behind the first word and a blank as Rust, zero if there is none.
fn second(word: &str) -> String {
    match word.as_bytes()[run(word)..] {
        [b' ', letter, ..] if letter.is_ascii_alphanumeric() => {
            format!("b'{}'", char::from(letter.to_ascii_lowercase()))
        }
        _ => "0".to_owned(),
    }
}

/// The bytes of a key as Rust.
fn key_bytes(key: u32) -> String {
    format!("*b\"{}\"", key.to_le_bytes().escape_ascii()).replace("\\x00", "\\0")
}

/// A word with its runs of blanks as one blank, and hyphens between letters as well.
fn even(word: &str) -> String {
    let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = String::new();
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let between = text.ends_with(char::is_alphanumeric)
            && letters.peek().is_some_and(|next| next.is_alphanumeric());
        text.push(match letter {
            '-' | '\u{2010}' | '\u{2011}' => [' ', '-'][usize::from(!between)],
            '\u{2019}' => '\'',
            other => other,
        });
    }
    text
}

// The tables.

fn abbreviations(text: &str) -> Result<String, String> {
    let read = rows(text, ["words", "meanings"], |[own, meanings]| {
        let own = words(own).filter(|words| !words.is_empty())?;
        let meanings: Vec<&str> = meanings.split(" | ").map(str::trim).collect();
        let whole = meanings.iter().all(|meaning| !meaning.is_empty());
        whole.then(|| (own, format!("Abbreviation {{ meanings: &{meanings:?} }}")))
    })?;
    let (own, all): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    let own = own.into_iter().enumerate();
    let own = own.flat_map(|(index, words)| words.into_iter().map(move |word| (word, index)));
    Ok(array("ALL", "Abbreviation", &all) + "\n" + &vocabulary("WORDS", own.collect())?)
}

fn activities(text: &str) -> Result<String, String> {
    const KINDS: [&str; 3] = ["functional", "impairment", "neither"];
    let read = rows(text, ["kind", "words"], |[kind, own]| {
        let kind = KINDS.iter().position(|known| *known == kind)?;
        Some(words(own)?.into_iter().map(move |word| (word, kind)))
    })?;
    vocabulary("WORDS", read.into_iter().flatten().collect())
}

fn common_diagnoses(text: &str) -> Result<String, String> {
    let read = rows(
        text,
        ["code", "group", "regions"],
        |[code, group, regions]| {
            let key = diagnosis(code).filter(|_| !group.is_empty())?;
            let regions = region_set(regions, '+')?;
            let row = format!("Common {{ code: {code:?}, group: {group:?}, regions: {regions} }}");
            Some((key, row))
        },
    )?;
    let (keys, all): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    let mut ranks: Vec<(String, usize)> = keys.into_iter().zip(0..).collect();
    ranks.sort_unstable_by_key(|(key, rank)| (key.replace("\\0", "\0"), *rank));
    let ranks: Vec<String> = ranks
        .iter()
        .map(|(key, rank)| format!("({key}, {rank})"))
        .collect();
    Ok(array("ALL", "Common", &all) + "\n" + &array("RANKS", "(Code, usize)", &ranks))
}

fn icd9_successors(text: &str) -> Result<String, String> {
    let all = rows(text, ["code", "successors"], |[code, successors]| {
        let successors: Vec<&str> = successors.split(',').collect();
        let known = successors.iter().all(|code| diagnosis(code).is_some());
        (known && !code.is_empty())
            .then(|| format!("Row {{ code: {code:?}, successors: &{successors:?} }}"))
    })?;
    Ok(array("SUCCESSORS", "Row", &all))
}

fn limits(text: &str) -> Result<String, String> {
    let columns = ["code", "practitioner", "outpatient"];
    let mut all = rows(text, columns, |[code, practitioner, outpatient]| {
        is_code(code).then_some(())?;
        let (practitioner, outpatient): (u16, u16) =
            (practitioner.parse().ok()?, outpatient.parse().ok()?);
        let limit = format!("Limit {{ practitioner: {practitioner}, outpatient: {outpatient} }}");
        Some(format!("({code:?}, {limit})"))
    })?;
    all.sort();
    Ok(array("ALL", "(&str, Limit)", &all))
}

fn modifiers(text: &str) -> Result<String, String> {
    const KINDS: [&str; 7] = [
        "distinct",
        "discipline",
        "assistant",
        "chiropractic",
        "liability",
        "anatomic",
        "other",
    ];
    let columns = ["code", "label", "kind", "use_when", "careful"];
    let all = rows(text, columns, |[code, label, kind, use_when, careful]| {
        let capital = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        let shaped = code.len() == 2 && code.bytes().all(capital);
        if !shaped || label.is_empty() || use_when.is_empty() || careful.is_empty() {
            return None;
        }
        let kind = variant("ModifierKind", kind, &KINDS)?;
        Some(format!(
            "Modifier {{ code: {code:?}, label: {label:?}, kind: {kind}, use_when: {use_when:?}, careful: {careful:?} }}"
        ))
    })?;
    Ok(array("ALL", "Modifier", &all))
}

fn ncci(text: &str) -> Result<String, String> {
    let columns = ["column1", "column2", "indicator"];
    let mut all = rows(text, columns, |[column1, column2, indicator]| {
        if !is_code(column1) || !is_code(column2) || column1 == column2 {
            return None;
        }
        let indicator = match indicator {
            "0" => "Indicator::Never",
            "1" => "Indicator::WithModifier",
            _ => return None,
        };
        Some(format!(
            "Pair {{ column1: {column1:?}, column2: {column2:?}, indicator: {indicator} }}"
        ))
    })?;
    all.sort();
    Ok(array("PAIRS", "Pair", &all))
}

fn once_billable(text: &str) -> Result<String, String> {
    let all = rows(text, ["code", "since_year"], |[code, since_year]| {
        let year: u16 = since_year.parse().ok()?;
        (2016..=2026).contains(&year).then_some(())?;
        Some(format!("({}, {year})", diagnosis(code)?))
    })?;
    Ok(array("ONCE_BILLABLE", "(Code, u16)", &all))
}

fn procedures(text: &str) -> Result<String, String> {
    let columns = [
        "code",
        "label",
        "timing",
        "attendance",
        "hands_on",
        "evaluation",
        "adjustment",
        "status",
        "therapy",
        "belongs",
        "payer_note",
    ];
    let mut all = rows(text, columns, procedure)?;
    all.sort();
    Ok(array("ALL", "Procedure", &all))
}

fn procedure(
    [
        code,
        label,
        timing,
        attendance,
        hands_on,
        evaluation,
        adjustment,
        status,
        therapy,
        belongs,
        payer_note,
    ]: [&str; 11],
) -> Option<String> {
    let mut letters = status.chars();
    let status = letters.next()?;
    if !is_code(code) || label.is_empty() || !belongs.ends_with('.') || letters.next().is_some() {
        return None;
    }
    let minutes = |number: &str| number.parse().ok().filter(|&minutes: &u16| minutes > 0);
    let timing = match timing.split_once(':') {
        Some(("first", number)) => format!("Timing::First {{ minutes: {} }}", minutes(number)?),
        Some(("each", number)) => format!("Timing::Each {{ minutes: {} }}", minutes(number)?),
        Some(_) => return None,
        None => variant("Timing", timing, &["quarter", "untimed", "undefined"])?,
    };
    let attendance = match attendance {
        "one-on-one" => "Attendance::OneOnOne".to_owned(),
        other => variant("Attendance", other, &["supervised", "group", "none"])?,
    };
    let therapy = variant("Therapy", therapy, &["always", "sometimes", "no"])?;
    let (hands_on, evaluation, adjustment) =
        (flag(hands_on)?, flag(evaluation)?, flag(adjustment)?);
    Some(format!(
        "Procedure {{ code: {code:?}, label: {label:?}, timing: {timing}, attendance: {attendance}, \
         hands_on: {hands_on}, evaluation: {evaluation}, adjustment: {adjustment}, \
         medicare_status: {status:?}, therapy: {therapy}, belongs: {belongs:?}, \
         payer_note: {payer_note:?} }}"
    ))
}

/// The regions of a row; its words, and those that never decide alone: the number of the row, doubled,
/// and one more for words that decide.
fn regions(text: &str) -> Result<String, String> {
    let columns = ["regions", "words", "ambiguous"];
    let read = rows(text, columns, |[regions, own, ambiguous]| {
        let one_of = regions.contains('|');
        let set = region_set(regions, if one_of { '|' } else { '+' })?;
        Some((format!("({set}, {one_of})"), words(own)?, words(ambiguous)?))
    })?;
    let mut rows = Vec::new();
    let mut all = Vec::new();
    for (index, (row, own, ambiguous)) in read.into_iter().enumerate() {
        rows.push(row);
        all.extend(own.into_iter().map(|word| (word, index * 2 + 1)));
        all.extend(ambiguous.into_iter().map(|word| (word, index * 2)));
    }
    Ok(array("ROWS", "(RegionSet, bool)", &rows) + "\n" + &vocabulary("WORDS", all)?)
}

fn sides(text: &str) -> Result<String, String> {
    let read = rows(text, ["side", "words"], |[side, own]| {
        let side = ["right", "left", "both"]
            .iter()
            .position(|known| *known == side)?;
        Some(words(own)?.into_iter().map(move |word| (word, side)))
    })?;
    vocabulary("SIDES", read.into_iter().flatten().collect())
}

fn retired(text: &str) -> Result<String, String> {
    let columns = ["code", "was", "since_year", "successors", "note"];
    let mut all = rows(
        text,
        columns,
        |[code, was, since_year, successors, note]| {
            let year: u16 = since_year.parse().ok()?;
            if !is_code(code) || was.is_empty() || !(1990..=2026).contains(&year) {
                return None;
            }
            let successors = codes(successors)?;
            Some(format!(
                "Retired {{ code: {code:?}, was: {was:?}, since_year: {year}, successors: &{successors:?}, note: {note:?} }}"
            ))
        },
    )?;
    all.sort();
    Ok(array("ALL", "Retired", &all))
}

/// The techniques; their words, and those that never decide alone: the number of the technique,
/// doubled, and one more for words that decide. The last number is that of phrases which are none.
fn techniques(text: &str) -> Result<String, String> {
    const STOP: &str = "not a technique";
    let columns = [
        "name",
        "default_code",
        "accepted",
        "certainty",
        "specific",
        "words",
        "ambiguous",
    ];
    let read = rows(
        text,
        columns,
        |[
            name,
            default_code,
            accepted,
            certainty,
            specific,
            own,
            ambiguous,
        ]| {
            let accepted = codes(accepted)?;
            let default_code = (!default_code.is_empty()).then_some(default_code);
            if name.is_empty() || default_code.is_some_and(|code| !accepted.contains(&code)) {
                return None;
            }
            let certainty = variant("Certainty", certainty, &["agreed", "mostly", "disputed"])?;
            let technique = format!(
                "Technique {{ name: {name:?}, default_code: {default_code:?}, accepted: &{accepted:?}, \
                 certainty: {certainty}, specific: {} }}",
                flag(specific)?
            );
            let technique = (name != STOP).then_some(technique);
            Some((technique, words(own)?, words(ambiguous)?))
        },
    )?;
    let count = read
        .iter()
        .filter(|(technique, ..)| technique.is_some())
        .count();
    let mut techniques = Vec::new();
    let mut all = Vec::new();
    for (technique, own, ambiguous) in read {
        let index = if technique.is_some() {
            techniques.len()
        } else {
            count
        };
        techniques.extend(technique);
        all.extend(own.into_iter().map(|word| (word, index * 2 + 1)));
        all.extend(ambiguous.into_iter().map(|word| (word, index * 2)));
    }
    Ok(array("ALL", "Technique", &techniques) + "\n" + &vocabulary("WORDS", all)?)
}

fn wording(text: &str) -> Result<String, String> {
    let columns = [
        "name",
        "kind",
        "alone",
        "negatable",
        "subjective",
        "therapy",
        "chiropractic",
        "massage",
        "begins",
        "pattern",
        "spared",
        "reason",
    ];
    let read = rows(text, columns, |row| {
        let [.., begins, _, _, _] = row;
        Some((
            phrase(row)?,
            begins.split(',').map(str::to_owned).collect::<Vec<_>>(),
        ))
    })?;
    let mut gates: Vec<(u32, u32)> = Vec::new();
    for (index, (_, begins)) in read.iter().enumerate() {
        for begin in begins {
            let gate = key(begin);
            match gates.iter_mut().find(|(known, _)| *known == gate) {
                Some((_, phrases)) => *phrases |= 1 << index,
                None => gates.push((gate, 1 << index)),
            }
        }
    }
    gates.sort_unstable();
    let phrases: Vec<String> = read.into_iter().map(|(phrase, _)| phrase).collect();
    if phrases.len() > 32 {
        return Err("more phrases than a gate has bits".to_owned());
    }
    let gates: Vec<String> = gates
        .iter()
        .map(|(key, phrases)| format!("(u32::from_le_bytes({}), {phrases:#x})", key_bytes(*key)))
        .collect();
    Ok(array("PHRASES", "DenialPhrase", &phrases) + "\n" + &array("GATES", "(u32, u32)", &gates))
}

fn phrase(
    [
        name,
        kind,
        alone,
        negatable,
        subjective,
        therapy,
        chiropractic,
        massage,
        begins,
        pattern,
        spared,
        reason,
    ]: [&str; 12],
) -> Option<String> {
    if name.is_empty() || !reason.ends_with('.') || pattern.is_empty() || begins.is_empty() {
        return None;
    }
    let weight = |cell| variant("Weight", cell, &["warning", "information", "hint"]);
    let kind = variant(
        "DenialKind",
        kind,
        &["necessity", "rote", "vague", "inexact"],
    )?;
    Some(format!(
        "DenialPhrase {{ name: {name:?}, kind: {kind}, alone: {}, negatable: {}, subjective: {}, \
         therapy: {}, chiropractic: {}, massage: {}, reason: {reason:?}, begins: {begins:?}, \
         pattern: {pattern:?}, finder: OnceLock::new(), spared: {spared:?}, \
         spared_finder: OnceLock::new() }}",
        flag(alone)?,
        flag(negatable)?,
        flag(subjective)?,
        weight(therapy)?,
        weight(chiropractic)?,
        weight(massage)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_the_header_are_skipped_and_bad_rows_named() {
        let read = |text: &str| {
            rows(text, ["a", "b"], |[a, b]| {
                Some((a.parse::<u8>().ok()?, b.parse::<u8>().ok()?))
            })
        };
        assert_eq!(read("# source\na\tb\n1\t2\n\n"), Ok(vec![(1, 2)]));
        assert_eq!(
            read("a\tb\nonly one\n"),
            Err("line 2: 1 cells, not 2".to_owned())
        );
        assert_eq!(
            read("# source\na\tb\nx\ty\n"),
            Err("line 3 cannot be read: x\ty".to_owned())
        );
        assert!(read("a\tc\n").is_err());
    }

    #[test]
    fn braces_are_written_out() {
        assert_eq!(
            words("knead{|ing},x").as_deref(),
            Some(&["knead".to_owned(), "kneading".to_owned(), "x".to_owned()][..])
        );
        assert_eq!(words("a{b|c} {d|e}").map(|all| all.len()), Some(4));
        assert_eq!(words("a{b"), None);
        assert_eq!(words("a}b"), None);
        assert_eq!(words("a, b"), None);
        assert_eq!(words(""), Some(Vec::new()));
    }

    #[test]
    fn codes_have_their_shape() {
        assert!(is_code("97140") && is_code("G0283"));
        assert!(!is_code("9714") && !is_code("g0283") && !is_code("971400") && !is_code("9714é"));
        assert_eq!(
            diagnosis("M54.50").as_deref(),
            Some("Code(*b\"M5450\\0\\0\")")
        );
        assert_eq!(
            diagnosis("R52").as_deref(),
            Some("Code(*b\"R52\\0\\0\\0\\0\")")
        );
        for wrong in ["", "M54.", "M5450", "m54.5", "M5.450", "MM.5", "54.50"] {
            assert_eq!(diagnosis(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn words_are_evened_and_stand_once() {
        assert_eq!(even("soft-tissue  work - a’b"), "soft tissue work - a'b");
        let two =
            |words: [&str; 2]| vocabulary("WORDS", words.map(|word| (word.to_owned(), 0)).to_vec());
        assert!(two(["hip", "Hip"]).is_err());
        assert!(two(["hip", "=Hip"]).is_ok());
        assert!(two(["hip", "-hip"]).is_err());
    }
}
