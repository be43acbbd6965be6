//! Walks photo folders, finds what changed, encodes it, keeps the library in step.
//!
//! [`run`] is one run: walk -> plan (new, changed, moved, gone) -> readers -> encoder -> commit, and then
//! what may come later: words in pictures, captions.
//! Where several machines fill one library, the plan goes to a list that all of them read from.
//! Each arrow between threads is a bounded queue. Everything a person may want to know on the
//! way is an [`seer_types::IndexEvent`]; whoever calls draws it.
//!
//! Absent on purpose: no terminal, no HTTP, no watching in the background, no ranking; nothing is
//! ever written into photo folders, and no model is loaded here (the library has it).

#![forbid(unsafe_code)]

mod error;
mod excludes;
mod looking;
mod options;
mod pipeline;
mod plan;
mod progress;
mod run;
mod shared;
mod sidecars;
mod walk;

pub use error::IndexError;
pub use excludes::remembered_excludes;
pub use options::{Cancel, IndexOptions};
pub use run::{run, saving};
pub use walk::{SkipRule, Skipped, Wanted, explain_skips, resolve};

/// Why the system refused, in words, without a path and a number.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        std::io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ => error.to_string(),
    }
}
