//! Multi-head attention between its projections.

use candle_core::{DType, Device, Result, Tensor};
use candle_transformers::utils::build_additive_causal_mask;
use seer_kernels::attention::{self, Inputs};

use crate::layers::host;
use crate::runtime::{Backend, Runtime};
pub(crate) use seer_kernels::attention::Mask;

/// How the width is shared among heads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Heads {
    /// Number of heads.
    pub count: usize,
    /// Channels of each.
    pub width: usize,
    /// What computes.
    pub backend: Backend,
}

impl Heads {
    /// `count` heads that share `width` channels.
    pub fn new(count: usize, width: usize, runtime: &Runtime) -> Self {
        Self { count, width: width / count, backend: runtime.backend() }
    }

    /// Every place of an item asks: `qkv` is `[batch, rows, 3 * width]`, queries before keys
    /// before values; out comes `[batch, rows, width]`.
    pub fn attend(self, qkv: &Tensor, mask: Mask) -> Result<Tensor> {
        let (batch, rows, _) = qkv.dims3()?;
        let width = self.count * self.width;
        match self.backend {
            Backend::Kernels => host::map(qkv, (batch, rows, width), |qkv| {
                attention::attention(Inputs {
                    queries: qkv,
                    query_step: 3 * width,
                    query_rows: rows,
                    keys: &qkv[width..],
                    values: &qkv[2 * width..],
                    key_step: 3 * width,
                    key_rows: rows,
                    batch,
                    heads: self.count,
                    head_width: self.width,
                    mask,
                })
            }),
            Backend::Candle => {
                let [q, k, v] = [0, 1, 2].map(|part| qkv.narrow(2, part * width, width));
                self.by_candle(&q?, &k?, &v?, mask)
            }
        }
    }

    /// One place of each item asks: `queries` is `[batch, 1, width]`, `kv` `[batch, rows,
    /// 2 * width]`; out comes `[batch, 1, width]`, f32.
    pub fn attend_once(self, queries: &Tensor, kv: &Tensor, mask: Mask) -> Result<Tensor> {
        let (batch, rows, _) = kv.dims3()?;
        let width = self.count * self.width;
        match self.backend {
            Backend::Kernels => host::map2(queries, kv, (batch, 1, width), |queries, kv| {
                attention::attention(Inputs {
                    queries,
                    query_step: width,
                    query_rows: 1,
                    keys: kv,
                    values: &kv[width..],
                    key_step: 2 * width,
                    key_rows: rows,
                    batch,
                    heads: self.count,
                    head_width: self.width,
                    mask,
                })
            }),
            Backend::Candle => {
                // In f32, which costs little for one place: poolings ask with numbers that are large.
                let (queries, kv) = (queries.to_dtype(DType::F32)?, kv.to_dtype(DType::F32)?);
                let [k, v] = [0, 1].map(|part| kv.narrow(2, part * width, width));
                self.by_candle(&queries, &k?, &v?, mask)
            }
        }
    }

    fn by_candle(self, q: &Tensor, k: &Tensor, v: &Tensor, mask: Mask) -> Result<Tensor> {
        let split = |x: &Tensor| -> Result<Tensor> {
            let (batch, rows, _) = x.dims3()?;
            x.reshape((batch, rows, self.count, self.width))?.transpose(1, 2)?.contiguous()
        };
        let (batch, queries, width) = q.dims3()?;
        let factor = 1.0 / (self.width as f64).sqrt();
        // Queries are scaled, not scores: those could be beyond the range of f16.
        let mut scores = (split(q)? * factor)?.matmul(&split(k)?.t()?)?;
        if let Some(hidden) = hidden(mask, [batch, queries, k.dim(1)?], &scores)? {
            scores = scores.broadcast_add(&hidden)?;
        }
        let shares = candle_nn::ops::softmax_last_dim(&scores)?;
        shares.matmul(&split(v)?)?.transpose(1, 2)?.reshape((batch, queries, width))
    }
}

/// 0 where a key is seen and minus infinity where not: `[batch or 1, 1, queries, keys]`, on the
/// device and of the type of `scores`.
fn hidden(
    mask: Mask,
    [batch, queries, keys]: [usize; 3],
    scores: &Tensor,
) -> Result<Option<Tensor>> {
    let (device, dtype) = (scores.device(), scores.dtype());
    let by_row = |items, rows, seen: &dyn Fn(usize) -> usize| {
        prefixes([items, rows, keys], seen, device)?.to_dtype(dtype)
    };
    match mask {
        Mask::None => Ok(None),
        Mask::Causal => build_additive_causal_mask(queries, 0, None, device, dtype).map(Some),
        Mask::Lengths(lengths) => by_row(batch, 1, &|item| lengths[item]).map(Some),
        Mask::Prefixes(seen) => by_row(batch, queries, &|row| seen[row]).map(Some),
    }
}

/// Row `n` of all items' rows sees the first `seen(n)` keys.
fn prefixes(
    [items, rows, keys]: [usize; 3],
    seen: &dyn Fn(usize) -> usize,
    device: &Device,
) -> Result<Tensor> {
    let value = |i: usize| if i % keys < seen(i / keys) { 0f32 } else { f32::NEG_INFINITY };
    let values: Vec<f32> = (0..items * rows * keys).map(value).collect();
    Tensor::from_vec(values, (items, 1, rows, keys), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(x: &Tensor) -> Vec<f32> {
        x.flatten_all().unwrap().to_vec1().unwrap()
    }

    fn assert_close(a: &Tensor, b: &Tensor) {
        let (a, b) = (flat(a), flat(b));
        assert_eq!(a.len(), b.len());
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-5), "{a:?} {b:?}");
    }

    #[test]
    fn the_kernel_and_candle_agree_under_every_mask() {
        let heads = Heads { count: 2, width: 4, backend: Backend::Kernels };
        let candle = Heads { backend: Backend::Candle, ..heads };
        let values: Vec<f32> =
            (0..3 * 5 * 24).map(|i| ((i * 37) % 19) as f32 / 9.0 - 1.0).collect();
        let qkv = Tensor::from_vec(values, (3, 5, 24), &Device::Cpu).unwrap();
        let seen: Vec<usize> = (0..15).map(|i| i * 2 % 5 + 1).collect();
        let lengths = Mask::Lengths(&[1, 5, 3]);
        for mask in [Mask::None, Mask::Causal, lengths, Mask::Prefixes(&seen)] {
            let ours = heads.attend(&qkv, mask).unwrap();
            let theirs = candle.attend(&qkv, mask).unwrap();
            assert_close(&ours, &theirs);
        }
        let once = qkv.narrow(2, 0, 8).unwrap().narrow(1, 2, 1).unwrap();
        let kv = qkv.narrow(2, 8, 16).unwrap();
        let all = heads.attend(&qkv, Mask::Causal).unwrap();
        for heads in [heads, candle] {
            let one = heads.attend_once(&once, &kv, Mask::Lengths(&[3, 3, 3])).unwrap();
            assert_close(&one, &all.narrow(1, 2, 1).unwrap());
        }
    }
}
