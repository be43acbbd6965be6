//! FastViT (Vasu and others, 2023) as MobileCLIP's image tower MCi (Vasu and others, 2024;
//! MobileCLIP2: Faghri and others, 2025): convolutions whose branches and batch norms are put
//! together when the model is loaded, attention over the smallest images.

mod block;
mod kernels;
mod widen;

use candle_core::{Result, Tensor};
use seer_checkpoint::config::{Activation, FastVitConfig};
use seer_kernels::patches::Normalise;
use seer_types::PreprocessSpec;

use crate::error::TowerError;
use crate::layers::{Convolution, Depthwise, Linear};
use crate::runtime::Runtime;
use crate::weights::Weights;
use crate::{ImageTower, Pictures};
use block::Block;
use kernels::{Branches, Reader, Shape};
use widen::{Halve, Widen};

const PREFIX: &str = "visual.trunk";
/// Edge of the stem's kernels.
const STEM: usize = 3;
/// Edge of the kernel that gives places.
const POSITION: usize = 7;
/// The first stage (from 0) that may weigh channels where it halves the image.
const FIRST_WEIGHED: usize = 2;
/// Pictures in a batch on the processor: their first stage is large, their last one small.
const BATCH_ON_CPU: usize = 4;
/// Pictures in a batch on a GPU.
const BATCH_ON_GPU: usize = 32;

/// Stem, stages, a last convolution, the average over all pixels, a matrix. Images are
/// `[batch, height, width, channels]`.
pub(super) struct FastVit {
    /// Pixels down and across.
    image: [usize; 2],
    normalise: Normalise,
    stem: (Convolution, Depthwise, Linear),
    stages: Vec<Stage>,
    last: Widen,
    head: Linear,
    runtime: Runtime,
}

struct Stage {
    halve: Option<Halve>,
    position: Option<Depthwise>,
    blocks: Vec<Block>,
}

impl FastVit {
    /// From the tensors `visual.trunk.*`.
    pub fn load(
        config: &FastVitConfig,
        spec: &PreprocessSpec,
        dim: usize,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let reader = &mut Reader { weights, runtime };
        let mut stages = Vec::with_capacity(config.stages.len());
        let stem = stem(reader, config)?;
        for number in 0..config.stages.len() {
            stages.push(Stage::load(reader, number, config)?);
        }
        Ok(Self {
            image: config.image,
            normalise: Normalise::new(spec.mean, spec.std),
            stem,
            stages,
            last: Widen::last(reader, &format!("{PREFIX}.final_conv"), config.channels())?,
            head: widen::head(reader, &format!("{PREFIX}.head.fc"), config.channels(), dim)?,
            runtime: runtime.clone(),
        })
    }
}

/// To a quarter of the size: over all colours, then around each channel, then over all channels.
fn stem(
    reader: &mut Reader,
    config: &FastVitConfig,
) -> std::result::Result<(Convolution, Depthwise, Linear), TowerError> {
    let channels = config.stages[0].1;
    let name = |number: usize| format!("{PREFIX}.stem.{number}");
    let branches = Branches { scale: config.stem_scale, identity: false };
    let colours = Shape { outputs: channels, inputs: 3, edge: STEM };
    let colours = reader.block(&name(0), colours, branches)?;
    let shape = [channels, 3, STEM];
    let colours = Convolution::new(colours.weight, colours.bias, shape, 2, reader.runtime)?;
    let around = Shape { outputs: channels, inputs: 1, edge: STEM };
    let around = reader.block(&name(1), around, branches)?;
    let pixel = Shape { outputs: channels, inputs: channels, edge: 1 };
    let pixel = reader.block(&name(2), pixel, Branches { scale: false, identity: true })?;
    Ok((colours, around.depthwise(channels, 2, reader.runtime)?, pixel.linear(reader.runtime)?))
}

impl Stage {
    fn load(
        reader: &mut Reader,
        number: usize,
        config: &FastVitConfig,
    ) -> std::result::Result<Self, TowerError> {
        let base = format!("{PREFIX}.stages.{number}");
        let (count, channels) = config.stages[number];
        let halve = match number.checked_sub(1).map(|before| config.stages[before].1) {
            None => None,
            Some(inputs) => {
                let name = format!("{base}.downsample.proj");
                let weighed = config.weighed && number >= FIRST_WEIGHED;
                Some(Halve::load(reader, &name, [inputs, channels], weighed)?)
            }
        };
        let attention = number + config.attention_stages >= config.stages.len();
        let position = if attention {
            let kernels = reader.position(&format!("{base}.pos_emb"), channels, POSITION)?;
            Some(kernels.depthwise(channels, 1, reader.runtime)?)
        } else {
            None
        };
        let load = if attention { Block::of_attention } else { Block::of_convolution };
        let blocks = (0..count)
            .map(|block| load(reader, &format!("{base}.blocks.{block}"), channels, config));
        Ok(Self { halve, position, blocks: blocks.collect::<std::result::Result<_, _>>()? })
    }

    fn forward(&self, x: Tensor) -> Result<Tensor> {
        let x = self.halve.as_ref().map_or(Ok(x.clone()), |halve| halve.forward(&x))?;
        let x = self.position.as_ref().map_or(Ok(x.clone()), |position| position.forward(&x))?;
        self.blocks.iter().try_fold(x, |x, block| block.forward(&x))
    }
}

impl ImageTower for FastVit {
    fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let (colours, around, pixel) = &self.stem;
        let x = colours.forward_activated(
            &pictures.pixels(self.image, self.normalise, &self.runtime)?,
            Activation::Gelu,
        )?;
        let x = around.forward_activated(&x, Activation::Gelu)?;
        let x = pixel.forward_activated(&x, Activation::Gelu)?;
        let x = self.stages.iter().try_fold(x, |x, stage| stage.forward(x))?;
        self.head.forward(&self.last.forward(&x)?.mean((1, 2))?)
    }

    fn batch(&self) -> usize {
        self.runtime.batch(BATCH_ON_CPU, BATCH_ON_GPU)
    }
}
