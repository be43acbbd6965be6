//! Layer norm with weight and bias.

use candle_core::{DType, Result, Tensor};
use seer_kernels::norm::{layer_norm, layer_norm_added};

use crate::layers::host;
use crate::runtime::{Backend, Runtime};

/// Normalises the last dimension. In f32, whatever the numbers of the products are.
pub(crate) struct Norm {
    eps: f32,
    place: Place,
}

enum Place {
    Kernels { weight: Vec<f32>, bias: Vec<f32> },
    Candle { weight: Tensor, bias: Tensor },
}

impl Norm {
    /// `weight` and `bias`: one value per channel.
    pub fn new(weight: Vec<f32>, bias: Vec<f32>, eps: f32, runtime: &Runtime) -> Result<Self> {
        let width = weight.len();
        let place = match runtime.backend() {
            Backend::Kernels => Place::Kernels { weight, bias },
            Backend::Candle => Place::Candle {
                weight: runtime.tensor(weight, width)?,
                bias: runtime.tensor(bias, width)?,
            },
        };
        Ok(Self { eps, place })
    }

    /// The weight, the bias and what is added to the variance, where kernels compute.
    pub(super) fn for_kernels(&self) -> Option<(&[f32], &[f32], f32)> {
        match &self.place {
            Place::Kernels { weight, bias } => Some((weight, bias, self.eps)),
            Place::Candle { .. } => None,
        }
    }

    /// Same shape in and out; out comes f32.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match &self.place {
            Place::Kernels { weight, bias } => {
                host::map(x, x.shape(), |values| layer_norm(values, weight, bias, self.eps))
            }
            Place::Candle { weight, bias } => {
                let x = x.to_dtype(DType::F32)?.contiguous()?;
                candle_nn::ops::layer_norm(&x, weight, bias, self.eps)
            }
        }
    }

    /// With `residual`, of the same shape, added after it.
    pub fn forward_added(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor> {
        match &self.place {
            Place::Kernels { weight, bias } => host::map2(x, residual, x.shape(), |x, residual| {
                layer_norm_added(x, weight, bias, self.eps, residual)
            }),
            Place::Candle { .. } => self.forward(x)? + residual,
        }
    }
}
