//! How a model wants its pictures, and a picture made ready.

use serde::{Deserialize, Serialize};

/// A checkpoint's preprocessing, read from its own JSON.
///
/// The image crate follows the geometry and leaves 8-bit RGB; the encoder applies
/// `(value / 255 - mean) / std`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PreprocessSpec {
    /// Final pixels across; with [`ResizeMode::PatchBudget`] those of a square picture.
    pub width: u32,
    /// Final pixels down; with [`ResizeMode::PatchBudget`] those of a square picture.
    pub height: u32,
    /// How the picture is brought to that size.
    pub resize: ResizeMode,
    /// The resampling filter, always antialiased, on 8-bit values as Pillow does it.
    pub interpolation: Interpolation,
    /// Where a centre crop starts when the rest is odd.
    pub crop: CropRounding,
    /// Whether resizing comes before or after the conversion to RGB.
    pub order: ColorOrder,
    /// Per channel, of values from 0 to 1.
    pub mean: [f32; 3],
    /// Per channel, of values from 0 to 1.
    pub std: [f32; 3],
}

/// How a picture of any shape becomes `width` x `height`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResizeMode {
    /// The shorter edge becomes this long, then the centre is cropped.
    ShortestEdge(u32),
    /// Both edges at once; the aspect ratio is lost.
    Squash,
    /// Both edges become this long, whatever the aspect ratio was, then the centre is cropped.
    SquashTo(u32),
    /// The longer edge fits, the rest is filled with this grey level.
    LongestEdge {
        /// 0 to 255.
        fill: u8,
    },
    /// Every picture keeps its shape as far as whole patches allow: both edges become multiples of
    /// `patch`, as large as they can be with at most `patches` patches (NaFlex, SigLIP 2).
    PatchBudget {
        /// Edge of a patch in pixels, at least 1.
        patch: u32,
        /// Most patches of a picture, at least 1.
        patches: u32,
    },
}

impl PreprocessSpec {
    /// Whether a picture of this size can have been made ready by this spec.
    pub fn accepts(&self, width: u32, height: u32) -> bool {
        match self.resize {
            ResizeMode::PatchBudget { patch, patches } => {
                let count = |length: u32| length.checked_div(patch).map_or(0, u64::from);
                let whole = width.is_multiple_of(patch) && height.is_multiple_of(patch);
                whole && (1..=u64::from(patches)).contains(&(count(width) * count(height)))
            }
            _ => (width, height) == (self.width, self.height),
        }
    }
}

/// Resampling filter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// Nearest neighbour.
    Nearest,
    /// Triangle filter, support 1.
    Bilinear,
    /// Catmull-Rom with a = -0.5, support 2.
    Bicubic,
    /// Lanczos, support 3.
    Lanczos,
}

/// Where the centre crop starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CropRounding {
    /// `(length - crop) / 2`, rounded down (Hugging Face processors).
    Floor,
    /// `round((length - crop) / 2)`, halves to even (torchvision, OpenCLIP).
    HalfToEven,
}

/// When the picture is converted to RGB.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColorOrder {
    /// Convert, then resize (Hugging Face processors).
    ConvertFirst,
    /// Resize in the file's own mode, then convert (OpenCLIP transforms): palette pictures are
    /// resized with nearest neighbour, alpha is premultiplied while resizing.
    ResizeFirst,
}

/// A picture as a model's image tower takes it: 8-bit RGB, row by row, top left first.
#[derive(Clone, PartialEq, Eq)]
pub struct PreparedImage {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl PreparedImage {
    /// # Panics
    /// When `rgb` is not `width * height * 3` bytes: a bug in the caller.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Self {
        assert_eq!(
            rgb.len(),
            width as usize * height as usize * 3,
            "RGB bytes of {width}x{height}"
        );
        Self { width, height, rgb }
    }

    /// Pixels across.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// `height * width * 3` bytes, interleaved.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }
}

impl std::fmt::Debug for PreparedImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PreparedImage({}x{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(resize: ResizeMode) -> PreprocessSpec {
        PreprocessSpec {
            width: 32,
            height: 32,
            resize,
            interpolation: Interpolation::Bilinear,
            crop: CropRounding::Floor,
            order: ColorOrder::ConvertFirst,
            mean: [0.5; 3],
            std: [0.5; 3],
        }
    }

    #[test]
    fn a_fixed_size_is_the_only_one() {
        let squash = spec(ResizeMode::Squash);
        assert!(squash.accepts(32, 32) && !squash.accepts(32, 16) && !squash.accepts(0, 0));
    }

    #[test]
    fn a_budget_takes_whole_patches_up_to_its_number() {
        let budget = spec(ResizeMode::PatchBudget { patch: 8, patches: 6 });
        assert!(budget.accepts(16, 24) && budget.accepts(48, 8) && budget.accepts(8, 8));
        assert!(!budget.accepts(24, 24) && !budget.accepts(16, 20) && !budget.accepts(0, 8));
        let none = spec(ResizeMode::PatchBudget { patch: 0, patches: 6 });
        assert!(!none.accepts(0, 0) && !none.accepts(8, 8));
    }
}
