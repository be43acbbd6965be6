//! Nearest neighbours: exact scan, inverted lists and HNSW behind one trait.
//!
//! [`VectorIndex`] is what an index promises; [`SpaceIndex`] is the implementation the engine
//! uses. It holds the unit vectors of one model, indexes them in the way that a person chose (see
//! its table of kinds), and can be saved to and loaded from a folder. [`ExactIndex`] is the plain
//! scan and the yardstick. [`compare_kinds`] measures every kind on a person's own vectors.
//!
//! Absent on purpose: no photo, path, caption or model; rows are numbers whose meaning the
//! catalog knows. No truth: an index can always be rebuilt from the catalog, so nothing here
//! repairs. No distance but the cosine. Codes only choose what is scored: scores are exact. Nothing
//! happens in the background: work is done in the call that asks for it, scans on threads of their
//! own, building on rayon's.

#[cfg(not(all(target_endian = "little", target_pointer_width = "64")))]
compile_error!("seer-vectors maps little-endian files and needs 64-bit addresses");

mod checked;
mod error;
mod exact;
mod graph;
mod index;
mod ivf;
mod kernel;
mod marks;
mod part;
mod random;
mod recall;
mod region;
mod row_map;
mod scan;
mod scan_many;
mod segments;
mod snapshot;
mod space_index;
mod store;
mod top_k;

pub use error::VectorError;
pub use exact::ExactIndex;
pub use graph::{GraphParams, GraphParamsError};
pub use index::{Found, Method, Neighbour, SearchParams, VectorIndex};
pub use ivf::{IvfParams, IvfParamsError};
pub use kernel::instruction_set;
pub use recall::{CompareStep, ComparedKind, Comparison, compare_kinds};
pub use snapshot::{SnapshotError, SnapshotIdentity};
pub use space_index::{EXACT_LIMIT, IndexParams, Preparation, Prepared, SpaceIndex};
