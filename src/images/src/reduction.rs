//! How far a picture may be reduced while it is decoded, when a model's input is all that is
//! wanted of it.

use seer_types::{Interpolation, PreprocessSpec};

use crate::Wanted;
use crate::prepare::shrinking;

/// A reduced picture is at least this many times as long as what is made of it, on both sides.
///
/// Measured with the built-in model, which feels a level of 255 (`docs/history/performance.md`): below,
/// embeddings move more; above, 12 megapixels would no longer be reduced to a quarter for 224.
const MARGIN: f64 = 3.0;

/// The same for thumbnails, which people look at, not models.
const THUMBNAIL_MARGIN: f64 = 2.0;

/// The same for a thumbnail that is made beside a model's input: its pixels are taken as they are
/// where they are enough, because most photos are indexed and few are looked at.
const SHARED_MARGIN: f64 = 1.25;

/// How many eighths of its sides to decode a picture of `size` at: 1, 2, 4 or 8.
pub(crate) fn eighths(size: (u32, u32), wanted: &Wanted) -> u32 {
    match wanted {
        Wanted::Photo => 8,
        Wanted::Prepared(spec) => for_model(size.0, size.1, spec),
        Wanted::Thumbnail(longest) => {
            let shrinking = f64::from(size.0.max(size.1)) / f64::from((*longest).max(1));
            smallest(shrinking, THUMBNAIL_MARGIN)
        }
        Wanted::Visible(longest) => {
            let shrinking = f64::from(size.0.max(size.1)) / f64::from((*longest).max(1));
            smallest(shrinking, 1.0)
        }
        Wanted::PreparedAndThumbnail(spec, longest) => {
            let shrinking = f64::from(size.0.max(size.1)) / f64::from((*longest).max(1));
            for_model(size.0, size.1, spec).max(smallest(shrinking, SHARED_MARGIN))
        }
    }
}

fn smallest(shrinking: f64, margin: f64) -> u32 {
    let is_enough = |eighths: &u32| shrinking * f64::from(*eighths) / 8.0 >= margin;
    [1, 2, 4].into_iter().find(is_enough).unwrap_or(8)
}

/// The same for the picture and for the one turned on its side: the orientation is not known yet.
fn for_model(width: u32, height: u32, spec: &PreprocessSpec) -> u32 {
    let is_empty = width.min(height).min(spec.width).min(spec.height) == 0;
    // Nearest neighbour picks pixels: a reduced picture has others.
    if is_empty || spec.interpolation == Interpolation::Nearest {
        return 8;
    }
    let shrinking = shrinking(width, height, spec).min(shrinking(height, width, spec));
    smallest(shrinking, MARGIN)
}

#[cfg(test)]
mod tests {
    use seer_types::{ColorOrder, CropRounding, ResizeMode};

    use super::*;

    fn spec(resize: ResizeMode, interpolation: Interpolation) -> PreprocessSpec {
        PreprocessSpec {
            width: 224,
            height: 224,
            resize,
            interpolation,
            crop: CropRounding::Floor,
            order: ColorOrder::ConvertFirst,
            mean: [0.5; 3],
            std: [0.5; 3],
        }
    }

    #[test]
    fn the_margin_is_kept() {
        let shortest = spec(ResizeMode::ShortestEdge(224), Interpolation::Bicubic);
        assert_eq!(for_model(4000, 3000, &shortest), 2);
        assert_eq!(for_model(3000, 4000, &shortest), 2);
        assert_eq!(for_model(1800, 1343, &shortest), 8);
        assert_eq!(for_model(1800, 1344, &shortest), 4);
        assert_eq!(for_model(20_000, 5376, &shortest), 1);
        let fit = spec(ResizeMode::LongestEdge { fill: 0 }, Interpolation::Bilinear);
        assert_eq!(for_model(4000, 1000, &fit), 2, "the longer edge decides");
    }

    #[test]
    fn a_thumbnail_beside_the_input_takes_the_model_s_pixels_where_they_are_enough() {
        let shortest = spec(ResizeMode::ShortestEdge(224), Interpolation::Bicubic);
        let both = |size, longest| eighths(size, &Wanted::PreparedAndThumbnail(&shortest, longest));
        assert_eq!(both((4000, 3000), 512), 2);
        assert_eq!(both((6000, 6000), 512), 1);
        assert_eq!(both((4000, 3000), 1024), 4);
        assert_eq!(both((4000, 3000), 4000), 8);
        assert_eq!(both((0, 0), 512), 8);
    }

    #[test]
    fn nearest_neighbour_and_nothing_are_left_alone() {
        let nearest = spec(ResizeMode::Squash, Interpolation::Nearest);
        assert_eq!(for_model(40_000, 40_000, &nearest), 8);
        let mut empty = spec(ResizeMode::Squash, Interpolation::Bicubic);
        empty.width = 0;
        assert_eq!(for_model(4000, 4000, &empty), 8);
    }
}
