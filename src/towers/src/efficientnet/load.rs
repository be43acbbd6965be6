//! timm's tensors to a trunk.

use seer_checkpoint::config::{EfficientNetConfig, StageConfig};
use seer_kernels::{columns, depthwise};

use crate::efficientnet::trunk::{Block, Depthwise, KernelShape, Pointwise, Trunk};
use crate::error::TowerError;
use crate::parts;
use crate::runtime::Runtime;
use crate::weights::Weights;

const PREFIX: &str = "visual.trunk";
const STEM: usize = 3;
/// Layers with fewer outputs stay exact when others are in 8 bits: rounding their inputs costs as much as the
/// products save, and the features of the first blocks lose most by it.
const FEWEST_OUTPUTS: usize = 32;

/// Reads and folds all convolutions.
pub(super) fn trunk(
    config: &EfficientNetConfig,
    weights: &mut Weights,
    runtime: &Runtime,
) -> Result<Trunk, TowerError> {
    let mut reader = Reader { weights, runtime, eps: config.eps, same: config.same_padding };
    let shape = [config.stem, 3, STEM, STEM];
    let (weight, bias) = reader.folded("conv_stem", "bn1", shape)?;
    let weight = columns::reorder_weight(&weight, 3, STEM);
    let weight = runtime.panels(&weight, [config.stem, 3 * STEM * STEM], &[]);
    let stem = Pointwise { weight, bias };
    let mut blocks = Vec::new();
    let mut channels = config.stem;
    for (number, stage) in config.stages.iter().enumerate() {
        for repeat in 0..stage.blocks {
            let base = format!("blocks.{number}.{repeat}");
            let stride = if repeat == 0 { stage.stride } else { 1 };
            blocks.push(reader.block(&base, *stage, channels, stride)?);
            channels = stage.channels;
        }
    }
    let last = reader.pointwise("conv_head", "bn2", channels, config.features)?;
    let stem_shape = KernelShape { kernel: STEM, stride: 2, same: config.same_padding };
    Ok(Trunk { stem, stem_shape, blocks, last })
}

struct Reader<'a> {
    weights: &'a mut Weights,
    runtime: &'a Runtime,
    eps: f32,
    same: bool,
}

impl Reader<'_> {
    fn folded(
        &mut self,
        convolution: &str,
        norm: &str,
        shape: [usize; 4],
    ) -> Result<(Vec<f32>, Vec<f32>), TowerError> {
        let names = [convolution, norm].map(|name| format!("{PREFIX}.{name}"));
        parts::folded(self.weights, &names, shape, self.eps)
    }

    fn pointwise(
        &mut self,
        convolution: &str,
        norm: &str,
        inputs: usize,
        outputs: usize,
    ) -> Result<Pointwise, TowerError> {
        let (weight, bias) = self.folded(convolution, norm, [outputs, inputs, 1, 1])?;
        let shape = [outputs, inputs];
        let weight = match outputs < FEWEST_OUTPUTS {
            true => self.runtime.exact().panels(&weight, shape, &[]),
            false => self.runtime.panels(&weight, shape, &[]),
        };
        Ok(Pointwise { weight, bias })
    }

    fn depthwise(
        &mut self,
        base: &str,
        norm: &str,
        channels: usize,
        [kernel, stride]: [usize; 2],
    ) -> Result<Depthwise, TowerError> {
        let (convolution, norm) = (format!("{base}.conv_dw"), format!("{base}.{norm}"));
        let (weight, bias) = self.folded(&convolution, &norm, [channels, 1, kernel, kernel])?;
        let weight = depthwise::reorder_weight(&weight, channels);
        Ok(Depthwise { weight, bias, shape: KernelShape { kernel, stride, same: self.same } })
    }

    /// timm counts norms in order, and calls the narrowing convolution `conv_pw` where there is
    /// no widening one.
    fn block(
        &mut self,
        base: &str,
        stage: StageConfig,
        inputs: usize,
        stride: usize,
    ) -> Result<Block, TowerError> {
        let (inner, outputs) = (inputs * stage.expansion, stage.channels);
        let shape = [stage.kernel, stride];
        let skip = stride == 1 && inputs == outputs;
        let name = |part: &str| format!("{base}.{part}");
        if stage.expansion == 1 {
            let depthwise = self.depthwise(base, "bn1", inner, shape)?;
            let narrow = self.pointwise(&name("conv_pw"), &name("bn2"), inner, outputs)?;
            return Ok(Block { widen: None, depthwise, narrow, skip });
        }
        let widen = self.pointwise(&name("conv_pw"), &name("bn1"), inputs, inner)?;
        let depthwise = self.depthwise(base, "bn2", inner, shape)?;
        let narrow = self.pointwise(&name("conv_pwl"), &name("bn3"), inner, outputs)?;
        Ok(Block { widen: Some(widen), depthwise, narrow, skip })
    }
}
