//! A layer behind the image head that lets photos near very many queries ("hubs"; Radovanović et
//! al., JMLR 2010) step back: query-bank normalisation (Bogolin et al., CVPR 2022) inside the tower.
//!
//! With unit u of the head, `crowding = logsumexp(prototypes u + bias)` over the bank's centroids,
//! and the result is `u + sqrt(max(0, strength crowding)) axis`, where the axis is
//! orthogonal to u and to every text: all cosines with texts shrink by one factor of the photo's own.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::HubnessConfig;

use crate::error::TowerError;
use crate::layers::Linear;
use crate::runtime::Runtime;
use crate::weights::Weights;

pub(super) struct Hubness {
    bank: Linear,
    axis: Tensor,
    strength: f64,
}

impl Hubness {
    /// The tensors `visual.head.hubness.*`.
    pub fn load(
        config: HubnessConfig,
        dim: usize,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let shape = [config.prototypes, dim];
        let prototypes = weights.take("visual.head.hubness.prototypes", &shape)?;
        let bias = weights.take("visual.head.hubness.bias", &[config.prototypes])?;
        let axis = weights.take("visual.head.hubness.axis", &[dim])?;
        Ok(Self {
            bank: Linear::new(prototypes, Some(bias), shape, runtime)?,
            axis: runtime.tensor(axis, (1, dim))?,
            strength: config.strength,
        })
    }

    /// `[batch, dim]` of any length to `[batch, dim]`.
    pub fn forward(&self, raw: &Tensor) -> Result<Tensor> {
        let length = raw.sqr()?.sum_keepdim(1)?.sqrt()?.maximum(1e-12)?;
        let unit = raw.broadcast_div(&length)?;
        let crowding = self.bank.forward(&unit)?.log_sum_exp(1)?.unsqueeze(1)?;
        let aside = (crowding * self.strength)?.relu()?.sqrt()?;
        unit + aside.broadcast_mul(&self.axis)?
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    /// Two prototypes along the first coordinate; the third is the axis.
    fn layer(strength: f64, bias: f32) -> Hubness {
        let prototypes = vec![3.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let bias = vec![bias; 2];
        Hubness {
            bank: Linear::new(prototypes, Some(bias), [2, 3], &Runtime::default()).unwrap(),
            axis: Tensor::new(&[[0.0f32, 0.0, 1.0]], &Device::Cpu).unwrap(),
            strength,
        }
    }

    #[test]
    fn crowded_photos_step_further_aside() {
        let raw =
            Tensor::new(&[[2.0f32, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 0.0]], &Device::Cpu);
        let found = layer(0.5, 1.0).forward(&raw.unwrap()).unwrap().to_vec2::<f32>().unwrap();
        let crowded = (0.5 * ((3f32.exp() + 1f32.exp()).ln() + 1.0)).sqrt();
        let alone = (0.5 * (2f32.ln() + 1.0)).sqrt();
        let expected = [[1.0, 0.0, crowded], [0.0, 1.0, alone], [0.0, 0.0, alone]];
        for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
            assert!((found - expected).abs() < 1e-5, "{found} for {expected}");
        }
    }

    #[test]
    fn a_photo_far_from_the_bank_stays() {
        let raw = Tensor::new(&[[0.0f32, 5.0, 0.0]], &Device::Cpu).unwrap();
        let found = layer(0.5, -1.0).forward(&raw).unwrap().to_vec2::<f32>().unwrap();
        assert_eq!(found, [[0.0, 1.0, 0.0]]);
    }
}
