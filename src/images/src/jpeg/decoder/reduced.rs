//! Inverse cosine transforms with fewer points than the forward one had.
//!
//! A block's N x N lowest frequencies, put through the N-point inverse transform, give the block
//! at N/8 of its size (K. N. Ngan, "Experiments on two-dimensional decimation in time and
//! orthogonal transform domains", Signal Processing 11, 1986). That is an ideal low-pass within
//! the block: nearer to a well-filtered reduction than the mean of the pixels is.

/// Fractional bits of the factors.
const FRACTION: u32 = 13;

/// Fractional bits kept between the two passes.
const KEPT: u32 = 2;

/// `cos(k * pi / 16)` for k from 0 to 8, with [`FRACTION`] bits, times the square root of 2.
const COSINES: [i32; 9] = [11585, 11363, 10703, 9633, 8192, 6436, 4433, 2260, 0];

/// The factor of frequency `u` at point `x` of `N`: 1 for u = 0, else
/// `sqrt(2) * cos((2x + 1) * u * pi / 2N)`. The forward transform's norm leaves 1/8 for the end.
const fn factors<const N: usize>() -> [[i32; N]; N] {
    let mut all = [[1 << FRACTION; N]; N];
    let mut x = 0;
    while x < N {
        let mut u = 1;
        while u < N {
            // In sixteenths of pi, which come round every 32.
            let angle = (2 * x + 1) * u * (8 / N) % 32;
            let angle = if angle > 16 { 32 - angle } else { angle };
            all[u][x] = if angle > 8 { -COSINES[16 - angle] } else { COSINES[angle] };
            u += 1;
        }
        x += 1;
    }
    all
}

/// Turns a block's `W` x `H` lowest frequencies (of `block`, 8 to a row) into that many pixels.
///
/// Numbers that no picture has wrap around.
#[inline(always)]
pub(super) fn inverse<const W: usize, const H: usize>(
    block: &[i32; 64],
    out: &mut [u8],
    stride: usize,
) {
    let (across, down) = (const { factors::<W>() }, const { factors::<H>() });
    let mut rows = [[0i32; W]; H];
    for v in 0..H {
        for y in 0..H {
            for u in 0..W {
                let part = block[v * 8 + u].wrapping_mul(down[v][y]);
                rows[y][u] = rows[y][u].wrapping_add(part);
            }
        }
    }
    for (y, row) in rows.iter().enumerate() {
        const LAST: u32 = FRACTION + KEPT + 3;
        let mut sums = [(128i32 << LAST) + (1 << (LAST - 1)); W];
        for u in 0..W {
            let value = row[u].wrapping_add(1 << (FRACTION - KEPT - 1)) >> (FRACTION - KEPT);
            for x in 0..W {
                sums[x] = sums[x].wrapping_add(value.wrapping_mul(across[u][x]));
            }
        }
        let out = &mut out[y * stride..][..W];
        for x in 0..W {
            out[x] = (sums[x] >> LAST).clamp(0, 255) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition in wide numbers.
    fn exact<const W: usize, const H: usize>(block: &[i32; 64], x: usize, y: usize) -> f64 {
        let wave = |u: usize, x: usize, n: usize| {
            let angle = (2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / (2 * n) as f64;
            if u == 0 { 1.0 } else { 2f64.sqrt() * angle.cos() }
        };
        let mut sum = 0.0;
        for v in 0..H {
            for u in 0..W {
                sum += f64::from(block[v * 8 + u]) * wave(u, x, W) * wave(v, y, H);
            }
        }
        (sum / 8.0 + 128.0).clamp(0.0, 255.0)
    }

    fn compare<const W: usize, const H: usize>(block: &[i32; 64]) {
        let mut out = vec![0; H * 11];
        inverse::<W, H>(block, &mut out, 11);
        for y in 0..H {
            for x in 0..W {
                let (ours, exact) = (f64::from(out[y * 11 + x]), exact::<W, H>(block, x, y));
                assert!((ours - exact).abs() < 0.6, "{W} x {H} at {x}, {y}: {ours}, {exact}");
            }
        }
    }

    #[test]
    fn all_sizes_agree_with_the_definition() {
        let mut state = 7u32;
        for round in 0..200 {
            let block = std::array::from_fn(|i| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let span = if i == 0 { 900 } else { 600 / (1 + i as i32) + round % 7 };
                (state >> 8) as i32 % (2 * span + 1) - span
            });
            compare::<1, 1>(&block);
            compare::<2, 1>(&block);
            compare::<1, 2>(&block);
            compare::<2, 2>(&block);
            compare::<4, 2>(&block);
            compare::<4, 4>(&block);
            compare::<8, 4>(&block);
        }
    }

    #[test]
    fn by_hand() {
        let mut block = [0; 64];
        (block[0], block[1], block[8], block[9]) = (80, 16, 8, 0);
        let mut out = [0; 4];
        inverse::<2, 2>(&block, &mut out, 2);
        // 128 + (80 +- 16 +- 8) / 8.
        assert_eq!(out, [141, 137, 139, 135]);
        inverse::<1, 1>(&block, &mut out, 1);
        assert_eq!(out[0], 138);
    }

    #[test]
    fn numbers_that_no_picture_has_wrap() {
        let mut out = [0; 64];
        for value in [i32::MIN, i32::MAX, -1 << 30] {
            inverse::<8, 4>(&[value; 64], &mut out, 8);
            inverse::<4, 4>(&[value; 64], &mut out, 8);
        }
    }
}
