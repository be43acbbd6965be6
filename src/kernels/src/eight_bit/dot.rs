//! Sums of 8-bit products: which instructions compute them, and plain code that runs anywhere.

#[cfg(doc)]
use super::STEP;
use super::scaled::Scaled;
use super::weight::Groups;
use super::{BLOCK, GROUP, WIDTH};
use crate::reduce;

/// Sums of one row with every output of a panel.
pub(super) type Sums = [i32; WIDTH];
/// Most rows of a tile.
pub(super) const TALL: usize = 32;

/// A few rows of activations and a panel of weights.
#[derive(Clone, Copy)]
pub(super) struct Tile<'a> {
    /// The first [`Dot::TOGETHER`] groups of every row, then the next of every row, and so on, filled up
    /// with zeros.
    pub groups: &'a [[u8; GROUP]],
    /// The panel, with the same groups, filled up to whole steps.
    pub panel: &'a [Groups],
}

/// A way to sum up tiles. All ways give the same sums.
pub(super) trait Dot: Copy + Send + Sync {
    /// Rows of the tallest tile: as many as the registers hold sums for, at most [`TALL`].
    const ROWS: usize;
    /// Groups of a row that lie together: some [`BLOCK`]s, and a part of [`STEP`].
    const TOGETHER: usize = BLOCK;
    /// Rows of a chunk, about: their outputs, four times wider than the inputs, still fit the
    /// cache, and there are enough of them for the time it takes to read a panel.
    const CHUNK: usize = 48;

    /// Runs `work` compiled for these instructions; what it calls must be `#[inline(always)]`.
    fn within<R>(self, work: impl FnOnce() -> R) -> R;

    /// The lowest and the highest of these values. To be called within [`Self::within`].
    #[inline(always)]
    fn range(self, values: &[f32]) -> [f32; 2] {
        [reduce::min(values), reduce::max(values)]
    }

    /// The sums of `sums.len()` rows, 1 to [`Self::ROWS`]. To be called within [`Self::within`].
    fn sums(self, tile: Tile, sums: &mut [Sums]);

    /// The outputs of `scaled.rows.len()` rows, 1 to [`Self::ROWS`], from their sums. To be called within
    /// [`Self::within`].
    #[inline(always)]
    fn outputs(self, tile: Tile, scaled: Scaled) {
        let mut sums = [[0; WIDTH]; TALL];
        let sums = &mut sums[..scaled.rows.len()];
        self.sums(tile, sums);
        scaled.write(sums);
    }
}

/// Plain code.
#[derive(Clone, Copy)]
pub(super) struct Portable;

impl Dot for Portable {
    const ROWS: usize = 4;

    #[inline(always)]
    fn within<R>(self, work: impl FnOnce() -> R) -> R {
        work()
    }

    #[inline(always)]
    fn sums(self, tile: Tile, sums: &mut [Sums]) {
        sums.fill([0; WIDTH]);
        let (blocks, panel) = (tile.groups.as_chunks::<BLOCK>().0, tile.panel.as_chunks().0);
        for (blocks, weights) in blocks.chunks_exact(sums.len()).zip(panel) {
            for (sums, block) in sums.iter_mut().zip(blocks) {
                add(sums, block, weights);
            }
        }
    }
}

/// Adds the products of a block of one row.
#[inline(always)]
fn add(sums: &mut Sums, block: &[[u8; GROUP]; BLOCK], weights: &[Groups; BLOCK]) {
    for (inputs, weights) in block.iter().zip(weights) {
        for (sum, weights) in sums.iter_mut().zip(&weights.0) {
            for (input, weight) in inputs.iter().zip(weights) {
                *sum += i32::from(*input) * i32::from(*weight);
            }
        }
    }
}

/// Something to do in whichever way this processor does it best.
pub(super) trait Work {
    /// What comes out.
    type Output;

    /// Does it.
    fn run<D: Dot>(self, dot: D) -> Self::Output;
}

/// Does the work in the best way this processor has.
pub(super) fn dispatch<W: Work>(work: W) -> W::Output {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    if let Some(dot) = super::amx::Amx::detect() {
        return work.run(dot);
    }
    #[cfg(target_arch = "x86_64")]
    {
        use super::x86::{Avx2, Avx512Vnni, AvxVnni};
        if let Some(dot) = Avx512Vnni::detect() {
            return work.run(dot);
        }
        if let Some(dot) = AvxVnni::detect() {
            return work.run(dot);
        }
        if let Some(dot) = Avx2::detect() {
            return work.run(dot);
        }
    }
    work.run(Portable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eight_bit::STEP;

    /// Tiles whose sums come near the limits, with every height.
    fn agrees<D: Dot>(name: &str, dot: D) {
        for groups in [0, 1, 3, 15, 16, 17, 192, 1537] {
            let input = |i: usize| 255 - (i * 7919 % 13) as u8;
            let group = |g: usize| std::array::from_fn(|k| input(g * GROUP + k));
            let weight = |i: usize| (127 - (i * 104_729 % 5 * 63) as i32).max(-127) as i8;
            let mut panel: Vec<Groups> = (0..groups)
                .map(|g| {
                    let four = |o| std::array::from_fn(|k| weight((g * 32 + o) * 4 + k));
                    Groups(std::array::from_fn(four))
                })
                .collect();
            panel.resize(groups.next_multiple_of(STEP), Groups([[0; GROUP]; WIDTH]));
            let padded = |row: usize, place: usize| match place < groups {
                true => group(row * groups + place),
                false => [0; GROUP],
            };
            let mut expected = [[0; WIDTH]; TALL];
            for (row, sums) in expected[..D::ROWS].chunks_exact_mut(1).enumerate() {
                let row: Vec<_> = (0..panel.len()).map(|place| padded(row, place)).collect();
                Portable.sums(Tile { groups: &row, panel: &panel }, sums);
            }
            for height in (1..=D::ROWS).chain([1]) {
                let place = |place: usize| {
                    let (number, within) = (place / D::TOGETHER, place % D::TOGETHER);
                    padded(number % height, number / height * D::TOGETHER + within)
                };
                let per_row = groups.next_multiple_of(D::TOGETHER);
                let rows: Vec<[u8; GROUP]> = (0..height * per_row).map(place).collect();
                let tile = Tile { groups: &rows, panel: &panel };
                let mut found = [[7; WIDTH]; TALL];
                dot.within(|| dot.sums(tile, &mut found[..height]));
                assert_eq!(found[..height], expected[..height], "{name}, {height} rows");
            }
        }
    }

    #[test]
    fn plain_sums_by_hand() {
        let mut panel = [Groups([[0; GROUP]; WIDTH]); BLOCK];
        panel[0].0[0] = [1, 2, 3, 4];
        panel[1].0[0] = [-1, 0, 0, 0];
        panel[0].0[31] = [-127; 4];
        let rows = [[1; 4], [9, 0, 0, 0], [0; 4], [0; 4], [255, 0, 0, 0], [0; 4], [0; 4], [0; 4]];
        let mut sums = [[0; WIDTH]; 2];
        Portable.sums(Tile { groups: &rows, panel: &panel }, &mut sums);
        assert_eq!((sums[0][0], sums[0][31], sums[0][1]), (1, -508, 0));
        assert_eq!((sums[1][0], sums[1][31], sums[1][1]), (255, -127 * 255, 0));
    }

    fn ranges_agree<D: Dot>(name: &str, dot: D) {
        for length in [1, 5, 16, 17, 31, 32, 33, 70] {
            let values: Vec<f32> = (0..length).map(|i| (i as f32 * 7.3).sin() + 2.0).collect();
            let negative: Vec<f32> = values.iter().map(|value| -value).collect();
            for values in [values, negative] {
                let found = dot.within(|| dot.range(&values));
                assert_eq!(found, Portable.range(&values), "{name}, {length}");
            }
        }
    }

    #[test]
    fn all_instructions_of_this_processor_agree() {
        agrees("portable", Portable);
        #[cfg(target_arch = "x86_64")]
        {
            use crate::eight_bit::x86::{Avx2, Avx512Vnni, AvxVnni};
            Avx2::detect().into_iter().for_each(|dot| agrees("AVX2", dot));
            AvxVnni::detect().into_iter().for_each(|dot| agrees("AVX-VNNI", dot));
            Avx512Vnni::detect().into_iter().for_each(|dot| agrees("AVX-512 VNNI", dot));
            Avx512Vnni::detect().into_iter().for_each(|dot| ranges_agree("AVX-512", dot));
        }
        #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
        {
            use crate::eight_bit::amx::Amx;
            Amx::detect().into_iter().for_each(|dot| agrees("AMX", dot));
        }
    }
}
