//! The trunk by candle's operations, for GPUs. candle runs a depthwise convolution channel by
//! channel, so it is written as a sum over the kernel's taps of shifted images times weights.

use candle_core::{Device, Result, Tensor};
use seer_kernels::depthwise::Window;

use crate::efficientnet::trunk::{Depthwise, KernelShape, Pointwise, Trunk};

/// The trunk's weights on a device. Images are `[batch, height, width, channels]`.
pub(super) struct GpuTrunk {
    stem: GpuPointwise,
    stem_shape: KernelShape,
    blocks: Vec<GpuBlock>,
    last: GpuPointwise,
}

struct GpuPointwise {
    weight: Tensor,
    bias: Tensor,
}

struct GpuDepthwise {
    taps: Vec<Tensor>,
    bias: Tensor,
    shape: KernelShape,
}

struct GpuBlock {
    widen: Option<GpuPointwise>,
    depthwise: GpuDepthwise,
    narrow: GpuPointwise,
    skip: bool,
}

impl GpuTrunk {
    pub fn new(trunk: &Trunk, device: &Device) -> Result<Self> {
        let block = |block: &super::trunk::Block| -> Result<GpuBlock> {
            Ok(GpuBlock {
                widen: block.widen.as_ref().map(|w| GpuPointwise::new(w, device)).transpose()?,
                depthwise: GpuDepthwise::new(&block.depthwise, device)?,
                narrow: GpuPointwise::new(&block.narrow, device)?,
                skip: block.skip,
            })
        };
        Ok(Self {
            stem: GpuPointwise::new(&trunk.stem, device)?,
            stem_shape: trunk.stem_shape,
            blocks: trunk.blocks.iter().map(block).collect::<Result<_>>()?,
            last: GpuPointwise::new(&trunk.last, device)?,
        })
    }

    /// Normalised pictures `[batch, height, width, 3]` to `[batch, features]`.
    pub fn run(&self, pictures: &Tensor) -> Result<Tensor> {
        let mut x = relu6(&self.stem.forward(&columns(pictures, self.stem_shape)?)?)?;
        for block in &self.blocks {
            let inner = match &block.widen {
                Some(widen) => relu6(&widen.forward(&x)?)?,
                None => x.clone(),
            };
            let inner = relu6(&block.depthwise.forward(&inner)?)?;
            let out = block.narrow.forward(&inner)?;
            x = if block.skip { (out + x)? } else { out };
        }
        relu6(&self.last.forward(&x)?)?.mean((1, 2))
    }
}

impl GpuPointwise {
    fn new(layer: &Pointwise, device: &Device) -> Result<Self> {
        let shape = (layer.weight.inputs(), layer.weight.outputs());
        Ok(Self {
            weight: Tensor::from_vec(layer.weight.unpacked(), shape, device)?,
            bias: Tensor::from_slice(&layer.bias, shape.1, device)?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, height, width, channels) = x.dims4()?;
        let rows = x.reshape((batch * height * width, channels))?;
        let out = rows.matmul(&self.weight)?.broadcast_add(&self.bias)?;
        out.reshape((batch, height, width, self.bias.elem_count()))
    }
}

impl GpuDepthwise {
    fn new(layer: &Depthwise, device: &Device) -> Result<Self> {
        let channels = layer.bias.len();
        let tap = |weights: &[f32]| Tensor::from_slice(weights, channels, device);
        Ok(Self {
            taps: layer.weight.chunks_exact(channels).map(tap).collect::<Result<_>>()?,
            bias: Tensor::from_slice(&layer.bias, channels, device)?,
            shape: layer.shape,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let mut sum: Option<Tensor> = None;
        for (image, tap) in shifted(x, self.shape)?.iter().zip(&self.taps) {
            let product = image.broadcast_mul(tap)?;
            sum = Some(match sum {
                None => product.broadcast_add(&self.bias)?,
                Some(sum) => (sum + product)?,
            });
        }
        sum.ok_or_else(|| candle_core::Error::Msg("a kernel without taps".to_owned()))
    }
}

fn relu6(x: &Tensor) -> Result<Tensor> {
    x.clamp(0f32, 6f32)
}

/// What each output pixel sees under the whole kernel: `[batch, rows, columns, taps * channels]`.
fn columns(x: &Tensor, shape: KernelShape) -> Result<Tensor> {
    Tensor::cat(&shifted(x, shape)?, 3)
}

/// What each output pixel sees under one tap after another, zeros outside the image.
fn shifted(x: &Tensor, shape: KernelShape) -> Result<Vec<Tensor>> {
    let (_, height, width, _) = x.dims4()?;
    let window = shape.over([height, width]);
    let [above, left] = window.before;
    let padded = x.pad_with_zeros(1, above, shape.kernel)?.pad_with_zeros(2, left, shape.kernel)?;
    let mut images = Vec::with_capacity(shape.kernel * shape.kernel);
    for tap_y in 0..shape.kernel {
        let places = places(window, tap_y, window.out_height(), x.device())?;
        let rows = padded.index_select(&places, 1)?;
        for tap_x in 0..shape.kernel {
            let places = self::places(window, tap_x, window.out_width(), x.device())?;
            images.push(rows.index_select(&places, 2)?);
        }
    }
    Ok(images)
}

/// Where in the padded image the output pixels find their `tap`, along one direction.
fn places(window: Window, tap: usize, count: usize, device: &Device) -> Result<Tensor> {
    let places: Vec<u32> = (0..count).map(|place| (place * window.stride + tap) as u32).collect();
    Tensor::from_vec(places, count, device)
}

#[cfg(test)]
mod tests {
    use seer_kernels::panels::Panels;

    use super::*;
    use crate::efficientnet::host;
    use crate::efficientnet::trunk::Block;

    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 37 + seed * 101) % 41) as f32 / 20.0 - 1.0).collect()
    }

    fn pointwise(inputs: usize, outputs: usize, seed: usize) -> Pointwise {
        let weight = Panels::new(&values(inputs * outputs, seed), [outputs, inputs], &[]);
        Pointwise { weight, bias: values(outputs, seed + 1) }
    }

    fn block(inputs: usize, inner: usize, outputs: usize, shape: KernelShape) -> Block {
        let weight = values(shape.kernel * shape.kernel * inner, inner);
        Block {
            widen: (inner != inputs).then(|| pointwise(inputs, inner, 3)),
            depthwise: Depthwise { weight, bias: values(inner, 5), shape },
            narrow: pointwise(inner, outputs, 7),
            skip: shape.stride == 1 && inputs == outputs,
        }
    }

    #[test]
    fn the_kernels_and_candle_agree() {
        for same in [true, false] {
            let shape = |kernel, stride| KernelShape { kernel, stride, same };
            let trunk = Trunk {
                stem: pointwise(27, 4, 1),
                stem_shape: shape(3, 2),
                blocks: vec![
                    block(4, 4, 6, shape(3, 1)),
                    block(6, 36, 9, shape(5, 2)),
                    block(9, 54, 9, shape(3, 1)),
                ],
                last: pointwise(9, 20, 2),
            };
            let size = [30, 23];
            let picture = values(3 * size[0] * size[1], 9);
            let ours = host::run(&trunk, &picture, size, &mut host::Scratch::default());
            let device = Device::Cpu;
            let picture = Tensor::from_vec(picture, (1, size[0], size[1], 3), &device).unwrap();
            let theirs = GpuTrunk::new(&trunk, &device).unwrap().run(&picture).unwrap();
            let theirs: Vec<f32> = theirs.flatten_all().unwrap().to_vec1().unwrap();
            assert!(theirs.iter().any(|v| *v > 0.1 && *v < 5.9), "{theirs:?}");
            assert!(
                ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-3),
                "{ours:?} {theirs:?}"
            );
        }
    }
}
