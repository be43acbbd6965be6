//! The picture as its frame header describes it (ITU T.81, A.1 and B.2.2).

use crate::raster::Channels;

/// Pixels along a side of a block.
pub(super) const BLOCK: usize = 8;

pub(super) struct Frame {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) is_progressive: bool,
    pub(super) colours: Colours,
    pub(super) components: Vec<Component>,
}

pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks of an MCU across and down.
    pub(super) across: usize,
    pub(super) down: usize,
    pub(super) quantisation_table: usize,
}

/// What the components mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Colours {
    Grey,
    YCbCr,
    Rgb,
    /// Inks, stored inverted.
    Cmyk,
    /// Cyan, magenta and yellow turned into YCbCr.
    Ycck,
}

impl Colours {
    pub(super) fn channels(self) -> Channels {
        match self {
            Self::Grey => Channels::Grey,
            Self::YCbCr | Self::Rgb => Channels::Rgb,
            Self::Cmyk | Self::Ycck => Channels::Cmyk,
        }
    }
}

impl Frame {
    /// The largest sampling factors across and down: pixels have these.
    pub(super) fn sampling(&self) -> (usize, usize) {
        let most = |of: fn(&Component) -> usize| self.components.iter().map(of).max().unwrap_or(1);
        (most(|c| c.across), most(|c| c.down))
    }

    /// MCUs of all components, across and down.
    pub(super) fn mcus(&self) -> (usize, usize) {
        let (across, down) = self.sampling();
        (self.width.div_ceil(BLOCK * across), self.height.div_ceil(BLOCK * down))
    }

    /// Samples of a component across and down, when blocks become `points` pixels.
    pub(super) fn samples(&self, component: &Component, points: (usize, usize)) -> (usize, usize) {
        let (most_across, most_down) = self.sampling();
        let across = self.width * component.across * points.0;
        let down = self.height * component.down * points.1;
        (across.div_ceil(BLOCK * most_across), down.div_ceil(BLOCK * most_down))
    }

    /// Blocks of a component across and down that hold samples of the picture; interleaved scans
    /// have more, up to whole MCUs.
    pub(super) fn blocks(&self, component: &Component) -> (usize, usize) {
        let (across, down) = self.samples(component, (BLOCK, BLOCK));
        (across.div_ceil(BLOCK), down.div_ceil(BLOCK))
    }

    /// The size when blocks become `points` pixels along their sides.
    pub(super) fn scaled(&self, points: usize) -> (usize, usize) {
        ((self.width * points).div_ceil(BLOCK), (self.height * points).div_ceil(BLOCK))
    }
}
