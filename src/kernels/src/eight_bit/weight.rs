//! Weights in 8 bits, laid out once for integer products.

use std::ops::Range;

use rayon::prelude::*;

use super::{GROUP, ROUNDER, STEP, WIDTH};

/// Most inputs whose sum of products, 255 * 127 each, is certain to fit 32 bits.
pub(super) const MOST_INPUTS: usize = i32::MAX as usize / (255 * 127);

/// The largest 8-bit weight; -128 is not used, so that both signs have the same range.
const LARGEST: f32 = 127.0;

/// One group of inputs of all outputs in a panel: two lines of the cache.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C, align(64))]
pub(super) struct Groups(pub [[i8; GROUP]; WIDTH]);

/// A weight `[outputs, inputs]` in panels of [`WIDTH`] outputs, filled up with zeros.
pub struct EightBit {
    inputs: usize,
    outputs: usize,
    panels: Vec<PanelData>,
}

struct PanelData {
    first: usize,
    outputs: usize,
    groups: Vec<Groups>,
    scales: [f32; WIDTH],
    totals: [f32; WIDTH],
}

/// One panel.
#[derive(Clone, Copy)]
pub(super) struct Panel<'a> {
    /// `inputs / GROUP`, rounded up to whole steps, groups.
    pub groups: &'a [Groups],
    /// What an output's 8-bit weights are to be multiplied by.
    pub scales: &'a [f32; WIDTH],
    /// The sum of an output's weights, as they are after rounding.
    pub totals: &'a [f32; WIDTH],
    /// The first output.
    pub first: usize,
    /// Outputs that are no filling.
    pub outputs: usize,
}

impl EightBit {
    /// Whether a weight of so many inputs can be held in 8 bits.
    pub fn holds(inputs: usize) -> bool {
        (1..=MOST_INPUTS).contains(&inputs)
    }

    /// `weight` is row-major, one row per output. No panel reaches across an output number in
    /// `cuts` (ascending), so that the parts between them can be used alone.
    pub fn new(weight: &[f32], [outputs, inputs]: [usize; 2], cuts: &[usize]) -> Self {
        assert_eq!(weight.len(), outputs * inputs, "a weight of {outputs}x{inputs}");
        assert!(Self::holds(inputs), "8-bit sums over {inputs} inputs");
        let ends = cuts.iter().copied().chain([outputs]);
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let places: Vec<Range<usize>> = starts
            .zip(ends)
            .flat_map(|(start, end)| {
                (start..end).step_by(WIDTH).map(move |first| first..(first + WIDTH).min(end))
            })
            .collect();
        let panels = places.into_par_iter().map(|place| {
            let rows = &weight[place.start * inputs..place.end * inputs];
            PanelData::new(rows, inputs, place)
        });
        Self { inputs, outputs, panels: panels.collect() }
    }

    /// Values in.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Values out.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The weight, as it is after rounding, as `[inputs, outputs]`.
    pub fn unpacked(&self) -> Vec<f32> {
        let mut out = vec![0f32; self.inputs * self.outputs];
        for (input, row) in out.chunks_exact_mut(self.outputs.max(1)).enumerate() {
            for panel in &self.panels {
                let Groups(group) = &panel.groups[input / GROUP];
                for (output, value) in row[panel.first..][..panel.outputs].iter_mut().enumerate() {
                    *value = panel.scales[output] * f32::from(group[output][input % GROUP]);
                }
            }
        }
        out
    }

    /// The panels of these outputs.
    ///
    /// # Panics
    /// When they do not begin and end at cuts: a bug in the caller.
    pub(super) fn part(&self, outputs: &Range<usize>) -> Range<usize> {
        let start = self.panels.partition_point(|panel| panel.first < outputs.start);
        let end = self.panels.partition_point(|panel| panel.first < outputs.end);
        let covered = self.panel(start).first..self.panel(end - 1).end();
        assert_eq!(covered, *outputs, "a part of a weight between cuts");
        start..end
    }

    /// Panel `number`.
    pub(super) fn panel(&self, number: usize) -> Panel<'_> {
        let PanelData { first, outputs, ref groups, ref scales, ref totals } = self.panels[number];
        Panel { groups, scales, totals, first, outputs }
    }
}

impl Panel<'_> {
    /// One past the last output.
    pub fn end(&self) -> usize {
        self.first + self.outputs
    }
}

impl PanelData {
    fn new(rows: &[f32], inputs: usize, place: Range<usize>) -> Self {
        let mut panel = Self {
            first: place.start,
            outputs: place.len(),
            groups: vec![
                Groups([[0; GROUP]; WIDTH]);
                inputs.div_ceil(GROUP).next_multiple_of(STEP)
            ],
            scales: [0.0; WIDTH],
            totals: [0.0; WIDTH],
        };
        let mut rounded = vec![0i8; inputs.next_multiple_of(GROUP)];
        for (output, row) in rows.chunks_exact(inputs).enumerate() {
            let scale = scale(row);
            let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
            for (rounded, value) in rounded.iter_mut().zip(row) {
                *rounded = (value * inverse + ROUNDER).to_bits() as i8;
            }
            for (groups, group) in panel.groups.iter_mut().zip(rounded.as_chunks().0) {
                groups.0[output] = *group;
            }
            let total: i32 = rounded.iter().map(|value| i32::from(*value)).sum();
            panel.scales[output] = scale;
            panel.totals[output] = scale * total as f32;
        }
        panel
    }
}

/// The step between two neighbouring 8-bit weights of a row; not a number when the row holds one
/// that is not, so that such weights are noticed as they are in full precision.
fn scale(row: &[f32]) -> f32 {
    // Magnitudes are in the same order as their bits, and these can be compared many at once.
    let most = row.iter().fold(0, |most: i32, value| most.max(value.abs().to_bits() as i32));
    let most = f32::from_bits(most as u32);
    if most.is_finite() { most / LARGEST } else { f32::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_has_its_own_scale() {
        let weight = [1.27, -0.64, 0.0, 12.7, 0.1, -12.7, 0.0, 0.0, 0.0];
        let held = EightBit::new(&weight, [3, 3], &[]);
        let panel = held.panel(0);
        assert_eq!((panel.first, panel.outputs, panel.groups.len()), (0, 3, STEP));
        assert_eq!(panel.groups[0].0[0], [127, -64, 0, 0]);
        assert_eq!(panel.groups[1..], [Groups([[0; GROUP]; WIDTH]); STEP - 1]);
        assert_eq!(panel.groups[0].0[1], [127, 1, -127, 0]);
        assert_eq!(panel.groups[0].0[2], [0; 4]);
        assert!((panel.scales[0] - 0.01).abs() < 1e-7 && (panel.scales[1] - 0.1).abs() < 1e-6);
        assert!((panel.totals[0] - 0.63).abs() < 1e-6 && (panel.totals[1] - 0.1).abs() < 1e-6);
        assert_eq!(panel.totals[2], 0.0);
    }

    #[test]
    fn parts_lie_between_cuts() {
        let weight: Vec<f32> = (0..90).map(|v| v as f32).collect();
        let held = EightBit::new(&weight, [90, 1], &[40]);
        let (first, second) = (held.part(&(0..40)), held.part(&(40..90)));
        assert_eq!((first.clone(), second.clone()), (0..2, 2..4));
        assert_eq!((held.panel(1).first, held.panel(1).outputs), (32, 8));
        assert_eq!((held.panel(3).first, held.panel(3).end()), (72, 90));
        assert_eq!(held.panel(2).groups[0].0[0], [127, 0, 0, 0]);
    }

    #[test]
    fn broken_weights_stay_visible() {
        let held = EightBit::new(&[1.0, f32::INFINITY], [1, 2], &[]);
        assert!(held.panel(0).scales[0].is_nan() && held.panel(0).totals[0].is_nan());
    }
}
