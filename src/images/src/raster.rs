//! Pixels as a decoder left them: 8 bits a channel, interleaved, row by row from the top.

use crate::budget::Permit;
use crate::resize::{Source, View};

/// What the channels of a pixel mean. Alpha is straight (not premultiplied).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Channels {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    /// Ink amounts: 0 is no ink, 255 is full ink.
    Cmyk,
}

impl Channels {
    /// Bytes a pixel.
    pub(crate) fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }

    /// Whether the last channel is alpha.
    pub(crate) fn has_alpha(self) -> bool {
        matches!(self, Self::GreyAlpha | Self::Rgba)
    }
}

/// How the file itself stores its pixels, where that changes how Pillow would resize them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Storage {
    /// Channels side by side.
    Direct,
    /// Numbers into a palette, or single bits: Pillow resizes these with nearest neighbour.
    Indexed,
    /// No alpha channel, but one colour declared transparent: Pillow resizes without alpha.
    ColourKey,
}

/// A rectangle of a raster, in its pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn whole(width: u32, height: u32) -> Self {
        Self { left: 0.0, top: 0.0, width: width.into(), height: height.into() }
    }
}

/// A picture in memory. `data` has `width * height * channels.count()` bytes.
pub(crate) struct Raster {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: Channels,
    pub(crate) storage: Storage,
    pub(crate) data: Vec<u8>,
    /// Pixels across and down of the picture itself: more than there are here when it was
    /// decoded at a reduced size.
    pub(crate) full: (u32, u32),
    /// Where the picture lies in this raster: at a reduced size its last pixels may stand for
    /// less than the others.
    pub(crate) area: Area,
    /// The memory that it was lent.
    pub(crate) permit: Permit,
}

impl Raster {
    /// A picture at its own size.
    pub(crate) fn new(
        width: u32,
        height: u32,
        channels: Channels,
        storage: Storage,
        data: Vec<u8>,
    ) -> Self {
        let (full, area) = ((width, height), Area::whole(width, height));
        let permit = Permit::default();
        Self { width, height, channels, storage, data, full, area, permit }
    }

    /// As something to resize.
    pub(crate) fn seen_as(&self, view: View) -> Source<'_> {
        Source {
            data: &self.data,
            width: self.width,
            height: self.height,
            channels: self.channels.count(),
            view,
            area: self.area,
        }
    }
}
