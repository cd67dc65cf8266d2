//! The blocks of a visit on lines of their own, with the words about them below.

use super::layout::{self, ENTRY};
use super::treatment;
use super::visit::{Became, Rewriter, joined};
use crate::chart::treatment::{Why, is_given, places, times};
use crate::chart::{Inexact, Modality, SectionKind, UnreadCode, coded_prose, passing};
use crate::pattern::{pattern, words};
use crate::reference::procedures;
use crate::rules::Edit;
use crate::text::Span;

/// A character that no note holds.
const MARK: char = '\u{E000}';

pattern!(
    /// What is joined to a code: `97140-59`.
    MODIFIERS,
    r"^(?:-[A-Z0-9]{2})+\b"
);

impl Rewriter<'_> {
    /// Blocks that stand in sentences, lists and tables, and those whose line has other shapes than the usual one.
    pub(super) fn blocks(&mut self) {
        let blocks = &self.visit.modalities;
        let mut at = 0;
        while at < blocks.len() {
            let block = &blocks[at];
            if block.shares_time {
                at += 1;
                continue;
            }
            let words = self.words_of(block);
            let together = blocks[at..].iter().take_while(|other| {
                words.start <= other.code_span.start
                    && other.code_span.end <= words.end
                    && !other.shares_time
            });
            let together: Vec<&Modality> = together.collect();
            at += together.len().max(1);
            self.own_lines(words, &together);
        }
        self.table_heads();
        self.codes_in_passing_lines();
        // A line of codes to choose from is no block, and must not look like one.
        let prose = self.visit.prose.iter().map(|prose| prose.span);
        for line in prose.chain(self.visit.choices.iter().copied()) {
            if let Some(code) = layout::code_at_start(self.str(line))
                && !ENTRY.is_match(self.str(line))
                && self.str(line).starts_with(code)
                && !self
                    .visit
                    .modalities
                    .iter()
                    .any(|block| block.line.touches(line.start))
                && self.line(line.start).start == line.start
            {
                self.edits.push(Edit::new(Span::at(line.start), "- "));
            }
        }
    }

    /// The head of a table and its rule say what the lines of its rows say themselves.
    fn table_heads(&mut self) {
        for at in 0..self.visit.prose.len() {
            let span = self.visit.prose[at].span;
            let is_rule = |words: &str| {
                !words.trim().is_empty() && words.chars().all(|c| " \t|:+=-".contains(c))
            };
            // Names of columns that the format has no word for stay.
            if !coded_prose::is_table_head(self.str(span)) || !has_known_columns(self.str(span)) {
                continue;
            }
            let mut end = self.line(span.start).end;
            let next = self.line((end + 1).min(self.text.len()));
            if is_rule(self.str(next)) {
                end = next.end;
            }
            let row = |block: &&Modality| {
                block.is_row
                    && self.text[end..]
                        .find(self.str(block.line))
                        .is_some_and(|at| self.text[end..end + at].trim().is_empty())
            };
            if self.visit.modalities.iter().any(|block| row(&block)) {
                let start = self.line(span.start).start;
                self.replace(Span::new(start, (end + 1).min(self.text.len())), "");
            }
        }
    }

    /// Codes that the chart names as not read, where the sentence gives a time or says that it was done.
    fn codes_in_passing_lines(&mut self) {
        for unread in self.visit.unread_codes.clone() {
            let sentences = coded_prose::sentences(self.text, self.paragraph(unread.code.start));
            let Some(at) = sentences
                .iter()
                .position(|s| s.start <= unread.code.start && unread.code.end <= s.end)
            else {
                continue;
            };
            let sentence = sentences[at];
            let words = self.str(sentence);
            if passing::is_in_passing(words) || passing::leaves_open(words) {
                self.stays(sentence, treatment::reason(Why::NotToday));
                continue;
            }
            let section = self.section_of(unread.code.start);
            if matches!(
                section,
                Some(SectionKind::Subjective | SectionKind::Assessment)
            ) {
                self.stays(sentence, treatment::OTHER_SECTION);
                continue;
            }
            let is_planned =
                section == Some(SectionKind::Plan) && !coded_prose::says_done(self.str(sentence));
            // `97140 was applied for 10 min. G0283 to the mid back for 15 min.`
            let goes_on = || {
                let before = at.checked_sub(1).map(|at| sentences[at]);
                let start = unread.code.start - sentence.start;
                let code = Span::new(start, start + unread.code.len());
                before.is_some_and(|before| {
                    coded_prose::says_done(self.str(before))
                        && coded_prose::names_code(self.text, before)
                }) && !times(self.str(sentence)).is_empty()
                    && is_given(self.str(sentence), code, self.visit.day())
            };
            if is_planned && !goes_on() {
                self.stays(sentence, treatment::reason(Why::NotToday));
                continue;
            }
            let together: Vec<UnreadCode> = self
                .visit
                .unread_codes
                .iter()
                .filter(|u| sentence.start <= u.code.start && u.code.end <= sentence.end)
                .copied()
                .collect();
            // They are read with the first of them.
            if together.first() != Some(&unread) {
                continue;
            }
            self.codes_of_sentence(sentence, &together);
        }
    }

    /// Makes blocks of the codes that a sentence names, where it is clear which words are whose.
    fn codes_of_sentence(&mut self, sentence: Span, unread: &[UnreadCode]) {
        let is_one = unread.len() == 1;
        let mut lines: Vec<String> = Vec::new();
        let mut taken = Vec::new();
        for own in unread {
            let words = if is_one { sentence } else { own.words };
            let code = self.str(own.code).to_ascii_uppercase();
            let times = times(self.str(words));
            let needs_time = procedures::find(&code).is_some_and(|p| p.timing.is_timed());
            let others = unread.iter().filter(|other| words.contains(other.code));
            if others.count() > 1 || times.len() > 1 || needs_time && times.is_empty() {
                self.stays(sentence, treatment::reason(Why::Unclear));
                return;
            }
            let places = places(&code, self.str(words));
            let modifiers = MODIFIERS.find(&self.text[own.code.end..sentence.end]);
            let length = modifiers.map_or(0, |found| found.len());
            taken.push(Span::new(own.code.start, own.code.end + length));
            let code = code + modifiers.map_or("", |found| found.as_str());
            let parts = [code, places, times.into_iter().next().unwrap_or_default()];
            let parts = parts.iter().filter(|p| !p.is_empty()).map(String::as_str);
            lines.push(parts.collect::<Vec<_>>().join(" "));
        }
        for line in &lines {
            self.notice(sentence, Became::Block(line.clone()));
        }
        // Each has its own words below it, if that leaves none over.
        let ends = unread.iter().map(|own| own.words.end);
        let starts = unread.iter().skip(1).map(|own| own.words.start);
        let is_whole = unread
            .first()
            .is_some_and(|own| own.words.start <= sentence.start)
            && unread
                .last()
                .is_some_and(|own| own.words.end >= sentence.end)
            && ends.zip(starts).all(|(end, start)| {
                self.text
                    .get(end..start)
                    .is_some_and(|gap| gap.trim().is_empty())
            });
        let words = if is_one || !is_whole {
            let none = vec![String::new(); lines.len() - 1];
            let all = self.without(sentence, &taken, false);
            none.into_iter().chain([all]).collect()
        } else {
            let each = unread.iter().zip(&taken);
            let each = each.map(|(own, code)| self.without(own.words, &[*code], false));
            each.collect::<Vec<_>>()
        };
        let lines = lines.into_iter().zip(words).flat_map(|(line, words)| {
            let words = (!words.is_empty()).then(|| format!("  technique: {words}"));
            [line].into_iter().chain(words)
        });
        self.put_lines(sentence, &lines.collect::<Vec<_>>());
    }

    fn section_of(&self, at: usize) -> Option<SectionKind> {
        let mut prose = self.visit.prose.iter();
        prose.find(|prose| prose.span.touches(at))?.section
    }

    /// The words that a block stands in: its line where it begins one or is a row, else its sentence.
    pub(super) fn words_of(&self, block: &Modality) -> Span {
        let line = self.line(block.code_span.start);
        let begins = layout::code_at_start(self.str(line).trim_start()).is_some()
            || self.str(line).trim_start().starts_with('[');
        if block.is_row || block.has_own_line || begins {
            return line;
        }
        let prose = self.paragraph(block.code_span.start);
        let sentences = coded_prose::sentences(self.text, prose);
        let own = sentences
            .into_iter()
            .find(|s| s.start <= block.code_span.start && block.code_span.end <= s.end);
        own.unwrap_or(block.line)
    }

    /// The lines of prose around an offset that a line break alone parts.
    pub(super) fn paragraph(&self, at: usize) -> Span {
        let mut paragraphs = self.paragraphs.iter();
        let own = paragraphs.find(|(span, _)| span.start <= at && at <= span.end);
        own.map_or(self.line(at), |(span, _)| *span)
    }

    fn own_lines(&mut self, words: Span, blocks: &[&Modality]) {
        let [first, others @ ..] = blocks else { return };
        let ends = others
            .iter()
            .map(|next| next.line.start.max(words.start))
            .chain([words.end]);
        let mut start = words.start;
        let mut lines = Vec::new();
        let mut asked = Vec::new();
        for (block, end) in blocks.iter().zip(ends) {
            if block.code_span.start < start || end < block.code_span.end {
                return;
            }
            let (part, unread) = self.without_unread(block, Span::new(start, end));
            asked.extend(unread.into_iter().map(|span| joined(self.str(span))));
            let (line, rest) = self.line_and_words(block, part);
            let [said, mut left] = [&line, &rest].map(|words| {
                let words = words.to_lowercase();
                let words = words.split(|c: char| !c.is_alphanumeric());
                let words = words.filter(|word| !word.is_empty()).map(str::to_owned);
                words.collect::<Vec<_>>().into_iter()
            });
            // Some are written out: `bilat` becomes `bilateral`.
            let is_said = left.all(|word| said.clone().any(|whole| whole.starts_with(&word)));
            self.notice(part, Became::Block(line.clone()));
            lines.push(line);
            if !rest.is_empty() && !is_said {
                lines.push(format!("  technique: {rest}"));
            }
            start = end;
        }
        // A line that says no more than it is to say stays, with the details below it.
        let bare = |line: &str| line.replace([' ', '\t'], "");
        if first.has_own_line && blocks.len() == 1 && bare(self.str(words)) == bare(&lines[0]) {
            return;
        }
        // Below a block it would be taken for its technique, and without a stop the next line would go on with it.
        let asked = asked
            .iter()
            .map(|words| words.trim_end_matches([',', ';', '.', ' ']));
        lines.extend(
            asked
                .filter(|words| !words.is_empty())
                .map(|words| format!("{words}.")),
        );
        self.put_lines(words, &lines);
    }

    /// The words of a block without those before and behind it that speak of codes that were not read, and these.
    fn without_unread(&self, block: &Modality, part: Span) -> (Span, Vec<Span>) {
        let durations = block.durations.iter().map(|d| d.span);
        let clock = block.clock.iter().map(|range| range.span);
        let said = durations.chain(clock).chain([block.code_span]);
        let mut own = part;
        for unread in &self.visit.unread_codes {
            // With a time it would be taken for a block on a line of its own.
            if !part.contains(unread.code) || !times(self.str(unread.words)).is_empty() {
                continue;
            }
            if said.clone().all(|span| unread.words.end <= span.start) {
                own.start = own.start.max(unread.words.end);
            } else if said.clone().all(|span| span.end <= unread.words.start) {
                own.end = own.end.min(unread.words.start);
            }
        }
        let asked = [
            Span::new(part.start, own.start),
            Span::new(own.end, part.end),
        ];
        (
            own,
            asked.into_iter().filter(|span| !span.is_empty()).collect(),
        )
    }

    /// Puts lines in the place of words that may stand in the middle of others.
    pub(super) fn put_lines(&mut self, words: Span, lines: &[String]) {
        let line = self.line(words.start);
        let before = &self.text[line.start..words.start];
        let is_first = ENTRY.replace(&format!("{before}."), "") == "." || before.trim().is_empty();
        let start = if is_first { line.start } else { words.start };
        let br = if is_first { "" } else { "\n" };
        let rest = &self.text[words.end..];
        let gap = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let ends_line = rest[gap..].is_empty() || rest[gap..].starts_with('\n');
        let after = if ends_line { "" } else { "\n" };
        self.replace(
            Span::new(start, words.end + gap),
            format!("{br}{}{after}", lines.join("\n")),
        );
    }

    /// The line of a block, and the words of its part of the sentence that the line does not say.
    fn line_and_words(&self, block: &Modality, part: Span) -> (String, String) {
        let mut line = block.code.clone();
        if block.proposed.is_some() {
            line.push('?');
        }
        for modifier in &block.modifiers {
            line.push('-');
            line.push_str(&modifier.code);
        }
        let places = places(&block.code, self.str(part));
        let minutes = block.minutes().stated().filter(|_| block.clock.is_empty());
        // What is not exact stays as it was written: `about 10 min`.
        let rough = block.durations.iter().find(|d| d.inexact != Inexact::No);
        let minutes = minutes.map(|minutes| {
            let rough = rough.map(|rough| joined(self.str(rough.span)));
            rough.unwrap_or_else(|| format!("{minutes} min"))
        });
        let clock = block
            .clock
            .iter()
            .map(|range| range.ends.map(|end| self.str(end)).join("-"));
        let parts = [
            Some(places).filter(|p| !p.is_empty()),
            minutes,
            Some(clock.collect::<Vec<_>>().join(", ")).filter(|c| !c.is_empty()),
            block.claimed.map(|claimed| format!("x{}", claimed.units)),
        ];
        for said in parts.into_iter().flatten() {
            line.push(' ');
            line.push_str(&said);
        }
        let codes: Vec<&str> = block
            .diagnoses
            .iter()
            .map(|d| d.code.as_str())
            .filter(|c| !c.is_empty())
            .collect();
        if !codes.is_empty() {
            line.push_str(" dx ");
            line.push_str(&codes.join("; "));
        }
        let mut said = vec![Span::new(
            block.code_span.start,
            block.modifiers_end.max(block.code_span.end),
        )];
        said.extend(block.modifiers.iter().map(|m| m.span));
        if block.minutes().stated().is_some() && block.clock.is_empty() {
            said.extend(block.durations.iter().map(|d| d.span));
        }
        // In a table the two times stand in cells of their own.
        let clock = block.clock.iter();
        if block.is_row {
            said.extend(clock.flat_map(|c| c.ends));
        } else {
            said.extend(clock.map(|c| c.span));
        }
        said.extend(block.claimed.map(|c| c.span));
        (line, self.without(part, &said, block.is_row))
    }

    /// The words of a part without what a block's line says: codes, times and units that stand by themselves.
    fn without(&self, part: Span, said: &[Span], is_row: bool) -> String {
        pattern!(
            LIST_LABEL,
            r"(?i)^(?:units?|codes?|cpt(?: codes?)?|billing|billed|charges?|procedure codes?|timed codes?|service codes?)\b[^:]{0,20}:\s*"
        );
        pattern!(
            VALUE_LABEL,
            r"(?i)\b(?:minutes?|mins?|time|units?|mod(?:ifiers?)?|cpt(?:[ ]*codes?)?|code|start|stop|from|for|x)[ \t]*[:=#]?[ \t]*$"
        );
        words!(BEGAN, r"(?i)^(?:start|from|time in)\b");
        pattern!(TICK, r"(?i)^(?:\[[ \tx✓✔]*\]|\([ \tx]*\)|[☑☒✓✔])[ \t]*");
        pattern!(UNITS, r"^[ \t]*(?i:units?|min(?:ute)?s?)\b\.?");
        let words = self.str(part);
        let mut said: Vec<Span> = said
            .iter()
            .copied()
            .filter(|s| part.start <= s.start && s.end <= part.end)
            .collect();
        said.sort();
        if is_row {
            let mut cells = Vec::new();
            let mut at = part.start;
            for cell in words.split(['|', '\t']).flat_map(|cell| cell.split("   ")) {
                let found = self.text[at..part.end]
                    .find(cell)
                    .map_or(at, |found| at + found);
                let span = Span::new(found, found + cell.len());
                at = span.end;
                let is_said = said
                    .iter()
                    .any(|s| s.start < span.end && span.start < s.end);
                if is_said {
                    cells.push(self.without(span, &said, false));
                } else {
                    cells.push(cell.trim().to_owned());
                }
            }
            cells.retain(|cell| !cell.is_empty());
            return cells.join(", ");
        }
        // Marks stand for what is said, so that what is around them can be judged.
        let mut out = String::new();
        let mut at = part.start;
        let mut taken = Vec::new();
        for span in said {
            if span.start < at {
                continue;
            }
            let before = &self.text[at..span.start];
            let label = VALUE_LABEL
                .find(before)
                .map_or(before.len(), |found| found.start());
            let is_label =
                before[label..].contains([':', '=', '#']) || BEGAN.is_match(&before[label..]);
            let label = if is_label { label } else { before.len() };
            let unit = UNITS
                .find(&self.text[span.end..part.end])
                .map_or(0, |found| found.end());
            out.push_str(&before[..label]);
            taken.push(&self.text[at + label..span.end + unit]);
            out.push(MARK);
            at = span.end + unit;
        }
        out.push_str(&self.text[at..part.end]);
        let number = layout::number_of_entry(&out);
        let bare = ENTRY.replace(&out, "").into_owned();
        let bare = TICK.replace(&bare, "").into_owned();
        let bare = LIST_LABEL.replace(&bare, "").into_owned();
        let rest = tidied(&bare, MARK, &taken);
        if rest.is_empty() {
            return rest;
        }
        format!("{number}{rest}")
    }
}

/// Whether the lines of a table's rows say themselves what each of its columns is.
fn has_known_columns(head: &str) -> bool {
    pattern!(PARTED, r"\t+|[ ]{2,}|[ ]*\|[ ]*|,[ ]*");
    words!(
        KNOWN,
        r"(?i)^(?:(?:cpt|hcpcs|procedure|service|billing)?[ ]*(?:codes?)?|description|activity|mod(?:ifier)?s?|(?:total[ ]+)?min(?:ute)?s?|units?|(?:start|stop|end)(?:[ ]+time)?|time(?:[ ]+(?:in|out))?|by|dx|region)$"
    );
    PARTED
        .split(head.trim())
        .all(|name| KNOWN.is_match(name.trim()))
}

/// The words without marks that stand by themselves; a mark within a phrase is what it stood for.
fn tidied(words: &str, mark: char, taken: &[&str]) -> String {
    let words = joined(words);
    let chars: Vec<char> = words.chars().collect();
    let edge = |c: Option<&char>| c.is_none_or(|c| ",;:.()[]-–—/|\u{E000}".contains(*c));
    let neighbour = |mut at: isize, step: isize| {
        loop {
            at += step;
            match usize::try_from(at).ok().and_then(|at| chars.get(at)) {
                Some(' ') => {}
                other => return other,
            }
        }
    };
    let mut out = String::new();
    let mut taken = taken.iter();
    for (at, c) in chars.iter().enumerate() {
        if *c != mark {
            out.push(*c);
            continue;
        }
        let said = taken.next().copied().unwrap_or_default();
        let place = at.cast_signed();
        let before = neighbour(place, -1);
        if before.is_some() && (!edge(before) || !edge(neighbour(place, 1))) {
            out.push_str(said);
        }
    }
    pattern!(EMPTY, r"[(\[][\s,;:x-]*[)\]]");
    pattern!(DOUBLED, r"[ ]*([,;:.–-])(?:[ ]*[,;:–-])+");
    pattern!(EDGES, r"^[\s,;:.–—/|-]+|[\s,;:–—/|-]+$");
    let out = EMPTY.replace_all(&out, "");
    let out = DOUBLED.replace_all(&out, "$1");
    let out = EDGES.replace_all(&out, "");
    let out = joined(&out);
    let out = out
        .replace(" ,", ",")
        .replace(" ;", ";")
        .replace(" :", ":")
        .replace(" .", ".");
    out.trim_matches([' ', '.']).to_owned()
}
