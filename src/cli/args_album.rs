//! Arguments of `seer album`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use seer_http::wire::Sort;

use crate::args::OutputArgs;

/// Keep queries and picked photos under names: albums
///
/// An album holds the photos that were picked for it ("add", "take"), or it is a query ("save"): which
/// photos belong to it is found anew each time, so that new photos come into it by themselves. Those are
/// the ones that fit ("strong" and "likely"); of filters alone all that they allow; where nobody can say how
/// well photos fit (like:, a model that was not measured), the best of them, as many as --count said.
/// Albums are kept in the library, and shared with it.
///
/// Without a command: lists them, each with its query and the number of its photos now.
#[derive(Args, Debug)]
pub struct AlbumArgs {
    #[command(subcommand)]
    pub command: Option<AlbumCommand>,
}

#[derive(Subcommand, Debug)]
pub enum AlbumCommand {
    /// List the albums, each with its query and the number of its photos now
    List,
    Save(AlbumSaveArgs),
    Add(AlbumAddArgs),
    Take(AlbumTakeArgs),
    Show(AlbumShowArgs),
    Rename(AlbumRenameArgs),
    Remove(AlbumRemoveArgs),
    Export(AlbumExportArgs),
}

/// Keep a query under a name, in place of a query that had this name
#[derive(Args, Debug)]
pub struct AlbumSaveArgs {
    /// The album's name, 1 to 100 characters.
    #[arg(value_name = "NAME")]
    pub name: String,

    /// Words, filters and marks, as "seer search" takes them. Nothing: all photos.
    ///
    /// Write ids with 8 digits or more: fewer may fit several photos one day.
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// The order of its photos: relevance, newest or oldest.
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    pub sort: Sort,

    /// How many photos belong to it where nobody can say how well they fit (1 to 1000).
    #[arg(short = 'k', long = "count", value_name = "N", default_value_t = 60)]
    pub k: u32,
}

/// Put photos into an album of picked photos; it is made if it is not there
///
/// Its query is album:"NAME", a filter that goes with words and other filters. Photos are known by what
/// they are: they stay in the album when their files are moved or renamed.
#[derive(Args, Debug)]
pub struct AlbumAddArgs {
    /// The album's name, without quotes, * and ?.
    #[arg(value_name = "NAME")]
    pub name: String,

    #[command(flatten)]
    pub photos: PickedArgs,
}

/// Take photos out of an album of picked photos; they stay in the library
#[derive(Args, Debug)]
pub struct AlbumTakeArgs {
    /// The album's name.
    #[arg(value_name = "NAME")]
    pub name: String,

    #[command(flatten)]
    pub photos: PickedArgs,
}

#[derive(Args, Debug)]
pub struct PickedArgs {
    /// The photos' ids, or the starts of them; - reads them from standard input, separated by white space.
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
}

/// Search with an album's query
#[derive(Args, Debug)]
pub struct AlbumShowArgs {
    /// The album's name.
    #[arg(value_name = "NAME")]
    pub name: String,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// Give an album another name
#[derive(Args, Debug)]
pub struct AlbumRenameArgs {
    /// Its name until now.
    #[arg(value_name = "NAME")]
    pub name: String,

    /// Its name from now on; no other album has it.
    #[arg(value_name = "NEW_NAME")]
    pub to: String,
}

/// Let go of an album; its photos stay
///
/// Folders that it was exported to stay as they are, and are not kept up to date any more.
#[derive(Args, Debug)]
pub struct AlbumRemoveArgs {
    /// The album's name.
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Make a folder of links to an album's photos, kept up to date
///
/// The folder is remembered by this machine, and brought up to date after each indexing run. What was
/// made there is noted in its file .seer-album.json: files of others are never overwritten or removed,
/// and links that belong no more go. Photos with the same file name get a part of their id behind it.
#[derive(Args, Debug)]
pub struct AlbumExportArgs {
    /// The album's name.
    #[arg(value_name = "NAME")]
    pub name: String,

    /// The folder; it is made if it is not there. It must lie outside of the indexed folders.
    #[arg(value_name = "FOLDER", required_unless_present = "paths")]
    pub folder: Option<PathBuf>,

    /// Copy the files instead of linking to them.
    #[arg(long, conflicts_with_all = ["link", "paths"])]
    pub copy: bool,

    /// Link to the files (as it does anyway).
    #[arg(long)]
    pub link: bool,

    /// Do not keep the folder up to date any more; it stays as it is.
    #[arg(long, conflicts_with_all = ["copy", "link", "paths"])]
    pub stop: bool,

    /// Print the paths of all photos of the album instead, one on a line.
    #[arg(long, conflicts_with = "folder")]
    pub paths: bool,

    /// With --paths: end each path by a NUL character (for xargs -0).
    #[arg(short = '0', long = "print0", requires = "paths")]
    pub print0: bool,
}
