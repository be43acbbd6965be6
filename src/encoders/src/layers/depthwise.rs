//! Depthwise convolution of a square kernel of odd edge, step 1, zeros around the image.

use candle_core::{Device, Result, Tensor};
use rayon::prelude::*;

use crate::kernels::depthwise::{Taps, Window, depthwise, reorder_weight};
use crate::layers::host;

/// Every channel with its own kernel and something added; the image keeps its size.
pub(crate) struct Depthwise {
    kernel: usize,
    place: Place,
}

enum Place {
    /// `weight` is `[kernel * kernel, channels]`.
    Host { weight: Vec<f32>, bias: Vec<f32> },
    /// A weight `[channels]` for each place of the kernel, row by row.
    Device { taps: Vec<Tensor>, bias: Tensor },
}

impl Depthwise {
    /// `weight`: `[channels, 1, kernel, kernel]`, `bias`: `[channels]`.
    pub fn new(weight: &[f32], bias: Vec<f32>, kernel: usize, device: &Device) -> Result<Self> {
        let channels = bias.len();
        let weight = reorder_weight(weight, channels);
        let place = if device.is_cpu() {
            Place::Host { weight, bias }
        } else {
            Place::Device {
                taps: taps(&weight, channels, device)?,
                bias: Tensor::from_vec(bias, channels, device)?,
            }
        };
        Ok(Self { kernel, place })
    }

    /// `[batch, height, width, channels]` to the same.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match &self.place {
            Place::Host { weight, bias } => {
                let (_, height, width, _) = x.dims4()?;
                let before = [self.kernel / 2; 2];
                let window = Window { height, width, kernel: self.kernel, stride: 1, before };
                let taps = Taps { weight, bias };
                host::map(x, x.shape(), |images| on_host(images, window, taps))
            }
            Place::Device { taps, bias } => on_device(x, taps, bias, self.kernel),
        }
    }
}

/// A weight `[kernel * kernel, channels]` as one tensor for each place.
fn taps(weight: &[f32], channels: usize, device: &Device) -> Result<Vec<Tensor>> {
    let taps = weight.chunks_exact(channels);
    taps.map(|tap| Tensor::from_slice(tap, channels, device)).collect()
}

/// Rows of all images side by side on all threads.
fn on_host(images: &[f32], window: Window, taps: Taps) -> Vec<f32> {
    let row = window.width * taps.bias.len();
    let mut out = vec![0f32; images.len()];
    out.par_chunks_mut(row).enumerate().for_each(|(number, out)| {
        let (image, y) = (number / window.height, number % window.height);
        let image = &images[image * window.height * row..][..window.height * row];
        depthwise(image, 0, window, taps, y..y + 1, out);
    });
    out
}

/// candle runs a depthwise convolution channel by channel, so it is a sum of shifted images times
/// weights.
fn on_device(x: &Tensor, taps: &[Tensor], bias: &Tensor, kernel: usize) -> Result<Tensor> {
    let (_, height, width, _) = x.dims4()?;
    let around = kernel / 2;
    let padded = x.pad_with_zeros(1, around, around)?.pad_with_zeros(2, around, around)?;
    let mut sum = bias.broadcast_as(x.shape())?.contiguous()?;
    for (place, tap) in taps.iter().enumerate() {
        let shifted = padded.narrow(1, place / kernel, height)?;
        let shifted = shifted.narrow(2, place % kernel, width)?;
        sum = (sum + shifted.broadcast_mul(tap)?)?;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_backends_agree_on_every_image_of_a_batch() {
        let value = |i: usize| ((i * 37) % 41) as f32 / 20.0 - 1.0;
        let (kernel, channels, shape) = (7, 11, (2, 6, 9, 11));
        let weight: Vec<f32> = (0..kernel * kernel * channels).map(value).collect();
        let bias: Vec<f32> = (3..3 + channels).map(value).collect();
        let x: Vec<f32> = (5..5 + 2 * 6 * 9 * channels).map(value).collect();
        let x = Tensor::from_vec(x, shape, &Device::Cpu).unwrap();
        let layer = Depthwise::new(&weight, bias.clone(), kernel, &Device::Cpu).unwrap();
        let ours = layer.forward(&x).unwrap();

        let weight = reorder_weight(&weight, channels);
        let taps = taps(&weight, channels, &Device::Cpu).unwrap();
        let bias = Tensor::from_vec(bias, channels, &Device::Cpu).unwrap();
        let theirs = on_device(&x, &taps, &bias, kernel).unwrap();
        let values = |t: &Tensor| t.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(ours.dims(), theirs.dims());
        assert!(values(&ours).iter().zip(values(&theirs)).all(|(a, b)| (a - b).abs() < 1e-4));

        let second = layer.forward(&x.narrow(0, 1, 1).unwrap()).unwrap();
        assert_eq!(values(&second), values(&ours.narrow(0, 1, 1).unwrap()));
    }
}
