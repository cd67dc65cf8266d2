//! The tree-sitter grammar of SOAP chart notes (`.soap`).
//!
//! Every text is a valid note: a tree of this grammar holds no `ERROR` and no `MISSING` node.
//!
//! ```
//! let mut parser = tree_sitter::Parser::new();
//! parser.set_language(&tree_sitter_soapnote::LANGUAGE.into()).unwrap();
//! let tree = parser.parse("97124 lumbar 10:02-10:27\n", None).unwrap();
//! assert!(!tree.root_node().has_error());
//! ```

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_soapnote() -> *const ();
}

/// The language: hand it to `tree_sitter::Parser::set_language`.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_soapnote) };

/// The node types as tree-sitter describes them, in JSON.
pub const NODE_TYPES: &str = include_str!("../../src/node-types.json");

/// Highlights, in the capture names of tree-sitter and Neovim.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");

/// What an editor can fold: visits, sections and modalities with details.
pub const FOLDS_QUERY: &str = include_str!("../../queries/folds.scm");
