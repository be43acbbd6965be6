//! The trunk by candle's operations, what a GPU runs. In f32, whatever the numbers of the other layers
//! are: its narrow layers make much of small errors (random ones in bf16: cosine 0.995), and a GPU is
//! not busy with its few products.

use candle_core::{DType, Result, Tensor};

use seer_kernels::transpose::transposed;

use crate::efficientnet::trunk::{self, Depthwise, KernelShape, Pointwise, Trunk};
use crate::layers::{DepthwiseTaps, Linear, columns};
use crate::runtime::Runtime;

/// The trunk's weights as layers. Images are `[batch, height, width, channels]`.
pub(super) struct CandleTrunk {
    stem: Linear,
    stem_shape: KernelShape,
    blocks: Vec<Block>,
    last: Linear,
}

struct Block {
    widen: Option<Linear>,
    depthwise: DepthwiseTaps,
    shape: KernelShape,
    narrow: Linear,
    skip: bool,
}

impl CandleTrunk {
    pub fn new(trunk: &Trunk, runtime: &Runtime) -> Result<Self> {
        let blocks = trunk.blocks.iter().map(|block| Block::new(block, runtime));
        Ok(Self {
            stem: pointwise(&trunk.stem, runtime)?,
            stem_shape: trunk.stem_shape,
            blocks: blocks.collect::<Result<_>>()?,
            last: pointwise(&trunk.last, runtime)?,
        })
    }

    /// Normalised pictures `[batch, height, width, 3]` to `[batch, features]`, f32.
    pub fn run(&self, pictures: &Tensor) -> Result<Tensor> {
        let columns = columns(pictures, self.stem_shape.over(size(pictures)?))?;
        let x = relu6(&self.stem.forward(&columns)?)?;
        let x = self.blocks.iter().try_fold(x, |x, block| block.forward(x))?;
        relu6(&self.last.forward(&x)?)?.to_dtype(DType::F32)?.mean((1, 2))
    }
}

impl Block {
    fn new(block: &trunk::Block, runtime: &Runtime) -> Result<Self> {
        let Depthwise { weight, bias, shape } = &block.depthwise;
        Ok(Self {
            widen: block.widen.as_ref().map(|widen| pointwise(widen, runtime)).transpose()?,
            depthwise: DepthwiseTaps::new(weight, bias.clone(), runtime)?,
            shape: *shape,
            narrow: pointwise(&block.narrow, runtime)?,
            skip: block.skip,
        })
    }

    fn forward(&self, x: Tensor) -> Result<Tensor> {
        let inner = match &self.widen {
            Some(widen) => relu6(&widen.forward(&x)?)?,
            None => x.clone(),
        };
        let inner = relu6(&self.depthwise.forward(&inner, self.shape.over(size(&inner)?))?)?;
        if self.skip { self.narrow.forward_added(&inner, &x) } else { self.narrow.forward(&inner) }
    }
}

fn pointwise(layer: &Pointwise, runtime: &Runtime) -> Result<Linear> {
    let shape = [layer.weight.outputs(), layer.weight.inputs()];
    let weight = transposed(&layer.weight.unpacked(), shape[0]);
    Linear::new(weight, Some(layer.bias.clone()), shape, runtime)
}

fn size(x: &Tensor) -> Result<[usize; 2]> {
    let (_, height, width, _) = x.dims4()?;
    Ok([height, width])
}

fn relu6(x: &Tensor) -> Result<Tensor> {
    x.clamp(0f32, 6f32)
}

#[cfg(test)]
mod tests {
    use seer_kernels::matmul::Threads;
    use seer_kernels::panels::Panels;

    use super::*;
    use crate::efficientnet::host;
    use crate::efficientnet::trunk::Block;
    use crate::runtime::both_backends;

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
            let run = |threads| {
                let read = |pixels: &mut [f32]| pixels.copy_from_slice(&picture);
                host::run(&trunk, read, size, &mut host::Scratch::default(), threads)
            };
            let ours = run(Threads::One);
            assert_eq!(ours, run(Threads::All));
            let [_, runtime] = both_backends();
            let picture = runtime.tensor(picture, (1, size[0], size[1], 3)).unwrap();
            let theirs = CandleTrunk::new(&trunk, &runtime).unwrap().run(&picture).unwrap();
            let theirs: Vec<f32> = theirs.flatten_all().unwrap().to_vec1().unwrap();
            assert!(theirs.iter().any(|v| *v > 0.1 && *v < 5.9), "{theirs:?}");
            assert!(
                ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-3),
                "{ours:?} {theirs:?}"
            );
        }
    }
}
