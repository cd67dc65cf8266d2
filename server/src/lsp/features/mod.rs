//! What an editor can ask for, a file for each kind of question: each converts, calls and converts
//! back. [`Backend`](super::backend::Backend) lists them by their methods.

pub mod actions;
pub mod blanks;
pub mod catalog;
pub mod claim;
pub mod commands;
pub mod completion;
pub mod diagnostics;
pub mod documents;
pub mod folding;
pub mod format;
pub mod hints;
pub mod hover;
pub mod import;
pub mod lenses;
pub mod links;
pub mod navigation;
pub mod selection;
pub mod symbols;
pub mod tokens;
pub mod workspace;
