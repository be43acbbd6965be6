//! A decoded picture.

use seer_types::{PhotoFacts, PreparedImage, PreprocessSpec, Signature};

use crate::profile::Meaning;
use crate::raster::Raster;
use crate::{prepare, signature, thumbnail};

/// A decoded picture: its pixels (8 bit, in the file's own channels) and what the file says
/// about itself.
pub struct Photo {
    raster: Raster,
    facts: PhotoFacts,
    meaning: Option<Meaning<'static>>,
}

impl Photo {
    pub(crate) fn new(
        raster: Raster,
        facts: PhotoFacts,
        meaning: Option<Meaning<'static>>,
    ) -> Self {
        Self { raster, facts, meaning }
    }

    /// Pixels across.
    pub fn width(&self) -> u32 {
        self.raster.full.0
    }

    /// Pixels down.
    pub fn height(&self) -> u32 {
        self.raster.full.1
    }

    /// Size, format, date, camera, place, keywords.
    pub fn facts(&self) -> &PhotoFacts {
        &self.facts
    }

    pub(crate) fn into_facts(self) -> PhotoFacts {
        self.facts
    }

    /// Resizes, crops and converts as a model's `spec` asks: `spec.width` x `spec.height`
    /// pixels, 8-bit RGB.
    ///
    /// Equals the reference result to the bit where the decoded pixels are the same, in both orders
    /// of [`seer_types::ColorOrder`]. Where it differs on purpose: 16-bit grey is scaled to 8
    /// bit (the references clip it at 255), and what a crop or fit adds around the picture is
    /// filled after the conversion to RGB (the OpenCLIP order fills before it, which turns the
    /// border of CMYK pictures white).
    ///
    /// Transparency: Hugging Face processors (transformers 5) put the picture on white first;
    /// OpenCLIP transforms weigh colours by alpha while resizing and then drop it. Order of the
    /// passes and rounding are those of Pillow 13.
    pub fn prepare(&self, spec: &PreprocessSpec) -> PreparedImage {
        prepare::prepare(&self.raster, spec)
    }

    /// The picture's grey levels on a small grid, by which copies of it are told; `None` for a
    /// picture that is flat all over.
    ///
    /// Each level is the mean around its place, nearer pixels counting more; of large pictures
    /// 240 pixels of 240 rows are looked at. What is transparent lies on white.
    pub fn signature(&self) -> Option<Signature> {
        signature::signature(&self.raster)
    }

    /// A JPEG (quality 82) whose longer edge is at most `longest_edge` pixels (at least 1).
    ///
    /// Never enlarged; transparent parts become white; colours are sRGB, converted by what the file
    /// says of them: a profile of any kind and size, or PNG's, HEIC's and AVIF's own words for it.
    pub fn thumbnail(&self, longest_edge: u32) -> Vec<u8> {
        thumbnail::thumbnail(&self.raster, longest_edge, self.meaning.as_ref())
    }

    pub(crate) fn visible(&self, longest_edge: u32) -> PreparedImage {
        thumbnail::visible(&self.raster, longest_edge, self.meaning.as_ref())
    }
}

impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Photo({}x{} {})", self.width(), self.height(), self.facts.format)
    }
}
