//! The places of codes in words.

use crate::pattern::{pattern, words};
use crate::reference::procedures;
use crate::text::Span;

// `97116_GP`, `97116x2`, `97116GP`: none of that is part of the code, and neither is what `CPT97116` begins with.
pattern!(
    pub(super) CODE,
    r"(?i)\b(?:CPT)?(?P<code>\d{5}|[A-Z]\d{4})(?:\b|_|x\d|(?-i:[A-Z][A-Z0-9](?:[A-Z0-9]{2}){0,2}\b))"
);
// `CPT-97116`, `CPT #97116`
words!(IS_CPT, r"(?i)\bcpt(?: codes?)?[ ]?[-#]$");
// `TE-97116-GP 30 min`, `#97116 GP`
words!(LEADS_BILLED, r"(?:^|[,;])[ \t•*-]*(?:[A-Za-z]{2,12}-|#)$");
words!(IS_BILLED, r"^(?:-|[ ]|[ ]?-[ ]?)G[NOP]\b");
// `98101-4423`, `97110.5`, `EX-97110`: figures that go on are no codes.
words!(
    GOES_ON,
    r"^(?:[.-]?\d{3,}|\.(?:\d(?:\D|$)|[0-46-9]\d|5[0-8])|'|[ ]steps\b)"
);
words!(
    /// What stands before a number that is none of a procedure: `Invoice 97140`, `Portland, OR 97124`.
    OTHER_NUMBER,
    r"(?:\bOR|\bOregon|(?i:\b(?:invoice|account|acct|ticket|tel|telephone|phone|fax|ext|extension|room|policy|member|lot|zip|check|(?:claim|case|chart|auth\w*|reference|ref)[ \t]*(?:number|no\.?|num\.?|id|#))(?:[ \t]*(?:number|no\.?|num\.?|code|id))?))[ \t.:#]*$"
);

// `97140-59 (distinct from 97530) 15 min`, `modifier 59 for 97140`: a mention, if the code stands elsewhere, too.
words!(
    MENTIONED,
    r"(?ix)\b(?: (?:distinct|separate(?:ly)?|different|apart)\b[a-z\ /]{0,20}\ from | modifier\ [0-9a-z]{2}\ (?:for|on|to)
        | (?:59|x[epsu])\ (?:due\ to|because\ of|from) )[\ \t]+$"
);
words!(CLOSES, r"^[ \t]*(?:[),;.]|$)");

/// The places of the codes that we know.
pub(super) fn codes(text: &str, span: Span) -> Vec<Span> {
    let words = &text[span.range()];
    let found = CODE
        .captures_iter(words)
        .filter_map(|found| found.name("code"));
    let found = found.filter(|found| {
        let before = words[..found.start()].chars().next_back();
        let words_before = words_before(text, span.start + found.start());
        let is_mentioned = || {
            MENTIONED.is_match(words_before)
                && CLOSES.is_match(&words[found.end()..])
                && text.matches(found.as_str()).nth(1).is_some()
        };
        procedures::find(&found.as_str().to_ascii_uppercase()).is_some()
            && !GOES_ON.is_match(&words[found.end()..])
            && (before.is_none_or(|c| !matches!(c, '-' | '.' | '$' | '#'))
                || IS_CPT.is_match(&words[..found.start()])
                || LEADS_BILLED.is_match(words_before) && IS_BILLED.is_match(&words[found.end()..]))
            && !OTHER_NUMBER.is_match(words_before)
            && !is_mentioned()
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
pub(super) fn last_of(text: &str, start: usize, end: usize, most: usize) -> &str {
    let earliest = text.ceil_char_boundary(end.saturating_sub(most));
    &text[start.max(earliest).min(end)..end]
}
