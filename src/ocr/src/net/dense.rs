//! A matrix with its biases: a fully connected layer, or a convolution of single pixels.

use seer_checkpoint::CheckpointError;
use seer_kernels::matmul::Threads;
use seer_kernels::panels::Panels;
use seer_kernels::product::product;

use super::Map;
use crate::weights::Weights;

/// `x W^T + bias`.
pub(super) struct Dense {
    pub weight: Panels,
    pub bias: Vec<f32>,
}

impl Dense {
    /// `NAME.weight` `[outputs, inputs]` and `NAME.bias`.
    pub fn take(
        weights: &mut Weights,
        name: &str,
        outputs: usize,
        inputs: usize,
    ) -> Result<Self, CheckpointError> {
        let mut dense = Self::without_bias(weights, name, outputs, inputs)?;
        dense.bias = weights.take(&format!("{name}.bias"), &[outputs])?;
        Ok(dense)
    }

    /// `NAME.weight` alone.
    pub fn without_bias(
        weights: &mut Weights,
        name: &str,
        outputs: usize,
        inputs: usize,
    ) -> Result<Self, CheckpointError> {
        let shape = [outputs, inputs];
        let weight = weights.take(&format!("{name}.weight"), &shape)?;
        Ok(Self::of(&weight, shape, vec![0.0; outputs]))
    }

    /// Of a weight `[outputs, inputs]`.
    pub fn of(weight: &[f32], shape: [usize; 2], bias: Vec<f32>) -> Self {
        Self { weight: Panels::new(weight, shape, &[]), bias }
    }

    /// Every pixel of `x`, on all threads.
    pub fn map(&self, x: &Map) -> Map {
        let values = self.apply(&x.values, |_, _| {});
        Map { height: x.height, width: x.width, channels: self.outputs(), values }
    }

    /// Values out.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// The rows of `x` into the rows of `out`, on this thread; `finish` gets pieces of whole rows
    /// with the number of their first one.
    pub fn fill(&self, x: &[f32], out: &mut [f32], finish: impl Fn(usize, &mut [f32]) + Sync) {
        self.multiply(x, out, Threads::One, &finish);
    }

    /// The same into new memory, on all threads.
    pub fn apply(&self, x: &[f32], finish: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
        let mut out = vec![0.0; x.len() / self.weight.inputs() * self.outputs()];
        self.multiply(x, &mut out, Threads::All, &finish);
        out
    }

    /// One function for all kinds of `finish`: a product is much code, for many processors.
    fn multiply(
        &self,
        x: &[f32],
        out: &mut [f32],
        threads: Threads,
        finish: &(dyn Fn(usize, &mut [f32]) + Sync),
    ) {
        product(x, &self.weight, Some(&self.bias), 0..self.outputs(), out, threads, finish);
    }
}
