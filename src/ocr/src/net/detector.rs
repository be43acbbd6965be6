//! Where in a picture text is: a value for each pixel. (Liao and others: Real-time Scene Text
//! Detection with Differentiable Binarization, 2020; the network is PP-OCRv6's small one.)

use seer_checkpoint::CheckpointError;
use seer_kernels::activation::{add, relu};

use super::Map;
use super::block::Mix;
use super::dense::Dense;
use super::gated::Gated;
use super::gather::Gather;
use super::trunk::{Layout, Trunk};
use crate::weights::Weights;

/// Channels of the stem.
const WIDTH: usize = 24;
/// Channels at each level of the neck, and of what it hands to the head.
const NECK: [usize; 2] = [96, 24];
/// Maps of different sizes.
const LEVELS: usize = 4;

/// The network.
pub(crate) struct Detector {
    trunk: Trunk,
    laterals: Vec<Gated>,
    smooth: Vec<(Mix, Gated)>,
    gather: Gather,
    double: Dense,
    map: Dense,
}

impl Detector {
    pub fn take(weights: &mut Weights) -> Result<Self, CheckpointError> {
        let layout = Layout {
            width: WIDTH,
            steps: [(2, [2, 2]), (5, [2, 2]), (10, [2, 2])],
            squeezed: [0, 3, 6, 8, 11],
            taps: vec![1, 4, 9, 12],
        };
        let trunk = Trunk::take(weights, layout)?;
        let [wide, thin] = NECK;
        let lateral = |weights: &mut _, level: usize| {
            let inputs = (2 * WIDTH) << level;
            Gated::take(weights, &format!("neck.{level}.lateral"), [wide, inputs])
        };
        let smooth = |weights: &mut _, level: usize| {
            let name = format!("neck.{level}.smooth");
            let mix = Mix::take(weights, &format!("{name}.mix"), wide, 7, [1, 1])?;
            Ok((mix, Gated::take(weights, &name, [thin, wide])?))
        };
        let laterals =
            (0..LEVELS).map(|level| lateral(weights, level)).collect::<Result<_, _>>()?;
        let smooth = (0..LEVELS)
            .map(|level| smooth(weights, level))
            .collect::<Result<_, CheckpointError>>()?;
        Ok(Self {
            trunk,
            laterals,
            smooth,
            gather: Gather::take(weights, "head.gather", [LEVELS, thin, thin])?,
            double: Dense::without_bias(weights, "head.double", 4 * thin, thin)?.biased_in_fours(
                weights,
                "head.double",
                thin,
            )?,
            map: Dense::without_bias(weights, "head.map", 4, thin)?
                .biased_in_fours(weights, "head.map", 1)?,
        })
    }

    /// One value for each pixel of `picture`, whose edges are multiples of 32 pixels: how likely it
    /// is within text, before the sigmoid. Nothing when `go_on` says no on the way.
    pub fn apply(&self, picture: &Map, go_on: &dyn Fn() -> bool) -> Option<Map> {
        let levels = self.trunk.apply(picture, go_on)?;
        let mut joined: Vec<Map> = Vec::with_capacity(LEVELS);
        for (level, lateral) in levels.iter().zip(&self.laterals).rev() {
            let mut map = lateral.apply(level);
            if let Some(smaller) = joined.last() {
                add_doubled(&mut map, smaller);
            }
            joined.push(map);
        }
        drop(levels);
        joined.reverse();
        let mut thin = Vec::with_capacity(LEVELS);
        for (map, (mix, gated)) in joined.iter().zip(&self.smooth) {
            if !go_on() {
                return None;
            }
            thin.push(gated.apply(&mix.apply(map)));
        }
        Some(self.head(&thin))
    }

    fn head(&self, thin: &[Map]) -> Map {
        let (first, spread) = (&thin[0], self.gather.spread(thin));
        let mut out = Map::new(4 * first.height, 4 * first.width, 1);
        let (width, rows) = (first.width, Map::strip(first.width));
        let strips = out.values.chunks_mut(rows * 16 * width).enumerate();
        seer_kernels::team::share(strips, |(strip, out)| {
            let pixels = out.len() / 16;
            let mut joined = vec![0.0; pixels * self.gather.outputs()];
            let rows = strip * rows..strip * rows + pixels / width;
            self.gather.rows(first, &spread, rows, &mut joined, &mut Vec::new());
            relu(&mut joined);
            let mut doubled = vec![0.0; pixels * self.double.outputs()];
            self.double.fill(&joined, &mut doubled, |_, values| relu(values));
            let mut sixteen = vec![0.0; pixels * 16];
            self.map.fill(&doubled, &mut sixteen, |_, _| {});
            laid_out(&sixteen, width, out);
        });
        out
    }
}

impl Dense {
    /// With the bias `NAME.bias` `[outputs]` for each of the four pixels that come out of one.
    fn biased_in_fours(
        mut self,
        weights: &mut Weights,
        name: &str,
        outputs: usize,
    ) -> Result<Self, CheckpointError> {
        self.bias = weights.take(&format!("{name}.bias"), &[outputs])?.repeat(4);
        Ok(self)
    }
}

/// Adds each pixel of `smaller` to four pixels of `map`.
fn add_doubled(map: &mut Map, smaller: &Map) {
    let (row, channels) = (map.row(), map.channels);
    map.strips(|first, values| {
        for (y, values) in values.chunks_exact_mut(row).enumerate() {
            let from = (first + y) / 2 * smaller.row();
            let from = &smaller.values[from..from + smaller.row()];
            for (pair, pixel) in values.chunks_mut(2 * channels).zip(from.chunks_exact(channels)) {
                pair.chunks_exact_mut(channels).for_each(|values| add(values, pixel));
            }
        }
    });
}

/// Sixteen values of each pixel, two by two of two by two, as four rows of four values each.
fn laid_out(sixteen: &[f32], width: usize, out: &mut [f32]) {
    for (values, out) in sixteen.chunks_exact(16 * width).zip(out.chunks_exact_mut(16 * width)) {
        for (x, values) in values.chunks_exact(16).enumerate() {
            for (number, value) in values.iter().enumerate() {
                let (outer, inner) = (number / 4, number % 4);
                let (y, across) = (outer / 2 * 2 + inner / 2, outer % 2 * 2 + inner % 2);
                out[y * 4 * width + 4 * x + across] = *value;
            }
        }
    }
}
