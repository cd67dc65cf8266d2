//! The code that was meant.

use std::collections::BTreeMap;

use super::rows::Code;
use super::{Entry, Release, common};

const CHARACTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Characters taken for each other, and the like.
const LIKELIEST: u8 = 0;
/// Two characters swapped, or one too many.
const LIKELY: u8 = 1;
/// A character missing or another one.
const POSSIBLE: u8 = 2;

impl Release {
    /// The code one slip of the fingers away: a character changed, added, missing, or two swapped,
    /// or the placeholders `X` left out (`S13.4A`). Common diagnoses come before other billable
    /// codes, those before categories, and likelier slips before others; none if two are as good.
    pub fn nearest(&self, code: &str) -> Option<Entry> {
        let typed: Vec<u8> = code
            .bytes()
            .filter(|&byte| byte != b'.' && !byte.is_ascii_whitespace())
            .map(|byte| byte.to_ascii_uppercase())
            .collect();
        if !(2..=9).contains(&typed.len()) {
            return None;
        }
        let rows = slips(&typed).into_iter().filter_map(|(code, slip)| {
            let row = self.row(code)?;
            let common = common::rank(code).is_some();
            Some(((!common, !common && !row.billable, slip), row))
        });
        let rows: Vec<_> = rows.collect();
        let least = rows.iter().map(|(order, _)| *order).min()?;
        let mut best = rows.iter().filter(|(order, _)| *order == least);
        let (_, row) = best.next()?;
        best.next().is_none().then(|| self.entry(row))
    }
}

/// Every code one slip away, with the likeliest slip that leads to it.
fn slips(typed: &[u8]) -> BTreeMap<Code, u8> {
    let mut slips = BTreeMap::new();
    let mut add = |bytes: &[u8], slip: u8| {
        if let Some(code) = Code::of_bytes(bytes).filter(|_| bytes != typed) {
            let known = slips.entry(code).or_insert(slip);
            *known = slip.min(*known);
        }
    };
    if let [start @ .., last] = typed
        && (4..7).contains(&typed.len())
        && last.is_ascii_uppercase()
    {
        let mut padded = start.to_vec();
        padded.resize(6, b'X');
        padded.push(*last);
        add(&padded, LIKELIEST);
    }
    for at in 0..typed.len() {
        let mut other = typed.to_vec();
        other.remove(at);
        add(&other, LIKELY);
        if at > 0 {
            other = typed.to_vec();
            other.swap(at - 1, at);
            add(&other, LIKELY);
        }
    }
    for &character in CHARACTERS {
        for at in 0..=typed.len() {
            let mut other = typed.to_vec();
            other.insert(at, character);
            add(&other, POSSIBLE);
            if let Some(byte) = typed.get(at) {
                other = typed.to_vec();
                other[at] = character;
                let alike = alike(*byte, character);
                add(&other, if alike { LIKELIEST } else { POSSIBLE });
            }
        }
    }
    slips
}

fn alike(a: u8, b: u8) -> bool {
    [b"0O", b"1I", b"1L", b"5S", b"8B", b"2Z"]
        .into_iter()
        .any(|&pair| pair == [a, b] || pair == [b, a])
}
