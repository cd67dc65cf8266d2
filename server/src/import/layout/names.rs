//! What record systems call the sections of a note, its session and its signature.

use super::OUTLINE;
use crate::chart::{SectionKind, credential, date, time, treatment_label};
use crate::pattern::{pattern, words};
use crate::text::labels;

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
    pub(super) SIGNED,
    r"(?i)^(?:(?:electronically|digitally|e-?)[ \t]*)?(?:signed|signatures?|sig)\b[.,:]?(?:[ \t]+(?:electronically|digitally)\b)?(?:[ \t]+by\b:?)?[ \t]*|^/s/[: \t]*"
);
pattern!(
    SESSION,
    r"(?i)^(?:time[ \t]+in|start(?:ed)?(?:[ \t]+(?:time|of[ \t]+session))?|session)\b[: \t]*"
);
pattern!(
    /// What stands between the two times of a session.
    UNTIL,
    r"(?i)[,;]?\s*\b(?:end(?:ed)?|stop(?:ped)?|finish(?:ed)?|(?:time\s+)?out)(?:\s+(?:time|of\s+session|at))*\s*[:=]?\s*"
);
pattern!(
    DAY_LABEL,
    r"(?i)^(?:d\.o\.s\.|date of (?:evaluation|re-?evaluation|exam(?:ination)?|treatment|session|appointment|therapy|(?:(?:daily|treatment|progress|visit) )?note)|(?:evaluation|exam|appointment|therapy|note) date)[ \t]*[:=]?[ \t]+"
);
pattern!(
    /// An addendum whose day stands before the colon.
    ADDENDUM,
    r"(?i)^addendum[ \t]+(?:on[ \t]+|of[ \t]+)?\b"
);
pattern!(
    /// A label as it is marked bold, or with another sign for its colon: `**Date:** 11/11/2026`, `Date = 11/11/2026`.
    MARKED,
    r"^(?:[*_]{2}(?P<bold>[^*_:]{2,30}?)[ ]?(?::[*_]{2}|[*_]{2}[ ]?:)|(?P<equal>[A-Za-z .]{2,25}?)[ \t]*=)[ \t]*"
);
words!(SLASHED, r"^[SOAP]/(?:[ \t]|$)");
pattern!(
    MISSPELLED,
    r"(?i)^(?:ass?ess?e?ment|assessement)(?:[ ]*[:=][ \t]*|$)"
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

/// The line with the usual name of a section, a session or a signature.
pub fn usual(line: &str) -> String {
    let bare = OUTLINE.replace(line, "");
    if let Some(found) = MARKED.captures(&bare)
        && let Some(label) = found.name("bold").or(found.name("equal"))
        && let Some(key) = labels::key_of(label.as_str())
        && (found.name("bold").is_some() || matches!(key, "visit" | "day"))
    {
        return usual(&format!("{}: {}", label.as_str(), &bare[found[0].len()..]));
    }
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
    if let Some(end) = treatment_label::end_of_label(&bare)
        && treatment_label::is_usual(&bare[..end])
        && labels::key_of(bare[..end].trim_end_matches([':', '=', ' ', '\t']))
            .is_none_or(|key| key == "technique")
    {
        let rest = &bare[end..];
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
pub fn part(line: &str) -> Option<SectionKind> {
    let found = PART.captures(line)?;
    let is = |name: &str| found.name(name).is_some();
    Some(match () {
        () if is("said") => SectionKind::Subjective,
        () if is("found") => SectionKind::Objective,
        () if is("meant") => SectionKind::Assessment,
        () => SectionKind::Plan,
    })
}
