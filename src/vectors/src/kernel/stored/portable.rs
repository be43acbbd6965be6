//! Plain Rust: for any processor, and the yardstick for the others.

use half::f16;

/// Independent sums, so that the compiler may use whatever vector registers there are.
const LANES: usize = 16;

pub(super) fn sums(query: &[f32], stored: &[f16]) -> (f32, f32) {
    let length = query.len().min(stored.len());
    let (query, stored) = (&query[..length], &stored[..length]);
    let (mut products, mut squares) = ([0f32; LANES], [0f32; LANES]);
    let (queries, halves) = (query.chunks_exact(LANES), stored.chunks_exact(LANES));
    let rest = rest(queries.remainder(), halves.remainder());
    for (x, y) in queries.zip(halves) {
        for lane in 0..LANES {
            let y = widened(y[lane]);
            products[lane] += x[lane] * y;
            squares[lane] += y * y;
        }
    }
    (products.iter().sum::<f32>() + rest.0, squares.iter().sum::<f32>() + rest.1)
}

/// The sums of what fills no register, one by one.
pub(super) fn rest(query: &[f32], stored: &[f16]) -> (f32, f32) {
    let each = || query.iter().zip(stored).map(|(x, y)| (*x, widened(*y)));
    (each().map(|(x, y)| x * y).sum(), each().map(|(_, y)| y * y).sum())
}

/// A finite half as f32, by moving its bits: the exponent's bias is made up for by a factor.
fn widened(half: f16) -> f32 {
    const FACTOR: f32 = f32::from_bits((127 + 112) << 23);
    let bits = u32::from(half.to_bits());
    let size = f32::from_bits((bits & 0x7fff) << 13) * FACTOR;
    f32::from_bits(size.to_bits() | (bits & 0x8000) << 16)
}
