//! Arguments of the commands for models.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// List, explain, fetch, check and move models
#[derive(Args, Debug)]
pub struct ModelsArgs {
    #[command(subcommand)]
    pub command: ModelsCommand,
}

#[derive(Subcommand, Debug)]
pub enum ModelsCommand {
    List(ModelsListArgs),
    /// Show everything known about a model, and what it costs on this machine
    Info {
        /// A name from the list, a Hugging Face id, or a local folder.
        name: String,
    },
    Recommend(RecommendArgs),
    /// Fetch a model from the Hugging Face hub, so that it works offline from then on
    Pull {
        /// A name from the list or a Hugging Face id.
        name: String,
    },
    /// Compare a fetched model's files with the checksums they came with
    Verify {
        /// A name from the list or a Hugging Face id.
        name: String,
    },
    /// Write a fetched model into one file, for a machine without a network
    Export {
        /// A name from the list, a Hugging Face id, or a local folder.
        name: String,
        /// The file to write.
        file: PathBuf,
    },
    /// Read a model from a file that "seer models export" wrote
    Import {
        /// The file.
        file: PathBuf,
        /// Put the model into this new folder instead of the model cache.
        #[arg(long, value_name = "FOLDER")]
        to: Option<PathBuf>,
    },
    /// Answer queries with another model that the photos are encoded with
    ///
    /// "seer index --model NAME" encodes them with it first, while the one in use goes on answering.
    /// Both are kept, so that the way back is as short.
    Use {
        /// The model's name ("seer status" lists them), or the start of its fingerprint.
        name: String,
    },
    /// Forget what the photos were encoded with a model
    ///
    /// Its embeddings and their index leave the library; the photos and the model's own files stay.
    Forget {
        /// The model's name ("seer status" lists them), or the start of its fingerprint.
        name: String,
    },
    /// Remove a fetched model from the model cache
    Remove {
        /// A name from the list or a Hugging Face id.
        name: String,
        /// Do not ask.
        #[arg(long, short)]
        yes: bool,
    },
}

/// List the models that can be used by name
///
/// Without --all or a filter: those recommended, and those on this machine.
#[derive(Args, Debug)]
pub struct ModelsListArgs {
    /// All of them.
    #[arg(long)]
    pub all: bool,

    /// Only this family, such as vit, siglip2 or convnext.
    #[arg(long, value_name = "NAME")]
    pub family: Option<String>,

    /// Only models for this language (ISO 639-1, such as de).
    #[arg(long, value_name = "CODE", value_parser = language_code)]
    pub language: Option<String>,

    /// At most so many million parameters.
    #[arg(long, value_name = "MILLIONS")]
    pub max_params: Option<f32>,

    /// At most so many numbers in an embedding.
    #[arg(long, value_name = "N")]
    pub max_dim: Option<usize>,

    /// The order. Speed: fewest operations first. Accuracy: as published for ImageNet, zero-shot.
    #[arg(long, value_name = "ORDER")]
    pub sort: Option<ModelOrder>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub enum ModelOrder {
    Name,
    Size,
    Speed,
    Accuracy,
}

/// Name three models that fit a language, a speed and a memory
///
/// They are ordered by the share of ImageNet's pictures they name rightly without training, as
/// published; models without that figure are not ranked. The speed is an estimate from each model's
/// operations and a quick measurement of this processor, speed and memory in the numbers of --dtype.
#[derive(Args, Debug)]
pub struct RecommendArgs {
    /// The language of your queries (ISO 639-1).
    #[arg(long, value_name = "CODE", default_value = "en", value_parser = language_code)]
    pub language: String,

    /// At least so many pictures a second; 0 for any. Default: 1, that is 10,000 photos in three hours.
    #[arg(long, value_name = "IMAGES")]
    pub speed: Option<f64>,

    /// At most so many GiB of memory. Default: half of what this machine has.
    #[arg(long, value_name = "GIB")]
    pub memory: Option<f64>,
}

/// A language as the registry has it.
fn language_code(text: &str) -> Result<String, String> {
    let is_code = (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphabetic());
    match is_code {
        true => Ok(text.to_ascii_lowercase()),
        false => Err("two letters of ISO 639-1 are wanted, such as en, de or zh".to_owned()),
    }
}
