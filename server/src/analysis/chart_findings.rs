//! The findings about several visits. They stand where they stood when the chart was judged, with
//! what has come and gone between them since: a keystroke moves hundreds of findings by one step.

use std::sync::Arc;

use crate::rules::Finding;
use crate::text::Span;

/// The findings about several visits.
#[derive(Clone, Debug, Default)]
pub(super) struct ChartFindings {
    found: Arc<[Finding]>,
    /// What moved them since, in the order of the document.
    moves: Vec<Move>,
    /// Another one whenever one of them came to stand in another line.
    place: Arc<()>,
}

/// A visit became longer or shorter.
#[derive(Clone, Copy, Debug)]
struct Move {
    /// Where it ended when the chart was judged.
    end: usize,
    by: isize,
}

impl ChartFindings {
    /// What was just found.
    pub fn new(found: Vec<Finding>) -> Self {
        Self {
            found: found.into(),
            moves: Vec::new(),
            place: Arc::default(),
        }
    }

    /// As long as it is the very same, so are the findings, their lines and their characters.
    pub fn place(&self) -> &Arc<()> {
        &self.place
    }

    /// The findings; spans are offsets of the document as it is.
    pub fn iter(&self) -> impl Iterator<Item = Finding> {
        self.found
            .iter()
            .map(|finding| finding.moved(|offset| self.now(offset)))
    }

    /// Whether one of them lies in a span of the document or touches it.
    pub fn concern(&self, place: Span) -> bool {
        self.found.iter().any(|finding| {
            let mut spans = finding.spans();
            spans.any(|s| Span::new(self.now(s.start), self.now(s.end)).meets(place))
        })
    }

    /// The findings after a visit that ended at `old_end` came to end at `new_end`, perhaps with as
    /// many lines as before. None of them concerns what changed in it.
    pub fn moved(&self, old_end: usize, new_end: usize, same_lines: bool) -> Self {
        let mut moved = self.clone();
        if self.found.is_empty() {
            return moved;
        }
        if !same_lines {
            moved.place = Arc::default();
        }
        let end = self.then(old_end);
        let at = moved.moves.partition_point(|m| m.end < end);
        let by = new_end.cast_signed() - old_end.cast_signed();
        match moved.moves.get_mut(at).filter(|m| m.end == end) {
            Some(same) => same.by += by,
            None => moved.moves.insert(at, Move { end, by }),
        }
        moved
    }

    /// Where an offset of the time of judging is now.
    fn now(&self, then: usize) -> usize {
        let before = self.moves.iter().take_while(|m| m.end <= then);
        then.saturating_add_signed(before.map(|m| m.by).sum())
    }

    /// Where the end of a visit was at the time of judging.
    fn then(&self, now: usize) -> usize {
        let mut by = 0;
        for earlier in &self.moves {
            if earlier.end.saturating_add_signed(by + earlier.by) > now {
                break;
            }
            by += earlier.by;
        }
        now.saturating_add_signed(-by)
    }
}
