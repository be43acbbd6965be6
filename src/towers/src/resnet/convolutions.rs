//! Convolutions from weights.

use crate::error::TowerError;
use crate::layers::Convolution;
use crate::parts;
use crate::runtime::Runtime;
use crate::weights::Weights;

/// Added to the variance in every batch norm: PyTorch's default, which CLIP keeps.
const EPS: f32 = 1e-5;

/// Takes convolutions, each with its batch norm worked in.
pub(super) struct Convolutions<'a> {
    /// Where from.
    pub weights: &'a mut Weights,
    /// Where to.
    pub runtime: &'a Runtime,
}

impl Convolutions<'_> {
    /// `names`: the convolution and its norm; `shape`: outputs, inputs, edge of the kernel.
    pub fn take(
        &mut self,
        names: [&str; 2],
        shape: [usize; 3],
        stride: usize,
    ) -> Result<Convolution, TowerError> {
        let [outputs, inputs, kernel] = shape;
        let kernels = [outputs, inputs, kernel, kernel];
        let (weight, bias) = parts::folded(self.weights, &names.map(str::to_owned), kernels, EPS)?;
        Ok(Convolution::new(weight, bias, shape, stride, self.runtime)?)
    }
}
