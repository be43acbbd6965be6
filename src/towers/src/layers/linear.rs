//! Linear layers.

use std::ops::Range;

use candle_core::{D, Result, Tensor};
use seer_checkpoint::config::Activation;
use seer_kernels::activation::{activate, add, multiply};
use seer_kernels::matmul::Threads;
use seer_kernels::panels::Panels;
use seer_kernels::product::product;

use crate::layers::{Rotary, activation, host};
use crate::runtime::{Backend, Runtime};
use crate::weights::Matrix;

/// `x W^T + b` on the last dimension. candle computes in the numbers that the weight is held in.
pub struct Linear {
    inputs: usize,
    outputs: usize,
    place: Place,
}

enum Place {
    Kernels {
        weight: Panels,
        bias: Option<Vec<f32>>,
    },
    /// `weight` is `[outputs, inputs]`.
    Candle {
        weight: Tensor,
        bias: Option<Tensor>,
    },
}

/// What follows the product and the bias.
#[derive(Clone, Copy)]
enum Then<'a> {
    Nothing,
    Activate(Activation),
    Add(&'a Tensor),
    Multiply(&'a Tensor),
    Rotate(&'a Rotary, usize),
}

impl Linear {
    /// `weight`: `[outputs, inputs]`, `bias`: `[outputs]`, values row by row.
    pub fn new(
        weight: impl Into<Matrix>,
        bias: Option<Vec<f32>>,
        [outputs, inputs]: [usize; 2],
        runtime: &Runtime,
    ) -> Result<Self> {
        Self::with_cuts(weight, bias, [outputs, inputs], &[], runtime)
    }

    /// As [`Self::new`], with the output numbers between which parts may be used alone.
    pub fn with_cuts(
        weight: impl Into<Matrix>,
        bias: Option<Vec<f32>>,
        [outputs, inputs]: [usize; 2],
        cuts: &[usize],
        runtime: &Runtime,
    ) -> Result<Self> {
        let weight = weight.into();
        let place = match runtime.backend() {
            Backend::Kernels => {
                let panels = runtime.panels(weight.values(), [outputs, inputs], cuts);
                let weight = match weight.scales() {
                    Some(scales) => panels.with_scales(scales),
                    None => panels,
                };
                Place::Kernels { weight, bias }
            }
            Backend::Candle => Place::Candle {
                weight: runtime.weight(weight.into_values(), (outputs, inputs))?,
                bias: bias.map(|bias| runtime.weight(bias, outputs)).transpose()?,
            },
        };
        Ok(Self { inputs, outputs, place })
    }

    /// `[.., inputs]` to `[.., outputs]`, in the numbers of `x`.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.run(x, 0..self.outputs, Then::Nothing)?.to_dtype(x.dtype())
    }

    /// Only these of the outputs, which begin and end at cuts, in the layer's own numbers.
    pub fn forward_part(&self, x: &Tensor, outputs: Range<usize>) -> Result<Tensor> {
        self.run(x, outputs, Then::Nothing)
    }

    /// With an activation after it, in the layer's own numbers.
    pub fn forward_activated(&self, x: &Tensor, function: Activation) -> Result<Tensor> {
        self.run(x, 0..self.outputs, Then::Activate(function))
    }

    /// With `residual`, of the output's shape, added, in the numbers of `residual`.
    pub fn forward_added(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor> {
        self.run(x, 0..self.outputs, Then::Add(residual))
    }

    /// The weight and the bias, where kernels compute.
    pub(super) fn for_kernels(&self) -> Option<(&Panels, Option<&[f32]>)> {
        match &self.place {
            Place::Kernels { weight, bias } => Some((weight, bias.as_deref())),
            Place::Candle { .. } => None,
        }
    }

    /// With `factors`, of the output's shape, multiplied, in the numbers of `factors`.
    pub fn forward_multiplied(&self, x: &Tensor, factors: &Tensor) -> Result<Tensor> {
        self.run(x, 0..self.outputs, Then::Multiply(factors))
    }

    /// Only these of the outputs, the first `columns` of them turned by their place: `x` is
    /// `[batch, places, inputs]`.
    pub(crate) fn forward_rotated(
        &self,
        x: &Tensor,
        outputs: Range<usize>,
        rotary: &Rotary,
        columns: usize,
    ) -> Result<Tensor> {
        self.run(x, outputs, Then::Rotate(rotary, columns))
    }

    fn run(&self, x: &Tensor, part: Range<usize>, then: Then) -> Result<Tensor> {
        let mut shape = x.dims().to_vec();
        if shape.pop() != Some(self.inputs) {
            candle_core::bail!("a layer of {} inputs got {:?}", self.inputs, x.dims());
        }
        shape.push(part.len());
        match &self.place {
            Place::Kernels { weight, bias } => {
                by_kernels(x, shape, weight, bias.as_deref(), part, then)
            }
            Place::Candle { weight, bias } => {
                let weight = weight.narrow(0, part.start, part.len())?;
                let bias = bias.as_ref().map(|bias| bias.narrow(0, part.start, part.len()));
                by_candle(&x.to_dtype(weight.dtype())?, shape, &weight, bias.transpose()?, then)
            }
        }
    }
}

fn by_kernels(
    x: &Tensor,
    shape: Vec<usize>,
    weight: &Panels,
    bias: Option<&[f32]>,
    part: Range<usize>,
    then: Then,
) -> Result<Tensor> {
    let width = part.len();
    let run = |x: &[f32], finish: &(dyn Fn(usize, &mut [f32]) + Sync)| {
        let mut out = vec![0f32; x.len() / weight.inputs() * width];
        product(x, weight, bias, part.clone(), &mut out, Threads::All, finish);
        out
    };
    match then {
        Then::Nothing => host::map(x, shape, |x| run(x, &|_, _| {})),
        Then::Activate(function) => {
            host::map(x, shape, |x| run(x, &|_, out| activate(out, function)))
        }
        Then::Add(residual) => host::map2(x, residual, shape, |x, residual| {
            run(x, &|row, out| add(out, &residual[row * width..]))
        }),
        Then::Multiply(factors) => host::map2(x, factors, shape, |x, factors| {
            run(x, &|row, out| multiply(out, &factors[row * width..]))
        }),
        Then::Rotate(rotary, columns) => {
            host::map(x, shape, |x| run(x, &|row, out| rotary.rotate(out, width, columns, row)))
        }
    }
}

fn by_candle(
    x: &Tensor,
    shape: Vec<usize>,
    weight: &Tensor,
    bias: Option<Tensor>,
    then: Then,
) -> Result<Tensor> {
    let inputs = x.dim(D::Minus1)?;
    let rows = x.elem_count() / inputs;
    let mut out = x.reshape((rows, inputs))?.matmul(&weight.t()?)?;
    if let Some(bias) = bias {
        out = out.broadcast_add(&bias)?;
    }
    let out = out.reshape(shape)?;
    match then {
        Then::Nothing => Ok(out),
        Then::Add(residual) => out.to_dtype(residual.dtype())? + residual,
        Then::Multiply(factors) => out.to_dtype(factors.dtype())? * factors,
        Then::Rotate(rotary, columns) => rotary.rotate_by_candle(&out, columns),
        Then::Activate(function) => activation::by_candle(&out, function),
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;
    use crate::runtime::both_backends;

    fn layer(runtime: &Runtime) -> Linear {
        let weight = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let bias = Some(vec![0.0, 10.0, 20.0]);
        Linear::with_cuts(weight, bias, [3, 2], &[1], runtime).unwrap()
    }

    fn values(tensor: Tensor) -> Vec<f32> {
        tensor.flatten_all().unwrap().to_vec1().unwrap()
    }

    #[test]
    fn the_whole_and_a_part() {
        for runtime in both_backends() {
            let x = Tensor::new(&[[[1f32, -1.0]], [[2.0, 0.0]]], runtime.device()).unwrap();
            let layer = layer(&runtime);
            let all = layer.forward(&x).unwrap();
            assert_eq!(all.dims(), [2, 1, 3]);
            assert_eq!(values(all), [-1.0, 9.0, 19.0, 2.0, 16.0, 30.0]);
            let part = layer.forward_part(&x, 1..3).unwrap();
            assert_eq!(values(part), [9.0, 19.0, 16.0, 30.0]);
            assert!(layer.forward(&Tensor::new(&[1f32], runtime.device()).unwrap()).is_err());
        }
    }

    #[test]
    fn what_follows_comes_after_the_bias() {
        for runtime in both_backends() {
            let (layer, tensor) = (layer(&runtime), |values| runtime.tensor(values, (1, 3)));
            let x = Tensor::new(&[[1f32, -1.0]], runtime.device()).unwrap();
            let added = layer.forward_added(&x, &tensor(vec![1f32, 1.0, 1.0]).unwrap());
            assert_eq!(values(added.unwrap()), [0.0, 10.0, 20.0]);
            let multiplied = layer.forward_multiplied(&x, &tensor(vec![2f32, 2.0, 2.0]).unwrap());
            assert_eq!(values(multiplied.unwrap()), [-2.0, 18.0, 38.0]);
            let activated = values(layer.forward_activated(&x, Activation::Gelu).unwrap());
            assert!((activated[0] + 0.158_655_25).abs() < 1e-6 && activated[2] == 19.0);
        }
    }

    #[test]
    fn both_backends_activate_alike() {
        let x = Tensor::new(&[[0.3f32, -0.7], [0.1, 0.2]], &Device::Cpu).unwrap();
        use Activation::{Gelu, GeluTanh, QuickGelu, Relu, Silu};
        for function in [Gelu, GeluTanh, QuickGelu, Relu, Silu] {
            let [ours, theirs] = both_backends()
                .map(|runtime| values(layer(&runtime).forward_activated(&x, function).unwrap()));
            assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-5), "{function:?}");
        }
    }
}
