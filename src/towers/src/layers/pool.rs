//! Smaller images by averaging.

use candle_core::{Result, Tensor};
use seer_kernels::depthwise::Window;
use seer_kernels::pool;

use crate::layers::host;
use crate::runtime::Backend;

/// The mean of every `edge` x `edge` pixels: `[batch, height, width, channels]` to
/// `[batch, height / edge, width / edge, channels]`.
pub(crate) fn average_pool(x: &Tensor, edge: usize, backend: Backend) -> Result<Tensor> {
    if edge == 1 {
        return Ok(x.clone());
    }
    let (batch, height, width, channels) = x.dims4()?;
    let shape = (batch, height / edge, width / edge, channels);
    match backend {
        Backend::Kernels => {
            host::map(x, shape, |x| pool::average_pool(x, [height, width, channels], edge))
        }
        Backend::Candle => pooled_by_candle(x, edge),
    }
}

/// The mean of the 3 x 3 pixels around every second one, those outside the image left out:
/// `[batch, height, width, channels]` to `[batch, height / 2, width / 2, channels]`, rounded up.
pub(crate) fn average_halved(x: &Tensor, backend: Backend) -> Result<Tensor> {
    let (batch, height, width, channels) = x.dims4()?;
    let window = Window { height, width, kernel: 3, stride: 2, before: [1, 1] };
    let shape = (batch, window.out_height(), window.out_width(), channels);
    match backend {
        Backend::Kernels => host::map(x, shape, |x| pool::average_under(x, window, channels)),
        Backend::Candle => halved_by_candle(x),
    }
}

/// The sums of padded pictures, over those of a picture of ones.
fn halved_by_candle(x: &Tensor) -> Result<Tensor> {
    let mean = |x: &Tensor| {
        let planes = x.permute((0, 3, 1, 2))?.contiguous()?;
        let padded = planes.pad_with_zeros(2, 1, 1)?.pad_with_zeros(3, 1, 1)?;
        padded.avg_pool2d_with_stride(3, 2)?.permute((0, 2, 3, 1))?.contiguous()
    };
    let (_, height, width, _) = x.dims4()?;
    let ones = Tensor::ones((1, height, width, 1), x.dtype(), x.device())?;
    mean(x)?.broadcast_div(&mean(&ones)?)
}

fn pooled_by_candle(x: &Tensor, edge: usize) -> Result<Tensor> {
    let planes = x.permute((0, 3, 1, 2))?.contiguous()?;
    planes.avg_pool2d(edge)?.permute((0, 2, 3, 1))?.contiguous()
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn the_kernel_and_candle_agree() {
        let values: Vec<f32> = (0..2 * 5 * 6 * 3).map(|i| ((i * 37) % 41) as f32).collect();
        let x = Tensor::from_vec(values, (2, 5, 6, 3), &Device::Cpu).unwrap();
        let both = [Backend::Kernels, Backend::Candle];
        let [ours, theirs] = both.map(|backend| average_pool(&x, 2, backend).unwrap());
        assert_eq!(ours.dims(), [2, 2, 3, 3]);
        let flat = |x: &Tensor| x.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert_eq!((flat(&ours), ours.dims()), (flat(&theirs), theirs.dims()));
        let [ours, theirs] = both.map(|backend| average_halved(&x, backend).unwrap());
        assert_eq!((ours.dims(), theirs.dims()), (&[2, 3, 3, 3][..], &[2, 3, 3, 3][..]));
        assert!(flat(&ours).iter().zip(flat(&theirs)).all(|(a, b)| (a - b).abs() < 1e-4));
    }
}
