//! Channels weighed by what the whole picture holds of them. (Hu, Shen, Sun: Squeeze-and-Excitation
//! Networks, 2018.)

use seer_checkpoint::CheckpointError;
use seer_kernels::activation::{multiply, relu};

use super::dense::Dense;
use crate::weights::Weights;

/// Two small layers from the means of all channels to a factor for each.
pub(super) struct Squeeze {
    reduce: Dense,
    expand: Dense,
    slope: f32,
}

impl Squeeze {
    /// `NAME.reduce` and `NAME.expand`; `slope` is that of the hard sigmoid at the end.
    pub fn take(
        weights: &mut Weights,
        name: &str,
        channels: usize,
        slope: f32,
    ) -> Result<Self, CheckpointError> {
        let narrow = channels / 4;
        Ok(Self {
            reduce: Dense::take(weights, &format!("{name}.reduce"), narrow, channels)?,
            expand: Dense::take(weights, &format!("{name}.expand"), channels, narrow)?,
            slope,
        })
    }

    /// The factors, from 0 to 1.
    pub fn factors(&self, means: &[f32]) -> Vec<f32> {
        let mut narrow = vec![0.0; self.reduce.outputs()];
        self.reduce.fill(means, &mut narrow, |_, _| {});
        relu(&mut narrow);
        let mut factors = vec![0.0; self.expand.outputs()];
        self.expand.fill(&narrow, &mut factors, |_, _| {});
        factors.iter_mut().for_each(|v| *v = (self.slope * *v + 0.5).clamp(0.0, 1.0));
        factors
    }
}

/// Multiplies every pixel of `values` by `factors`.
pub(super) fn weigh(values: &mut [f32], factors: &[f32]) {
    values.chunks_exact_mut(factors.len()).for_each(|pixel| multiply(pixel, factors));
}
