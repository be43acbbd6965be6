//! Another image size than the checkpoint's.

use seer_types::{PreprocessSpec, ResizeMode};

use crate::config::{ImageConfig, ModelConfig};
use crate::error::CheckpointError;

/// The longest edge, as in a checkpoint's own JSON.
const LONGEST: u32 = 1 << 14;

impl ModelConfig {
    /// Makes the image tower take square pictures of `edge` pixels.
    ///
    /// # Errors
    /// `ImageSize` for an edge that holds no patch, and for towers bound to their size.
    pub fn set_image_size(&mut self, edge: u32) -> Result<(), CheckpointError> {
        let refuse = |reason: &str| CheckpointError::ImageSize { edge, reason: reason.to_owned() };
        let pixels = edge as usize;
        if edge == 0 || edge > LONGEST {
            return Err(refuse("it should be from 1 to 16384"));
        }
        match &mut self.image {
            ImageConfig::Vit(vit) if vit.patch.iter().any(|patch| *patch > pixels) => {
                return Err(refuse("it should hold a patch of the image tower"));
            }
            ImageConfig::Vit(vit) => vit.image = [pixels; 2],
            ImageConfig::ConvNext(net) if pixels >= 32 => net.image = [pixels; 2],
            ImageConfig::ConvNext(_) => return Err(refuse("this image tower needs 32 or more")),
            ImageConfig::EfficientNet(net) => net.image = [pixels; 2],
            _ => return Err(refuse("this image tower takes its own size only")),
        }
        resize(&mut self.preprocess, edge);
        Ok(())
    }
}

/// What is cut off around the centre stays in proportion.
fn resize(spec: &mut PreprocessSpec, edge: u32) {
    if let ResizeMode::ShortestEdge(shortest) = &mut spec.resize {
        let longer = spec.width.max(spec.height).max(1);
        *shortest = (u64::from(*shortest) * u64::from(edge)).div_ceil(u64::from(longer)) as u32;
    }
    (spec.width, spec.height) = (edge, edge);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Checkpoint;
    use crate::config::{self, Layout};
    use serde_json::json;

    fn config() -> ModelConfig {
        let folder = tempfile::tempdir().unwrap();
        let json = json!({"model_cfg": {"embed_dim": 8, "vision_cfg": {}, "text_cfg": {}}});
        std::fs::write(folder.path().join("open_clip_config.json"), json.to_string()).unwrap();
        config::read(&Checkpoint::Folder(folder.path().to_path_buf()), Layout::OpenClip).unwrap()
    }

    #[test]
    fn tower_and_preprocessing_follow() {
        let mut config = config();
        config.preprocess.resize = ResizeMode::ShortestEdge(256); // 224 are kept of it
        config.set_image_size(448).unwrap();
        assert_eq!(config.image.image(), [448, 448]);
        assert_eq!((config.preprocess.width, config.preprocess.height), (448, 448));
        assert_eq!(config.preprocess.resize, ResizeMode::ShortestEdge(512));
    }

    #[test]
    fn sizes_without_a_patch_are_refused() {
        for edge in [0, 15, 16_385] {
            let error = config().set_image_size(edge).unwrap_err().to_string();
            assert!(error.contains(&format!("{edge} pixels")), "{error}");
        }
    }
}
