//! Weights laid out once so that products with them only stream memory.

use std::ops::Range;

use rayon::prelude::*;

use super::numbers::{Numbers, Part};
use crate::memory::Memory;
use crate::panels::Scales;

/// Vectors side by side in one panel.
pub(crate) const VECTORS: usize = 2;

/// A weight `[outputs, inputs]` cut into panels of as many outputs as two vector registers hold,
/// each panel `[inputs, width]`; the last one before a cut is one register wide where that is
/// enough, and filled up with zeros.
pub struct Panels {
    numbers: Numbers,
    inputs: usize,
    outputs: usize,
    lanes: usize,
    places: Vec<Place>,
}

#[derive(Clone, Copy)]
struct Place {
    first: usize,
    outputs: usize,
    vectors: usize,
    start: usize,
}

/// One panel.
#[derive(Clone, Copy)]
pub(super) struct Panel<'a> {
    numbers: &'a Numbers,
    /// Where its values begin, and how many there are for each input.
    start: usize,
    pub width: usize,
    /// Registers side by side: 1 or 2.
    pub vectors: usize,
    /// The first output.
    pub first: usize,
    /// Outputs that are no filling.
    pub outputs: usize,
}

impl Panels {
    /// `weight` is row-major, one row per output. No panel reaches across an output number in
    /// `cuts` (ascending), so that the parts between them can be used alone.
    pub fn new(weight: &[f32], shape: [usize; 2], cuts: &[usize]) -> Self {
        Self::for_lanes(weight, shape, cuts, crate::lanes())
    }

    /// For registers of so many values.
    pub(super) fn for_lanes(
        weight: &[f32],
        [outputs, inputs]: [usize; 2],
        cuts: &[usize],
        lanes: usize,
    ) -> Self {
        assert_eq!(weight.len(), outputs * inputs, "a weight of {outputs}x{inputs}");
        let ends = cuts.iter().copied().chain([outputs]);
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let mut places = Vec::new();
        let mut start = 0;
        for part in starts.zip(ends) {
            for first in (part.0..part.1).step_by(VECTORS * lanes) {
                let outputs = (part.1 - first).min(VECTORS * lanes);
                let vectors = outputs.div_ceil(lanes);
                places.push(Place { first, outputs, vectors, start });
                start += vectors * lanes * inputs;
            }
        }
        let mut values = Memory::zeros(start);
        let mut rest = &mut values[..];
        let mut panels = Vec::with_capacity(places.len());
        for place in &places {
            let (panel, others) = rest.split_at_mut(place.vectors * lanes * inputs);
            panels.push((panel, *place));
            rest = others;
        }
        panels.into_par_iter().for_each(|(panel, place)| {
            fill(panel, weight, inputs, place.vectors * lanes, place);
        });
        Self { numbers: Numbers::Plain(values), inputs, outputs, lanes, places }
    }

    /// Holds the weight in a quarter of the memory where each value is exactly a whole number of 8 bits times its
    /// scale; else as it is.
    pub fn with_scales(self, scales: &Scales) -> Self {
        let Numbers::Plain(values) = &self.numbers else { return self };
        let panel = |place: &Place| {
            let length = place.vectors * self.lanes * self.inputs;
            (&values[place.start..place.start + length], place.first, place.outputs)
        };
        let panels: Vec<_> = self.places.iter().map(panel).collect();
        match Numbers::scaled(&panels, self.inputs, scales) {
            Some(numbers) => Self { numbers, ..self },
            None => self,
        }
    }

    /// The weight as `[inputs, outputs]`.
    pub fn unpacked(&self) -> Vec<f32> {
        let mut out = vec![0f32; self.inputs * self.outputs];
        for panel in (0..self.places.len()).map(|number| self.panel(number)) {
            let mut room = Vec::new();
            let values = panel.part(&(0..self.inputs)).values(panel.width, &mut room);
            for (row, values) in
                out.chunks_exact_mut(self.outputs).zip(values.chunks_exact(panel.width))
            {
                row[panel.first..panel.first + panel.outputs]
                    .copy_from_slice(&values[..panel.outputs]);
            }
        }
        out
    }

    /// Values in.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Values out.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Values in one vector register.
    pub(super) fn lanes(&self) -> usize {
        self.lanes
    }

    /// Whether its values have to be unpacked.
    pub(super) fn is_scaled(&self) -> bool {
        matches!(self.numbers, Numbers::Scaled { .. })
    }

    /// The panels of these outputs.
    ///
    /// # Panics
    /// When they do not begin and end at cuts: a bug in the caller.
    pub(super) fn part(&self, outputs: &Range<usize>) -> Range<usize> {
        let start = self.places.partition_point(|place| place.first < outputs.start);
        let end = self.places.partition_point(|place| place.first < outputs.end);
        let covered = self.panel(start).first..self.panel(end - 1).end();
        assert_eq!(covered, *outputs, "a part of a weight between cuts");
        start..end
    }

    /// Panel `number`.
    pub(super) fn panel(&self, number: usize) -> Panel<'_> {
        let Place { first, outputs, vectors, start } = self.places[number];
        Panel {
            numbers: &self.numbers,
            start,
            width: vectors * self.lanes,
            vectors,
            first,
            outputs,
        }
    }
}

impl<'a> Panel<'a> {
    /// Some of all the inputs.
    #[inline(always)]
    pub fn part(&self, some: &Range<usize>) -> Part<'a> {
        let range = self.start + some.start * self.width..self.start + some.end * self.width;
        self.numbers.part(range, self.start, some.start, self.width)
    }

    /// One past the last output.
    pub fn end(&self) -> usize {
        self.first + self.outputs
    }
}

/// Copies `place.outputs` rows of the weight into the columns of a panel `[inputs, width]`.
fn fill(panel: &mut [f32], weight: &[f32], inputs: usize, width: usize, place: Place) {
    let rows = &weight[place.first * inputs..(place.first + place.outputs) * inputs];
    for (input, values) in panel.chunks_exact_mut(width).enumerate() {
        for (value, row) in values.iter_mut().zip(rows.chunks_exact(inputs)) {
            *value = row[input];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of panel `number`, which are held as they are.
    fn values(panels: &Panels, number: usize) -> &[f32] {
        match panels.panel(number).part(&(0..panels.inputs)) {
            Part::Plain(values) => values,
            Part::Scaled { .. } => panic!("held in 8 bits"),
        }
    }

    #[test]
    fn panels_hold_columns_and_zeros() {
        let lanes = crate::lanes();
        let (outputs, inputs) = (2 * VECTORS * lanes + 1, 3);
        let weight: Vec<f32> = (0..outputs * inputs).map(|v| v as f32 + 1.0).collect();
        let panels = Panels::new(&weight, [outputs, inputs], &[]);
        assert_eq!(panels.part(&(0..outputs)), 0..3);
        let second = panels.panel(1);
        assert_eq!((second.first, second.outputs, second.vectors), (2 * lanes, 2 * lanes, 2));
        assert_eq!(values(&panels, 1)[2 * lanes], weight[2 * lanes * inputs + 1]);
        let last = panels.panel(2);
        assert_eq!((last.first, last.outputs, last.vectors), (4 * lanes, 1, 1));
        assert_eq!(values(&panels, 2).len(), lanes * inputs);
        assert_eq!(values(&panels, 2)[lanes], weight[4 * lanes * inputs + 1]);
        assert!(values(&panels, 2)[lanes + 1..2 * lanes].iter().all(|v| *v == 0.0));
        let unpacked = panels.unpacked();
        assert_eq!(unpacked[2 * outputs - 1], weight[(outputs - 1) * inputs + 1]);
    }

    #[test]
    fn parts_lie_between_cuts() {
        let weight: Vec<f32> = (0..12).map(|v| v as f32).collect();
        let panels = Panels::new(&weight, [12, 1], &[5]);
        let (first, second) = (panels.part(&(0..5)), panels.part(&(5..12)));
        assert_eq!(first.end, second.start);
        assert_eq!(values(&panels, second.start)[0], 5.0);
        assert_eq!(panels.unpacked(), weight);
    }
}
