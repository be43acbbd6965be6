//! A loaded model.

mod classify;

use std::path::Path;
use std::sync::{Arc, OnceLock};

use seer_checkpoint::config::{self, ClassNames, ModelConfig, TokenizerSpec};
use seer_checkpoint::registry::Entry;
use seer_checkpoint::{Checkpoint, PICTURE_HEAD, further_fingerprint};
use seer_tokenizer::Tokenizer;
use seer_towers::device;
use seer_towers::dtype::{self, Compute, DtypeChoice};
use seer_towers::{DType, Logits, Pictures, Runtime, Tensor, TextTower, Towers, Weights};
use seer_types::{Embedding, ModelFingerprint, PreparedImage, PreprocessSpec, ResizeMode};

use crate::builtin;
use crate::error::{EncodeError, LoadError};
use crate::languages::{LanguageTower, Languages};
use crate::options::LoadOptions;
use crate::relevance::Relevance;

pub use classify::{ClassScore, Naming, SeenImage};

/// A space of pictures alone, in which those that show the same lie closer than where texts are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LikenessSpace {
    /// Differs from the model's own, and for each model and version of the layer.
    pub fingerprint: ModelFingerprint,
    /// Numbers per embedding.
    pub dim: usize,
}

/// Texts encoded at once.
const TEXT_BATCH: usize = 32;

/// A checkpoint on a device, ready to encode. Shared freely between threads; encoding uses all of
/// rayon's threads, so one caller at a time is fastest.
pub struct Model {
    name: String,
    fingerprint: ModelFingerprint,
    config: ModelConfig,
    tokenizer: Option<Tokenizer>,
    /// Made by the first question for it.
    class_names: OnceLock<ClassNames>,
    towers: Towers,
    likeness: Option<LikenessSpace>,
    languages: Option<Languages>,
    relevance: Option<Relevance>,
    trained_on: Vec<String>,
    runtime: Runtime,
    image_batch: usize,
}

impl Model {
    /// Loads the checkpoint in `folder`, in Hugging Face's (`config.json`,
    /// `preprocessor_config.json`, `model.safetensors`) or OpenCLIP's layout
    /// (`open_clip_config.json`, `open_clip_model.safetensors`), or an image tower alone as timm
    /// publishes it (`config.json` with an `architecture`, `model.safetensors`). `compute` is a
    /// device, or a device with a dtype ([`Compute`]).
    ///
    /// # Errors
    /// See [`LoadError`]; whatever the JSON asks for that seer does not know, and every tensor
    /// that is missing, misshapen or left over, is refused by name.
    pub fn load(folder: &Path, compute: impl Into<Compute>) -> Result<Self, LoadError> {
        Self::load_with(folder, compute, LoadOptions::default())
    }

    /// The same with something else than the checkpoint says.
    ///
    /// # Errors
    /// As [`Self::load`], and `ImageSize` for a size that the image tower cannot take.
    pub fn load_with(
        folder: &Path,
        compute: impl Into<Compute>,
        options: LoadOptions,
    ) -> Result<Self, LoadError> {
        let checkpoint = Checkpoint::Folder(folder.to_path_buf());
        Self::from_folder(folder, &checkpoint, compute.into(), options)
    }

    /// Loads the checkpoint in `folder` as the one that `entry` names: where its JSON disagrees with what is known of
    /// that name (activation, picture size, preprocessing), the name is right, and a line in the log says so.
    ///
    /// # Errors
    /// As [`Self::load_with`].
    pub fn load_named(
        folder: &Path,
        entry: &Entry,
        compute: impl Into<Compute>,
        options: LoadOptions,
    ) -> Result<Self, LoadError> {
        let checkpoint = match entry.overrides() {
            Some(overrides) => Checkpoint::Named(folder.to_path_buf(), overrides),
            None => Checkpoint::Folder(folder.to_path_buf()),
        };
        let mut model = Self::from_folder(folder, &checkpoint, compute.into(), options)?;
        model.trained_on.clone_from(&entry.languages);
        Ok(model)
    }

    pub(crate) fn from_folder(
        folder: &Path,
        checkpoint: &Checkpoint,
        compute: Compute,
        options: LoadOptions,
    ) -> Result<Self, LoadError> {
        Self::from_checkpoint(checkpoint, compute, options, |spec| {
            Ok(Tokenizer::load(folder, spec)?)
        })
    }

    /// Loads the model that is part of the program. No file is read, no socket opened.
    ///
    /// # Errors
    /// `Device` when the device cannot be used, `Dtype` when it does not compute in these numbers.
    pub fn builtin(compute: impl Into<Compute>) -> Result<Self, LoadError> {
        let checkpoint = Checkpoint::Embedded(&builtin::FILES);
        let options = LoadOptions::default();
        let mut model = Self::from_checkpoint(&checkpoint, compute.into(), options, |spec| {
            let json = checkpoint.bytes("tokenizer.json")?;
            Ok(Tokenizer::from_json(&json, spec)?)
        })?;
        model.trained_on = vec!["en".to_owned()];
        Ok(model)
    }

    fn from_checkpoint(
        checkpoint: &Checkpoint,
        compute: Compute,
        options: LoadOptions,
        tokenizer: impl Fn(&TokenizerSpec) -> Result<Tokenizer, LoadError>,
    ) -> Result<Self, LoadError> {
        let layout = checkpoint.layout()?;
        let mut config = config::read(checkpoint, layout)?;
        let changes = checkpoint.changes(layout)?;
        tell(checkpoint, &changes);
        let own_size = config.image.image();
        if let Some(edge) = options.image_size {
            config.set_image_size(edge)?;
        }
        let files = checkpoint.weight_files(layout)?;
        let device = device::open(compute.device)?;
        let runtime = Runtime::new(device, compute.backend, compute.dtype)?;
        let tokenizer = config.tokenizer.as_ref().map(tokenizer).transpose()?;
        let (towers, fingerprint) = rayon::join(
            || {
                let weights = Weights::open(checkpoint, &all_weights(checkpoint, &files))?;
                seer_towers::load(&config, layout, weights, &runtime)
            },
            || seer_checkpoint::fingerprint(checkpoint, &files, &changes, runtime.precision()),
        );
        let (towers, mut fingerprint) = (towers?, fingerprint?);
        let size = config.image.image();
        if size != own_size {
            fingerprint = seer_checkpoint::changed_fingerprint(fingerprint, "image size", &size);
        }
        let likeness = match towers.image.likeness_dim() {
            Some(dim) => {
                let of_file = further_fingerprint(fingerprint, checkpoint, PICTURE_HEAD)?;
                Some(LikenessSpace { fingerprint: of_file, dim })
            }
            None => None,
        };
        let languages = checkpoint.languages();
        let languages =
            languages.map(|files| Languages::new(files, &runtime, fingerprint)).transpose()?;
        let relevance = Relevance::read(checkpoint, fingerprint, config.dim)?;
        let name = checkpoint.name();
        let class_names = OnceLock::new();
        let image_batch = options.image_batch.unwrap_or_else(|| towers.image.batch()).max(1);
        Ok(Self {
            name,
            fingerprint,
            config,
            tokenizer,
            class_names,
            towers,
            likeness,
            languages,
            relevance,
            trained_on: Vec::new(),
            runtime,
            image_batch,
        })
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

    /// The space in which pictures are compared with pictures; `None` for a model that compares them
    /// where texts are.
    pub fn likeness_space(&self) -> Option<LikenessSpace> {
        self.likeness
    }

    /// How its cosines are read; `None` for a model that was not measured.
    pub fn relevance(&self) -> Option<&Relevance> {
        self.relevance.as_ref()
    }

    /// Whether it reads texts too; otherwise it encodes pictures only.
    pub fn reads_text(&self) -> bool {
        self.towers.text.is_some()
    }

    /// The languages of the texts that its text tower was trained on, as ISO 639-1 codes, or `mul`
    /// for many; empty where nobody says.
    pub fn trained_on(&self) -> &[String] {
        &self.trained_on
    }

    /// ISO 639-1 codes of the languages that its second text tower reads; empty without one.
    pub fn further_languages(&self) -> &[String] {
        self.languages.as_ref().map_or(&[], Languages::codes)
    }

    /// The second text tower, read now if this is its first use; `None` where there is none.
    ///
    /// # Errors
    /// As [`Self::load`], for the files of that tower.
    pub fn languages(&self) -> Result<Option<Arc<LanguageTower>>, LoadError> {
        self.languages.as_ref().map(Languages::tower).transpose()
    }

    /// Most tokens in one text, start and end included; longer texts are cut. 0 where the model
    /// reads pictures only.
    pub fn context_length(&self) -> usize {
        self.config.tokenizer.as_ref().map_or(0, |spec| spec.context_length)
    }

    /// How cosines become probabilities; `None` where the checkpoint does not say.
    pub fn logits(&self) -> Option<Logits> {
        self.towers.logits
    }

    /// The text as the text tower reads it: start, tokens, end; cut at the context.
    ///
    /// # Errors
    /// `NoText` for a model that reads pictures only.
    pub fn token_ids(&self, text: &str) -> Result<Vec<u32>, EncodeError> {
        let tokenizer = self.tokenizer.as_ref().ok_or_else(|| self.no_text())?;
        Ok(tokenizer.encode(text))
    }

    /// Where it computes: `cpu`, `cuda`, `cuda:1`, `metal`.
    pub fn device(&self) -> String {
        device::describe(self.runtime.device())
    }

    /// In which numbers it computes: never `Auto`.
    pub fn dtype(&self) -> DtypeChoice {
        dtype::choice(self.runtime.precision())
    }

    /// How many pictures in one call keep the device busy; more than that is split up.
    pub fn image_batch(&self) -> usize {
        self.image_batch
    }

    /// Encodes pictures made ready by [`Self::spec`], any number of them, in order.
    ///
    /// # Errors
    /// `PictureSize` or `PicturePatches` for one of another size, `Output` when the result has no direction.
    pub fn encode_images(&self, images: &[PreparedImage]) -> Result<Vec<Embedding>, EncodeError> {
        let mut out = Vec::with_capacity(images.len());
        self.each_batch(images, |batch| {
            self.collect(&self.towers.image.forward_prepared(batch)?, &mut out)
        })?;
        Ok(out)
    }

    /// Pictures of the right size, in batches that keep the device busy.
    fn each_batch(
        &self,
        images: &[PreparedImage],
        take: impl FnMut(&[PreparedImage]) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        images.iter().try_for_each(|image| check_size(self.spec(), image))?;
        images.chunks(self.image_batch).try_for_each(take)
    }

    /// Encodes texts, any number of them, in order. Texts beyond the context are cut.
    ///
    /// # Errors
    /// `NoText` for a model that reads pictures only, `Output` when the result has no direction,
    /// `Compute` when the device fails.
    pub fn encode_texts(&self, texts: &[&str]) -> Result<Vec<Embedding>, EncodeError> {
        let ids: Vec<Vec<u32>> =
            texts.iter().map(|text| self.token_ids(text)).collect::<Result<_, _>>()?;
        let ids: Vec<&[u32]> = ids.iter().map(Vec::as_slice).collect();
        self.encode_ids(&ids)
    }

    /// Token ids as [`Self::token_ids`] gives them, each text between 1 and
    /// [`Self::context_length`] ids, with start and end.
    ///
    /// # Errors
    /// `Input` for ids that the model has no token for, or texts of a wrong length; `NoText` for a
    /// model that reads pictures only.
    pub fn encode_ids(&self, texts: &[&[u32]]) -> Result<Vec<Embedding>, EncodeError> {
        let tower = self.towers.text.as_ref();
        let (tower, spec) =
            tower.zip(self.config.tokenizer.as_ref()).ok_or_else(|| self.no_text())?;
        encode_ids(&**tower, spec, self.fingerprint, texts)
    }

    /// For parity tests and benches: normalised planes `[pictures, 3, height, width]` of the spec's
    /// own size instead of prepared pictures.
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
        for batch in planes.chunks(self.image_batch * size) {
            self.collect(&self.towers.image.forward(Pictures::Planes(batch))?, &mut out)?;
        }
        Ok(out)
    }

    fn no_text(&self) -> EncodeError {
        EncodeError::NoText { model: self.name.clone() }
    }

    fn collect(&self, points: &Tensor, out: &mut Vec<Embedding>) -> Result<(), EncodeError> {
        out.extend(embeddings(self.fingerprint, points)?);
        Ok(())
    }
}

/// Texts as embeddings of a space.
pub(crate) fn encode_ids(
    tower: &dyn TextTower,
    spec: &TokenizerSpec,
    space: ModelFingerprint,
    texts: &[&[u32]],
) -> Result<Vec<Embedding>, EncodeError> {
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
        out.extend(embeddings(space, &tower.forward(batch)?)?);
    }
    Ok(out)
}

/// Rows as embeddings of a space.
fn embeddings(space: ModelFingerprint, points: &Tensor) -> Result<Vec<Embedding>, EncodeError> {
    let rows = points.to_dtype(DType::F32)?.to_vec2::<f32>()?.into_iter();
    rows.map(|row| Ok(Embedding::new(space, row)?)).collect()
}

/// The weights of the towers, and what lies beside them.
fn all_weights(checkpoint: &Checkpoint, files: &[String]) -> Vec<String> {
    let further = checkpoint.has(PICTURE_HEAD).then(|| PICTURE_HEAD.to_owned());
    files.iter().cloned().chain(further).collect()
}

/// Says in one line what the registry changed in a checkpoint's settings.
fn tell(checkpoint: &Checkpoint, changes: &[(&'static str, String)]) {
    if let (Checkpoint::Named(_, overrides), Some((file, _))) = (checkpoint, changes.first()) {
        let changes: Vec<&str> = changes.iter().map(|(_, change)| change.as_str()).collect();
        let (name, changes) = (&overrides.name, changes.join(", "));
        log::warn!(
            "{name} is not what its {file} says; as OpenCLIP lists these weights: {changes}"
        );
    }
}

pub(crate) fn check_size(spec: &PreprocessSpec, image: &PreparedImage) -> Result<(), EncodeError> {
    let (found_width, found_height) = (image.width(), image.height());
    if spec.accepts(found_width, found_height) {
        return Ok(());
    }
    Err(match spec.resize {
        ResizeMode::PatchBudget { patch, patches } => {
            EncodeError::PicturePatches { found_width, found_height, patch, patches }
        }
        _ => {
            let (width, height) = (spec.width, spec.height);
            EncodeError::PictureSize { found_width, found_height, width, height }
        }
    })
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (device, dtype) = (self.device(), self.dtype());
        write!(f, "Model({}, {:?}, {device}, {dtype})", self.name, self.fingerprint)
    }
}
