//! A document and a policy make findings and claims; what did not change is remembered.
//!
//! A visit is judged by its own text, what stands before the first visit heading, the policy,
//! whether it is the document's last, and, where it lacks a diagnosis, those of the other visits.
//! As long as these stay the same, so do its findings, wherever in the document it moves.

mod chart_findings;
mod parts;

use std::sync::Arc;

use crate::billing::Claim;
use crate::chart::{FieldKind, Visit, lower, lower_again, typed};
use crate::policy::{Payer, Policy};
use crate::rules::silence::{Place, silences};
use crate::rules::{
    ChartCase, ChartVisit, Counted, Facts, Finding, Fix, VisitCase, Waived, is_unseen, judge,
    judge_chart, leaves_side_open,
};
use crate::syntax::Syntax;
use crate::text::{self, Difference, Document, Segments, Span, begins_visit};
use chart_findings::ChartFindings;
use parts::{Chunk, Kept, NamedDiagnosis};

pub use parts::{Part, Parts};

/// The reading of one segment.
#[derive(Debug)]
pub struct Reading {
    /// The text that was read.
    pub text: Arc<str>,
    /// This text as it was parsed, or an earlier one since which all changes lay inside lines of prose.
    parsed: Arc<Parsed>,
    /// What it says.
    pub visit: Visit,
    /// What the rules about several visits know of its words.
    facts: Facts,
}

impl Reading {
    fn of(text: &Arc<str>) -> Self {
        let parsed = Parsed {
            text: Arc::clone(text),
            syntax: Syntax::of(text),
        };
        let visit = lower(text, &parsed.syntax);
        Self {
            text: Arc::clone(text),
            parsed: Arc::new(parsed),
            visit,
            facts: Facts::default(),
        }
    }

    fn updated(&self, text: &Arc<str>) -> Self {
        let before = (&*self.text, &self.visit);
        let change = Difference::between(&self.text, text);
        let (visit, parsed) = if let Some(visit) = typed(before, text, &change) {
            (visit, Arc::clone(&self.parsed))
        } else {
            let parsed = self.parsed.updated(text);
            (lower_again(text, &parsed.syntax, before), Arc::new(parsed))
        };
        Self {
            text: Arc::clone(text),
            parsed,
            visit,
            facts: self.facts.after(&self.text, text, &change),
        }
    }
}

/// A text and its tree.
#[derive(Debug)]
struct Parsed {
    text: Arc<str>,
    syntax: Syntax,
}

impl Parsed {
    fn updated(&self, text: &Arc<str>) -> Self {
        Self {
            text: Arc::clone(text),
            syntax: self.syntax.updated(&self.text, text),
        }
    }
}

/// What was found out about one visit. Spans are relative to the visit.
#[derive(Debug)]
pub struct Judgement {
    /// The findings, by place.
    pub findings: Vec<Finding>,
    /// Minutes, units and claim lines.
    pub claim: Arc<Claim>,
    /// The name of the payer's profile.
    pub payer: String,
    /// Its place among those of the policy.
    payer_index: usize,
    /// The waivers that were of use.
    waived: Waived,
    uses_chart_diagnoses: bool,
}

impl Judgement {
    fn payer_of<'p>(&self, policy: &'p Policy) -> &'p Payer {
        policy
            .payers
            .get(self.payer_index)
            .unwrap_or_else(|| policy.payer(Some(&self.payer)))
    }
}

/// What was found out about a document.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    segments: Arc<Segments>,
    /// What is kept of the segments, in the same chunks.
    chunks: Vec<Arc<Chunk>>,
    /// Whether the first part stands before the first visit heading, and visits follow it.
    has_preamble: bool,
    policy: Arc<Policy>,
    chart_diagnoses: Arc<[String]>,
    chart_findings: ChartFindings,
}

impl Analysis {
    /// Judges a document from nothing.
    pub fn of(document: &Document, policy: &Arc<Policy>) -> Self {
        Self::default().updated(document, policy)
    }

    /// Judges what became of the document, taking over what holds still.
    #[must_use]
    pub fn updated(&self, document: &Document, policy: &Arc<Policy>) -> Self {
        self.with_one_visit_changed(document, policy)
            .unwrap_or_else(|| self.with_visits_changed(document, policy))
    }

    /// The usual case: something was typed in one visit, and the rules about several visits do not see
    /// it. `None` if it is another case.
    fn with_one_visit_changed(&self, document: &Document, policy: &Arc<Policy>) -> Option<Self> {
        let segments = document.segments();
        let (chunk, within) = self.only_change(segments)?;
        let index = segments.chunks()[chunk].first() + within;
        if index == 0 || !Arc::ptr_eq(policy, &self.policy) {
            return None;
        }
        let (segment, old) = (segments.get(index)?, self.part(index)?);
        let reading = Arc::new(old.reading.updated(segment.text));
        if own_diagnoses(&reading) != own_diagnoses(old.reading) {
            return None;
        }
        let before = self.preamble_part();
        let judgement = judgement(
            &reading,
            before.map(|part| &**part.reading),
            policy,
            old.last,
            &self.chart_diagnoses,
            Some((&old.reading.visit, &old.judgement.claim)),
        );
        let kept = Kept::new(reading, Arc::new(judgement));
        let part = Part {
            reading: &kept.reading,
            judgement: &kept.judgement,
            ..old
        };
        let beside = |index: Option<usize>| {
            let part = self.part(index?).filter(Part::is_visit)?;
            Some(self.chart_visit(part))
        };
        let sides_matter =
            before.is_some_and(|before| leaves_side_open(&self.chart_visit(before), policy));
        let unseen = !sides_matter
            && is_unseen(
                &self.chart_visit(old),
                &self.chart_visit(part),
                beside(index.checked_sub(1)).as_ref(),
                beside(index.checked_add(1)).as_ref(),
                policy,
            );
        if !unseen || self.chart_findings.concern(changed(&old, segment.text)) {
            return None;
        }
        let line_behind = |segments: &Segments| segments.get(index + 1).map(|next| next.line);
        let same_lines = line_behind(&self.segments) == line_behind(segments);
        let (old_end, new_end) = (old.end(), segment.end());
        let chart_findings = self.chart_findings.moved(old_end, new_end, same_lines);
        let mut chunks = self.chunks.clone();
        chunks[chunk] = Arc::new(self.chunks[chunk].with(within, kept));
        Some(Self {
            segments: Arc::clone(segments),
            chunks,
            has_preamble: self.has_preamble,
            policy: Arc::clone(policy),
            chart_diagnoses: Arc::clone(&self.chart_diagnoses),
            chart_findings,
        })
    }

    /// The chunk of the only segment that is another one than before, and its index there. Segments
    /// that were not touched are the very same in memory, so that nobody looks at their texts.
    fn only_change(&self, segments: &Segments) -> Option<(usize, usize)> {
        let (old, new) = (self.segments.chunks(), segments.chunks());
        if old.len() != new.len() {
            return None;
        }
        let mut chunks = (0..new.len()).filter(|at| !new[*at].is(&old[*at]));
        let chunk = chunks.next().filter(|_| chunks.next().is_none())?;
        let (old, new) = (&old[chunk], &new[chunk]);
        if old.len() != new.len() {
            return None;
        }
        let same = |at: usize| Arc::ptr_eq(old.segment(at).text, new.segment(at).text);
        let mut changed = (0..new.len()).filter(|at| !same(*at));
        let within = changed.next().filter(|_| changed.next().is_none())?;
        Some((chunk, within))
    }

    fn with_visits_changed(&self, document: &Document, policy: &Arc<Policy>) -> Self {
        let segments = document.segments();
        let rows = self.rows(segments);
        let headed = segments
            .get(0)
            .is_some_and(|first| begins_visit(first.text.as_bytes()));
        let preamble = rows
            .first()
            .filter(|_| !headed && segments.len() > 1)
            .and_then(|row| row.first(self).cloned());
        let same_policy = Arc::ptr_eq(policy, &self.policy) || **policy == *self.policy;
        let before = self.preamble_part();
        let same_preamble =
            before.map(|part| &part.reading.text) == preamble.as_ref().map(|r| &r.text);
        let named: Vec<_> = rows.iter().map(|row| row.diagnoses(self)).collect();
        let chart_diagnoses = chart_diagnoses(&named);
        let same_diagnoses = *chart_diagnoses == *self.chart_diagnoses;
        let is_preamble = |index: usize| index == 0 && preamble.is_some();
        let is_last = |index: usize| index + 1 == segments.len();
        let holds_still = |index: usize, part: &Part<'_>| {
            same_policy
                && part.last == is_last(index)
                && part.preamble == is_preamble(index)
                && (part.preamble || same_preamble)
                && (same_diagnoses || !part.judgement.uses_chart_diagnoses)
        };
        let keep = |index: usize, reading: Arc<Reading>, old: Option<Part<'_>>| {
            let judgement = if let Some(part) = old.filter(|part| holds_still(index, part)) {
                Arc::clone(part.judgement)
            } else {
                let before = preamble.as_deref().filter(|_| !is_preamble(index));
                let last = is_last(index);
                let diagnoses = &chart_diagnoses;
                Arc::new(judgement(&reading, before, policy, last, diagnoses, None))
            };
            Kept::new(reading, judgement)
        };
        let chunks = segments.chunks().iter().zip(rows).zip(named);
        let chunks = chunks.map(|((chunk, row), named)| {
            let kept: Box<[Kept]> = match row {
                Row::Known(at) => {
                    let known = &self.chunks[at];
                    let first = self.segments.chunks()[at].first();
                    // Only the first and the last part of a chunk can be the document's.
                    let borders = [0, chunk.len() - 1].into_iter();
                    let mut borders = borders.filter_map(|n| Some((n, self.part(first + n)?)));
                    if same_policy
                        && same_preamble
                        && (same_diagnoses || !known.uses_chart_diagnoses)
                        && borders.all(|(n, part)| holds_still(chunk.first() + n, &part))
                    {
                        return Arc::clone(known);
                    }
                    let readings = known.kept.iter().map(|k| Arc::clone(&k.reading));
                    let kept = (0..).zip(readings);
                    kept.map(|(n, r)| keep(chunk.first() + n, r, self.part(first + n)))
                        .collect()
                }
                Row::Read(readings) => {
                    let readings = (chunk.first()..).zip(readings);
                    readings
                        .map(|(n, (r, old))| keep(n, r, old.and_then(|old| self.part(old))))
                        .collect()
                }
            };
            Arc::new(Chunk::new(kept, named))
        });
        let mut analysis = Self {
            segments: Arc::clone(segments),
            chunks: chunks.collect(),
            has_preamble: preamble.is_some(),
            policy: Arc::clone(policy),
            chart_diagnoses,
            chart_findings: ChartFindings::default(),
        };
        analysis.chart_findings = ChartFindings::new(judge_chart(&analysis.chart_case()));
        analysis
    }

    /// The visits as the rules about several of them see them.
    pub fn chart_case(&self) -> ChartCase<'_> {
        let mut visits = Vec::with_capacity(self.segments.len());
        let parts = self.all_parts().filter(Part::is_visit);
        visits.extend(parts.map(|part| self.chart_visit(part)));
        let preamble = self.preamble_part().map(|part| self.chart_visit(part));
        ChartCase::new(preamble, visits, &self.policy)
    }

    fn chart_visit<'a>(&'a self, part: Part<'a>) -> ChartVisit<'a> {
        let reading = part.reading;
        ChartVisit::new(
            part.start,
            (&reading.text, &reading.visit, &reading.facts),
            part.judgement.payer_of(&self.policy),
            &part.judgement.waived,
            part.last,
        )
    }

    /// The readings of some segments, chunk by chunk: the same text keeps its reading; a changed text
    /// is parsed from the tree of the one that stood in its place.
    fn rows(&self, segments: &Segments) -> Vec<Row> {
        let (old, new) = (self.segments.chunks(), segments.chunks());
        let most = old.len().min(new.len());
        let both = old.iter().zip(new);
        let head = both.take_while(|(o, n)| n.is(o)).count();
        let both = old.iter().rev().zip(new.iter().rev());
        let tail = both.take(most - head).take_while(|(o, n)| n.is(o)).count();
        let before = texts_of(&old[head..old.len() - tail]);
        let texts = texts_of(&new[head..new.len() - tail]);
        let first = old.get(head).map_or(0, text::Chunk::first);
        let mut readings = self.readings(first, &before, &texts).into_iter();
        let rows = new.iter().enumerate().map(|(at, chunk)| {
            if at < head {
                Row::Known(at)
            } else if at >= new.len() - tail {
                Row::Known(at + old.len() - new.len())
            } else {
                Row::Read(readings.by_ref().take(chunk.len()).collect())
            }
        });
        rows.collect()
    }

    /// The readings of texts that stand where others stood, of which the first has this index; those
    /// that stay the same with the index that they had.
    fn readings(&self, first: usize, before: &[&Arc<str>], texts: &[&Arc<str>]) -> Vec<Read> {
        let same =
            |(one, other): &(&&Arc<str>, &&Arc<str>)| Arc::ptr_eq(one, other) || one == other;
        let head = texts.iter().zip(before).take_while(same).count();
        let most = texts.len().min(before.len()) - head;
        let both = texts.iter().rev().zip(before.iter().rev());
        let tail = both.take(most).take_while(same).count();
        let known = |index: usize| Some(self.part(first + index)?.reading);
        let readings = texts.iter().enumerate().map(|(index, text)| {
            let from_the_end = (index + before.len()).checked_sub(texts.len());
            let old = if index < head {
                Some(index)
            } else if index >= texts.len() - tail {
                from_the_end
            } else {
                // Several places were changed at once; what stands between them was not.
                let mut places = [Some(index), from_the_end].into_iter().flatten();
                places.find(|at| before.get(*at).is_some_and(|old| Arc::ptr_eq(old, text)))
            };
            if let Some((old, reading)) = old.and_then(|old| Some((old, known(old)?))) {
                return (Arc::clone(reading), Some(first + old));
            }
            let replaced = Some(index).filter(|index| *index < before.len() - tail);
            let reading = match replaced.and_then(known) {
                Some(reading) => reading.updated(text),
                None => Reading::of(text),
            };
            (Arc::new(reading), None)
        });
        readings.collect()
    }

    /// The policy that was applied.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The case of a part, as the rules see it.
    pub fn case<'a>(&'a self, part: Part<'a>) -> VisitCase<'a> {
        let preamble = self
            .preamble_part()
            .filter(|before| !Arc::ptr_eq(before.reading, part.reading))
            .map(|before| (&*before.reading.text, &before.reading.visit));
        VisitCase::new(
            (&part.reading.text, &part.reading.visit),
            &part.reading.facts,
            preamble,
            &self.policy,
            part.last,
            &self.chart_diagnoses,
            Some((&part.reading.visit, &part.judgement.claim)),
        )
    }

    /// The findings of the whole document in order; spans are offsets of the document.
    pub fn findings(&self) -> Vec<Finding> {
        self.findings_in(Span::new(0, usize::MAX))
    }

    /// The findings that touch a span of the document, in order.
    pub fn findings_in(&self, span: Span) -> Vec<Finding> {
        let near = self.parts_with_findings_near(span).flat_map(|part| {
            let findings = part.judgement.findings.iter();
            let near = findings.filter(move |f| f.span.shifted(part.start).meets(span));
            near.map(move |f| f.shifted(part.start))
        });
        let of_chart = self.chart_findings().filter(|f| f.span.meets(span));
        let mut findings: Vec<Finding> = near.chain(of_chart).collect();
        findings.sort_by_key(|f| (f.span, std::cmp::Reverse(f.level), f.rule.name));
        findings
    }

    /// The findings about several visits; spans are offsets of the document.
    pub fn chart_findings(&self) -> impl Iterator<Item = Finding> {
        self.chart_findings.iter()
    }

    /// The edits that stop a finding from being shown, each with a blank for the reason: in the
    /// modality or visit that it lies in, and in the whole chart. Spans, the finding's too, are
    /// offsets of the document.
    pub fn silences(&self, finding: &Finding) -> Vec<Fix> {
        let Some(part) = self.part_at(finding.span.start) else {
            return Vec::new();
        };
        let before = self.preamble_part();
        let preamble = before.map(|p| (&*p.reading.text, &p.reading.visit));
        let first = self.part(0).map_or("", |p| &*p.reading.text);
        let place = Place {
            case: self.case(part),
            start: part.start,
            in_preamble: part.preamble && !part.is_visit(),
            preamble,
            first,
        };
        silences(&place, finding)
    }
}

fn judgement(
    reading: &Reading,
    preamble: Option<&Reading>,
    policy: &Policy,
    last: bool,
    chart_diagnoses: &[String],
    counted: Option<Counted<'_>>,
) -> Judgement {
    let preamble = preamble.map(|p| (&*p.text, &p.visit));
    let case = VisitCase::new(
        (&reading.text, &reading.visit),
        &reading.facts,
        preamble,
        policy,
        last,
        chart_diagnoses,
        counted,
    );
    let (findings, waived) = if case.visit.len == 0 {
        (Vec::new(), Waived::default())
    } else {
        judge(&case)
    };
    let uses_chart_diagnoses = case.diagnoses().next().is_none();
    let payer = case.payer.name.clone();
    let is_payer = |p: &Payer| std::ptr::eq(p, case.payer);
    let payer_index = policy.payers.iter().position(is_payer);
    Judgement {
        findings,
        claim: case.claim,
        payer,
        payer_index: payer_index.unwrap_or_default(),
        waived,
        uses_chart_diagnoses,
    }
}

fn texts_of(chunks: &[text::Chunk]) -> Vec<&Arc<str>> {
    let segments = chunks.iter().flat_map(text::Chunk::iter);
    segments.map(|segment| segment.text).collect()
}

/// The span of a part, in offsets of the document, that holds all that changed when its text became
/// this one.
fn changed(old: &Part<'_>, new: &str) -> Span {
    // What stands before the change has kept its place.
    let start = old.start + Difference::between(&old.reading.text, new).old.start;
    // What stands behind the part's last line break is the next part's.
    let end = old.end() - usize::from(!old.last);
    Span::new(start.min(end), end)
}

/// The codes of a visit's `dx` fields with the words beside them.
fn own_diagnoses(reading: &Reading) -> Vec<(&str, &str)> {
    let codes = reading.visit.diagnoses.iter().map(|d| d.code.as_str());
    let fields = reading.visit.fields_of(FieldKind::Diagnosis);
    let values = fields.filter_map(|f| f.value);
    let values = values.map(|v| &reading.text[v.range()]);
    codes
        .map(|code| (code, ""))
        .chain(values.map(|words| ("", words)))
        .collect()
}

/// The diagnoses of the whole chart, each code once, with the words that stand beside it.
fn chart_diagnoses(named: &[Arc<[NamedDiagnosis]>]) -> Arc<[String]> {
    let mut all: Vec<&NamedDiagnosis> = Vec::new();
    for diagnosis in named.iter().flat_map(|named| named.iter()) {
        if !all.iter().any(|known| known.code == diagnosis.code) {
            all.push(diagnosis);
        }
    }
    all.into_iter().map(NamedDiagnosis::text).collect()
}

/// The readings of a chunk of segments.
enum Row {
    /// Those of a chunk that the document had before, of this index.
    Known(usize),
    /// These.
    Read(Vec<Read>),
}

/// A reading; the index of the part that it comes from, if it was known.
type Read = (Arc<Reading>, Option<usize>);

impl Row {
    fn first<'r>(&'r self, before: &'r Analysis) -> Option<&'r Arc<Reading>> {
        match self {
            Self::Known(at) => before.chunks[*at].kept.first().map(|kept| &kept.reading),
            Self::Read(readings) => readings.first().map(|(reading, _)| reading),
        }
    }

    fn diagnoses(&self, before: &Analysis) -> Arc<[NamedDiagnosis]> {
        match self {
            Self::Known(at) => Arc::clone(&before.chunks[*at].diagnoses),
            Self::Read(readings) => NamedDiagnosis::of(readings.iter().map(|(r, _)| &**r)),
        }
    }
}

#[cfg(test)]
mod tests;
