//! Activations of whole tensors.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::Activation;
use seer_kernels::activation::activate as by_kernels;
use seer_kernels::team::share;

use crate::layers::host;
use crate::runtime::Backend;

/// Values per parallel piece.
const PIECE: usize = 1 << 14;

/// Every value through `function`.
pub(crate) fn activate(x: &Tensor, function: Activation, backend: Backend) -> Result<Tensor> {
    match backend {
        Backend::Kernels => host::map(x, x.shape(), |values| {
            let mut out = values.to_vec();
            share(out.chunks_mut(PIECE), |piece| by_kernels(piece, function));
            out
        }),
        Backend::Candle => by_candle(x, function),
    }
}

/// Every value through `function`, by candle's operations.
pub(super) fn by_candle(x: &Tensor, function: Activation) -> Result<Tensor> {
    match function {
        Activation::Gelu => x.gelu_erf(),
        Activation::GeluTanh => x.gelu(),
        Activation::Silu => x.silu(),
        Activation::Relu => x.relu(),
        Activation::QuickGelu => x * candle_nn::ops::sigmoid(&(x * 1.702)?)?,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn both_backends_agree() {
        let values: Vec<f32> =
            (0..3 * 20_000).map(|i| ((i * 37) % 41) as f32 / 10.0 - 2.0).collect();
        let x = Tensor::from_vec(values, (3, 20_000), &Device::Cpu).unwrap();
        for function in [Activation::Gelu, Activation::GeluTanh, Activation::QuickGelu] {
            let [ours, theirs] = [Backend::Kernels, Backend::Candle]
                .map(|backend| activate(&x, function, backend).unwrap());
            let values = |t: &Tensor| t.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            assert!(values(&ours).iter().zip(values(&theirs)).all(|(a, b)| (a - b).abs() < 1e-5));
        }
    }
}
