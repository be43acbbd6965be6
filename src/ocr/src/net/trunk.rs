//! Stem and blocks.

use seer_checkpoint::CheckpointError;

use super::Map;
use super::block::{Block, Shape};
use super::stem::Stem;
use crate::weights::Weights;

/// The layers that both networks begin with.
pub(super) struct Trunk {
    stem: Stem,
    blocks: Vec<Block>,
    /// After these blocks the map is handed out.
    taps: Vec<usize>,
}

/// What differs between the two networks.
pub(super) struct Layout {
    /// Channels in the stem; the blocks have two, four, eight and sixteen times as many.
    pub width: usize,
    /// Steps down and across where the channels double for the first, the second and the third
    /// time; no step adds the block's input to its output.
    pub steps: [(usize, [usize; 2]); 3],
    /// The blocks that weigh channels.
    pub squeezed: [usize; 5],
    /// After these blocks the map is handed out.
    pub taps: Vec<usize>,
}

/// Blocks of a trunk.
const BLOCKS: usize = 13;

impl Trunk {
    pub fn take(weights: &mut Weights, layout: Layout) -> Result<Self, CheckpointError> {
        let stem = Stem::take(weights, layout.width)?;
        let mut channels = 2 * layout.width;
        let mut blocks = Vec::with_capacity(BLOCKS);
        for number in 0..BLOCKS {
            let step = layout.steps.iter().find(|(block, _)| *block == number);
            let inputs = channels;
            channels *= if step.is_some() { 2 } else { 1 };
            let shape = Shape {
                channels: [inputs, channels],
                stride: step.map_or([1, 1], |(_, stride)| *stride),
                squeeze: layout.squeezed.contains(&number),
                residual: step.is_none(),
            };
            blocks.push(Block::take(weights, &format!("blocks.{number}"), shape)?);
        }
        Ok(Self { stem, blocks, taps: layout.taps })
    }

    /// The maps after the blocks that are handed out, the last one last. `go_on` is asked before
    /// each block.
    pub fn apply(&self, picture: &Map, go_on: &dyn Fn() -> bool) -> Option<Vec<Map>> {
        let mut map = self.stem.apply(picture);
        let mut out: Vec<Map> = Vec::with_capacity(self.taps.len());
        let mut tapped = false;
        for (number, block) in self.blocks.iter().enumerate() {
            if !go_on() {
                return None;
            }
            map = block.apply(out.last().filter(|_| tapped).unwrap_or(&map));
            tapped = self.taps.contains(&number);
            if tapped {
                out.push(std::mem::take(&mut map));
            }
        }
        Some(out)
    }
}
