//! A file whose headers were read: what it takes to decode it is known, and no pixel is there yet.

use crate::metadata::Packets;
use crate::profile::Described;
use crate::raster::Raster;
use crate::{ImageError, Stop};

/// What a header claims.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Claim {
    /// Pixels across and down of the picture itself.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Bytes of the decoded pixels.
    pub(crate) pixels: u64,
    /// Most bytes that are held while decoding, the pixels among them.
    pub(crate) peak: u64,
}

impl Claim {
    /// Pixels of `size` bytes, decoded with `extra` bytes for each pixel and `fixed` ones for all.
    pub(crate) fn new((width, height): (u32, u32), size: u64, extra: u64, fixed: u64) -> Self {
        let area = u64::from(width) * u64::from(height);
        let pixels = area.saturating_mul(size);
        let peak = area.saturating_mul(extra).saturating_add(pixels).saturating_add(fixed);
        Self { width, height, pixels, peak }
    }

    /// Channels of a pixel, as far as they are known; a picture decoded at a fraction of its size
    /// counts as one channel at least.
    pub(crate) fn channels(&self) -> u64 {
        let area = u64::from(self.width) * u64::from(self.height);
        self.pixels.div_ceil(area.max(1)).clamp(1, 4)
    }
}

/// A source that is decoded with the memory it claims.
pub(crate) type AnySource<'a> = Box<dyn Source<'a> + 'a>;

/// What became of decoding.
pub(crate) enum Outcome<'a> {
    Pixels(Raster),
    /// The file is not what it seemed: it has to be decoded as this, which claims other memory.
    Instead(AnySource<'a>),
}

/// Decodes one file of a format.
pub(crate) trait Source<'a> {
    /// What decoding takes.
    fn claim(&self) -> Claim;

    /// Takes the raw metadata out.
    fn take_packets(&mut self) -> Packets<'a>;

    /// What the file says of its colours besides a profile among the packets, which then counts for
    /// nothing.
    fn described(&self) -> Option<Described> {
        None
    }

    /// The orientation, as EXIF counts it, where the file has another way to tell it; that of EXIF
    /// then counts for nothing.
    fn orientation(&self) -> Option<u16> {
        None
    }

    /// Decodes, holding at most the claimed bytes.
    ///
    /// # Errors
    /// As [`crate::decode`]; any, soon after the flag is set.
    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError>;
}
