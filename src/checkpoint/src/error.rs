//! What can be wrong with a checkpoint's files, settings and tensors.

use std::path::PathBuf;

/// Why a checkpoint's files make no model. Displays as one line with a remedy where there is one.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The folder holds no checkpoint.
    #[error(
        "{folder} holds no model: expected config.json (Hugging Face, timm) or \
         open_clip_config.json (OpenCLIP) in it"
    )]
    NotAModel {
        /// The folder.
        folder: String,
    },
    /// A file of the checkpoint is missing.
    #[error("{folder} lacks {file}: fetch the model again, or copy that file into the folder")]
    FileMissing {
        /// The checkpoint's folder.
        folder: String,
        /// The file (or files, any of which would do).
        file: String,
    },
    /// A file could not be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file is not JSON, or not of the expected structure.
    #[error("{file} is not what was expected: {reason}")]
    Json {
        /// The file's name.
        file: String,
        /// Where and why.
        reason: String,
    },
    /// A setting has a value seer does not know.
    #[error("{file}: {key} is {value}, but {expected}")]
    Setting {
        /// The file's name.
        file: String,
        /// The setting, with the sections it stands in.
        key: String,
        /// The value found, as JSON.
        value: String,
        /// What seer knows instead.
        expected: String,
    },
    /// It is no model of embeddings.
    #[error(
        "{name} describes pictures in words and has no embeddings to search by: give it to \
         \"seer index --captions\", and another model to --model (\"seer models list\" names them)"
    )]
    Captioner {
        /// The model's name.
        name: String,
    },
    /// A setting seer does not know at all.
    #[error(
        "{file}: {key} is a setting seer does not know; running the model without it could give \
         wrong results, so it is refused"
    )]
    UnknownSetting {
        /// The file's name.
        file: String,
        /// The setting, with the sections it stands in.
        key: String,
    },
    /// The weights file is damaged.
    #[error("{file} is damaged: {reason}; fetch the model again")]
    Weights {
        /// The file's name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A tensor the architecture needs is not in the weights.
    #[error("the weights lack the tensor {name} (shape {shape:?}) that the settings ask for")]
    TensorMissing {
        /// Its name in the file.
        name: String,
        /// The shape it should have.
        shape: Vec<usize>,
    },
    /// A tensor has another shape than the settings say.
    #[error("the tensor {name} has shape {found:?}, but the settings ask for {expected:?}")]
    TensorShape {
        /// Its name in the file.
        name: String,
        /// As found.
        found: Vec<usize>,
        /// As the settings say.
        expected: Vec<usize>,
    },
    /// A tensor holds numbers of a kind seer does not read.
    #[error(
        "the tensor {name} holds {found} numbers; seer reads F32, F16, BF16 and I8 with scales"
    )]
    TensorType {
        /// Its name in the file.
        name: String,
        /// The kind found.
        found: String,
    },
    /// Tensors that no layer asked for: the model is more than the settings say.
    #[error(
        "the weights hold {count} tensors that the settings do not account for, such as {first}: \
         this is another architecture than the settings describe"
    )]
    TensorsUnused {
        /// The first of them by name.
        first: String,
        /// How many.
        count: usize,
    },
    /// The model cannot take pictures of the size that was asked for.
    #[error("pictures of {edge} pixels cannot be asked of this model: {reason}")]
    ImageSize {
        /// The edge asked for, in pixels.
        edge: u32,
        /// What the model takes instead.
        reason: String,
    },
}
