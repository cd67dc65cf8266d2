//! A document and a policy make findings and claims; a visit whose text did not change keeps its results.
//!
//! A visit is judged by its own text, what stands before the first visit heading, the policy,
//! whether it is the document's last and not signed yet, the other visits of its day and payer and, where it lacks a date or a
//! diagnosis, those of the other visits.
//! As long as these stay the same, so do its findings, wherever in the document it moves. The rules
//! across visits run again when a summary changed.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::billing::Claim;
use crate::chart::{DiagnosisKind, FieldKind, Visit, lower};
use crate::policy::{Level, Policy};
use crate::rules::silence::{FindingContext, silences};
use crate::rules::{
    ChartCase, ChartFinding, Day, DayVisit, Finding, Fix, MOST_OF_A_DAY, PieceNow, Summaries,
    VisitCase, VisitSummary, judge, judge_chart, payer_of,
};
use crate::syntax::Syntax;
use crate::text::{self, Document, Span, begins_visit};

/// What was found out about one visit. Spans are relative to the visit.
#[derive(Debug)]
pub struct Judgement {
    /// The findings, by place.
    pub findings: Vec<Finding>,
    /// Minutes, units and claim lines.
    pub claim: Arc<Claim>,
    /// The name of the payer's profile.
    pub payer: String,
    /// What the rules across visits may know of it.
    pub summary: Arc<VisitSummary>,
    uses_chart_diagnoses: bool,
}

/// A piece of the document with what it says and what was found out: a visit, or what stands before the
/// first visit heading.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Byte offset in the document.
    pub start: usize,
    /// The line of the document that it begins, from 0.
    pub line: usize,
    /// The text, with its last line break.
    pub text: Arc<str>,
    /// What it says.
    pub visit: Arc<Visit>,
    /// What was found out. As long as it is the very same, so is all that was found in this piece by
    /// itself, but for the piece's start.
    pub judgement: Arc<Judgement>,
    last: bool,
    fresh: bool,
    preamble: bool,
    /// The other visits of its day and payer.
    day: Arc<Day>,
}

impl Piece {
    /// Whether this is a visit: what stands before the first heading is one only if no visit
    /// follows, or if something was done there.
    pub fn is_visit(&self) -> bool {
        !self.preamble || self.visit.is_treated()
    }

    /// Whether it is the first visit of its day and payer, with which the day's claim is shown.
    pub fn begins_day(&self) -> bool {
        self.day.before.is_empty()
    }

    /// The byte offset of the piece's end in the document.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn now(&self) -> PieceNow<'_> {
        PieceNow {
            start: self.start,
            text: &self.text,
            visit: &self.visit,
        }
    }
}

/// What was found out about a document.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    pieces: Vec<Piece>,
    policy: Arc<Policy>,
    chart_diagnoses: Arc<[String]>,
    /// The day of the latest visit.
    latest: Option<Date>,
    summaries: Summaries,
    chart_findings: Arc<[ChartFinding]>,
}

impl Analysis {
    /// Judges a document from nothing.
    pub fn of(document: &Document, policy: &Arc<Policy>) -> Self {
        Self::default().updated(document, policy)
    }

    /// Judges what became of the document, taking over what still holds.
    #[must_use]
    pub fn updated(&self, document: &Document, policy: &Arc<Policy>) -> Self {
        let pieces = document.pieces();
        let count = pieces.len();
        let before: HashMap<*const u8, &Piece> = self
            .pieces
            .iter()
            .map(|piece| (piece.text.as_ptr(), piece))
            .collect();
        let known: Vec<Option<&Piece>> = pieces
            .iter()
            .map(|piece| before.get(&piece.text.as_ptr()).copied())
            .collect();
        let visits: Vec<Arc<Visit>> = pieces
            .iter()
            .zip(&known)
            .map(|(piece, known)| match known {
                Some(known) => Arc::clone(&known.visit),
                None => Arc::new(lower(&piece.text, &Syntax::of(&piece.text))),
            })
            .collect();
        let has_preamble = count > 1 && !begins_visit(&pieces[0].text);
        let preamble = has_preamble.then(|| (&*pieces[0].text, &*visits[0]));
        let chart_diagnoses = chart_diagnoses(pieces, &visits);
        let same_policy = Arc::ptr_eq(policy, &self.policy) || **policy == *self.policy;
        let old_preamble = self.preamble().map(|piece| &*piece.text);
        let same_preamble = old_preamble == preamble.map(|(text, _)| text);
        let same_diagnoses = *chart_diagnoses == *self.chart_diagnoses;
        let days = days(pieces, &visits, preamble, policy);
        let latest = visits.iter().filter_map(|visit| visit.day()).max();
        // Only what stands outside of a dated visit is judged by the day of another one.
        let release = |day: Option<Date>| std::ptr::from_ref(policy.release_on(day));
        let same_latest =
            latest.is_some() == self.latest.is_some() && release(latest) == release(self.latest);
        let judged = (0..count).zip(days).map(|(index, day)| {
            let is_preamble = has_preamble && index == 0;
            let last = index + 1 == count;
            // What stands before an only visit is as new as that.
            let newest = last || is_preamble && count == 2;
            let fresh = newest && !visits[count - 1].is_signed();
            let holds = |known: &&Piece| {
                same_policy
                    && known.last == last
                    && known.fresh == fresh
                    && known.preamble == is_preamble
                    && known.day.is_same(&day)
                    && (same_latest || visits[index].day().is_some())
                    && (is_preamble || same_preamble)
                    && (same_diagnoses || !known.judgement.uses_chart_diagnoses)
            };
            let judgement = match known[index].filter(holds) {
                Some(known) => Arc::clone(&known.judgement),
                None => Arc::new(judgement(&VisitCase::new(
                    (&pieces[index].text, &visits[index]),
                    preamble.filter(|_| !is_preamble),
                    policy,
                    (last, fresh),
                    &day,
                    (&chart_diagnoses, latest),
                ))),
            };
            Piece {
                start: pieces[index].start,
                line: pieces[index].line,
                text: Arc::clone(&pieces[index].text),
                visit: Arc::clone(&visits[index]),
                judgement,
                last,
                fresh,
                preamble: is_preamble,
                day,
            }
        });
        let pieces: Vec<Piece> = judged.collect();
        let summaries = summaries_of(&pieces);
        let chart_findings = if same_policy && summaries == self.summaries {
            Arc::clone(&self.chart_findings)
        } else {
            judge_chart(&ChartCase::new(&summaries, policy)).into()
        };
        Self {
            pieces,
            policy: Arc::clone(policy),
            chart_diagnoses,
            latest,
            summaries,
            chart_findings,
        }
    }

    /// The pieces in order.
    pub fn pieces(&self) -> std::slice::Iter<'_, Piece> {
        self.pieces.iter()
    }

    /// The piece that an offset of the document lies in.
    pub fn piece_at(&self, offset: usize) -> Option<&Piece> {
        let behind = self.pieces.partition_point(|piece| piece.start <= offset);
        self.pieces.get(behind.checked_sub(1)?)
    }

    /// What stands before the first visit heading, if visits follow it.
    pub fn preamble(&self) -> Option<&Piece> {
        self.pieces.first().filter(|piece| piece.preamble)
    }

    /// The visits as the rules across visits see them.
    pub fn chart_case(&self) -> ChartCase<'_> {
        ChartCase::new(&self.summaries, &self.policy)
    }

    /// A piece of the document as it stands now, by its index.
    pub fn piece_now(&self, index: usize) -> PieceNow<'_> {
        self.pieces[index].now()
    }

    /// The visits of a piece's day and payer, itself among them, in the order of the note.
    pub fn visits_of_day(&self, piece: &Piece) -> Vec<&Piece> {
        let others = piece.day.before.iter().chain(&piece.day.after);
        let texts: Vec<*const u8> = others.map(|other| other.text.as_ptr()).collect();
        let of_day =
            |other: &&Piece| other.start == piece.start || texts.contains(&other.text.as_ptr());
        self.pieces.iter().filter(of_day).collect()
    }

    /// The policy that was applied.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The case of a piece, as the rules see it.
    pub fn case<'a>(&'a self, piece: &'a Piece) -> VisitCase<'a> {
        let preamble = self
            .preamble()
            .filter(|_| !piece.preamble)
            .map(|before| (&*before.text, &*before.visit));
        VisitCase::new(
            (&piece.text, &piece.visit),
            preamble,
            &self.policy,
            (piece.last, piece.fresh),
            &piece.day,
            (&self.chart_diagnoses, self.latest),
        )
    }

    /// The findings of the whole document in order; spans are offsets of the document.
    pub fn findings(&self) -> Vec<Finding> {
        self.each_finding().collect()
    }

    /// The same one after the other, so that whoever prints those of a long chart has one of them at a time.
    pub fn each_finding(&self) -> impl Iterator<Item = Finding> {
        self.each_finding_in(Span::new(0, usize::MAX))
    }

    /// The findings that touch a span of the document, in order.
    pub fn findings_in(&self, span: Span) -> Vec<Finding> {
        self.each_finding_in(span).collect()
    }

    fn each_finding_in(&self, span: Span) -> impl Iterator<Item = Finding> {
        let mut found = self.found();
        found.retain(|found| found.span.meets(span));
        found.sort_by_key(|found| (found.span, Reverse(found.level), found.rule));
        found.into_iter().map(|found| self.put(&found))
    }

    /// At most so many findings of the whole document, and how many more there are. All of them come by
    /// place; of too many the loudest come, the loudest first. Those of one visit are lent as they stand there,
    /// each with its visit's start: an editor draws a thousand at every keystroke.
    pub fn loudest(&self, most: usize) -> (Vec<(Cow<'_, Finding>, usize)>, usize) {
        let mut found = self.found();
        let more = found.len().saturating_sub(most);
        found.sort_by_key(|found| (found.span, Reverse(found.level), found.rule));
        if more > 0 {
            found.sort_by_key(|found| Reverse(found.level));
            found.truncate(most);
        }
        let findings = found.into_iter().map(|found| match found.source {
            Source::Visit(start, finding) => (Cow::Borrowed(finding), start),
            Source::Chart(_) => (Cow::Owned(self.put(&found)), 0),
        });
        (findings.collect(), more)
    }

    /// All that was found, at its place in the document.
    fn found(&self) -> Vec<PlacedFinding<'_>> {
        let of_pieces = self.pieces.iter().flat_map(|piece| {
            let findings = piece.judgement.findings.iter();
            findings.map(move |finding| PlacedFinding {
                span: finding.span.shifted(piece.start),
                level: finding.level,
                rule: finding.rule.name,
                source: Source::Visit(piece.start, finding),
            })
        });
        let of_chart = self.chart_findings.iter().map(|finding| PlacedFinding {
            span: finding.span(|index| self.piece_now(index)),
            level: finding.level,
            rule: finding.rule.name,
            source: Source::Chart(finding),
        });
        of_pieces.chain(of_chart).collect()
    }

    /// A finding with all its spans as offsets of the document.
    fn put(&self, found: &PlacedFinding<'_>) -> Finding {
        match found.source {
            Source::Visit(start, finding) => finding.shifted(start),
            Source::Chart(finding) => {
                let has_preamble = self.preamble().is_some();
                finding.now(|index| self.piece_now(index), has_preamble)
            }
        }
    }

    /// The edits that stop a finding from being shown, each with a placeholder for the reason: in the
    /// modality or visit that it lies in, and in the whole chart. Spans, the finding's too, are
    /// offsets of the document.
    pub fn silences(&self, finding: &Finding) -> Vec<Fix> {
        let Some(piece) = self.piece_at(finding.span.start) else {
            return Vec::new();
        };
        let before = self.preamble();
        let preamble = before.map(|p| (&*p.text, &*p.visit));
        let first = self.pieces.first().map_or("", |p| &*p.text);
        let place = FindingContext {
            case: self.case(piece),
            start: piece.start,
            in_preamble: piece.preamble && !piece.is_visit(),
            preamble,
            first,
        };
        silences(&place, finding)
    }
}

/// A finding at its place in the document.
struct PlacedFinding<'a> {
    span: Span,
    level: Level,
    rule: &'static str,
    source: Source<'a>,
}

/// Where a finding comes from.
enum Source<'a> {
    /// A visit that begins at this offset, by itself.
    Visit(usize, &'a Finding),
    /// Several visits together.
    Chart(&'a ChartFinding),
}

fn judgement(case: &VisitCase<'_>) -> Judgement {
    let (findings, waived) = if case.visit.len == 0 {
        Default::default()
    } else {
        judge(case)
    };
    Judgement {
        findings,
        claim: Arc::clone(&case.claim),
        payer: case.payer.name.clone(),
        uses_chart_diagnoses: case.diagnoses().all(|d| d.kind == DiagnosisKind::Words),
        summary: Arc::new(VisitSummary::of(case, waived)),
    }
}

fn summaries_of(pieces: &[Piece]) -> Summaries {
    let summary = |piece: &Piece| Arc::clone(&piece.judgement.summary);
    let first_piece = pieces.iter().position(Piece::is_visit).unwrap_or_default();
    let preamble = pieces.first().filter(|piece| piece.preamble);
    Summaries {
        preamble: preamble.map(summary),
        visits: pieces[first_piece..].iter().map(summary).collect(),
        first_piece,
    }
}

/// For each piece the other visits of its date and payer in which something was done.
fn days(
    pieces: &[text::Piece],
    visits: &[Arc<Visit>],
    preamble: Option<(&str, &Visit)>,
    policy: &Policy,
) -> Vec<Arc<Day>> {
    let alone = Arc::new(Day::default());
    let mut days = vec![alone; pieces.len()];
    let mut by_date: HashMap<Date, Vec<usize>> = HashMap::new();
    for (index, visit) in visits.iter().enumerate().filter(|(_, v)| v.is_treated()) {
        if let Some(date) = visit.day() {
            by_date.entry(date).or_default().push(index);
        }
    }
    let of_several = |visits: &Vec<usize>| (2..=MOST_OF_A_DAY).contains(&visits.len());
    for of_date in by_date.into_values().filter(of_several) {
        let payer = |index: usize| {
            let payer = payer_of(policy, (&pieces[index].text, &visits[index]), preamble);
            payer.name.as_str()
        };
        let payers: Vec<&str> = of_date.iter().map(|index| payer(*index)).collect();
        for (place, index) in of_date.iter().enumerate() {
            let same = |other: &usize| payers[*other] == payers[place];
            let day_visit = |other: usize| DayVisit {
                text: Arc::clone(&pieces[of_date[other]].text),
                visit: Arc::clone(&visits[of_date[other]]),
            };
            let before = (0..place).filter(same).map(day_visit);
            let after = (place + 1..of_date.len()).filter(same).map(day_visit);
            days[*index] = Arc::new(Day {
                before: before.collect(),
                after: after.collect(),
            });
        }
    }
    days
}

/// The diagnoses that a chart names in its `dx` fields, each code once, with the words that stand beside
/// its first mention.
fn chart_diagnoses(pieces: &[text::Piece], visits: &[Arc<Visit>]) -> Arc<[String]> {
    let mut codes = HashSet::new();
    let mut named = Vec::new();
    for (piece, visit) in pieces.iter().zip(visits) {
        let fields = visit.fields_of(FieldKind::Diagnosis);
        let mut values: Vec<Span> = fields.filter_map(|field| field.value).collect();
        values.sort_unstable();
        for diagnosis in &visit.diagnoses {
            let code = diagnosis.code.as_str();
            if diagnosis.kind != DiagnosisKind::Icd10 || !codes.insert(code) {
                continue;
            }
            let words = words_beside(&piece.text, &values, diagnosis.span);
            named.push(format!("{code} {words}").trim_end().to_owned());
        }
    }
    named.into()
}

/// The words behind a code, up to the next mark or the end of its field, whose values are these in order.
fn words_beside<'t>(text: &'t str, values: &[Span], code: Span) -> &'t str {
    let behind = values.partition_point(|value| value.start <= code.start);
    let value = values[..behind].last();
    let Some(value) = value.filter(|value| value.touches(code.start)) else {
        return "";
    };
    let rest = &text[code.end..value.end];
    rest[..rest.find([';', ',', '\n', '\r']).unwrap_or(rest.len())].trim()
}

#[cfg(test)]
mod tests;
