//! Values in two dimensions.

use seer_kernels::team::share;

/// `[height, width, channels]` values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Values of a pixel.
    pub channels: usize,
    /// All values, row by row, pixel by pixel.
    pub values: Vec<f32>,
}

/// Pixels that are worked on at once: what is made of them on the way stays in the cache.
const STRIP: usize = 512;

impl Map {
    /// Zeros.
    pub fn new(height: usize, width: usize, channels: usize) -> Self {
        Self { height, width, channels, values: vec![0.0; height * width * channels] }
    }

    /// Values of a row.
    pub fn row(&self) -> usize {
        self.width * self.channels
    }

    /// Rows of a strip of a map of so many columns.
    pub fn strip(width: usize) -> usize {
        (STRIP / width.max(1)).max(1)
    }

    /// Calls `work` with the first row and the values of each strip of rows, on all threads.
    pub fn strips(&mut self, work: impl Fn(usize, &mut [f32]) + Sync) {
        let (row, rows) = (self.row().max(1), Self::strip(self.width));
        share(self.values.chunks_mut(rows * row).enumerate(), |(strip, values)| {
            work(strip * rows, values);
        });
    }

    /// The mean of each channel.
    pub fn means(&self) -> Vec<f32> {
        let mut sums = vec![0f64; self.channels];
        for part in self.values.chunks(STRIP * self.channels.max(1)) {
            let mut held = vec![0f32; self.channels];
            part.chunks_exact(self.channels.max(1))
                .for_each(|pixel| seer_kernels::activation::add(&mut held, pixel));
            sums.iter_mut().zip(held).for_each(|(sum, part)| *sum += f64::from(part));
        }
        let pixels = (self.height * self.width).max(1) as f64;
        sums.into_iter().map(|sum| (sum / pixels) as f32).collect()
    }
}
