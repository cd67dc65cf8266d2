//! What is counted together: the visits of one date for one payer are one claim (CMS Pub. 100-04 ch. 5 §20.2).

use std::sync::Arc;

use super::therapy_modifier::PLANS;
use super::{VisitCase, unique};
use crate::billing::claim::{Billing, Block};
use crate::chart::{Credential, Diagnosis, FieldKind, Modality, Visit, credential};
use crate::pattern::pattern;
use crate::reference::procedures::Timing;

/// Nobody is seen more often on one day: so many visits of one date are a slip, such as a date that was left in a form. They are
/// not counted together, which would take as long as there are pairs of them.
pub const MOST_OF_A_DAY: usize = 40;

/// A visit with its text.
#[derive(Clone, Debug)]
pub struct DayVisit {
    /// Its text.
    pub text: Arc<str>,
    /// What it says.
    pub visit: Arc<Visit>,
}

/// The other visits of a visit's day and payer in which something was done.
#[derive(Clone, Debug, Default)]
pub struct Day {
    /// Those that stand before it in the note.
    pub before: Vec<DayVisit>,
    /// Those that stand behind it.
    pub after: Vec<DayVisit>,
}

impl Day {
    /// Whether this is made of the very same texts, so that what was found with them holds.
    pub fn is_same(&self, other: &Self) -> bool {
        let same = |one: &[DayVisit], other: &[DayVisit]| {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len() && pairs.all(|(a, b)| Arc::ptr_eq(&a.text, &b.text))
        };
        same(&self.before, &other.before) && same(&self.after, &other.after)
    }
}

/// A block of the day.
#[derive(Clone, Debug)]
pub struct DayBlock<'a> {
    /// The block.
    pub modality: &'a Modality,
    /// The visit that it stands in, and its text.
    pub visit: &'a Visit,
    pub text: &'a str,
    /// The plan of care that it belongs to: GP, GO or GN.
    pub plan: Option<&'static str>,
    /// Who treated in the visit, by their credentials.
    pub treated: Arc<[Credential]>,
    /// It stands in the visit that is judged.
    pub is_here: bool,
}

/// The blocks of the visit's day in the order of the note, and as billing sees them; with the credentials of who signed
/// this visit or treated in it.
pub(super) fn blocks_of_day<'a>(
    here: (&'a str, &'a Visit),
    credentials_here: &Credentials,
    day: &'a Day,
    preamble: Option<(&'a str, &'a Visit)>,
) -> (Vec<DayBlock<'a>>, Vec<Block<'a>>) {
    let other = |other: &'a DayVisit| (&*other.text, &*other.visit, false);
    let before = day.before.iter().map(other);
    let after = day.after.iter().map(other);
    let visits = before.chain([(here.0, here.1, true)]).chain(after);
    let (mut blocks, mut billed) = (Vec::new(), Vec::new());
    for (text, visit, is_here) in visits {
        let elsewhere = (!is_here).then(|| Credentials::of(text, visit, preamble));
        let credentials = elsewhere.as_ref().unwrap_or(credentials_here);
        let treated: Arc<[Credential]> = credentials.treated().into();
        let plans = plans(text, visit, &credentials.all);
        for (modality, plan) in visit.modalities.iter().zip(plans) {
            billed.push(block(visit, preamble, modality, plan));
            blocks.push(DayBlock {
                modality,
                visit,
                text,
                plan,
                treated: Arc::clone(&treated),
                is_here,
            });
        }
    }
    (blocks, billed)
}

/// A block as billing sees it. One that points to no diagnosis of its own carries the visit's and the chart's.
fn block<'v>(
    visit: &'v Visit,
    preamble: Option<(&'v str, &'v Visit)>,
    modality: &'v Modality,
    plan: Option<&'static str>,
) -> Block<'v> {
    let diagnoses = if modality.diagnoses.is_empty() {
        let before = preamble.map_or(&[][..], |(_, before)| &before.diagnoses);
        unique(codes_of(&visit.diagnoses).chain(codes_of(before)))
    } else {
        unique(codes_of(&modality.diagnoses))
    };
    Block {
        code: &modality.code,
        billing: billing(modality),
        plan,
        modifiers: modality.modifiers.iter().map(|m| m.code.as_str()).collect(),
        minutes: modality.minutes().stated(),
        claimed: modality.claimed.map(|c| c.units),
        proposed: modality.proposed.is_some(),
        diagnoses,
    }
}

/// How the code of a block is billed.
pub fn billing(modality: &Modality) -> Billing {
    match modality.procedure.map(|p| p.timing) {
        Some(Timing::Quarter) => Billing::Quarter,
        Some(Timing::First(period)) => Billing::Period {
            minutes: u32::from(period.minutes),
            least: u32::from(period.least()),
            most: Some(1),
        },
        Some(Timing::Each(period)) => Billing::Period {
            minutes: u32::from(period.minutes),
            least: u32::from(period.least()),
            most: None,
        },
        Some(Timing::Counted) => Billing::Counted,
        Some(Timing::Untimed | Timing::Undefined) | None => Billing::Once,
    }
}

fn codes_of(diagnoses: &[Diagnosis]) -> impl Iterator<Item = &str> {
    let codes = diagnoses.iter().map(|d| d.code.as_str());
    codes.filter(|code| !code.is_empty())
}

pattern!(
    /// Who gave a block, in its words: letters with a name, since `PT` alone is the patient.
    GIVEN_BY,
    r"\b(?P<before>L?PTA|D?PT|C?OTA(?:/L)?|OTR?(?:/L)?|SLP) [A-Z]\.|\b[A-Z]\. ?[A-Z][a-z]+, ?(?P<behind>L?PTA|D?PT|C?OTA(?:/L)?|OTR?(?:/L)?|(?:CCC-)?SLP)\b",
);

/// The plan of care of each block of a visit: by the modifier on its line, by what only one discipline
/// evaluates, by who of those who treated is named in its words, else by the line above, else by the first line
/// below that has one, else by the only credential of who treated.
fn plans(text: &str, visit: &Visit, treated: &[Credential]) -> Vec<Option<&'static str>> {
    let treated = unique(treated.iter().filter_map(|c| c.discipline()));
    let named = |modality: &Modality| {
        let found = GIVEN_BY.captures(&text[modality.span.range()])?;
        let letters = found.name("before").or_else(|| found.name("behind"))?;
        let plan = Credential::of_letters(letters.as_str())?.discipline()?;
        treated.contains(&plan).then_some(plan)
    };
    let blocks = visit.modalities.iter();
    let mut plans: Vec<Option<&'static str>> = blocks
        .map(|block| plan_on_line(block).or_else(|| named(block)))
        .collect();
    let by_credential = || match treated[..] {
        [only] => Some(only),
        _ => None,
    };
    let mut plan = plans.iter().find_map(|plan| *plan).or_else(by_credential);
    for own in &mut plans {
        plan = own.or(plan);
        *own = plan;
    }
    plans
}

/// The plan of care that a line names by itself.
fn plan_on_line(modality: &Modality) -> Option<&'static str> {
    let named = PLANS
        .into_iter()
        .find(|plan| modality.has_modifier(&[plan]));
    let assistants = || match () {
        () if modality.has_modifier(&["CQ"]) => Some("GP"),
        () if modality.has_modifier(&["CO"]) => Some("GO"),
        () => None,
    };
    named
        .or_else(assistants)
        .or_else(|| evaluated_under(&modality.code))
}

/// The plan of care of an evaluation that only one discipline bills.
pub fn evaluated_under(code: &str) -> Option<&'static str> {
    match code {
        "97161" | "97162" | "97163" | "97164" => Some("GP"),
        "97165" | "97166" | "97167" | "97168" => Some("GO"),
        _ => None,
    }
}

/// The credentials of a visit.
#[derive(Clone, Debug)]
pub(super) struct Credentials {
    /// Of who signed it.
    signed: Vec<Credential>,
    /// Of those, and of who is named as treating there or, if nobody is, before the first visit.
    pub(super) all: Vec<Credential>,
}

impl Credentials {
    pub(super) fn of(text: &str, visit: &Visit, preamble: Option<(&str, &Visit)>) -> Self {
        let mut signed = unique(visit.credentials(text, FieldKind::Signed));
        if visit.field(FieldKind::Signed).is_none() {
            signed = credential::of_signature_below(text);
        }
        let mut providers = visit.credentials(text, FieldKind::Provider);
        if providers.is_empty()
            && let Some((text, visit)) = preamble
        {
            providers = visit.credentials(text, FieldKind::Provider);
        }
        let all = unique(signed.iter().copied().chain(providers));
        Self { signed, all }
    }

    /// Of who treated: of those who signed, else of those who are named as treating.
    fn treated(&self) -> &[Credential] {
        match self.signed[..] {
            [] => &self.all,
            _ => &self.signed,
        }
    }
}

impl<'a> VisitCase<'a> {
    /// The blocks of a code under a plan of care, over the whole day.
    pub fn on_day<'s>(
        &'s self,
        plan: Option<&'static str>,
        code: &'s str,
    ) -> impl DoubleEndedIterator<Item = &'s DayBlock<'a>> {
        let blocks = self.day_blocks.iter();
        blocks.filter(move |b| b.plan == plan && b.modality.code == code)
    }

    /// The last block of a code under a plan of care on the day, if it stands in this visit: where what is
    /// found about the whole day is said, once.
    pub fn last_here(&self, plan: Option<&'static str>, code: &str) -> Option<&'a Modality> {
        let last = self.on_day(plan, code).next_back()?;
        last.is_here.then_some(last.modality)
    }

    /// The plan of care of a block of this visit.
    pub fn plan(&self, modality: &Modality) -> Option<&'static str> {
        let mut blocks = self.day_blocks.iter();
        blocks.find(|b| std::ptr::eq(b.modality, modality))?.plan
    }

    /// Whose timed minutes are counted together: the day's or, if there are several, those of one plan of care.
    pub fn whose_minutes(&self, plan: Option<&str>) -> String {
        match (plan, self.claim.disciplines.len()) {
            (Some(plan), 2..) => format!("the {plan} plan's"),
            _ => "the day's".to_owned(),
        }
    }

    /// How many visits the day has, if it has several.
    pub fn of_several_visits(&self) -> Option<usize> {
        let count = self.day.before.len() + self.day.after.len() + 1;
        (count > 1).then_some(count)
    }
}
