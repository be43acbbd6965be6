//! One output pixel after the other: any kernel, and channels that do not fill a register.

use std::ops::Range;

use pulp::Simd;

use super::Seeing;

/// Some channels, at most as many as a register holds, of some output rows; `out` has all channels of
/// these rows.
#[inline(always)]
pub(super) fn run<S: Simd>(
    simd: S,
    picture: Seeing,
    rows: &Range<usize>,
    some: Range<usize>,
    out: &mut [f32],
) {
    let (channels, width) = (picture.taps.bias.len(), picture.window.out_width());
    for (place, out) in out.chunks_exact_mut(channels).enumerate() {
        let at = [rows.start + place / width, place % width];
        let sum = picture.finished(simd, sum(simd, picture, at, some.clone()));
        simd.partial_store_f32s(&mut out[some.clone()], sum);
    }
}

/// The sum for the output in row `y` and column `x`.
#[inline(always)]
fn sum<S: Simd>(simd: S, picture: Seeing, [y, x]: [usize; 2], some: Range<usize>) -> S::f32s {
    let Seeing { window, taps, .. } = picture;
    let (rows, columns) = (window.rows_seen(y), window.columns_seen(x));
    let mut sum = simd.partial_load_f32s(&taps.bias[some.clone()]);
    for tap_y in rows.taps.clone() {
        let row = picture.row(&rows, tap_y);
        for tap_x in columns.taps.clone() {
            let column = columns.first + tap_x - columns.skipped;
            let values = &row[column * taps.inputs + some.start % taps.inputs..][..some.len()];
            let tap = (tap_y * window.kernel + tap_x) * taps.bias.len();
            let weights = &taps.weight[tap + some.start..][..some.len()];
            let (values, weights) =
                (simd.partial_load_f32s(values), simd.partial_load_f32s(weights));
            sum = simd.mul_add_e_f32s(values, weights, sum);
        }
    }
    sum
}
