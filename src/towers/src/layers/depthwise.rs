//! Depthwise convolution of a square kernel of odd edge, half of it in zeros around the image.

use candle_core::{DType, Result, Tensor};
use seer_checkpoint::config::Activation;
use seer_kernels::activation::activate;
use seer_kernels::depthwise::{Taps, Window, depthwise, reorder_weight};
use seer_kernels::team::share;

use crate::layers::{activation, host};
use crate::runtime::{Backend, Runtime};

/// Every channel with its own kernel, or several, and something added.
pub(crate) struct Depthwise {
    shape: DepthwiseShape,
    place: Place,
}

/// How a depthwise convolution is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct DepthwiseShape {
    /// Channels of the image.
    pub inputs: usize,
    /// Channels that come out, a multiple of `inputs`: number `c` sees channel `c % inputs`.
    pub outputs: usize,
    /// Edge of the kernel.
    pub kernel: usize,
    /// Step.
    pub stride: usize,
}

enum Place {
    /// `weight` is `[kernel * kernel, outputs]`.
    Kernels {
        weight: Vec<f32>,
        bias: Vec<f32>,
    },
    Candle(DepthwiseTaps),
}

/// A depthwise convolution by candle, which has one of its own channel by channel: here it is a sum
/// over the places of the kernel, of shifted images times weights. It computes in f32.
pub(crate) struct DepthwiseTaps {
    /// A weight `[outputs]` for each place of the kernel, row by row.
    taps: Vec<Tensor>,
    bias: Tensor,
}

impl Depthwise {
    /// As many channels out as in, the image keeps its size. `weight`:
    /// `[channels, 1, kernel, kernel]`, `bias`: `[channels]`.
    pub fn new(weight: &[f32], bias: Vec<f32>, kernel: usize, runtime: &Runtime) -> Result<Self> {
        let shape = DepthwiseShape { inputs: bias.len(), outputs: bias.len(), kernel, stride: 1 };
        Self::shaped(weight, bias, shape, runtime)
    }

    /// `weight`: `[outputs, 1, kernel, kernel]`, `bias`: `[outputs]`.
    pub fn shaped(
        weight: &[f32],
        bias: Vec<f32>,
        shape: DepthwiseShape,
        runtime: &Runtime,
    ) -> Result<Self> {
        let weight = reorder_weight(weight, shape.outputs);
        let place = match runtime.backend() {
            Backend::Kernels => Place::Kernels { weight, bias },
            Backend::Candle => Place::Candle(DepthwiseTaps::new(&weight, bias, runtime)?),
        };
        Ok(Self { shape, place })
    }

    /// `[batch, height, width, inputs]` to `[batch, height / stride, width / stride, outputs]`,
    /// rounded up.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.run(x, None)
    }

    /// With an activation after it.
    pub fn forward_activated(&self, x: &Tensor, function: Activation) -> Result<Tensor> {
        self.run(x, Some(function))
    }

    fn run(&self, x: &Tensor, then: Option<Activation>) -> Result<Tensor> {
        let (batch, height, width, channels) = x.dims4()?;
        let DepthwiseShape { inputs, outputs, kernel, stride } = self.shape;
        if channels != inputs {
            candle_core::bail!("a convolution of {inputs} channels got {:?}", x.dims());
        }
        let window = Window { height, width, kernel, stride, before: [kernel / 2; 2] };
        match &self.place {
            Place::Kernels { weight, bias } => {
                let shape = (batch, window.out_height(), window.out_width(), outputs);
                let taps = Taps { weight, bias, inputs };
                host::map(x, shape, |images| by_kernels(images, window, taps, then))
            }
            Place::Candle(taps) => {
                let out = taps.forward(x, window)?;
                then.map_or(Ok(out.clone()), |function| activation::by_candle(&out, function))
            }
        }
    }
}

impl DepthwiseTaps {
    /// `weight`: `[kernel * kernel, outputs]`, `bias`: `[outputs]`.
    pub fn new(weight: &[f32], bias: Vec<f32>, runtime: &Runtime) -> Result<Self> {
        let outputs = bias.len();
        let taps = weight.chunks_exact(outputs);
        Ok(Self {
            taps: taps.map(|tap| runtime.tensor(tap.to_vec(), outputs)).collect::<Result<_>>()?,
            bias: runtime.tensor(bias, outputs)?,
        })
    }

    /// `[batch, height, width, inputs]` to the window's `[batch, height, width, outputs]`, f32;
    /// `outputs` is a multiple of `inputs`.
    pub fn forward(&self, x: &Tensor, window: Window) -> Result<Tensor> {
        let (batch, _, _, inputs) = x.dims4()?;
        let outputs = self.bias.elem_count();
        let x = Tensor::cat(&vec![x.to_dtype(DType::F32)?; outputs / inputs], 3)?;
        let padded = padded(&x, window)?;
        let (high, wide) = (window.out_height(), window.out_width());
        let mut sum = self.bias.broadcast_as((batch, high, wide, outputs))?.contiguous()?;
        for (place, tap) in self.taps.iter().enumerate() {
            let place = [place / window.kernel, place % window.kernel];
            sum = (sum + under(&padded, window, place)?.broadcast_mul(tap)?)?;
        }
        Ok(sum)
    }
}

/// What each output pixel sees under the whole kernel, row by row:
/// `[batch, height, width, kernel * kernel * channels]`, zeros outside the image.
pub(crate) fn columns(x: &Tensor, window: Window) -> Result<Tensor> {
    if (window.kernel, window.stride) == (1, 1) {
        return Ok(x.clone());
    }
    let padded = padded(x, window)?;
    let places = 0..window.kernel * window.kernel;
    let seen = places
        .map(|place| under(&padded, window, [place / window.kernel, place % window.kernel]))
        .collect::<Result<Vec<_>>>()?;
    Tensor::cat(&seen, 3)
}

/// The image in zeros, as far as the window goes.
fn padded(x: &Tensor, window: Window) -> Result<Tensor> {
    let [above, left] = window.before;
    let after = |count: usize, before: usize, length: usize| {
        ((count - 1) * window.stride + window.kernel).saturating_sub(before + length)
    };
    let below = after(window.out_height(), above, window.height);
    let right = after(window.out_width(), left, window.width);
    x.pad_with_zeros(1, above, below)?.pad_with_zeros(2, left, right)
}

/// What each output pixel sees of the padded image under one place of the kernel, [down, across].
fn under(padded: &Tensor, window: Window, [down, across]: [usize; 2]) -> Result<Tensor> {
    let rows = every(padded, 1, down, window.out_height(), window.stride)?;
    every(&rows, 2, across, window.out_width(), window.stride)
}

/// Rows of all images side by side on all threads.
fn by_kernels(images: &[f32], window: Window, taps: Taps, then: Option<Activation>) -> Vec<f32> {
    let image = window.height * window.width * taps.inputs;
    let (rows, row) = (window.out_height(), window.out_width() * taps.bias.len());
    let mut out = vec![0f32; images.len() / image * rows * row];
    share(out.chunks_mut(row).enumerate(), |(number, out)| {
        let (place, y) = (number / rows, number % rows);
        depthwise(&images[place * image..][..image], 0, window, taps, y..y + 1, out);
        if let Some(function) = then {
            activate(out, function);
        }
    });
    out
}

/// Every `stride`th place of one direction from `first` on, `count` of them.
fn every(x: &Tensor, dim: usize, first: usize, count: usize, stride: usize) -> Result<Tensor> {
    if stride == 1 {
        return x.narrow(dim, first, count);
    }
    let places: Vec<u32> = (0..count).map(|place| (first + place * stride) as u32).collect();
    x.contiguous()?.index_select(&Tensor::from_vec(places, count, x.device())?, dim)
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;
    use crate::runtime::both_backends;

    fn value(i: usize) -> f32 {
        ((i * 37) % 41) as f32 / 20.0 - 1.0
    }

    fn values(t: &Tensor) -> Vec<f32> {
        t.flatten_all().unwrap().to_vec1::<f32>().unwrap()
    }

    #[test]
    fn both_backends_agree_on_every_image_of_a_batch() {
        for (inputs, outputs, kernel, stride) in [(11, 11, 7, 1), (5, 10, 7, 2), (9, 9, 3, 2)] {
            let shape = DepthwiseShape { inputs, outputs, kernel, stride };
            let weight: Vec<f32> = (0..kernel * kernel * outputs).map(value).collect();
            let bias: Vec<f32> = (3..3 + outputs).map(value).collect();
            let x: Vec<f32> = (5..5 + 2 * 6 * 9 * inputs).map(value).collect();
            let x = Tensor::from_vec(x, (2, 6, 9, inputs), &Device::Cpu).unwrap();
            let [ours, theirs] = both_backends()
                .map(|runtime| Depthwise::shaped(&weight, bias.clone(), shape, &runtime).unwrap());
            for then in [None, Some(Activation::Gelu)] {
                let (a, b) = (ours.run(&x, then).unwrap(), theirs.run(&x, then).unwrap());
                assert_eq!(a.dims(), b.dims());
                assert!(values(&a).iter().zip(values(&b)).all(|(a, b)| (a - b).abs() < 1e-4));
                let second = ours.run(&x.narrow(0, 1, 1).unwrap(), then).unwrap();
                assert_eq!(values(&second), values(&a.narrow(0, 1, 1).unwrap()));
            }
        }
    }

    #[test]
    fn other_channels_are_refused() {
        let layer = Depthwise::new(&[1.0; 18], vec![0.0; 2], 3, &Runtime::default()).unwrap();
        let x = Tensor::from_vec(vec![0f32; 3], (1, 1, 1, 3), &Device::Cpu).unwrap();
        assert!(layer.forward(&x).is_err());
    }
}
