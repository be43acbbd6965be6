//! Rotary positions on a grid of patches.

use candle_core::{DType, Result, Tensor};
use seer_kernels::rotary::{Angles, rotate};

use seer_checkpoint::config::RotaryConfig;

use crate::runtime::{Backend, Runtime};

/// The slowest turn is this many times slower than the fastest.
const TEMPERATURE: f32 = 10_000.0;

/// Turns the queries and keys of every head by where their patch lies: one half of the channels by
/// how far down, the other by how far across (timm's `RotaryEmbeddingCat`). Layers whose outputs
/// are turned are loaded through [`halves`].
pub(crate) struct Rotary {
    place: Place,
}

enum Place {
    Kernels(Angles),
    /// Cosines and sines, `[1, places, 1, half]`.
    Candle([Tensor; 2]),
}

impl Rotary {
    /// For `prefix` tokens that are not turned, then those of `patches`, [down, across].
    pub fn new(
        config: &RotaryConfig,
        patches: [usize; 2],
        prefix: usize,
        head_width: usize,
        runtime: &Runtime,
    ) -> Result<Self> {
        let angles = angles(config, patches, prefix, head_width);
        let place = match runtime.backend() {
            Backend::Kernels => Place::Kernels(angles),
            Backend::Candle => Place::Candle(tables(angles, runtime)?),
        };
        Ok(Self { place })
    }

    /// By kernels: rows of `step` values from the row `first` on, of which `columns` turn.
    pub(super) fn rotate(&self, rows: &mut [f32], step: usize, columns: usize, first: usize) {
        if let Place::Kernels(angles) = &self.place {
            rotate(rows, step, columns, first, angles);
        }
    }

    /// By candle: the first `columns` of `[batch, places, width]`, turned in f32.
    pub(super) fn rotate_by_candle(&self, x: &Tensor, columns: usize) -> Result<Tensor> {
        match &self.place {
            Place::Candle(tables) => by_candle(x, columns, tables),
            Place::Kernels(_) => candle_core::bail!("positions for kernels in a layer of candle's"),
        }
    }
}

fn angles(
    config: &RotaryConfig,
    [down, across]: [usize; 2],
    prefix: usize,
    head_width: usize,
) -> Angles {
    let (half, bands) = (head_width / 2, head_width / 4);
    let speeds: Vec<f32> =
        (0..bands).map(|band| 1.0 / TEMPERATURE.powf(band as f32 / bands as f32)).collect();
    let reach = |place: usize, count: usize| {
        (place as f32 + config.offset) / count as f32 * config.reference as f32
    };
    let mut all = vec![0f32; prefix * half];
    for row in 0..down {
        for column in 0..across {
            let (y, x) = (reach(row, down), reach(column, across));
            let axes = if config.across_first { [x, y] } else { [y, x] };
            all.extend(axes.iter().flat_map(|at| speeds.iter().map(move |speed| at * speed)));
        }
    }
    let cos = all.iter().map(|angle| angle.cos()).collect();
    Angles { cos, sin: all.iter().map(|angle| angle.sin()).collect(), half }
}

fn tables(angles: Angles, runtime: &Runtime) -> Result<[Tensor; 2]> {
    let shape = (1, angles.cos.len() / angles.half, 1, angles.half);
    Ok([runtime.tensor(angles.cos, shape)?, runtime.tensor(angles.sin, shape)?])
}

fn by_candle(x: &Tensor, columns: usize, [cos, sin]: &[Tensor; 2]) -> Result<Tensor> {
    let (batch, rows, width) = x.dims3()?;
    let half = cos.dim(3)?;
    let heads = x.narrow(2, 0, columns)?.to_dtype(DType::F32)?;
    let heads = heads.reshape((batch, rows, columns / (2 * half), 2 * half))?;
    let (left, right) = (heads.narrow(3, 0, half)?, heads.narrow(3, half, half)?);
    let turned = [
        (left.broadcast_mul(cos)? - right.broadcast_mul(sin)?)?,
        (right.broadcast_mul(cos)? + left.broadcast_mul(sin)?)?,
    ];
    let turned = Tensor::cat(&turned, 3)?.reshape((batch, rows, columns))?.to_dtype(x.dtype())?;
    Tensor::cat(&[turned, x.narrow(2, columns, width - columns)?], 2)
}

/// The outputs of a layer, `inputs` values each, in the order in which [`Rotary`] turns them:
/// checkpoints keep the two channels of a point next to each other, here the first ones of a head
/// come before all second ones. Queries and keys in the same new order have the same products.
pub(crate) fn halves(values: &[f32], inputs: usize, head_width: usize) -> Vec<f32> {
    let heads = values.chunks_exact(head_width * inputs);
    let channels = |head| <[f32]>::chunks_exact(head, inputs);
    heads
        .flat_map(|head| channels(head).step_by(2).chain(channels(head).skip(1).step_by(2)))
        .flatten()
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Linear;
    use crate::runtime::both_backends;

    const CONFIG: RotaryConfig = RotaryConfig { reference: 4, offset: 1.0, across_first: true };

    #[test]
    fn both_axes_turn_half_of_the_channels() {
        let angles = angles(&CONFIG, [2, 3], 1, 8);
        assert_eq!((angles.half, angles.cos.len()), (4, 7 * 4));
        assert_eq!(angles.cos[..4], [1.0; 4]); // the class token
        // The last patch: x = (2 + 1) / 3 * 4, y = (1 + 1) / 2 * 4, and a hundredth of both.
        let expected = [4f32, 0.04, 4.0, 0.04].map(f32::sin);
        assert!(angles.sin[24..].iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6));
        let other = super::angles(&RotaryConfig { across_first: false, ..CONFIG }, [2, 3], 1, 8);
        assert_eq!(other.sin[8..10], angles.sin[10..12]);
    }

    #[test]
    fn neighbours_become_halves() {
        let values: Vec<f32> = (0..16).map(|v| v as f32).collect();
        let out = halves(&values, 2, 4);
        assert_eq!(out[..8], [0.0, 1.0, 4.0, 5.0, 2.0, 3.0, 6.0, 7.0]);
        assert_eq!(out[8..], [8.0, 9.0, 12.0, 13.0, 10.0, 11.0, 14.0, 15.0]);
    }

    #[test]
    fn the_kernel_and_candle_agree() {
        let value = |i: usize| ((i * 37) % 41) as f32 / 20.0 - 1.0;
        let weight: Vec<f32> = (0..48 * 5).map(value).collect();
        let turned = |runtime: Runtime| {
            let rotary = Rotary::new(&CONFIG, [2, 3], 1, 8, &runtime).unwrap();
            let layer = Linear::new(weight.clone(), None, [48, 5], &runtime).unwrap();
            let x = runtime.tensor((0..3 * 7 * 5).map(value).collect(), (3, 7, 5)).unwrap();
            layer.forward_rotated(&x, 0..48, &rotary, 32).unwrap()
        };
        let [ours, theirs] = both_backends().map(turned);
        let flat = |x: &Tensor| x.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert!(flat(&ours).iter().zip(flat(&theirs)).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}
