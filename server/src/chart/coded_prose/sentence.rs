//! A sentence with codes: which of its words speak of which code, and whether they say that it was done.

use std::collections::HashSet;

use memchr::memrchr2;

use super::charges::is_wrapped;
use super::codes::{codes, last_of};
use super::{UnreadCode, has_time, is_list, line_end};
use crate::chart::block_line::{self, BlockLine};
use crate::chart::field::FieldKind;
use crate::chart::{Modality, SectionKind, Visit, credential, passing, time};
use crate::length::Length;
use crate::pattern::{pattern, words};
use crate::reference::procedures;
use crate::text::Span;

// `[ ] 97161 Evaluation`: a box that is not ticked.
words!(
    BOX,
    r"(?i)(?:\[[ \t_]*\]|\([ \t_]*\)|☐|^[ \t]*_{2,})\s*(?:(?:cpt|code)[ \t:]*)?$"
);
words!(
    /// A box that is ticked says that it was done, with or without minutes.
    TICKED,
    r"(?i)(?:\[[ \t]*[x✓✔][ \t]*\]|^[ \t]*_+[x✓✔]_+|\([ \t]*[x✓✔][ \t]*\)|[☑☒✓✔])\s*(?:(?:cpt|code)[ \t:]*)?$"
);
pattern!(
    /// Where what is said of a block ends and what is added to it begins: `25 min, will add bands next visit`.
    CLAUSE_END,
    r"(?i)[,;:]|\.\s+(?-i:[A-Z])|\s[-–—]\s|\((?:pt|patient|client|he|she)\b|\b(?:with|when|while|then|after|to|instead of|rather than|in place of)\b"
);
words!(GOES_WITH, r"(?i)^[\s,;]*\(|^\W*(?:and|or|nor|as|with)\b");
/// What goes on to something that was done.
const AND_DID: &str = "then|followed by|and (?:then|also )?(?:did|was|were|performed|completed|received|given|had|got|tolerated|shown|initiated|ran)";

pattern!(
    /// What parts the clause of a code from what is said before it.
    CLAUSE,
    &format!(r"(?i)[,;]|[ ][-–—][ ]|\b(?:but|so|instead|agreed to|{AND_DID})\b")
);
words!(
    /// A clause that turns from what was said before.
    TURN,
    r"(?i)\b(?:but|so|instead|agreed to)(?: (?:then|also))?(?: (?:did|had|got|gave|performed|received|tolerated|completed|was|were|given))?$"
);
words!(THEN, &format!(r"(?i)\b(?:{AND_DID})$"));
words!(TODAY, r"(?i)\btoday\b");
// What a plan says of today, whatever it says of other days: `Today: 97124 45 min` above `Next visit: …`.
words!(
    GIVEN_TODAY,
    r"(?i)\btoday\b|\bthis (?:visit|session)\b|\bperformed\b"
);
words!(JOINS, r"(?i)^\W*(?:and\b|&)");
words!(
/// How often something is to be done.
    OFTEN,
    r"(?i)\d ?x ?(?:/|per\b|a\b|each\b|w(?:ee)?ks?\b)|/ ?w(?:ee)?k|\b(?:daily|per|each|every)\b"
);
words!(
/// What a plan says: it speaks of days to come.
    PLANNED,
    r"(?i)\b(?:will|next|planned|plans? to|from (?:next|jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*|in (?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*|if|add|progress\w*|continue|begin|start|weeks?|weekly|visits|hep|home|x/w(?:ee)?k|until|times)\b"
);
// What a plan says of treatment that was given all the same.
words!(
    pub(super) DONE,
    r"(?i)\b(?:(?:was|were) (?:also )?(?:done|given|performed|delivered|provided|applied|used)|received|ran|took|billed)\b"
);
words!(
    DONE_TODAY,
    r"(?i)\b(?:was|were) (?:then )?(?:done|given|performed|provided|completed|resumed) (?:today|this (?:visit|session))\b"
);
// `97110/97112`, `97110 and 97112`
words!(TOGETHER, r"(?i)^\??[ \t]*(?:/|\+|&|and\b|,|-)[ \t]*$");

/// What stands before the time of the whole visit: `Total treatment time`.
const TOTAL: &str = r"total(?:[ \t]+(?:treatment|tx|session|visit|therapy|timed|direct|skilled|time|minutes?|mins?)\b)*(?:[ \t]+(?:was|is|of))?[ \t]*[:=]?[ \t]*";

pattern!(TOTAL_BEFORE, &format!(r"(?i)^[^\d:;]*?\b{TOTAL}"));
// `97110 23, 97140 15`
words!(BARE_FIGURE, r"^\)?[ \t]*[:=–-]?[ \t]*\d{1,3}\b");
// `38 min total - 97110 23 min`
pattern!(
    TOTAL_NAMED_BEHIND,
    r"(?i)^\W*\d+(?:\.5)?[ ]?(?:'|’|m|mins?|minutes?)?\.?[ ](?:(?:timed|tx|treatment)[ ])?total\b"
);
pattern!(
    TOTAL_BEHIND,
    &format!(r"(?i)[,;.(–—-]*[ \t]*(?:(?:for[ \t]+)?a[ \t]+)?\b{TOTAL}\d[^,;.]*[.;)]*\s*$")
);

/// How many bytes before a code may speak of it, so that a line of thousands takes no longer for each of them.
const NEAR: usize = 600;

/// How many bytes before a code may say whether it was given.
const MOST_BEFORE: usize = 2_000;

/// The codes that share a line with the first one and follow it directly.
pub fn together(text: &str, first: Span, line_end: usize) -> Vec<Span> {
    let mut end = first.end;
    let mut all = Vec::new();
    for code in codes(text, Span::new(first.end, line_end)) {
        if !TOGETHER.is_match(&text[end..code.start]) {
            break;
        }
        end = code.end;
        all.push(code);
    }
    all
}

/// What a block's line says of further codes: `97112 15 min, 97530 10 min`.
#[derive(Default)]
pub struct Further {
    /// Whether what is said of the further codes may be said of the first one, too: `97112 10 min and 97116 10 min refused`.
    pub is_doubtful: bool,
    pub blocks: Vec<Modality>,
    pub unread: Vec<UnreadCode>,
    /// Where the words of the first of these blocks begin.
    pub start: Option<usize>,
}

/// The codes on the line of a block that do not share what it says.
pub fn further(text: &str, first: Span, line: Span) -> Further {
    let sentence = Sentence {
        text,
        section: None,
        span: line,
    };
    let mut further = Further::default();
    let behind = codes(text, Span::new(first.end, line.end));
    if behind.is_empty() {
        return further;
    }
    let all: Vec<Span> = [first].into_iter().chain(behind).collect();
    let own = Sentence {
        span: sentence.without_totals(&all),
        ..sentence
    };
    let parts = own.parts(&all);
    let standings = own.standings(&parts);
    further.is_doubtful = standings.first() == Some(&Standing::Doubtful);
    let is_timed = parts.first().is_some_and(|own| has_time(&own.said));
    for (part, standing) in parts.into_iter().zip(standings).skip(1) {
        let Part {
            span: part,
            first: code,
            codes,
            said,
            ..
        } = part;
        let is_negated = passing::is_negated(last_of(text, line.start, code.start, NEAR));
        if is_negated || standing != Standing::Given {
            let is_doubtful = !is_negated && standing == Standing::Doubtful;
            if is_doubtful {
                let codes = codes.iter().map(|code| sentence.unread(*code, part));
                further.unread.extend(codes);
            }
            // Of a block that has its own time the words of another code say nothing.
            if is_doubtful || is_timed {
                further.start = further.start.or(Some(part.start));
            }
            continue;
        }
        let has_time = has_time(&said);
        let whole = block(text, code, part, said.clone());
        for &code in &codes {
            if !has_time
                && said.claimed.is_none()
                && said.figure.is_none()
                && said.modifiers.is_empty()
            {
                further.unread.push(sentence.unread(code, part));
                continue;
            }
            let mut block = whole.of_code(text, code);
            if codes.len() > 1 && has_time {
                block.share_time();
            }
            further.start = further.start.or(Some(part.start));
            further.blocks.push(block);
        }
    }
    further
}

/// The blocks in sentences, and the places of the codes of those that a list of charges names.
#[derive(Default)]
pub(super) struct Found {
    pub(super) blocks: Vec<Modality>,
    /// Codes that a plan names without saying when: `P: 98940`.
    pub(super) in_plan: Vec<UnreadCode>,
    charges: HashSet<Span>,
}

/// Whether what is told was given at this visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Given,
    /// Words before it speak of something in passing; whether of it, nobody knows.
    Doubtful,
    InPassing,
}

/// A part of a sentence with a code, or with several that share what it says.
struct Part {
    span: Span,
    first: Span,
    last: Span,
    codes: Vec<Span>,
    said: BlockLine,
}

pub(super) struct Sentence<'a> {
    pub(super) text: &'a str,
    pub(super) section: Option<SectionKind>,
    pub(super) span: Span,
}

impl Sentence<'_> {
    fn str(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// What stands behind a place on its line: `97150 Group 0` says nothing of the line below it.
    fn rest_of_line(&self, at: usize) -> &str {
        let rest = &self.text[at..self.span.end];
        &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())]
    }

    /// Reads the blocks of the sentence; those of the visit have lines of their own.
    pub(super) fn read(&self, visit: &mut Visit, found: &mut Found, unread: &mut Vec<UnreadCode>) {
        let codes = codes(self.text, self.span);
        if codes.is_empty() {
            return;
        }
        if self.is_aside(&codes, visit) {
            return;
        }
        let words = self.str(self.span);
        let is_list = is_list(words);
        let parts = self.own_parts(&codes);
        // What a patient says or a clinician plans is no treatment, whatever is said of it.
        let is_opinion = self
            .section
            .is_some_and(|section| !section.is_of_treatment());
        let standings = self.standings(&parts);
        for (part, standing) in parts.into_iter().zip(standings) {
            match standing {
                Standing::Given if !is_opinion && self.is_by_another(&part, visit) => {
                    unread.extend(part.codes.iter().map(|code| self.unread(*code, part.span)));
                }
                Standing::Given => self.read_part(part, is_list, visit, found, unread),
                Standing::Doubtful if self.section == Some(SectionKind::Plan) => {
                    self.read_part(part, is_list, visit, found, unread);
                }
                Standing::Doubtful if is_opinion => {}
                Standing::Doubtful => {
                    unread.extend(part.codes.iter().map(|code| self.unread(*code, part.span)));
                }
                Standing::InPassing => {}
            }
        }
    }

    /// Whether the words before a code on its line say that somebody else treated than who wrote the note.
    fn is_by_another(&self, part: &Part, visit: &Visit) -> bool {
        let before = self.str(Span::new(self.span.start, part.first.start));
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        credential::treated_by(&before[line..]).is_some_and(|_| {
            let own = [FieldKind::Signed, FieldKind::Provider];
            let own = own.map(|kind| visit.credentials(self.text, kind));
            credential::is_by_another(&before[line..], &own.concat())
        })
    }

    /// The parts of the sentence without the time of all.
    fn own_parts(&self, codes: &[Span]) -> Vec<Part> {
        let own = Sentence {
            span: self.without_totals(codes),
            ..*self
        };
        own.parts(codes)
    }

    /// Whether the sentence tells of what was before, or takes back the only code that it names.
    fn is_aside(&self, codes: &[Span], visit: &Visit) -> bool {
        passing::is_history(self.line_before())
            || passing::is_only_when(self.before_clause(codes[0]))
            || codes.len() == 1
                && (passing::takes_back(self.str(self.span))
                    || passing::takes_back(&self.text[codes[0].end..self.span.end])
                    || passing::takes_back(self.rest_of_line(codes[0].end)))
            || self.is_of_another_day(visit)
    }

    /// Asks for the codes that the words about a block name with a time of their own.
    pub(super) fn ask(&self, visit: &Visit, unread: &mut Vec<UnreadCode>) {
        let codes = codes(self.text, self.span);
        if codes.is_empty()
            || self.is_aside(&codes, visit)
            || passing::tells_apart(self.str(self.span))
        {
            return;
        }
        let parts = self.own_parts(&codes);
        let standings = self.standings(&parts);
        for (part, standing) in parts.into_iter().zip(standings) {
            if standing != Standing::InPassing && has_time(&part.said) && !is_nothing(&part.said) {
                unread.extend(part.codes.iter().map(|code| self.unread(*code, part.span)));
            }
        }
    }

    /// Reads the blocks of a part of the sentence.
    fn read_part(
        &self,
        part: Part,
        is_list: bool,
        visit: &mut Visit,
        found: &mut Found,
        unread: &mut Vec<UnreadCode>,
    ) {
        let Part {
            span: part,
            first,
            last,
            codes,
            mut said,
        } = part;
        let before = last_of(self.text, self.span.start, first.start, NEAR);
        if passing::is_negated(before) || BOX.is_match(before) {
            return;
        }
        // What stands on the lines below are the parts of what stands on the code's own.
        let break_at = self.text[last.end..part.end].find(['\n', '\r']);
        if said.ambiguous
            && let Some(at) = break_at
        {
            let line = Span::new(part.start, last.end + at);
            let own = block_line::read(self.text, last, line);
            if has_time(&own) && !own.ambiguous {
                said = own;
            }
        }
        // Record systems print what was not done with no minutes.
        if is_nothing(&said) {
            return;
        }
        let has_time = has_time(&said);
        let is_billed =
            has_time || said.claimed.is_some() || said.figure.is_some() || TICKED.is_match(before);
        match self.section {
            // With minutes it may be the treatment, told in the wrong place.
            Some(SectionKind::Subjective | SectionKind::Assessment) if !is_list => {
                if has_time && !passing::is_of_need(self.str(self.span)) {
                    unread.extend(codes.iter().map(|code| self.unread(*code, part)));
                }
                return;
            }
            Some(SectionKind::Plan) if !is_list => {
                let codes = codes.iter().map(|code| self.unread(*code, part));
                let is_of_today = is_billed
                    && GIVEN_TODAY.is_match(self.str(part))
                    && !passing::is_in_passing(self.str(part));
                if PLANNED.is_match(self.str(self.span)) && !is_of_today {
                    // It is for another day.
                } else if is_billed || DONE.is_match(self.str(self.span)) {
                    unread.extend(codes);
                } else if !OFTEN.is_match(self.str(self.span)) {
                    found.in_plan.extend(codes);
                }
                return;
            }
            _ => {}
        }
        let whole = block(self.text, first, part, said.clone());
        for &code in &codes {
            let name = self.str(code).to_ascii_uppercase();
            let own = visit.modalities.iter_mut().filter(|m| m.code == name);
            let own: Vec<&mut Modality> = own.collect();
            let mut block = whole.of_code(self.text, code);
            if codes.len() > 1 && has_time {
                block.share_time();
            }
            // A list that stands above says the same again.
            let may_be_again = is_list || !found.charges.is_empty();
            let before = if may_be_again {
                &mut found.blocks[..]
            } else {
                &mut []
            };
            let charged = before.iter_mut().find(|m| {
                let is_same = || m.says_no_time() || m.minutes() == block.minutes();
                m.code == name && (is_list || found.charges.contains(&m.code_span) && is_same())
            });
            if !own.is_empty() {
                if codes.len() == 1 {
                    self.tell(own, &said, part, is_list);
                }
            } else if let Some(charged) = charged {
                self.tell(vec![charged], &said, part, is_list);
            } else if !is_billed
                && said.modifiers.is_empty()
                && !(is_list && self.is_charge(code, part))
            {
                unread.push(self.unread(code, part));
            } else {
                if is_list {
                    found.charges.insert(code);
                }
                found.blocks.push(block);
            }
        }
    }

    /// The sentence without the time of the whole visit, where its codes have their own: `Total treatment time 40 min: 97110
    /// 25 min, 97140 15 min`.
    fn without_totals(&self, codes: &[Span]) -> Span {
        let mut own = self.span;
        let (Some(first), Some(last)) = (codes.first(), codes.last()) else {
            return own;
        };
        let (before, behind) = (
            Span::new(own.start, first.start),
            Span::new(last.end, own.end),
        );
        if codes.len() == 1 {
            return own;
        }
        let first_has_time = || {
            let behind_first = self.str(Span::new(first.end, own.end));
            BARE_FIGURE.is_match(behind_first) || !time::durations(behind_first, 0).is_empty()
        };
        if let Some(label) = TOTAL_BEFORE.find(self.str(before))
            && let start = own.start + label.end()
            && let [total, ..] = time::durations(&self.text[start..before.end], start)[..]
            && total.span.start == start
            && first_has_time()
        {
            own.start = total.span.end;
        } else if let Some(total) = TOTAL_NAMED_BEHIND.find(self.str(before))
            && first_has_time()
        {
            own.start += total.end();
        }
        if let Some(found) = TOTAL_BEHIND.find(self.str(behind))
            && let [total] = time::durations(found.as_str(), 0)[..]
        {
            let short = Span::new(own.start, behind.start + found.start());
            let parts = Sentence {
                span: short,
                ..*self
            }
            .parts(codes)
            .into_iter();
            let given = parts.flat_map(|part| part.said.durations);
            let minutes = given.map(|own| own.minutes);
            if minutes.sum::<Length>() == total.minutes {
                own = short;
            }
        }
        own
    }

    /// Whether what each part tells of was given. What is said behind a part says nothing of it: `97110 20 min, declined 97035`;
    /// what is said before it need not be said of it: `Declined ice, gait (97116) 12 min`. Of `Recommended 97110 25 min, 97140
    /// 15 min` the second one goes on with the first.
    fn standings(&self, parts: &[Part]) -> Vec<Standing> {
        let sentences = super::sentences(self.text, self.span);
        let mut all: Vec<Standing> = Vec::new();
        let mut first = Span::default();
        let mut goes_on = false;
        for (at, part) in parts.iter().enumerate() {
            let own = sentences.partition_point(|s| s.start <= part.first.start);
            let start = own
                .checked_sub(1)
                .map_or(self.span.start, |own| sentences[own].start);
            let is_first = at == 0 || parts[at - 1].first.start < start;
            if is_first {
                (first, goes_on) = (part.first, false);
            }
            let near = part.first.start.saturating_sub(MOST_BEFORE);
            let start = self.text.ceil_char_boundary(start.max(near));
            let own = Sentence {
                span: Span::new(start, self.span.end),
                ..*self
            };
            let mut standing = own.standing(part, first, is_first, goes_on);
            let has_time = has_time(&part.said) && !is_nothing(&part.said);
            // `Declined warm-up, leaving 97110 12 min and 97140 11 min`
            let is_joined = !is_first && JOINS.is_match(own.str(part.span));
            if standing == Standing::InPassing
                && has_time
                && is_joined
                && all.last() == Some(&Standing::Doubtful)
                && !passing::is_in_passing(own.str(part.span))
            {
                standing = Standing::Doubtful;
            }
            goes_on |= standing == Standing::InPassing && has_time;
            // `97112 10 min and 97116 10 min refused`
            if standing == Standing::InPassing
                && has_time
                && is_joined
                && let Some(before) = all.last_mut()
                && *before == Standing::Given
            {
                *before = Standing::Doubtful;
            }
            all.push(standing);
        }
        all
    }

    /// Whether what a part of the sentence tells of was given. `first` is the sentence's first code.
    fn standing(&self, part: &Part, first: Span, is_first: bool, goes_on: bool) -> Standing {
        let first = if first.start < self.span.start {
            part.first
        } else {
            first
        };
        // `97110 15 min, offered 97035 8 min, pt refused`; without `offered` nobody knows what was refused.
        if passing::is_refused_by_patient(self.str(part.span)) {
            let clause = Span::new(self.clause_start(part), part.first.start);
            return if passing::is_offered(self.str(clause)) {
                Standing::InPassing
            } else {
                Standing::Doubtful
            };
        }
        let told = self.without_additions(part, first);
        let is_in_passing = passing::is_in_passing(&told);
        // `Manual therapy 97140-GP 15 min $36.00`: a charge and its price.
        let is_priced = is_in_passing
            && self.names_treatment_only(first)
            && !passing::is_in_passing(&passing::without_prices(&told));
        let is_charge = has_time(&part.said) || !part.said.modifiers.is_empty();
        if is_priced && !is_charge {
            return Standing::Doubtful;
        }
        if !is_in_passing || is_priced {
            let end = self.text[part.span.end..self.span.end].find(". ");
            let end = end.map_or(self.span.end, |end| part.span.end + end);
            let sentence = self.str(Span::new(self.span.start, end));
            return if passing::is_refused(sentence) || passing::leaves_open(sentence) {
                Standing::Doubtful
            } else {
                Standing::Given
            };
        }
        let start = self.clause_start(part);
        let before = self.str(Span::new(self.span.start, start));
        let before = before.trim_end_matches([' ', '\t', '\r']);
        let is_passing = passing::is_in_passing(self.up_to_additions(part, start));
        let has_time = has_time(&part.said) && !is_nothing(&part.said);
        // `97112, deferred on Monday, was completed today for 15 min`
        let words = self.str(self.span);
        if has_time && (DONE_TODAY.is_match(words) || passing::is_cut_short(words)) {
            return Standing::Doubtful;
        }
        if is_passing || !has_time || is_first && passing::leads_in(before) {
            return Standing::InPassing;
        }
        // `will add 97116 and 97530 for 10 min` goes on with what was said, `and 97530 was given for 10 min` does not.
        let own = self.str(part.span);
        let is_new = DONE.is_match(own) || TODAY.is_match(own) || TURN.is_match(before);
        let words = self.str(Span::new(start, self.span.end));
        let is_apart =
            before.ends_with([',', ';', '\n', '-', '–', '—']) && !GOES_WITH.is_match(words);
        if is_new || !goes_on && (is_apart || THEN.is_match(before)) {
            Standing::Doubtful
        } else {
            Standing::InPassing
        }
    }

    /// Whether nothing but names of treatment stands before a code, and the code stands nowhere else: a list of prices names
    /// it more than once.
    fn names_treatment_only(&self, code: Span) -> bool {
        words!(
            OTHERS,
            r"(?i)\b(?:te|ta|mt|nmr|cmt|eval\w*|re-?eval\w*|pt|ot|slp|speech|tx|charges?|procedures?|chiro\w*|spinal|regions?|training|unattended|e-?stim|low|high|moderate|complexity)\b|[\d/.$-]+"
        );
        let before = self.str(Span::new(self.span.start, code.start));
        let unnamed = |word: &str| !block_line::is_bare(word) && !OTHERS.is_match(word);
        let without = block_line::without_techniques(before, |_| true);
        !without.split_whitespace().any(unnamed)
            && self.str(self.span).matches(self.str(code)).nth(1).is_none()
    }

    /// Where the clause of a part's first code begins: behind a comma or a `but`, or on a line of its own.
    fn clause_start(&self, part: &Part) -> usize {
        // A part may begin in the sentence before that of its code.
        let start = part.span.start.max(self.span.start);
        let start = start.min(part.first.start);
        let before = self.str(Span::new(start, part.first.start));
        let line = before.rfind(['\n', '\r']).map(|at| at + 1);
        let line = line.filter(|line| {
            let rest = self.str(Span::new(start + line, self.span.end));
            !is_wrapped(&before[..*line], rest)
        });
        let clause = CLAUSE.find_iter(before).last().map(|found| found.end());
        start + line.max(clause).unwrap_or_default()
    }

    /// Whether the entry of a list says all that a code needs that is not billed by time; `97161/97162` is a choice.
    fn is_charge(&self, code: Span, part: Span) -> bool {
        let procedure = procedures::find(&self.str(code).to_ascii_uppercase());
        procedure.is_some_and(|procedure| !procedure.timing.is_timed())
            && !self.str(part).contains('/')
    }

    /// Adds to the blocks of a code what a part of the sentence says of it. Entries of lists have no words of their own.
    fn tell(&self, mut blocks: Vec<&mut Modality>, said: &BlockLine, part: Span, is_list: bool) {
        if let [block] = blocks.as_mut_slice()
            && !is_list
            && !block.has_own_line
        {
            block.read_vocabulary(self.text, None, part);
        }
        join(blocks, said);
    }

    /// The sentence up to a part, without what is added behind its code and time, and without when that was what is told
    /// before the clause of the first code.
    fn without_additions(&self, part: &Part, first: Span) -> String {
        let before = self.before_clause(first);
        let told = passing::without_history(before);
        let clause = self.span.start + before.len();
        format!("{told}{}", self.up_to_additions(part, clause))
    }

    /// The words before the clause of a code.
    fn before_clause(&self, code: Span) -> &str {
        let before = self.str(Span::new(self.span.start, code.start));
        &before[..before.rfind(',').unwrap_or(0)]
    }

    /// The words from an offset to what is added behind a part's time.
    fn up_to_additions(&self, part: &Part, start: usize) -> &str {
        let clock = part.said.clock.iter().map(|range| range.span.end);
        let durations = part.said.durations.iter().map(|own| own.span.end);
        let Some(end) = clock.chain(durations).max() else {
            return self.str(Span::new(start, self.span.end));
        };
        // The point of `10 min.` may end the sentence as well.
        let end = end - usize::from(self.text[..end].ends_with('.'));
        let end = end.max(part.last.end);
        let behind = self.str(Span::new(end, part.span.end.max(end)));
        let clause = CLAUSE_END.find(behind).map_or(behind.len(), |f| f.start());
        self.str(Span::new(start, end + clause))
    }

    /// The words of the sentence's line up to its end; of one that is longer than any that is written, its last words.
    fn line_before(&self) -> &str {
        const LONGEST: usize = 4_000;
        let before = last_of(self.text, 0, self.span.start, LONGEST);
        let start = memrchr2(b'\n', b'\r', before.as_bytes()).map_or(0, |at| at + 1);
        let start = self.span.start - before.len() + start;
        &self.text[start..self.span.end]
    }

    /// `On 11/13 97124 25 min was done.`, `11/13/2026: 97124 25 min` at the visit of another day.
    fn is_of_another_day(&self, visit: &Visit) -> bool {
        let today = visit.day();
        today.is_some_and(|today| passing::is_of_another_day(self.str(self.span), today))
    }

    fn unread(&self, code: Span, words: Span) -> UnreadCode {
        let line_end = line_end(self.text, self.span.end);
        UnreadCode {
            code,
            words,
            line_end,
        }
    }

    /// The sentence divided so that each part has one code, or several that share what is said.
    fn parts(&self, codes: &[Span]) -> Vec<Part> {
        // A comma outside of brackets, or an `and`, parts what two codes say; without one they share it.
        let mut parts: Vec<(Span, Vec<Span>)> = Vec::new();
        let mut start = self.span.start;
        for (at, code) in codes.iter().enumerate() {
            let end = codes
                .get(at + 1)
                .map_or(self.span.end, |next| self.boundary(start, *code, *next));
            let shares = TOGETHER.is_match(
                &self.text[code.end..codes.get(at + 1).map_or(code.end, |next| next.start)],
            ) && at + 1 < codes.len();
            match parts.last_mut() {
                Some((part, of_part)) if part.end > code.start => {
                    of_part.push(*code);
                    part.end = if shares { self.span.end } else { end };
                }
                _ => parts.push((
                    Span::new(start, if shares { self.span.end } else { end }),
                    vec![*code],
                )),
            }
            start = end;
        }
        let between = [' ', '\t', '\n', '\r', ',', ';', '.'];
        let read = parts.into_iter().filter_map(|(part, codes)| {
            let words = self.str(part).trim_end_matches(between);
            let end = part.start + words.len();
            let words = words.trim_start_matches(between);
            let span = Span::new(end - words.len(), end);
            let (first, last) = (*codes.first()?, *codes.last()?);
            Some(Part {
                span,
                first,
                last,
                codes,
                said: block_line::read(self.text, last, span),
            })
        });
        read.collect()
    }

    /// Where what is said of one code ends and that of the next begins: the last comma or `and` outside of brackets
    /// between them, else the next code. Where the times stand before the codes, it is the first one.
    fn boundary(&self, start: usize, code: Span, next: Span) -> usize {
        // `(97110, GP) followed by 15 min of 97140`
        let behind = self.text[code.end..next.start].trim_start_matches([' ', ',', '-']);
        let from = if behind.starts_with(|c: char| c.is_ascii_uppercase() || c == '5') {
            block_line::behind_code(self.text, code, next.start).1
        } else {
            code.end
        };
        let between = self.str(Span::new(from, next.start));
        let mut depth = 0_i32;
        let mut marks = Vec::new();
        let mut bracket = None;
        for (at, character) in between.char_indices() {
            match character {
                '(' | '[' => depth += 1,
                ')' | ']' => {
                    depth -= 1;
                    bracket = bracket.or((depth < 0).then_some(at + 1));
                }
                // The bracket that holds the code itself is open at first.
                ',' | ';' | '\n' if depth <= 0 => marks.push(at),
                'a' if depth <= 0 && between[at..].starts_with("and ") => marks.push(at),
                _ => {}
            }
        }
        let has_time = |words: &str| !time::durations(words, 0).is_empty();
        // `(97110, GP) followed by 15 min of`: the bracket that holds the code parts them if nothing else does.
        let first = marks.first().copied().or(bracket);
        let last = marks.last().copied();
        let (Some(first), last) = (first, last.unwrap_or(between.len())) else {
            return next.start;
        };
        let is_before = has_time(self.str(Span::new(start, code.start)))
            && !has_time(&between[..first])
            && has_time(&between[first..]);
        from + if is_before { first } else { last }
    }
}

/// Whether no minutes and no units are given in figures: `97112 | 0 | 0`.
pub(super) fn is_nothing(said: &BlockLine) -> bool {
    said.clock.is_empty()
        && !said.durations.is_empty()
        && said.durations.iter().all(|d| d.minutes == 0)
        && said.claimed.is_none_or(|claim| claim.units == 0)
}

/// Adds to the blocks of a code what they lack.
pub(super) fn join(blocks: Vec<&mut Modality>, said: &BlockLine) {
    // Of several blocks of one code nobody knows which is meant.
    let Ok([block]) = <[&mut Modality; 1]>::try_from(blocks) else {
        return;
    };
    if block.says_no_time() {
        block.clock.clone_from(&said.clock);
        block.durations.clone_from(&said.durations);
        block.ambiguous_minutes = said.ambiguous;
    }
    block.claimed = block.claimed.or(said.claimed);
    if block.modifiers.is_empty() {
        block.modifiers.clone_from(&said.modifiers);
    }
}

/// A block within other words.
pub(super) fn block(text: &str, code: Span, words: Span, said: BlockLine) -> Modality {
    let line = Span::new(words.start.min(code.start), words.end.max(code.end));
    Modality::new(text, code, line, said)
}
