//! The inverse cosine transform of a whole block, to the bit of the one that is in general use.
//!
//! Decoders may round differently (T.81 leaves it open), and models were trained on what the
//! widespread one gives: the flow graph of C. Loeffler, A. Ligtenberg and G. S. Moschytz
//! ("Practical fast 1-D DCT algorithms with 11 multiplications", ICASSP 1989) with factors of 13
//! fractional bits, columns before rows, and two more fractional bits between them.

/// Fractional bits of the factors.
const FRACTION: u32 = 13;

/// Fractional bits kept between the two passes.
const KEPT: u32 = 2;

/// What each frequency alone becomes: the flow graph has no rounding inside, so sums of these are
/// what it gives.
const WAVES: [[i32; 8]; 8] = {
    let mut waves = [[0; 8]; 8];
    let mut u = 0;
    while u < 8 {
        let mut alone = [0; 8];
        alone[u] = 1;
        waves[u] = points(alone);
        u += 1;
    }
    waves
};

/// Turns a block's coefficients (8 to a row) into 8 x 8 pixels. All but the lowest `N` x `N` are 0.
///
/// Numbers that no picture has wrap around.
#[inline(always)]
pub(super) fn inverse<const N: usize>(block: &[i32; 64], out: &mut [u8], stride: usize) {
    let mut rows = [[0i32; 8]; 8];
    for x in 0..8 {
        let column = std::array::from_fn(|v| if v < N { block[v * 8 + x] } else { 0 });
        let column = points(column);
        for y in 0..8 {
            rows[y][x] = column[y].wrapping_add(1 << (FRACTION - KEPT - 1)) >> (FRACTION - KEPT);
        }
    }
    for (y, row) in rows.iter().enumerate() {
        // The transform leaves a factor of 8, and 128 is the middle of the levels.
        const LAST: u32 = FRACTION + KEPT + 3;
        let mut sums = [(128i32 << LAST) + (1 << (LAST - 1)); 8];
        for u in 0..N {
            for x in 0..8 {
                sums[x] = sums[x].wrapping_add(row[u].wrapping_mul(WAVES[u][x]));
            }
        }
        let out = &mut out[y * stride..][..8];
        for x in 0..8 {
            out[x] = (sums[x] >> LAST).clamp(0, 255) as u8;
        }
    }
}

/// Eight frequencies as eight points, with [`FRACTION`] more bits.
#[inline(always)]
const fn points(x: [i32; 8]) -> [i32; 8] {
    let [e0, e1, e2, e3] = even_half(x[0], x[2], x[4], x[6]);
    let [o0, o1, o2, o3] = odd_half(x[1], x[3], x[5], x[7]);
    [
        e0.wrapping_add(o0),
        e1.wrapping_add(o1),
        e2.wrapping_add(o2),
        e3.wrapping_add(o3),
        e3.wrapping_sub(o3),
        e2.wrapping_sub(o2),
        e1.wrapping_sub(o1),
        e0.wrapping_sub(o0),
    ]
}

/// `number` with [`FRACTION`] bits.
const fn fixed(number: f64) -> i32 {
    (number * (1 << FRACTION) as f64 + 0.5) as i32
}

/// `number` times a constant.
#[inline(always)]
const fn times(number: i32, factor: i32) -> i32 {
    number.wrapping_mul(factor)
}

/// The first four points' share of the even frequencies; the others mirror it.
///
/// Below, `ck` stands for `cos(k * pi / 16)`.
#[inline(always)]
const fn even_half(x0: i32, x2: i32, x4: i32, x6: i32) -> [i32; 4] {
    // A turn by 6/16 of pi with three multiplications: sqrt(2) times c6, c2 + c6 and c2 - c6.
    let both = times(x2.wrapping_add(x6), const { fixed(0.541_196_100) });
    let inner = both.wrapping_sub(times(x6, const { fixed(1.847_759_065) }));
    let outer = both.wrapping_add(times(x2, const { fixed(0.765_366_865) }));
    let sum = x0.wrapping_add(x4) << FRACTION;
    let difference = x0.wrapping_sub(x4) << FRACTION;
    [
        sum.wrapping_add(outer),
        difference.wrapping_add(inner),
        difference.wrapping_sub(inner),
        sum.wrapping_sub(outer),
    ]
}

/// The first four points' share of the odd frequencies; the others have it with the other sign.
#[inline(always)]
const fn odd_half(x1: i32, x3: i32, x5: i32, x7: i32) -> [i32; 4] {
    let (sum17, sum35) = (x1.wrapping_add(x7), x3.wrapping_add(x5));
    let (sum37, sum15) = (x3.wrapping_add(x7), x1.wrapping_add(x5));
    // sqrt(2) times c3; c3 - c7, c1 + c3, c3 + c5, c3 - c5.
    let all = times(sum37.wrapping_add(sum15), const { fixed(1.175_875_602) });
    let part17 = times(sum17, const { fixed(0.899_976_223) });
    let part35 = times(sum35, const { fixed(2.562_915_447) });
    let part37 = all.wrapping_sub(times(sum37, const { fixed(1.961_570_560) }));
    let part15 = all.wrapping_sub(times(sum15, const { fixed(0.390_180_644) }));
    // sqrt(2) times c1 + c3 - c5 - c7, c1 + c3 + c5 - c7, c1 + c3 - c5 + c7, -c1 + c3 + c5 - c7.
    let own1 = times(x1, const { fixed(1.501_321_110) });
    let own3 = times(x3, const { fixed(3.072_711_026) });
    let own5 = times(x5, const { fixed(2.053_119_869) });
    let own7 = times(x7, const { fixed(0.298_631_336) });
    [
        own1.wrapping_sub(part17).wrapping_add(part15),
        own3.wrapping_sub(part35).wrapping_add(part37),
        own5.wrapping_sub(part35).wrapping_add(part15),
        own7.wrapping_sub(part17).wrapping_add(part37),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition (T.81, A.3.3) in wide numbers.
    fn exact(block: &[i32; 64], x: usize, y: usize) -> f64 {
        let wave = |u: usize, x: usize| {
            let angle = (2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0;
            if u == 0 { 0.5f64.sqrt() } else { angle.cos() }
        };
        let terms = (0..64).map(|i| f64::from(block[i]) * wave(i % 8, x) * wave(i / 8, y));
        (terms.sum::<f64>() / 4.0 + 128.0).clamp(0.0, 255.0)
    }

    #[test]
    fn agrees_with_the_definition() {
        let mut state = 7u32;
        for round in 0..200 {
            let block = std::array::from_fn(|i| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let span = if i == 0 { 900 } else { 600 / (1 + i as i32) + round % 7 };
                (state >> 8) as i32 % (2 * span + 1) - span
            });
            let mut out = vec![0; 8 * 11];
            inverse::<8>(&block, &mut out, 11);
            for (x, y) in (0..64).map(|i| (i % 8, i / 8)) {
                let (ours, exact) = (f64::from(out[y * 11 + x]), exact(&block, x, y));
                assert!((ours - exact).abs() < 0.6, "at {x}, {y}: {ours}, {exact}");
            }
        }
    }

    #[test]
    fn the_corner_alone_gives_the_same() {
        let block =
            std::array::from_fn(|i| if i % 8 < 4 && i < 32 { 300 - i as i32 * 19 } else { 0 });
        let (mut whole, mut corner) = ([0; 64], [0; 64]);
        inverse::<8>(&block, &mut whole, 8);
        inverse::<4>(&block, &mut corner, 8);
        assert_eq!(whole, corner);
    }

    #[test]
    fn a_first_coefficient_alone_is_an_eighth_everywhere() {
        for value in -1100..1100 {
            let mut block = [0; 64];
            block[0] = value;
            let mut out = [0; 64];
            inverse::<4>(&block, &mut out, 8);
            assert_eq!(out, [((value + 4 + 1024) >> 3).clamp(0, 255) as u8; 64]);
        }
    }

    #[test]
    fn numbers_that_no_picture_has_wrap() {
        for value in [i32::MIN, i32::MAX, -1 << 30] {
            inverse::<8>(&[value; 64], &mut [0; 64], 8);
        }
    }
}
