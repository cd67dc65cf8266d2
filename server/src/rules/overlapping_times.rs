use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::Modality;
use crate::chart::time::clock;
use crate::policy::Level;
use crate::reference::procedures::Attendance;

pub static RULE: Rule = Rule {
    name: "overlapping-times",
    group: Group::Time,
    level: Level::Error,
    source: "CMS Pub. 100-04 ch. 5 §20.2; one-on-one minutes are counted once",
    page: page!("overlapping-times"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let blocks: Vec<_> = case
        .day_blocks
        .iter()
        .filter(|b| b.modality.is_one_on_one() || is_group(b.modality))
        .flat_map(|b| b.modality.clock.iter().map(move |r| (b, r)))
        .filter(|(_, r)| r.minutes().is_some())
        .collect();
    for (index, (block, range)) in blocks.iter().enumerate() {
        // Of two visits of a day the later one says it.
        let mut before = blocks[..index].iter().filter(|_| block.is_here);
        let modality = block.modality;
        let Some((other, taken)) = before.find(|(other, taken)| {
            taken.start < range.end
                && range.start < taken.end
                && !(is_group(modality) && is_group(other.modality))
        }) else {
            continue;
        };
        let one_on_one = if is_group(modality) || is_group(other.modality) {
            "Minutes in a group are not one-on-one minutes"
        } else {
            "One-on-one minutes count for one code only"
        };
        let place = if other.is_here {
            ""
        } else {
            ", in two visits of this day"
        };
        let message = format!(
            "{} and {} both claim {} to {}{place}. {one_on_one}, and a payer will deny the overlap.",
            other.modality.code,
            modality.code,
            clock(range.start.max(taken.start)),
            clock(range.end.min(taken.end))
        );
        let draft = Draft::new(range.span, message);
        found.push(if other.is_here {
            let words = format!("The other block, {}", other.modality.code);
            draft.related(taken.span, words)
        } else {
            draft
        });
    }
}

fn is_group(modality: &Modality) -> bool {
    let procedure = modality.procedure;
    procedure.is_some_and(|p| p.attendance == Attendance::Group)
}
