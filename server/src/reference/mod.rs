//! What the world says: codes, pairs, limits and vocabularies, each table with its source and date.
//!
//! The tables lie in `server/data/*.tsv`; their first lines name where they come from and as of when.
//! They are built into the program and read once, at their first use. Nothing here knows of notes,
//! payers or the editor.

pub(crate) mod abbreviations;
pub(crate) mod activities;
pub(crate) mod code_shapes;
pub(crate) mod fees;
pub mod icd10;
pub mod limits;
pub(crate) mod lookup;
pub(crate) mod modifiers;
pub mod ncci;
pub(crate) mod procedures;
pub(crate) mod quarter;
pub(crate) mod regions;
pub(crate) mod retired;
pub(crate) mod techniques;
pub(crate) mod wording;

mod table;
mod vocabulary;

pub use table::published;

#[cfg(test)]
mod tests {
    /// Every table says where it comes from and as of when.
    #[test]
    fn every_table_names_its_source_and_date() {
        for (name, text) in [
            (
                "abbreviations",
                include_str!("../../data/abbreviations.tsv"),
            ),
            ("activities", include_str!("../../data/activities.tsv")),
            (
                "common-diagnoses",
                include_str!("../../data/common-diagnoses.tsv"),
            ),
            (
                "icd9-successors",
                include_str!("../../data/icd9-successors.tsv"),
            ),
            ("fees", include_str!("../../data/pfs.tsv")),
            ("limits", include_str!("../../data/mue.tsv")),
            ("modifiers", include_str!("../../data/modifiers.tsv")),
            ("ncci", include_str!("../../data/ncci.tsv")),
            (
                "once-billable",
                include_str!("../../data/once-billable.tsv"),
            ),
            ("plain-terms", include_str!("../../data/plain-terms.tsv")),
            ("procedures", include_str!("../../data/procedures.tsv")),
            ("regions", include_str!("../../data/regions.tsv")),
            ("retired", include_str!("../../data/retired.tsv")),
            ("sides", include_str!("../../data/sides.tsv")),
            ("techniques", include_str!("../../data/techniques.tsv")),
            ("wording", include_str!("../../data/wording.tsv")),
        ] {
            let comments: Vec<&str> = text
                .lines()
                .take_while(|line| line.starts_with("# "))
                .collect();
            assert!(
                comments.iter().any(|line| line.starts_with("# Source: ")),
                "{name}"
            );
            assert!(
                comments.iter().any(|line| line.starts_with("# As of: ")),
                "{name}"
            );
        }
    }
}
