//! What goes over the wire: this crate's own types, converted at the edge, kept stable.
//!
//! Server and client share them, and so can whatever prints JSON. `docs/HTTP.md` describes the
//! fields. Unknown fields in requests are refused by name; clients ignore unknown fields in
//! answers, so that fields can be added.

mod albums;
mod batch;
mod clip_retrieval;
mod disk;
mod download;
mod duplicates;
mod error;
mod explain;
mod facets;
mod first;
mod folders;
mod forget;
mod hide;
mod immich;
mod in_time;
mod index;
mod models;
mod on_map;
mod photo;
mod roots;
mod search;
mod shapes;
mod status;
mod tokens;

pub use albums::{Album, AlbumName, AlbumPhotos, AlbumRename, AlbumSave, Albums, Picked};
pub use batch::{BatchAnswer, BatchRequest, OneOfBatch};
pub use clip_retrieval::{KnnMetadata, KnnRequest, KnnResult, MetadataRequest, MetadataResult};
pub use disk::Disk;
pub use download::Download;
pub use duplicates::{DuplicateGroup, Duplicates};
pub use error::{ErrorBody, ErrorMessage};
pub use explain::{
    ByClasses, ByWords, Explanation, Judged, MetFilter, Part, Places, Stands, WordShare,
};
pub use facets::{FacetList, FacetValue, Facets};
pub(crate) use first::Kept;
pub use folders::Folders;
pub use forget::{ForgetRequest, Forgotten};
pub use hide::{Hidden, Hide};
pub use immich::Prediction;
pub(crate) use immich::{Entries, PredictEntry, PredictForm};
pub use in_time::{Period, Sort, TimeUnit, Timeline};
pub use index::{
    EndedRun, Failure, Failures, IndexPhase, IndexProgress, IndexRequest, IndexState, IndexSummary,
    PlanCounts, RunEnd, RunFailure,
};
pub use models::{ModelIndexRequest, ModelRequest, Models, OfferedModel, OfferedModels};
pub use on_map::{Cluster, OnMap};
pub use photo::{Camera, Exposure, Photo, PhotoFile, Position};
pub use roots::{Root, Roots, WatchRequest, Watching};
pub use search::{
    Band, Hit, NamedClasses, Picture, PictureError, Plan, ReadWords, Reading, SearchAnswer,
    SearchRequest, Timings, is_zero,
};
pub use status::{BetterModel, Health, Index, LimitsInfo, Model, Status};
pub(crate) use tokens::texts as folder_texts;
pub use tokens::{Held, NamedToken, TokenCreate, TokenCreated, TokenName, TokenRight, Tokens};
