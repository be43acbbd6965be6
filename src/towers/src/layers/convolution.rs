//! Convolutions over all channels, with bias, of images `[batch, height, width, channels]`.

use candle_core::{Device, Result, Tensor};
use seer_checkpoint::config::Activation;
use seer_kernels::activation::{activate, add, relu};
use seer_kernels::columns::reorder_weight;
use seer_kernels::convolution::convolution;
use seer_kernels::depthwise::Window;
use seer_kernels::panels::Panels;
use seer_kernels::precision::current;

use crate::dtype;
use crate::layers::{activation, host};

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
    Host { weight: Panels, bias: Vec<f32> },
    /// `weight` is `[outputs, inputs, kernel, kernel]`, `bias` `[1, outputs, 1, 1]`.
    Device { weight: Tensor, bias: Tensor },
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
        device: &Device,
    ) -> Result<Self> {
        let place = if device.is_cpu() {
            let weight = reorder_weight(&weight, inputs, kernel);
            let shape = [outputs, kernel * kernel * inputs];
            Place::Host { weight: Panels::new(&weight, shape, &[]), bias }
        } else {
            Place::on_device(weight, bias, [outputs, inputs, kernel], device)?
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
            Place::Host { weight, bias } => {
                let shape = [batch, window.out_height(), window.out_width(), self.outputs];
                on_host(x, shape, window, (weight, bias), then)
            }
            Place::Device { weight, bias } => on_device(x, window, weight, bias, then),
        }
    }
}

impl Place {
    fn on_device(
        weight: Vec<f32>,
        bias: Vec<f32>,
        [outputs, inputs, kernel]: [usize; 3],
        device: &Device,
    ) -> Result<Self> {
        let dtype = dtype::on_device(current());
        Ok(Self::Device {
            weight: Tensor::from_vec(weight, (outputs, inputs, kernel, kernel), device)?
                .to_dtype(dtype)?,
            bias: Tensor::from_vec(bias, (1, outputs, 1, 1), device)?.to_dtype(dtype)?,
        })
    }
}

fn on_host(
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

fn on_device(
    x: &Tensor,
    window: Window,
    weight: &Tensor,
    bias: &Tensor,
    then: Then,
) -> Result<Tensor> {
    let planes = x.permute((0, 3, 1, 2))?.contiguous()?.to_dtype(weight.dtype())?;
    let out = planes.conv2d(weight, window.before[0], window.stride, 1, 1)?.broadcast_add(bias)?;
    let out = out.permute((0, 2, 3, 1))?.contiguous()?.to_dtype(x.dtype())?;
    match then {
        Then::Nothing => Ok(out),
        Then::Activate(function) => activation::on_device(&out, function),
        Then::Relu => out.relu(),
        Then::AddRelu(residual) => (out + residual)?.relu(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 37 + seed * 101) % 41) as f32 / 20.0 - 1.0).collect()
    }

    #[test]
    fn the_kernel_and_candle_agree() {
        let cpu = Device::Cpu;
        // The largest has several strips and ends one inside a picture.
        for (size, kernel, stride) in
            [([5, 4], 3, 1), ([5, 6], 3, 2), ([4, 7], 1, 1), ([4, 6], 1, 2), ([23, 30], 3, 1)]
        {
            let shape = [7, 5, kernel];
            let weight = values(7 * 5 * kernel * kernel, 1);
            let x = values(3 * size[0] * size[1] * 5, 2);
            let x = Tensor::from_vec(x, (3, size[0], size[1], 5), &cpu).unwrap();
            let layer =
                || Convolution::new(weight.clone(), values(7, 3), shape, stride, &cpu).unwrap();
            let place = Place::on_device(weight.clone(), values(7, 3), shape, &cpu).unwrap();
            let (ours, theirs) = (layer(), Convolution { place, ..layer() });
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
        let layer = Convolution::new(vec![1.0; 2], vec![0.0], [1, 2, 1], 1, &Device::Cpu).unwrap();
        let x = Tensor::from_vec(vec![0f32; 3], (1, 1, 1, 3), &Device::Cpu).unwrap();
        assert!(layer.forward(&x).is_err());
    }
}
