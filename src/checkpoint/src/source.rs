//! Where a checkpoint's files come from, and which of the two layouts they follow.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Bytes;
use crate::config::Layout;
use crate::error::CheckpointError;
use crate::registry::Overrides;

/// The files of one checkpoint.
#[derive(Clone)]
pub enum Checkpoint {
    /// A folder on disk.
    Folder(PathBuf),
    /// A folder on disk, of which the registry knows some settings better than its files.
    Named(PathBuf, Overrides),
    /// Settings files held in memory, without weights: name and content.
    Memory(Vec<(String, Vec<u8>)>),
    /// Files embedded in the program: name and content.
    Embedded(&'static [(&'static str, EmbeddedFile)]),
    /// A folder of another checkpoint.
    Part(Box<Self>, &'static str),
}

/// A file that is part of the program.
#[derive(Clone, Copy)]
pub enum EmbeddedFile {
    /// As it is.
    Plain(&'static [u8]),
    /// Packed by `seer_packed`.
    Packed(&'static [u8]),
}

/// The file that the build script of the crate at hand packed under this name, by
/// `seer_packed::pack_into` and its folder.
#[macro_export]
macro_rules! packed {
    ($name:literal) => {
        $crate::EmbeddedFile::Packed(include_bytes!(concat!(
            env!("OUT_DIR"),
            "/",
            $name,
            ".packed"
        )))
    };
}

impl EmbeddedFile {
    fn bytes(self) -> std::io::Result<Bytes> {
        match self {
            Self::Plain(bytes) => Ok(Bytes::Embedded(bytes)),
            Self::Packed(bytes) => seer_packed::unpack(bytes).map(Bytes::Owned),
        }
    }
}

const HUGGING_FACE_CONFIG: &str = "config.json";
const HUGGING_FACE_PREPROCESSOR: &str = "preprocessor_config.json";
const OPEN_CLIP_CONFIG: &str = "open_clip_config.json";
const OPEN_CLIP_WEIGHTS: [&str; 2] =
    ["open_clip_model.safetensors", "open_clip_pytorch_model.safetensors"];

/// The built-in model's own folder: a second text tower for the same space, which reads more
/// languages. Embeddings of the first are the same without it, so it is no part of the model's
/// fingerprint.
const LANGUAGES: &str = "languages";

/// The built-in model's own file: a layer after the trunk's features for comparing pictures with
/// pictures. Embeddings are the same without it, so it is no part of the model's fingerprint.
pub const PICTURE_HEAD: &str = "picture_head.safetensors";

impl Checkpoint {
    /// Whether a file of this name is there.
    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder(folder) | Self::Named(folder, _) => folder.join(name).is_file(),
            Self::Memory(files) => files.iter().any(|(file, _)| file == name),
            Self::Embedded(files) => files.iter().any(|(file, _)| *file == name),
            Self::Part(whole, folder) => whole.has(&format!("{folder}/{name}")),
        }
    }

    /// The files of its second text tower, where it has one.
    pub fn languages(&self) -> Option<Self> {
        let part = Self::Part(Box::new(self.clone()), LANGUAGES);
        part.has(OPEN_CLIP_CONFIG).then_some(part)
    }

    /// A file's bytes.
    ///
    /// # Errors
    /// `FileMissing` when it is not there, `Read` when it cannot be read.
    pub fn bytes(&self, name: &str) -> Result<Bytes, CheckpointError> {
        if !self.has(name) {
            return Err(CheckpointError::FileMissing {
                folder: self.place(),
                file: name.to_owned(),
            });
        }
        match self {
            Self::Folder(folder) | Self::Named(folder, _) => {
                let path = folder.join(name);
                Bytes::map(&path).map_err(|source| CheckpointError::Read { path, source })
            }
            Self::Memory(files) => {
                let found = files.iter().find(|(file, _)| file == name);
                Ok(Bytes::Owned(found.map_or_else(Vec::new, |(_, bytes)| bytes.clone())))
            }
            Self::Embedded(files) => {
                let found = files.iter().find(|(file, _)| *file == name);
                let content = found.map_or(EmbeddedFile::Plain(&[]), |(_, content)| *content);
                let path = || PathBuf::from(name);
                content.bytes().map_err(|source| CheckpointError::Read { path: path(), source })
            }
            Self::Part(whole, folder) => whole.bytes(&format!("{folder}/{name}")),
        }
    }

    /// A settings file as JSON, with what the registry knows better already in it.
    pub fn json(&self, name: &str) -> Result<Value, CheckpointError> {
        self.amended(name).map(|(json, _)| json)
    }

    /// The same, and each change against the file in words.
    pub fn amended(&self, name: &str) -> Result<(Value, Vec<String>), CheckpointError> {
        let mut json = serde_json::from_slice(&self.bytes(name)?).map_err(|error| {
            CheckpointError::Json { file: name.to_owned(), reason: error.to_string() }
        })?;
        let changes = match self {
            Self::Named(_, overrides) => overrides.amend(name, &mut json),
            _ => Vec::new(),
        };
        Ok((json, changes))
    }

    /// Everything the registry changes in the settings files of `layout`, with the file's name.
    pub fn changes(&self, layout: Layout) -> Result<Vec<(&'static str, String)>, CheckpointError> {
        let file = match layout {
            Layout::HuggingFace => HUGGING_FACE_CONFIG,
            Layout::OpenClip => OPEN_CLIP_CONFIG,
        };
        let Self::Named(..) = self else { return Ok(Vec::new()) };
        let (_, changes) = self.amended(file)?;
        Ok(changes.into_iter().map(|change| (file, change)).collect())
    }

    /// Where a file lies on disk; `None` for what is held in memory.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) | Self::Named(folder, _) => Some(folder.join(name)),
            Self::Memory(_) | Self::Embedded(_) => None,
            Self::Part(whole, folder) => whole.path(&format!("{folder}/{name}")),
        }
    }

    /// Which layout the files follow. A folder with the settings of both is read as the one it has
    /// weights for, OpenCLIP's first: many repositories hold the same model twice.
    pub fn layout(&self) -> Result<Layout, CheckpointError> {
        let both = self.has(HUGGING_FACE_CONFIG) && self.has(HUGGING_FACE_PREPROCESSOR);
        if self.has(OPEN_CLIP_CONFIG) && (!both || self.has_any(&OPEN_CLIP_WEIGHTS)) {
            Ok(Layout::OpenClip)
        } else if self.has(HUGGING_FACE_CONFIG) {
            Ok(Layout::HuggingFace)
        } else {
            Err(CheckpointError::NotAModel { folder: self.place() })
        }
    }

    /// Whether one of these weights files is there, whole or in shards.
    fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name) || self.has(&format!("{name}.index.json")))
    }

    /// Names of the weights files, in order: one, or the shards that an index lists; a pickled one only where there
    /// is no other.
    ///
    /// # Errors
    /// `FileMissing` for none.
    pub fn weight_files(&self, layout: Layout) -> Result<Vec<String>, CheckpointError> {
        let names: &[&str] = match layout {
            Layout::HuggingFace => &["model.safetensors"],
            Layout::OpenClip => &[OPEN_CLIP_WEIGHTS[0], OPEN_CLIP_WEIGHTS[1], "model.safetensors"],
        };
        for name in names {
            if self.has(name) {
                return Ok(vec![(*name).to_owned()]);
            }
            let index = format!("{name}.index.json");
            if self.has(&index) {
                return self.shards(&index);
            }
        }
        if let Some(file) = pickled_names(layout).iter().find(|name| self.has(name)) {
            return Ok(vec![(*file).to_owned()]);
        }
        Err(CheckpointError::FileMissing { folder: self.place(), file: names[0].to_owned() })
    }

    fn shards(&self, index: &str) -> Result<Vec<String>, CheckpointError> {
        let wrong = |reason: &str| CheckpointError::Json {
            file: index.to_owned(),
            reason: reason.to_owned(),
        };
        let json = self.json(index)?;
        let map = json.get("weight_map").and_then(Value::as_object);
        let map = map.ok_or_else(|| wrong("weight_map is missing"))?;
        let mut files = BTreeSet::new();
        for file in map.values() {
            let file = file.as_str().ok_or_else(|| wrong("a weight_map entry is no file name"))?;
            if file.contains(['/', '\\']) || file == ".." {
                return Err(wrong("a weight_map entry leaves the folder"));
            }
            files.insert(file.to_owned());
        }
        if files.is_empty() {
            return Err(wrong("weight_map is empty"));
        }
        Ok(files.into_iter().collect())
    }

    /// A short name for people: the hub id for a folder of the hub's cache, else the folder's name.
    pub fn name(&self) -> String {
        match self {
            Self::Embedded(_) => "builtin".to_owned(),
            Self::Memory(_) => "settings".to_owned(),
            Self::Folder(folder) | Self::Named(folder, _) => folder_name(folder),
            Self::Part(whole, folder) => format!("{}/{folder}", whole.name()),
        }
    }

    /// Where the files are, for messages.
    pub fn place(&self) -> String {
        match self {
            Self::Folder(folder) | Self::Named(folder, _) => folder.display().to_string(),
            Self::Memory(_) => "the registry".to_owned(),
            Self::Embedded(_) => "the built-in model".to_owned(),
            Self::Part(whole, folder) => format!("{}/{folder}", whole.place()),
        }
    }
}

/// Weights as `torch.save` writes them, in the order they are looked for.
pub fn pickled_names(layout: Layout) -> &'static [&'static str] {
    match layout {
        Layout::HuggingFace => &["pytorch_model.bin"],
        Layout::OpenClip => {
            &["open_clip_pytorch_model.bin", "open_clip_model.bin", "pytorch_model.bin"]
        }
    }
}

/// `.../models--OWNER--NAME/snapshots/REVISION` is OWNER/NAME; anything else its last part.
fn folder_name(folder: &Path) -> String {
    let part = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let hub_id = || {
        let snapshots = folder.parent()?;
        let repository = part(snapshots.parent()?)?;
        (part(snapshots)? == "snapshots").then_some(())?;
        Some(repository.strip_prefix("models--")?.replacen("--", "/", 1))
    };
    let absolute = || part(&std::fs::canonicalize(folder).ok()?);
    hub_id().or_else(|| part(folder)).or_else(absolute).unwrap_or_else(|| "model".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cached_hub_model_is_called_by_its_id() {
        let folder = Path::new("/c/hub/models--openai--clip-vit-base-patch32/snapshots/3d74acf");
        assert_eq!(folder_name(folder), "openai/clip-vit-base-patch32");
        assert_eq!(folder_name(Path::new("/models/mine")), "mine");
    }

    #[test]
    fn what_is_no_model_is_said_so() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoint = Checkpoint::Folder(folder.path().to_path_buf());
        assert!(matches!(checkpoint.layout(), Err(CheckpointError::NotAModel { .. })));
        std::fs::write(folder.path().join("config.json"), "{}").unwrap();
        assert_eq!(checkpoint.layout().unwrap(), Layout::HuggingFace);
        std::fs::write(folder.path().join("open_clip_config.json"), "{").unwrap();
        assert_eq!(checkpoint.layout().unwrap(), Layout::OpenClip);
        assert!(matches!(
            checkpoint.json("open_clip_config.json"),
            Err(CheckpointError::Json { file, .. }) if file == "open_clip_config.json"
        ));
    }

    #[test]
    fn a_folder_with_both_layouts_is_read_as_the_one_it_has_weights_for() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoint = Checkpoint::Folder(folder.path().to_path_buf());
        for file in ["config.json", "preprocessor_config.json", "open_clip_config.json"] {
            std::fs::write(folder.path().join(file), "{}").unwrap();
        }
        assert_eq!(checkpoint.layout().unwrap(), Layout::HuggingFace);
        std::fs::write(folder.path().join("open_clip_model.safetensors"), "").unwrap();
        assert_eq!(checkpoint.layout().unwrap(), Layout::OpenClip);
    }

    #[test]
    fn pickled_weights_serve_where_there_are_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoint = Checkpoint::Folder(folder.path().to_path_buf());
        let missing = checkpoint.weight_files(Layout::OpenClip).unwrap_err().to_string();
        assert!(missing.contains("open_clip_model.safetensors"), "{missing}");
        let write = |file: &str| std::fs::write(folder.path().join(file), "x").unwrap();
        write("open_clip_pytorch_model.bin");
        let files = checkpoint.weight_files(Layout::OpenClip).unwrap();
        assert_eq!(files, ["open_clip_pytorch_model.bin"]);
        write("open_clip_pytorch_model.safetensors");
        let files = checkpoint.weight_files(Layout::OpenClip).unwrap();
        assert_eq!(files, ["open_clip_pytorch_model.safetensors"]);
    }

    #[test]
    fn shards_are_listed_once_and_stay_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoint = Checkpoint::Folder(folder.path().to_path_buf());
        let index = folder.path().join("model.safetensors.index.json");
        let write = |map: &str| std::fs::write(&index, format!("{{\"weight_map\":{map}}}"));
        write(r#"{"a":"m-2.safetensors","b":"m-1.safetensors","c":"m-2.safetensors"}"#).unwrap();
        let files = checkpoint.weight_files(Layout::HuggingFace).unwrap();
        assert_eq!(files, ["m-1.safetensors", "m-2.safetensors"]);
        write(r#"{"a":"../secret"}"#).unwrap();
        assert!(checkpoint.weight_files(Layout::HuggingFace).is_err());
    }

    static PACKED: std::sync::LazyLock<Vec<u8>> =
        std::sync::LazyLock::new(|| seer_packed::pack(b"{\"a\": 1}"));

    #[test]
    fn packed_files_of_the_program_are_read_as_they_were() {
        let whole: &'static [u8] = &PACKED;
        let cut = &whole[..whole.len() - 1];
        let files = vec![
            ("config.json", EmbeddedFile::Packed(whole)),
            ("plain.json", EmbeddedFile::Plain(b"{\"a\": 1}")),
            ("cut.json", EmbeddedFile::Packed(cut)),
        ];
        let checkpoint = Checkpoint::Embedded(Box::leak(files.into_boxed_slice()));
        let of = |name: &str| checkpoint.json(name);
        assert_eq!(of("config.json").unwrap(), of("plain.json").unwrap());
        let error = of("cut.json").unwrap_err().to_string();
        assert!(error.starts_with("cut.json cannot be read"), "{error}");
    }
}
