//! Soapstone: checks SOAP chart notes for what a payer would deny.
//!
//! The modules stand on each other in this order, arrows downward only (see
//! `docs/architecture.md`): `text`, `syntax`, `chart` and beside it `reference`,
//! `policy` and `billing`, `rules`, `analysis`, `editor`, `import`, and last `lsp` and `cli`,
//! which both read notes by way of `files`.
#![forbid(unsafe_code)]

pub mod analysis;
pub(crate) mod billing;
pub(crate) mod chart;
pub mod cli;
pub(crate) mod editor;
pub(crate) mod files;
pub mod fuzzing;
pub(crate) mod import;
pub(crate) mod length;
pub(crate) mod lsp;
mod pattern;
pub mod policy;
pub mod records;
pub mod reference;
pub mod rules;
pub(crate) mod syntax;
pub mod text;
