//! Who gave a block, the therapist or the assistant.

use super::VisitCase;
use super::day::DayBlock;
use crate::chart::Credential;
use crate::pattern::words;

/// The modifiers of lines that an assistant gave.
pub const ASSISTANTS: [&str; 2] = ["CQ", "CO"];

words!(
    /// An assistant, named in the words of a block.
    ASSISTANT,
    r"\b(?:L?PTA|C?OTA)\b|(?i:\btherap(?:y|ist) assistant\b)",
);
words!(
    /// A therapist, named in the words of a block: the letters with a name, since `PT` alone is the patient.
    THERAPIST,
    r"\b(?:D?PT|OTR(?:/L)?|OT) [A-Z]\.|\b(?i:by|with) (?:the )?(?:PT|OTR?)\b|, ?(?:D?PT|OTR(?:/L)?)\b",
);

/// Who gave a block, as far as the note says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Giver {
    /// A therapist, or nobody else is named.
    Therapist,
    /// An assistant.
    Assistant,
    /// A therapist and an assistant signed, the therapist first, and nothing says which of them gave it.
    Either,
}

/// Who gave a block: by its modifier and its words, else by who of its discipline signed.
pub fn giver(case: &VisitCase<'_>, block: &DayBlock<'_>) -> Giver {
    if is_marked(block) {
        return Giver::Assistant;
    }
    if THERAPIST.is_match(&block.text[block.modality.span.range()]) {
        return Giver::Therapist;
    }
    let of_plan = |c: &&Credential| {
        let own = c.discipline();
        own.is_some_and(|own| block.plan.is_none_or(|plan| plan == own))
    };
    let treated: Vec<&Credential> = block.treated.iter().filter(of_plan).collect();
    let is_assistant = |c: &&&Credential| c.is_assistant();
    let mut blocks = case.day_blocks.iter();
    match (treated.iter().find(is_assistant), treated.first()) {
        (None, _) | (_, None) => Giver::Therapist,
        // Who says of one line that it is the assistant's says of the others that they are not.
        (Some(_), Some(_))
            if treated.iter().any(|c| !c.is_assistant())
                && blocks.any(|b| std::ptr::eq(b.visit, block.visit) && is_marked(b)) =>
        {
            Giver::Therapist
        }
        // The therapist signs below the assistant to say that they have read it.
        (Some(_), Some(first)) if first.is_assistant() => Giver::Assistant,
        (Some(_), Some(_)) => Giver::Either,
    }
}

/// Whether a block itself says that an assistant gave it.
fn is_marked(block: &DayBlock<'_>) -> bool {
    let words = &block.text[block.modality.span.range()];
    block.modality.has_modifier(&ASSISTANTS) || ASSISTANT.is_match(words)
}

/// Whether an assistant gave a block or may have.
pub fn is_assistants(case: &VisitCase<'_>, block: &DayBlock<'_>) -> bool {
    giver(case, block) != Giver::Therapist
}
