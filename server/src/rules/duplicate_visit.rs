use std::collections::BTreeSet;

use super::{ChartCase, ChartDraft, Check, Group, MOST_OF_A_DAY, Rule, VisitCase};
use crate::chart::{ClockRange, FieldKind, time};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "duplicate-visit",
    group: Group::Chart,
    level: Level::Warning,
    source: "Payers reject a second claim for the same service on the same day",
    page: page!("duplicate-visit"),
    check: Check::Chart(check),
};

/// What a visit is billed as, to recognize one entered twice.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Billed {
    /// The codes, each with the discipline that it is billed under.
    codes: BTreeSet<String>,
    /// The clock times: the session's, else the modalities'.
    times: BTreeSet<String>,
    /// Who treated, in small letters.
    provider: Option<String>,
}

impl Billed {
    /// What a visit is billed as.
    pub(super) fn of(case: &VisitCase<'_>) -> Self {
        let visit = case.visit;
        let value = |kind| visit.field(kind).and_then(|field| field.value);
        let codes = visit.modalities.iter().map(|m| {
            let mut modifiers = m.modifiers.iter().map(|x| x.code.as_str());
            let therapy = modifiers.find(|x| ["GP", "GO", "GN"].contains(x));
            format!("{} {}", m.code, therapy.unwrap_or_default())
        });
        let mut times = visit.session_clock.clone();
        if times.is_empty() {
            times.extend(visit.modalities.iter().flat_map(|m| &m.clock));
        }
        let written = |r: &ClockRange| format!("{}-{}", time::clock(r.start), time::clock(r.end));
        Self {
            codes: codes.collect(),
            times: times.iter().map(written).collect(),
            provider: value(FieldKind::Provider).map(|v| case.str(v).trim().to_lowercase()),
        }
    }

    /// Whether nothing distinguishes the two.
    fn is_twin(&self, other: &Self) -> bool {
        let same_times =
            self.times.is_empty() || other.times.is_empty() || self.times == other.times;
        let mut providers = self.provider.iter().zip(&other.provider);
        self.codes == other.codes && same_times && providers.all(|(one, other)| one == other)
    }
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    let visits = case.treated_by_day();
    for (at, (index, day)) in visits.iter().enumerate() {
        let visit = &case.visits[*index];
        // They stand by day, so that those of one stand together.
        let first = visits[..at].partition_point(|(_, of)| of < day);
        let same_day = visits[first..at].iter().take(MOST_OF_A_DAY);
        let is_twin = |before: &usize| {
            let before = &case.visits[*before];
            before.payer == visit.payer && before.billed.is_twin(&visit.billed)
        };
        let twin = same_day.map(|(before, _)| *before).find(is_twin);
        if let Some(twin) = twin {
            let draft = ChartDraft::new(
                *index,
                case.date_of(*index),
                "This visit has the same day and the same codes as another. A payer pays one of them and rejects the other as a duplicate; if the patient came twice, give the times of both.",
            );
            found.push(draft.related(case.date_of(twin), "The other visit"));
        }
    }
}
