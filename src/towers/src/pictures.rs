//! Pictures as tensors.

use candle_core::{Result, Tensor};
use seer_kernels::patches::{Grid, Normalise, unfold, unfold_planes};

use crate::patch_convolution::patches;
use crate::runtime::{Backend, Runtime};

/// Pictures to encode.
#[derive(Clone, Copy)]
pub enum Pictures<'a> {
    /// 8-bit RGB, `height * width * 3` bytes each, of the size the tower takes.
    Rgb(&'a [&'a [u8]]),
    /// Normalised f32 planes `[pictures, 3, height, width]`.
    Planes(&'a [f32]),
}

impl Pictures<'_> {
    /// Normalised patches: `[pictures, patches down, patches across, values of a patch]`, f32.
    pub(crate) fn patches(
        self,
        grid: Grid,
        normalise: Normalise,
        runtime: &Runtime,
    ) -> Result<Tensor> {
        if let (Self::Rgb(pictures), Backend::Candle) = (self, runtime.backend()) {
            return by_candle(pictures, grid, normalise, runtime);
        }
        let values = self.values(grid, normalise);
        let ([down, across], size) = (grid.patches(), grid.values());
        let count = values.len() / (grid.count() * size);
        runtime.tensor(values, (count, down, across, size))
    }

    /// Normalised pixels: `[pictures, height, width, 3]`, f32.
    pub(crate) fn pixels(
        self,
        [height, width]: [usize; 2],
        normalise: Normalise,
        runtime: &Runtime,
    ) -> Result<Tensor> {
        // Patches as wide as the picture are its rows.
        let rows = Grid { image: [height, width], patch: [1, width] };
        let rows = self.patches(rows, normalise, runtime)?;
        rows.reshape((rows.dim(0)?, height, width, 3))
    }

    /// Normalised patches, one after the other: `pictures * patches * grid.values()` numbers.
    pub(crate) fn values(self, grid: Grid, normalise: Normalise) -> Vec<f32> {
        match self {
            Self::Rgb(pictures) => unfold(pictures, grid, normalise),
            Self::Planes(planes) => {
                let size = 3 * grid.image[0] * grid.image[1];
                planes.chunks_exact(size).flat_map(|one| unfold_planes(one, grid)).collect()
            }
        }
    }
}

/// Bytes are cut up and normalised where the layers compute: they are a quarter of what would have
/// to go there otherwise.
fn by_candle(
    pictures: &[&[u8]],
    grid: Grid,
    normalise: Normalise,
    runtime: &Runtime,
) -> Result<Tensor> {
    let ([height, width], [down, across]) = (grid.image, grid.patches());
    let bytes = runtime.tensor(pictures.concat(), (pictures.len(), height, width, 3))?;
    let channels = |values: [f32; 3]| runtime.tensor(values.to_vec(), 3);
    let pixels = patches(&bytes, grid.patch)?
        .reshape((pictures.len(), down, across * grid.patch[0] * grid.patch[1], 3))?
        .to_dtype(candle_core::DType::F32)?
        .broadcast_mul(&channels(normalise.factor)?)?
        .broadcast_add(&channels(normalise.offset)?)?;
    pixels.reshape((pictures.len(), down, across, grid.values()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::both_backends;

    #[test]
    fn both_backends_cut_up_and_normalise_alike() {
        let grid = Grid { image: [5, 7], patch: [2, 3] };
        let normalise = Normalise::new([0.4, 0.5, 0.6], [0.2, 0.3, 0.4]);
        let bytes: Vec<u8> = (0..2 * 5 * 7 * 3).map(|i| (i * 37 % 256) as u8).collect();
        let pictures: Vec<&[u8]> = bytes.chunks(5 * 7 * 3).collect();
        let flat = |x: Tensor| x.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let [ours, theirs] = both_backends()
            .map(|runtime| Pictures::Rgb(&pictures).patches(grid, normalise, &runtime).unwrap());
        assert_eq!((ours.dims(), theirs.dims()), (&[2, 2, 2, 18][..], &[2, 2, 2, 18][..]));
        assert!(flat(ours).iter().zip(flat(theirs)).all(|(a, b)| (a - b).abs() < 1e-6));
        let [ours, theirs] = both_backends()
            .map(|runtime| Pictures::Rgb(&pictures).pixels([5, 7], normalise, &runtime).unwrap());
        assert_eq!((ours.dims(), theirs.dims()), (&[2, 5, 7, 3][..], &[2, 5, 7, 3][..]));
        assert!(flat(ours).iter().zip(flat(theirs)).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
