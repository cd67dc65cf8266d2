//! Lists of charges and tables, which say what treatment took or repeat what was said of it.

use std::collections::{HashMap, HashSet};

use super::codes::CODE;
use super::sentence::{block, is_nothing, join};
use super::{dangles, is_next_line};
use crate::chart::block_line::BlockLine;
use crate::chart::table::Head;
use crate::chart::{Minutes, Modality, Prose, Visit};
use crate::length::Length;
use crate::pattern::words;
use crate::text::Span;
use crate::text::bullet::BULLET;

/// What begins the lines of units and charges that record systems print beside the treatment.
const LISTS: &str = r"(?i)^\s*(?:units?|codes?|cpt(?: codes?)?|billing|billed|charges?|modifiers?|procedure codes?|timed(?: (?:cpt|procedure|therapy))? codes?|(?:un|non)-?timed|service(?:-based)? codes?)\b[^:]{0,20}";

// `Charge sheet key:`, `CPT codes we use:`
words!(
    CHOICES,
    r"(?i)\b(?:key|legend|fee (?:schedule|sheet|slip|list)|superbill|encounter form|price list|cheat sheet|charge (?:sheet|slip)|routing slip|common(?:ly used)? codes|codes we use|circle|check (?:one|all))\b.*:$"
);
words!(LIST, &format!("{LISTS}:"));
// The list stands below.
words!(LABEL_OF_LIST, &format!(r"{LISTS}:?\s*$"));
words!(
    BULLETED,
    &format!(r"^\s*(?:{BULLET}|[☐☑☒✓✔]|\[|\((?i:x?)[ ]*\))")
);

/// Whether a line is the label of codes to choose from, which say nothing of the visit.
pub fn is_label_of_choices(line: &str) -> bool {
    CHOICES.is_match(line)
}

/// Whether a line is no more than the label of a list of codes below it.
pub fn is_label_of_list(words: &str) -> bool {
    LABEL_OF_LIST.is_match(words) && !is_label_of_choices(words)
}

/// Whether words are the line of units or charges that record systems print beside the treatment.
pub fn is_list(words: &str) -> bool {
    LIST.is_match(words) && !is_label_of_choices(words.lines().next().unwrap_or_default())
}

/// The lines of prose that speak of treatment, those joined that a line break parts, without the rows of tables.
pub(super) fn paragraphs(text: &str, visit: &mut Visit) -> Vec<Prose> {
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
            && is_label_of_list(words)
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
        if is_label_of_list(words) {
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
pub(super) fn is_wrapped(before: &str, line: &str) -> bool {
    words!(JOINS, r"(?i)^(?:and|or|nor|but|plus|as well as)\b");
    if dangles(before.trim_end()) || JOINS.is_match(line) {
        return true;
    }
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

/// Whether a row of a table says that nothing was done: no minutes, or blanks that nobody filled.
fn is_not_done(said: &BlockLine) -> bool {
    let is_blank = said.time_placeholder
        && said.claimed.is_none()
        && said.clock.is_empty()
        && said.durations.is_empty();
    is_blank || is_nothing(said)
}
