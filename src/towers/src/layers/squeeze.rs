//! Squeeze and excitation (Hu and others, 2017): channels are weighed by what the whole image shows.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::Activation;
use seer_kernels::activation::activate;
use seer_kernels::team::share;

use crate::layers::{Linear, activation, host};
use crate::runtime::Backend;

/// `x * sigmoid(fc2(ReLU(fc1(mean of x))))`, per channel.
pub(crate) struct SqueezeExcite {
    /// To fewer channels.
    pub fc1: Linear,
    /// And back.
    pub fc2: Linear,
    /// What computes.
    pub backend: Backend,
}

impl SqueezeExcite {
    /// With an activation after it: `[batch, height, width, channels]` to the same.
    pub fn forward_activated(&self, x: &Tensor, function: Activation) -> Result<Tensor> {
        let (_, height, width, channels) = x.dims4()?;
        let squeezed = self.fc1.forward(&x.mean((1, 2))?)?.relu()?;
        let factors = candle_nn::ops::sigmoid(&self.fc2.forward(&squeezed)?)?;
        match self.backend {
            Backend::Kernels => host::map2(x, &factors, x.shape(), |x, factors| {
                weigh(x, factors, [height * width, channels], function)
            }),
            Backend::Candle => {
                let weighed = x.broadcast_mul(&factors.unsqueeze(1)?.unsqueeze(1)?)?;
                activation::by_candle(&weighed, function)
            }
        }
    }
}

/// Each image's pixels times its factors, then `function`.
fn weigh(
    x: &[f32],
    factors: &[f32],
    [pixels, channels]: [usize; 2],
    function: Activation,
) -> Vec<f32> {
    /// Pixels per parallel piece, at most.
    const PIECE: usize = 64;
    let mut out = x.to_vec();
    let images = out.chunks_mut(pixels * channels).zip(factors.chunks(channels));
    let pieces = images.flat_map(|(image, factors)| {
        image.chunks_mut(PIECE * channels).map(move |piece| (piece, factors))
    });
    share(pieces, |(piece, factors)| {
        for pixel in piece.chunks_exact_mut(channels) {
            pixel.iter_mut().zip(factors).for_each(|(value, factor)| *value *= factor);
        }
        activate(piece, function);
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::both_backends;

    #[test]
    fn channels_are_weighed_by_their_mean() {
        for runtime in both_backends() {
            let fc1 = Linear::new(vec![1.0, 0.0], Some(vec![1.0]), [1, 2], &runtime).unwrap();
            let fc2 = Linear::new(vec![0.0, 1.0], Some(vec![0.0; 2]), [2, 1], &runtime).unwrap();
            let layer = SqueezeExcite { fc1, fc2, backend: runtime.backend() };
            // The second image's first channel has the mean -3, which ReLU(-3 + 1) makes 0.
            let x = vec![20f32, 8.0, 40.0, 16.0, -2.0, 8.0, -4.0, 16.0];
            let x = runtime.tensor(x, (2, 1, 2, 2)).unwrap();
            let out = layer.forward_activated(&x, Activation::QuickGelu).unwrap();
            let out = out.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            for (found, expected) in out.iter().zip([10.0, 8.0, 20.0, 16.0]) {
                assert!((found - expected).abs() < 1e-4, "{out:?}");
            }
            let small = [-1.0, 4.0, -2.0, 8.0].map(|v: f32| v / (1.0 + (-1.702 * v).exp()));
            assert!(out[4..].iter().zip(small).all(|(a, b)| (a - b).abs() < 1e-4), "{out:?}");
        }
    }
}
