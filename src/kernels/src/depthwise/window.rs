//! Where a convolution's kernel goes over an image.

use std::ops::Range;

/// A convolution's window over an image of `height` x `width` pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// Pixels down.
    pub height: usize,
    /// Pixels across.
    pub width: usize,
    /// Edge of the kernel.
    pub kernel: usize,
    /// Step.
    pub stride: usize,
    /// Zeros above and left of the image.
    pub before: [usize; 2],
}

/// The part of the kernel that lies on the image, along one direction.
pub struct Seen {
    /// The first pixel.
    pub first: usize,
    /// The taps on the image.
    pub taps: Range<usize>,
    /// How many taps lie before the image.
    pub skipped: usize,
}

impl Window {
    /// Output rows: the input's, divided by the stride, rounded up.
    pub fn out_height(&self) -> usize {
        self.height.div_ceil(self.stride)
    }

    /// Output columns.
    pub fn out_width(&self) -> usize {
        self.width.div_ceil(self.stride)
    }

    /// What output row `y` sees of the image.
    pub fn rows_seen(&self, y: usize) -> Seen {
        seen(y * self.stride, self.before[0], self.kernel, self.height)
    }

    /// What output column `x` sees of the image.
    pub fn columns_seen(&self, x: usize) -> Seen {
        seen(x * self.stride, self.before[1], self.kernel, self.width)
    }

    /// The input rows that output rows `from..to` need.
    pub fn rows_needed(&self, from: usize, to: usize) -> Range<usize> {
        let last = self.rows_seen(to - 1);
        self.rows_seen(from).first..last.first + last.taps.len()
    }
}

#[inline(always)]
fn seen(place: usize, before: usize, kernel: usize, length: usize) -> Seen {
    let skipped = before.saturating_sub(place).min(kernel);
    let first = (place + skipped).saturating_sub(before);
    let end = kernel.min((length + before).saturating_sub(place)).max(skipped);
    Seen { first, taps: skipped..end, skipped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_end_at_the_edges() {
        let window = Window { height: 5, width: 4, kernel: 3, stride: 2, before: [1, 0] };
        assert_eq!((window.out_height(), window.out_width()), (3, 2));
        let top = window.rows_seen(0);
        assert_eq!((top.first, top.taps, top.skipped), (0, 1..3, 1));
        let bottom = window.rows_seen(2);
        assert_eq!((bottom.first, bottom.taps), (3, 0..2));
        let right = window.columns_seen(1);
        assert_eq!((right.first, right.taps), (2, 0..2));
        assert_eq!(window.rows_needed(0, 1), 0..2);
        assert_eq!(window.rows_needed(1, 3), 1..5);
    }
}
