//! Running a kernel over the memory of tensors on the processor.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor};

/// `kernel` over one contiguous f32 tensor.
pub(super) fn map(
    x: &Tensor,
    shape: impl Into<Shape>,
    kernel: impl Fn(&[f32]) -> Vec<f32>,
) -> Result<Tensor> {
    x.contiguous()?.apply_op1_no_bwd(&One { shape: shape.into(), kernel })
}

/// `kernel` over two contiguous f32 tensors.
pub(super) fn map2(
    x: &Tensor,
    y: &Tensor,
    shape: impl Into<Shape>,
    kernel: impl Fn(&[f32], &[f32]) -> Vec<f32>,
) -> Result<Tensor> {
    x.contiguous()?.apply_op2_no_bwd(&y.contiguous()?, &Two { shape: shape.into(), kernel })
}

struct One<F> {
    shape: Shape,
    kernel: F,
}

struct Two<F> {
    shape: Shape,
    kernel: F,
}

impl<F: Fn(&[f32]) -> Vec<f32>> CustomOp1 for One<F> {
    fn name(&self) -> &'static str {
        "seer kernel of one tensor"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let out = (self.kernel)(slice(storage, layout)?);
        Ok((CpuStorage::F32(out), self.shape.clone()))
    }
}

impl<F: Fn(&[f32], &[f32]) -> Vec<f32>> CustomOp2 for Two<F> {
    fn name(&self) -> &'static str {
        "seer kernel of two tensors"
    }

    fn cpu_fwd(
        &self,
        first: &CpuStorage,
        first_layout: &Layout,
        second: &CpuStorage,
        second_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (x, y) = (slice(first, first_layout)?, slice(second, second_layout)?);
        Ok((CpuStorage::F32((self.kernel)(x, y)), self.shape.clone()))
    }
}

fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let values = storage.as_slice::<f32>()?;
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&values[start..end]),
        None => candle_core::bail!("a kernel needs a contiguous tensor"),
    }
}
