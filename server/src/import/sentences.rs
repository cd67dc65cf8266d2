//! What the sentences of a visit say: treatment without a code, the length of the session, a diagnosis in a bracket.

use super::layout::{self, ENTRY};
use super::treatment::{self, Proposed};
use super::visit::{Became, Rewriter, joined};
use crate::chart::treatment as given;
use crate::chart::{FieldKind, Modality, SectionKind, Visit, coded_prose, date, time};
use crate::pattern::{pattern, words};
use crate::reference::techniques;
use crate::text::Span;
use crate::text::bullet::BULLET;

words!(LABEL, r"^(?P<label>[A-Za-z][A-Za-z /&'’()-]{1,40}):");
words!(
    /// A box that nobody ticked.
    UNTICKED,
    &format!(r"^(?:{BULLET}[ \t]+)?(?:\[[ \t_]*\]|\([ \t_]*\)|☐)")
);
pattern!(
    /// A diagnosis code in a bracket, or at the start of a line.
    CODE_OF_DIAGNOSIS,
    r"(?:^|[(\[])(?P<code>[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)(?:[)\]]|[ \t]+[-–—:]?|$)"
);
pattern!(
    /// Several diagnosis codes in a bracket.
    CODES_OF_DIAGNOSES,
    r"[(\[][A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?:(?:[ ]*[,;/][ ]*|[ ]+and[ ]+)[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)+[)\]]"
);
words!(
    /// A sentence that says what the diagnosis is.
    SAYS_DIAGNOSIS,
    r"(?i)^\W*(?:(?:her|his|their|the|medical|treating|primary|referring)[ ]+)*(?:diagnos[ei]s|dx)[ ]+(?:is|are|of)\b"
);
pattern!(WHOLE_CODE, r"\b[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\b");
words!(
    RULED_OUT,
    r"(?i)\b(?:rule out|r/o|denies|no|without|negative for|family history|history of|h/o|not)\b"
);
pattern!(
    WHOLE_SESSION,
    r"(?i)\b(?:(?:whole|entire|total|full)[ ]+(?:visit|session|appointment|treatment|therapy|time)|session (?:length|time|lasted|ran|was)|length of (?:the )?(?:visit|session)|(?:was|were) with (?:me|us))\b"
);

impl Rewriter<'_> {
    /// Sentences that tell of treatment without a code, of the whole session, of a diagnosis.
    pub(super) fn sentences(&mut self) {
        let credentials = self.case.credentials().to_vec();
        let today = self.visit.day();
        let mut adjusting = Vec::new();
        let mut proposed: Vec<(Span, Proposed)> = Vec::new();
        let mut titles = Vec::new();
        let mut heading = None;
        for (paragraph, section) in self.paragraphs.clone() {
            let words = self.str(paragraph);
            let label = layout::part(words);
            // A heading of its own holds for the lines below it, up to an empty one or another heading.
            let ends = self.text[..paragraph.start]
                .trim_end_matches([' ', '\t'])
                .ends_with("\n\n");
            let is_heading = words.lines().count() == 1
                && (words.ends_with(':')
                    || label.is_some() && is_day_behind_label(words)
                    || layout::part(words) == label && !words.contains(':') && label.is_some());
            if ends || is_heading {
                heading = None;
            }
            if is_heading {
                heading = label;
            }
            let section = label.or(heading).or(section);
            for sentence in whole_sentences(self.text, paragraph) {
                self.session_in(sentence);
                self.diagnosis_in(sentence);
                if section.is_some_and(|section| !section.is_of_treatment()) {
                    if given::told(self.text, sentence, today).is_ok() {
                        self.stays(sentence, treatment::OTHER_SECTION);
                    }
                    continue;
                }
                let holds =
                    |m: &Modality| sentence.start < m.line.end && m.line.start < sentence.end;
                if self.visit.modalities.iter().any(holds) {
                    continue;
                }
                // What is said of a code is the chart's to read.
                if layout::code_in(self.str(sentence)).is_some() {
                    continue;
                }
                if UNTICKED.is_match(self.str(sentence)) {
                    if given::told(self.text, sentence, today).is_ok() {
                        self.stays(sentence, treatment::reason(given::Why::NotDone));
                    }
                    continue;
                }
                adjusting.push(sentence);
                if self.is_title(paragraph) {
                    titles.push(sentence);
                    continue;
                }
                match treatment::proposed(self.text, sentence, &credentials, today) {
                    Ok(_) if self.is_part(sentence) => self.stays(sentence, treatment::PART),
                    Ok(told)
                        if told
                            .iter()
                            .all(|one| self.is_known(one, paragraph, &proposed)) =>
                    {
                        self.stays(sentence, treatment::SAID_AGAIN);
                    }
                    Ok(told) => {
                        self.propose(sentence, &told);
                        proposed.extend(told.into_iter().map(|one| (paragraph, one)));
                    }
                    Err(Some(why)) => self.stays(sentence, why),
                    Err(None) => {}
                }
            }
        }
        // A title such as `Massage therapy - 60 min` is all that was done only where nothing else says it.
        for title in titles {
            match treatment::proposed(self.text, title, &credentials, today) {
                Ok(_) if !proposed.is_empty() || !self.visit.modalities.is_empty() => {
                    self.stays(title, treatment::SAID_AGAIN);
                }
                Ok(told) => {
                    self.propose(title, &told);
                    proposed.extend(told.into_iter().map(|one| (title, one)));
                }
                Err(Some(why)) => self.stays(title, why),
                Err(None) => {}
            }
        }
        let has_one = self
            .visit
            .modalities
            .iter()
            .any(|m| m.code.starts_with("9894"));
        if !has_one && let Some(told) = treatment::adjustment(self.text, &adjusting, today) {
            self.propose(told.words, std::slice::from_ref(&told));
        }
    }

    /// Whether a block of the note has a treatment already, or another paragraph told of it.
    fn is_known(&self, one: &Proposed, paragraph: Span, proposed: &[(Span, Proposed)]) -> bool {
        words!(MORE, r"(?i)\b(?:another|again|more|additional)\b");
        if one.minutes.is_none() || MORE.is_match(self.str(one.words)) {
            return false;
        }
        let in_block = self
            .visit
            .modalities
            .iter()
            .any(|block| block.code == one.code && block.minutes().stated() == one.minutes);
        let places_agree = |other: &Proposed| {
            other.places == one.places || other.places.is_empty() || one.places.is_empty()
        };
        in_block
            || proposed.iter().any(|(place, other)| {
                *place != paragraph
                    && other.code == one.code
                    && other.technique == one.technique
                    && other.minutes == one.minutes
                    && places_agree(other)
            })
    }

    /// Whether a line above the first section is a title.
    fn is_title(&self, paragraph: Span) -> bool {
        /// A title has no more words than this.
        const MOST_WORDS: usize = 7;
        let words = self.str(paragraph).lines().next().unwrap_or_default();
        let first = self.visit.sections.iter().map(|s| s.name.start).min();
        first.is_some_and(|first| paragraph.end <= first)
            && !words.ends_with(['.', ';'])
            && words.split_whitespace().count() <= MOST_WORDS
            && words.starts_with(char::is_uppercase)
    }

    /// Whether an entry of a list says what was done in the block above the list: `- Hamstring stretches 5 min`.
    fn is_part(&self, sentence: Span) -> bool {
        let is_entry = |line: &str| ENTRY.is_match(line.trim_start());
        let mut line = self.line(sentence.start);
        if !is_entry(self.str(line)) {
            return false;
        }
        while line.start > 0 && is_entry(self.str(line)) {
            line = self.line(line.start - 1);
        }
        let mut blocks = self.visit.modalities.iter();
        let Some(block) = blocks.find(|b| b.line.touches(line.start) || b.line.touches(line.end))
        else {
            return false;
        };
        let found = techniques::find_in(self.str(sentence));
        let mut found = found.iter().filter(|technique| technique.decisive);
        found.any(|t| t.technique.accepted.contains(&block.code.as_str()))
    }

    fn propose(&mut self, sentence: Span, told: &[Proposed]) {
        let mut lines = Vec::new();
        let line = self.line(sentence.start);
        let number = layout::number_of_entry(self.str(line).trim_start());
        let before = self.text[line.start..sentence.start].trim();
        let mut number = if before.is_empty() || before == number.trim_end() {
            number
        } else {
            ""
        };
        let mut at = sentence.start;
        for one in told {
            lines.extend(self.between(Span::new(at, one.words.start.max(at))));
            at = one.words.end;
            let words = self.str(one.words);
            let parts = [
                format!("{}?", one.code),
                one.places.clone(),
                one.time.clone(),
            ];
            let parts = parts.iter().filter(|p| !p.is_empty()).map(String::as_str);
            let line = parts.collect::<Vec<_>>().join(" ");
            self.notice(one.words, Became::Proposal(line.clone()));
            lines.push(line);
            let words = joined(words);
            let words = ENTRY.replace(&words, "");
            let words = words.trim_matches([',', ';', ' ']);
            let number = std::mem::take(&mut number);
            lines.push(format!("  technique: {number}{words}"));
        }
        lines.extend(self.between(Span::new(at.min(sentence.end), sentence.end)));
        self.put_lines(sentence, &lines);
    }

    /// The words of a list that are no treatment that is known, as a line of their own.
    fn between(&self, words: Span) -> Option<String> {
        let words = joined(self.str(words));
        let words = words.trim_matches([',', ';', ' ', '.']);
        words
            .contains(char::is_alphanumeric)
            .then(|| words.to_owned())
    }

    pub(super) fn stays(&mut self, sentence: Span, why: &'static str) {
        self.notice(sentence, Became::Prose(why));
    }

    /// `The whole session was an hour.`
    fn session_in(&mut self, sentence: Span) {
        let words = self.str(sentence);
        if self.visit.field(FieldKind::Session).is_some()
            || self.top.iter().any(|line| line.starts_with("session:"))
        {
            return;
        }
        let Some(found) = WHOLE_SESSION.find(words) else {
            return;
        };
        let behind = time::durations(words, 0);
        if let Some(time) = behind.iter().find(|time| time.span.start >= found.end()) {
            let line = format!("session: {} min", time.minutes);
            self.notice(sentence, Became::Field(line.clone()));
            self.top.push(line);
        }
    }

    /// `a left MCA stroke (I69.351)`: a code in a bracket is a diagnosis, wherever it stands.
    fn diagnosis_in(&mut self, sentence: Span) {
        let words = self.str(sentence);
        let line = self.line(sentence.start);
        let is_entry = ENTRY.is_match(self.str(line))
            && !self.str(line).trim_end_matches([')', ']', '.']).is_empty();
        let alone = CODE_OF_DIAGNOSIS.captures_iter(words);
        let alone = alone.filter_map(|found| Some(found.name("code")?.range()));
        let lists = CODES_OF_DIAGNOSES.find_iter(words).map(|list| list.range());
        let said = SAYS_DIAGNOSIS.is_match(words).then_some(0..words.len());
        let listed = lists.chain(said).flat_map(|list| {
            let codes = WHOLE_CODE.find_iter(&words[list.clone()]);
            codes.map(move |code| list.start + code.start()..list.start + code.end())
        });
        for code in alone.chain(listed) {
            if RULED_OUT.is_match(&words[..code.start]) {
                continue;
            }
            let code = &words[code];
            let known = self.visit.diagnoses.iter().any(|d| d.code == code)
                || self.case.diagnoses().any(|d| d.code == code);
            let line_for = format!("dx: {code}");
            if known || !self.is_diagnosis(code) || self.top.contains(&line_for) {
                continue;
            }
            let at_start = words.starts_with(code) && line.start == sentence.start;
            if at_start || is_entry && self.str(line).trim_end().ends_with([')', ']']) {
                let field = format!("dx: {}", ENTRY.replace(self.str(line).trim(), ""));
                self.notice(line, Became::Field(field.clone()));
                self.replace(line, field);
            } else {
                self.notice(sentence, Became::Field(line_for.clone()));
                self.top.push(line_for);
            }
        }
    }

    fn is_diagnosis(&self, code: &str) -> bool {
        let known = self.case.release().find(code);
        known.is_some_and(|entry| entry.billable || code.contains('.'))
    }
}

/// The lines of prose that follow each other in one section, entries of lists apart.
pub(super) fn paragraphs(text: &str, visit: &Visit) -> Vec<(Span, Option<SectionKind>)> {
    let mut all: Vec<(Span, Option<SectionKind>)> = Vec::new();
    // Where nobody wrote a stop, as dictation programs do not, the lines are the sentences.
    let has_stops = visit.prose.iter().any(|prose| {
        let words = &text[prose.span.range()];
        words.contains(". ") || words.ends_with('.')
    });
    for prose in &visit.prose {
        let words = &text[prose.span.range()];
        match all.last_mut() {
            Some((last, section))
                if has_stops
                    && *section == prose.section
                    && text[last.end.min(prose.span.start)..prose.span.start]
                        .trim_matches([' ', '\t'])
                        == "\n"
                    && is_wrapped(text, *last, words)
                    && !ENTRY.is_match(words)
                    && !words.starts_with(['[', '☐', '☑', '☒', '✓', '✔'])
                    && !words.starts_with("( )")
                    && !words.starts_with("(x)")
                    && !LABEL.is_match(words)
                    && layout::part(words).is_none()
                    && !CODE_OF_DIAGNOSIS.is_match(words.split(' ').next().unwrap_or_default())
                    && layout::part(&text[last.range()])
                        .is_none_or(|_| text[last.range()].contains(' ')) =>
            {
                last.end = prose.span.end;
            }
            _ => all.push((prose.span, prose.section)),
        }
    }
    all
}

/// Whether a line goes on in the next one: it is as long as lines are that somebody wrapped, or the next one goes on in
/// small letters. A title is neither.
fn is_wrapped(text: &str, before: Span, next: &str) -> bool {
    /// Lines that are shorter than this were ended on purpose.
    const SHORTEST: usize = 50;
    /// Before one that begins with a small letter.
    const SHORTEST_OF_TWO: usize = 40;
    let before = &text[before.range()];
    let line = before.rsplit('\n').next().unwrap_or(before);
    // Who writes all in small letters begins a short line with one, too.
    let goes_on = next.starts_with(char::is_lowercase) && line.chars().count() >= SHORTEST_OF_TWO;
    // `each with / 15 minutes of`
    let is_amid = next.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
        && coded_prose::dangles(line);
    if goes_on || is_amid || next.starts_with('(') {
        return true;
    }
    let is_entry = ends_with_time(line)
        || begins_entry(next)
        || [line, next].iter().any(|line| line.contains("...."));
    line.chars().count() >= SHORTEST && !is_entry
}

/// Whether a line is whole because its time stands at its end: `Bed mobility, rolling, 16 min`.
fn ends_with_time(line: &str) -> bool {
    let line = line.trim_end_matches([' ', '\t', '.', ')', ']']);
    let last = time::durations(line, 0).last().map(|last| last.span.end);
    last == Some(line.len())
}

/// Whether a line begins with its time or a label: `18 min: balance on foam`, `Education: pacing`.
fn begins_entry(line: &str) -> bool {
    words!(
        LABELLED,
        r"^[A-Z][A-Za-z/&-]*(?:[ ][A-Za-z/&-]+){0,3}[ ]*(?::[ ]|[ ]-[ ])"
    );
    /// `MT x 12': L3-5 PA`: a treatment and its time stand so near the beginning.
    const NEAR: usize = 30;
    let durations = time::durations(line, 0).into_iter().map(|d| d.span.start);
    let clock = time::clock_ranges(line, 0)
        .into_iter()
        .map(|c| c.span.start);
    let first = durations.chain(clock).min();
    let is_named = |first: usize| {
        let name = &line[..first];
        first <= NEAR
            && name.starts_with(char::is_uppercase)
            && !techniques::find_in(name).is_empty()
    };
    first == Some(0) || first.is_some_and(is_named) || LABELLED.is_match(line)
}

/// The sentences of a paragraph; an initial or a title ends none.
fn whole_sentences(text: &str, paragraph: Span) -> Vec<Span> {
    words!(
        GOES_ON,
        r"(?:\b[A-Z]|\b(?:Dr|Mr|Mrs|Ms|St|approx|vs|incl|min|mins|ex))\.$"
    );
    let mut all: Vec<Span> = Vec::new();
    for sentence in coded_prose::sentences(text, paragraph) {
        match all.last_mut() {
            Some(last)
                if GOES_ON.is_match(&text[last.range()])
                    && !says_treatment(&text[last.range()])
                    && !text[last.end..sentence.start].contains("\n\n") =>
            {
                last.end = sentence.end;
            }
            _ => all.push(sentence),
        }
    }
    all
}

/// Whether a sentence names a treatment, so that `30 min.` at its end ends it.
fn says_treatment(words: &str) -> bool {
    let is_of_time = words.ends_with("min.") || words.ends_with("mins.");
    is_of_time && techniques::find_in(words).iter().any(|t| t.decisive)
}

/// Whether a label has only a day behind it: `Next visit: 11/27/2026`.
fn is_day_behind_label(words: &str) -> bool {
    let Some((_, value)) = words.split_once(':') else {
        return false;
    };
    let found = date::at_start(value.trim());
    found.is_some_and(|found| found.span.end == value.trim().len())
}
