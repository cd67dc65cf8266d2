use super::day::{DayBlock, billing};
use super::modifiers::addition;
use super::{Check, Draft, Group, Rule, VisitCase};
use crate::billing::claim::{Billing, units_of_assistant};
use crate::chart::{Credential, Modality};
use crate::length::Length;
use crate::pattern::pattern;
use crate::policy::Level;
use crate::reference::procedures::Therapy;
use crate::rules::day::treated;

/// The rule. Off but for payers that pay an assistant's units at a rate of their own.
pub static RULE: Rule = Rule {
    name: "assistant-modifier",
    group: Group::Coding,
    level: Level::Off,
    source: "CMS Pub. 100-04 ch. 5 §20.1",
    page: page!("assistant-modifier"),
    check: Check::Visit(check),
};

const ASSISTANTS: [&str; 2] = ["CQ", "CO"];

pattern!(
    /// An assistant, named in the words of a block.
    ASSISTANT,
    r"\b(?:L?PTA|C?OTA)\b|(?i:\btherap(?:y|ist) assistant\b)",
);
pattern!(
    /// A therapist, named in the words of a block: the letters with a name, since `PT` alone is the patient.
    THERAPIST,
    r"\b(?:D?PT|OTR(?:/L)?|OT) [A-Z]\.|\b(?i:by|with) (?:the )?(?:PT|OTR?)\b|, ?(?:D?PT|OTR(?:/L)?)\b",
);

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let blocks = case.day_blocks.iter().filter(|b| b.is_here);
    for block in blocks {
        let modality = block.modality;
        let is_evaluation = modality.procedure.is_some_and(|p| p.evaluation);
        let has = modality.has_modifier(&ASSISTANTS);
        if is_evaluation && has {
            found.push(evaluation(case, modality));
        } else if !is_evaluation && !has && lacks(case, block) && !case.is_being_typed(modality) {
            found.push(missing(case, block));
        }
    }
}

/// Who gave a block, as far as the note says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Giver {
    Therapist,
    Assistant,
    /// A therapist and an assistant signed, the therapist first, and nothing says which of them gave it.
    Either,
}

/// Who gave a block: by its modifier and its words, else by who of its discipline signed.
fn giver(case: &VisitCase<'_>, block: &DayBlock<'_>) -> Giver {
    if is_marked(block) {
        return Giver::Assistant;
    }
    if THERAPIST.is_match(&block.text[block.modality.span.range()]) {
        return Giver::Therapist;
    }
    let mut treated = treated(block.text, block.visit, case.preamble);
    treated.retain(|c| {
        c.discipline()
            .is_some_and(|own| block.plan.is_none_or(|plan| plan == own))
    });
    let is_assistant = |c: &&Credential| c.is_assistant();
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
fn is_assistants(case: &VisitCase<'_>, block: &DayBlock<'_>) -> bool {
    giver(case, block) != Giver::Therapist
}

/// Whether a block is to have an assistant's modifier and has none: if the units that are the assistant's by
/// the rule of CMS are more than those of the lines that have one.
fn lacks(case: &VisitCase<'_>, block: &DayBlock<'_>) -> bool {
    let (modality, plan) = (block.modality, block.plan);
    let is_therapy = modality
        .procedure
        .is_some_and(|p| p.therapy == Therapy::Always)
        || modality.has_modifier(&["GP", "GO"]);
    // What is part of other services is paid to nobody, in full or not.
    let is_paid = modality.procedure.is_none_or(|p| p.medicare_status != 'B');
    if !is_therapy
        || !is_paid
        || modality.has_modifier(&["GY", "GZ"])
        || !is_assistants(case, block)
    {
        return false;
    }
    let same = || case.on_day(plan, &modality.code);
    if billing(modality) != Billing::Quarter {
        return same().all(|b| is_assistants(case, b));
    }
    let minutes = |assistants: bool| -> Length {
        let blocks = same().filter(|b| is_assistants(case, b) == assistants);
        blocks.filter_map(|b| b.modality.minutes().stated()).sum()
    };
    let units = case.claim.units_under(plan, &modality.code);
    let owed = units_of_assistant(units, minutes(false), minutes(true));
    let lines = case.claim.lines.iter();
    let own = lines.filter(|l| l.code == modality.code && l.plan == plan && l.is_assistants());
    owed > own.map(|line| line.units).sum()
}

fn missing(case: &VisitCase<'_>, block: &DayBlock<'_>) -> Draft {
    let modality = block.modality;
    let (modifier, assistant) = match block.plan {
        Some("GO") => ("CO", "an occupational therapy assistant"),
        _ => ("CQ", "a physical therapist assistant"),
    };
    let code = &modality.code;
    let pays = format!(
        "{} pays an assistant's units at 85 percent and wants {modifier} on the line.",
        case.payer.called()
    );
    let message = if giver(case, block) == Giver::Either {
        format!(
            "A therapist and {assistant} signed, and nothing says which of them gave {code}. If it was the assistant: {pays} If not, name the therapist below the code."
        )
    } else {
        format!(
            "The note says that {assistant} gave {code} here, and the line has no {modifier}. {pays}"
        )
    };
    let draft = Draft::new(modality.code_span, message);
    let title = format!("Add modifier {modifier} to {code}");
    draft.fix_of(title, [addition(case, modality, modifier)])
}

fn evaluation(case: &VisitCase<'_>, modality: &Modality) -> Draft {
    let written = modality.modifiers.iter();
    let assistants = written.filter(|m| ASSISTANTS.contains(&m.code.as_str()));
    let code = &modality.code;
    let draft = Draft::new(
        modality.code_span,
        format!(
            "{code} has an assistant's modifier. An evaluation is the therapist's own, and no assistant may give it or be billed for it."
        ),
    );
    let title = format!("Take the assistant's modifier off {code}");
    let draft = draft.fix_of(
        title,
        assistants.map(|m| super::modifiers::removal(case, m)),
    );
    if case.payer.medicare {
        draft.level(Level::Error)
    } else {
        draft
    }
}
