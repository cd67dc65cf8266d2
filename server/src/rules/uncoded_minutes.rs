use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::{coded_prose, treatment};
use crate::pattern::words;
use crate::policy::Level;
use crate::reference::{procedures, regions, techniques};
use crate::text::Span;

pub static RULE: Rule = Rule {
    name: "uncoded-minutes",
    group: Group::Time,
    level: Level::Hint,
    source: "CMS Pub. 100-02 ch. 15 §220.3.E",
    page: page!("uncoded-minutes"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    // Text as it was dictated or pasted has no sections, and no code says what is treatment.
    let is_pasted = case.visit.sections.is_empty() && case.visit.modalities.is_empty();
    for prose in &case.visit.prose {
        match prose.section {
            Some(section) if section.is_of_treatment() => {}
            None if is_pasted => {}
            _ => continue,
        }
        let sentences = coded_prose::sentences(case.text, prose.span).into_iter();
        found.extend(sentences.filter_map(|sentence| of_sentence(case, prose.span.end, sentence)));
    }
    for modality in &case.visit.modalities {
        // Of a code without units its line's minutes may be those of something else: `98941 full spine, massage 15 min`.
        let is_timed = modality.procedure.is_none_or(|p| p.timing.is_timed());
        let own = Span::new(modality.code_span.end, modality.line.end);
        let own = (!is_timed && modality.has_own_line).then_some(own);
        let below = modality.details.iter().filter(|d| d.kind.is_none());
        for words in own.into_iter().chain(below.map(|detail| detail.span)) {
            let sentences = coded_prose::sentences(case.text, words).into_iter();
            let sentences =
                sentences.filter(|sentence| is_of_other_code(case, *sentence, &modality.code));
            found.extend(sentences.map(draft));
        }
    }
}

fn draft(words: Span) -> Draft {
    Draft::new(
        words,
        "This line describes treatment and its minutes, but no procedure code counts them.",
    )
}

/// Whether words beside a block tell of treatment by the minute that no block of the visit may be billed for.
fn is_of_other_code(case: &VisitCase<'_>, words: Span, own: &str) -> bool {
    let Ok(told) = treatment::told(case.text, words, case.visit.day()) else {
        return false;
    };
    told.iter().any(|told| {
        let technique = told.technique.technique;
        let code = technique.default_code.and_then(procedures::find);
        let mut modalities = case.visit.modalities.iter();
        let mut named = told.techniques.iter();
        code.is_some_and(|code| code.timing.is_timed())
            && !named.any(|found| found.technique.accepted.contains(&own))
            && !modalities.any(|m| technique.accepted.contains(&m.code.as_str()))
    })
}

fn of_sentence(case: &VisitCase<'_>, line_end: usize, sentence: Span) -> Option<Draft> {
    let text = case.str(sentence);
    // It names a code: `unread-code` says it.
    let mut unread = case.visit.unread_codes.iter();
    if unread.any(|unread| sentence.contains(unread.code)) {
        return None;
    }
    let draft = draft(sentence);
    let told = match treatment::told(case.text, sentence, case.visit.day()) {
        Ok(told) => told,
        Err(None) if is_massage_or_manual_therapy(case, text) => return Some(draft),
        // Whose minutes they are is for the reader to say.
        Err(Some(treatment::Why::Unclear)) => return is_without_code(case, text).then_some(draft),
        Err(_) => return None,
    };
    let has_no_code = case.visit.modalities.is_empty();
    let [told] = told.as_slice() else {
        return has_no_code.then_some(draft);
    };
    let minutes = told.time.minutes?;
    let mut modalities = case.visit.modalities.iter();
    if modalities.any(|m| m.minutes().stated() == Some(minutes)) {
        return None;
    }
    let Some(technique) = told.techniques.iter().find(|t| t.technique.specific) else {
        // `97110 15 min. Manual therapy 12 min.`: no block may be meant.
        let is_coded = case.visit.modalities.iter().any(|modality| {
            let mut accepted = told.techniques.iter().flat_map(|t| &t.technique.accepted);
            accepted.any(|code| *code == modality.code)
        });
        return (!is_coded).then_some(draft);
    };
    let code = technique.technique.default_code;
    let code = code.filter(|code| procedures::find(code).is_some());
    let place = regions::find_in(text).into_iter().find(|r| r.decisive);
    let complete = case.visit.is_treated()
        || (case.diagnoses().next().is_some() && case.goals().next().is_some());
    Some(match (code, place) {
        (Some(code), Some(place)) if complete && minutes >= 8 && !case.claims_units() => {
            let br = case.line_break();
            let line = format!(
                "{br}{code} {} {} min{br}  technique: {}",
                &text[place.range],
                minutes,
                &text[technique.range.clone()]
            );
            let title = format!("Write it as a block of {code}");
            draft.fix(title, Span::at(line_end), line)
        }
        _ => draft,
    })
}

/// Whether words are no more than `MT 10 min`, which is massage or manual therapy, and neither is billed.
fn is_massage_or_manual_therapy(case: &VisitCase<'_>, words: &str) -> bool {
    words!(EITHER, r"^\W*MT[\s:x–-]*\d{1,3} ?(?:'|’|min)");
    let mut codes = case.visit.modalities.iter().map(|m| m.code.as_str());
    EITHER.is_match(words) && !codes.any(|code| matches!(code, "97124" | "97140"))
}

/// Whether words whose minutes are not told apart name treatment that no code of the visit may be billed for. Of one
/// treatment several times may be anything.
fn is_without_code(case: &VisitCase<'_>, words: &str) -> bool {
    let named = techniques::find_in(words);
    let decisive = named.iter().filter(|found| found.decisive).count();
    let has_time = !treatment::times(words).is_empty();
    let mut codes = case.visit.modalities.iter().map(|m| m.code.as_str());
    let is_accepted = |code: &str| {
        let mut accepted = named.iter().flat_map(|found| &found.technique.accepted);
        accepted.any(|known| *known == code)
    };
    if has_time {
        decisive > 1 && !codes.any(is_accepted)
    } else {
        codes.next().is_none()
    }
}
