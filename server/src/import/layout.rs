//! The lines of other people's notes, each made one that the chart reads: page heads once, one label on a line, the day of
//! each visit, the names of sections, signatures. Only what a line's shape says is used here.

use std::collections::HashSet;

use jiff::civil::Date;

use super::{grid, log};

use crate::chart::{FieldKind, credential, date, time};
use crate::pattern::pattern;
use crate::reference::procedures;
use crate::text::bullet::{BULLET, MARKS};
use crate::text::headings;
use crate::text::labels;

pattern!(
    /// The number of a page, which record systems print at its head or foot.
    PAGE,
    r"(?i)(?:^|\s{2,}|\|\s*)(?:page|pg\.?)\s+\d+(?:\s*(?:of|/)\s*\d+)?\s*(?:$|\||\s{2,})"
);
pattern!(WIDE, r"\t+|[ ]{2,}|[ ]+\|[ ]+");
pattern!(pub(super) ENTRY, &format!(r"^{BULLET}[ \t]+"));
pattern!(
    OUTLINE,
    &format!(r"^(?:[{MARKS}#]+|[A-Z0-9IVX]{{1,4}}[.)])[ \t]+")
);
pattern!(
    /// Treatment by another name than `Treatment`.
    TREATMENT,
    r"(?i)^(?:today['’]?s[ ]+)?(?:(?:treatments?|interventions?|procedures?)[ ]*(?:and|/|&)?[ ]*)+(?:(?:today|provided|performed|rendered|given|delivered|used|applied|received|completed|procedures)[ ]*)*(?P<end>[:=][ \t]*|$)"
);
pattern!(
    /// What record systems call the parts of a note. Their words stay.
    PART,
    r"(?ix)^(?:
        (?P<said> chief\ complaints? | history | hx | hpi | history\ of\ (?:present\ illness|injury|condition) | (?:past\ )?(?:medical|social|family|surgical)\ history | pmh
            | (?:past|prior|previous)\ [^:]{3,30} | review\ of\ systems | ros | patient\ reports? | client\ reports? | prior\ level\ of\ function | living\ situation )
      | (?P<found> (?:physical\ )?exam(?:ination)? | findings | observations? | measurements? | range\ of\ motion | palpation | vitals? | tests? )
      | (?P<meant> impressions? | assessment\ (?:and|&|/)\ plan | clinical\ impressions? | progress | evaluation )
      | (?P<next> recommendations? | follow[-\ ]?ups? | next\ (?:visit|session|appointment)(?:\ plan)? | home\ (?:program|exercises?|exercise\ program|care) | hep | homework | self[-\ ]care
            | (?:patient\ )?education | discharge\ plan | plan(?:ned)?\ (?:for|of)\ [\w\ ]{3,20} | future\ (?:visits?|sessions?|treatments?) | orders? | frequency(?:\ ?/\ ?duration)?
            | (?:pt\ |patient\ |client\ )?(?:not\ (?:done|performed|given)|deferred|declined|refused|held)(?:\ today)? )
    )\ *(?::|$)"
);
pattern!(
    /// Who signed, in the words that record systems print before the name.
    SIGNED,
    r"(?i)^(?:(?:electronically|digitally|e-?)[ \t]*)?(?:signed|signatures?|sig)\b[.,:]?(?:[ \t]+(?:electronically|digitally)\b)?(?:[ \t]+by\b:?)?[ \t]*|^/s/[: \t]*"
);
pattern!(
    SESSION,
    r"(?i)^(?:time[ \t]+in|start(?:ed)?(?:[ \t]+(?:time|of[ \t]+session))?|session)\b[: \t]*"
);
pattern!(
    /// What a line that gives the day of a visit says beside it: `Daily note 3 -`, `Massage note for`.
    TITLE,
    r"(?i)^(?:[\w'’&/().#-]+[ ,:–—-]+){0,5}?(?:note|visit|session|treatment|encounter|evaluation|eval|appointment|record|report|summary|seen)\b(?:[ ]*\#?\d{1,3})?(?:[ ]*(?:of|for|on|from|dated?|[-–—:|,]))*[ ]*$"
);
pattern!(
    /// Where in a sentence the day of the visit stands: `seen on November 12, 2026`.
    SEEN,
    r"(?i)\b(?:note|visit|session|treatment|encounter|evaluation|evaluated|appointment|seen|treated|came in|presents?|massage|therapy|adjustment)\b[^.;]{0,60}?\b(?:on|for|of|from|dated)?[ ,]*$"
);
pattern!(
    /// Another day than that of the visit.
    OTHER_DAY,
    r"(?i)\b(?:last|next|previous|prior|since|until|through|referr\w*|prescri\w*|injur\w*|accident|surgery|order(?:ed)?|onset|birth|dob|born|due|scheduled|return|re-?eval\w*|plan dated|by|expires?|effective|authori[sz]\w*)\b"
);

pattern!(
    /// The day of the visit behind a name, at the head of a page.
    INNER_DAY,
    r"(?i)^(?:[^\s:]+[ ,]+){1,5}?[ |,;–-]*\b(?P<day>(?:DOS|D\.O\.S\.|date of service|service date|visit date)[ :]+[ ]*(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|[A-Z][a-z]{2,8}\.? \d))"
);
pattern!(
    /// A goal at the end of a line that says other things before it.
    INNER_GOAL,
    r"[.;][ \t]+(?P<label>(?:(?i:short|long)[- ]term[ ])?(?:Goal|GOAL|STG|LTG)s?(?:[ ]*#?\d)?:[ \t]+[^:]+$)"
);
pattern!(
    /// The label of a list of goals with the time for them: `Short Term Goals (4 weeks):`.
    GOALS_UNTIL,
    r"(?i)^(?P<label>(?:(?:short|long)[- ]term[ ]+)?goals?|stgs?|ltgs?)[ \t]*(?P<until>\([^)]*\))[ \t]*:?$"
);
pattern!(
    /// Any other date than of a visit's parts at the head of a note: `INTAKE DATE`.
    OF_DATE,
    r"(?i)^(?:[a-z]+[ ]+){0,2}date[: \t]*$"
);
pattern!(
    /// What stands between the two times of a session.
    UNTIL,
    r"(?i)[,;]?\s*\b(?:end(?:ed)?|stop(?:ped)?|finish(?:ed)?|(?:time\s+)?out)(?:\s+(?:time|of\s+session|at))*\s*[:=]?\s*"
);
pattern!(
    DAY_LABEL,
    r"(?i)^(?:d\.o\.s\.|date of (?:evaluation|re-?evaluation|exam(?:ination)?|treatment|session|appointment|therapy)|(?:evaluation|exam|appointment|therapy) date)[ \t]*[:=]?[ \t]+"
);
pattern!(
    /// An addendum whose day stands before the colon.
    ADDENDUM,
    r"(?i)^addendum[ \t]+(?:on[ \t]+|of[ \t]+)?\b"
);
pattern!(SLASHED, r"^[SOAP]/[ \t]");
pattern!(
    MISSPELLED,
    r"(?i)^(?:ass?ess?e?ment|assessement)(?:[ ]*[:=][ \t]*|$)"
);
pattern!(
    WEEKDAY,
    r"(?i)\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]*[ ]*$"
);

/// The two times of a session as a range, `9:00-9:55`, with what stands behind it.
pub fn session(words: &str) -> Option<(String, String)> {
    let joined = UNTIL.replace(words, "-");
    let ranges = time::clock_ranges(&joined, 0);
    let [range] = ranges.as_slice() else {
        return None;
    };
    let [from, to] = range.ends.map(|end| &joined[end.range()]);
    let rest = joined[range.span.end..].trim_start_matches([' ', ',', ';', '.', '-']);
    (range.span.start == 0).then(|| (format!("{from}-{to}"), rest.to_owned()))
}

/// The lines as the chart reads them.
pub fn tidy(text: &str) -> Vec<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{c}'], "\n");
    // `> `: quoted in an electronic mail.
    let lines = text
        .lines()
        .map(|line| line.trim_start_matches("> ").trim_end().to_owned());
    let lines = without_page_heads(lines.collect());
    let lines = log::in_visits(lines);
    let lines: Vec<String> = lines.iter().flat_map(|line| entries_apart(line)).collect();
    let lines = codes_below_labels(&lines);
    let lines = grid::in_lines(&lines);
    let lines = level(lines);
    let lines = lines.iter().flat_map(|line| labels_apart(line)).collect();
    let lines = goals_until(lines);
    let lines = values_beside_labels(lines);
    let lines = lines.into_iter().map(|line| named(&line)).collect();
    apart(days(lines))
}

/// `P - 98940 L5` above another line of a code: the label stands above the list.
fn codes_below_labels(lines: &[String]) -> Vec<String> {
    pattern!(
        LETTER,
        r"(?i)^[ \t]*(?:[soap]|tx|plan|procedures?)[ \t]*[-–—:][ \t]*"
    );
    let mut out = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let label = LETTER.find(line);
        let label = label.filter(|label| code_at_start(&line[label.end()..]).is_some());
        let next = lines.get(at + 1).map(|next| next.trim_start());
        match label {
            Some(label) if next.is_some_and(|next| code_at_start(next).is_some()) => {
                let name = label
                    .as_str()
                    .trim_end_matches([' ', '\t', '-', '–', '—', ':']);
                out.push(format!("{name}:"));
                out.push(line[label.end()..].to_owned());
            }
            _ => out.push(line.clone()),
        }
    }
    out
}

/// `1. Massage 30 min 2. Ultrasound 8 min`, `[x] Massage 30 min [ ] Heat 10 min`: each entry begins a line of its own.
fn entries_apart(line: &str) -> Vec<String> {
    pattern!(
        BOX,
        r"(?:^|[ \t])(?P<mark>\[[ xX✓✔_]?\]|\([ xX]\)|[☐☑☒])[ \t]*\S"
    );
    pattern!(
        NUMBER,
        r"(?:^|[ \t])(?P<mark>(?P<number>\d{1,2})[.)])[ \t]+\S"
    );
    let starts = |pattern: &regex::Regex| -> Vec<usize> {
        let found = pattern.captures_iter(line);
        found
            .filter_map(|found| Some(found.name("mark")?.start()))
            .collect()
    };
    let numbers = NUMBER
        .captures_iter(line)
        .map(|found| found["number"].parse::<usize>().ok());
    let is_counted = numbers
        .zip(1..)
        .all(|(number, place)| number == Some(place));
    let starts = match (starts(&BOX), starts(&NUMBER)) {
        (boxes, _) if boxes.len() > 1 => boxes,
        (_, numbers) if numbers.len() > 1 && is_counted => numbers,
        _ => return vec![line.to_owned()],
    };
    let ends = starts[1..].iter().copied().chain([line.len()]);
    let entries: Vec<&str> = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| line[*start..end].trim_end())
        .collect();
    // Only what was done: a list of findings stays as it is.
    let is_treatment =
        |entry: &&str| code_in(entry).is_some() || !time::durations(entry, 0).is_empty();
    if !entries.iter().all(is_treatment) {
        return vec![line.to_owned()];
    }
    let before = line[..starts[0]].trim_end();
    let before = Some(before).filter(|before| !before.is_empty());
    before
        .into_iter()
        .chain(entries)
        .map(str::to_owned)
        .collect()
}

/// Each further visit stands below an empty line.
fn apart(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut has_visit = false;
    for line in lines {
        let begins = line.starts_with("visit:");
        if begins && has_visit && out.last().is_some_and(|line| !line.trim().is_empty()) {
            out.push(String::new());
        }
        has_visit |= begins;
        out.push(line);
    }
    out
}

/// The lines of a page's head and foot stand once: those that stand around the number of another page as well, in the same
/// places. What says who signed and what was done is none of them.
fn without_page_heads(lines: Vec<String>) -> Vec<String> {
    let numbers: Vec<usize> = (0..lines.len())
        .filter(|at| PAGE.is_match(lines[*at].trim()))
        .collect();
    let Some((&first, others)) = numbers.split_first() else {
        return lines;
    };
    let bare = |at: usize| PAGE.replace(lines[at].trim(), "").trim().to_owned();
    let same = |at: usize, as_before: usize| {
        let words = bare(at);
        at != as_before
            && words == bare(as_before)
            && (words.is_empty() || !SIGNED.is_match(&words) && code_in(&words).is_none())
    };
    let mut again: HashSet<usize> = HashSet::new();
    for &number in &numbers {
        // The head of a page is as the note begins, or as the page before it began.
        for head in [0, first] {
            let below = (number..lines.len()).zip(head..number);
            again.extend(
                below
                    .take_while(|(at, before)| same(*at, *before))
                    .map(|(at, _)| at),
            );
            let below = (number + 1..lines.len()).zip(head..number);
            again.extend(
                below
                    .take_while(|(at, before)| same(*at, *before))
                    .map(|(at, _)| at),
            );
        }
        let above = (first + 1..number).rev().zip((0..first).rev());
        again.extend(
            above
                .take_while(|(at, before)| same(*at, *before))
                .map(|(at, _)| at),
        );
    }
    again.retain(|at| *at > first);
    let kept = lines
        .iter()
        .enumerate()
        .filter(|(at, _)| !again.contains(at));
    let line = |(at, line): (usize, &String)| {
        let Some(number) = PAGE.find(line) else {
            return vec![line.clone()];
        };
        let rest = line[..number.start()].trim_end().to_owned() + &line[number.end()..];
        let rest = Some(rest).filter(|rest| !rest.trim().is_empty());
        // The number of the first page is a remark, so that it divides no sentence; those of the others say no more.
        let number = format!("// {}", number.as_str().trim_matches([' ', '\t', '|']));
        rest.into_iter()
            .chain((!others.contains(&at)).then_some(number))
            .collect()
    };
    kept.flat_map(line).collect()
}

pattern!(
    UNFINISHED,
    r"(?i)(?:\b(?:of|the|and|or|with|to|for|in|by|a|an|from|add|bill|billed|code|codes|use|than|as|is|was)|,)$"
);

/// Lines begin in the first column, but for those below a code, which speak of it.
fn level(lines: Vec<String>) -> Vec<String> {
    let mut below_code = false;
    let mut levelled: Vec<String> = Vec::new();
    for line in lines {
        let words = line.trim_start();
        let is_indented = words.len() < line.len();
        let has_code = code_at_start(words).is_some();
        match levelled.last_mut() {
            _ if words.is_empty() => {
                below_code = false;
                levelled.push(String::new());
            }
            _ if is_indented && below_code => levelled.push(line),
            // A sentence that goes on with a code is no line of that code.
            Some(last)
                if has_code
                    && last.len() > 40
                    && !WIDE.is_match(last)
                    && UNFINISHED.is_match(last) =>
            {
                last.push(' ');
                last.push_str(words);
            }
            _ => {
                below_code = has_code;
                levelled.push(words.to_owned());
            }
        }
    }
    levelled
}

/// The code with which a line begins, behind a bullet or a label.
pub fn code_at_start(line: &str) -> Option<&str> {
    pattern!(
        CODE_LINE,
        &format!(
            r"(?i)^(?:{BULLET}[ \t]+)?(?:(?:cpt|hcpcs|code)(?:[ ]*code)?[ \t:#]*)?(?P<code>\d{{5}}|[A-Z]\d{{4}})(?:[^\w.]|$)"
        )
    );
    let found = CODE_LINE.captures(line)?;
    found.name("code").map(|code| code.as_str())
}

/// A code that a procedure has, anywhere in a line.
pub fn code_in(line: &str) -> Option<&str> {
    pattern!(CODE, r"(?i)\b(?:\d{5}|[A-Z]\d{4})\b");
    let mut found = CODE.find_iter(line).map(|code| code.as_str());
    found.find(|code| procedures::find(&code.to_ascii_uppercase()).is_some())
}

/// `Visit Date: 11/20/2026     Payer: Aetna`: each label begins a line of its own.
fn labels_apart(line: &str) -> Vec<String> {
    let is_label = |words: &str| {
        let key = words
            .split_once(':')
            .and_then(|(label, _)| labels::key_of(label));
        key.is_some_and(|key| !matches!(key, "session" | "time" | "note"))
    };
    // `Insurer<tab>Blue Shield`: the label is a cell of its own.
    let gap = WIDE.find(line).filter(|gap| gap.start() > 0);
    if let Some((label, value)) = gap.map(|gap| (&line[..gap.start()], &line[gap.end()..]))
        && FieldKind::of_key(label)
            .is_some_and(|kind| !kind.is_detail() || kind == FieldKind::Diagnosis)
        && label.len() > 1
        && !label.trim_end().ends_with(':')
    {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        return vec![format!("{}: {value}", label.trim())];
    }
    // `Date<tab>11/20/2026`
    if let Some((label, value)) = gap.map(|gap| (&line[..gap.start()], &line[gap.end()..]))
        && labels::key_of(label) == Some("visit")
        && date::at_start(value).is_some_and(|found| found.span.end == value.trim_end().len())
    {
        return vec![format!("Date: {value}")];
    }
    // `… improving. Goal: lift 25 lb`
    if let Some(found) = INNER_GOAL
        .captures(line)
        .and_then(|found| found.name("label"))
    {
        let (before, goal) = (line[..found.start()].trim_end(), &line[found.start()..]);
        return [labels_apart(before), vec![goal.to_owned()]].concat();
    }
    let begins = is_label(line);
    let mut starts = vec![0];
    for gap in WIDE.find_iter(line) {
        let cell = &line[gap.end()..];
        // Beside a label that is known, any other words in wide blanks are no part of its value.
        let is_apart = begins && gap.len() > 2 && !line[..gap.start()].ends_with(':');
        if gap.start() > 0 && (is_label(cell) || is_apart) {
            starts.push(gap.end());
        }
    }
    // `N. Example, DOS: 03/11/2026`: the day of the visit within the head of a page.
    if let Some(found) = INNER_DAY.captures(line).and_then(|found| found.name("day"))
        && starts.len() == 1
    {
        let before = line[..found.start()].trim_end_matches([' ', ',', ';', '|', '\t', '-', '–']);
        return vec![before.to_owned(), line[found.start()..].to_owned()];
    }
    if starts.len() == 1 {
        return vec![line.to_owned()];
    }
    let ends = starts[1..].iter().copied().chain([line.len()]);
    let parts = starts.iter().zip(ends);
    let parts = parts.map(|(start, end)| line[*start..end].trim_end_matches([' ', '\t', '|']));
    parts.map(str::to_owned).collect()
}

/// The time for a list of goals stands above the label of the list.
fn goals_until(lines: Vec<String>) -> Vec<String> {
    let mut out = Vec::new();
    for line in lines {
        match GOALS_UNTIL.captures(line.trim()) {
            Some(found) => {
                out.push(found["until"].to_owned());
                out.push(format!("{}:", &found["label"]));
            }
            None => out.push(line),
        }
    }
    out
}

/// `INSURANCE` alone on a line, its value on the next: one line. A list of diagnoses or goals follows its label's colon.
fn values_beside_labels(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut label: Option<FieldKind> = None;
    for line in lines {
        let words = line.trim();
        if let Some(kind) = label.take()
            && !words.is_empty()
            && !words.contains(':')
            && let Some(last) = out.last_mut()
        {
            *last = format!("{}: {words}", kind.key());
            continue;
        }
        let bare = OUTLINE.replace(words, "");
        let bare = bare.trim_end_matches(':');
        let kind = FieldKind::of_key(bare).filter(|_| bare.len() > 2);
        match kind {
            Some(FieldKind::Diagnosis | FieldKind::Goal) if !words.ends_with(':') => {
                out.push(format!("{bare}:"));
                continue;
            }
            Some(FieldKind::Payer | FieldKind::Referral | FieldKind::Provider) => label = kind,
            _ => {}
        }
        out.push(line);
    }
    out
}

/// The line with the usual name of a section, a session or a signature.
fn named(line: &str) -> String {
    let bare = OUTLINE.replace(line, "");
    // A day under a label that no visit of the format begins with.
    if let Some(label) = DAY_LABEL.find(&bare) {
        return format!("Date of Service: {}", &bare[label.end()..]);
    }
    if let Some(label) = ADDENDUM.find(&bare)
        && date::at_start(&bare[label.end()..]).is_some()
    {
        return format!("addendum: {}", &bare[label.end()..]);
    }
    if SLASHED.is_match(line) {
        return format!("{}:{}", &line[..1], &line[2..]);
    }
    if let Some(found) = MISSPELLED.find(&bare) {
        return format!("A: {}", &bare[found.end()..]).trim_end().to_owned();
    }
    if let Some(found) = TREATMENT.captures(&bare)
        && let Some(end) = found.name("end")
        && labels::key_of(&bare[..end.start()]).is_none_or(|key| key == "technique")
    {
        let rest = &bare[end.end()..];
        return format!("Tx: {rest}").trim_end().to_owned();
    }
    if let Some(label) = SESSION.find(line)
        && let Some((range, rest)) = session(&line[label.end()..])
    {
        let rest = if rest.is_empty() {
            rest
        } else {
            format!("\n{rest}")
        };
        return format!("session: {range}{rest}");
    }
    if let Some(who) = signature(line) {
        return format!("signed: {who}");
    }
    line.to_owned()
}

/// Who signed, if a line is a signature.
fn signature(line: &str) -> Option<&str> {
    let label = SIGNED.find(line)?;
    let who = &line[label.end()..];
    let is_name = who.starts_with(|c: char| c.is_uppercase());
    let has_label = label.as_str().trim_end().ends_with([':', '/', '.', ',']);
    let is_signer = !credential::find_in(who).is_empty() || has_label;
    (is_name && is_signer).then_some(who)
}

/// The part of the note that a line's own words say it belongs to, where they are no section's name.
pub fn part(line: &str) -> Option<crate::chart::SectionKind> {
    use crate::chart::SectionKind as S;
    let found = PART.captures(line)?;
    let is = |name: &str| found.name(name).is_some();
    Some(match () {
        () if is("said") => S::Subjective,
        () if is("found") => S::Objective,
        () if is("meant") => S::Assessment,
        () => S::Plan,
    })
}

/// Each visit begins with `visit:` and its day, above its title.
fn days(lines: Vec<String>) -> Vec<String> {
    let mut lines = lines;
    let marks = ['=', '*', '#', '_', '-', '–', '—', ' '];
    for line in &mut lines {
        let words = line.trim_matches(marks);
        let Some(found) = date::at_start(words) else {
            // `Visit #3 (11/20/2026)`
            if let Some(day) = day_of_title(words) {
                *line = format!("visit: {day}\n{line}");
            }
            continue;
        };
        let rest = words[found.span.end..].trim_start_matches([',', '.', ':', ' ', '-', '–', '—']);
        let is_alone = rest.is_empty() || TITLE.is_match(rest) && rest.split(' ').count() <= 5;
        if let Some(day) = found.day.filter(|_| is_alone) {
            let heading = format!("visit: {day} {rest}");
            heading.trim_end().clone_into(line);
        }
    }
    let text = lines.join("\n");
    let starts = headings::visits(&text);
    if starts.is_empty() {
        return day_in_words(lines);
    }
    let mut out: Vec<String> = Vec::new();
    let mut open = None;
    let mut offset = 0;
    for line in text.split('\n') {
        let begins = starts.binary_search(&offset).is_ok();
        offset += line.len() + 1;
        let words = line.trim();
        let label = words.find([':', ' ', '\t']).and_then(|_| {
            // `DOS: 10-22-26`: figures that are a day only behind a label.
            let found = date::find_in(words, 0).into_iter().next().or_else(|| {
                let at = words.find(':')? + 1;
                let value = &words[at..];
                let start = at + value.len() - value.trim_start().len();
                let mut found = date::at_start(&words[start..])?;
                found.span = found.span.shifted(start);
                Some(found)
            })?;
            let key = WEEKDAY.replace(&words[..found.span.start], "");
            let key = key.trim_end_matches([' ', ':', '\t']);
            labels::is_of_day(ENTRY.replace(key, "").trim()).then_some(found)
        });
        match label.and_then(|found| Some((found, found.day?))) {
            Some((found, day)) if begins => {
                let rest = words[found.span.end..].trim_start_matches([',', ' ', '\t']);
                out.push(format!("visit: {day} {rest}").trim_end().to_owned());
                open = Some(day);
                above_title(&mut out);
            }
            // The day once more, at the head of a page.
            Some((found, day)) if open == Some(day) && found.span.end == words.len() => {}
            _ => out.push(line.to_owned()),
        }
    }
    out
}

/// The day of a title that ends with it, such as `Visit 3 - 11/20/2026`.
fn day_of_title(line: &str) -> Option<Date> {
    pattern!(
        BEGINS,
        r"(?i)\b(?:note|visit|session|treatment|encounter|record)\b"
    );
    let found = date::find_in(line, 0).into_iter().next()?;
    let before = WEEKDAY.replace(&line[..found.span.start], "");
    let before = before.trim_end_matches(['(', '[', ' ']);
    if labels::key_of(before).is_some() {
        return None;
    }
    let after = line[found.span.end..].trim_matches([')', ']', '.', ' ']);
    let is_title = TITLE.is_match(before) && BEGINS.is_match(before) && !OTHER_DAY.is_match(before);
    found.day.filter(|_| is_title && after.is_empty())
}

/// Moves the last line, which begins a visit, above the title that stands over it in the visit before.
fn above_title(lines: &mut [String]) {
    let last = lines.len() - 1;
    let is_title = |line: &String| {
        let words = line.trim();
        !words.is_empty()
            && !words.contains(':')
            && !words.ends_with(['.', ';', '!', '?'])
            && words.split_whitespace().count() <= 8
    };
    let titles = lines[..last]
        .iter()
        .rev()
        .take_while(|line| is_title(line))
        .count();
    let start = last - titles;
    let above = lines[..start].last();
    let stands_alone =
        above.is_some_and(|line| line.trim().is_empty() || line.starts_with("signed:"));
    if titles <= 2 && stands_alone {
        lines[start..].rotate_right(1);
    }
}

/// Where no label gives the day, the first line of a paragraph may say it: `Massage note for October 9th, 2026`.
fn day_in_words(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut days = HashSet::new();
    let mut begins = true;
    for line in lines {
        let found = date::find_in(&line, 0).into_iter().find(|found| {
            let before = &WEEKDAY.replace(&line[..found.span.start], "");
            let is_last = line[found.span.end..].trim_end_matches('.').is_empty();
            // `Massage, N. Example. 14 September 2026.`: the note's first line ends with it.
            let ends_first = is_last && out.iter().all(String::is_empty) && before.ends_with(". ");
            let says_day = SEEN.is_match(before) || TITLE.is_match(before);
            (says_day || OF_DATE.is_match(before) || ends_first) && !OTHER_DAY.is_match(before)
        });
        if let Some(day) = found.and_then(|found| found.day)
            && begins
            && days.insert(day)
        {
            out.push(format!("visit: {day}"));
        }
        begins = line.trim().is_empty() || line.starts_with("signed:") || out.is_empty();
        out.push(line);
    }
    out
}
