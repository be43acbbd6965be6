//! A loaded model.

use std::path::Path;

use candle_core::{DType, Device, Tensor};
use seer_types::{Embedding, ModelFingerprint, PreparedImage, PreprocessSpec};

use crate::builtin;
use crate::checkpoint::{self, Checkpoint};
use crate::config::{self, ModelConfig};
use crate::device;
use crate::dtype::{self, Compute, DtypeChoice};
use crate::error::{EncodeError, LoadError};
use crate::kernels::precision::Precision;
use crate::tokenizer::Tokenizer;
use crate::towers::{self, Pictures, Towers};
use crate::weights::Weights;

/// Texts encoded at once.
const TEXT_BATCH: usize = 32;

/// A checkpoint on a device, ready to encode. Shared freely between threads; encoding uses all of
/// rayon's threads, so one caller at a time is fastest.
pub struct Model {
    name: String,
    fingerprint: ModelFingerprint,
    config: ModelConfig,
    tokenizer: Tokenizer,
    towers: Towers,
    device: Device,
    precision: Precision,
}

impl Model {
    /// Loads the checkpoint in `folder`, in Hugging Face's (`config.json`,
    /// `preprocessor_config.json`, `model.safetensors`) or OpenCLIP's layout
    /// (`open_clip_config.json`, `open_clip_model.safetensors`). `compute` is a device, or a device
    /// with a dtype ([`Compute`]).
    ///
    /// # Errors
    /// See [`LoadError`]; whatever the JSON asks for that seer does not know, and every tensor
    /// that is missing, misshapen or left over, is refused by name.
    pub fn load(folder: &Path, compute: impl Into<Compute>) -> Result<Self, LoadError> {
        let checkpoint = Checkpoint::Folder(folder.to_path_buf());
        Self::from_checkpoint(&checkpoint, compute.into(), |config| {
            Ok(Tokenizer::load(folder, &config.tokenizer)?)
        })
    }

    /// Loads the model that is part of the program. No file is read, no socket opened.
    ///
    /// # Errors
    /// `Device` when the device cannot be used, `Dtype` when it does not compute in these numbers.
    pub fn builtin(compute: impl Into<Compute>) -> Result<Self, LoadError> {
        let checkpoint = Checkpoint::Embedded(&builtin::FILES);
        Self::from_checkpoint(&checkpoint, compute.into(), |config| {
            let json = checkpoint.bytes("tokenizer.json")?;
            Ok(Tokenizer::from_json(&json, &config.tokenizer)?)
        })
    }

    fn from_checkpoint(
        checkpoint: &Checkpoint,
        compute: Compute,
        tokenizer: impl Fn(&ModelConfig) -> Result<Tokenizer, LoadError>,
    ) -> Result<Self, LoadError> {
        let layout = checkpoint.layout()?;
        let config = config::read(checkpoint, layout)?;
        let files = checkpoint.weight_files(layout)?;
        let device = device::open(compute.device)?;
        let precision = dtype::resolve(compute.dtype, &device)?;
        let tokenizer = tokenizer(&config)?;
        let (towers, fingerprint) = rayon::join(
            || {
                let weights = Weights::open(checkpoint, &files)?;
                precision.during(|| towers::load(&config, layout, weights, &device))
            },
            || checkpoint::fingerprint(checkpoint, &files, precision),
        );
        let (towers, fingerprint) = (towers?, fingerprint?);
        let name = checkpoint.name();
        Ok(Self { name, fingerprint, config, tokenizer, towers, device, precision })
    }

    /// A short name for people: the hub id or the folder's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which model this is: weights, settings and tokenizer, and whether they were rounded to 8
    /// bits. Embeddings in f32, bf16 and f16 may meet, those in q8 are a space of their own.
    pub fn fingerprint(&self) -> ModelFingerprint {
        self.fingerprint
    }

    /// How pictures must be made ready.
    pub fn spec(&self) -> &PreprocessSpec {
        &self.config.preprocess
    }

    /// Numbers per embedding.
    pub fn dim(&self) -> usize {
        self.config.dim
    }

    /// Most tokens in one text, start and end included; longer texts are cut.
    pub fn context_length(&self) -> usize {
        self.config.tokenizer.context_length
    }

    /// Where it computes: `cpu`, `cuda`, `cuda:1`, `metal`.
    pub fn device(&self) -> String {
        device::describe(&self.device)
    }

    /// In which numbers it computes: never `Auto`.
    pub fn dtype(&self) -> DtypeChoice {
        dtype::choice(self.precision)
    }

    /// How many pictures in one call keep the device busy; more than that is split up.
    pub fn image_batch(&self) -> usize {
        self.towers.image.batch()
    }

    /// Encodes pictures made ready by [`Self::spec`], any number of them, in order.
    ///
    /// # Errors
    /// `PictureSize` for one of another size, `Output` when the result has no direction.
    pub fn encode_images(&self, images: &[PreparedImage]) -> Result<Vec<Embedding>, EncodeError> {
        let (width, height) = (self.spec().width, self.spec().height);
        if let Some(other) = images.iter().find(|i| (i.width(), i.height()) != (width, height)) {
            return Err(EncodeError::PictureSize {
                found_width: other.width(),
                found_height: other.height(),
                width,
                height,
            });
        }
        let pictures: Vec<&[u8]> = images.iter().map(PreparedImage::rgb).collect();
        let mut out = Vec::with_capacity(images.len());
        for batch in pictures.chunks(self.towers.image.batch()) {
            self.collect(&self.towers.image.forward(Pictures::Rgb(batch))?, &mut out)?;
        }
        Ok(out)
    }

    /// Encodes texts, any number of them, in order. Texts beyond the context are cut.
    ///
    /// # Errors
    /// `Output` when the result has no direction, `Compute` when the device fails.
    pub fn encode_texts(&self, texts: &[&str]) -> Result<Vec<Embedding>, EncodeError> {
        let ids: Vec<Vec<u32>> = texts.iter().map(|text| self.tokenizer.encode(text)).collect();
        let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
        self.encode_ids(&ids)
    }

    /// For parity tests and benches: token ids instead of text, each text between 1 and
    /// [`Self::context_length`] ids, with start and end.
    ///
    /// # Errors
    /// `Input` for ids that the model has no token for, or texts of a wrong length.
    pub fn encode_ids(&self, texts: &[&[u32]]) -> Result<Vec<Embedding>, EncodeError> {
        let spec = &self.config.tokenizer;
        for ids in texts {
            if ids.is_empty() || ids.len() > spec.context_length {
                let (found, most) = (ids.len(), spec.context_length);
                return Err(EncodeError::Input(format!("{found} tokens instead of 1 to {most}")));
            }
            if let Some(id) = ids.iter().find(|id| **id as usize >= spec.vocab_size) {
                let size = spec.vocab_size;
                return Err(EncodeError::Input(format!("token {id} in a vocabulary of {size}")));
            }
        }
        let mut out = Vec::with_capacity(texts.len());
        for batch in texts.chunks(TEXT_BATCH) {
            self.collect(&self.towers.text.forward(batch)?, &mut out)?;
        }
        Ok(out)
    }

    /// For parity tests and benches: normalised planes `[pictures, 3, height, width]` instead of
    /// prepared pictures.
    ///
    /// # Errors
    /// `Input` when the length is not a whole number of pictures.
    pub fn encode_planes(&self, planes: &[f32]) -> Result<Vec<Embedding>, EncodeError> {
        let size = 3 * self.spec().width as usize * self.spec().height as usize;
        if !planes.len().is_multiple_of(size) {
            let found = planes.len();
            return Err(EncodeError::Input(format!("{found} values instead of {size} a picture")));
        }
        let mut out = Vec::with_capacity(planes.len() / size);
        for batch in planes.chunks(self.towers.image.batch() * size) {
            self.collect(&self.towers.image.forward(Pictures::Planes(batch))?, &mut out)?;
        }
        Ok(out)
    }

    fn collect(&self, points: &Tensor, out: &mut Vec<Embedding>) -> Result<(), EncodeError> {
        for point in points.to_dtype(DType::F32)?.to_vec2::<f32>()? {
            out.push(Embedding::new(self.fingerprint, point)?);
        }
        Ok(())
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (device, dtype) = (self.device(), self.dtype());
        write!(f, "Model({}, {:?}, {device}, {dtype})", self.name, self.fingerprint)
    }
}
