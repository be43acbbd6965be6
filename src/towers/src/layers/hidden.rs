//! The way into the hidden channels of an MLP.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::Activation;

use crate::layers::Linear;

/// What stands before an MLP's last layer.
pub(crate) enum Hidden {
    /// One layer and a function.
    Activated(Linear, Activation),
    /// Two layers whose outputs are multiplied, the first one after SiLU (SwiGLU; Shazeer: GLU
    /// Variants Improve Transformer, 2020).
    Gated(Linear, Linear),
}

impl Hidden {
    /// `[.., width]` to `[.., hidden channels]`.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Activated(layer, function) => layer.forward_activated(x, *function),
            Self::Gated(gate, layer) => {
                layer.forward_multiplied(x, &gate.forward_activated(x, Activation::Silu)?)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    use crate::runtime::Runtime;

    #[test]
    fn a_gate_multiplies() {
        let layer =
            |weight: f32| Linear::new(vec![weight], None, [1, 1], &Runtime::default()).unwrap();
        let hidden = Hidden::Gated(layer(2.0), layer(3.0));
        let x = Tensor::new(&[[0.5f32], [-0.5]], &Device::Cpu).unwrap();
        let out = hidden.forward(&x).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let silu = |x: f32| x / (1.0 + (-x).exp());
        for (found, x) in out.iter().zip([0.5, -0.5]) {
            assert!((found - silu(2.0 * x) * 3.0 * x).abs() < 1e-6, "{found}");
        }
    }
}
