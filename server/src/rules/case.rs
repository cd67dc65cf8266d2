//! What a rule is given to judge: a visit with everything that holds for it.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::day::{Credentials, Day, DayBlock, blocks_of_day};
use super::diagnoses::SideMention;
use super::phrases::Mention;
use super::sections::{OtherHeading, whole_lines};
use super::timed_minutes_mismatch::stated_total;
use super::{Edit, unique};
use crate::billing::claim::{Block, Claim, claim, claimed_units};
use crate::chart::{Credential, Diagnosis, FieldKind, Goal, Modality, Visit, time};
use crate::length::Length;
use crate::policy::{Payer, Policy};
use crate::reference::icd10::Release;
use crate::reference::{ncci, procedures};
use crate::text::{self, Span};

/// A visit with what holds for it. Spans are relative to the visit.
#[derive(Debug)]
pub struct VisitCase<'a> {
    /// The visit's text.
    pub text: &'a str,
    /// What it says.
    pub visit: &'a Visit,
    /// What stands before the first visit heading and holds for every visit, with its text.
    pub preamble: Option<(&'a str, &'a Visit)>,
    /// The reader's policy.
    pub policy: &'a Policy,
    /// Who pays for this visit.
    pub payer: &'a Payer,
    /// The other visits of its day and payer.
    pub day: &'a Day,
    /// The blocks of its day, in the order of the note.
    pub day_blocks: Vec<DayBlock<'a>>,
    /// The same, as billing sees them.
    billed: Vec<Block<'a>>,
    /// Minutes, units and claim lines of the day.
    pub claim: Arc<Claim>,
    /// The visit is the last thing in the document, so that its end may still be being typed.
    pub last: bool,
    /// The visit is being written: the last one, and nobody has signed it. So is what stands before it, if it is the only one.
    pub fresh: bool,
    /// The day of the chart's latest visit.
    pub latest: Option<Date>,
    /// The diagnoses that the chart holds elsewhere: codes with the words beside them, each once.
    pub chart_diagnoses: &'a [String],
    /// The wording that payers object to, found once for the rules that speak of it.
    pub(super) wording: OnceCell<Vec<Mention>>,
    /// The headings that the format does not know, found once for the rules that ask.
    pub(super) other_headings: OnceCell<Vec<OtherHeading>>,
    /// The sides that it names, found once for all of its diagnoses.
    sides: OnceCell<Vec<SideMention>>,
    /// The line break that the visit uses, found once for all fixes that write lines.
    line_break: OnceCell<&'static str>,
    /// The credentials of who signed or treated.
    credentials: Credentials,
}

impl<'a> VisitCase<'a> {
    /// The case of a visit, with its text.
    pub fn new(
        (text, visit): (&'a str, &'a Visit),
        preamble: Option<(&'a str, &'a Visit)>,
        policy: &'a Policy,
        (last, fresh): (bool, bool),
        day: &'a Day,
        (chart_diagnoses, latest): (&'a [String], Option<Date>),
    ) -> Self {
        let payer = payer_of(policy, (text, visit), preamble);
        let credentials = Credentials::of(text, visit, preamble);
        let (day_blocks, billed) = blocks_of_day((text, visit), &credentials, day, preamble);
        let total = stated_total((text, visit), day);
        let claim = claim(&billed, payer.counting(), total);
        Self {
            text,
            visit,
            preamble,
            policy,
            payer,
            day,
            day_blocks,
            billed,
            claim: Arc::new(claim),
            last,
            fresh,
            latest,
            chart_diagnoses,
            wording: OnceCell::new(),
            other_headings: OnceCell::new(),
            sides: OnceCell::new(),
            line_break: OnceCell::new(),
            credentials,
        }
    }

    /// The sides that the visit names.
    pub(super) fn sides(&self) -> &[SideMention] {
        let all = || SideMention::all_in(self.text, self.visit);
        self.sides.get_or_init(all)
    }

    /// Who pays for this visit, by the index of the profile in the policy.
    pub fn payer_index(&self) -> usize {
        let mut profiles = self.policy.payers.iter();
        let index = profiles.position(|p| std::ptr::eq(p, self.payer));
        index.unwrap_or_default()
    }

    /// The release of ICD-10-CM to judge by: the one in force on the day of the visit. What stands before the
    /// first visit is judged by the latest visit's.
    pub fn release(&self) -> &'a Release {
        self.policy.release_on(self.visit.day().or(self.latest))
    }

    /// Whether a code may be right by the release before the newest one, because no visit says a date yet.
    pub fn may_be_older(&self, code: &str) -> bool {
        self.visit.day().or(self.latest).is_none() && Release::was_billable(code)
    }

    /// The words of a span.
    pub fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// The diagnoses that hold for the whole visit: its own and the preamble's.
    pub fn diagnoses(&self) -> impl Iterator<Item = &Diagnosis> {
        self.pieces().flat_map(|visit| &visit.diagnoses)
    }

    /// The goals that hold for the visit: its own and the preamble's.
    pub fn goals(&self) -> impl Iterator<Item = &Goal> {
        self.pieces().flat_map(|visit| &visit.goals)
    }

    /// The visit, and what stands before the first one.
    fn pieces(&self) -> impl Iterator<Item = &'a Visit> {
        std::iter::once(self.visit).chain(self.preamble.map(|(_, visit)| visit))
    }

    /// The credentials of who signed, and of who is named as treating.
    pub fn credentials(&self) -> &[Credential] {
        &self.credentials.all
    }

    /// Where a line about the whole visit would be put: after the heading, or before everything.
    pub fn top(&self) -> usize {
        let heading = self.visit.heading.as_ref();
        heading.map_or(0, |heading| text::line_end(self.text, heading.span.end))
    }

    /// The line break that the visit uses.
    pub fn line_break(&self) -> &'static str {
        self.line_break.get_or_init(|| text::line_break(self.text))
    }

    /// An edit that puts a line at the top of the visit.
    pub fn line_at_top(&self, line: &str) -> Edit {
        let at = self.top();
        let br = self.line_break();
        let before = &self.text[..at];
        let text = if before.is_empty() || before.ends_with(['\n', '\r']) {
            format!("{line}{br}")
        } else {
            format!("{br}{line}")
        };
        Edit::insert(at, text)
    }

    /// An edit that puts an indented line below a modality's own line.
    pub fn line_below(&self, modality: &Modality, line: &str) -> Edit {
        let text = format!("{}  {line}", self.line_break());
        Edit::insert(modality.line.end, text)
    }

    /// Whether a field below a modality has a value.
    pub fn has_detail(modality: &Modality, kind: FieldKind) -> bool {
        modality.details_of(kind).any(|d| !d.span.is_empty())
    }

    /// An edit that puts a placeholder into a field below a modality: where its key stands already, or on
    /// a line of its own.
    pub fn placeholder_detail(&self, modality: &Modality, kind: FieldKind) -> Edit {
        match modality.details_of(kind).next() {
            Some(empty) => Edit::insert(empty.span.end, " ___"),
            None => self.line_below(modality, &format!("{}: ___", kind.key())),
        }
    }

    /// An edit that takes a modality out, with its detail lines and their breaks.
    pub fn without(&self, modality: &Modality) -> Edit {
        Edit::new(whole_lines(self.text, modality.span), "")
    }

    /// What a finding about the whole visit points at: its heading, else its first modality's code.
    pub fn anchor(&self) -> Span {
        super::anchor::whole(self.visit)
    }

    /// Whether the document ends with this, so that it may still be being typed.
    pub fn is_at_the_end(&self, span: Span) -> bool {
        self.last && span.end >= self.visit.text_end
    }

    /// Whether the document ends with this and the visit is not signed.
    pub fn is_open_at(&self, span: Span) -> bool {
        self.is_at_the_end(span) && !self.visit.is_signed()
    }

    /// Whether the payer takes a code, as far as its profile says.
    pub fn may_bill(&self, code: &str) -> bool {
        let accepts = self.payer.accepts.as_ref();
        accepts.is_none_or(|codes| codes.iter().any(|c| c == code))
    }

    /// Whether this modality is the last thing in the document and the visit is not signed, so that
    /// it is still being typed.
    pub fn is_being_typed(&self, modality: &Modality) -> bool {
        self.is_open_at(modality.span)
    }

    /// The modalities of a code.
    pub fn modalities_of(&self, code: &str) -> impl Iterator<Item = &Modality> {
        self.visit.modalities.iter().filter(move |m| m.code == code)
    }

    /// The codes of the visit, each once, in the order of the note.
    pub fn codes(&self) -> Vec<&str> {
        unique(self.visit.modalities.iter().map(|m| m.code.as_str()))
    }

    /// The codes of the visit and of those of its day that stand before it, each once, in the order of the
    /// note.
    fn codes_until_here(&self) -> Vec<&str> {
        let before = self.day.before.iter().flat_map(|day| &day.visit.modalities);
        let all = before.chain(&self.visit.modalities);
        unique(all.map(|m| m.code.as_str()))
    }

    /// The NCCI edits between two codes of the day of which one at least is on this visit and the other is
    /// not on a later one, by the order of the note.
    pub(super) fn ncci_edits(&self) -> Vec<&'a ncci::Pair> {
        let mut codes = self.codes_until_here();
        // Of codes that no edit knows there may be thousands, and pairs of them are in none.
        codes.retain(|code| procedures::find(code).is_some());
        let here: HashSet<&str> = self.codes().into_iter().collect();
        let edits = codes.iter().enumerate().flat_map(|(index, first)| {
            let before = codes[..index].iter();
            let of_here = |second: &&&str| here.contains(*first) || here.contains(**second);
            before
                .filter(of_here)
                .filter_map(|second| self.policy.edits.pair(first, second))
        });
        edits.collect()
    }

    /// The units that the note claims on the day, of the pooled codes of a plan of care whose every block
    /// claims some.
    pub fn claimed(&self, plan: Option<&'static str>) -> BTreeMap<String, u32> {
        claimed_units(&self.billed, plan)
    }

    /// Whether the day claims units of a pooled code.
    pub fn claims_units(&self) -> bool {
        let mut blocks = self.day_blocks.iter().map(|b| b.modality);
        blocks.any(|m| m.is_pooled() && m.claimed.is_some())
    }

    /// The minutes of a code under a plan of care over all of its blocks of the day; `None` if one of them is
    /// not known.
    pub fn minutes_of(&self, plan: Option<&'static str>, code: &str) -> Option<Length> {
        let blocks = self.on_day(plan, code);
        blocks.map(|b| b.modality.minutes().stated()).sum()
    }

    /// The session's field with its clock range and minutes.
    pub fn session(&self) -> Option<Session> {
        let field = self.visit.field(FieldKind::Session)?;
        let value = field.value?;
        let text = self.str(value);
        let mut clock = self.visit.session_clock.first().copied();
        if let Some(range) = clock.as_mut() {
            let mut clock = self.visit.modalities.iter().flat_map(|m| &m.clock);
            if let Some(first) = clock.find(|r| !r.ambiguous) {
                range.align(first.start);
            }
        }
        let minutes = match clock {
            Some(range) => range.minutes(),
            None => time::durations(text, value.start)
                .first()
                .map(|d| d.minutes.minutes())
                .or_else(|| text.trim().parse().ok()),
        };
        Some(Session {
            value,
            clock,
            minutes,
        })
    }
}

/// The time of the whole visit.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// The field's value.
    pub value: Span,
    /// Its clock range, if it has one.
    pub clock: Option<crate::chart::ClockRange>,
    /// Its minutes, if it gives them.
    pub minutes: Option<u32>,
}

/// Who pays for a visit.
pub fn payer_of<'p>(
    policy: &'p Policy,
    visit: (&str, &Visit),
    preamble: Option<(&str, &Visit)>,
) -> &'p Payer {
    fn named<'v>((text, visit): (&'v str, &Visit)) -> Option<&'v str> {
        let value = visit.field(FieldKind::Payer)?.value?;
        Some(text[value.range()].trim())
    }
    policy.payer(named(visit).or_else(|| named(preamble?)))
}
