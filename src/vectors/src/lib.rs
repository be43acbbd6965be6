//! Nearest neighbours: exact scan and HNSW behind one trait.
//!
//! [`VectorIndex`] is what the engine sees; [`AdaptiveIndex`] is the implementation it uses,
//! which chooses between [`ExactIndex`]'s scan and [`HnswIndex`]'s graph search by search. An
//! index holds the unit vectors of one model and can be saved to and loaded from a folder.
//!
//! Absent on purpose: no photo, path, caption or model; rows are numbers whose meaning the
//! catalog knows. No truth: an index can always be rebuilt from the catalog, so nothing here
//! repairs. No distance but the cosine. No quantisation: scores are exact. Nothing happens in the
//! background: work is done in the call that asks for it, scans on threads of their own, linking
//! on rayon's.

#[cfg(not(all(target_endian = "little", target_pointer_width = "64")))]
compile_error!("seer-vectors maps little-endian files and needs 64-bit addresses");

mod adaptive;
mod error;
mod exact;
mod graph;
mod hnsw;
mod index;
mod kernel;
#[cfg(test)]
mod random;
mod row_map;
mod scan;
mod segments;
mod snapshot;
mod store;
mod top_k;

pub use adaptive::{AdaptiveIndex, EXACT_LIMIT};
pub use error::VectorError;
pub use exact::ExactIndex;
pub use graph::{GraphParams, GraphParamsError};
pub use hnsw::HnswIndex;
pub use index::{Found, Method, Neighbour, SearchParams, VectorIndex};
pub use kernel::instruction_set;
pub use snapshot::{SnapshotError, SnapshotIdentity};
