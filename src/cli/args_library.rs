//! Arguments of the commands that look after a library.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::secrecy::Secret;

/// Compare every part of the library with its catalog, and every checksum; --repair mends
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

    /// Compare every kind of index with the exact scan, on the library's own vectors.
    ///
    /// 200 photos look for the ten photos most like them. recall@10 is the share of the true ten
    /// that is found. Kinds that the library does not use are built for this and thrown away, which
    /// can take minutes. The way to another kind: seer index --index KIND.
    #[arg(long, conflicts_with = "repair")]
    pub recall: bool,
}

/// Hide photos from searches, or show them again
///
/// Their files and all that is known of them stay; "hidden:yes" in a search finds them, and no others.
#[derive(Args, Debug)]
pub struct HideArgs {
    /// Ids of photos, as answers name them; their start is enough. - reads them from standard input,
    /// separated by white space.
    #[arg(value_name = "ID", required = true)]
    pub photos: Vec<String>,

    /// Show them again.
    #[arg(long)]
    pub undo: bool,
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

/// Keep the library in a PostgreSQL that many machines share
///
/// It takes the extension pgvector, 0.7 or later (tested: PostgreSQL 18 with pgvector 0.8). One "seer store init" prepares a
/// database; then every command takes --store URL (or SEER_STORE) where it takes --library: "seer
/// index" on any number of machines fills it, "seer serve" on any number of machines asks it. Photos
/// stay where they are: each machine reads them under the paths that were indexed.
#[derive(Args, Debug)]
pub struct StoreArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: StoreCommand,
}

/// See [`StoreArgs`].
#[derive(Subcommand, Debug)]
pub enum StoreCommand {
    /// Make the tables of a library in the database that --store names
    ///
    /// What is there stays; tables of an older seer are brought up. The user needs the right to make tables, and pgvector must be installed
    /// on the server.
    Init {
        /// Split the large tables into so many parts, by a hash of the photo. Not to be changed
        /// later.
        #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=256))]
        partitions: u32,
    },
    /// Make one library hold what another one holds
    ///
    /// Each is a folder or a postgres:// address. What the target has besides leaves it. It can be
    /// repeated, and goes on where it was stopped; at the end both are read and compared.
    Copy {
        /// The library to copy.
        #[arg(long, value_name = "FOLDER or URL")]
        from: Secret,
        /// Where to.
        #[arg(long, value_name = "FOLDER or URL")]
        to: Secret,
    },
    /// Read all of the library that --store (or --library) names, and compare it with its counters
    Check,
}
