//! The command line: what can be asked, with help that teaches.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use seer_engine::Language;
use seer_http::wire::{Sort, TimeUnit};

pub use crate::args_album::{
    AlbumArgs, AlbumCommand, AlbumExportArgs, AlbumRemoveArgs, AlbumRenameArgs, AlbumSaveArgs,
    AlbumShowArgs, PickedArgs,
};
pub use crate::args_index::{AnalysisArgs, IndexArgs, VideoArgs};
pub use crate::args_library::{
    BackupArgs, CheckArgs, HideArgs, RestoreArgs, StoreArgs, StoreCommand,
};
pub use crate::args_mcp::McpArgs;
pub use crate::args_model::{
    ClassifyArgs, EmbedArgs, EvalClassifyArgs, EvalDuplicatesArgs, EvalNamesArgs,
    EvalRelevanceArgs, RankArgs, ScoreArgs,
};
pub use crate::args_models::{
    ModelOrder, ModelsArgs, ModelsCommand, ModelsListArgs, RecommendArgs,
};
pub use crate::args_shared::Shared;
pub use crate::args_tokens::{TokensArgs, TokensCommand, TokensCreateArgs, TokensRevokeArgs};
use crate::secrecy::Secret;

const EXAMPLES: &str = "\
Examples:
  seer demo                                   try it on pictures that come with seer
  seer serve ~/Pictures                       index in the background, search in the browser
  seer index ~/Pictures /mnt/nas/photos       index and stop
  seer watch ~/Pictures                       new photos appear by themselves while seer serve runs
  seer search two dogs on a beach             the best 20 photos, best first
  seer search beach.jpg at night              a picture and words together
  seer search 'sunset after:2019 camera:canon -ext:png'
  seer search --explain two dogs on a beach   why each of them
  seer search --batch queries.txt             a query in each line, all together
  seer similar IMG_2041.jpg -k 5
  seer search 'beach more:3fa91c02 less:77ac0b31'
  seer album save 'Dogs at the sea' dogs on a beach
  seer search --json lighthouse | jq -r .path
  seer search -0 red car | xargs -0 cp -t /tmp/found

Exit status: 0 found or done, 1 nothing found, 2 trouble, 130 interrupted.";

/// What `--version` prints: the places' licence asks to be named.
const VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), "\nPlaces: GeoNames (geonames.org), CC BY 4.0");

/// Search your photos by what they show: by words, by picture, or both. Everything stays on
/// this machine.
#[derive(Parser, Debug)]
#[command(name = "seer", version, long_version = VERSION, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    #[command(flatten, next_help_heading = "Options of every command")]
    pub shared: Shared,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    Index(IndexArgs),
    Search(SearchArgs),
    Similar(SimilarArgs),
    Duplicates(DuplicatesArgs),
    Album(AlbumArgs),
    Serve(ServeArgs),
    Tokens(TokensArgs),
    Mcp(McpArgs),
    Demo(DemoArgs),
    /// Show what the library holds
    Status,
    Roots(RootsArgs),
    Watch(WatchArgs),
    Failures(FailuresArgs),
    Hide(HideArgs),
    Forget(ForgetArgs),
    Check(CheckArgs),
    Backup(BackupArgs),
    Restore(RestoreArgs),
    Store(StoreArgs),
    Models(ModelsArgs),
    Classify(ClassifyArgs),
    Rank(RankArgs),
    Embed(EmbedArgs),
    Score(ScoreArgs),
    Eval(EvalArgs),
    /// Say whether a server of the library answers (exit status 0 or 2)
    Health,
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Search by words, by picture files, or both
///
/// Words are meaning: "two dogs on a beach". An argument that names a file is an example picture; one
/// that looks like a picture file (beach.jpg, a/b) and is none is refused: name:beach.jpg finds
/// photos by name. Filters: path: folder: name: ext: type: after: before: date: year: weekday: time:
/// month: day: camera: lens: tag: text: near: size: width: height: orientation: - each also with a
/// leading "-" (or NOT) to exclude. OR and parentheses join
/// filters: "(ext:jpg OR ext:png) year:2019". In path: folder: name:, * and ? stand for characters:
/// "path:*.jpg". "quoted words" must occur as text (names, tags,
/// captions), -word pushes away from a meaning, word^0.5 weighs it, like:ID resembles a photo, more:ID and less:ID say of photos of
/// the answer that they are right and wrong, lang:de says
/// that the words are German. Words that say when ("June 2019", "last summer", "on Sundays") are read as filters, and the
/// answer says so; words:"last summer" keeps them as words.
#[derive(Args, Debug)]
pub struct SearchArgs {
    /// Words, filters and picture files. Nothing: the newest photos.
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,

    /// Search for each line of FILE ("-": standard input) instead, all of them together.
    ///
    /// Prints a block for each line: "# " and the line, its photos, an empty line; with --json an
    /// object for each, with "query" and "answer" or "error" as POST /api/search/batch gives them.
    /// A line that is no query fails by itself. Much faster than a search for each.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "timeline", "print0"])]
    pub batch: Option<PathBuf>,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// Find photos that look like a picture
///
/// A photo of the library is left out of its own answer, also when IMAGE is a copy of it ("seer
/// search IMAGE" shows it first).
#[derive(Args, Debug)]
pub struct SimilarArgs {
    /// A picture file, or a photo's id from an earlier answer (its start is enough).
    #[arg(value_name = "IMAGE")]
    pub image: String,

    /// Filters that the photos must fulfil, for example after:2019 ext:jpg.
    #[arg(value_name = "FILTER")]
    pub filters: Vec<String>,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// How many results, and in which form.
#[derive(Args, Debug)]
pub struct OutputArgs {
    /// How many results at the most (1 to 1000).
    #[arg(short = 'k', long = "count", value_name = "N", default_value_t = 20)]
    pub k: usize,

    /// Skip this many of the best results.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,

    /// The order of the photos that fit: relevance, newest or oldest.
    ///
    /// Photos that are only near stay behind them. Without words it orders all photos.
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    pub sort: Sort,

    /// Instead of photos print how many that fit were taken in each year, month or day.
    #[arg(long, value_name = "UNIT", conflicts_with = "print0")]
    pub timeline: Option<TimeUnit>,

    /// Show every photo: also those that do not clearly show what was asked for, and each copy.
    ///
    /// Without it weak results are left out, and a last line says how many; copies and
    /// shots of one burst are one result, the largest of them ("(+7 alike)"). --json prints weak
    /// results too; each says its band: strong, likely or weak.
    #[arg(long)]
    pub all: bool,

    /// Say of each photo why it is there (at most 100 of them).
    ///
    /// What each part of the query has of the score, what it loses without each word, the words that
    /// stand in names, folders, tags and captions, what each filter met, the photo's place by each
    /// order, and by what it was judged. With --json in "why".
    #[arg(long, conflicts_with = "print0")]
    pub explain: bool,

    /// Print bare paths, each ended by a NUL character (for xargs -0).
    #[arg(short = '0', long = "print0", conflicts_with = "json")]
    pub print0: bool,
}

/// List photos that are alike, in groups: copies, and shots of one burst
///
/// Copies may be smaller, recompressed, brighter, warmer or cut by up to a tenth; shots of a burst
/// are similar, of one camera, seconds apart. Files with the same content are a group too. Prints
/// the paths of each group, the one to keep first (the largest; of equals that with most bytes), and
/// an empty line between groups; with --json an object for each group. Nothing is ever deleted.
///
/// Photos that an older seer indexed are looked at once more by the next "seer index", and are in
/// no group before.
#[derive(Args, Debug)]
pub struct DuplicatesArgs {
    /// Only among photos that these filters allow, such as folder:2019.
    #[arg(value_name = "FILTER")]
    pub filters: Vec<String>,

    /// Print bare paths, each ended by a NUL character, and one more after each group.
    #[arg(short = '0', long = "print0", conflicts_with = "json")]
    pub print0: bool,
}

/// Serve the search page and the HTTP API; index folders in the background
///
/// Listens on this machine only, for the user who starts it. Other users of the machine, and
/// everybody when it listens on another address (--address 0.0.0.0:7337), need a token, which is
/// made and printed when none is given. Who can do what: docs/SECURITY.md.
#[derive(Args, Debug)]
pub struct ServeArgs {
    /// Folders to index in the background.
    #[arg(value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,

    /// Address and port to listen on; port 0 takes a free one.
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        env = "SEER_ADDRESS",
        default_value = "127.0.0.1:7337"
    )]
    pub address: String,

    /// The token that others must give: 16 to 200 letters, digits or any of - _ . ~
    ///
    /// Better in SEER_TOKEN or --token-file: arguments are shown in the list of processes until
    /// seer has taken the token out of them.
    #[arg(long, value_name = "TOKEN", env = "SEER_TOKEN", hide_env_values = true)]
    pub token: Option<Secret>,

    /// A file whose first line is the token.
    #[arg(long, value_name = "FILE", env = "SEER_TOKEN_FILE", conflicts_with = "token")]
    pub token_file: Option<PathBuf>,

    /// Take position, camera, names, comments and previews out of original files before they are
    /// sent to others than you on this machine, and positions out of records.
    #[arg(long, env = "SEER_STRIP_METADATA", value_parser = clap::builder::FalseyValueParser::new())]
    pub strip_metadata: bool,

    /// A host name, besides localhost and plain IP addresses, under which browsers may ask
    /// (repeatable).
    #[arg(
        long = "allow-host",
        value_name = "NAME",
        env = "SEER_ALLOW_HOST",
        value_delimiter = ','
    )]
    pub allowed_hosts: Vec<String>,

    /// Leave out what matches this glob, now and in later runs (repeatable); see "seer index --help".
    #[arg(long, short = 'x', value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// How often folders that are watched ("seer watch") are looked at as a whole, in seconds.
    ///
    /// Changes are taken over at once where the system tells of them; what it did not tell, and what
    /// is gone, is seen by this look. Where it never tells, such as on network file systems, folders
    /// are looked at every minute.
    #[arg(long, value_name = "SECONDS", env = "SEER_SWEEP", default_value_t = 900,
        value_parser = clap::value_parser!(u64).range(1..=31_536_000))]
    pub sweep: u64,

    /// Open the search page in a browser.
    #[arg(long)]
    pub open: bool,

    #[command(flatten)]
    pub analyses: AnalysisArgs,

    #[command(flatten)]
    pub videos: VideoArgs,
}

/// Print what a shell needs to complete seer's arguments
///
/// bash: seer completions bash > ~/.local/share/bash-completion/completions/seer
/// zsh: seer completions zsh > a folder of $fpath/_seer
/// fish: seer completions fish > ~/.config/fish/completions/seer.fish
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct CompletionsArgs {
    /// bash, zsh, fish, elvish or powershell.
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// Print the manual, or write all its pages into a folder
///
/// "seer man | man -l -" shows the first page.
#[derive(Args, Debug)]
pub struct ManArgs {
    /// Write a page for each command into this folder (seer.1, seer-search.1, …).
    #[arg(long, value_name = "FOLDER")]
    pub to: Option<PathBuf>,
}

/// Try seer on pictures that come with it
///
/// Writes 40 small photos (public domain, CC0, CC BY) into a folder of its own, indexes them into
/// a library of their own, shows three searches and opens the search page. Your library and your
/// photos are not touched; deleting the folder leaves nothing behind.
#[derive(Args, Debug)]
pub struct DemoArgs {
    /// Where pictures and library go.
    ///
    /// Default: "seer-demo" in the platform's data folder (Linux: ~/.local/share/seer-demo).
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,

    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub address: String,

    /// Print the page's address, do not open a browser.
    #[arg(long)]
    pub no_open: bool,

    #[command(flatten)]
    pub analyses: AnalysisArgs,
}

/// List the indexed folders
///
/// Each with the files that were found under it. "seer index" without a folder looks at all of
/// them; "seer forget FOLDER" lets go of one.
#[derive(Args, Debug)]
pub struct RootsArgs {
    /// Print bare paths, each ended by a NUL character (for xargs -0).
    #[arg(short = '0', long = "print0", conflicts_with = "json")]
    pub print0: bool,
}

/// Have indexed folders watched, or no longer
///
/// While "seer serve" runs, new and changed photos of a watched folder appear by themselves: a file is
/// read once it has been still for two seconds, and every 15 minutes the whole folder is looked at
/// (seer serve --sweep), which also lets go of photos that were deleted. A folder that is not there
/// keeps its photos. At first no folder is watched. Without a folder it lists those that are, and how.
#[derive(Args, Debug)]
pub struct WatchArgs {
    /// Folders that are indexed already.
    #[arg(value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,

    /// They are watched no longer.
    #[arg(long, requires = "folders")]
    pub off: bool,
}

/// List the files that could not be indexed
#[derive(Args, Debug)]
pub struct FailuresArgs {
    /// Print bare paths, each ended by a NUL character (for xargs -0).
    #[arg(short = '0', long = "print0", conflicts_with = "json")]
    pub print0: bool,
}

/// Forget folders and files for good
///
/// Everything the library knows about the photos there goes: records, positions, embeddings, words
/// and thumbnails, also from the library's files. The photos themselves are not touched. A photo
/// with a copy elsewhere keeps that copy; an indexed folder further down stays.
#[derive(Args, Debug)]
pub struct ForgetArgs {
    /// Folders or files, whether they are still there or not.
    #[arg(value_name = "FOLDER", required = true)]
    pub places: Vec<PathBuf>,
}

/// Measure how good a model is on data with known answers
#[derive(Args, Debug)]
pub struct EvalArgs {
    #[command(subcommand)]
    pub command: EvalCommand,
}

#[derive(Subcommand, Debug)]
pub enum EvalCommand {
    Retrieval(RetrievalArgs),
    Classify(EvalClassifyArgs),
    Names(EvalNamesArgs),
    Relevance(EvalRelevanceArgs),
    Duplicates(EvalDuplicatesArgs),
}

/// Recall@1/5/10 of captions finding their photos, and photos their captions
///
/// Every caption is a query over all photos of the split, every photo over all captions; no
/// prompt template. CAPTIONS is Karpathy's JSON (dataset_coco.json, dataset_flickr30k.json) or a
/// table with tabs: image file, split, caption.
#[derive(Args, Debug)]
pub struct RetrievalArgs {
    /// The captions.
    #[arg(value_name = "CAPTIONS")]
    pub captions: PathBuf,

    /// The folder of the pictures. Default: "images" beside the captions.
    #[arg(long, value_name = "FOLDER")]
    pub images: Option<PathBuf>,

    /// Only this split, such as test or dev. Default: all.
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,

    /// The language of the captions, such as de. Default: each caption is read as it looks, as a search does.
    #[arg(long, value_name = "CODE", value_parser = language)]
    pub language: Option<Language>,
}

fn language(code: &str) -> Result<Language, String> {
    seer_engine::language_of(code)
        .ok_or_else(|| "write the two letters of a language, such as de".to_owned())
}
