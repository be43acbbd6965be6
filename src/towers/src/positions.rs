//! Learnt positions of a checkpoint, brought to the size that is asked for.

use seer_checkpoint::CheckpointError;
use seer_checkpoint::config::Layout;
use seer_kernels::interpolate::{Curve, Resampling, resize_grid};

use crate::weights::Weights;

/// For the positions of NaFlex, which every picture has of its own size.
pub(super) const BILINEAR: Resampling = Resampling { curve: Curve::Linear, antialias: true };

/// The embedding of a grid of patches.
pub(super) struct GridPositions<'a> {
    /// Its name in the weights.
    pub name: &'a str,
    /// Rows before those of the grid (the class token's).
    pub extra: usize,
    /// Patches down and across that are wanted.
    pub grid: [usize; 2],
    /// Values of a row.
    pub width: usize,
    /// Whether it is stored `[1, rows, width]`, as timm does.
    pub batched: bool,
    /// How it is resized.
    pub resampling: Resampling,
}

/// How the reference implementations resize the positions of pictures: bicubic, with antialiasing
/// in open_clip (`resize_pos_embed`) and timm (`resample_abs_pos_embed`), without in transformers
/// (`interpolate_pos_encoding`).
pub(super) fn of_pictures(layout: Layout) -> Resampling {
    Resampling { curve: Curve::Cubic, antialias: layout == Layout::OpenClip }
}

impl GridPositions<'_> {
    /// `[extra + rows * columns, width]`. A square grid of another size than the wanted one is
    /// resized, each channel for itself; the extra rows stay as they are.
    pub fn take(&self, weights: &mut Weights) -> Result<Vec<f32>, CheckpointError> {
        let wanted = self.extra + self.grid[0] * self.grid[1];
        let found = weights.shape(self.name).and_then(|shape| self.rows(shape)).unwrap_or(wanted);
        let edge = found.saturating_sub(self.extra).isqrt();
        if found == wanted || edge == 0 || self.extra + edge * edge != found {
            return weights.take(self.name, &self.shape(wanted));
        }
        log::info!("{}: positions of {edge}x{edge} patches become {:?}", self.name, self.grid);
        let mut rows = weights.take(self.name, &self.shape(found))?;
        let patches = rows.split_off(self.extra * self.width);
        let resampling = self.resampling;
        rows.extend(resize_grid(&patches, [edge, edge], self.grid, self.width, resampling));
        Ok(rows)
    }

    /// Rows of a tensor of this shape, if it can be such an embedding.
    fn rows(&self, shape: &[usize]) -> Option<usize> {
        let rows = *shape.get(usize::from(self.batched))?;
        (shape == self.shape(rows)).then_some(rows)
    }

    fn shape(&self, rows: usize) -> Vec<usize> {
        let shape = [1, rows, self.width];
        shape[usize::from(!self.batched)..].to_vec()
    }
}

/// The embedding of the places of a text, `[places, width]`; one of another length is resized
/// linearly, as open_clip does (`resize_text_pos_embed`). transformers does not, nor do we.
pub(super) fn of_texts(
    weights: &mut Weights,
    name: &str,
    [places, width]: [usize; 2],
    layout: Layout,
) -> Result<Vec<f32>, CheckpointError> {
    let found = match weights.shape(name) {
        Some([rows, columns]) if *columns == width && *rows > 0 => *rows,
        _ => places,
    };
    if found == places || layout == Layout::HuggingFace {
        return weights.take(name, &[places, width]);
    }
    log::info!("{name}: positions of {found} tokens become {places}");
    let rows = weights.take(name, &[found, width])?;
    let linear = Resampling { curve: Curve::Linear, antialias: false };
    Ok(resize_grid(&rows, [found, 1], [places, 1], width, linear))
}
