//! What a line of text says: scores of all characters at each place along it. (The network is
//! PP-OCRv6's small one.)

use seer_checkpoint::CheckpointError;

use super::Map;
use super::dense::Dense;
use super::encoder::{self, Encoder};
use super::trunk::{Layout, Trunk};
use crate::weights::Weights;

/// Channels of the stem, and after the trunk.
const WIDTH: usize = 48;
const TRUNK: usize = 384;
/// Rows and columns of the trunk's map that make one place.
const PLACE: [usize; 2] = [3, 2];

/// Rows of a line's picture.
pub(crate) const LINE_HEIGHT: usize = 48;

/// The network.
pub(crate) struct Recogniser {
    trunk: Trunk,
    encoder: Encoder,
    classes: Dense,
}

impl Recogniser {
    /// For so many classes: the characters, nothing, and a blank.
    pub fn take(weights: &mut Weights, classes: usize) -> Result<Self, CheckpointError> {
        let layout = Layout {
            width: WIDTH,
            steps: [(3, [2, 1]), (10, [2, 1]), (usize::MAX, [1, 1])],
            squeezed: [0, 4, 6, 8, 11],
            taps: vec![12],
        };
        Ok(Self {
            trunk: Trunk::take(weights, layout)?,
            encoder: Encoder::take(weights, TRUNK)?,
            classes: Dense::take(weights, "classes", classes, encoder::WIDTH)?,
        })
    }

    /// `[places, classes]` scores before the softmax, a place for every eight columns of `line`, which
    /// has [`LINE_HEIGHT`] rows. Nothing when `go_on` says no on the way.
    pub fn apply(&self, line: &Map, go_on: &dyn Fn() -> bool) -> Option<Vec<f32>> {
        let map = self.trunk.apply(line, go_on)?.pop()?;
        let places = self.encoder.apply(&averages(&map));
        go_on().then(|| self.classes.apply(&places, |_, _| {}))
    }
}

/// The means of every [`PLACE`] pixels; columns that make no whole place are left out.
fn averages(map: &Map) -> Vec<f32> {
    let [rows, columns] = PLACE;
    let (width, channels) = (map.width / columns, map.channels);
    let mut out = vec![0.0; width * channels];
    for (place, out) in out.chunks_exact_mut(channels).enumerate() {
        for tap in 0..rows * columns {
            let (y, x) = (tap / columns, place * columns + tap % columns);
            let pixel = &map.values[(y * map.width + x) * channels..][..channels];
            seer_kernels::activation::add(out, pixel);
        }
        out.iter_mut().for_each(|value| *value /= (rows * columns) as f32);
    }
    out
}
