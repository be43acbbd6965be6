//! A model that describes pictures in words.

use std::path::Path;

use seer_checkpoint::{Checkpoint, config};
use seer_tokenizer::Wording;
use seer_towers::device;
use seer_towers::dtype::Compute;
use seer_towers::{CaptionTower, Runtime, Weights};
use seer_types::{ModelFingerprint, PreparedImage, PreprocessSpec};

use crate::error::{EncodeError, LoadError};
use crate::model::check_size;

/// A BLIP checkpoint on a device, ready to describe pictures. It has no embeddings: a [`crate::Model`] finds photos, this
/// one says what they show. Shared freely between threads; describing uses all cores, so one caller at a time is fastest.
pub struct Captioner {
    name: String,
    fingerprint: ModelFingerprint,
    spec: PreprocessSpec,
    tower: CaptionTower,
    wording: Wording,
    runtime: Runtime,
}

impl Captioner {
    /// Loads the checkpoint in `folder`, in transformers' layout (`config.json`, `preprocessor_config.json`,
    /// `tokenizer.json` or `vocab.txt`, `model.safetensors` or `pytorch_model.bin`), onto a device, or a device with a
    /// dtype ([`Compute`]).
    ///
    /// # Errors
    /// See [`LoadError`]; whatever the JSON asks for that seer does not know, and every tensor that is missing, misshapen
    /// or left over, is refused by name.
    pub fn load(folder: &Path, compute: impl Into<Compute>) -> Result<Self, LoadError> {
        let checkpoint = Checkpoint::Folder(folder.to_path_buf());
        let config = config::read_captioner(&checkpoint)?;
        let files = checkpoint.weight_files(config::Layout::HuggingFace)?;
        let compute = compute.into();
        let device = device::open(compute.device)?;
        let runtime = Runtime::new(device, compute.backend, compute.dtype)?;
        let wording = Wording::load(folder, config.vocab_size)?;
        let spec = config.preprocess.clone();
        let (tower, fingerprint) = rayon::join(
            || {
                let weights = Weights::open(&checkpoint, &files)?;
                CaptionTower::load(config, weights, &runtime)
            },
            || seer_checkpoint::fingerprint(&checkpoint, &files, &[], runtime.precision()),
        );
        let (tower, fingerprint, name) = (tower?, fingerprint?, checkpoint.name());
        Ok(Self { name, fingerprint, spec, tower, wording, runtime })
    }

    /// Whether the settings in `folder` are those of a model that describes pictures.
    pub fn is_one(folder: &Path) -> bool {
        config::is_captioner(&Checkpoint::Folder(folder.to_path_buf()))
    }

    /// A short name for people: the hub id or the folder's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which model this is: weights, settings and tokenizer. Captions of another one are other captions.
    pub fn fingerprint(&self) -> ModelFingerprint {
        self.fingerprint
    }

    /// How pictures must be made ready.
    pub fn spec(&self) -> &PreprocessSpec {
        &self.spec
    }

    /// Where it computes: `cpu`, `cuda`, `cuda:1`, `metal`.
    pub fn device(&self) -> String {
        device::describe(self.runtime.device())
    }

    /// How many pictures in one call keep the device busy; more than that is split up.
    pub fn batch(&self) -> usize {
        self.tower.batch()
    }

    /// A caption for each picture made ready by [`Self::spec`], any number of them, in order: a line of lower-case English
    /// without a stop at its end, as the published models write; empty where the model says nothing.
    ///
    /// # Errors
    /// `PictureSize` for a picture of another size, `Compute` when the device fails.
    pub fn describe(&self, images: &[PreparedImage]) -> Result<Vec<String>, EncodeError> {
        images.iter().try_for_each(|image| check_size(&self.spec, image))?;
        let mut captions = Vec::with_capacity(images.len());
        for batch in images.chunks(self.batch()) {
            let lines = self.tower.write(batch)?;
            captions.extend(lines.iter().map(|tokens| self.wording.text(tokens)));
        }
        Ok(captions)
    }
}

impl std::fmt::Debug for Captioner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Captioner({}, {:?}, {})", self.name, self.fingerprint, self.device())
    }
}
