//! The claim of a visit, with the protocol's ranges.

use tower_lsp::gen_lsp_types as lsp;

use super::range;
use crate::editor::claim_preview::ClaimPreview;
use crate::lsp::state::Snapshot;

/// The answer to `soapstone/claim`, as `docs/protocol.md` describes it.
pub type Claim = ClaimPreview<lsp::Range>;

/// The claim with ranges for its places.
pub fn claim(note: &Snapshot, claim: ClaimPreview) -> Claim {
    claim.placed(|span| range(&note.document, span, note.abilities))
}
