//! A photo library as one thing: open, ingest, search.
//!
//! The read path: query text -> parsed query (terms, pictures, weights, filters) -> embedding
//! -> neighbours among the photos the filters allow -> records -> answer. The write path:
//! changes -> store.
//!
//! Absent on purpose: no walking of folders (the indexer), no terminal, no HTTP, no network.

#![forbid(unsafe_code)]

mod advice;
mod albums;
mod alike;
mod analyses;
mod analyst;
mod answer;
mod asked_file;
mod backup;
mod bands;
mod batch;
mod believed;
mod by_class;
mod by_embedding;
mod check;
mod check_recall;
mod check_thumbnails;
mod describer;
mod disk_use;
mod dot;
mod duplicates;
mod emphasis;
mod encode_files;
mod error;
pub mod eval;
mod explain;
mod facets;
mod feedback;
mod file_state;
mod folding;
mod forget;
mod fusion;
mod hidden;
mod in_time;
mod ingest;
mod kept_thumbnail;
mod library;
mod linear_system;
mod literal;
mod machine_speed;
mod marked;
mod mixing;
mod mounted;
mod name;
mod named;
mod offered;
mod on_map;
mod path_map;
mod people;
mod photos;
mod picked;
mod picture_file;
mod place;
mod query;
mod query_cache;
mod query_embedding;
mod ranking;
mod reading;
mod roots;
mod search;
mod spaces;
mod spreads;
mod status;
mod stores;
mod text_queue;
mod text_reader;
mod thumbnails;
mod tokens;
mod understanding;
mod unplaced;
mod watching;
mod within;
mod word_forms;
pub mod zero_shot;

pub use advice::{BetterModel, ModelAdvice, model_advice};
pub use albums::{LONGEST_ALBUM_NAME, LONGEST_ALBUM_QUERY, MOST_ALBUMS};
pub use analyses::{Seen, analyses_of, see};
pub use analyst::{Analyst, LookError};
pub use answer::{
    Hit, MAX_EXPLAINED, NamedClasses, Period, Picture, PlanReport, SearchAnswer, SearchRequest,
    Sort, TimeUnit, Timeline, Timings,
};
pub use backup::{restore, verify_backup};
pub use bands::Band;
pub use believed::{AsOf, Believed};
pub use by_embedding::SeenPicture;
pub use check::check;
pub use check_recall::{RecallReport, check_recall};
pub use describer::Describer;
pub use disk_use::DiskUse;
pub use duplicates::DuplicatesStep;
pub use encode_files::{classify_files, encode_all, encode_files};
pub use error::{EngineError, Fault};
pub use explain::{
    ByClasses, ByWords, Explanation, Judged, JudgedBy, MetFilter, PartKind, PartShare, Places,
    Stands, StandsIn, WordShare,
};
pub use facets::{FacetKind, FacetList, FacetOption, Facets};
pub use file_state::{device, open_file, stamp};
pub use forget::Forgotten;
pub use hidden::MOST_HIDDEN;
pub use library::{Library, OpenOptions};
pub use mounted::{Mounted, MountedLease, MountedWork};
pub use offered::OfferedModel;
pub use on_map::OnMap;
pub use path_map::{Mount, PathMap};
pub use photos::is_picture_name;
pub use picked::{MOST_PICKED, Picked};
pub use picture_file::{check_query_picture, read_query_picture};
pub use place::with_place;
pub use query::{Like, ParsedQuery, QueryError, Term, parse as parse_query};
pub use reading::{Reading, Understood};
pub use roots::Root;
pub use seer_embedded::{CompareStep, ComparedKind, Finding};
pub use seer_encoders::Model;
pub use seer_images::{FileBytes, Stop};
pub use seer_language::{Language, by_code as language_of};
pub use seer_postgres::{InitOptions, PostgresConfig};
pub use seer_store::{
    Album, Analysis, Backlog, BackupSummary, Bounds, CaptionModel, Change, Cluster, Copied,
    CopyStep, Job, KnownFile, KnownState, Lease, NamedToken, Part, Point, Settings, SpaceEntry,
    Summary, TimeOrder, TokenRight, Told,
};
pub use spaces::SpaceStatus;
pub use status::{IndexStatus, LibraryStatus, ModelStatus};
pub use stores::{StorePlace, check_store, copy_store, init_store};
pub use text_reader::TextReader;
pub use thumbnails::INDEXED_THUMBNAIL;
pub use understanding::ReadWords;
