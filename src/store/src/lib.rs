//! What a library keeps and is asked, whatever keeps it: the [`Store`] trait and its nouns.
//!
//! [`Derived`] is made of a record once; every store writes these same values down in its own way
//! and compares them with what the functions beside it ([`words`], [`terms`], [`fold`],
//! [`geometry`]) make of a [`Filter`], so that a filter means the same set of photos everywhere.
//!
//! Absent on purpose: no query syntax, no model, no file, no database.
#![forbid(unsafe_code)]

mod album;
mod allowed;
mod analysis;
mod at_once;
mod backup;
mod bounds;
mod change;
mod classes;
mod clusters;
mod copy;
mod day_counts;
mod derived;
mod digest;
mod error;
mod facets;
mod filter;
pub mod fold;
pub mod geometry;
mod half_precision;
mod having;
mod hidden;
mod meets;
mod more_facts;
pub mod paths;
mod pattern;
mod picked;
mod point;
mod recurring;
mod settings;
mod space;
mod store;
pub mod terms;
mod tokens;
mod told;
mod watch;
mod within;
pub mod words;
mod work_list;

pub use album::Album;
pub use allowed::Allowed;
pub use analysis::Analysis;
pub use backup::BackupSummary;
pub use bounds::Bounds;
pub use change::{Change, Counts, KnownFile, KnownState};
pub use classes::{ClassHit, DerivedClass, probability_among, probability_of};
pub use clusters::{Cluster, Clusters, FINEST_ZOOM, Grid, MICRO, mean};
pub use copy::{Copied, CopyStep, copy};
pub use day_counts::{DayCounts, TimeOrder};
pub use derived::{Derived, DerivedFile, DerivedText, TextKind, time_of, written};
pub use digest::{Summary, summary};
pub use error::{StoreError, StoreErrorKind, StoreResult};
pub use facets::{Facet, FacetCounts, FacetValue};
pub use filter::{Filter, Orientation};
pub use half_precision::{from_half_precision, half_precision};
pub use having::{Having, MOST_WORDS, WordHit};
pub use hidden::{HIDDEN, hidden, hidden_setting};
pub use meets::meets;
pub use more_facts::MoreFacts;
pub use pattern::{Pattern, Wanted, wanted};
pub use picked::{picked, picked_for, picked_setting};
pub use point::{Nearest, Neighbour, Part, Point};
pub use recurring::{DayOfYear, Recurring, Weekdays};
pub use settings::{CaptionModel, Settings};
pub use space::{SpaceEntry, SpaceReport};
pub use store::Store;
pub use tokens::{NamedToken, TOKENS, TokenRight};
pub use told::{Told, read_again};
pub use watch::{WATCHED, watch_setting};
pub use within::Within;
pub use work_list::{Backlog, Job, Lease, WorkList};
