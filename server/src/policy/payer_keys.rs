//! The keys that say something of a payer, in `soapstone.toml` and in `data/payers.toml`.

use toml_edit::Item;

use super::Level;
use super::payer::{FilingLimit, MassageAndManual, Naming, Payer, ProgressReport, Requirement};
use crate::billing::Counting;
use crate::reference::wording::Profession;

/// A key of a payer's table. `like` and `rules` are none: what they mean depends on other tables.
pub(super) struct Key {
    pub name: &'static str,
    /// What it takes, as a message says it.
    pub takes: &'static str,
    /// Takes the value over; `None` if it is none that the key takes.
    pub set: fn(&mut Payer, &Item) -> Option<()>,
}

const TEXT: &str = "a text in quotes";
const WORDS: &str = "a list of words in quotes";
const YES_OR_NO: &str = "true or false";

/// Every key.
pub(super) const KEYS: [Key; 22] = [
    key("title", TEXT, |payer, item| {
        item.as_str()
            .map(|title| title.clone_into(&mut payer.title))
    }),
    key("aliases", WORDS, |payer, item| {
        strings(item).map(|names| payer.aliases = names)
    }),
    key("alone", WORDS, |payer, item| {
        strings(item).map(|names| payer.alone = names)
    }),
    key(
        "counting",
        "\"cms\" (the 8-minute rule) or \"ama\" (each code by its midpoint)",
        |payer, item| {
            let words = [("cms", Counting::Cms), ("ama", Counting::Ama)];
            one_of(item, &words).map(|counting| payer.counting = Some(counting))
        },
    ),
    key("ncci", YES_OR_NO, |payer, item| {
        item.as_bool().map(|follows| payer.ncci = Some(follows))
    }),
    key(
        "massage-and-manual",
        "\"modifier\", \"never\" or \"one\"",
        |payer, item| {
            let words = [
                ("modifier", MassageAndManual::Modifier),
                ("never", MassageAndManual::Never),
                ("one", MassageAndManual::One),
            ];
            one_of(item, &words).map(|policy| payer.massage_and_manual = Some(policy))
        },
    ),
    key("accepts", WORDS, |payer, item| {
        let codes = strings(item)?;
        let codes = codes.iter().map(|code| code.to_ascii_uppercase());
        payer.accepts = Some(codes.collect());
        Some(())
    }),
    key("excludes", WORDS, |payer, item| {
        let codes = strings(item)?;
        let codes = codes.iter().map(|code| code.to_ascii_uppercase());
        payer.excludes = codes.collect();
        Some(())
    }),
    key(
        "requires",
        "a list of \"referral\", \"clock-times\" and \"response\"",
        |payer, item| {
            let words = strings(item)?;
            let known = words.iter().filter_map(|word| Requirement::of_word(word));
            payer.requires = known.collect();
            (payer.requires.len() == words.len()).then_some(())
        },
    ),
    key("medicare", YES_OR_NO, |payer, item| {
        item.as_bool().map(|is| payer.medicare = is)
    }),
    key("in-medicares-place", YES_OR_NO, |payer, item| {
        item.as_bool().map(|is| payer.in_medicares_place = is)
    }),
    key("patient-pays", YES_OR_NO, |payer, item| {
        item.as_bool().map(|pays| payer.patient_pays = pays)
    }),
    key(
        "plan-modifier",
        "\"none\", \"warning\" or \"error\"",
        |payer, item| {
            let words = [
                ("none", None),
                ("warning", Some(Level::Warning)),
                ("error", Some(Level::Error)),
            ];
            one_of(item, &words).map(|level| payer.plan_modifier = level)
        },
    ),
    key("certified-plan", YES_OR_NO, |payer, item| {
        item.as_bool().map(|asks| payer.certified_plan = asks)
    }),
    key(
        "progress-report",
        "the number of \"visits\" that a report covers and, if it must come within so many, of \"months\", such as { visits = 6, months = 1 }",
        |payer, item| progress_report(item).map(|asked| payer.progress_report = Some(asked)),
    ),
    key(
        "timely-filing",
        "how many \"days\" or \"months\" after the visit a claim is taken, such as { months = 12 }",
        |payer, item| filing_limit(item).map(|limit| payer.timely_filing = Some(limit)),
    ),
    key(
        "profession",
        "\"massage\", \"therapy\" or \"chiropractic\"",
        |payer, item| {
            let words = [
                ("massage", Profession::Massage),
                ("therapy", Profession::Therapy),
                ("chiropractic", Profession::Chiropractic),
            ];
            one_of(item, &words).map(|profession| payer.profession = profession)
        },
    ),
    key("policy-of", TEXT, |payer, item| {
        item.as_str()
            .map(|who| payer.policy_of = Some(who.to_owned()))
    }),
    key("any-payer", YES_OR_NO, |payer, item| {
        item.as_bool().map(|any| payer.stands_for_any = any)
    }),
    key("whole-name", YES_OR_NO, |payer, item| {
        let naming = |whole| {
            if whole {
                Naming::Alone
            } else {
                Naming::AmongWords
            }
        };
        item.as_bool().map(|whole| payer.naming = naming(whole))
    }),
    key("source", TEXT, |payer, item| {
        item.as_str()
            .map(|source| source.clone_into(&mut payer.source))
    }),
    key("date", TEXT, |payer, item| {
        item.as_str().map(|date| payer.date = Some(date.to_owned()))
    }),
];

const fn key(
    name: &'static str,
    takes: &'static str,
    set: fn(&mut Payer, &Item) -> Option<()>,
) -> Key {
    Key { name, takes, set }
}

fn one_of<T: Copy>(item: &Item, words: &[(&str, T)]) -> Option<T> {
    let named = item.as_str()?;
    let (_, meant) = words.iter().find(|(word, _)| *word == named)?;
    Some(*meant)
}

fn progress_report(item: &Item) -> Option<ProgressReport> {
    let table = item.as_table_like()?;
    let number = |key: &str| {
        let number = u8::try_from(table.get(key)?.as_integer()?).ok();
        number.filter(|number| *number > 0)
    };
    let months = number("months");
    let known = 1 + usize::from(months.is_some());
    let asked = ProgressReport {
        visits: number("visits")?,
        months,
    };
    (table.len() == known).then_some(asked)
}

fn filing_limit(item: &Item) -> Option<FilingLimit> {
    let mut entries = item.as_table_like()?.iter();
    let (unit, count) = entries.next()?;
    let count = u16::try_from(count.as_integer()?).ok()?;
    if count == 0 || entries.next().is_some() {
        return None;
    }
    match unit {
        "days" => Some(FilingLimit::Days(count)),
        "months" => Some(FilingLimit::Months(count)),
        _ => None,
    }
}

fn strings(item: &Item) -> Option<Vec<String>> {
    item.as_array()?
        .iter()
        .map(|v| v.as_str().map(str::to_owned))
        .collect()
}
