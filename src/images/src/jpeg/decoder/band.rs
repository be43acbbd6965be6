//! One component's pixels around the row of MCUs that is being decoded.

use super::frame::{BLOCK, Component, Frame};

pub(super) struct Band {
    /// The last row of the MCUs above, then the rows of the present ones.
    data: Vec<u8>,
    stride: usize,
    /// Rows that a row of MCUs gives.
    rows: usize,
    /// The row of MCUs that is being decoded.
    at: usize,
    /// Pixels across and down that belong to the picture; blocks may reach beyond.
    size: (usize, usize),
    /// Pixels that a block becomes, across and down.
    pub(super) points: (usize, usize),
    /// How many times as many pixels the picture has, across and down.
    pub(super) factors: (usize, usize),
}

impl Band {
    /// `points` of 8 remain of the blocks of the finest component; coarser ones keep more.
    pub(super) fn new(component: &Component, frame: &Frame, points: usize) -> Option<Self> {
        let (most_across, most_down) = frame.sampling();
        let factor = |most: usize, own: usize| most.is_multiple_of(own).then_some(most / own);
        let across = factor(most_across, component.across)? * points;
        let down = factor(most_down, component.down)? * points;
        let kept = (across.min(BLOCK), down.min(BLOCK));
        let stride = frame.mcus().0 * component.across * kept.0;
        let rows = component.down * kept.1;
        Some(Self {
            data: vec![0; stride * (1 + rows)],
            stride,
            rows,
            at: 0,
            size: frame.samples(component, kept),
            points: kept,
            factors: (across / kept.0, down / kept.1),
        })
    }

    /// Bytes that the bands of all components take at most.
    pub(super) fn memory(frame: &Frame, points: usize) -> u64 {
        let (across, down) = frame.sampling();
        let largest = (frame.mcus().0 * across * points) as u64 * (1 + down * points) as u64;
        largest * frame.components.len() as u64
    }

    pub(super) fn width(&self) -> usize {
        self.size.0
    }

    /// Where the pixels of a block go, given by its column in the picture and row in the MCUs.
    #[inline(always)]
    pub(super) fn block(&mut self, column: usize, row: usize) -> (&mut [u8], usize) {
        let begin = (1 + row * self.points.1) * self.stride + column * self.points.0;
        (&mut self.data[begin..], self.stride)
    }

    /// Row `y` of the component, which must be among those that are kept. The rows above the
    /// first and below the last are like these.
    pub(super) fn row(&self, y: isize) -> &[u8] {
        let y = y.clamp(0, self.size.1 as isize - 1) as usize;
        let begin = (1 + y - self.at * self.rows) * self.stride;
        &self.data[begin..][..self.size.0]
    }

    /// Makes room for the next row of MCUs.
    pub(super) fn advance(&mut self) {
        self.data.copy_within(self.rows * self.stride.., 0);
        self.at += 1;
    }
}
