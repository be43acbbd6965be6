//! Arguments of `seer index`.

use std::path::PathBuf;

use clap::Args;
use seer_http::IndexOrder;
use seer_types::IndexKind;

use crate::analysts::Chosen;
use crate::decoder;

/// What reads videos that seer does not read itself: a matter of this machine, not of the library.
#[derive(Args, Debug)]
pub struct VideoArgs {
    /// An ffmpeg program, which reads the frames of videos that seer does not read itself.
    ///
    /// seer reads MP4, MOV, MKV and WebM with H.264, HEVC, AV1 and JPEG. Others (AVI, MTS, WMV; VP9,
    /// MPEG-4, ProRes) are listed by "seer failures" until this is given; then they are tried again.
    /// It is started for each frame without a shell, and ended when it takes longer than 30 s. It is
    /// not remembered in the library.
    #[arg(long, value_name = "PROGRAM", env = "SEER_FFMPEG")]
    pub ffmpeg: Option<PathBuf>,
}

impl VideoArgs {
    /// Has it used from here on.
    pub fn offer(&self) {
        if let Some(program) = &self.ffmpeg {
            decoder::offer_ffmpeg(program.clone());
        }
    }
}

/// Index photo folders: find what is new, changed, moved or gone, and encode it
///
/// Unchanged files are skipped, moved and renamed ones are recognised by their content. It can
/// be stopped at any time and goes on where it was. Nothing is ever written into photo folders.
/// With --store several machines may run this at once: they divide the work.
#[derive(Args, Debug)]
pub struct IndexArgs {
    /// Folders (or single files). Default: the folders indexed before.
    #[arg(value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,

    /// Leave out what matches this glob, for example '*.gif' or '**/raw/**', now and in later runs
    /// (repeatable).
    ///
    /// It is remembered with the folders of this run, those named or, without names, all; "seer roots"
    /// lists it. Without "/" it speaks of the name of any file or folder, with "/" of the path below
    /// the folder, with "/" in front of the whole path. * stops at "/", ** does not; case does not
    /// matter; a folder is left out with all it holds. Photos that were indexed before and are left
    /// out now leave the answers. To have photos back: --no-exclude.
    #[arg(long, short = 'x', value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// Take back such a glob, written as it was given or as "seer roots" lists it (repeatable).
    #[arg(long, value_name = "GLOB")]
    pub no_exclude: Vec<String>,

    /// List what is left out, each file or folder with the rule, and index nothing.
    ///
    /// That are hidden files, folders with .nomedia or .noimage, small copies that other programs keep,
    /// editors' backups, unfinished downloads, what was excluded, and what is no picture. Files named
    /// after a photo, with .xmp or Google Takeout's .json behind, are read with it. A folder stands
    /// for all that it holds. Together with --exclude and --no-exclude it shows what
    /// they would do; nothing is remembered. With --json an object in each line: path, rule, reason,
    /// and for folders files and more_files (counting ends after 10,000 entries).
    #[arg(long)]
    pub explain_skips: bool,

    /// Make no thumbnails while indexing.
    ///
    /// A thumbnail (512 pixels) takes about 40 KB in the library's folder for each photo that is more
    /// than 1,024 pixels long, and costs a few percent of the time. Without them the page makes each
    /// one when it shows it first.
    #[arg(long)]
    pub no_thumbnails: bool,

    #[command(flatten)]
    pub analyses: AnalysisArgs,

    /// Also forget photos of folders that are empty or missing now, and every other photo without a
    /// file, for good.
    ///
    /// Without it such a folder deletes nothing: its drive may not be connected. "seer forget
    /// FOLDER" forgets a single folder. With --store it deletes nothing either: another machine
    /// may see what this one does not.
    #[arg(long)]
    pub prune: bool,

    /// Try files again that failed before and have not changed since.
    #[arg(long)]
    pub retry_failures: bool,

    #[command(flatten)]
    pub videos: VideoArgs,

    /// Decoding threads. Default: one per core.
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,

    /// Pictures per batch of the model. Default: fits the device.
    #[arg(long, value_name = "N")]
    pub batch: Option<usize>,

    /// How the vectors are indexed from now on: auto, exact, lists or hnsw. Default: as before, at
    /// first auto.
    ///
    /// auto takes what measures best: up to 20,000 photos every vector is compared, above that
    /// inverted lists. exact always compares every vector. hnsw is a navigable graph; it takes
    /// minutes to build and finds fewer photos for words than lists do. "seer check --recall"
    /// compares them on your own photos.
    #[arg(long, value_name = "KIND")]
    pub index: Option<IndexKind>,
}

/// What is found out about photos beside their meaning.
#[derive(Args, Clone, Debug)]
pub struct AnalysisArgs {
    /// Whether the words in pictures - signs, menus, screenshots - are read, from now on. At first: on.
    ///
    /// They are found by text:, by quoted words and by plain ones. Reading follows the rest of a run, and photos can be
    /// found meanwhile; stopped, the next run goes on. The library remembers the choice; "off" keeps
    /// what was read.
    #[arg(long, value_name = "on|off", env = "SEER_TEXT", value_parser = clap::builder::BoolishValueParser::new())]
    pub text: Option<bool>,

    /// Have photos described in a sentence each by this model, from now on, or "off". At first: off.
    ///
    /// "blip-image-captioning-base" is the one to begin with (fetched once, 1 GB); it takes seconds for each
    /// photo without a graphics card. The sentences are found as words are, and the page shows them. The
    /// library remembers the choice; "off" keeps the sentences.
    #[arg(long, value_name = "MODEL", env = "SEER_CAPTIONS")]
    pub captions: Option<String>,
}

impl AnalysisArgs {
    /// The order for a server's run over these folders.
    pub fn order(&self, folders: Vec<PathBuf>) -> IndexOrder {
        let (text, captions) = (self.text, self.captions.clone());
        IndexOrder { folders, text, captions, ..IndexOrder::default() }
    }

    /// What is asked for.
    pub fn chosen(&self) -> Chosen<'_> {
        Chosen { text: self.text, captions: self.captions.as_deref() }
    }
}
