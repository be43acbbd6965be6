//! Embeddings as stored: 16-bit floats ([`seer_store::half_precision`]).

use half::f16;
use seer_store::{Point, from_half_precision, half_precision};
use seer_types::{Embedding, ModelFingerprint, RowId};
use serde::{Deserialize, Serialize};

use crate::change::StoredPoint;
use crate::keys;
use crate::value::{self, BadValue};

#[derive(Serialize, Deserialize)]
struct EmbeddingV1<'a> {
    row: u32,
    /// Little-endian IEEE 754 half precision, two bytes per number.
    #[serde(borrow)]
    values: &'a [u8],
}

pub(crate) fn encode(row: RowId, embedding: &Embedding) -> Result<Vec<u8>, BadValue> {
    let values = numbers(embedding);
    value::encode(&EmbeddingV1 { row: row.0, values: &values })
}

pub(crate) fn decode(
    model: ModelFingerprint,
    bytes: &[u8],
) -> Result<(RowId, Embedding), BadValue> {
    value::decode::<EmbeddingV1<'_>>("embedding", bytes)?.read(model)
}

impl EmbeddingV1<'_> {
    fn read(&self, model: ModelFingerprint) -> Result<(RowId, Embedding), BadValue> {
        let pairs = self.values.chunks_exact(2);
        if !pairs.remainder().is_empty() {
            return Err(BadValue("an embedding has half a number".into()));
        }
        let numbers: Vec<f16> = pairs.map(|pair| f16::from_le_bytes([pair[0], pair[1]])).collect();
        let embedding = from_half_precision(model, &numbers)
            .map_err(|error| BadValue(format!("an embedding is not one ({error})")))?;
        Ok((RowId(self.row), embedding))
    }
}

fn numbers(embedding: &Embedding) -> Vec<u8> {
    half_precision(embedding).into_iter().flat_map(|number| number.to_le_bytes()).collect()
}

#[derive(Serialize, Deserialize)]
struct PartV1<'a> {
    /// The photo's row.
    photo: u32,
    #[serde(borrow)]
    own: EmbeddingV1<'a>,
}

/// The value of a part that has a row of its own.
pub(crate) fn encode_part(
    photo: RowId,
    row: RowId,
    embedding: &Embedding,
) -> Result<Vec<u8>, BadValue> {
    let values = numbers(embedding);
    value::encode(&PartV1 { photo: photo.0, own: EmbeddingV1 { row: row.0, values: &values } })
}

pub(crate) fn decode_part(
    model: ModelFingerprint,
    key: &[u8],
    bytes: &[u8],
) -> Result<StoredPoint, BadValue> {
    let (id, part) =
        keys::photo_and_part(key).ok_or_else(|| BadValue("a part's key is none".into()))?;
    let PartV1 { photo, own } = value::decode("part", bytes)?;
    let (row, embedding) = own.read(model)?;
    Ok(StoredPoint { row, photo: RowId(photo), id, point: Point { part, embedding } })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: ModelFingerprint = ModelFingerprint([7; 16]);

    #[test]
    fn two_bytes_per_number() {
        let e = Embedding::new(MODEL, vec![0.0, 1.0]).unwrap();
        // version, row as varint, byte count, 0.0 and 1.0 (0x3c00)
        assert_eq!(encode(RowId(300), &e).unwrap(), [1, 0xac, 0x02, 4, 0, 0, 0, 0x3c]);
    }

    #[test]
    fn direction_and_row_survive() {
        let mut seed = 1u32;
        for dim in [2usize, 64, 512, 768] {
            let values = (0..dim).map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
            });
            let before = Embedding::new(MODEL, values.collect()).unwrap();
            let bytes = encode(RowId(9), &before).unwrap();
            let (row, after) = decode(MODEL, &bytes).unwrap();
            assert_eq!((row, after.dim()), (RowId(9), dim));
            let exact = |a: &Embedding, b: &Embedding| -> f64 {
                let pairs = a.values().iter().zip(b.values());
                pairs.map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
            };
            let norms = (exact(&before, &before) * exact(&after, &after)).sqrt();
            let error = 1.0 - exact(&before, &after) / norms;
            assert!(error.abs() < 1e-6, "dim {dim}: {error}");
        }
    }

    #[test]
    fn foreign_bytes_are_refused() {
        let infinite = [1, 0, 2, 0x00, 0x7c];
        for bytes in [&[1, 0, 1, 0][..], &[1, 0, 2, 0, 0], &[1, 0, 9, 0], &infinite, &[3], &[]] {
            assert!(decode(MODEL, bytes).is_err(), "{bytes:?}");
        }
    }
}
