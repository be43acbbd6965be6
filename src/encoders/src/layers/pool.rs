//! Smaller images by averaging.

use candle_core::{Result, Tensor};

use crate::kernels::pool;
use crate::layers::host;

/// The mean of every `edge` x `edge` pixels: `[batch, height, width, channels]` to
/// `[batch, height / edge, width / edge, channels]`.
pub(crate) fn average_pool(x: &Tensor, edge: usize) -> Result<Tensor> {
    if edge == 1 {
        return Ok(x.clone());
    }
    if !x.device().is_cpu() {
        return on_device(x, edge);
    }
    let (batch, height, width, channels) = x.dims4()?;
    let shape = (batch, height / edge, width / edge, channels);
    host::map(x, shape, |x| pool::average_pool(x, [height, width, channels], edge))
}

fn on_device(x: &Tensor, edge: usize) -> Result<Tensor> {
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
        let (ours, theirs) = (average_pool(&x, 2).unwrap(), on_device(&x, 2).unwrap());
        assert_eq!(ours.dims(), [2, 2, 3, 3]);
        let flat = |x: &Tensor| x.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert_eq!((flat(&ours), ours.dims()), (flat(&theirs), theirs.dims()));
    }
}
