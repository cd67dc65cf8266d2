//! Which computed remarks an editor shows beside the note.

/// The kinds of remarks, each of which can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own in the settings"
)]
pub struct Hints {
    /// Minutes and units after a heading and a block.
    pub units: bool,
    /// The title after a diagnosis code.
    pub diagnoses: bool,
    /// Days left after a goal.
    pub goals: bool,
    /// Days left and visits used after a referral or a plan of care.
    pub referrals: bool,
    /// The number of the visit after its heading.
    pub visits: bool,
}

impl Default for Hints {
    fn default() -> Self {
        Self {
            units: true,
            diagnoses: true,
            goals: true,
            referrals: true,
            visits: true,
        }
    }
}

impl Hints {
    pub const KINDS: &[&str] = &["units", "diagnoses", "goals", "referrals", "visits"];

    pub fn of_word(&mut self, kind: &str) -> Option<&mut bool> {
        Some(match kind {
            "units" => &mut self.units,
            "diagnoses" => &mut self.diagnoses,
            "goals" => &mut self.goals,
            "referrals" => &mut self.referrals,
            "visits" => &mut self.visits,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_switch() {
        for kind in Hints::KINDS {
            let mut hints = Hints::default();
            *hints.of_word(kind).expect("a kind") = false;
            assert_ne!(hints, Hints::default(), "{kind}");
        }
        assert_eq!(Hints::default().of_word("unit"), None);
    }
}
