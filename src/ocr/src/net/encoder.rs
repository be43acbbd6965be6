//! The layers of the recogniser that let the places of a line see each other. (After Du and others:
//! SVTR, 2022.)

use seer_checkpoint::CheckpointError;
use seer_kernels::activation::{Activation, activate, add};
use seer_kernels::attention::{Inputs, Mask, attention};
use seer_kernels::norm::layer_norm;

use super::Map;
use super::block::Mix;
use super::dense::Dense;
use crate::weights::Weights;

/// Values of a place.
pub(super) const WIDTH: usize = 120;
const HEADS: usize = 8;
const LAYERS: usize = 2;
/// Added to variances within the layers, and after them.
const EPS: [f32; 2] = [1e-5, 1e-6];

/// Narrows the trunk's values, mixes them with their neighbours, two layers of attention, and the
/// narrowed values once more.
pub(super) struct Encoder {
    direct: Dense,
    enter: Dense,
    mix: Mix,
    layers: Vec<Layer>,
    norm: Norm,
}

struct Layer {
    norms: [Norm; 2],
    attend: Dense,
    project: Dense,
    up: Dense,
    down: Dense,
}

struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    eps: f32,
}

impl Encoder {
    /// `inputs` values of a place come in.
    pub fn take(weights: &mut Weights, inputs: usize) -> Result<Self, CheckpointError> {
        let layer = |number| Layer::take(weights, &format!("encoder.layers.{number}"));
        let layers = (0..LAYERS).map(layer).collect::<Result<_, _>>()?;
        Ok(Self {
            direct: Dense::take(weights, "encoder.direct", WIDTH, inputs)?,
            enter: Dense::take(weights, "encoder.enter", WIDTH, inputs)?,
            mix: Mix::take_row(weights, "encoder.mix", WIDTH, 7)?,
            layers,
            norm: Norm::take(weights, "encoder.norm", EPS[1])?,
        })
    }

    /// `[places, inputs]` to `[places, WIDTH]`.
    pub fn apply(&self, x: &[f32]) -> Vec<f32> {
        let silu = |_, values: &mut [f32]| activate(values, Activation::Silu);
        let direct = self.direct.apply(x, silu);
        let enter = self.enter.apply(x, silu);
        let width = enter.len() / WIDTH;
        let line = Map { height: 1, width, channels: WIDTH, values: enter };
        let mut values = self.mix.apply(&line).values;
        activate(&mut values, Activation::Silu);
        add(&mut values, &line.values);
        self.layers.iter().for_each(|layer| layer.apply(&mut values));
        let mut out = self.norm.apply(&values);
        add(&mut out, &direct);
        out
    }
}

impl Layer {
    fn take(weights: &mut Weights, name: &str) -> Result<Self, CheckpointError> {
        let part = |part: &str| format!("{name}.{part}");
        Ok(Self {
            norms: [
                Norm::take(weights, &part("norm1"), EPS[0])?,
                Norm::take(weights, &part("norm2"), EPS[0])?,
            ],
            attend: Dense::take(weights, &part("attend"), 3 * WIDTH, WIDTH)?,
            project: Dense::take(weights, &part("project"), WIDTH, WIDTH)?,
            up: Dense::take(weights, &part("up"), 2 * WIDTH, WIDTH)?,
            down: Dense::take(weights, &part("down"), WIDTH, 2 * WIDTH)?,
        })
    }

    fn apply(&self, values: &mut [f32]) {
        let joined = self.attend.apply(&self.norms[0].apply(values), |_, _| {});
        let rows = values.len() / WIDTH;
        let attended = attention(Inputs {
            queries: &joined,
            query_step: 3 * WIDTH,
            query_rows: rows,
            keys: &joined[WIDTH..],
            values: &joined[2 * WIDTH..],
            key_step: 3 * WIDTH,
            key_rows: rows,
            batch: 1,
            heads: HEADS,
            head_width: WIDTH / HEADS,
            mask: Mask::None,
        });
        add(values, &self.project.apply(&attended, |_, _| {}));
        let silu = |_, values: &mut [f32]| activate(values, Activation::Silu);
        let hidden = self.up.apply(&self.norms[1].apply(values), silu);
        add(values, &self.down.apply(&hidden, |_, _| {}));
    }
}

impl Norm {
    fn take(weights: &mut Weights, name: &str, eps: f32) -> Result<Self, CheckpointError> {
        Ok(Self {
            weight: weights.take(&format!("{name}.weight"), &[WIDTH])?,
            bias: weights.take(&format!("{name}.bias"), &[WIDTH])?,
            eps,
        })
    }

    fn apply(&self, values: &[f32]) -> Vec<f32> {
        layer_norm(values, &self.weight, &self.bias, self.eps)
    }
}
