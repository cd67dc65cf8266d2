//! Blocks whose code does not open the line: in sentences, in tables, several on a line, and the lines of units that say
//! what other blocks lack. What names a code and is none of these is kept as not read, so that it can be named.

use super::block_line::{self, BlockLine};
use super::field::FieldKind;
use super::table::Head;
use super::{Minutes, Modality, Prose, SectionKind, Visit, time};
use crate::pattern::pattern;
use crate::reference::procedures;
use crate::text::{Span, date};

/// A code that we know in prose that is no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadCode {
    pub code: Span,
    /// The words that speak of it.
    pub words: Span,
    /// Where a line for it can be put: the end of the last line of these words.
    pub line_end: usize,
}

// `97116_GP`: an underscore is no part of the code.
pattern!(CODE, r"(?i)\b(?P<code>\d{5}|[A-Z]\d{4})(?:\b|_)");
// `98101-4423`, `97110.5`, `EX-97110`: figures that go on are no codes.
pattern!(GOES_ON, r"^(?:[.-]?\d{3,}|\.\d|'|[ ]steps\b)");
// A sentence may end here, if what follows begins another.
pattern!(STOP, r"[.!?][)”]?\s+|;");
// `97124? 30 min`: the mark of a code that was proposed ends no sentence.
pattern!(PROPOSED, r"(?i)\b(?:\d{5}|[A-Z]\d{4})\?\s+\d");
// The lines of units and charges that record systems print beside the treatment.
pattern!(
    LIST,
    r"(?i)^\s*(?:units?|codes?|cpt(?: codes?)?|billing|billed|charges?|procedure codes?|timed codes?|service codes?)\b[^:]{0,20}:"
);
pattern!(BULLETED, r"^\s*(?:[-•*●▪◦‣·]|\d{1,2}[.)]|\[)");
// `[ ] 97161 Evaluation`: a box that is not ticked.
pattern!(BOX, r"(?i)\[[ \t_]*\]\s*(?:(?:cpt|code)[ \t:]*)?$");
pattern!(
    /// A box that is ticked says that it was done, with or without minutes.
    TICKED,
    r"(?i)(?:\[[ \t]*[x✓✔][ \t]*\]|[☑☒✓✔])\s*(?:(?:cpt|code)[ \t:]*)?$"
);

pattern!(
/// What follows a code that is spoken of in passing, or stands anywhere beside it: denied, planned, of another visit, not
/// done.
    PASSING,
    r"(?ix)
      \$\d | (?m:^)continue[ds]?\ (?:with\ )?\d{5} | \bcorrect(?:ed)?\ (?:\d{5}|.{0,12}\bclaim) | \blimits?\ \S+\ to\b
      | \bmax(?:imum)?\.?\ (?:of\ )?\d+\ units | \bunits?\ (?:left|remaining|used|available|per)\b
      | (?m:^)\W*\d{5}\ (?:is|=)\ [a-z] | \d{5}\ or\ \d{5} | \bno\ charge | \bcan(?:not|'t)\ be\b | \bcodes\ we\ use
      | \b(?: paid | bundled | eob | fees? | superbill | skipped | omitted | explain\w*\ (?:that|what|why) | (?:if|for)\ (?:commercial|medicare|medicaid) | either
        | (?:last|previous|prior|next|another|each|every)\ (?:month|visit|week|time|year|session|appointment)
        | not\ (?:billed|done|performed|provided|given|indicated|tolerated|used|needed|charged) | (?:was|were)\ not | wasn't | weren't
        | instead\ of | rather\ than | discuss\w* | declin\w* | refus\w* | deferred | withheld | put\ off | held\ (?:off|today|due)
        | left\ out | no\ longer | vs\.? | versus | billed\ (?:through|to\ date) | to\ date | so\ far | ago | remain\w* | authori[sz]\w*
        | approved | per\ (?:visit|week) | (?:will|would|may|might|could|should)\ (?:be\ )?(?:\w+\ )?(?:add|start|begin|try|continue|progress|need|see|trial|introduce|resume|added|started|billed|discuss)\w*
        | (?:is|are)\ to\ (?:begin|start|be) | to\ be\ (?:added|started|begun|billed) | plan(?:s|ned)?\ to | consider\w* | recommend\w* | if\ .{0,60}\ persists? | at\ re-?evaluation
        | when\ (?:the|he|she|pain|able) | progress\ to | trial\ of | question\w* | asked | ask )\b"
);
pattern!(
    /// The words of a payer that refused a code, wherever in the sentence they stand.
    REFUSED,
    r"(?i)\b(?:denied|denials?|rejected|unpaid|overpaid)\b"
);
pattern!(
    /// Where what is said of a block ends and what is added to it begins: `25 min, will add bands next visit`.
    CLAUSE_END,
    r"(?i)[,;:]|\s[-–—]\s|\b(?:with|when|while|then|after|to)\b"
);
pattern!(
    /// What stands before a number that is none of a procedure: `Invoice 97140`, `Portland, OR 97124`.
    OTHER_NUMBER,
    r"(?:\bOR|\bOregon|(?i:\b(?:invoice|account|acct|ticket|tel|telephone|phone|fax|ext|extension|room|policy|member|lot|zip|check|(?:claim|case|chart|auth\w*|reference|ref)[ \t]*(?:number|no\.?|num\.?|id|#))(?:[ \t]*(?:number|no\.?|num\.?|code|id))?))[ \t.:#]*$"
);
pattern!(
    ON_DAY,
    r"(?im)(?:^|\b(?:did|had|received|performed|done|given|billed)\b[^.;\n]{0,40}[ \t])on[ \t]+(?P<day>(?P<short>\d{1,2}/\d{1,2})\b.*)"
);
pattern!(
    NEGATED,
    r"(?i)\b(?:no|not|without|never|nor|neither|previously|formerly)\s+(?:[\w-]+\s+){0,3}$"
);
pattern!(
/// What a plan says: it speaks of days to come.
    PLANNED,
    r"(?i)\b(?:will|next|plan(?:s|ned)? to|add|progress\w*|continue|begin|start|weeks?|weekly|visits|hep|home|x/w(?:ee)?k|until|times)\b"
);
// What a plan says of treatment that was given all the same.
pattern!(
    DONE,
    r"(?i)\b(?:(?:was|were) (?:also )?(?:done|given|performed|delivered|provided|applied|used)|received|ran|billed)\b"
);
// `97110/97112`, `97110 and 97112`
pattern!(TOGETHER, r"(?i)^\??[ \t]*(?:/|\+|&|and\b|,|-)[ \t]*$");

/// Reads the prose of a visit.
pub fn read(text: &str, visit: &mut Visit) {
    minutes_below(text, visit);
    let mut found = Vec::new();
    let mut unread = std::mem::take(&mut visit.unread_codes);
    for paragraph in paragraphs(text, visit) {
        // Most name no code, and there is nothing to read.
        if !CODE.is_match(&text[paragraph.span.range()]) {
            continue;
        }
        let first_of_paragraph = found.len();
        for sentence in sentences(text, paragraph.span) {
            let reader = Sentence {
                text,
                section: paragraph.section,
                span: sentence,
            };
            reader.read(visit, &mut found, &mut unread);
            // `Manual therapy (97140) 15 min. Posterior glides, gr III.`: the block goes on.
            if let Some(block) = found[first_of_paragraph..].last_mut()
                && block.line.end < sentence.start
            {
                let is_placed = !block.regions.is_empty();
                block.read_vocabulary(text, is_placed.then_some(FieldKind::Technique), sentence);
            }
        }
    }
    visit.modalities.extend(found);
    visit
        .modalities
        .sort_by_key(|modality| modality.code_span.start);
    let billed: Vec<&str> = visit.modalities.iter().map(|m| m.code.as_str()).collect();
    unread.retain(|unread: &UnreadCode| {
        let code = text[unread.code.range()].to_ascii_uppercase();
        !billed.contains(&code.as_str())
    });
    visit.unread_codes = unread;
}

/// A time that is alone on the line below a block without one is the block's, at any indentation.
fn minutes_below(text: &str, visit: &mut Visit) {
    for block in &mut visit.modalities {
        if block.minutes() != Minutes::Unstated {
            continue;
        }
        let mut below = visit.prose.iter();
        let Some(line) = below.find(|line| is_next_line(text, block.line.end, line.span.start))
        else {
            continue;
        };
        let words = &text[line.span.range()];
        let is_alone = |span: Span| {
            let end = line.span.start + words.trim_end_matches([' ', '\t', '.']).len();
            span.start == line.span.start && span.end >= end
        };
        let clock = time::clock_ranges(words, line.span.start);
        let durations = time::durations(words, line.span.start);
        if matches!(clock.as_slice(), [one] if is_alone(one.span)) {
            block.clock = clock;
        } else if matches!(durations.as_slice(), [one] if is_alone(one.span)) {
            block.durations = durations;
        }
    }
}

/// The lines of prose that speak of treatment, those joined that a line break parts, without the rows of tables.
fn paragraphs(text: &str, visit: &mut Visit) -> Vec<Prose> {
    let mut all: Vec<Prose> = Vec::new();
    let mut head: Option<(Head, usize, bool)> = None;
    let mut rows = Vec::new();
    let mut prose = visit.prose.clone();
    prose.sort_by_key(|prose| prose.span);
    for line in prose {
        let words = &text[line.span.range()];
        if let Some(found) = Head::of(words) {
            let mut end = line.span.end;
            let mut is_first = true;
            // Rows that begin with their code were read as blocks, but not by their columns.
            for block in visit
                .modalities
                .iter_mut()
                .filter(|block| block.has_own_line)
            {
                if (is_next_line(text, end, block.line.start)
                    || is_first && is_below_blank(text, end, block.line.start))
                    && let Some((_, said)) = found.row(text, block.line)
                {
                    end = block.line.end;
                    is_first = false;
                    block.take_over(said);
                }
            }
            head = Some((found, end, is_first));
            continue;
        }
        if let Some((columns, end, is_first)) = &mut head
            && (is_next_line(text, *end, line.span.start)
                || *is_first && is_below_blank(text, *end, line.span.start))
            && columns.has_row(words)
        {
            *end = line.span.end;
            *is_first = false;
            let row = columns.row(text, line.span);
            rows.extend(row.map(|(code, said)| (code, said, line.span)));
            continue;
        }
        match all.last_mut() {
            Some(last)
                if last.section == line.section
                    && is_next_line(text, last.span.end, line.span.start)
                    && !BULLETED.is_match(words)
                    && !(CODE.is_match(words) && CODE.is_match(&text[last.span.range()])) =>
            {
                last.span.end = line.span.end;
            }
            _ => all.push(line),
        }
    }
    for (code, said, line) in rows {
        let mut row = block(text, code, line, said);
        row.is_row = true;
        visit.modalities.push(row);
    }
    fold_summaries(visit);
    all
}

/// Rows without minutes that repeat the blocks above them, as record systems print charges, are no treatment again.
fn fold_summaries(visit: &mut Visit) {
    visit
        .modalities
        .sort_by_key(|modality| modality.code_span.start);
    let mut kept: Vec<Modality> = Vec::new();
    for block in std::mem::take(&mut visit.modalities) {
        let same = kept.iter_mut().filter(|known| known.code == block.code);
        let given: Vec<&mut Modality> = same.collect();
        let is_given = given.iter().any(|b| b.minutes() != Minutes::Unstated);
        if block.is_row && block.minutes() == Minutes::Unstated && is_given {
            join(
                given,
                &BlockLine {
                    claimed: block.claimed,
                    modifiers: block.modifiers,
                    ..BlockLine::default()
                },
            );
        } else {
            kept.push(block);
        }
    }
    visit.modalities = kept;
}

/// Whether one blank line parts two lines.
fn is_below_blank(text: &str, end: usize, start: usize) -> bool {
    let between = text.get(end..start).unwrap_or("x");
    between.trim().is_empty() && between.matches('\n').count() == 2
}

fn is_next_line(text: &str, end: usize, start: usize) -> bool {
    let between = text.get(end..start).unwrap_or("x");
    between.trim_matches([' ', '\t']).len() <= 2
        && between.trim().is_empty()
        && between.matches('\n').count() <= 1
        && between.matches('\r').count() <= 1
}

/// Whether words speak of treatment that was not given at this visit: denied, planned, of another day, declined.
pub fn is_in_passing(words: &str) -> bool {
    REFUSED.is_match(words) || PASSING.is_match(words)
}

/// Whether words are the line of units or charges that record systems print beside the treatment.
pub fn is_list(words: &str) -> bool {
    LIST.is_match(words)
}

/// The sentences of a paragraph, which also end at semicolons.
pub fn sentences(text: &str, paragraph: Span) -> Vec<Span> {
    let words = &text[paragraph.range()];
    let mut all = Vec::new();
    let mut start = 0;
    let mut push = |start: usize, end: usize| {
        let sentence = words[start..end].trim();
        let at = start + words[start..end].len() - words[start..end].trim_start().len();
        if !sentence.is_empty() {
            all.push(Span::new(at, at + sentence.len()).shifted(paragraph.start));
        }
    };
    let proposed = PROPOSED.find_iter(words).map(|found| found.start() + 5);
    let proposed: Vec<usize> = proposed.collect();
    for stop in STOP.find_iter(words) {
        let begins = words[stop.end()..].chars().next();
        if proposed.contains(&stop.start()) {
            continue;
        }
        let is_end = stop.as_str() == ";" || begins.is_some_and(|c| !c.is_lowercase());
        // `(2 units; 30 min)` is not over.
        let open = words[start..stop.start()].matches('(').count();
        let closed = words[start..stop.end()].matches(')').count();
        if is_end && open <= closed {
            push(start, stop.end());
            start = stop.end();
        }
    }
    push(start, words.len());
    all
}

/// The places of the codes that we know.
fn codes(text: &str, span: Span) -> Vec<Span> {
    let words = &text[span.range()];
    let found = CODE
        .captures_iter(words)
        .filter_map(|found| found.name("code"));
    let found = found.filter(|found| {
        let before = words[..found.start()].chars().next_back();
        procedures::find(&found.as_str().to_ascii_uppercase()).is_some()
            && !GOES_ON.is_match(&words[found.end()..])
            && before.is_none_or(|c| !matches!(c, '-' | '.' | '$' | '#'))
            && !OTHER_NUMBER.is_match(words_before(text, span.start + found.start()))
    });
    found
        .map(|found| Span::from(found.range()).shifted(span.start))
        .collect()
}

/// The last words of the line before an offset, as many as name a number.
fn words_before(text: &str, offset: usize) -> &str {
    /// The characters of a long label: `authorization number code #`.
    const LONG: usize = 40;
    let line = text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = &text[line..offset];
    let start = line.char_indices().nth_back(LONG).map_or(0, |(at, _)| at);
    &line[start..]
}

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
    let behind = codes(text, Span::new(first.end, line.end));
    let all: Vec<Span> = [first].into_iter().chain(behind).collect();
    let mut further = Further::default();
    for (part, codes) in sentence.parts(&all).into_iter().skip(1) {
        let (Some(&code), Some(&last)) = (codes.first(), codes.last()) else {
            continue;
        };
        let said = block_line::read(text, last, part);
        if is_in_passing(&text[line.start..part.end])
            || NEGATED.is_match(&text[line.start..code.start])
        {
            continue;
        }
        let has_time = !said.clock.is_empty() || !said.durations.is_empty();
        for &code in &codes {
            if !has_time && said.claimed.is_none() && said.modifiers.is_empty() {
                further.unread.push(sentence.unread(code, part));
                continue;
            }
            let mut block = block(text, code, part, said.clone());
            if codes.len() > 1 && has_time {
                block.share_time();
            }
            further.start = further.start.or(Some(part.start));
            further.blocks.push(block);
        }
    }
    further
}

struct Sentence<'a> {
    text: &'a str,
    section: Option<SectionKind>,
    span: Span,
}

impl Sentence<'_> {
    fn str(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// Reads the blocks of the sentence; those of the visit have lines of their own.
    fn read(&self, visit: &mut Visit, found: &mut Vec<Modality>, unread: &mut Vec<UnreadCode>) {
        let codes = codes(self.text, self.span);
        if codes.is_empty() {
            return;
        }
        let words = self.str(self.span);
        let is_list = is_list(words);
        let parts = self.parts(&codes);
        if REFUSED.is_match(words)
            || PASSING.is_match(self.without_additions(&parts))
            || self.is_of_another_day(visit)
        {
            return;
        }
        for (part, codes) in parts {
            let (Some(&first), Some(&last)) = (codes.first(), codes.last()) else {
                continue;
            };
            let before = Span::new(self.span.start, first.start);
            if NEGATED.is_match(self.str(before)) || BOX.is_match(self.str(before)) {
                continue;
            }
            let said = block_line::read(self.text, last, part);
            let has_time = !said.clock.is_empty() || !said.durations.is_empty();
            let is_billed = has_time || said.claimed.is_some() || TICKED.is_match(self.str(before));
            match self.section {
                Some(SectionKind::Subjective | SectionKind::Assessment) => continue,
                Some(SectionKind::Plan) if !is_list => {
                    if (is_billed || DONE.is_match(words)) && !PLANNED.is_match(words) {
                        unread.extend(codes.iter().map(|code| self.unread(*code, part)));
                    }
                    continue;
                }
                _ => {}
            }
            for &code in &codes {
                let name = self.str(code).to_ascii_uppercase();
                let own = visit.modalities.iter_mut().filter(|m| m.code == name);
                let own: Vec<&mut Modality> = own.collect();
                if !own.is_empty() {
                    if codes.len() == 1 {
                        join(own, &said);
                    }
                } else if !is_billed && said.modifiers.is_empty() {
                    unread.push(self.unread(code, part));
                } else if is_list && let Some(known) = found.iter_mut().find(|m| m.code == name) {
                    join(vec![known], &said);
                } else {
                    let mut block = block(self.text, code, part, said.clone());
                    if codes.len() > 1 && has_time {
                        block.share_time();
                    }
                    found.push(block);
                }
            }
        }
    }

    /// The sentence without what it adds behind the code and the time of its last block.
    fn without_additions(&self, parts: &[(Span, Vec<Span>)]) -> &str {
        let all = self.str(self.span);
        let Some((part, last)) = parts
            .last()
            .and_then(|(part, codes)| Some((*part, *codes.last()?)))
        else {
            return all;
        };
        let said = block_line::read(self.text, last, part);
        let clock = said.clock.iter().map(|range| range.span.end);
        let times = clock.chain(said.durations.iter().map(|duration| duration.span.end));
        let Some(end) = times.max().map(|end| end.max(last.end)) else {
            return all;
        };
        let behind = self.str(Span::new(end, self.span.end));
        let clause = CLAUSE_END.find(behind).map_or(behind.len(), |f| f.start());
        self.str(Span::new(self.span.start, end + clause))
    }

    /// `On 11/13 97124 25 min was done.`, `11/13/2026: 97124 25 min` at the visit of another day.
    fn is_of_another_day(&self, visit: &Visit) -> bool {
        let Some(today) = visit.heading.as_ref().and_then(|heading| heading.date?.day) else {
            return false;
        };
        let words = self.str(self.span);
        let on = ON_DAY.captures(words);
        let dated = on.as_ref().and_then(|on| on.name("day"));
        if let Some(found) = date::at_start(dated.map_or(words, |day| day.as_str())) {
            return found.day.is_some_and(|day| day != today);
        }
        let short = on.and_then(|on| on.name("short").map(|short| short.as_str().to_owned()));
        short.is_some_and(|short| {
            let figures = short.split('/').map(str::parse::<i8>);
            !figures.eq([Ok(today.month()), Ok(today.day())])
        })
    }

    fn unread(&self, code: Span, words: Span) -> UnreadCode {
        let rest = &self.text[self.span.end..];
        let line_end = self.span.end + rest.find(['\n', '\r']).unwrap_or(rest.len());
        UnreadCode {
            code,
            words,
            line_end,
        }
    }

    /// The sentence divided so that each part has one code, or several that share what is said.
    fn parts(&self, codes: &[Span]) -> Vec<(Span, Vec<Span>)> {
        // A comma outside of brackets, or an `and`, parts what two codes say; without one they share it.
        let mut parts: Vec<(Span, Vec<Span>)> = Vec::new();
        let mut start = self.span.start;
        for (at, code) in codes.iter().enumerate() {
            let end = codes
                .get(at + 1)
                .map_or(self.span.end, |next| self.boundary(*code, *next));
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
        for (part, _) in &mut parts {
            let words = self
                .str(*part)
                .trim_end_matches([' ', '\t', '\n', '\r', ',', ';', '.']);
            part.end = part.start + words.len();
            let words = words.trim_start_matches([' ', '\t', '\n', '\r', ',', ';', '.']);
            part.start = part.end - words.len();
        }
        parts
    }

    /// Where what is said of one code ends and that of the next begins: the last comma or `and` outside of brackets
    /// between them, else the next code.
    fn boundary(&self, code: Span, next: Span) -> usize {
        let between = self.str(Span::new(code.end, next.start));
        let mut depth = 0_i32;
        let mut boundary = None;
        for (at, character) in between.char_indices() {
            match character {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                // The bracket that holds the code itself is open at first.
                ',' | ';' | '\n' if depth <= 0 => boundary = Some(at),
                'a' if depth <= 0 && between[at..].starts_with("and ") => boundary = Some(at),
                _ => {}
            }
        }
        boundary.map_or(next.start, |at| code.end + at)
    }
}

/// Adds to the blocks of a code what they lack.
fn join(blocks: Vec<&mut Modality>, said: &BlockLine) {
    // Of several blocks of one code nobody knows which is meant.
    let Ok([block]) = <[&mut Modality; 1]>::try_from(blocks) else {
        return;
    };
    if block.minutes() == Minutes::Unstated {
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
fn block(text: &str, code: Span, words: Span, said: BlockLine) -> Modality {
    let line = Span::new(words.start.min(code.start), words.end.max(code.end));
    Modality::new(text, code, line, said)
}

#[cfg(test)]
mod tests {
    use crate::chart::lower::lower;
    use crate::syntax::Syntax;

    /// The blocks with their minutes, then the codes that were not read.
    fn read(line: &str) -> String {
        let text = format!("visit: 2026-11-20\nO: Tight.\n{line}\n");
        let visit = lower(&text, &Syntax::of(&text));
        let blocks = visit.modalities.iter().map(|block| {
            let minutes = block.durations.iter().map(|d| d.minutes.to_string());
            [vec![block.code.clone()], minutes.collect()].concat()
        });
        let blocks = blocks.map(|block| block.join(" "));
        let unread = visit.unread_codes.iter();
        let unread = unread.map(|unread| format!("? {}", &text[unread.code.range()]));
        blocks.chain(unread).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn treatment_and_what_is_added_to_it() {
        for (line, expected) in [
            (
                "Ther ex (97110) 25 min, will add bands next visit.",
                "97110 25",
            ),
            ("Self-care (97535) 15 min, discussed pacing.", "97535 15"),
            (
                "Gait 97116 10 min, not tolerated beyond 100 ft.",
                "97116 10",
            ),
            ("97112 15 min, 97530 10 min", "97112 15; 97530 10"),
            ("97112 15 min 97530 10 min", "97112 15; 97530 10"),
            ("97112 15 min; gait 97116 10 min", "97112 15; 97116 10"),
            ("97112 15 min, not 97530 10 min", "97112 15"),
            ("[x] CPT 97161 evaluation", "97161"),
            ("[ ] CPT 97162 evaluation", ""),
            ("11/20/2026: 97124 25 min", "97124 25"),
            ("Pulled from the sheet: 97124", "? 97124"),
            ("97116_GP hallway 12 min", "97116 12"),
            ("97116\n12 min", "97116 12"),
            ("97116 hallway\n12 min after lunch", "97116"),
            ("97116 goal: 12 min", "97116"),
            ("97116 12 min\n\nCode\tUnits\n97116\t1", "97116 12"),
            ("97116 12 min\n97116 9 min", "97116 12; 97116 9"),
            ("Code   Min\n\n97116   12\n97124   9", "97116 12; 97124 9"),
            ("Code, Min\n97116, 12\n97124, 9", "97116 12; 97124 9"),
            ("CPT | Min\n97116 | 12\n97116 | 9", "97116 12; 97116 9"),
            ("Fell on 11/13, 97116 12 min today.", "97116 12"),
            ("Feet even. 97116 12 min A: Steadier. P: Go on.", "97116 12"),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn codes_in_passing_and_other_numbers() {
        for line in [
            "Portland, OR 97124",
            "Tel. 97124 55512",
            "Invoice #97124",
            "Claim number 97140-22 received",
            "EOB: 97124 paid $32.10",
            "97124 $45.00",
            "97140 = manual therapy",
            "97140 cannot be billed with 97530 in the same 15 minutes.",
            "Payer limits 97110 to 4 units per day.",
            "97124: 12 units left",
            "Previously 97124 30 min helped.",
            "On 11/13 97124 25 min was done.",
            "11/13/2026: 97124 25 min",
            "Slept badly\nOn 11/13 she had 97124 25 min",
            "She had 97124 25 min on 11/13.",
            "97112 skipped today",
            "97110 or 97112?",
            "97110 steps on the pedometer",
        ] {
            assert_eq!(read(line), "", "{line}");
        }
    }
}
