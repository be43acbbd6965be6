//! OpenCLIP's architectures: `model_cfg` of each, in `architectures.jsonl`, one a line.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Entry, Published};
use crate::Checkpoint;
use crate::config::{self, ModelConfig, TextConfig};
use crate::error::CheckpointError;

const DATA: &str = include_str!("architectures.jsonl");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    model_cfg: Value,
}

static CONFIGS: LazyLock<HashMap<String, Value>> = LazyLock::new(|| {
    let lines: Result<Vec<Line>, _> = DATA.lines().map(serde_json::from_str).collect();
    // The data is part of the program and a test reads it.
    let lines = lines.unwrap_or_else(|e| unreachable!("architectures.jsonl: {e}"));
    lines.into_iter().map(|line| (line.name, line.model_cfg)).collect()
});

/// The settings files a checkpoint of this entry has, as far as they are known here: `open_clip_config.json` as
/// OpenCLIP defines the architecture, or the type of model alone.
pub fn settings(entry: &Entry) -> Vec<(&'static str, Value)> {
    match entry.layout {
        None => Vec::new(),
        Some(Published::OpenClip) => {
            let Some(model) = CONFIGS.get(entry.architecture()) else { return Vec::new() };
            let mut json = json!({"model_cfg": model, "preprocess_cfg": {}});
            if let Some(overrides) = entry.overrides() {
                overrides.amend("open_clip_config.json", &mut json);
            }
            vec![("open_clip_config.json", json)]
        }
        Some(Published::HuggingFace) => {
            let config = json!({"model_type": entry.model_type});
            let preprocessor = match entry.model_type.as_deref() {
                Some("siglip2") => json!({"max_num_patches": 256}),
                Some("clip" | "metaclip_2") => json!({"size": 224, "crop_size": 224}),
                _ => json!({"size": {"height": 224, "width": 224}}),
            };
            vec![("config.json", config), ("preprocessor_config.json", preprocessor)]
        }
        Some(Published::Timm) => {
            let name = entry.name.strip_prefix("timm/").unwrap_or(&entry.name);
            let (architecture, _) = name.split_once('.').unwrap_or((name, ""));
            let side = entry.resolution;
            let config = json!({
                "architecture": architecture, "num_classes": entry.classes, "pretrained_cfg":
                {"input_size": [3, side, side]},
            });
            vec![("config.json", config)]
        }
    }
}

impl Entry {
    /// Numbers in the text tower's table of tokens; `None` where only the checkpoint says how large it is.
    pub fn token_table(&self) -> Option<usize> {
        (self.layout == Some(Published::OpenClip)).then_some(())?;
        match self.config().ok()?.text? {
            TextConfig::Transformer(text) => Some(text.vocab_size * text.transformer.width),
            TextConfig::Bert(text) => Some(text.vocab_size * text.transformer.width),
            TextConfig::Nllb(text) => Some(text.vocab_size * text.transformer.width),
        }
    }

    /// Whether its image tower is a FastViT, as MobileCLIP's small ones are.
    pub fn is_fast_vit(&self) -> bool {
        let config = CONFIGS.get(self.architecture());
        let tower = config.and_then(|model| model["vision_cfg"]["timm_model_name"].as_str());
        tower.is_some_and(|name| name.starts_with("fastvit_"))
    }

    /// Whether seer can build this model, as its loader says when it reads the settings of the architecture.
    ///
    /// # Errors
    /// What the loader does not know yet.
    pub fn check_loadable(&self) -> Result<(), CheckpointError> {
        if self.is_builtin() {
            return Ok(());
        }
        self.config().map(drop)
    }

    /// The model that its settings describe.
    fn config(&self) -> Result<ModelConfig, CheckpointError> {
        let files = settings(self).into_iter();
        let files = files.map(|(name, json)| (name.to_owned(), json.to_string().into_bytes()));
        let checkpoint = Checkpoint::Memory(files.collect());
        config::read(&checkpoint, checkpoint.layout()?)
    }
}
