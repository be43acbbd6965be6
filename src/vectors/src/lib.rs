//! Nearest neighbours: exact scan, inverted lists and HNSW behind one trait.
//!
//! [`VectorIndex`] is what the engine sees; [`AdaptiveIndex`] is the implementation it uses: exact
//! while that is fast, inverted lists of short codes above, always re-scored on the full vectors.
//! It holds the unit vectors of one model and can be saved to and loaded from a folder.
//! [`ExactIndex`] is the plain scan and the yardstick; [`HnswIndex`] is hnsw_rs' graph, which can
//! be chosen in its place and is slower on every measured row of `docs/PERFORMANCE.md`.
//!
//! Absent on purpose: no photo, path, caption or model; rows are numbers whose meaning the
//! catalog knows. No truth: an index can always be rebuilt from the catalog, so nothing here
//! repairs. No distance but the cosine. Codes only choose what is scored: scores are exact. Nothing
//! happens in the background: work is done in the call that asks for it, scans on threads of their
//! own, building on rayon's.

#[cfg(not(all(target_endian = "little", target_pointer_width = "64")))]
compile_error!("seer-vectors maps little-endian files and needs 64-bit addresses");

mod adaptive;
mod checked;
mod error;
mod exact;
mod graph;
mod hnsw;
mod index;
mod ivf;
mod kernel;
mod marks;
mod part;
mod random;
mod region;
mod row_map;
mod scan;
mod segments;
mod snapshot;
mod store;
mod top_k;

pub use adaptive::{AdaptiveIndex, EXACT_LIMIT, Prepared};
pub use error::VectorError;
pub use exact::ExactIndex;
pub use graph::{GraphParams, GraphParamsError};
pub use hnsw::HnswIndex;
pub use index::{Found, Method, Neighbour, SearchParams, VectorIndex};
pub use ivf::{IvfParams, IvfParamsError};
pub use kernel::instruction_set;
pub use snapshot::{SnapshotError, SnapshotIdentity};
