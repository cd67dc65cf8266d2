//! End to end.

mod command_line;
mod notes;
