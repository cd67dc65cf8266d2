use super::{Check, Draft, Group, Rule, VisitCase};
use crate::chart::FieldKind;
use crate::policy::Level;
use crate::text::date;

pub static RULE: Rule = Rule {
    name: "early-signature",
    group: Group::Documentation,
    level: Level::Information,
    source: "CMS Pub. 100-08 ch. 3 §3.3.2.4",
    page: page!("early-signature"),
    check: Check::Visit(check),
};

fn check(case: &VisitCase<'_>, found: &mut Vec<Draft>) {
    let Some(day) = case.visit.day() else { return };
    let signed = case.visit.fields_of(FieldKind::Signed);
    for value in signed.filter_map(|field| field.value) {
        let dates = date::find_in(case.str(value), value.start);
        let early = |written: &&date::WrittenDate| written.day.is_some_and(|signed| signed < day);
        let Some(early) = dates.iter().find(early) else {
            continue;
        };
        found.push(Draft::new(
            early.span,
            "This note was signed before the day of the visit. A reviewer takes it for a note written ahead of time; correct the date of the visit or of the signature.",
        ));
    }
}
