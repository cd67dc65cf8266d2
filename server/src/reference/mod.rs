//! What the world says: codes, pairs, limits and vocabularies, each table with its source and date.
//!
//! The tables lie in `server/data/*.tsv`; their first lines name where they come from and as of when.
//! They are built into the program and read once, at their first use. Nothing here knows of notes,
//! payers or the editor.

pub mod abbreviations;
pub mod activities;
pub mod icd10;
pub mod limits;
pub mod modifiers;
pub mod ncci;
pub mod procedures;
pub mod regions;
pub mod retired;
pub mod techniques;
pub mod wording;

mod table;
mod vocabulary;
