//! Blocks whose code does not open the line: in sentences, in tables, several on a line, and the lines of units that say
//! what other blocks lack. What names a code and is none of these is kept as not read, so that it can be named.

use std::collections::{HashMap, HashSet};

use memchr::{memchr2, memrchr2};

use super::block_line::{self, BlockLine};
use super::field::FieldKind;
use super::line_below::{self, Said};
use super::table::Head;
use super::{Field, Minutes, Modality, Prose, SectionKind, Visit, passing, time};
use crate::length::Length;
use crate::pattern::pattern;
use crate::reference::procedures;
use crate::text::Span;
use crate::text::bullet::BULLET;

/// A code that we know in prose that is no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadCode {
    pub code: Span,
    /// The words that speak of it.
    pub words: Span,
    /// Where a line for it can be put: the end of the last line of these words.
    pub line_end: usize,
}

// `97116_GP`, `97116x2`, `97116GP`: none of that is part of the code, and neither is what `CPT97116` begins with.
pattern!(
    CODE,
    r"(?i)\b(?:CPT)?(?P<code>\d{5}|[A-Z]\d{4})(?:\b|_|x\d|(?-i:[A-Z][A-Z0-9]\b))"
);
// `CPT-97116`, `CPT #97116`
pattern!(IS_CPT, r"(?i)\bcpt(?: codes?)?[ ]?[-#]$");
// `98101-4423`, `97110.5`, `EX-97110`: figures that go on are no codes.
pattern!(GOES_ON, r"^(?:[.-]?\d{3,}|\.\d|'|[ ]steps\b)");
// A sentence may end here, if what follows begins another.
pattern!(STOP, r"[.!?][)”]?\s+|;");
// `97124? 30 min`: the mark of a code that was proposed ends no sentence.
pattern!(PROPOSED, r"(?i)\b(?:\d{5}|[A-Z]\d{4})\?\s+\d");
/// What begins the lines of units and charges that record systems print beside the treatment.
const LISTS: &str = r"(?i)^\s*(?:units?|codes?|cpt(?: codes?)?|billing|billed|charges?|modifiers?|procedure codes?|timed(?: (?:cpt|procedure|therapy))? codes?|(?:un|non)-?timed|service(?:-based)? codes?)\b[^:]{0,20}";

pattern!(LIST, &format!("{LISTS}:"));
// The list stands below.
pattern!(LABEL_OF_LIST, &format!(r"{LISTS}:?\s*$"));
pattern!(
    BULLETED,
    &format!(r"^\s*(?:{BULLET}|[☐☑☒✓✔]|\[|\((?i:x?)[ ]*\))")
);
// `[ ] 97161 Evaluation`: a box that is not ticked.
pattern!(
    BOX,
    r"(?i)(?:\[[ \t_]*\]|\([ \t_]*\)|☐|^[ \t]*_{2,})\s*(?:(?:cpt|code)[ \t:]*)?$"
);
pattern!(BLANK, "_{2,}");
pattern!(
    /// A box that is ticked says that it was done, with or without minutes.
    TICKED,
    r"(?i)(?:\[[ \t]*[x✓✔][ \t]*\]|^[ \t]*_+[x✓✔]_+|\([ \t]*[x✓✔][ \t]*\)|[☑☒✓✔])\s*(?:(?:cpt|code)[ \t:]*)?$"
);

pattern!(
    /// Where what is said of a block ends and what is added to it begins: `25 min, will add bands next visit`.
    CLAUSE_END,
    r"(?i)[,;:]|\s[-–—]\s|\b(?:with|when|while|then|after|to)\b"
);
pattern!(
    /// What parts the clause of a code from what is said before it.
    CLAUSE,
    r"(?i)[,;]|\bbut\b"
);
pattern!(GOES_WITH, r"(?i)^[\s,;]*\(|^\W*(?:and|or|nor|as|with)\b");
pattern!(
    /// What stands before a number that is none of a procedure: `Invoice 97140`, `Portland, OR 97124`.
    OTHER_NUMBER,
    r"(?:\bOR|\bOregon|(?i:\b(?:invoice|account|acct|ticket|tel|telephone|phone|fax|ext|extension|room|policy|member|lot|zip|check|(?:claim|case|chart|auth\w*|reference|ref)[ \t]*(?:number|no\.?|num\.?|id|#))(?:[ \t]*(?:number|no\.?|num\.?|code|id))?))[ \t.:#]*$"
);
pattern!(
/// How often something is to be done.
    OFTEN,
    r"(?i)\d ?x ?(?:/|per\b|a\b|each\b|w(?:ee)?ks?\b)|/ ?w(?:ee)?k|\b(?:daily|per|each|every)\b"
);
pattern!(
/// What a plan says: it speaks of days to come.
    PLANNED,
    r"(?i)\b(?:will|next|planned|plans? to|from (?:next|jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)|in (?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)|if|add|progress\w*|continue|begin|start|weeks?|weekly|visits|hep|home|x/w(?:ee)?k|until|times)\b"
);
// What a plan says of treatment that was given all the same.
pattern!(
    DONE,
    r"(?i)\b(?:(?:was|were) (?:also )?(?:done|given|performed|delivered|provided|applied|used)|received|ran|took|billed)\b"
);
// `Total time: 12 minutes.`
pattern!(
    ONLY_TIME,
    r"(?i)^(?:(?:total|timed|time|duration|minutes?|min|for|x)[ \t:=]*)*[~0-9][^a-z]*(?:[ap]\.?m?\.?[^a-z]*)*(?:(?:minutes?|mins?|hours?|hrs?|total)[ \t.]*)*$"
);
// `97110/97112`, `97110 and 97112`
pattern!(TOGETHER, r"(?i)^\??[ \t]*(?:/|\+|&|and\b|,|-)[ \t]*$");

/// What stands before the time of the whole visit: `Total treatment time`.
const TOTAL: &str = r"total(?:[ \t]+(?:treatment|tx|session|visit|therapy|timed|direct|skilled|time|minutes?|mins?)\b)*(?:[ \t]+(?:was|is|of))?[ \t]*[:=]?[ \t]*";
pattern!(TOTAL_BEFORE, &format!(r"(?i)^\W*{TOTAL}"));
pattern!(
    TOTAL_BEHIND,
    &format!(r"(?i)[,;.(–—-]*[ \t]*(?:(?:for[ \t]+)?a[ \t]+)?\b{TOTAL}\d[^,;.]*[.;)]*\s*$")
);

/// Reads the prose of a visit.
pub fn read(text: &str, visit: &mut Visit) {
    said_below(text, visit);
    let mut found = Found::default();
    let mut unread = std::mem::take(&mut visit.unread_codes);
    for paragraph in paragraphs(text, visit) {
        // Most name no code, and there is nothing to read.
        if !CODE.is_match(&text[paragraph.span.range()]) {
            continue;
        }
        let first_of_paragraph = found.blocks.len();
        let mut before: Option<Span> = None;
        for sentence in with_times(text, &sentences(text, paragraph.span)) {
            let reader = Sentence {
                text,
                section: paragraph.section,
                span: sentence,
            };
            let known = found.blocks.len();
            reader.read(visit, &mut found, &mut unread);
            // `Adjusted C5 and L4. 98940-AT`: what was done stands before its code.
            if let [block] = &mut found.blocks[known..]
                && let Some(before) = before
                && !text[block.line.range()].contains(char::is_whitespace)
                && !text[before.end..sentence.start].contains(['\n', '\r'])
                && codes(text, before).is_empty()
            {
                block.read_vocabulary(text, None, before);
            }
            before = Some(sentence);
            // `Manual therapy (97140) 15 min. Posterior glides, gr III.`: the block goes on.
            if let Some(block) = found.blocks[first_of_paragraph..].last_mut()
                && block.line.end < sentence.start
            {
                let is_placed = !block.regions.is_empty();
                block.read_vocabulary(text, is_placed.then_some(FieldKind::Technique), sentence);
            }
        }
    }
    visit.modalities.extend(found.blocks);
    visit
        .modalities
        .sort_by_key(|modality| modality.code_span.start);
    // Where nothing else was done, it may be what the plan names.
    if visit.modalities.is_empty() {
        unread.extend(found.in_plan);
    }
    let billed: HashSet<&str> = visit.modalities.iter().map(|m| m.code.as_str()).collect();
    unread.retain(|unread: &UnreadCode| {
        let code = text[unread.code.range()].to_ascii_uppercase();
        !billed.contains(code.as_str())
    });
    visit.unread_codes = unread;
}

/// The sentences, those joined of which the later ones only say on the same line how long it took:
/// `Gait training (97116). 12 minutes.`
fn with_times(text: &str, sentences: &[Span]) -> Vec<Span> {
    let coded: Vec<Vec<Span>> = sentences.iter().map(|s| codes(text, *s)).collect();
    let mut all: Vec<Span> = Vec::new();
    let mut next = 0;
    while let Some(&sentence) = sentences.get(next) {
        let own = &coded[next];
        next += 1;
        let mut whole = sentence;
        let goes_on = |at: usize| {
            let later = sentences.get(at);
            later.is_some_and(|later| {
                coded[at].is_empty() && !text[sentence.end..later.start].contains(['\n', '\r'])
            })
        };
        if let [code] = own[..]
            && goes_on(next)
            && !has_time(&block_line::read(text, code, sentence))
        {
            let later = sentences[next..]
                .iter()
                .enumerate()
                .take_while(|(at, later)| {
                    goes_on(next + at) && !passing::is_in_passing(&text[later.range()])
                });
            let time = later.into_iter().find(|(_, next)| {
                let said = block_line::read(text, code, Span::new(sentence.start, next.end));
                let before = text[..next.start].trim_end();
                let words = &text[next.range()];
                has_time(&said)
                    && !said.gives_way
                    && (before.ends_with(';') || ONLY_TIME.is_match(words))
            });
            if let Some((at, last)) = time {
                whole.end = last.end;
                next += at + 1;
            }
        }
        all.push(whole);
    }
    all
}

fn has_time(said: &BlockLine) -> bool {
    !said.clock.is_empty() || !said.durations.is_empty()
}

/// What stands alone on the lines below a block without a time is the block's, at any indentation: its time, its units.
fn said_below(text: &str, visit: &mut Visit) {
    let fields = visit.fields_of(FieldKind::Time);
    let fields = fields.map(|f| Span::new(f.key.start, f.value.map_or(f.key.end, |v| v.end)));
    let lines = visit.prose.iter().map(|prose| prose.span).chain(fields);
    let mut lines: Vec<Span> = lines.chain(durations(text, visit)).collect();
    lines.sort_unstable();
    let mut told = HashSet::new();
    for block in &mut visit.modalities {
        if !block.says_no_time() {
            continue;
        }
        // A name of the treatment may stand between.
        let behind = Span::new(block.modifiers_end, block.line.end.max(block.modifiers_end));
        let is_lone = block_line::is_bare(&text[behind.range()]);
        let mut names = Vec::new();
        let mut end = block.line.end;
        let first = lines.partition_point(|line| line.start < end);
        for line in &lines[first..] {
            if !is_next_line(text, end, line.start) {
                break;
            }
            end = line.end;
            let words = &text[line.range()];
            match line_below::read(text, *line) {
                Some(Said::Clock(range)) => block.clock.push(range),
                Some(Said::Duration(duration)) => {
                    block.durations.push(duration);
                    told.insert(line.start);
                }
                Some(Said::Units(claim)) => {
                    block.claimed = block.claimed.or(Some(claim));
                    continue;
                }
                None if is_lone && !line_below::has_time(words) && !CODE.is_match(words) => {
                    names.push(*line);
                    continue;
                }
                None => {}
            }
            break;
        }
        if !block.says_no_time() {
            for name in names {
                block.read_vocabulary(text, None, name);
            }
        }
    }
    // The time of the only block may be that of the session as well.
    if visit.modalities.len() > 1 {
        let is_told = |f: &Field| f.kind == FieldKind::Session && told.contains(&f.key.start);
        visit.fields.retain(|field| !is_told(field));
    }
}

/// The lines `Duration: 25 min` of a visit that say how long a block took: each block has its own, or there is one block,
/// or something else says how long the session was. A single one below several blocks is the session's.
fn durations(text: &str, visit: &Visit) -> Vec<Span> {
    let sessions = visit.fields_of(FieldKind::Session);
    let is_bare = |f: &&Field| {
        let key = text[f.key.range()].trim_end_matches([':', ' ', '\t']);
        key.eq_ignore_ascii_case("duration")
    };
    let (bare, others): (Vec<&Field>, Vec<&Field>) = sessions.partition(is_bare);
    if bare.len() < 2 && others.is_empty() && visit.modalities.len() > 1 {
        return Vec::new();
    }
    let line = |f: &Field| Span::new(f.key.start, f.value.map_or(f.key.end, |value| value.end));
    bare.into_iter().map(line).collect()
}

/// The lines of prose that speak of treatment, those joined that a line break parts, without the rows of tables.
fn paragraphs(text: &str, visit: &mut Visit) -> Vec<Prose> {
    let mut all: Vec<Prose> = Vec::new();
    let mut table: Option<Table> = None;
    let mut rows = Vec::new();
    let mut listed = Listed::default();
    let mut prose = visit.prose.clone();
    prose.sort_by_key(|prose| prose.span);
    for line in prose {
        let words = &text[line.span.range()];
        if let Some(head) = Head::of(words) {
            let mut found = Table {
                head,
                end: line.span.end,
                is_first: true,
            };
            found.take_rows(text, visit, &mut listed);
            table = Some(found);
            continue;
        }
        // `UNTIMED CODES` between the rows of a table.
        if let Some(table) = &mut table
            && is_next_line(text, table.end, line.span.start)
            && LABEL_OF_LIST.is_match(words)
        {
            table.end = line.span.end;
            table.take_rows(text, visit, &mut listed);
            continue;
        }
        if let Some(table) = &mut table
            && table.is_next(text, line.span)
            && table.head.has_row(words)
        {
            table.end = line.span.end;
            table.is_first = false;
            table.take_rows(text, visit, &mut listed);
            let row = table.head.row(text, line.span);
            if let Some((code, said)) = row.filter(|(_, said)| !is_not_done(said)) {
                listed.of(&table.head).insert(code);
                rows.push((code, said, line.span));
            }
            continue;
        }
        if LABEL_OF_LIST.is_match(words) {
            listed.charges.extend(below_label(text, visit, line.span));
        }
        match all.last_mut() {
            Some(last)
                if last.section == line.section
                    && is_next_line(text, last.span.end, line.span.start)
                    && !BULLETED.is_match(words)
                    // A heading with a code below the entries of a list.
                    && (!BULLETED.is_match(&text[last.span.range()])
                        || !CODE.is_match(words)
                        || is_wrapped(&text[last.span.range()], words))
                    && (!(CODE.is_match(words) && CODE.is_match(&text[last.span.range()]))
                        || is_wrapped(&text[last.span.range()], words)) =>
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
    visit
        .modalities
        .retain(|block| !listed.not_done.contains(&block.code_span));
    fold_summaries(visit, &listed);
    all
}

/// The blocks of a list of charges, which may repeat what other lines say, by the places of their codes.
#[derive(Default)]
struct Listed {
    /// Those whose list has no place for minutes.
    charges: HashSet<Span>,
    /// Those whose list has.
    timed: HashSet<Span>,
    /// Those whose row says that it took no time.
    not_done: HashSet<Span>,
}

/// A table that is being read.
struct Table {
    head: Head,
    /// Where what was read of it ends.
    end: usize,
    /// No row was read yet: a blank line may part the first one from the head.
    is_first: bool,
}

impl Table {
    fn is_next(&self, text: &str, line: Span) -> bool {
        is_next_line(text, self.end, line.start)
            || self.is_first && is_below_blank(text, self.end, line.start)
    }

    /// Rows that begin with their code were read as blocks, but not by their columns.
    fn take_rows(&mut self, text: &str, visit: &mut Visit, listed: &mut Listed) {
        let blocks = visit.modalities.iter_mut();
        for block in blocks.filter(|block| block.has_own_line) {
            if self.is_next(text, block.line)
                && self.head.has_row(&text[block.line.range()])
                && let Some((_, said)) = self.head.row(text, block.line)
            {
                if is_not_done(&said) {
                    listed.not_done.insert(block.code_span);
                }
                // Its details may stand between two rows.
                self.end = block.span.end;
                self.is_first = false;
                block.take_over(said);
                listed.of(&self.head).insert(block.code_span);
            }
        }
    }
}

impl Listed {
    fn hold(&self, block: &Modality) -> bool {
        self.are_charges(block) || self.timed.contains(&block.code_span)
    }

    /// Those of a table.
    fn of(&mut self, head: &Head) -> &mut HashSet<Span> {
        if head.has_times() {
            &mut self.timed
        } else {
            &mut self.charges
        }
    }

    fn are_charges(&self, block: &Modality) -> bool {
        self.charges.contains(&block.code_span)
    }
}

/// Whether a line goes on with the sentence of the line before it: in small letters, and not behind a time or a stop.
fn is_wrapped(before: &str, line: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or_default();
    let ends = last.ends_with(|c: char| !c.is_alphabetic()) || last.starts_with("min");
    line.starts_with(|c: char| c.is_lowercase() || c == '(') && !ends
}

/// What record systems print as charges, above the treatment or below it, is no treatment again.
fn fold_summaries(visit: &mut Visit, listed: &Listed) {
    visit
        .modalities
        .sort_by_key(|modality| modality.code_span.start);
    let mut treated: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, block) in visit.modalities.iter().enumerate() {
        if !listed.hold(block) {
            treated.entry(block.code.clone()).or_default().push(at);
        }
    }
    let mut folded = HashSet::new();
    for entry in 0..visit.modalities.len() {
        let block = &visit.modalities[entry];
        if !listed.hold(block) {
            continue;
        }
        let treated = treated.get(&block.code).map_or(&[][..], Vec::as_slice);
        let repeated = repeated(visit, entry, treated, listed, &folded);
        if repeated.is_empty() {
            continue;
        }
        folded.insert(block.code_span);
        // Of several blocks of one code nobody knows which is meant.
        if let [one] = repeated[..] {
            let charge = block.clone();
            join(
                vec![&mut visit.modalities[one]],
                &BlockLine {
                    claimed: charge.claimed,
                    modifiers: charge.modifiers,
                    clock: charge.clock,
                    durations: charge.durations,
                    ambiguous: charge.ambiguous_minutes,
                    ..BlockLine::default()
                },
            );
        }
    }
    if !folded.is_empty() {
        let blocks = &mut visit.modalities;
        blocks.retain(|block| !folded.contains(&block.code_span));
    }
}

/// The blocks that an entry of a list repeats; none where it is treatment of its own. `treated` are those of its code that
/// stand in no list.
fn repeated(
    visit: &Visit,
    entry: usize,
    treated: &[usize],
    listed: &Listed,
    folded: &HashSet<Span>,
) -> Vec<usize> {
    let block = |at: usize| &visit.modalities[at];
    let minutes = |at: usize| {
        if block(at).says_no_time() {
            Minutes::Unstated
        } else {
            block(at).minutes()
        }
    };
    let is_repeated = match (minutes(entry), treated) {
        // The list alone says what was done.
        (Minutes::Unstated, []) if listed.are_charges(block(entry)) => {
            let others = (0..visit.modalities.len()).filter(|at| *at != entry);
            let others = others.filter(|at| block(*at).code == block(entry).code);
            let others = others.filter(|at| !folded.contains(&block(*at).code_span));
            return others
                .filter(|at| minutes(*at) != Minutes::Unstated)
                .collect();
        }
        (_, []) => false,
        (Minutes::Unstated, _) => true,
        (_, [one]) if minutes(*one) == Minutes::Unstated => true,
        (Minutes::Stated(minutes), several) => {
            let stated = several
                .iter()
                .filter_map(|at| block(*at).minutes().stated());
            stated.sum::<Length>() == minutes
        }
        (Minutes::Unclear, _) => false,
    };
    if is_repeated {
        treated.to_vec()
    } else {
        Vec::new()
    }
}

/// The codes that begin the lines of a list below its label.
fn below_label(text: &str, visit: &Visit, label: Span) -> Vec<Span> {
    let mut codes = Vec::new();
    let mut end = label.end;
    for block in visit.modalities.iter().filter(|block| block.has_own_line) {
        if is_next_line(text, end, block.line.start) {
            codes.push(block.code_span);
            end = block.span.end;
        }
    }
    codes
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

/// Whether a line is no more than the label of a list of codes below it.
pub fn is_label_of_list(words: &str) -> bool {
    LABEL_OF_LIST.is_match(words)
}

/// Whether the words of a plan say that treatment was given all the same.
pub fn says_done(words: &str) -> bool {
    DONE.is_match(words)
}

/// Whether words are the line of units or charges that record systems print beside the treatment.
pub fn is_list(words: &str) -> bool {
    LIST.is_match(words)
}

/// Whether words name a procedure that we know.
pub fn names_code(text: &str, words: Span) -> bool {
    CODE.is_match(&text[words.range()]) && !codes(text, words).is_empty()
}

/// Whether a line offers a procedure with a blank that nobody filled.
pub fn is_unfilled(text: &str, line: Span) -> bool {
    BLANK.is_match(&text[line.range()]) && names_code(text, line)
}

/// Whether a line names the columns of a table of treatment.
pub fn is_table_head(line: &str) -> bool {
    Head::of(line).is_some()
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
    // How many brackets are open, and up to where they were counted.
    let (mut depth, mut counted) = (0_usize, 0);
    for stop in STOP.find_iter(words) {
        for mark in words[counted..stop.end()].bytes() {
            match mark {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        counted = stop.end();
        let begins = words[stop.end()..].chars().next();
        if proposed.contains(&stop.start()) {
            continue;
        }
        let is_end = stop.as_str() == ";" || begins.is_some_and(|c| !c.is_lowercase());
        // `(2 units; 30 min)` is not over.
        if is_end && depth == 0 {
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
            && (before.is_none_or(|c| !matches!(c, '-' | '.' | '$' | '#'))
                || IS_CPT.is_match(&words[..found.start()]))
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
    let before = last_of(text, 0, offset, 4 * LONG);
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = &before[line..];
    let start = line.char_indices().nth_back(LONG).map_or(0, |(at, _)| at);
    &line[start..]
}

/// The last bytes between two offsets, so many at most.
fn last_of(text: &str, start: usize, end: usize, most: usize) -> &str {
    let earliest = text.ceil_char_boundary(end.saturating_sub(most));
    &text[start.max(earliest).min(end)..end]
}

/// How many bytes before a code may speak of it, so that a line of thousands takes no longer for each of them.
const NEAR: usize = 600;

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
    let doubtful = own.doubtful(&parts);
    for part in parts.into_iter().skip(1) {
        let Part {
            span: part,
            first: code,
            codes,
            said,
            ..
        } = part;
        let most = NEAR.max(part.len());
        let is_negated = passing::is_negated(last_of(text, line.start, code.start, NEAR));
        if is_negated || passing::is_in_passing(last_of(text, line.start, part.end, most)) {
            if !is_negated && doubtful.contains(&part) {
                further.start = further.start.or(Some(part.start));
                let codes = codes.iter().map(|code| sentence.unread(*code, part));
                further.unread.extend(codes);
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
struct Found {
    blocks: Vec<Modality>,
    /// Codes that a plan names without saying when: `P: 98940`.
    in_plan: Vec<UnreadCode>,
    charges: HashSet<Span>,
}

/// A part of a sentence with a code, or with several that share what it says.
struct Part {
    span: Span,
    first: Span,
    last: Span,
    codes: Vec<Span>,
    said: BlockLine,
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
    fn read(&self, visit: &mut Visit, found: &mut Found, unread: &mut Vec<UnreadCode>) {
        let codes = codes(self.text, self.span);
        if codes.is_empty() {
            return;
        }
        let words = self.str(self.span);
        let is_list = is_list(words);
        let own = Sentence {
            span: self.without_totals(&codes),
            ..*self
        };
        let parts = own.parts(&codes);
        if passing::is_refused(words)
            || passing::is_history(self.line_before())
            || passing::is_only_when(self.before_clause(codes[0]))
            || codes.len() == 1 && passing::takes_back(words)
            || self.is_of_another_day(visit)
        {
            return;
        }
        if passing::is_in_passing(&self.without_additions(parts.last(), codes[0])) {
            let doubtful = self.doubtful(&parts);
            let doubtful = parts.iter().filter(|part| doubtful.contains(&part.span));
            unread.extend(doubtful.flat_map(|part| {
                let codes = part.codes.iter();
                codes.map(|code| self.unread(*code, part.span))
            }));
            return;
        }
        for part in parts {
            let Part {
                span: part,
                first,
                last,
                codes,
                mut said,
            } = part;
            let before = last_of(self.text, self.span.start, first.start, NEAR);
            if passing::is_negated(before) || BOX.is_match(before) {
                continue;
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
                continue;
            }
            let has_time = has_time(&said);
            let is_billed = has_time
                || said.claimed.is_some()
                || said.figure.is_some()
                || TICKED.is_match(before);
            match self.section {
                Some(SectionKind::Subjective | SectionKind::Assessment) => continue,
                Some(SectionKind::Plan) if !is_list => {
                    let codes = codes.iter().map(|code| self.unread(*code, part));
                    if PLANNED.is_match(words) {
                        // It is for another day.
                    } else if is_billed || DONE.is_match(words) {
                        unread.extend(codes);
                    } else if !OFTEN.is_match(words) {
                        found.in_plan.extend(codes);
                    }
                    continue;
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
        if let Some(label) = TOTAL_BEFORE.find(self.str(before))
            && let start = own.start + label.end()
            && let [total, ..] = time::durations(&self.text[start..before.end], start)[..]
            && total.span.start == start
            && !time::durations(self.str(Span::new(first.end, own.end)), 0).is_empty()
        {
            own.start = total.span.end;
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

    /// The parts with a time, of a sentence that speaks of something in passing, whose own words do not: `Declined ice, gait
    /// (97116) 12 min`. Of `Recommended 97110 25 min, 97140 15 min` the second one goes on with the first.
    fn doubtful(&self, parts: &[Part]) -> Vec<Span> {
        let mut doubtful = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let start = self.clause_start(part);
            let before = self.str(Span::new(self.span.start, start));
            let is_passing = passing::is_in_passing(self.up_to_additions(Some(part), start));
            let has_time = has_time(&part.said) && !is_nothing(&part.said);
            if is_passing && has_time || at == 0 && passing::leads_in(before) {
                break;
            }
            // `will add 97116 and 97530 for 10 min` goes on with what was said, `and 97530 was given for 10 min` does not.
            let before = before.trim_end_matches([' ', '\t', '\r']);
            let words = self.str(Span::new(start, self.span.end));
            let is_own = DONE.is_match(self.str(part.span))
                || before.ends_with([',', ';', '\n']) && !GOES_WITH.is_match(words)
                || before.ends_with("but");
            if !is_passing && has_time && is_own {
                doubtful.push(part.span);
            }
        }
        doubtful
    }

    /// Where the clause of a part's first code begins: behind a comma or a `but`, or on a line of its own.
    fn clause_start(&self, part: &Part) -> usize {
        let start = part.span.start.min(part.first.start);
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

    /// The sentence without what it adds behind the code and the time of its last block, and without when that was
    /// what it tells before the clause of its first code.
    fn without_additions(&self, last: Option<&Part>, first: Span) -> String {
        let before = self.before_clause(first);
        let told = passing::without_history(before);
        let clause = self.span.start + before.len();
        format!("{told}{}", self.up_to_additions(last, clause))
    }

    /// The words before the clause of a code.
    fn before_clause(&self, code: Span) -> &str {
        let before = self.str(Span::new(self.span.start, code.start));
        &before[..before.rfind(',').unwrap_or(0)]
    }

    /// The words from an offset to what is added behind the last block.
    fn up_to_additions(&self, last: Option<&Part>, start: usize) -> &str {
        let all = self.str(Span::new(start, self.span.end));
        let Some(part) = last else {
            return all;
        };
        let clock = part.said.clock.iter().map(|range| range.span.end);
        let durations = part.said.durations.iter().map(|own| own.span.end);
        let Some(end) = clock.chain(durations).max() else {
            return all;
        };
        let end = end.max(part.last.end);
        let behind = self.str(Span::new(end, self.span.end));
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
        let rest = &self.text[self.span.end..];
        let line_end = self.span.end + memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
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
        let between = self.str(Span::new(code.end, next.start));
        let mut depth = 0_i32;
        let mut marks = Vec::new();
        for (at, character) in between.char_indices() {
            match character {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                // The bracket that holds the code itself is open at first.
                ',' | ';' | '\n' if depth <= 0 => marks.push(at),
                'a' if depth <= 0 && between[at..].starts_with("and ") => marks.push(at),
                _ => {}
            }
        }
        let has_time = |words: &str| !time::durations(words, 0).is_empty();
        let (Some(&first), Some(&last)) = (marks.first(), marks.last()) else {
            return next.start;
        };
        let is_before = has_time(self.str(Span::new(start, code.start)))
            && !has_time(&between[..first])
            && has_time(&between[first..]);
        code.end + if is_before { first } else { last }
    }
}

/// Whether no minutes and no units are given in figures: `97112 | 0 | 0`.
fn is_nothing(said: &BlockLine) -> bool {
    said.clock.is_empty()
        && !said.durations.is_empty()
        && said.durations.iter().all(|d| d.minutes == 0)
        && said.claimed.is_none_or(|claim| claim.units == 0)
}

/// Whether a row of a table says that nothing was done: no minutes, or blanks that nobody filled.
fn is_not_done(said: &BlockLine) -> bool {
    let is_blank = said.time_placeholder
        && said.claimed.is_none()
        && said.clock.is_empty()
        && said.durations.is_empty();
    is_blank || is_nothing(said)
}

/// Adds to the blocks of a code what they lack.
fn join(blocks: Vec<&mut Modality>, said: &BlockLine) {
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

    /// What a list of charges says of a block is the block's.
    #[test]
    fn charges_are_folded_into_the_treatment() {
        let text = "visit: 2026-11-20\n97110 hip 25 min\nBilling codes:\n97110-GP 2 units\n";
        let visit = lower(text, &Syntax::of(text));
        let [block] = &visit.modalities[..] else {
            panic!("{:?}", visit.modalities);
        };
        let modifiers: Vec<&str> = block.modifiers.iter().map(|m| m.code.as_str()).collect();
        assert_eq!(modifiers, ["GP"]);
        assert_eq!(block.claimed.map(|claim| claim.units), Some(2));
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
            // The time of the visit is that of no code of its own, unless there is no other.
            (
                "Total treatment time 25 min: 97112 15 min, 97530 10 min",
                "97112 15; 97530 10",
            ),
            (
                "Total time: 25 min (97112 15 min, 97530 10 min)",
                "97112 15; 97530 10",
            ),
            (
                "Balance (97112) 15 min, lifting (97530) 10 min, total 25 min.",
                "97112 15; 97530 10",
            ),
            (
                "97112 15 min and 97530 10 min, for a total of 25 min.",
                "97112 15; 97530 10",
            ),
            ("Total time 15 min: balance (97112)", "97112 15"),
            ("97112 15 min 97530 10 min", "97112 15; 97530 10"),
            ("97112 15 min; gait 97116 10 min", "97112 15; 97116 10"),
            ("97112 15 min, not 97530 10 min", "97112 15"),
            ("97112 balance, 15 min, 97530 10 min", "97112 15; 97530 10"),
            (
                "97112 (balance) 15 min, 10 min of lifting (97530)",
                "97112 15; 97530 10",
            ),
            // What the words before speak of in passing need not be said of the code, nor of all codes: it is asked for.
            ("Patient declined ice,\nGait (97116) 12 min", "? 97116"),
            ("Refused ice\nThen gait (97116) 12 min", "? 97116"),
            ("Discussed bracing, gait (97116) 12 min", "? 97116"),
            ("97116 was discussed, 97530 10 min", "? 97530"),
            ("Considered 97116, but 97530 10 min was given", "? 97530"),
            // A line in small letters or in brackets goes on with the one before it.
            (
                "Will add gait (97116) next visit\nLifting (97530) 10 min",
                "97530 10",
            ),
            (
                "Will add gait (97116) next visit\nand lifting (97530) 10 min",
                "",
            ),
            (
                "Will add gait (97116) next visit\n(lifting 97530 10 min)",
                "",
            ),
            ("[x] CPT 97161 evaluation", "97161"),
            ("[ ] CPT 97162 evaluation", ""),
            ("___ 97162 evaluation", ""),
            ("_X_ 97161 evaluation", "97161"),
            ("| CPT | Min |\n| 97116 | 12 |\n| 97035 | ___ |", "97116 12"),
            (
                "CPT   Min   Units\n97116   12   1\n97035   __   __",
                "97116 12",
            ),
            (
                "Charge sheet key:\n97035 Ultrasound ____ min\n97016 ___",
                "",
            ),
            (
                "Fee schedule:\nUltrasound 97035 ____ min\nPump 97016 ___",
                "",
            ),
            ("11/20/2026: 97124 25 min", "97124 25"),
            ("Pulled from the sheet: 97124", "? 97124"),
            ("97116_GP hallway 12 min", "97116 12"),
            ("CPT97116 12 min", "97116 12"),
            ("CPT-97116 12 min", "97116 12"),
            ("Gait (CPT #97116) 12 min", "97116 12"),
            ("Tag EX-97116, form CPTX97116", ""),
            ("97116\n12 min", "97116 12"),
            ("97116 hallway\n12 min after lunch", "97116"),
            ("97116 goal: 12 min", "97116"),
            ("97116 goal: 12 min tolerance", "97116"),
            ("97116\nMinutes: 12\nUnits: 1", "97116 12"),
            ("97116 hallway\nTime: 12 min", "97116 12"),
            ("97116\nGait in the hallway\n12 minutes", "97116 12"),
            (
                "97116\nGait in the hallway\nPulse 92\n97140 9 min",
                "97116; 97140 9",
            ),
            (
                "Code: 97116\nUnits: 1\nMinutes: 12\n\nCode: 97140\nMinutes: 9",
                "97116 12; 97140 9",
            ),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn what_follows_on_the_line_or_below() {
        for (line, expected) in [
            // What follows on the line says how long it took.
            (
                "Gait training (97116) with a walker. 12 minutes.",
                "97116 12",
            ),
            ("Gait (97116), hallway. Time: 12 min.", "97116 12"),
            ("Gait (97116): hallway; stairs - 12 minutes", "97116 12"),
            ("Gait (97116) with a walker. Sits 10 min.", "? 97116"),
            (
                "Feet even. Steady. Gait (97116). Hallway. 12 minutes. Joints moved (97140) 9 min.",
                "97116 12; 97140 9",
            ),
            (
                "Gait (97116) - 12 min\nhallway 5 min\nramp 7 min",
                "97116 12",
            ),
            (
                "Walked x12 min (97116 - 1u) and had joints moved x9 min, neck (97140 - 1u).",
                "97116 12; 97140 9",
            ),
            // What was not done.
            ("Gait (97116): 0 minutes", ""),
            ("CPT | Min\n97116 | 0\n97140 | 9", "97140 9"),
            ("| CPT | Min |\n| 97116 | 0 |\n| 97140 | 9 |", "97140 9"),
            ("Gait (97116): N/A", ""),
            ("97116: none", ""),
            ("Non-billable: ice (97010) 10 min", ""),
            ("History: 97116 x 12 visits. 97140 was tried 15 min.", ""),
            ("97140 has been tried at her old clinic.", ""),
            (
                "Gait (97116) - 12 min\nhallway 5 min\nramp 4 min",
                "97116 12",
            ),
            // What stands above it in a list is of something else.
            ("- Bike 5 min\nGait (97116): 12 min", "97116 12"),
            // What the plan tells of beside other treatment.
            (
                "97116 12 min\nP: Joints moved (97140) 9 min.",
                "97116 12; ? 97140",
            ),
            // What was done before its code.
            ("Walked in the hallway. 97116 12 min", "97116 12"),
            ("97116\n  12 min", "97116 12"),
            ("97116\nDuration: 12 min", "97116 12"),
            ("Did 97116x1 and 97140GP 9 min", "97116; 97140 9"),
            (
                "97116 gait\nDuration: 12 min\n97140 neck\nDuration: 9 min",
                "97116 12; 97140 9",
            ),
            (
                "Total time: 30 min\n97116 gait\nDuration: 12 min\n97140 9 min",
                "97116 12; 97140 9",
            ),
            ("97116\n97140\nDuration: 30 min", "97116; 97140"),
            ("97116\n  hallway\n  Minutes: 12\n  Units: 1", "97116 12"),
            ("97116 9 min\n  ramp 12 min", "97116 9"),
            (
                "TIMED CODES   MIN   UNITS\n97116 Gait   12   1\nUNTIMED CODES\n97014 Stim   9   1",
                "97116 12; 97014 9",
            ),
            ("97116 12 min\n\nCode\tUnits\n97116\t1", "97116 12"),
            ("97116 12 min\n97116 9 min", "97116 12; 97116 9"),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_charged_again() {
        for (line, expected) in [
            // What is charged, above the treatment or below it, is none again.
            ("Code\tUnits\n97116\t1\n\n97116 12 min", "97116 12"),
            ("Code\tMin\n97116\t12\n\n97116 12 min", "97116 12"),
            ("97116 12 min\n\nCode\tMin\n97116\t12", "97116 12"),
            (
                "| CPT | Units |\n| 97116 | 1 |\n\nGait (97116) 12 min.",
                "97116 12",
            ),
            (
                "Code\tMin\n97116\t21\n\n97116 12 min\n97116 9 min",
                "97116 12; 97116 9",
            ),
            ("Code\tMin\n97116\t12\n\n97116 hallway", "97116 12"),
            // A code that is not billed by time needs no more than its place in the list.
            ("97116 12 min\nUntimed codes: 97014", "97116 12; 97014"),
            ("Billing: 98941, 97012", "98941; 97012"),
            ("Non-timed: 97014 stim. Charges: 97116", "97014; ? 97116"),
            ("CPT codes: 97161/97162", "? 97161; ? 97162"),
            (
                "Units: 97116 (1), 97140 (1 unit)\n97116 12 min\n97140 9 min",
                "97116 12; 97140 9",
            ),
            ("Billing: 97116 x1\nTx: Gait (97116) 12 min.", "97116 12"),
            (
                "Billing: 97116 12 min x1\nTx: Gait (97116) 12 min.",
                "97116 12",
            ),
            (
                "Billing:\n97116 x1\n97140 x1\n\n97116 12 min\n97140 9 min",
                "97116 12; 97140 9",
            ),
            (
                "97116 12 min\n97140 9 min\n\nCharges\n97116 x1\n97140 x1",
                "97116 12; 97140 9",
            ),
            ("CPT | Min\n97116 | 12\n97116 |", "97116 12; 97116"),
            ("Billing:\n97116 12 min\n97140 9 min", "97116 12; 97140 9"),
            ("CPT | Units\n97161 | 1\n\n97161 low complexity", "97161"),
            ("Code\tMin\n97116\t12\n\n97116 9 min", "97116 12; 97116 9"),
            ("Code   Min\n\n97116   12\n97124   9", "97116 12; 97124 9"),
            ("Code, Min\n97116, 12\n97124, 9", "97116 12; 97124 9"),
            ("CPT | Min\n97116 | 12\n97116 | 9", "97116 12; 97116 9"),
            ("Fell on 11/13, 97116 12 min today.", "97116 12"),
            ("Fell last week, 97116 12 min.", "97116 12"),
            ("Sore since yesterday, gait (97116) 12 min.", "97116 12"),
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
            "Rest; if it swells we will add\nmanual therapy (97140) for 10 minutes.",
            "Payer limits 97110 to 4 units per day.",
            "97124: 12 units left",
            "Previously 97124 30 min helped.",
            "On 11/13 97124 25 min was done.",
            "11/13/2026: 97124 25 min",
            "Slept badly\nOn 11/13 she had 97124 25 min",
            "She had 97124 25 min on 11/13.",
            "Slept badly and\nbetter since on 11/13 we did 97116 for 12 minutes",
            "Sore, as on 11/13/26 the patient had 97116 12 min",
            "Yesterday she had 97116 12 min",
            "Last visit, 97116 12 min",
            "In the past month, 97116 12 min",
            "If pain persists, 97116 12 min",
            "At the next visit, 97116 12 min and, if able, 97530 10 min",
            "Recommended 97116 12 min, 97530 10 min",
            "Will add next visit: 97116 12 min, 97530 10 min",
            "Patient declined ice\nand gait (97116) 12 min",
            "Sore, 97116 12 min last Friday",
            "97112 skipped today",
            "97110 or 97112?",
            "97110 steps on the pedometer",
        ] {
            assert_eq!(read(line), "", "{line}");
        }
    }
}
