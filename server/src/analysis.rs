//! A document and a policy make findings and claims; what did not change is remembered.
//!
//! A visit is judged by its own text, what stands before the first visit heading, the policy,
//! whether it is the document's last, and, where it lacks a diagnosis, those of the other visits.
//! As long as these stay the same, so do its findings, wherever in the document it moves.

use std::sync::Arc;

use crate::billing::Claim;
use crate::chart::{DiagnosisKind, FieldKind, Visit, lower, lower_again};
use crate::policy::{Payer, Policy};
use crate::rules::silence::{Place, silences};
use crate::rules::{
    ChartCase, ChartVisit, Facts, Finding, Fix, VisitCase, Waived, is_unseen, judge, judge_chart,
    leaves_side_open,
};
use crate::syntax::Syntax;
use crate::text::{Document, Segment, Span, begins_visit};

/// The reading of one segment.
#[derive(Debug)]
pub struct Reading {
    /// The text that was read.
    pub text: Arc<str>,
    syntax: Syntax,
    /// What it says.
    pub visit: Visit,
    /// What the rules about several visits know of its words.
    facts: Facts,
}

impl Reading {
    fn of(text: &Arc<str>) -> Self {
        let syntax = Syntax::of(text);
        Self::with(text, lower(text, &syntax), syntax)
    }

    fn updated(&self, text: &Arc<str>) -> Self {
        let syntax = self.syntax.updated(&self.text, text);
        let visit = lower_again(text, &syntax, (&self.text, &self.visit));
        Self::with(text, visit, syntax)
    }

    fn with(text: &Arc<str>, visit: Visit, syntax: Syntax) -> Self {
        Self {
            text: Arc::clone(text),
            visit,
            syntax,
            facts: Facts::default(),
        }
    }
}

/// What was found out about one visit. Spans are relative to the visit.
#[derive(Debug)]
pub struct Judgement {
    /// The findings, by place.
    pub findings: Vec<Finding>,
    /// Minutes, units and claim lines.
    pub claim: Claim,
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

/// A segment with its reading and judgement.
#[derive(Clone, Debug)]
pub struct Part {
    /// Byte offset in the document.
    pub start: usize,
    /// What it says.
    pub reading: Arc<Reading>,
    /// What was found out.
    pub judgement: Arc<Judgement>,
    last: bool,
    preamble: bool,
    /// Where its text lies in memory, which tells an untouched part from a changed one without looking
    /// at either.
    address: usize,
}

impl Part {
    /// Whether this is a visit: what stands before the first heading is one only if no visit
    /// follows, or if something was done there.
    pub fn is_visit(&self) -> bool {
        !self.preamble || self.reading.visit.is_treated()
    }

    /// The byte offset of the part's end in the document.
    pub fn end(&self) -> usize {
        self.start + self.reading.text.len()
    }
}

/// What was found out about a document.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    parts: Vec<Part>,
    policy: Arc<Policy>,
    chart_diagnoses: Arc<[String]>,
    /// The findings about several visits; spans are offsets of the document.
    chart_findings: Vec<Finding>,
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
        if segments.len() != self.parts.len() || !Arc::ptr_eq(policy, &self.policy) {
            return None;
        }
        let mut changed = segments
            .iter()
            .zip(&self.parts)
            .enumerate()
            .filter(|(_, (segment, part))| address(&segment.text) != part.address)
            .map(|(index, _)| index);
        let index = changed.next().filter(|index| *index > 0)?;
        let (segment, old) = (&segments[index], &self.parts[index]);
        if changed.next().is_some() {
            return None;
        }
        let reading = Arc::new(old.reading.updated(&segment.text));
        if own_diagnoses(&reading) != own_diagnoses(&old.reading) {
            return None;
        }
        let before = self.preamble();
        let judgement = judgement(
            &reading,
            before.map(|r| &**r),
            policy,
            old.last,
            &self.chart_diagnoses,
        );
        let part = Part {
            start: old.start,
            reading,
            judgement: Arc::new(judgement),
            address: address(&segment.text),
            ..*old
        };
        let beside = |index: Option<usize>| {
            let part = self.parts.get(index?).filter(|part| part.is_visit())?;
            Some(self.chart_visit(part))
        };
        let sides_matter = self
            .preamble_part()
            .is_some_and(|before| leaves_side_open(&self.chart_visit(before), policy));
        let unseen = !sides_matter
            && is_unseen(
                &self.chart_visit(old),
                &self.chart_visit(&part),
                beside(index.checked_sub(1)).as_ref(),
                beside(index.checked_add(1)).as_ref(),
                policy,
            );
        // What stands before the first changed letter has kept its place.
        let texts = old.reading.text.bytes().zip(segment.text.bytes());
        let same = texts.take_while(|(one, other)| one == other).count();
        let place = Span::new(old.start + same, old.end());
        if !unseen || self.chart_findings.iter().any(|f| f.concerns(place)) {
            return None;
        }
        let (old_end, new_end) = (old.end(), segment.end());
        let chart_findings = self.chart_findings.iter();
        let chart_findings = chart_findings
            .map(|f| f.moved_after(old_end, new_end))
            .collect();
        let mut parts = self.parts.clone();
        for (part, segment) in parts.iter_mut().zip(segments).skip(index) {
            part.start = segment.start;
        }
        parts[index] = part;
        Some(Self {
            parts,
            policy: Arc::clone(policy),
            chart_diagnoses: Arc::clone(&self.chart_diagnoses),
            chart_findings,
        })
    }

    fn with_visits_changed(&self, document: &Document, policy: &Arc<Policy>) -> Self {
        let readings = self.readings(document.segments());
        let chart_diagnoses = chart_diagnoses(&readings);
        let headed = document
            .segments()
            .first()
            .is_some_and(|first| begins_visit(first.text.as_bytes()));
        let preamble = readings
            .first()
            .filter(|_| !headed && readings.len() > 1)
            .cloned();
        let same_policy = Arc::ptr_eq(policy, &self.policy) || **policy == *self.policy;
        let same_preamble = self.preamble().map(|r| &r.text) == preamble.as_ref().map(|r| &r.text);
        let same_diagnoses = *chart_diagnoses == *self.chart_diagnoses;
        let count = readings.len();
        let kept = |index: usize, reading: &Arc<Reading>| {
            let from_the_end = (self.parts.len() + index).checked_sub(count);
            let mut places = [Some(index), from_the_end].into_iter().flatten();
            places.find_map(|at| {
                let part = self.parts.get(at)?;
                Arc::ptr_eq(&part.reading, reading).then_some(part)
            })
        };
        let parts = document
            .segments()
            .iter()
            .zip(readings)
            .enumerate()
            .map(|(index, (segment, reading))| {
                let last = index + 1 == count;
                let is_preamble = index == 0 && preamble.is_some();
                let holds_still = |part: &&Part| {
                    same_policy
                        && part.last == last
                        && part.preamble == is_preamble
                        && (is_preamble || same_preamble)
                        && (same_diagnoses || !part.judgement.uses_chart_diagnoses)
                };
                let judgement = if let Some(part) = kept(index, &reading).filter(holds_still) {
                    Arc::clone(&part.judgement)
                } else {
                    let before = preamble.as_deref().filter(|_| !is_preamble);
                    Arc::new(judgement(&reading, before, policy, last, &chart_diagnoses))
                };
                Part {
                    start: segment.start,
                    reading,
                    judgement,
                    last,
                    preamble: is_preamble,
                    address: address(&segment.text),
                }
            })
            .collect();
        let mut analysis = Self {
            parts,
            policy: Arc::clone(policy),
            chart_diagnoses,
            chart_findings: Vec::new(),
        };
        analysis.chart_findings = judge_chart(&analysis.chart_case());
        analysis
    }

    /// The visits as the rules about several of them see them.
    pub fn chart_case(&self) -> ChartCase<'_> {
        let visits = self.parts.iter().filter(|part| part.is_visit());
        ChartCase::new(
            self.preamble_part().map(|part| self.chart_visit(part)),
            visits.map(|part| self.chart_visit(part)).collect(),
            &self.policy,
        )
    }

    fn chart_visit<'a>(&'a self, part: &'a Part) -> ChartVisit<'a> {
        ChartVisit {
            start: part.start,
            text: &part.reading.text,
            visit: &part.reading.visit,
            payer: part.judgement.payer_of(&self.policy),
            waived: &part.judgement.waived,
            last: part.last,
            facts: &part.reading.facts,
        }
    }

    /// The segments' readings: the same text keeps its reading; a changed text is parsed from the
    /// tree of the one that stood in its place.
    fn readings(&self, segments: &[Segment]) -> Vec<Arc<Reading>> {
        let old = &self.parts;
        let same = |segment: &Segment, part: &Part| {
            Arc::ptr_eq(&segment.text, &part.reading.text) || segment.text == part.reading.text
        };
        let head = segments
            .iter()
            .zip(old)
            .take_while(|(s, p)| same(s, p))
            .count();
        let most = segments.len().min(old.len()) - head;
        let tail = segments
            .iter()
            .rev()
            .zip(old.iter().rev())
            .take(most)
            .take_while(|(s, p)| same(s, p))
            .count();
        let changed = head..segments.len() - tail;
        let replaced = &old[head..old.len() - tail];
        segments
            .iter()
            .enumerate()
            .map(|(index, segment)| {
                if index < head {
                    Arc::clone(&old[index].reading)
                } else if index >= changed.end {
                    Arc::clone(&old[index + old.len() - segments.len()].reading)
                } else {
                    match replaced.get(index - head) {
                        Some(part) => Arc::new(part.reading.updated(&segment.text)),
                        None => Arc::new(Reading::of(&segment.text)),
                    }
                }
            })
            .collect()
    }

    fn preamble(&self) -> Option<&Arc<Reading>> {
        let first = self.parts.first()?;
        first.preamble.then_some(&first.reading)
    }

    /// The parts in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The policy that was applied.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The part that an offset of the document lies in.
    pub fn part_at(&self, offset: usize) -> Option<&Part> {
        let after = self.parts.partition_point(|p| p.start <= offset);
        self.parts.get(after.checked_sub(1)?)
    }

    /// What stands before the first visit heading, if visits follow it.
    pub fn preamble_part(&self) -> Option<&Part> {
        self.preamble().and(self.parts.first())
    }

    /// The case of a part, as the rules see it.
    pub fn case<'a>(&'a self, part: &'a Part) -> VisitCase<'a> {
        let preamble = self
            .preamble()
            .filter(|r| !Arc::ptr_eq(r, &part.reading))
            .map(|r| (&*r.text, &r.visit));
        VisitCase::new(
            &part.reading.text,
            &part.reading.visit,
            preamble,
            &self.policy,
            part.last,
            &self.chart_diagnoses,
        )
    }

    /// The findings about several visits; spans are offsets of the document.
    pub fn chart_findings(&self) -> &[Finding] {
        &self.chart_findings
    }

    /// The findings of the whole document in order; spans are offsets of the document.
    pub fn findings(&self) -> Vec<Finding> {
        self.findings_in(Span::new(0, usize::MAX))
    }

    /// The findings that touch a span of the document, in order.
    pub fn findings_in(&self, span: Span) -> Vec<Finding> {
        let near = self
            .parts
            .iter()
            .filter(|part| part.start <= span.end && span.start <= part.end());
        let mut findings: Vec<Finding> = near
            .flat_map(|part| {
                part.judgement
                    .findings
                    .iter()
                    .map(|f| f.shifted(part.start))
            })
            .chain(self.chart_findings.iter().cloned())
            .filter(|f| f.span.meets(span))
            .collect();
        findings.sort_by_key(|f| (f.span, std::cmp::Reverse(f.level), f.rule.name));
        findings
    }

    /// The edits that stop a finding from being shown, each with a blank for the reason: in the
    /// modality or visit that it lies in, and in the whole chart. Spans, the finding's too, are
    /// offsets of the document.
    pub fn silences(&self, finding: &Finding) -> Vec<Fix> {
        let Some(part) = self.part_at(finding.span.start) else {
            return Vec::new();
        };
        let preamble = self.preamble().map(|r| (&*r.text, &r.visit));
        let first = self.parts.first().map_or("", |p| &*p.reading.text);
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
) -> Judgement {
    let preamble = preamble.map(|p| (&*p.text, &p.visit));
    let case = VisitCase::new(
        &reading.text,
        &reading.visit,
        preamble,
        policy,
        last,
        chart_diagnoses,
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

/// Where a text lies in memory.
fn address(text: &Arc<str>) -> usize {
    Arc::as_ptr(text).addr()
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
fn chart_diagnoses(readings: &[Arc<Reading>]) -> Arc<[String]> {
    let mut seen: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    for reading in readings.iter().filter(|r| !r.visit.diagnoses.is_empty()) {
        let fields = reading.visit.fields_of(FieldKind::Diagnosis);
        let values: Vec<Span> = fields.filter_map(|f| f.value).collect();
        for diagnosis in &reading.visit.diagnoses {
            if diagnosis.kind != DiagnosisKind::Icd10 || seen.contains(&diagnosis.code.as_str()) {
                continue;
            }
            seen.push(&diagnosis.code);
            let value = values.iter().find(|v| v.touches(diagnosis.span.start));
            let words = value.map_or("", |v| {
                let rest = &reading.text[diagnosis.span.end..v.end];
                rest[..rest.find([';', ',', '\n', '\r']).unwrap_or(rest.len())].trim()
            });
            all.push(if words.is_empty() {
                diagnosis.code.clone()
            } else {
                format!("{} {words}", diagnosis.code)
            });
        }
    }
    all.into()
}

#[cfg(test)]
mod tests;
