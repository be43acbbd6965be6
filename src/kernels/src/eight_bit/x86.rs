//! Sums of 8-bit products by the vector instructions of x86 processors.
//!
//! The only place with these intrinsics. Each type can be made by its `detect` alone, so whoever
//! holds one runs on a processor that has the instructions; loads and stores are of whole arrays.

use std::arch::x86_64::*;

use super::dot::{Dot, Sums, Tile};
use super::scaled::Scaled;
use super::weight::Groups;
use super::{BLOCK, GROUP, WIDTH};

/// `vpdpbusd` on 512-bit registers (Ice Lake, Zen 4 and later).
#[derive(Clone, Copy)]
pub(super) struct Avx512Vnni(());

/// `vpdpbusd` on 256-bit registers (Alder Lake, Zen 5 and later).
#[derive(Clone, Copy)]
pub(super) struct AvxVnni(());

/// `vpmaddwd` on values widened to 16 bits: unlike `vpmaddubsw` it cannot overflow.
#[derive(Clone, Copy)]
pub(super) struct Avx2(());

/// `$kernel::<height>(tile, end)` for a number of rows.
macro_rules! by_height {
    ($kernel:ident, $rows:expr, ($tile:expr, $end:expr), [$($height:literal)*]) => {
        match $rows {
            // SAFETY: the instructions are there: the type says so.
            $($height => unsafe { $kernel::<$height>($tile, $end) },)*
            height => unreachable!("a tile of {height} rows"),
        }
    };
}

impl Avx512Vnni {
    pub fn detect() -> Option<Self> {
        let there = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vnni");
        there.then_some(Self(()))
    }
}

impl Dot for Avx512Vnni {
    const ROWS: usize = 12;

    #[inline(always)]
    fn within<R>(self, work: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2")]
        fn inner<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: `detect` has seen these instructions.
        unsafe { inner(work) }
    }

    #[inline(always)]
    fn range(self, values: &[f32]) -> [f32; 2] {
        // SAFETY: the instructions are there: the type says so.
        unsafe { range512(values) }
    }

    #[inline(always)]
    fn sums(self, tile: Tile, sums: &mut [Sums]) {
        by_height!(avx512_vnni, sums.len(), (tile, End::Sums(sums)), [1 2 3 4 5 6 7 8 9 10 11 12]);
    }

    #[inline(always)]
    fn outputs(self, tile: Tile, scaled: Scaled) {
        let height = scaled.rows.len();
        if scaled.panel.outputs <= WIDTH / 2 {
            by_height!(avx512_half, height, (tile, scaled), [1 2 3 4 5 6 7 8 9 10 11 12]);
        } else {
            let end = End::Outputs(scaled);
            by_height!(avx512_vnni, height, (tile, end), [1 2 3 4 5 6 7 8 9 10 11 12]);
        }
    }
}

/// What becomes of a tile's sums.
enum End<'a, 'b, 'c> {
    Sums(&'a mut [Sums]),
    Outputs(Scaled<'b, 'c>),
}

impl AvxVnni {
    pub fn detect() -> Option<Self> {
        let there = is_x86_feature_detected!("avxvnni") && is_x86_feature_detected!("avx2");
        there.then_some(Self(()))
    }
}

impl Dot for AvxVnni {
    const ROWS: usize = 6;

    #[inline(always)]
    fn within<R>(self, work: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avxvnni,avx2")]
        fn inner<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: `detect` has seen these instructions.
        unsafe { inner(work) }
    }

    #[inline(always)]
    fn sums(self, tile: Tile, sums: &mut [Sums]) {
        by_height!(avx_vnni, sums.len(), (tile, sums), [1 2 3 4 5 6]);
    }
}

impl Avx2 {
    pub fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }
}

impl Dot for Avx2 {
    const ROWS: usize = 4;

    #[inline(always)]
    fn within<R>(self, work: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx2")]
        fn inner<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: `detect` has seen these instructions.
        unsafe { inner(work) }
    }

    #[inline(always)]
    fn sums(self, tile: Tile, sums: &mut [Sums]) {
        by_height!(avx2, sums.len(), (tile, sums), [1 2 3 4]);
    }
}

/// The lowest and the highest value; what is not a number counts for nothing, as elsewhere.
#[target_feature(enable = "avx512f")]
fn range512(values: &[f32]) -> [f32; 2] {
    let mut low = [_mm512_set1_ps(f32::INFINITY); 2];
    let mut high = [_mm512_set1_ps(f32::NEG_INFINITY); 2];
    let (pairs, rest) = values.as_chunks::<32>();
    for pair in pairs {
        for place in 0..2 {
            // SAFETY: sixteen values are one register, and any address will do.
            let found = unsafe { _mm512_loadu_ps(pair[16 * place..][..16].as_ptr()) };
            // The second is taken where the first is not a number.
            low[place] = _mm512_min_ps(found, low[place]);
            high[place] = _mm512_max_ps(found, high[place]);
        }
    }
    for rest in rest.chunks(16) {
        let mask = (1u32 << rest.len()).wrapping_sub(1) as u16;
        // SAFETY: as many values are read as there are.
        let found = |other| unsafe { _mm512_mask_loadu_ps(other, mask, rest.as_ptr()) };
        low[0] = _mm512_min_ps(found(low[0]), low[0]);
        high[0] = _mm512_max_ps(found(high[0]), high[0]);
    }
    let (low, high) = (_mm512_min_ps(low[0], low[1]), _mm512_max_ps(high[0], high[1]));
    [_mm512_reduce_min_ps(low), _mm512_reduce_max_ps(high)]
}

/// The weights of sixteen outputs from `first` on.
#[target_feature(enable = "avx512f")]
fn register512(weights: &Groups, first: usize) -> __m512i {
    // SAFETY: sixteen outputs of four bytes each are one register, and any address will do.
    unsafe { _mm512_loadu_si512(weights.0[first..first + 16].as_ptr().cast()) }
}

#[target_feature(enable = "avx512f,avx512vnni")]
fn avx512_vnni<const ROWS: usize>(tile: Tile, end: End) {
    let mut held = [[_mm512_setzero_si512(); 2]; ROWS];
    for (blocks, weights) in blocks::<ROWS>(tile) {
        for place in 0..BLOCK {
            let weights = [register512(&weights[place], 0), register512(&weights[place], 16)];
            for row in 0..ROWS {
                let inputs = _mm512_set1_epi32(i32::from_ne_bytes(blocks[row][place]));
                held[row][0] = _mm512_dpbusd_epi32(held[row][0], inputs, weights[0]);
                held[row][1] = _mm512_dpbusd_epi32(held[row][1], inputs, weights[1]);
            }
        }
    }
    let held = copied512(&held);
    match end {
        End::Outputs(scaled) => write512(&held, scaled),
        End::Sums(sums) => {
            for (held, sums) in held.into_iter().zip(sums) {
                let sums = sums.as_mut_ptr().cast::<__m512i>();
                // SAFETY: 32 sums are two registers, and any address will do.
                unsafe {
                    _mm512_storeu_si512(sums, held[0]);
                    _mm512_storeu_si512(sums.add(1), held[1]);
                }
            }
        }
    }
}

/// The first sixteen outputs of a panel that has no more.
#[target_feature(enable = "avx512f,avx512vnni")]
fn avx512_half<const ROWS: usize>(tile: Tile, scaled: Scaled) {
    let mut held = [[_mm512_setzero_si512()]; ROWS];
    for (blocks, weights) in blocks::<ROWS>(tile) {
        for place in 0..BLOCK {
            let weights = register512(&weights[place], 0);
            for row in 0..ROWS {
                let inputs = _mm512_set1_epi32(i32::from_ne_bytes(blocks[row][place]));
                held[row][0] = _mm512_dpbusd_epi32(held[row][0], inputs, weights);
            }
        }
    }
    write512(&copied512(&held), scaled);
}

/// The blocks of all rows of a tile, and the panel's weights for them.
#[inline(always)]
fn blocks<'a, const ROWS: usize>(
    tile: Tile<'a>,
) -> impl Iterator<Item = (&'a [[[u8; GROUP]; BLOCK]; ROWS], &'a [Groups; BLOCK])> {
    let (blocks, panel) = (tile.groups.as_chunks::<BLOCK>().0, tile.panel.as_chunks::<BLOCK>().0);
    blocks.as_chunks::<ROWS>().0.iter().zip(panel)
}

/// The same sums elsewhere, so that those of a loop are never asked for by a number that is not known
/// when it is compiled, and stay in registers.
#[inline]
#[target_feature(enable = "avx512f")]
fn copied512<const ROWS: usize, const VECTORS: usize>(
    held: &[[__m512i; VECTORS]; ROWS],
) -> [[__m512i; VECTORS]; ROWS] {
    let mut copy = [[_mm512_setzero_si512(); VECTORS]; ROWS];
    for row in 0..ROWS {
        for vector in 0..VECTORS {
            copy[row][vector] = held[row][vector];
        }
    }
    copy
}

/// Writes the outputs of sums in registers, as [`Scaled::write`] does, to the bit.
#[inline]
#[target_feature(enable = "avx512f")]
#[allow(clippy::needless_range_loop)] // over all rows for one register's scales, and not the other way
fn write512<const ROWS: usize, const VECTORS: usize>(
    held: &[[__m512i; VECTORS]; ROWS],
    Scaled { rows, panel, bias, relu6, out, column }: Scaled,
) {
    for vector in 0..VECTORS {
        let first = 16 * vector;
        let count = panel.outputs.min(first + 16) - first;
        let mask = (1u32 << count).wrapping_sub(1) as u16;
        // SAFETY: sixteen values from `first` on are within these arrays of 32.
        let [scales, totals, bias] = [panel.scales, panel.totals, bias]
            .map(|values| unsafe { _mm512_loadu_ps(values[first..first + 16].as_ptr()) });
        for row in 0..ROWS {
            let [step, low] = [_mm512_set1_ps(rows[row].step), _mm512_set1_ps(rows[row].low)];
            let sums = _mm512_cvtepi32_ps(held[row][vector]);
            let varying = _mm512_mul_ps(_mm512_mul_ps(step, scales), sums);
            let fixed = _mm512_add_ps(_mm512_mul_ps(low, totals), bias);
            let mut all = _mm512_add_ps(varying, fixed);
            if relu6 {
                // In this order what is not a number stays visible.
                all = _mm512_max_ps(_mm512_setzero_ps(), all);
                all = _mm512_min_ps(_mm512_set1_ps(6.0), all);
            }
            let out = &mut out[row][column + first..][..count];
            // SAFETY: as many values are written as `out` has.
            unsafe { _mm512_mask_storeu_ps(out.as_mut_ptr(), mask, all) }
        }
    }
}

/// Sixteen outputs at a time.
#[target_feature(enable = "avxvnni,avx2")]
fn avx_vnni<const ROWS: usize>(tile: Tile, sums: &mut [Sums]) {
    for first in [0, 16] {
        let mut held = [[_mm256_setzero_si256(); 2]; ROWS];
        for (blocks, weights) in blocks::<ROWS>(tile) {
            for place in 0..BLOCK {
                let weights = &weights[place];
                let weights = [register256(weights, first), register256(weights, first + 8)];
                for row in 0..ROWS {
                    let inputs = _mm256_set1_epi32(i32::from_ne_bytes(blocks[row][place]));
                    held[row][0] = _mm256_dpbusd_avx_epi32(held[row][0], inputs, weights[0]);
                    held[row][1] = _mm256_dpbusd_avx_epi32(held[row][1], inputs, weights[1]);
                }
            }
        }
        for (held, sums) in held.into_iter().zip(sums.iter_mut()) {
            store256(&mut sums[first..], held[0]);
            store256(&mut sums[first + 8..], held[1]);
        }
    }
}

/// Eight outputs at a time; a register holds two half sums of each of four outputs.
#[target_feature(enable = "avx2")]
fn avx2<const ROWS: usize>(tile: Tile, sums: &mut [Sums]) {
    for first in (0..WIDTH).step_by(8) {
        let mut held = [[_mm256_setzero_si256(); 2]; ROWS];
        for (blocks, weights) in blocks::<ROWS>(tile) {
            for place in 0..BLOCK {
                let weights = register256(&weights[place], first);
                let low = _mm256_cvtepi8_epi16(_mm256_castsi256_si128(weights));
                let high = _mm256_cvtepi8_epi16(_mm256_extracti128_si256::<1>(weights));
                for row in 0..ROWS {
                    let inputs = _mm_set1_epi32(i32::from_ne_bytes(blocks[row][place]));
                    let inputs = _mm256_cvtepu8_epi16(inputs);
                    held[row][0] = _mm256_add_epi32(held[row][0], _mm256_madd_epi16(inputs, low));
                    held[row][1] = _mm256_add_epi32(held[row][1], _mm256_madd_epi16(inputs, high));
                }
            }
        }
        for (held, sums) in held.into_iter().zip(sums.iter_mut()) {
            // Outputs 0 1 4 5 2 3 6 7.
            let mixed = _mm256_hadd_epi32(held[0], held[1]);
            store256(&mut sums[first..], _mm256_permute4x64_epi64::<0b11_01_10_00>(mixed));
        }
    }
}

/// The weights of eight outputs from `first` on.
#[target_feature(enable = "avx2")]
fn register256(weights: &Groups, first: usize) -> __m256i {
    // SAFETY: eight outputs of four bytes each are one register, and any address will do.
    unsafe { _mm256_loadu_si256(weights.0[first..first + 8].as_ptr().cast()) }
}

/// The first eight of the sums.
#[target_feature(enable = "avx2")]
fn store256(sums: &mut [i32], values: __m256i) {
    // SAFETY: eight sums are one register, and any address will do.
    unsafe { _mm256_storeu_si256(sums[..8].as_mut_ptr().cast(), values) }
}
