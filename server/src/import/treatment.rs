//! What the treatment that a sentence tells of may be billed with: the code that the words and the profession support. It is a
//! proposal.

use jiff::civil::Date;

use crate::chart::treatment::{self, Why};
use crate::chart::{Credential, credential};
use crate::length::Length;
use crate::pattern::{pattern, words};
use crate::reference::procedures::{self, Procedure};
use crate::reference::regions::{self, Region, RegionSet};
use crate::reference::techniques::Technique;
use crate::rules::adjustment_of;
use crate::text::Span;

/// A block that is proposed for the words of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// The words that become its technique.
    pub words: Span,
    pub code: &'static str,
    /// The regions, as the block's line gives them.
    pub places: String,
    /// The name of what was done.
    pub technique: &'static str,
    /// Its time as the block's line gives it; empty for an adjustment.
    pub time: String,
    pub minutes: Option<Length>,
}

/// Why words about treatment stay prose, as a reader sees it.
pub fn reason(why: Why) -> &'static str {
    match why {
        Why::NotToday => "planned, or of another day",
        Why::NotDone => "declined, or not done",
        Why::AtHome => "done at home or by the patient",
        Why::NotHere => "not given here: by somebody else, or on a form or a price list",
        Why::OfOther => "its minutes are of something else",
        Why::Unclear => "it is not clear which minutes are whose",
    }
}

/// It stands in a section that does not say what was done.
pub const OTHER_SECTION: &str = "not in a part of the note that says what was done";
/// No technique is named that belongs to one code.
pub const NO_CODE: &str = "no technique that belongs to one code";
/// A block has it already.
pub const SAID_AGAIN: &str = "said once more: a block has it already";
/// It is one of the things that were done in a block.
pub const PART: &str = "a part of the treatment above";

/// The blocks that a sentence supports.
///
/// # Errors
///
/// Why it stays prose; `None` if it speaks of no treatment.
pub fn proposed(
    text: &str,
    sentence: Span,
    credentials: &[Credential],
    today: Option<Date>,
) -> Result<Vec<Proposed>, Option<&'static str>> {
    let told = treatment::told(text, sentence, today).map_err(|why| why.map(reason))?;
    if credential::is_by_another(&text[sentence.range()], credentials) {
        return Err(Some(reason(Why::NotHere)));
    }
    let blocks = told.into_iter().map(|told| {
        let code = code(told.technique.technique, credentials).ok_or(Some(NO_CODE))?;
        Ok(Proposed {
            words: told.words,
            code: code.code,
            places: treatment::places(code.code, &text[told.about.range()]),
            technique: told.technique.technique.name,
            time: told.time.written,
            minutes: told.time.minutes,
        })
    });
    blocks.collect()
}

/// The code that a technique belongs to, if the profession may bill it, else another one that payers accept for it.
fn code(technique: &Technique, credentials: &[Credential]) -> Option<&'static Procedure> {
    let usual = technique.default_code?;
    let is_massage = credentials.contains(&Credential::Massage)
        && !credentials.iter().any(|c| {
            matches!(
                c,
                Credential::PhysicalTherapist
                    | Credential::OccupationalTherapist
                    | Credential::Chiropractor
            )
        });
    let of_massage = |code: &&'static str| matches!(*code, "97124" | "97140" | "97010");
    let mut codes = [usual]
        .into_iter()
        .chain(technique.accepted.iter().copied());
    let code = if is_massage {
        codes.find(of_massage)
    } else {
        codes.next()
    };
    procedures::find(code?)
}

pattern!(
    /// An adjustment that was given; `before the adjustment` speaks of something else.
    ADJUSTED,
    r"(?i)\b(?:adjusted|manipulated|adjustments?|manipulations?|(?-i:CMT))\b"
);
words!(
    ASIDE,
    r"(?i)\b(?:before|after|since|prior to|until|following)\s+(?:the|his|her|their|my|each|today's)\s+(?:adjust|manipul)"
);
pattern!(
    LEVEL,
    r"(?i)\b(?P<region>[ctls])[ -]?(?:\d{1,2}\b|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b)"
);

/// The adjustment of the spine that the sentences of a visit tell of: the first of them, with the code for all regions that
/// they name.
pub fn adjustment(text: &str, sentences: &[Span], today: Option<Date>) -> Option<Proposed> {
    let mut regions = RegionSet::default();
    let mut first = None;
    for sentence in sentences {
        let words = &text[sentence.range()].replace(['\n', '\r'], " ");
        let Some(found) = ADJUSTED.find(words) else {
            continue;
        };
        let named = levels(words);
        if named.is_empty()
            || ASIDE.is_match(words)
            || !treatment::is_given(words, Span::from(found.range()), today)
        {
            continue;
        }
        regions = regions.union(named);
        first = first.or(Some(*sentence));
    }
    Some(Proposed {
        words: first?,
        code: adjustment_of(regions.len())?,
        places: regions
            .iter()
            .map(Region::name)
            .collect::<Vec<_>>()
            .join(", "),
        technique: "adjustment",
        time: String::new(),
        minutes: None,
    })
}

/// The spinal regions that words name, by levels in figures or in words, or by name.
fn levels(words: &str) -> RegionSet {
    let spelled = LEVEL.captures_iter(words).filter_map(|found| {
        let region = found.name("region")?.as_str().to_ascii_uppercase();
        Some(regions::find_in(&format!("{region}3")).first()?.regions)
    });
    let named = regions::find_in(words)
        .into_iter()
        .filter(|r| r.decisive && !r.one_of)
        .map(|r| r.regions);
    let all = spelled
        .chain(named)
        .fold(RegionSet::default(), RegionSet::union);
    all.iter().filter(|region| region.is_spinal()).collect()
}
