//! `patient-identifier`: see its page in `docs/rules/`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, RegexSet};

use super::sections::{line_at, line_start, rest_of_line};
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{FieldKind, date};
use crate::pattern::{Pattern, pattern, set};
use crate::policy::Level;
use crate::text::Span;

/// The rule.
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

// Numbers and addresses of others than the patient.
pattern!(
    OTHERS,
    r"(?i)\b(?:clinic|office|fax|faxed|(?-i:D[Rr]\.? [A-Z][A-Za-z]+)|doctor|physician|pcp|surgeon|provider|pharmacy|adjuster|attorney|lawyer|insurer|insurance|payer|carrier|claims?|employer|hospital|facility|imaging|referr(?:al|ed|ing)|gym|web ?site|therapist|lmt|front desk)\b"
);
// Where something happened is no address of the patient's.
pattern!(
    PLACE,
    r"(?i)\b(?:mvc|mva|accident|collision|crash|rear[- ]?ended|t-?boned|hit|fell|struck|injured|tripped)\b"
);
// Somebody else's birth: of a child after whose birth the patient is treated.
pattern!(
    CHILD,
    r"(?i)\b(?:baby|infant|newborn|child|son|daughter|twins?|grand\w+|delivery|delivered|she was|he was)\b"
);
// What makes a number in the shape of a telephone number another one.
pattern!(
    REFERENCE,
    r"(?i)(?:claim|auth\w*|policy|case|ref\w*|npi|tax|ein|order|invoice|account|acct|id|lot|serial|model|member|group|file|license|lic)\.?(?: ?(?:number|no\.?|#))?[ \t:#]*$"
);

/// Kinds of identifiers, as the message names them.
const SSN_NAME: &str = "a social security number";
const PHONE_NAME: &str = "a telephone number";
const EMAIL_NAME: &str = "an e-mail address";
const ADDRESS_NAME: &str = "a street address";
const BIRTH_NAME: &str = "a full date of birth";

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // Whoever treats, pays or refers may be reached: theirs are no patient's identifiers.
    let exempt: Vec<Span> = case
        .visit
        .fields
        .iter()
        .filter(|f| {
            matches!(
                f.kind,
                FieldKind::Provider
                    | FieldKind::Signed
                    | FieldKind::Payer
                    | FieldKind::Referral
                    | FieldKind::PlanOfCare
                    | FieldKind::Waive
            )
        })
        .map(|f| f.span)
        .collect();
    for (range, what) in identifiers(case.text) {
        let start = line_start(case.text, range.start);
        let comment = line_at(case.text, start).trim_start().starts_with("//");
        let span = Span::from(range);
        let typed = case.last && !case.visit.is_signed() && span.end >= case.visit.text_end;
        if typed || comment || exempt.iter().any(|s| s.start <= start && start < s.end) {
            continue;
        }
        found.push(
            Draft::new(
                span,
                format!(
                    "This looks like {what}. A note goes to payers and reviewers, who need no more than a record number to identify the patient; keep it in the registration record instead."
                ),
            )
            .fix("Take it out", span, "(on file)")
            .preferred(),
        );
    }
}

/// A kind of identifier: the pattern that it is looked for by, what picks those of the patient among the
/// hits, and its name in the message.
type Kind = (
    &'static Pattern,
    fn(&str) -> Vec<Range<usize>>,
    &'static str,
);

/// The kinds of identifiers, the surest first.
static KINDS: [Kind; 8] = [
    (&NAMED_SSN, named_ssns, SSN_NAME),
    (&SSN, ssns, SSN_NAME),
    (&BORN, birth_dates, BIRTH_NAME),
    (&EMAIL, emails, EMAIL_NAME),
    (&PHONE, phones, PHONE_NAME),
    (&NAMED_PHONE, named_phones, PHONE_NAME),
    (&STREET, streets, ADDRESS_NAME),
    (&PO_BOX, po_boxes, ADDRESS_NAME),
];

/// All of their patterns at once: most texts hold none of them, which one search tells.
static ANY: LazyLock<RegexSet> = LazyLock::new(|| set(KINDS.iter().map(|(pattern, ..)| *pattern)));

/// The identifiers of a text, in order, none inside another. None goes on in another line.
fn identifiers(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found: Vec<(Range<usize>, &'static str)> = Vec::new();
    for (_, find, name) in ANY.matches(text).iter().map(|index| KINDS[index]) {
        for range in find(text) {
            let mut known = found.iter();
            if known.all(|(old, _)| range.end <= old.start || old.end <= range.start) {
                found.push((range, name));
            }
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

fn named_ssns(text: &str) -> Vec<Range<usize>> {
    let hits = NAMED_SSN.captures_iter(text);
    let numbers = hits.filter_map(|hit| Some(hit.get(1)?.range()));
    numbers.filter(|n| stands_alone(text, n.clone())).collect()
}

fn ssns(text: &str) -> Vec<Range<usize>> {
    let is_given_out = |number: &Captures<'_>| {
        !matches!(&number[1], "000" | "666")
            && !number[1].starts_with('9')
            && &number[2] != "00"
            && &number[3] != "0000"
    };
    let hits = SSN.captures_iter(text).filter(is_given_out);
    let numbers = hits.filter_map(|hit| Some(hit.get(0)?.range()));
    let patients = |n: &Range<usize>| stands_alone(text, n.clone()) && !is_reference(text, n.start);
    numbers.filter(patients).collect()
}

fn emails(text: &str) -> Vec<Range<usize>> {
    let addresses = EMAIL.find_iter(text).map(|hit| hit.range());
    let patients = |a: &Range<usize>| !OTHERS.is_match(before_in_line(text, a.start));
    addresses.filter(patients).collect()
}

fn phones(text: &str) -> Vec<Range<usize>> {
    let may_be_called = |number: &Captures<'_>| {
        let area = number.get(1).or(number.get(2));
        area.is_some_and(|area| is_area(area.as_str()))
            && number[3].starts_with(|c| ('2'..='9').contains(&c))
    };
    let hits = PHONE.captures_iter(text).filter(may_be_called);
    let numbers = hits.filter_map(|hit| Some(hit.get(0)?.range()));
    let patients = |n: &Range<usize>| {
        stands_alone(text, n.clone()) && !is_reference(text, n.start) && !is_others(text, n.start)
    };
    numbers.filter(patients).collect()
}

fn named_phones(text: &str) -> Vec<Range<usize>> {
    let hits = NAMED_PHONE.captures_iter(text);
    let numbers = hits.filter_map(|hit| Some(hit.get(1)?.range()));
    let patients = |n: &Range<usize>| stands_alone(text, n.clone()) && !is_others(text, n.start);
    numbers.filter(patients).collect()
}

fn streets(text: &str) -> Vec<Range<usize>> {
    let hits = STREET.find_iter(text).map(|hit| hit.range());
    let streets = hits.filter(|street| is_street(text, street.clone()));
    streets.filter(|s| is_home(text, s.start)).collect()
}

fn po_boxes(text: &str) -> Vec<Range<usize>> {
    let boxes = PO_BOX.find_iter(text).map(|hit| hit.range());
    boxes.filter(|b| is_home(text, b.start)).collect()
}

/// Whether the line says that it is about somebody else than the patient.
fn is_others(text: &str, at: usize) -> bool {
    OTHERS.is_match(line_at(text, at))
}

/// Whether an address may be where the patient lives.
fn is_home(text: &str, at: usize) -> bool {
    !is_others(text, at) && !PLACE.is_match(line_at(text, at))
}

/// What stands before an offset in its line.
fn before_in_line(text: &str, at: usize) -> &str {
    &text[line_start(text, at)..at]
}

/// Whether no letter, figure or mark of a longer number touches it.
fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '_' | '#');
    let before = text[..range.start].chars().next_back();
    let mut rest = text[range.end..].chars();
    let (after, next) = (rest.next(), rest.next());
    let decimal = after == Some('.') && next.is_some_and(|c| c.is_ascii_digit());
    !before.is_some_and(|c| joins(c) || c == '.') && !after.is_some_and(joins) && !decimal
}

fn is_reference(text: &str, at: usize) -> bool {
    REFERENCE.is_match(before_in_line(text, at))
}

/// An area code that a person's telephone may have: no toll-free or service number.
fn is_area(area: &str) -> bool {
    area.starts_with(|c| ('2'..='9').contains(&c))
        && !matches!(
            area,
            "800" | "833" | "844" | "855" | "866" | "877" | "888" | "900"
        )
}

fn is_street(text: &str, range: Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let alone = !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | ':'));
    let words = text[range.clone()].trim_end_matches('.');
    let rest = rest_of_line(text, range.end).trim_start();
    // `3 Visits Dr. Okafor`, `2 Times St. Mary`: a name follows, and the word is a title.
    let title = (words.ends_with(" Dr") || words.ends_with(" St"))
        && rest.starts_with(char::is_uppercase)
        && !rest.starts_with("Apt")
        && !rest.starts_with("Unit")
        && !rest.starts_with("Suite");
    // `a 30 Minute Drive home`: what goes on in small letters is a sentence.
    let common = ["Way", "Place", "Pl", "Drive", "Court", "Circle", "Lane"];
    let sentence =
        common.iter().any(|word| words.ends_with(word)) && rest.starts_with(char::is_lowercase);
    alone && !title && !sentence
}

/// Full dates after a word that says that they are of a birth.
fn birth_dates(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for word in BORN.find_iter(text) {
        let rest = rest_of_line(text, word.end());
        let written = date::find_in(rest, 0).first().map(|d| d.span.range());
        let numeric = NUMERIC_DATE.find(rest).map(|m| m.range());
        let Some(range) = written.filter(|r| r.start == 0).or(numeric) else {
            continue;
        };
        if !CHILD.is_match(before_in_line(text, word.start())) {
            found.push(word.end() + range.start..word.end() + range.end);
        }
    }
    found
}
