//! The picture that grows, row of MCUs by row of MCUs.

use super::band::Band;
use super::colour;
use super::frame::{BLOCK, Colours, Frame};
use super::upsampling::Upsampling;

pub(super) struct Canvas {
    /// Where the components' blocks go.
    pub(super) bands: Vec<Band>,
    upsamplings: Vec<Upsampling>,
    colours: Colours,
    width: usize,
    height: usize,
    /// Rows of pixels that a row of MCUs gives.
    rows: usize,
    /// Rows of pixels that are due when the present MCUs are there.
    due: usize,
    /// Rows of pixels that are there.
    done: usize,
    data: Vec<u8>,
}

impl Canvas {
    /// For blocks that become `points` pixels. `None` when components have ratios that are no
    /// whole numbers.
    pub(super) fn new(frame: &Frame, points: usize) -> Option<Self> {
        let bands = frame.components.iter().map(|c| Band::new(c, frame, points));
        let bands = bands.collect::<Option<Vec<_>>>()?;
        let upsamplings = bands.iter().map(|band| Upsampling::new(band, points == BLOCK)).collect();
        let (width, height) = frame.scaled(points);
        let rows = frame.sampling().1 * points;
        let data = vec![0; width * height * frame.colours.channels().count()];
        let colours = frame.colours;
        Some(Self { bands, upsamplings, colours, width, height, rows, due: 0, done: 0, data })
    }

    /// Makes pixels of a row of MCUs whose blocks are all there.
    pub(super) fn finish_mcus(&mut self) {
        self.due += self.rows;
        // The last row may need samples of the next MCUs.
        let end = if self.due < self.height { self.due - 1 } else { self.height };
        self.rows_until(end);
        self.bands.iter_mut().for_each(Band::advance);
    }

    /// The pixels, once all MCUs are finished; inks are stored as they were in the file.
    pub(super) fn into_pixels(self) -> Vec<u8> {
        self.data
    }

    fn rows_until(&mut self, end: usize) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // Safety: the processor was just found to have AVX2.
            return unsafe { self.rows_until_avx2(end) };
        }
        self.rows_until_plain(end);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn rows_until_avx2(&mut self, end: usize) {
        self.rows_until_plain(end);
    }

    #[inline(always)]
    fn rows_until_plain(&mut self, end: usize) {
        let bytes = self.data.len() / self.height;
        for y in self.done..end {
            let mut rows: [&[u8]; 4] = [&[]; 4];
            let parts = self.upsamplings.iter_mut().zip(&self.bands);
            for (row, (upsampling, band)) in rows.iter_mut().zip(parts) {
                *row = &upsampling.row(band, y)[..self.width];
            }
            colour::interleave(self.colours, &rows, &mut self.data[y * bytes..][..bytes]);
        }
        self.done = end;
    }
}
