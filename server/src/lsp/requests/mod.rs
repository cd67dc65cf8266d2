//! The questions about a note, a file for each kind: each converts, calls and converts back.

mod actions;
mod diagnostics;
mod hints;
mod hover;
mod navigation;
mod structure;
