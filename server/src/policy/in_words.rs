//! The payer that a `payer:` line names in words: `Medicare Part B + AARP supplement`, `State Farm (auto)`.

use std::ops::Range;

use super::Payer;
use super::payer::{Naming, letters};
use crate::pattern::{pattern, words};

/// What the words of a `payer:` line name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<'p> {
    /// A profile.
    Payer(&'p Payer),
    /// A payer that no profile is known of.
    Unknown,
}

/// A shorter name is found only as it is written: `L&I` is not `Li`.
const SHORT: usize = 3;

pattern!(
    /// What parts two payers, the first of whom is the primary one; a comma does only at times.
    PARTED,
    r"(?i)[+;/&,]|\b(?:and|with|secondary|2nd)\b"
);
pattern!(
    /// What leads the payer that pays first: `Primary: `, `1. `.
    FIRST,
    r"(?i)(?:\bprimary(?:[ \t]+[a-z]+)?[ \t]*[:=]|^1(?:st)?[.):])[ \t]*"
);
pattern!(
    /// What leads a payer that pays behind the first: `; secondary Aetna`, ` 2nd: Aetna`.
    SECOND,
    r"(?i)(?:(?:^|[-–—,;/+&(|.])[ \t]*(?:secondary|2nd|second|tertiary)\b|\b(?:secondary|2nd|second|sec|tertiary)(?:[ \t]+[a-z]+)?[ \t]*[:=]|[ \t,;/]2[.)][ \t])"
);
pattern!(
    /// A payer that is said to pay behind one that comes later: `Medicare secondary, Aetna primary`.
    SECOND_BEFORE,
    r"(?i)^[^,;/+&]*[^\s,;/+&][ \t(]+(?:is[ \t]+)?(?:secondary|2nd|tertiary)\)?[ \t]*[,;/+&]+[ \t]*"
);
words!(
    /// Medicare's name, and those that only plans in its place have.
    MEDICARE,
    r"(?i)\b(?:medicare|cms|senior advantage|dual complete|d-?snp)\b"
);
words!(
    /// Plans that insurers sell in Medicare's place, which count and deny as the insurer does.
    IN_ITS_PLACE,
    r"(?i)\b(?:advantage|part c|replacement|hmo|ppo|pffs|complete|choice|select|dual|d-?snp)\b"
);
words!(
    /// What only original Medicare is called, whoever is named beside it. A supplement pays behind it.
    ORIGINAL,
    r"(?i)\b(?:part b|original|traditional|medicare b|ffs|fee[- ]for[- ]service|medicare primary|supplement(?:al)?|medigap)\b"
);
words!(
    /// Words that may stand beside Medicare's name and name no insurer: its parts, its contractors, states,
    /// numbers.
    NO_INSURER,
    r"(?ix)^(?: parts? | [a-z]{1,2} | straight | regular | primary | federal | government | insurance | plan | program | health
        | the | only | outpatient | therapy | chiropractic | slp | railroad | noridian | palmetto | novitas | ngs | cgs | wps | fcso
        | number | mbi | hicn | eff | effective | active | verified | pending | since | \w*\d\w*
        | alabama | alaska | arizona | arkansas | california | colorado | connecticut | delaware | florida | georgia | hawaii | idaho
        | illinois | indiana | iowa | kansas | kentucky | louisiana | maine | maryland | massachusetts | michigan | minnesota
        | mississippi | missouri | montana | nebraska | nevada | new | hampshire | jersey | mexico | york | north | south | carolina
        | dakota | ohio | oklahoma | oregon | pennsylvania | rhode | island | tennessee | texas | utah | vermont | virginia
        | washington | west | wisconsin | wyoming )$"
);

/// A known name among the words.
struct Mention<'p> {
    range: Range<usize>,
    letters: usize,
    payer: &'p Payer,
}

/// What the words name: a name as a whole, else the longest known name in the first part that holds one.
pub(super) fn named<'p>(payers: &'p [Payer], words: &str) -> Named<'p> {
    let written: Vec<char> = letters(words).collect();
    let whole = |payer: &&Payer| {
        let mut names = payer.names().chain(&payer.alone);
        names.any(|known| letters(known).eq(written.iter().copied()))
    };
    // What is still to be filled in is no mark for nobody.
    let blank = written.is_empty() && words.contains('_');
    if let Some(payer) = payers.iter().find(whole).filter(|_| !blank) {
        return Named::Payer(payer);
    }
    let words = without_second(words);
    let known = payers
        .iter()
        .filter(|p| !p.stands_for_any && p.naming == Naming::AmongWords);
    let known = known.flat_map(|payer| payer.names().map(move |name| (name, payer)));
    let mut mentions = Vec::new();
    for (name, payer) in known {
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
    let in_medicares_place = payers.iter().find(|payer| payer.in_medicares_place);
    parts(words, &apart)
        .into_iter()
        .enumerate()
        .find_map(|(index, part)| {
            let here = |m: &&Mention<'p>| part.start <= m.range.start && m.range.end <= part.end;
            let found: Vec<&Mention<'p>> = apart.iter().filter(here).collect();
            of_part(words, &part, &found, in_medicares_place).map(|named| match named {
                // Behind a payer that is not known Medicare comes second.
                Named::Payer(payer)
                    if index > 0 && (payer.medicare || payer.in_medicares_place) =>
                {
                    Named::Unknown
                }
                named => named,
            })
        })
        .unwrap_or(Named::Unknown)
}

/// The words without the payer that is said to pay behind another: what is judged is what the first one does.
fn without_second(words: &str) -> &str {
    let words = FIRST
        .find(words)
        .map_or(words, |found| &words[found.end()..]);
    let words = SECOND_BEFORE
        .find(words)
        .map_or(words, |found| &words[found.end()..]);
    let end = SECOND
        .find(words)
        .map_or(words.len(), |found| found.start());
    words[..end].trim()
}

/// The parts of the words that `+`, `;`, `/`, *and* or *with* divide, but for those inside of a name.
fn parts(words: &str, mentions: &[Mention<'_>]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    // A comma parts Medicare from another payer, unless both make the name of one plan.
    let by_comma = MEDICARE.is_match(words) && !IN_ITS_PLACE.is_match(words);
    for mark in PARTED.find_iter(words) {
        let mut ranges = mentions.iter().map(|m| &m.range);
        let is_before = |r: &Range<usize>| start <= r.start && r.end <= mark.start();
        let comma_parts = || by_comma && ranges.clone().any(is_before);
        if mark.as_str() == "," && !comma_parts() {
            continue;
        }
        if !ranges.any(|r| r.start < mark.end() && mark.start() < r.end) {
            parts.push(start..mark.start());
            start = mark.end();
        }
    }
    parts.push(start..words.len());
    parts
}

/// What one part names, the longest of its names standing first; `None` if nothing.
fn of_part<'p>(
    words: &str,
    part: &Range<usize>,
    found: &[&Mention<'p>],
    in_medicares_place: Option<&'p Payer>,
) -> Option<Named<'p>> {
    let text = &words[part.clone()];
    if MEDICARE.is_match(text) {
        let itself = found.iter().find(|m| m.payer.medicare);
        let itself = itself.filter(|m| {
            let beside = [part.start..m.range.start, m.range.end..part.end];
            is_original(text, &beside.map(|side| &words[side]))
        });
        let payer = itself.map(|m| m.payer).or(in_medicares_place);
        return Some(payer.map_or(Named::Unknown, Named::Payer));
    }
    // Whoever is insured may well pay something in cash.
    let insurer = found.iter().find(|m| !m.payer.patient_pays);
    let named = insurer.or(found.first())?;
    Some(Named::Payer(named.payer))
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
            ("railroad medicare", "railroad-medicare"),
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
            ("Medicaid + Medicare", "medicaid"),
            ("UHC / Medicare", "unitedhealthcare"),
            ("Medicare & Medicaid", "medicare"),
            ("Medicare, Mutual of Omaha", "medicare"),
            ("Medicare primary, BCBS secondary", "medicare"),
            ("BCBS primary, Medicare secondary", "bcbs"),
            ("Humana, Medicare Advantage", "medicare-advantage"),
            ("Anthem Medicaid", "medicaid"),
            ("Kaiser work comp", "workers-comp"),
            ("Zenith Mutual + Medicare", "?"),
            // Who pays first is said.
            ("Blue Cross; secondary: Aetna", "bcbs"),
            ("Primary: Aetna / Secondary: Medicare", "aetna"),
            (
                "Primary insurance: Aetna; secondary insurance: Medicare",
                "aetna",
            ),
            ("Secondary: Medicare; primary: Aetna", "aetna"),
            ("Medicare secondary, Aetna primary", "aetna"),
            ("Medicare (secondary) / Aetna (primary)", "aetna"),
            ("Aetna 2nd: Medicare", "aetna"),
            ("1. Aetna 2. Medicare", "aetna"),
            ("Medicare - secondary Aetna", "medicare"),
            ("Zenith Mutual; secondary: Aetna", "?"),
            ("Zenith Mutual, secondary Aetna", "?"),
            // The longest name.
            ("Optum VA CCN region 3", "va-ccn"),
            ("UHC Community Plan", "uhc-community"),
            ("New York no-fault, GEICO", "ny-no-fault"),
            // Medicare itself, and an insurer's plan in its place.
            ("Medicare of Florida", "medicare"),
            ("AARP Medicare Supplement", "medicare"),
            ("Zenith Medicare", "medicare-advantage"),
            ("UHC Dual Complete", "medicare-advantage"),
            ("Aetna + Medicare", "aetna"),
            ("Humana Medicare", "medicare-advantage"),
            ("Medicare Advantage", "medicare-advantage"),
            ("Premera Medicare Advantage", "medicare-advantage"),
            ("Kaiser Senior Advantage", "medicare-advantage"),
            ("AARP Medicare Complete (UHC)", "medicare-advantage"),
            ("Medicare Part C", "medicare-advantage"),
            ("Zenith Mutual", "?"),
            ("Medicaid", "medicaid"),
            // Parts of words, states, and a name that is short.
            ("Premerand Autocorp", "?"),
            ("Aetna of Tacoma, WA", "aetna"),
            ("Blue Cross of Massachusetts", "bcbs"),
            ("Aetna MA plan", "aetna"),
            ("Li Wei", "?"),
            ("", "self-pay"),
            ("___", "?"),
            ("Self-Pay (sliding scale)", "self-pay"),
            ("private pay", "self-pay"),
            ("N/A", "self-pay"),
            ("cash patient", "self-pay"),
            ("Zenith Mutual, patient", "?"),
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
