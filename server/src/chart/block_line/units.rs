//! The units that a line claims: `x2`, `2 units`, `Units: 2`.

use super::{END, Reader, is_bare, is_counted};
use crate::chart::UnitClaim;
use crate::pattern::{pattern, words};

// `x2`, `2 units`, `2u`, `Units: 2`
pattern!(
    UNITS,
    r"(?ix)(?:^|[^0-9A-Z.\-–/]|\|/)
      (?P<claim> (?:[x×][\ \t]?)?(?P<units>\d{1,2})[\ \t]*(?:u|units?)\b
      | \b(?:units?(?:\(s\))?|qty|quantity)[\ \t]*(?:[:=][\ \t]*|\()(?P<labelled>\d{1,2})\b
      | \b(?:units?|qty)[\ \t]+(?P<bare>\d{1,2})\b )"
);
words!(AT_END, r"^[ \t]*(?:$|[,;|)])");
words!(OF_BLOCK_BEFORE, r"(?:^|[|,;])[ \t]*$");
words!(MARK_BEFORE, r"(?:^|[\d|,;.)]|\b[A-Z]|\bof)[ \t]*$");
// `12 units remaining on auth`
words!(
    NOT_CLAIMED,
    r"(?i)^[ \t]*(?:remain\w*|left\b|used\b|authori\w+|approved|available|auth\b)"
);
pattern!(
    TIMES,
    r"(?ix)(?:^|[\ \t,;(\[|]) (?P<claim> [x×][\ \t]?(?P<units>\d{1,2}) ) (?:[\ \t,;)\]|]|\.(?:[\ \t]|$)|$)"
);
// What may stand between the code or the time and the units that are claimed for it.
words!(ONLY_MARKS, r"^[ \t,;()\[\]|]*$");
impl Reader<'_> {
    /// The first claim of units behind the code, else before it: `ther ex (2 units), 97140 (1 unit)`. `x3` is one only
    /// directly behind the code or the time, whose `ends` are given, or at the end of a line that says no more than
    /// these and regions.
    pub(super) fn claimed_units(&mut self, ends: &[usize]) -> Option<UnitClaim> {
        /// Six hours; more are repetitions.
        const MOST_TIMES: u32 = 24;
        let mut claims = Vec::new();
        for found in UNITS.captures_iter(&self.rest) {
            let Some(claim) = found.name("claim") else {
                continue;
            };
            let (before, after) = (&self.rest[..claim.start()], &self.rest[claim.end()..]);
            let is_bare = || AT_END.is_match(after) && MARK_BEFORE.is_match(before);
            // `splint Qty: 1`, `Qty: 2 bands` are no units.
            let is_quantity = claim.as_str().starts_with(['q', 'Q']);
            let are_units =
                !is_quantity || OF_BLOCK_BEFORE.is_match(before) && AT_END.is_match(after);
            let bare = found.name("bare").filter(|_| is_bare());
            let units = found.name("units").or(found.name("labelled")).or(bare);
            let units = units.filter(|_| are_units);
            if !NOT_CLAIMED.is_match(after) {
                claims.extend(units.map(|units| (claim, units)));
            }
        }
        let mut at = 0;
        while let Some(found) = TIMES.captures_at(&self.rest, at) {
            let (Some(claim), Some(units)) = (found.name("claim"), found.name("units")) else {
                break;
            };
            at = claim.end();
            let after = &self.rest[claim.end()..];
            let before = ends.partition_point(|end| end - self.line.start <= claim.start());
            let behind = before.checked_sub(1).is_some_and(|last| {
                ONLY_MARKS.is_match(&self.rest[ends[last] - self.line.start..claim.start()])
            });
            let closes = END.is_match(after) && is_bare(&self.rest[..claim.start()]);
            let are_units = units
                .as_str()
                .parse()
                .is_ok_and(|units: u32| units <= MOST_TIMES);
            if are_units && !is_counted(after) && (behind || closes) {
                claims.push((claim, units));
            }
        }
        let code = self.code.start - self.line.start;
        let claims = claims.into_iter();
        let (claim, units) =
            claims.min_by_key(|(claim, _)| (claim.start() < code, claim.start()))?;
        let claimed = UnitClaim {
            span: self.span(claim.range()),
            units: units.as_str().parse().ok()?,
        };
        self.take(claimed.span);
        Some(claimed)
    }
}
