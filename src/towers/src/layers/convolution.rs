//! Convolutions over all channels, with bias, of images `[batch, height, width, channels]`.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::Activation;
use seer_kernels::activation::{activate, add, relu};
use seer_kernels::columns::reorder_weight;
use seer_kernels::convolution::convolution;
use seer_kernels::depthwise::Window;
use seer_kernels::panels::Panels;

use crate::layers::{Linear, activation, columns, host};
use crate::runtime::{Backend, Runtime};

/// A square kernel of odd edge, with `(edge - 1) / 2` zeros around the image.
pub(crate) struct Convolution {
    inputs: usize,
    outputs: usize,
    kernel: usize,
    stride: usize,
    place: Place,
}

enum Place {
    /// `weight` is `[outputs, kernel * kernel * inputs]`.
    Kernels { weight: Panels, bias: Vec<f32> },
    /// Over what each output pixel sees.
    Candle(Linear),
}

/// What follows the product and the bias.
#[derive(Clone, Copy)]
enum Then<'a> {
    Nothing,
    Activate(Activation),
    Relu,
    AddRelu(&'a Tensor),
}

impl Convolution {
    /// `weight`: `[outputs, inputs, kernel, kernel]`, `bias`: `[outputs]`, row by row.
    pub fn new(
        weight: Vec<f32>,
        bias: Vec<f32>,
        [outputs, inputs, kernel]: [usize; 3],
        stride: usize,
        runtime: &Runtime,
    ) -> Result<Self> {
        let weight = reorder_weight(&weight, inputs, kernel);
        let shape = [outputs, kernel * kernel * inputs];
        let place = match runtime.backend() {
            Backend::Kernels => {
                Place::Kernels { weight: runtime.panels(&weight, shape, &[]), bias }
            }
            Backend::Candle => Place::Candle(Linear::new(weight, Some(bias), shape, runtime)?),
        };
        Ok(Self { inputs, outputs, kernel, stride, place })
    }

    /// `[batch, height, width, inputs]` to `[batch, height / stride, width / stride, outputs]`,
    /// rounded up.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.run(x, Then::Nothing)
    }

    /// With an activation after it.
    pub fn forward_activated(&self, x: &Tensor, function: Activation) -> Result<Tensor> {
        self.run(x, Then::Activate(function))
    }

    /// With ReLU after it.
    pub fn forward_relu(&self, x: &Tensor) -> Result<Tensor> {
        self.run(x, Then::Relu)
    }

    /// With `residual`, of the output's shape, added, and ReLU after that.
    pub fn forward_added_relu(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor> {
        self.run(x, Then::AddRelu(residual))
    }

    fn run(&self, x: &Tensor, then: Then) -> Result<Tensor> {
        let (batch, height, width, channels) = x.dims4()?;
        if channels != self.inputs {
            candle_core::bail!("a convolution of {} inputs got {:?}", self.inputs, x.dims());
        }
        let before = [(self.kernel - 1) / 2; 2];
        let window = Window { height, width, kernel: self.kernel, stride: self.stride, before };
        match &self.place {
            Place::Kernels { weight, bias } => {
                let shape = [batch, window.out_height(), window.out_width(), self.outputs];
                by_kernels(x, shape, window, (weight, bias), then)
            }
            Place::Candle(layer) => by_candle(&columns(x, window)?, layer, then),
        }
    }
}

fn by_kernels(
    x: &Tensor,
    shape: [usize; 4],
    window: Window,
    (weight, bias): (&Panels, &[f32]),
    then: Then,
) -> Result<Tensor> {
    let outputs = weight.outputs();
    match then {
        Then::Nothing => host::map(x, &shape, |x| convolution(x, window, weight, bias, |_, _| {})),
        Then::Activate(function) => host::map(x, &shape, |x| {
            convolution(x, window, weight, bias, |_, out| activate(out, function))
        }),
        Then::Relu => {
            host::map(x, &shape, |x| convolution(x, window, weight, bias, |_, out| relu(out)))
        }
        Then::AddRelu(residual) => host::map2(x, residual, &shape, |x, residual| {
            convolution(x, window, weight, bias, |pixel, out| {
                add(out, &residual[pixel * outputs..]);
                relu(out);
            })
        }),
    }
}

/// `x` holds what each output pixel sees.
fn by_candle(x: &Tensor, layer: &Linear, then: Then) -> Result<Tensor> {
    match then {
        Then::Nothing => layer.forward(x),
        Then::Activate(function) => activation::by_candle(&layer.forward(x)?, function),
        Then::Relu => layer.forward(x)?.relu(),
        Then::AddRelu(residual) => layer.forward_added(x, residual)?.relu(),
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;
    use crate::runtime::both_backends;

    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 37 + seed * 101) % 41) as f32 / 20.0 - 1.0).collect()
    }

    #[test]
    fn the_kernel_and_candle_agree() {
        // The largest has several strips and ends one inside a picture.
        for (size, kernel, stride) in
            [([5, 4], 3, 1), ([5, 6], 3, 2), ([4, 7], 1, 1), ([4, 6], 1, 2), ([23, 30], 3, 1)]
        {
            let shape = [7, 5, kernel];
            let weight = values(7 * 5 * kernel * kernel, 1);
            let x = values(3 * size[0] * size[1] * 5, 2);
            let x = Tensor::from_vec(x, (3, size[0], size[1], 5), &Device::Cpu).unwrap();
            let [ours, theirs] = both_backends().map(|runtime| {
                Convolution::new(weight.clone(), values(7, 3), shape, stride, &runtime).unwrap()
            });
            let plain = ours.forward(&x).unwrap();
            let residual = (&plain * 0.5).unwrap();
            let all = |layer: &Convolution| {
                [
                    layer.forward(&x).unwrap(),
                    layer.forward_activated(&x, Activation::Gelu).unwrap(),
                    layer.forward_relu(&x).unwrap(),
                    layer.forward_added_relu(&x, &residual).unwrap(),
                ]
            };
            for (a, b) in all(&ours).iter().zip(all(&theirs)) {
                assert_eq!(a.dims(), b.dims());
                let (a, b) = (a.flatten_all().unwrap(), b.flatten_all().unwrap());
                let pairs = a.to_vec1::<f32>().unwrap().into_iter().zip(b.to_vec1().unwrap());
                pairs.for_each(|(a, b): (f32, f32)| assert!((a - b).abs() < 1e-4, "{a} {b}"));
            }
        }
    }

    #[test]
    fn other_channels_are_refused() {
        let layer =
            Convolution::new(vec![1.0; 2], vec![0.0], [1, 2, 1], 1, &Runtime::default()).unwrap();
        let x = Tensor::from_vec(vec![0f32; 3], (1, 1, 1, 3), &Device::Cpu).unwrap();
        assert!(layer.forward(&x).is_err());
    }
}
