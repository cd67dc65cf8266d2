//! End to end: the program itself, as editors and people run it.

mod agreement;
mod catalog;
mod claim;
mod client;
mod command_line;
mod completion;
mod defects;
mod format;
mod handed_on;
mod hints_and_hover;
mod import;
mod log;
mod many;
mod navigation;
mod notes;
mod pipes;
mod practice;
mod protocol;
mod pull;
mod readme;
mod silence;
mod source_actions;
mod tokens;
mod tools;
mod typing;
mod workspace;
