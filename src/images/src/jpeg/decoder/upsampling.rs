//! Coarser components are brought to the picture's size.
//!
//! Where a component has half as many samples in a direction, pixels lie a quarter of a sample
//! from the nearer one and take three quarters of it and one quarter of the one beyond (a
//! triangle filter); at the edges the last sample counts for what would lie beyond. Sums are
//! rounded up and down in turn, so that no direction is favoured. Every other ratio, and
//! components of one or two samples across, repeat samples. All as the widespread decoder has it.

use super::band::Band;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Method {
    /// As many samples as pixels.
    Same,
    /// Twice as many pixels across.
    Across,
    /// Twice as many down.
    Down,
    /// Twice as many in both directions.
    Both,
    /// Each sample is repeated.
    Repeat,
}

/// Makes rows of pixels from a component's [`Band`].
pub(super) struct Upsampling {
    method: Method,
    factors: (usize, usize),
    /// A row of samples, with one more at both ends.
    sums: Vec<u16>,
    row: Vec<u8>,
}

impl Upsampling {
    /// `interpolates`: otherwise samples are only repeated.
    pub(super) fn new(band: &Band, interpolates: bool) -> Self {
        let is_wide = band.width() > 2;
        let method = match band.factors {
            (1, 1) => Method::Same,
            (2, 1) if interpolates && is_wide => Method::Across,
            (1, 2) if interpolates => Method::Down,
            (2, 2) if interpolates && is_wide => Method::Both,
            _ => Method::Repeat,
        };
        let row = vec![0; if method == Method::Same { 0 } else { band.width() * band.factors.0 }];
        Self { method, factors: band.factors, sums: vec![0; band.width() + 2], row }
    }

    /// Row `y` of the picture, or more than that: samples beyond its right edge may follow.
    #[inline(always)]
    pub(super) fn row<'a>(&'a mut self, band: &'a Band, y: usize) -> &'a [u8] {
        let own = (y / self.factors.1) as isize;
        let is_upper = y.is_multiple_of(2);
        let near = band.row(own);
        let far = || band.row(if is_upper { own - 1 } else { own + 1 });
        match self.method {
            Method::Same => return near,
            Method::Repeat => repeat(near, self.factors.0, &mut self.row),
            Method::Down => down(near, far(), if is_upper { 1 } else { 2 }, &mut self.row),
            Method::Across => {
                let inner = self.sums[1..].iter_mut().zip(near);
                inner.for_each(|(sum, near)| *sum = u16::from(*near));
                across::<2, 1, 2>(&mut self.sums, &mut self.row);
            }
            Method::Both => {
                let inner = self.sums[1..].iter_mut().zip(near).zip(far());
                inner.for_each(|((sum, near), far)| *sum = weighted(*near, *far));
                across::<4, 8, 7>(&mut self.sums, &mut self.row);
            }
        }
        &self.row
    }
}

#[inline(always)]
fn repeat(row: &[u8], times: usize, out: &mut [u8]) {
    for (out, value) in out.chunks_exact_mut(times).zip(row) {
        out.fill(*value);
    }
}

#[inline(always)]
fn weighted(near: u8, far: u8) -> u16 {
    3 * u16::from(near) + u16::from(far)
}

#[inline(always)]
fn down(near: &[u8], far: &[u8], rounding: u16, out: &mut [u8]) {
    for ((out, near), far) in out.iter_mut().zip(near).zip(far) {
        *out = ((weighted(*near, *far) + rounding) >> 2) as u8;
    }
}

/// Two pixels from each of the sums but the first and the last, which are set here. `LEFT` and
/// `RIGHT` round them to `SHIFT` bits fewer.
#[inline(always)]
fn across<const SHIFT: u32, const LEFT: u16, const RIGHT: u16>(sums: &mut [u16], out: &mut [u8]) {
    let last = sums.len() - 1;
    (sums[0], sums[last]) = (sums[1], sums[last - 1]);
    let neighbours = sums.iter().zip(&sums[1..]).zip(&sums[2..]);
    for (out, ((left, own), right)) in out.as_chunks_mut::<2>().0.iter_mut().zip(neighbours) {
        let left = (3 * own + left + LEFT) >> SHIFT;
        let right = (3 * own + right + RIGHT) >> SHIFT;
        *out = (left | right << 8).to_le_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::{Colours, Component, Frame};
    use super::*;

    /// Rows of a picture of `width` x 4 whose second component has `sampling`'s share of the
    /// first one's samples: row after row of hundreds, 0, 100, 200, and 10 more in each row.
    fn rows(width: usize, sampling: (usize, usize)) -> Vec<Vec<u8>> {
        let component = |(across, down)| Component { id: 0, across, down, quantisation_table: 0 };
        let components = vec![component(sampling), component((1, 1))];
        let colours = Colours::Grey;
        let frame = Frame { width, height: 4, is_progressive: false, colours, components };
        let mut band = Band::new(&frame.components[1], &frame, 8).unwrap();
        let (out, stride) = band.block(0, 0);
        for (i, value) in out.iter_mut().enumerate() {
            // What lies beyond the picture must not be seen.
            let is_inside = i % stride < width.div_ceil(sampling.0);
            *value = if is_inside { (i % stride * 100 + i / stride * 10) as u8 } else { 255 };
        }
        let mut upsampling = Upsampling::new(&band, true);
        (0..4).map(|y| upsampling.row(&band, y)[..width].to_vec()).collect()
    }

    #[test]
    fn as_many_samples_as_pixels_stay() {
        assert_eq!(rows(3, (1, 1))[1], [10, 110, 210]);
    }

    #[test]
    fn twice_across_takes_three_quarters_of_the_nearer_sample() {
        assert_eq!(rows(6, (2, 1))[0], [0, 25, 75, 125, 175, 200]);
        assert_eq!(rows(5, (2, 1))[1], [10, 35, 85, 135, 185]);
    }

    #[test]
    fn twice_down_does_the_same() {
        let rows = rows(2, (1, 2));
        // Of 0 and 10, then of 10 and what is beyond.
        let first: Vec<u8> = rows.iter().map(|row| row[0]).collect();
        assert_eq!(first, [0, 3, 7, 10]);
    }

    #[test]
    fn twice_in_both_directions() {
        let rows = rows(6, (2, 2));
        assert_eq!(rows[0], [0, 25, 75, 125, 175, 200]);
        // 2.5 more; the first of a pair is rounded up from a half, the second down.
        assert_eq!(rows[1], [3, 27, 78, 127, 178, 202]);
    }

    #[test]
    fn two_samples_across_and_other_ratios_are_repeated() {
        assert_eq!(rows(4, (2, 2))[3], [10, 10, 110, 110]);
        assert_eq!(rows(3, (2, 1))[0], [0, 0, 100]);
        assert_eq!(rows(8, (4, 1))[0], [0, 0, 0, 0, 100, 100, 100, 100]);
        assert_eq!(rows(3, (1, 4))[3], [0, 100, 200]);
    }
}
