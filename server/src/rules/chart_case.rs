//! What a rule about several visits is given to judge.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::gist::Gist;
use super::{Edit, Facts, ScopedWaiver, chart_waivers, is_waived, waivers_of};
use crate::chart::{Referral, SectionKind, Visit, referral};
use crate::policy::{Payer, Policy};
use crate::text::Span;

/// The waivers that were of use in judging one visit: the places of the rules' names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waived {
    /// In the visit itself, relative to it.
    pub here: BTreeSet<Span>,
    /// In what stands before the first visit heading.
    pub chart: BTreeSet<Span>,
}

/// The visits of a chart, in the order of the document.
#[derive(Debug)]
pub struct ChartCase<'a> {
    /// What stands before the first visit heading, with its text; it begins the document.
    pub preamble: Option<(&'a str, &'a Visit)>,
    /// The waivers that were of use in what stands before the first visit heading.
    pub preamble_waived: Option<&'a Waived>,
    /// The visits.
    pub visits: Vec<ChartVisit<'a>>,
    /// The reader's policy.
    pub policy: &'a Policy,
    /// What is known of what stands before the first visit heading.
    pub preamble_facts: Option<&'a Facts>,
    by_day: OnceCell<Vec<(usize, Date)>>,
    referrals: OnceCell<Vec<(Span, Referral)>>,
    plans: OnceCell<Vec<(Span, Referral)>>,
    /// The waivers that hold for the whole chart.
    waivers: OnceCell<Vec<ScopedWaiver>>,
}

/// A visit of a chart.
#[derive(Clone, Copy, Debug)]
pub struct ChartVisit<'a> {
    /// Its byte offset in the document.
    pub start: usize,
    /// Its text.
    pub text: &'a str,
    /// What it says; spans are relative to the visit.
    pub visit: &'a Visit,
    /// Who pays for it.
    pub payer: &'a Payer,
    /// The waivers that were of use in judging it.
    pub waived: &'a Waived,
    /// Whether it is the last thing in the document.
    pub last: bool,
    /// What is known of its words.
    pub facts: &'a Facts,
    /// What is asked of it first.
    pub(super) gist: Gist,
}

impl<'a> ChartVisit<'a> {
    /// A visit that begins at an offset of the document, with its text, who pays for it, the waivers
    /// that were of use, and whether it is the last thing in the document.
    pub fn new(
        start: usize,
        (text, visit, facts): (&'a str, &'a Visit, &'a Facts),
        payer: &'a Payer,
        waived: &'a Waived,
        last: bool,
    ) -> Self {
        Self {
            start,
            text,
            visit,
            payer,
            waived,
            last,
            facts,
            gist: *facts.gist.get_or_init(|| Gist::of(visit)),
        }
    }

    /// A span of the visit as offsets of the document.
    pub fn at(&self, span: Span) -> Span {
        span.shifted(self.start)
    }

    /// The words of a span of the visit.
    pub fn str(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    /// What a finding about the whole visit points at, in offsets of the document: its heading, else
    /// its first modality's code.
    pub fn anchor(&self) -> Span {
        let span = match (&self.visit.heading, self.visit.modalities.first()) {
            (Some(heading), _) => heading.span,
            (None, Some(modality)) => modality.code_span,
            (None, None) => Span::at(0),
        };
        self.at(span)
    }

    /// The date of its heading if it has one, else what stands for the whole visit.
    pub fn date_span(&self) -> Span {
        let date = self.visit.heading.as_ref().and_then(|h| h.date);
        date.map_or_else(|| self.anchor(), |d| self.at(d.span))
    }

    /// An edit that puts a line below the visit's heading.
    pub fn line_at_top(&self, line: &str) -> Edit {
        let heading = self.visit.heading.as_ref().map_or(0, |h| h.span.end);
        let rest = &self.text[heading..];
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        Edit {
            span: Span::at(self.start + heading + end),
            text: format!("{}{line}", line_break(self.text)),
        }
    }

    /// Whether the visit is still being written: the last thing in the document, and not signed.
    pub fn is_open(&self) -> bool {
        self.last && !self.gist.is_signed
    }

    /// The prose of the sections that `chosen` picks, line by line.
    pub fn prose(&self, chosen: impl Fn(Option<SectionKind>) -> bool) -> String {
        let mut text = String::new();
        for prose in &self.visit.prose {
            if chosen(prose.section) {
                text.push_str(self.str(prose.span));
                text.push('\n');
            }
        }
        text
    }

    /// Whether something was done that is more than an evaluation.
    pub fn is_treatment(&self) -> bool {
        self.gist.is_treatment
    }
}

impl<'a> ChartCase<'a> {
    /// The visits of a chart, in the order of the document, after what stands before the first heading.
    pub fn new(
        preamble: Option<ChartVisit<'a>>,
        visits: Vec<ChartVisit<'a>>,
        policy: &'a Policy,
    ) -> Self {
        Self {
            preamble: preamble.map(|p| (p.text, p.visit)),
            preamble_waived: preamble.map(|p| p.waived),
            preamble_facts: preamble.map(|p| p.facts),
            visits,
            policy,
            by_day: OnceCell::new(),
            referrals: OnceCell::new(),
            plans: OnceCell::new(),
            waivers: OnceCell::new(),
        }
    }

    /// The visits with something done on a known day, by their indices, by day.
    pub fn treated_by_day(&self) -> &[(usize, Date)] {
        self.by_day.get_or_init(|| {
            let mut visits = Vec::with_capacity(self.visits.len());
            let treated = (0..).zip(&self.visits).filter(|(_, v)| v.gist.is_treated);
            visits.extend(treated.filter_map(|(index, v)| Some((index, v.gist.day?))));
            // Most charts are in order, and then this only looks.
            visits.sort_by_key(|(index, day)| (*day, *index));
            visits
        })
    }

    /// The referrals of the chart with their places in the document: those before the first visit
    /// and those in the visits.
    pub fn referrals(&self) -> &[(Span, Referral)] {
        self.referrals.get_or_init(|| {
            let preamble = self.preamble.map(|(text, visit)| {
                let read = referral::referrals(text, visit, true);
                read.map(|(_, read)| read).collect::<Vec<_>>()
            });
            self.fields_of(preamble, |visit| {
                visit.facts.referrals.get_or_init(|| {
                    let read = referral::referrals(visit.text, visit.visit, false);
                    read.map(|(_, read)| read).collect()
                })
            })
        })
    }

    /// The plans of care of the chart with their places in the document.
    pub fn plans(&self) -> &[(Span, Referral)] {
        self.plans.get_or_init(|| {
            let preamble = self.preamble.map(|(text, visit)| {
                let read = referral::plans(text, visit);
                read.map(|(_, read)| read).collect::<Vec<_>>()
            });
            self.fields_of(preamble, |visit| {
                visit.facts.plans.get_or_init(|| {
                    let read = referral::plans(visit.text, visit.visit);
                    read.map(|(_, read)| read).collect()
                })
            })
        })
    }

    fn fields_of<'s>(
        &'s self,
        preamble: Option<Vec<Referral>>,
        read: impl Fn(&'s ChartVisit<'a>) -> &'s [Referral],
    ) -> Vec<(Span, Referral)> {
        let before = preamble.into_iter().flatten();
        let mut all: Vec<_> = before.map(|r| (r.span, r)).collect();
        for visit in &self.visits {
            // What stands before the first heading may itself be a visit.
            if visit.gist.has_orders && !self.is_preamble(visit) {
                let found = read(visit).iter();
                all.extend(found.map(|r| (visit.at(r.span), r.clone())));
            }
        }
        all
    }

    /// Whether this is what stands before the first visit heading.
    pub(super) fn is_preamble(&self, visit: &ChartVisit<'_>) -> bool {
        self.preamble.is_some() && !visit.gist.has_heading
    }

    /// An edit that puts a line where it holds for the whole chart.
    pub fn line_for_chart(&self, line: &str) -> Edit {
        let first = self.visits.first().map_or("", |v| v.text);
        line_for_chart(self.preamble, first, line)
    }

    /// The waivers' rule names that were of use in the visits themselves; offsets of the document.
    pub(super) fn used(&self) -> BTreeSet<Span> {
        let mut used = BTreeSet::new();
        if let Some(waived) = self.preamble_waived {
            used.extend(&waived.here);
        }
        let some = |visit: &&ChartVisit<'_>| {
            !visit.waived.here.is_empty() || !visit.waived.chart.is_empty()
        };
        for visit in self.visits.iter().filter(some) {
            used.extend(visit.waived.here.iter().map(|s| visit.at(*s)));
            used.extend(&visit.waived.chart);
        }
        used
    }

    /// Whether a finding about a visit is waived, there or for the whole chart; the places that waived
    /// it go to `used`.
    pub(super) fn is_waived(
        &self,
        visit: Option<&ChartVisit<'_>>,
        rule: &str,
        span: Span,
        used: &mut BTreeSet<Span>,
    ) -> bool {
        let waivers = self.waivers.get_or_init(|| chart_waivers(self.preamble));
        let by_chart = is_waived(waivers, rule, span, used);
        let by_visit = visit.is_some_and(|visit| {
            let here = Span::new(
                span.start.saturating_sub(visit.start),
                span.end.saturating_sub(visit.start),
            );
            let waivers = waivers_of(visit.text, visit.visit);
            let mut places = BTreeSet::new();
            let waived = is_waived(&waivers, rule, here, &mut places);
            used.extend(places.into_iter().map(|s| visit.at(s)));
            waived
        });
        by_chart || by_visit
    }
}

/// An edit that puts a line where it holds for the whole chart: at the end of what stands before the
/// first visit heading, else before everything. `first` is the text of the first visit.
pub(super) fn line_for_chart(preamble: Option<(&str, &Visit)>, first: &str, line: &str) -> Edit {
    let text = preamble.map_or(first, |(text, _)| text);
    let br = line_break(text);
    match preamble {
        Some((text, visit)) if !text[..visit.ink_end].trim_start_matches(BOM).is_empty() => Edit {
            span: Span::at(visit.ink_end),
            text: format!("{br}{line}"),
        },
        _ => Edit {
            span: Span::at(if text.starts_with(BOM) {
                BOM.len_utf8()
            } else {
                0
            }),
            text: format!("{line}{br}"),
        },
    }
}

/// The mark that some programs put before a text.
const BOM: char = '\u{feff}';

/// The line break that a text uses.
pub(super) fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") {
        "\r\n"
    } else if text.contains('\n') || !text.contains('\r') {
        "\n"
    } else {
        "\r"
    }
}
