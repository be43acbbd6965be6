//! CLIP's residual network (Radford and others, 2021, section 2.4; `ModifiedResNet` in openai/CLIP
//! and open_clip) as an image tower. It differs from ResNet (He and others, 2015) in its stem of
//! three convolutions, in averaging where ResNet skips pixels, and in attention instead of the last
//! average.

mod attention_pool;
mod bottleneck;
mod convolutions;

use candle_core::{Result, Tensor};
use seer_checkpoint::config::ResNetConfig;
use seer_kernels::patches::Normalise;
use seer_types::PreprocessSpec;

use crate::error::TowerError;
use crate::layers::{Convolution, average_pool};
use crate::runtime::Runtime;
use crate::weights::Weights;
use crate::{ImageTower, Pictures};
use attention_pool::AttentionPool;
use bottleneck::Bottleneck;
use convolutions::Convolutions;

/// Pictures in a batch on the processor: enough that the last, smallest images share a pass over
/// their large weights.
const BATCH_ON_CPU: usize = 8;
/// Pictures in a batch on a GPU.
const BATCH_ON_GPU: usize = 64;

/// Stem, stages, pooling. Images are `[batch, height, width, channels]`.
pub(super) struct ResNet {
    /// Pixels down and across.
    image: [usize; 2],
    normalise: Normalise,
    stem: [Convolution; 3],
    blocks: Vec<Bottleneck>,
    pool: AttentionPool,
    runtime: Runtime,
}

impl ResNet {
    /// From the tensors `visual.*`.
    pub fn load(
        config: &ResNetConfig,
        spec: &PreprocessSpec,
        dim: usize,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let width = config.width;
        let mut reader = Convolutions { weights: &mut *weights, runtime };
        let stem = [
            reader.take(["visual.conv1", "visual.bn1"], [width / 2, 3, 3], 2)?,
            reader.take(["visual.conv2", "visual.bn2"], [width / 2, width / 2, 3], 1)?,
            reader.take(["visual.conv3", "visual.bn3"], [width, width / 2, 3], 1)?,
        ];
        let mut blocks = Vec::new();
        let mut inputs = width;
        for (stage, count) in config.blocks.into_iter().enumerate() {
            let inner = width << stage;
            for number in 0..count {
                let base = format!("visual.layer{}.{number}", stage + 1);
                let shrink = if stage > 0 && number == 0 { 2 } else { 1 };
                blocks.push(Bottleneck::load(&mut reader, &base, inputs, inner, shrink)?);
                inputs = inner * Bottleneck::EXPANSION;
            }
        }
        Ok(Self {
            image: [config.image; 2],
            normalise: Normalise::new(spec.mean, spec.std),
            stem,
            blocks,
            pool: AttentionPool::load(config, dim, weights, runtime)?,
            runtime: runtime.clone(),
        })
    }
}

impl ImageTower for ResNet {
    fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let pixels = pictures.pixels(self.image, self.normalise, &self.runtime)?;
        let x = self.stem.iter().try_fold(pixels, |x, layer| layer.forward_relu(&x))?;
        let x = average_pool(&x, 2, self.runtime.backend())?;
        let x = self.blocks.iter().try_fold(x, |x, block| block.forward(&x))?;
        self.pool.forward(&x)
    }

    fn batch(&self) -> usize {
        self.runtime.batch(BATCH_ON_CPU, BATCH_ON_GPU)
    }
}
