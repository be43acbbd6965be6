//! Convolutions that FastViT trains as sums of branches, each with a batch norm, put together into
//! one kernel (Ding and others: RepVGG, 2021; Vasu and others: MobileOne, 2022). Files that hold
//! the sum already (`reparam_conv`) are read too.

use seer_checkpoint::CheckpointError;

use crate::error::TowerError;
use crate::layers::{Depthwise, DepthwiseShape, Linear};
use crate::parts;
use crate::runtime::Runtime;
use crate::weights::Weights;

/// Added to the variance in every batch norm: PyTorch's default, which timm keeps.
pub(super) const EPS: f32 = 1e-5;

/// Where tensors come from and layers go to.
pub(super) struct Reader<'a> {
    /// Where from.
    pub weights: &'a mut Weights,
    /// Where to.
    pub runtime: &'a Runtime,
}

/// Kernels of a convolution.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Channels that come out.
    pub outputs: usize,
    /// Channels that each of them sees: all, or one.
    pub inputs: usize,
    /// Edge.
    pub edge: usize,
}

/// What a block sums up beside its first convolution.
#[derive(Clone, Copy)]
pub(super) struct Branches {
    /// A convolution of one pixel.
    pub scale: bool,
    /// The image itself.
    pub identity: bool,
}

/// A convolution's weight `[outputs, inputs, edge, edge]` and what is added, `[outputs]`.
pub(super) struct Kernels {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    shape: Shape,
}

impl Reader<'_> {
    /// A block of MobileOne: `BASE.conv_kxk.0`, `BASE.conv_scale` and `BASE.identity`.
    pub fn block(
        &mut self,
        base: &str,
        shape: Shape,
        branches: Branches,
    ) -> Result<Kernels, TowerError> {
        if let Some(kernels) = self.summed(base, shape)? {
            return Ok(kernels);
        }
        let mut kernels = self.branch(&format!("{base}.conv_kxk.0"), shape)?;
        if branches.scale {
            let pixel = Shape { edge: 1, ..shape };
            kernels.add_centred(&self.branch(&format!("{base}.conv_scale"), pixel)?);
        }
        if branches.identity {
            kernels.add_identity(&self.identity(base, shape.outputs)?);
        }
        Ok(kernels)
    }

    /// A large kernel with a small one in its middle: `BASE.large_conv` and `BASE.small_conv`.
    pub fn large(&mut self, base: &str, shape: Shape, small: usize) -> Result<Kernels, TowerError> {
        if let Some(kernels) = self.summed(base, shape)? {
            return Ok(kernels);
        }
        let mut kernels = self.branch(&format!("{base}.large_conv"), shape)?;
        let small = Shape { edge: small, ..shape };
        kernels.add_centred(&self.branch(&format!("{base}.small_conv"), small)?);
        Ok(kernels)
    }

    /// `x + scale (mixer(x) - norm(x))`, depthwise: `BASE.mixer`, `BASE.norm`, `BASE.layer_scale`.
    pub fn mixer(
        &mut self,
        base: &str,
        channels: usize,
        edge: usize,
    ) -> Result<Kernels, TowerError> {
        let shape = Shape { outputs: channels, inputs: 1, edge };
        if let Some(kernels) = self.summed(base, shape)? {
            return Ok(kernels);
        }
        let all = Branches { scale: true, identity: true };
        let mut kernels = self.block(&format!("{base}.mixer"), shape, all)?;
        let (factors, added) = self.identity(&format!("{base}.norm"), channels)?;
        let negated = |values: Vec<f32>| values.into_iter().map(|v| -v).collect();
        kernels.add_identity(&(negated(factors), negated(added)));
        let scale = self.scale(&format!("{base}.layer_scale"), channels)?;
        let area = edge * edge;
        for ((kernel, bias), scale) in
            kernels.weight.chunks_exact_mut(area).zip(&mut kernels.bias).zip(scale)
        {
            kernel.iter_mut().for_each(|w| *w *= scale);
            *bias *= scale;
        }
        kernels.add_identity(&(vec![1.0; channels], vec![0.0; channels]));
        Ok(kernels)
    }

    /// `x + convolution(x)`, depthwise: `BASE.pos_enc`.
    pub fn position(
        &mut self,
        base: &str,
        channels: usize,
        edge: usize,
    ) -> Result<Kernels, TowerError> {
        let shape = Shape { outputs: channels, inputs: 1, edge };
        if let Some(kernels) = self.summed(base, shape)? {
            return Ok(kernels);
        }
        let mut kernels = self.plain(&format!("{base}.pos_enc"), shape)?;
        kernels.add_identity(&(vec![1.0; channels], vec![0.0; channels]));
        Ok(kernels)
    }

    /// One convolution, `BASE.conv`, with its batch norm, `BASE.bn`.
    pub fn branch(&mut self, base: &str, shape: Shape) -> Result<Kernels, TowerError> {
        let names = ["conv", "bn"].map(|part| format!("{base}.{part}"));
        let (weight, bias) = parts::folded(self.weights, &names, shape.all(), EPS)?;
        Ok(Kernels { weight, bias, shape })
    }

    /// A convolution of one pixel with something added, as a linear layer; `scale`, one factor per
    /// output, is worked into it.
    pub fn pixel(
        &mut self,
        base: &str,
        [outputs, inputs]: [usize; 2],
        scale: Option<&[f32]>,
    ) -> Result<Linear, TowerError> {
        let mut kernels = self.plain(base, Shape { outputs, inputs, edge: 1 })?;
        for (output, factor) in scale.into_iter().flatten().enumerate() {
            kernels.weight[output * inputs..][..inputs].iter_mut().for_each(|w| *w *= factor);
            kernels.bias[output] *= factor;
        }
        kernels.linear(self.runtime)
    }

    /// `BASE.weight` and `BASE.bias`.
    pub fn plain(&mut self, base: &str, shape: Shape) -> Result<Kernels, TowerError> {
        let weight = self.weights.take(&format!("{base}.weight"), &shape.all())?;
        let bias = self.weights.take(&format!("{base}.bias"), &[shape.outputs])?;
        Ok(Kernels { weight, bias, shape })
    }

    /// A factor per channel, `BASE.gamma`.
    pub fn scale(&mut self, base: &str, channels: usize) -> Result<Vec<f32>, CheckpointError> {
        self.weights.take(&format!("{base}.gamma"), &[channels, 1, 1])
    }

    /// The sum of the branches, where the file has it.
    fn summed(&mut self, base: &str, shape: Shape) -> Result<Option<Kernels>, TowerError> {
        let base = format!("{base}.reparam_conv");
        let there = self.weights.has(&format!("{base}.weight"));
        there.then(|| self.plain(&base, shape)).transpose()
    }

    /// The batch norm over the image itself.
    fn identity(
        &mut self,
        base: &str,
        channels: usize,
    ) -> Result<(Vec<f32>, Vec<f32>), TowerError> {
        parts::batch_norm(self.weights, &format!("{base}.identity"), channels, EPS)
    }
}

impl Shape {
    fn all(self) -> [usize; 4] {
        [self.outputs, self.inputs, self.edge, self.edge]
    }
}

impl Kernels {
    /// Adds the same convolution's smaller kernels, middle on middle.
    fn add_centred(&mut self, small: &Self) {
        let (edge, inner) = (self.shape.edge, small.shape.edge);
        let before = (edge - inner) / 2;
        let planes = self.weight.chunks_exact_mut(edge * edge);
        for (plane, small) in planes.zip(small.weight.chunks_exact(inner * inner)) {
            for (row, values) in small.chunks_exact(inner).enumerate() {
                let start = (before + row) * edge + before;
                let place = plane[start..start + inner].iter_mut();
                place.zip(values).for_each(|(w, value)| *w += value);
            }
        }
        self.bias.iter_mut().zip(&small.bias).for_each(|(b, value)| *b += value);
    }

    /// Adds each channel itself, times a factor and plus a value.
    fn add_identity(&mut self, (factors, added): &(Vec<f32>, Vec<f32>)) {
        let Shape { inputs, edge, .. } = self.shape;
        let area = edge * edge;
        for (output, factor) in factors.iter().enumerate() {
            self.weight[(output * inputs + output % inputs) * area + area / 2] += factor;
        }
        self.bias.iter_mut().zip(added).for_each(|(b, value)| *b += value);
    }

    /// Outputs in another order, see [`parted`].
    pub fn parted(self, inputs: usize) -> Self {
        let per_output = self.shape.inputs * self.shape.edge.pow(2);
        let weight = parted(&self.weight, per_output, inputs);
        Self { weight, bias: parted(&self.bias, 1, inputs), ..self }
    }

    /// As a depthwise layer over an image of `inputs` channels.
    pub fn depthwise(
        self,
        inputs: usize,
        stride: usize,
        runtime: &Runtime,
    ) -> Result<Depthwise, TowerError> {
        let Shape { outputs, edge, .. } = self.shape;
        let shape = DepthwiseShape { inputs, outputs, kernel: edge, stride };
        Ok(Depthwise::shaped(&self.weight, self.bias, shape, runtime)?)
    }

    /// Kernels of one pixel as a linear layer.
    pub fn linear(self, runtime: &Runtime) -> Result<Linear, TowerError> {
        let shape = [self.shape.outputs, self.shape.inputs];
        Ok(Linear::new(self.weight, Some(self.bias), shape, runtime)?)
    }
}

/// timm's order of the outputs of a depthwise convolution with several for each input - all of the
/// first input, all of the second - as our kernel's: the first of all inputs, the second of all.
/// Each output has `size` values.
pub(super) fn parted(values: &[f32], size: usize, inputs: usize) -> Vec<f32> {
    let several = values.len() / (size * inputs);
    let place = |new: usize| (new % inputs * several + new / inputs) * size;
    (0..several * inputs).flat_map(|new| values[place(new)..][..size].iter().copied()).collect()
}

/// The same for the columns of a matrix whose rows have `columns` values.
pub(super) fn parted_columns(matrix: &[f32], columns: usize, inputs: usize) -> Vec<f32> {
    matrix.chunks_exact(columns).flat_map(|row| parted(row, 1, inputs)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_add_up_in_the_middle() {
        let shape = Shape { outputs: 2, inputs: 1, edge: 3 };
        let mut kernels = Kernels { weight: vec![1.0; 18], bias: vec![1.0, 2.0], shape };
        let small = Shape { edge: 1, ..shape };
        kernels.add_centred(&Kernels { weight: vec![5.0, 7.0], bias: vec![1.0; 2], shape: small });
        kernels.add_identity(&(vec![10.0, 20.0], vec![0.5, 0.0]));
        assert_eq!((kernels.weight[4], kernels.weight[13]), (16.0, 28.0));
        assert_eq!(kernels.weight.iter().sum::<f32>(), 16.0 + 44.0);
        assert_eq!(kernels.bias, [2.5, 3.0]);
        let shape = Shape { outputs: 2, inputs: 2, edge: 1 };
        let mut full = Kernels { weight: vec![0.0; 4], bias: vec![0.0; 2], shape };
        full.add_identity(&(vec![3.0, 4.0], vec![0.0; 2]));
        assert_eq!(full.weight, [3.0, 0.0, 0.0, 4.0]);
    }

    #[test]
    fn outputs_are_sorted_by_their_number_among_those_of_one_input() {
        // Two outputs for each of three inputs: a0 a1 b0 b1 c0 c1.
        assert_eq!(
            parted(&[0.0, 1.0, 10.0, 11.0, 20.0, 21.0], 1, 3),
            [0.0, 10.0, 20.0, 1.0, 11.0, 21.0]
        );
        assert_eq!(parted(&[1.0, 2.0, 3.0, 4.0], 2, 1), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(
            parted_columns(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 4, 2),
            [0.0, 2.0, 1.0, 3.0, 4.0, 6.0, 5.0, 7.0]
        );
    }
}
