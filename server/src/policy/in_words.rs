//! The payer that a `payer:` line names in words: `Medicare Part B + AARP supplement`, `State Farm (auto)`.

use std::ops::Range;

use super::Payer;
use super::payer::{Naming, is_same_name};
use crate::pattern::pattern;

/// What the words of a `payer:` line name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<'p> {
    /// A profile.
    Payer(&'p Payer),
    /// Nobody but the patient pays.
    Nobody,
    /// A payer that no profile is known of.
    Unknown,
}

/// What stands in for a payer where nobody but the patient pays: as the whole value, which may be a mark,
const NOBODY: &[&str] = &["self", "none", "na", "n/a", "patient", "client", "-"];

/// and among other words.
const NOBODY_IN_WORDS: &[&str] = &[
    "self pay",
    "cash",
    "private pay",
    "out of pocket",
    "no insurance",
    "uninsured",
    "pro bono",
];

/// A shorter name is found only as it is written: `L&I` is not `Li`.
const SHORT: usize = 3;

pattern!(
    /// What parts two payers, the first of whom is the primary one.
    PARTED,
    r"(?i)[+;/]|\b(?:and|with)\b"
);
pattern!(MEDICARE, r"(?i)\b(?:medicare|cms|senior advantage)\b");
pattern!(
    /// Plans that insurers sell in Medicare's place, which count and deny as the insurer does.
    IN_ITS_PLACE,
    r"(?i)\b(?:advantage|part c|replacement|hmo|ppo|pffs|complete|choice|select|dual)\b"
);
pattern!(
    /// What only original Medicare is called, whoever is named beside it.
    ORIGINAL,
    r"(?i)\b(?:part b|original|traditional|medicare b|ffs|fee[- ]for[- ]service|medicare primary)\b"
);
pattern!(
    /// Words that may stand beside Medicare's name and name no insurer: its parts, its contractors, numbers.
    NO_INSURER,
    r"(?ix)^(?: parts? | [ab] | ab | straight | regular | primary | us | federal | government | insurance | plan | program | health
        | the | only | outpatient | op | therapy | chiropractic | pt | ot | slp | railroad | rr | noridian | palmetto | novitas | ngs | cgs
        | wps | no | number | id | mbi | hicn | eff | effective | active | verified | pending | since | \w*\d\w* )$"
);

/// A known name among the words.
struct Mention<'p> {
    range: Range<usize>,
    letters: usize,
    /// `None` for nobody.
    payer: Option<&'p Payer>,
}

/// What the words name: a name as a whole, else the longest known name in the first part that holds one.
pub(super) fn named<'p>(payers: &'p [Payer], words: &str) -> Named<'p> {
    let whole = |payer: &&Payer| names_of(payer).any(|known| is_same_name(known, words));
    if let Some(payer) = payers.iter().find(whole) {
        return Named::Payer(payer);
    }
    if NOBODY.iter().any(|name| is_same_name(name, words)) {
        return Named::Nobody;
    }
    let known = payers
        .iter()
        .filter(|p| !p.stands_for_any && p.naming == Naming::AmongWords);
    let known = known.flat_map(|payer| names_of(payer).map(move |name| (&**name, Some(payer))));
    let nobody = NOBODY_IN_WORDS.iter().map(|name| (*name, None));
    let mut mentions = Vec::new();
    for (name, payer) in known.chain(nobody) {
        let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
        let found = places(words, name).into_iter();
        mentions.extend(found.map(|range| Mention {
            range,
            letters,
            payer,
        }));
    }
    // The longest name first: a shorter one inside it is none.
    mentions.sort_by_key(|m| (std::cmp::Reverse(m.letters), m.range.start));
    let mut apart: Vec<Mention<'_>> = Vec::new();
    for mention in mentions {
        let free = |other: &Mention<'_>| {
            mention.range.end <= other.range.start || other.range.end <= mention.range.start
        };
        if apart.iter().all(free) {
            apart.push(mention);
        }
    }
    parts(words, &apart)
        .into_iter()
        .enumerate()
        .find_map(|(index, part)| of_part(words, &part, &apart, index == 0))
        .unwrap_or(Named::Unknown)
}

fn names_of(payer: &Payer) -> impl Iterator<Item = &String> {
    std::iter::once(&payer.name).chain(&payer.aliases)
}

/// The parts of the words that `+`, `;`, `/`, *and* or *with* divide, but for those inside of a name.
fn parts(words: &str, mentions: &[Mention<'_>]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for mark in PARTED.find_iter(words) {
        let mut ranges = mentions.iter().map(|m| &m.range);
        if !ranges.any(|r| r.start < mark.end() && mark.start() < r.end) {
            parts.push(start..mark.start());
            start = mark.end();
        }
    }
    parts.push(start..words.len());
    parts
}

/// What one part names; `None` if nothing.
fn of_part<'p>(
    words: &str,
    part: &Range<usize>,
    mentions: &[Mention<'p>],
    first: bool,
) -> Option<Named<'p>> {
    let here = |m: &&Mention<'p>| part.start <= m.range.start && m.range.end <= part.end;
    let mut found = mentions.iter().filter(here);
    let name = found.clone().find(|m| m.payer.is_some()).or(found.next());
    let Some(Mention { range, payer, .. }) = name else {
        return MEDICARE
            .is_match(&words[part.clone()])
            .then_some(Named::Unknown);
    };
    let Some(payer) = payer else {
        return Some(Named::Nobody);
    };
    let beside = [part.start..range.start, range.end..part.end].map(|side| &words[side]);
    let is_medicares = MEDICARE.is_match(&words[range.clone()]);
    // The insurer's own plan, or a second payer behind one that is not known.
    let unlike = beside.iter().any(|side| MEDICARE.is_match(side))
        || is_medicares && (!first || !is_original(&words[part.clone()], &beside));
    Some(if unlike {
        Named::Unknown
    } else {
        Named::Payer(payer)
    })
}

/// Whether Medicare itself is meant and no plan of an insurer.
fn is_original(part: &str, beside: &[&str]) -> bool {
    let mut words = beside
        .iter()
        .flat_map(|side| side.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty());
    !IN_ITS_PLACE.is_match(part)
        && (ORIGINAL.is_match(part) || words.all(|word| NO_INSURER.is_match(word)))
}

/// Where a name stands in the words as whole words. Case, spaces and marks do not matter, but in a short
/// name.
fn places(words: &str, name: &str) -> Vec<Range<usize>> {
    let letters: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let starts = words
        .char_indices()
        .filter(|(at, c)| c.is_alphanumeric() && !words[..*at].ends_with(char::is_alphanumeric));
    let found = starts.filter_map(|(start, _)| {
        let end = start + length_of(&words[start..], &letters)?;
        let as_written = words[start..end].eq_ignore_ascii_case(name);
        (as_written || letters.len() > SHORT).then_some(start..end)
    });
    found.collect()
}

/// How much of the words a name of these letters takes that they begin with; `None` if they do not.
fn length_of(words: &str, letters: &[char]) -> Option<usize> {
    let mut rest = words.char_indices().filter(|(_, c)| c.is_alphanumeric());
    let mut end = 0;
    for letter in letters {
        let (at, written) = rest.next()?;
        if !written.to_lowercase().eq(letter.to_lowercase()) {
            return None;
        }
        end = at + written.len_utf8();
    }
    (!words[end..].starts_with(char::is_alphanumeric)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn name(words: &str) -> &'static str {
        let policy = Policy::default();
        match named(&policy.payers, words) {
            Named::Payer(payer) => String::leak(payer.name.clone()),
            Named::Nobody => "nobody",
            Named::Unknown => "?",
        }
    }

    #[test]
    fn payers_in_words() {
        for (words, payer) in [
            ("Medicare", "medicare"),
            ("Workers' Comp", "workers-comp"),
            ("WA", "wa"),
            ("unknown", "default"),
            // Among other words.
            ("Medicare Part B + AARP supplement", "medicare"),
            ("Medicare Part B, Plan G medigap", "medicare"),
            ("Medicare (Noridian), MBI 1EG4-TE5-MK72", "medicare"),
            ("Traditional Medicare with Mutual of Omaha", "medicare"),
            ("railroad medicare", "medicare"),
            ("Medicare part B, chiropractic", "medicare-chiro"),
            ("State Farm (auto)", "auto"),
            ("PIP - Progressive, claim 12-3456", "auto"),
            ("Sedgwick work comp", "workers-comp"),
            ("WC: Liberty Mutual", "workers-comp"),
            ("WA L&I claim AB12345", "wa-lni"),
            ("Dept. of Labor and Industries", "wa-lni"),
            ("Hawaii no-fault (Geico)", "hi-wc"),
            ("LifeWise of Washington", "premera"),
            // The first of two.
            ("Auto / workers comp", "auto"),
            ("Premera and Medicare", "premera"),
            ("L&I; Premera", "wa-lni"),
            ("Medicare/Medicaid", "medicare"),
            ("Boeing employees / Premera", "premera"),
            // No payer that is known: a second one, an insurer's plan in Medicare's place.
            ("Aetna + Medicare", "?"),
            ("Humana Medicare", "?"),
            ("Medicare Advantage", "?"),
            ("Premera Medicare Advantage", "?"),
            ("Kaiser Senior Advantage", "?"),
            ("AARP Medicare Complete (UHC)", "?"),
            ("Medicare Part C", "?"),
            ("Zenith Mutual", "?"),
            ("Medicaid", "?"),
            // Parts of words, states, and a name that is short.
            ("Premerand Autocorp", "?"),
            ("Aetna of Tacoma, WA", "?"),
            ("Blue Cross of Massachusetts", "?"),
            ("Aetna MA plan", "?"),
            ("Li Wei", "?"),
            ("", "nobody"),
            ("Self-Pay (sliding scale)", "nobody"),
            ("private pay", "nobody"),
            ("N/A", "nobody"),
            ("Premera, pays cash for massage", "premera"),
        ] {
            assert_eq!(name(words), payer, "{words}");
        }
    }

    #[test]
    fn payers_of_ones_own() {
        let text =
            "[payers.union]\naliases = [\"Pipefitters' Fund\"]\n[payers.md-fund]\nlike = \"md\"\n";
        let (policy, problems) = Policy::read(text, &[]);
        assert_eq!(problems, []);
        for (words, name) in [
            ("Pipefitters Fund, local 32", "union"),
            ("the MD fund", "md-fund"),
        ] {
            let found = named(&policy.payers, words);
            assert!(
                matches!(found, Named::Payer(payer) if payer.name == name),
                "{words}: {found:?}"
            );
        }
    }
}
