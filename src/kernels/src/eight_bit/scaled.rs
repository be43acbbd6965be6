//! Sums of whole numbers to outputs.

use super::WIDTH;
use super::dot::Sums;
use super::rows::Scale;
use super::weight::Panel;

/// What the sums of a tile become, and where they are written.
pub(super) struct Scaled<'a, 'b> {
    /// The scale of each row.
    pub rows: &'a [Scale],
    /// The panel whose outputs they are.
    pub panel: Panel<'a>,
    pub bias: &'a [f32; WIDTH],
    /// Whether outputs are held within [0, 6].
    pub relu6: bool,
    /// As many rows; the panel's first output is in this column.
    pub out: &'a mut [&'b mut [f32]],
    pub column: usize,
}

impl Scaled<'_, '_> {
    /// `scale (low total + step sum) + bias`; the multiplications and additions stay apart, so that
    /// every processor rounds alike.
    #[inline(always)]
    pub fn write(self, sums: &[Sums]) {
        let columns = self.column..self.column + self.panel.outputs;
        for ((sums, row), out) in sums.iter().zip(self.rows).zip(self.out) {
            let mut all = [0f32; WIDTH];
            for output in 0..WIDTH {
                let varying = row.step * self.panel.scales[output] * sums[output] as f32;
                all[output] = varying + (row.low * self.panel.totals[output] + self.bias[output]);
            }
            if self.relu6 {
                for value in &mut all {
                    *value = value.clamp(0.0, 6.0);
                }
            }
            out[columns.clone()].copy_from_slice(&all[..self.panel.outputs]);
        }
    }
}
