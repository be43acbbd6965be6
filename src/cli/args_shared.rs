//! Arguments of every command: which library, which model, how much is said.

use std::path::PathBuf;

use clap::Args;
use seer_engine::Mount;

use crate::notices::LogFormat;
use crate::secrecy::Secret;

/// Options every subcommand takes.
#[derive(Args, Debug, Clone)]
pub struct Shared {
    /// The library folder: what seer knows about your photos (never the photos themselves).
    ///
    /// Default: "seer" in the platform's data folder (Linux: ~/.local/share/seer).
    #[arg(long, global = true, value_name = "FOLDER", env = "SEER_LIBRARY")]
    pub library: Option<PathBuf>,

    /// The PostgreSQL that holds the library, in place of a folder: postgres://USER@HOST/DATABASE.
    ///
    /// Any number of machines may use it at once ("seer store --help"). A password belongs into the
    /// variable PGPASSWORD, or the whole address into SEER_STORE: arguments can be read by others.
    #[arg(long, global = true, value_name = "URL", env = "SEER_STORE", hide_env_values = true)]
    pub store: Option<Secret>,

    /// Where to ask, when that is not where to write: a standby of the PostgreSQL.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "SEER_READ_STORE",
        hide_env_values = true,
        requires = "store"
    )]
    pub read_store: Option<Secret>,

    /// Where this machine sees a folder that another one indexed: /photos=/mnt/nas/photos
    /// (repeatable; in the variable with ; between them).
    ///
    /// Paths are shown as they were indexed; originals and thumbnails come from here, and what is
    /// indexed here is known by the path that all machines share.
    #[arg(
        long = "map",
        global = true,
        value_name = "INDEXED=HERE",
        env = "SEER_MAP",
        value_delimiter = ';'
    )]
    pub maps: Vec<Mount>,

    /// The model: a name from "seer models list", a Hugging Face id, or a local folder.
    ///
    /// Default: the one the library was indexed with, else the built-in one.
    #[arg(long, global = true, value_name = "MODEL", env = "SEER_MODEL")]
    pub model: Option<String>,

    /// Where the model runs: auto, cpu, cuda, cuda:1 or metal.
    #[arg(long, global = true, value_name = "DEVICE", default_value = "auto")]
    pub device: String,

    /// The numbers it computes in: f32, q8 (CPU: 8-bit, two to three times faster), bf16 or f16 (GPU).
    ///
    /// A library indexed in q8 is a space of its own: q8 and f32 embeddings are never mixed.
    /// Default (auto): what the library was indexed in, else f32.
    #[arg(long, global = true, value_name = "DTYPE", env = "SEER_DTYPE", default_value = "auto")]
    pub dtype: String,

    /// Never open a network connection, not even for a model that was asked for.
    #[arg(long, global = true, env = "SEER_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub offline: bool,

    /// Print JSON, one object per line (fields: docs/HTTP.md).
    #[arg(long, global = true)]
    pub json: bool,

    /// Print less: no progress, no notices, only results and errors.
    #[arg(long, short, global = true)]
    pub quiet: bool,

    /// Print more about what is being done.
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub verbose: bool,

    /// How notices are printed on standard error: text, or json, an object in each line with time, level, target
    /// and message; "seer serve" adds a line for each request, with its id, which the answer has in the
    /// header x-request-id.
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        env = "SEER_LOG_FORMAT",
        default_value = "text",
        hide_possible_values = true
    )]
    pub log_format: LogFormat,
}
