//! Says which files below watched folders have changed and are still again.
//!
//! [`Watcher`] has no thread of its own for this: whoever uses it calls [`Watcher::turn`] a few times
//! a second and hears the news. The system tells of changes; where it cannot, on network file
//! systems and beyond the kernel's limits, [`How::Polled`] says so, and whoever uses the watcher
//! looks at the whole folder now and then.
//!
//! Absent on purpose: what the files are, indexing, settings. Nothing is read but names and
//! metadata. Links to folders are not followed.

#![forbid(unsafe_code)]

mod ear;
mod files;
mod folder;
mod limit;
mod network;
mod still;
mod watcher;

pub use folder::How;
pub use network::network_file_system;
pub use watcher::{News, Timing, Watcher, What, Why};
