//! Categories that were billable once and meant more than what stands below them now.
//!
//! Source: the addenda of the official files, see `data/split-diagnoses.tsv`.

use std::sync::LazyLock;

use super::rows::Code;
use crate::reference::table;

static ALL: LazyLock<Vec<(Code, &str)>> = LazyLock::new(|| {
    table::read(
        include_str!("../../../data/split-diagnoses.tsv"),
        "code also",
        |[code, also]| Some((Code::of_table(code)?, Code::of_table(also).map(|_| also)?)),
    )
});

/// The other categories under which what a category meant is coded now.
pub fn also_under(code: &str) -> impl Iterator<Item = &'static str> {
    let code = Code::parse(code);
    let rows = ALL.iter();
    rows.filter(move |(split, _)| Some(*split) == code)
        .map(|(_, also)| *also)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::icd10::Release;

    #[test]
    fn the_other_codes_exist() {
        for (code, also) in &*ALL {
            let release = Release::built_in();
            assert!(
                release
                    .find(&code.dotted())
                    .is_some_and(|entry| !entry.billable)
            );
            assert!(!release.billable_under(also, 1).is_empty(), "{also}");
        }
        assert_eq!(also_under("M72.2").collect::<Vec<_>>(), ["M67.A0"]);
    }
}
