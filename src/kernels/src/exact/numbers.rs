//! What a weight is held in: its f32 values, or 8-bit numbers that give exactly these.

use std::ops::Range;

use rayon::prelude::*;

use super::unpack::unpack;
use crate::LINE;
use crate::memory::Memory;
use crate::panels::Scales;

/// The values of all panels, one panel after the other.
pub(super) enum Numbers {
    /// f32.
    Plain(Memory),
    /// Whole numbers of 8 bits, each to be multiplied by the scale of its output and its block of inputs:
    /// `scales` has for each panel `[blocks, width]`.
    Scaled { steps: Box<[i8]>, scales: Box<[f32]>, block: usize, inputs: usize },
}

/// Some inputs of one panel, as they are held.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    Plain(&'a [f32]),
    /// `scales` are those of the panel, `[blocks, width]`; `first` is the first input.
    Scaled {
        steps: &'a [i8],
        scales: &'a [f32],
        block: usize,
        first: usize,
    },
}

impl Numbers {
    /// `panels`, which are `[inputs, width]` each, with each panel's first output and the outputs that are no
    /// filling, as 8-bit numbers; `None` where they are not whole numbers of 8 bits times `scales`.
    pub fn scaled(
        panels: &[(&[f32], usize, usize)],
        inputs: usize,
        scales: &Scales,
    ) -> Option<Self> {
        let block = scales.block;
        if inputs == 0 || block == 0 {
            return None;
        }
        let blocks = inputs.div_ceil(block);
        let scaled = |(panel, first, outputs): &(&[f32], usize, usize)| {
            let width = panel.len() / inputs;
            let mut own = vec![0f32; blocks * width];
            for (number, row) in own.chunks_exact_mut(width).enumerate() {
                for (output, scale) in row[..*outputs].iter_mut().enumerate() {
                    *scale = *scales.values.get((first + output) * blocks + number)?;
                }
            }
            let mut steps = vec![0i8; panel.len()];
            let rows = steps.chunks_exact_mut(width).zip(panel.chunks_exact(width));
            for (input, (steps, values)) in rows.enumerate() {
                let scales = &own[input / block * width..];
                for ((step, value), scale) in steps.iter_mut().zip(values).zip(scales) {
                    // What is no number, or too large, becomes one that gives another value.
                    *step = (value / scale).round() as i8;
                    if f32::from(*step) * scale != *value {
                        return None;
                    }
                }
            }
            Some((steps, own))
        };
        let parts: Option<Vec<_>> = panels.par_iter().map(scaled).collect();
        let (steps, scales): (Vec<_>, Vec<_>) = parts?.into_iter().unzip();
        Some(Self::Scaled {
            steps: steps.concat().into_boxed_slice(),
            scales: scales.concat().into_boxed_slice(),
            block,
            inputs,
        })
    }

    /// The values of `range`, which begins with the input `first` of the panel that begins at `start` and has
    /// `width` values for each input.
    #[inline(always)]
    pub fn part(&self, range: Range<usize>, start: usize, first: usize, width: usize) -> Part<'_> {
        match self {
            Self::Plain(values) => Part::Plain(&values[range]),
            Self::Scaled { steps, scales, block, inputs } => {
                let blocks = inputs.div_ceil(*block);
                let scales = &scales[start / inputs * blocks..][..blocks * width];
                Part::Scaled { steps: &steps[range], scales, block: *block, first }
            }
        }
    }
}

impl<'a> Part<'a> {
    /// The f32 values `[inputs, width]`; `room` is for those that are held otherwise.
    #[inline(always)]
    pub fn values(self, width: usize, room: &'a mut Vec<f32>) -> &'a [f32] {
        let (steps, scales, block, first) = match self {
            Self::Plain(values) => return values,
            Self::Scaled { steps, scales, block, first } => (steps, scales, block, first),
        };
        room.resize(steps.len(), 0.0);
        let (mut out, mut rest, mut input) = (&mut room[..], steps, first);
        while !rest.is_empty() {
            let count = (block - input % block).min(rest.len() / width);
            let (now, later) = rest.split_at(count * width);
            let (values, others) = out.split_at_mut(count * width);
            unpack(now, &scales[input / block * width..][..width], values);
            (out, rest, input) = (others, later, input + count);
        }
        room
    }

    /// The lines of the cache that it lies in, but for a last piece.
    #[inline(always)]
    pub fn lines(self) -> &'a [[u8; LINE]] {
        match self {
            Self::Plain(values) => bytemuck::cast_slice::<f32, u8>(values).as_chunks().0,
            Self::Scaled { steps, .. } => bytemuck::cast_slice::<i8, u8>(steps).as_chunks().0,
        }
    }
}
