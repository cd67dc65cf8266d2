use super::assistants::{ASSISTANTS, Giver, giver, is_assistants};
use super::claimed::with_units;
use super::day::{DayBlock, billing};
use super::modifiers::addition;
use super::{Check, Draft, Edit, Group, Rule, VisitCase};
use crate::billing::claim::{Billing, units_of_assistant};
use crate::chart::{FieldKind, Modality};
use crate::length::Length;
use crate::policy::Level;
use crate::reference::procedures::Therapy;

/// The rule. Off but for payers that pay an assistant's units at a rate of their own.
pub static RULE: Rule = Rule {
    name: "assistant-modifier",
    group: Group::Coding,
    level: Level::Off,
    source: "CMS Pub. 100-04 ch. 5 §20.1",
    page: page!("assistant-modifier"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let blocks = case.day_blocks.iter().filter(|b| b.is_here);
    for block in blocks {
        let modality = block.modality;
        let is_evaluation = modality.procedure.is_some_and(|p| p.evaluation);
        let has = modality.has_modifier(&ASSISTANTS);
        if is_evaluation && has {
            found.push(evaluation(case, modality));
        } else if is_evaluation && is_assistants_alone(block) {
            let code = &modality.code;
            let message = format!(
                "{code} is signed by an assistant alone. An evaluation is the therapist's own, and a payer wants the therapist's signature below it."
            );
            found.push(Draft::new(modality.code_span, message).level(Level::Warning));
        } else if !is_evaluation && !has && lacks(case, block) && !case.is_being_typed(modality) {
            found.push(missing(case, block));
        } else if has {
            found.extend(shared_wrongly(case, block));
        }
    }
}

/// Whether assistants signed a block's visit and nobody else did.
fn is_assistants_alone(block: &DayBlock<'_>) -> bool {
    let signed = block.visit.credentials(block.text, FieldKind::Signed);
    !signed.is_empty() && signed.iter().all(|c| c.is_assistant())
}

/// Units that the lines of a code claim for therapist and assistant otherwise than CMS shares them; said at the last of
/// the assistant's lines.
fn shared_wrongly(case: &VisitCase<'_>, block: &DayBlock<'_>) -> Option<Draft> {
    let (modality, plan) = (block.modality, block.plan);
    let same = || case.on_day(plan, &modality.code);
    let is_own = |b: &&DayBlock<'_>| b.modality.has_modifier(&ASSISTANTS);
    let is_last = same()
        .rfind(is_own)
        .is_some_and(|last| std::ptr::eq(last.modality, modality));
    let level = case.policy.level(RULE.name, RULE.level, case.payer, None);
    if !is_last || billing(modality) != Billing::Quarter || level == Level::Off {
        return None;
    }
    let sum = |own: bool| -> Option<(u32, Length)> {
        let mut of_both = same().filter(|b| is_own(b) == own).peekable();
        of_both.peek()?;
        of_both.try_fold((0, Length::default()), |(units, minutes), b| {
            let (claimed, given) = (b.modality.claimed?, b.modality.minutes().stated()?);
            Some((units + claimed.units, minutes + given))
        })
    };
    let ((assistants, given), (therapists, therapist)) = (sum(true)?, sum(false)?);
    let units = case.claim.units_under(plan, &modality.code);
    let owed = units_of_assistant(units, therapist, given);
    // Units that are not earned at all are named by the rules about them.
    if assistants + therapists != units || assistants == owed {
        return None;
    }
    let code = &modality.code;
    let message = format!(
        "{code} claims {} for the assistant, but by the minutes of both it is {owed} of {units}: full 15 minutes of each come first, and the last unit is the therapist's from 8 minutes of what is left.{}",
        super::wording::units(assistants),
        if assistants < owed {
            " A payer asks the difference back."
        } else {
            " The difference goes unpaid."
        }
    );
    let span = modality.claimed?.span;
    let level = if assistants < owed {
        Level::Warning
    } else {
        Level::Information
    };
    let draft = Draft::new(span, message).level(level);
    let mut here = same().filter(|b| b.is_here);
    let (Some(one), Some(two), None) = (here.next(), here.next(), here.next()) else {
        return Some(draft);
    };
    if same().count() != 2 {
        return Some(draft);
    }
    let edits = [one, two].into_iter().filter_map(|b| {
        let claim = b.modality.claimed?;
        let right = if is_own(&b) { owed } else { units - owed };
        Some(Edit::new(
            claim.span,
            with_units(case.str(claim.span), right),
        ))
    });
    let title = format!(
        "Claim {owed} for the assistant and {} for the therapist",
        units - owed
    );
    Some(draft.fix_of(title, edits).preferred())
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
    draft.level(if case.payer.medicare {
        Level::Error
    } else {
        Level::Warning
    })
}
