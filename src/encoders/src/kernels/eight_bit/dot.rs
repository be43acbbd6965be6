//! Sums of 8-bit products: which instructions compute them, and plain code that runs anywhere.

use super::weight::Groups;
use super::{GROUP, WIDTH};

/// Sums of one row with every output of a panel.
pub(super) type Sums = [i32; WIDTH];
/// Most rows of a tile.
pub(super) const TALL: usize = 12;

/// A few rows of activations and a panel of weights.
#[derive(Clone, Copy)]
pub(super) struct Tile<'a> {
    /// The first group of inputs of every row, then the second of every row, and so on.
    pub groups: &'a [[u8; GROUP]],
    /// The panel, with the same groups.
    pub panel: &'a [Groups],
}

/// A way to sum up tiles. All ways give the same sums.
pub(super) trait Dot: Copy + Send + Sync {
    /// Rows of the tallest tile: as many as the registers hold sums for, at most [`TALL`].
    const ROWS: usize;

    /// Runs `work` compiled for these instructions; what it calls must be `#[inline(always)]`.
    fn within<R>(self, work: impl FnOnce() -> R) -> R;

    /// The sums of `sums.len()` rows, 1 to [`Self::ROWS`]. To be called within [`Self::within`].
    fn sums(self, tile: Tile, sums: &mut [Sums]);
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
        for (groups, weights) in tile.groups.chunks_exact(sums.len()).zip(tile.panel) {
            for (sums, inputs) in sums.iter_mut().zip(groups) {
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    for (input, weight) in inputs.iter().zip(weights) {
                        *sum += i32::from(*input) * i32::from(*weight);
                    }
                }
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

    /// Tiles whose sums come near the limits, with every height.
    fn agrees<D: Dot>(name: &str, dot: D) {
        for groups in [1, 3, 192, 1537] {
            let input = |i: usize| 255 - (i * 7919 % 13) as u8;
            let rows: Vec<[u8; GROUP]> = (0..D::ROWS * groups)
                .map(|g| std::array::from_fn(|k| input(g * GROUP + k)))
                .collect();
            let weight = |i: usize| (127 - (i * 104_729 % 5 * 63) as i32).max(-127) as i8;
            let panel: Vec<Groups> = (0..groups)
                .map(|g| {
                    std::array::from_fn(|o| std::array::from_fn(|k| weight((g * 32 + o) * 4 + k)))
                })
                .collect();
            for height in 1..=D::ROWS {
                let tile = Tile { groups: &rows[..height * groups], panel: &panel };
                let (mut found, mut expected) = ([[7; WIDTH]; TALL], [[0; WIDTH]; TALL]);
                dot.within(|| dot.sums(tile, &mut found[..height]));
                Portable.sums(tile, &mut expected[..height]);
                assert_eq!(found[..height], expected[..height], "{name}, {height} rows");
            }
        }
    }

    #[test]
    fn plain_sums_by_hand() {
        let mut panel = [[[0; GROUP]; WIDTH]; 2];
        panel[0][0] = [1, 2, 3, 4];
        panel[1][0] = [-1, 0, 0, 0];
        panel[0][31] = [-127; 4];
        let rows = [[1, 1, 1, 1], [255, 0, 0, 0], [9, 0, 0, 0], [0; 4]];
        let mut sums = [[0; WIDTH]; 2];
        Portable.sums(Tile { groups: &rows, panel: &panel }, &mut sums);
        assert_eq!((sums[0][0], sums[0][31], sums[0][1]), (1, -508, 0));
        assert_eq!((sums[1][0], sums[1][31], sums[1][1]), (255, -127 * 255, 0));
    }

    #[test]
    fn all_instructions_of_this_processor_agree() {
        agrees("portable", Portable);
        #[cfg(target_arch = "x86_64")]
        {
            use crate::kernels::eight_bit::x86::{Avx2, Avx512Vnni, AvxVnni};
            Avx2::detect().into_iter().for_each(|dot| agrees("AVX2", dot));
            AvxVnni::detect().into_iter().for_each(|dot| agrees("AVX-VNNI", dot));
            Avx512Vnni::detect().into_iter().for_each(|dot| agrees("AVX-512 VNNI", dot));
        }
    }
}
