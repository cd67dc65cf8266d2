//! What a note says: visits, sections, modalities, minutes, regions, goals, diagnoses.
//!
//! Every span in a [`Visit`] is relative to the visit's start, so that a visit that moves keeps
//! what was found out about it.

use std::ops::Range;

pub mod authorization;
pub mod block_line;
pub mod coded_prose;
pub mod comment;
pub mod credential;
pub mod diagnosis;
pub mod field;
pub mod figures;
pub mod goal;
pub mod line_below;
mod lower;
pub mod measures;
pub mod mention;
pub mod passing;
pub mod referral;
pub mod signature;
mod table;
pub mod time;
pub mod treatment;
pub mod treatment_label;

pub use crate::text::date::{self, WrittenDate};
pub use authorization::Authorization;
pub use coded_prose::UnreadCode;
pub use credential::Credential;
pub use diagnosis::{Diagnosis, DiagnosisKind};
pub use field::{Field, FieldKind, UnknownField};
pub use goal::Goal;
pub use lower::lower;
pub use mention::{GoalMention, GoalSeries};
pub use referral::Referral;
pub use time::{ClockRange, Duration, Inexact};

use self::block_line::BlockLine;
use crate::length::Length;
use crate::reference::modifiers::{self, ModifierKind};
use crate::reference::procedures::{self, Attendance, Procedure, Timing};
use crate::reference::regions::{self, RegionMention, RegionSet, Side};
use crate::reference::retired::{self, Retired};
use crate::reference::techniques::{self, TechniqueMention};
use crate::text::Span;

/// One visit, or what stands before the first visit heading.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// The heading, unless this is what stands before the first one.
    pub heading: Option<Heading>,
    pub sections: Vec<Section>,
    /// The fields in order, but those below a modality.
    pub fields: Vec<Field>,
    /// The lines that have the shape of a field and no known key, in order, also below a modality.
    /// They are prose.
    pub unknown_fields: Vec<UnknownField>,
    pub modalities: Vec<Modality>,
    pub diagnoses: Vec<Diagnosis>,
    pub goals: Vec<Goal>,
    pub prose: Vec<Prose>,
    /// The codes in prose that no block was read from.
    pub unread_codes: Vec<UnreadCode>,
    /// The lines of a form that offer codes to choose from, none of which was chosen.
    pub choices: Vec<Span>,
    /// The clock ranges in the session's field, as they are written.
    pub session_clock: Vec<ClockRange>,
    /// The end of the last character, so that what follows it is known apart from empty lines.
    pub text_end: usize,
    pub len: usize,
}

#[derive(Clone, Debug)]
pub struct Heading {
    /// The line without its break.
    pub span: Span,
    /// `visit:` or another spelling of it.
    pub key: Span,
    /// What follows the key, with the date; `None` if nothing does.
    pub value: Option<Span>,
    /// The date, if there is something that looks like one.
    pub date: Option<WrittenDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// What the patient says.
    Subjective,
    /// What was found.
    Objective,
    /// What it means.
    Assessment,
    /// What comes next.
    Plan,
    /// What was done.
    Treatment,
}

impl SectionKind {
    /// Whether what stands there was found or done, and not what somebody says, thinks or plans.
    pub fn is_of_treatment(self) -> bool {
        matches!(self, Self::Objective | Self::Treatment)
    }
}

#[derive(Clone, Debug)]
pub struct Section {
    pub kind: SectionKind,
    /// Its name with the colon.
    pub name: Span,
    /// From its name to its end.
    pub span: Span,
}

#[derive(Clone, Copy, Debug)]
pub struct Prose {
    pub section: Option<SectionKind>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modifier {
    /// Where it stands, without its hyphen.
    pub span: Span,
    /// In capitals.
    pub code: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitClaim {
    pub span: Span,
    pub units: u32,
}

/// How long a modality took, as far as the note says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Minutes {
    Unstated,
    /// Something is said, but no number that can be billed by: `8-15 min`, an inverted range, a
    /// placeholder that is still to be filled.
    Unclear,
    Stated(Length),
}

impl Minutes {
    pub fn stated(self) -> Option<Length> {
        match self {
            Self::Stated(minutes) => Some(minutes),
            Self::Unstated | Self::Unclear => None,
        }
    }
}

/// A line below a modality.
#[derive(Clone, Debug)]
pub struct Detail {
    /// Which field it is, or `None` for prose.
    pub kind: Option<FieldKind>,
    /// The text: the value of a field, or the line.
    pub span: Span,
}

/// A procedure code with what the note says of it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Modality {
    /// From the code to the end of the last detail line.
    pub span: Span,
    /// The first line without its break.
    pub line: Span,
    pub code_span: Span,
    /// The code in capitals.
    pub code: String,
    pub procedure: Option<&'static Procedure>,
    pub retired: Option<&'static Retired>,
    pub modifiers: Vec<Modifier>,
    /// Where a further modifier would go: right after the code and its modifiers.
    pub modifiers_end: usize,
    /// The clock ranges, on the line and in `time:` below it.
    pub clock: Vec<ClockRange>,
    /// The durations that are the block's or could be, on the line and in `time:` below it.
    pub durations: Vec<Duration>,
    /// Several durations could be the block's, and nothing says which.
    pub ambiguous_minutes: bool,
    /// It shares its time with another code, so that nobody knows how long it took.
    pub shares_time: bool,
    /// The question mark behind its code: it was proposed, and nobody has confirmed it yet.
    pub proposed: Option<Span>,
    /// It has a line of its own, which begins with its code and may have details below.
    pub has_own_line: bool,
    /// Its line is a row of a table, whose blanks part its columns.
    pub is_row: bool,
    /// A placeholder for a time that was not filled yet.
    pub time_placeholder: bool,
    /// A figure on its line that may be its minutes, though no word says so.
    pub figure: Option<Duration>,
    pub claimed: Option<UnitClaim>,
    pub diagnoses: Vec<Diagnosis>,
    /// The regions named on the line, in `region:` or in the prose below; spans relative to the
    /// visit.
    pub regions: Vec<RegionMention>,
    /// The techniques named on the line or below; spans relative to the visit.
    pub techniques: Vec<TechniqueMention>,
    pub details: Vec<Detail>,
}

impl Modality {
    /// What the words around a code say, without details.
    fn new(text: &str, code_span: Span, line: Span, said: BlockLine) -> Self {
        let code = text[code_span.range()].to_ascii_uppercase();
        let mut modality = Self {
            span: line,
            line,
            code_span,
            procedure: procedures::find(&code),
            retired: retired::find(&code),
            code,
            modifiers: said.modifiers,
            modifiers_end: said.modifiers_end,
            clock: said.clock,
            durations: said.durations,
            ambiguous_minutes: said.ambiguous,
            shares_time: false,
            proposed: block_line::proposal(text, code_span),
            has_own_line: false,
            is_row: false,
            time_placeholder: said.time_placeholder,
            figure: said.figure,
            claimed: said.claimed,
            diagnoses: said.diagnoses,
            regions: Vec::new(),
            techniques: Vec::new(),
            details: Vec::new(),
        };
        // Words before the code say where and how as well.
        let before = Span::new(line.start, code_span.start.max(line.start));
        modality.read_vocabulary(text, None, before);
        let behind = Span::new(modality.modifiers_end, line.end.max(modality.modifiers_end));
        modality.read_vocabulary(text, None, behind);
        modality
    }

    /// The same of another code that shares its words, but for modifiers that tell one code from the others: `98941 and 97140 59`.
    fn of_code(&self, text: &str, code_span: Span) -> Self {
        let code = text[code_span.range()].to_ascii_uppercase();
        let is_own = |modifier: &Modifier| {
            /// Behind more words another code is likelier.
            const LONGEST: usize = 200;
            let kind = modifiers::find(&modifier.code).map(|known| known.kind);
            let others = Span::new(code_span.end, modifier.span.start.max(code_span.end));
            let is_of_others = || others.len() > LONGEST || coded_prose::names_code(text, others);
            kind != Some(ModifierKind::Distinct) || !is_of_others()
        };
        Self {
            modifiers: self
                .modifiers
                .iter()
                .filter(|m| is_own(m))
                .cloned()
                .collect(),
            code_span,
            procedure: procedures::find(&code),
            retired: retired::find(&code),
            code,
            proposed: block_line::proposal(text, code_span),
            ..self.clone()
        }
    }

    /// Says of its line what the columns of its table say.
    fn take_over(&mut self, said: BlockLine) {
        self.is_row = true;
        self.modifiers = said.modifiers;
        self.clock = said.clock;
        self.durations = said.durations;
        self.ambiguous_minutes = said.ambiguous;
        self.figure = said.figure;
        self.claimed = said.claimed;
    }

    /// Its time is another code's as well.
    fn share_time(&mut self) {
        self.shares_time = true;
        self.clock.clear();
        self.durations.clear();
        self.figure = None;
        self.ambiguous_minutes = false;
    }

    /// Finds the regions and techniques in words about it: on its line, in the fields made for them, and in prose.
    fn read_vocabulary(&mut self, text: &str, kind: Option<FieldKind>, span: Span) {
        let text = &text[span.range()];
        let moved = |range: &Range<usize>| range.start + span.start..range.end + span.start;
        if matches!(
            kind,
            None | Some(FieldKind::Region | FieldKind::Technique | FieldKind::Note)
        ) {
            let found = techniques::find_in(text).into_iter().map(|mut found| {
                found.range = moved(&found.range);
                found
            });
            self.techniques.extend(found);
        }
        if matches!(kind, None | Some(FieldKind::Region)) {
            let found = regions::find_in(text).into_iter().map(|mut found| {
                found.range = moved(&found.range);
                found
            });
            self.regions.extend(found);
        }
    }

    /// The minutes: the sum of the clock ranges, else the duration.
    pub fn minutes(&self) -> Minutes {
        if !self.clock.is_empty() {
            let sum: Option<u32> = self.clock.iter().map(ClockRange::minutes).sum();
            return sum.map_or(Minutes::Unclear, |sum| Minutes::Stated(sum.into()));
        }
        let (figures, others): (Vec<&Duration>, Vec<&Duration>) =
            self.durations.iter().partition(|d| d.inexact.is_of_all());
        match figures.as_slice() {
            // A range or the time of one set beside a figure is a remark; alone it is no number.
            [] if self.shares_time
                || self.time_placeholder
                || self.figure.is_some()
                || !others.is_empty() =>
            {
                Minutes::Unclear
            }
            [] => Minutes::Unstated,
            _ if self.ambiguous_minutes => Minutes::Unclear,
            figures => Minutes::Stated(figures.iter().map(|d| d.minutes).sum()),
        }
    }

    /// Whether no words give it a time; a figure may that none of them counts.
    pub fn says_no_time(&self) -> bool {
        self.minutes() == Minutes::Unstated || self.unsaid_minutes().is_some()
    }

    /// The figure that may be its minutes, where nothing else says how long it took.
    pub fn unsaid_minutes(&self) -> Option<Duration> {
        let has_other = self.shares_time
            || self.time_placeholder
            || !self.clock.is_empty()
            || !self.durations.is_empty();
        self.figure.filter(|_| !has_other)
    }

    /// Whether the code is billed by time (15-minute units or its own periods).
    pub fn is_timed(&self) -> bool {
        self.procedure.is_some_and(|p| p.timing.is_timed())
    }

    /// Whether the code is billed for each part that was done.
    pub fn is_counted(&self) -> bool {
        self.procedure.is_some_and(|p| p.timing == Timing::Counted)
    }

    /// Whether the code's minutes are pooled under the 8-minute rule.
    pub fn is_pooled(&self) -> bool {
        self.procedure.is_some_and(|p| p.timing == Timing::Quarter)
    }

    /// Whether the clinician is with this one patient all the time.
    pub fn is_one_on_one(&self) -> bool {
        self.procedure
            .is_some_and(|p| p.attendance == Attendance::OneOnOne)
    }

    /// Whether one of its modifiers is among these.
    pub fn has_modifier(&self, codes: &[&str]) -> bool {
        self.modifiers
            .iter()
            .any(|m| codes.contains(&m.code.as_str()))
    }

    /// Whether it is to stand on the claim: `x0` says that what was done is not billed.
    pub fn is_billed(&self) -> bool {
        self.claimed.is_none_or(|claimed| claimed.units > 0)
    }

    pub fn region_set(&self) -> RegionSet {
        let regions = self.regions.iter().map(|mention| mention.regions);
        regions.fold(RegionSet::default(), RegionSet::union)
    }

    pub fn sides(&self) -> Vec<Side> {
        self.regions.iter().map(|r| r.side).collect()
    }

    pub fn details_of(&self, kind: FieldKind) -> impl Iterator<Item = &Detail> {
        self.details.iter().filter(move |d| d.kind == Some(kind))
    }
}

impl Visit {
    /// Whether something was done, so that there is something to bill.
    pub fn is_treated(&self) -> bool {
        !self.modalities.is_empty()
    }

    /// The last field of a kind: a later line corrects an earlier one.
    pub fn field(&self, kind: FieldKind) -> Option<&Field> {
        self.fields.iter().rev().find(|f| f.kind == kind)
    }

    pub fn fields_of(&self, kind: FieldKind) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |f| f.kind == kind)
    }

    /// The credentials in the fields of a kind.
    pub fn credentials(&self, text: &str, kind: FieldKind) -> Vec<Credential> {
        let values = self.fields_of(kind).filter_map(|f| f.value);
        values
            .flat_map(|v| credential::find_in(&text[v.range()]))
            .collect()
    }

    pub fn is_signed(&self) -> bool {
        self.field(FieldKind::Signed)
            .is_some_and(|f| f.value.is_some())
    }

    pub fn day(&self) -> Option<jiff::civil::Date> {
        self.heading.as_ref()?.date?.day
    }
}
