//! The targets of `fuzz/` for a few seconds, on the stable compiler: each with every file of its corpus and with so many
//! mutations of them, the same ones each time. `SOAPSTONE_FUZZ=100000 cargo test -p soapstone --test fuzz` tries more.

#[path = "src/lib.rs"]
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use targets::TARGETS;

/// How many mutations are tried of each target unless it is said otherwise.
const MUTATIONS: usize = 60;
/// No mutation is longer.
const LONGEST: usize = 4096;

/// Where else in the repository a target finds something to begin with.
fn folders(target: &str) -> &'static [&'static str] {
    const TEXTS: [&str; 4] = [
        "tests/notes/clean",
        "tests/notes/findings",
        "docs/rules",
        "tests/end_to_end/imports",
    ];
    match target {
        "parse" | "analyse" | "edits" => &TEXTS[..3],
        "import" => &TEXTS,
        _ => &[],
    }
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let own = root.join("fuzz/corpus").join(target);
    let others = folders(target).iter().map(|folder| root.join(folder));
    let mut seeds = Vec::new();
    for folder in std::iter::once(own).chain(others) {
        let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let bytes = fs::read(&path).unwrap();
            if path.extension().is_some_and(|ending| ending == "md") {
                seeds.extend(examples(&bytes));
            } else {
                seeds.push(bytes);
            }
        }
    }
    assert!(seeds.len() >= 10, "{} of {target}", seeds.len());
    seeds
}

/// The notes in a rule's page.
fn examples(page: &[u8]) -> Vec<Vec<u8>> {
    let page = String::from_utf8_lossy(page);
    let behind = page.split("```soap\n").skip(1);
    let notes = behind.filter_map(|rest| rest.split("```").next());
    notes.map(|note| note.as_bytes().to_vec()).collect()
}

/// Numbers in no order, the same ones for the same beginning.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of so many, from 0.
    fn of(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).unwrap_or_default()
    }

    /// A part of some bytes, not very long.
    fn part(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let start = self.of(bytes.len() + 1);
        let length = 1 << self.of(7);
        start..(start + self.of(length)).min(bytes.len())
    }
}

/// The whole lines that a part lies in.
fn lines(bytes: &[u8], part: std::ops::Range<usize>) -> &[u8] {
    let start = bytes[..part.start].iter().rposition(|byte| *byte == b'\n');
    let end = bytes[part.end..].iter().position(|byte| *byte == b'\n');
    &bytes[start.map_or(0, |at| at + 1)..end.map_or(bytes.len(), |at| part.end + at + 1)]
}

/// Changes some bytes as slips and programs do: parts go, come twice, come from elsewhere, or become what stands at limits.
fn mutated(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    const HURTFUL: [&[u8]; 24] = [
        b"\n",
        b"\r",
        b"\r\n",
        b"\0",
        b" ",
        b"\t",
        b":",
        b"-",
        b"\"",
        b"\\ud83d",
        b"\xff",
        b"99999999999999999999",
        b"0",
        b"-1",
        b"24:60",
        b"visit: ",
        b"97140-59 ",
        b"10:02-10:27",
        "é".as_bytes(),
        "😀".as_bytes(),
        "\u{2028}".as_bytes(),
        "–".as_bytes(),
        "\u{feff}".as_bytes(),
        "İ".as_bytes(),
    ];
    let mut bytes = seeds[dice.of(seeds.len())].clone();
    for _ in 0..=dice.of(5) {
        let here = dice.part(&bytes);
        let other = &seeds[dice.of(seeds.len())];
        let new = match dice.of(5) {
            0 => Vec::new(),
            1 => bytes[dice.part(&bytes)].to_vec(),
            2 => lines(other, dice.part(other)).to_vec(),
            3 => vec![u8::try_from(dice.of(256)).unwrap_or_default()],
            _ => HURTFUL[dice.of(HURTFUL.len())].to_vec(),
        };
        let here = if dice.of(2) == 0 {
            here
        } else {
            here.start..here.start
        };
        bytes.splice(here, new);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn hold(name: &str) {
    let (_, target) = TARGETS
        .iter()
        .find(|(of, _)| *of == name)
        .expect("a target");
    let seeds = seeds(name);
    let wanted = std::env::var("SOAPSTONE_FUZZ").ok();
    let count = wanted.map_or(MUTATIONS, |count| count.parse().expect("a number"));
    let mut dice = Dice(count as u64);
    let mutations = (0..count).map(|_| mutated(&seeds, &mut dice));
    for bytes in seeds.iter().cloned().chain(mutations) {
        let outcome = catch_unwind(AssertUnwindSafe(|| target(&bytes)));
        assert!(
            outcome.is_ok(),
            "{name} does not hold of b\"{}\"",
            bytes.escape_ascii()
        );
    }
}

#[test]
fn parse_holds() {
    hold("parse");
}

#[test]
fn analyse_holds() {
    hold("analyse");
}

#[test]
fn edits_hold() {
    hold("edits");
}

#[test]
fn protocol_holds() {
    hold("protocol");
}

#[test]
fn settings_hold() {
    hold("settings");
}

#[test]
fn import_holds() {
    hold("import");
}

#[test]
fn stream_holds() {
    hold("stream");
}
