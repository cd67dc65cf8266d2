use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Captures;

use super::letterhead::letterhead;
use super::others_numbers::{Lines, stands_alone};
use super::sections::{line_at, line_start, rest_of_line};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, date};
use crate::pattern::{Pattern, Set, pattern};
use crate::policy::Level;
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "patient-identifier",
    group: Group::Privacy,
    level: Level::Warning,
    source: "45 CFR §164.502(b), minimum necessary; §164.514(b)(2), identifiers",
    page: page!("patient-identifier"),
    check: Check::Visit(check),
};

// The number's parts are groups, so that impossible ones can be recognized.
pattern!(SSN, r"(\d{3})-(\d{2})-(\d{4})");
pattern!(
    NAMED_SSN,
    r"(?i)\b(?:ssn|ss#|ss no\.?|soc(?:ial)?\.? sec(?:urity)?)(?: ?(?:number|no\.?|#))?[ \t:#]{1,4}(\d{3}[- ]?\d{2}[- ]?\d{4})"
);
pattern!(
    PHONE,
    r"(?:\+?1[-. ])?(?:\((\d{3})\)[ ]?|(\d{3})[-.])(\d{3})[-.](\d{4})"
);
pattern!(
    NAMED_PHONE,
    r"(?i)\b(?:phone|telephone|tel|cell|mobile|ph|contact)\b\.?(?: ?(?:number|no\.?|#))?(?: is)?[ \t:#]{1,4}(\(?[2-9]\d{2}\)?[-. ]?\d{3}[-. ]?\d{4}|[2-9]\d{2}[-.]\d{4})"
);
pattern!(
    EMAIL,
    r"[A-Za-z][A-Za-z0-9._%+-]*@[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
);
// `1420 N Maple Street`, `15 10th Ave.`; `Dr` only where no doctor's name follows.
pattern!(
    STREET,
    r"\d{1,6}[A-Za-z]? (?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.? )?(?:[A-Z][A-Za-z'’]{2,} ){0,2}(?:[A-Z][A-Za-z'’]{2,}|\d{1,3}(?:st|nd|rd|th)) (?:Street|STREET|St|Avenue|AVENUE|Ave|AVE|Road|ROAD|Rd|RD|Boulevard|Blvd|BLVD|Lane|LANE|Ln|LN|Drive|DRIVE|Dr|Court|Ct|Place|Pl|Way|Terrace|Circle|Cir|Highway|Hwy|Parkway|Pkwy)\b\.?"
);
pattern!(PO_BOX, r"(?i)\bp\.? ?o\.? box \d+");
pattern!(
    BORN,
    r"(?i)\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|birthday(?: ?(?::|is))|born)(?:\b|[ \t])(?: ?(?:is|on|was|:|=|-|\())*[ \t]*"
);
pattern!(
    NUMERIC_DATE,
    r"^(?:\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2} (?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{4})\b"
);

/// No date is longer.
const LONGEST_DATE: usize = 64;

/// Kinds of identifiers, as the message names them.
const SSN_NAME: &str = "a social security number";
const PHONE_NAME: &str = "a telephone number";
const EMAIL_NAME: &str = "an e-mail address";
const ADDRESS_NAME: &str = "a street address";
const BIRTH_NAME: &str = "a full date of birth";

/// Whoever treats, pays or refers may be reached: theirs are no patient's identifiers.
const EXEMPT: [FieldKind; 7] = [
    FieldKind::Provider,
    FieldKind::Signed,
    FieldKind::Payer,
    FieldKind::Referral,
    FieldKind::Authorization,
    FieldKind::PlanOfCare,
    FieldKind::Waive,
];

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let is_exempt = |at: usize| {
        let mut fields = case.visit.fields.iter();
        fields.any(|f| EXEMPT.contains(&f.kind) && f.span.range().contains(&at))
    };
    // Most notes ask for it nowhere.
    let letterhead = LazyCell::new(|| letterhead(case));
    for (range, what) in identifiers(case.text) {
        // How to reach the clinic stands at the head of the note, or of each page.
        let reaches = matches!(what, PHONE_NAME | EMAIL_NAME | ADDRESS_NAME);
        let words = &case.text[range.clone()];
        if reaches && letterhead.iter().any(|line| line.contains(words)) {
            continue;
        }
        let start = line_start(case.text, range.start);
        let comment = line_at(case.text, start).trim_start().starts_with("//");
        let span = Span::from(range);
        let typed = case.is_open_at(span);
        if typed || comment || is_exempt(start) {
            continue;
        }
        let message = format!(
            "This looks like {what}. A note goes to payers and reviewers, who need no more than a record number to identify the patient; keep it in the registration record instead."
        );
        let draft = Draft::new(span, message).fix("Take it out", span, "(on file)");
        found.push(draft.preferred());
    }
}

/// A kind of identifier: the pattern that it is looked for by, what picks the patient's own out of a hit, and
/// its name in the message.
type Kind = (
    &'static Pattern,
    fn(&Lines<'_>, &Captures<'_>) -> Option<Range<usize>>,
    &'static str,
);

/// The kinds of identifiers, the surest first.
static KINDS: [Kind; 8] = [
    (&NAMED_SSN, named_ssn, SSN_NAME),
    (&SSN, ssn, SSN_NAME),
    (&BORN, birth_date, BIRTH_NAME),
    (&EMAIL, email, EMAIL_NAME),
    (&PHONE, phone, PHONE_NAME),
    (&NAMED_PHONE, named_phone, PHONE_NAME),
    (&STREET, street, ADDRESS_NAME),
    (&PO_BOX, po_box, ADDRESS_NAME),
];

/// All of their patterns at once: most texts hold none of them, which one search tells.
static ANY: LazyLock<Set> =
    LazyLock::new(|| Set::new(KINDS.iter().map(|(pattern, ..)| pattern.as_str())));

/// The identifiers of a text, in order, none inside another. None goes on in another line.
fn identifiers(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let lines = Lines::new(text);
    // By their starts: whichever one meets stands beside it.
    let mut found: BTreeMap<usize, (usize, &'static str)> = BTreeMap::new();
    for (pattern, pick, name) in ANY.held(text).into_iter().map(|index| KINDS[index]) {
        for range in pattern
            .captures_iter(text)
            .filter_map(|hit| pick(&lines, &hit))
        {
            let mut before = found.range(..range.end);
            if before
                .next_back()
                .is_none_or(|(_, (end, _))| *end <= range.start)
            {
                found.insert(range.start, (range.end, name));
            }
        }
    }
    let found = found.into_iter();
    found
        .map(|(start, (end, name))| (start..end, name))
        .collect()
}

fn named_ssn(lines: &Lines<'_>, hit: &Captures<'_>) -> Option<Range<usize>> {
    let number = hit.get(1)?.range();
    stands_alone(lines.text, number.clone()).then_some(number)
}

fn ssn(lines: &Lines<'_>, hit: &Captures<'_>) -> Option<Range<usize>> {
    let number = hit.get(0)?.range();
    let is_given_out = !matches!(&hit[1], "000" | "666")
        && !hit[1].starts_with('9')
        && &hit[2] != "00"
        && &hit[3] != "0000";
    let alone = is_given_out && stands_alone(lines.text, number.clone());
    (alone && !lines.is_reference(number.start)).then_some(number)
}

fn email(lines: &Lines<'_>, hit: &Captures<'_>) -> Option<Range<usize>> {
    let address = hit.get(0)?.range();
    (!lines.is_others_until(address.start)).then_some(address)
}

fn phone(lines: &Lines<'_>, hit: &Captures<'_>) -> Option<Range<usize>> {
    let number = hit.get(0)?.range();
    let may_be_called = is_area(hit.get(1).or(hit.get(2))?.as_str())
        && hit[3].starts_with(|c| ('2'..='9').contains(&c));
    let alone = may_be_called && stands_alone(lines.text, number.clone());
    (alone && !lines.is_reference(number.start) && !lines.is_others(number.start)).then_some(number)
}

fn named_phone(lines: &Lines<'_>, hit: &Captures<'_>) -> Option<Range<usize>> {
    let number = hit.get(1)?.range();
    (stands_alone(lines.text, number.clone()) && !lines.is_others(number.start)).then_some(number)
}

fn street(lines: &Lines<'_>, hit: &Captures<'_>) -> Option<Range<usize>> {
    let street = hit.get(0)?.range();
    (is_street(lines.text, street.clone()) && lines.is_home(street.start)).then_some(street)
}

fn po_box(lines: &Lines<'_>, hit: &Captures<'_>) -> Option<Range<usize>> {
    let number = hit.get(0)?.range();
    lines.is_home(number.start).then_some(number)
}

/// An area code that a person's telephone may have: no toll-free or service number.
fn is_area(area: &str) -> bool {
    let is_service = ["800", "833", "844", "855", "866", "877", "888", "900"].contains(&area);
    area.starts_with(|c| ('2'..='9').contains(&c)) && !is_service
}

fn is_street(text: &str, range: Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let alone = !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | ':'));
    let words = text[range.clone()].trim_end_matches('.');
    let rest = rest_of_line(text, range.end).trim_start();
    // `3 Visits Dr. Okafor`, `2 Times St. Mary`: a name follows, and the word is a title.
    let title = (words.ends_with(" Dr") || words.ends_with(" St"))
        && rest.starts_with(char::is_uppercase)
        && !["Apt", "Unit", "Suite"]
            .iter()
            .any(|part| rest.starts_with(part));
    // `a 30 Minute Drive home`: what goes on in small letters is a sentence.
    let common = ["Way", "Place", "Pl", "Drive", "Court", "Circle", "Lane"];
    let sentence =
        common.iter().any(|word| words.ends_with(word)) && rest.starts_with(char::is_lowercase);
    alone && !title && !sentence
}

/// The full date after a word that says that it is of a birth.
fn birth_date(lines: &Lines<'_>, hit: &Captures<'_>) -> Option<Range<usize>> {
    let word = hit.get(0)?;
    let rest = rest_of_line(lines.text, word.end());
    let rest = &rest[..rest.floor_char_boundary(LONGEST_DATE)];
    let written = date::find_in(rest, 0).first().map(|d| d.span.range());
    let numeric = || NUMERIC_DATE.find(rest).map(|m| m.range());
    let range = written.filter(|r| r.start == 0).or_else(numeric)?;
    (!lines.is_childs(word.start())).then(|| word.end() + range.start..word.end() + range.end)
}
