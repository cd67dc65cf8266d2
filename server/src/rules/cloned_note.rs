use std::hash::{DefaultHasher, Hash, Hasher};

use super::anchor::Anchor;
use super::sections::words;
use super::{ChartCase, ChartDraft, Check, Group, Rule};
use crate::chart::{SectionKind, Visit};
use crate::policy::Level;

pub static RULE: Rule = Rule {
    name: "cloned-note",
    group: Group::Documentation,
    level: Level::Warning,
    source: "APTA, documentation that payers complain of; OIG on cloned notes",
    page: page!("cloned-note"),
    check: Check::Chart(check),
};

/// What stands for the words of Subjective, Objective and Assessment.
#[derive(Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The same for the same words, in whatever case and lines.
    words: u64,
    /// The name of the section Subjective.
    subjective: Anchor,
}

/// The fingerprint of a visit in which each of the three sections says something.
pub(super) fn fingerprint(text: &str, visit: &Visit) -> Option<Fingerprint> {
    let mut said = String::new();
    for kind in [
        SectionKind::Subjective,
        SectionKind::Objective,
        SectionKind::Assessment,
    ] {
        let start = said.len();
        for word in words(text, visit, kind) {
            said.push_str(word);
            said.push(' ');
        }
        if !said[start..].contains(char::is_alphanumeric) {
            return None;
        }
        // Where a section ends counts as well.
        said.push('\n');
    }
    let mut hasher = DefaultHasher::new();
    said.make_ascii_lowercase();
    said.hash(&mut hasher);
    let mut sections = visit.sections.iter();
    let subjective = sections.find(|s| s.kind == SectionKind::Subjective)?;
    Some(Fingerprint {
        words: hasher.finish(),
        subjective: Anchor::of(visit, subjective.name),
    })
}

fn check(case: &ChartCase<'_>, found: &mut Vec<ChartDraft>) {
    for (before, pair) in case.visits.windows(2).enumerate() {
        let [earlier, visit] = pair else { continue };
        // A copy is a usual way to begin a note; and two notes of one day are another matter.
        let same_day = earlier.day.is_some() && earlier.day == visit.day;
        if visit.is_open || same_day {
            continue;
        }
        let both = visit.fingerprint.as_ref().zip(earlier.fingerprint.as_ref());
        if let Some((own, _)) = both.filter(|(own, other)| own.words == other.words) {
            let draft = ChartDraft::new(
                before + 1,
                case.place(before + 1, own.subjective),
                "Subjective, Objective and Assessment repeat the previous visit word for word. Payers call this a cloned note and deny it, because it does not show what happened on this day.",
            );
            found.push(draft.related(case.whole(before), "The visit with the same words"));
        }
    }
}
