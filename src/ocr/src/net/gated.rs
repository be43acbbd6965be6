//! A layer for each pixel whose channels are raised by what the whole map holds of them.

use seer_checkpoint::CheckpointError;

use super::Map;
use super::dense::Dense;
use super::squeeze::{Squeeze, weigh};
use crate::weights::Weights;

/// `y + y * factors`, where `y` is the layer's output.
pub(super) struct Gated {
    project: Dense,
    squeeze: Squeeze,
}

/// Slope of the hard sigmoid.
const SLOPE: f32 = 0.2;

impl Gated {
    pub fn take(
        weights: &mut Weights,
        name: &str,
        [outputs, inputs]: [usize; 2],
    ) -> Result<Self, CheckpointError> {
        Ok(Self {
            project: Dense::without_bias(weights, &format!("{name}.project"), outputs, inputs)?,
            squeeze: Squeeze::take(weights, &format!("{name}.squeeze"), outputs, SLOPE)?,
        })
    }

    pub fn apply(&self, x: &Map) -> Map {
        let mut out = self.project.map(x);
        let mut factors = self.squeeze.factors(&out.means());
        factors.iter_mut().for_each(|factor| *factor += 1.0);
        out.strips(|_, values| weigh(values, &factors));
        out
    }
}
