//! Arguments of the commands that look after a library.

use std::path::PathBuf;

use clap::Args;

/// Compare every part of the library with its catalog, and every checksum
///
/// Prints a line per finding (with --json an object: part, what, mended). The library must not be
/// in use by a server. Exit status: 0 nothing found, 1 findings (mended ones too), 2 trouble.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Mend what can be mended.
    ///
    /// Damaged indexes and thumbnails are made again. A damaged catalog is replaced by what can be
    /// read of it; what is gone is listed, and the damaged one is kept beside it
    /// (catalog.damaged-N), to be removed by you.
    #[arg(long)]
    pub repair: bool,
}

/// Write the library into one file, also while a server uses it
///
/// The file holds what cannot be made again: records, embeddings, folders, failures. It is written
/// beside its place, compared with its checksum, and then takes its name.
#[derive(Args, Debug)]
pub struct BackupArgs {
    /// The file to write; one of that name is replaced.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Read the library from a file that "seer backup" wrote
///
/// The whole file is compared with its checksum before anything changes; then the library is the
/// old one or the new one, whatever happens. Indexes and thumbnails are made again.
#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// The file.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Put it in the place of a library that has photos already.
    #[arg(long)]
    pub replace: bool,
}
