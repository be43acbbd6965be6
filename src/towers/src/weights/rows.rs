//! Rows of a matrix that stay in the numbers they are stored in, and are read one by one.

use std::borrow::Cow;

use half::{bf16, f16};

use super::numbers::{BLOCK, scaled_block};

/// A matrix `[rows, width]`, most of whose rows are seldom asked for.
pub(crate) struct StoredRows {
    numbers: Numbers,
    width: usize,
}

/// How numbers are stored.
pub(super) enum Numbers {
    F32(Vec<f32>),
    /// Two bytes each.
    F16(Cow<'static, [u8]>),
    Bf16(Cow<'static, [u8]>),
    /// 8-bit numbers times one scale for each row.
    Rows(Cow<'static, [u8]>, Vec<f32>),
    /// 4-bit numbers times one scale for each [`BLOCK`]: see [`super::numbers::scaled_blocks`].
    Blocks(Cow<'static, [u8]>, Vec<f32>),
}

impl StoredRows {
    pub(super) fn new(numbers: Numbers, width: usize) -> Self {
        Self { numbers, width }
    }

    /// Numbers as they are, row by row.
    pub(crate) fn of(values: Vec<f32>, width: usize) -> Self {
        Self::new(Numbers::F32(values), width)
    }

    /// Numbers in a row.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        let numbers = match &self.numbers {
            Numbers::F32(values) => values.len(),
            Numbers::F16(bytes) | Numbers::Bf16(bytes) => bytes.len() / 2,
            Numbers::Rows(bytes, _) => bytes.len(),
            Numbers::Blocks(bytes, _) => bytes.len() * 2,
        };
        numbers / self.width.max(1)
    }

    /// Adds the numbers of one row to `out`. The row is there.
    pub(crate) fn read(&self, row: usize, out: &mut Vec<f32>) {
        let width = self.width;
        let (begin, end) = (row * width, (row + 1) * width);
        match &self.numbers {
            Numbers::F32(values) => out.extend_from_slice(&values[begin..end]),
            Numbers::F16(bytes) => {
                let pairs = bytes[2 * begin..2 * end].as_chunks::<2>().0;
                out.extend(pairs.iter().map(|pair| f16::from_le_bytes(*pair).to_f32()));
            }
            Numbers::Bf16(bytes) => {
                let pairs = bytes[2 * begin..2 * end].as_chunks::<2>().0;
                out.extend(pairs.iter().map(|pair| bf16::from_le_bytes(*pair).to_f32()));
            }
            Numbers::Rows(bytes, scales) => {
                let scale = scales[row];
                out.extend(bytes[begin..end].iter().map(|b| f32::from(b.cast_signed()) * scale));
            }
            Numbers::Blocks(bytes, scales) => {
                let blocks = bytes[begin / 2..end / 2].as_chunks::<{ BLOCK / 2 }>().0;
                let start = out.len();
                out.resize(start + width, 0.0);
                let places = out[start..].chunks_exact_mut(BLOCK);
                for ((place, block), scale) in places.zip(blocks).zip(&scales[begin / BLOCK..]) {
                    scaled_block(block, *scale, place);
                }
            }
        }
    }

    /// All numbers, row by row.
    pub(crate) fn all(&self) -> Vec<f32> {
        let mut all = Vec::with_capacity(self.count() * self.width);
        (0..self.count()).for_each(|row| self.read(row, &mut all));
        all
    }
}
