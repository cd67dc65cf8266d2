//! What a rule about several visits is given to judge: their summaries, never their texts.

use std::sync::Arc;

use jiff::civil::Date;

use super::anchor::Anchor;
use super::chart_draft::ChartPlace;
use super::summary::VisitSummary;
use crate::chart::Referral;
use crate::policy::{Payer, Policy};

/// The summaries of a chart. Equal ones mean equal findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summaries {
    /// What stands before the first visit heading; it is the first piece of the document.
    pub preamble: Option<Arc<VisitSummary>>,
    /// The visits, in the order of the document. What stands before the first heading is the first of
    /// them if something was done there.
    pub visits: Vec<Arc<VisitSummary>>,
    /// The index of the first visit among the pieces of the document.
    pub first_piece: usize,
}

/// The visits of a chart, in the order of the document, and the reader's policy.
#[derive(Debug)]
pub struct ChartCase<'a> {
    /// What stands before the first visit heading.
    pub preamble: Option<&'a VisitSummary>,
    /// The visits.
    pub visits: &'a [Arc<VisitSummary>],
    /// The reader's policy.
    pub policy: &'a Policy,
    first_piece: usize,
}

impl<'a> ChartCase<'a> {
    /// A chart with these summaries.
    pub fn new(summaries: &'a Summaries, policy: &'a Policy) -> Self {
        Self {
            preamble: summaries.preamble.as_deref(),
            visits: &summaries.visits,
            policy,
            first_piece: summaries.first_piece,
        }
    }

    /// A place in a visit, by the visit's index.
    pub fn place(&self, visit: usize, anchor: Anchor) -> ChartPlace {
        ChartPlace::new(visit + self.first_piece, anchor)
    }

    /// The index of the first visit among the pieces of the document.
    pub fn first_piece(&self) -> usize {
        self.first_piece
    }

    /// A place in what stands before the first visit heading.
    pub fn place_before(anchor: Anchor) -> ChartPlace {
        ChartPlace::new(0, anchor)
    }

    /// The date of a visit, by the visit's index.
    pub fn date_of(&self, visit: usize) -> ChartPlace {
        self.place(visit, self.visits[visit].date)
    }

    /// What stands for a whole visit, by the visit's index.
    pub fn whole(&self, visit: usize) -> ChartPlace {
        self.place(visit, self.visits[visit].whole)
    }

    /// Who pays for a visit.
    pub fn payer(&self, visit: &VisitSummary) -> &'a Payer {
        &self.policy.payers[visit.payer]
    }

    /// The visits with something done on a known day, by their indices, by day.
    pub fn treated_by_day(&self) -> Vec<(usize, Date)> {
        let treated = (0..).zip(self.visits).filter(|(_, v)| v.is_treated);
        let dated = treated.filter_map(|(index, v)| Some((index, v.day?)));
        let mut visits: Vec<_> = dated.collect();
        visits.sort_by_key(|(_, day)| *day);
        visits
    }

    /// The referrals of the chart with their places: those before the first visit and those in the visits.
    pub fn referrals(&self) -> Vec<(ChartPlace, &'a Referral)> {
        self.orders(|summary| &summary.referrals)
    }

    /// The plans of care of the chart with their places.
    pub fn plans(&self) -> Vec<(ChartPlace, &'a Referral)> {
        self.orders(|summary| &summary.plans)
    }

    fn orders(
        &self,
        of: impl Fn(&'a VisitSummary) -> &'a Vec<(Anchor, Referral)>,
    ) -> Vec<(ChartPlace, &'a Referral)> {
        let orders = self.pieces().flat_map(|(piece, summary)| {
            let orders = of(summary).iter();
            orders.map(move |(anchor, order)| (ChartPlace::new(piece, *anchor), order))
        });
        orders.collect()
    }

    /// All summaries with the indices of their pieces, each once.
    pub fn pieces(&self) -> impl Iterator<Item = (usize, &'a VisitSummary)> {
        let before = self.preamble.map(|summary| (0, summary));
        let visits = (self.first_piece..).zip(self.visits);
        let visits = visits.map(|(piece, visit)| (piece, &**visit));
        let is_visit = self.preamble_is_visit();
        before.into_iter().chain(visits.skip(usize::from(is_visit)))
    }

    /// Whether what stands before the first visit heading is a visit itself.
    pub fn preamble_is_visit(&self) -> bool {
        self.preamble.is_some() && self.first_piece == 0
    }
}
