//! Stored numbers to f32, on all cores.

use half::{bf16, f16};
use rayon::prelude::*;
use safetensors::Dtype;

/// Values per parallel piece.
const PIECE: usize = 1 << 16;

/// Little-endian numbers as f32; `None` for a kind that is not read.
pub(super) fn to_f32(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    match dtype {
        Dtype::F32 => Some(convert(bytes, f32::from_le_bytes)),
        Dtype::F16 => Some(convert(bytes, |b| f16::from_le_bytes(b).to_f32())),
        Dtype::BF16 => Some(convert(bytes, |b| bf16::from_le_bytes(b).to_f32())),
        _ => None,
    }
}

/// 8-bit rows times one scale each: `rows` are equally long, one scale per row.
pub(super) fn scaled_rows(bytes: &[u8], scales: &[f32]) -> Vec<f32> {
    let row = bytes.len() / scales.len().max(1);
    let mut out = vec![0f32; bytes.len()];
    out.par_chunks_mut(row.max(1)).zip(bytes.par_chunks(row.max(1))).zip(scales).for_each(
        |((out, bytes), scale)| {
            for (value, byte) in out.iter_mut().zip(bytes) {
                *value = f32::from(byte.cast_signed()) * scale;
            }
        },
    );
    out
}

/// Values that share a scale in 4-bit rows.
pub(super) const BLOCK: usize = 32;

/// 4-bit numbers, less 8, times one scale for each [`BLOCK`] of them: byte `j` of a block holds its
/// value `j` in the lower half and its value `j + 16` in the upper one.
pub(super) fn scaled_blocks(bytes: &[u8], scales: &[f32]) -> Vec<f32> {
    let mut out = vec![0f32; bytes.len() * 2];
    let blocks = bytes.as_chunks::<{ BLOCK / 2 }>().0;
    out.par_chunks_mut(BLOCK).zip(blocks).zip(scales).for_each(|((out, block), scale)| {
        scaled_block(block, *scale, out);
    });
    out
}

/// One block of [`scaled_blocks`].
pub(super) fn scaled_block(block: &[u8; BLOCK / 2], scale: f32, out: &mut [f32]) {
    let (lower, upper) = out.split_at_mut(BLOCK / 2);
    for ((byte, low), high) in block.iter().zip(lower).zip(upper) {
        *low = (f32::from(byte & 15) - 8.0) * scale;
        *high = (f32::from(byte >> 4) - 8.0) * scale;
    }
}

fn convert<const N: usize>(bytes: &[u8], one: impl Fn([u8; N]) -> f32 + Sync) -> Vec<f32> {
    let mut out = vec![0f32; bytes.len() / N];
    out.par_chunks_mut(PIECE).zip(bytes.par_chunks(PIECE * N)).for_each(|(out, bytes)| {
        for (value, bytes) in out.iter_mut().zip(bytes.as_chunks::<N>().0) {
            *value = one(*bytes);
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read() {
        let bytes: Vec<u8> = [1.5f32, -2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        assert_eq!(to_f32(Dtype::F32, &bytes).unwrap(), [1.5, -2.0]);
        assert_eq!(to_f32(Dtype::F16, &[0x00, 0x3e, 0x00, 0xc0]).unwrap(), [1.5, -2.0]);
        assert_eq!(to_f32(Dtype::BF16, &[0xc0, 0x3f, 0x00, 0xc0]).unwrap(), [1.5, -2.0]);
        assert!(to_f32(Dtype::I64, &bytes).is_none());
    }

    #[test]
    fn four_bit_blocks_are_scaled() {
        let mut bytes = [0x88u8; BLOCK];
        (bytes[0], bytes[15], bytes[16]) = (0xf0, 0x19, 0x07);
        let values = scaled_blocks(&bytes, &[0.5, 2.0]);
        let expected = |at: usize| match at {
            0 => -4.0,
            15 => 0.5,
            16 => 3.5,
            31 => -3.5,
            32 => -2.0,
            48 => -16.0,
            _ => 0.0,
        };
        assert_eq!(values, (0..2 * BLOCK).map(expected).collect::<Vec<f32>>());
    }

    #[test]
    fn eight_bit_rows_are_scaled() {
        let bytes = [1, 255, 127, 128];
        assert_eq!(scaled_rows(&bytes, &[0.5, 2.0]), [0.5, -0.5, 254.0, -256.0]);
    }
}
