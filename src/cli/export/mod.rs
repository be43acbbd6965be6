//! A folder of links to the photos of a smart album, or of copies of them.
//!
//! What was made there is noted in a file of the folder. Only that is ever removed, and only while it is
//! still as it was made; a name that is taken is never taken again.

mod folder;
mod manifest;
mod names;
mod remembered;

pub use folder::{Done, bring_up_to_date, inside, rename};
pub use manifest::Form;
pub use remembered::{Export, Remembered};

use std::path::PathBuf;

/// A photo that belongs into the folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Its file on this machine.
    pub file: PathBuf,
    /// Its id, in hex digits.
    pub id: String,
}
