//! The questions about a note, a file for each kind: each converts, calls and converts back; and
//! what the client tells of its folders.

mod actions;
mod claim;
pub mod commands;
mod completion;
mod diagnostics;
mod format;
mod hints;
mod hover;
mod lenses;
mod navigation;
mod structure;
mod tokens;
pub mod workspace;
