//! Layer norm with weight and bias.

use candle_core::{Device, Result, Tensor};
use seer_kernels::norm::{layer_norm, layer_norm_added};

use crate::layers::host;

/// Normalises the last dimension.
pub(crate) struct Norm {
    eps: f32,
    place: Place,
}

enum Place {
    Host { weight: Vec<f32>, bias: Vec<f32> },
    Device { weight: Tensor, bias: Tensor },
}

impl Norm {
    /// `weight` and `bias`: one value per channel.
    pub fn new(weight: Vec<f32>, bias: Vec<f32>, eps: f32, device: &Device) -> Result<Self> {
        let place = if device.is_cpu() {
            Place::Host { weight, bias }
        } else {
            let width = weight.len();
            Place::Device {
                weight: Tensor::from_vec(weight, width, device)?,
                bias: Tensor::from_vec(bias, width, device)?,
            }
        };
        Ok(Self { eps, place })
    }

    /// The weight, the bias and what is added to the variance, when they are in the processor's
    /// memory.
    pub(super) fn on_host(&self) -> Option<(&[f32], &[f32], f32)> {
        match &self.place {
            Place::Host { weight, bias } => Some((weight, bias, self.eps)),
            Place::Device { .. } => None,
        }
    }

    /// Same shape in and out.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match &self.place {
            Place::Host { weight, bias } => {
                host::map(x, x.shape(), |values| layer_norm(values, weight, bias, self.eps))
            }
            Place::Device { weight, bias } => {
                candle_nn::ops::layer_norm(&x.contiguous()?, weight, bias, self.eps)
            }
        }
    }

    /// With `residual`, of the same shape, added after it.
    pub fn forward_added(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor> {
        match &self.place {
            Place::Host { weight, bias } => host::map2(x, residual, x.shape(), |x, residual| {
                layer_norm_added(x, weight, bias, self.eps, residual)
            }),
            Place::Device { .. } => self.forward(x)? + residual,
        }
    }
}
